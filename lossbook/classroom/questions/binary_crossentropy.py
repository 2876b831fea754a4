"""How the assignment on binary cross-entropy is judged."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook import sigmoid
from lossbook.classroom.questions.draw import (
    chances,
    chances_and_labels,
    labels_and_logits,
    labels_of,
    lines,
    loop_slips,
    ordinary,
    single,
    slope_slips,
)
from lossbook.classroom.questions.mean_squared_error import descend, descent_mistakes
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
from lossbook.datasets import load_challenger
from lossbook.losses import binary_crossentropy as bce
from lossbook.losses import mean_squared_error as mse

__all__ = ["ASSIGNMENT"]

BY_HAND = (np.array([1, 0, 1]), np.array([0.5, 0.5, 0.25]))
GUARD = 1e-12
logits_loss = bce.from_logits
fit = functools.partial(descend, gradient=logits_loss.gradient)


def guarded(t: Any, y: Any, guard: float = GUARD) -> float:
    """Return the loss of probabilities that are kept away from 0 and 1."""
    return bce(t, np.clip(y, guard, 1.0 - guard))


def _perfect(_: Generator) -> list[Arguments]:
    """Return one class after the other, so that half a guard can be told from none."""
    return [(np.zeros(3, int), np.zeros(3)), (np.ones(4, int), np.ones(4))]


def _sure_and_wrong(_: Generator) -> list[Arguments]:
    return [(np.array([1, 0]), np.array([0.0, 0.5])), (np.array([0, 1]), np.array([1.0, 0.5]))]


def _nearly_sure(rng: Generator) -> list[Arguments]:
    tiny = float(rng.uniform(1e-6, 9e-6))
    return [
        (np.array([1, 0]), np.array([tiny, 0.5])),
        (np.array([1, 0]), np.array([0.5, 1 - tiny])),
    ]


def _one_chance(rng: Generator) -> list[Arguments]:
    return [(np.array([label]), chances(rng, 1)) for label in (0, 1)]


def _one_logit(rng: Generator) -> list[Arguments]:
    return [(np.array([label]), np.round(rng.uniform(-4, 4, 1), 2)) for label in (0, 1)]


def _large(rng: Generator) -> list[Arguments]:
    size = float(rng.integers(800, 5000))
    found = [(labels_of(rng, 4), sign * np.array([size, -size, 40.0, 0.5])) for sign in (1.0, -1.0)]
    return [*found, (np.array([1, 0]), np.array([-size, 1.0]))]


def _lines(rng: Generator, steps: int | None = None) -> list[Arguments]:
    """Return inputs, labels 0 and 1 that follow them loosely, a learning rate and steps."""
    return [
        (x, np.where(rng.random(len(x)) < 0.2, t < 1.5, t > 1.5).astype(int), 10 * rate, steps or n)
        for x, t, rate, n in lines(rng)
    ]


def _only(label: int, t: Any, y: Any) -> Any:
    """Return the mean of one of the two terms of the loss."""
    p = y if label else 1 - y
    return -np.mean(np.where(t == label, np.log(p), 0.0))


def _no_logarithm(t: Any, y: Any) -> Any:
    return np.mean(np.where(t == 1, y, 1 - y))


def _largest_of_all(t: Any, z: Any) -> Any:
    """Return the loss with the largest of all logits where each is compared with 0."""
    return np.mean(np.max(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))


@functools.cache
def _flights() -> tuple[Any, Any]:
    flights = load_challenger()
    x = flights.temperature_fahrenheit
    return (x - x.mean()) / x.std(), flights.any_distress


def _flight_loss(**mistake: Any) -> float:
    x, t = _flights()
    # The formula in plain NumPy: a student waits for it, and here no logit is large.
    plain = {"gradient": lambda t, z: (1 / (1 + np.exp(-z)) - t) / len(t)}
    w, b = descend(x, t, 0.5, 200, **{**plain, **mistake})
    return logits_loss(t, w * x + b)


LARGE = Part(
    N_("large logits"), _large, wrong="overflow_of_sigmoid", not_finite="overflow_of_sigmoid"
)

ASSIGNMENT = Assignment(
    "binary_crossentropy",
    N_("Binary cross-entropy"),
    (
        Value(
            "q1",
            N_("By hand"),
            "bce_by_hand",
            lambda: bce(*BY_HAND),
            Section(N_("Why we need it")),
            (
                Mistake("sum_for_mean", lambda: bce(*BY_HAND, reduction="sum")),
                Mistake("one_class_only", lambda: _only(1, *BY_HAND)),
                Mistake("one_class_only", lambda: _only(0, *BY_HAND)),
                Mistake("wrong_class", lambda: bce(1 - BY_HAND[0], BY_HAND[1])),
                Mistake("no_logarithm", lambda: _no_logarithm(*BY_HAND)),
                Mistake("mean_in_logarithm", lambda: -np.log(_no_logarithm(*BY_HAND))),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("From probabilities"),
            "binary_crossentropy",
            ("y_true", "y_pred"),
            "number",
            guarded,
            (
                ordinary(chances_and_labels),
                Part(
                    N_("a perfect prediction"),
                    _perfect,
                    wrong="coarse_guard",
                    not_finite="nan_on_perfect",
                ),
                Part(
                    N_("sure and wrong"),
                    _sure_and_wrong,
                    wrong="coarse_guard",
                    not_finite="no_guard",
                ),
                Part(N_("nearly sure and wrong"), _nearly_sure, wrong="coarse_guard"),
                single(_one_chance),
            ),
            Section(N_("Is it zero when the prediction is right?")),
            (
                Mistake("one_class_only", functools.partial(_only, 1)),
                Mistake("one_class_only", functools.partial(_only, 0)),
                Mistake("inverted", lambda t, y: guarded(1 - t, y)),
                Mistake("no_logarithm", _no_logarithm),
                Mistake("no_logarithm", lambda t, y: -_no_logarithm(t, y)),
                Mistake("no_logarithm", lambda t, y: np.mean(np.abs(t - y))),
                Mistake("broadcast", lambda t, y: np.mean([guarded(0 * t + a, y) for a in t])),
                Mistake("mean_in_logarithm", lambda t, y: -np.log(_no_logarithm(t, y))),
                *loop_slips(lambda t, y: bce(t, y, reduction="none")),
                *(
                    Mistake("fine_guard", functools.partial(guarded, guard=guard))
                    for guard in (1e-13, 1e-14, 1e-15, 2.0**-52, 1e-16)
                ),
                *(
                    Mistake("coarse_guard", functools.partial(guarded, guard=guard))
                    for guard in (1e-2, 1e-3, 1e-4)
                ),
            ),
        ),
        Function(
            "q3",
            N_("From logits"),
            "from_logits",
            ("y_true", "logits"),
            "number",
            logits_loss,
            (
                ordinary(labels_and_logits),
                LARGE,
                single(_one_logit),
            ),
            Section(N_("From logits")),
            (
                Mistake("inverted", lambda t, z: logits_loss(1 - t, z)),
                Mistake("one_class_only", lambda t, z: _only(1, t, sigmoid(z))),
                Mistake("one_class_only", lambda t, z: _only(0, t, sigmoid(z))),
                Mistake("no_logarithm", lambda t, z: _no_logarithm(t, sigmoid(z))),
                Mistake("no_softmax", lambda t, z: guarded(t, z)),
                Mistake("no_softmax", lambda t, z: guarded(t, np.clip(z, 1e-15, 1 - 1e-15))),
                Mistake("broadcast", lambda t, z: np.mean([logits_loss(0 * t + a, z) for a in t])),
                Mistake("max_for_maximum", _largest_of_all),
                *loop_slips(lambda t, z: logits_loss(t, z, reduction="none")),
            ),
        ),
        Function(
            "q4",
            N_("The gradient"),
            "from_logits_gradient",
            ("y_true", "logits"),
            "array",
            logits_loss.gradient,
            (
                ordinary(labels_and_logits),
                LARGE,
                single(_one_logit),
            ),
            Section(N_("From logits")),
            (
                Mistake("probability_gradient", lambda t, z: bce.gradient(t, sigmoid(z))),
                Mistake("no_label", lambda t, z: sigmoid(z) / len(z)),
                Mistake("no_softmax", lambda t, z: (z - t) / len(z)),
                Mistake("inverted", lambda t, z: logits_loss.gradient(1 - t, z)),
                Mistake(
                    "square_for_crossentropy",
                    lambda t, z: mse.gradient(t, sigmoid(z)) * sigmoid(z) * (1 - sigmoid(z)),
                ),
                *slope_slips(logits_loss.gradient),
            ),
            gradient_of="from_logits",
        ),
        Function(
            "q5",
            N_("A line of logits"),
            "fit_line",
            ("x", "t", "learning_rate", "steps"),
            "array",
            fit,
            (
                ordinary(_lines),
                Part(N_("no step at all"), lambda rng: [(*_lines(rng)[0][:3], 0)]),
                Part(N_("many steps"), lambda rng: _lines(rng, 60)[:1]),
            ),
            Section(N_("On real data"), "examples"),
            (
                *descent_mistakes(gradient=logits_loss.gradient),
                Mistake(
                    "no_softmax", functools.partial(descend, gradient=lambda t, z: (z - t) / len(z))
                ),
            ),
        ),
        Value(
            "q6",
            N_("The flights before Challenger"),
            "flight_loss",
            _flight_loss,
            Section(N_("On real data"), "examples"),
            (
                Mistake("sum_for_mean", lambda: _flight_loss() * 23),
                Mistake("no_intercept", lambda: _flight_loss(intercept=False)),
            ),
        ),
        Choice("q7", N_("Sure and wrong"), "which_losses", "abcd", Section(N_("Where it breaks"))),
        Text("q8", N_("A small loss"), Section(N_("Its properties"))),
    ),
)
