// A bell over five labels: its mean and its spread, the likelihood of the labels, and the losses that
// come of it. A test compares the numbers with the package lossbook.
(() => {
  const [LEFT, PLACE, TOP, FLOOR, HIGHEST] = [64, 560, 16, 260, 0.8];
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const across = (t) => LEFT + (t / 10) * PLACE;
  const up = (value) => FLOOR - (value / HIGHEST) * (FLOOR - TOP);
  const shown = (value, digits = 4) => value.toFixed(digits).replace("-", "−");
  const power = (value) => {
    const [digits, exponent] = value.toExponential(3).split("e");
    const raised = [...String(+exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[+sign]));
    return `${digits} · 10${raised.join("")}`;
  };

  class SlideBell extends HTMLElement {
    connectedCallback() {
      Object.assign(this, JSON.parse(this.querySelector("script").textContent));
      this.drawing = this.querySelector("svg");
      this.drawing.setAttribute("aria-label", this.drawing.dataset.live);
      this.sliders = [...this.querySelectorAll("input")];
      this.addEventListener("input", () => this.update());
      this.querySelector("button").addEventListener("click", () => {
        const best = mean(this.labels);
        this.sliders[0].value = best;
        this.sliders[1].value = Math.sqrt(mean(this.labels.map((t) => (t - best) ** 2)));
        this.update();
      });
      this.update();
    }

    update() {
      const [y, s] = this.sliders.map((slider) => +slider.value);
      const density = (t) => Math.exp(-(((t - y) / s) ** 2) / 2) / (s * Math.sqrt(2 * Math.PI));
      const loss = mean(this.labels.map((t) => (y - t) ** 2));
      const surprise = loss / (2 * s ** 2) + Math.log(2 * Math.PI * s ** 2) / 2;
      const points = [...Array(101).keys()].map((k) => `${across(k / 10).toFixed(1)} ${up(density(k / 10)).toFixed(1)}`);
      this.drawing.querySelector(".curve-line").setAttribute("d", `M${points.join("L")}`);
      this.drawing.querySelectorAll(".bell-bar").forEach((bar, k) => {
        const t = this.labels[k];
        bar.setAttribute("d", `M${across(t).toFixed(1)} ${FLOOR}V${up(density(t)).toFixed(1)}`);
      });
      const said = {
        ...{ mean: shown(y, 1), spread: shown(s, 1), surprise: shown(surprise), loss: shown(loss) },
        likelihood: power(Math.exp(-this.labels.length * surprise)),
      };
      for (const part of this.querySelectorAll("[data-out]")) part.textContent = said[part.dataset.out];
    }
  }

  customElements.define("slide-bell", SlideBell);
})();
