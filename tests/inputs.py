"""Inputs for the exactness tests: ordinary ones from a seed, and the ones where formulas break."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: Every power of ten that float64 holds, and the neighbors of 0 and 1.
PROBABILITIES = np.array(
    [
        *(0.0, 5e-324, 2.2e-308, 0.25, 0.5, 0.75, 1 - 2.0**-52, 1 - 2.0**-53, 1.0),
        *(10.0**-k for k in range(1, 308)),
        *(1 - 10.0**-k for k in range(1, 16)),
    ]
)
#: The logits at which exponentials overflow, underflow, or round to 1.
LOGITS = np.array(
    [
        sign * z
        for z in (
            *(0.0, 1e-300, 1e-20, 1e-8, 0.5, 1.0, 16.64, 36.74, 40.0, 88.7, 104.0),
            *(709.0, 709.8, 745.2, 800.0, 1e10, 1e308, np.inf),
        )
        for sign in (1, -1)
    ]
)


def generator(name: str) -> np.random.Generator:
    """Return a generator with a seed of its own for each test."""
    return np.random.default_rng(list(name.encode()))


def numbers(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Return labels and predictions of all magnitudes; a third agree to nearly the last bit."""
    t = rng.normal(size=size) * 10.0 ** rng.uniform(-150, 150, size)
    y = rng.normal(size=size) * 10.0 ** rng.uniform(-150, 150, size)
    near = rng.random(size) < 1 / 3
    y[near] = t[near] * (1 + rng.integers(-3, 4, near.sum()) * 2.0**-52)
    edges = np.array([0.0, 5e-324, 1.0, 1 + 2.0**-52, 1e154, 1.7e308, -1.7e308])
    first, second = np.meshgrid(edges, edges)
    return np.concatenate([t, first.ravel()]), np.concatenate([y, second.ravel()])


def pairs_of_probabilities(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return hard and soft binary labels with probabilities close to 0, to 1 and in between."""
    y = np.concatenate(
        [
            PROBABILITIES,
            rng.random(300),
            10.0 ** rng.uniform(-300, 0, 200),
            1 - 10.0 ** rng.uniform(-15, 0, 200),
        ]
    )
    soft = rng.random(y.size)
    t = np.concatenate([np.zeros_like(y), np.ones_like(y), soft, y])
    return t, np.concatenate([y, y, y, y])


def pairs_of_logits(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return hard and soft binary labels with logits of all sizes."""
    z = np.concatenate([LOGITS, rng.normal(size=400) * 10, rng.uniform(-760, 760, 400)])
    t = [np.zeros_like(z), np.ones_like(z), rng.random(z.size), 10.0 ** rng.uniform(-20, 0, z.size)]
    return np.concatenate(t), np.tile(z, 4)


#: How many classes, and how many samples of each scale: mpmath is slow.
SIZES = {2: 150, 3: 100, 10: 25, 100: 4, 1000: 1}
SCALES = (1e-3, 1.0, 30.0, 300.0, 800.0)


def rows_of_logits(rng: np.random.Generator, classes: int) -> Array:
    """Return rows of logits of all scales, some with ties, certainty and extreme values."""
    rows = [rng.normal(size=(SIZES[classes], classes)) * scale for scale in SCALES]
    if classes <= 10:
        rows.append(rng.choice(LOGITS[np.isfinite(LOGITS)], (SIZES[classes], classes)))
        certain = rng.normal(size=(3, classes))
        certain[0, 0], certain[1, -1], certain[2, 0] = np.inf, np.inf, -np.inf
        rows += [certain, np.zeros((1, classes))]
    return np.concatenate(rows)


def rows_of_labels(rng: np.random.Generator, rows: Array) -> tuple[Array, Array]:
    """Return integer labels (half of them the most probable class) and soft labels."""
    size, classes = rows.shape
    hard = rng.integers(0, classes, size)
    hard[::2] = rows[::2].argmax(axis=1)
    soft = rng.dirichlet(np.ones(classes), size)
    return hard, soft / soft.sum(axis=1, keepdims=True)
