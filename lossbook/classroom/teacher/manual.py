"""What waits for a teacher: answers in words, and whatever the grader could not judge.

The table is written for a spreadsheet and read back as a spreadsheet saves it. A row is known by
its key, which no spreadsheet takes for a number. Rows of other students stay in it: two sections
can share a table. If the answer changes after it was marked, the mark stays and the row says so.

Equal answers stand together and are read once: points for one of them are points for all that have
none of their own. Whose they are stands far to the right.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import _, languages, translated
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.source import WORDS
from lossbook.classroom.teacher.tables import SPREADSHEET, read_table, safe_cell, unescaped
from lossbook.classroom.teacher.text import write_whole

__all__ = ["Mark", "Marks", "apply_marks", "read_marks", "write_marks"]

Result = dict[str, Any]
COLUMNS = (
    *("question", "answer", "points", "remark", "maximum", "equal", "changed"),
    *("id", "answer_key", "key"),
)
NEEDED = ("id", "question", "points", "remark")
#: What a spreadsheet's cell can hold is 32,767 characters.
LONGEST = 30_000


@dataclass(frozen=True)
class Mark:
    """Points and remark that a teacher gave, as written, and for which answer."""

    points: str = ""
    remark: str = ""
    answer_key: str = ""
    changed: bool = False


@dataclass
class Marks:
    """The marks of a course.

    Attributes
    ----------
    given : dict
        By the key of student and question.
    by_name : dict
        The same by student and question as they stand in the table, for rows without a key.
    others : dict
        Whole rows by key, for those that are not in this course.
    """

    given: dict[str, Mark] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Mark]] = field(default_factory=dict)
    others: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, student: str, question: str) -> Mark:
        """Return the mark of an answer; an empty one if there is none.

        A row without a key is known by its id; if a spreadsheet made a number of it, by this number
        where one student only can be meant.
        """
        found = self.given.get(_key(student, question))
        if found is not None:
            return found
        for name in (student, student.lstrip("0")):
            marks = self.by_name.get((name, question), [])
            if len(marks) == 1:
                return marks[0]
        return Mark()


def _key(student: str, question: str) -> str:
    return "k" + hashlib.sha256(f"{student}\x1f{question}".encode()).hexdigest()[:15]


def _answer_key(answer: str) -> str:
    """Return a name of an answer's words: the same for all that differ in blanks only."""
    words = " ".join(answer.split()).casefold()
    return "a" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:11]


def read_marks(folder: Path) -> Marks:
    """Read ``manual.csv``, and beside it the copies of other graders, ``manual*.csv``.

    Raises
    ------
    ValueError
        If a file cannot be read, lacks a column, or two files differ in what they give.
    """
    marks = Marks()
    where: dict[str, Path] = {}
    for path in sorted(folder.glob("manual*.csv"), key=lambda path: path.name != "manual.csv"):
        table = read_table(path, COLUMNS)
        header = [name.strip().removeprefix("\ufeff").lower() for name in table.header]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise ValueError(
                _("{path} has no column {names}; expected the columns {known}").format(
                    path=path, names=", ".join(missing), known=", ".join(COLUMNS)
                )
            )
        for number, cells in table.rows:
            row = {name: unescaped(cell) for name, cell in zip(header, cells, strict=False)}
            _take(marks, row, where, path, number)
    return marks


def _take(
    marks: Marks, row: dict[str, str], where: dict[str, Path], path: Path, number: int
) -> None:
    student, question = row.get("id", "").strip(), row.get("question", "").strip()
    mark = Mark(
        row.get("points", "").strip(),
        row.get("remark", "").strip(),
        row.get("answer_key", "").strip(),
        bool(row.get("changed", "").strip()),
    )
    key = row.get("key", "").strip()
    if not key:
        marks.by_name.setdefault((student, question), []).append(mark)
        return
    known = marks.given.get(key)
    if known is not None and known.points and mark.points and known.points != mark.points:
        raise ValueError(
            _(
                "{path}, line {number}: {student} has {points} points for {question}, and {others} "
                "in {other}; expected the same in both, or in one of them nothing"
            ).format(
                path=path,
                number=number,
                student=student,
                question=question,
                points=mark.points,
                others=known.points,
                other=where[key],
            )
        )
    if known is None or (mark.points and not known.points):
        marks.given[key] = mark
        marks.others[key] = row
        where[key] = path


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
    shared = _shared(marks, results)
    for result in results:
        for name, question in result["questions"].items():
            if "answer" not in question:
                continue
            mark = marks.of(result["student"], name)
            if not mark.points and not question.get("unjudged"):
                mark = shared.get((name, _answer_key(question["answer"])), mark)
            question["remark"] = mark.remark
            if mark.points:
                question["score"] = _score(mark.points, question["points"], result, name)
                question["changed"] = _has_changed(mark, question["answer"])
            elif is_empty(question["answer"]) and not question.get("unjudged"):
                question["score"] = 0.0
                question["diagnoses"] = [{"name": "unfinished", "details": {"name": name}}]


