"""Who is in the course, and which file is whose."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from lossbook.classroom.student.messages import _

__all__ = ["Found", "Student", "find_submissions", "read_roster", "read_table", "read_text"]


@dataclass(frozen=True)
class Student:
    """One row of the roster.

    Attributes
    ----------
    id : str
        The key everywhere: letters, digits and ``. _ - @`` only.
    name, email : str
        For people and for exports; may be empty.
    """

    id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Found:
    """The files of a student, and what was found that belongs to nobody."""

    notebooks: dict[str, list[Path]]
    unmatched: list[Path]


def read_text(path: Path) -> str:
    """Read a file that a spreadsheet has written.

    Raises
    ------
    ValueError
        If it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(
            _("{path} cannot be read: {error}").format(path=path, error=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise ValueError(
            _("{path} is not in UTF-8; save it as 'CSV UTF-8'").format(path=path)
        ) from None


def read_table(path: Path) -> csv.DictReader[str]:
    """Read a CSV file with commas, semicolons or tabs; raises as `read_text`."""
    text = read_text(path)
    head = text.partition("\n")[0]
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))


def read_roster(path: Path) -> list[Student]:
    """Read a CSV file with the column ``id`` and, if there are, ``name`` and ``email``.

    Raises
    ------
    ValueError
        If the column is missing, an id is empty, unusable as a file's name, or stands twice.
    """
    rows = read_table(path)
    columns = {str(column).strip().lower(): column for column in rows.fieldnames or []}
    if "id" not in columns:
        raise ValueError(
            _(
                "roster {path} has the columns {columns}; expected id, and if you like name and "
                "email, in the first line"
            ).format(path=path, columns=", ".join(filter(None, columns)) or "-")
        )
    students: dict[str, Student] = {}
    for row in rows:
        number = rows.line_num
        if not any(row.values()):  # below a table, spreadsheets write lines of separators
            continue
        if any(row.get(None) or ()):
            raise ValueError(
                _(
                    "roster {path}, line {number}: there are more entries than columns; expected "
                    'a name with a comma in quotation marks: "Lovelace, Ada"'
                ).format(path=path, number=number)
            )
        values = {
            name: str(row.get(columns[name]) or "").strip() if name in columns else ""
            for name in ("id", "name", "email")
        }
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


def find_submissions(folder: Path, roster: list[Student]) -> Found:
    """Find every student's notebooks below a folder.

    A file or folder directly below belongs to the student whose id, email address or full name is
    its name, or one of the parts of its name between ``_``. So the downloads of Moodle
    (``Full Name_123_assignsubmission_file``), Canvas (``name_12_34_file.ipynb``, with 12 as id),
    nbgrader (``id/assignment/file.ipynb``) and flat files (``id.ipynb``) are all understood.
    A folder without a notebook stands with its other files: something was handed in. Symbolic links
    are not followed.
    """
    if not folder.is_dir():
        raise ValueError(_("SUBMISSIONS is {path}; expected a folder").format(path=folder))
    keys: dict[str, str | None] = {}
    for student in roster:
        for key in {student.id, student.email, student.name, student.email.partition("@")[0]}:
            if key:
                # A key that two students share belongs to none of them.
                owner = student.id if keys.get(key.lower(), student.id) == student.id else None
                keys[key.lower()] = owner
    for student in roster:  # an id is always its student's own
        keys[student.id.lower()] = student.id
    notebooks: dict[str, list[Path]] = {}
    unmatched: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        stem = entry.stem if entry.is_file() else entry.name
        names = [stem, entry.name, *stem.split("_")]
        owner = next((keys[n.lower()] for n in names if keys.get(n.lower())), None)
        files = [entry] if entry.is_file() else _files_below(entry)
        if owner is None:
            unmatched.append(entry)
        else:
            notebooks.setdefault(owner, []).extend(files)
    return Found(notebooks, unmatched)


def _files_below(folder: Path) -> list[Path]:
    """Return the notebooks of a folder, or if it has none its other files."""
    found = []
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        parents = [folder.joinpath(*below.parts[:i]) for i in range(1, len(below.parts) + 1)]
        hidden = any(part.startswith(".") for part in below.parts)
        if not hidden and not any(parent.is_symlink() for parent in parents) and path.is_file():
            found.append(path)
    return [path for path in found if path.suffix == ".ipynb"] or found
