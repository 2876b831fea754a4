"""Log-cosh loss."""

from __future__ import annotations

import numpy as np

from lossbook.checks import REAL, Array
from lossbook.engine import Loss
from lossbook.kernels import log_cosh_of
from lossbook.properties import Properties

__all__ = ["log_cosh"]


class LogCosh(Loss):
    r"""Log-cosh loss: the logarithm of the hyperbolic cosine of the errors.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \log \cosh(y_i - t_i)

    Every element is one sample. `y_true` and `y_pred` hold finite real numbers and have the same
    shape, in a unit in which an error of 1 is neither small nor large. It is called as described in
    `Loss.__call__`.

    Notes
    -----
    A small error costs half its square, a large one its size minus :math:`\log 2`. It is the
    negative log-likelihood of noise with the density of a hyperbolic secant [1]_, up to constants.

    References
    ----------
    .. [1] W. D. Baten, "The probability law for the sum of n independent variables, each subject to
       the law (1/2h) sech(πx/2h)", Bulletin of the American Mathematical Society 40 (1934),
       284-290.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.log_cosh([0.0], [1.0]), 6)
    0.433781
    >>> lb.log_cosh.gradient([0.0, 0.0], [1e-8, 1000.0], reduction="sum").tolist()
    [1e-08, 1.0]
    """

    name = "log_cosh"
    chapter = "huber"
    y_true = REAL
    y_pred = REAL
    hides = True
    properties = Properties(
        convex=True,
        lipschitz=1.0,
        symmetric=True,
        differentiable=True,
        best_constant="balance of the errors' hyperbolic tangents",
        noise_model="hyperbolic secant",
    )

    def per_sample(self, t: Array, y: Array) -> Array:
        return log_cosh_of(y - t)

    def derivative(self, t: Array, y: Array) -> Array:
        return np.tanh(y - t)


log_cosh = LogCosh()
