"""A number stands in a text as a book writes it, not as a program prints it.

What a notebook has computed, what a library has answered and what a docstring says comes with a
hyphen before what is negative and with an ``e`` before the exponent: -4.1e-09. A page shows
−4.1 × 10⁻⁹. Code and what it prints stay as they are.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)(?![\w.]*\d)")
#: Before a number, where nothing stands that it could join; and between a number or a letter and
#: what is subtracted.
HYPHEN = re.compile(r"(?<![^\s(\[=≈,;“‘])-(?=\d|inf\b)|(?<=\b[\dA-Z] )-(?= |$)")
AS_TYPED = (
    nodes.literal
    | nodes.literal_block
    | nodes.doctest_block
    | nodes.raw
    | nodes.math
    | nodes.math_block
)


def with_power(number: re.Match[str]) -> str:
    """Return a number with a power of ten in place of its ``e``."""
    digits, exponent = number[1], f"10{str(int(number[2])).translate(RAISED)}"
    return exponent if digits == "1" else f"{digits}{SPACE}×{SPACE}{exponent}"


def written(text: str) -> str:
    r"""Return a text with its numbers as a book writes them.

    >>> written("The slope is -4.1e-09, at most 1e-15 of C - 1; a date is 2024-01-02.")
    'The slope is −4.1\xa0×\xa010⁻⁹, at most 10⁻¹⁵ of C − 1; a date is 2024-01-02.'
    """
    return HYPHEN.sub(MINUS, EXPONENT.sub(with_power, text))


class WrittenNumbers(SphinxPostTransform):
    """Write all numbers of a page so."""

    default_priority = 890  # when the notebooks' numbers stand, and before pieces are joined
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Look at every text that is neither code nor a formula."""
        for text in list(self.document.findall(nodes.Text)):
            if text.parent is None or isinstance(text.parent, AS_TYPED):
                continue
            place = text.parent.index(text)
            before = text.parent[place - 1].astext()[-1:] if place else ""
            new = written(before + text.astext())[len(before) :]
            if new != text.astext():
                text.parent.replace(text, nodes.Text(new))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_post_transform(WrittenNumbers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
