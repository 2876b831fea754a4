"""The built site on loopback and a browser to look at it, for every test that needs them."""

from __future__ import annotations

import functools
import gc
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from tools.chromium import CHROMIUM, WITHOUT

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
#: The old addresses of pages, which lead on to the new ones.
MOVED: dict[str, str] = yaml.safe_load((SITE.parents[1] / "_config.yml").read_text("utf-8"))[
    "sphinx"
]["config"]["moved_pages"]
#: Of a window in which nothing else is said.
SIZE = {"width": 1280, "height": 900}
#: Where an element is, once letters and late sections that arrive move it no more: who puts a hand
#: on it waits for that, too.
STILL = """async (element) => {
    for (let before; ; ) {
        await document.fonts.ready;
        for (const _ of "12") await new Promise(requestAnimationFrame);
        const { x, y, width, height } = element.getBoundingClientRect();
        if (before === `${[x, y, width, height]}`) return { x, y, width, height };
        before = `${[x, y, width, height]}`;
    }
}"""
#: So many milliseconds may pass before a page is given up: other work may keep a machine busy.
PATIENCE = 180_000


def hover(element: Any) -> None:
    """Put the mouse on an element that stands still: else it would move away from below."""
    element.scroll_into_view_if_needed()
    element.evaluate(STILL)
    element.hover()


#: What gives a piece of code its color, and where a formula's painted half begins.
COLOR = re.compile(r'<span class="[a-z]{1,2}\d?">([^<]*)</span>|<span></span>')
PAINTED = '<span class="katex-html"'
SPAN = re.compile(r"<(/?)span\b[^>]*>")


def soup(page: str | Path) -> BeautifulSoup:
    """Return a page of the site, parsed: once for all tests of a process. Change nothing in it.

    The half of a page's elements only paint: they color code, or draw what MathML says beside it of
    a formula. They are left out.
    """
    return _parsed(SITE / page)


def painted(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the painted half of each formula of a page begins and ends."""
    start = html.find(PAINTED)
    while start >= 0:
        depth = 0
        for span in SPAN.finditer(html, start):
            depth += -1 if span[1] else 1
            if depth == 0:
                break
        assert depth == 0, f"a formula without an end: {html[start : start + 80]}"
        yield start, span.end()
        start = html.find(PAINTED, span.end())


def without_paint(html: str) -> str:
    """Return a page with its code in one color, and of its formulas the MathML.

    >>> without_paint('<i><span class="katex-html"><span>x</span></span></i>')
    '<i></i>'
    """
    kept, position = "", 0
    for start, end in painted(html):
        kept += html[position:start]
        position = end
    return COLOR.sub(lambda colored: colored[1] or "", kept + html[position:])


@functools.cache
def _parsed(path: Path) -> BeautifulSoup:
    # The pages stay: to look again and again for what of them has become free takes as long as to
    # read them.
    gc.disable()
    page = BeautifulSoup(without_paint(path.read_text(encoding="utf-8")), "html.parser")
    gc.freeze()
    gc.enable()
    return page


def every(*cases: Any, name: Callable[[Any], str] = str) -> Callable[[Any], Callable[[], None]]:
    """Make one test of a check of many cases: it names each case that fails, and why.

    What is checked is read already, and a test of its own for each case would take longer than the
    check. A case with several parts is a tuple.
    """

    def made(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            faults = []
            for case in cases:
                try:
                    check(*case) if isinstance(case, tuple) else check(case)
                except Exception as fault:
                    faults.append(f"{name(case)}: {fault}")
            assert cases
            if faults:
                pytest.fail("\n".join(faults), pytrace=False)

        return test

    return made


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the site."""
    handler = functools.partial(_Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium without its own connections, for the tests of a file.

    Its loop is seen by all that runs in this thread, such as IPython, and so ends with the file.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian's package is `chromium`)")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    quiet += ["--renderer-process-limit=1"]  # a second page starts in half of the time
    quiet += [WITHOUT]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=quiet, timeout=PATIENCE
        )
        new_context = chromium.new_context

        def patient(**options: Any) -> Any:
            context = new_context(**options)
            context.set_default_timeout(PATIENCE)
            return context

        chromium.new_context = patient
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Any]:
    """Open one tab for the tests of a file: a page in it is read in half of a new tab's time."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda message: page.problems.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()


@pytest.fixture
def view(tab: Any) -> Iterator[Any]:
    """Give an empty page; at the end, no script of what was opened may have failed."""
    yield tab
    found = list(tab.problems)
    tab.goto("about:blank")
    tab.emulate_media(media="null")
    tab.set_viewport_size(SIZE)
    tab.problems.clear()
    assert found == []
