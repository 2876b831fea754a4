r"""The directive ``{loss-parts}``: the parts of a loss's formula, and where they are in its curve.

    ```{loss-parts} mean_squared_error
    ```

It writes a button for each part, with what it is in the curve. `marked` marks the same parts in the
formula that opens the chapter, as KaTeX's ``\htmlClass``; ``loss_parts.js`` lights up what belongs
together where a reader points at any of the three. Without JavaScript a list says the same.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from moving import register
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import N_, translate


class Part(NamedTuple):
    """A part of a formula, and what it is in the curve.

    Attributes
    ----------
    key : str
        What tells it from the other parts.
    tex : str
        The piece of the formula, wherever it stands.
    word : str
        Its name.
    place : str
        Where it is in the curve.
    figure : str
        A selector for the elements of the drawing, none for the whole curve.
    line : str
        What is drawn beside: ``foot``, the place of the point on the axis, or ``between``, the way
        there from the label.
    target : int or None
        The only label for which the drawing has this part.
    """

    key: str
    tex: str
    word: str
    place: str
    figure: str
    line: str = ""
    target: int | None = None


MEAN = Part(
    "mean",
    r"\frac{1}{N} \sum_{i=1}^{N}",
    N_("mean"),
    N_("the mean over all samples: this curve is the loss of one of them"),
    ".curve-line[data-k='0']",
)
HEIGHT = ".curve-guide, .curve-dot[data-k='0']"
#: The parts of each formula, larger ones before those within them.
PARTS = {
    "mean_squared_error": (
        MEAN,
        Part(
            "square",
            "(y_i - t_i)^2",
            N_("square"),
            N_("the squared difference: how high the point stands"),
            HEIGHT,
        ),
        Part(
            "difference",
            "y_i - t_i",
            N_("difference"),
            N_(
                "the difference between prediction and label: the way from the triangle to below "
                "the point"
            ),
            "",
            "between",
        ),
        Part(
            "y",
            "y_i",
            N_("prediction"),
            N_("the prediction: the place below the point"),
            "",
            "foot",
        ),
        Part("t", "t_i", N_("label"), N_("the label: the triangle"), ".curve-target"),
    ),
    "binary_crossentropy": (
        MEAN,
        Part(
            "no",
            r"(1 - t_i) \log(1 - y_i)",
            N_("second logarithm"),
            N_("minus this logarithm, where the label is 0: how high the point stands"),
            HEIGHT,
            target=0,
        ),
        Part(
            "yes",
            r"t_i \log y_i",
            N_("first logarithm"),
            N_("minus this logarithm, where the label is 1: how high the point stands"),
            HEIGHT,
            target=1,
        ),
        Part(
            "y", "y_i", N_("prediction"), N_("the prediction: how long the bar is"), ".curve-share"
        ),
        Part("t", "t_i", N_("label"), N_("the label: the mark on the bar"), ".curve-mark"),
    ),
    "categorical_crossentropy": (
        MEAN,
        Part(
            "sum",
            r"\sum_{j=1}^{C}",
            N_("sum over classes"),
            N_("the sum over classes: a bar for each, of which the label leaves one"),
            ".curve-name",
        ),
        Part(
            "log",
            r"\log(y_{ij})",
            N_("logarithm"),
            N_("minus the logarithm of the true class's probability: how high the point stands"),
            HEIGHT,
        ),
        Part(
            "y",
            "y_{ij}",
            N_("predictions"),
            N_("the predictions: how long the bars are"),
            ".curve-share",
        ),
        Part("t", "t_{ij}", N_("labels"), N_("the labels: the marks on the bars"), ".curve-mark"),
    ),
}


def marked(name: str, latex: str) -> str:
    r"""Return a loss's formula with its parts marked, or nothing if it has none.

    >>> marked("mean_absolute_error", "L")
    ''

    Raises
    ------
    ValueError
        If the formula has not all parts.
    """
    if name not in PARTS:
        return ""
    for part in PARTS[name]:
        if part.tex not in latex:
            raise ValueError(f"the formula of {name} has no part {part.tex}")
        latex = latex.replace(part.tex, rf"\htmlClass{{part-{part.key}}}{{{part.tex}}}")
    return latex


def element(name: str) -> str:
    """Return the buttons as HTML, from the smallest part to the largest."""
    buttons = []
    for part in reversed(PARTS[name]):
        found = {"figure": part.figure, "line": part.line, "target": part.target}
        about = json.dumps({key: value for key, value in found.items() if value not in ("", None)})
        buttons.append(
            f'<li><button type="button" data-part="{part.key}" data-about="{escape(about)}" '
            f'data-said="{escape(translate(part.place))}">{escape(translate(part.word))}</button>'
            f"<span> {escape(translate(part.place))}</span></li>"
        )
    asked = escape(translate("Point at a part of the formula or of the curve:"))
    return (
        f'<loss-parts data-name="{name}"><p>{asked}</p><ul>{"".join(buttons)}</ul>'
        '<output aria-live="polite"></output></loss-parts>\n'
    )


class LossParts(SphinxDirective):
    """Write the parts of a formula into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        name = self.arguments[0]
        if name not in PARTS:
            raise self.error(f"{name!r} has no parts; expected one of {', '.join(PARTS)}")
        return [nodes.raw("", element(name), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "loss-parts", LossParts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
