"""The folders that learning platforms pack, and by what each of them identifies a person.

Of a file's name only the platform's own fields count, never what a student chose. A name is
compared as a whole, as the platform changes it.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lossbook.classroom.student.messages import N_
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.names import fold, name_forms, repaired, squeezed_forms
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.tables import read_table

__all__ = ["COPY", "Claim", "People", "claims_in", "is_junk", "is_packed"]


@dataclass(frozen=True)
class Claim:
    """What the platform says of a file or a folder.

    Attributes
    ----------
    path : Path
        The file or the folder.
    owners : frozenset of str
        Who may be its owner; several if it cannot be told who.
    by : str
        By what.
    together : bool
        Whether all owners handed it in together.
    time, late
        As in `Handed`.
    """

    path: Path
    owners: frozenset[str] = frozenset()
    by: str = ""
    together: bool = False
    time: datetime.datetime | None = None
    late: bool = False


# --- people ---------------------------------------------------------------------------------------


class People:
    """The persons of a roster, found by what identifies them."""

    def __init__(self, roster: list[Student], gradebook: Gradebook | None) -> None:
        self.roster = roster
        self.numbers = gradebook.owners(roster) if gradebook else {}
        self.kind = gradebook.kind if gradebook else ""
        self.ids: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}
        self.squeezed: dict[str, set[str]] = {}
        self.groups: dict[str, set[str]] = {}
        for student in roster:
            for key in {student.id, student.email, student.username}:
                if key:
                    self.ids.setdefault(fold(key), set()).add(student.id)
            for form in name_forms(student.name):
                self.names.setdefault(form, set()).add(student.id)
            for form in squeezed_forms(student.name):
                self.squeezed.setdefault(form, set()).add(student.id)
            if student.group:
                self.groups.setdefault(fold(student.group), set()).add(student.id)
        for student in roster:  # an id is always its student's own
            self.ids[fold(student.id)] = {student.id}

    def by_id(self, key: str) -> set[str]:
        """Return whose id, email address or login this is."""
        return self.ids.get(fold(key), set())

    def without_zeros(self, key: str) -> set[str]:
        """Return whose id a spreadsheet has taken for a number."""
        return {s.id for s in self.roster if s.id.lstrip("0") == key.lstrip("0")}

    def by_name(self, name: str) -> set[str]:
        """Return whose full name this is."""
        for text in repaired(name):
            found = set().union(*(self.names.get(form, set()) for form in name_forms(text)))
            if found:
                return found
        return set()

    def by_squeezed(self, name: str) -> set[str]:
        """Return whose full name this is, without anything but letters and digits."""
        for text in repaired(name):
            found = set().union(*(self.squeezed.get(form, set()) for form in squeezed_forms(text)))
            if found:
                return found
        return set()

    def by_group(self, name: str) -> set[str]:
        """Return who is in the group of this name."""
        squeezed = squeezed_forms(name)
        found = (self.groups[group] for group in self.groups if squeezed & squeezed_forms(group))
        return next(found, set())


# --- platforms ------------------------------------------------------------------------------------

_MOODLE = re.compile(
    r"(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(?P<plugin>file|onlinetext)(_(?P<file>.*))?",
    re.DOTALL,
)
_ATTEMPT = re.compile(r"(?P<front>.+)_attempt_(?P<date>\d{4}(-\d\d){5})(_(?P<file>.+)|\.txt)")
#: Who, when in the words of the teacher's language, and in a flat download the file.
_BRIGHTSPACE = re.compile(
    r"\d+-\d+ - (?P<who>.+?) ?- (?P<date>[^-]*\d{4}[^-]*?)( - (?P<file>.+))?", re.DOTALL
)
#: An English date: the minutes have two digits, and between them and the hours there is nothing.
_ENGLISH = re.compile(r"(\w{3})\w* (\d+, \d{4}) (\d\d?)(\d\d) ([AP]M)")
_TEAMS = re.compile(
    r"(version|versión|versione|versão|wersja|バージョン|버전|版本) ?(\d+)", re.IGNORECASE
)
_SAKAI = re.compile(r".*\((?P<login>[^()]+)\)")
_ILIAS = re.compile(r"[^_]+_[^_]+_(?P<login>.+)_\d+")
#: What is written by computers and not by people.
_JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini", "submission_metadata.yml"}
#: What is added to a name when a file of this name is already there.
COPY = re.compile(r"( ?\(\d+\)|-\d+| - Copy)$")


def claims_in(folder: Path, people: People) -> Iterator[Claim]:
    """Yield what is known of everything directly below a folder, or below the one folder in it."""
    entries = [entry for entry in sorted(folder.iterdir()) if not is_junk(entry)]
    if (folder / "submission_metadata.yml").is_file():
        yield from _gradescope(folder, entries, people)
        return
    clones = [entry for entry in entries if (entry / ".git").exists()]
    if clones and len(clones) >= len([entry for entry in entries if entry.is_dir()]):
        yield from _clones(folder, clones, people)
        return
    versions = [entry for entry in entries if any(map(_newest_versions, _folders(entry)))]
    if len(versions) == 1 and len(entries) == 2 and not _plain(versions[0], people).owners:
        # Teams keeps what was handed in beside what students are still at.
        yield from claims_in(versions[0], people)
        return
    claims = [_claim(entry, entries, people) for entry in entries]
    claims = [one for claim in claims for one in _teams(claim)]
    if len(entries) > 1 and not any(
        c.owners or is_packed(c.path) or c.path.is_file() for c in claims
    ):
        claims = list(_clones(folder, entries, people))
    only = entries[0] if len(entries) == 1 else None
    if only is not None and only.is_dir() and not claims[0].owners and not is_packed(only):
        yield from claims_in(only, people)
        return
    yield from claims


def is_junk(path: Path) -> bool:
    """Return whether a file was written by a computer for itself, or is only a link."""
    return path.name.startswith((".", "~")) or path.name in _JUNK or path.is_symlink()


def is_packed(entry: Path) -> bool:
    """Return whether a name is that of a single submission, whoever it belongs to."""
    patterns = (_MOODLE, _ATTEMPT, _BRIGHTSPACE)
    return any(pattern.fullmatch(entry.name) for pattern in patterns)


def _claim(entry: Path, entries: list[Path], people: People) -> Claim:
    moodle = _MOODLE.fullmatch(entry.name)
    if moodle:
        return _moodle(entry, moodle, entries, people)
    attempt = _ATTEMPT.fullmatch(entry.name)
    if attempt:
        return _blackboard(entry, attempt, entries, people)
    dated = _BRIGHTSPACE.fullmatch(entry.name)
    if dated:
        return _brightspace(entry, dated, people)
    plain = _plain(entry, people)
    if plain.owners or entry.is_dir():
        return plain
    return _canvas(entry, people) or plain


def _moodle(entry: Path, found: re.Match[str], entries: list[Path], people: People) -> Claim:
    """Read a name of Moodle's: its number is the person's, within one assignment."""
    name, number = found["name"], found["number"]
    owner = people.numbers.get(number) if people.kind == "moodle" else None
    others = [_MOODLE.fullmatch(other.name) for other in entries]
    blind = {m["name"] for m in others if m} == {name} and len([m for m in others if m]) > 1
    named = people.by_name(name)
    if owner and (blind or owner in named or not named):
        group = people.by_group(name)
        if not group or (owner in group and name_forms(name) & _forms_of(owner, people)):
            return Claim(entry, frozenset({owner}), N_("Moodle's number"))
    group = people.by_group(name)
    if group and not named:
        return Claim(entry, frozenset(group), N_("the group's name"), together=True)
    return Claim(entry, frozenset(named), N_("the full name"))


def _forms_of(owner: str, people: People) -> frozenset[str]:
    return next(name_forms(s.name) for s in people.roster if s.id == owner)


def _canvas(entry: Path, people: People) -> Claim | None:
    """Read a name of Canvas's: NAME[_LATE]_USER_ATTACHMENT_FILE, or NAME_USER_text.html."""
    parts = entry.name.split("_")
    late = "LATE" in parts[:3]
    if parts[0] == "anon" or parts[:2] == ["LATE", "anon"]:
        return Claim(entry)
    agreed: set[str] = set()  # by number and name
    possible: set[str] = set()  # by one of them, where the other is nobody's
    numbers: set[str] = set()  # whose number stands in the file of grades
    numbered = False
    for place in range(1, len(parts) - 1):
        user, following = parts[place], parts[place + 1]
        if not user.isdecimal():
            if numbered or (parts[place] != "LATE" and place > 1):
                break
            continue
        if not (following.isdecimal() or following.partition(".")[0] in ("text", "link")):
            break
        name = "_".join(part for part in parts[:place] if part != "LATE")
        group = people.by_group(name)
        owner = people.numbers.get(user) if people.kind == "canvas" else None
        known = {owner} if owner else people.by_id(user)
        named = people.by_squeezed(name)
        if group and not named:
            return Claim(entry, frozenset(group | known), N_("the group's name"), together=True)
        numbered = True
        numbers |= {owner} if owner else set()
        agreed |= known & named
        nameless = not any(student.name for student in people.roster)
        if (owner or nameless) and not named:  # renamed since the roster was written
            possible |= known
        elif not known:
            possible |= named
    if not numbered:
        return None
    owners = frozenset(agreed or possible)
    by = N_("Canvas's number") if owners and owners <= numbers else N_("the full name")
    return Claim(entry, owners, by, late=late)


