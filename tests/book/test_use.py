"""The site in use: by keyboard, on paper, from a folder, with the search."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.book.translation import LANGUAGES, checks

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGE = "chapters/mean_squared_error/derivation.html"


def found_by(view: Any, start: str, words: str) -> list[str]:
    """Search as a reader does, from the page that is open; return the titles found."""
    view.goto(start + "index.html")
    view.keyboard.press("Control+k")
    view.keyboard.type(words)
    view.keyboard.press("Enter")
    view.wait_for_selector("#search-results li a")
    view.wait_for_function("document.querySelector('#search-results p')?.textContent.length > 10")
    return [link.inner_text() for link in view.query_selector_all("#search-results li > a")]


@pytest.mark.parametrize(
    "words, title",
    [
        ("huber", "Mean absolute error"),
        ("logit", "Glossary"),
        ("maximum likelihood", "ikelihood"),
        ("best constant", "Mean"),
    ],
)
def test_the_search_finds_terms_and_headings(
    view: Any, address: str, words: str, title: str
) -> None:
    assert any(title in found for found in found_by(view, address, words))


SEARCHES = [
    (language, word, form)
    for language in LANGUAGES
    for word, forms in checks(language)["search"].items()
    for form in forms
]


@cache
def texts(language: str) -> dict[str, str]:
    """Return the text of every page of an edition by the page's title."""
    found = {}
    for path in (SITE / language / "chapters").rglob("*.html"):
        article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").article
        assert article is not None
        title = article.h1.get_text().rstrip("#").strip()  # type: ignore[union-attr]
        found[title] = article.get_text(" ")
    return found


@pytest.mark.parametrize("language, word, form", SEARCHES)
def test_the_search_finds_a_word_with_every_ending(
    view: Any, address: str, language: str, word: str, form: str
) -> None:
    wanted = {title for title, text in texts(language).items() if re.search(rf"\b{form}\b", text)}
    assert wanted, f"no page holds {form}: name another form"
    assert wanted <= set(found_by(view, f"{address}{language}/", word))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_of_a_translation_is_not_three_times_as_large(language: str) -> None:
    # It is fetched by the search page alone. A language with endings has many forms of its words.
    first, own = (
        len(gzip.compress((SITE / folder / "searchindex.js").read_bytes()))
        for folder in ("", language)
    )
    assert own <= 3 * first


def test_the_search_works_in_a_folder_that_is_opened_as_a_file(view: Any) -> None:
    titles = found_by(view, SITE.as_uri() + "/", "entropy")
    assert any("entropy" in title for title in titles)
    view.goto(f"{SITE.as_uri()}/{PAGE}")
    assert view.locator("h1").inner_text().startswith("Mean squared error")


def test_a_reader_without_a_mouse_reaches_everything_and_sees_where(
    view: Any, address: str
) -> None:
    view.goto(address + PAGE)
    reached: set[str] = set()
    for _ in range(60):
        view.keyboard.press("Tab")
        name, outline = view.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                 return [e.tagName + " " + (e.getAttribute("aria-label") || e.title ||
                   e.textContent.trim()).slice(0, 40),
                   parseFloat(s.outlineWidth) > 0 && s.outlineStyle !== "none" ||
                   s.boxShadow !== "none"]; }"""
        )
        assert outline or name.startswith("BODY"), f"{name} has the focus and does not show it"
        reached.add(name)
    for wanted in ("Skip to main", "Search", "Mean squared error", "Fullscreen", "Color mode"):
        assert any(wanted in name for name in reached), f"{wanted} is not among {reached}"


def test_the_first_key_skips_what_stands_before_the_text(view: Any, address: str) -> None:
    view.goto(address + PAGE)
    view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    assert view.evaluate("location.hash") == "#main-content"


def test_a_reader_who_prefers_less_motion_gets_none(browser: Any, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + PAGE)
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter(e => {
             const s = getComputedStyle(e);
             return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none" &&
               parseFloat(s.animationDuration) > 0; }).length"""
    )
    context.close()
    assert moving == 0


def test_a_solution_is_closed_from_the_first_moment_and_opens(browser: Any, address: str) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    held: list[Any] = []
    page.route("**/site.js*", lambda route: held.append(route))
    page.goto(address + "chapters/likelihood/exercises.html", wait_until="commit")
    page.wait_for_selector(".solution .admonition-title")
    solution = page.locator(".solution").first
    before = solution.bounding_box()["height"]
    assert before < 100, "the page would jump when the script closes it"
    held[0].continue_()
    page.wait_for_selector(".solution .toggle-button", state="attached")
    assert abs(solution.bounding_box()["height"] - before) <= 16
    solution.locator(".toggle-button").click()
    assert solution.bounding_box()["height"] > 200
    page.context.close()


def test_a_page_on_paper_is_its_text_and_nothing_round_it(view: Any, address: str) -> None:
    view.goto(address + "chapters/mean_squared_error/exercises.html")
    view.emulate_media(media="print")
    for part in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer"):
        box = view.locator(part).first
        assert not box.is_visible(), f"{part} is printed"
    assert view.locator("article h1").is_visible()


def test_a_formula_is_read_aloud_from_its_mathml_and_copied_as_tex(view: Any, address: str) -> None:
    view.goto(address + PAGE)
    formula = view.locator(".math-block").first
    assert formula.locator("math").count() == 1
    assert formula.locator(".katex-html").get_attribute("aria-hidden") == "true"
    copied = view.evaluate(
        """() => { const box = document.querySelector(".math-block .katex");
             getSelection().selectAllChildren(box);
             const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(),
               bubbles: true, cancelable: true });
             box.dispatchEvent(event);
             return event.clipboardData.getData("text/plain"); }"""
    )
    assert "\\frac" in copied


def test_the_code_of_a_cell_is_copied_with_one_key(browser: Any, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "chapters/mean_squared_error/examples.html")
    button = page.locator("button.copybtn").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('import'))")
    context.close()
