"""A figure differs if a reader could see it, and not if only a processor's last digits do."""

from __future__ import annotations

import base64
import io
import random
import re
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import drawings  # noqa: E402 - found through the line above
import notebooks  # noqa: E402


def picture(*pixels: int, level: int = 6) -> str:
    """Return gray pixels as the SVG of matplotlib holds them."""
    image = Image.new("L", (len(pixels), 1))
    image.putdata(pixels)
    image.convert("RGBA").save(held := io.BytesIO(), format="png", compress_level=level)
    return "data:image/png;base64,\n" + base64.b64encode(held.getvalue()).decode()


PIXEL = picture(0).partition(",")[2].strip()
STORED = f"""<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="40pt" viewBox="0 0 40 30">
 <g id="axes_1">
  <g id="line2d_1">
   <path d="M 7.2 0.08 
L 0 -3.5 
L 1.5 20 
" clip-path="url(#p0123456789)" style="fill: none; stroke: #0072b2; stroke-width: 0.8"/>
  </g>
  <g id="line2d_2">
   <path d="M 1 2 
" clip-path="url(#pabcdef0123)" style="stroke: #d55e00"/>
  </g>
  <g id="text_1">
   <!-- loss -->
   <g transform="translate(23.74 15.56) rotate(-90) scale(0.11 -0.11)">
    <use xlink:href="#DejaVuSans-13"/>
   </g>
  </g>
  <image xlink:href="{picture(0, 100, 200)}" id="image0011223344" x="2" y="3"/>
 </g>
 <defs>
  <clipPath id="p0123456789">
   <rect x="7.2" y="0.1" width="20" height="10"/>
  </clipPath>
  <clipPath id="pabcdef0123">
   <rect x="8.2" y="0.1" width="20" height="10"/>
  </clipPath>
 </defs>
</svg>
"""  # noqa: W291 - as matplotlib writes it

SEEN = {
    "a moved point": ("L 0 -3.5", "L 0 -3.52", "line2d_1: stored is the coordinate -3.5,"),
    "a point that is lost": ("L 1.5 20 \n", "", "line2d_1"),
    "a point more": ("L 1.5 20 \n", "L 1.5 20 \nL 1.5 20 \n", "line2d_1"),
    "a line that became a curve's handle": ("L 0 -3.5 \nL 1.5 20", "Q 0 -3.5 1.5 20", "line2d_1"),
    "a coordinate that is no number": ("L 0 -3.5", "L nan -3.5", "line2d_1"),
    "another color": ("#0072b2", "#0072b3", "line2d_1: stored is"),
    "another width of a line": ("stroke-width: 0.8", "stroke-width: 0.801", "line2d_1"),
    "another clip": ("(#p0123456789)", "(#pabcdef0123)", "line2d_1"),
    "a moved clip": ('x="7.2" y="0.1"', 'x="7.22" y="0.1"', "7.22"),
    "a wider clip": ('width="20"', 'width="20.02"', "20.02"),
    "another text": ("<!-- loss -->", "<!-- less -->", "text_1: stored is '<!-- loss -->'"),
    "another letter": ("DejaVuSans-13", "DejaVuSans-14", "text_1"),
    "a letter that is lost": ('<use xlink:href="#DejaVuSans-13"/>', "", "text_1"),
    "a larger text": ("scale(0.11", "scale(0.111", "text_1"),
    "a text elsewhere": ("translate(23.74", "translate(23.76", "text_1"),
    "a turned text": ("rotate(-90)", "rotate(-89)", "text_1"),
    "a taller figure": ("0 0 40 30", "0 0 40 30.02", "the figure"),
    "another pixel": (picture(0, 100, 200), picture(0, 102, 200), "image 1"),
    "a pixel more": (picture(0, 100, 200), picture(0, 100, 200, 200), "image 1"),
}  # fmt: skip

UNSEEN = {
    "a negative zero": ("L 0 -3.5", "L -0 -3.5"),
    "the last digits": ("L 0 -3.5", "L 1e-15 -3.500001"),
    "a thousandth of a point": ("M 7.2 0.08", "M 7.201 0.079"),
    "a clip with other last digits, hence another name": ("p0123456789", "pffffffffff"),
    "a step of a color in 256": (picture(0, 100, 200), picture(0, 101, 200)),
    "another compression": (picture(0, 100, 200), picture(0, 100, 200, level=0)),
}


@pytest.mark.parametrize("old, new, place", SEEN.values(), ids=SEEN)
def test_what_a_reader_could_see_is_a_difference(old: str, new: str, place: str) -> None:
    assert old in STORED
    changed = STORED.replace(old, new, 1)
    assert place in str(drawings.difference(STORED, changed))
    assert drawings.difference(changed, STORED)


