"""The map of the chapters shows what their own pages say they need, in every edition."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.book.conftest import soup
from tests.book.translation import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

import chapter_map  # noqa: E402 - found through the line above


def test_what_a_chapter_needs_comes_before_it() -> None:
    names = chapter_map.chapters()
    assert len(names) >= 15
    for place, name in enumerate(names):
        assert all(names.index(need) < place for need in chapter_map.needs(name)), name


def test_every_chapter_but_the_first_needs_another() -> None:
    first, *others = chapter_map.chapters()
    assert not chapter_map.needs(first)
    assert all(map(chapter_map.needs, others))


def test_what_is_left_out_of_the_map_follows_from_what_is_drawn() -> None:
    for name in chapter_map.chapters():
        drawn = set(chapter_map.direct(name))
        assert drawn.union(*map(chapter_map.rests_on, drawn)) == chapter_map.rests_on(name)


@pytest.mark.parametrize("edition", ["", *(f"{language}/" for language in LANGUAGES)])
def test_the_page_shows_each_chapter_with_its_time_and_its_needs(edition: str) -> None:
    names = chapter_map.chapters()
    (shown,) = soup(f"{edition}index.html").select(".chapter-map")
    items = shown.select("li")
    assert [item.a["href"] for item in items] == [f"{name}.html" for name in names]
    for item, name in zip(items, names, strict=True):
        title = soup(f"{edition}{name}.html").h1.get_text().rstrip("#\n ")
        assert item.a.get_text(strip=True) == title
        needed = [str(names.index(need) + 1) for need in chapter_map.direct(name)]
        numbers = re.findall(r"\d+", item.em.get_text())
        assert numbers == [str(chapter_map.minutes(name)), *needed]
    assert len(shown.select("svg path")) == sum(len(chapter_map.direct(name)) for name in names)
    assert shown.svg["role"] == "img"
    assert shown.svg["aria-label"]
