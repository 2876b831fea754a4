"""A section is laid out late: who searches, prints or follows a link does not notice."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from docutils.core import publish_doctree
from pypdf import PdfReader

from tests.book.conftest import SITE, soup
from tests.book.kinds import KINDS

PAGE = "chapters/categorical_crossentropy/derivation.html"
SECTIONS = ".bd-article > section > section"
#: The heights of all sections, as estimated or as laid out.
HEIGHTS = f"""[...document.querySelectorAll("{SECTIONS}")]
  .map(section => section.getBoundingClientRect().height)"""


def is_left_out(page: Any, place: str) -> bool:
    """Return whether a place has not been laid out, since it is far from what a reader sees."""
    return not page.locator(place).first.evaluate(
        "place => place.checkVisibility({ contentVisibilityAuto: true })"
    )


def test_what_is_far_below_is_left_until_a_reader_comes_near(view: Any, address: str) -> None:
    view.goto(address + PAGE)
    last = f"{SECTIONS}:nth-last-of-type(2) h2 ~ *"
    assert is_left_out(view, last)
    assert not is_left_out(view, "article h1")
    view.locator(last).first.scroll_into_view_if_needed()
    view.wait_for_function(
        "place => document.querySelector(place).checkVisibility({contentVisibilityAuto: true})",
        arg=last,
    )


@pytest.mark.parametrize(
    "name", [KINDS["loss"], KINDS["exercises"], "chapters/where_it_breaks/examples.html"]
)
def test_nothing_that_is_left_out_lies_over_the_links_at_the_end(
    view: Any, address: str, name: str
) -> None:
    view.set_viewport_size({"width": 412, "height": 823})
    view.goto(address + name)
    end = view.locator(".prev-next-footer").evaluate("end => end.getBoundingClientRect().top")
    low = view.evaluate("""Math.max(...[...document.querySelectorAll(".bd-article *")]
      .filter(thing => thing.checkVisibility())
      .map(thing => thing.getBoundingClientRect().bottom))""")
    assert low <= end


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_into_a_page_leads_to_its_place_and_scrolling_back_does_not_jump(
    browser: Any, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address + PAGE)
    ids = [place["id"] for place in soup(PAGE).select(f"{SECTIONS}, .math-block[id], figure[id]")]
    assert len(ids) >= 15
    for name in ids[4::5]:
        page.goto(f"about:blank#{name}")
        page.goto(f"{address}{PAGE}#{name}")
        page.wait_for_timeout(100)
        place = page.locator(f"[id='{name}']")
        at = place.evaluate("place => place.getBoundingClientRect().top")
        assert 0 <= at <= 130, f"{name} is at {at}"
    # Back up, a little at a time: what is seen moves as far as the reader scrolls.
    for _ in range(8):
        seen = "document.elementFromPoint(innerWidth / 2, 500)"
        page.evaluate(f"window.seen = {seen}; window.top0 = seen.getBoundingClientRect().top")
        page.evaluate("scrollBy(0, -200)")
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        moved = page.evaluate("seen.getBoundingClientRect().top - top0")
        assert moved == pytest.approx(200, abs=3)
    context.close()


def test_what_is_left_out_is_found_and_printed(view: Any, address: str) -> None:
    view.goto(address + PAGE)
    words = soup(PAGE).select(f"{SECTIONS}:nth-last-of-type(2) > p")[-1].get_text()[:25]
    assert is_left_out(view, f"{SECTIONS}:nth-last-of-type(2) > p")
    assert view.evaluate("words => find(words)", words)
    view.goto(address + PAGE)
    pages = PdfReader(io.BytesIO(view.pdf())).pages
    printed = "".join(page.extract_text() for page in pages)
    for heading in soup(PAGE).select(f"{SECTIONS} > h2"):
        title = heading.get_text().removesuffix("#")
        assert "".join(title.split()) in "".join(printed.split()), title


@pytest.mark.parametrize("width", [390, 1280])
def test_the_heights_of_sections_are_well_estimated(browser: Any, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for kind in ("loss", "examples", "tables", "Korean"):
        page.goto(address + KINDS[kind])
        estimated = page.evaluate(HEIGHTS)
        page.add_style_tag(content=f"{SECTIONS} {{ content-visibility: visible !important }}")
        true = page.evaluate(HEIGHTS)
        assert len(true) >= 2
        assert sum(estimated) == pytest.approx(sum(true), rel=0.45), kind
        assert estimated != true
    context.close()


def test_every_section_says_how_many_letters_it_has() -> None:
    for path in sorted((SITE / "chapters").rglob("*.html")):
        for section in soup(path).select(SECTIONS):
            assert section.get("style", "").startswith("--letters: "), path  # type: ignore[union-attr]


#: What a section may hold, and how many letters of text take as much room, by hand.
ROOM = {
    "paragraph": ("twenty letters, so..", 20 + 30),  # and what ends it
    "Hangul": ("가나다라", 4 * 1.7 + 30),
    "code": ("::\n\n    a = 1\n\n    b = 2", 30 + 3 * 22),  # three lines
    "formula": (".. math:: a^2 + b^2 = c^2", 60),
    "formula in a line": (":math:`a + b^2`", 7 / 3 + 30),
    "figure": (".. image:: curve.svg", 300),
    "folded": (".. container:: sd-dropdown\n\n    Long as it is, it takes no room.", 120),
    "row": ("==== ====\none  two\n==== ====", 6 + 30),  # of a table: it ends once
    "style": (".. raw:: html\n\n    <style>p { color: black }</style>", 0),
}


@pytest.mark.parametrize("what", ROOM)
def test_the_room_of_a_section_is_counted_in_letters(what: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "_ext"))
    from late_sections import letters

    text, room = ROOM[what]
    assert letters(publish_doctree(text)) == pytest.approx(room)