@pytest.mark.parametrize("old, new", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_could_see_is_none(old: str, new: str) -> None:
    assert old in STORED
    changed = STORED.replace(old, new)
    assert changed != STORED
    assert drawings.difference(STORED, changed) is None
    assert drawings.difference(changed, STORED) is None


def test_the_order_of_what_is_drawn_is_compared() -> None:
    first, second = re.findall(r'  <g id="line2d_.">.*?</g>\n', STORED, flags=re.DOTALL)
    assert drawings.difference(STORED, STORED.replace(first + second, second + first))


def test_the_texts_of_a_figure_are_found() -> None:
    assert drawings.texts(STORED.replace("</svg>", "<!-- $x^2$ -->\n</svg>")) == ["loss", "$x^2$"]


def test_the_normal_form_rounds_coordinates_and_nothing_else() -> None:
    drawn = (
        STORED.replace("L 0 -3.5", "L -0.000004 -3.499999")
        .replace("M 7.2 0.08", "M 7.2000001 0.079996")
        .replace("translate(23.74", "translate(23.740385")
        .replace("stroke-width: 0.8", "stroke-width: 0.801234")
        .replace("scale(0.11 -0.11)", "scale(0.015625 -0.11)")
    )
    normal = drawings.normal(drawn)
    assert drawings.normal(normal) == normal
    for written in ("L 0 -3.5 ", "M 7.2 0.08 ", "(23.74 15.56)", ": 0.801234", "(0.015625 -0.11)"):
        assert written in normal


def test_names_in_the_normal_form_follow_from_what_they_name() -> None:
    other = STORED.replace("p0123456789", "pffffffffff").replace('x="7.2"', 'x="7.2000004"')
    assert drawings.normal(other) == drawings.normal(STORED)
    moved = drawings.normal(STORED.replace('x="7.2"', 'x="7.3"'))
    named = [re.findall(r"[(]#(p\w+)[)]", text) for text in (drawings.normal(STORED), moved)]
    assert named[0][0] != named[1][0]
    assert named[0][1] == named[1][1]


every_figure = pytest.mark.parametrize(
    "svg",
    [
        pytest.param(data[notebooks.SVG], id=f"{path.parent.name}-{number}")
        for path in notebooks.book_notebooks()
        for number, data in enumerate(
            notebooks.figures(notebooks.read(path.read_text(encoding="utf-8")).cells)
        )
    ],
)


def moved(svg: str, by: Callable[[int], float]) -> str:
    """Return a figure with its coordinates moved: the first by `by(0)`, the next by `by(1)`, ..."""
    order = count()
    return drawings.COORDINATES.sub(
        lambda found: drawings.NUMBER.sub(
            lambda number: f"{float(number[0]) + by(next(order)):f}", found[0]
        ),
        svg,
    )


@every_figure
def test_in_every_stored_figure_any_point_that_moves_is_a_difference(svg: str) -> None:
    chance = random.Random(7)
    points = sum(len(drawings.NUMBER.findall(part)) for part in drawings.COORDINATES.findall(svg))
    chosen = chance.randrange(points)
    assert drawings.difference(svg, moved(svg, lambda _: chance.uniform(-0.004, 0.004))) is None
    assert drawings.difference(svg, moved(svg, lambda place: 0.02 * (place == chosen)))


def test_the_picture_beside_a_figure_shows_what_is_drawn_on_white() -> None:
    # Transparent paper, a gray line that is to be seen on it, and one that is elsewhere.
    paper = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    line, moved = paper.copy(), paper.copy()
    line.paste((118, 118, 118, 255), (10, 10, 50, 12))
    moved.paste((118, 118, 118, 255), (10, 11, 50, 13))

    def png(image: Image.Image) -> str:
        image.save(held := io.BytesIO(), format="png")
        return base64.b64encode(held.getvalue()).decode()

    stored = drawings.small(png(line))
    assert drawings.small(stored) == stored
    shown = Image.open(io.BytesIO(base64.b64decode(stored))).convert("RGB")
    assert [shown.getpixel(place) for place in ((0, 0), (10, 10))] == [(255,) * 3, (118,) * 3]
    assert drawings.same_picture(stored, png(line))
    for other in (moved, paper, line.resize((30, 20))):
        assert not drawings.same_picture(stored, png(other))
    assert not drawings.same_picture("", png(line))


def test_the_writer_keeps_a_stored_figure_at_the_edge_of_a_rounding_and_no_other() -> None:
    def cells(*drawn: str) -> list[Any]:
        kinds = [{notebooks.SVG: svg, notebooks.PNG: PIXEL} for svg in drawn]
        outputs = [nbformat.v4.new_output("display_data", data) for data in kinds]
        return [nbformat.v4.new_code_cell("plot()", outputs=outputs)]

    stored = drawings.normal(STORED.replace("-3.5", "-3.4950001"))
    same = drawings.normal(STORED.replace("-3.5", "-3.4949999"))
    other = drawings.normal(STORED.replace("-3.5", "-3.47"))
    assert len({stored, same, other}) == 3
    drawn = cells(other, same)
    notebooks.keep_figures(cells(stored), drawn)
    assert [data[notebooks.SVG] for data in notebooks.figures(drawn)] == [other, stored]
