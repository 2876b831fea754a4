"""The book for a bag: one ZIP file, and a PDF of each edition."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.book.conftest import CHROMIUM, MOVED, SITE
from tests.book.translation import LANGUAGES
from tools.pack import TARGET, pack
from tools.pdf import pages_in_order, print_pdf, target_of

ROOT = SITE.parents[1]

EDITIONS = ["", *LANGUAGES]
#: The addresses of links, styles, pictures and scripts: to parse every page would take much longer.
ASKED = re.compile(r'<(?:a|link|img|script)\b[^>]*? (?:href|src)="([^"]*)"')
#: What is printed of every edition, and of the first one: a long page with tables and figures.
FULL = "chapters/losses_and_metrics/index.html"
PRINTED = (
    "index.html",
    "chapters/calibration/index.html",
    "chapters/calibration/examples.html",
    "chapters/reviews/classes.html",
)


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
        text = (unpacked / page).read_text(encoding="utf-8")
        assert 'class="take-away"' not in text, "who has unpacked it has the book"
        asked = ASKED.findall(text)
        assert len(asked) >= 20
        for address in asked:
            parts = urlsplit(unescape(address))
            if parts.scheme or not parts.path:
                continue
            assert not parts.path.startswith("/"), f"{page} asks for {address}, from the root"
            path = posixpath.normpath(posixpath.join(page.parent, unquote(parts.path)))
            assert (unpacked / path).exists(), f"{page} asks for {address}"


def test_what_the_opening_pages_offer_lies_where_the_workflow_publishes_it(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "_ext"))
    from publishing import files_to_take_away

    workflow = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["site"]["steps"]]
    copied = next(step for step in steps if step.startswith("cp "))
    made = " ".join(steps[: steps.index(copied)])
    assert made.index("make live") < made.index("tools/pack.py") < made.index("tools/pdf.py")
    # The step, run where those before it have left their files.
    (tmp_path / "_build/html").mkdir(parents=True)
    for file in (TARGET, *map(target_of, ["en", *LANGUAGES])):
        (tmp_path / "_build" / file.name).touch()
    subprocess.run(["bash", "-ec", copied], cwd=tmp_path, check=True)
    for language in ["en", *LANGUAGES]:
        home = tmp_path / "_build/html" / ("" if language == "en" else language)
        home.mkdir(exist_ok=True)
        for file in files_to_take_away(language):
            assert (home / file).is_file(), f"{language}: {file}"


@pytest.fixture(scope="module", params=EDITIONS)
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str], PdfReader]:
    """Print some pages of an edition: chapters of one page and of two, short ones.

    To read a PDF takes most of the time, page by page.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian's package is `chromium`)")
    folder = tmp_path_factory.mktemp("pdf")
    site = folder / "site"
    shutil.copytree(SITE / request.param, site, ignore=shutil.ignore_patterns(*LANGUAGES))
    wanted = PRINTED if request.param else (*PRINTED, FULL)
    pages = [page for page in pages_in_order(site) if page in wanted]
    assert len(pages) == len(wanted)
    print_pdf(site, folder / "book.pdf", pages)
    return site, pages, PdfReader(folder / "book.pdf")


@cache
def headings(page: Path) -> list[tuple[int, str]]:
    """Return the headings of a page, with their levels."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return [
        (int(tag.name[1]), " ".join(tag.get_text().removesuffix("#").split()))
        for tag in soup.find_all(re.compile("^h[1-3]$"))
    ]


def expected_outline(site: Path, pages: list[str]) -> list[tuple[int, str]]:
    """Return the headings of pages and how deep each stands: a chapter's pages below its first."""
    found: list[tuple[int, str]] = []
    folders: set[str] = set()
    for page in pages:
        folder = page.rpartition("/")[0] if page.count("/") > 1 else page
        for level, words in headings(site / page):
            found.append(((folder in folders) + level - 1, words))
        folders.add(folder)
    return found


def outline(pdf: PdfReader, entries: Any = None, depth: int = 0) -> list[tuple[int, str, int]]:
    """Return each entry of a PDF's outline: how deep it stands, its title, its page."""
    found: list[tuple[int, str, int]] = []
    for entry in pdf.outline if entries is None else entries:
        if isinstance(entry, list):
            found += outline(pdf, entry, depth + 1)
        else:
            found.append((depth, str(entry.title), pdf.get_destination_page_number(entry)))
    return found


