"""Categorical hinge loss."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import ONE_HOT, SCORES, Array
from lossbook.engine import Loss
from lossbook.kernels import one_plus_difference, pick, positive_part, put, rivals, true_classes
from lossbook.properties import Properties

__all__ = ["categorical_hinge"]


class CategoricalHinge(Loss):
    r"""Categorical hinge loss: what the true class lacks to lead all others by the margin 1.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \max\left(0, 1 + \max_{j \neq c_i} z_{ij}
              - z_{i c_i}\right)

    Every row is one sample, classes on the last axis. `y_true` holds one-hot rows, in which the
    true class :math:`c_i` has the 1; `y_pred` holds finite scores of the same shape. It is called
    as described in `Loss.__call__`.

    Notes
    -----
    Of several rivals only the largest counts [1]_, the first of them where some are equal. Where
    the margin is met exactly the gradient holds the subgradient 0.

    References
    ----------
    .. [1] Koby Crammer and Yoram Singer, "On the algorithmic implementation of multiclass
       kernel-based vector machines", Journal of Machine Learning Research 2 (2001), 265-292.

    Examples
    --------
    >>> import lossbook as lb
    >>> scores = [[1.0, 2.0, 2.5], [5.0, 1.0, 2.0]]
    >>> lb.categorical_hinge([[0, 0, 1], [1, 0, 0]], scores)
    0.25
    >>> lb.categorical_hinge.gradient([0, 0, 1], [1.0, 2.0, 2.5]).tolist()
    [0.0, 1.0, -1.0]
    """

    name = "categorical_hinge"
    chapter = "hinge"
    y_true = ONE_HOT
    y_pred = SCORES
    rounds_once = True
    hides = True
    properties = Properties(
        convex=True,
        lipschitz=math.sqrt(2.0),
        symmetric=False,
        differentiable=False,
        best_constant="1 for a class with a majority, equal scores without one",
        noise_model="none",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        true = true_classes(t)
        lacking = one_plus_difference(pick(z, rivals(z, true)), pick(z, true))
        return positive_part(lacking)

    def derivative(self, t: Array, z: Array) -> Array:
        true = true_classes(t)
        rival = rivals(z, true)
        costs = (one_plus_difference(pick(z, rival), pick(z, true)) > 0.0).astype(z.dtype)
        slopes = np.zeros_like(z)
        put(slopes, rival, costs)
        put(slopes, true, -costs)
        return slopes


categorical_hinge = CategoricalHinge()