def _blackboard(entry: Path, found: re.Match[str], entries: list[Path], people: People) -> Claim:
    """Read a name of Blackboard's: ASSIGNMENT_USERNAME_attempt_DATE_FILE, with a text beside it."""
    time = datetime.datetime.strptime(found["date"], "%Y-%m-%d-%H-%M-%S")
    text = entry.with_name(f"{found['front']}_attempt_{found['date']}.txt")
    owners: set[str] = set()
    with contextlib.suppress(OSError):
        with text.open("rb") as file:
            first = file.readline(1_000).decode("utf-8-sig", "replace")
        login = re.search(r"\(([^()]+)\)\s*$", first)
        if login and fold(found["front"]).endswith("_" + fold(login[1])):
            owners = people.by_id(login[1])
    if not owners:
        fronts = {m["front"] for m in (_ATTEMPT.fullmatch(other.name) for other in entries) if m}
        common = _beginning(sorted(fronts)) if len(fronts) > 1 else ""
        shared = common[: common.rfind("_") + 1]
        owners = people.by_id(found["front"][len(shared) :]) if shared else set()
    if not owners:
        # One assignment's name and one person's may both hold the mark between them.
        ends = _ends(found["front"])
        owners = set().union(*(people.by_id(end) for end in ends))
    return Claim(entry, frozenset(owners), N_("the username"), time=time)


