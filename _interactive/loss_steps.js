// Gradient descent on a curve: a learning rate, Step and Run, and a trail of the steps. The places lie
// between the stops of the curve's table, so the losses and their slopes are known here as formulas; a
// test compares them with the package lossbook.
(() => {
  const [LEFT, PLACE] = [64, 560];
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const LOSSES = {
    mean_squared_error: { loss: (t, y) => (y - t) ** 2, slope: (t, y) => 2 * (y - t) },
    mean_absolute_error: { loss: (t, y) => Math.abs(y - t), slope: (t, y) => Math.sign(y - t) },
    binary_crossentropy: {
      loss: (t, z) => Math.max(z, 0) - t * z + Math.log1p(Math.exp(-Math.abs(z))),
      slope: (t, z) => sigmoid(z) - t,
    },
  };
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
      const { targets } = JSON.parse(this.curve.querySelector("script").textContent);
      return targets[+this.curve.querySelector("[data-choice=target]:checked").value];
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
      if (!this.places.length) this.places.push(+this.curve.querySelector("input[type=range]").value);
      const y = this.places.at(-1);
      const next = y - this.eta * this.rule.slope(t, y);
      this.places.push(next);
      this.draw(t);
      const steps = this.places.length - 1;
      const words = { steps, place: next.toFixed(4), loss: this.rule.loss(t, next).toFixed(4) };
      const away = Math.abs(next - t) > Math.abs(this.places[0] - t) * 1.0001 && this.curve.dataset.name !== "binary_crossentropy";
      const said = this.dataset.said.replace(/\{(\w+)\}/g, (_, name) => String(words[name]).replace("-", "−"));
      this.said.textContent = away ? `${said} ${this.dataset.away}` : said;
      return steps < MANY && Math.abs(next) < 1e3 && Math.abs(next - y) > 1e-3;
    }

    // A point at each place, and a line from each to the next.
    draw(t) {
      const { views } = JSON.parse(this.curve.querySelector("script").textContent);
      const [{ x: [start, step, count], top: highest, box: [top, bottom] }] = views;
      const across = (y) => LEFT + ((y - start) / (step * (count - 1))) * PLACE;
      const up = (loss) => bottom - (loss / highest) * (bottom - top);
      const svg = (name, attributes) => {
        const part = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
        return part;
      };
      this.curve.querySelector(".curve-trail")?.remove();
      const trail = svg("g", { class: "curve-trail" });
      const points = this.places
        .map((y) => [across(y), up(this.rule.loss(t, y))])
        .filter(([a, b]) => a >= LEFT - 1 && a <= LEFT + PLACE + 1 && b >= top);
      trail.append(svg("path", { d: `M${points.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}` }));
      for (const [cx, cy] of points) trail.append(svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 5 }));
      this.curve.querySelector("svg [data-view='0']").append(trail);
    }
  }

  customElements.whenDefined("loss-curve").then(() => customElements.define("loss-steps", LossSteps));
})();
