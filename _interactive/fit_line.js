// Fit a line yourself: two sliders for the line, one for the label of the diamond, the errors as
// squares or as lengths. A test compares the numbers with the package lossbook.
(() => {
  const { LEFT, Moving, mean, px } = window.moving;
  const [BOTTOM, UNIT, TOP] = [378, 56, 14];

  class FitLine extends Moving {
    begin() {
      this.switch = this.querySelector("input[type=checkbox]");
      this.querySelector("button").addEventListener("click", () => this.best());
      const [, , label] = this.sliders;
      this.drag(this.querySelector(".curve-moved"), () => label, (_, y) => (label.value = (BOTTOM - y) / UNIT));
    }

    get labels() {
      return [...this.table.t.slice(0, -1), this.values[2]];
    }

    // Loss and both derivatives of a line.
    numbers(w, b) {
      const { x } = this.table;
      const errors = x.map((own, k) => w * own + b - this.labels[k]);
      const absolute = this.switch.checked;
      const slopes = errors.map((e) => (absolute ? Math.sign(e) : 2 * e));
      return {
        loss: mean(errors.map((e) => (absolute ? Math.abs(e) : e * e))),
        dw: mean(slopes.map((slope, k) => slope * x[k])),
        db: mean(slopes),
      };
    }

    // Least squares by formula. Of absolute errors one best line goes through two of the points.
    best() {
      const { labels } = this;
      const { x } = this.table;
      let line;
      if (this.switch.checked) {
        let least = Infinity;
        x.forEach((a, i) =>
          x.slice(i + 1).forEach((c, j) => {
            const w = (labels[i + 1 + j] - labels[i]) / (c - a);
            const b = labels[i] - w * a;
            const { loss } = this.numbers(w, b);
            if (loss < least) [least, line] = [loss, [w, b]];
          }),
        );
      } else {
        const [middle, level] = [mean(x), mean(labels)];
        const w = mean(x.map((a, k) => (a - middle) * (labels[k] - level))) / mean(x.map((a) => (a - middle) ** 2));
        line = [w, level - w * middle];
      }
      line.forEach((value, k) => (this.sliders[k].value = value));
      this.update();
    }

    update() {
      const [w, b, last] = this.values;
      const y = (value) => BOTTOM - value * UNIT;
      const squares = [...this.querySelectorAll(".fit-square")];
      const errors = [...this.querySelectorAll(".fit-error")];
      this.table.x.forEach((x, k) => {
        const [across, here, line] = [LEFT + x * UNIT, y(this.labels[k]), y(w * x + b)];
        const side = Math.abs(here - line);
        const box = { x: across - side, y: Math.min(here, line), width: side, height: side };
        for (const [key, value] of Object.entries(box)) squares[k].setAttribute(key, px(value));
        squares[k].toggleAttribute("hidden", this.switch.checked);
        errors[k].setAttribute("d", `M${px(across)} ${px(here)}V${px(line)}`);
      });
      const ends = [0, 10].map((x) => `${px(LEFT + x * UNIT)} ${px(y(w * x + b))}`);
      this.querySelector(".curve-line").setAttribute("d", `M${ends.join("L")}`);
      const place = `translate(${px(LEFT + this.table.x.at(-1) * UNIT)} ${px(Math.max(TOP, y(last)))})`;
      this.querySelector(".curve-moved").setAttribute("transform", place);
      this.say({ w: [w, 2], b: [b, 1], ...this.numbers(w, b) });
    }
  }

  customElements.define("fit-line", FitLine);
})();
