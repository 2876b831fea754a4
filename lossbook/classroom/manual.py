"""Answers in words: what teachers read, and the points that they give."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from lossbook.classroom.export import safe_cell
from lossbook.classroom.messages import _
from lossbook.classroom.roster import Student

__all__ = ["apply_marks", "read_marks", "write_marks"]

Result = dict[str, Any]
Marks = dict[tuple[str, str], tuple[str, str]]
COLUMNS = ("id", "question", "points", "remark", "maximum", "answer")


def read_marks(path: Path) -> Marks:
    """Return points and remark by student and question; nothing if there is no file yet."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["id"], row["question"]): (row["points"].strip(), (row["remark"] or "").strip())
            for row in csv.DictReader(file)
        }


def apply_marks(marks: Marks, results: list[Result]) -> None:
    """Put the points that a teacher gave into the results.

    Raises
    ------
    ValueError
        If points are no number, or more or less than the question can have.
    """
    for result in results:
        for name, question in result["questions"].items():
            points, remark = marks.get((result["student"], name), ("", ""))
            if "answer" not in question or not points:
                continue
            try:
                score = float(points.replace(",", "."))
            except ValueError:
                score = -1.0
            if not 0 <= score <= question["points"]:
                raise ValueError(
                    _(
                        "manual.csv: points is {value} for {student}, {question}; expected a "
                        "number from 0 to {maximum}"
                    ).format(
                        value=repr(points),
                        student=result["student"],
                        question=name,
                        maximum=f"{question['points']:g}",
                    )
                )
            question["score"], question["remark"] = score, remark


def write_marks(path: Path, marks: Marks, roster: list[Student], results: list[Result]) -> None:
    """Write the answers with the points given so far, for a teacher to fill in."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for student, result in zip(roster, results, strict=True):
            for name, question in result["questions"].items():
                if "answer" in question:
                    points, remark = marks.get((student.id, name), ("", ""))
                    cells = (student.id, name, points, remark, f"{question['points']:g}")
                    answer = question["answer"].encode("utf-8", "replace").decode()
                    writer.writerow([safe_cell(cell) for cell in (*cells, answer)])
