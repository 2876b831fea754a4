"""A process of its own for whatever looks at a submission.

A file that was handed in, and what its code answers, can make a program use any amount of memory
and time, or end it. Here this happens to a process that nothing depends on: its memory and its time
are bounded, and whatever it comes to, the batch goes on with a row for that student.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, note
from lossbook.classroom.student.question import load
from lossbook.classroom.teacher.grade import grade_file
from lossbook.classroom.teacher.sandbox import LOSSBOOK, Limits
from lossbook.classroom.teacher.source import Source

__all__ = ["Processes"]

MEMORY = 700_000_000  # bytes of address space, beside what the process begins with
SECONDS = 30.0  # of the processor, for the grader's own part of one question
CLOCK = 60.0  # seconds that the grader's own part of a submission may take on the clock, at most


class Processes:
    """Processes that grade submissions, as many as are in use at a time.

    Parameters
    ----------
    source : Source
        The instructor's notebook.
    choices : dict
        From `right_choices`.
    limits : Limits
        What a submission may use.
    sandboxed : bool
        Whether the sandbox is used.
    """

    def __init__(
        self, source: Source, choices: dict[str, str], limits: Limits, *, sandboxed: bool
    ) -> None:
        self._course = {
            "name": source.name,
            "notebook": source.notebook,
            "path": str(source.path) if source.path else None,
            "choices": choices,
            "limits": vars(limits),
            "sandboxed": sandboxed,
        }
        self._clock = limits.clock_seconds + CLOCK
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()

    def grade(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the result of a task, the arguments of `grade_file`, whatever becomes of it."""
        try:
            process = self._idle.get_nowait()
        except queue.Empty:
            process = self._begin()
        try:
            found = _told(process, task, self._clock)
        except TimeoutError:
            _end(process)
            return {"status": "try again", "notes": [], "questions": {}}
        except (OSError, EOFError, ValueError):
            _end(process)
            message = N_("The grader broke off at this submission. Its answers wait for you.")
            return {"status": "look at it", "notes": [note(message)], "questions": {}}
        self._idle.put(process)
        return found

    def _begin(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, [str(LOSSBOOK.parent), os.environ.get("PYTHONPATH")]))
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is told at the first task
            process.stdin.write(json.dumps(self._course).encode() + b"\n")
            process.stdin.flush()
        return process

    def close(self) -> None:
        """End the processes."""
        while not self._idle.empty():
            _end(self._idle.get())


def _told(process: subprocess.Popen[bytes], task: dict[str, Any], clock: float) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(task).encode() + b"\n")
    process.stdin.flush()
    if not select.select([process.stdout], [], [], clock)[0]:
        raise TimeoutError
    line = process.stdout.readline()
    if not line:
        raise EOFError
    found: dict[str, Any] = json.loads(line)
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with contextlib.suppress(OSError):
            pipe.close()
    process.wait()


# --- in the process -------------------------------------------------------------------------------


class TooLongError(Exception):
    """The grader itself has worked too long at an answer."""


def _bounded_memory() -> None:
    import resource  # which Windows has not, where notebooks can be released all the same

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    # Not the hard limit: a submission sets its own, and may need more.
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


@contextlib.contextmanager
def _bounded_time() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TooLongError

    signal.signal(signal.SIGPROF, stop)
    # Again and again: an answer after which it fires costs itself, and the next ones are judged.
    signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _serve(grade: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer tasks, one JSON object a line, until there are no more."""
    for line in sys.stdin.buffer:
        try:
            with _bounded_time():
                found = grade(json.loads(line))
            text = json.dumps(found)
        except Exception as error:
            message = N_("The grader stopped at this submission with {error}.")
            told = note(message, error=type(error).__name__)
            text = json.dumps({"status": "look at it", "notes": [told], "questions": {}})
        sys.stdout.buffer.write(text.encode() + b"\n")
        sys.stdout.buffer.flush()


def main() -> None:
    """Read the course from the first line, then grade."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this process decides when it ends
    course = json.loads(sys.stdin.buffer.readline())
    path = Path(course["path"]) if course["path"] else None
    source = Source(course["name"], course["notebook"], path)
    assignment = load(source.name)
    limits = Limits(**course["limits"])
    with contextlib.suppress(OSError):
        _bounded_memory()

    def grade(task: dict[str, Any]) -> dict[str, Any]:
        return grade_file(
            **task,
            source=source,
            assignment=assignment,
            choices=course["choices"],
            limits=limits,
            sandboxed=course["sandboxed"],
        )

    _serve(grade)


if __name__ == "__main__":
    main()
