"""Print each edition of the built site as one PDF: title, contents, every page in its order.

    python tools/pdf.py [LANGUAGE ...]

The pages are put into one document, whose links lead inside it, and Chromium prints it, with a
running head for each chapter, page numbers, and tags for screen readers. It is printed twice: the
first time tells on which page each heading stands, for the contents and for the outline. What a
reader would open with a click is open.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import io
import posixpath
import sys
from collections.abc import Callable
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

from tools.chromium import CHROMIUM, WITHOUT

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
LEFT_OUT = (
    ".headerlink, .toggle-button, .copybtn, script, button, .prev-next-footer, .take-away, "
    "loss-curve input, loss-curve button, loss-curve select"
)
STYLE = """
html { scroll-padding: 0; }
body { background: white; }
.bd-article-container { display: block; width: auto; padding: 0; }
.bd-article { max-width: none; font-size: 1rem; padding: 0; }
.page { break-before: page; }
h1, h2, h3, h4 { break-inside: avoid; break-after: avoid; }
.math-block .katex { font-size: 1em; }
table { font-size: 0.88rem !important; }
details > summary { list-style: none; }
.title { break-after: page; padding-top: 30%; }
.title h1 { font-size: 3.4rem; border: 0; }
.chapters { break-after: page; }
.chapters ul { padding-left: 0; }
.chapters ul ul { padding-left: 1.5rem; }
.chapters li { list-style: none; margin: 0.15rem 0; break-inside: avoid; }
.chapters > ul > li { margin-top: 0.6rem; }
.chapters a { display: flex; gap: 0.5rem; color: inherit; text-decoration: none; }
.chapters a::after { content: attr(data-number); order: 3; min-width: 3ch; text-align: right; }
.chapters a i { flex: 1; border-bottom: 1px dotted #9aa3ad; margin-bottom: 0.35em; }
"""
#: Paper, margins, and what stands in them. Each chapter has its own running head.
PAPER = """
@page {
  size: A4;
  margin: 22mm 20mm 20mm;
  @bottom-center { content: counter(page); font: 9pt serif; }
}
@page front { @bottom-center { content: none; } }
.title, .chapters { page: front; }
"""


def pages_in_order(site: Path) -> list[str]:
    """Return the pages as the links to the next one lead through them."""
    found, page = [], "index.html"
    while page and page not in found:
        found.append(page)
        head = (site / page).read_text(encoding="utf-8").partition("</head>")[0]
        link = BeautifulSoup(head, "html.parser").find("link", rel="next")
        page = (
            posixpath.normpath(posixpath.join(posixpath.dirname(page), link["href"]))
            if link
            else ""
        )
    return found


def place(page: str, fragment: str = "") -> str:
    """Return the one name that a place of a page has in the whole document."""
    name = page.removesuffix(".html").replace("/", "-")
    return f"{name}--{fragment}" if fragment else name


def article(site: Path, page: str, pages: list[str]) -> Tag:
    """Return a page's text, with its names and links made those of the whole document."""
    soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    text = soup.find("article", class_="bd-article")
    for tag in text.select(LEFT_OUT):
        tag.decompose()
    for tag in text.select("details"):
        tag["open"] = ""
    for tag in text.select(".toggle-hidden, .dropdown"):
        tag["class"] = [c for c in tag["class"] if c not in ("toggle-hidden", "dropdown", "toggle")]
    for tag in text.find_all(id=True):
        tag["id"] = place(page, tag["id"])
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for tag in text.find_all(attrs={name: True}):
            tag[name] = place(page, tag[name])
    for tag in text.find_all(["img", "source"], src=True):
        tag["src"] = posixpath.normpath(posixpath.join(posixpath.dirname(page), tag["src"]))
        tag.attrs.pop("loading", None)
    for link in text.find_all("a", href=True):
        address = urlsplit(link["href"])
        if address.scheme:
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(address.path)))
        target = path if address.path else page
        if target in pages:
            link["href"] = "#" + place(target, unquote(address.fragment))
        else:  # a file beside the site, which the PDF has not
            link.unwrap()
    return text


class Heading(NamedTuple):
    """A line of the outline: how deep it stands, its words, and the place where it leads."""

    depth: int
    words: str
    place: str


def words(heading: Tag) -> str:
    """Return a heading as plain text."""
    plain = copy.copy(heading)
    for tag in plain.select(".headerlink, .katex-html, annotation"):
        tag.decompose()
    return " ".join(plain.get_text().split())


def headings(text: Tag, page: str, depth: int) -> list[Heading]:
    """Return the headings of a page's text, whose title stands at a depth."""
    found = [Heading(depth, words(text.find("h1")), place(page))]
    for tag in text.find_all(["h2", "h3"]):
        # The section's own name may lie on the page before, with the space above its heading.
        tag["id"] = place(page, f"heading-{len(found)}")
        found.append(Heading(depth + int(tag.name[1]) - 1, words(tag), tag["id"]))
    return found


def contents(outline: list[Heading], pages: list[str], numbers: dict[str, int]) -> str:
    """Return the list of chapters and their pages, with the numbers that are known."""
    titles = {place(page) for page in pages}
    lines: list[str] = []
    for depth, title, where in outline:
        if where in titles:
            number = numbers.get(where, "")
            link = f'<a href="#{where}" data-number="{number}">{escape(title)}<i></i></a>'
            lines.append(f"<li>{link}</li>" if depth == 0 else f"<li><ul><li>{link}</li></ul></li>")
    return f'<nav class="chapters bd-article"><ul>{"".join(lines)}</ul></nav>'


