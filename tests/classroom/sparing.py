"""Assignments that judge hundreds of answers: nothing is drawn or computed twice."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.student.question import Assignment, Choice, Function, Question, Text, load

__all__ = ["questions"]


@functools.cache
def questions(name: str) -> Assignment:
    """Return an assignment whose questions are to judge many answers."""
    found = load(name)
    return replace(found, questions=tuple(map(sparing, found.questions)))


def key(argument: Any) -> Any:
    """Return what two arguments share if they hold the same."""
    if isinstance(argument, np.ndarray):
        return argument.dtype.str, argument.shape, argument.tobytes()
    return type(argument), argument


def once(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Return a formula that is computed once for the same arguments: a bank asks it often."""
    known: dict[Any, Any] = {}

    def computed(*arguments: Any) -> Any:
        name = tuple(map(key, arguments))
        if name not in known:
            known[name] = formula(*arguments)
        return known[name]

    return computed


def drawn_once(draw: Callable[[Generator], Any]) -> Callable[[Generator], Any]:
    """Return the same inputs for a generator in the same state, and leave it in the same state."""
    known: dict[str, Any] = {}

    def drawn(rng: Generator) -> Any:
        before = repr(rng.bit_generator.state)
        if before not in known:
            known[before] = draw(rng), rng.bit_generator.state
        found, rng.bit_generator.state = known[before]
        return found

    return drawn


def sparing(question: Question) -> Question:
    """Return a question that draws the same inputs, and computes the same formulas, once."""
    if isinstance(question, Choice | Text):
        return question
    mistakes = tuple(replace(m, formula=once(m.formula)) for m in question.mistakes)
    made = replace(question, mistakes=mistakes, reference=once(question.reference))
    if isinstance(made, Function):
        parts = tuple(replace(part, draw=drawn_once(part.draw)) for part in made.parts)
        return replace(made, parts=parts, judge=made.judge and once(made.judge))
    return made
