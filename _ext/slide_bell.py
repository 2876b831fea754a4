"""The directive ``{slide-bell}``: a bell over five labels, its mean and its spread to be slid.

The page holds the drawing and its numbers as `lossbook` computes them, and ``slide_bell.js`` moves
them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from curve_drawings import LEFT, RIGHT, drawing, text
from docutils import nodes
from moving import named, piece, register, row, shown, slider
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import translate

import lossbook as lb

LABELS = [2.0, 3.5, 4.0, 5.5, 7.0]
#: First value, step and number of stops of the mean and of the spread, and where they begin.
GRIDS = ((0.0, 0.1, 101), (0.5, 0.1, 36))
START = (3.0, 1.0)
TOP, FLOOR, HEIGHT = 16, 260, 300
#: The largest density in the drawing: that of the narrowest bell at its mean.
HIGHEST = 0.8


def density(t: float, mean: float, spread: float) -> float:
    """Return the density of a Gaussian.

    >>> round(density(0.0, 0.0, 1.0), 4)
    0.3989
    """
    return math.exp(-(((t - mean) / spread) ** 2) / 2) / (spread * math.sqrt(2 * math.pi))


def numbers(mean: float, spread: float) -> dict[str, float]:
    """Return the likelihood of the labels, the mean surprise, and the mean squared error."""
    loss = lb.mean_squared_error(LABELS, [mean] * len(LABELS))
    surprise = loss / (2 * spread**2) + math.log(2 * math.pi * spread**2) / 2
    return {"likelihood": math.exp(-len(LABELS) * surprise), "surprise": surprise, "loss": loss}


def across(t: float) -> float:
    """Return the place of a label."""
    return LEFT + t / 10 * (RIGHT - LEFT)


def up(value: float) -> float:
    """Return the height of a density."""
    return FLOOR - value / HIGHEST * (FLOOR - TOP)


def power(value: float) -> str:
    """Return a small number with its power of ten.

    >>> power(0.000123456)
    '1.235 · 10⁻⁴'
    """
    digits, _, exponent = f"{value:.3e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} · 10{raised}"


def element() -> str:
    """Return the whole as HTML."""
    mean, spread = START
    found = numbers(mean, spread)
    grid = np.linspace(0, 10, 101)
    bell = "L".join(f"{across(t):.1f} {up(density(t, mean, spread)):.1f}" for t in grid.tolist())
    parts = [f'<path class="curve-axis" d="M{LEFT} {FLOOR}H{RIGHT}"/>']
    parts += [text(across(t), FLOOR + 28, f"{t}") for t in range(0, 11, 2)]
    parts.append(f'<path class="curve-line" data-k="0" d="M{bell}"/>')
    for k, t in enumerate(LABELS):
        x, height = f"{across(t):.1f}", f"{up(density(t, mean, spread)):.1f}"
        parts.append(f'<path class="bell-bar" data-k="{k}" d="M{x} {FLOOR}V{height}"/>')
        parts.append(f'<circle class="curve-point" cx="{x}" cy="{FLOOR}" r="6"/>')
    names = (translate("mean of the bell"), translate("its spread"))
    sliders = "".join(
        slider(grid, round((start - grid[0]) / grid[1]), name, f"<i>{letter}</i>")
        for grid, start, name, letter in zip(GRIDS, START, names, "yσ", strict=True)
    )
    values = row(
        named(f"{names[0]} <i>y</i> =", "mean", mean, 1),
        [named(f"{names[1]} <i>σ</i> =", "spread", spread, 1)],
    )
    values += row(named(translate("likelihood"), "likelihood", power(found["likelihood"])), [])
    values += row(
        named(translate("mean surprise"), "surprise", found["surprise"]),
        [named(translate("squared error"), "loss", found["loss"])],
    )
    label = translate(
        "A bell over five labels, and at each label a bar as high as the bell. With the mean "
        "%(mean)s and the spread %(spread)s the mean surprise is %(surprise)s."
    ) % {
        "mean": shown(mean, 1),
        "spread": shown(spread, 1),
        "surprise": shown(found["surprise"]),
    }
    live = translate(
        "A bell over five labels, and at each label a bar as high as the bell. The numbers follow."
    )
    best = translate("Most likely")
    return piece(
        "slide-bell",
        translate("Slide the bell"),
        drawing(HEIGHT, label, live, "".join(parts)),
        sliders,
        values,
        f'<div class="curve-choices"><button type="button">{best}</button></div>',
        data={"labels": LABELS},
    )


class SlideBell(SphinxDirective):
    """Write the bell and the labels into the page."""

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        return [nodes.raw("", element(), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "slide-bell", SlideBell)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
