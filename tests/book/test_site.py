"""What a reader's browser gets: the built site, page by page."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from tests.book.conftest import MOVED, every, painted, soup

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from equations import labelled_equations  # noqa: E402 - found through the line above

SITE = ROOT / "_build" / "html"
#: Pages that the builder makes; they hold no text of the book.
MADE = {"genindex.html", "search.html", "404.html"}


def pages() -> list[Path]:
    """Return the pages of the book itself."""
    found = sorted(SITE.rglob("*.html"))
    moved = {f"{edition}{page}.html" for page in MOVED for edition in ("", "ko/")}
    names = {path: path.relative_to(SITE).as_posix() for path in found}
    return [
        path
        for path in found
        if path.name not in MADE and "_static" not in path.parts and names[path] not in moved
    ]


def of_site(path: Path) -> str:
    """Return where in the site a page is."""
    return path.relative_to(SITE).as_posix()


@cache
def every_tag(path: Path) -> list[Tag]:
    """Return the elements of a page, in their order."""
    return [tag for tag in soup(path).descendants if isinstance(tag, Tag)]


@cache
def by_name(path: Path) -> dict[str, list[Tag]]:
    """Return them by their names: each check would walk through the whole page again."""
    found = defaultdict(list)
    for tag in every_tag(path):
        found[tag.name].append(tag)
    return found


def links_of(path: Path) -> list[Tag]:
    """Return the links of a page."""
    return [link for link in by_name(path)["a"] if link.has_attr("href")]


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the ids of a page."""
    return frozenset(tag["id"] for tag in every_tag(path) if tag.has_attr("id"))


def test_the_site_has_been_built() -> None:
    assert (SITE / "index.html").exists(), "build it first: make book"
    assert len(pages()) >= 18


every_page = every(*pages(), name=of_site)
every_page_of_exercises = every(*sorted(SITE.rglob("exercises.html")), name=of_site)


#: What says of no link where it leads: search engines and readers of lists of links skip it.
SAYS_NOTHING = {
    *("click here", "click this", "go", "here", "information", "learn more", "more", "more info"),
    *("more information", "right here", "read more", "see more", "start", "this"),
    *("여기", "여기를 클릭", "클릭", "링크", "자세히", "자세히 보기", "계속", "이동", "전체 보기"),
}


@every_page
def test_every_link_says_where_it_leads(path: Path) -> None:
    for link in links_of(path):
        if not link["href"].startswith("#"):
            assert link.get_text().strip().lower() not in SAYS_NOTHING, link["href"]


@every_page_of_exercises
def test_the_exercises_of_a_chapter_are_numbered_from_one(path: Path) -> None:
    page = soup(path)

    def numbers(kind: str) -> list[int]:
        titles = page.select(f"div.{kind} > p.admonition-title")
        return [int(re.search(r"\d+", title.get_text())[0]) for title in titles]

    assert len(numbers("exercise")) >= 6
    assert numbers("exercise") == list(range(1, len(numbers("exercise")) + 1))
    assert numbers("solution") == numbers("exercise")


@every_page
def test_a_page_has_a_language_a_title_and_one_heading_at_the_top(path: Path) -> None:
    page = soup(path)
    assert page.html["lang"]
    assert page.title.string.strip()
    assert len(by_name(path)["h1"]) == 1


@every_page
def test_a_page_shows_no_failure_of_the_build(path: Path) -> None:
    text = soup(path).get_text()
    for trace in ("Traceback (most recent call last)", "<Figure size", "ParseError", "{glue:"):
        assert trace not in text
    classes = {name for tag in every_tag(path) for name in tag.get("class", [])}
    assert not {
        name for name in classes if re.search("problematic|system-message|katex-error", name)
    }


