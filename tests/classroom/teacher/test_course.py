"""A course of three hundred on four platforms: collected, graded, marked, returned and regraded.

Every student's notebook says in words whose it is, and every kind of notebook has its own score. So
whatever reaches the wrong person, or nobody, is seen.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import threading
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student.question import load
from lossbook.classroom.teacher import batch, grade
from lossbook.classroom.teacher.grade import grade_file
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source, grade_id
from lossbook.classroom.teacher.submission import Submission

ROOT = Path(__file__).resolve().parents[3]
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
pytestmark = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)
NAME = "mean_squared_error"
SOURCE = Source.find(NAME, ROOT / "chapters")
OTHER = Source.find("training", ROOT / "chapters")
COUNT = 75  # students of each platform
#: What is handed in, as a share of a section, with the status and the points before marking.
KINDS = {
    "right": (8, "graded", 17.0),
    "wrong in q2": (6, "graded", 13.0),
    "words in a new cell": (4, "graded", 17.0),
    "no metadata": (4, "graded", 17.0),
    "another encoding": (3, "graded", 17.0),
    "nested": (2, "graded", 15.0),
    "an error with half a letter": (3, "graded", 17.0),
    "cut off": (10, "unreadable", 0.0),
    "an essay": (10, "unreadable", 0.0),
    "another assignment": (10, "another assignment", 0.0),
    "nothing": (15, "missing", 0.0),
}
FIRST = ["José", "Kate", "Min-Jun", "하늘", "Zoë", "Anne Marie", "Łukasz", "Nguyễn", "D'Arcy"]
LAST = ["Núñez", "O'Brien", "Kim", "김", "van der Berg", "Lee", "Straße", "Văn", "Öz"]


@dataclass(frozen=True)
class Person:
    """A student, with what is handed in."""

    id: str
    name: str
    email: str
    username: str
    number: int
    kind: str


def people(section: int) -> list[Person]:
    """Return the students of a section: twins, zeros in front, names that platforms change."""
    rng = random.Random(section)
    kinds = [kind for kind, (count, _, _) in KINDS.items() for _ in range(count)]
    assert len(kinds) == COUNT
    rng.shuffle(kinds)
    made = []
    for number, kind in enumerate(kinds):
        order = number % 3
        first, last = rng.choice(FIRST), rng.choice(LAST)
        name = [f"{first} {last}", f"{last}, {first}", f"{first} {last}"][order]
        if order == 2:
            name = unicodedata.normalize("NFD", name)
        ident = [f"00{section}{number:02}", f"s{section}.{number}", f"@{section}-{number}"][order]
        login = [f"u{section}_{number}", f"{section}_{number}", f"n.{section}{number}"][order]
        made.append(Person(ident, name, f"{login}@example.org", login, 70_000 + number, kind))
    return made


def notebook(person: Person) -> bytes:
    """Return what a student hands in."""
    if person.kind == "an essay":
        return b"PK\x03\x04 words"
    made = SOURCE.solved() if person.kind != "another assignment" else OTHER.solved()
    cells = made["cells"]
    for cell in cells:
        if grade_id(cell) == "q7":
            cell["source"] = f"I am {person.id}."
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "z"}
    match person.kind:
        case "wrong in q2":
            wrong = "def mean_squared_error(y_true, y_pred):\n    return 0.0"
            cells.append({**code, "source": wrong})
        case "words in a new cell":
            cells[-1]["source"] = "YOUR ANSWER HERE"
            cells.append({"cell_type": "markdown", "metadata": {}, "source": f"I am {person.id}."})
        case "no metadata":
            for cell in cells:
                cell["metadata"] = {}
        case "nested":
            text = "x = 1.0\nfor _ in range(480): x = [x]\nmse_by_hand = x"
            cells.append({**code, "source": text})
        case "an error with half a letter":
            cells.append({**code, "source": "raise ValueError('\\udc00 \\x1b[2J')"})
    data = json.dumps(made).encode("utf-16" if person.kind == "another encoding" else "utf-8")
    return data[:300] if person.kind == "cut off" else data


def moodle_name(name: str) -> str:
    return "".join(c for c in name if c not in "&<>\"`|':\\/").replace("_", " ")


def canvas_name(name: str) -> str:
    text = (
        name.lower()
        if "," in name
        else " ".join(name.lower().split()[::-1][:1] + name.lower().split()[:-1])
    )
    return "".join(c for c in text if unicodedata.category(c)[0] in "LMN")


def handed_in(folder: Path, platform: str, section: list[Person]) -> None:
    """Pack a section's files as a platform does; a student chooses only the last part of a name."""
    rng = random.Random(platform)
    listed = []
    for number, person in enumerate(section):
        if person.kind == "nothing":
            continue
        stranger = rng.choice(section)
        ends = ".docx" if person.kind == "an essay" else ".ipynb"
        file = rng.choice([stranger.id, stranger.username, f"hw_{stranger.number}_1", "김"]) + ends
        name = {
            "moodle": f"{moodle_name(person.name)}_{person.number}_assignsubmission_file/{file}",
            "canvas": f"{canvas_name(person.name)}_{person.number}_{stranger.number}_{file}",
            "blackboard": f"HW_1_{person.username}_attempt_2026-11-26-10-00-00_{file}",
            "gradescope": f"submission_{stranger.number}{number:02}/{file}",
        }[platform]
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook(person))
        os.utime(path, (rng.uniform(0, 4e9),) * 2)
        if platform == "blackboard":
            old = folder / name.replace("11-26-10", "11-25-10")
            old.write_text("an earlier attempt")
        listed.append(
            f"{path.parent.name}:\n  :submitters:\n  - :name: x\n    :sid: '{person.id}'\n"
            f"    :email: {stranger.email}\n  :created_at: 2026-11-26 10:00:00 Z\n"
        )
    if platform == "gradescope":
        (folder / "submission_metadata.yml").write_text("---\n" + "".join(listed))


