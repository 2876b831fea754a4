"""Ask a submission for its answers and compare them with the right ones.

`Ask` is all that is known of a submission: a function from a request to a reply, both plain data.
In a notebook it looks into the student's namespace, in grading it talks to the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lossbook.classroom.student.question import Arguments, Choice, Function, Value
from lossbook.classroom.student.worker import DEEPEST, decode, encode

__all__ = [
    "Ask",
    "Outcome",
    "Trial",
    "arrays_of",
    "close",
    "get",
    "run",
    "try_function",
    "try_value",
    "with_given",
]

Ask = Callable[[dict[str, Any]], dict[str, Any]]
KINDS = ("value", "missing", "unfinished", "error", "unusable", "timeout", "ended")
#: After one of these there is no point in asking the same function again.
FINAL = ("missing", "unfinished", "timeout", "ended")


@dataclass(frozen=True)
class Outcome:
    """What a submission answered: data that nobody has to trust."""

    kind: str
    value: Any = None
    error: str = ""
    reason: str = ""
    text: str = ""
    printed: str = ""
    changed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Trial:
    """One request for an answer and what came of it.

    Attributes
    ----------
    part : int
        The index of the part that it belongs to.
    arguments : tuple
        What the function was given; empty for a variable.
    expected, seen : list of ndarray, or None
        The right answer and the submission's; None where that is nothing to compare.
    outcome : Outcome
        The submission's answer as it came.
    right : bool
        Whether the answer is right.
    """

    part: int
    arguments: Arguments
    expected: list[NDArray[Any]]
    seen: list[NDArray[Any]] | None
    outcome: Outcome
    right: bool


def run(ask: Ask, request: dict[str, Any]) -> Outcome:
    """Return the outcome of a request; a reply that makes no sense is an unusable answer."""
    reply = ask(request)
    kind = reply.get("kind")
    if kind not in KINDS:
        return Outcome("unusable", text="?")
    try:
        value = decode(reply.get("value"))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Outcome("unusable", text="?")
    changed = (
        _changed(request.get("arguments", []), reply.get("arguments")) if kind == "value" else ()
    )
    words = {
        name: str(reply.get(name, ""))[:300] for name in ("error", "reason", "text", "printed")
    }
    return Outcome(kind, value, changed=changed, **words)


def _changed(sent: list[Any], left: Any) -> tuple[int, ...]:
    """Return which arguments a function did not leave as they were, from what came back."""
    back = left if isinstance(left, list) and len(left) == len(sent) else [None] * len(sent)
    return tuple(
        i
        for i, (before, after) in enumerate(zip(sent, back, strict=True))
        if isinstance(before, dict) and before != after
    )


def get(ask: Ask, variable: str) -> Outcome:
    """Return the outcome of asking for a variable."""
    return run(ask, {"get": variable})


def call(ask: Ask, function: str, arguments: Arguments) -> Outcome:
    """Return the outcome of calling a function."""
    return run(ask, {"call": function, "arguments": [encode(argument) for argument in arguments]})


def with_given(ask: Ask, given: tuple[str, ...]) -> Ask:
    """Return a way to ask in which right functions stand in the place of some of the student's."""
    return lambda request: ask({**request, "given": list(given)}) if given else ask(request)


def arrays_of(value: Any, returns: str) -> list[NDArray[Any]] | None:
    """Return an answer as a list of float64 arrays, or None if it is not what is asked for.

    A number may come as an integer or as the only entry of an array or a tuple, an array as a
    list. A truth value is no number.
    """
    if not _is_numeric(value):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if isinstance(value, list | tuple) and array.shape == (len(value), 1):
        array = array[:, 0]  # each number came as an array with one entry
    if array.dtype.kind not in "iuf" or (returns == "number" and array.size != 1):
        return None
    array = array.astype(np.float64)
    return [array.reshape(()) if returns == "number" else array]


def _is_numeric(value: Any, depth: int = 0) -> bool:
    """Return whether a value holds nothing but numbers, so that NumPy may make an array of it."""
    if isinstance(value, list | tuple):
        return depth < DEEPEST and all(_is_numeric(entry, depth + 1) for entry in value)
    return isinstance(value, bool | int | float | np.generic | np.ndarray)


def close(expected: list[NDArray[Any]], seen: list[NDArray[Any]] | None, tolerance: float) -> bool:
    """Return whether every number is right to the tolerance; NaN never is.

    What may differ is a share of the largest number that is expected, and a thousandth of the
    tolerance where all are 0.
    """
    return (
        seen is not None
        and len(expected) == len(seen)
        and all(_near(a, b, tolerance) for a, b in zip(expected, seen, strict=True))
    )


def _near(expected: NDArray[Any], seen: NDArray[Any], tolerance: float) -> bool:
    if expected.shape != seen.shape:
        return False
    largest = np.abs(expected[np.isfinite(expected)]).max(initial=1e-3)
    with np.errstate(invalid="ignore"):  # infinity less infinity
        off = np.abs(seen - expected)
    return bool(((off <= tolerance * largest) | (seen == expected)).all())


def answer(question: Function, arguments: Arguments) -> list[NDArray[Any]]:
    """Return the right answer for one tuple of arguments."""
    value = question.reference(*arguments)
    if question.judge is not None:
        value = question.judge(*arguments, value)
    found = arrays_of(value, "number" if question.judge else question.returns)
    assert found is not None
    return found


def _seen(question: Function, arguments: Arguments, outcome: Outcome) -> list[NDArray[Any]] | None:
    if outcome.kind != "value":
        return None
    seen = arrays_of(outcome.value, question.returns)
    if seen is None or question.judge is None:
        return seen
    if not np.isfinite(seen[0]).all():
        return [np.array(np.nan)]
    return arrays_of(question.judge(*arguments, seen[0]), "number")


def try_function(question: Function, ask: Ask, rng: Generator) -> list[Trial]:
    """Return the trials of every part of a question, with inputs drawn from `rng`."""
    trials: list[Trial] = []
    last: Outcome | None = None
    for number, part in enumerate(question.parts):
        for arguments in part.draw(rng):
            if last is None or last.kind not in FINAL:
                last = call(ask, question.function, arguments)
            expected = answer(question, arguments)
            seen = _seen(question, arguments, last)
            right = close(expected, seen, question.tolerance) and not last.changed
            trials.append(Trial(number, arguments, expected, seen, last, right))
    first = trials[0]
    if first.right:  # once more: the same arguments must give the same answer
        again = _seen(question, first.arguments, call(ask, question.function, first.arguments))
        if not close(first.expected, again, question.tolerance):
            trials[0] = Trial(0, first.arguments, first.expected, again, first.outcome, False)
    return trials


def try_value(question: Value | Choice, ask: Ask, expected: Any) -> Trial:
    """Return the trial of a variable against the value that it should hold."""
    outcome = get(ask, question.variable)
    if isinstance(question, Choice):
        letter = str(outcome.value).strip().lower() if isinstance(outcome.value, str) else ""
        return Trial(0, (), [], None, outcome, letter == expected)
    right_answer = arrays_of(expected, "array")
    assert right_answer is not None
    seen = None
    if outcome.kind == "value":
        one = None if right_answer[0].ndim else arrays_of(outcome.value, "number")
        seen = one or arrays_of(outcome.value, "array")
    right = close(right_answer, seen, question.tolerance)
    return Trial(0, (), right_answer, seen, outcome, right)
