"""Whatever one submission does to the grader, the others are graded, and it has its row."""

from __future__ import annotations

import csv
import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student.messages import read, use_language
from lossbook.classroom.student.question import load
from lossbook.classroom.teacher import batch, grade, submission
from lossbook.classroom.teacher.batch import Batch
from lossbook.classroom.teacher.collect import Handed
from lossbook.classroom.teacher.grade import STATUSES, grade_notebook
from lossbook.classroom.teacher.process import Processes
from lossbook.classroom.teacher.report import class_report, feedback_page
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source, parse_notebook, source_text

ROOT = Path(__file__).resolve().parents[3]
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
pytestmark = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)
NAME = "mean_squared_error"
SOURCE = Source.find(NAME, ROOT / "chapters")
DEEP = "answer = 1.0\nfor _ in range({depth}): answer = [answer]\nmse_by_hand = answer"
#: Code at the end of a right notebook, and the question whose points it costs.
ANSWERS = {
    "a text as long as a book": ('mse_by_hand = ["x" * 4_000_000] + [""] * 100_000', "q1"),
    "many long texts": ('mse_by_hand = ["x" * 300 for _ in range(9_000)]', "q1"),
    "nested 30 times": (DEEP.format(depth=30), "q1"),
    "nested 470 times": (DEEP.format(depth=470), "q1"),
    "nested 990 times": (DEEP.format(depth=990), "q1"),
    "as many rows as there may be": ("mse_by_hand = [[]] * 200_000", "q1"),
    "a number without end": ("mse_by_hand = 10**5000", "q1"),
    "sleeps in one call": (
        "import time\nold = fit_line\n"
        "def fit_line(*a, **k):\n    time.sleep(25)\n    return old(*a, **k)",
        "q4",
    ),
    "an error that no file can hold": ("raise ValueError('\\ud800\\x1b[31m\\u202e')", ""),
    "a name that no file can hold": ("globals()['\\ud800'] = 1\nmse_by_hand = '\\udc80'", "q1"),
}


def with_cell(code: str) -> str:
    notebook = json.loads(json.dumps(SOURCE.solved()))
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].append({**cell, "id": "last", "source": code})
    return json.dumps(notebook)


