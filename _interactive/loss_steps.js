// Gradient descent on a curve: a learning rate, Step and Run, and a trail of the steps. The places lie
// between the stops of the curve's table, so the losses and their slopes are known here as formulas; a
// test compares them with the package lossbook.
(() => {
  const { LEFT, PLACE, px } = window.moving;
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const softmax = (z) => {
    const most = Math.max(...z);
    const powers = z.map((own) => Math.exp(own - most));
    const sum = powers.reduce((all, own) => all + own, 0);
    return { p: powers.map((own) => own / sum), log_sum: most + Math.log(sum) };
  };
  // A loss of one prediction, as one of a list. A view may have a parameter of the loss.
  const single = (loss, slope) => ({
    loss: (t, [y], view) => loss(t, y, view),
    slope: (t, [y], view) => [slope(t, y, view)],
  });
  // The label is the number of the true class.
  const classes = {
    loss: (t, z) => softmax(z).log_sum - z[t],
    slope: (t, z) => softmax(z).p.map((p, k) => p - (k === t)),
  };
  const LOSSES = {
    mean_squared_error: single((t, y) => (y - t) ** 2, (t, y) => 2 * (y - t)),
    mean_absolute_error: single((t, y) => Math.abs(y - t), (t, y) => Math.sign(y - t)),
    huber: single(
      (t, y, { parameter: delta }) => {
        const [size, inside] = [Math.abs(y - t), Math.min(Math.abs(y - t), delta)];
        return inside * (size - inside / 2);
      },
      (t, y, { parameter: delta }) => Math.max(-delta, Math.min(delta, y - t)),
    ),
    log_cosh: single(
      (t, y) => Math.log(Math.cosh(y - t)),
      (t, y) => Math.tanh(y - t),
    ),
    pinball: single(
      (t, y, { parameter: level }) => Math.max(level * (t - y), (level - 1) * (t - y)),
      (t, y, { parameter: level }) => (y > t ? 1 - level : y < t ? -level : 0),
    ),
    hinge: single(
      (t, z) => Math.max(0, 1 - t * z),
      (t, z) => (t * z < 1 ? -t : 0),
    ),
    squared_hinge: single(
      (t, z) => Math.max(0, 1 - t * z) ** 2,
      (t, z) => -2 * t * Math.max(0, 1 - t * z),
    ),
    gaussian_negative_log_likelihood: single(
      (t, y, { parameter: spread }) => Math.log(spread) + ((y - t) / spread) ** 2 / 2,
      (t, y, { parameter: spread }) => (y - t) / spread ** 2,
    ),
    poisson: single(
      (t, z) => Math.exp(z) - t * z,
      (t, z) => Math.exp(z) - t,
    ),
    binary_crossentropy: single(
      (t, z) => Math.max(z, 0) - t * z + Math.log1p(Math.exp(-Math.abs(z))),
      (t, z) => sigmoid(z) - t,
    ),
    binary_focal_crossentropy: single(
      (t, z, { parameter: gamma }) => {
        const m = (2 * t - 1) * z;
        return sigmoid(-m) ** gamma * (Math.max(0, -m) + Math.log1p(Math.exp(-Math.abs(m))));
      },
      (t, z, { parameter: gamma }) => {
        const m = (2 * t - 1) * z;
        const surprise = Math.max(0, -m) + Math.log1p(Math.exp(-Math.abs(m)));
        const pull = sigmoid(-m) ** gamma * (gamma * sigmoid(m) * surprise + sigmoid(-m));
        return (1 - 2 * t) * pull;
      },
    ),
    categorical_crossentropy: classes,
    sparse_categorical_crossentropy: classes,
  };
  const CAN_LEAD_AWAY = [
    ...["mean_squared_error", "mean_absolute_error", "huber", "log_cosh"],
    "gaussian_negative_log_likelihood",
  ];
  const MANY = 30;

  class LossSteps extends HTMLElement {
    connectedCallback() {
      this.curve = this.closest("loss-curve");
      this.rule = LOSSES[this.curve.dataset.name];
      this.rates = JSON.parse(this.dataset.rates);
      [this.rate, this.said] = ["input", "output"].map((name) => this.querySelector(name));
      this.rate.addEventListener("input", (event) => {
        event.stopPropagation(); // the point of the curve stays
        this.begin();
      });
      this.curve.addEventListener("input", () => this.begin());
      this.curve.addEventListener("pointerdown", (event) => {
        if (event.target.closest("svg")) this.begin();
      });
      const [step, run, again] = this.querySelectorAll("button");
      step.addEventListener("click", () => {
        clearInterval(this.timer);
        this.step();
      });
      run.addEventListener("click", () => {
        clearInterval(this.timer);
        this.timer = setInterval(() => this.step() || clearInterval(this.timer), 350);
      });
      again.addEventListener("click", () => this.begin());
      this.begin();
    }

    get eta() {
      return this.rates[this.rate.value];
    }

    get target() {
      const chosen = this.curve.chosen("target", 0);
      return this.curve.table.targets?.[chosen] ?? chosen;
    }

    get view() {
      return this.curve.table.views?.[this.curve.view];
    }

    // Back to where the curve's point is.
    begin() {
      clearInterval(this.timer);
      this.places = [];
      this.querySelector("b").textContent = String(this.eta);
      this.rate.setAttribute("aria-valuetext", String(this.eta));
      this.said.textContent = "";
      this.curve.querySelector(".curve-trail")?.remove();
    }

    // One step; return whether another one makes sense.
    step() {
      const t = this.target;
      const { table, values } = this.curve;
      if (!this.places.length) this.places.push(table.cells ? values : [values[this.curve.view]]);
      const here = this.places.at(-1);
      const slope = this.rule.slope(t, here, this.view);
      const next = here.map((y, k) => y - this.eta * slope[k]);
      this.places.push(next);
      this.draw(t);
      const steps = this.places.length - 1;
      const place = next.length > 1 ? `(${next.map((z) => z.toFixed(2)).join(", ")})` : next[0].toFixed(4);
      const words = { steps, place, loss: this.rule.loss(t, next, this.view).toFixed(4) };
      const said = this.dataset.said.replace(/\{(\w+)\}/g, (_, name) => String(words[name]).replaceAll("-", "−"));
      const away =
        CAN_LEAD_AWAY.includes(this.curve.dataset.name) &&
        Math.abs(next[0] - t) > Math.abs(this.places[0][0] - t) * 1.0001;
      this.said.textContent = away ? `${said} ${this.dataset.away}` : said;
      const [far, moved] = [next, next.map((y, k) => y - here[k])].map((all) => Math.max(...all.map(Math.abs)));
      return steps < MANY && far < 1e3 && moved > 1e-3;
    }

    // A point at each place, and a line from each to the next; with classes also on their bars.
    draw(t) {
      const { table, drawing, sliders, active } = this.curve;
      const { x: [start, step, count], top: highest, box: [top, bottom] } = this.view ?? table;
      const axis = table.cells ? Math.max(sliders.indexOf(active), 0) : 0;
      const svg = (name, attributes) => {
        const part = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
        return part;
      };
      drawing.querySelector(".curve-trail")?.remove();
      const trail = svg("g", { class: "curve-trail" });
      const add = (points) => {
        if (!points.length) return;
        trail.append(svg("path", { d: `M${points.map((p) => p.map(px).join(" ")).join("L")}` }));
        for (const [cx, cy] of points) trail.append(svg("circle", { cx: px(cx), cy: px(cy), r: 5 }));
      };
      const line = this.places.map((place) => [
        LEFT + ((place[axis] - start) / (step * (count - 1))) * PLACE,
        bottom - (this.rule.loss(t, place, this.view) / highest) * (bottom - top),
      ]);
      add(line.filter(([a, b]) => a >= LEFT - 1 && a <= LEFT + PLACE + 1 && b >= top));
      if (table.cells) {
        const shares = this.places.map((place) => softmax(place).p);
        for (const k of sliders.keys()) add(shares.map((p) => [LEFT + p[k] * PLACE, table.bars + k * table.pitch + 11]));
      }
      (drawing.querySelector(`[data-view="${this.curve.view}"]`) ?? drawing).append(trail);
    }
  }

  customElements.whenDefined("loss-curve").then(() => customElements.define("loss-steps", LossSteps));
})();
