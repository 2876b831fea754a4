// The parts of a loss's formula and of its curve light up together, wherever a reader points at one: in
// the formula, in the curve, or at the button that names it.
(() => {
  class LossParts extends HTMLElement {
    connectedCallback() {
      this.curve = document.querySelector(`loss-curve[data-name="${this.dataset.name}"]`);
      this.drawing = this.curve.querySelector(".curve-drawing");
      this.formula = document.querySelector(".math-block [class*='part-']").closest(".math-block");
      this.said = this.querySelector("output");
      this.parts = [...this.querySelectorAll("button")].map((button) => ({
        button,
        key: button.dataset.part,
        ...JSON.parse(button.dataset.about),
      }));
      const listen = (box, find) => {
        box.addEventListener("pointerover", (event) => this.light(find(event.target) ?? this.focused));
        box.addEventListener("pointerleave", () => this.light(this.focused));
        // A finger that has tapped is gone at once; what it tapped stays lit.
        box.addEventListener("click", (event) => box !== this.drawing && find(event.target)?.button.focus());
      };
      listen(this, (at) => this.parts.find(({ button }) => button === at));
      listen(this.formula, (at) => {
        const inner = at.closest("[class*='part-']");
        return inner && this.parts.find(({ key }) => inner.classList.contains(`part-${key}`));
      });
      listen(this.drawing, (at) => this.parts.findLast(({ figure }) => figure && at.closest(figure)));
      this.addEventListener("focusin", () => this.light(this.focused));
      this.addEventListener("focusout", () => this.light());
      this.curve.addEventListener("input", () => this.light(this.focused));
    }

    get focused() {
      return this.parts.find(({ button }) => button === document.activeElement);
    }

    light(part) {
      for (const lit of document.querySelectorAll(".lit, .curve-lit")) {
        if (lit.matches(".curve-lit")) lit.remove();
        else lit.classList.remove("lit");
      }
      this.said.textContent = part?.button.dataset.said ?? "";
      if (!part) return;
      part.button.classList.add("lit");
      for (const piece of this.formula.querySelectorAll(`.part-${part.key}`)) piece.classList.add("lit");
      if (part.target !== undefined && part.target !== this.curve.chosen?.("target")) return;
      const view = this.drawing.querySelector("[data-view]:not([hidden])") ?? this.drawing;
      if (part.figure) for (const piece of view.querySelectorAll(part.figure)) piece.classList.add("lit");
      if (part.line) this.draw(part, view);
    }

    // On the axis: the place of the point, and the way there from the label.
    draw({ line }, view) {
      const [x, , floor] = view.querySelector(".curve-guide").getAttribute("d").match(/[\d.]+/g);
      const label = view.querySelector(".curve-target").getAttribute("transform").match(/[\d.]+/)[0];
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", "curve-lit");
      path.setAttribute("d", `M${line === "foot" ? x : label} ${floor}H${x}`);
      view.append(path);
    }
  }

  customElements.whenDefined("loss-curve").then(() => customElements.define("loss-parts", LossParts));
})();