#: Files that cost more to read than they should.
FILES = {
    "brackets": ("[" * 200_000, "unreadable"),
    "an avalanche": ('{"cells":[' + '{"a":0},' * 3_600_000 + "{}]}", "look at it"),
    "metadata in metadata": (
        json.dumps(SOURCE.solved()).replace('"q1"', "[" * 900 + "]" * 900),
        "graded",
    ),
    "format 3": (
        json.dumps(
            {
                "nbformat": 3,
                "worksheets": [
                    {"cells": [{**c, "input": c["source"]} for c in SOURCE.solved()["cells"]]}
                ],
            }
        ),
        "graded",
    ),
    "a mark": ("\ufeff" + json.dumps(SOURCE.solved()), "graded"),
    "another assignment": (
        json.dumps(Source.find("training", ROOT / "chapters").solved()),
        "another assignment",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    base = tmp_path_factory.mktemp("lost")
    handed_in = base / "handed_in"
    handed_in.mkdir()
    files = {name: with_cell(code) for name, (code, _) in ANSWERS.items()}
    files |= {name: text for name, (text, _) in FILES.items()} | {"right": with_cell("")}
    ids = {f"s{i:02}": name for i, name in enumerate(files)}
    for student, name in ids.items():
        (handed_in / f"{student}.ipynb").write_text(files[name], encoding="utf-8")
    (handed_in / "wide.ipynb").write_bytes(files["right"].encode("utf-16"))
    korean = "김하늘.ipynb".encode("cp949").decode("utf-8", "surrogateescape")
    (handed_in / korean).write_text(files["right"])
    lines = [f"{student}," for student in ids]
    (base / "roster.csv").write_text("\n".join(["id,name", *lines, "wide,", "kim,김하늘"]) + "\n")
    command = [sys.executable, "-m", "lossbook.classroom", "grade", handed_in]
    command += ["--assignment", NAME, "--roster", base / "roster.csv", "--seed", 5]
    command += ["--out", base / "results", "--seconds", 0.6, "--total-seconds", 8]
    done = subprocess.run(
        [*map(str, command), "--processes", "2"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with (base / "results" / "scores.csv").open(encoding="utf-8-sig") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(ids) + 2
    return {ids.get(row["id"], row["id"]): row for row in rows.values()}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_costs_its_own_question_and_nothing_else(
    name: str, graded: dict[str, dict[str, str]]
) -> None:
    lost = ANSWERS[name][1]
    right = graded["right"]
    assert graded[name]["status"] in ("graded", "timed out")
    assert {q: graded[name][q] for q in right if q.startswith("q")} == {
        q: "0" if q == lost else right[q] for q in right if q.startswith("q")
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_costs_too_much_has_its_row(
    name: str, graded: dict[str, dict[str, str]]
) -> None:
    assert graded[name]["status"] == FILES[name][1]
    if FILES[name][1] == "graded":
        assert graded[name]["score"] == graded["right"]["score"]
    if FILES[name][1] == "look at it":
        assert graded[name]["q1"] == ""
        assert graded[name]["notes"]


@pytest.mark.parametrize("name", ["wide", "kim"])
def test_encodings_of_files_and_names_of_another_system_are_read(
    name: str, graded: dict[str, dict[str, str]]
) -> None:
    assert graded[name]["score"] == graded["right"]["score"]


# --- the grader's own faults ----------------------------------------------------------------------


class Anything:
    """Stands for a submission that answers whatever a random generator says."""

    status = "graded"

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def __enter__(self) -> Anything:
        return self

    def __exit__(self, *_: object) -> None: ...

    def run(self, _: list[str]) -> list[Any]:
        return [(0, self.reply()) for _ in range(2)]

    def ask(self, _: dict[str, Any]) -> dict[str, Any]:
        return self.reply()

    def again(self, *_: object) -> None: ...

    def reply(self) -> dict[str, Any]:
        """Return a reply as `submission._read` lets it pass: words are words, the rest is free."""
        rng = self.rng
        kinds = ["value"] * 6 + ["error", "unusable", "timeout", "ended", "missing", "x", ""]
        words = ["", "IndexError", "\ud800", "{x}", "%s", "`", "too_large", "<b>", "{0.__class__}"]
        reply = {key: rng.choice(words) for key in ("error", "reason", "text", "printed")}
        reply |= {"kind": rng.choice(kinds)}
        for key in ("value", "arguments"):
            if rng.random() < 0.8:
                reply[key] = self.value(0)
        return reply

    def value(self, depth: int) -> Any:
        rng = self.rng
        leaves = [None, True, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", "x" * 50]
        leaves += [
            0.5,
            "\ud800",
            {},
            [],
            {"array": 3, "dtype": "O"},
            {"array": [], "dtype": "int8"},
        ]
        if depth > 6 or rng.random() < 0.3:
            return rng.choice(leaves)
        many = [self.value(depth + 1) for _ in range(rng.randint(0, 4))]
        made: list[Any] = [many, {"list": many}, {"tuple": many}]
        made += [{"array": many, "dtype": rng.choice(["float64", "int8", "bool", "U3", 5])}]
        return rng.choice(made)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_answered_every_question_has_its_result(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(f"{seed}/20261127")
    monkeypatch.setattr(grade, "Submission", lambda *_, **__: Anything(rng))
    result = grade_notebook(SOURCE.solved(), SOURCE, load(NAME), {"q6": "b"}, seed, Limits())
    assert list(result["questions"]) == list(SOURCE.points)
    assert result["status"] in STATUSES
    json.dumps(result, ensure_ascii=False).encode()  # no half of a pair is left in it


def test_an_answer_that_the_grader_cannot_judge_waits_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = grade.judge

    def broken(question: Any, *rest: Any) -> Any:
        if question.name == "q2":
            raise MemoryError
        return real(question, *rest)

    monkeypatch.setattr(grade, "judge", broken)
    monkeypatch.setattr(grade, "Submission", lambda *_, **__: Anything(random.Random(1)))
    result = grade_notebook(SOURCE.solved(), SOURCE, load(NAME), {"q6": "b"}, 1, Limits())
    assert result["status"] == "look at it"
    assert result["questions"]["q2"]["score"] is None
    others = [q for name, q in result["questions"].items() if name not in ("q2", "q7")]
    assert all(question["score"] is not None for question in others)
    assert any("MemoryError" in str(note) for note in result["notes"])


class _Grades:
    """Stands for the processes that grade: some students break it in their own way."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def close(self) -> None: ...

    def grade(self, task: dict[str, Any]) -> dict[str, Any]:
        broken = {"memory": MemoryError(), "index": IndexError(), "fork": OSError(11, "no process")}
        name = Path(task["path"]).stem
        if name in broken:
            raise broken[name]
        return {"status": "graded", "notes": [], "questions": {}}


def test_whatever_is_raised_for_one_student_all_have_a_row_and_a_second_start_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "Processes", _Grades)
    monkeypatch.setattr(batch, "right_choices", lambda *_, **__: {})
    names = ["memory", "index", "fork", "gone", "folder", "a", "b"]
    for name in names:
        (tmp_path / f"{name}.ipynb").write_text(name)
    (tmp_path / "gone.ipynb").unlink()
    (tmp_path / "folder.ipynb").unlink()
    (tmp_path / "folder.ipynb").mkdir()
    handed = {name: Handed(tmp_path / f"{name}.ipynb") for name in names}
    for name in ("a", "memory"):  # and of what was stored before, some is no result
        (tmp_path / "out" / "students").mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / "students" / f"{name}.json").write_text('{"questions": {"q1": 3}}')
    made = Batch(SOURCE, [Student(n) for n in names], handed, 1, tmp_path / "out", Limits())
    for _ in range(2):
        results = made.run(2, lambda *_: None)
        assert [result["status"] for result in results] == [
            *("look at it", "look at it", "try again", "try again", "try again"),
            *("graded", "graded"),
        ]
        assert all(set(result["questions"]) == set(SOURCE.points) for result in results)


def test_a_full_disk_stops_all_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(batch, "Processes", _Grades)
    monkeypatch.setattr(batch, "right_choices", lambda *_, **__: {})
    (tmp_path / "a.ipynb").write_text("a")
    made = Batch(
        SOURCE, [Student("a")], {"a": Handed(tmp_path / "a.ipynb")}, 1, tmp_path / "o", Limits()
    )

    def full(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left", str(path))

    monkeypatch.setattr(batch, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        made.run(1, lambda *_: None)


def test_two_people_do_not_grade_into_one_folder_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "roster.csv").write_text("id\nada\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    line = ["grade", tmp_path / "in", "--assignment", NAME, "--roster", tmp_path / "roster.csv"]
    line += ["--seed", 1, "--out", tmp_path / "out", "--book", ROOT / "chapters"]
    with batch.locked(tmp_path / "out"):
        assert cli.main([str(part) for part in line]) == 1
    assert "in use by another run" in capsys.readouterr().err
    assert cli.main([str(part) for part in line]) == 0


def test_results_of_another_version_with_other_diagnoses_are_shown() -> None:
    question = {"points": 1.0, "score": 0.0, "diagnoses": [{"name": "gone", "details": {}}]}
    result = {"student": "a", "status": "graded", "notes": [], "questions": {"q1": question}}
    assert "gone" in class_report([result], "Mean squared error")
    assert feedback_page(Student("a"), result, "Mean squared error")


@pytest.mark.parametrize("way", ["dies", "hangs"])
def test_a_grader_that_dies_or_hangs_is_replaced(tmp_path: Path, way: str) -> None:
    (tmp_path / "a.ipynb").write_text(with_cell(""))
    processes = Processes(SOURCE, {"q6": "b"}, Limits(1.0, 8.0, 30.0), sandboxed=True)
    task = {"path": str(tmp_path / "a.ipynb"), "seed": "1", "only": ["q1"]}
    try:
        process = processes._begin()
        processes._idle.put(process)
        if way == "dies":
            process.kill()
        else:
            processes._clock = 0.05
        assert processes.grade(task)["status"] == {"dies": "look at it", "hangs": "try again"}[way]
        processes._clock = 60.0
        assert processes.grade(task)["questions"]["q1"]["score"] > 0
    finally:
        processes.close()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"id": "other", "kind": "value"}',
        b'{"id": "me", "kind": ["value"]}',
        b'{"id": "me", "kind": "value", "text": {"a": 1}}',
        b'{"id": "me", "kind": "error", "error": 5}',
        b'{"id": "me", "kind": "value", "value": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"id": "me", "kind": "value", "value": [' + b"[]," * 600_000 + b"[]]}",
        b"\xff\xfe",
    ],
)
def test_a_reply_that_is_none_is_refused_before_it_costs_anything(line: bytes) -> None:
    assert submission._read(line, "me") is None


def test_of_a_reply_s_words_only_so_many_are_kept() -> None:
    line = json.dumps({"id": "me", "kind": "error", "text": "x" * 10**6, "other": 1}).encode()
    reply = submission._read(line, "me")
    assert reply is not None
    assert len(reply["text"]) == 300
    assert "other" not in reply


def told_of(change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Return what is said of a right notebook whose cells something has changed."""
    notebook = json.loads(json.dumps(SOURCE.solved()))
    for cell in notebook["cells"]:
        change(cell)
    use_language("en")
    return [read(entry) for entry in grade._changes(notebook, SOURCE)]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_ends_of_lines_of_windows_are_no_change(end: str) -> None:
    def change(cell: dict[str, Any]) -> None:
        cell["source"] = "".join(cell["source"]).replace("\n", end)

    assert told_of(change) == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_code_in_a_cell_that_is_no_code_cell_any_more_is_told(kind: str) -> None:
    def change(cell: dict[str, Any]) -> None:
        if "def mean_squared_error(" in "".join(cell["source"]):
            cell["cell_type"] = kind

    told = told_of(change)
    assert len(told) == 1
    assert told[0].endswith(" is no code cell any more, and is not run.")


@pytest.mark.parametrize(
    "encoding, padding",
    [
        ("cp949", b""),
        ("cp1252", b""),
        ("utf-16", b""),
        ("utf-8-sig", b"\n"),
        ("utf-8", b"\0" * 512),
    ],
)
def test_a_notebook_is_read_as_another_editor_or_a_disk_has_left_it(
    encoding: str, padding: bytes
) -> None:
    word = "김하늘" if encoding == "cp949" else "José"
    notebook = with_cell(f"# {word}")
    data = json.dumps(json.loads(notebook), ensure_ascii=False).encode(encoding) + padding
    cells = parse_notebook(data, "a.ipynb")["cells"]
    assert f"# {word}" in map(source_text, cells)
