"""What autodoc needs for this book's pages of the API.

A loss is an object that is called: it is shown with the docstring of its class. In a translated
edition a docstring is translated before it is parsed, for it is reStructuredText and its page
Markdown. And a reference shows its own number, not the one by which numpydoc tells it from others.
"""

from __future__ import annotations

import gettext
import inspect
import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from docutils import nodes
from editions import FIRST, LOCALE
from sphinx.application import Sphinx

import lossbook as lb

#: What stands before a paragraph's words: its indentation, a bullet, the label of a reference.
BEFORE = re.compile(r"( *)((?:- |\d+\. |\.\. \[\w+-?\d*\] )?)")
#: Markup that ends before a letter is none to docutils, unless a backslash ends the word.
CLOSED = re.compile(r"(?<=[^\s(\[])([`*_])(?=[^\W\d_a-zA-Z])")


def show_the_class(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Put the docstring of the loss's class in place of an empty one."""
    if isinstance(thing, lb.Loss):
        lines[:] = (inspect.getdoc(type(thing)) or "").splitlines()


def translate_docstring(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Exchange the paragraphs of a docstring for those of its page's catalogue."""
    if app.config.language == FIRST:
        return
    catalogue = gettext.translation(
        app.env.docname, str(LOCALE), [app.config.language], fallback=True
    )
    lines[:] = [line for block in paragraphs(lines) for line in translated(block, catalogue)]


def opening(line: str) -> tuple[str, str]:
    """Return the indentation of a line, and its bullet or label."""
    match = BEFORE.match(line)
    assert match is not None  # it may be empty
    return match[1], match[2]


def paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Yield lines that belong together: without a gap, equally indented, with one bullet."""
    for _, group in groupby(
        lines, lambda line: (not line.strip(), len("".join(opening(line)))) if line else None
    ):
        block = list(group)
        starts = [k for k, line in enumerate(block) if k and opening(line)[1]]
        for first, last in pairwise([0, *starts, len(block)]):
            yield block[first:last]


def translated(block: list[str], catalogue: gettext.NullTranslations) -> list[str]:
    """Return a paragraph's lines in the catalogue's language, as one line."""
    before = "".join(opening(block[0]))
    words = " ".join([block[0][len(before) :], *(line.strip() for line in block[1:])]).strip()
    found = catalogue.gettext(words) if words else words
    return block if found == words else [before + CLOSED.sub(r"\1\\ ", found)]


def number_references(app: Sphinx, doctree: nodes.document) -> None:
    """Show each docstring's references as it counts them; numpydoc looks for them elsewhere."""
    for text in list(doctree.findall(nodes.Text)):
        if re.search(r"R[0-9a-f]{10,12}-\d", text):
            text.parent.replace(text, nodes.Text(re.sub(r"R[0-9a-f]{10,12}-(\d)", r"\1", text)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Come before numpydoc, which lays the docstring out, and after it."""
    app.connect("autodoc-process-docstring", show_the_class, priority=400)
    app.connect("autodoc-process-docstring", translate_docstring, priority=600)
    app.connect("doctree-read", number_references)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
