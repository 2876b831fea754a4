"""Answers in words: what teachers read, and the points that they give."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import _, languages, translated
from lossbook.classroom.teacher.export import SPREADSHEET, safe_cell
from lossbook.classroom.teacher.roster import Student, read_table
from lossbook.classroom.teacher.source import WORDS

__all__ = ["apply_marks", "read_marks", "write_marks"]

Result = dict[str, Any]
Marks = dict[tuple[str, str], tuple[str, str]]
COLUMNS = ("id", "question", "points", "remark", "maximum", "answer")


def read_marks(path: Path) -> Marks:
    """Return points and remark by student and question; nothing if there is no file yet.

    Raises
    ------
    ValueError
        If the file cannot be read, or lacks a column.
    """
    if not path.exists():
        return {}
    rows = read_table(path)
    missing = [name for name in COLUMNS[:4] if name not in (rows.fieldnames or [])]
    if missing:
        raise ValueError(
            _("{path} has no column {names}; expected the columns {known}").format(
                path=path, names=", ".join(missing), known=", ".join(COLUMNS)
            )
        )
    marks = {}
    for row in rows:
        points, remark = ((row[name] or "").strip() for name in ("points", "remark"))
        if safe_cell(remark[1:]) == remark:  # the apostrophe is ours, and not the teacher's
            remark = remark[1:]
        marks[row["id"], row["question"]] = (points, remark)
    return marks


def is_empty(answer: str) -> bool:
    """Return whether a written answer is still the words that a student should replace."""
    return answer.strip() in {"", *(translated(WORDS, language) for language in languages())}


def apply_marks(marks: Marks, results: list[Result]) -> None:
    """Put the points that a teacher gave into the results.

    Where nothing was written there is nothing to read: without points it counts 0.

    Raises
    ------
    ValueError
        If points are no number, or more or less than the question can have.
    """
    for result in results:
        for name, question in result["questions"].items():
            points, remark = marks.get((result["student"], name), ("", ""))
            if "answer" not in question:
                continue
            if not points:
                if is_empty(question["answer"]):
                    question["score"] = 0.0
                    question["diagnoses"] = [{"name": "unfinished", "details": {"name": name}}]
                question["remark"] = remark
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
    with path.open("w", encoding=SPREADSHEET, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for student, result in zip(roster, results, strict=True):
            for name, question in result["questions"].items():
                if "answer" in question:
                    points, remark = marks.get((student.id, name), ("", ""))
                    cells = (student.id, name, points, remark, f"{question['points']:g}")
                    answer = question["answer"].encode("utf-8", "replace").decode()
                    writer.writerow([safe_cell(cell) for cell in (*cells, answer)])
