"""The letters of the figures can be read on a phone: as they stand there, or one tap away.

`test_browser.py` measures those of what moves and of what is drawn in the page, on each page.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.book.conftest import SITE, soup
from tests.book.test_browser import SMALLEST
from tests.book.translation import LANGUAGES

#: A point, in which Matplotlib draws, in CSS pixels.
POINT = 4 / 3
#: Where Matplotlib puts a text of size s, it scales its letters by s / 100.
SIZE_IN_SCALE = 100
PHONE = {"width": 360, "height": 800}
FOLDERS = ["", *(f"{language}/" for language in LANGUAGES)]
PAGES = sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts)


def letters(figure: Path) -> Iterator[float]:
    """Yield the sizes of a figure's texts in its own units, without raised and lowered letters."""
    for element in ET.parse(figure).iter():
        scale = re.search(r"scale\(([\d.]+) -[\d.]+\)", element.get("transform", ""))
        if scale:
            yield SIZE_IN_SCALE * float(scale[1])
        if element.tag.endswith("}text"):
            size = re.search(r"font: [^;]*?([\d.]+)px", element.get("style", ""))
            assert size, f"{figure.name}: a text without a size"
            yield float(size[1])


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_letters_of_every_figure_are_large_enough_in_its_own_size(folder: str) -> None:
    figures = sorted((SITE / folder / "_images").glob("*.svg"))
    assert len(figures) >= 10
    for figure in figures:
        sizes = [POINT * size for size in letters(figure)]
        assert all(size >= SMALLEST for size in sizes), f"{figure.name}: {min(sizes):.1f} px"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_figure_that_a_phone_shows_smaller_has_a_link_to_the_whole(folder: str) -> None:
    seen = 0
    for path in PAGES:
        if path.is_relative_to(SITE / "ko") != (folder == "ko/"):
            continue
        for image in soup(path).select('article img[src$=".svg"]'):
            seen += 1
            link = image.find_next_sibling()
            assert link is not None, path
            assert link.get("class") == ["enlarge"], path
            assert link["href"] == image["src"], path
            assert (path.parent / str(link["href"])).exists(), path
    assert seen >= 50


# --- the tap ---


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Any]:
    """Open a page with figures on a phone."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + "chapters/losses_and_metrics/index.html")
    yield page
    context.close()


def test_a_figure_opens_in_its_own_size_and_gives_the_focus_back(phone: Any) -> None:
    figure = phone.locator("article figure img").first
    small = figure.bounding_box()["width"]
    link = phone.locator("article figure .enlarge").first
    large = phone.locator("dialog.enlarged[open] img")
    for opened in (link.tap, figure.tap, lambda: (link.focus(), phone.keyboard.press("Enter"))):
        opened()
        large.wait_for(state="visible")
        natural = large.evaluate("image => image.decode().then(() => image.naturalWidth)")
        assert large.bounding_box()["width"] == pytest.approx(natural, abs=1)
        assert natural > 1.3 * small
        phone.keyboard.press("Escape")
        assert not large.is_visible()
        assert link.evaluate("link => document.activeElement === link")


def test_the_way_back_closes_a_figure_and_leaves_no_step_behind(phone: Any) -> None:
    page = phone.url
    link = phone.locator("article figure .enlarge").first
    large = phone.locator("dialog.enlarged")
    steps = phone.evaluate("history.length")
    for leave in (phone.go_back, lambda: phone.keyboard.press("Escape"), phone.go_back):
        link.tap()
        large.wait_for(state="visible")
        leave()
        large.wait_for(state="hidden")
        phone.wait_for_function("!history.state")
        assert phone.url == page
    assert phone.evaluate("history.length") <= steps + 1
    phone.go_back()
    assert phone.url == "about:blank"


def test_a_figure_can_be_moved_about_by_finger_and_by_key(phone: Any) -> None:
    phone.locator("article figure .enlarge").first.tap()
    large = phone.locator("dialog.enlarged")
    left = "dialog => dialog.scrollLeft"
    assert large.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") > 100
    phone.keyboard.press("ArrowRight")
    phone.wait_for_function("document.querySelector('.enlarged').scrollLeft > 0")
    before = large.evaluate(left)
    touch = phone.context.new_cdp_session(phone)
    for kind, x in (("Start", 300), *(("Move", x) for x in range(280, 90, -20)), ("End", 0)):
        points = [] if kind == "End" else [{"x": x, "y": 400}]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    phone.wait_for_function(
        "before => document.querySelector('.enlarged').scrollLeft > before + 50", arg=before
    )


def test_without_a_script_the_link_leads_to_the_drawing(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "chapters/losses_and_metrics/index.html")
    page.locator("article figure .enlarge").first.click()
    page.wait_for_url("**/_images/*.svg")
    context.close()


def test_a_wide_screen_needs_no_link(view: Any, address: str) -> None:
    view.goto(address + "chapters/losses_and_metrics/index.html")
    figures = view.locator("article figure img")
    assert view.locator(".enlarge").count() >= figures.count() >= 3
    assert not any(link.is_visible() for link in view.locator(".enlarge").all())
    figures.first.click()
    assert view.locator("dialog[open]").count() == 0
