"""Categorical cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook.checks import DISTRIBUTION, LOGITS, Array
from lossbook.engine import Loss
from lossbook.probabilities import (
    is_one_hot,
    partition,
    quick_minus_one_hot,
    quick_partition,
    reliable,
    sum_exactly,
    sum_in_two_parts,
)
from lossbook.properties import Properties
from lossbook.sums import add

__all__ = ["categorical_crossentropy"]


class CategoricalCrossentropyFromLogits(Loss):
    r"""Categorical cross-entropy of logits: rows whose softmax is the predicted distribution.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \sum_{j=1}^{C} t_{ij}
              \left( \log \sum_{k=1}^{C} e^{z_{ik}} - z_{ij} \right)

    Every row is one sample, classes on the last axis. `y_true` holds one-hot labels or other
    distributions; `y_pred` holds logits, of which one in a row may be :math:`+\infty` and all but
    one :math:`-\infty`. The loss is in nats. It is called as described in `Loss.__call__`.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.categorical_crossentropy.from_logits([0, 0, 1], [0.0, 1.0, 2.0]), 6)
    0.407606
    >>> slopes = lb.categorical_crossentropy.from_logits.gradient([0, 0, 1], [0.0, 1.0, 2.0])
    >>> slopes.round(6).tolist()
    [0.090031, 0.244728, -0.334759]
    """

    name = "categorical_crossentropy.from_logits"
    y_true = DISTRIBUTION
    y_pred = LOGITS
    properties = Properties(
        convex=True,
        lipschitz=math.sqrt(2.0),
        symmetric=False,
        differentiable=True,
        best_constant="logarithms of the class frequencies",
        noise_model="categorical",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        parts = partition(z)
        gap = 2.0 * np.where(t == 0.0, 0.0, t * parts.half_gap())
        tail = t * (np.log1p(parts.others()) - parts.rounding)
        return sum_exactly(np.concatenate([gap, tail]))

    def total(self, t: Array, z: Array) -> Any:
        m, log_sums = quick_partition(z)
        total = add(t * (m - z)).sum() + add(log_sums).sum()
        return reliable(total, log_sums.size)

    def derivative(self, t: Array, z: Array) -> Array:
        parts = partition(z)
        if is_one_hot(t):
            return parts.minus_one_hot(t.argmax(axis=0))
        total, lost = sum_in_two_parts(t)
        others = (total - t) + lost  # given to the other classes
        # p - t, without the difference that cancels close to a hard label.
        return parts.probabilities() * others - t * parts.complements()

    def quick_derivative(self, t: Array, z: Array) -> Array:
        if is_one_hot(t):
            return quick_minus_one_hot(z, t.argmax(axis=0))
        return self.derivative(t, z)


class CategoricalCrossentropy(Loss):
    r"""Categorical cross-entropy: the mean surprise of labels under predicted distributions.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{j=1}^{C} t_{ij} \log y_{ij}

    Every row is one sample, classes on the last axis; a 1-D prediction is one sample. `y_true`
    holds one-hot labels or other distributions, `y_pred` distributions of the same shape. Rows sum
    to 1 as closely as float32 rounds, within 3.5e-4 (float16: 0.031); nothing is renormalized. The
    loss is in nats. It is called as described in `Loss.__call__`; `from_logits` is the same loss of
    logits.

    Notes
    -----
    It is the negative log-likelihood of categorical labels [1]_. Nothing is clipped: a label that
    was predicted with probability 0 costs infinitely much, and :math:`0 \log 0` is 0.

    References
    ----------
    .. [1] J. S. Bridle, "Training stochastic model recognition algorithms as networks can lead to
       maximum mutual information estimation of parameters", Advances in Neural Information
       Processing Systems 2 (1989), 211-217.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.categorical_crossentropy([1, 0, 0], [0.7, 0.2, 0.1]), 6)
    0.356675
    >>> lb.categorical_crossentropy([1, 0, 0], [0.0, 1.0, 0.0])
    inf
    """

    name = "categorical_crossentropy"
    y_true = DISTRIBUTION
    y_pred = DISTRIBUTION
    properties = Properties(
        convex=True,
        lipschitz=math.inf,
        symmetric=False,
        differentiable=True,
        best_constant="class frequencies",
        noise_model="categorical",
    )
    from_logits = CategoricalCrossentropyFromLogits()

    def per_sample(self, t: Array, y: Array) -> Array:
        return sum_exactly(-np.where(t == 0.0, 0.0, t * np.log(y)))

    def total(self, t: Array, y: Array) -> Any:
        return -add(t * np.log(y))

    def derivative(self, t: Array, y: Array) -> Array:
        slopes = 0.0 - t / y
        # Where both are 0, the loss does not depend on the prediction.
        return slopes if y.all() else np.where(t == 0.0, 0.0, slopes)


categorical_crossentropy = CategoricalCrossentropy()
