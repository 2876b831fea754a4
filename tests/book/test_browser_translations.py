"""The translated editions in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.book.translation import LANGUAGES, checks


@pytest.mark.parametrize(
    "page", ["chapters/training/index.html", "chapters/api/losses_of_classes.html"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_without_italics_stand_upright(
    view: Any, address: str, language: str, page: str
) -> None:
    letters = checks(language)["upright"]
    if not letters:
        pytest.skip("this language's letters have italics")
    view.goto(f"{address}{language}/{page}")
    slanted = """letters => [...document.querySelectorAll("body *")]
        .filter(element => getComputedStyle(element).fontStyle !== "normal")
        .filter(element => [...element.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && RegExp(letters).test(node.data)))
        .map(element => element.outerHTML)"""
    assert view.evaluate(slanted, letters) == []
