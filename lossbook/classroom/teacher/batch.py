"""Grade a whole course: in parallel, resumable, each submission once.

Every student's result is a JSON file in ``RESULTS/students``, written in one step when it is
complete. Each question in it carries a fingerprint of what its points depend on: the submission,
the assignment, the judging code and the seed. A result counts as done while these are the same.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, _, note
from lossbook.classroom.student.question import Assignment, load
from lossbook.classroom.teacher.collect import Handed
from lossbook.classroom.teacher.grade import STATUSES, right_choices, unjudged
from lossbook.classroom.teacher.process import Processes
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.sandbox import Limits
from lossbook.classroom.teacher.source import LARGEST, Source, code_cells
from lossbook.classroom.teacher.text import cleaned, write_whole

__all__ = ["Batch", "Kept", "locked"]

Result = dict[str, Any]
#: What is wrong with the machine, and not with a submission.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass
class Kept:
    """What a run for some students or questions left as it was, though it has changed since.

    Attributes
    ----------
    students : list of str
        Who keeps a whole result that a run without restriction would grade again.
    questions : list of str
        Who keeps the points of the other questions for a file that was handed in before.
    """

    students: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


class Batch:
    """A course's submissions to one assignment.

    Parameters
    ----------
    source : Source
        The instructor's notebook.
    roster : list of Student
        Everybody who gets a row.
    handed : dict
        From a student's id to what was handed in.
    seed : int
        What the hidden inputs depend on, besides submission, student and question.
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
        handed: dict[str, Handed],
        seed: int,
        out: Path,
        limits: Limits,
        *,
        sandboxed: bool = True,
    ) -> None:
        self.source = source
        self.assignment: Assignment = load(source.name)
        self.jobs = [(student, handed.get(student.id, Handed())) for student in roster]
        self.seed = seed
        self.out = out
        self.folder = out / "students"
        self.limits = limits
        self.sandboxed = sandboxed
        self.kept = Kept()
        self._common = _fingerprint(source)
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
            Students who are graded even if they have been; whoever else has a result keeps it.
        only : sequence of str
            Questions to grade anew for `again`, or for everybody; the others keep their points.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._remember(again)
        code_cells({"cells": []})  # says what is missing here, before anybody is graded
        choices = right_choices(self.source, self.assignment, self.limits, sandboxed=self.sandboxed)
        self._processes = Processes(self.source, choices, self.limits, sandboxed=self.sandboxed)
        try:
            results = self._graded(processes, progress, again, only)
            # What the clock has ended has the machine for itself now.
            for student, handed in self.jobs:
                if results[student.id]["status"] == "try again" and processes > 1:
                    results[student.id] = self._row(student, handed, again, only)
        finally:
            self._processes.close()
        return [results[student.id] for student, _ in self.jobs]

    def _graded(
        self,
        processes: int,
        progress: Callable[[int, int], None],
        again: Sequence[str],
        only: Sequence[str],
    ) -> dict[str, Result]:
        results: dict[str, Result] = {}
        with ThreadPoolExecutor(processes) as pool:
            waiting = {
                pool.submit(self._row, student, handed, again, only): student.id
                for student, handed in self.jobs
            }
            try:
                for done, future in enumerate(as_completed(waiting), 1):
                    results[waiting[future]] = future.result()
                    progress(done, len(waiting))
            except BaseException:
                # What is running is finished and kept; what is waiting is for the next time.
                pool.shutdown(cancel_futures=True)
                raise
        return results

    def _remember(self, again: Sequence[str]) -> None:
        """Keep in the folder of which assignment and seed its results are, and hold to it.

        Raises
        ------
        ValueError
            If the folder has the results of another assignment, or of another seed and nobody in
            particular is to be graded again.
        """
        path = self.out / "course.json"
        known = _read(path) or {}
        for other in [known, *map(_read, sorted(self.folder.glob("*.json"))[:1])]:
            name = (other or {}).get("assignment", self.source.name)
            if name != self.source.name:
                raise ValueError(
                    _(
                        "{path} holds the results of {other}; expected a folder of its own for "
                        "{assignment}"
                    ).format(path=self.out, other=name, assignment=self.source.name)
                )
        seed = _digest(str(self.seed).encode())
        if known.get("seed", seed) != seed and not again:
            raise ValueError(
                _(
                    "{path} holds results of another seed; expected the same --seed, or --regrade "
                    "with the students who are to be graded with this one, or another folder"
                ).format(path=self.out)
            )
        if not known:
            data = {"assignment": self.source.name, "seed": seed}
            write_whole(path, json.dumps(data).encode())

    def _row(
        self, student: Student, handed: Handed, again: Sequence[str], only: Sequence[str]
    ) -> Result:
        """Return a student's result, whatever goes wrong with it; only a full disk stops all."""
        try:
            return self._one(student, handed, again, only)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            status = "try again" if isinstance(error, OSError) else "look at it"
            message = N_("The grader stopped at this submission with {error}.")
            told = note(message, error=getattr(error, "strerror", None) or type(error).__name__)
            found: Result = {"status": status, "notes": [told], "student": student.id}
            return found | {
                "questions": {
                    name: self._without_answer(name, points, status)
                    for name, points in self.source.points.items()
                }
            }

    def _one(
        self, student: Student, handed: Handed, again: Sequence[str], only: Sequence[str]
    ) -> Result:
        path = self.folder / f"{student.id}.json"
        data = _bytes(handed.path)
        old = self._stored(path)
        seed = _digest(str(self.seed).encode())
        if old is not None:
            current = self._of(data, old.get("seed", seed), handed)
            done = _is_done(old, current)
            if again and student.id not in again:
                if not done:
                    self.kept.students.append(student.id)
                return old
            if done and not again and not only:
                return old
        result = self._grade(student, handed, data, only if old is not None else ())
        mark = self._of(data, seed, handed)
        for question in result["questions"].values():
            question["fingerprint"] = mark
        if only and old is not None:
            others = {n: q for n, q in old["questions"].items() if n not in result["questions"]}
            if any(question.get("fingerprint") != mark for question in others.values()):
                self.kept.questions.append(student.id)
            both = others | result["questions"]
            result["questions"] = {name: both[name] for name in self.source.points if name in both}
        result |= {"assignment": self.source.name, "seed": seed, "student": student.id}
        result = cleaned(result)
        write_whole(path, json.dumps(result, indent=1, ensure_ascii=False).encode())
        return result

    def _stored(self, path: Path) -> Result | None:
        """Return a result that an earlier run has stored, if it is one of this assignment."""
        found = _read(path) or {}
        questions = found.get("questions")
        fits = isinstance(questions, dict) and set(questions) == set(self.source.points)
        return found if fits and found.get("status") in STATUSES else None

    def _of(self, data: bytes, seed: str, handed: Handed) -> str:
        """Return the fingerprint of a submission."""
        parts = [self._common, seed.encode(), handed.status.encode(), data]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _grade(self, student: Student, handed: Handed, data: bytes, only: Sequence[str]) -> Result:
        if handed.path is None:
            result: Result = {"status": handed.status or "missing", "notes": [], "questions": {}}
        else:
            # A second submission meets other inputs than the first, whose feedback shows some.
            seed = f"{self.seed}/{student.id}/{_digest(data)}"
            task = {"path": str(handed.path), "seed": seed, "only": list(only)}
            result = self._processes.grade(task)
        result["notes"] = [*handed.notes, *result["notes"]]
        for name, points in self.source.points.items():
            if name not in result["questions"] and (not only or name in only):
                result["questions"][name] = self._without_answer(name, points, result["status"])
        if result["status"] == "try again":  # a number that the clock made is no grade
            for question in result["questions"].values():
                question["score"] = None
        return result

    def _without_answer(self, name: str, points: float, status: str) -> dict[str, Any]:
        if status == "look at it":
            return unjudged(points)
        score = None if status in ("unclear", "try again") else 0.0
        return {"points": points, "score": score, "parts": [], "diagnoses": []}


def _is_done(result: Result, mark: str) -> bool:
    questions = result.get("questions", {}).values()
    return result.get("status") != "try again" and all(
        question.get("fingerprint") == mark for question in questions
    )


def _bytes(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _fingerprint(source: Source) -> bytes:
    """Return what a result depends on besides its submission and the seed."""
    code = b"".join(p.read_bytes() for p in sorted(Path(__file__).parents[1].rglob("*.py")))
    notebook = json.dumps(source.notebook, sort_keys=True).encode()
    return hashlib.sha256(b"\0".join([code, notebook])).digest()


def _read(path: Path) -> Result | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder of results, so that two people do not grade into it at a time.

    Raises
    ------
    ValueError
        If somebody else holds it.
    """
    import fcntl  # which Windows has not, where notebooks can be released all the same

    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ValueError(
                _("{path} is in use by another run; expected to be the only one").format(
                    path=folder
                )
            ) from None
        yield
