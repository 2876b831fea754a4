"""The site in use: by keyboard, on paper, from a folder, with the search."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import NavigableString, Tag

from tests.book.conftest import SIZE, STILL, soup
from tests.book.translation import LANGUAGES, checks

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGE = "chapters/mean_squared_error/derivation.html"
SEARCHES = tomllib.loads((Path(__file__).with_name("searches.toml")).read_text(encoding="utf-8"))


def answers(view: Any) -> list[str]:
    """Return the titles of the pages that the search has found, best first."""
    return [link.inner_text() for link in view.query_selector_all("#search-results > li > a")]


def found_by(view: Any, start: str, words: str) -> list[str]:
    """Search as a reader does, from the page that is open; return the titles found."""
    view.goto(start + "index.html")
    view.keyboard.press("Control+k")
    view.keyboard.type(words)
    view.keyboard.press("Enter")
    view.wait_for_selector("#search-results p")
    return answers(view)


#: What is asked first from another page, and then where the answers stand, and what is to be found.
TERMS = {
    "huber": "Mean absolute error",
    "logit": "Glossary",
    "maximum likelihood": "ikelihood",
    "best constant": "Mean",
}


def test_the_search_finds_terms_and_headings(view: Any, address: str) -> None:
    (first, title), *others = TERMS.items()
    assert any(title in found for found in found_by(view, address, first))
    for words, title in others:
        view.fill(".bd-search-container input", words)
        view.wait_for_function(
            "words => document.documentElement.dataset.searched === words", arg=words
        )
        assert any(title in found for found in answers(view)), words


#: Fill the field of the search page with one question after the other, and note the pages found.
#: Nothing is drawn in between, which takes longer than to search.
ASK = """async (questions) => {
    const field = document.querySelector(".bd-search-container input"), found = [];
    for (const words of questions) {
        field.value = words;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        while (document.documentElement.dataset.searched !== words)
            await new Promise((done) => setTimeout(done, 20));
        const links = [...document.querySelectorAll("#search-results > li > a")];
        found.push(links.map((link) => link.getAttribute("href")));
    }
    return found;
}"""


def ask(view: Any, questions: list[str]) -> dict[str, list[str]]:
    """Return for each question the pages that the search page finds, best first."""
    found = view.evaluate(ASK, questions)
    names = [
        [page.removeprefix("chapters/").removesuffix(".html") for page in one] for one in found
    ]
    return dict(zip(questions, names, strict=True))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_what_people_type_finds_the_page_they_want_among_the_first_three(
    view: Any, address: str, language: str
) -> None:
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.goto(f"{address}{'' if language == 'en' else language + '/'}search.html")
    missed = {}
    assert len(SEARCHES[language]) >= 50
    found = ask(view, list(SEARCHES[language]))
    for words, wanted in SEARCHES[language].items():
        assert all((SITE / "chapters" / f"{page}.html").exists() for page in wanted)
        if not set(wanted) & set(found[words][:3]):
            missed[words] = found[words][:3]
    assert missed == {}
    # The texts of the book come once; no page is fetched for an excerpt.
    assert sum(url.endswith("search_texts.js") for url in asked) == 1
    assert [url for url in asked if url.endswith(".html")] == asked[:1]


@cache
def texts(language: str) -> dict[str, str]:
    """Return the text of every page of an edition, by the page's name."""
    found = {}
    for path in (SITE / language / "chapters").rglob("*.html"):
        article = soup(path).article
        assert article is not None
        left_out = set(map(id, article.select(".cell_output, .headerlink, loss-parts, script")))

        def words(element: Tag, left_out: set[int] = left_out) -> Iterator[str]:
            for part in element.children:
                if type(part) is NavigableString:
                    yield part
                elif isinstance(part, Tag) and id(part) not in left_out:
                    yield from words(part)

        name = path.relative_to(SITE / language / "chapters").with_suffix("")
        found[name.as_posix()] = " ".join(words(article))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_finds_a_word_with_every_ending_from_any_of_its_forms(
    view: Any, address: str, language: str
) -> None:
    view.goto(f"{address}{language}/search.html")
    for word, forms in checks(language)["search"].items():
        holding = {page for page, text in texts(language).items() if word in text}
        assert len(holding) >= 3, f"few pages hold {word}: name another word"
        for form, found in ask(view, [word, *forms]).items():
            missing = holding - set(found)
            assert not missing, f"{form} does not find {missing}"


def test_an_excerpt_is_a_clean_piece_of_the_text_with_the_word_marked(
    view: Any, address: str
) -> None:
    view.goto(address + "search.html?q=likelihood")
    view.wait_for_selector("#search-results mark")
    excerpts = [p.inner_text() for p in view.query_selector_all("#search-results p > span")]
    assert len(excerpts) >= 10
    for text in excerpts:
        assert len(text) <= 230
        assert not re.search(r"\\|\.md\b|\.ipynb|한국어|[{}$]|  ", text), text
    marked = {mark.inner_text().lower() for mark in view.query_selector_all("mark")}
    assert "likelihood" in marked
    assert all(word in "likelihoods" for word in marked)


