"""What a published page weighs, what it says of itself, and what two settings switch on."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.ft2font import FT2Font

from benchmarks.lighthouse.measure import pages_of
from tests.book.conftest import every, soup
from tests.book.translation import LANGUAGES, catalogues

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
CHAPTERS = sorted(
    path
    for path in SITE.rglob("*.html")
    if "chapters" in path.parts and 'class="moved"' not in path.read_text(encoding="utf-8")
)
every_chapter = every(*CHAPTERS, name=lambda path: str(path.relative_to(SITE)))


@cache
def packed(path: Path) -> int:
    """Return how many bytes a file takes on the way: fonts are packed already."""
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 6))


@cache
def fonts_of_mathematics(static: Path) -> int:
    """Return what the six largest take: no page of the book loads more than six."""
    return sum(sorted(map(packed, (static / "katex" / "fonts").glob("*.woff2")))[-6:])


def static_files(path: Path) -> Path:
    """Return the folder of the files that the pages of an edition share."""
    return next(folder for folder in path.parents if (folder / "_static").exists()) / "_static"


@every_chapter
def test_the_first_view_of_a_chapter_takes_at_most_300_kilobytes(path: Path) -> None:
    page = soup(path)
    loaded = [tag["src"] for tag in page.find_all("script", src=True)]
    loaded += [tag["href"] for tag in page.find_all("link", rel=["stylesheet", "icon"])]
    # A picture below the first screen is marked, and is fetched when the reader comes to it.
    loaded += [tag["src"] for tag in page.find_all("img") if tag.get("loading") != "lazy"]
    files = {(path.parent / address.partition("?")[0]).resolve() for address in loaded}
    static = static_files(path)
    total = packed(path) + sum(map(packed, files)) + packed(static / "icons.woff2")
    assert total + fonts_of_mathematics(static) <= 300_000


def test_the_fonts_and_styles_of_mathematics_take_at_most_76_kilobytes_in_one_page() -> None:
    for static in {static_files(path) for path in CHAPTERS}:
        assert fonts_of_mathematics(static) <= 76_000


@every_chapter
def test_no_script_holds_up_a_page(path: Path) -> None:
    for script in soup(path).find_all("script", src=True):
        assert script.has_attr("defer") or script.has_attr("async"), script["src"]


@every_chapter
def test_a_drawing_keeps_its_room_free(path: Path) -> None:
    for image in soup(path).find("article").find_all("img"):
        assert image.get("width"), f"{image['src']} moves the text when it arrives"
        assert image.get("height")


@every_chapter
def test_a_page_describes_itself_in_one_or_two_sentences(path: Path) -> None:
    page = soup(path)
    found = page.find_all("meta", attrs={"name": "description"})
    assert len(found) == 1
    assert 25 <= len(found[0]["content"]) <= 180
    assert page.find("meta", property="og:description")["content"] == found[0]["content"]


@every_chapter
def test_the_footer_names_the_book_the_version_the_date_and_the_licenses(path: Path) -> None:
    part = soup(path).find("footer", class_="bd-footer-content")
    footer = part.get_text(" ", strip=True)
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    for words in (f"Lossbook {version}", "CC BY 4.0", "MIT"):
        assert words in footer
    assert any("history" in link["href"] or link["href"] == "#" for link in part.find_all("a"))
    assert re.search(r"20\d\d", footer)


def test_a_missing_page_is_told_with_ways_on() -> None:
    page = soup(SITE / "404.html")
    assert page.h1.get_text() == "There is no such page"
    inside = {link["href"] for link in page.find("article").find_all("a")}
    assert {"/search.html", "/index.html"} <= inside, "it is shown at any depth: from the root"
    assert page.find("nav", class_="bd-links").find_all("a")


def test_every_notebook_can_be_downloaded_as_it_is_in_the_repository() -> None:
    for page in SITE.glob("chapters/**/*.html"):
        name = page.relative_to(SITE).with_suffix(".ipynb")
        if page.stem in ("examples", "exercises"):
            assert (SITE / "_sources" / name).read_bytes() == (ROOT / name).read_bytes()
            assert soup(page).find("a", href=re.compile(rf"_sources/{re.escape(str(name))}$"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build two pages as a publisher does, with the two settings."""
    book = tmp_path_factory.mktemp("published")
    for name in ("_ext", "_static", "_templates", "_config.yml", "references.bib", "node_modules"):
        (book / name).symlink_to(ROOT / name)
    said = "A page that says what it is about. " * 3
    (book / "index.md").write_text(f"# Title\n\n{said}\n\n```{{take-away}}\n```\n")
    (book / "chapters").mkdir()
    (book / "chapters" / "history.md").write_text("# History\n\nWhat changed, and when it did.\n")
    shutil.copy(ROOT / "chapters/training/examples.ipynb", book / "chapters")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: chapters/examples\n"
        "- file: chapters/history\n"
    )
    done = subprocess.run(
        [str(Path(sys.executable).with_name("jupyter-book")), "build", str(book), "--quiet"],
        env={
            **os.environ,
            "BOOK_URL": "https://example.org/book",
            "BOOK_REPOSITORY": "https://github.com/someone/lossbook",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return book / "_build" / "html"


def test_the_address_of_the_site_gives_canonical_links_a_sitemap_and_a_picture(
    published: Path,
) -> None:
    page = soup(published / "chapters" / "examples.html")
    address = "https://example.org/book/chapters/examples.html"
    assert page.find("link", rel="canonical")["href"] == address
    assert page.find("meta", property="og:url")["content"] == address
    others = {tag["hreflang"]: tag["href"] for tag in page.find_all("link", rel="alternate")}
    translations = {code: address.replace("/book/", f"/book/{code}/") for code in LANGUAGES}
    assert others == {"en": address, **translations}
    picture = page.find("meta", property="og:image")["content"]
    assert picture == "https://example.org/book/_static/social.png"
    assert (published / "_static" / "social.png").read_bytes().startswith(b"\x89PNG")
    assert address in (published / "sitemap.xml").read_text()
    assert '"/book/_static/' in (published / "404.html").read_text()


def test_the_picture_of_an_edition_says_in_its_language_what_the_first_one_says() -> None:
    sys.path.insert(0, str(ROOT / "_ext"))
    import publishing

    for language in LANGUAGES:
        words = catalogues(language)["lossbook.po"].get(publishing.SAID).string
        font = publishing.font_for(words)
        if font is None:
            pytest.skip(f"no font on this machine has the letters of {words!r}")
        assert set(map(ord, words.replace("\n", "").replace(" ", ""))) <= set(
            FT2Font(font.get_file()).get_charmap()
        )
        drawn = publishing.picture(words, font)
        assert [text.get_text() for text in drawn.texts] == ["Lossbook", *words.split("\n")]
    for words in ("in one line", "in as many\nlines as a language\nwants"):
        drawn = publishing.picture(words, publishing.font_for(words))
        assert [text.get_text() for text in drawn.texts] == ["Lossbook", *words.split("\n")]
    assert Path(publishing.font_for(publishing.SAID).get_file()).stem == "DejaVuSans"
    assert publishing.font_for("\U0010fffd") is None


def test_the_opening_page_offers_the_book_where_it_is_published_and_commands_elsewhere(
    published: Path,
) -> None:
    links = soup(published / "index.html").select(".take-away a")
    assert [link["href"] for link in links] == ["lossbook.pdf", "lossbook.zip"]
    for edition in ("", *LANGUAGES):
        here = soup(SITE / edition / "index.html").find(class_="take-away")
        assert not here.find("a"), "nothing lies there"
        assert [code.get_text() for code in here.find_all("code")] == ["make pdf", "make zip"]


def test_without_python_for_browsers_a_page_does_not_speak_of_running(published: Path) -> None:
    text = (published / "chapters" / "examples.html").read_text(encoding="utf-8")
    assert "live-note" not in text
    assert 'id="live"' not in text


def test_the_address_of_the_repository_gives_the_buttons(published: Path) -> None:
    page = soup(published / "chapters" / "examples.html")
    links = " ".join(link["href"] for link in page.find_all("a", href=True))
    for start in (
        "https://colab.research.google.com/github/someone/lossbook/blob/main/chapters/",
        "https://mybinder.org/v2/gh/someone/lossbook/main",
        "https://github.com/someone/lossbook/edit/main/chapters/examples.ipynb",
        "https://github.com/someone/lossbook/issues/new",
    ):
        assert start in links


def test_without_the_settings_a_page_points_at_no_publisher() -> None:
    text = (SITE / "chapters/training/examples.html").read_text(encoding="utf-8")
    for absent in (
        "canonical",
        "alternate",
        "mybinder",
        "colab.research",
        "og:image",
        "github.com/exec",
    ):
        assert absent not in text


def test_every_icon_that_the_styles_draw_is_in_the_font() -> None:
    css = (SITE / "_static" / "site.css").read_text(encoding="utf-8")
    drawn = {int(code, 16) for code in re.findall(r"\\(f[0-9a-f]{3})\b", css)}
    drawn |= {ord(letter) for letter in css if "\ue000" <= letter <= "\uf8ff"}
    brands = {0xF09B, 0xF296}  # GitHub and GitLab: the theme names them and draws pictures
    assert len(drawn) >= 10
    assert drawn - brands <= set(TTFont(SITE / "_static" / "icons.woff2").getBestCmap())


def test_each_figure_is_stored_once_for_all_pages_and_editions() -> None:
    figures = [path for path in SITE.rglob("*.svg") if path.parent.name == "_images"]
    assert len(figures) >= 40
    drawings = ["".join(path.read_text(encoding="utf-8").split()) for path in figures]
    assert len(set(drawings)) == len(drawings)


def test_the_stored_measurements_keep_the_promises() -> None:
    kept = json.loads((ROOT / "benchmarks" / "lighthouse" / "results.json").read_text())
    every = pages_of(SITE)
    gone = kept["pages"].keys() - set(every)
    assert not gone, f"run make lighthouse for what is there now, or delete {sorted(gone)}"
    assert len(kept["pages"]) > len(every) / 2
    assert not set(kept["open"]) & set(kept["pages"])
    for page, found in kept["pages"].items():
        assert found["performance"] >= 98, page
        assert found["accessibility"] == found["best-practices"] == found["seo"] == 100, page
        assert found["cumulative_layout_shift"] < 0.02, page
        assert found["kilobytes"] <= 300, page
        assert found["kilobytes_of_mathematics"] <= 76, page
