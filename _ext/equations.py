"""Read the labelled equations of a page from its source: for the cards, and for the tests."""

from __future__ import annotations

import re
from pathlib import Path

_BLOCK = re.compile(
    r"^```\{math\}[ \t]*\n:label:[ \t]*(?P<label>[\w-]+)[ \t]*\n(?P<latex>.*?)^```[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def labelled_equations(page: Path) -> dict[str, str]:
    """Return the LaTeX of every ``{math}`` block of a page that has a label.

    Parameters
    ----------
    page : Path
        A Markdown page.

    Returns
    -------
    dict of str to str
        LaTeX by label, in the page's order.

    Raises
    ------
    ValueError
        If a label stands twice.
    """
    found: dict[str, str] = {}
    for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        label = match["label"]
        if label in found:
            raise ValueError(f"{page}: the label {label!r} stands twice")
        found[label] = match["latex"].strip()
    return found


def inline(latex: str) -> str:
    r"""Return the LaTeX of a displayed equation for use in a cell of a Markdown table.

    A line breaks within brackets only if they do not stretch, so ``\left`` and ``\right`` go.
    """
    latex = re.sub(r"\\(?:left|right)(?![a-zA-Z])", "", latex)
    return "$" + " ".join(latex.split()).replace("|", r"\vert ") + "$"
