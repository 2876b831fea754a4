"""The directive ``{fit-line}``: some points, and a line to be fitted by hand.

    ```{fit-line} squared
    ```

With ``absolute`` it begins with absolute errors. The page holds the drawing and its numbers as
`lossbook` computes them; ``fit_line.js`` moves them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from curve_drawings import LEFT, RIGHT, drawing, text
from docutils import nodes
from moving import named, piece, register, row, shown, slider
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import translate

import lossbook as lb

#: Features and labels. The last label can be dragged.
X = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0])
T = np.array([1.6, 1.9, 2.9, 2.7, 3.6, 3.5, 4.4, 5.1])
#: Slope, intercept and the last label: first value, step, number of stops, and where each begins.
GRIDS = ((-0.5, 0.05, 41), (-1.0, 0.1, 61), (0.0, 0.1, 66))
START = (0.2, 2.5, 5.1)
TOP, BOTTOM, HEIGHT = 14, 378, 420
UNIT = (RIGHT - LEFT) / 10


def numbers(loss: lb.Loss, w: float, b: float, last: float) -> dict[str, float]:
    """Return the loss of a line and its derivatives with respect to slope and intercept.

    >>> numbers(lb.mean_absolute_error, 0.0, 0.0, 0.0)["dw"]
    -3.5
    """
    t = np.array([*T[:-1], last])
    y = w * X + b
    gradient = loss.gradient(t, y)
    return {"loss": loss(t, y), "dw": float(gradient @ X), "db": float(gradient.sum())}


def place(x: float, t: float) -> tuple[float, float]:
    """Return the place of a point in the drawing."""
    return LEFT + x * UNIT, BOTTOM - t * UNIT


def picture(absolute: bool) -> str:
    """Return the drawing as it stands before anybody moves it."""
    w, b, _ = START
    parts = [f'<path class="curve-axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>']
    parts += [text(place(x, 0)[0], BOTTOM + 26, f"{x}") for x in range(0, 11, 2)]
    parts += [text(LEFT - 9, place(0, t)[1] + 5, f"{t}", anchor="end") for t in range(0, 7, 2)]
    errors, points = [], []
    for x, t in zip(X, T, strict=True):
        (a, here), line = place(x, t), place(x, w * x + b)[1]
        side = abs(here - line)
        box = f'x="{a - side:.1f}" y="{min(here, line):.1f}" width="{side:.1f}"'
        hidden = " hidden" if absolute else ""
        errors.append(f'<rect class="fit-square" {box} height="{side:.1f}"{hidden}/>')
        errors.append(f'<path class="fit-error" d="M{a:.1f} {here:.1f}V{line:.1f}"/>')
        if x != X[-1]:
            points.append(f'<circle class="curve-point" cx="{a:.1f}" cy="{here:.1f}" r="6"/>')
    a, here = place(X[-1], T[-1])
    (x0, y0), (x1, y1) = place(0, b), place(10, 10 * w + b)
    box = f"{LEFT} {TOP} {RIGHT - LEFT} {BOTTOM - TOP}"
    x, y, width, height = box.split()
    parts += [
        f'<svg aria-hidden="true" x="{x}" y="{y}" width="{width}" height="{height}" '
        f'viewBox="{box}">{"".join(errors)}'
        f'<path class="curve-line" data-k="0" d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/></svg>',
        *points,
        f'<g class="curve-moved" transform="translate({a:.1f} {here:.1f})">'
        '<path d="M0 -13l13 13l-13 13l-13 -13z"/></g>',
    ]
    return "".join(parts)


def element(kind: str) -> str:
    """Return the whole as HTML."""
    absolute = kind == "absolute"
    loss = lb.mean_absolute_error if absolute else lb.mean_squared_error
    found = numbers(loss, *START)
    names = (translate("slope"), translate("intercept"), translate("label of the diamond"))
    sliders = "".join(
        slider(grid, round((start - grid[0]) / grid[1]), name, f"<i>{letter}</i>")
        for grid, start, name, letter in zip(GRIDS, START, names, "wbt", strict=True)
    )
    label = translate(
        "Eight points and a line. At each point the error is drawn: as a square, or as its length. "
        "The line has the slope %(w)s and the intercept %(b)s; the loss is %(loss)s."
    ) % {"w": shown(START[0], 2), "b": shown(START[1], 1), "loss": shown(found["loss"])}
    live = translate(
        "Eight points and a line. At each point the error is drawn: as a square, or as its length. "
        "The numbers follow."
    )
    values = row(
        f"{names[0]} {named('<i>w</i> =', 'w', START[0], 2)}, "
        f"{names[1]} {named('<i>b</i> =', 'b', START[1], 1)}",
        [],
    )
    values += row(named(translate("loss"), "loss", found["loss"]), [])
    values += row(
        translate("derivative"),
        [
            named(translate("in %s") % "<i>w</i>", "dw", found["dw"]),
            named(translate("in %s") % "<i>b</i>", "db", found["db"]),
        ],
    )
    checked = " checked" if absolute else ""
    # Words inside an f-string would be missed by what collects them for the translation.
    absolute_errors, best = translate("absolute errors"), translate("Best line")
    return piece(
        "fit-line",
        translate("Fit a line yourself"),
        drawing(HEIGHT, label, live, picture(absolute)),
        sliders,
        values,
        f'<div class="curve-choices"><label class="curve-switch"><input type="checkbox" '
        f'autocomplete="off"{checked}><span>{absolute_errors}</span></label>'
        f'<button type="button">{best}</button></div>',
        attributes=' class="curve"',
        data={"x": X.tolist(), "t": T.tolist()},
    )


class FitLine(SphinxDirective):
    """Write the points and the line into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        if self.arguments[0] not in ("squared", "absolute"):
            raise self.error(f"{self.arguments[0]!r} errors? Expected squared or absolute")
        return [nodes.raw("", element(self.arguments[0]), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "fit-line", FitLine)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