def _beginning(texts: list[str]) -> str:
    """Return with what all of some texts begin."""
    first, last = min(texts), max(texts)
    same = next((i for i, c in enumerate(first) if c != last[i : i + 1]), len(first))
    return first[:same]


def _ends(front: str) -> list[str]:
    parts = front.split("_")
    return ["_".join(parts[i:]) for i in range(1, len(parts))]


def _brightspace(entry: Path, found: re.Match[str], people: People) -> Claim:
    """Read a name of Brightspace's: N-N - [ID - ]NAME - DATE[ - FILE]; the numbers are nobody's."""
    time = None
    with contextlib.suppress(ValueError):
        text = _ENGLISH.sub(r"\1 \2 \3:\4 \5", found["date"])
        time = datetime.datetime.strptime(text, "%b %d, %Y %I:%M %p")
    ident, _mark, name = found["who"].rpartition(" - ")
    owners = people.by_name(found["who"]) or people.by_id(ident) or people.by_name(name)
    if owners:
        return Claim(entry, frozenset(owners), N_("the full name"), time=time)
    group = frozenset(people.by_group(name))
    return Claim(entry, group, N_("the group's name"), together=True, time=time)


def _teams(claim: Claim) -> Iterator[Claim]:
    """Yield the newest version of each assignment below a person's folder of Teams."""
    newest = _newest_versions(claim.path) if claim.owners else []
    yield from (replace(claim, path=path) for path in newest)
    if not newest:
        yield claim


def _newest_versions(person: Path) -> list[Path]:
    """Return the last of ASSIGNMENT/Version 1, Version 2, ... for each assignment."""
    found = []
    for assignment in _folders(person):
        versions = {_TEAMS.fullmatch(version.name): version for version in _folders(assignment)}
        numbers = {int(match[2]): path for match, path in versions.items() if match}
        if not numbers or None in versions:
            return []
        found.append(numbers[max(numbers)])
    return found


def _folders(path: Path) -> list[Path]:
    inside = sorted(path.iterdir()) if path.is_dir() else []
    return [entry for entry in inside if entry.is_dir() and not is_junk(entry)]


def _gradescope(folder: Path, entries: list[Path], people: People) -> Iterator[Claim]:
    """Read an export of Gradescope: who handed in stands in one file for all folders."""
    text = (folder / "submission_metadata.yml").read_text(encoding="utf-8", errors="replace")
    known: dict[str, tuple[set[str], datetime.datetime | None]] = {}
    for block in re.split(r"(?m)^(?=\S)", text):
        name = block.partition(":\n")[0].strip("\"' ")
        owners: set[str] = set()
        submitters = re.search(r"(?ms)^  :submitters:\s*\n(.*?)(?=^  :\w|\Z)", block)
        for person in re.split(r"(?m)^  - ", submitters[1] if submitters else ""):
            fields = dict(re.findall(r"(?m)^\s*:(name|sid|email): *(.*?) *$", person))
            keys = {key: value.strip("\"'") for key, value in fields.items()}
            found = people.by_id(keys.get("sid", "")) or people.by_id(keys.get("email", ""))
            owners |= found or people.by_name(keys.get("name", ""))
        stamp = re.search(r"(?m)^  :created_at: *(.*?) *$", block)
        known[name] = (owners, _time(stamp[1]) if stamp else None)
    for entry in entries:
        owners, time = known.get(entry.name, (set(), None))
        by = N_("Gradescope's list")
        yield Claim(entry, frozenset(owners), by, together=True, time=time)


