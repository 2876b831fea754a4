"""Inputs that the assignments share. Few decimals, so that feedback can print them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.student.question import Arguments

__all__ = [
    "apart",
    "chances",
    "chances_and_labels",
    "distributions",
    "integers",
    "labels_and_logits",
    "lines",
    "numbers",
    "one_hot_rows",
    "one_number",
    "sizes",
]

Draw = Callable[[Generator], list[Arguments]]


def sizes(rng: Generator) -> list[int]:
    """Return three different numbers of samples, so that no factor hides in one of them."""
    return [int(n) for n in rng.permutation([3, 4, 5, 6, 7])[:3]]


def numbers(rng: Generator) -> list[Arguments]:
    """Return labels and predictions, real numbers."""
    return [(_reals(rng, n), _reals(rng, n)) for n in sizes(rng)]


def apart(rng: Generator) -> list[Arguments]:
    """Return labels and predictions that differ in every sample."""
    found: list[Arguments] = []
    for n in sizes(rng):
        t = _reals(rng, n)
        found.append((t, np.round(t + rng.choice([-1, 1], n) * rng.uniform(0.2, 4, n), 2)))
    return found


def integers(rng: Generator) -> list[Arguments]:
    """Return labels and predictions, whole numbers."""
    n = sizes(rng)[0]
    return [(rng.integers(-9, 9, n), rng.integers(10, 19, n))]


def one_number(rng: Generator) -> list[Arguments]:
    """Return one label and one prediction."""
    return [(_reals(rng, 1), _reals(rng, 1))]


def lines(rng: Generator) -> list[Arguments]:
    """Return inputs and labels near a line, a learning rate and a number of steps."""
    found: list[Arguments] = []
    for n in sizes(rng):
        x = np.round(rng.uniform(-2, 2, n), 2)
        t = np.round(rng.uniform(1, 2) * x + rng.uniform(1, 2) + rng.normal(0, 0.3, n), 2)
        found.append((x, t, float(rng.choice([0.02, 0.05, 0.1])), int(rng.integers(3, 9))))
    return found


def chances(rng: Generator, n: int) -> Any:
    """Return probabilities."""
    return np.round(rng.uniform(0.05, 0.95, n), 3)


def labels_of(rng: Generator, n: int, classes: int = 2) -> Any:
    """Return integer labels among which every class up to `n` stands."""
    return rng.permutation(np.arange(n) % classes)


def chances_and_labels(rng: Generator) -> list[Arguments]:
    """Return labels 0 and 1, and probabilities."""
    return [(labels_of(rng, n), chances(rng, n)) for n in sizes(rng)]


def labels_and_logits(rng: Generator) -> list[Arguments]:
    """Return labels 0 and 1, and logits."""
    return [(labels_of(rng, n), _reals(rng, n)) for n in sizes(rng)]


def distributions(rng: Generator, n: int, classes: int) -> Any:
    """Return rows of probabilities that sum to 1 exactly enough for every loss."""
    rows = rng.uniform(0.1, 1.0, (n, classes))
    rows = np.round(rows / rows.sum(axis=1, keepdims=True), 3)
    rows[:, -1] = np.round(1.0 - rows[:, :-1].sum(axis=1), 3)
    return rows


def one_hot_rows(labels: Any, classes: int) -> Any:
    """Return labels as rows with one 1, in float64."""
    return np.eye(classes)[labels]


def _reals(rng: Generator, n: int) -> Any:
    return np.round(rng.uniform(-4, 4, n), 2)
