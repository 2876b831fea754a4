"""Run a student's code and answer requests about it, in plain data.

This file is two things. Inside the sandbox it is the program: it knows no answer, and nothing of
lossbook but the data sets and `cells`. Inside a student's own notebook `check` uses its functions,
so that help and grading see a submission with the same eyes.

Nothing that this program says is trusted: student code runs in the same process and may have
changed all of it. The grader compares values, and a value that is right has been computed.
"""

from __future__ import annotations

import contextlib
import decimal
import io
import json
import numbers
import os
import random
import re
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lossbook.classroom.student import cells
from lossbook.classroom.student.cells import Session

__all__ = ["SECONDS", "decode", "encode", "new_session", "run_cell", "serve"]

PRINTED = 2_000  # characters of output that are kept
LARGEST = 200_000  # numbers in one value
LONGEST = 10_000  # characters of a text, bits of a whole number
DEEPEST = 8  # lists in lists
SECONDS = 10.0  # of the processor, for one cell and for one call
LATE = 77  # the exit status when code swallows that its time is up
PROGRAM = __name__ == "__main__"
#: How often the time of the processor may pass on the wall; more beside other submissions.
WAITING = 10 if PROGRAM else 3
_OWN = {__file__, cells.__file__}


NOTHING: Mapping[str, Any] = types.MappingProxyType({})


class TimeIsUpError(BaseException):
    """The student's code has used its time; not an `Exception`, so that it is rarely swallowed."""


# --- plain data -----------------------------------------------------------------------------------