def test_what_is_found_fits_into_a_phone(view: Any, address: str) -> None:
    view.set_viewport_size({"width": 360, "height": 800})
    view.goto(address + "search.html?q=entropy")
    view.wait_for_selector("#search-results mark")
    results = view.locator("#search-results")
    assert results.evaluate("list => list.scrollWidth - list.clientWidth") <= 0
    for part in ("#search-results", ".bd-search"):
        box = view.locator(part).last.bounding_box()
        assert box["x"] >= 12
        assert box["x"] + box["width"] <= 360 - 12
    view.set_viewport_size({"width": 1280, "height": 900})


def test_a_passage_of_the_search_has_a_short_heading() -> None:
    # What a solution holds is no passage of its own: its first sentence would be the heading.
    for folder in ("", *LANGUAGES):
        text = (SITE / folder / "search_texts.js").read_text(encoding="utf-8")
        pages = json.loads(text[text.index("(") + 1 : text.rindex(")")])["pages"]
        headings = [heading for *_, parts in pages for _, heading, _ in parts]
        assert len(headings) >= 500
        assert max(map(len, headings)) <= 100, max(headings, key=len)


def test_the_texts_of_the_search_are_small() -> None:
    # They are fetched by who has asked something, and grow with the pages.
    for folder in ("", *LANGUAGES):
        text = (SITE / folder / "search_texts.js").read_text(encoding="utf-8")
        pages = json.loads(text[text.index("(") + 1 : text.rindex(")")])["pages"]
        size = len(gzip.compress(text.encode()))
        assert 50_000 < size <= 4_500 * len(pages), folder


def test_the_search_works_in_a_folder_that_is_opened_as_a_file(view: Any) -> None:
    titles = found_by(view, SITE.as_uri() + "/", "entropy")
    assert any("entropy" in title for title in titles)
    view.goto(f"{SITE.as_uri()}/{PAGE}")
    assert view.locator("h1").inner_text().startswith("Mean squared error")


@pytest.fixture(scope="module")
def chapter(browser: Any, address: str) -> Iterator[Any]:
    """Open a chapter for tests that leave it as it was, but for where the focus is."""
    context = browser.new_context(viewport=SIZE)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address + PAGE)
    yield page
    context.close()
    assert problems == []


def test_a_reader_without_a_mouse_reaches_everything_and_sees_where(chapter: Any) -> None:
    reached: set[str] = set()
    for _ in range(100):
        chapter.keyboard.press("Tab")
        name, outline = chapter.evaluate(
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


def test_a_reader_who_prefers_less_motion_gets_none(chapter: Any) -> None:
    moving = """[...document.querySelectorAll("*")].filter(e => {
             const s = getComputedStyle(e);
             return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none" &&
               parseFloat(s.animationDuration) > 0; }).length"""
    assert chapter.evaluate(moving) > 0
    chapter.emulate_media(reduced_motion="reduce")
    assert chapter.evaluate(moving) == 0
    chapter.emulate_media(reduced_motion="null")


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


def test_a_formula_is_read_aloud_from_its_mathml_and_copied_as_tex(chapter: Any) -> None:
    formula = chapter.locator(".math-block").first
    assert formula.locator("math").count() == 1
    assert formula.locator(".katex-html").get_attribute("aria-hidden") == "true"
    copied = chapter.evaluate(
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_shows_the_same_place(view: Any, address: str, language: str) -> None:
    view.goto(f"{address}{language}/{PAGE}")
    for place in ("where-it-breaks", "equation-gaussian-density"):
        view.evaluate("id => document.getElementById(id).scrollIntoView()", place)
        link = view.locator(".edition-switch a").first.evaluate(STILL)
        view.mouse.click(link["x"] + 5, link["y"] + 5)
        view.wait_for_url(f"**#{place}")
        assert -1 <= view.locator(f"[id='{place}']").bounding_box()["y"] < 300
        view.go_back()
    view.goto(f"{address}{PAGE}")
    view.locator(".edition-switch a").first.click()
    view.wait_for_url(f"**/{language}/{PAGE}")
    assert not view.evaluate("location.hash"), "from the top of a page to the top of the other"


def test_the_menu_of_downloads_opens_and_closes_without_a_mouse(chapter: Any) -> None:
    menu, button = chapter.locator(".dropdown-menu"), chapter.locator(".dropdown-toggle")
    assert not menu.is_visible()
    button.focus()
    chapter.keyboard.press("Enter")
    assert menu.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    chapter.keyboard.press("Tab")
    assert menu.locator(":focus").count() == 1
    chapter.keyboard.press("Escape")
    assert not menu.is_visible()
    assert button.evaluate("button => button === document.activeElement")
    button.click()
    chapter.locator("h1").click()
    assert not menu.is_visible()


def test_the_button_for_the_colors_says_which_ones_are_shown(chapter: Any) -> None:
    button = chapter.locator(".theme-switch-button")
    names = []
    for _ in range(3):
        names.append(button.get_attribute("aria-label"))
        button.click()
    assert len(set(names)) == 3
    assert all(name.startswith("Color mode: ") for name in names)
