"""Every page in a real browser: nothing foreign, nothing broken, no barrier for any reader."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian's package is `chromium`)"
)

PAGES = sorted(
    str(path.relative_to(SITE))
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts and path.name != "genindex.html"
)
every_page = pytest.mark.parametrize("page", PAGES)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the site on loopback."""
    handler = functools.partial(_Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium without its own connections."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield chromium
        chromium.close()


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


@every_page
def test_a_page_asks_nobody_else_logs_no_error_and_has_no_barrier(
    browser: Any, address: str, page: str
) -> None:
    for width, scheme, other in ((1280, "light", "dark"), (360, "dark", "light")):
        view, problems = opened(browser, address, page, width, scheme)
        sideways = view.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, f"{page} scrolls sideways by {sideways} px at {width} px"
        view.add_script_tag(path=str(AXE))
        problems += barriers(view, EVERYTHING)
        # In the other scheme nothing changes but colors.
        view.emulate_media(color_scheme=other)
        view.wait_for_function(f"document.documentElement.dataset.theme === '{other}'")
        problems += [f"{other}: {barrier}" for barrier in barriers(view, COLORS)]
        view.context.close()
        assert problems == [], f"{page} at {width} px"


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
