"""The directive ``{follow-descent}``: the loss over two weights as a map, and a descent on it.

Two features predict the mass of the Gentoo penguins, as they were measured or standardized. The
page holds, for each learning rate, where every step leads and what it costs, as `lossbook` computes
it; ``follow_descent.js`` looks it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from curve_drawings import LEFT, RIGHT, Frame, drawing, number, text, window
from curve_tables import Array, plain
from docutils import nodes
from moving import named, piece, register, row, slider
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import translate

import lossbook as lb
from lossbook import datasets

RATES = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.022, 0.024, 0.05, 0.1, 0.2, 0.3, 0.5, 0.57, 0.6)
STEPS = 30
#: The learning rate and the number of steps at the beginning.
START = (5, STEPS)
#: A descent that costs more has left the map for good.
LOST = 1000.0
RINGS = 11
TOP, BOTTOM, HEIGHT = 36, 366, 428


@dataclass(frozen=True)
class Map:
    """What lies under the descent: features, labels, and the part of the plane that is seen.

    A step of the same length looks the same in every direction, so that a gradient stands upright
    on the rings: `unit` pixels are 1 both ways.
    """

    x: Array
    t: Array
    unit: float
    left: float
    bottom: float
    ticks: tuple[tuple[float, ...], tuple[float, ...]]

    def loss(self, w: Array) -> float:
        """Return the loss of two weights."""
        return lb.mean_squared_error(self.t, self.x @ w)

    def gradient(self, w: Array) -> Array:
        """Return the gradient of the loss in the weights."""
        return self.x.T @ lb.mean_squared_error.gradient(self.t, self.x @ w)

    def curvature(self) -> Array:
        """Return the second derivatives, which are the same everywhere: the loss is quadratic."""
        zero = np.zeros(2)
        return np.column_stack([self.gradient(e) - self.gradient(zero) for e in np.eye(2)])

    def best(self) -> Array:
        """Return the weights of the smallest loss."""
        return np.linalg.solve(self.curvature(), -self.gradient(np.zeros(2)))

    def place(self, w: Array) -> tuple[float, float]:
        """Return the place of two weights in the drawing."""
        x, y = LEFT + (w[0] - self.left) * self.unit, BOTTOM - (w[1] - self.bottom) * self.unit
        return float(x), float(y)

    def path(self, rate: float) -> list[list[float]]:
        """Return both weights and the loss after each step, from weights of 0."""
        w, found = np.zeros(2), []
        for _ in range(STEPS + 1):
            found.append(plain([*w, self.loss(w)]))
            if self.loss(w) > LOST:
                break
            w = w - rate * self.gradient(w)
        return found

    def rings(self) -> list[dict[str, float]]:
        """Return ellipses of equal loss round the best weights: half axes in pixels, and a turn.

        Their half axes grow evenly; the outermost but four goes through the weights of 0.
        """
        steepness, axes = np.linalg.eigh(self.curvature())
        x, y = self.place(self.best())
        rise = self.loss(np.zeros(2)) - self.loss(self.best())
        turn = -np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
        found = []
        for k in range(RINGS, 0, -1):
            half = np.sqrt(2 * rise * (k / (RINGS - 4)) ** 2 / steepness) * self.unit
            found.append({"x": x, "y": y, "rx": half[0], "ry": half[1], "turn": float(turn)})
        return found


def maps() -> tuple[Map, Map]:
    """Return the map of the features as they were measured, and that of standardized ones."""
    penguins = datasets.load_penguins()
    gentoo = penguins.species == "Gentoo"
    x = np.column_stack([penguins.bill_depth_mm, penguins.flipper_length_mm])[gentoo]
    x = x - x.mean(axis=0)
    t = penguins.body_mass_g[gentoo] / 1000
    t = t - t.mean()
    measured = ((0, 0.1, 0.2, 0.3, 0.4), (-0.1, 0, 0.1, 0.2))
    scaled = ((0, 0.2, 0.4, 0.6), (0, 0.2, 0.4))
    return (
        Map(x, t, 1000, -0.1, -0.125, measured),
        Map(x / x.std(axis=0), t, 700, -0.18, -0.055, scaled),
    )


def trail(view: Map, path: list[list[float]]) -> tuple[str, str, tuple[float, float]]:
    """Return the line of a descent, its points as lines without length, and its last place."""
    places = [view.place(np.array(point[:2])) for point in path]
    points = [f"{x:.1f} {y:.1f}" for x, y in places]
    return "M" + "L".join(points), "".join(f"M{point}h0" for point in points), places[-1]


def picture(view: Map, path: list[list[float]], v: int) -> str:
    """Return a map with the descent on it."""
    parts = [f'<path class="curve-axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>']
    across, up = view.ticks
    parts += [text(view.place((w, 0))[0], BOTTOM + 26, number(w)) for w in across]
    parts += [text(LEFT - 9, view.place((0, w))[1] + 5, number(w), anchor="end") for w in up]
    line, points, (x, y) = trail(view, path)
    rings = "".join(
        f'<ellipse class="descent-ring" rx="{ring["rx"]:.1f}" ry="{ring["ry"]:.1f}" '
        f'transform="translate({ring["x"]:.1f} {ring["y"]:.1f}) rotate({ring["turn"]:.2f})"/>'
        for ring in view.rings()
    )
    best = "{:.1f} {:.1f}".format(*view.place(view.best()))
    content = (
        f'{rings}<path class="curve-mark" d="M{best}m-6 0h12m-6 -6v12"/>'
        f'<path class="descent-line" d="{line}"/><path class="descent-points" d="{points}"/>'
        f'<circle class="curve-dot" data-k="1" cx="{x:.1f}" cy="{y:.1f}" r="8"/>'
    )
    parts.append(window(Frame((0, 1, 2), 1, TOP, BOTTOM), content))
    unit = translate("standard deviation") if v else translate("millimeter")
    words = (translate("flipper, kg per %s") % unit, translate("bill, kg per %s") % unit)
    parts.append(text(LEFT, TOP - 12, words[0], "curve-title", "start"))
    parts.append(text(RIGHT, BOTTOM + 56, words[1], "curve-title", "end"))
    return f'<g data-view="{v}"{" hidden" if v else ""}>{"".join(parts)}</g>'


def element() -> str:
    """Return the whole as HTML."""
    views = maps()
    rate, steps = START
    paths = [[view.path(one) for one in RATES] for view in views]
    here = paths[0][rate][steps]
    content = "".join(picture(view, paths[v][rate], v) for v, view in enumerate(views))
    rings = translate(
        "A map of the loss over two weights: rings of equal loss round its lowest point, a cross."
    )
    here_in_words = translate(
        "They are long and narrow. With the learning rate %(rate)s a descent has come into the "
        "valley after %(steps)s steps, where the loss is %(loss)s, and creeps along it."
    ) % {"rate": f"{RATES[rate]:g}", "steps": steps, "loss": f"{here[2]:.4f}"}
    label = f"{rings} {here_in_words}"
    live = rings + " " + translate("The numbers of the descent follow.")
    sliders = slider((0, 1, STEPS + 1), steps, translate("steps"), "<i>n</i>")
    sliders += slider((0, 1, len(RATES)), rate, translate("learning rate"), "<i>η</i>")
    values = row(
        named(translate("steps") + " <i>n</i> =", "steps", steps, 0),
        [named(translate("learning rate") + " <i>η</i> =", "rate", f"{RATES[rate]:g}")],
    )
    values += row(
        named(translate("loss"), "loss", here[2]),
        [
            named(translate("bill"), "w0", here[0]),
            named(translate("flipper"), "w1", here[1]),
        ],
    )
    away = translate("Each step leads further away: the learning rate is too large.")
    switch = translate("standardized features")
    table: dict[str, Any] = {
        "rates": RATES,
        "away": away,
        "views": [
            {"unit": view.unit, "left": view.left, "bottom": view.bottom, "paths": paths[v]}
            for v, view in enumerate(views)
        ],
    }
    return piece(
        "follow-descent",
        translate("Follow a descent"),
        drawing(HEIGHT, label, live, content),
        sliders,
        values,
        f'<div class="curve-choices"><label class="curve-switch"><input type="checkbox" '
        f'autocomplete="off"><span>{switch}</span></label>'
        '<span role="status" data-out="away"></span></div>',
        data=table,
    )


class FollowDescent(SphinxDirective):
    """Write the map and the descent into the page."""

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        return [nodes.raw("", element(), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "follow-descent", FollowDescent)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
