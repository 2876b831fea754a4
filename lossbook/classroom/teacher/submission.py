"""A submission that runs in the sandbox, and the conversation with it.

What comes from there is bounded before anything is made of it, and the time is measured from here:
the processor's time of that submission, whatever else the machine does. The clock is a far net for
what only waits; what it ends is tried again, and never a grade.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from lossbook.classroom.student.worker import LATE
from lossbook.classroom.teacher.sandbox import Limits, start

__all__ = ["Submission"]

#: Seconds of the processor beyond a limit that a submission keeps itself, before it is killed.
GRACE = 1.0
#: After a cell or a call that did not end, the next ones have only this share of the time.
SHARE = 0.1
#: How often a submission is started again without the cell that had to be killed.
RESTARTS = 2
#: What a reply may hold: brackets and commas, which bound what JSON can make of it.
ENTRIES = 1_000_000
#: The words of a reply, and how many characters of each are kept.
WORDS = {"kind": 20, "error": 60, "reason": 60, "text": 300, "printed": 2_000}
#: How often the processor's time is looked at, in seconds.
STEP = 0.2
#: Run before a student's code: who sleeps uses the processor's time as if it were work.
SLEEP = """
def _awake():
    import time
    def sleep(seconds, clock=time.process_time):
        end = clock() + max(float(seconds), 0.0)
        while clock() < end:
            pass
    time.sleep = sleep
