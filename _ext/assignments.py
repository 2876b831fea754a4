"""Show an assignment in its student's version: no solution ever reaches the site.

The sources in ``chapters/NAME/assignment.ipynb`` are the instructors'. They are changed while they
are read, and the file that a reader can download is the student's notebook as well.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from lossbook.classroom.teacher.source import Source, write_notebook


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


def setup(app: Sphinx) -> dict[str, Any]:
    """Come first when a page is read, and when the build has ended."""
    app.connect("source-read", read_released, priority=100)
    app.connect("build-finished", offer_released, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
