"""Make a course's submissions from the banks of solutions that the tests keep.

Each student answers every question with an entry of the bank: about two in three are right. One in
ten has a fault of another kind, from a deleted cell to a file that is no notebook, and a few have a
loop that never ends. The same seed gives the same files.
"""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path
from typing import Any

from lossbook.classroom.student.question import Function, load
from lossbook.classroom.teacher.source import Source, grade_id, source_text

ROOT = Path(__file__).resolve().parents[2]
Notebook = dict[str, Any]

#: Loops that never end: at the top of the notebook, inside a function, and one that defends itself.
LOOPS = (
    "while True:\n    pass",
    "def {function}(*arguments):\n    while True:\n        pass",
    "def {function}(*arguments):\n    while True:\n        try:\n            while True:\n"
    "                sum(range(1000))\n        except BaseException:\n            pass",
)
FAULTS = (
    "answers deleted",
    "checks deleted",
    "syntax error",
    "error at the top",
    "much output",
    "empty file",
    "half a file",
    "released as it was",
    "nothing handed in",
)


def answer_cells(source: Source) -> dict[str, int]:
    """Return the index of the cell with the answer to each question that has code."""
    found, last = {}, None
    for index, cell in enumerate(source.notebook["cells"]):
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if marks.get("solution") and cell["cell_type"] == "code":
            last = index
        elif marks.get("grade") and marks.get("locked") and last is not None:
            found[grade_id(cell)] = last
            last = None
    return found


def solved_with(source: Source, codes: dict[str, str]) -> Notebook:
    """Return the solved notebook with further code in the cells of some answers."""
    notebook = source.solved()
    places = answer_cells(source)
    for question, code in codes.items():
        cell = notebook["cells"][places[question]]
        cell["source"] = source_text(cell) + "\n\n" + code
    return notebook


def _with_fault(fault: str, notebook: Notebook, source: Source) -> bytes | None:
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    if fault == "nothing handed in":
        return None
    if fault == "empty file":
        return b""
    if fault == "released as it was":
        return _bytes(source.released())
    if fault == "half a file":
        return _bytes(notebook)[:2_000]
    if fault == "answers deleted":
        gone = set(list(answer_cells(source).values())[1:3])
        notebook["cells"] = [c for i, c in enumerate(notebook["cells"]) if i not in gone]
    elif fault == "checks deleted":
        notebook["cells"] = [c for c in notebook["cells"] if "check(" not in source_text(c)]
    else:
        line = {
            "syntax error": "def broken(:\n    pass",
            "error at the top": "raise RuntimeError('forgotten')",
            "much output": "for i in range(20_000):\n    print(i, 'A' * 100)",
        }[fault]
        first["source"] = source_text(first) + "\n" + line
    return _bytes(notebook)


def _bytes(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def make(name: str, count: int, folder: Path, *, loops: int = 3, seed: int = 1) -> list[str]:
    """Write the submissions of `count` students and a roster; return the students with loops."""
    rng = random.Random(seed)
    source = Source.find(name, ROOT / "chapters")
    bank = runpy.run_path(str(ROOT / "tests/classroom/banks" / f"{name}.py"))["BANK"]
    handed_in = folder / "handed_in"
    handed_in.mkdir(parents=True)
    students = [f"s{number:03}" for number in range(count)]
    endless = dict(zip(rng.sample(students, loops), LOOPS, strict=False))
    function = next(q for q in load(name).questions if isinstance(q, Function))
    for student in students:
        codes = {}
        for question, entries in bank.items():
            right = [code for code, diagnosis in entries.values() if diagnosis is None]
            # What never ends in the bank is left out: the loops are counted.
            wrong = [code for code, found in entries.values() if found not in (None, "timeout")]
            pool = right if right and rng.random() < 0.65 else wrong or right
            codes[question] = rng.choice(pool)
        if student in endless:
            codes[function.name] = endless[student].format(function=function.function)
            data: bytes | None = _bytes(solved_with(source, codes))
        elif rng.random() < 0.1:
            data = _with_fault(rng.choice(FAULTS), solved_with(source, codes), source)
        else:
            data = _bytes(solved_with(source, codes))
        if data is not None:
            (handed_in / f"{student}.ipynb").write_bytes(data)
    rows = [f"{student},Student {student},{student}@example.org" for student in students]
    (folder / "roster.csv").write_text("\n".join(["id,name,email", *rows]) + "\n")
    return sorted(endless)
