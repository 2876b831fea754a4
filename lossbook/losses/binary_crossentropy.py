"""Binary cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import LABEL, LOGIT, PROBABILITY, Array
from lossbook.engine import Loss
from lossbook.kernels import minus_log_difference, softplus, times
from lossbook.properties import Properties

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
        # max(z, 0) - z t, as one product: (1 - t) z for z > 0, else -t z.
        return times((z > 0.0) - t, z) + softplus(-np.abs(z))

    def derivative(self, t: Array, z: Array) -> Array:
        # y - t, as (1 - t) y - t (1 - y): a hard label leaves one term.
        e = np.exp(z)
        return ((1.0 - t) * e - t) / (1.0 + e)

    def limit(self, t: Array, z: Array) -> Array:
        # Where e^z overflows, 1 - y is e^-z.
        return (1.0 - t) - t * np.exp(-z)


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
        other = 1.0 - t
        if t.dot(other) == 0.0:  # labels 0 and 1: each has y or 1 - y
            return minus_log_difference(other, y)
        positive, negative = -np.log(y), minus_log_difference(1.0, y)
        return times(t, positive) + times(other, negative)

    def derivative(self, t: Array, y: Array) -> Array:
        return (y - t) / (y * (1.0 - y))

    def limit(self, t: Array, y: Array) -> Array:
        # At y = t = 0 and y = t = 1 there is one side only: 1 or -1.
        return 1.0 - 2.0 * y


binary_crossentropy = BinaryCrossentropy()
