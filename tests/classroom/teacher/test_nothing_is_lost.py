"""Whatever one submission does to the grader, the others are graded, and it has its row."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.student.question import load
from lossbook.classroom.teacher import grade, submission
from lossbook.classroom.teacher.grade import STATUSES, grade_notebook
from lossbook.classroom.teacher.process import Processes
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source

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
    "an avalanche": ('{"cells":[' + "[]," * 9_000_000 + "[]]}", "look at it"),
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
    command += ["--out", base / "results", "--seconds", 1, "--total-seconds", 8]
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
    def broken(question: Any, *_: Any) -> dict[str, Any]:
        if question.name == "q2":
            raise MemoryError
        return {"points": 1.0, "score": 1.0}

    monkeypatch.setattr(grade, "_question", broken)
    monkeypatch.setattr(grade, "Submission", lambda *_, **__: Anything(random.Random(1)))
    result = grade_notebook(SOURCE.solved(), SOURCE, load(NAME), {"q6": "b"}, 1, Limits())
    assert result["status"] == "look at it"
    assert result["questions"]["q2"]["score"] is None
    assert all(q["score"] == 1 for name, q in result["questions"].items() if name != "q2")
    assert any("MemoryError" in str(note) for note in result["notes"])


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
