"""Every loss of the package, from probabilities and from logits, and valid arguments for each.

The arguments follow from the domains that a loss declares, so a new loss of known domains has them
already.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import lossbook as lb
from lossbook.checks import (
    CATEGORY,
    COUNT,
    DISTRIBUTION,
    HARD_LABEL,
    LABEL,
    LOG_RATE,
    LOGIT,
    LOGITS,
    MEAN_AND_LOG_VARIANCE,
    ONE_HOT,
    PROBABILITY,
    REAL,
    SCORE,
    SCORES,
    SIGN,
    Domain,
)

Array = NDArray[Any]
Rng = np.random.Generator

#: The losses that have a chapter, and the chapters: one may explain several losses.
BOOK = Path(__file__).resolve().parent.parent / "chapters"
EXPLAINED = [loss for loss in lb.LOSSES if (BOOK / loss.chapter / "derivation.md").exists()]
CHAPTERS = list(dict.fromkeys(loss.chapter for loss in EXPLAINED))

FACES: tuple[Any, ...] = tuple(
    face
    for loss in lb.LOSSES
    for face in (loss, getattr(loss, "from_logits", None))
    if face is not None
)
REGRESSION = tuple(loss for loss in FACES if loss.y_true is loss.y_pred is REAL)
BINARY = tuple(loss for loss in FACES if loss.y_true is LABEL)
CATEGORICAL = tuple(loss for loss in FACES if loss.y_true is DISTRIBUTION)
SPARSE = tuple(loss for loss in FACES if loss.y_true is CATEGORY)
CLASSES = 3

every_loss = pytest.mark.parametrize("loss", FACES, ids=lambda loss: loss.name)


def takes_logits(loss: lb.Loss) -> bool:
    """Return whether predictions are logits."""
    return loss.y_pred in (LOGIT, LOGITS)


def takes_scores(loss: lb.Loss) -> bool:
    """Return whether predictions are scores, of which logits are a kind."""
    return loss.y_pred in (LOGIT, LOGITS, SCORE, SCORES)


#: Ordinary labels of a domain, and ordinary predictions, in float64 (integer class labels).
LABELS: dict[Domain, Callable[[Rng, int], Array]] = {
    REAL: lambda rng, n: rng.normal(size=n),
    LABEL: lambda rng, n: np.where(rng.random(n) < 0.5, rng.integers(0, 2, n), rng.random(n)),
    DISTRIBUTION: lambda rng, n: lb.smooth_labels(
        lb.one_hot(rng.integers(0, CLASSES, n), CLASSES), 0.1
    ),
    CATEGORY: lambda rng, n: rng.integers(0, CLASSES, n),
    HARD_LABEL: lambda rng, n: rng.integers(0, 2, n).astype(float),
    SIGN: lambda rng, n: rng.choice([-1.0, 1.0], n),
    COUNT: lambda rng, n: rng.poisson(2.0, n).astype(float),
    ONE_HOT: lambda rng, n: lb.one_hot(rng.integers(0, CLASSES, n), CLASSES),
}
PREDICTIONS: dict[Domain, Callable[[Rng, int], Array]] = {
    REAL: lambda rng, n: rng.normal(size=n),
    PROBABILITY: lambda rng, n: rng.uniform(0.01, 0.99, n),
    LOGIT: lambda rng, n: 5 * rng.normal(size=n),
    DISTRIBUTION: lambda rng, n: lb.softmax(3 * rng.normal(size=(n, CLASSES))),
    LOGITS: lambda rng, n: 3 * rng.normal(size=(n, CLASSES)),
    SCORE: lambda rng, n: 2 * rng.normal(size=n),
    SCORES: lambda rng, n: 2 * rng.normal(size=(n, CLASSES)),
    LOG_RATE: lambda rng, n: rng.normal(size=n),
    MEAN_AND_LOG_VARIANCE: lambda rng, n: rng.normal(size=(n, 2)),
}
#: Predictions as far out as a domain reaches.
EXTREME: dict[Domain, Any] = {
    REAL: 1.7e308,
    PROBABILITY: 0.0,
    LOGIT: -1e308,
    DISTRIBUTION: [0.0, 1.0, 0.0],
    LOGITS: [-1e308, 1e308, 0.0],
    SCORE: -1e308,
    SCORES: [-1e308, 1e308, 0.0],
    LOG_RATE: 1e308,
    MEAN_AND_LOG_VARIANCE: [1e308, -1e308],
}


def batch(loss: lb.Loss, rng: Rng, size: int) -> tuple[Array, Array]:
    """Return labels and predictions that `loss` accepts."""
    return LABELS[loss.y_true](rng, size), PREDICTIONS[loss.y_pred](rng, size)


def ways(loss: lb.Loss, size: int) -> list[Any]:
    """Return every way of asking: the value and the gradient, each reduction, with weights."""
    return [
        lambda t, y, ask=ask, how=how, w=w: ask(t, y, reduction=how, sample_weight=w)
        for ask in (loss, loss.gradient)
        for how in ("mean", "sum", "none")
        for w in (None, np.arange(1.0, size + 1))
    ]
