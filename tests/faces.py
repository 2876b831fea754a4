"""Every loss of the package, from probabilities and from logits, and valid arguments for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import lossbook as lb

Array = NDArray[Any]

REGRESSION = (lb.mean_squared_error, lb.mean_absolute_error)
BINARY = (lb.binary_crossentropy, lb.binary_crossentropy.from_logits)
CATEGORICAL = (lb.categorical_crossentropy, lb.categorical_crossentropy.from_logits)
SPARSE = (lb.sparse_categorical_crossentropy, lb.sparse_categorical_crossentropy.from_logits)
FACES = (*REGRESSION, *BINARY, *CATEGORICAL, *SPARSE)
CLASSES = 3

every_loss = pytest.mark.parametrize("loss", FACES, ids=lambda loss: loss.name)


def takes_logits(loss: lb.Loss) -> bool:
    """Return whether predictions are logits."""
    return loss.name.endswith("from_logits")


def batch(loss: lb.Loss, rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Return labels and predictions that `loss` accepts, in float64 (integer class labels)."""
    if loss in REGRESSION:
        return rng.normal(size=size), rng.normal(size=size)
    if loss in BINARY:
        t = np.where(rng.random(size) < 0.5, rng.integers(0, 2, size), rng.random(size))
        return t, rng.normal(size=size) * 5 if takes_logits(loss) else rng.uniform(0.01, 0.99, size)
    rows = rng.normal(size=(size, CLASSES)) * 3
    y = rows if takes_logits(loss) else lb.softmax(rows)
    if loss in SPARSE:
        return rng.integers(0, CLASSES, size), y
    return lb.smooth_labels(lb.one_hot(rng.integers(0, CLASSES, size), CLASSES), 0.1), y


def ways(loss: lb.Loss, size: int) -> list[Any]:
    """Return every way of asking: the value and the gradient, each reduction, with weights."""
    return [
        lambda t, y, ask=ask, how=how, w=w: ask(t, y, reduction=how, sample_weight=w)
        for ask in (loss, loss.gradient)
        for how in ("mean", "sum", "none")
        for w in (None, np.arange(1.0, size + 1))
    ]
