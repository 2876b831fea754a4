"""Categorical focal cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import DISTRIBUTION, LOGITS, ONE_HOT, Array
from lossbook.kernels import (
    pick,
    put,
    softmax_minus_one_hot,
    surprise_and_others,
    times,
    true_classes,
)
from lossbook.losses.binary_focal_crossentropy import Focal, steepest_slope
from lossbook.properties import Properties

__all__ = ["categorical_focal_crossentropy"]


class CategoricalFocalCrossentropyFromLogits(Focal):
    r"""Categorical focal cross-entropy of logits: rows whose softmax is the distribution.

    .. math:: L = -\frac{\alpha}{N} \sum_{i=1}^{N} (1 - p_i)^\gamma \log p_i, \quad
              p_i = \frac{\sum_{j=1}^{C} t_{ij} e^{z_{ij}}}{\sum_{k=1}^{C} e^{z_{ik}}}

    Every row is one sample, classes on the last axis. `y_true` holds one-hot rows; `y_pred` holds
    logits. The loss is in nats, and called as `categorical_focal_crossentropy` is, with the same
    parameters. It is not convex.

    Examples
    --------
    >>> import lossbook as lb
    >>> loss = lb.categorical_focal_crossentropy.from_logits
    >>> round(loss([0, 0, 1], [0.0, 1.0, 2.0]), 6)
    0.011419
    """

    name = "categorical_focal_crossentropy.from_logits"
    y_true = ONE_HOT
    y_pred = LOGITS
    parameters = ("alpha", "gamma")

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its parameters."""
        return Properties(
            convex=self.gamma == 0.0,
            lipschitz=self.alpha * math.sqrt(2.0) * steepest_slope(self.gamma),
            symmetric=False,
            differentiable=True,
            best_constant="logarithms of the class frequencies, drawn towards equal ones",
            noise_model="none",
        )

    def per_sample(self, t: Array, z: Array) -> Array:
        surprise, q = surprise_and_others(z, true_classes(t))
        return self.alpha * times(q**self.gamma, surprise)

    def derivative(self, t: Array, z: Array) -> Array:
        labels = true_classes(t)
        surprise, q = surprise_and_others(z, labels)
        p = np.exp(-surprise)
        # By the chain rule: the derivative of the surprise is softmax minus one-hot.
        by_surprise = q**self.gamma * (self.gamma * (times(p, surprise) / q) + 1.0)
        return self.alpha * by_surprise * softmax_minus_one_hot(z, labels)

    def limit(self, t: Array, z: Array) -> Array:
        return np.zeros_like(z)  # the true class has all, and nothing is left to gain


class CategoricalFocalCrossentropy(Focal):
    r"""Categorical focal cross-entropy: the surprise of labels, less of what is predicted well.

    .. math:: L = -\frac{\alpha}{N} \sum_{i=1}^{N} (1 - p_i)^\gamma \log p_i, \quad
              p_i = \sum_{j=1}^{C} t_{ij} y_{ij}

    Every row is one sample, classes on the last axis. `y_true` holds one-hot rows, `y_pred`
    distributions of the same shape, whose rows sum to 1. The loss is in nats. It is called as
    described in `Loss.__call__`; `from_logits` is the same loss of logits.

    Parameters
    ----------
    alpha : float, default 0.25
        A factor of every loss, between 0 and 1. Weights of classes are given as `sample_weight`.
    gamma : float, default 2.0
        How much less a well predicted label counts, from 0, which leaves the cross-entropy.

    Notes
    -----
    Names and defaults are those of Keras, the factor 0.25 included [1]_. Of the digits, and of the
    probability that costs least, the same is true as of `binary_focal_crossentropy`. But where the
    logits are those of many classes, their sum is rounded more often, and the power multiplies that
    too: up to a thousand classes, and gamma up to 2, the error is at most 5e-15.

    References
    ----------
    .. [1] Tsung-Yi Lin and others, "Focal loss for dense object detection", IEEE International
       Conference on Computer Vision 2017, 2980-2988.

    Examples
    --------
    >>> import lossbook as lb
    >>> t, y = [1, 0, 0], [0.7, 0.2, 0.1]
    >>> round(lb.categorical_focal_crossentropy(t, y), 6)
    0.008025
    >>> round(lb.categorical_focal_crossentropy(t, y, alpha=1.0), 6)
    0.032101
    """

    name = "categorical_focal_crossentropy"
    y_true = ONE_HOT
    y_pred = DISTRIBUTION
    parameters = ("alpha", "gamma")

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its parameters."""
        return Properties(
            convex=True,
            lipschitz=math.inf,
            symmetric=False,
            differentiable=True,
            best_constant="class frequencies, drawn towards equal shares",
            noise_model="none",
        )

    @property
    def from_logits(self) -> CategoricalFocalCrossentropyFromLogits:
        """The same loss of logits."""
        return _FROM_LOGITS.with_parameters(**self._own_parameters())

    def per_sample(self, t: Array, y: Array) -> Array:
        p = pick(y, true_classes(t))
        return -self.alpha * times((1.0 - p) ** self.gamma, np.log(p))

    def derivative(self, t: Array, y: Array) -> Array:
        labels = true_classes(t)
        p = pick(y, labels)
        q = 1.0 - p
        own = -self.alpha * q**self.gamma * (1.0 / p - self.gamma * (np.log(p) / q))
        slopes = np.zeros_like(y)
        put(slopes, labels, own)
        return slopes

    def limit(self, t: Array, y: Array) -> Array:
        # At p = 1, the quotient of surprise and q is 1; at p = 0 the other term is infinite.
        return -self.alpha * (1.0 - y) ** self.gamma * (self.gamma + 1.0 / y)


_FROM_LOGITS = CategoricalFocalCrossentropyFromLogits()
categorical_focal_crossentropy = CategoricalFocalCrossentropy()
