"""Show an assignment in its student's version: no solution ever reaches the site.

The sources in ``chapters/NAME/assignment.ipynb`` are the instructors'. They are changed while they
are read, and the file that a reader can download is the student's notebook as well. It begins with
the cell that installs `lossbook`, as what teachers hand out does: the site offers the wheel, too.
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
    "**On your own computer.** Download this notebook with the button at the top of the page, and "
    "{own-wheel}`the package lossbook` into the same folder. The first cell of what you have "
    "downloaded installs the package where it is missing. You need Python with NumPy, and "
    "JupyterLab or VS Code."
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
    # A cell more than there are, as in the download: what runs on the page knows cells by number.
    how = {"cell_type": "markdown", "id": "on-your-own", "metadata": {}, "source": [HOW]}
    notebook["cells"].insert(1, how)
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader"):
            place = f":::{{container}} written-answer\n:name: cell-{number}"
            cell["source"] = [f"{place}\n\n", *cell["source"], "\n:::"]
    source[0] = json.dumps(notebook)


def refer_to_wheel(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Inliner,
    options: dict[str, Any] | None = None,
    content: list[str] | None = None,
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return a link to the package, in the folder of the edition."""
    up = "../" * inliner.document.settings.env.docname.count("/")
    return [nodes.reference(rawtext, text, refuri=up + WHEEL)], []


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


def add_package(app: Sphinx, exception: Exception | None) -> None:
    """Write the package beside the site, and the cell that installs it into the downloads."""
    if exception or app.builder.format != "html":
        return
    downloads = list(Path(app.outdir, "_sources").rglob("assignment.ipynb"))
    if downloads:
        write_wheel(Path(app.outdir))
    for path in downloads:
        notebook = standing_alone(json.loads(path.read_text(encoding="utf-8")))
        address = app.config.html_baseurl + WHEEL
        write_notebook(path, with_first_cell(notebook, address, app.config.language))


def setup(app: Sphinx) -> dict[str, Any]:
    """Come first when a page is read, and after the translation when the build has ended."""
    app.add_role("own-wheel", refer_to_wheel)
    app.connect("source-read", read_released, priority=100)
    app.connect("build-finished", offer_released, priority=100)
    app.connect("build-finished", add_package, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
