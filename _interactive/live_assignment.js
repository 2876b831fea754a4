// An assignment is written, run and handed in on its page. Nothing is kept by the page: the student
// downloads the notebook, and opens it to go on.
(() => {
  const { live } = window;
  if (!live) return;
  const { about, say, tell, element, button, joined } = live;
  const name = `${about.assignment}.ipynb`;
  let unsaved = false;
  live.changed = () => {
    unsaved = true;
  };

  // An answer in words has a field in the place of the words that ask for it.
  const answers = [...document.querySelectorAll("article .written-answer")].map((place) => {
    const asked = place.textContent.trim();
    const field = element("textarea", { className: "live-answer", rows: 6, placeholder: asked, oninput: live.changed });
    field.setAttribute("aria-label", say("answer"));
    place.replaceChildren(field);
    return { field, asked, index: +place.id.replace("cell-", "") };
  });

  // Return the notebook with what stands on the page. What the page does not show stays as it was.
  function written() {
    const notebook = structuredClone(live.notebook);
    const shown = new Map(live.cells.filter((cell) => cell.place).map((cell) => [cell.index, cell]));
    notebook.cells.forEach((cell, position) => {
      const index = live.places[position];
      const own = shown.get(index);
      if (own && own.source !== joined(cell.source)) {
        Object.assign(cell, { source: own.source, outputs: [], execution_count: null });
      }
      const answer = answers.find((one) => one.index === index);
      if (answer) cell.source = answer.field.value.trim() ? answer.field.value : answer.asked;
    });
    return notebook;
  }
  live.text = () => JSON.stringify(written());

  async function download() {
    await live.read();
    const file = new Blob([JSON.stringify(written(), null, 1), "\n"], { type: "application/x-ipynb+json" });
    const address = URL.createObjectURL(file);
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    unsaved = false;
    tell("saved", { name });
  }

  // A cell is known by its name, wherever it stands. Those that a student has added are kept and
  // run; those that are missing come back.
  function match(opened, released) {
    const key = (cell) => cell.metadata?.nbgrader?.grade_id ?? cell.id;
    const known = new Map(released.cells.map((cell, index) => [key(cell), index]));
    const entries = opened.cells.map((cell) => {
      const place = known.get(key(cell));
      known.delete(key(cell));
      return { cell, place };
    });
    if (known.size === released.cells.length) return null;
    for (const index of known.values()) {
      const before = entries.findIndex((entry) => entry.place === index - 1);
      entries.splice(before + 1, 0, { cell: released.cells[index], place: index });
    }
    return entries;
  }

  async function open(file) {
    await live.read();
    const released = await (await fetch(about.notebook)).json();
    let entries = null;
    let opened = null;
    try {
      opened = JSON.parse(await file.text());
      const code = opened.cells.map((cell) => joined(cell.source)).join("\n");
      if (code.includes(`ASSIGNMENT = "${about.assignment}"`)) entries = match(opened, released);
    } catch {
      // No notebook at all.
    }
    if (!entries) return tell("not_this", { name: file.name });
    live.python.fresh();
    live.adopt({ ...opened, cells: entries.map(({ cell }) => cell) }, entries.map(({ place }) => place));
    for (const cell of live.cells) if (cell.place) cell.write(cell.stored.source);
    for (const answer of answers) {
      const words = joined(live.notebook.cells[live.places.indexOf(answer.index)].source);
      answer.field.value = words === answer.asked ? "" : words;
    }
    unsaved = false;
    tell("opened", { name: file.name });
  }

  const chosen = element("input", { type: "file", accept: ".ipynb", hidden: true });
  chosen.onchange = () => {
    if (chosen.files[0]) open(chosen.files[0]);
    chosen.value = "";
  };
  live.note.after(chosen);
  // At the top for who goes on, at the end for who is done.
  for (const place of [live.note, live.cells.at(-1).place]) {
    place.after(
      element(
        "p",
        { className: "live-file" },
        button("open", () => chosen.click()),
        button("download", download),
      ),
    );
  }
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
})();
