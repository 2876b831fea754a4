"""No solution is anywhere in the site, and what it offers works where there is no lossbook."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from lossbook import __version__
from lossbook.classroom.teacher.release import with_first_cell
from lossbook.classroom.teacher.source import Source, standing_alone

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
WHEEL = f"lossbook-{__version__}-py3-none-any.whl"
SOURCES = Source.find_all(ROOT / "chapters")
TRANSLATIONS = sorted(path.name for path in (ROOT / "locale").iterdir())
every_assignment = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


@cache
def pages_of(name: str) -> dict[str, str]:
    """Return what the site holds of an assignment, as plain text, and its index for the search."""
    page = (SITE / "chapters" / name / "assignment.html").read_text(encoding="utf-8")
    download = SITE / "_sources" / "chapters" / name / "assignment.ipynb"
    cells = json.loads(download.read_text(encoding="utf-8"))["cells"]
    return {
        "page": html.unescape(re.sub(r"<[^>]+>", "", page)),
        "download": "\n".join("".join(cell["source"]) for cell in cells),
    }


def secrets(source: Source) -> set[str]:
    """Return the lines of code that only the instructor's notebook has."""
    own = {
        line.strip()
        for cell in source.notebook["cells"]
        if cell["cell_type"] == "code"
        for line in "".join(cell["source"]).splitlines()
    }
    given = {
        line.strip()
        for cell in source.released()["cells"]
        for line in "".join(cell["source"]).splitlines()
    }
    return {line for line in own - given if len(line) >= 12}


@every_assignment
def test_the_page_and_its_download_hold_nothing_that_only_teachers_have(source: Source) -> None:
    found = secrets(source)
    assert len(found) >= 5, "the notebook has no solutions to look for"
    for place, text in pages_of(source.name).items():
        shown = {line.strip() for line in text.splitlines()}
        assert not found & shown, place
        for mark in ("BEGIN SOLUTION", "HIDDEN TEST", "require("):
            assert mark not in text, place


def test_no_file_of_the_site_holds_a_solution_s_mark() -> None:
    for path in SITE.rglob("*"):
        if path.suffix in (".html", ".ipynb", ".js", ".md", ".json", ".txt"):
            text = path.read_text(encoding="utf-8")
            assert "BEGIN SOLUTION" not in text or "assignment" not in path.name, path
            assert "### BEGIN HIDDEN" not in text, path


@every_assignment
def test_the_download_is_the_student_s_notebook(source: Source) -> None:
    download = SITE / "_sources" / "chapters" / source.name / "assignment.ipynb"
    assert json.loads(download.read_text(encoding="utf-8")) == source.released()
    page = (SITE / "chapters" / source.name / "assignment.html").read_text(encoding="utf-8")
    assert f"_sources/chapters/{source.name}/assignment.ipynb" in page


@pytest.mark.parametrize("language", TRANSLATIONS)
@every_assignment
def test_what_a_teacher_hands_out_is_worded_as_the_edition_s_download(
    source: Source, language: str
) -> None:
    download = SITE / language / "_sources" / "chapters" / source.name / "assignment.ipynb"
    offered = json.loads(download.read_text(encoding="utf-8"))["cells"]
    handed_out = source.released(language)["cells"]
    solved = source.solved(language)["cells"]
    assert handed_out == offered
    for ours, own, original in zip(handed_out, solved, source.released()["cells"], strict=True):
        if ours["cell_type"] == "markdown" and not ours["metadata"].get("nbgrader"):
            assert ours["source"] == own["source"] != original["source"]


@pytest.mark.parametrize("language", ["", *TRANSLATIONS])
@every_assignment
def test_the_page_offers_what_a_teacher_hands_out_and_the_package_that_it_installs(
    source: Source, language: str
) -> None:
    page = SITE / language / "chapters" / source.name / "assignment.html"
    links = re.findall(r'href="([^"#]*)"', page.read_text(encoding="utf-8"))
    own = page.with_name(f"{source.name}.ipynb")
    assert {own.name, f"../../{WHEEL}"} <= set(links)
    released = standing_alone(source.released(language or "en"))
    handed_out = with_first_cell(released, WHEEL, language or "en")
    assert json.loads(own.read_text(encoding="utf-8"))["cells"] == handed_out["cells"]
    with zipfile.ZipFile(SITE / language / WHEEL) as wheel:
        names = wheel.namelist()
    assert f"lossbook/classroom/questions/{source.name}.py" in names
    assert not [name for name in names if name.startswith("chapters")]


def test_the_offer_works_in_a_folder_with_nothing_else(tmp_path: Path) -> None:
    own = SITE / "chapters" / "mean_squared_error" / "mean_squared_error.ipynb"
    cells = json.loads(own.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code[0].splitlines()[-1] == f"    %pip install --quiet {WHEEL}"
    with zipfile.ZipFile(SITE / WHEEL) as wheel:  # what pip does with it, without its dependencies
        wheel.extractall(tmp_path / "there")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "there"), "PYTHONSAFEPATH": "1"}
    program = "import lossbook; print(lossbook.__file__)\n" + code[1] + '\ncheck("q1", globals())'
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / "there"))
    assert "There is no `mse_by_hand` yet" in done.stdout
