"""What a reader's browser gets: the built site, page by page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
#: Pages that the builder makes; they hold no text of the book.
MADE = {"genindex.html", "search.html"}


def pages() -> list[Path]:
    """Return the pages of the book itself."""
    found = sorted(SITE.rglob("*.html"))
    return [p for p in found if p.name not in MADE and "_static" not in p.parts]


@cache
def soup(path: Path) -> BeautifulSoup:
    """Return a page, parsed."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the ids of a page."""
    return frozenset(tag["id"] for tag in soup(path).find_all(id=True))


def test_the_site_has_been_built() -> None:
    assert (SITE / "index.html").exists(), "build it first: make book"
    assert len(pages()) >= 18


every_page = pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(SITE)))


@every_page
def test_a_page_has_a_language_a_title_and_one_heading_at_the_top(path: Path) -> None:
    page = soup(path)
    if page.find("meta", attrs={"http-equiv": re.compile("refresh", re.I)}):
        pytest.skip("a redirect has no content")
    assert page.html["lang"]
    assert page.title.string.strip()
    assert len(page.find_all("h1")) == 1


@every_page
def test_a_page_shows_no_failure_of_the_build(path: Path) -> None:
    text = soup(path).get_text()
    for trace in ("Traceback (most recent call last)", "<Figure size", "ParseError", "{glue:"):
        assert trace not in text
    assert not soup(path).find_all(class_=re.compile(r"problematic|system-message|katex-error"))


@every_page
def test_every_image_of_a_page_has_an_alternative_text(path: Path) -> None:
    for image in soup(path).find_all("img"):
        alt = image.get("alt", "")
        if "logo" in " ".join(image.get("class", [])):
            continue
        assert len(alt) >= 40, f"{image.get('src')} has the alternative text {alt!r}"
        assert "_images" not in alt


@every_page
def test_a_page_asks_no_other_host_for_anything(path: Path) -> None:
    page = soup(path)
    loaded = [
        *(tag.get("src") for tag in page.find_all(["script", "img", "iframe", "source"])),
        *(
            tag.get("href")
            for tag in page.find_all("link")
            if {"stylesheet", "preload", "icon", "modulepreload", "preconnect"}
            & set(tag.get("rel", []))
        ),
    ]
    foreign = [address for address in loaded if address and urlsplit(address).netloc]
    assert foreign == []
    inline = " ".join(script.string or "" for script in page.find_all("script"))
    assert not re.search(r"(?:unpkg|jsdelivr|cdnjs|googleapis)", inline)


def test_no_style_of_the_site_asks_another_host_for_anything() -> None:
    for sheet in SITE.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import\s+['\"]?https?:", text), sheet


@every_page
def test_every_link_inside_the_site_leads_somewhere(path: Path) -> None:
    for link in soup(path).find_all("a", href=True):
        address = urlsplit(link["href"])
        if address.scheme or address.netloc:
            continue
        target = (path.parent / unquote(address.path)).resolve() if address.path else path
        assert target.exists(), f"{link['href']} leads nowhere"
        if address.fragment and target.suffix == ".html" and target.name not in MADE:
            assert unquote(address.fragment) in anchors(target), f"{link['href']} has no such place"


@every_page
def test_mathematics_is_rendered_and_can_be_read_aloud(path: Path) -> None:
    for formula in soup(path).find_all(class_="math"):
        if formula.name in ("div", "span") and "eqno" not in formula.get("class", []):
            assert formula.find("math"), f"not rendered: {formula.get_text()[:80]!r}"
