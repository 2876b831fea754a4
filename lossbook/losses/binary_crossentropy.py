"""Binary cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook.checks import LABEL, LOGIT, PROBABILITY, Array
from lossbook.engine import Loss
from lossbook.probabilities import sigmoids
from lossbook.properties import Properties
from lossbook.sums import add, inner

__all__ = ["binary_crossentropy"]


class BinaryCrossentropyFromLogits(Loss):
    r"""Binary cross-entropy of logits: numbers whose sigmoid is the predicted probability.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \left[ \max(z_i, 0) - z_i t_i
              + \log\left(1 + e^{-|z_i|}\right) \right]

    Every element is one sample. `y_true` holds labels 0 and 1, or probabilities in between;
    `y_pred` holds logits, which may be infinite. The loss is in nats. It is called as described in
    `Loss.__call__`.

    Examples
    --------
    >>> import lossbook as lb
    >>> losses = lb.binary_crossentropy.from_logits([1, 0], [2.0, -1000.0], reduction="none")
    >>> losses.round(6).tolist()
    [0.126928, 0.0]
    >>> lb.binary_crossentropy.from_logits.gradient([1], [-1000.0]).tolist()
    [-1.0]
    """

    name = "binary_crossentropy.from_logits"
    y_true = LABEL
    y_pred = LOGIT
    properties = Properties(
        convex=True,
        lipschitz=1.0,
        symmetric=False,
        differentiable=True,
        best_constant="log odds of the base rate",
        noise_model="Bernoulli",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        return _times((z > 0.0) - t, z) + np.log1p(np.exp(-np.abs(z)))

    def total(self, t: Array, z: Array) -> Any:
        return inner((z > 0.0) - t, z) + add(np.log1p(np.exp(-np.abs(z))))

    def derivative(self, t: Array, z: Array) -> Array:
        y, rest = sigmoids(z)
        # y - t, without the difference that cancels close to a hard label.
        return (1.0 - t) * y - t * rest

    def quick_derivative(self, t: Array, z: Array) -> Array:
        other = 1.0 - t
        if t.dot(other) > 0.0:
            return self.derivative(t, z)
        # With labels 0 and 1 alone, y - t is one quotient. Where its
        # exponential overflows, float32 would not hold the slope.
        sign = other - t
        return sign / (1.0 + np.exp(-sign * z))


class BinaryCrossentropy(Loss):
    r"""Binary cross-entropy: the mean surprise of two-class labels under predicted probabilities.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} \left[ t_i \log y_i + (1 - t_i) \log(1 - y_i) \right]

    Every element is one sample. `y_true` holds labels 0 and 1, or probabilities in between;
    `y_pred` holds probabilities of the class 1. Both have the same shape. The loss is in nats. It
    is called as described in `Loss.__call__`; `from_logits` is the same loss of logits.

    Notes
    -----
    It is the negative log-likelihood of Bernoulli labels [1]_. Nothing is clipped: a label that
    was predicted with probability 0 costs infinitely much, and :math:`0 \log 0` is 0.

    References
    ----------
    .. [1] I. J. Good, "Rational decisions", Journal of the Royal Statistical Society B 14 (1952),
       107-114.

    Examples
    --------
    >>> import lossbook as lb
    >>> losses = lb.binary_crossentropy([1, 0], [0.9, 0.2], reduction="none")
    >>> losses.round(6).tolist()
    [0.105361, 0.223144]
    >>> lb.binary_crossentropy([1], [0.0])
    inf
    >>> lb.binary_crossentropy.gradient([1], [0.5]).tolist()
    [-2.0]
    """

    name = "binary_crossentropy"
    y_true = LABEL
    y_pred = PROBABILITY
    properties = Properties(
        convex=True,
        lipschitz=math.inf,
        symmetric=False,
        differentiable=True,
        best_constant="base rate",
        noise_model="Bernoulli",
    )
    from_logits = BinaryCrossentropyFromLogits()

    def per_sample(self, t: Array, y: Array) -> Array:
        return 0.0 - (_times(t, np.log(y)) + _times(1.0 - t, np.log1p(-y)))

    def total(self, t: Array, y: Array) -> Any:
        return -(inner(t, np.log(y)) + inner(1.0 - t, np.log1p(-y)))

    def derivative(self, t: Array, y: Array) -> Array:
        spread = y * (1.0 - y)
        slopes = (y - t) / spread
        if spread.all():
            return slopes
        # At y = t = 0 and y = t = 1 there is one side only: 1 or -1.
        return np.where((y == t) & (spread == 0.0), 1.0 - 2.0 * y, slopes)


def _times(weight: Array, value: Array) -> Array:
    """Return the product, 0 times infinity as 0: the limit of x log x."""
    return np.where(weight == 0.0, 0.0, weight * value)


binary_crossentropy = BinaryCrossentropy()
