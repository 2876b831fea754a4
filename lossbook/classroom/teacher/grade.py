"""Grade one submission: the trusted half of the grader.

It sends code and inputs to a worker, reads plain data, and compares. Whatever a worker says is
taken for an answer to one question and for nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import subprocess
import time
from collections.abc import Sequence
from typing import Any, Self

from lossbook.classroom.student.diagnose import Diagnosis, diagnose_function, diagnose_value, show
from lossbook.classroom.student.judge import Ask, Trial, get, try_function, try_value
from lossbook.classroom.student.messages import N_, Note, _, note
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Question,
    Text,
    Value,
    generator,
)
from lossbook.classroom.student.worker import LATE, WAITING
from lossbook.classroom.teacher.sandbox import Limits, start
from lossbook.classroom.teacher.source import (
    Notebook,
    Source,
    code_cells,
    grade_id,
    source_text,
    without_language,
)

__all__ = ["STATUSES", "Worker", "grade_notebook", "right_choices"]

STATUSES = {
    "graded": N_("graded"),
    "missing": N_("missing: nothing was handed in"),
    "unreadable": N_("unreadable: the file is no notebook"),
    "timed out": N_("timed out: a part ran too long and counts nothing"),
    "tampered": N_("tampered: the submission meddled with the grading"),
}


#: Seconds that a worker may take beyond a limit that it keeps itself, before it is killed.
GRACE = 1.0
#: After a cell or a call that did not end, the next ones have only this share of the time.
SHARE = 0.1
#: How often a submission is started again without the cell that had to be killed.
RESTARTS = 2


class Worker:
    """A submission that runs in the sandbox; use it in a ``with`` statement."""

    def __init__(self, limits: Limits, *, sandboxed: bool = True) -> None:
        self.limits = limits
        self.timed_out = False
        self._sandboxed = sandboxed
        self._restarts = RESTARTS
        self._cells: list[str] = []
        self._ends = time.monotonic() + limits.total_seconds
        self._start()

    def _start(self) -> None:
        self.state = "running"
        self._unread = b""
        theirs_in, self._requests = os.pipe()
        self._replies, theirs_out = os.pipe()
        os.set_blocking(self._requests, False)
        self._process = start(self.limits, theirs_in, theirs_out, sandboxed=self._sandboxed)
        os.close(theirs_in)
        os.close(theirs_out)
        self._exchange({"run": ""}, self._ends)  # nobody's code has run: the start is not timed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._close()

    def _close(self) -> None:
        for descriptor in (self._requests, self._replies):
            os.close(descriptor)

    def _stop(self, state: str = "ended") -> None:
        if self.state == "running":
            self.state = state
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()  # bwrap's death is the death of everything inside
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)

    def run(self, cells: list[str]) -> list[tuple[int, dict[str, Any]]]:
        """Run the cells in order; return the replies of those that did not end well.

        An error ends its cell and not the others.
        """
        faults = []
        for number, cell in enumerate(cells):
            reply = self.ask({"run": cell})
            if reply.get("kind") != "value":
                faults.append((number, reply))
            if self.state == "running":
                self._cells.append(cell)
        return faults

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to a request; ``{"kind": "ended"}`` when there is no more worker."""
        if self.state == "timed out" and self._restarts and time.monotonic() < self._ends:
            self._restart()
        if self.state != "running":
            return {"kind": "timeout" if self.state == "timed out" else "ended"}
        seconds = self.limits.cell_seconds * (SHARE if self.timed_out else 1.0)
        limit = min(time.monotonic() + WAITING * seconds + GRACE, self._ends)
        return self._exchange({**request, "seconds": seconds}, limit)

    def _restart(self) -> None:
        """Start again and run the cells once more, without what had to be killed."""
        self._restarts -= 1
        self._close()
        self._start()
        cells, self._cells = self._cells, []
        self.run(cells)

    def _exchange(self, request: dict[str, Any], limit: float) -> dict[str, Any]:
        # A reply can only be written after its request has been read: the name is not guessed.
        name = secrets.token_hex(8)
        data = json.dumps({"seconds": 0, "id": name, **request}).encode() + b"\n"
        try:
            self._send(data, limit)
            line = self._receive(limit)
        except TimeoutError:
            return self._killed()
        except (OSError, EOFError):
            if self._exit_status() == LATE:
                return self._killed()
            self._stop()
            return {"kind": "ended"}
        except ValueError:
            self._stop("tampered")
            return {"kind": "ended"}
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict) or reply.pop("id", None) != name:
            self._stop("tampered")
            return {"kind": "ended"}
        if reply.get("kind") == "timeout":
            self.timed_out = True
        return reply

    def _killed(self) -> dict[str, Any]:
        self.timed_out = True
        self._stop("timed out")
        return {"kind": "timeout"}

    def _exit_status(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=1)
        return None

    def _send(self, data: bytes, limit: float) -> None:
        while data:
            _wait([], [self._requests], limit)
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._requests, data) :]

    def _receive(self, limit: float) -> bytes:
        chunks, size = [self._unread], len(self._unread)
        while b"\n" not in chunks[-1]:
            _wait([self._replies], [], limit)
            chunk = os.read(self._replies, 65_536)
            if not chunk:
                raise EOFError
            size += len(chunk)
            if size > self.limits.reply:
                raise ValueError("a reply that is too long")
            chunks.append(chunk)
        line, _, self._unread = b"".join(chunks).partition(b"\n")
        if self._unread:
            raise ValueError("a reply that nobody asked for")
        return line


def _wait(reading: list[int], writing: list[int], limit: float) -> None:
    left = limit - time.monotonic()
    if left <= 0 or not any(select.select(reading, writing, [], left)[:2]):
        raise TimeoutError


