"""In a translated edition, the figures have their labels in its language.

The stored drawings are the same for all editions. Their labels come from the catalogue ``figures``
and are put into the files that the built pages show and that readers download.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from editions import FIRST, LOCALE, holds_words
from sphinx.application import Sphinx

from lossbook.classroom.teacher.edition import read_catalogue

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_live"))

from figure_words import texts, translated

CATALOGUE = "figures"
SVG = "image/svg+xml"


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of an edition for the labels of figures."""
    return read_catalogue(LOCALE / language / "LC_MESSAGES" / f"{CATALOGUE}.po", language)


def messages_of(notebook: dict[str, Any]) -> Iterator[str]:
    """Yield the labels of a notebook's figures that have something to translate."""
    for cell in notebook["cells"]:
        for data in stored(cell):
            yield from (text for text in texts("".join(data[SVG])) if holds_words(text))


def labels_of(app: Sphinx, page: str) -> dict[str, str]:
    """Return the words of an edition for what the cells of a page draw."""
    path = Path(app.env.doc2path(page))
    if app.config.language == FIRST or path.suffix != ".ipynb":
        return {}
    known = words(app.config.language)
    found = messages_of(json.loads(path.read_text(encoding="utf-8")))
    return {text: known[text] for text in found if text in known}


def stored(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where a cell of a notebook stores figures."""
    found = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [data for data in found if SVG in data]


def translate_figures(cell: dict[str, Any], language: str) -> None:
    """Translate the figures that a cell of a notebook stores."""
    for data in stored(cell):
        svg = translated("".join(data[SVG]), words(language), language)
        data[SVG] = svg.splitlines(keepends=True)


def translate_images(app: Sphinx, exception: Exception | None) -> None:
    """Translate the figures that the built pages show."""
    language = app.config.language
    if exception or app.builder.format != "html" or language == FIRST:
        return
    for path in Path(app.outdir, "_images").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        path.write_text(translated(svg, words(language), language), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Translate what has been copied beside the pages."""
    app.connect("build-finished", translate_images)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
