"""A figure in another language has other words, and nothing else is different."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import pytest

from tests.book.translation import LANGUAGES, LOCALE, ROOT

sys.path[:0] = [str(ROOT / "_live"), str(ROOT / "_ext")]

from figure_words import texts, translated  # noqa: E402 - found through the line above

from lossbook.classroom.teacher.edition import read_catalogue  # noqa: E402
from tools import drawings  # noqa: E402

#: A group of letters, as Matplotlib draws it, or the text in its place.
WORDS = re.compile(
    r'(?<=-->)\s*<g(?: style="[^"]*")? transform="[^"]*"\s*>.*?</g>|(?<=-->)\s*<g>.*?</g>',
    re.DOTALL,
)
DEFINED = re.compile(r"<path id=.*?/>", re.DOTALL)
#: Two lines of a label, as Matplotlib writes them; its letters are an em wide.
DRAWING = """<svg xmlns:xlink="x"><g id="text_1"><!-- ab -->
 <g style="fill: #2b2b2b" transform="translate(10 20) rotate(-90) scale(0.1 -0.1)">
  <defs><path id="DejaVuSans-1" d="M 0 0
L 6400 0
z
" transform="scale(0.015625)"/></defs>
  <use xlink:href="#DejaVuSans-1"/>
  <use xlink:href="#DejaVuSans-1" transform="translate(100 0)"/>
 </g>
</g><path d="M 1 2"/></svg>"""


@cache
def figures() -> list[tuple[str, str]]:
    """Return all stored figures, with the place of each."""
    found = []
    for path in sorted((ROOT / "chapters").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                svg = "".join(output.get("data", {}).get("image/svg+xml", ""))
                if svg:
                    found.append((f"{path.parent.name} {cell.get('id')}", svg))
    return found


def words(language: str) -> dict[str, str]:
    """Return the catalogue of the figures."""
    return read_catalogue(LOCALE / language / "LC_MESSAGES" / "figures.po", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_figure_draws_the_same_data(language: str) -> None:
    for place, svg in figures():
        other = translated(svg, words(language), language)
        assert WORDS.sub("", other) == WORDS.sub("", svg), place
        # The letters that a later text uses are still there.
        assert DEFINED.findall(other) == DEFINED.findall(svg), place
        assert drawings.texts(other) == drawings.texts(svg), place
        ET.fromstring(other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_that_has_a_translation_is_replaced(language: str) -> None:
    known = words(language)
    for place, svg in figures():
        labels = [known[text] for text in texts(svg) if text in known]
        found = ET.fromstring(translated(svg, known, language))
        shown = [
            "".join(text.itertext()) for text in found.iter("{http://www.w3.org/2000/svg}text")
        ]
        assert len(shown) == len(labels), place
        for text, label in zip(shown, labels, strict=True):
            assert text == label or "$" in label, place


def test_a_label_stands_where_its_letters_stood() -> None:
    other = translated(DRAWING, {"ab": "가 < 나"}, "ko")
    text = ET.fromstring(other).find(".//{*}text")
    assert text is not None
    assert text.text == "가 < 나"
    assert text.get("transform") == "translate(10 20) rotate(-90)"
    # Two letters of an em each, ten units wide: their middle.
    assert text.get("x") == "10.00"
    assert text.get("style") == "fill: #2b2b2b; font: 10px sans-serif; text-anchor: middle"
    assert translated(DRAWING, {"abc": "가"}, "ko") == DRAWING


@pytest.mark.parametrize(
    "group, anchor, x", [("legend_1", "start", "0.00"), ("ytick_2", "end", "20.00")]
)
def test_a_row_of_a_legend_begins_and_a_tick_ends_where_it_did(
    group: str, anchor: str, x: str
) -> None:
    drawing = DRAWING.replace('<g id="text_1">', f'<g id="{group}"><g id="text_1">')
    other = translated(drawing.replace("</svg>", "</g></svg>"), {"ab": "가"}, "ko")
    text = ET.fromstring(other).find(".//{*}text")
    assert text is not None
    assert (f"text-anchor: {anchor}" in str(text.get("style")), text.get("x")) == (True, x)


def test_a_formula_in_a_label_keeps_its_letters_slanted_and_its_powers_raised() -> None:
    other = translated(DRAWING, {"ab": "$z$ 또는 $10^{-7}$"}, "ko")
    text = ET.fromstring(other).find(".//{*}text")
    assert text is not None
    assert "".join(text.itertext()) == "z 또는 10⁻⁷"
    assert [part.text for part in text] == ["z"]


FIT = """async (sources) => {
    const found = [];
    for (const [place, source] of sources) {
        document.body.innerHTML = source.slice(source.indexOf("<svg"));
        const svg = document.querySelector("svg").getBoundingClientRect();
        const boxes = [...document.querySelectorAll('g[id^="text_"]')].map(
            (group) => [group.textContent.trim(), group.getBoundingClientRect()]);
        for (const [text, box] of boxes) {
            if (!text) continue;
            if (box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 1)
                found.push(`${place}: ${text} leaves the figure`);
            for (const [other, its] of boxes)
                if (its !== box && box.left + 1 < its.right && its.left + 1 < box.right
                    && box.top + 3 < its.bottom && its.top + 3 < box.bottom)
                    found.push(`${place}: ${text} lies over ${other || "a number"}`);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_have_room_in_the_figures(browser: Any, language: str) -> None:
    view = browser.new_page()
    drawn = [(place, translated(svg, words(language), language)) for place, svg in figures()]
    assert view.evaluate(FIT, drawn) == []
    # The measure sees what has no room.
    long = [(place, translated(svg, {"loss": "손실" * 60}, language)) for place, svg in figures()]
    assert "leaves the" in "".join(view.evaluate(FIT, long))
    view.close()
