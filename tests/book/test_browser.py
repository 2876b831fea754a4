"""Every page in a real browser: nothing foreign, nothing broken, no barrier for any reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.book.translation import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def pages(*languages: str) -> list[str]:
    """Return the pages of translated editions; with no language those of the first edition."""
    found = sorted(
        str(path.relative_to(SITE))
        for path in SITE.rglob("*.html")
        if "_static" not in path.parts and path.name != "genindex.html"
    )
    return [page for page in found if edition(page) in (languages or ("",))]


def edition(page: str) -> str:
    """Return the language of a page of a translated edition, else nothing."""
    first = page.partition("/")[0]
    return first if first in LANGUAGES else ""


def opened(browser: Any, address: str, page: str, width: int, scheme: str) -> tuple[Any, list[str]]:
    """Open a page; return it with what went wrong on the way."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    view, problems = context.new_page(), []
    view.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:"))
            else problems.append(f"asks for {request.url}")
        ),
    )
    view.on(
        "response",
        lambda answer: (
            None
            if answer.ok or answer.status == 304  # known already
            else problems.append(f"{answer.status}: {answer.url}")
        ),
    )
    view.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    view.on("pageerror", lambda error: problems.append(str(error)))
    view.goto(address + page, wait_until="load")
    return view, problems


def barriers(view: Any, rules: str) -> list[str]:
    """Return what axe finds. The drawn half of a formula is left out: nobody is read it aloud."""
    found = view.evaluate(
        f"""() => axe.run({{ exclude: [[".katex-html"]] }}, {{
              runOnly: {rules}, resultTypes: ["violations"], preload: false }})"""
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


EVERYTHING = '["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]'
COLORS = '{ type: "rule", values: ["color-contrast", "link-in-text-block"] }'


#: Tables, cards and code, other than outputs, of which a part is out of sight.
TOO_WIDE = """() => [...document.querySelectorAll(
    ".pst-scrollable-table-container, .loss-card, article pre"
)].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 80))"""


def look_at(browser: Any, address: str, page: str) -> None:
    """Fail on a page that asks somebody else, logs an error, or has a barrier."""
    for width, scheme, other in ((1280, "light", "dark"), (360, "dark", "light")):
        view, problems = opened(browser, address, page, width, scheme)
        sideways = view.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, f"{page} scrolls sideways by {sideways} px at {width} px"
        if width == 1280:
            problems += [f"wider than the text: {words}" for words in view.evaluate(TOO_WIDE)]
        view.add_script_tag(path=str(AXE))
        problems += barriers(view, EVERYTHING)
        # In the other scheme nothing changes but colors.
        view.emulate_media(color_scheme=other)
        view.wait_for_function(f"document.documentElement.dataset.theme === '{other}'")
        problems += [f"{other}: {barrier}" for barrier in barriers(view, COLORS)]
        view.context.close()
        assert problems == [], f"{page} at {width} px"


@pytest.mark.parametrize("page", pages())
def test_a_page_asks_nobody_else_logs_no_error_and_has_no_barrier(
    browser: Any, address: str, page: str
) -> None:
    look_at(browser, address, page)


def test_the_drawn_half_of_a_formula_has_the_color_of_the_text(browser: Any, address: str) -> None:
    page = "chapters/categorical_crossentropy/derivation.html"
    for scheme in ("light", "dark"):
        view, _ = opened(browser, address, page, 1280, scheme)
        assert view.evaluate(
            """() => [...document.querySelectorAll(".katex-html")].every(formula =>
                 getComputedStyle(formula).color === getComputedStyle(formula.closest(
                   ".math").parentElement.closest("p, div, td, li, dd, section")).color)"""
        )
        view.context.close()
