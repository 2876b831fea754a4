// The interactive curves. Every number that they show stands in the table inside the element, where
// the book's build wrote what the package lossbook returned. No formula of a loss is known here:
// lines are drawn through the table's points, and a slider stops at these points only.
(() => {
  const { LEFT, PLACE, Moving, px } = window.moving;
  const REACH = 95; // half the length of a tangent

  // Where stops of a slider and values from 0 to `highest` lie in the drawing.
  class Frame {
    constructor([, step, count], highest, [top, bottom]) {
      Object.assign(this, { step, count, highest, top, bottom });
    }

    stop(k) {
      return LEFT + (k / (this.count - 1)) * PLACE;
    }

    up(value) {
      if (typeof value === "string") return this.top - 60; // infinite
      return this.bottom - (value / this.highest) * (this.bottom - this.top);
    }

    polyline(values) {
      return "M" + values.map((value, k) => `${px(this.stop(k))} ${px(this.up(value))}`).join("L");
    }

    // Few points with known slopes: a cubic between each two.
    smooth(values, slopes) {
      const third = PLACE / (this.count - 1) / 3;
      return values
        .map((value, k) => {
          const [x, y] = [this.stop(k), this.up(value)];
          const rise = this.up((slopes[k] * this.step) / 3) - this.up(0);
          const [before, here, after] = [-1, 0, 1].map((s) => `${px(x + s * third)} ${px(y + s * rise)}`);
          if (k === 0) return `M${here}C${after}`;
          return ` ${before} ${here}` + (k < this.count - 1 ? `C${after}` : "");
        })
        .join("");
    }

    tangent(k, value, slope) {
      if (typeof value === "string" || typeof slope === "string") return "";
      const rise =
        ((slope * (this.bottom - this.top)) / this.highest) * ((this.step * (this.count - 1)) / PLACE);
      const run = REACH / Math.hypot(1, rise);
      const [x, y] = [this.stop(k), this.up(value)];
      return `M${px(x - run)} ${px(y + run * rise)}L${px(x + run)} ${px(y - run * rise)}`;
    }
  }

  const show = (part, visible) => part.toggleAttribute("hidden", !visible);

  class LossCurve extends Moving {
    begin() {
      this.active = this.sliders[this.table.cells ? this.table.target : 0];
      this.view = 0;
      this.drag(
        this.drawing,
        () => this.active,
        (x) => {
          const { min, max, step } = this.active;
          this.move(this.active, ((x - LEFT) / PLACE) * Math.round((max - min) / step));
        },
      );
    }

    // The stop at which a slider stands.
    at(slider) {
      return Math.round((slider.value - slider.min) / slider.step);
    }

    move(slider, k) {
      slider.value = +slider.min + Math.round(k) * slider.step;
    }

    chosen(kind, otherwise) {
      const found = this.querySelector(`[data-choice=${kind}]:checked`);
      return found ? +found.value : otherwise;
    }

    // Change the parts of a class, one for each k, within the view that is seen.
    set(name, attributes, k, within = this.drawing) {
      const part = within.querySelector(`.curve-${name}` + (k === undefined ? "" : `[data-k="${k}"]`));
      for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    }

    update(event) {
      if (this.sliders.includes(event?.target)) this.active = event.target;
      this[this.dataset.kind]();
    }

    // One prediction, and perhaps a second loss.
    line() {
      const { views, targets } = this.table;
      const v = this.chosen("view", 0);
      if (v !== this.view) {
        // The new slider takes the same stop, or the one whose probability is nearest.
        const k = this.at(this.sliders[this.view]);
        const far = views[v].p?.map((q) => Math.abs(q - views[this.view].p[k]));
        this.move(this.sliders[v], far ? far.indexOf(Math.min(...far)) : k);
        this.view = v;
        this.active = this.sliders[v];
      }
      for (const part of this.querySelectorAll("[data-view]")) show(part, +part.dataset.view === v);
      const compare = this.querySelector("[data-choice=compare]").checked;
      for (const part of this.querySelectorAll("[data-line='1']")) show(part, compare);

      const view = views[v];
      const frame = new Frame(view.x, view.top, view.box);
      const t = this.chosen("target", 0);
      const k = this.at(this.active);
      const x = frame.stop(k);
      const group = this.drawing.querySelector(`[data-view="${v}"]`);
      const numbers = { x: [+this.active.value, view.digits] };
      view.lines.forEach((line, j) => {
        const [loss, slope] = [line.loss[t][k], line.slope[t][k]];
        const y = Math.max(frame.up(loss), frame.top);
        this.set("line", { d: frame.polyline(line.loss[t]) }, j, group);
        this.set("tangent", { d: frame.tangent(k, loss, slope) }, j, group);
        this.set("dot", { cx: px(x), cy: px(y) }, j, group);
        if (!j) this.set("guide", { d: `M${px(x)} ${px(y)}V${frame.bottom}` }, undefined, group);
        numbers[`loss${j}`] = loss;
        numbers[`slope${j}`] = slope;
      });
      if (view.p) {
        numbers.p = view.p[k];
        const whole = view.whole ?? 1; // what the whole bar stands for
        this.bar(0, frame.bottom + 98, view.p[k] / whole, targets[t] / whole, group);
      } else {
        const place = frame.stop((targets[t] - view.x[0]) / frame.step);
        this.set("target", { transform: `translate(${px(place)} 0)` }, undefined, group);
      }
      for (const [name, own] of Object.entries(view.more ?? {})) numbers[name] = own[k];
      this.say(numbers);
    }

    bar(k, y, share, label, within) {
      const [end, mark] = [LEFT + share * PLACE, LEFT + label * PLACE];
      this.set("share", { width: px(end - LEFT) }, k, within);
      this.set("gap", { d: `M${px(end)} ${y + 11}H${px(mark)}` }, k, within);
      this.set("mark", { d: `M${px(mark)} ${y - 5}v32` }, k, within);
    }

    // Three logits. The table tells probability, loss and derivative of a class from how far the
    // other two logits lie above its own.
    classes() {
      const { x, top, box, bars, pitch, cells } = this.table;
      const frame = new Frame(x, top, box);
      const stops = this.sliders.map(this.at);
      const t = this.chosen("target");
      const active = this.sliders.indexOf(this.active);
      const cell = (all, own) => {
        const [low, high] = all
          .map((stop) => stop - all[own])
          .filter((_, k) => k !== own)
          .sort((a, b) => a - b);
        const [p, loss, slope] = cells[low + frame.count - 1][high - low];
        return { p, loss, slope: own === t ? slope : p };
      };
      const moved = [...Array(frame.count).keys()].map((k) => stops.map((own, j) => (j === active ? k : own)));
      const values = moved.map((all) => cell(all, t).loss);
      const slopes = moved.map((all) => cell(all, active).slope);
      const k = stops[active];
      const [place, y] = [frame.stop(k), Math.max(frame.up(values[k]), frame.top)];
      this.set("line", { d: frame.smooth(values, slopes) });
      this.set("tangent", { d: frame.tangent(k, values[k], slopes[k]) });
      this.set("dot", { cx: px(place), cy: px(y) });
      this.set("guide", { d: `M${px(place)} ${px(y)}V${frame.bottom}` });
      for (const part of this.querySelectorAll("[data-axis]")) show(part, +part.dataset.axis === active);
      const numbers = { loss: values[k] };
      stops.forEach((_, j) => {
        const { p, slope } = cell(stops, j);
        this.bar(j, bars + j * pitch, p, +(j === t));
        Object.assign(numbers, { [`z${j}`]: [+this.sliders[j].value, 1], [`p${j}`]: p, [`slope${j}`]: slope });
      });
      this.say(numbers);
    }

    // Five points, of which one moves.
    points() {
      const { x, lines, floor } = this.table;
      const k = this.at(this.active);
      const numbers = { x: [+this.active.value, 1] };
      lines.forEach((line, j) => {
        const frame = new Frame(x, line.top, line.box);
        const [best, least] = [line.best[k], line.least[k]];
        const [place, y] = [frame.stop((best - x[0]) / x[1]), frame.up(least)];
        this.set("line", { d: frame.polyline(line.drawn[k]) }, j);
        this.set("dot", { cx: px(place), cy: px(y) }, j);
        this.set("drop", { d: `M${px(place)} ${px(y)}V${floor}` }, j);
        this.set(`best-${j}`, { x: px(place), y: px(y - 15) });
        numbers[`best${j}`] = best;
        numbers[`least${j}`] = least;
        if (!j) this.set("moved", { transform: `translate(${px(frame.stop(k))} ${floor})` });
      });
      this.say(numbers);
    }
  }

  customElements.define("loss-curve", LossCurve);
})();
