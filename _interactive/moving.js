// What all pieces share that a reader can move: the drawing, its sliders, its numbers. A piece adds its
// own mathematics and drawing: `update()`, called after every change.
(() => {
  const [LEFT, RIGHT] = [64, 624];
  const px = (value) => value.toFixed(1);
  const shown = (value, digits = 4) =>
    typeof value === "string" ? value : value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  class Moving extends HTMLElement {
    connectedCallback() {
      if (this.drawing) return;
      this.table = JSON.parse(this.querySelector("script")?.textContent ?? "{}");
      this.drawing = this.querySelector("svg");
      this.drawing.setAttribute("aria-label", this.drawing.dataset.live);
      this.sliders = [...this.querySelectorAll(".curve-sliders input")];
      this.addEventListener("input", (event) => this.update(event));
      // By default the mouse would take the focus away again.
      this.drawing.addEventListener("mousedown", (event) => event.preventDefault());
      this.begin?.();
      this.update();
    }

    get values() {
      return this.sliders.map((slider) => +slider.value);
    }

    // Let a part of the drawing be dragged, and its slider take the keys from there on. A finger that
    // comes down may be about to scroll the page, so it drags sideways only, unless it can grab a handle.
    drag(part, slider, follow) {
      const handle = part !== this.drawing;
      let start;
      const to = (event) => {
        const box = this.drawing.getBoundingClientRect();
        const scale = this.drawing.viewBox.baseVal.width / box.width;
        follow((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
        this.update();
      };
      part.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        part.setPointerCapture(event.pointerId);
        slider().focus({ preventScroll: true });
        start = event;
        if (!handle && event.pointerType !== "touch") to(event);
      });
      part.addEventListener("pointermove", (event) => {
        if (!part.hasPointerCapture(event.pointerId)) return;
        const [x, y] = ["clientX", "clientY"].map((side) => Math.abs(event[side] - start[side]));
        if (handle || event.pointerType !== "touch" || x > y) to(event);
      });
      if (!handle) part.addEventListener("click", to);
    }

    // Write numbers where they are shown; a pair is a number and its digits.
    say(numbers) {
      for (const part of this.querySelectorAll("[data-out]")) {
        const found = numbers[part.dataset.out];
        if (found !== undefined) part.textContent = shown(...[found].flat());
      }
    }
  }

  window.moving = { LEFT, RIGHT, PLACE: RIGHT - LEFT, Moving, mean, px, shown };
})();
