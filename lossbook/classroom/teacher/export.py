"""Scores for the world outside: CSV for people, Gradescope, Moodle and Canvas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lossbook.classroom.student.diagnose import Diagnosis
from lossbook.classroom.student.messages import _, read
from lossbook.classroom.teacher.grade import STATUSES
from lossbook.classroom.teacher.roster import Student, read_text

__all__ = [
    "SPREADSHEET",
    "feedback_text",
    "reasons",
    "safe_cell",
    "total",
    "write_canvas",
    "write_gradescope",
    "write_moodle",
    "write_scores",
]

Result = dict[str, Any]
#: With a mark at the beginning, from which spreadsheets know that it is UTF-8.
SPREADSHEET = "utf-8-sig"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> from lossbook.classroom.teacher.export import safe_cell
    >>> safe_cell("=1+1"), safe_cell(-2.5), safe_cell("-2.5"), safe_cell("Kim")
    ("'=1+1", '-2.5', '-2.5', 'Kim')
    """
    text = str(value)
    start = text.lstrip(" \u00a0\u3000")
    if not start.startswith((*DANGEROUS, "＝", "＋", "－", "＠")):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text if text.strip() == text and "\n" not in text else "'" + text


def total(result: Result) -> float:
    """Return the points of a result; answers that nobody has read yet count 0."""
    return round(sum(q["score"] or 0.0 for q in result["questions"].values()), 2)


def feedback_text(result: Result) -> str:
    """Return the feedback in one paragraph, for a gradebook."""
    status = STATUSES[result["status"]]
    lines = [_("Status: {status}.").format(status=_(status))]
    for name, question in result["questions"].items():
        found = [_points(name, question), reasons(question), question.get("remark", "")]
        lines.append(" ".join(filter(None, found)))
    return " | ".join([*lines, *map(read, result["notes"])])


def _points(name: str, question: dict[str, Any]) -> str:
    if question["score"] is None:
        return _("{question}: not read yet.").format(question=name)
    return _("{question}: {score} of {points} points.").format(
        question=name, score=f"{question['score']:g}", points=f"{question['points']:g}"
    )


def reasons(question: dict[str, Any]) -> str:
    """Return what is wrong with an answer, in the reader's language."""
    found = question.get("diagnoses", [])
    return " ".join(Diagnosis(d["name"], d["details"]).text for d in found)


def _write_csv(path: Path, rows: Iterable[Iterable[object]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([safe_cell(cell) for cell in row] for row in rows)


def write_scores(path: Path, roster: list[Student], results: list[Result]) -> None:
    """Write one row for each student: status, total, points by question, notes."""
    questions = list(results[0]["questions"])
    rows: list[list[object]] = [
        ["id", "name", "email", "status", "score", "maximum", *questions, "notes"]
    ]
    for student, result in zip(roster, results, strict=True):
        scores = [result["questions"][name]["score"] for name in questions]
        maximum = sum(q["points"] for q in result["questions"].values())
        rows.append(
            [
                *(student.id, student.name, student.email, result["status"]),
                *(f"{total(result):g}", f"{maximum:g}"),
                *("" if s is None else f"{s:g}" for s in scores),
                " | ".join(map(read, result["notes"])),
            ]
        )
    _write_csv(path, rows, SPREADSHEET)


def write_gradescope(folder: Path, roster: list[Student], results: list[Result]) -> None:
    """Write ``<id>/results.json`` for each student."""
    for student, result in zip(roster, results, strict=True):
        tests = [
            {
                "name": name,
                "score": question["score"] or 0.0,
                "max_score": question["points"],
                "output": reasons(question),
                "visibility": "visible",
            }
            for name, question in result["questions"].items()
        ]
        data = {"score": total(result), "output": feedback_text(result), "tests": tests}
        path = folder / student.id / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def write_moodle(path: Path, roster: list[Student], results: list[Result]) -> None:
    """Write grades and feedback for Moodle's grade import, in one file."""
    rows: list[list[object]] = [["ID number", "Email address", "Grade", "Feedback"]]
    for student, result in zip(roster, results, strict=True):
        rows.append([student.id, student.email, f"{total(result):g}", feedback_text(result)])
    _write_csv(path, rows)


def write_canvas(
    path: Path, exported: Path, column: str, roster: list[Student], results: list[Result]
) -> list[str]:
    """Fill one column of Canvas's own export and keep all the others.

    Returns
    -------
    list of str
        The ids of the students who have no row there.

    Raises
    ------
    ValueError
        If the export cannot be read, or has no such column.
    """
    rows = list(csv.reader(io.StringIO(read_text(exported), newline="")))
    header = rows[0] if rows else []
    found = [i for i, name in enumerate(header) if name == column or name.startswith(f"{column} (")]
    if len(found) != 1:
        raise ValueError(
            _(
                "--canvas-column is {value}; expected the name of one column of {path}: {columns}"
            ).format(value=repr(column), path=exported, columns=", ".join(header))
        )
    keys = [i for i, name in enumerate(header) if name in ("ID", "SIS User ID", "SIS Login ID")]
    by_key: dict[str, tuple[str, Result]] = {}
    for student, result in zip(roster, results, strict=True):
        for key in filter(None, (student.id, student.email)):
            by_key[key.lower()] = (student.id, result)
    placed = set()
    for row in rows[1:]:
        row += [""] * (len(header) - len(row))
        match = next((by_key[row[i].lower()] for i in keys if row[i].lower() in by_key), None)
        if match is not None:
            placed.add(match[0])
            row[found[0]] = f"{total(match[1]):g}"
    _write_csv(path, rows)
    return [student.id for student in roster if student.id not in placed]
