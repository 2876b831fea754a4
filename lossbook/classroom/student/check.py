"""Help at once: what `check` says inside a student's notebook."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import lossbook
from lossbook.classroom.student.diagnose import Diagnosis, diagnose_function, diagnose_value
from lossbook.classroom.student.judge import Ask, get, try_function, try_value
from lossbook.classroom.student.messages import _, use_language
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Question,
    Value,
    generator,
    load,
)
from lossbook.classroom.student.worker import serve

__all__ = ["check", "require"]

#: The seed of the inputs that students may see. Grading draws others.
PRACTICE = "practice"


def check(question: str, namespace: dict[str, Any], language: str | None = None) -> None:
    """Print what is right or wrong with the answer to a question, and never the answer.

    Parameters
    ----------
    question : str
        The question's name, such as ``"q1"``.
    namespace : dict
        The notebook's names: ``globals()``.
    language : str, optional
        A language code such as ``"ko"``; by default that of the environment.

    Raises
    ------
    TypeError, ValueError
        If the notebook does not say which assignment it is, or has no such question.

    Examples
    --------
    >>> from lossbook.classroom import check
    >>> check("q1", {"ASSIGNMENT": "mean_squared_error", "mse_by_hand": 3.0}, language="en")
    q1: not yet. Your value is exactly half of what is asked. Is there a factor 1/2 too many?
    """
    use_language(language)
    asked = _assignment(namespace)[question]
    found = _look(asked, namespace, PRACTICE)
    if found:
        answer = _("{question}: not yet. {diagnosis}")
    elif isinstance(asked, Choice):
        answer = _("{question}: your choice is noted.")
    elif isinstance(asked, Function | Value):
        answer = _("{question}: right.")
    else:
        answer = _("{question}: this answer is read by your teacher.")
    print(answer.format(question=question, diagnosis=" ".join(d.text for d in found)))


def require(question: str, namespace: dict[str, Any], seed: object) -> None:
    """Raise an AssertionError with the diagnosis unless the answer is right.

    This is for nbgrader's hidden tests. `grade` does not need it.

    Examples
    --------
    >>> from lossbook.classroom import require
    >>> require("q1", {"ASSIGNMENT": "mean_squared_error", "mse_by_hand": 6.0}, seed=1)
    """
    found = _look(_assignment(namespace)[question], namespace, seed)
    if found:
        raise AssertionError(" ".join(diagnosis.text for diagnosis in found))


def _assignment(namespace: dict[str, Any]) -> Assignment:
    if not isinstance(namespace, dict):
        raise TypeError(
            _("namespace is {value}; expected the notebook's names: globals()").format(
                value=repr(namespace)[:200]
            )
        )
    name = namespace.get("ASSIGNMENT")
    if not isinstance(name, str):
        raise ValueError(
            _(
                "ASSIGNMENT is {value}; expected the assignment's name: run the notebook's first "
                "code cell, which sets it"
            ).format(value=repr(name)[:200])
        )
    return load(name)


def _look(question: Question, namespace: dict[str, Any], seed: object) -> list[Diagnosis]:
    def ask(request: dict[str, Any]) -> dict[str, Any]:
        return serve(namespace, request)

    found = look(question, ask, seed)
    if found or not isinstance(question, Function):
        return found
    borrowed = _is_borrowed(namespace.get(question.function), namespace)
    return [Diagnosis("losses_absent", {"name": question.function})] if borrowed else []


def _is_borrowed(function: Any, namespace: dict[str, Any], known: tuple[Any, ...] = ()) -> bool:
    """Return whether a function, or one that it calls, takes what is right from lossbook."""
    if not isinstance(function, FunctionType) or function in known:
        return False
    names = set(_names_in(function.__code__))
    found = [namespace[name] for name in names if name in namespace]
    package = lossbook in found or any(name.split(".")[0] == "lossbook" for name in names)
    public = [getattr(lossbook, name) for name in lossbook.__all__]
    return (
        (package and not names.isdisjoint(lossbook.__all__))
        or any(thing is other for thing in found for other in public)
        or any(_is_borrowed(thing, namespace, (*known, function)) for thing in found)
    )


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def look(question: Question, ask: Ask, seed: object) -> list[Diagnosis]:
    """Return the diagnoses of an answer; of a choice only whether it is one of the letters."""
    if isinstance(question, Function):
        trials = try_function(question, ask, generator(seed, question.name))
        return diagnose_function(question, trials, ask)
    if isinstance(question, Value):
        return diagnose_value(question, try_value(question, ask, question.reference()))
    if isinstance(question, Choice):
        outcome = get(ask, question.variable)
        given = outcome.value.strip().lower() if isinstance(outcome.value, str) else ""
        known = given if given in list(question.options) else ""
        return diagnose_value(question, try_value(question, ask, known or None))
    return []
