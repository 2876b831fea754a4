"""The drawings of the interactive curves, as they stand in a page before anybody moves them.

They are SVG in the units of a box `WIDTH` wide. The script of the curves changes the parts that
have a class of their own and leaves the rest: axes, marks and titles are drawn here alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wording import translate

WIDTH = 640
LEFT, RIGHT = 64, 624
#: Half the length of a tangent.
REACH = 95


@dataclass(frozen=True)
class Frame:
    """Where a grid and the values from 0 to a top lie in the drawing."""

    x: tuple[float, float, int]
    highest: float
    top: int
    bottom: int

    def across(self, x: float) -> float:
        """Return the place of a value of the grid."""
        start, step, count = self.x
        return LEFT + (x - start) / (step * (count - 1)) * (RIGHT - LEFT)

    def stop(self, k: int) -> float:
        """Return the place of a stop of the slider."""
        return LEFT + k / (self.x[2] - 1) * (RIGHT - LEFT)

    def up(self, value: float | str) -> float:
        """Return the height of a value; an infinite one lies beyond the drawing."""
        if isinstance(value, str):
            return self.top - 60.0
        return self.bottom - value / self.highest * (self.bottom - self.top)

    def dot(self, k: int, value: float | str) -> tuple[float, float]:
        """Return the place of a point, kept inside."""
        return self.stop(k), max(self.up(value), self.top)

    def tangent(self, k: int, value: float | str, slope: float | str) -> str:
        """Return the path of the line that touches a curve; none where the slope is infinite."""
        if isinstance(value, str) or isinstance(slope, str):
            return ""
        _, step, count = self.x
        rise = slope * (self.bottom - self.top) / self.highest
        rise *= step * (count - 1) / (RIGHT - LEFT)
        run = REACH / (1 + rise * rise) ** 0.5
        x, y = self.stop(k), self.up(value)
        return f"M{x - run:.1f} {y + run * rise:.1f}L{x + run:.1f} {y - run * rise:.1f}"


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Return the path through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def smooth(frame: Frame, values: Sequence[float], slopes: Sequence[float]) -> str:
    """Return the path through few points whose slopes are known: a cubic between each two."""
    _, step, count = frame.x
    third = (RIGHT - LEFT) / (count - 1) / 3
    parts = []
    for k, (value, slope) in enumerate(zip(values, slopes, strict=True)):
        x, y = frame.stop(k), frame.up(value)
        rise = frame.up(slope * step / 3) - frame.up(0)
        before, after = f"{x - third:.1f} {y - rise:.1f}", f"{x + third:.1f} {y + rise:.1f}"
        here = f"{x:.1f} {y:.1f}"
        parts.append(f"M{here}C{after}" if k == 0 else f" {before} {here}")
        if 0 < k < count - 1:
            parts.append(f"C{after}")
    return "".join(parts)


def number(value: float) -> str:
    """Return a number of an axis, with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    """Return words in the drawing."""
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{classes}>{words}</text>'


