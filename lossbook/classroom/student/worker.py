"""Run a student's code and answer requests about it, in plain data.

This file is two things. Inside the sandbox it is the program: it knows no answer, and nothing of
lossbook but the data sets. Inside a student's own notebook `check` uses its function `serve`, so
that help and grading see a submission with the same eyes. It therefore imports nothing of lossbook.

Nothing that this program says is trusted: student code runs in the same process and may have
changed all of it. The grader compares values, and a value that is right has been computed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import random
import re
import signal
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["decode", "encode", "serve"]

PRINTED = 2_000  # characters of output that are kept
LARGEST = 200_000  # numbers in one value
LATE = 77  # the exit status when code swallows that its time is up
WAITING = 3  # how often the time of the processor may pass on the wall
#: What a notebook may import for its figures; in grading nothing is drawn.
SILENT = (
    "IPython",
    "IPython.display",
    "lossbook.notebook",
    "matplotlib",
    "matplotlib.pyplot",
)


class TimeIsUpError(BaseException):
    """The student's code has used its time; not an `Exception`, so that it is rarely swallowed."""


# --- plain data -----------------------------------------------------------------------------------


def encode(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays become ``{"array": [...], "dtype": ...}``."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray):
        array = np.asarray(value)
        if array.size > LARGEST:
            raise OverflowError(f"array, {array.size} > {LARGEST}")
        if array.dtype.kind not in "biuf":
            raise TypeError(f"array, dtype={array.dtype}")
        return {"array": array.tolist(), "dtype": array.dtype.name}
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, list | tuple):
        if len(value) > LARGEST:
            raise OverflowError(f"{type(value).__name__}, {len(value)} > {LARGEST}")
        return {type(value).__name__: [encode(entry) for entry in value]}
    raise TypeError(type(value).__name__)


def decode(data: Any) -> Any:
    """Return the value that `encode` wrote; anything else is a ValueError."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, dict):
        if set(data) == {"array", "dtype"}:
            dtype = str(data["dtype"])
            if not re.fullmatch(r"bool|u?int(8|16|32|64)|float(16|32|64)", dtype):
                raise ValueError(f"an array of dtype {dtype[:20]!r}")
            return np.array(data["array"], dtype=dtype)
        if set(data) == {"list"} and isinstance(data["list"], list):
            return [decode(entry) for entry in data["list"]]
        if set(data) == {"tuple"} and isinstance(data["tuple"], list):
            return tuple(decode(entry) for entry in data["tuple"])
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


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `TimeIsUpError` in the body after so many seconds; 0 means no limit.

    What counts is the time that the processor works for it, so that a busy machine changes no
    grade. The clock on the wall ends what waits.
    """
    if not seconds:
        yield
        return
    calls = 0

    def stop(*_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > 5:
            os._exit(LATE)
        raise TimeIsUpError

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, WAITING * seconds),
    )
    for number, timer, limit in timers:
        signal.signal(number, stop)
        # Repeated, in case that a bare `except:` catches the first one.
        signal.setitimer(timer, limit, 0.2)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)


def _attempt(action: Callable[[], Any], seconds: float) -> dict[str, Any]:
    """Return what came of an action: a value, an error, or that its time was up."""
    printed = _Printed()
    reply: dict[str, Any]
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(_Printed()),
            _limited(seconds),
            np.errstate(all="ignore"),
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
    except NotImplementedError:
        reply = {"kind": "unfinished"}
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: the others go on
        reply = {"kind": "error", "error": type(error).__name__, "text": str(error)[:300]}
    reply["printed"] = printed.text
    return reply


def _changed(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return not (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
        )
    return False


def serve(namespace: dict[str, Any], request: dict[str, Any], seconds: float = 0) -> dict[str, Any]:
    """Answer one request about the names in `namespace`.

    Parameters
    ----------
    namespace : dict
        Where the student's code has left its names.
    request : dict
        ``{"get": name}`` asks for a variable, ``{"call": name, "arguments": [...]}`` for what a
        function returns.
    seconds : float, optional
        The processor's time that a call may take; 0 means no limit.

    Returns
    -------
    dict
        ``kind`` is ``"value"``, ``"missing"``, ``"unfinished"``, ``"error"``, ``"unusable"`` or
        ``"timeout"``; the other entries depend on it.
    """
    name = request.get("get") or request.get("call")
    if name not in namespace:
        return {"kind": "missing", "printed": ""}
    thing = namespace[name]
    if "get" in request:
        return _attempt(lambda: thing, seconds)
    if not callable(thing):
        return {"kind": "unusable", "reason": "no_function", "text": "", "printed": ""}
    arguments = [decode(argument) for argument in request["arguments"]]
    reply = _attempt(lambda: thing(*arguments), seconds)
    fresh = [decode(argument) for argument in request["arguments"]]
    reply["changed"] = [
        i for i, (a, b) in enumerate(zip(fresh, arguments, strict=True)) if _changed(a, b)
    ]
    return reply


# --- the program in the sandbox -------------------------------------------------------------------


class _Silence(types.ModuleType):
    """Stands for a plotting library: everything can be asked of it, and nothing is drawn."""

    def __init__(self, name: str = "silence") -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Silence()

    def __call__(self, *_: Any, **__: Any) -> _Silence:
        return _Silence()

    def __getitem__(self, _: Any) -> _Silence:
        return _Silence()

    def __iter__(self) -> Iterator[_Silence]:
        return iter((_Silence(), _Silence()))  # fig, ax = plt.subplots()

    def __enter__(self) -> _Silence:
        return self

    def __exit__(self, *_: Any) -> None:
        return None


def _furnish(datasets: str) -> None:
    """Give the submission the modules that its notebook imports, except the losses."""

    def refuse(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"lossbook.{name} is not available in grading: write it yourself")

    package: Any = types.ModuleType("lossbook")
    package.__path__ = []
    package.__getattr__ = refuse
    sys.modules["lossbook"] = package
    for name in SILENT:
        sys.modules[name] = _Silence(name)
    classroom: Any = _Silence("lossbook.classroom")
    classroom.check = lambda *_, **__: None
    sys.modules["lossbook.classroom"] = classroom
    package.classroom = classroom
    package.notebook = sys.modules["lossbook.notebook"]
    if datasets:
        spec = importlib.util.spec_from_file_location(
            "lossbook.datasets", f"{datasets}/__init__.py", submodule_search_locations=[datasets]
        )
        assert spec is not None
        assert spec.loader is not None
        package.datasets = sys.modules["lossbook.datasets"] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(package.datasets)
        except FileNotFoundError:
            del sys.modules["lossbook.datasets"], package.datasets


def _plain_python(source: str) -> str:
    """Return a cell without IPython's magics and shell commands."""
    if source.lstrip().startswith("%%"):
        return ""
    return re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)


def _run(namespace: dict[str, Any], source: str, seconds: float) -> dict[str, Any]:
    """Run one cell."""
    code = _plain_python(source)
    return _attempt(lambda: exec(compile(code, "<cell>", "exec"), namespace), seconds)


def main(requests: int, replies: int, datasets: str) -> None:
    """Answer requests, one JSON object a line, until there are no more."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  (what unseeded student code draws from)
    _furnish(datasets)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with os.fdopen(requests, encoding="utf-8") as lines, os.fdopen(replies, "w") as out:
        for line in lines:
            request = json.loads(line)
            if "run" in request:
                reply = _run(namespace, request["run"], request["seconds"])
            else:
                reply = serve(namespace, request, request["seconds"])
            out.write(json.dumps({"id": request["id"], **reply}) + "\n")
            out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
