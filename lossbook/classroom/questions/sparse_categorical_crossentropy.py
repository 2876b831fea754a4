"""How the assignment on sparse categorical cross-entropy is judged."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook import softmax
from lossbook.classroom.questions.categorical_crossentropy import (
    descent,
    large_rows,
    plain_softmax,
    row_logits,
    table_sizes,
)
from lossbook.classroom.questions.draw import (
    distributions,
    far_rows,
    labels_of,
    loop_slips,
    one_hot_rows,
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
from lossbook.datasets import load_digits
from lossbook.losses import sparse_categorical_crossentropy as scce

__all__ = ["ASSIGNMENT", "chosen", "shifted"]

BY_HAND = (
    np.array([1, 3, 0]),
    np.array([[0.125, 0.5, 0.25, 0.125], [0.5, 0.125, 0.125, 0.25], [0.125, 0.25, 0.125, 0.5]]),
)
logits_loss = scce.from_logits


def chosen(t: Any, rows: Any) -> Any:
    """Return the entry of every row at its label."""
    return rows[np.arange(len(t)), t]


def shifted(t: Any, rows: Any) -> Any:
    """Return labels that are one too small, where -1 is the last class."""
    return (np.asarray(t) - 1) % np.shape(rows)[1]


def _minus_log(t: Any, rows: Any) -> Any:
    return -np.mean(np.log(chosen(t, rows)))


def _broadcast(t: Any, rows: Any) -> Any:
    return -np.mean(np.log(rows[:, t]))


# --- inputs ---------------------------------------------------------------------------------------


def _labels_and_chances(rng: Generator) -> list[Arguments]:
    return [(labels_of(rng, n, c), distributions(rng, n, c)) for n, c in table_sizes(rng)]


def _labels_and_logits(rng: Generator) -> list[Arguments]:
    return [(labels_of(rng, n, c), row_logits(rng, n, c)) for n, c in table_sizes(rng)]


def _perfect(rng: Generator) -> list[Arguments]:
    t = labels_of(rng, 5, 3)
    return [(t, one_hot_rows(t, 3))]


def _excluded(rng: Generator) -> list[Arguments]:
    """Return predictions that exclude a class that is not the true one."""
    t = labels_of(rng, 4, 3)
    y = distributions(rng, 4, 3)
    y[0] = 0.25
    y[0, t[0]] = 0.75
    y[0, (t[0] + 1) % 3] = 0.0
    return [(t, y)]


def _nearly_excluded(rng: Generator) -> list[Arguments]:
    tiny = float(rng.uniform(1e-30, 9e-30))
    return [(np.array([1, 0]), np.array([[1.0, tiny], [0.5, 0.5]]))]


def _many_classes(rng: Generator) -> list[Arguments]:
    return [(np.array([2, 0, 5]), distributions(rng, 3, 9))]


def _many_logits(rng: Generator) -> list[Arguments]:
    return [(np.array([2, 0, 5]), row_logits(rng, 3, 9))]


def _large(rng: Generator) -> list[Arguments]:
    """Return large logits, and a row in which the true class has almost no chance."""
    return [
        (labels_of(rng, 4, 3), large_rows(rng)),
        (np.array([1]), np.array([[1000.0, 2.0, 1001.0]])),
    ]


def _labels_and_count(rng: Generator) -> list[Arguments]:
    return [(labels_of(rng, n, c), c) for n, c in table_sizes(rng)]


# --- digits ---------------------------------------------------------------------------------------


@functools.cache
def _digits() -> tuple[Any, Any]:
    digits = load_digits()
    return digits.images[:500].reshape(500, 64) / 16, digits.labels[:500]


@functools.cache
def _path(rate: float) -> list[Any]:
    x, t = _digits()
    return descent(x, one_hot_rows(t, 10), rate, 31)


def _digits_loss(rate: float = 0.5, steps: int = 30) -> float:
    x, t = _digits()
    return logits_loss(t, x @ _path(rate)[steps])


LARGE = Part(N_("large logits"), _large, wrong="overflow", not_finite="overflow")
LARGE_LOSS = dataclasses.replace(LARGE, wrong="overflow_of_rows", not_finite="overflow_of_rows")
FAR_APART = Part(
    N_("logits that lie far apart"),
    lambda rng: [(np.array([1, 2, 0, 1]), far_rows(rng))],
    wrong="wrong_shift",
    not_finite="wrong_shift",
)
MANY = Part(N_("more classes than samples"), _many_logits, wrong="missing_classes")
ONE_ROW = single(lambda rng: [(np.array([2]), row_logits(rng, 1, 4))])

ASSIGNMENT = Assignment(
    "sparse_categorical_crossentropy",
    N_("Sparse categorical cross-entropy"),
    (
        Value(
            "q1",
            N_("By hand"),
            "scce_by_hand",
            lambda: scce(*BY_HAND),
            Section(N_("Why we need it")),
            (
                Mistake("sum_for_mean", lambda: scce(*BY_HAND, reduction="sum")),
                Mistake("off_by_one", lambda: scce(shifted(*BY_HAND), BY_HAND[1])),
                Mistake("mean_over_classes", lambda: scce(*BY_HAND) / 4),
                Mistake("divided_by_classes", lambda: scce(*BY_HAND) * 3 / 4),
                Mistake("no_logarithm", lambda: np.mean(chosen(*BY_HAND))),
                Mistake("mean_in_logarithm", lambda: -np.log(np.mean(chosen(*BY_HAND)))),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("From probabilities"),
            "sparse_categorical_crossentropy",
            ("y_true", "y_pred"),
            "number",
            scce,
            (
                ordinary(_labels_and_chances),
                Part(
                    N_("a perfect prediction"),
                    _perfect,
                    wrong="coarse_guard",
                    not_finite="nan_on_perfect",
                ),
                Part(
                    N_("a class that is excluded"),
                    _excluded,
                    wrong="unlabeled_classes",
                    not_finite="unlabeled_classes",
                ),
                Part(N_("nearly sure and wrong"), _nearly_excluded, wrong="coarse_guard"),
                Part(
                    N_("more classes than samples"),
                    _many_classes,
                    wrong="missing_classes",
                ),
                single(lambda rng: [(np.array([2]), distributions(rng, 1, 4))]),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("off_by_one", lambda t, y: scce(shifted(t, y), y)),
                Mistake("whole_columns", _broadcast),
                Mistake(
                    "one_hot_expected", lambda t, y: -np.mean(np.sum(t[:, None] * np.log(y), 1))
                ),
                Mistake("one_hot_expected", lambda t, y: -np.mean(t[:, None] * np.log(y))),
                Mistake("no_logarithm", lambda t, y: np.mean(chosen(t, y))),
                Mistake("no_logarithm", lambda t, y: -np.mean(chosen(t, y))),
                Mistake("no_logarithm", lambda t, y: 1 - np.mean(chosen(t, y))),
                Mistake("mean_in_logarithm", lambda t, y: -np.log(np.mean(chosen(t, y)))),
                Mistake("rows_by_label", lambda t, y: -np.mean(np.log(y[t]))),
                Mistake("rows_by_label", lambda t, y: -np.sum(np.log(y[t])) / len(t)),
                Mistake("divided_by_classes", lambda t, y: scce(t, y) * len(t) / y.shape[1]),
                Mistake("wrong_class", lambda t, y: -np.mean(np.log(y.max(axis=1)))),
                Mistake("unlabeled_classes", lambda t, y: -np.sum(np.log(y)) / len(t)),
                Mistake("unlabeled_classes", lambda t, y: -np.mean(np.log(y))),
                Mistake("softmax_twice", logits_loss),
                *loop_slips(lambda t, y: scce(t, y, reduction="none")),
            ),
        ),
        Function(
            "q3",
            N_("One-hot rows"),
            "to_one_hot",
            ("labels", "classes"),
            "array",
            one_hot_rows,
            (
                ordinary(_labels_and_count),
                Part(
                    N_("classes without a sample"),
                    lambda rng: [(labels_of(rng, 5, 3), 6)],
                ),
                single(lambda _: [(np.array([2]), 4)]),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("off_by_one", lambda t, c: one_hot_rows((t - 1) % c, c)),
                Mistake(
                    "whole_columns", lambda t, c: 0 * t[:, None] + one_hot_rows(t, c).max(axis=0)
                ),
                Mistake("inverted", lambda t, c: 1 - one_hot_rows(t, c)),
                Mistake("not_ones", lambda t, c: one_hot_rows(t, c) * t[:, None]),
                Mistake("not_ones", lambda t, c: one_hot_rows(t, c) * (t[:, None] + 1)),
            ),
        ),
        Function(
            "q4",
            N_("From logits"),
            "from_logits",
            ("y_true", "logits"),
            "number",
            logits_loss,
            (ordinary(_labels_and_logits), LARGE_LOSS, FAR_APART, MANY, ONE_ROW),
            Section(N_("The gradient")),
            (
                Mistake("off_by_one", lambda t, z: logits_loss(shifted(t, z), z)),
                Mistake("divided_by_classes", lambda t, z: logits_loss(t, z) * len(t) / z.shape[1]),
                Mistake("wrong_axis", lambda t, z: _minus_log(t, plain_softmax(z, 0))),
                Mistake("whole_array", lambda t, z: _minus_log(t, plain_softmax(z, None))),
                Mistake("no_softmax", lambda t, z: -np.mean(chosen(t, z))),
                Mistake("softmax_twice", lambda t, z: logits_loss(t, softmax(z))),
                Mistake("no_logarithm", lambda t, z: np.mean(chosen(t, softmax(z)))),
                Mistake("no_logarithm", lambda t, z: -np.mean(chosen(t, softmax(z)))),
                Mistake("whole_columns", lambda t, z: _broadcast(t, softmax(z))),
                Mistake(
                    "not_undone",
                    lambda t, z: logits_loss(t, z) - np.mean(z.max(axis=1)),
                ),
                Mistake("not_undone", lambda t, z: logits_loss(t, z) + np.mean(z.max(axis=1))),
                *loop_slips(lambda t, z: logits_loss(t, z, reduction="none")),
            ),
        ),
        Function(
            "q5",
            N_("The gradient"),
            "from_logits_gradient",
            ("y_true", "logits"),
            "array",
            logits_loss.gradient,
            (ordinary(_labels_and_logits), LARGE, FAR_APART, MANY, ONE_ROW),
            Section(N_("The gradient")),
            (
                Mistake("off_by_one", lambda t, z: logits_loss.gradient(shifted(t, z), z)),
                Mistake("no_label", lambda t, z: softmax(z) / len(t)),
                Mistake(
                    "probability_gradient",
                    lambda t, z: -one_hot_rows(t, z.shape[1]) / softmax(z) / len(t),
                ),
                Mistake("no_softmax", lambda t, z: (z - one_hot_rows(t, z.shape[1])) / len(t)),
                Mistake(
                    "wrong_axis",
                    lambda t, z: (plain_softmax(z, 0) - one_hot_rows(t, z.shape[1])) / len(t),
                ),
                Mistake(
                    "whole_array",
                    lambda t, z: (plain_softmax(z, None) - one_hot_rows(t, z.shape[1])) / len(t),
                ),
                Mistake("one_hot_expected", lambda t, z: (softmax(z) - t[:, None]) / len(t)),
                Mistake(
                    "only_true_class",
                    lambda t, z: logits_loss.gradient(t, z) * one_hot_rows(t, z.shape[1]),
                ),
                Mistake(
                    "divided_early",
                    lambda t, z: softmax(z) / len(t) - one_hot_rows(t, z.shape[1]),
                ),
                Mistake(
                    "divided_early",
                    lambda t, z: softmax(z) - one_hot_rows(t, z.shape[1]) / len(t),
                ),
                Mistake(
                    "whole_columns",
                    lambda t, z: (softmax(z) - one_hot_rows(t, z.shape[1]).max(axis=0)) / len(t),
                ),
                *slope_slips(logits_loss.gradient),
            ),
            gradient_of="from_logits",
        ),
        Value(
            "q6",
            N_("Digits"),
            "digits_loss",
            _digits_loss,
            Section(N_("On real data"), "examples"),
            (
                Mistake("sum_for_mean", lambda: _digits_loss() * 500),
                Mistake("no_update", lambda: np.log(10)),
                Mistake("ascent", lambda: _digits_loss(-0.5)),
                Mistake("one_step_less", lambda: _digits_loss(steps=29)),
                Mistake("one_step_more", lambda: _digits_loss(steps=31)),
            ),
        ),
        Choice(
            "q7", N_("Labels from 1"), "labels_from_one", "abcd", Section(N_("Where it breaks"))
        ),
        Text("q8", N_("After the update"), Section(N_("Where it breaks"))),
    ),
)
