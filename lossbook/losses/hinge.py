"""Hinge loss."""

from __future__ import annotations

from lossbook.checks import SCORE, SIGN, Array
from lossbook.engine import Loss
from lossbook.kernels import positive_part
from lossbook.properties import Properties

__all__ = ["hinge"]


class Hinge(Loss):
    r"""Hinge loss: by how much a score misses the margin 1 on the side of its label.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \max(0, 1 - t_i z_i)

    Every element is one sample. `y_true` holds labels -1 and 1, `y_pred` scores: real numbers, of
    which those above 0 speak for the label 1. Both have the same shape. It is called as described
    in `Loss.__call__`.

    Notes
    -----
    It is what a support vector machine makes small [1]_. Where a score meets the margin exactly
    there is no derivative; the gradient holds the subgradient 0 there. Labels 0 and 1 are refused:
    with the label 0 every score would cost 1.

    References
    ----------
    .. [1] Corinna Cortes and Vladimir Vapnik, "Support-vector networks", Machine Learning 20
       (1995), 273-297.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.hinge([1, -1, 1], [0.5, -2.0, -1.0], reduction="none").tolist()
    [0.5, 0.0, 2.0]
    >>> lb.hinge.gradient([1, -1, 1], [0.5, -2.0, -1.0], reduction="sum").tolist()
    [-1.0, 0.0, -1.0]
    """

    name = "hinge"
    y_true = SIGN
    y_pred = SCORE
    rounds_once = True
    hides = True
    properties = Properties(
        convex=True,
        lipschitz=1.0,
        symmetric=False,
        differentiable=False,
        best_constant="median",
        noise_model="none",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        return positive_part(1.0 - t * z)

    def derivative(self, t: Array, z: Array) -> Array:
        return 0.0 - t * (t * z < 1.0)  # 0 - 0 has no sign, -0 has


hinge = Hinge()
