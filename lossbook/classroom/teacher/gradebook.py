"""The platform's own file of grades: whose number is whose, and filled without another change.

Canvas's export, Moodle's grading worksheet and Blackboard's download are recognised by their
columns. What comes back is the same file, byte for byte, but for the cells of one column (and of
the feedback beside it) of those who have a grade.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from lossbook.classroom.student.messages import _
from lossbook.classroom.teacher.names import fold, name_forms
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.tables import Table, read_table

__all__ = ["Filled", "Gradebook"]

#: By which columns a platform is known, and which of them say who a person is.
KINDS = {
    "canvas": (("ID", "Section"), ("SIS User ID", "SIS Login ID", "ID")),
    "moodle": (("Identifier", "Grade"), ("ID number", "Email address", "Username")),
    "blackboard": (("Username", "Last Name"), ("Username", "Student ID")),
}
#: What the columns that are read are called in other languages of Moodle.
MOODLE = {
    "Identifier": ("Identifier", "Identifikator", "식별자"),
    "Full name": ("Full name", "Vollständiger Name", "성명", "이름"),
    "ID number": ("ID number", "ID-Nummer", "식별번호", "학번"),
    "Email address": ("Email address", "E-Mail-Adresse", "이메일 주소"),
    "Group": ("Group", "Gruppe", "모둠"),
    "Grade": ("Grade", "Bewertung", "성적"),
    "Maximum grade": ("Maximum grade", "Maximum Grade", "Bestwertung", "최고 성적"),
    "Feedback comments": ("Feedback comments", "Feedback als Kommentar", "피드백 댓글"),
    "Grade can be changed": ("Grade can be changed",),
}


@dataclass(frozen=True)
class Filled:
    """A filled file, and what a teacher should know of it.

    Attributes
    ----------
    data : bytes
        The file.
    absent : list of str
        Students without a row.
    kept : list of str
        Students whose cell holds something that a person or the platform put there.
    """

    data: bytes
    absent: list[str]
    kept: list[str]


class Gradebook:
    """A platform's file of grades.

    Attributes
    ----------
    kind : str
        ``"canvas"``, ``"moodle"`` or ``"blackboard"``.

    Raises
    ------
    ValueError
        If the file cannot be read, or is none of these.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        names = [name for columns, _keys in KINDS.values() for name in columns]
        self.table: Table = read_table(path, [name.lower() for name in names])
        header = set(map(self._named, self.table.header))
        kinds = [kind for kind, (columns, _keys) in KINDS.items() if set(columns) <= header]
        if not kinds:
            raise ValueError(
                _(
                    "--gradebook {path} has the columns {columns}; expected what Canvas, Moodle "
                    "(the grading worksheet) or Blackboard exports, as it is"
                ).format(path=path, columns=", ".join(self.table.header)[:500] or "-")
            )
        self.kind = kinds[0]
        self._header = [self._named(name) for name in self.table.header]

    @staticmethod
    def _named(name: str) -> str:
        text = name.strip().removeprefix("\ufeff")
        return next((key for key, others in MOODLE.items() if text in others), text)

    def _column(self, name: str) -> int | None:
        return self._header.index(name) if name in self._header else None

    def _cell(self, row: list[str], name: str) -> str:
        place = self._column(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _people(self) -> list[tuple[int, list[str]]]:
        """Return the number of the record and the values of each row that is a person's."""
        found = [
            (number, [cell.value for cell in record])
            for number, record in enumerate(self.table.records[1:], 1)
            if any(cell.value.strip() for cell in record)
        ]
        if self.kind == "canvas":  # the rows of points and of what is posted have no ID
            return [(number, row) for number, row in found if self._cell(row, "ID")]
        return found

    def _name(self, row: list[str]) -> str:
        if self.kind == "moodle":
            return self._cell(row, "Full name")
        first, last = ("First Name", "Last Name")
        if self.kind == "canvas":
            if "Student" in self._header:
                return re.sub(r'^="(.*)"$', r"\1", self._cell(row, "Student"))
            first, last = ("FirstName", "LastName")
        return f"{self._cell(row, last)}, {self._cell(row, first)}"

    def matched(self, roster: list[Student]) -> dict[int, str]:
        """Return whose row each record is.

        It is told by an id, an email address or a login, else by a name that one person has.
        """
        keys: dict[str, set[str]] = {}
        for student in roster:
            for key in {student.id, student.email, student.username} - {""}:
                keys.setdefault(fold(key), set()).add(student.id)
        found: dict[int, set[str]] = {}
        nameless = []
        for number, row in self._people():
            cells = [self._cell(row, name) for name in KINDS[self.kind][1]]
            known = [keys[fold(cell)] for cell in cells if fold(cell) in keys]
            if known:
                found[number] = known[0]
            else:
                nameless.append((number, name_forms(self._name(row))))
        left = [s for s in roster if s.id not in set().union(*found.values())]
        for number, forms in nameless:
            found[number] = {s.id for s in left if forms & name_forms(s.name)}
        once = {number: next(iter(ids)) for number, ids in found.items() if len(ids) == 1}
        owners = list(once.values())
        return {number: owner for number, owner in once.items() if owners.count(owner) == 1}

    def owners(self, roster: list[Student]) -> dict[str, str]:
        """Return the student of each of the platform's own numbers for a person."""
        found = {}
        rows = dict(self._people())
        for number, owner in self.matched(roster).items():
            key = self._cell(rows[number], {"moodle": "Identifier"}.get(self.kind, "ID"))
            if self.kind == "moodle":  # the word before the number is in the teacher's language
                key = (re.findall(r"\d+$", key) or [""])[0]
            if key:
                found[key] = owner
        return found

    def filled(
        self,
        column: str | None,
        roster: list[Student],
        scores: dict[str, float],
        feedback: dict[str, str],
        before: dict[str, float],
    ) -> Filled:
        """Return the file with the grades in it.

        Parameters
        ----------
        column : str, or None
            The column to be filled; Moodle's worksheet has only one.
        roster : list of Student
            Who is in the course.
        scores, feedback : dict
            By student's id; whoever is not there gets nothing.
        before : dict
            The scores that were written into such a file before: they may be replaced.

        Raises
        ------
        ValueError
            If there is no such column, or a score is larger than the platform takes.
        """
        place = self._place(column)
        comments = self._column(
            {"moodle": "Feedback comments", "blackboard": "Feedback to Learner"}.get(self.kind, "")
        )
        rows = dict(self._people())
        matched = self.matched(roster)
        cells: dict[tuple[int, int], str] = {}
        kept = []
        for number, owner in matched.items():
            row = rows[number]
            if owner not in scores or len(row) <= place:
                continue
            score = f"{scores[owner]:g}"
            ours = [scores[owner], *([before[owner]] if owner in before else [])]
            if not self._is_free(row, place, ours):
                kept.append(owner)
                continue
            self._check(row, owner, scores[owner])
            if row[place].strip() != score:
                cells[number, place] = self._number(score)
            if comments is not None and comments < len(row) and feedback.get(owner):
                cells[number, comments] = self._comment(feedback[owner])
        absent = [s.id for s in roster if s.id not in matched.values()]
        return Filled(self.table.changed(cells), absent, kept)

    def _place(self, column: str | None) -> int:
        if self.kind == "moodle":
            place = self._column("Grade")
            assert place is not None
            return place
        header = self.table.header
        found = [
            i
            for i, name in enumerate(header)
            if column and (name == column or re.match(re.escape(column) + r" [(\[]", name))
        ]
        if len(found) != 1:
            raise ValueError(
                _(
                    "--column is {value}; expected the name of one column of {path}: {columns}"
                ).format(value=repr(column), path=self.path, columns=", ".join(header))
            )
        return found[0]

    def _is_free(self, row: list[str], place: int, ours: list[float]) -> bool:
        """Return whether a cell is empty, or holds one of our scores.

        What somebody gave by hand, ``EX`` (excused) and ``N/A`` (not assigned) stay.
        """
        if self._cell(row, "Grade can be changed") == "No":
            return False
        text = row[place].strip()
        if text in ("", "-", "Needs Grading", "In Progress"):
            return True
        try:
            return min(abs(float(text.replace(",", ".")) - score) for score in ours) < 0.006
        except ValueError:
            return False

    def _check(self, row: list[str], owner: str, score: float) -> None:
        most = self._cell(row, "Maximum grade").replace(",", ".")
        if most and score > float(most):
            raise ValueError(
                _(
                    "{path}: {student} has {score} points, and Moodle takes at most {maximum}; "
                    "give the assignment there a larger maximum grade"
                ).format(path=self.path, student=owner, score=f"{score:g}", maximum=most)
            )

    def _number(self, score: str) -> str:
        """Return a score with the decimal mark that goes with the separator."""
        return score.replace(".", ",") if self.table.separator == ";" else score

    def _comment(self, text: str) -> str:
        if self.kind == "blackboard":
            return text.replace("\n", " ")
        # Moodle's comments are HTML, and its reader takes a backslash for a sign of its own.
        return html.escape(text, quote=False).replace("\\", "&#92;").replace("\n", "<br>")
