"""Who is in the course."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from lossbook.classroom.student.messages import _
from lossbook.classroom.teacher.tables import Table, read_table, unescaped

__all__ = ["Student", "read_roster"]

#: The columns of a roster, and what else they may be called.
COLUMNS = {
    "id": ("id", "id number", "student id", "sid", "sis user id", "학번"),
    "name": ("name", "full name", "student", "이름", "성명"),
    "email": ("email", "email address", "e-mail", "이메일", "이메일 주소"),
    "username": ("username", "login", "sis login id", "github", "github_username", "아이디"),
    "group": ("group", "team", "group_name", "조", "모둠", "팀"),
}


@dataclass(frozen=True)
class Student:
    """One row of the roster.

    Attributes
    ----------
    id : str
        The key everywhere: letters, digits and ``. _ - @`` only.
    name, email : str
        For people and for exports; may be empty.
    username : str
        The login on the platform, or on GitHub; may be empty.
    group : str
        The group that hands in together; may be empty.
    """

    id: str
    name: str = ""
    email: str = ""
    username: str = ""
    group: str = ""


def read_roster(path: Path) -> list[Student]:
    """Read a CSV file with the column ``id`` and, if there are, ``name``, ``email`` and others.

    Raises
    ------
    ValueError
        If the column is missing, an id is empty, unusable as a file's name, or stands twice, or a
        line does not fit.
    """
    table = read_table(path, ["id"])
    columns = {name: _column(table, others) for name, others in COLUMNS.items()}
    if columns["id"] is None:
        raise ValueError(
            _(
                "roster {path} has the columns {columns}; expected id, and if you like name and "
                "email, in the first line"
            ).format(path=path, columns=", ".join(filter(None, table.header)) or "-")
        )
    students: dict[str, Student] = {}
    for number, row in table.rows:
        if len(row) > len(table.header) and any(row[len(table.header) :]):
            raise ValueError(
                _(
                    "roster {path}, line {number}: there are more entries than columns; expected "
                    'a name with a comma in quotation marks: "Lovelace, Ada"'
                ).format(path=path, number=number)
            )
        values = {
            name: row[place].strip() if place is not None and place < len(row) else ""
            for name, place in columns.items()
        }
        # A name keeps what joins its letters, in Persian for instance; a key has nothing unseen.
        values |= {name: _seen(value) for name, value in values.items() if name != "name"}
        if any("\n" in value for value in values.values()):
            raise ValueError(
                _(
                    "roster {path}, line {number}: an entry goes over several lines; is there a "
                    "quotation mark too many?"
                ).format(path=path, number=number)
            )
        if re.fullmatch(r"\d+\.0|\d[\d.,]*E\+?\d+", values["id"]):
            raise ValueError(
                _(
                    "roster {path}, line {number}: id is {value}, of which a program has made a "
                    "number, and digits may be lost; import the ids as text, or type them again"
                ).format(path=path, number=number, value=repr(values["id"]))
            )
        if not re.fullmatch(r"[\w@][\w.@-]{0,99}", values["id"]):
            raise ValueError(
                _(
                    "roster {path}, line {number}: id is {value}; expected letters, digits "
                    "and . _ - @"
                ).format(path=path, number=number, value=repr(values["id"]))
            )
        if values["id"].lower() in (known.lower() for known in students):
            raise ValueError(
                _("roster {path}, line {number}: id {value} stands twice").format(
                    path=path, number=number, value=repr(values["id"])
                )
            )
        students[values["id"]] = Student(**values)
    if not students:
        raise ValueError(
            _("roster {path} has no students; expected one line for each").format(path=path)
        )
    return list(students.values())


def _column(table: Table, names: tuple[str, ...]) -> int | None:
    header = [_seen(name).lower() for name in table.header]
    return next((header.index(name) for name in names if name in header), None)


def _seen(cell: str) -> str:
    """Return of a cell what is to be seen in a spreadsheet, without marks that keep it as text."""
    text = "".join(c for c in cell if unicodedata.category(c) != "Cf").strip()
    return re.sub(r'^="(.*)"$|^\'(?=\d)', r"\1", unescaped(text))