def gradebook(path: Path, platform: str, section: list[Person]) -> list[str]:
    """Write a platform's file of grades; return who has a grade already, which must stay."""
    header = {
        "moodle": ["Identifier", "Full name", "ID number", "Grade", "Last modified (grade)"],
        "canvas": ["Student", "ID", "SIS User ID", "Section", "HW (1)"],
        "blackboard": [
            "Last Name",
            "First Name",
            "Username",
            "Student ID",
            "HW [Total Pts: 20] |5",
        ],
    }[platform]
    rows, kept = [], []
    for number, p in enumerate(section):
        given = {4: "EX", 9: "3.25"}.get(number % 20, "") if platform != "moodle" else ""
        kept += [p.id] if given else []
        rows.append(
            {
                "moodle": [f"Participant {p.number}", p.name, p.id, given, "-"],
                "canvas": [p.name, str(p.number), p.id, "A", given],
                "blackboard": ["x", "y", p.username, "", given],
            }[platform]
        )
    text = io.StringIO()
    csv.writer(text, delimiter="\t" if platform == "blackboard" else ",").writerows([header, *rows])
    path.write_bytes(text.getvalue().encode("utf-16" if platform == "blackboard" else "utf-8"))
    return kept


def table(path: Path, encoding: str = "utf-8-sig", separator: str = ",") -> list[dict[str, str]]:
    text = path.read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


# --- how it is graded -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_sandbox() -> Iterator[Submission]:
    """Start one worker in the sandbox, in which a notebook after the other begins anew."""
    with Submission(Limits(total_seconds=600.0, clock_seconds=36_000.0)) as submission:
        yield submission


