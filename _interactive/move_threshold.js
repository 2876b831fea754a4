// A threshold over the predictions of a model: the four counts, precision, recall, what the mistakes
// cost, and the threshold's point on the ROC curve.
(() => {
  const { LEFT, Moving, px } = window.moving;
  const [STRIP, X, Y, SIDE] = [300, 424, 236, 200];

  class MoveThreshold extends Moving {
    begin() {
      const [slider] = this.sliders;
      this.drag(this.drawing, () => slider, (x) => (slider.value = (x - LEFT) / STRIP));
    }

    update() {
      const [threshold, miss] = this.values;
      const { positive, negative } = this.table;
      const above = (scores) => scores.filter((score) => score >= threshold).length;
      const [tp, fp] = [above(positive), above(negative)];
      const [fn, tn] = [positive.length - tp, negative.length - fp];
      const recall = tp / (tp + fn);
      const whole = Object.entries({ tp, fp, fn, tn, miss, cost: fp + miss * fn });
      this.say({
        ...Object.fromEntries(whole.map(([name, count]) => [name, [count, 0]])),
        threshold: [threshold, 2],
        precision: tp + fp ? [tp / (tp + fp), 3] : "–",
        recall: [recall, 3],
      });
      this.drawing.querySelector(".threshold").setAttribute("d", `M${px(LEFT + threshold * STRIP)} 20V236`);
      const here = this.drawing.querySelector(".here");
      here.setAttribute("cx", px(X + (fp / (fp + tn)) * SIDE));
      here.setAttribute("cy", px(Y - recall * SIDE));
    }
  }

  customElements.define("move-threshold", MoveThreshold);
})();
