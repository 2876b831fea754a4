"""What a question is: how its inputs are drawn, what the answer is, and which mistakes are known.

How many points a question is worth stands in the assignment's notebook, and nowhere else.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

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
    "Section",
    "Text",
    "Value",
    "generator",
    "load",
]

Arguments = tuple[Any, ...]

#: What every notebook says: five digits count of what is computed, three of what is worked out.
DIGITS = 1e-5
DIGITS_BY_HAND = 1e-3


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
class Section:
    """A section to be read again, of the assignment's chapter unless another is named.

    Attributes
    ----------
    title : str
        Its heading.
    page : str
        The page of the chapter.
    chapter : str
        The chapter; by default the assignment's own.
    words : str
        What students read, translated where it is shown; by default the heading.
    """

    title: str
    page: str = "derivation"
    chapter: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """What students read, before it is translated."""
        return self.words or self.title

    def address(self, assignment: str) -> str:
        """Return the section's address below that of the book.

        >>> from lossbook.classroom.student.question import Section
        >>> Section("Why we need it").address("mean_squared_error")
        'chapters/mean_squared_error/derivation.html#why-we-need-it'
        >>> Section("The gradient", chapter="huber").address("pinball")
        'chapters/huber/derivation.html#the-gradient'
        """
        place = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
        return f"chapters/{self.chapter or assignment}/{self.page}.html#{place}"


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
    title : str
        Its title, as the notebook's heading has it; translated where it is shown.
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
    reading : Section
        What to read again.
    tolerance : float
        By which share of the largest number an answer may differ; the same for all questions.
    """

    name: str
    title: str
    function: str
    parameters: tuple[str, ...]
    returns: Literal["number", "array"]
    reference: Callable[..., Any]
    parts: tuple[Part, ...]
    reading: Section
    mistakes: tuple[Mistake, ...] = ()
    gradient_of: str = ""
    judge: Callable[..., float] | None = None
    tolerance: ClassVar[float] = DIGITS


@dataclass(frozen=True)
class Value:
    """A question that is answered by a number or an array in a variable.

    The attributes are those of `Function`. ``by_hand`` says that it is worked out with a pencil,
    and needs fewer digits. ``uses`` names the functions of earlier questions that it is computed
    with; by default all of them.
    """

    name: str
    title: str
    variable: str
    reference: Callable[[], Any]
    reading: Section
    mistakes: tuple[Mistake, ...] = ()
    by_hand: bool = False
    uses: tuple[str, ...] = ()

    @property
    def tolerance(self) -> float:
        """By which share an answer may differ; the same for all questions of a kind."""
        return DIGITS_BY_HAND if self.by_hand else DIGITS


@dataclass(frozen=True)
class Choice:
    """A question that is answered by one letter; the right one stands in the solution only."""

    name: str
    title: str
    variable: str
    options: str
    reading: Section


@dataclass(frozen=True)
class Text:
    """A question that is answered in words and graded by a teacher."""

    name: str
    title: str
    reading: Section


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

    def before(self, question: Question) -> list[Function]:
        """Return the functions that are written before a question, which may build on them."""
        earlier = self.questions[: self.questions.index(question)]
        return [other for other in earlier if isinstance(other, Function)]


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
