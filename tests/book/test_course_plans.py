"""The course plans follow the book: its order, and each of its chapters."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEACHING = ROOT / "chapters" / "teaching"
PLANS = dict(
    re.findall(
        r"^## (.+?)\n(.*?)(?=^## |\Z)",
        (TEACHING / "course_plans.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)


def chapters() -> list[str]:
    """Return the chapters in the book's order, without what is for teachers and for reference."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [c["file"] for p in parts[:-2] for c in p["chapters"]]
    return [file.removeprefix("chapters/") for file in files]


def linked(plan: str) -> list[str]:
    """Return the chapters and reviews that a plan links to, each where it comes first."""
    places = re.findall(r"\]\(\.\./((?:\w+)/(?:index|derivation)|reviews/\w+)\.", PLANS[plan])
    return list(dict.fromkeys(places))


def order_of(plan: str) -> list[int]:
    """Return the places of a plan's chapters in the book."""
    return [chapters().index(chapter) for chapter in linked(plan)]


@pytest.mark.parametrize("plan", ["One evening", "Two weeks", "A term"])
def test_a_plan_follows_the_order_of_the_book(plan: str) -> None:
    places = order_of(plan)
    assert len(places) >= 4
    assert all(a < b for a, b in pairwise(places)), linked(plan)


def test_every_chapter_and_review_is_in_the_plan_of_a_term() -> None:
    assert linked("A term") == chapters()


def test_the_term_has_as_many_weeks_as_it_says() -> None:
    weeks = re.findall(r"^\| (\d+) \|", PLANS["A term"], re.MULTILINE)
    assert weeks == [str(week) for week in range(1, 13)]
    assert PLANS["A term"].strip().startswith("Twelve weeks")


def test_the_page_on_chapters_has_each_chapter_in_order() -> None:
    titles = []
    for chapter in chapters():
        if chapter.startswith("reviews/"):
            continue
        page = (ROOT / "chapters" / f"{chapter}.md").read_text(encoding="utf-8")
        titles.append(re.findall(r"^# (.+)$", page, re.MULTILINE)[0])
    told = (TEACHING / "by_chapter.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", told, re.MULTILINE) == titles
