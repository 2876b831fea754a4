"""Grade a whole course: in parallel, resumable, each submission once.

Every student's result is a JSON file in ``RESULTS/students``, written in one step when it is
complete. A result counts as done while its fingerprint, which covers the submission, the
assignment, the judging code and the seed, is still the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, Note, _, note
from lossbook.classroom.student.question import Assignment, load
from lossbook.classroom.teacher.grade import grade_notebook, right_choices
from lossbook.classroom.teacher.roster import Found, Student
from lossbook.classroom.teacher.sandbox import Limits
from lossbook.classroom.teacher.source import LARGEST, Source, UnreadableError, parse_notebook

__all__ = ["Batch", "Job"]

Result = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One student and the file that was handed in, if there is one."""

    student: Student
    path: Path | None
    notes: tuple[Note, ...]


class Batch:
    """A course's submissions to one assignment.

    Parameters
    ----------
    source : Source
        The instructor's notebook.
    roster : list of Student
        Everybody who gets a row.
    found : Found
        The files.
    seed : int
        What the hidden inputs depend on, besides student and question.
    out : Path
        The folder of the results.
    limits : Limits
        What a submission may use.
    sandboxed : bool, optional
        Whether the sandbox is used.
    """

    def __init__(
        self,
        source: Source,
        roster: list[Student],
        found: Found,
        seed: int,
        out: Path,
        limits: Limits,
        *,
        sandboxed: bool = True,
    ) -> None:
        self.source = source
        self.assignment: Assignment = load(source.name)
        self.jobs = [_job(student, found.notebooks.get(student.id, [])) for student in roster]
        self.seed = seed
        self.folder = out / "students"
        self.limits = limits
        self.sandboxed = sandboxed
        self._choices: dict[str, str] = {}
        self._common = _fingerprint(source, seed)
        missing = [q.name for q in self.assignment.questions if q.name not in source.points]
        if missing:
            raise ValueError(
                _(
                    "{assignment}: the notebook has no cell for {names}; expected a cell with "
                    "this grade_id and points"
                ).format(assignment=source.name, names=", ".join(missing))
            )

    def run(
        self,
        processes: int,
        progress: Callable[[int, int], None],
        *,
        again: Sequence[str] = (),
        only: Sequence[str] = (),
    ) -> list[Result]:
        """Grade what is not graded yet and return the results in the roster's order.

        Parameters
        ----------
        processes : int
            How many submissions run at a time.
        progress : callable
            Is told how many are done, and of how many.
        again : sequence of str
            Students who are graded even if they have been.
        only : sequence of str
            Questions to grade anew for `again`, or for everybody; the others keep their result.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.glob("*.json"))[:1]:
            other = (_read(path) or {}).get("assignment", self.source.name)
            if other != self.source.name:
                raise ValueError(
                    _(
                        "{path} holds the results of {other}; expected a folder of its own for "
                        "{assignment}"
                    ).format(path=self.folder.parent, other=other, assignment=self.source.name)
                )
        self._choices = right_choices(
            self.source, self.assignment, self.limits, sandboxed=self.sandboxed
        )
        results: dict[str, Result] = {}
        with ThreadPoolExecutor(processes) as pool:
            waiting = {}
            for job in self.jobs:
                anew = job.student.id in again if again else bool(only)
                waiting[pool.submit(self._one, job, anew, only)] = job.student.id
            try:
                for done, future in enumerate(as_completed(waiting), 1):
                    results[waiting[future]] = future.result()
                    progress(done, len(waiting))
            except BaseException:
                # What is running is finished and kept; what is waiting is for the next time.
                pool.shutdown(cancel_futures=True)
                raise
        return [results[job.student.id] for job in self.jobs]

    def _one(self, job: Job, anew: bool, only: Sequence[str]) -> Result:
        path = self.folder / f"{job.student.id}.json"
        data = _bytes(job.path)
        fingerprint = hashlib.sha256(self._common + data).hexdigest()
        old = _read(path)
        if old is not None and old.get("fingerprint") == fingerprint and not anew:
            return old
        result = self._grade(job, data, only if old is not None else ())
        if only and old is not None:
            result["questions"] = {**old.get("questions", {}), **result["questions"]}
        result |= {
            "assignment": self.source.name,
            "fingerprint": fingerprint,
            "student": job.student.id,
        }
        _write(path, result)
        return result

    def _grade(self, job: Job, data: bytes, only: Sequence[str]) -> Result:
        empty = {
            name: {"points": points, "score": 0.0, "parts": [], "diagnoses": []}
            for name, points in self.source.points.items()
        }
        if job.path is None:
            return {"status": "missing", "notes": list(job.notes), "questions": empty}
        try:
            notebook = parse_notebook(data, job.path.name)
        except UnreadableError as error:
            return {"status": "unreadable", "notes": [*job.notes, error.note], "questions": empty}
        result = grade_notebook(
            notebook,
            self.source,
            self.assignment,
            self._choices,
            f"{self.seed}/{job.student.id}",
            self.limits,
            sandboxed=self.sandboxed,
            only=only,
        )
        result["notes"] = [*job.notes, *result["notes"]]
        return result


def _job(student: Student, paths: list[Path]) -> Job:
    notebooks = [path for path in paths if path.suffix == ".ipynb"]
    if not notebooks:
        notes = tuple(note(N_("{file} is no notebook."), file=path.name) for path in paths[:5])
        # Something was handed in: it is read, and found unreadable.
        return Job(student, paths[0] if paths else None, notes)
    latest = max(notebooks, key=lambda path: (path.stat().st_mtime, path.name))
    if len(notebooks) == 1:
        return Job(student, latest, ())
    message = N_("There are {count} notebooks. The newest, {file}, was graded.")
    return Job(student, latest, (note(message, count=len(notebooks), file=latest.name),))


def _bytes(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _fingerprint(source: Source, seed: int) -> bytes:
    """Return what a result depends on besides its submission."""
    code = b"".join(p.read_bytes() for p in sorted(Path(__file__).parents[1].rglob("*.py")))
    notebook = json.dumps(source.notebook, sort_keys=True).encode()
    return hashlib.sha256(b"\0".join([code, notebook, str(seed).encode()])).digest()


def _read(path: Path) -> Result | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, result: Result) -> None:
    """Write a result in one step: a file is complete or not there."""
    # Half a surrogate pair, which JSON can carry and UTF-8 cannot, becomes a question mark.
    text = json.dumps(result, indent=1, ensure_ascii=False).encode("utf-8", "replace")
    draft = path.with_suffix(".part")
    draft.write_bytes(text)
    draft.replace(path)