class Text(NamedTuple):
    """The pages as they go into the document: their outline, their HTML, and their papers."""

    outline: list[Heading]
    body: str
    papers: str


def text_of(site: Path, pages: list[str], name: str) -> Text:
    """Return the text of pages, with a running head for each chapter."""
    heads: dict[str, str] = {}
    outline: list[Heading] = []
    bodies, papers = [], [PAPER]
    for page in pages:
        text = article(site, page, pages)
        chapter = posixpath.dirname(page) if page.count("/") > 1 else page
        found = headings(text, page, depth=int(chapter in heads))
        outline += found
        paper = "p-" + place(chapter)
        if chapter not in heads:
            heads[chapter] = found[0].words
            quoted = heads[chapter].replace("\\", "").replace('"', "'")
            papers.append(
                f'@page {paper} {{ @top-left {{ content: "{name}"; font: 9pt serif; }} '
                f'@top-right {{ content: "{quoted}"; font: 9pt serif; }} }}\n'
                f".{paper} {{ page: {paper}; }}\n"
            )
        bodies.append(f'<section class="page {paper}" id="{place(page)}">{text.decode()}</section>')
    return Text(outline, "".join(bodies), "".join(papers))


def document(site: Path, pages: list[str]) -> tuple[list[Heading], Callable[[dict[str, int]], str]]:
    """Return the outline of pages, and what makes one page of HTML of them for their numbers.

    As long as no numbers of pages are known, links to all headings stand at the end: the PDF then
    knows the places of these.
    """
    home = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    language, name = home.html["lang"], home.find(class_="logo__title").get_text(strip=True)
    style = home.find("link", rel="stylesheet")["href"]
    outline, body, papers = text_of(site, pages, name)

    def html(numbers: dict[str, int]) -> str:
        links = "".join(f'<a href="#{heading.place}">.</a> ' for heading in outline)
        end = "" if numbers else f'<nav class="page">{links}</nav>'
        front = (
            f'<section class="title bd-article"><h1>{escape(name)}</h1>'
            f"<p>{escape(outline[0].words)}</p>"
            f"<p>{version('lossbook')}, {datetime.date.today().isoformat()}</p></section>"
            f"{contents(outline, pages, numbers)}"
        )
        return (
            f'<!doctype html><html lang="{language}" data-theme="light" data-mode="light">'
            f'<head><meta charset="utf-8"><title>{escape(name)}</title>'
            f'<link rel="stylesheet" href="{style}"><style>{STYLE}{papers}</style></head>'
            f'<body><div class="bd-content"><div class="bd-article-container">{front}{body}'
            f"{end}</div></div></body></html>"
        )

    return outline, html


def printed(view: Any, page: Path, html: str) -> io.BytesIO:
    """Return a document as PDF; for its styles and pictures it stands among the site's pages."""
    page.write_text(html, encoding="utf-8")
    try:
        view.goto(page.resolve().as_uri(), wait_until="load")
        return io.BytesIO(
            view.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=False)
        )
    finally:
        page.unlink()


def add_outline(pdf: PdfWriter, outline: list[Heading], places: dict[str, tuple[int, Fit]]) -> None:
    """Write the outline: each heading below the last one before it that stands less deep."""
    above: list[Any] = []
    for depth, title, where in outline:
        del above[depth:]
        number, fit = places[where]
        parent = above[-1] if above else None
        above.append(
            pdf.add_outline_item(
                title=title, page_number=number, parent=parent, fit=fit, is_open=False
            )
        )


def print_pdf(site: Path, target: Path, pages: list[str] | None = None) -> None:
    """Write the PDF, of all pages if none are named."""
    if CHROMIUM is None:
        sys.exit("make pdf needs Chromium (Debian's package is `chromium`)")
    pages = pages or pages_in_order(site)
    page = site / f"{target.stem}.whole-book.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", WITHOUT],
        )
        view = browser.new_context(java_script_enabled=False).new_page()
        view.set_default_timeout(600_000)  # the whole book is one page, on any machine
        outline, html = document(site, pages)
        first = PdfReader(printed(view, page, html({})))
        places = {
            name.lstrip("/"): (first.get_destination_page_number(known), Fit.xyz(0, known.top))
            for name, known in first.named_destinations.items()
        }
        numbers = {name: number + 1 for name, (number, _) in places.items()}
        pdf = PdfWriter(clone_from=printed(view, page, html(numbers)))
        browser.close()
    add_outline(pdf, outline, places)
    pdf.page_mode = "/UseOutlines"
    pdf.write(target)


def target_of(language: str) -> Path:
    """Return where the PDF of an edition is written."""
    return BUILD / ("lossbook.pdf" if language == "en" else f"lossbook-{language}.pdf")


def main() -> None:
    """Print the book."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = ["en", *sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())]
    parser.add_argument("language", nargs="*", metavar="LANGUAGE", help="all, if none is named")
    for language in parser.parse_args().language or known:
        site = BUILD / "html" if language == "en" else BUILD / "html" / language
        if not (site / "index.html").exists():
            sys.exit(f"There is no site in {site}: make book")
        target = target_of(language)
        print_pdf(site, target)
        print(f"Wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
