"""The essentials in every engine: pages open, curves move, search answers, solutions open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import lossbook as lb
from tests.book.conftest import SITE
from tests.book.engines import ENGINES, Engine, missing, recorded_site, started
from tests.book.kinds import KINDS

NAMES = [*ENGINES, "Chromium"]


class Chromium(Engine):
    """Chromium, as the other tests drive it."""

    def __init__(self, browser: Any) -> None:
        """Open a page."""
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")

    def run(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def move(self, *points: tuple[float, float]) -> None:
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve the site so that its pages note their problems."""
    with recorded_site() as address:
        yield address


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Start a browser, once for all tests here."""
    if request.param == "Chromium":
        chromium = Chromium(request.getfixturevalue("browser"))
        yield chromium
        chromium.page.context.close()
        return
    if reason := missing(request.param):
        pytest.skip(reason)
    with started(request.param) as found:
        yield found


@pytest.fixture
def at(engine: Engine, site: str) -> Iterator[Any]:
    """Return a function that opens a page; at the end, nothing may have gone wrong on it."""

    def open_page(page: str) -> Engine:
        engine.open(site + page)
        return engine

    yield open_page
    assert engine.run("window.problems") == []


#: `test_browser.py` opens every page in Chromium.
others = pytest.mark.parametrize("engine", ENGINES, indirect=True)


@others
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_opens_without_an_error(at: Any, kind: str) -> None:
    page = at(KINDS[kind])
    page.wait("document.fonts.ready.then(() => true)")
    assert page.run(
        "document.querySelector('article h1, .bd-search-container h1').offsetHeight > 0"
    )
    assert page.run("document.documentElement.dataset.theme") in ("light", "dark")
    # The styles have come: a page without them is as wide as the window, and serif.
    assert page.run("getComputedStyle(document.body).fontFamily") != ""
    assert page.run("[...document.images].filter(i => i.complete && !i.naturalWidth).length") == 0


def test_a_curve_follows_the_mouse_and_then_the_keys(at: Any) -> None:
    page = at(KINDS["loss"])
    curve = "loss-curve[data-name=mean_squared_error]"

    def shown() -> dict[str, str]:
        parts = f"[...document.querySelectorAll('{curve} [data-out]')]"
        return page.run(f"Object.fromEntries({parts}.map(p => [p.dataset.out, p.textContent]))")

    def expected(y: float) -> list[str]:
        found = [
            y,
            lb.mean_squared_error([0.0], [y]),
            lb.mean_squared_error.gradient([0.0], [y])[0],
        ]
        written = [f"{value:.{digits}f}" for value, digits in zip(found, (2, 4, 4), strict=True)]
        return [text.replace("-", "−") for text in written]

    def numbers() -> list[str]:
        return [shown()[name] for name in ("x", "loss0", "slope0")]

    box = page.box(f"{curve} .curve-drawing")
    places = [box["x"] + box["width"] * (64 + share * 560) / 640 for share in (0.75, 0.4, 0.25)]
    height = box["y"] + box["height"] * 0.3
    page.move(*((place, height) for place in places))
    assert numbers() == expected(-1.0)
    page.press("ArrowRight")  # the mouse has given the slider the focus
    assert numbers() == expected(-0.95)
    page.press("Home", "ArrowRight", "ArrowRight")
    assert numbers() == expected(-1.9)


def test_the_search_answers(at: Any) -> None:
    page = at("index.html")
    page.run("document.querySelector('.search-button__button, .search-button-field').click()")
    page.wait("document.activeElement.matches('input[type=search]')")
    page.press(*"entropy", "Enter")
    results = "[...document.querySelectorAll('#search-results li > a')]"
    page.wait(f"{results}.some(a => a.textContent.includes('Information and entropy'))")
    page.wait("document.querySelector('#search-results p')?.textContent.length > 10")


def test_a_click_anywhere_on_a_solution_s_title_opens_this_one_alone(at: Any) -> None:
    page = at(KINDS["exercises"])
    open_ones = """[...document.querySelectorAll(".solution")].map((s, k) =>
        s.classList.contains("toggle-hidden") ? -1 : k).filter(k => k >= 0)"""
    page.wait("document.querySelectorAll('.solution .toggle-button').length > 3")
    assert page.run(open_ones) == []
    solutions = page.run("[...document.querySelectorAll('.solution')].map(s => s.id)")
    for place, share in ((1, 0.05), (0, 0.3), (2, 0.97)):
        title = f"[id='{solutions[place]}'] > .admonition-title"
        page.click(title, share)
        assert page.run(open_ones) == [place]
        page.click(title, share)
        assert page.run(open_ones) == []
    links = "document.querySelectorAll('.toggle > .admonition-title a').length"
    assert page.run(links) == 0, "a link within a title that is a button"


@pytest.mark.skipif(
    not (SITE / "_static" / "live").exists(),
    reason="the site was built without Python for the browser: `make live` says why",
)
@pytest.mark.parametrize("engine", ["Firefox"], indirect=True)
def test_a_cell_runs_is_changed_and_is_stopped_in_firefox_too(at: Any) -> None:
    firefox = at(KINDS["exercises"])
    firefox.wait("document.querySelectorAll('.solution .toggle-button').length > 3")
    firefox.click(".solution:has(#cell-5) > .admonition-title")
    said = "document.querySelector('.live-status').textContent"
    firefox.click("#cell-5 .live-bar button")
    # The second cell of the page: the one above it runs first.
    firefox.wait(f"{said}.includes('output')", 120)
    number = firefox.run("live.cells.find(cell => cell.index === 5).number")
    assert firefox.run(said) == f"Cell {number}: The book's output."
    firefox.click("#cell-5 .live-bar button:nth-child(2)")
    firefox.press("Enter", *"print(1)")
    firefox.run("live.cells.find(cell => cell.index === 5).runner.click()")
    firefox.wait(f"{said}.includes('Not the book')", 60)
    firefox.run("live.cells.find(cell => cell.index === 5).write('while True: pass')")
    firefox.click("#cell-5 .live-bar button")
    firefox.wait(f"{said}.includes('Running')", 60)
    firefox.click("#cell-5 .live-bar button")
    firefox.wait(f"{said}.startsWith('Stopped')")
    firefox.click("#cell-5 .live-bar button:nth-child(3)")
    assert firefox.run(f"{said}") == f"Cell {number}: As the book has it."
