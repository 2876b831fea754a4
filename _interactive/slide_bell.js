// A bell over five labels: its mean and its spread, the likelihood of the labels, and the losses that
// come of it. A test compares the numbers with the package lossbook.
(() => {
  const { LEFT, PLACE, Moving, mean, px } = window.moving;
  const [TOP, FLOOR, HIGHEST] = [16, 260, 0.8];
  const across = (t) => LEFT + (t / 10) * PLACE;
  const up = (value) => FLOOR - (value / HIGHEST) * (FLOOR - TOP);
  const power = (value) => {
    const [digits, exponent] = value.toExponential(3).split("e");
    const raised = [...String(+exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[+sign]));
    return `${digits} · 10${raised.join("")}`;
  };

  class SlideBell extends Moving {
    begin() {
      this.querySelector("button").addEventListener("click", () => {
        const { labels } = this.table;
        const best = mean(labels);
        this.sliders[0].value = best;
        this.sliders[1].value = Math.sqrt(mean(labels.map((t) => (t - best) ** 2)));
        this.update();
      });
    }

    update() {
      const [y, s] = this.values;
      const { labels } = this.table;
      const density = (t) => Math.exp(-(((t - y) / s) ** 2) / 2) / (s * Math.sqrt(2 * Math.PI));
      const loss = mean(labels.map((t) => (y - t) ** 2));
      const surprise = loss / (2 * s ** 2) + Math.log(2 * Math.PI * s ** 2) / 2;
      const points = [...Array(101).keys()].map((k) => `${px(across(k / 10))} ${px(up(density(k / 10)))}`);
      this.drawing.querySelector(".curve-line").setAttribute("d", `M${points.join("L")}`);
      this.drawing.querySelectorAll(".bell-bar").forEach((bar, k) => {
        bar.setAttribute("d", `M${px(across(labels[k]))} ${FLOOR}V${px(up(density(labels[k])))}`);
      });
      const likelihood = power(Math.exp(-labels.length * surprise));
      this.say({ mean: [y, 1], spread: [s, 1], likelihood, surprise, loss });
    }
  }

  customElements.define("slide-bell", SlideBell);
})();
