"""Help at once: what `check` and `check_all` say inside a student's notebook."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lossbook.classroom.student.diagnose import Diagnosis, show
from lossbook.classroom.student.elsewhere import functions_of, used_elsewhere
from lossbook.classroom.student.judge import Ask, with_given
from lossbook.classroom.student.messages import N_, _, use_language
from lossbook.classroom.student.notebook import Work, find_work
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Question,
    Text,
    Value,
    load,
)
from lossbook.classroom.student.reading import plain_python
from lossbook.classroom.student.verdict import Verdict, follow, judge, judge_all
from lossbook.classroom.student.worker import SECONDS, new_session, run_cell, serve

__all__ = ["check", "check_all", "look", "require"]

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
    q1 (By hand): not yet. Your value is exactly half of what is asked. Is there a factor 1/2 too
    many?
      your value: 3
      Read again: Why we need it
    """
    use_language(language)
    assignment = _assignment(namespace)
    asked = assignment[question]
    if isinstance(asked, Text):
        print(_line(asked, None))
        return
    verdict = _verdict(assignment, asked, namespace, PRACTICE)
    print(_line(asked, verdict))
    if not verdict.right:
        print(*_more(assignment, asked, verdict, namespace), sep="\n")


def check_all(namespace: dict[str, Any] | None = None, language: str | None = None) -> None:
    """Run the notebook from the top as the grader does, and say which answers are right.

    The cells run in fresh names, one after the other, with NumPy, Python's own modules and the
    data sets of lossbook, and with nothing else: what works only in this session shows.

    Parameters
    ----------
    namespace : dict, optional
        The notebook's names; by default those of the cell that calls.
    language : str, optional
        A language code such as ``"ko"``; by default that of the environment.

    Raises
    ------
    TypeError, ValueError
        If the notebook does not say which assignment it is, or is not found.
    """
    use_language(language)
    names = sys._getframe(1).f_globals if namespace is None else namespace
    assignment = _assignment(names)
    work = find_work(names)
    cells = [plain_python(cell) for cell in work.cells]
    with _as_in_grading():
        faults, ask = _run(assignment, cells, ())
        verdicts = judge_all(
            assignment, ask, lambda given: _run(assignment, cells, given)[1], PRACTICE
        )
    told = [work.source] if work.source else []
    told += [_fault(number, reply) for number, reply in faults]
    told += [_summary(assignment, verdicts, work)]
    for question in assignment.questions:
        verdict = verdicts.get(question.name)
        if verdict is not None and (not verdict.right or verdict.given):
            told += [_line(question, verdict)]
    print(*told, sep="\n")


def require(question: str, namespace: dict[str, Any], seed: object) -> None:
    """Raise an AssertionError with the diagnosis unless the answer is right.

    This is for nbgrader's hidden tests. `grade` does not need it.

    Examples
    --------
    >>> from lossbook.classroom import require
    >>> require("q1", {"ASSIGNMENT": "mean_squared_error", "mse_by_hand": 6.0}, seed=1)
    """
    assignment = _assignment(namespace)
    verdict = _verdict(assignment, assignment[question], namespace, seed)
    if not verdict.right:
        raise AssertionError(" ".join(diagnosis.text for diagnosis in verdict.diagnoses))


def look(question: Question, ask: Ask, seed: object) -> list[Diagnosis]:
    """Return the diagnoses of an answer; of a choice only whether it is one of the letters."""
    return [] if isinstance(question, Text) else judge(question, ask, seed).diagnoses


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


def _verdict(
    assignment: Assignment, question: Question, namespace: dict[str, Any], seed: object
) -> Verdict:
    """Return the verdict on an answer in the names of a notebook that is being worked on."""
    earlier = {other.function: other for other in assignment.before(question)}
    references = {name: _reference(other) for name, other in earlier.items()}

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        return serve(namespace, request, SECONDS, references)

    verdict = judge(question, ask, seed)
    if not verdict.right and isinstance(question, Function):
        used = functions_of(namespace.get(question.function))
        given = tuple(n for n in earlier if n in used and not judge(earlier[n], ask, seed).right)
        if given:
            verdict = follow(question, verdict, with_given(ask, given), seed, given)
    if not verdict.right and isinstance(question, Value) and not question.by_hand:
        unexplained = verdict.diagnoses[0].name in ("value_differs", "not_finite")
        asked = [n for n in earlier if unexplained and n in (question.uses or earlier)]
        wrong = [n for n in asked if not judge(earlier[n], ask, seed).right]
        if wrong:
            first = Diagnosis("helper_first", {"helper": ", ".join(f"`{n}`" for n in wrong)})
            verdict = replace(verdict, diagnoses=[*verdict.diagnoses, first])
    if verdict.right and isinstance(question, Function | Value):
        name = question.function if isinstance(question, Function) else question.variable
        missing = used_elsewhere(name, namespace)
        if missing:
            return Verdict(verdict.trials, [False], [_elsewhere(name, missing)])
    return verdict