_awake()
del _awake
"""


class Submission:
    """A submission that runs in the sandbox; use it in a ``with`` statement.

    Attributes
    ----------
    status : str
        ``"graded"``, ``"timed out"``, ``"tampered"`` or ``"try again"``.
    """

    def __init__(self, limits: Limits, *, sandboxed: bool = True) -> None:
        self.limits = limits
        self.timed_out = self.waited = False
        self._sandboxed = sandboxed
        self._restarts = RESTARTS
        self._cells: list[str] = []
        self._spent = 0.0
        self._ends = time.monotonic() + limits.clock_seconds
        self._start()

    @property
    def status(self) -> str:
        """What is to be said of the whole."""
        if self._state == "tampered":
            return "tampered"
        if self.waited:
            return "try again"
        return "timed out" if self.timed_out else "graded"

    def _start(self) -> None:
        self._state = "running"
        self._unread = b""
        self._clock: int | None = None
        theirs_in, self._requests = os.pipe()
        self._replies, theirs_out = os.pipe()
        os.set_blocking(self._requests, False)
        try:
            self._process = start(self.limits, theirs_in, theirs_out, sandboxed=self._sandboxed)
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        # Nobody's code has run yet: what goes wrong here is the machine's fault.
        reply = self._exchange({"run": SLEEP}, self.limits.total_seconds)
        self.waited |= reply["kind"] != "value"
        self._exchange({"again": []}, self.limits.total_seconds)  # the student's cells count from 1
        self._clock = _clock_of(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._close()

    def _close(self) -> None:
        for descriptor in (self._requests, self._replies):
            os.close(descriptor)

    def _stop(self, state: str = "ended") -> None:
        if self._state == "running":
            self._state = state
        self._spent += self._used()
        self._clock = None
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()  # bwrap's death is the death of everything inside
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)

    def _used(self) -> float:
        """Return the processor's time of what runs now, in seconds."""
        if self._clock is None:
            return 0.0
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended
            return 0.0

    def run(self, cells: list[str]) -> list[tuple[int, dict[str, Any]]]:
        """Run the cells in order; return the replies of those that did not end well.

        An error ends its cell and not the others.
        """
        faults = []
        for number, cell in enumerate(cells):
            reply = self.ask({"run": cell})
            if reply["kind"] != "value" or "missing" in reply:
                faults.append((number, reply))
            if self._state == "running":
                self._cells.append(cell)
        return faults

    def again(self, given: tuple[str, ...], cells: list[str]) -> None:
        """Begin anew with right functions in the place of these, which were handed over."""
        self._cells = []
        self.ask({"again": list(given)})
        self.run(cells)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to a request; ``{"kind": "ended"}`` when there is no more submission."""
        if self._state == "timed out" and self._restarts and self._left() > 0:
            self._restart()
        if self._state != "running":
            return {"kind": "timeout" if self._state == "timed out" else "ended"}
        seconds = self.limits.cell_seconds * (SHARE if self.timed_out else 1.0)
        if self._left() <= 0:
            return self._killed()
        return self._exchange(request, min(seconds, self._left()))

    def _left(self) -> float:
        """Return how many seconds of the processor are left, none if the clock has run out."""
        left = self.limits.total_seconds - self._spent - self._used()
        return left if time.monotonic() < self._ends else 0.0

    def _restart(self) -> None:
        """Start again and run the cells once more, without what had to be killed."""
        self._restarts -= 1
        self._close()
        self._start()
        cells, self._cells = self._cells, []
        self.run(cells)

    def _exchange(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        # A reply can only be written after its request has been read: the name is not guessed.
        name = secrets.token_hex(8)
        before = self._used()
        data = json.dumps({"id": name, "seconds": seconds, **request}).encode() + b"\n"
        try:
            self._wait_until_sent(data, before + seconds + GRACE)
            line = self._receive(before + seconds + GRACE)
        except TimeoutError:
            return self._killed()
        except (OSError, EOFError):
            status = self._exit_status()
            if status == LATE:
                return self._killed()
            # The machine kills for want of memory, too, and that is nobody's answer.
            self.waited |= status in (-signal.SIGKILL, 128 + signal.SIGKILL)
            self._stop()
            return {"kind": "ended"}
        except ValueError:
            self._stop("tampered")
            return {"kind": "ended"}
        reply = _read(line, name)
        if reply is None:
            self._stop("tampered")
            return {"kind": "ended"}
        if reply["kind"] == "timeout":
            self.timed_out = True
            # Its own clock may have ended it on a busy machine: then most of the time was not used.
            # Half is far enough from all: a timer counts the processor's time by ticks, roughly.
            if self._clock is not None and self._used() - before < 0.5 * seconds:
                self.waited = reply["waited"] = True
        return reply

    def _killed(self) -> dict[str, Any]:
        self.timed_out = True
        waited = time.monotonic() >= self._ends
        self.waited |= waited
        self._stop("timed out")
        return {"kind": "timeout", "waited": waited}

    def _exit_status(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=1)
        return None

    def _wait_until_sent(self, data: bytes, limit: float) -> None:
        while data:
            self._wait([], [self._requests], limit)
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._requests, data) :]

    def _receive(self, limit: float) -> bytes:
        chunks, size = [self._unread], len(self._unread)
        while b"\n" not in chunks[-1]:
            self._wait([self._replies], [], limit)
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

    def _wait(self, reading: list[int], writing: list[int], limit: float) -> None:
        """Wait for the pipe, as long as neither the processor's time nor the clock has run out."""
        ready = False
        while not ready:
            if self._used() > limit or time.monotonic() > self._ends:
                raise TimeoutError
            ready = any(select.select(reading, writing, [], STEP)[:2])


def _read(line: bytes, name: str) -> dict[str, Any] | None:
    """Return the reply that a line holds; None if it is none, or too large to be looked at."""
    if sum(line.count(mark) for mark in (b"[", b"{", b",")) > ENTRIES:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("id") != name:
        return None
    words = {key: found.get(key, "") for key in WORDS}
    if not all(isinstance(text, str) for text in words.values()):
        return None
    reply = {key: text[: WORDS[key]] for key, text in words.items()}
    missing = found.get("missing")
    if isinstance(missing, list) and missing:
        reply["missing"] = ", ".join(str(name)[:60] for name in missing[:5])
    return reply | {key: found[key] for key in ("value", "arguments") if key in found}


def _clock_of(pid: int) -> int | None:
    """Return the number of the clock that shows the processor's time of what runs in the sandbox.

    bubblewrap waits outside for its process inside, which waits for the interpreter.
    """
    while True:
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return None
        if not children:
            return (~pid << 3) | 2  # as clock_getcpuclockid(3) makes it on Linux
        pid = int(children[0])
