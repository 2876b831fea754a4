"""What a reader sees: figures on a dark page, on a phone, on paper; not the rules behind them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from tests.book.conftest import SITE
from tests.book.kinds import KINDS
from tests.book.test_browser import DROPPED, FITTING

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted((ROOT / "_static").glob("*.css"))
#: A figure on a page of prose, and figures among the outputs of a notebook.
FIGURES = ["chapters/losses_and_metrics/index.html", KINDS["examples"]]

#: Every rule with the conditions around it, as the browser has understood it.
RULES = """(sheets) => {
  const walk = (rules, around) => [...rules].flatMap((rule) =>
    rule.selectorText ? [around + rule.cssText]
      : rule.cssRules ? walk(rule.cssRules, around + (rule.conditionText ?? rule.name) + ": ")
      : []);
  const parsed = sheets.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return walk(sheet.cssRules, "");
  });
  return [...parsed, [...document.styleSheets].flatMap((sheet) => walk(sheet.cssRules, ""))];
}"""


def test_every_rule_of_the_book_s_own_styles_is_in_the_built_style_sheet(
    view: Any, address: str
) -> None:
    view.goto(address + "index.html")
    *own, built = view.evaluate(RULES, [path.read_text(encoding="utf-8") for path in OWN])
    for path, rules in zip(OWN, own, strict=True):
        assert len(rules) >= 10, path.name
        gone = [rule for rule in rules if rule not in built]
        assert not gone, f"{path.name} has rules that the site lost: {gone}"


def test_no_rule_that_was_left_out_fits_what_the_search_has_found(view: Any, address: str) -> None:
    dropped = json.loads(DROPPED.read_text(encoding="utf-8"))
    assert len(dropped) >= 1000
    view.goto(address + "search.html?q=entropy")
    view.wait_for_selector("#search-results p")
    assert view.evaluate(FITTING, dropped) == []


def test_the_reference_marks_its_names() -> None:
    # `test_browser.py` sees to it that each stands in one piece on a phone.
    pages = [path.read_text(encoding="utf-8") for path in sorted(SITE.rglob("chapters/api/*.html"))]
    assert len(pages) >= 6
    assert all(len(re.findall(r'"sig-(?:name|param)\b', page)) >= 2 for page in pages)


#: What stands before and behind each place where a line of these elements ends.
LINE_ENDS = r"""all => {
    const place = document.createRange(), ends = [];
    for (const whole of all) {
        const texts = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
        let before = "", box = null;
        for (let text = texts.nextNode(); text; text = texts.nextNode())
            for (let k = 0; k < text.data.length; k++) {
                place.setStart(text, k);
                place.setEnd(text, k + 1);
                const now = place.getBoundingClientRect();
                const shown = now.height && !text.parentElement.matches(".headerlink");
                if (shown && /\S/.test(text.data[k])) {
                    if (box && now.top > box.bottom - 3)
                        ends.push([before.slice(-12), text.data.slice(k, k + 8)]);
                    box = now;
                }
                before += text.data[k];
            }
    }
    return ends;
}"""


def line_ends(view: Any, width: int, selector: str) -> list[list[str]]:
    """Return what stands around each end of a line."""
    view.set_viewport_size({"width": width, "height": 900})
    return view.locator(selector).evaluate_all(LINE_ENDS)


@pytest.mark.parametrize("page", ["datasets", "helpers", "index"])
def test_no_line_of_a_signature_begins_with_what_closes_or_divides(
    view: Any, address: str, page: str
) -> None:
    view.goto(f"{address}chapters/api/{page}.html")
    for width in (1280, 360):
        ends = line_ends(view, width, "article dt.sig")
        assert width > 360 or len(ends) > 10
        assert [end for end in ends if end[1][0] in ",)]:="] == []


@pytest.mark.parametrize("page", ["focal/derivation", "frameworks/index"])
def test_no_line_of_code_in_a_table_of_frameworks_ends_within_a_name(
    view: Any, address: str, page: str
) -> None:
    view.goto(f"{address}chapters/{page}.html")
    ends = line_ends(view, 360, ".framework-table td code")
    assert len(ends) > 10
    assert [end for end in ends if end[0][-1] not in " (),._=[]"] == []


# --- figures ---


@pytest.fixture(scope="module", params=FIGURES)
def figures(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """Open a page with figures on a phone, in the dark."""
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address + request.param)
    # All is laid out at once: then a figure has exactly the same place in both schemes.
    page.add_style_tag(content="section { content-visibility: visible !important }")
    page.evaluate(
        """Promise.all([...document.querySelectorAll("article img")].map((image) => {
             image.loading = "eager"; return image.decode(); }))"""
    )
    yield page
    context.close()


def drawings(page: Any) -> Any:
    """Return the figures of a page."""
    found = page.locator('article img[src$=".svg"]')
    assert found.count() >= 1
    return found


def test_the_box_of_a_figure_has_the_ratio_of_its_drawing_on_a_phone(figures: Any) -> None:
    for figure in drawings(figures).all():
        box = figure.bounding_box()
        drawn = figure.evaluate("image => image.naturalWidth / image.naturalHeight")
        assert box["width"] <= 360
        assert box["width"] / box["height"] == pytest.approx(drawn, rel=0.02)


def luminance(picture: Any) -> Any:
    """Return WCAG's relative luminance of each pixel."""
    rgb = picture[..., :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(picture: Any, ground: Any) -> Any:
    """Return the contrast of each pixel with a color, as WCAG measures it."""
    one, other = luminance(picture), luminance(np.asarray(ground, dtype=float))
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def seen(page: Any, figure: Any, scheme: str) -> Any:
    """Return for each pixel of a figure its contrast with the page in one scheme."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
    ground = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    picture = np.asarray(Image.open(io.BytesIO(figure.screenshot())).convert("RGB"), dtype=float)
    return contrast(picture, ground)


def test_what_can_be_seen_of_a_figure_on_a_light_page_can_be_seen_on_a_dark_one(
    figures: Any,
) -> None:
    for figure in drawings(figures).all()[:3]:
        light, dark = (seen(figures, figure, scheme) for scheme in ("light", "dark"))
        assert figure.evaluate("image => getComputedStyle(image).filter").startswith("invert(1)")
        ink = light >= 4.5
        assert 0.003 < ink.mean() < 0.6, "the figure is empty, or it is a wall"
        lost = ink & (dark < 3)
        assert lost.sum() <= 0.05 * ink.sum(), f"{lost.sum()} of {ink.sum()} pixels are lost"
        # The ground of the figure is the page's own.
        assert np.median(dark) == pytest.approx(1, abs=0.1)


# --- the clipboard ---


def test_a_copied_formula_ends_where_it_ends(view: Any, address: str) -> None:
    view.goto(address + KINDS["loss"])
    numbered = view.locator(".math-block:has(.eqno)").first
    number = numbered.locator(".eqno")
    drawn = number.evaluate("mark => getComputedStyle(mark, '::before').content")
    assert drawn == '"(1)"', "it is seen all the same"
    copied = numbered.evaluate(
        """(block) => {
             getSelection().selectAllChildren(block);
             const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(),
               bubbles: true, cancelable: true });
             block.dispatchEvent(event);
             return event.clipboardData.getData("text/plain").trim(); }"""
    )
    assert copied.startswith("$$"), copied
    assert copied.endswith("$$"), copied


# --- paper ---


def colors_of_letters(pdf: PdfReader) -> set[tuple[float, ...]]:
    """Return the colors in which a PDF writes."""
    found: set[tuple[float, ...]] = set()
    for page in pdf.pages:
        color: tuple[float, ...] = (0.0,)

        def before(operator: bytes, operands: Any, *_: Any) -> None:
            nonlocal color
            if operator in (b"rg", b"g"):
                color = tuple(map(float, operands))
            elif operator in (b"Tj", b"TJ"):
                found.add(color)

        page.extract_text(visitor_operand_before=before)
    return found


def test_a_dark_page_is_printed_dark_on_light_with_its_code_and_with_its_answers(
    browser: Any, address: str
) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address + KINDS["exercises"])
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    pdf = PdfReader(io.BytesIO(page.pdf(print_background=True)))
    letters = colors_of_letters(pdf)
    assert len(letters) >= 4, "code has colors"
    pale = [c for c in letters if contrast(255 * np.resize(c, 3), [255.0] * 3) < 3]
    assert pale == [], "letters in these colors cannot be read on paper"
    text = "".join("".join(sheet.extract_text().split()) for sheet in pdf.pages)
    # What stands before a formula: the letters of a formula come in another order.
    answers = page.locator("article details p").evaluate_all(
        "all => all.map((p) => p.firstChild.textContent)"
    )
    assert len(answers) >= 3
    for answer in answers:
        assert "".join(answer.split())[:12] in text, "an answer of the quiz is not printed"
    # Afterwards the page is what it was.
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("article details[open]").count() == 0
    context.close()


def lowest(sheet: Any) -> float:
    """Return how high above its foot the last letters of a sheet stand, as a share of it."""
    places = [1.0]

    def seen(words: str, page: list[float], text: list[float], *_: Any) -> None:
        if words.strip():
            y = text[4] * page[1] + text[5] * page[3] + page[5]
            places.append(y / float(sheet.mediabox.height))

    sheet.extract_text(visitor_text=seen)
    return min(places)


@pytest.mark.parametrize("page", [KINDS["opening"], "chapters/choosing/index.html"])
def test_no_sheet_is_left_empty_because_a_table_or_a_map_would_not_be_divided(
    view: Any, address: str, page: str
) -> None:
    view.goto(address + page)
    *sheets, _ = PdfReader(io.BytesIO(view.pdf(format="A4"))).pages
    assert len(sheets) >= 4
    assert [number for number, sheet in enumerate(sheets, 1) if lowest(sheet) > 1 / 3] == []


def test_a_figure_of_a_dark_page_is_printed_as_it_was_drawn(figures: Any) -> None:
    figures.emulate_media(color_scheme="dark")
    figures.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    filters = """(event) => {
      dispatchEvent(new Event(event));
      return [...document.querySelectorAll("article img")].map((i) => getComputedStyle(i).filter);
    }"""
    assert set(figures.evaluate(filters, "beforeprint")) == {"none"}
    assert "none" not in figures.evaluate(filters, "afterprint")


RINGS = """(selectors) => selectors.flatMap((selector) => {
  const place = document.querySelector(selector);
  place.focus();
  const parts = [place, ...place.querySelectorAll("*")].map((part) => getComputedStyle(part));
  const outlines = parts.filter((style) => style.outlineStyle !== "none");
  const shadows = parts.filter((style) => style.boxShadow !== "none");
  return outlines.length + shadows.length === 1 ? [] : [selector];
})"""


def test_what_has_the_focus_has_one_ring(view: Any, address: str) -> None:
    view.goto(address + KINDS["loss"])
    view.keyboard.press("Tab")  # from here on a browser shows where the focus is
    places = ["nav.bd-links li > a", "nav.bd-links .current > a", ".bd-sidebar-primary summary"]
    places += [".toc-entry a", ".theme-switch-button", "article p a", ".curve-sliders input"]
    assert view.evaluate(RINGS, places) == []


def test_the_box_of_code_closes_at_the_end_of_a_line(view: Any, address: str) -> None:
    view.goto(address + KINDS["examples"])
    word = view.locator("article p code.literal").first
    assert word.evaluate("e => getComputedStyle(e).boxDecorationBreak") == "clone"
