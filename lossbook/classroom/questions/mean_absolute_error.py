"""How the assignment on the mean absolute error is judged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.questions.draw import (
    WHOLE,
    apart,
    lines,
    loop_slips,
    nearly_right,
    numbers,
    one_number,
    ordinary,
    single,
    sizes,
    slope_slips,
    ties,
)
from lossbook.classroom.questions.mean_squared_error import descend, descent_mistakes, perfect
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
from lossbook.datasets import load_stars
from lossbook.losses import mean_absolute_error as mae
from lossbook.losses import mean_squared_error as mse

__all__ = ["ASSIGNMENT"]

BY_HAND = (np.array([5.0, 3.0, 9.0, 8.0]), np.array([8.0, 2.0, 9.0, 4.0]))
RIGHT: dict[str, Any] = {"gradient": mae.gradient, "decay": 0.5}
fit: Callable[..., Any] = functools.partial(descend, **RIGHT)


def _over_nonzero(t: Any, y: Any) -> Any:
    """Return the slopes divided by the number of errors that are not 0."""
    signs = np.sign(y - t)
    return signs / np.count_nonzero(signs)


def _labels(rng: Generator, even: bool) -> list[Arguments]:
    """Return labels one of which lies far away.

    In the middle stands neither the median nor one of the ends.
    """
    found: list[Arguments] = []
    for n in sizes(rng):
        count = 2 * n if even else 2 * n + 1
        t = np.sort(np.round(np.cumsum(rng.uniform(0.5, 2, count)), 2))
        t[-1] += float(rng.integers(20, 60))
        found.append((np.roll(t, n - 1),))
    return found


def _lines(rng: Generator, steps: int | None = None) -> list[Arguments]:
    """Return lines whose descent never meets a label exactly: there rounding would decide."""
    found: list[Arguments] = []
    while len(found) < (3 if steps is None else 1):
        for x, t, rate, n in lines(rng):
            count = n if steps is None else steps
            if all(
                np.abs(w * x + b - t).min() > 1e-9
                for w, b in (fit(x, t, rate, k) for k in range(count + 2))
            ):
                found.append((x, t, rate, count))
    return found[: 3 if steps is None else 1]


def _decay_upon_decay(x: Any, t: Any, learning_rate: float, steps: int) -> Any:
    """Return the line if each step divides the learning rate that the last one left."""
    w = b = 0.0
    for k in range(1, steps + 1):
        learning_rate /= k**0.5
        slope = mae.gradient(t, w * x + b)
        w, b = w - learning_rate * float(slope @ x), b - learning_rate * float(slope.sum())
    return np.array([w, b])


@functools.cache
def _stars() -> tuple[Any, Any]:
    stars = load_stars()
    light = stars.log_light
    return (light - light.mean()) / light.std(), stars.log_temperature


def _star_line(steps: int = 500, **change: Any) -> Any:
    """Return the line of the stars, by the formulas in plain NumPy: a student waits for it."""
    x, t = _stars()
    plain = {"gradient": lambda t, y: np.sign(y - t) / len(t), "decay": 0.5}
    return descend(x, t, 0.5, steps, **{**plain, **change})


def _star_slope(**change: Any) -> float:
    return float(_star_line(**change)[0])


ASSIGNMENT = Assignment(
    "mean_absolute_error",
    N_("Mean absolute error"),
    (
        Value(
            "q1",
            N_("By hand"),
            "mae_by_hand",
            lambda: mae(*BY_HAND),
            Section(N_("Why we need it")),
            (
                Mistake("sum_for_mean", lambda: mae(*BY_HAND, reduction="sum")),
                Mistake("half", lambda: mae(*BY_HAND) / 2),
                Mistake("square_for_absolute", lambda: mse(*BY_HAND)),
                Mistake("square_for_absolute", lambda: mse(*BY_HAND) ** 0.5),
                Mistake("no_square", lambda: np.mean(BY_HAND[1] - BY_HAND[0])),
                Mistake("no_square", lambda: np.mean(BY_HAND[0] - BY_HAND[1])),
                Mistake("n_minus_one", lambda: mae(*BY_HAND, reduction="sum") / 3),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("The loss"),
            "mean_absolute_error",
            ("y_true", "y_pred"),
            "number",
            mae,
            (
                ordinary(numbers),
                WHOLE,
                Part(N_("a perfect prediction"), perfect),
                single(one_number),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("square_for_absolute", mse),
                Mistake("square_for_absolute", lambda t, y: mse(t, y) ** 0.5),
                Mistake("no_square", lambda t, y: np.mean(y - t)),
                Mistake("no_square", lambda t, y: np.mean(t - y)),
                Mistake("no_square", lambda t, y: abs(np.mean(y - t))),
                Mistake("no_square", lambda t, y: abs(np.sum(y - t))),
                Mistake("broadcast", lambda t, y: np.mean(np.abs(t[:, None] - y))),
                *loop_slips(lambda t, y: np.abs(y - t)),
                Mistake("whole_numbers", lambda t, y: np.floor(mae(t, y))),
            ),
        ),
        Function(
            "q3",
            N_("The gradient, and the corner"),
            "mean_absolute_error_gradient",
            ("y_true", "y_pred"),
            "array",
            mae.gradient,
            (
                ordinary(apart),
                WHOLE,
                Part(N_("predictions that are right"), ties, wrong="tie", not_finite="tie"),
                Part(N_("predictions that are nearly right"), nearly_right, wrong="dead_zone"),
                single(lambda rng: [(t[:1], y[:1]) for t, y in apart(rng)]),
            ),
            Section(N_("The gradient")),
            (
                Mistake("square_for_absolute", mse.gradient),
                Mistake("square_for_absolute", lambda t, y: 0.5 * mse.gradient(t, y)),
                Mistake("whole_numbers", lambda t, y: np.floor(mae.gradient(t, y))),
                Mistake("divided_by_nonzero", _over_nonzero),
                *slope_slips(mae.gradient),
            ),
            gradient_of="mean_absolute_error",
        ),
        Function(
            "q4",
            N_("The best constant"),
            "best_constant",
            ("t",),
            "number",
            np.median,
            (
                Part(N_("an odd number of labels"), functools.partial(_labels, even=False)),
                Part(N_("an even number of labels"), functools.partial(_labels, even=True)),
                single(lambda rng: [(one_number(rng)[0][0],)]),
            ),
            Section(N_("Its properties")),
            (
                Mistake("mean_for_median", np.mean),
                Mistake("not_sorted", lambda t: t[len(t) // 2]),
                Mistake("not_sorted", lambda t: t[(len(t) - 1) // 2]),
                Mistake("not_sorted", lambda t: (t[(len(t) - 1) // 2] + t[len(t) // 2]) / 2),
            ),
            judge=lambda t, c: mae(t, np.full(len(t), float(c))),
        ),
        Function(
            "q5",
            N_("A line that settles down"),
            "fit_line",
            ("x", "t", "learning_rate", "steps"),
            "array",
            fit,
            (
                ordinary(_lines, not_finite="step_zero"),
                Part(N_("no step at all"), lambda rng: _lines(rng, 0)),
                Part(N_("many steps"), lambda rng: _lines(rng, 40)),
            ),
            Section(N_("On real data"), "examples"),
            (
                *descent_mistakes(**RIGHT),
                Mistake("no_decay", functools.partial(descend, gradient=mae.gradient)),
                Mistake("wrong_decay", functools.partial(fit, decay=1.0)),
                Mistake("wrong_decay", _decay_upon_decay),
                Mistake("square_for_absolute", functools.partial(descend, gradient=mse.gradient)),
                Mistake("square_for_absolute", functools.partial(fit, gradient=mse.gradient)),
            ),
        ),
        Value(
            "q6",
            N_("Stars"),
            "star_slope",
            _star_slope,
            Section(N_("On real data"), "examples"),
            (
                Mistake(
                    "square_for_absolute",
                    lambda: _star_slope(gradient=lambda t, y: 2 * (y - t) / len(t)),
                ),
                Mistake("no_decay", lambda: _star_slope(decay=0.0)),
                Mistake("wrong_order", lambda: float(_star_line()[1])),
                Mistake("one_step_less", lambda: _star_slope(steps=499)),
                Mistake("one_step_more", lambda: _star_slope(steps=501)),
            ),
        ),
        Choice("q7", N_("To the moon"), "what_moves", "abcd", Section(N_("Its properties"))),
        Text("q8", N_("Safe from outliers?"), Section(N_("Where it breaks"))),
    ),
)
