// Fit a line yourself: two sliders for the line, one for the label of the diamond, the errors as
// squares or as lengths. A test compares the numbers with the package lossbook.
(() => {
  const [LEFT, BOTTOM, UNIT, TOP] = [64, 378, 56, 14];
  const px = (value) => value.toFixed(1);
  const shown = (value, digits) => value.toFixed(digits).replace("-", "−");
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  class FitLine extends HTMLElement {
    connectedCallback() {
      Object.assign(this, JSON.parse(this.querySelector("script").textContent));
      this.drawing = this.querySelector("svg");
      this.drawing.setAttribute("aria-label", this.drawing.dataset.live);
      this.sliders = [...this.querySelectorAll("input[type=range]")];
      this.switch = this.querySelector("input[type=checkbox]");
      this.addEventListener("input", () => this.update());
      this.querySelector("button").addEventListener("click", () => this.best());
      const drag = (event) => {
        const box = this.drawing.getBoundingClientRect();
        const y = ((event.clientY - box.top) / box.height) * this.drawing.viewBox.baseVal.height;
        this.sliders[2].value = (BOTTOM - y) / UNIT;
        this.update();
      };
      const diamond = this.querySelector(".curve-moved");
      diamond.addEventListener("pointerdown", (event) => {
        diamond.setPointerCapture(event.pointerId);
        this.sliders[2].focus({ preventScroll: true });
      });
      this.drawing.addEventListener("mousedown", (event) => event.preventDefault());
      diamond.addEventListener("pointermove", (event) => {
        if (diamond.hasPointerCapture(event.pointerId)) drag(event);
      });
      this.update();
    }

    get labels() {
      return [...this.t.slice(0, -1), +this.sliders[2].value];
    }

    // Loss and both derivatives of a line.
    numbers(w, b) {
      const errors = this.x.map((x, k) => w * x + b - this.labels[k]);
      const absolute = this.switch.checked;
      const slopes = errors.map((e) => (absolute ? Math.sign(e) : 2 * e));
      return {
        loss: mean(errors.map((e) => (absolute ? Math.abs(e) : e * e))),
        dw: mean(slopes.map((slope, k) => slope * this.x[k])),
        db: mean(slopes),
      };
    }

    // Least squares by formula. Of absolute errors one best line goes through two of the points.
    best() {
      const { x, labels } = this;
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
      const [w, b, last] = this.sliders.map((slider) => +slider.value);
      const y = (value) => BOTTOM - value * UNIT;
      const squares = [...this.querySelectorAll(".fit-square")];
      const errors = [...this.querySelectorAll(".fit-error")];
      this.x.forEach((x, k) => {
        const [across, here, line] = [LEFT + x * UNIT, y(this.labels[k]), y(w * x + b)];
        const side = Math.abs(here - line);
        const box = { x: across - side, y: Math.min(here, line), width: side, height: side };
        for (const [key, value] of Object.entries(box)) squares[k].setAttribute(key, px(value));
        squares[k].toggleAttribute("hidden", this.switch.checked);
        errors[k].setAttribute("d", `M${px(across)} ${px(here)}V${px(line)}`);
      });
      const ends = [0, 10].map((x) => `${px(LEFT + x * UNIT)} ${px(y(w * x + b))}`);
      this.querySelector(".curve-line").setAttribute("d", `M${ends.join("L")}`);
      const place = `translate(${px(LEFT + this.x.at(-1) * UNIT)} ${px(Math.max(TOP, y(last)))})`;
      this.querySelector(".curve-moved").setAttribute("transform", place);
      const { loss, dw, db } = this.numbers(w, b);
      const said = { w: shown(w, 2), b: shown(b, 1), loss: shown(loss, 4), dw: shown(dw, 4), db: shown(db, 4) };
      for (const part of this.querySelectorAll("[data-out]")) part.textContent = said[part.dataset.out];
    }
  }

  customElements.define("fit-line", FitLine);
})();
