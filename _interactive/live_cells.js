// The cells of a page run in the page. Nothing is loaded before the first click: then a worker
// fetches Python (`_live/worker.js`), and the page's own notebook says what its cells are.
(() => {
  const data = document.getElementById("live");
  if (!data) return;
  const about = JSON.parse(data.textContent);
  const note = document.querySelector(".live-note");

  const say = (name, places = {}) =>
    about.words[name].replace(/\{(\w+)\}/g, (_, place) => places[place] ?? about[place]);

  const why_not = () => {
    if (location.protocol === "file:") return "folder";
    const old = !window.WebAssembly || !window.Worker || !Array.prototype.at || !document.body.replaceChildren;
    return old ? "old" : "";
  };
  if (why_not()) {
    document.documentElement.classList.add("no-live");
    note.textContent = say(why_not());
    return;
  }

  const element = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };
  const button = (word, act, where = {}) =>
    element("button", { type: "button", className: "live-button", onclick: act, ...where }, say(word));

  // One line tells what happens, to who sees it and to who hears it.
  const line = element("p", { className: "live-status" });
  line.setAttribute("role", "status");
  const tell = (name, places = {}) => {
    const words = say(name, places);
    line.textContent = places.cell ? say("of_cell", { ...places, words }) : words;
  };

  // --- Python, behind a small face: `run`, `fresh` and `end` ------------------------------------

  const python = {
    worker: null,
    answers: new Map(),
    count: 0,
    ready: false,

    start() {
      this.worker = new Worker(new URL(about.worker, location.href), { type: "module" });
      this.worker.onmessage = ({ data }) => this.hear(data);
      this.worker.onerror = (event) => this.end("failed", { error: event.message ?? "" });
      this.worker.postMessage({ start: true, labels: about.labels, language: document.documentElement.lang });
    },

    hear({ received, ready, failed, run, shown }) {
      if (failed) return this.end("failed", { error: failed });
      if (ready) this.ready = true;
      else if (!this.ready) {
        const megabytes = Math.round(received / 1e6);
        tell(megabytes < about.megabytes ? "loading" : "starting", { received: megabytes });
      }
      this.answers.get(run)?.(shown);
      this.answers.delete(run);
    },

    // Return what a cell shows, or nothing if it was stopped.
    run(source, notebook) {
      if (!this.worker) this.start();
      const run = ++this.count;
      this.worker.postMessage({ run, source, notebook });
      return new Promise((answer) => this.answers.set(run, answer));
    },

    // Begin with no names, as a page that has just been opened.
    fresh() {
      this.worker?.postMessage({ fresh: true });
      for (const cell of live.cells) cell.ran = null;
    },

    end(word, places) {
      this.worker?.terminate();
      this.worker = null;
      this.ready = false;
      this.fresh();
      for (const answer of this.answers.values()) answer(null);
      this.answers.clear();
      tell(word, places);
    },
  };

  // --- A cell ------------------------------------------------------------------------------------

  const KEYWORDS =
    "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
  const TOKENS = new RegExp(
    [
      /(?<c1>#.*)/,
      /(?<s2>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
      /(?<mi>\b(?:0x[\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?))/,
      /(?<kc>\b(?:True|False|None)\b)/,
      new RegExp(`(?<k>\\b(?:${KEYWORDS.replaceAll(" ", "|")})\\b)`),
      /(?<o>[-+*/%@&|^~<>=!]+)/,
    ]
      .map((part) => part.source)
      .join("|"),
    "g",
  );

  // Return the parts of a text as the page colors them; the names of the classes are Pygments's.
  const colored = (text) => {
    const parts = [];
    let end = 0;
    for (const { 0: words, index, groups } of text.matchAll(TOKENS)) {
      const className = Object.keys(groups).find((name) => groups[name] !== undefined);
      parts.push(text.slice(end, index), element("span", { className }, words));
      end = index + words.length;
    }
    return [...parts, text.slice(end)];
  };

  class Cell {
    // `place` is where the page shows it, if it does; `stored` is the notebook's cell, once known.
    constructor(place, number) {
      Object.assign(this, { place, number, ran: null, stored: null });
      if (!place) return;
      this.index = +place.id.replace("cell-", "");
      this.pre = place.querySelector("pre");
      this.given = [...this.pre.childNodes];
      this.book = this.pre.textContent.replace(/\n$/, "");
      this.output = place.querySelector(":scope > .cell_output");
      this.runner = button("run", () => (busy === this ? python.end("stopped") : run(this)));
      this.editor = button("edit", () => this.edit());
      this.back = button("reset", () => this.reset(), { hidden: true });
      for (const [one, word] of [[this.runner, "run"], [this.editor, "edit"], [this.back, "reset"]]) this.call(one, word);
      const box = place.querySelector(".cell_input") ?? place;
      box.append(element("div", { className: "live-bar" }, this.runner, this.editor, this.back));
    }

    // A button says in its name which cell it belongs to.
    call(one, word) {
      one.textContent = say(word);
      one.setAttribute("aria-label", `${say(word)}, ${say("cell", { cell: this.number })}`);
    }

    get source() {
      return this.field ? this.field.value : this.place ? this.book : this.stored.source;
    }

    get is_changed() {
      return this.place && this.source !== this.book;
    }

    edit() {
      if (!this.field) this.open();
      this.field.focus();
    }

    // The field's letters are transparent: what is seen is the page's own code below it.
    open() {
      this.field = element("textarea", { className: "live-editor", spellcheck: false, value: this.book });
      for (const name of ["autocapitalize", "autocomplete", "autocorrect"]) this.field.setAttribute(name, "off");
      this.field.setAttribute("aria-label", say("code", { cell: this.number }));
      this.field.oninput = () => {
        this.show_code();
        live.changed();
      };
      this.field.onkeydown = (event) => this.press(event);
      this.pre.after(this.field);
      this.pre.parentElement.classList.add("live-edited");
    }

    show_code() {
      this.pre.replaceChildren(...colored(this.field.value), "\n");
      this.back.hidden = false;
    }

    press(event) {
      if (event.key === "Enter" && event.shiftKey) run(this);
      else if (event.key === "Escape") this.editor.focus();
      else if (event.key === "Tab" && !event.shiftKey) document.execCommand("insertText", false, "    ");
      else if (event.key === "Enter" && !event.isComposing) {
        const before = this.field.value.slice(0, this.field.selectionStart).split("\n").at(-1);
        const deeper = before.trimEnd().endsWith(":") ? "    " : "";
        document.execCommand("insertText", false, `\n${before.match(/^ */)[0]}${deeper}`);
      } else return;
      event.preventDefault();
    }

    // Put other code here, without a step to it.
    write(source) {
      if (source === this.source) return;
      if (!this.field) this.open();
      this.field.value = source;
      this.show_code();
    }

    reset() {
      this.field?.remove();
      this.field = this.ran = null;
      this.pre.parentElement.classList.remove("live-edited");
      this.pre.replaceChildren(...this.given);
      this.result?.remove();
      this.verdict?.remove();
      this.result = this.verdict = null;
      if (this.output) this.place.append(this.output);
      this.back.hidden = true;
      this.editor.focus();
      tell("restored", { cell: this.number });
    }

    // Show what a run gave in the place of what the book shows, and say how the two compare.
    show(shown) {
      const drawn = [...(this.output?.querySelectorAll("img") ?? [])];
      this.output?.remove();
      this.result?.remove();
      this.verdict?.remove();
      const parts = shown.map((one) => (one.kind === "figure" ? this.figure(one.text, drawn.shift()) : text(one)));
      this.result = element("div", { className: "cell_output docutils container" }, ...parts);
      const told = this.compare(shown);
      this.verdict = element("p", { className: `live-verdict live-${told[0]}` }, say(...told));
      if (parts.length) this.place.append(this.result);
      this.place.append(this.verdict);
      this.back.hidden = false;
      return told;
    }

    // The book's figure with its name and its words, and the new drawing in it.
    figure(svg, shown) {
      const box = (shown?.closest("figure") ?? element("figure", {}, element("img"))).cloneNode(true);
      const image = box.querySelector("img");
      const alt = image.alt;
      const whole = box.querySelector(".enlarge") ?? document.querySelector("article .enlarge")?.cloneNode(true);
      image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      image.alt = !alt ? say("new_figure") : this.is_changed ? say("changed_figure", { alt }) : alt;
      for (const name of ["width", "height", "loading"]) image.removeAttribute(name);
      image.className = "live-figure";
      if (whole) image.after(Object.assign(whole, { href: image.src }));
      return box;
    }

    compare(shown) {
      const cell = { cell: this.number };
      const failed = shown.find((one) => one.kind === "error");
      if (failed) return ["error", { ...cell, error: failed.name }];
      const stored = this.stored?.outputs ?? [];
      if (!stored.length && (!about.notebook || about.assignment || !shown.length)) return ["done", cell];
      const svg = (one) => one.data?.["image/svg+xml"];
      const figures = shown.filter((one) => one.kind === "figure").length;
      const words = plain(shown.map((one) => (one.kind === "text" ? one.text : "")));
      const known = plain(stored.map((one) => (svg(one) ? "" : joined(one.text ?? one.data?.["text/plain"]))));
      if (words !== known || figures !== stored.filter(svg).length) return ["differs", cell];
      return [figures && !words ? "drawn" : "same", cell];
    }
  }

  const joined = (lines) => [lines ?? ""].flat().join("");
  const plain = (pieces) => pieces.map((piece) => piece.replace(/\n$/, "")).filter(Boolean).join("\n").trim();

  const text = ({ kind, text: words }) =>
    element(
      "div",
      { className: `output ${kind === "error" ? "live-problem" : "stream"} highlight-none notranslate` },
      element("div", { className: "highlight" }, element("pre", {}, `${words}\n`)),
    );

  // --- The page ----------------------------------------------------------------------------------

  // What else a page does with its cells (`live_assignment.js`) is here to be used and replaced.
  const live = {
    ...{ about, say, tell, element, button, note, joined, python },
    notebook: null,
    cells: [...document.querySelectorAll("article .live-cell")].map((place, k) => new Cell(place, k + 1)),
    // Called when a reader has changed something.
    changed() {},
    // The page as a notebook, as text, for what asks for it.
    text: () => "",

    // The notebook tells what else runs: cells that the page does not show.
    async read() {
      if (!this.notebook && about.notebook) this.adopt(await (await fetch(about.notebook)).json());
    },

    // `places` says where on the page each of its cells stands.
    adopt(notebook, places = notebook.cells.map((_, index) => index)) {
      Object.assign(this, { notebook, places });
      const shown = new Map(this.cells.filter((cell) => cell.place).map((cell) => [cell.index, cell]));
      this.cells = notebook.cells.flatMap((stored, index) => {
        if (stored.cell_type !== "code") return [];
        const cell = shown.get(places[index]) ?? new Cell(null);
        cell.stored = { ...stored, source: joined(stored.source) };
        return [cell];
      });
    },
  };

  let busy = null;

  async function run(chosen) {
    if (busy) return tell("busy", { cell: busy.number });
    busy = chosen;
    chosen.call(chosen.runner, "stop");
    if (!python.ready) tell("starting");
    try {
      await live.read();
      for (const cell of live.cells.slice(0, live.cells.indexOf(chosen) + 1)) {
        const has_run = cell !== chosen && cell.ran === cell.source;
        if (!has_run && !(await run_one(cell, chosen))) break;
      }
    } catch (problem) {
      tell("failed", { error: problem.message });
    }
    busy = null;
    chosen.call(chosen.runner, "run");
  }

  // Run a cell, and return whether the next one can run.
  async function run_one(cell, chosen) {
    const source = cell.source;
    const number = cell.number ?? chosen.number;
    const long = setTimeout(() => python.ready && tell("running", { cell: number }), 300);
    const shown = await python.run(source, live.text());
    clearTimeout(long);
    if (!shown) return false;
    cell.ran = source;
    const told = cell.place && cell.show(shown);
    if (cell === chosen) tell(...told);
    const failed = shown.find((one) => one.kind === "error");
    if (!failed) return true;
    cell.ran = null;
    // What a student has still to write holds up nothing: each question stands for itself.
    if (about.assignment) return true;
    if (cell !== chosen) tell("above", { cell: chosen.number, error: failed.name });
    return false;
  }

  document.querySelector("article").append(line);
  window.live = live;
})();
