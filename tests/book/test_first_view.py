"""What invites: the first screen of a chapter, the opening page, what is at hand on every page.

`test_browser.py` measures whether question, formula and curve are on that screen, on each page.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import faces
from tests.book.conftest import SITE, hover, soup
from tests.book.kinds import KINDS
from tests.book.translation import LANGUAGES

CHAPTERS = [f"chapters/{name}/derivation.html" for name in faces.CHAPTERS]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_card_is_folded_at_the_beginning_and_whole_at_the_end(chapter: str) -> None:
    page = soup(chapter)
    first, *_, last = page.select(".loss-card")
    assert len(first.select("tbody tr")) == 4
    assert len(last.select("tbody tr")) >= 11
    assert last.find_parent("section")["id"] == "take-aways"
    assert first.select_one(f'a[href="#{last["id"]}"]')


def test_no_box_stands_before_the_first_sentence_of_any_page() -> None:
    for path in sorted((SITE / "chapters").rglob("*.html")):
        section = soup(path).select_one("article section")
        assert section is not None
        after = [tag for tag in section.find_all(recursive=False) if tag.name != "span"][1]
        assert "admonition" not in after.get("class", []) or "before-you-begin" in after["class"], (
            path
        )


# --- the opening page ---


def test_every_loss_has_a_small_curve_that_leads_to_its_chapter(view: Any, address: str) -> None:
    view.goto(address + "index.html")
    links = view.locator(".loss-gallery a")
    assert links.evaluate_all("all => all.map(a => a.getAttribute('href'))") == [
        f"chapters/{loss.chapter}/derivation.html" for loss in faces.EXPLAINED
    ]
    for link in links.all():
        assert link.locator("svg path.curve-line").count() == 1
        assert len(link.locator("span").inner_text()) > 10


def test_the_table_of_losses_sorts_and_filters(view: Any, address: str) -> None:
    view.goto(address + "index.html")
    names = view.locator(".loss-overview tbody tr td:first-child")
    table = names.all_text_contents
    original = table()
    assert len(original) == len(faces.EXPLAINED)
    head = view.locator(".loss-overview th button").first
    head.focus()
    view.keyboard.press("Enter")
    assert table() == sorted(original)
    assert view.locator(".loss-overview th").first.get_attribute("aria-sort") == "ascending"
    head.click()
    assert table() == sorted(original, reverse=True)
    view.locator(".table-filter").fill("median")
    assert [n.inner_text() for n in names.all() if n.is_visible()] == [
        "Mean absolute error",
        "Hinge loss",
    ]
    view.locator(".table-filter").fill("")
    assert all(n.is_visible() for n in names.all())


# --- previews ---


def test_a_term_says_what_it_is_where_it_is_used(view: Any, address: str) -> None:
    view.goto(address + KINDS["loss"])
    card = view.locator("#preview")
    term = view.locator("article a[href*='glossary.html#']").first
    hover(term)
    card.wait_for(state="visible")
    assert (
        card.inner_text()
        == "Prediction minus label, yi − ti. Statistics calls its negative the residual."
    )
    assert card.locator("sub").all_inner_texts() == ["i", "i"]
    assert term.get_attribute("aria-describedby") == "preview"
    view.keyboard.press("Escape")
    assert not card.is_visible()
    view.mouse.move(5, 5)
    view.keyboard.press("Tab")
    view.evaluate("document.querySelector(\"article a[href*='glossary.html#']\").focus()")
    card.wait_for(state="visible")
    view.keyboard.press("Tab")
    assert not card.is_visible()


def test_an_equation_and_a_citation_show_what_they_are(view: Any, address: str) -> None:
    view.goto(address + KINDS["loss"])
    card = view.locator("#preview")
    hover(view.locator("article a[href='#equation-gaussian-density']:not(.eqno)").first)
    card.wait_for(state="visible")
    assert card.locator("math").count() == 1
    view.mouse.move(5, 5)
    card.wait_for(state="hidden")
    hover(view.locator("article a[href*='bibliography.html#']").first)
    card.wait_for(state="visible")
    assert "Forbes" in card.inner_text()  # whom the page cites first


def test_a_first_tap_shows_and_a_second_one_follows(browser: Any, address: str) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(address + KINDS["loss"])
    term = page.locator("article a[href*='glossary.html#']").nth(3)
    term.scroll_into_view_if_needed()
    term.tap()
    card = page.locator("#preview")
    card.wait_for(state="visible")
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    term.tap()
    page.wait_for_url("**/glossary.html#*")
    context.close()


@pytest.mark.parametrize("folder", ["", *(f"{language}/" for language in LANGUAGES)])
def test_what_the_previews_say_is_small_and_whole(folder: str) -> None:
    for path in sorted((SITE / folder / "chapters").rglob("*.html")):
        tag = soup(path).find(id="previews")
        if tag is None:
            continue
        texts = json.loads(tag.string)  # type: ignore[arg-type]
        assert len(tag.string.encode()) <= 12_000, path  # type: ignore[union-attr]
        assert all(len(text) > 10 for text in texts.values()), path


# --- the glossary, the contents, the code ---


@pytest.mark.parametrize("folder", ["", *(f"{language}/" for language in LANGUAGES)])
def test_the_glossary_has_letters_and_ways_back(folder: str) -> None:
    page = soup(f"{folder}chapters/glossary.html")
    letters = [link.get_text() for link in page.select(".letters a")]
    assert len(letters) >= 9
    assert len(letters) == len(set(letters))
    back = page.select(".used-in a")
    assert len(page.select(".used-in")) >= 50
    assert any("mean_squared_error/derivation.html" in link["href"] for link in back)


def test_the_contents_of_a_page_list_its_exercises() -> None:
    page = soup(KINDS["exercises"])
    links = [link["href"] for link in page.select(".bd-sidebar-secondary .toc-entry a")]
    exercises = [f"#{box['id']}" for box in page.select("div.exercise")]
    assert len(exercises) >= 6
    assert links[: len(exercises)] == exercises
    assert "#quiz" in links


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_quoted_methods_begin_with_their_class(chapter: str) -> None:
    quoted = [code.get_text() for code in soup(chapter).select("div.highlight pre")]
    methods = [code for code in quoted if "(self, " in code]
    assert methods
    assert all(code.startswith("class ") for code in methods)
