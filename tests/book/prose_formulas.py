"""Find the formulas that stand in sentences, in tables, and displayed without a label.

The pages are read with the parser that builds them, so that code and comments are no formulas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in ("index.md", "chapters/**/*.md", "chapters/**/*.ipynb")
    for path in ROOT.glob(pattern)
    if ".ipynb_checkpoints" not in path.parts
)
READER = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(dollarmath_plugin, allow_labels=False)
    .use(colon_fence_plugin)
    .use(deflist_plugin)
    .use(myst_role_plugin)
)
#: Directives that hold something else than text.
NO_TEXT = {
    "code-block",
    "code-cell",
    "literalinclude",
    "eval-rst",
    "raw",
    "toctree",
    "bibliography",
}


class Formula(NamedTuple):
    """A formula of a page: its LaTeX in one form, and the row and the column of a table's cell."""

    page: str
    latex: str
    place: str = ""

    def __str__(self) -> str:
        """Name the formula as a message does."""
        return f"{self.page}{f' ({self.place})' if self.place else ''}: ${self.latex}$"


def normal(latex: str) -> str:
    r"""Return LaTeX in the form in which formulas are compared: blanks and sizes do not count.

    >>> normal(r"\left( y_{i}  - t \right)\,,") == normal("(y_i-t),")
    True
    >>> normal("{y - t}") == normal("y - t")  # braces that only forbid to break the line
    True
    """
    latex = re.sub(r"^\{(.*)\}$", r"\1", latex.strip(), flags=re.DOTALL)
    latex = re.sub(r"\\(?:left|right|[bB]ig[lr]?)(?![a-zA-Z])|\\[,;!]", " ", latex)
    latex = re.sub(r"\\bar\{(\w)\}", r"\\bar \1", latex)
    latex = re.sub(r"\\[lr]?vert(?![a-zA-Z])", "|", latex)
    latex = re.sub(r"([_^])\{(\w)\}", r"\1\2", latex)
    latex = re.sub(r"\s+", " ", latex)
    latex = re.sub(r"(?<![a-zA-Z]) | (?![a-zA-Z])", "", latex)
    return latex.strip()


def formulas(page: Path) -> list[Formula]:
    """Return the formulas of a page that carry no label, in their order."""
    name = str(page.relative_to(ROOT))
    if page.suffix == ".md":
        texts = [page.read_text(encoding="utf-8")]
    else:
        cells = json.loads(page.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    return [Formula(name, normal(latex), place) for text in texts for latex, place in within(text)]


def within(text: str) -> Iterator[tuple[str, str]]:
    """Give each formula of a text, with its place in a table."""
    heads: list[str] = []
    row: list[str] = []
    in_head = False
    for token in READER.parse(text):
        if token.type == "thead_open":
            heads, in_head = [], True
        elif token.type == "thead_close":
            in_head = False
        elif token.type == "tr_open":
            row = []
        elif token.type == "table_close":
            heads = []
        elif token.type == "inline":
            place = ""
            if heads and not in_head:
                row.append(plain(token.content))
                place = f"{row[0]} / {heads[len(row) - 1]}"
            elif in_head:
                heads.append(plain(token.content))
            for child in token.children or []:
                if child.type in ("math_inline", "math_inline_double"):
                    yield child.content, place
        elif token.type == "math_block":
            yield token.content, ""
        elif token.type in ("fence", "colon_fence"):
            yield from within_directive(token)


def within_directive(token: Any) -> Iterator[tuple[str, str]]:
    """Give the formulas of a directive: its own, or those of the text that it holds."""
    named = re.match(r"\{([\w-]+)\}\s*(.*)", token.info)
    if named is None:
        return
    options = re.match(r"(?::[\w-]+:.*\n|---\n(?:.*\n)*?---\n)*", token.content)
    body = token.content[options.end() :] if options else token.content
    if named[1] == "math":
        if ":label:" not in token.content:
            yield body, ""
    elif named[1] == "glossary":
        yield from within(re.sub(r"^ +", "", body, flags=re.MULTILINE))
    elif named[1] not in NO_TEXT:
        yield from within(named[2])
        yield from within(body)


def plain(text: str) -> str:
    """Return the words of a cell, without the marks of roles and links."""
    text = re.sub(r"\{[\w:-]+\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(text.replace("`", "").replace("*", "").split())
