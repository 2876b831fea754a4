// Five logits to pull, a temperature, and what the softmax makes of them. A test compares the numbers
// with the package lossbook.
(() => {
  const { LEFT, PLACE, Moving, px } = window.moving;
  const [TOP, PITCH] = [10, 44];

  class PullLogits extends Moving {
    update() {
      const { values } = this;
      const heat = values.pop();
      const label = +this.querySelector("[data-choice]:checked").value;
      const scaled = values.map((z) => z / heat);
      // The largest is taken away first, so that no exponential is too large.
      const most = Math.max(...scaled);
      const sum = scaled.reduce((all, z) => all + Math.exp(z - most), 0);
      const numbers = { heat: [heat, 2], loss: most + Math.log(sum) - scaled[label] };
      values.forEach((z, k) => {
        const p = Math.exp(scaled[k] - most) / sum;
        const [end, mark, y] = [LEFT + p * PLACE, LEFT + (k === label) * PLACE, TOP + k * PITCH];
        const part = (name) => this.drawing.querySelector(`.curve-${name}[data-k="${k}"]`);
        part("share").setAttribute("width", px(end - LEFT));
        part("gap").setAttribute("d", `M${px(end)} ${y + 11}H${px(mark)}`);
        part("mark").setAttribute("d", `M${px(mark)} ${y - 5}v32`);
        Object.assign(numbers, { [`z${k}`]: [z, 1], [`p${k}`]: p, [`slope${k}`]: (p - (k === label)) / heat });
      });
      this.say(numbers);
    }
  }

  customElements.define("pull-logits", PullLogits);
})();
