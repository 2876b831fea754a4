"""How the assignment on half the squared error is judged."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook.classroom.questions.draw import (
    WHOLE,
    loop_slips,
    numbers,
    one_number,
    ordinary,
    single,
    slope_slips,
)
from lossbook.classroom.student.messages import N_
from lossbook.classroom.student.question import (
    Assignment,
    Choice,
    Function,
    Mistake,
    Section,
    Text,
    Value,
)

__all__ = ["ASSIGNMENT"]

#: The labels and predictions of the question that is answered with a pencil.
BY_HAND = (np.array([2.0, 5.0, 1.0, 4.0]), np.array([4.0, 5.0, 4.0, 3.0]))


def terms(t: Any, y: Any) -> Any:
    """Return what each sample costs."""
    return (y - t) ** 2 / 2


def loss(t: Any, y: Any) -> float:
    """Return the right answer of the second question."""
    return float(np.mean(terms(t, y)))


def gradient(t: Any, y: Any) -> Any:
    """Return the right answer of the third question."""
    return (y - t) / len(t)


ASSIGNMENT = Assignment(
    "template",
    N_("Half the squared error"),
    (
        Value(
            "q1",
            N_("By hand"),
            "loss_by_hand",
            lambda: loss(*BY_HAND),
            Section(N_("Why we need it")),
            # The wrong results that you expect, each with the name of its words.
            (
                Mistake("sum_for_mean", lambda: np.sum(terms(*BY_HAND))),
                Mistake("no_square", lambda: np.mean(BY_HAND[1] - BY_HAND[0])),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("The loss"),
            "half_squared_error",
            ("y_true", "y_pred"),
            "number",
            loss,
            (
                # Without the first part, ordinary inputs, the others earn nothing.
                ordinary(numbers),
                WHOLE,
                single(one_number),
            ),
            Section(N_("Why we need it")),
            # The wrong formulas that you expect, and the slips of a loop.
            (
                Mistake("absolute_for_square", lambda t, y: np.mean(np.abs(y - t))),
                Mistake("no_square", lambda t, y: np.mean(y - t)),
                *loop_slips(terms),
            ),
        ),
        Function(
            "q3",
            N_("The gradient"),
            "half_squared_error_gradient",
            ("y_true", "y_pred"),
            "array",
            gradient,
            (
                ordinary(numbers),
                single(one_number),
            ),
            Section(N_("The gradient")),
            slope_slips(gradient),
            gradient_of="half_squared_error",
        ),
        Choice("q4", N_("A slip of the pen"), "slip_effect", "abc", Section(N_("The gradient"))),
        Text("q5", N_("The same minimum"), Section(N_("The gradient"))),
    ),
)
