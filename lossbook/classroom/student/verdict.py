"""Whether an answer is right, by the same rules in `check` and in grading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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

__all__ = ["Verdict", "can_follow", "follow", "judge", "judge_all", "wrong_before"]

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
    same = [repr(t.outcome) for t in first.trials] == [repr(t.outcome) for t in second.trials]
    return first if same or sum(second.parts) < sum(first.parts) else second


def can_follow(question: Question, verdict: Verdict) -> bool:
    """Return whether an answer is wrong, and may be so for what it builds on."""
    if isinstance(question, Value):
        return not verdict.right and not question.by_hand
    return not verdict.right and isinstance(question, Function)


def wrong_before(
    assignment: Assignment, question: Question, found: Mapping[str, Verdict | Exception]
) -> tuple[str, ...]:
    """Return the functions of earlier questions that are wrong, from the verdicts on all."""
    return tuple(
        other.function
        for other in assignment.before(question)
        if isinstance(verdict := found.get(other.name), Verdict) and not verdict.right
    )


def judge_all(assignment: Assignment, ask: Ask, begin: Begin, seed: object) -> dict[str, Verdict]:
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
    """
    asked = [q for q in assignment.questions if not isinstance(q, Text)]
    found = {question.name: judge(question, ask, seed) for question in asked}
    for question in asked:
        first = found[question.name]
        given = wrong_before(assignment, question, found)
        if given and can_follow(question, first):
            again = with_given(ask, given) if isinstance(question, Function) else begin(given)
            found[question.name] = follow(question, first, again, seed, given)
    return found
