"""Sparse categorical cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np

from lossbook.checks import CATEGORY, DISTRIBUTION, LOGITS, Array
from lossbook.engine import Loss
from lossbook.kernels import pick, put, softmax_minus_one_hot, surprise
from lossbook.losses.categorical_crossentropy import categorical_crossentropy

__all__ = ["sparse_categorical_crossentropy"]


class SparseCategoricalCrossentropyFromLogits(Loss):
    r"""Sparse categorical cross-entropy of logits.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N}
              \left( \log \sum_{k=1}^{C} e^{z_{ik}} - z_{i t_i} \right)

    `y_true` holds one integer label per row of `y_pred`, which holds logits, classes on the last
    axis. The loss is in nats. It is called as described in `Loss.__call__`.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.sparse_categorical_crossentropy.from_logits([2], [[0.0, 1.0, 2.0]]), 6)
    0.407606
    """

    name = "sparse_categorical_crossentropy.from_logits"
    y_true = CATEGORY
    y_pred = LOGITS
    properties = categorical_crossentropy.from_logits.properties

    def per_sample(self, t: Array, z: Array) -> Array:
        return surprise(z, t)

    def derivative(self, t: Array, z: Array) -> Array:
        return softmax_minus_one_hot(z, t)


class SparseCategoricalCrossentropy(Loss):
    r"""Sparse categorical cross-entropy: categorical cross-entropy of integer labels.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} \log y_{i t_i}

    `y_true` holds one label per row of `y_pred`: a whole number from 0 to C - 1. `y_pred` holds
    distributions, classes on the last axis; a 1-D prediction is one sample, whose label is a
    single number. The loss is in nats. It is called as described in `Loss.__call__`; `from_logits`
    is the same loss of logits.

    Notes
    -----
    The value is that of `categorical_crossentropy` on one-hot labels. The labels take one integer
    each in place of C numbers, and no zeros are multiplied.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.sparse_categorical_crossentropy([0], [[0.7, 0.2, 0.1]]), 6)
    0.356675
    """

    name = "sparse_categorical_crossentropy"
    y_true = CATEGORY
    y_pred = DISTRIBUTION
    rounds_once = True
    properties = categorical_crossentropy.properties
    from_logits = SparseCategoricalCrossentropyFromLogits()

    def per_sample(self, t: Array, y: Array) -> Array:
        return -np.log(pick(y, t))

    def derivative(self, t: Array, y: Array) -> Array:
        slopes = np.zeros_like(y)
        put(slopes, t, -1.0 / pick(y, t))
        return slopes


sparse_categorical_crossentropy = SparseCategoricalCrossentropy()
