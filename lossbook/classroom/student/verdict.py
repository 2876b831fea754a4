"""Whether an answer is right, by the same rules in `check` and in grading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lossbook.classroom.student.diagnose import Diagnosis, diagnose_function, diagnose_value
from lossbook.classroom.student.judge import (
    Ask,
    Trial,
    get,
    try_function,
    try_value,
    with_given,
)
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Question,
    Text,
    Value,
    generator,
)

__all__ = ["Verdict", "judge", "judge_all"]

#: Begins the notebook anew with right functions in the place of these of the student's.
Begin = Callable[[tuple[str, ...]], Ask]


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer.

    Attributes
    ----------
    trials : list of Trial
        What was asked and answered.
    parts : list of bool
        For every part of the question, whether it is right.
    diagnoses : list of Diagnosis
        What is wrong; nothing if all is right.
    given : tuple of str
        The functions of earlier questions in whose place the right ones stood.
    """

    trials: list[Trial]
    parts: list[bool]
    diagnoses: list[Diagnosis]
    given: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether every part is right."""
        return all(self.parts)


def judge(question: Question, ask: Ask, seed: object, letter: str | None = None) -> Verdict:
    """Return the verdict on an answer; of a text there is none.

    Parameters
    ----------
    question : Function, Value or Choice
        What was asked.
    ask : callable
        Asks the submission.
    seed : object
        What the inputs depend on, besides the question.
    letter : str, optional
        The right letter of a choice. Without it every letter that can be chosen is right.
    """
    if isinstance(question, Function):
        trials = try_function(question, ask, generator(seed, question.name))
        parts = [
            all(trial.right for trial in trials if trial.part == number)
            for number in range(len(question.parts))
        ]
        return Verdict(trials, parts, diagnose_function(question, trials, ask))
    if isinstance(question, Value):
        trial = try_value(question, ask, question.reference())
    elif isinstance(question, Choice):
        trial = try_value(question, ask, letter or _letter(question, ask))
    else:
        raise TypeError(f"{question.name} is answered in words")
    return Verdict([trial], [trial.right], diagnose_value(question, trial))


def _letter(question: Choice, ask: Ask) -> str | None:
    """Return the letter that was chosen, if it is one of those that can be."""
    value = get(ask, question.variable).value
    given = value.strip().lower() if isinstance(value, str) else ""
    return given if given in list(question.options) else None


def follow(
    question: Question, first: Verdict, ask: Ask, seed: object, given: Iterable[str]
) -> Verdict:
    """Judge a wrong answer once more, with right functions in the place of the wrong earlier ones.

    The better verdict counts; what it says is of the answer itself and not of what it builds on.
    """
    second = replace(judge(question, ask, seed), given=tuple(given))
    if sum(second.parts) > sum(first.parts):
        return second
    same = [t.outcome for t in first.trials] == [t.outcome for t in second.trials]
    return first if same or sum(second.parts) < sum(first.parts) else second


def judge_all(
    assignment: Assignment,
    ask: Ask,
    begin: Begin,
    seed: object,
    letters: dict[str, str] | None = None,
    only: Iterable[str] = (),
) -> dict[str, Verdict]:
    """Return the verdicts on all answers but those in words, by the questions' names.

    Parameters
    ----------
    assignment : Assignment
        The questions.
    ask : callable
        Asks the submission, all of whose cells have run.
    begin : callable
        Takes names of functions, runs all cells anew with the right ones in their place, and
        returns how to ask then.
    seed : object
        What the inputs depend on, besides the questions.
    letters : dict, optional
        The right letters of the choices.
    only : iterable of str, optional
        The questions to judge; all if it is empty.
    """
    asked = [q for q in assignment.questions if not isinstance(q, Text)]
    wanted = set(only) or {question.name for question in asked}
    found: dict[str, Verdict] = {}
    for question in asked:
        # What a wanted question builds on is judged, too.
        if question.name in wanted or isinstance(question, Function):
            found[question.name] = judge(question, ask, seed, (letters or {}).get(question.name))
    for question in asked:
        if (
            question.name not in wanted
            or isinstance(question, Choice)
            or found[question.name].right
        ):
            continue
        given = _wrong_before(assignment, question, found)
        if not given or (isinstance(question, Value) and question.by_hand):
            continue
        again = with_given(ask, given) if isinstance(question, Function) else begin(given)
        found[question.name] = follow(question, found[question.name], again, seed, given)
    return {name: verdict for name, verdict in found.items() if name in wanted}


def _wrong_before(
    assignment: Assignment, question: Question, found: dict[str, Verdict]
) -> tuple[str, ...]:
    return tuple(
        other.function for other in assignment.before(question) if not found[other.name].right
    )
