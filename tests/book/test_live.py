"""The cells run in the page: the book's own output from every one, and a reader's own code."""

from __future__ import annotations

import contextlib
import functools
import http.server
import io
import json
import re
import runpy
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.student.question import Text, load
from lossbook.classroom.teacher.grade import grade_notebook, right_choices
from lossbook.classroom.teacher.sandbox import Limits
from lossbook.classroom.teacher.source import Source
from tests.book.conftest import PATIENCE, SITE, soup
from tests.book.translation import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
BANKS = ROOT / "tests" / "classroom" / "banks"
pytestmark = pytest.mark.skipif(
    not (SITE / "_static" / "live").exists(),
    reason="the site was built without Python for the browser: `make live` says why",
)
#: What a careful host may forbid: everything but this.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'"
)
MSE = "chapters/mean_squared_error/"
NOTEBOOKS = sorted(
    str(path.relative_to(ROOT).with_suffix(""))
    for path in (ROOT / "chapters").rglob("*.ipynb")
    if path.name != "assignment.ipynb"
)
ASSIGNMENTS = [source.name for source in Source.find_all(ROOT / "chapters")]


class _Strict(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """Serve the site as a careful host does."""
    handler = functools.partial(_Strict, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@functools.cache
def visit(browser: Any) -> Any:
    """Return where all pages are opened: they are one process, which compiles Python once."""
    return browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")


@contextlib.contextmanager
def opened(browser: Any, address: str, page: str) -> Iterator[Any]:
    """Open a page; at the end, nothing foreign was asked for and nothing went wrong."""
    view, problems = visit(browser).new_page(), []
    view.asked = []
    view.on("request", lambda request: view.asked.append(request.url))
    view.on("pageerror", lambda error: problems.append(str(error)))
    view.on(
        "console",
        lambda message: (
            problems.append(f"{message.text} {message.location}")
            if message.type == "error"
            else None
        ),
    )
    view.goto(address + page)
    yield view
    own = (address, f"blob:{address}", "data:")
    assert [url for url in view.asked if not url.startswith(own)] == []
    assert problems == []
    view.close()


def cell(view: Any, number: int) -> Any:
    """Return a cell that a page shows, counted from 1."""
    return view.locator("article .live-cell").nth(number - 1)


def button(view: Any, word: str) -> Any:
    """Return the buttons with a word, which `_ext/live_cells.py` has in the page's language."""
    return view.get_by_role("button", name=view.evaluate(f"live.about.words.{word.lower()}"))


def press(view: Any, number: int, word: str) -> None:
    """Press a button of a cell."""
    cell(view, number).locator(button(view, word)).click()


def until(view: Any, expression: str) -> None:
    """Wait until something is so; Playwright's own way to wait needs what the policy forbids."""
    for _ in range(PATIENCE // 50):
        if view.evaluate(expression):
            return
        view.wait_for_timeout(50)
    raise AssertionError(f"{expression} did not become true")


def said(view: Any, words: str) -> None:
    """Wait until the line that is read aloud has these words."""
    until(view, f"document.querySelector('.live-status').textContent.includes({words!r})")


def run(view: Any, number: int) -> str:
    """Run a cell, wait until all is done, and return what the page says of it."""
    press(view, number, "Run")
    until(view, "!live.cells.some(cell => cell.runner?.textContent === live.about.words.stop)")
    return str(cell(view, number).locator(".live-verdict").inner_text())


def bare(view: Any, number: int) -> str:
    """Return the HTML of a cell without its buttons, and without what says that it scrolls."""
    return str(
        cell(view, number).evaluate(
            """place => { const bare = place.cloneNode(true);
                 bare.querySelector(".live-bar").remove();
                 for (const box of bare.querySelectorAll("pre")) box.removeAttribute("tabindex");
                 return bare.innerHTML.replace(/\\s+/g, " ").trim(); }"""
        )
    )


def write(view: Any, number: int, code: str) -> None:
    """Put code into a cell, as who types it."""
    press(view, number, "Edit")
    cell(view, number).locator("textarea").fill(code)


# --- every cell of the book ----------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["", *LANGUAGES])
def test_a_cell_on_a_page_is_the_cell_of_its_notebook(edition: str) -> None:
    for name in [*NOTEBOOKS, *(f"chapters/{name}/assignment" for name in ASSIGNMENTS)]:
        page = SITE / edition / f"{name}.html"
        notebook = json.loads((SITE / edition / "_sources" / f"{name}.ipynb").read_text("utf-8"))
        shown = {
            int(place["id"].removeprefix("cell-")): place.find("pre").get_text().strip()
            for place in soup(page).select("article .live-cell")
        }
        cells = {
            index: "".join(one["source"]).strip()
            for index, one in enumerate(notebook["cells"])
            if one["cell_type"] == "code" and "remove-cell" not in one["metadata"].get("tags", [])
        }
        assert shown == cells, page


@pytest.fixture(scope="module")
def python(browser: Any, strict: str) -> Iterator[Any]:
    """Open a page for the tests that use its Python alone: it is started once for all of them."""
    with opened(browser, strict, f"ko/{MSE}assignment.html") as view:
        yield view


RUN_ALL = """async (sources) => {
    live.python.fresh();
    const shown = [];
    for (const source of sources) shown.push(await live.python.run(source, ""));
    return shown;
}"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_shows_in_the_page_what_the_book_has_stored(python: Any, name: str) -> None:
    notebook = json.loads((ROOT / f"{name}.ipynb").read_text("utf-8"))
    cells = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    ran = python.evaluate(RUN_ALL, ["".join(one["source"]) for one in cells])
    for one, shown in zip(cells, ran, strict=True):
        assert parts(shown) == stored(one), "".join(one["source"])


def test_code_in_prose_that_says_so_runs_alone(python: Any) -> None:
    pages = (SITE / "chapters").rglob("*.html")
    alone = re.compile(r'class="[^"]*\blive-cell [^"]*highlight-')
    marked = [
        code.get_text()
        for page in pages
        if alone.search(page.read_text(encoding="utf-8"))  # to parse every page takes long
        for code in soup(page).select('[class*="highlight-"].live-cell')
    ]
    assert marked
    for source in marked:
        shown = python.evaluate(RUN_ALL, [source])[0]
        assert shown
        assert "error" not in [one["kind"] for one in shown], source


def parts(shown: list[dict[str, str]]) -> tuple[str, int]:
    """Return the text of what a cell shows in a page, and how many figures."""
    texts = [one["text"] for one in shown if one["kind"] != "figure"]
    return "\n".join(texts), len(shown) - len(texts)


def stored(one: dict[str, Any]) -> tuple[str, int]:
    """Return the text that a notebook stores with a cell, and how many figures."""
    texts, figures = [], 0
    for output in one["outputs"]:
        data = output.get("data", {})
        if "image/svg+xml" in data:
            figures += 1
        else:
            texts.append("".join(output.get("text", data.get("text/plain", ""))).strip("\n"))
    return "\n".join(text for text in texts if text), figures


# --- a reader ------------------------------------------------------------------------------------


def test_a_page_loads_nothing_of_python_before_the_first_click(browser: Any, strict: str) -> None:
    with opened(browser, strict, f"{MSE}examples.html") as view:
        view.wait_for_load_state("networkidle")
        asked = [url for url in view.asked if "/live" in url]
        assert [url.partition("?")[0].rpartition("/")[2] for url in asked] == ["live_cells.js"]
    assert (SITE / "_static" / "live_cells.js").stat().st_size < 20_000


def test_a_reader_runs_a_cell_changes_it_stops_it_and_gets_the_book_back(
    browser: Any, strict: str
) -> None:
    with opened(browser, strict, f"{MSE}examples.html") as view:
        line = view.get_by_role("status")
        before = bare(view, 7)
        figure = cell(view, 7).locator("figure").get_attribute("id")
        # The cells above, of which one is needed, run first.
        assert run(view, 7) == "Drawn anew."
        assert cell(view, 1).locator(".live-verdict").inner_text() == "Done."
        assert cell(view, 2).locator(".live-verdict").inner_text() == "The book's output."
        assert line.inner_text() == "Cell 7: Drawn anew."
        image = cell(view, 7).locator("figure img")
        assert cell(view, 7).locator("figure").get_attribute("id") == figure
        assert image.get_attribute("alt").startswith("Two curves over the prediction")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400

        # Changed, by the keyboard alone.
        press(view, 2, "Edit")
        field = cell(view, 2).locator("textarea")
        assert field.evaluate("field => field === document.activeElement")
        field.press("Control+End")
        view.keyboard.insert_text(" + 1")
        field.press("Shift+Enter")
        said(view, "2: Not")
        assert cell(view, 2).locator(".cell_output").inner_text().strip() == "4.5"
        assert cell(view, 2).locator("pre").first.inner_text().rstrip().endswith("(t, y) + 1")
        field.press("Escape")
        assert view.evaluate("document.activeElement.textContent") == "Edit"

        # A slip shows where it is.
        write(view, 3, "x = 1\nx.shape")
        assert run(view, 3) == "Stopped with AttributeError."
        assert "2: x.shape" in cell(view, 3).locator(".cell_output").inner_text()
        size = view.viewport_size
        view.set_viewport_size({"width": 360, "height": 740})
        sentence = cell(view, 3).locator(".cell_output pre")
        assert sentence.evaluate("one => one.scrollWidth <= one.clientWidth"), "cut on a phone"
        view.set_viewport_size(size)

        # Without end, and stopped.
        write(view, 3, "while True:\n    pass")
        press(view, 3, "Run")
        said(view, "Running")
        press(view, 3, "Stop")
        assert line.inner_text() == "Stopped. The next run starts Python anew."
        press(view, 3, "Reset")
        press(view, 2, "Reset")
        assert line.inner_text() == "Cell 2: As the book has it."
        assert cell(view, 2).locator(".cell_output").inner_text().strip() == "3.5"
        press(view, 7, "Reset")
        assert bare(view, 7) == before
        assert run(view, 3) == "The book's output."


#: Where the notes, the cells and the titles are that a reader sees first.
PLACES = """document.fonts.ready.then(() =>
  [...document.querySelectorAll(".live-note, .live-cell, article h2, article p:not(.live-status)")]
    .map(place => [place.textContent.slice(0, 30), place.getBoundingClientRect().top])
    .filter(([_, top]) => top < innerHeight))"""


@pytest.mark.parametrize("page", ["examples", "exercises", "assignment", "ko/exercises"])
def test_nothing_on_a_page_moves_when_its_cells_get_their_buttons(
    browser: Any, strict: str, page: str
) -> None:
    folder, _, name = page.rpartition("/")
    context = browser.new_context()
    before = context.new_page()
    before.route("**/live_*.js*", lambda route: route.abort())
    after = context.new_page()
    for view in (before, after):
        view.goto(f"{strict}{folder and folder + '/'}{MSE}{name}.html")
    after.wait_for_selector(".live-bar", state="attached")
    assert before.locator(".live-bar").count() == 0
    for width in (360, 412, 1280):
        for view in (before, after):
            view.set_viewport_size({"width": width, "height": 900})
        assert after.evaluate(PLACES) == before.evaluate(PLACES), width
    context.close()


def test_where_cells_cannot_run_one_sentence_says_why(browser: Any, strict: str) -> None:
    page = f"{MSE}examples.html"
    with opened(browser, (SITE / "x").as_uri()[:-1], page) as view:
        assert "from a server" in view.locator(".live-note").inner_text()
        assert view.locator(".live-bar").count() == 0
    context = browser.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(strict + page)
    assert view.locator(".live-note").inner_text().startswith("With JavaScript")
    context.close()
    context = browser.new_context()
    context.add_init_script("delete window.WebAssembly")
    view = context.new_page()
    view.goto(strict + page)
    assert "newer browser" in view.locator(".live-note").inner_text()
    assert view.locator(".live-bar").count() == 0
    context.close()


def test_a_page_in_another_language_runs_its_cells_in_its_words(python: Any) -> None:
    python.evaluate("live.python.fresh()")
    python.locator(".live-button", has_text="실행").nth(2).click()
    until(python, "Boolean(live.cells[2].verdict)")
    assert "아직" in cell(python, 3).locator(".cell_output").inner_text()
    assert python.get_by_role("status").inner_text() == "셀 3: 실행했습니다."


# --- a student -----------------------------------------------------------------------------------


def test_an_assignment_is_written_checked_and_handed_in_from_its_page(
    browser: Any, strict: str, python: Any, tmp_path: Path
) -> None:
    view, done = python, "실행했습니다."
    view.evaluate("live.python.fresh()")
    source = Source.find("mean_squared_error", ROOT / "chapters")
    right = {one["id"]: "".join(one["source"]) for one in source.solved("ko")["cells"]}
    released = source.released("ko")["cells"]
    code = [one["id"] for one in released if one["cell_type"] == "code"]
    # As it is released, what is unfinished holds up nothing that comes below.
    last = len(code)
    assert run(view, last) == done
    assert "5문제 중 0문제" in cell(view, last).locator(".cell_output").inner_text()
    # On a phone, too, what it says can be read without scrolling it.
    view.set_viewport_size({"width": 360, "height": 740})
    shown = cell(view, last).locator(".cell_output pre").first
    assert shown.evaluate("pre => pre.scrollWidth <= pre.clientWidth")
    view.set_viewport_size({"width": 1280, "height": 900})
    for number, name in enumerate(code, 1):
        if name.endswith("-answer"):
            write(view, number, right[name])
    words = "Half of N times the mean:\nthe same minimum, longer steps."
    view.locator(".live-answer").fill(words)
    assert run(view, last) == done
    assert "5문제 중 5문제" in cell(view, last).locator(".cell_output").inner_text()
    assert "비어" not in cell(view, last).locator(".cell_output").inner_text()
    assert run(view, code.index("q2") + 1) == done
    answer = cell(view, code.index("q2") + 1).locator(".cell_output").inner_text()
    assert answer.strip() == "q2 (손실 함수): 맞았습니다."

    with view.expect_event("dialog") as asked:
        view.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    with view.expect_download() as download:
        button(view, "download").last.click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "mean_squared_error.ipynb"

    notebook = json.loads(file.read_text("utf-8"))
    assert [one["id"] for one in notebook["cells"]] == [one["id"] for one in released]
    choices = right_choices(source, load(source.name), Limits(), sandboxed=True)
    result = grade_notebook(notebook, source, load(source.name), choices, "hidden", Limits())
    scores = {name: one["score"] for name, one in result["questions"].items()}
    assert scores == {**source.points, "q7": None}
    assert result["questions"]["q7"]["answer"] == words
    assert result["notes"] == []

    # Opened again, with a cell that the student has added in another program, and one deleted.
    notebook["cells"].insert(
        5, {"cell_type": "code", "source": ["extra = 41"], "metadata": {}, "outputs": []}
    )
    notebook["cells"] = [one for one in notebook["cells"] if one.get("id") != "q3"]
    file.write_text(json.dumps(notebook))
    (tmp_path / "other.ipynb").write_text('{"cells": []}')
    with opened(browser, strict, f"ko/{MSE}assignment.html") as view:
        chosen = view.locator("input[type=file]")
        chosen.first.set_input_files(tmp_path / "other.ipynb")
        said(view, "other")
        assert view.get_by_role("status").inner_text() == (
            "이 과제의 노트북 파일이 아닙니다: other.ipynb"
        )
        chosen.first.set_input_files(file)
        said(view, "열었습니다")
        assert view.locator(".live-answer").input_value() == words
        with view.expect_download() as download:
            button(view, "download").first.click()
        again = json.loads(Path(download.value.path()).read_text("utf-8"))
    sources = ["".join(one["source"]) for one in again["cells"]]
    assert "extra = 41" in sources
    assert {one.get("id") for one in again["cells"]} >= {one["id"] for one in released}
    assert right["loss-answer"] in sources


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_check_says_in_the_page_what_it_says_on_a_computer(python: Any, name: str) -> None:
    bank = runpy.run_path(str(BANKS / f"{name}.py"))["BANK"]
    every = [(q, code) for q, entries in bank.items() for code, _ in entries.values()]
    some = [(*entry, "en") for entry in every[::12]] + [(*entry, "ko") for entry in every[6::24]]
    asked = [entry for entry in some if not isinstance(load(name)[entry[0]], Text)]
    solved = Source.find(name, ROOT / "chapters").solution_code()
    sources = ["\n".join(solved), "from lossbook.classroom import check\nSTART = dict(globals())"]
    sources += [
        f"names = dict(START)\nexec({code!r}, names)\ncheck({question!r}, names, {language!r})"
        for question, code, language in asked
    ]
    found = python.evaluate(RUN_ALL, sources)
    names: dict[str, Any] = {"__name__": "__main__"}
    for source, shown in zip(sources, found, strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(source, name, "exec"), names)
        if source not in sources[:2]:  # the solution itself prints all sixteen digits
            assert parts(shown)[0] == printed.getvalue().strip("\n"), source
