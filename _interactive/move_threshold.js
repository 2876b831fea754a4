// A threshold over the predictions of a model: the four counts, precision, recall, what the mistakes
// cost, and the threshold's point on the ROC curve.
(() => {
  const [LEFT, STRIP, X, Y, SIDE] = [64, 300, 424, 236, 200];

  class MoveThreshold extends HTMLElement {
    connectedCallback() {
      Object.assign(this, JSON.parse(this.querySelector("script").textContent));
      this.drawing = this.querySelector("svg");
      this.drawing.setAttribute("aria-label", this.drawing.dataset.live);
      this.sliders = [...this.querySelectorAll("input")];
      this.addEventListener("input", () => this.update());
      this.drawing.addEventListener("mousedown", (event) => event.preventDefault());
      const drag = (event) => {
        const box = this.drawing.getBoundingClientRect();
        const x = ((event.clientX - box.left) / box.width) * this.drawing.viewBox.baseVal.width;
        this.sliders[0].value = (x - LEFT) / STRIP;
        this.update();
      };
      this.drawing.addEventListener("pointerdown", (event) => {
        this.drawing.setPointerCapture(event.pointerId);
        this.sliders[0].focus({ preventScroll: true });
        if (event.pointerType !== "touch") drag(event);
      });
      this.drawing.addEventListener("pointermove", (event) => {
        if (this.drawing.hasPointerCapture(event.pointerId)) drag(event);
      });
      this.update();
    }

    update() {
      const [threshold, miss] = this.sliders.map((slider) => +slider.value);
      const above = (scores) => scores.filter((score) => score >= threshold).length;
      const [tp, fp] = [above(this.positive), above(this.negative)];
      const [fn, tn] = [this.positive.length - tp, this.negative.length - fp];
      const recall = tp / (tp + fn);
      const said = {
        ...{ threshold: threshold.toFixed(2), tp, fp, fn, tn, miss, cost: fp + miss * fn },
        precision: tp + fp ? (tp / (tp + fp)).toFixed(3) : "–",
        recall: recall.toFixed(3),
      };
      for (const part of this.querySelectorAll("[data-out]")) part.textContent = said[part.dataset.out];
      const at = (LEFT + threshold * STRIP).toFixed(1);
      this.drawing.querySelector(".threshold").setAttribute("d", `M${at} 20V236`);
      const here = this.drawing.querySelector(".here");
      here.setAttribute("cx", (X + (fp / (fp + tn)) * SIDE).toFixed(1));
      here.setAttribute("cy", (Y - recall * SIDE).toFixed(1));
    }
  }

  customElements.define("move-threshold", MoveThreshold);
})();
