"""Print each edition of the built site as one PDF: title, contents, every page in its order.

    python tools/pdf.py [LANGUAGE ...]

The pages are put into one document, whose links lead inside it, and Chromium prints it: with a
running head for each chapter, page numbers, an outline, and tags for screen readers. What a reader
would open with a click is open.
"""

from __future__ import annotations

import argparse
import datetime
import posixpath
import shutil
import sys
from html import escape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
LEFT_OUT = (
    ".headerlink, .toggle-button, .copybtn, script, button, .prev-next-footer, loss-curve input, "
    "loss-curve button, loss-curve select"
)
STYLE = """
html { font-size: 10.5pt; scroll-padding: 0; }
body { background: white; }
.bd-article { max-width: none; font-size: 1rem; padding: 0; }
.chapter { break-before: page; }
.page:not(.chapter) { break-before: page; }
h1, h2, h3, h4, .admonition-title, dt { break-after: avoid; }
pre, figure, img, tr, .math-block, .loss-card { break-inside: avoid; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.math-block .math-scroll, .loss-card, .pst-scrollable-table-container {
  overflow: visible !important;
}
.bd-article img { max-width: 12.5cm !important; }
.math-block .katex { font-size: 1em; }
table { font-size: 0.88rem !important; }
details > summary { list-style: none; }
.title { break-after: page; padding-top: 30%; }
.title h1 { font-size: 3.4rem; border: 0; }
.contents { break-after: page; }
.contents, .contents ul { background: none !important; border: 0; columns: 1; }
.contents li { list-style: none; margin: 0.15rem 0; }
.contents > ul > li { margin-top: 0.6rem; }
"""
#: Paper, margins, and what stands in them. Each chapter has its own running head.
PAPER = """
@page {
  size: A4;
  margin: 22mm 20mm 20mm;
  @bottom-center { content: counter(page); font: 9pt serif; }
}
@page front { @bottom-center { content: none; } }
.title, .contents { page: front; }
"""


def pages_in_order(site: Path) -> list[str]:
    """Return the pages as the links to the next one lead through them."""
    found, page = [], "index.html"
    while page and page not in found:
        found.append(page)
        soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
        link = soup.find("link", rel="next")
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


def document(site: Path, pages: list[str]) -> str:
    """Return pages as one page of HTML."""
    home = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    language, name = home.html["lang"], home.find(class_="logo__title").get_text(strip=True)
    style = home.find("link", rel="stylesheet")["href"]
    chapters: dict[str, list[tuple[str, str]]] = {}
    bodies, papers = [], [PAPER]
    for page in pages:
        text = article(site, page, pages)
        title = text.find("h1").get_text(" ", strip=True)
        chapter = posixpath.dirname(page) if page.count("/") > 1 else page
        first = chapter not in chapters
        chapters.setdefault(chapter, []).append((page, title))
        paper = "p-" + place(chapter)
        head = chapters[chapter][0][1]
        if first:
            quoted = head.replace("\\", "").replace('"', "'")
            papers.append(
                f'@page {paper} {{ @top-left {{ content: "{name}"; font: 9pt serif; }} '
                f'@top-right {{ content: "{quoted}"; font: 9pt serif; }} }}\n'
                f".{paper} {{ page: {paper}; }}\n"
            )
        kind = "page chapter" if first else "page"
        bodies.append(
            f'<section class="{kind} {paper}" id="{place(page)}">{text.decode()}</section>'
        )
    lines = []
    for listed in chapters.values():
        links = [f'<a href="#{place(page)}">{escape(title)}</a>' for page, title in listed]
        inner = "".join(f"<li>{link}</li>" for link in links[1:])
        lines.append(f"<li>{links[0]}{f'<ul>{inner}</ul>' if inner else ''}</li>")
    subtitle = home.find("h1").get_text(" ", strip=True).rstrip("#")
    front = (
        f'<section class="title bd-article"><h1>{escape(name)}</h1><p>{escape(subtitle)}</p>'
        f"<p>{version('lossbook')}, {datetime.date.today().isoformat()}</p></section>"
        f'<nav class="contents bd-article"><ul>{"".join(lines)}</ul></nav>'
    )
    return (
        f'<!doctype html><html lang="{language}" data-theme="light" data-mode="light">'
        f'<head><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<link rel="stylesheet" href="{style}"><style>{STYLE}{"".join(papers)}</style></head>'
        f'<body><div class="bd-content">{front}{"".join(bodies)}</div></body></html>'
    )


def print_pdf(site: Path, target: Path, pages: list[str] | None = None) -> None:
    """Write the PDF, of all pages if none are named."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("make pdf needs Chromium (Debian's package is `chromium`)")
    page = site / f"{target.stem}.whole-book.html"
    page.write_text(document(site, pages or pages_in_order(site)), encoding="utf-8")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
            )
            view = browser.new_context(java_script_enabled=False).new_page()
            view.goto(page.resolve().as_uri(), wait_until="load")
            view.pdf(
                path=target,
                prefer_css_page_size=True,
                print_background=True,
                tagged=True,
                outline=True,
            )
            browser.close()
    finally:
        page.unlink()


def main() -> None:
    """Print the book."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = ["en", *sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())]
    parser.add_argument("language", nargs="*", metavar="LANGUAGE", help="all, if none is named")
    for language in parser.parse_args().language or known:
        site = BUILD / "html" if language == "en" else BUILD / "html" / language
        if not (site / "index.html").exists():
            sys.exit(f"There is no site in {site}: make book")
        target = BUILD / ("lossbook.pdf" if language == "en" else f"lossbook-{language}.pdf")
        print_pdf(site, target)
        print(f"Wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