def axes(
    frame: Frame,
    across: Sequence[float],
    up: Sequence[float],
    title: str,
    high_title: str,
) -> str:
    """Return two axes with their numbers and titles."""
    parts = [f'<path class="curve-axis" d="M{LEFT} {frame.top}V{frame.bottom}H{RIGHT}"/>']
    for value in up:
        y = frame.up(value)
        if value:
            parts.append(f'<path class="curve-grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
        parts.append(text(LEFT - 9, y + 5, number(value), anchor="end"))
    for value in across:
        x = frame.across(value)
        parts.append(f'<path class="curve-axis" d="M{x:.1f} {frame.bottom}v6"/>')
        parts.append(text(x, frame.bottom + 29, number(value)))
    if title:
        parts.append(text(RIGHT, frame.bottom + 57, title, "curve-title", "end"))
    parts.append(text(LEFT, frame.top - 7, high_title, "curve-title", "start"))
    return "".join(parts)


def window(frame: Frame, content: str) -> str:
    """Return content cut off at the frame. An inner drawing does so without an id."""
    box = f"{LEFT} {frame.top} {RIGHT - LEFT} {frame.bottom - frame.top + 3}"
    x, y, width, height = box.split()
    return (
        f'<svg aria-hidden="true" x="{x}" y="{y}" width="{width}" height="{height}" '
        f'viewBox="{box}">{content}</svg>'
    )


def dot(place: tuple[float, float], kind: str, radius: int = 8, k: int = 0) -> str:
    """Return a point of a curve."""
    x, y = place
    return f'<circle class="{kind}" data-k="{k}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'


def bar(y: int, share: float, label: float, title: str, k: int = 0) -> str:
    """Return a probability as a bar, a mark at the label, and the gap between the two."""
    wide = RIGHT - LEFT
    end, mark = LEFT + share * wide, LEFT + label * wide
    box = f'x="{LEFT}" y="{y}" height="22"'
    return (
        text(LEFT - 9, y + 16, title, "curve-name", "end")
        + f'<rect class="curve-track" {box} width="{wide}"/>'
        + f'<rect class="curve-share" data-k="{k}" {box} width="{end - LEFT:.1f}"/>'
        + f'<path class="curve-gap" data-k="{k}" d="M{end:.1f} {y + 11}H{mark:.1f}"/>'
        + f'<path class="curve-mark" data-k="{k}" d="M{mark:.1f} {y - 5}v32"/>'
    )


def drawing(height: int, label: str, live: str, content: str) -> str:
    """Return the whole drawing. `live` describes it once it can be moved."""
    return (
        f'<svg class="curve-drawing" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{label}" data-live="{live}">{content}</svg>'
    )


def line_view(table: dict[str, Any], v: int, look: dict[str, Any]) -> str:
    """Return one view of losses of one prediction: curves, tangents, points, and a bar."""
    view, at, t = table["views"][v], table["at"][v], table["target"]
    frame = Frame(view["x"], view["top"], *view["box"])
    curves, dots = [], []
    for k, line in reversed(list(enumerate(view["lines"]))):
        values, slope = line["loss"][t], line["slope"][t][at]
        path = polyline((frame.stop(j), frame.up(value)) for j, value in enumerate(values))
        hidden = " hidden" if k and not look["compare"] else ""
        curves.append(
            f'<g data-line="{k}"{hidden}><path class="curve-line" data-k="{k}" d="{path}"/>'
            f'<path class="curve-tangent" data-k="{k}" '
            f'd="{frame.tangent(at, values[at], slope)}"/></g>'
        )
        place = frame.dot(at, values[at])
        dots.append(f'<g data-line="{k}"{hidden}>{dot(place, "curve-dot", k=k)}</g>')
        if k == 0:
            guide = f'<path class="curve-guide" d="M{place[0]:.1f} {place[1]:.1f}V{frame.bottom}"/>'
    parts = [
        axes(frame, look["across"], look["up"], look["title"], translate("loss")),
        guide,
        window(frame, "".join(curves)),
    ]
    if "p" in view:
        y = frame.bottom + 98
        parts.append(text(LEFT, y - 10, look["bar"], "curve-title", "start"))
        whole = view.get("whole", 1)  # what the whole bar stands for
        parts.append(bar(y, view["p"][at] / whole, table["targets"][t] / whole, "y"))
    else:
        x = frame.across(table["targets"][t])
        arrow = f'<path d="M0 {frame.bottom - 3}l-8 -15h16z"/>'
        letter = text(0, frame.bottom - 26, "t", "curve-name")
        parts.append(
            f'<g class="curve-target" transform="translate({x:.1f} 0)">{arrow}{letter}</g>'
        )
    hidden = " hidden" if v else ""
    return f'<g data-view="{v}"{hidden}>{"".join(parts)}{"".join(dots)}</g>'


def look_up(table: dict[str, Any], stops: Sequence[int], own: int) -> list[float]:
    """Return probability, loss and derivative of one class among three, as the script does."""
    low, high = sorted(stops[k] - stops[own] for k in range(3) if k != own)
    return table["cells"][low + table["x"][2] - 1][high - low]


def class_view(table: dict[str, Any], names: Sequence[str]) -> str:
    """Return the loss against one of three logits, and a bar for each class."""
    frame = Frame(table["x"], table["top"], *table["box"])
    stops, true = table["at"], table["target"]
    active = true
    values, slopes = [], []
    for stop in range(table["x"][2]):
        moved = [stop if k == active else own for k, own in enumerate(stops)]
        values.append(look_up(table, moved, true)[1])
        slopes.append(look_up(table, moved, active)[2 if active == true else 0])
    at = stops[active]
    place = frame.dot(at, values[at])
    parts = [
        axes(frame, [-3, -2, -1, 0, 1, 2, 3], [0, 2, 4, 6], "", translate("loss")),
        "".join(
            f'<g data-axis="{k}"{"" if k == active else " hidden"}>'
            + text(RIGHT, frame.bottom + 57, translate("logit %s") % name, "curve-title", "end")
            + "</g>"
            for k, name in enumerate(names)
        ),
        f'<path class="curve-guide" d="M{place[0]:.1f} {place[1]:.1f}V{frame.bottom}"/>',
        window(
            frame,
            f'<path class="curve-line" data-k="0" d="{smooth(frame, values, slopes)}"/>'
            f'<path class="curve-tangent" data-k="0" '
            f'd="{frame.tangent(at, values[at], slopes[at])}"/>',
        ),
        dot(place, "curve-dot"),
        text(
            LEFT,
            table["bars"] - 14,
            translate("probabilities; gap to the label: the gradient"),
            "curve-title",
            "start",
        ),
    ]
    for k, name in enumerate(names):
        share = look_up(table, stops, k)[0]
        y = table["bars"] + k * table["pitch"]
        parts.append(bar(y, share, float(k == true), name.replace("z", "y"), k))
    return "".join(parts)


def point_view(table: dict[str, Any]) -> str:
    """Return two losses of a constant, their least values, and the points on a line below."""
    at, parts, dots = table["at"][0], [], []
    floor = table["floor"]
    for k, (line, title, name) in enumerate(
        zip(
            table["lines"],
            (translate("mean squared error"), translate("mean absolute error")),
            (translate("mean"), translate("median")),
            strict=True,
        )
    ):
        frame = Frame(table["x"], line["top"], *line["box"])
        best = frame.across(line["best"][at])
        height = frame.up(line["least"][at])
        path = polyline(
            (frame.stop(j), frame.up(value)) for j, value in enumerate(line["drawn"][at])
        )
        up = [0, 30, 60] if k == 0 else [0, 5, 10]
        parts.append(axes(frame, [], up, "", title))
        parts.append(window(frame, f'<path class="curve-line" data-k="{k}" d="{path}"/>'))
        dots.append(f'<path class="curve-drop" data-k="{k}" d="M{best:.1f} {height:.1f}V{floor}"/>')
        dots.append(dot((best, height), "curve-dot", 7, k))
        dots.append(text(best, height - 15, name, f"curve-best-{k}"))
    line = Frame(table["x"], 1, floor - 1, floor)
    parts.append(f'<path class="curve-axis" d="M{LEFT} {floor}H{RIGHT}"/>')
    for value in range(0, 17, 2):
        x = line.across(value)
        parts.append(f'<path class="curve-axis" d="M{x:.1f} {floor}v6"/>')
        parts.append(text(x, floor + 35, number(value)))
    parts += dots
    parts += [dot((line.across(x), floor), "curve-point") for x in table["fixed"]]
    x = line.stop(at)
    parts.append(
        f'<g class="curve-moved" transform="translate({x:.1f} {floor})">'
        '<path d="M0 -13l13 13l-13 13l-13 -13z"/></g>'
    )
    return "".join(parts)