def check_outline(pdf: PdfReader, site: Path, pages: list[str]) -> None:
    """Fail unless the outline is exact and the contents agree with it."""
    found = outline(pdf)
    assert [(depth, title) for depth, title, _ in found] == expected_outline(site, pages)
    assert [number for *_, number in found] == sorted(number for *_, number in found)
    bared = list(map(bare, texts(pdf)))
    for _, title, number in found:
        assert shown(title, pdf) in bared[number], f"{title} does not stand on page {number + 1}"
    listed = "".join(bared[1 : found[0][2]])
    for title in titles(site, pages):
        number = next(number for _, known, number in found if known == title)
        assert f"{shown(title, pdf)}{number + 1}" in listed


def titles(site: Path, pages: list[str]) -> list[str]:
    """Return the title of each page."""
    return [expected_outline(site, [page])[0][1] for page in pages]


@cache
def texts(pdf: PdfReader) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in pdf.pages]


def bare(text: str) -> str:
    """Return a text without spaces and ligatures: a PDF stores shapes and their places.

    Where a machine has no font for a letter, the PDF has a box, which is read as nothing.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\0", "")


@cache
def letters(pdf: PdfReader) -> set[str]:
    """Return the letters for which the machine that printed a PDF has a font."""
    return set(bare("".join(texts(pdf))))


def shown(title: str, pdf: PdfReader) -> str:
    """Return what of a title can be read in a PDF."""
    return "".join(letter for letter in bare(title) if letter in letters(pdf))


def test_the_pdf_follows_the_contents_from_the_first_page_to_the_last(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    site, _, _ = printed
    order = pages_in_order(site)
    assert order[0] == "index.html"
    written = {str(p.relative_to(site)) for p in site.rglob("*.html") if "chapters" in p.parts}
    assert set(order) == written - {f"{page}.html" for page in MOVED} | {"index.html"}


def test_the_outline_has_each_title_once_whole_in_order_and_at_its_page(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    site, pages, pdf = printed
    check_outline(pdf, site, pages)


LONG = {
    "index.html": "A book whose title is so long that no printer could put it into a single line",
    "chapters/one/index.html": 'Loss & metric: "mean" <square>, and again a title of some lines',
    "chapters/one/examples.html": "Mean squared errors: worked examples and a long subtitle",
    "chapters/two/index.html": "평균 제곱 오차와 평균 절대 오차를 한 줄에 쓸 수 없을 만큼 긴 제목",
}


def test_titles_that_wrap_are_whole_in_the_outline(tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian's package is `chromium`)")
    style = "h1 { font-size: 2.4rem; line-height: 1.15 } h2 { font-size: 40pt; line-height: 1 }"
    (tmp_path / "style.css").write_text(style)
    for page, title in LONG.items():
        path = tmp_path / page
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = "".join(
            f'<section id="part-{k}"><h2>Part {k} of &ldquo;{escape(title)}&rdquo;'
            f'<a class="headerlink" href="#part-{k}">#</a></h2>{"<p>Words.</p>" * 40}</section>'
            for k in range(3)
        )
        path.write_text(
            f'<html lang="en"><head><link rel="stylesheet" href="style.css"></head><body>'
            f'<p class="logo__title">Book</p><article class="bd-article"><section id="top">'
            f'<h1>{escape(title)}<a class="headerlink" href="#top">#</a></h1>{parts}</section>'
            f"</article></body></html>",
            encoding="utf-8",
        )
    print_pdf(tmp_path, tmp_path / "book.pdf", list(LONG))
    pdf = PdfReader(tmp_path / "book.pdf")
    check_outline(pdf, tmp_path, list(LONG))
    assert len(outline(pdf)) == 16


def test_the_pdf_has_running_heads_and_numbered_equations(
    printed: tuple[Path, list[str], PdfReader],
) -> None:
    site, pages, pdf = printed
    chapter = titles(site, pages)[1]
    heads = [text for text in texts(pdf) if shown(chapter, pdf) in bare(text)]
    assert len(heads) >= 3, "the running head names the chapter"
    assert re.search(r"\(1\)", " ".join(texts(pdf)))
    assert pdf.trailer["/Root"]["/Lang"]  # type: ignore[index]
    assert "/StructTreeRoot" in pdf.trailer["/Root"]  # type: ignore[operator]


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
    assert inside >= 15