def _time(text: str) -> datetime.datetime | None:
    """Return a time as YAML writes it, such as ``2026-11-26 22:41:00.000000000 -08:00``."""
    found = re.match(
        r"['\"]?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?", text
    )
    if not found:
        return None
    zone = (found[3] or "").replace("Z", "+00:00")
    with contextlib.suppress(ValueError):
        return datetime.datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
    return None


def _clones(folder: Path, clones: list[Path], people: People) -> Iterator[Claim]:
    """Read clones of GitHub Classroom: SLUG-LOGIN, or as its grades.csv says."""
    listed: dict[str, str] = {}
    for place in (folder, folder.parent):
        if (place / "grades.csv").is_file():
            table = read_table(place / "grades.csv", ["student_repository_name"])
            wanted = ("student_repository_name", "roster_identifier")
            if all(name in table.header for name in wanted):
                at = [table.header.index(name) for name in wanted]
                listed |= {row[at[0]]: row[at[1]] for _n, row in table.rows if len(row) > max(at)}
    names = sorted(clone.name for clone in clones)
    common = _beginning(names) if len(names) > 1 else ""
    slug = common[: common.rfind("-") + 1]
    for clone in clones:
        login = clone.name[len(slug) :] if slug else ""
        by, owners = N_("Classroom's list"), people.by_id(listed.get(clone.name, ""))
        together = False
        if not owners and login:
            by, owners = N_("the login"), people.by_id(login)
        if not owners and login and people.by_group(login):
            by, owners, together = N_("the group's name"), people.by_group(login), True
        if not owners:  # a single clone: what is the slug cannot be seen
            parts = clone.name.split("-")
            ends = ["-".join(parts[i:]) for i in range(len(parts))]
            by, owners = N_("the login"), set().union(*(people.by_id(end) for end in ends))
        yield Claim(clone, frozenset(owners), by, together=together, time=_committed(clone))


def _committed(clone: Path) -> datetime.datetime | None:
    """Return when the last commit was made; its author can have written another time.

    A repository's own settings can name programs that git runs. They are not read: only the
    objects of the clone are, from an empty repository beside it.
    """
    folder = clone / ".git"
    head = _text_of(folder / "HEAD")
    if head.startswith("ref: "):
        name = head.removeprefix("ref: ").strip()
        packed = re.search(rf"(?m)^(\w+) {re.escape(name)}$", _text_of(folder / "packed-refs"))
        head = _text_of(folder / name) or (packed[1] if packed else "")
    if not re.fullmatch(r"[0-9a-f]{40}", head.strip()):
        return None
    objects = os.environ | {"GIT_OBJECT_DIRECTORY": str((folder / "objects").resolve())}
    try:
        with tempfile.TemporaryDirectory() as empty:
            git = ["git", "--git-dir", empty]
            subprocess.run([*git, "init", "-q", "--bare"], check=True, timeout=20)
            done = subprocess.run(
                [*git, "log", "-1", "--format=%cI", head.strip()],
                env=objects,
                capture_output=True,
                text=True,
                timeout=20,
                check=True,
            )
    except (OSError, subprocess.SubprocessError):
        return None
    return _time(done.stdout)


def _text_of(path: Path) -> str:
    """Return the text of a small file below a clone's `.git`, or nothing."""
    if ".." in path.parts or path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(1_000_000).decode("utf-8", "replace")


def _plain(entry: Path, people: People) -> Claim:
    """Read the name of a file or a folder that is a student's, and nothing else."""
    name = entry.name if entry.is_dir() else entry.stem
    for text in [name, COPY.sub("", name)]:
        owners = set().union(*(people.by_id(form) for form in repaired(text)))
        if owners:
            return Claim(entry, frozenset(owners), N_("the whole name of the file"))
        owners = people.by_name(text)
        if owners:
            return Claim(entry, frozenset(owners), N_("the full name"))
        group = people.by_group(text)
        if group:
            return Claim(entry, frozenset(group), N_("the group's name"), together=True)
    if entry.is_dir():
        for pattern in (_SAKAI, _ILIAS):
            found = pattern.fullmatch(name)
            owners = people.by_id(found["login"]) if found else set()
            if owners:
                return Claim(entry, frozenset(owners), N_("the login"))
    person, mark, _title = name.partition(" - ")  # a copy that Google Classroom made
    owners = people.by_name(person) if mark else set()
    return Claim(entry, frozenset(owners), N_("the full name"))
