"""Say of each section about how high it is, so that a browser can lay it out late.

A page of formulas is laid out in ten thousand steps, most of them far below what a reader sees. The
style (`_static/lossbook.css`) leaves a section until the reader comes near it, and gives it until
then the height that its letters stand for. An estimate is enough: it moves the scroll bar only.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

#: As many letters of text take the room of a line of code, a displayed formula, a figure, the end
#: of a paragraph, the title of what is folded.
LINE_OF_CODE, FORMULA, FIGURE, END, TITLE = 22, 60, 300, 30, 120

#: All but the letters that are as wide as they are high.
WIDE = re.compile("[^가-\U0010ffff]+")


def letters(node: nodes.Node) -> float:
    """Return how many letters of text take the room of what a node shows."""
    if isinstance(node, nodes.Text):
        text = node.astext()
        return len(text) + 0.7 * len(WIDE.sub("", text))
    if isinstance(node, nodes.literal_block):
        return END + LINE_OF_CODE * len(node.astext().splitlines())
    if isinstance(node, nodes.math):
        return len(node.astext()) / 3
    if isinstance(node, nodes.math_block):
        return FORMULA
    if isinstance(node, nodes.image) or (isinstance(node, nodes.raw) and "<svg" in node.astext()):
        return FIGURE
    if isinstance(node, nodes.raw):
        return 0
    if any("dropdown" in name for name in node.get("classes", [])):
        return TITLE
    is_cell = isinstance(node.parent, nodes.entry)
    ends = isinstance(node, nodes.paragraph | nodes.title | nodes.row) and not is_cell
    return END * ends + sum(letters(child) for child in node.children)


def visit_section(translator: HTML5Translator, node: nodes.section) -> None:
    """Begin a section; below the page's own, with its letters."""
    translator.section_level += 1
    size = {"style": f"--letters: {round(letters(node))}"} if translator.section_level == 2 else {}
    translator.body.append(translator.starttag(node, "section", **size))


def depart_section(translator: HTML5Translator, node: nodes.section) -> None:
    """End a section."""
    translator.section_level -= 1
    translator.body.append("</section>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the sections."""
    app.add_node(nodes.section, override=True, html=(visit_section, depart_section))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