def _shared(marks: Marks, results: list[Result]) -> dict[tuple[str, str], Mark]:
    """Return the mark of each answer that has one only, by question and words."""
    found: dict[tuple[str, str], set[Mark]] = defaultdict(set)
    for result in results:
        for name, question in result["questions"].items():
            mark = marks.of(result["student"], name)
            if mark.points and not _has_changed(mark, question.get("answer", "")):
                alike = replace(mark, answer_key="")
                found[name, _answer_key(question.get("answer", ""))].add(alike)
    return {key: next(iter(given)) for key, given in found.items() if len(given) == 1}


def _has_changed(mark: Mark, answer: str) -> bool:
    return mark.changed or mark.answer_key not in ("", _answer_key(answer))


def _score(points: str, most: float, result: Result, question: str) -> float:
    try:
        score = float(points.replace(",", "."))
    except ValueError:
        score = -1.0
    if not 0 <= score <= most:
        raise ValueError(
            _(
                "manual.csv: points is {value} for {student}, {question}; expected a number from "
                "0 to {maximum}"
            ).format(
                value=repr(points),
                student=result["student"],
                question=question,
                maximum=f"{most:g}",
            )
        )
    return score


def write_marks(path: Path, marks: Marks, roster: list[Student], results: list[Result]) -> None:
    """Write the answers with the points given so far, for a teacher to fill in.

    The most frequent ones come first.
    """
    rows = []
    for _student, result in zip(roster, results, strict=True):
        for name, question in result["questions"].items():
            if "answer" in question:
                rows.append(_row(marks.of(result["student"], name), result, name, question))
    often = Counter((row["question"], row["answer_key"]) for row in rows)
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows):
        first.setdefault((row["question"], row["answer_key"]), number)

    def place(row: dict[str, str]) -> tuple[str, int, int]:
        alike = (row["question"], row["answer_key"])
        return (row["question"], -often[alike], first[alike])

    rows.sort(key=place)
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["question"], row["answer_key"]].append(row)
    for alike in groups.values():
        for row in alike:
            row["equal"] = str(len(alike))
    mine = {row["key"] for row in rows}
    rows += [row for key, row in marks.others.items() if key not in mine]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(row.get(name, "")) for name in COLUMNS] for row in rows)
    data = text.getvalue().encode(SPREADSHEET, "replace")
    if path.exists() and path.read_bytes() != data:
        write_whole(path.with_name("manual.csv.before"), path.read_bytes())
    write_whole(path, data)


def _row(mark: Mark, result: Result, name: str, question: dict[str, Any]) -> dict[str, str]:
    answer = question["answer"]
    if question.get("unjudged"):
        answer = _("[the grader could not judge this; open the notebook that was handed in]")
    if len(answer) > LONGEST:
        told = _("[the rest, {count} characters, stands on the student's page]")
        answer = answer[:LONGEST] + "\n" + told.format(count=len(answer) - LONGEST)
    changed = _("the answer has changed since it was marked")
    return {
        "id": result["student"],
        "question": name,
        "points": mark.points,
        "remark": mark.remark,
        "maximum": f"{question['points']:g}",
        "changed": changed if mark.points and _has_changed(mark, question["answer"]) else "",
        "answer": answer,
        "answer_key": _answer_key(question["answer"]),
        "key": _key(result["student"], name),
    }
