"""A new assignment is made by a command, and everything holds of it that holds of the book's."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom import questions
from lossbook.classroom.student.check import PRACTICE, look
from lossbook.classroom.student.question import Choice, Text, load
from lossbook.classroom.student.worker import serve
from lossbook.classroom.teacher.new import make_new
from lossbook.classroom.teacher.source import Source, source_text

ROOT = Path(__file__).resolve().parents[3]
NAME = "trial_loss"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an assignment in a folder of its own."""
    make_new(NAME, tmp_path / "chapters", tmp_path)
    folders = [*questions.__path__, str(tmp_path / "lossbook/classroom/questions")]
    monkeypatch.setattr(questions, "__path__", folders)
    return tmp_path


def solved(folder: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in Source.find(NAME, folder / "chapters").solution_code():
        exec(cell, names)
    return names


def test_a_new_assignment_is_whole(made: Path) -> None:
    source = Source.find(NAME, made / "chapters")
    assignment = load(NAME)
    assert assignment.name == NAME
    assert list(source.points) == [question.name for question in assignment.questions]
    assert sum(source.points.values()) == 10
    released = "".join(source_text(cell) for cell in source.released()["cells"])
    assert f'ASSIGNMENT = "{NAME}"' in released
    assert "SOLUTION" not in released
    assert "1.75" not in released
    names = solved(made)
    for question in assignment.questions:
        assert look(question, lambda request: serve(names, request), PRACTICE) == []


def test_the_bank_of_a_new_assignment_is_right(made: Path) -> None:
    bank = runpy.run_path(str(made / "tests/classroom/banks" / f"{NAME}.py"))["BANK"]
    assert sum(len(entries) for entries in bank.values()) > 15
    for question, entries in bank.items():
        for title, (code, expected) in entries.items():
            names = solved(made)
            exec(code, names)
            for seed in (PRACTICE, 1):
                asked = load(NAME)[question]
                found = look(asked, lambda request, names=names: serve(names, request, 2.0), seed)
                assert ("+".join(d.name for d in found) or None) == expected, (question, title)


def test_its_general_words_are_those_of_the_book(made: Path) -> None:
    ours = Source.find(NAME, made / "chapters").notebook["cells"]
    book = Source.find("mean_squared_error", ROOT / "chapters").notebook["cells"]
    assert [source_text(cell) for cell in ours[-2:]] == [source_text(cell) for cell in book[-2:]]
    theirs = source_text(book[0]).split("\n\n")
    shared = [part for part in source_text(ours[0]).split("\n\n") if part.startswith("**")]
    assert len(shared) == 2
    assert all(part in theirs for part in shared)
    assert {type(q) for q in load(NAME).questions} >= {Choice, Text}


def shape(cell: dict[str, Any]) -> tuple[str, str, str]:
    """Return what a cell is for: its kind, its rights as nbgrader notes them, and shared code."""
    about = {k: v for k, v in cell["metadata"].get("nbgrader", {}).items() if k != "points"}
    name, text = str(about.pop("grade_id", "")), source_text(cell)
    role = "answer" if name.endswith("-answer") else re.sub(r"\d+", "", name)
    if role == "q" and cell["cell_type"] == "code":
        text = re.sub(r"\bq\d+|\b\w+(?=\.strip)|\"[a-d]\"", "x", text)
    elif role == "setup":
        own = r"from lossbook\.datasets .*\n|(?<=ASSIGNMENT = )\S+"
        text = re.sub(own, "", text)
    elif role != "check-all":
        text = "### BEGIN SOLUTION" if "### BEGIN SOLUTION" in text else ""
    return cell["cell_type"], f"{role} {sorted(about.items())}", text


def test_its_cells_have_the_shape_of_the_book_s(made: Path) -> None:
    ours = Source.find(NAME, made / "chapters").notebook
    for book in Source.find_all(ROOT / "chapters"):
        theirs = book.notebook
        assert {k: v for k, v in ours.items() if k != "cells"} == {
            k: v for k, v in theirs.items() if k != "cells"
        }
        assert {*map(shape, ours["cells"])} <= {*map(shape, theirs["cells"])}, book.name
    # A question has a text, an answer and a check, named after one another.
    ids = [cell["id"] for cell in ours["cells"]]
    for answer in (name for name in ids if name.endswith("-answer")):
        place = ids.index(answer)
        assert ids[place - 1] == answer.removesuffix("-answer")
        assert re.fullmatch(r"q\d", ids[place + 1])


def test_nothing_is_written_over_and_a_name_has_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, told in (
        ("training", "there is"),
        ("Trial Loss", "lower-case"),
        ("../x", "expected"),
    ):
        assert cli.main(["new", name, "--book", str(tmp_path)]) == 1
        assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
