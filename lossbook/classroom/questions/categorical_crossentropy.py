"""How the assignment on categorical cross-entropy is judged."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook import softmax
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
from lossbook.datasets import load_penguins
from lossbook.losses import categorical_crossentropy as cce

__all__ = ["ASSIGNMENT", "descent", "large_rows", "plain_softmax", "row_logits", "table_sizes"]

BY_HAND = (
    np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
    np.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375]]),
)
GUARD = 1e-12
BLOCK = 256  # samples
logits_loss = cce.from_logits


def plain_softmax(z: Any, axis: int | None = 1) -> Any:
    """Return the softmax along an axis, or over the whole array, which are mistakes but for 1."""
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _powers(z: Any) -> Any:
    return np.exp(z - z.max(axis=1, keepdims=True))


def guarded(t: Any, y: Any) -> float:
    """Return the loss of probabilities that are kept away from 0."""
    return cce(t, np.maximum(y, GUARD))


def _terms(t: Any, y: Any, guard: float = GUARD) -> Any:
    return -t * np.log(np.maximum(y, guard))


def _mean(t: Any, y: Any, guard: float = GUARD) -> Any:
    return _terms(t, y, guard).sum() / len(t)


def _largest(t: Any) -> Any:
    """Return rows that hold a single 1, at the largest entry of each."""
    return one_hot_rows(t.argmax(axis=1), t.shape[1])


def _no_logarithm(t: Any, y: Any) -> Any:
    return np.sum(t * y) / len(t)


def _both_terms(t: Any, y: Any) -> Any:
    return _mean(t, y) + _mean(1 - t, 1 - y)


def _square_gradient(t: Any, z: Any, factor: float = 2.0) -> Any:
    y = softmax(z)
    slope = factor * (y - t) / len(t)
    return y * (slope - np.sum(slope * y, axis=1, keepdims=True))


# --- inputs ---------------------------------------------------------------------------------------


def table_sizes(rng: Generator) -> list[tuple[int, int]]:
    """Return three pairs of samples and classes, so that no factor hides in one of them."""
    return list(zip(*(rng.permutation(s).tolist() for s in ((5, 6, 7), (2, 3, 4))), strict=True))


def row_logits(rng: Generator, n: int, classes: int) -> Any:
    """Return rows of logits."""
    return np.round(rng.uniform(-4, 4, (n, classes)), 2)


def large_rows(rng: Generator) -> Any:
    """Return rows of logits that are far from 0, and far from one another."""
    size = float(rng.integers(1000, 5000))
    return row_logits(rng, 4, 3) + np.array([[size], [-size], [0.0], [2 * size]])


def _hot(rng: Generator, n: int, classes: int) -> Any:
    return one_hot_rows(labels_of(rng, n, classes), classes)


def _logits(rng: Generator) -> list[Arguments]:
    return [(row_logits(rng, n, c),) for n, c in table_sizes(rng)]


def _hot_and_chances(rng: Generator) -> list[Arguments]:
    return [(_hot(rng, n, c), distributions(rng, n, c)) for n, c in table_sizes(rng)]


def _soft_and_chances(rng: Generator) -> list[Arguments]:
    return [(distributions(rng, n, c), distributions(rng, n, c)) for n, c in table_sizes(rng)]


def _hot_and_logits(rng: Generator) -> list[Arguments]:
    return [(_hot(rng, n, c), row_logits(rng, n, c)) for n, c in table_sizes(rng)]


def _soft_and_logits(rng: Generator) -> list[Arguments]:
    return [(distributions(rng, n, c), row_logits(rng, n, c)) for n, c in table_sizes(rng)]


def _perfect(rng: Generator) -> list[Arguments]:
    t = _hot(rng, 5, 3)
    return [(t, t.copy())]


def _sure_and_wrong(rng: Generator) -> list[Arguments]:
    t = _hot(rng, 4, 3)
    y = distributions(rng, 4, 3)
    y[0] = np.roll(t[0], 1)
    return [(t, y)]


def _nearly_sure(rng: Generator) -> list[Arguments]:
    tiny = float(rng.uniform(1e-6, 9e-6))
    return [(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1 - tiny, tiny], [0.5, 0.5]]))]


def _large(rng: Generator) -> list[Arguments]:
    """Return large logits, and a row in which the true class has almost no chance."""
    return [
        (_hot(rng, 4, 3), large_rows(rng)),
        (np.array([[0.0, 1, 0]]), np.array([[1000.0, 2.0, 1001.0]])),
    ]


# --- penguins -------------------------------------------------------------------------------------


@functools.cache
def _penguins() -> tuple[Any, Any]:
    penguins = load_penguins()
    bill = np.stack([penguins.bill_length_mm, penguins.bill_depth_mm], axis=1)
    scaled = (bill - bill.mean(axis=0)) / bill.std(axis=0)
    number = np.unique(penguins.species, return_inverse=True)[1]
    return np.column_stack([scaled, np.ones(len(bill))]), np.eye(3)[number]


def descent(x: Any, t: Any, rate: float, steps: int) -> list[Any]:
    """Return the weights of a softmax classifier before the first step, after it, and so on.

    In plain NumPy, with classes as rows: a student waits for it, and here no logit is large. The
    samples come in blocks so small that no product of theirs is worth a second thread, which on a
    busy machine is waited for longer than it works.
    """
    blocks = [
        (np.ascontiguousarray(x[i : i + BLOCK].T), x[i : i + BLOCK], t[i : i + BLOCK].T)
        for i in range(0, len(x), BLOCK)
    ]
    w = np.zeros((t.shape[1], x.shape[1]))
    path = [w.T]
    for _ in range(steps):
        slope = np.zeros_like(w)
        for columns, rows, labels in blocks:
            y = np.exp(w @ columns)
            y /= y.sum(axis=0)
            y -= labels
            slope += y @ rows
        w = w - rate / len(x) * slope
        path.append(w.T)
    return path


@functools.cache
def _path(rate: float) -> list[Any]:
    return descent(*_penguins(), rate, 101)


def _penguin_loss(rate: float = 0.5, steps: int = 100) -> float:
    x, t = _penguins()
    return logits_loss(t, x @ _path(rate)[steps])


LARGE = Part(N_("large logits"), _large, wrong="overflow", not_finite="overflow")
LARGE_LOSS = dataclasses.replace(LARGE, wrong="overflow_of_rows", not_finite="overflow_of_rows")
FAR = N_("logits that lie far apart")
FAR_APART = Part(
    FAR,
    lambda rng: [(np.roll(np.eye(3), 1, 1)[[0, 1, 2, 0]], far_rows(rng))],
    wrong="wrong_shift",
    not_finite="wrong_shift",
)
SOFT = Part(N_("labels that are distributions"), _soft_and_logits, wrong="soft_labels")
ONE_ROW = single(lambda rng: [(_hot(rng, 1, 4), row_logits(rng, 1, 4))])

ASSIGNMENT = Assignment(
    "categorical_crossentropy",
    N_("Categorical cross-entropy"),
    (
        Value(
            "q1",
            N_("By hand"),
            "cce_by_hand",
            lambda: cce(*BY_HAND),
            Section(N_("Why we need it")),
            (
                Mistake("sum_for_mean", lambda: cce(*BY_HAND, reduction="sum")),
                Mistake("mean_over_classes", lambda: cce(*BY_HAND) / 3),
                Mistake("divided_by_classes", lambda: cce(*BY_HAND) * 2 / 3),
                Mistake("no_logarithm", lambda: _no_logarithm(*BY_HAND)),
                Mistake("unlabeled_classes", lambda: _mean(np.ones((2, 3)), BY_HAND[1])),
                Mistake("unlabeled_classes", lambda: _both_terms(*BY_HAND)),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("Softmax"),
            "softmax",
            ("logits",),
            "array",
            softmax,
            (
                ordinary(_logits),
                Part(
                    N_("large logits"),
                    lambda rng: [(large_rows(rng),)],
                    wrong="overflow",
                    not_finite="overflow",
                ),
                Part(
                    FAR,
                    lambda rng: [(far_rows(rng),)],
                    wrong="wrong_shift",
                    not_finite="wrong_shift",
                ),
                single(lambda rng: [(row_logits(rng, 1, 4),)]),
            ),
            Section(N_("From logits to probabilities")),
            (
                Mistake("wrong_axis", lambda z: plain_softmax(z, 0)),
                Mistake("wrong_axis", lambda z: softmax(z - z.max(axis=0))),
                Mistake("wrong_axis", lambda z: _powers(z) / _powers(z).sum(axis=0)),
                Mistake("whole_array", lambda z: plain_softmax(z, None)),
                Mistake("whole_array", lambda z: _powers(z) / _powers(z).sum()),
                Mistake("no_logarithm_asked", lambda z: np.log(softmax(z))),
                Mistake("not_normalized", np.exp),
                Mistake("not_normalized", _powers),
                Mistake("not_normalized", lambda z: 1 / (1 + np.exp(-z))),
            ),
        ),
        Function(
            "q3",
            N_("From probabilities"),
            "categorical_crossentropy",
            ("y_true", "y_pred"),
            "number",
            guarded,
            (
                ordinary(_hot_and_chances),
                Part(
                    N_("labels that are distributions"),
                    _soft_and_chances,
                    wrong="soft_labels",
                    not_finite="soft_labels",
                ),
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
                single(lambda rng: [(_hot(rng, 1, 4), distributions(rng, 1, 4))]),
            ),
            Section(N_("Where it comes from")),
            (
                Mistake("divided_by_classes", lambda t, y: _terms(t, y).sum() / t.shape[1]),
                Mistake("wrong_axis", lambda t, y: _terms(t, y).sum(axis=0).max()),
                Mistake("unlabeled_classes", lambda t, y: _mean(np.ones_like(t), y)),
                Mistake("unlabeled_classes", lambda t, y: -np.mean(np.log(y))),
                Mistake("unlabeled_classes", _both_terms),
                Mistake("unlabeled_classes", lambda t, y: _both_terms(t, y) / t.shape[1]),
                Mistake("inverted", lambda t, y: _mean(1 - t, y)),
                Mistake("no_logarithm", _no_logarithm),
                Mistake("no_logarithm", lambda t, y: -_no_logarithm(t, y)),
                Mistake("no_logarithm", lambda t, y: 1 - _no_logarithm(t, y)),
                Mistake("mean_in_logarithm", lambda t, y: -np.log(_no_logarithm(t, y))),
                Mistake("divergence", lambda t, y: _mean(t, y) - _mean(t, t)),
                Mistake("hard_label", lambda t, y: _mean(_largest(t), y)),
                Mistake("hard_label", lambda t, y: _mean(t == 1, y)),
                *loop_slips(lambda t, y: _terms(t, y).sum(axis=1)),
                Mistake("softmax_twice", lambda t, y: logits_loss(t, y)),
                *(
                    Mistake("fine_guard", functools.partial(_mean, guard=guard))
                    for guard in (1e-13, 1e-14, 1e-15, 2.0**-52, 1e-16, 1e-20, 1e-300)
                ),
            ),
        ),
        Function(
            "q4",
            N_("From logits"),
            "from_logits",
            ("y_true", "logits"),
            "number",
            logits_loss,
            (ordinary(_hot_and_logits), SOFT, LARGE_LOSS, FAR_APART, ONE_ROW),
            Section(N_("From logits to probabilities")),
            (
                Mistake("divided_by_classes", lambda t, z: logits_loss(t, z) * len(t) / t.shape[1]),
                Mistake("wrong_axis", lambda t, z: _mean(t, plain_softmax(z, 0), 0.0)),
                Mistake("whole_array", lambda t, z: _mean(t, plain_softmax(z, None), 0.0)),
                Mistake("no_softmax", _mean),
                Mistake("no_softmax", lambda t, z: -np.sum(t * z) / len(t)),
                Mistake("softmax_twice", lambda t, z: logits_loss(t, softmax(z))),
                Mistake("no_logarithm", lambda t, z: _no_logarithm(t, softmax(z))),
                Mistake("no_logarithm", lambda t, z: -_no_logarithm(t, softmax(z))),
                Mistake("unlabeled_classes", lambda t, z: _mean(np.ones_like(t), softmax(z))),
                Mistake("unlabeled_classes", lambda t, z: _both_terms(t, softmax(z))),
                Mistake("not_undone", lambda t, z: logits_loss(t, z) - np.mean(z.max(axis=1))),
                Mistake("not_undone", lambda t, z: logits_loss(t, z) + np.mean(z.max(axis=1))),
                Mistake("divergence", lambda t, z: logits_loss(t, z) - _mean(t, t)),
                Mistake("hard_label", lambda t, z: logits_loss(_largest(t), z)),
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
            (ordinary(_hot_and_logits), SOFT, LARGE, FAR_APART, ONE_ROW),
            Section(N_("The gradient")),
            (
                Mistake("probability_gradient", lambda t, z: -t / softmax(z) / len(t)),
                Mistake("hard_label", lambda t, z: (softmax(z) - (t == 1)) / len(t)),
                Mistake("hard_label", lambda t, z: (softmax(z) - _largest(t)) / len(t)),
                Mistake("no_label", lambda t, z: softmax(z) / len(t)),
                Mistake("no_softmax", lambda t, z: (z - t) / len(t)),
                Mistake("wrong_axis", lambda t, z: (plain_softmax(z, 0) - t) / len(t)),
                Mistake("divided_by_classes", lambda t, z: (softmax(z) - t) / t.shape[1]),
                Mistake("whole_array", lambda t, z: (plain_softmax(z, None) - t) / len(t)),
                Mistake("only_true_class", lambda t, z: t * (softmax(z) - t) / len(t)),
                Mistake("square_for_crossentropy", _square_gradient),
                Mistake("square_for_crossentropy", lambda t, z: _square_gradient(t, z, 1.0)),
                *slope_slips(logits_loss.gradient),
            ),
            gradient_of="from_logits",
        ),
        Value(
            "q6",
            N_("Penguins"),
            "penguin_loss",
            _penguin_loss,
            Section(N_("On real data"), "examples"),
            (
                Mistake("sum_for_mean", lambda: _penguin_loss() * 333),
                Mistake("no_update", lambda: np.log(3)),
                Mistake("ascent", lambda: _penguin_loss(-0.5)),
                Mistake("one_step_less", lambda: _penguin_loss(steps=99)),
                Mistake("one_step_more", lambda: _penguin_loss(steps=101)),
                Mistake("mean_over_classes", lambda: _penguin_loss() / 3),
            ),
        ),
        Choice(
            "q7", N_("The first loss"), "first_loss_means", "abcd", Section(N_("Its properties"))
        ),
        Text("q8", N_("A loss that does not fall"), Section(N_("Where it breaks"))),
    ),
)