@every_page
def test_no_formula_breaks_within_short_brackets(path: Path) -> None:
    # A line breaks only between two of KaTeX's bases.
    html = path.read_text(encoding="utf-8")
    bases = [base for at in painted(html) for base in html[slice(*at)].split('<span class="base">')]
    for base in bases:
        text = unescape(re.sub(r"<[^>]*>", "", base))
        assert not re.search(r"\([^()]{1,4}[-−+]$", text), f"a line may end after {text!r}"


def test_who_copies_a_formula_gets_its_tex_as_it_was_written() -> None:
    for source in (ROOT / "chapters").rglob("*.md"):
        page = soup(SITE / source.relative_to(ROOT).with_suffix(".html"))
        for label, latex in labelled_equations(source).items():
            copied = page.find(id=f"equation-{label}").find("annotation").get_text()
            assert copied == latex, f"{label} on {source}"


@every_page
def test_no_number_in_the_text_is_missing_or_has_four_digits_without_a_comma(path: Path) -> None:
    pasted = [tag for tag in every_tag(path) if "pasted-text" in tag.get("class", [])]
    numbers = [tag.get_text() for tag in pasted]
    assert not {"", "None", "nan"} & set(numbers), "a notebook glues nothing under this name"
    long = [number for number in numbers if re.fullmatch(r"-?\d{4,}(\.\d+)?", number)]
    assert not long, "format these with ',': 1,297"


#: What a page shows as it was typed or printed, and the readable half of a formula.
TYPED = re.compile(r"<(pre|code|script|style|svg|math)\b.*?</\1>", re.DOTALL)
AS_PRINTED = re.compile(
    r"(?<![^\s(\[=≈,;“‘])-(?=\d|inf\b)|(?<![\w.])\d[\d.]*e[+-]?\d+|\b[\dA-Z] - "
)


@every_page
def test_a_text_writes_its_numbers_as_a_book_does_and_not_as_a_program(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    text = unescape(re.sub(r"<[^>]*>", "", TYPED.sub("▢", html)))
    found = [text[max(0, at.start() - 20) : at.end() + 10] for at in AS_PRINTED.finditer(text)]
    assert found == [], "a minus is −, and a power of ten has no e"


@every_page
def test_a_percent_sign_stands_at_its_number(path: Path) -> None:
    text = unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))
    found = re.findall(r".{0,20}\d[ \N{NO-BREAK SPACE}]%(?! ?[\d(]).{0,10}", text)
    assert found == []


@every_page_of_exercises
def test_every_answer_of_a_quiz_has_the_sign_that_its_words_say(path: Path) -> None:
    answers = soup(path).select("#quiz details .sd-summary-content")
    signs = [answer.select(".quiz-right, .quiz-wrong") for answer in answers]
    assert {len(found) for found in signs} == {1}
    for (found,) in signs:
        right = re.match(r"Right\b|.{,12}맞습니다", found.get_text()) is not None
        assert ("quiz-right" in found["class"]) == right, found.get_text()


@every_page
def test_every_slider_is_named_by_a_letter_or_a_word_that_is_seen(path: Path) -> None:
    sliders = [tag for tag in by_name(path)["label"] if "curve-slider" in tag.get("class", [])]
    for name in [span for slider in sliders for span in slider.find_all("span", recursive=False)]:
        seen = "".join(name.find_all(string=True, recursive=False))
        seen += "".join(tag.get_text() for tag in name.select(":not(.curve-aside)"))
        assert re.search(r"[^\W\d_]", seen), name


@every_page
def test_every_image_of_a_page_has_an_alternative_text(path: Path) -> None:
    for image in by_name(path)["img"]:
        alt = image.get("alt", "")
        if "logo" in " ".join(image.get("class", [])):
            continue
        assert len(alt) >= 40, f"{image.get('src')} has the alternative text {alt!r}"
        assert "_images" not in alt
    for drawing in by_name(path)["svg"]:
        hidden = drawing.find_parent(attrs={"aria-hidden": "true"}) or drawing.get("aria-hidden")
        assert hidden or drawing.get("aria-label"), f"{str(drawing)[:80]} has no aria-label"