def encode(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays become ``{"array": [...], "dtype": ...}``.

    Numbers of every kind become floats: `numpy.longdouble`, `Fraction`, `Decimal`.
    """
    return _encode(value, [LARGEST], 0)


def _encode(value: Any, left: list[int], depth: int) -> Any:
    """Encode a value; ``left[0]`` is how many numbers there may still be."""
    if type(value) in (int, str):  # JSON writes out every digit
        size = value.bit_length() if type(value) is int else len(value)
        if size > LONGEST:
            raise OverflowError(f"{type(value).__name__}, {size} > {LONGEST}")
        return value
    if value is None or type(value) in (bool, float):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return _encode_array(np.asarray(value), left)
    if isinstance(value, list | tuple):
        _count(value, len(value), left)
        if depth == DEEPEST:
            raise TypeError(f"{type(value).__name__}, nested {depth} times")
        return {type(value).__name__: [_encode(entry, left, depth + 1) for entry in value]}
    if isinstance(value, numbers.Real | decimal.Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _encode_array(array: Any, left: list[int]) -> Any:
    _count(array, array.size, left)
    if array.dtype.kind == "O" and all(
        isinstance(entry, numbers.Real | decimal.Decimal) for entry in array.flat
    ):
        array = array.astype(np.float64)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"array, dtype={array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    if not array.ndim:
        return array.item()
    return {"array": array.tolist(), "dtype": array.dtype.name}


def _count(value: Any, size: int, left: list[int]) -> None:
    left[0] -= size
    if left[0] < 0:
        raise OverflowError(f"{type(value).__name__}, {size} > {LARGEST}")


def decode(data: Any, depth: int = 0) -> Any:
    """Return the value that `encode` wrote; anything else is a ValueError."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, dict) and depth <= DEEPEST:
        if set(data) == {"array", "dtype"}:
            dtype = str(data["dtype"])
            if not re.fullmatch(r"bool|u?int(8|16|32|64)|float(16|32|64)", dtype):
                raise ValueError(f"an array of dtype {dtype[:20]!r}")
            return np.array(data["array"], dtype=dtype)
        if set(data) == {"list"} and isinstance(data["list"], list):
            return [decode(entry, depth + 1) for entry in data["list"]]
        if set(data) == {"tuple"} and isinstance(data["tuple"], list):
            return tuple(decode(entry, depth + 1) for entry in data["tuple"])
    raise ValueError(f"not a value: {type(data).__name__}")


# --- answers --------------------------------------------------------------------------------------


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed and drops the rest."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text[: max(0, PRINTED - len(self.text))]
        return len(text)

    def writable(self) -> bool:
        return True


class _Limited:
    """Raises `TimeIsUpError` in a ``with`` block after so many seconds; 0 means no limit.

    What counts is the time that the processor works for it, so that a busy machine changes no
    verdict. The clock on the wall ends what waits. Where there are no timers (on Windows, in a
    browser, in a thread) the time is looked at before every line: no line that waits is ended, and
    no code that catches every error.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.calls = 0
        self.timed = bool(_TIMERS) and threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if not self.seconds:
            return
        self.tracer = sys.gettrace()
        if not self.timed:
            self.ends = time.process_time() + self.seconds
            sys.settrace(self.watch)
            return
        self.handlers = [signal.signal(number, self.stop) for number, _ in _TIMERS]
        for (_, timer), limit in zip(_TIMERS, (self.seconds, WAITING * self.seconds), strict=True):
            # Repeated: what is called once the time is up has to end, too.
            signal.setitimer(timer, limit, 0.2)

    def __exit__(self, *_: Any) -> None:
        if not self.seconds:
            return
        if self.timed:
            for (number, timer), handler in zip(_TIMERS, self.handlers, strict=True):
                signal.setitimer(timer, 0)
                signal.signal(number, handler)
        sys.settrace(self.tracer)

    def stop(self, _: int, frame: types.FrameType | None) -> None:
        self.calls += 1
        if self.calls > 5 and PROGRAM:
            os._exit(LATE)
        # A bare `except:` may catch this error. Then the next line of the same code raises it.
        sys.settrace(_trace_no_more)
        while frame is not None and frame.f_code.co_filename not in _OWN:
            frame.f_trace = _again
            frame = frame.f_back
        raise TimeIsUpError

    def watch(self, frame: types.FrameType, _: str, __: Any) -> Any:
        if frame.f_code.co_filename in _OWN:
            return None
        if time.process_time() > self.ends:
            raise TimeIsUpError
        return self.watch


_TIMERS = (
    ((signal.SIGPROF, signal.ITIMER_PROF), (signal.SIGALRM, signal.ITIMER_REAL))
    if hasattr(signal, "setitimer") and sys.platform != "emscripten"  # there none ever rings
    else ()
)


def _trace_no_more(*_: Any) -> None:
    return None


def _again(_: types.FrameType, event: str, __: Any) -> Any:
    if event == "line":
        raise TimeIsUpError
    return _again


def _attempt(action: Callable[[], Any], seconds: float) -> dict[str, Any]:
    """Return what came of an action: a value, an error, or that its time was up."""
    printed = _Printed()
    reply: dict[str, Any]
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(_Printed()),
            np.errstate(all="ignore"),
            _Limited(seconds),
        ):
            value = action()
        try:
            reply = {"kind": "value", "value": encode(value)}
        except OverflowError as error:
            reply = {"kind": "unusable", "reason": "too_large", "text": str(error)[:200]}
        except (TypeError, ValueError, RecursionError) as error:
            reply = {"kind": "unusable", "text": str(error)[:200]}
    except TimeIsUpError:
        reply = {"kind": "timeout"}
    except NotImplementedError as error:
        reply = {"kind": "unfinished", "text": _where(error)}
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, too: the others go on
        reply = {"kind": "error", "error": type(error).__name__, "text": _text(error)}
    reply["printed"] = printed.text
    return reply


def _text(error: BaseException) -> str:
    try:
        return str(error)[:300]
    except Exception:
        return ""


def _where(error: BaseException) -> str:
    """Return the name of the function that raised an error."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_name if trace else ""


def serve(
    namespace: dict[str, Any],
    request: dict[str, Any],
    seconds: float = 0,
    references: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """Answer one request about the names in `namespace`.

    Parameters
    ----------
    namespace : dict
        Where the student's code has left its names.
    request : dict
        ``{"get": name}`` asks for a variable, ``{"call": name, "arguments": [...]}`` for what a
        function returns. ``"given"`` names those of `references` that stand in the place of the
        student's functions while it is answered.
    seconds : float, optional
        The processor's time that a call may take; 0 means no limit.
    references : mapping, optional
        Right functions, by their names.

    Returns
    -------
    dict
        ``kind`` is ``"value"``, ``"missing"``, ``"unfinished"``, ``"error"``, ``"unusable"`` or
        ``"timeout"``; the other entries depend on it. After a call ``arguments`` are as the
        function left them.
    """
    name = request.get("get") or request.get("call")
    if name not in namespace:
        return {"kind": "missing", "printed": ""}
    thing = namespace[name]
    if isinstance(thing, cells.Absent):
        return {"kind": "error", "error": "ModuleNotFoundError", "text": str(thing.error)}
    if "get" in request:
        return _attempt(lambda: thing, seconds)
    if not callable(thing):
        return {"kind": "unusable", "reason": "no_function", "text": "", "printed": ""}
    arguments = [decode(argument) for argument in request["arguments"]]
    given = {name: references[name] for name in request.get("given", ()) if name in references}
    own = {name: namespace[name] for name in given if name in namespace}
    namespace.update(given)
    try:
        reply = _attempt(lambda: thing(*arguments), seconds)
    finally:
        for name in given:
            del namespace[name]
        namespace.update(own)
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        reply["arguments"] = [encode(argument) for argument in arguments]
    return reply


# --- the program in the sandbox -------------------------------------------------------------------


def run_cell(session: Session, source: str, seconds: float = 0) -> dict[str, Any]:
    """Run one cell, which is plain Python, and return what came of it.

    ``missing`` are the modules that it uses and that are not there.
    """
    reply = _attempt(lambda: session.run(source), seconds)
    return {**reply, "missing": list(dict.fromkeys(session.missing))}


def main(requests: int, replies: int) -> None:
    """Answer requests, one JSON object a line, until there are no more.

    Besides cells to ``"run"`` and what `serve` answers there are two: ``"give"`` hands over code
    that defines right functions, and ``"again"`` begins the notebook anew, with those of its names
    in the place of the student's.
    """
    session = new_session()
    references: dict[str, Any] = {}
    with os.fdopen(requests, encoding="utf-8") as lines, os.fdopen(replies, "w") as out:
        for line in lines:
            request = json.loads(line)
            seconds = request["seconds"]
            try:
                if "run" in request:
                    reply = run_cell(session, request["run"], seconds)
                elif "give" in request:
                    references |= _defined_by(request["give"])
                    reply = {"kind": "value", "value": None}
                elif "again" in request:
                    known = set(request["again"]) & set(references)
                    session = new_session({name: references[name] for name in known})
                    reply = {"kind": "value", "value": None}
                else:
                    reply = serve(session.names, request, seconds, references)
            except KeyboardInterrupt:  # raised by the student's code: nobody else is here
                reply = {"kind": "error", "error": "KeyboardInterrupt", "text": "", "printed": ""}
            out.write(json.dumps({"id": request["id"], **reply}) + "\n")
            out.flush()


def new_session(given: Mapping[str, Any] = NOTHING) -> Session:
    """Return a session in which no cell has run, with certain names that stay as they are."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  (what unseeded student code draws from)
    session = Session()
    session.given = dict(given)
    session.names.update(given)
    return session


def _defined_by(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
