"""Show an assignment in its student's version: no solution ever reaches the site.

The sources in ``chapters/NAME/assignment.ipynb`` are the instructors'. They are changed while they
are read, and the file that a reader can download is the student's notebook as well. For the
reader's own computer there is what a teacher hands out, too: a notebook that begins with the cell
that installs `lossbook`, and the wheel.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx

import lossbook as lb
from lossbook.classroom.teacher.release import with_first_cell, write_wheel
from lossbook.classroom.teacher.source import Source, standing_alone, write_notebook

WHEEL = f"lossbook-{lb.__version__}-py3-none-any.whl"
HOW = (
    "**On your own computer.** Download {own-copy}`the notebook` and {own-wheel}`the package "
    "lossbook` into one folder. The notebook's first cell installs the package where it is "
    "missing. You need Python with NumPy, and JupyterLab or VS Code."
)


def released(app: Sphinx, page: str) -> dict[str, Any] | None:
    """Return the student's version of a page, or None if it is no assignment."""
    if not page.endswith("/assignment"):
        return None
    source = Source.find(str(app.env.doc2path(page)))
    # The builder itself translates the words, later: titles keep their places' names.
    return replace(source, path=None).released(app.config.language)


def read_released(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the student's version in place of what was read; mark where words are to be written."""
    notebook = released(app, page)
    if notebook is None:
        return
    title = notebook["cells"][0]
    title["source"] = [*title["source"], f"\n\n{HOW}"]
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader"):
            place = f":::{{container}} written-answer\n:name: cell-{number}"
            cell["source"] = [f"{place}\n\n", *cell["source"], "\n:::"]
    source[0] = json.dumps(notebook)


def offer_released(app: Sphinx, exception: Exception | None) -> None:
    """Write the student's version over the copy of the source."""
    if app.builder.format != "html":
        return
    for path in Path(app.outdir, "_sources").rglob("assignment.ipynb"):
        if exception:
            path.unlink()
        else:
            page = str(path.relative_to(Path(app.outdir, "_sources")).with_suffix(""))
            write_notebook(path, released(app, page))


def refer(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Inliner,
    options: dict[str, Any] | None = None,
    content: list[str] | None = None,
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return a link to a reader's own copy of the notebook, or to the package."""
    page = inliner.document.settings.env.docname
    own = f"{page.split('/')[-2]}.ipynb"
    address = own if name == "own-copy" else "../" * page.count("/") + WHEEL
    return [nodes.reference(rawtext, text, refuri=address)], []


def add_own_copies(app: Sphinx, exception: Exception | None) -> None:
    """Write the package and the notebooks that install it, in the edition's language."""
    if exception or app.builder.format != "html":
        return
    downloads = list(Path(app.outdir, "_sources").rglob("assignment.ipynb"))
    if downloads:
        write_wheel(Path(app.outdir))
    for path in downloads:
        notebook = standing_alone(json.loads(path.read_text(encoding="utf-8")))
        notebook = with_first_cell(notebook, app.config.html_baseurl + WHEEL, app.config.language)
        folder = Path(app.outdir, path.parent.relative_to(Path(app.outdir, "_sources")))
        write_notebook(folder / f"{folder.name}.ipynb", notebook)


def setup(app: Sphinx) -> dict[str, Any]:
    """Come first when a page is read, and after the translation when the build has ended."""
    app.add_role("own-copy", refer)
    app.add_role("own-wheel", refer)
    app.connect("source-read", read_released, priority=100)
    app.connect("build-finished", offer_released, priority=100)
    app.connect("build-finished", add_own_copies, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
