"""Let the cells of a page run in the page: ``make live``.

The environment's ``BOOK_LIVE`` switches it on. Each cell of code that a page shows gets a mark and
its number in the notebook, and so does code in a page's prose with ``:class: live``. The script
``live_cells.js`` puts the buttons there. Its words, and where things are, stand in the page.
"""

from __future__ import annotations

import json
import os
import sys
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from editions import folder_of
from sphinx.application import Sphinx
from translated_figures import labels_of
from wording import N_, translate

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

#: What a page says above its first cell: without script, and with it.
NOTES = {
    "no_script": N_("With JavaScript, the cells on this page run here."),
    "ready": N_(
        "Every cell on this page runs here: change a number, and run it again. The first run "
        "fetches Python, {megabytes} MB, and takes some seconds. Nothing is sent anywhere."
    ),
    "work": N_(
        "Write your answers in the cells, run them, and download your notebook to hand it in. This "
        "page keeps nothing: download before you leave."
    ),
}
#: What a page says later; the script fills the places with numbers.
WORDS = {
    "run": N_("Run"),
    "stop": N_("Stop"),
    "edit": N_("Edit"),
    "reset": N_("Reset"),
    "cell": N_("cell {cell}"),
    "code": N_("Code of cell {cell}; Shift and Enter run it, Escape leaves it"),
    "folder": N_(
        "The cells on this page run here once the book is read from a server. On this computer: "
        "python -m http.server in the book's folder."
    ),
    "old": N_("The cells on this page run here in a newer browser."),
    "loading": N_("Fetching Python: {received} of {megabytes} MB."),
    "starting": N_("Starting Python, which takes some seconds."),
    "of_cell": N_("Cell {cell}: {words}"),
    "running": N_("Running."),
    "busy": N_("Still running. Wait for it, or stop it."),
    "same": N_("The book's output."),
    "differs": N_("Not the book's output."),
    "drawn": N_("Drawn anew."),
    "done": N_("Done."),
    "error": N_("Stopped with {error}."),
    "above": N_("Not run: an earlier cell stopped with {error}."),
    "restored": N_("As the book has it."),
    "stopped": N_("Stopped. The next run starts Python anew."),
    "failed": N_("Python could not be started: {error}"),
    "new_figure": N_("A figure that your code has drawn."),
    "changed_figure": N_("Drawn anew by the cell above it. In the book: {alt}"),
    "download": N_("Download my notebook"),
    "open": N_("Open my notebook"),
    "answer": N_("Your answer in words"),
    "opened": N_("Your notebook {name} is open."),
    "not_this": N_("{name} is not a notebook of this assignment."),
    "saved": N_("Your notebook has been downloaded as {name}."),
}


def mark(app: Sphinx, tree: nodes.document) -> None:
    """Mark the cells that can run, and say above the first one that they can.

    It is said twice, with and without script: the style shows one, so that nothing moves later.
    """
    found = list(tree.findall(is_cell))
    for number, node in enumerate(found):
        node["classes"].append("live-cell")
        node["ids"].append(f"cell-{node.get('cell_index', number)}")
    if found:
        import live  # the runtime is there only where the cells run

        work = app.env.docname.endswith("/assignment")
        notes = NOTES["no_script"], NOTES["work" if work else "ready"]
        said = [translate(words).format(megabytes=live.megabytes()) for words in notes]
        spans = "".join(f"<span>{escape(words)}</span>" for words in said)
        note = f'<p class="live-note">{spans}</p>'
        parent, place = found[0].parent, found[0].parent.index(found[0])
        parent.insert(place, nodes.raw("", note, format="html"))


def is_cell(node: nodes.Node) -> bool:
    """Return whether this is code that runs: a notebook's cell, or code in prose that says so."""
    if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        return any(part.get("nb_element") == "cell_code_source" for part in node.children)
    return isinstance(node, nodes.literal_block) and "live" in node["classes"]


def add_script(app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Load the script with the pages that have cells."""
    if 'class="live-note"' not in context.get("body", ""):
        return
    import live

    to_edition = "../" * page.count("/")
    to_site = to_edition + "../" * folder_of(app.config.language).count("/")
    source = context["sourcename"]
    about = {
        "words": {name: translate(words) for name, words in WORDS.items()},
        "worker": f"{to_site}_static/live/worker.js?v={live.version()}",
        "megabytes": live.megabytes(),
        "notebook": f"{to_edition}_sources/{source}" if source.endswith(".ipynb") else "",
        "assignment": page.split("/")[-2] if page.endswith("/assignment") else "",
        "labels": labels_of(app, page),
    }
    data = json.dumps(about, ensure_ascii=False).replace("</", "<\\/")
    context["body"] += f'\n<script type="application/json" id="live">{data}</script>\n'
    app.add_js_file("live_cells.js", loading_method="defer")
    if about["assignment"]:
        app.add_js_file("live_assignment.js", loading_method="defer", priority=510)


def setup(app: Sphinx) -> dict[str, Any]:
    """Mark the cells when a page has been read."""
    if os.environ.get("BOOK_LIVE"):
        app.connect("doctree-read", mark)
        app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
