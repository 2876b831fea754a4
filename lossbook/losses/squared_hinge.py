"""Squared hinge loss."""

from __future__ import annotations

import math

from lossbook.checks import SCORE, SIGN, Array
from lossbook.engine import Loss
from lossbook.kernels import positive_part
from lossbook.properties import Properties

__all__ = ["squared_hinge"]


class SquaredHinge(Loss):
    r"""Squared hinge loss: the square of what a score lacks to the margin 1.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \max(0, 1 - t_i z_i)^2

    Every element is one sample. `y_true` holds labels -1 and 1, `y_pred` scores: real numbers, of
    which those above 0 speak for the label 1. Both have the same shape. It is called as described
    in `Loss.__call__`.

    Notes
    -----
    Unlike the hinge loss it has a derivative at the margin, too, and its best constant tells the
    shares of the two labels: it is the mean of the labels [1]_.

    References
    ----------
    .. [1] Peter L. Bartlett, Michael I. Jordan and Jon D. McAuliffe, "Convexity, classification,
       and risk bounds", Journal of the American Statistical Association 101 (2006), 138-156.

    Examples
    --------
    >>> import lossbook as lb
    >>> t, z = [1, -1, 1], [0.5, -2.0, -1.0]
    >>> lb.squared_hinge(t, z, reduction="none").tolist()
    [0.25, 0.0, 4.0]
    >>> lb.squared_hinge.gradient(t, z, reduction="sum").tolist()
    [-1.0, 0.0, -4.0]
    """

    name = "squared_hinge"
    chapter = "hinge"
    y_true = SIGN
    y_pred = SCORE
    growth = 2
    rounds_once = True
    properties = Properties(
        convex=True,
        lipschitz=math.inf,
        symmetric=False,
        differentiable=True,
        best_constant="mean",
        noise_model="none",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        return positive_part(1.0 - t * z) ** 2

    def derivative(self, t: Array, z: Array) -> Array:
        return -2.0 * t * positive_part(1.0 - t * z)


squared_hinge = SquaredHinge()
