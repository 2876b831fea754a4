"""The book for a bag: one ZIP file, and a PDF of each edition."""

from __future__ import annotations

import posixpath
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdf.generic import Destination

from tests.book.conftest import CHROMIUM, SITE
from tests.book.translation import LANGUAGES
from tools.pack import pack
from tools.pdf import pages_in_order, print_pdf

EDITIONS = ["", *LANGUAGES]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bag")
    pack(SITE, folder / "lossbook.zip")
    with zipfile.ZipFile(folder / "lossbook.zip") as archive:
        archive.extractall(folder)
    return folder / "lossbook"


def test_the_zip_holds_every_page_of_every_edition_and_all_that_they_ask_for(
    unpacked: Path,
) -> None:
    pages = {p.relative_to(unpacked) for p in unpacked.rglob("*.html")}
    assert pages == {p.relative_to(SITE) for p in SITE.rglob("*.html") if p.name != "404.html"}
    for page in pages:
        soup = BeautifulSoup((unpacked / page).read_text(encoding="utf-8"), "html.parser")
        asked = [tag["href"] for tag in soup.find_all(["a", "link"], href=True)]
        asked += [tag["src"] for tag in soup.find_all(["img", "script"], src=True)]
        for address in asked:
            parts = urlsplit(address)
            if parts.scheme or not parts.path:
                continue
            assert not parts.path.startswith("/"), f"{page} asks for {address}, from the root"
            path = posixpath.normpath(posixpath.join(page.parent, unquote(parts.path)))
            assert (unpacked / path).exists(), f"{page} asks for {address}"


@pytest.fixture(scope="module", params=EDITIONS)
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str], PdfReader]:
    """Print the first chapters of an edition."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian's package is `chromium`)")
    folder = tmp_path_factory.mktemp("pdf")
    site = folder / "site"
    shutil.copytree(SITE / request.param, site, ignore=shutil.ignore_patterns(*LANGUAGES))
    pages = pages_in_order(site)[:6]
    print_pdf(site, folder / "book.pdf", pages)
    return site, pages, PdfReader(folder / "book.pdf")


def titles(site: Path, pages: list[str]) -> list[str]:
    found = []
    for page in pages:
        soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
        found.append(soup.h1.get_text().rstrip("#").strip())  # type: ignore[union-attr]
    return found


def bare(text: str) -> str:
    """Return a text without spaces: a PDF stores places of letters, not words."""
    return "".join(text.split())


def test_the_pdf_follows_the_contents_from_the_first_page_to_the_last(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    site, _, _ = printed
    order = pages_in_order(site)
    assert order[0] == "index.html"
    written = {str(p.relative_to(site)) for p in site.rglob("*.html") if "chapters" in p.parts}
    assert set(order) == written | {"index.html"}


def test_the_pdf_has_bookmarks_heads_and_numbered_equations(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    site, pages, pdf = printed

    def names(outline: list[Destination | list[Destination]]) -> list[str]:
        flat: list[str] = []
        for entry in outline:
            flat += names(entry) if isinstance(entry, list) else [str(entry.title)]  # type: ignore[arg-type]
        return flat

    marks = [" ".join(name.split()) for name in names(pdf.outline)]  # type: ignore[arg-type]
    for title in titles(site, pages):
        assert any(mark.startswith(title) for mark in marks), title
    texts = [page.extract_text() for page in pdf.pages]
    chapter = titles(site, pages)[1]
    heads = [text for text in texts if bare(chapter) in bare(text)]
    assert len(heads) >= 3, "the running head names the chapter"
    assert re.search(r"\(1\)", " ".join(texts))
    assert pdf.trailer["/Root"]["/Lang"]  # type: ignore[index]


def test_the_links_of_the_pdf_lead_to_places_in_it(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    _, _, pdf = printed
    known = set(pdf.named_destinations)
    inside = 0
    for page in pdf.pages:
        for annotation in page.get("/Annots") or []:
            action = annotation.get_object()
            if "/Dest" in action:
                inside += 1
                assert str(action["/Dest"]).lstrip("/") in {k.lstrip("/") for k in known}
            else:
                assert "file:" not in str(action.get("/A", {}).get("/URI", ""))
    assert inside >= 20