def right_choices(
    source: Source, assignment: Assignment, limits: Limits, *, sandboxed: bool
) -> dict[str, str]:
    """Return the letters of the choices, by running the instructor's solution."""
    choices = [question for question in assignment.questions if isinstance(question, Choice)]
    found: dict[str, str] = {}
    with Worker(limits, sandboxed=sandboxed) as worker:
        worker.run(source.solution_code())
        for question in choices:
            value = get(worker.ask, question.variable).value
            if not isinstance(value, str) or value not in question.options or len(value) != 1:
                raise ValueError(
                    _(
                        "{assignment}: the solution leaves {value} in {variable}; expected one "
                        "letter of {options}"
                    ).format(
                        assignment=source.name,
                        value=repr(value)[:200],
                        variable=question.variable,
                        options=repr(question.options),
                    )
                )
            found[question.name] = value
    return found


def grade_notebook(
    notebook: Notebook,
    source: Source,
    assignment: Assignment,
    choices: dict[str, str],
    seed: object,
    limits: Limits,
    *,
    sandboxed: bool = True,
    only: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the result of a submission, as plain data.

    Parameters
    ----------
    notebook : dict
        What was handed in.
    source : Source
        The instructor's notebook, with the points.
    assignment : Assignment
        How the answers are judged.
    choices : dict
        From `right_choices`.
    seed : object
        What the inputs depend on, besides the question.
    limits : Limits
        What the submission may use.
    sandboxed : bool, optional
        Whether the sandbox is used.
    only : sequence of str, optional
        The questions to grade; all if it is empty.
    """
    notes = list(_changes(notebook, source))
    results: dict[str, Any] = {}
    with Worker(limits, sandboxed=sandboxed) as worker:
        for number, fault in worker.run(code_cells(notebook)):
            # An unfinished cell is the ordinary case, and its question says so.
            if fault.get("kind") in ("error", "timeout"):
                notes.append(_note(number, fault))
        for question in assignment.questions:
            if question.name in source.points and (not only or question.name in only):
                points = source.points[question.name]
                results[question.name] = _question(
                    question, worker.ask, points, choices, seed, notebook
                )
        if worker.state == "tampered":
            status = "tampered"
        elif worker.timed_out:
            status = "timed out"
        else:
            status = "graded"
    if status == "tampered":
        notes.append(note(N_("Something other than answers came out of the sandbox.")))
    return {"status": status, "notes": notes[:20], "questions": results}


def _note(number: int, fault: dict[str, Any]) -> Note:
    if fault.get("kind") == "timeout":
        return note(N_("Code cell {number} did not come to an end in time."), number=number + 1)
    return note(
        N_("Code cell {number} stopped with {error}: {text}"),
        number=number + 1,
        error=str(fault.get("error", ""))[:60],
        text=str(fault.get("text", ""))[:200],
    )


def _changes(notebook: Notebook, source: Source) -> list[Note]:
    """Say which of the locked cells were changed. The grade does not depend on them."""
    found = {grade_id(cell): source_text(cell) for cell in notebook["cells"] if grade_id(cell)}
    notes = []
    for name, text in source.locked.items():
        if name not in found:
            notes.append(
                note(N_("The cell {name} was deleted; the grade does not need it."), name=name)
            )
        elif without_language(found[name]).strip() != text.strip():
            notes.append(
                note(N_("The cell {name} was changed; the grade does not need it."), name=name)
            )
    return notes


def _question(
    question: Question,
    ask: Ask,
    points: float,
    choices: dict[str, str],
    seed: object,
    notebook: Notebook,
) -> dict[str, Any]:
    if isinstance(question, Text):
        return {"points": points, "score": None, "answer": _words(question, notebook)}
    if isinstance(question, Function):
        trials = try_function(question, ask, generator(seed, question.name))
        found = diagnose_function(question, trials, ask)
        parts = [
            all(trial.right for trial in trials if trial.part == number)
            for number in range(len(question.parts))
        ]
        titles = [part.title for part in question.parts]
        share = _share(parts)
    else:
        expected = question.reference() if isinstance(question, Value) else choices[question.name]
        trial = try_value(question, ask, expected)
        trials, found = [trial], diagnose_value(question, trial)
        parts, titles, share = [trial.right], [question.variable], float(trial.right)
    return {
        "points": points,
        "score": round(points * share, 2),
        "parts": [{"title": t, "right": r} for t, r in zip(titles, parts, strict=True)],
        "diagnoses": [_plain(diagnosis) for diagnosis in found],
        "example": _example(question, trials),
        "reading": question.reading.title,
    }


def _share(parts: list[bool]) -> float:
    """Return the share of the points: half for ordinary inputs, which the rest depends on."""
    if not parts[0]:
        return 0.0
    others = parts[1:]
    return 0.5 + 0.5 * sum(others) / len(others) if others else 1.0


def _plain(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "name": diagnosis.name,
        "details": {name: str(value)[:400] for name, value in diagnosis.details.items()},
    }


def _example(question: Question, trials: list[Trial]) -> dict[str, Any] | None:
    """Return the first wrong trial in words: what went in and what came out."""
    wrong = next((trial for trial in trials if not trial.right), None)
    if wrong is None or wrong.outcome.kind != "value":
        return None
    names = question.parameters if isinstance(question, Function) else ()
    inputs = [f"{n} = {show(a)}"[:400] for n, a in zip(names, wrong.arguments, strict=True)]
    return {"inputs": inputs, "seen": show(wrong.outcome.value)[:400]}


def _words(question: Text, notebook: Notebook) -> str:
    for cell in notebook["cells"]:
        if grade_id(cell) == question.name:
            return source_text(cell)[:5_000]
    return ""
