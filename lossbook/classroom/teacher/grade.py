"""Grade one submission: the trusted half of the grader.

It sends code and inputs to a submission, reads plain data, and compares. Whatever a submission says
is taken for an answer to one question and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lossbook.classroom.student.check import FAULTS
from lossbook.classroom.student.diagnose import Diagnosis, show
from lossbook.classroom.student.judge import Trial, get, with_given
from lossbook.classroom.student.messages import N_, Note, _, note
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Question,
    Text,
    Value,
    load,
)
from lossbook.classroom.student.verdict import Verdict, can_follow, follow, judge, wrong_before
from lossbook.classroom.teacher.sandbox import Limits
from lossbook.classroom.teacher.source import (
    Notebook,
    Source,
    UnreadableError,
    assignment_of,
    code_cells,
    grade_id,
    read_notebook,
    source_text,
    without_language,
)
from lossbook.classroom.teacher.submission import Submission
from lossbook.classroom.teacher.text import clean, cleaned
from lossbook.classroom.teacher.words import written_words

__all__ = ["STATUSES", "grade_file", "grade_notebook", "right_choices", "unjudged"]

STATUSES = {
    "graded": N_("graded"),
    "missing": N_("missing: nothing was handed in"),
    "unreadable": N_("unreadable: the file is no notebook"),
    "another assignment": N_("another assignment: the notebook belongs to another one"),
    "timed out": N_("timed out: a part ran too long and counts nothing"),
    "tampered": N_("tampered: the submission meddled with the grading"),
    "look at it": N_("look at it: an answer could not be judged and waits for your points"),
    "unclear": N_("unclear: there are several notebooks, and nobody said which one counts"),
    "try again": N_("try again: the machine was too busy, or the submission only waited"),
}


def right_choices(
    source: Source, assignment: Assignment, limits: Limits, *, sandboxed: bool
) -> dict[str, str]:
    """Return the letters of the choices, by running the instructor's solution."""
    choices = [question for question in assignment.questions if isinstance(question, Choice)]
    found: dict[str, str] = {}
    with Submission(limits, sandboxed=sandboxed) as worker:
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


def grade_file(
    path: str,
    seed: str,
    only: Sequence[str],
    *,
    source: Source,
    assignment: Assignment,
    choices: dict[str, str],
    limits: Limits,
    sandboxed: bool = True,
) -> dict[str, Any]:
    """Return the result of a file that was handed in; the rest is as in `grade_notebook`."""
    try:
        notebook = read_notebook(Path(path))
    except UnreadableError as error:
        return {"status": "unreadable", "notes": [cleaned(error.note)], "questions": {}}
    other = assignment_of(notebook)
    if other != source.name and _is_known(other):
        told = note(N_("The notebook is that of {other}."), other=clean(other))
        return {"status": "another assignment", "notes": [told], "questions": {}}
    return grade_notebook(
        notebook, source, assignment, choices, seed, limits, sandboxed=sandboxed, only=only
    )


def _is_known(name: str) -> bool:
    try:
        load(name)
    except (ValueError, AttributeError):
        return False
    return True


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
    with Submission(limits, sandboxed=sandboxed) as submission:
        cells = code_cells(notebook)
        for number, fault in submission.run(cells):
            # An unfinished cell is the ordinary case, and its question says so.
            if fault["kind"] in ("error", "timeout") or "missing" in fault:
                notes.append(_note(number, fault))
        verdicts = _judge_all(assignment, source, submission, cells, seed, choices, set(only))
        status = submission.status
    for question in assignment.questions:
        if question.name in source.points and (not only or question.name in only):
            points = source.points[question.name]
            if isinstance(question, Text):
                words = _words(question, notebook)
                results[question.name] = {"points": points, "score": None, "answer": words}
                continue
            verdict = verdicts[question.name]
            try:
                if isinstance(verdict, Exception):
                    raise verdict
                results[question.name] = _told(question, verdict, points, assignment.name)
            except Exception as error:  # whatever an answer does to the grader stays with it
                results[question.name] = unjudged(points)
                notes.append(_why(question.name, error))
    if status in ("graded", "timed out") and any("unjudged" in q for q in results.values()):
        status = "look at it"
    texts = [name for name in results if isinstance(assignment[name], Text)]
    for name, text in written_words(notebook, source, texts).items():
        results[name]["answer"] = text
    if status == "tampered":
        notes.append(note(N_("Something other than answers came out of the sandbox.")))
    found: dict[str, Any] = cleaned({"status": status, "notes": notes[:20], "questions": results})
    return found


