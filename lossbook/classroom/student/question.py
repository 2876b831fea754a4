"""What a question is: how its inputs are drawn, what the answer is, and which mistakes are known.

How many points a question is worth stands in the assignment's notebook, and nowhere else.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.random import Generator

from lossbook.classroom.student.messages import _

__all__ = [
    "Assignment",
    "Choice",
    "Function",
    "Mistake",
    "Part",
    "Question",
    "Text",
    "Value",
    "generator",
    "load",
]

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Mistake:
    """A wrong formula that students write.

    Attributes
    ----------
    name : str
        The diagnosis: a key of `lossbook.classroom.student.diagnose.MESSAGES`.
    formula : callable
        Takes the question's arguments and returns what the mistake returns.
    """

    name: str
    formula: Callable[..., Any]


@dataclass(frozen=True)
class Part:
    """One aspect of a function that is checked.

    Attributes
    ----------
    title : str
        What is checked, in words; translated where it is shown.
    draw : callable
        Takes a `numpy.random.Generator` and returns a list of argument tuples.
    wrong : str
        The diagnosis where an answer is finite and wrong, and no known mistake explains it.
    not_finite : str
        The diagnosis where an answer is NaN or infinite and should not be.
    """

    title: str
    draw: Callable[[Generator], list[Arguments]]
    wrong: str = "differs"
    not_finite: str = "not_finite"


@dataclass(frozen=True)
class Function:
    """A question that is answered by a function.

    Attributes
    ----------
    name : str
        The question's name, which is also the ``grade_id`` of its check cell.
    function : str
        The name of the function that the student writes.
    parameters : tuple of str
        The names of its parameters.
    returns : {"number", "array"}
        What it returns.
    reference : callable
        Returns the right answer.
    parts : tuple of Part
        What is checked. Without the first part, ordinary inputs, the others earn nothing.
    mistakes : tuple of Mistake
        The wrong formulas that are told apart by name.
    gradient_of : str
        If the function is a gradient with respect to its second argument: the name of the
        student's own loss, with the same parameters.
    judge : callable, optional
        Where many answers are right: takes the arguments and the answer, and returns the number
        that is compared, for the reference too.
    tolerance : float
        The relative tolerance.
    reading : str
        What to read.
    """

    name: str
    function: str
    parameters: tuple[str, ...]
    returns: Literal["number", "array"]
    reference: Callable[..., Any]
    parts: tuple[Part, ...]
    reading: str
    mistakes: tuple[Mistake, ...] = ()
    gradient_of: str = ""
    judge: Callable[..., float] | None = None
    tolerance: float = 1e-6


@dataclass(frozen=True)
class Value:
    """A question that is answered by a number or an array in a variable."""

    name: str
    variable: str
    reference: Callable[[], Any]
    reading: str
    mistakes: tuple[Mistake, ...] = ()
    tolerance: float = 1e-3


@dataclass(frozen=True)
class Choice:
    """A question that is answered by one letter; the right one stands in the solution only."""

    name: str
    variable: str
    options: str
    reading: str


@dataclass(frozen=True)
class Text:
    """A question that is answered in words and graded by a teacher."""

    name: str
    reading: str


Question = Function | Value | Choice | Text


@dataclass(frozen=True)
class Assignment:
    """An assignment: its name, which is its chapter's, its title and its questions in order."""

    name: str
    title: str
    questions: tuple[Question, ...]

    def __getitem__(self, name: str) -> Question:
        for question in self.questions:
            if question.name == name:
                return question
        known = ", ".join(question.name for question in self.questions)
        raise ValueError(
            _("question is {value}; expected one of {known}").format(value=repr(name), known=known)
        )


def load(name: str) -> Assignment:
    """Return the assignment with this name.

    Raises
    ------
    ValueError
        If there is none.
    """
    module = f"lossbook.classroom.questions.{name}"
    if re.fullmatch(r"[a-z][a-z0-9_]*", name):
        try:
            assignment = importlib.import_module(module).ASSIGNMENT
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
        else:
            assert isinstance(assignment, Assignment)
            return assignment
    raise ValueError(
        _(
            "assignment is {value}; expected the name of a module in lossbook.classroom.questions"
        ).format(value=repr(name))
    )


def generator(*key: object) -> Generator:
    """Return a generator whose numbers depend on nothing but `key`.

    >>> from lossbook.classroom.student.question import generator
    >>> bool(generator(7, "kim", "q1").random() == generator(7, "kim", "q1").random())
    True
    """
    digest = hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
