// Five logits to pull, a temperature, and what the softmax makes of them. A test compares the numbers
// with the package lossbook.
(() => {
  const [LEFT, PLACE, TOP, PITCH] = [64, 560, 10, 44];
  const shown = (value, digits = 4) => value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");

  class PullLogits extends HTMLElement {
    connectedCallback() {
      this.drawing = this.querySelector("svg");
      this.drawing.setAttribute("aria-label", this.drawing.dataset.live);
      this.sliders = [...this.querySelectorAll("input[type=range]")];
      this.addEventListener("input", () => this.update());
      this.update();
    }

    update() {
      const values = this.sliders.map((slider) => +slider.value);
      const heat = values.pop();
      const label = +this.querySelector("[data-choice]:checked").value;
      const scaled = values.map((z) => z / heat);
      // The largest is taken away first, so that no exponential is too large.
      const most = Math.max(...scaled);
      const sum = scaled.reduce((all, z) => all + Math.exp(z - most), 0);
      const said = { heat: shown(heat, 2), loss: shown(most + Math.log(sum) - scaled[label]) };
      values.forEach((z, k) => {
        const p = Math.exp(scaled[k] - most) / sum;
        const [end, mark, y] = [LEFT + p * PLACE, LEFT + (k === label) * PLACE, TOP + k * PITCH];
        const part = (name) => this.drawing.querySelector(`.curve-${name}[data-k="${k}"]`);
        part("share").setAttribute("width", (end - LEFT).toFixed(1));
        part("gap").setAttribute("d", `M${end.toFixed(1)} ${y + 11}H${mark.toFixed(1)}`);
        part("mark").setAttribute("d", `M${mark.toFixed(1)} ${y - 5}v32`);
        Object.assign(said, {
          [`z${k}`]: shown(z, 1),
          [`p${k}`]: shown(p),
          [`slope${k}`]: shown((p - (k === label)) / heat),
        });
      });
      for (const part of this.querySelectorAll("[data-out]")) part.textContent = said[part.dataset.out];
    }
  }

  customElements.define("pull-logits", PullLogits);
})();
