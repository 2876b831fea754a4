"""How the assignment on the mean squared error is judged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.questions.draw import (
    WHOLE,
    lines,
    loop_slips,
    numbers,
    one_number,
    ordinary,
    single,
    slope_slips,
)
from lossbook.classroom.student.messages import N_
from lossbook.classroom.student.question import (
    Arguments,
    Assignment,
    Choice,
    Function,
    Mistake,
    Part,
    Section,
    Text,
    Value,
)
from lossbook.datasets import load_penguins
from lossbook.losses import mean_absolute_error as mae
from lossbook.losses import mean_squared_error as mse

__all__ = ["ASSIGNMENT", "descend", "descent_mistakes", "perfect"]

BY_HAND = (np.array([1.0, 4.0, 7.0, 8.0]), np.array([3.0, 4.0, 3.0, 6.0]))


def perfect(rng: Generator) -> list[Arguments]:
    """Return predictions that are the labels."""
    t, _ = numbers(rng)[0]
    return [(t, t.copy())]


def descend(
    x: Any,
    t: Any,
    learning_rate: float,
    steps: int,
    *given: Any,
    gradient: Callable[..., Any] = mse.gradient,
    decay: float = 0.0,
    sign: float = -1.0,
    intercept: bool = True,
    no_input: bool = False,
    coupled: bool = False,
    factor: float = 1.0,
) -> Any:
    """Return the weight and intercept of a line after gradient descent, starting from zero.

    `gradient` is that of the loss, and `given` are its parameters; in step k the learning rate is
    divided by k to the power `decay`. The other keywords are the mistakes that students make.
    """
    w = b = 0.0
    for k in range(1, steps + 1):
        rate = sign * factor * learning_rate / k**decay
        slope = gradient(t, w * x + b, *given)
        step = rate * float(slope.sum() if no_input else slope @ x)
        if coupled:
            slope = gradient(t, (w + step) * x + b, *given)
        w += step
        b += rate * float(slope.sum()) if intercept else 0.0
    return np.array([w, b])


def descent_mistakes(**right: Any) -> tuple[Mistake, ...]:
    """Return the mistakes that students make in `descend` with the keywords that are right."""

    def wrong(**change: Any) -> Callable[..., Any]:
        return functools.partial(descend, **right, **change)

    return (
        Mistake("no_update", lambda x, t, rate, n, *given: np.zeros(2)),
        Mistake("ascent", wrong(sign=1.0)),
        Mistake("no_intercept", wrong(intercept=False)),
        Mistake("coupled_update", wrong(coupled=True)),
        Mistake("no_input", wrong(no_input=True)),
        Mistake("half_steps", wrong(factor=0.5)),
        Mistake("sum_steps", lambda x, *rest: wrong(factor=len(x))(x, *rest)),
        Mistake("mean_twice_steps", lambda x, *rest: wrong(factor=1 / len(x))(x, *rest)),
        Mistake(
            "one_step_only", lambda x, t, rate, n, *given: wrong()(x, t, rate, min(n, 1), *given)
        ),
        Mistake("one_step_less", lambda x, t, rate, n, *given: wrong()(x, t, rate, n - 1, *given)),
        Mistake("one_step_more", lambda x, t, rate, n, *given: wrong()(x, t, rate, n + 1, *given)),
        Mistake("wrong_order", lambda *arguments: wrong()(*arguments)[::-1]),
        *(
            Mistake(
                "fixed_rate",
                lambda x, t, _, n, *given, rate=rate: wrong()(x, t, rate, n, *given),
            )
            for rate in (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
        ),
    )


@functools.cache
def _penguins() -> tuple[Any, Any]:
    penguins = load_penguins()
    flipper = penguins.flipper_length_mm
    return (flipper - flipper.mean()) / flipper.std(), penguins.body_mass_g / 1000


def _penguin_loss(**mistake: Any) -> float:
    x, t = _penguins()
    w, b = descend(x, t, 0.1, 100, gradient=lambda t, y: 2 * (y - t) / len(t), **mistake)
    return mse(t, w * x + b)


ASSIGNMENT = Assignment(
    "mean_squared_error",
    N_("Mean squared error"),
    (
        Value(
            "q1",
            N_("By hand"),
            "mse_by_hand",
            lambda: mse(*BY_HAND),
            Section(N_("Why we need it")),
            (
                Mistake("sum_for_mean", lambda: mse(*BY_HAND, reduction="sum")),
                Mistake("half", lambda: mse(*BY_HAND) / 2),
                Mistake("root", lambda: mse(*BY_HAND) ** 0.5),
                Mistake("absolute_for_square", lambda: mae(*BY_HAND)),
                Mistake("no_square", lambda: np.mean(BY_HAND[1] - BY_HAND[0])),
                Mistake("no_square", lambda: np.mean(BY_HAND[0] - BY_HAND[1])),
                Mistake("n_minus_one", lambda: mse(*BY_HAND, reduction="sum") / 3),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("The loss"),
            "mean_squared_error",
            ("y_true", "y_pred"),
            "number",
            mse,
            (
                ordinary(numbers),
                WHOLE,
                Part(N_("a perfect prediction"), perfect),
                single(one_number),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("absolute_for_square", mae),
                Mistake("no_square", lambda t, y: np.mean(y - t)),
                Mistake("no_square", lambda t, y: np.mean(t - y)),
                Mistake("no_square", lambda t, y: np.mean(y - t) ** 2),
                Mistake("no_square", lambda t, y: abs(np.mean(y - t))),
                Mistake("broadcast", lambda t, y: np.mean((t[:, None] - y) ** 2)),
                *loop_slips(lambda t, y: (y - t) ** 2),
                Mistake("whole_numbers", lambda t, y: np.floor(mse(t, y))),
            ),
        ),
        Function(
            "q3",
            N_("The gradient"),
            "mean_squared_error_gradient",
            ("y_true", "y_pred"),
            "array",
            mse.gradient,
            (
                ordinary(numbers),
                WHOLE,
                single(one_number),
            ),
            Section(N_("The gradient")),
            (
                Mistake("absolute_for_square", mae.gradient),
                Mistake("whole_numbers", lambda t, y: np.floor(mse.gradient(t, y))),
                *slope_slips(mse.gradient),
            ),
            gradient_of="mean_squared_error",
        ),
        Function(
            "q4",
            N_("A line that learns"),
            "fit_line",
            ("x", "t", "learning_rate", "steps"),
            "array",
            descend,
            (
                ordinary(lines),
                Part(N_("no step at all"), lambda rng: [(*lines(rng)[0][:3], 0)]),
                Part(N_("many steps"), lambda rng: [(*lines(rng)[0][:3], 60)]),
            ),
            Section(N_("The scale of the gradient"), "examples"),
            descent_mistakes(),
        ),
        Value(
            "q5",
            N_("Penguins"),
            "penguin_loss",
            _penguin_loss,
            Section(N_("On real data"), "examples"),
            (
                Mistake("half", lambda: _penguin_loss() / 2),
                Mistake("sum_for_mean", lambda: _penguin_loss() * 333),
                Mistake("root", lambda: _penguin_loss() ** 0.5),
                Mistake("wrong_unit", lambda: _penguin_loss() * 1e6),
                Mistake("no_intercept", lambda: _penguin_loss(intercept=False)),
            ),
        ),
        Choice(
            "q6", N_("A slip of the pen"), "outlier_effect", "abcd", Section(N_("The gradient"))
        ),
        Text("q7", N_("The same minimum"), Section(N_("Three ways to write it"))),
    ),
)
