"""Mean absolute error."""

from __future__ import annotations

import numpy as np

from lossbook.checks import REAL, Array
from lossbook.engine import Loss
from lossbook.properties import Properties

__all__ = ["mean_absolute_error"]


class MeanAbsoluteError(Loss):
    r"""Mean absolute error: the mean of the absolute differences.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} |y_i - t_i|

    Every element is one sample. `y_true` and `y_pred` hold finite real numbers and have the same
    shape; the loss has their unit. It is called as described in `Loss.__call__`.

    Notes
    -----
    It is the negative log-likelihood of Laplace noise, up to constants [1]_. Where a prediction
    equals its label there is no derivative; the gradient holds the subgradient 0 there.

    References
    ----------
    .. [1] P.-S. Laplace, "Mémoire sur la probabilité des causes par les évènements", Mémoires de
       l'Académie Royale des Sciences de Paris 6 (1774), 621-656.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.mean_absolute_error([1.0, 2.0], [1.0, 5.0])
    1.5
    >>> lb.mean_absolute_error.gradient([1.0, 2.0], [1.0, 5.0]).tolist()
    [0.0, 0.5]
    """

    name = "mean_absolute_error"
    y_true = REAL
    y_pred = REAL
    rounds_once = True
    hides = True
    properties = Properties(
        convex=True,
        lipschitz=1.0,
        symmetric=True,
        differentiable=False,
        best_constant="median",
        noise_model="Laplace",
        degree=1,
    )

    def per_sample(self, t: Array, y: Array) -> Array:
        d = y - t
        return np.abs(d, out=d)

    def derivative(self, t: Array, y: Array) -> Array:
        return np.sign(y - t)


mean_absolute_error = MeanAbsoluteError()
