"""How the capstone is judged: a softmax classifier, trained from scratch on handwritten digits."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook import softmax
from lossbook.classroom.questions.categorical_crossentropy import (
    descent,
    plain_softmax,
    table_sizes,
)
from lossbook.classroom.questions.draw import (
    labels_of,
    loop_slips,
    one_hot_rows,
    ordinary,
    single,
)
from lossbook.classroom.questions.sparse_categorical_crossentropy import chosen, shifted
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

__all__ = ["ASSIGNMENT"]

logits_loss = scce.from_logits
SEEN = 1200  # images that the model is trained on


def prepare(images: Any, scale: float = 16.0) -> Any:
    """Return a row for each image: its gray levels from 0 to 1, and the constant 1."""
    rows = np.asarray(images).reshape(len(images), -1) / scale
    return np.column_stack([rows, np.ones(len(rows))])


def loss(t: Any, w: Any, x: Any) -> float:
    """Return the loss of the logits that the weights give."""
    return logits_loss(t, x @ w)


def gradient(t: Any, w: Any, x: Any) -> Any:
    """Return the derivative of the loss with respect to the weights."""
    return x.T @ logits_loss.gradient(t, x @ w)


def train(
    x: Any, t: Any, classes: int, learning_rate: float, steps: int, factor: float = 1.0
) -> Any:
    """Return the weights after so many steps of gradient descent from zero."""
    w = np.zeros((x.shape[1], classes))
    for _ in range(steps):
        w = w - factor * learning_rate * gradient(t, w, x)
    return w


def predict(x: Any, w: Any) -> Any:
    """Return the class with the largest logit, for each sample."""
    return np.argmax(x @ w, axis=1)


def accuracy(t: Any, labels: Any) -> float:
    """Return the share of right answers."""
    return float(np.mean(t == labels))


def _through(t: Any, w: Any, x: Any, p: Any) -> Any:
    return x.T @ (p - one_hot_rows(t, w.shape[1])) / len(t)


# --- inputs ---------------------------------------------------------------------------------------


def _rows(rng: Generator, n: int, columns: int) -> Any:
    return np.column_stack([np.round(rng.uniform(-2, 2, (n, columns)), 2), np.ones(n)])


def _weights(rng: Generator, rows: int, classes: int, size: float = 1.0) -> Any:
    return np.round(rng.uniform(-size, size, (rows, classes)), 2)


def _models(rng: Generator) -> list[Arguments]:
    return [
        (labels_of(rng, n, c), _weights(rng, 9, c), _rows(rng, n, 8)) for n, c in table_sizes(rng)
    ]


def _one_model(rng: Generator) -> list[Arguments]:
    return [(np.array([2]), _weights(rng, 5, 4), _rows(rng, 1, 4))]


def _absent(rng: Generator) -> list[Arguments]:
    return [(labels_of(rng, 6, 3), _weights(rng, 5, 7), _rows(rng, 6, 4))]


def _large(rng: Generator) -> list[Arguments]:
    """Return weights with which some logits are far above 0 and all of one row far below."""
    x = np.array([[1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, -1.0, 1.0]])
    w = _weights(rng, 3, 3) + float(rng.integers(1000, 5000)) * np.array([[1.0], [2.0], [0.0]])
    w[1, 0] += 3000
    return [(np.array([0, 2, 1, 0]), w, x)]


def _images(rng: Generator) -> list[Arguments]:
    """Return images whose brightest point lies below 16."""
    return [(rng.integers(0, 14, (n, 8, 8)).astype(np.uint8),) for n in (5, 3)]


def _one_image(rng: Generator) -> list[Arguments]:
    return [(rng.integers(0, 17, (1, 8, 8)).astype(np.uint8),)]


def _data(rng: Generator, steps: int | None = None) -> list[Arguments]:
    return [
        (
            _rows(rng, n, 8),
            labels_of(rng, n, c),
            c,
            float(rng.choice([0.15, 0.2, 0.3])),
            int(rng.integers(3, 8)) if steps is None else steps,
        )
        for n, c in table_sizes(rng)
    ]


def _data_with_an_absent_class(rng: Generator) -> list[Arguments]:
    return [(_rows(rng, 6, 3), labels_of(rng, 6, 3), 5, 0.2, 4)]


def _to_predict(rng: Generator) -> list[Arguments]:
    """Return samples of which every class is predicted somewhere."""
    found: list[Arguments] = []
    for n, c in table_sizes(rng):
        while True:
            x, w = _rows(rng, n + c, 4), _weights(rng, 5, c, 2.0)
            if len(set(predict(x, w))) == c and np.ptp(x @ w, axis=1).min() > 0.01:
                break
        found.append((x, w))
    return found


def _answers(rng: Generator) -> list[Arguments]:
    """Return labels and predictions of which neither half, nor all, nor none are right."""
    found: list[Arguments] = []
    hits = rng.permutation([1, 2, 3, 4]).tolist()
    for n in rng.permutation([5, 7, 9]).tolist():
        t = rng.integers(0, 10, n)
        right = rng.permutation(n) < hits.pop()
        found.append((t, np.where(right, t, (t + rng.integers(1, 10, n)) % 10)))
    return found


def _all_or_none(rng: Generator) -> list[Arguments]:
    t = rng.integers(0, 10, 4)
    return [(t, t.copy()), (t, (t + 1) % 10)]


# --- digits ---------------------------------------------------------------------------------------


@functools.cache
def _digits() -> tuple[Any, Any]:
    digits = load_digits()
    return prepare(digits.images), digits.labels


@functools.cache
def _path(rate: float, own: bool) -> list[Any]:
    """Return the weights of a descent on the training images, or on the held-out ones."""
    x, t = _digits()
    part = slice(SEEN, None) if own else slice(None, SEEN)
    return descent(x[part], one_hot_rows(t[part], 10), rate, 101)


def _held_out_loss(
    rate: float = 0.5, steps: int = 100, seen: bool = False, own: bool = False
) -> float:
    x, t = _digits()
    part = slice(None, SEEN) if seen else slice(SEEN, None)
    return loss(t[part], _path(rate, own)[steps], x[part])


def _held_out_share(factor: float, wrong: bool) -> float:
    x, t = _digits()
    right = accuracy(t[SEEN:], predict(x[SEEN:], _path(0.5, False)[100]))
    return factor * (1 - right if wrong else right)


LARGE = Part(N_("large logits"), _large, wrong="overflow", not_finite="overflow")
LARGE_LOSS = dataclasses.replace(LARGE, wrong="overflow_of_rows", not_finite="overflow_of_rows")
ABSENT = Part(N_("classes without a sample"), _absent, wrong="missing_classes")
ONE = single(_one_model)

ASSIGNMENT = Assignment(
    "training",
    N_("Training a classifier"),
    (
        Value(
            "q1",
            N_("Before you begin"),
            "first_loss",
            lambda: np.log(10),
            Section(N_("The first loss"), "index"),
            (
                Mistake("no_logarithm", lambda: 0.1),
                Mistake("no_logarithm_of_count", lambda: 10.0),
                Mistake("sum_for_mean", lambda: SEEN * np.log(10)),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("The inputs"),
            "prepare",
            ("images",),
            "array",
            prepare,
            (
                ordinary(_images),
                single(_one_image),
            ),
            Section(N_("Two layers"), "index"),
            (
                Mistake("not_scaled", lambda images: prepare(images, 1.0)),
                Mistake("wrong_scale", lambda images: prepare(images, 255.0)),
                Mistake("wrong_scale", lambda images: prepare(images, 15.0)),
                Mistake("wrong_scale", lambda images: prepare(images, images.max())),
                Mistake("whole_numbers", lambda images: prepare(images // 16, 1.0)),
                Mistake("wrong_order", lambda images: np.roll(prepare(images), 1, axis=1)),
                Mistake("wrong_order", lambda images: prepare(images.transpose(0, 2, 1))),
                Mistake("no_intercept", lambda images: prepare(images) * (np.arange(65) < 64)),
            ),
        ),
        Function(
            "q3",
            N_("The loss"),
            "loss",
            ("t", "W", "X"),
            "number",
            loss,
            (ordinary(_models), LARGE_LOSS, ABSENT, ONE),
            Section(N_("Two layers"), "index"),
            (
                Mistake("off_by_one", lambda t, w, x: loss(shifted(t, w), w, x)),
                Mistake("divided_by_classes", lambda t, w, x: loss(t, w, x) * len(t) / w.shape[1]),
                Mistake(
                    "wrong_axis",
                    lambda t, w, x: -np.mean(np.log(chosen(t, plain_softmax(x @ w, 0)))),
                ),
                Mistake(
                    "whole_array",
                    lambda t, w, x: -np.mean(np.log(chosen(t, plain_softmax(x @ w, None)))),
                ),
                Mistake("whole_columns", lambda t, w, x: -np.mean(np.log(softmax(x @ w)[:, t]))),
                Mistake("no_softmax", lambda t, w, x: -np.mean(chosen(t, x @ w))),
                Mistake("softmax_twice", lambda t, w, x: logits_loss(t, softmax(x @ w))),
                Mistake("no_logarithm", lambda t, w, x: np.mean(chosen(t, softmax(x @ w)))),
                Mistake("no_logarithm", lambda t, w, x: -np.mean(chosen(t, softmax(x @ w)))),
                Mistake("not_undone", lambda t, w, x: loss(t, w, x) - np.mean((x @ w).max(axis=1))),
                Mistake("not_undone", lambda t, w, x: loss(t, w, x) + np.mean((x @ w).max(axis=1))),
                *loop_slips(lambda t, w, x: logits_loss(t, x @ w, reduction="none")),
            ),
        ),
        Function(
            "q4",
            N_("The gradient"),
            "gradient",
            ("t", "W", "X"),
            "array",
            gradient,
            (ordinary(_models), LARGE, ABSENT, ONE),
            Section(N_("Gradient descent"), "index"),
            (
                Mistake("off_by_one", lambda t, w, x: gradient(shifted(t, w), w, x)),
                Mistake("no_label", lambda t, w, x: x.T @ softmax(x @ w) / len(t)),
                Mistake("no_softmax", lambda t, w, x: _through(t, w, x, x @ w)),
                Mistake("wrong_axis", lambda t, w, x: _through(t, w, x, plain_softmax(x @ w, 0))),
                Mistake(
                    "whole_array", lambda t, w, x: _through(t, w, x, plain_softmax(x @ w, None))
                ),
                Mistake(
                    "one_hot_expected",
                    lambda t, w, x: x.T @ (softmax(x @ w) - t[:, None]) / len(t),
                ),
                Mistake(
                    "no_input",
                    lambda t, w, x: np.ones_like(x).T @ logits_loss.gradient(t, x @ w),
                ),
                Mistake(
                    "probability_gradient", lambda t, w, x: x.T @ scce.gradient(t, softmax(x @ w))
                ),
                Mistake(
                    "only_true_class",
                    lambda t, w, x: (
                        x.T @ (logits_loss.gradient(t, x @ w) * one_hot_rows(t, w.shape[1]))
                    ),
                ),
                Mistake(
                    "divided_early",
                    lambda t, w, x: x.T @ (softmax(x @ w) / len(t) - one_hot_rows(t, w.shape[1])),
                ),
            ),
            gradient_of="loss",
        ),
        Function(
            "q5",
            N_("Training"),
            "train",
            ("X", "t", "classes", "learning_rate", "steps"),
            "array",
            train,
            (
                ordinary(_data),
                Part(N_("no step at all"), lambda rng: _data(rng, 0)[:1]),
                Part(N_("many steps"), lambda rng: _data(rng, 60)[:1]),
                Part(
                    N_("classes without a sample"),
                    _data_with_an_absent_class,
                    wrong="missing_classes",
                ),
            ),
            Section(N_("Gradient descent"), "index"),
            (
                Mistake("no_update", lambda x, t, c, rate, n: np.zeros((x.shape[1], c))),
                Mistake("ascent", functools.partial(train, factor=-1.0)),
                Mistake("half_steps", functools.partial(train, factor=0.5)),
                Mistake("sum_steps", lambda x, t, c, rate, n: train(x, t, c, rate * len(x), n)),
                Mistake(
                    "mean_twice_steps", lambda x, t, c, rate, n: train(x, t, c, rate / len(x), n)
                ),
                Mistake("one_step_only", lambda x, t, c, rate, n: train(x, t, c, rate, min(n, 1))),
                Mistake("one_step_less", lambda x, t, c, rate, n: train(x, t, c, rate, n - 1)),
                Mistake("one_step_more", lambda x, t, c, rate, n: train(x, t, c, rate, n + 1)),
                Mistake("off_by_one", lambda x, t, c, rate, n: train(x, (t - 1) % c, c, rate, n)),
                *(
                    Mistake("fixed_rate", lambda x, t, c, _, n, rate=rate: train(x, t, c, rate, n))
                    for rate in (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
                ),
            ),
        ),
        Function(
            "q6",
            N_("Reading"),
            "predict",
            ("X", "W"),
            "array",
            predict,
            (
                ordinary(_to_predict),
                single(lambda rng: [(_rows(rng, 1, 4), _weights(rng, 5, 4))]),
            ),
            Section(N_("Two layers"), "index"),
            (
                Mistake("off_by_one", lambda x, w: predict(x, w) + 1),
                Mistake("logits_for_labels", lambda x, w: (x @ w).max(axis=1)),
                Mistake("probability_for_label", lambda x, w: softmax(x @ w).max(axis=1)),
                Mistake("least_for_largest", lambda x, w: np.argmin(x @ w, axis=1)),
            ),
        ),
        Function(
            "q7",
            N_("Counting"),
            "accuracy",
            ("t", "labels"),
            "number",
            accuracy,
            (ordinary(_answers), Part(N_("all right, and all wrong"), _all_or_none)),
            Section(N_("The first loss"), "index"),
            (
                Mistake("errors_for_hits", lambda t, labels: np.mean(t != labels)),
                Mistake("errors_for_hits", lambda t, labels: 100 * np.mean(t != labels)),
                Mistake("percent", lambda t, labels: 100 * accuracy(t, labels)),
                Mistake("broadcast", lambda t, labels: np.mean(t[:, None] == labels)),
            ),
        ),
        Value(
            "q8",
            N_("Digits"),
            "held_out_loss",
            _held_out_loss,
            Section(N_("The first loss"), "index"),
            (
                Mistake("training_samples", lambda: _held_out_loss(seen=True)),
                *(
                    Mistake("accuracy_for_loss", functools.partial(_held_out_share, factor, wrong))
                    for factor in (1, 100)
                    for wrong in (False, True)
                ),
                Mistake("trained_on_held_out", lambda: _held_out_loss(own=True)),
                Mistake("trained_on_held_out", lambda: _held_out_loss(own=True, seen=True)),
                Mistake("no_update", lambda: np.log(10)),
                Mistake("ascent", lambda: _held_out_loss(-0.5)),
                Mistake("sum_for_mean", lambda: _held_out_loss() * 597),
                Mistake("one_step_less", lambda: _held_out_loss(steps=99)),
                Mistake("one_step_more", lambda: _held_out_loss(steps=101)),
            ),
        ),
        Choice(
            "q9",
            N_("A sum for a mean"),
            "same_steps",
            "abcd",
            Section(N_("The learning rate and the scale of the loss"), "index"),
        ),
        Text("q10", N_("Which model is better?"), Section(N_("Where it breaks"), "index")),
    ),
)
