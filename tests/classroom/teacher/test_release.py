"""A released notebook needs nothing but Python and NumPy, and says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student.reading import plain_python
from lossbook.classroom.teacher.source import Source, source_text

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "chapters"
SOURCES = Source.find_all(BOOK)
every_assignment = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    arguments = ["release", str(folder), "--assignment", "mean_squared_error"]
    assert cli.main([*arguments, "--book", str(BOOK)]) == 0
    return folder


def test_the_first_cell_installs_the_wheel_that_lies_beside_it(released: Path) -> None:
    (wheel,) = released.glob("*.whl")
    cells = json.loads((released / "mean_squared_error.ipynb").read_text("utf-8"))["cells"]
    first = plain_python(source_text(cells[0]))
    assert f"get_ipython().run_line_magic('pip', 'install --quiet {wheel.name}')" in first
    assert f"# The file {wheel.name} has to lie beside this notebook.\n" in first
    installed: list[str] = []

    class Shell:
        def run_line_magic(self, name: str, line: str) -> None:
            installed.append(line)

    names = {"get_ipython": lambda: Shell()}
    exec(first, names)  # here lossbook is installed
    assert not installed
    exec(first.replace("import lossbook", "raise ImportError"), names)
    assert installed == [f"install --quiet {wheel.name}"]


def test_a_student_without_the_repository_has_all_that_the_notebook_asks_for(
    released: Path, tmp_path: Path
) -> None:
    (wheel,) = released.glob("*.whl")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(tmp_path), str(wheel)], check=True)
    cells = json.loads((released / "mean_squared_error.ipynb").read_text("utf-8"))["cells"]
    code = [source_text(c) for c in cells if c["cell_type"] == "code"][1:]
    numpy = Path(np.__file__).parents[1]
    program = f"""
import sys
sys.path += [{str(tmp_path)!r}]
sys.path += [{str(numpy)!r}]
names = {{"__name__": "__main__"}}
import lossbook
assert lossbook.__file__.startswith({str(tmp_path)!r}), lossbook.__file__
for cell in {code!r}:
    try:
        exec(cell, names)
    except NotImplementedError:
        pass
"""
    # -S: what is installed beside NumPy, the repository among it, is not in the way.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        cwd=released,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "q2 (The loss): not yet. `mean_squared_error` is not written yet." in done.stdout
    assert "0 of 5 right. q7 is empty; it is read by your teacher." in done.stdout


def test_the_course_may_say_from_where_lossbook_comes(tmp_path: Path) -> None:
    arguments = ["release", str(tmp_path), "--assignment", "training", "--book", str(BOOK)]
    assert cli.main([*arguments, "--install", "https://example.org/lossbook.whl"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["training.ipynb"]
    text = (tmp_path / "training.ipynb").read_text("utf-8")
    assert "%pip install --quiet https://example.org/lossbook.whl" in text
    assert "beside" not in text.partition("%pip")[0]


@every_assignment
def test_a_notebook_says_what_counts_what_there_is_and_how_to_hand_in(source: Source) -> None:
    cells = source.notebook["cells"]
    first = source_text(cells[0])
    shared = [source_text(cell) for cell in SOURCES[0].notebook["cells"]]
    for beginning in ("**How to work.**", "**What counts.**"):
        ours = [part for part in first.split("\n\n") if part.startswith(beginning)]
        assert len(ours) == 1
        assert ours[0] in shared[0]
    assert [source_text(cell) for cell in cells[-2:]] == shared[-2:]
    assert source_text(cells[-1]) == "check_all()"
    assert "Restart the kernel and run all cells" in source_text(cells[-2])


@every_assignment
def test_every_question_has_the_title_of_its_section(source: Source) -> None:
    from lossbook.classroom.student.question import load

    title, titles = "", {}
    for cell in source.notebook["cells"]:
        text = source_text(cell)
        if text.startswith("## "):
            title = text.splitlines()[0].partition(". ")[2].partition(" (")[0]
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        titles[name] = title
    for question in load(source.name).questions:
        assert titles[question.name] == question.title


@every_assignment
def test_every_text_says_how_many_digits_are_asked(source: Source) -> None:
    from lossbook.classroom.student.question import Value, load

    text = "\n".join(source_text(c) for c in source.notebook["cells"])
    for question in load(source.name).questions:
        if isinstance(question, Value):
            told = "`, with all its digits" in text.split(question.variable)[1][:25] or (
                f"`{question.variable}`, with all its digits" in text
            )
            assert told != question.by_hand, question.variable