class InOneSandbox:
    """Grades as `Processes` does, and starts no process for a submission that harms nobody."""

    def __init__(self, source: Source, choices: dict[str, str], limits: Limits, **_: bool) -> None:
        self.course = {
            "source": source,
            "assignment": load(source.name),
            "choices": choices,
            "limits": limits,
        }
        self.lock = threading.Lock()

    def grade(self, task: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            return grade_file(**task, **self.course)

    def close(self) -> None: ...


@pytest.fixture
def quick(one_sandbox: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in this process, and run in one sandbox."""

    @contextlib.contextmanager
    def begun(*_: object, **__: object) -> Iterator[Submission]:
        one_sandbox.ask({"again": []})
        yield one_sandbox

    monkeypatch.setattr(grade, "Submission", begun)
    monkeypatch.setattr(batch, "Processes", InOneSandbox)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "section, platform", [(0, "moodle"), (1, "canvas"), (2, "blackboard"), (3, "gradescope")]
)
def test_a_section_is_collected_graded_marked_returned_and_regraded(
    tmp_path: Path,
    section: int,
    platform: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = people(section)
    by_id = {person.id: person for person in course}
    folder, out = tmp_path / "in", tmp_path / "out"
    handed_in(folder, platform, course)
    lines = [f'{p.id},"{p.name}",{p.email},{p.username}' for p in course]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(["id,name,email,username", *lines]) + "\n", encoding="utf-8")

    def download() -> Path:
        """Return what the teacher has: the platform's zip as it is, or a folder."""
        if platform == "gradescope":
            return folder
        with zipfile.ZipFile(tmp_path / "all.zip", "w", strict_timestamps=False) as archive:
            for path in folder.rglob("*"):
                archive.write(path, path.relative_to(folder))
        return tmp_path / "all.zip"

    given = ["--assignment", NAME, "--roster", roster, "--book", ROOT / "chapters"]
    kept = []
    if platform != "gradescope":
        kept = gradebook(tmp_path / "book.csv", platform, course)
        given += ["--gradebook", tmp_path / "book.csv"]
    column = ["--column", "HW"] if platform in ("canvas", "blackboard") else []

    # Collected: everybody, and nobody twice.
    line = ["collect", download(), *given, "--out", tmp_path / "l.csv"]
    assert cli.main([*map(str, line)]) == 0
    told = capsys.readouterr()
    there = [person for person in course if person.kind != "nothing"]
    assert f"{len(there)} of {COUNT} have handed in; without an owner: 0" in told.out

    def run(*more: str) -> dict[str, dict[str, str]]:
        line = ["grade", download(), *given, *column, "--seed", 1, "--out", out, "--processes", 2]
        assert cli.main([*map(str, line), *more]) == 0
        return {row["id"].lstrip("'"): row for row in table(out / "scores.csv")}

    # Graded: everybody by their own file.
    rows = run()
    assert list(rows) == [person.id for person in course]
    for person in course:
        _, status, points = KINDS[person.kind]
        assert (rows[person.id]["status"], float(rows[person.id]["score"])) == (status, points)

    # Marked: in a spreadsheet that makes numbers of ids and saves as it likes.
    marks = table(out / "manual.csv")
    for number, row in enumerate(marks):
        assert row["answer"] == f"I am {row['id'].lstrip(chr(39))}."
        row["points"] = f"{number % 7 / 2:g}".replace(".", ",")
    marked = {row["id"].lstrip("'"): number % 7 / 2 for number, row in enumerate(marks)}
    assert set(marked) == {p.id for p in course if KINDS[p.kind][1] == "graded"}
    with (out / "manual.csv").open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, marks[0], delimiter="\t")
        writer.writeheader()
        writer.writerows({**row, "id": row["id"].lstrip("0")} for row in marks)
    rows = run()
    final = {student: KINDS[by_id[student].kind][2] + points for student, points in marked.items()}
    assert {student: float(rows[student]["score"]) for student in marked} == final

    # Returned: to the platform's own rows, and every page to its own student.
    if platform != "gradescope":
        encoding, separator = ("utf-16", "\t") if platform == "blackboard" else ("utf-8", ",")
        before = table(tmp_path / "book.csv", encoding, separator)
        after = table(out / "gradebook.csv", encoding, separator)
        place = {"moodle": "Grade", "canvas": "HW (1)", "blackboard": "HW [Total Pts: 20] |5"}
        for person, old, new in zip(course, before, after, strict=True):
            score = final.get(person.id)
            assert {**new, place[platform]: ""} == {**old, place[platform]: ""}
            if person.id in kept or score is None:
                assert new == old
            else:
                assert float(new[place[platform]]) == score
    if platform == "moodle":
        with zipfile.ZipFile(out / "feedback_for_moodle.zip") as file:
            for person in course:
                page = file.read(f"feedback_{person.number}_assignfeedback_file/feedback.html")
                shown = f"I am {person.id}.".encode() in page
                assert shown == (person.id in marked)

    # Regraded: one student's new work changes that student, keeps the mark and says so.
    one = next(person for person in course if person.kind == "wrong in q2")
    path = next(p for p in folder.rglob("*.ipynb") if f"I am {one.id}.".encode() in p.read_bytes())
    new = notebook(Person(**{**vars(one), "kind": "right"}))
    path.write_bytes(new.replace(f"I am {one.id}.".encode(), b"I have thought again."))
    stored = {p: p.stat().st_mtime_ns for p in (out / "students").iterdir()}
    capsys.readouterr()
    if platform == "moodle":
        monkeypatch.undo()  # in a process and a sandbox of its own, which change nothing
    again = run()
    assert "have changed since they were marked: 1," in capsys.readouterr().err
    assert float(again[one.id]["score"]) == 17 + marked[one.id]
    changed = {p.stem for p, time in stored.items() if p.stat().st_mtime_ns != time}
    assert changed == {one.id}
    assert {k: v for k, v in again.items() if k != one.id} == {
        k: v for k, v in rows.items() if k != one.id
    }
