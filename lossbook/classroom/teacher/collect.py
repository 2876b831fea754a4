"""Which file is whose, and which of a student's files counts.

Where two persons or two notebooks could be meant nobody is guessed: it is asked, in a list that the
teacher can correct and give back.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lossbook.classroom.student.messages import N_, Note, _, note, read
from lossbook.classroom.teacher.archives import Submissions, is_notebook
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.platforms import COPY, Claim, People, claims_in, is_packed
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.tables import read_table, safe_cell, unescaped
from lossbook.classroom.teacher.text import clean, write_whole

__all__ = ["Collected", "Handed", "Unknown", "collect", "write_list"]

COLUMNS = ("id", "name", "status", "file", "recognised by", "time", "notes")


@dataclass(frozen=True)
class Handed:
    """What a student has handed in.

    Attributes
    ----------
    path : Path, or None
        The file that is graded.
    notes : tuple of dict
        What there is to say about the choice.
    status : str
        ``"unclear"`` if a person has to choose, else nothing.
    files : tuple of Path
        All that was found.
    by : str
        By what the owner was recognised.
    time : datetime, or None
        When it was handed in, if the platform says so.
    late : bool
        Whether the platform says that it was late.
    """

    path: Path | None = None
    notes: tuple[Note, ...] = ()
    status: str = ""
    files: tuple[Path, ...] = ()
    by: str = ""
    time: datetime.datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Unknown:
    """A file or a folder without an owner, and why."""

    path: Path
    why: Note


@dataclass(frozen=True)
class Collected:
    """What a folder of submissions holds."""

    handed: dict[str, Handed]
    unknown: list[Unknown]


def collect(
    submissions: Submissions,
    roster: list[Student],
    is_ours: Callable[[Path], bool],
    gradebook: Gradebook | None = None,
    given: Path | None = None,
) -> Collected:
    """Find what every student has handed in below a folder.

    Parameters
    ----------
    submissions : Submissions
        A platform's download, or a folder with a file or a folder for each student.
    roster : list of Student
        Who is in the course.
    is_ours : callable
        Tells whether a notebook belongs to the assignment.
    gradebook : Gradebook, optional
        The platform's own file of grades, which knows its numbers for people.
    given : Path, optional
        A list as `write_list` writes it, corrected: it decides about the files in it.

    Raises
    ------
    ValueError
        If the folder or a file cannot be read.
    """
    people = People(roster, gradebook)
    found = list(claims_in(submissions.folder, people))
    packed = [c for c in found if c.path.suffix.lower() == ".zip" and not is_packed(c.path)]
    if packed and not any(claim.owners for claim in found):  # what a platform has packed
        submissions.unpack(claim.path for claim in packed)
        others = [claim for claim in found if claim not in packed]
        found = [*claims_in(submissions.folder, people), *others]
    decided = _read_given(given, submissions, people) if given else {}
    claims, unknown = [], []
    for claim in found:
        if any(submissions.outside(path).is_relative_to(claim.path) for path in decided):
            continue
        if len(claim.owners) == 1 or (claim.owners and claim.together):
            claims.append(claim)
        elif claim.owners:
            message = N_("It could belong to each of {students}.")
            why = note(message, students=", ".join(sorted(claim.owners)))
            unknown.append(Unknown(claim.path, why))
        else:
            unknown.append(Unknown(claim.path, note(N_("It belongs to nobody on the roster."))))
    claims += [
        Claim(path, frozenset(owners), N_("your list"), together=True)
        for path, owners in decided.items()
    ]
    handed = {}
    for student in roster:
        mine = [claim for claim in claims if student.id in claim.owners]
        if mine:
            handed[student.id] = _chosen(mine, is_ours, submissions)
    return Collected(handed, unknown)


# --- one of several files -------------------------------------------------------------------------


def _chosen(
    claims: list[Claim], is_ours: Callable[[Path], bool], submissions: Submissions
) -> Handed:
    """Return what of a student's files is graded.

    The files' own times, which a zip may not keep and anybody can set, do not count.
    """
    times = [claim.time for claim in claims if claim.time is not None]
    newest = max(times, key=_comparable) if times else None
    if newest is not None:
        claims = [claim for claim in claims if claim.time == newest]
    files: list[Path] = []
    told: tuple[Note, ...] = ()
    for claim in claims:
        some, of_zips = submissions.files(claim.path)
        files += some
        told += of_zips
    notebooks = [path for path in files if is_notebook(path.name)]
    handed = Handed(
        files=tuple(notebooks or files),
        by=" + ".join(dict.fromkeys(claim.by for claim in claims)),
        time=newest,
        late=any(claim.late for claim in claims),
        notes=told[:5],
    )
    if not notebooks:
        notes = tuple(note(N_("{file} is no notebook."), file=clean(p.name)) for p in files[:5])
        empty = (note(N_("The folder is empty.")),)
        # Something was handed in: it is read, and found unreadable.
        path = files[0] if files else None
        return replace(handed, path=path, notes=(*handed.notes, *(notes or empty)))
    if len(notebooks) == 1:
        return replace(handed, path=notebooks[0])
    different = list({_content(path): path for path in reversed(notebooks)}.values())[::-1]
    ours = [path for path in different if is_ours(path)] or different
    latest = ours[0] if len(ours) == 1 else _numbered(ours)
    names = ", ".join(clean(path.name) for path in notebooks[:5])
    if latest is None:
        message = N_(
            "There are {count} different notebooks: {files}. Which one counts has to be said in a "
            "list that is given with --owners."
        )
        unclear = note(message, count=len(ours), files=names)
        return replace(handed, path=None, notes=(*handed.notes, unclear), status="unclear")
    message = N_("There are {count} notebooks: {files}. What is graded is {file}.")
    chosen = note(message, count=len(notebooks), files=names, file=clean(latest.name))
    return replace(handed, path=latest, notes=(*handed.notes, chosen))


def _content(path: Path) -> bytes:
    """Return what is in a file, in few bytes; its name if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return str(path).encode("utf-8", "replace")