def unjudged(points: float) -> dict[str, Any]:
    """Return what is known of an answer that the grader could not judge: a teacher decides."""
    return {"points": points, "score": None, "answer": "", "unjudged": True}


def _why(question: str, error: Exception) -> Note:
    message = N_("The answer to {question} could not be judged: {error}. It waits for your points.")
    return note(message, question=question, error=type(error).__name__)


def _note(number: int, fault: dict[str, Any]) -> Note:
    if fault.get("waited"):
        message = N_("Code cell {number} was stopped while it waited: the clock had run out.")
        return note(message, number=number + 1)
    if fault["kind"] not in ("error", "timeout"):
        return note(FAULTS["missing"], number=number + 1, module=fault["missing"])
    if fault["kind"] == "timeout":
        return note(N_("Code cell {number} did not come to an end in time."), number=number + 1)
    return note(
        N_("Code cell {number} stopped with {error}: {text}"),
        number=number + 1,
        error=fault["error"][:60],
        text=fault["text"][:200],
    )


def _changes(notebook: Notebook, source: Source) -> list[Note]:
    """Say which of the locked cells were changed. The grade does not depend on them."""
    found = {grade_id(cell): _lines(cell) for cell in notebook["cells"] if grade_id(cell)}
    texts = {without_language(_lines(cell)).strip() for cell in notebook["cells"]}
    notes = []
    code = {grade_id(cell) for cell in source.notebook["cells"] if cell["cell_type"] == "code"}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" and grade_id(cell) in code and _lines(cell).strip():
            notes.append(
                note(
                    N_("The cell {name} is no code cell any more, and is not run."),
                    name=grade_id(cell),
                )
            )
    for name, text in source.locked.items():
        if text.strip() in texts:  # whatever a tool has done to the cell's name
            continue
        if name not in found:
            notes.append(
                note(N_("The cell {name} was deleted; the grade does not need it."), name=name)
            )
        elif without_language(found[name]).strip() != text.strip():
            notes.append(
                note(N_("The cell {name} was changed; the grade does not need it."), name=name)
            )
    return notes


def _lines(cell: dict[str, Any]) -> str:
    """Return a cell's text with the ends of lines that Python writes; Windows has others."""
    return source_text(cell).replace("\r\n", "\n")


def _judge_all(
    assignment: Assignment,
    source: Source,
    submission: Submission,
    cells: list[str],
    seed: object,
    choices: dict[str, str],
    only: set[str],
) -> dict[str, Verdict | Exception]:
    """Return the verdict on every answer, or what judging it raised."""
    found: dict[str, Verdict | Exception] = {}
    asked = [q for q in assignment.questions if not isinstance(q, Text) and q.name in source.points]
    for question in asked:
        # What a question to be graded builds on is judged, too.
        if not only or question.name in only or isinstance(question, Function):
            letter = choices.get(question.name)
            found[question.name] = _or_error(judge, question, submission.ask, seed, letter)
    # Functions first: for a value all cells run anew.
    for question in sorted(asked, key=lambda question: isinstance(question, Value)):
        first = found.get(question.name)
        if not isinstance(first, Verdict) or not can_follow(question, first):
            continue
        given = wrong_before(assignment, question, found)
        if given and submission.status == "graded":
            submission.ask({"give": _code_of(source, given)})
            ask = with_given(submission.ask, given)
            if isinstance(question, Value):
                submission.again(given, cells)
                ask = submission.ask
            found[question.name] = _or_error(follow, question, first, ask, seed, given)
    return found


def _or_error(judged: Callable[..., Verdict], *arguments: Any) -> Verdict | Exception:
    try:
        return judged(*arguments)
    except Exception as error:
        return error


def _code_of(source: Source, functions: Sequence[str]) -> str:
    """Return the instructor's code for these functions, which stand in for wrong ones."""
    cells = source.solution_code()
    return "\n".join(
        [
            "import numpy as np",
            *(cell for cell in cells if any(f"def {name}(" in cell for name in functions)),
        ]
    )


def _told(question: Question, verdict: Verdict, points: float, name: str) -> dict[str, Any]:
    """Return a verdict as plain data, with its points."""
    titles = [getattr(question, "variable", "")]
    if isinstance(question, Function):
        titles = [part.title for part in question.parts]
    return {
        "title": question.title,
        "points": points,
        "score": round(points * _share(verdict.parts), 2),
        "parts": [{"title": t, "right": r} for t, r in zip(titles, verdict.parts, strict=True)],
        "diagnoses": [_plain(diagnosis) for diagnosis in verdict.diagnoses],
        "given": list(verdict.given),
        "example": _example(question, verdict.trials),
        "reading": question.reading.shown,
        "address": question.reading.address(name),
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
