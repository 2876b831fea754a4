// A descent on the map of a loss over two weights. Where each step leads, and what it costs, stands in
// the table inside the element: the package lossbook has computed it.
(() => {
  const { LEFT, Moving, px } = window.moving;
  const BOTTOM = 366;

  class FollowDescent extends Moving {
    begin() {
      this.switch = this.querySelector("input[type=checkbox]");
    }

    update() {
      const v = +this.switch.checked;
      const { rates, views, away } = this.table;
      const [steps, rate] = this.values;
      const { unit, left, bottom, paths } = views[v];
      const path = paths[rate].slice(0, steps + 1);
      const places = path.map(([a, b]) => [LEFT + (a - left) * unit, BOTTOM - (b - bottom) * unit].map(px));
      for (const part of this.querySelectorAll("[data-view]")) part.toggleAttribute("hidden", +part.dataset.view !== v);
      const part = (name) => this.querySelector(`[data-view="${v}"] .${name}`);
      part("descent-line").setAttribute("d", `M${places.map((p) => p.join(" ")).join("L")}`);
      part("descent-points").setAttribute("d", places.map((p) => `M${p.join(" ")}h0`).join(""));
      const [x, y] = places.at(-1);
      part("curve-dot").setAttribute("cx", x);
      part("curve-dot").setAttribute("cy", y);
      const [w0, w1, loss] = path.at(-1);
      const leaves = path.length > 1 && loss > path[0][2];
      this.sliders[1].setAttribute("aria-valuetext", rates[rate]);
      this.say({
        ...{ steps: [path.length - 1, 0], rate: String(rates[rate]), loss, w0, w1 },
        away: leaves ? away : "",
      });
    }
  }

  customElements.define("follow-descent", FollowDescent);
})();