def _comparable(time: datetime.datetime) -> float:
    return time.timestamp()


def _numbered(paths: list[Path]) -> Path | None:
    """Return the last of copies that were numbered when they came: a, a (1), a (2)."""
    stems = {COPY.sub("", path.stem) for path in paths}
    numbers = [int("".join(re.findall(r"\d+", _end_of(path))) or "0") for path in paths]
    if len(stems) > 1 or len(set(numbers)) < len(paths):
        return None
    return paths[numbers.index(max(numbers))]


def _end_of(path: Path) -> str:
    found = COPY.search(path.stem)
    return found[0] if found else ""


# --- the list -------------------------------------------------------------------------------------


def write_list(
    path: Path, submissions: Submissions, roster: list[Student], collected: Collected
) -> None:
    """Write who handed in what, for a teacher to look at, to correct and to give back."""
    rows: list[tuple[str, ...]] = []
    for student in roster:
        handed = collected.handed.get(student.id)
        if handed is None:
            rows.append((student.id, student.name, _("missing"), "", "", "", ""))
            continue
        told = " ".join(map(read, handed.notes))
        time = handed.time.isoformat(" ") if handed.time else ""
        status = _("unclear") if handed.status else _("late") if handed.late else _("found")
        files = handed.files if handed.path is None else (handed.path,)
        for file in files or (None,):
            place = submissions.shown(file) if file else ""
            by = " + ".join(map(_, handed.by.split(" + ")))
            rows.append((student.id, student.name, status, place, by, time, told))
    for unknown in collected.unknown:
        place = submissions.shown(unknown.path)
        rows.append(("", "", _("whose?"), place, "", "", read(unknown.why)))
    text = io.StringIO()
    csv.writer(text).writerows([map(safe_cell, row) for row in [COLUMNS, *rows]])
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def _read_given(path: Path, submissions: Submissions, people: People) -> dict[Path, set[str]]:
    """Return the owners of each file in a corrected list that has an id."""
    table = read_table(path, ["id", "file"])
    if not {"id", "file"} <= set(table.header):
        raise ValueError(
            _("{path} has no column {names}; expected the columns {known}").format(
                path=path, names="id, file", known=", ".join(COLUMNS)
            )
        )
    at = [table.header.index(name) for name in ("id", "file")]
    found: dict[Path, set[str]] = {}
    for number, row in table.rows:
        if len(row) <= max(at) or not all(row[place].strip() for place in at):
            continue  # a line without an id is a question that was not answered
        key, name = (unescaped(row[place].strip()) for place in at)
        owners = people.by_id(key) or people.without_zeros(key)
        if len(owners) != 1:
            raise ValueError(
                _("{path}, line {number}: nobody on the roster has the id {value}").format(
                    path=path, number=number, value=repr(key)
                )
            )
        file = submissions.find(name)
        if file is None:
            raise ValueError(
                _("{path}, line {number}: there is no file {value}").format(
                    path=path, number=number, value=repr(name)
                )
            )
        found.setdefault(file, set()).update(owners)
    return found
