"""Categorical cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import DISTRIBUTION, LOGITS, Array
from lossbook.engine import Loss
from lossbook.kernels import (
    classes_of,
    exponentials,
    pick,
    softmax_minus_one_hot,
    sum_of_others,
    surprise,
    surprises,
    times,
)
from lossbook.properties import Properties
from lossbook.sums import sum_in_halves

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
        labels = classes_of(t)
        if labels is not None:
            return surprise(z, labels)
        return sum_in_halves(times(t, surprises(z)))

    def derivative(self, t: Array, z: Array) -> Array:
        labels = classes_of(t)
        if labels is not None:
            return softmax_minus_one_hot(z, labels)
        e, _ = exponentials(z)
        # y_j - t_j is y_j (1 - t_j) - t_j (1 - y_j), and one minus an entry
        # is the sum of the others, which does not cancel.
        slopes = e * sum_of_others(t) - t * sum_of_others(e)
        return slopes / sum_in_halves(e)


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
    rounds_once = True
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
        labels = classes_of(t)
        if labels is not None:
            return -np.log(pick(y, labels))
        return -sum_in_halves(times(t, np.log(y)))

    def derivative(self, t: Array, y: Array) -> Array:
        return -t / y

    def limit(self, t: Array, y: Array) -> Array:
        # Where both are 0, the loss does not depend on the prediction.
        return np.zeros_like(y)


categorical_crossentropy = CategoricalCrossentropy()
