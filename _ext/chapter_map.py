"""The directive ``{chapter-map}``: the chapters in order, and which rests on which.

A chapter's "Before you begin" names by links what it needs. The map draws these links as arcs
beside the list of chapters, without those that follow from others. The list says it in numbers.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from made_tables import made
from sphinx.util.docutils import SphinxDirective
from wording import translate

ROOT = Path(__file__).resolve().parent.parent
#: Height of a row, and where the dots stand, in units of the drawing: a row has 3rem on the page.
ROW, DOTS = 48, 84


@cache
def chapters() -> list[str]:
    """Return the chapters' pages in the book's order, without reviews and what is not a chapter."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [file for file in files if box(file)]


@cache
def box(file: str) -> str:
    """Return what stands in a page's box "Before you begin"; nothing where it has none."""
    page = ROOT / f"{file}.md"
    if not page.exists():
        return ""
    text = page.read_text(encoding="utf-8")
    found = re.search(
        r"\{admonition\} Before you begin\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    )
    return found[1] if found else ""


@cache
def needs(file: str) -> list[str]:
    """Return the chapters that a box links to, in the book's order."""
    folder = ROOT / Path(file).parent
    links = re.findall(r"\]\(([^)#]+)\.(?:md|ipynb)", box(file))
    linked = {os.path.relpath(os.path.normpath(folder / link), ROOT) for link in links}
    return [chapter for chapter in chapters() if chapter in linked - {file}]


def minutes(file: str) -> int:
    """Return how long a box says that reading takes."""
    found = re.search(r"Reading takes\s+about\s+(\d+)\s+minutes", box(file))
    if not found:
        raise ValueError(f"{file}.md does not say how long reading takes")
    return int(found[1])


@cache
def rests_on(file: str) -> set[str]:
    """Return all that a chapter needs, and what that needs."""
    return set(needs(file)).union(*map(rests_on, needs(file)))


def direct(file: str) -> list[str]:
    """Return what a chapter needs, without what follows from the rest of it."""
    return [n for n in needs(file) if not any(n in rests_on(other) for other in needs(file))]


def drawing() -> str:
    """Return the arcs as SVG, from each chapter down to those that need it."""
    names = chapters()
    parts = [
        f'<svg viewBox="0 0 {DOTS + 8} {ROW * len(names)}" role="img" aria-label="'
        + translate("Arcs from each chapter down to those that need it, as the list says.")
        + '">'
    ]
    for row, name in enumerate(names):
        end = ROW * row + ROW // 2
        parts.append(f'<circle cx="{DOTS}" cy="{end}" r="4"/>')
        for need in direct(name):
            start = ROW * names.index(need) + ROW // 2
            left = DOTS - min(14 + (end - start) // 8, DOTS)
            parts.append(f'<path d="M{DOTS} {start}C{left} {start} {left} {end} {DOTS} {end}"/>')
    return "".join([*parts, "</svg>"])


class ChapterMap(SphinxDirective):
    """Show the map."""

    def run(self) -> list[nodes.Node]:
        """Return the drawing and the list."""
        names = chapters()
        for name in names:
            self.env.note_dependency(str(ROOT / f"{name}.md"))
        here = Path(self.env.doc2path(self.env.docname)).parent
        lines = []
        for number, name in enumerate(names, 1):
            numbers = ", ".join(str(names.index(need) + 1) for need in direct(name))
            words = translate("{minutes} minutes, needs {numbers}") if numbers else ""
            told = (words or translate("{minutes} minutes")).format(
                minutes=minutes(name), numbers=numbers
            )
            link = os.path.relpath(ROOT / f"{name}.md", here)
            lines.append(f"{number}. [](<{link}>) *{told}*")
        figure = nodes.container(classes=["chapter-map"])
        figure += nodes.raw("", drawing(), format="html")
        figure += made(self, "\n".join(lines))
        return [figure]


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("chapter-map", ChapterMap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