def _elsewhere(name: str, modules: list[str]) -> Diagnosis:
    losses = any(module.startswith("lossbook") for module in modules)
    packages = dict.fromkeys(module.partition(".")[0] for module in modules)
    details = {"name": name, "module": ", ".join(packages)}
    return Diagnosis("losses_absent" if losses else "package_absent", details)


def _reference(question: Function) -> Callable[..., Any]:
    """Return the right function, to be called as the student's is."""

    def right(*arguments: Any, **named: Any) -> Any:
        rest = [named[name] for name in question.parameters[len(arguments) :]]
        return question.reference(*arguments, *rest)

    return right


# --- a run from the top ---------------------------------------------------------------------------


def _run(
    assignment: Assignment, cells: list[str], given: tuple[str, ...]
) -> tuple[list[tuple[int, dict[str, Any]]], Ask]:
    """Run all cells in fresh names; return what did not end well, and how to ask."""
    functions = [q for q in assignment.questions if isinstance(q, Function)]
    references = {question.function: _reference(question) for question in functions}
    session = new_session({name: references[name] for name in given})
    faults = []
    for number, cell in enumerate(cells):
        reply = run_cell(session, cell, SECONDS)
        if reply["kind"] in ("error", "timeout") or reply["missing"]:
            faults.append((number, reply))
    return faults, lambda request: serve(session.names, request, SECONDS, references)


@contextlib.contextmanager
def _as_in_grading() -> Iterator[None]:
    """Work in an empty folder, and leave the generators of random numbers as they were."""
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
            random.setstate(state)
            np.random.set_state(numpy_state)  # noqa: NPY002


# --- words ----------------------------------------------------------------------------------------


def _line(question: Question, verdict: Verdict | None) -> str:
    """Return what is said of an answer, in one line."""
    if verdict is None:
        told = _("{question} ({title}): this answer is read by your teacher.")
    elif not verdict.right:
        told = _("{question} ({title}): not yet. {diagnosis}")
    elif verdict.given:
        told = _(
            "{question} ({title}): right, with a right {helper} in place of yours, which is judged "
            "by its own question."
        )
    elif isinstance(question, Choice):
        told = _("{question} ({title}): your choice is noted.")
    else:
        told = _("{question} ({title}): right.")
    return told.format(
        question=question.name,
        title=_(question.title),
        helper=", ".join(f"`{name}`" for name in verdict.given) if verdict else "",
        diagnosis=" ".join(d.text for d in verdict.diagnoses) if verdict else "",
    )


def _more(
    assignment: Assignment, question: Question, verdict: Verdict, namespace: dict[str, Any]
) -> Iterator[str]:
    """Yield one input with what came out, and what to read again."""
    wrong = next((trial for trial in verdict.trials if not trial.right), None)
    if wrong is not None and wrong.outcome.kind == "value" and wrong.outcome.value is not None:
        if isinstance(question, Function):
            for name, value in zip(question.parameters, wrong.arguments, strict=True):
                yield f"  {name} = {show(value)[:200]}"
            yield "  " + _("your result: {value}").format(value=show(wrong.outcome.value)[:200])
        elif isinstance(question, Value):
            yield "  " + _("your value: {value}").format(value=show(wrong.outcome.value)[:200])
    section = question.reading
    book = namespace.get("BOOK")
    where = f" <{book.rstrip('/')}/{section.address(assignment.name)}>" if book else ""
    yield "  " + _("Read again: {section}").format(section=_(section.shown)) + where


def _summary(assignment: Assignment, verdicts: dict[str, Verdict], work: Work) -> str:
    """Return how many answers are right, which are noted, and which are empty."""
    judged = [q.name for q in assignment.questions if isinstance(q, Function | Value)]
    right = [name for name in judged if verdicts[name].right]
    told = [_("{right} of {count} right.").format(right=len(right), count=len(judged))]
    for question in assignment.questions:
        if isinstance(question, Text):
            empty = work.is_empty(question.name)
            told.append(
                (
                    _("{question} is empty; it is read by your teacher.")
                    if empty
                    else _("{question} is read by your teacher.")
                ).format(question=question.name)
            )
        elif isinstance(question, Choice) and verdicts[question.name].right:
            told.append(_("{question} is noted.").format(question=question.name))
    return " ".join(told)


#: What is said of a cell that did not end well; the grader says the same.
FAULTS = {
    "timeout": N_("Code cell {number} did not come to an end in time."),
    "error": N_("Code cell {number} stopped with {error}: {text}"),
    "missing": N_(
        "Code cell {number} uses {module}, which is not there when your work is graded: what it "
        "makes of it is missing then."
    ),
}


def _fault(number: int, reply: dict[str, Any]) -> str:
    told = FAULTS.get(reply["kind"], FAULTS["missing"])
    return _(told).format(
        number=number + 1,
        error=reply.get("error", ""),
        text=reply.get("text", ""),
        module=", ".join(reply["missing"]),
    )