def addresses_in_style(css: str) -> list[str]:
    """Return what a style sheet makes the browser load."""
    found = re.findall(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", css)
    return [url or imported for url, imported in found]


def loaded_addresses(path: Path) -> list[str]:
    """Return what a page makes the browser load without being asked."""
    kinds = {"stylesheet", "preload", "icon", "modulepreload", "preconnect", "dns-prefetch"}
    found = []
    for style in re.findall(r"""\bstyle=("[^"]*"|'[^']*')""", path.read_text(encoding="utf-8")):
        found += addresses_in_style(unescape(style[1:-1]))
    for tag in every_tag(path):
        found += [tag[name] for name in ("src", "data", "poster") if tag.has_attr(name)]
        if tag.has_attr("srcset"):
            found += [candidate.split()[0] for candidate in tag["srcset"].split(",")]
    found += [tag["href"] for tag in by_name(path)["link"] if kinds & set(tag.get("rel", []))]
    for tag in by_name(path)["style"]:
        found += addresses_in_style(tag.get_text())
    return found


def faults_of(address: str, page: Path) -> str:
    """Return what is wrong with an address that a page or a style sheet loads."""
    if address.startswith("data:"):
        return ""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return f"{address} is on another host"
    # An address that starts at the root would break a site published in a subfolder.
    if not (page.parent / unquote(parts.path)).exists():
        return f"{address} is missing"
    return ""


@every_page
def test_a_page_loads_what_is_there_and_asks_no_other_host_for_anything(path: Path) -> None:
    faults = [faults_of(address, path) for address in loaded_addresses(path)]
    faults = [fault for fault in faults if fault]
    assert not faults, faults
    for script in by_name(path)["script"]:
        if script.get("type") != "application/ld+json":
            assert not re.search(r"https?://", script.string or ""), script.string


def test_a_style_loads_what_is_there_and_asks_no_other_host_for_anything() -> None:
    sheets = list(SITE.rglob("*.css"))
    faults = [
        f"{sheet.relative_to(SITE)}: {fault}"
        for sheet in sheets
        for address in addresses_in_style(sheet.read_text(encoding="utf-8"))
        if (fault := faults_of(address, sheet))
    ]
    assert sheets
    assert not faults, faults


@every_page
def test_every_link_inside_the_site_leads_somewhere(path: Path) -> None:
    dead = []
    for link in links_of(path):
        address = urlsplit(link["href"])
        if address.scheme or address.netloc:
            continue
        target = (path.parent / unquote(address.path)).resolve() if address.path else path
        place = unquote(address.fragment) if target.suffix == ".html" else ""
        if not target.exists() or (place and place not in anchors(target)):
            dead.append(link["href"])
    assert not dead, f"these lead nowhere: {dead}"


@every_page
def test_all_code_can_be_seen_at_once_beside_the_contents(path: Path) -> None:
    code = [
        block
        for block in by_name(path)["pre"]
        if block.find_parent("article") and not block.find_parent(class_="cell_output")
    ]
    assert [
        line for block in code for line in block.get_text().splitlines() if len(line) > 78
    ] == []


@every_page
def test_every_link_has_a_text_or_a_name(path: Path) -> None:
    for link in links_of(path):
        named = [link.get("aria-label"), link.get("title")]
        named += [image.get("alt") for image in link.find_all("img")]
        assert link.get_text(strip=True) or any(named), link


@every_page
def test_mathematics_is_rendered_and_can_be_read_aloud(path: Path) -> None:
    for formula in by_name(path)["div"] + by_name(path)["span"]:
        if "math" in (classes := formula.get("class", [])) and "eqno" not in classes:
            # Where a word goes on behind a formula, the last part stands with the word.
            joint = formula.parent if "joint" in formula.parent.get("class", []) else None
            whole = joint.find_previous_sibling(class_="math") if joint else None
            assert formula.find("math") or (whole and whole.find("math")), (
                f"not rendered: {formula.get_text()[:80]!r}"
            )
