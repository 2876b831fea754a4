"""Scores for the world outside: a table for people, and what platforms take."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lossbook.classroom.student.diagnose import Diagnosis
from lossbook.classroom.student.messages import _, read
from lossbook.classroom.teacher.grade import STATUSES
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.tables import SPREADSHEET, safe_cell
from lossbook.classroom.teacher.text import write_whole

__all__ = [
    "counted",
    "feedback_text",
    "final_scores",
    "maximum",
    "reasons",
    "told",
    "total",
    "write_feedback_zip",
    "write_gradebook",
    "write_gradescope",
    "write_mail",
    "write_moodle",
    "write_scores",
]

Result = dict[str, Any]


def final_scores(results: list[Result]) -> dict[str, float]:
    """Return the scores that may leave the house, by student's id.

    Who handed in nothing, or nothing that can be graded, has none: a person decides. Neither has
    who waits for points or for another try.
    """
    return {
        result["student"]: total(result)
        for result in results
        if result["status"] in ("graded", "timed out", "tampered", "look at it")
        and all(question["score"] is not None for question in counted(result).values())
    }


def counted(result: Result) -> dict[str, dict[str, Any]]:
    """Return the questions that count, by name."""
    return {name: q for name, q in result["questions"].items() if not q.get("dropped")}


def maximum(result: Result) -> float:
    """Return the points that can be reached."""
    return float(sum(question["points"] for question in counted(result).values()))


def total(result: Result) -> float:
    """Return the points of a result; answers that nobody has read yet count 0."""
    reached = sum(question["score"] or 0.0 for question in counted(result).values())
    changes = result.get("adjustments", [])
    reached *= 1 + sum(change.get("share", 0.0) for change in changes)
    return round(max(0.0, reached) + sum(change.get("points", 0.0) for change in changes), 2)


def told(result: Result) -> list[str]:
    """Return what there is to say of a result, in the reader's language."""
    changes = [change["note"] for change in result.get("adjustments", [])]
    return [*map(read, result["notes"]), *map(read, changes)]


def feedback_text(result: Result) -> str:
    """Return the feedback in one paragraph, for a gradebook."""
    status = STATUSES[result["status"]]
    lines = [_("Status: {status}.").format(status=_(status))]
    for name, question in result["questions"].items():
        found = [_points(name, question), reasons(question), question.get("remark", "")]
        lines.append(" ".join(filter(None, found)))
    return " | ".join([*lines, *told(result)])


def _points(name: str, question: dict[str, Any]) -> str:
    if question["score"] is None:
        return _("{question}: not read yet.").format(question=name)
    return _("{question}: {score} of {points} points.").format(
        question=name, score=f"{question['score']:g}", points=f"{question['points']:g}"
    )


def reasons(question: dict[str, Any]) -> str:
    """Return what is wrong with an answer, in the reader's language."""
    texts = []
    for found in question.get("diagnoses", []):
        with contextlib.suppress(KeyError, IndexError):  # of another version of the grader
            texts.append(Diagnosis(found["name"], found["details"]).text)
    return " ".join(texts)


def _write_csv(path: Path, rows: Iterable[Iterable[object]], encoding: str = "utf-8") -> None:
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue().encode(encoding, "replace"))


def write_scores(path: Path, roster: list[Student], results: list[Result]) -> None:
    """Write one row for each student: status, total, points by question, notes."""
    questions = list(results[0]["questions"])
    rows: list[list[object]] = [
        ["id", "name", "email", "status", "score", "maximum", *questions, "notes"]
    ]
    for student, result in zip(roster, results, strict=True):
        scores = [result["questions"][name]["score"] for name in questions]
        rows.append(
            [
                *(student.id, student.name, student.email, result["status"]),
                *(f"{total(result):g}", f"{maximum(result):g}"),
                *("" if s is None else f"{s:g}" for s in scores),
                " | ".join(told(result)),
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
            for name, question in counted(result).items()
        ]
        data: dict[str, Any] = {"output": feedback_text(result), "tests": tests}
        data |= {"score": total(result), "output_format": "text", "visibility": "after_published"}
        path = folder / student.id / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (json.dumps(data, indent=1) + "\n").encode())


def write_moodle(path: Path, roster: list[Student], results: list[Result]) -> None:
    """Write grades and feedback for the import into Moodle's gradebook, in one file.

    Who has no grade has no row: an empty one would erase what is there.
    """
    rows: list[list[object]] = [["ID number", "Email address", "Grade", "Feedback"]]
    scores = final_scores(results)
    for student, result in zip(roster, results, strict=True):
        if student.id in scores:
            words = feedback_text(result)
            rows.append([student.id, student.email, f"{scores[student.id]:g}", words])
    _write_csv(path, rows)


def write_gradebook(
    path: Path,
    gradebook: Gradebook,
    column: str | None,
    roster: list[Student],
    results: list[Result],
) -> tuple[list[str], list[str]]:
    """Fill the platform's own file, and remember what was written.

    Returns
    -------
    absent, kept : list of str
        Students without a row, and students whose cell holds what somebody else put there.
    """
    memory = path.with_name("exported.json")
    scores = final_scores(results)
    feedback = {result["student"]: feedback_text(result) for result in results}
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    filled = gradebook.filled(column, roster, scores, feedback, before)
    write_whole(path, filled.data)
    kept = dict.fromkeys(filled.kept)
    written = {student: score for student, score in scores.items() if student not in kept}
    write_whole(memory, json.dumps(before | written).encode())
    return filled.absent, filled.kept


def write_mail(path: Path, roster: list[Student], results: list[Result]) -> None:
    """Write what a mail merge needs: address, name, page, and the score of those who have one."""
    rows: list[list[object]] = [["email", "name", "page", "score", "maximum"]]
    scores = final_scores(results)
    for student, result in zip(roster, results, strict=True):
        if student.email and student.id in scores:
            page = f"feedback/{student.id}.html"
            numbers = (f"{scores[student.id]:g}", f"{maximum(result):g}")
            rows.append([student.email, student.name, page, *numbers])
    _write_csv(path, rows, SPREADSHEET)


def write_feedback_zip(
    path: Path, folder: Path, gradebook: Gradebook, roster: list[Student]
) -> None:
    """Pack the students' pages as Moodle takes feedback for many: by its numbers for people."""
    numbers = {owner: number for number, owner in gradebook.owners(roster).items()}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for student in roster:
            page = folder / f"{student.id}.html"
            if student.id in numbers and page.is_file():
                name = f"feedback_{numbers[student.id]}_assignfeedback_file/feedback.html"
                # One date for all: the same pages make the same file.
                file.writestr(zipfile.ZipInfo(name), page.read_bytes())
    write_whole(path, data.getvalue())
