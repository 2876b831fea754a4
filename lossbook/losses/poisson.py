"""Poisson loss, of logarithms of rates."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import COUNT, LOG_RATE, Array
from lossbook.engine import Loss
from lossbook.properties import Properties

__all__ = ["poisson"]


class Poisson(Loss):
    r"""Poisson loss: how surprising counts are under predicted rates, up to constants.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \left( e^{z_i} - t_i z_i \right)

    Every element is one sample. `y_true` holds counts, whole numbers from 0; `y_pred` holds
    logarithms of the rates, which are finite. Both have the same shape. It is called as described
    in `Loss.__call__`.

    Notes
    -----
    It is the negative log-likelihood of Poisson counts without its constant :math:`\log t!` [1]_,
    and so it may be less than 0. Where counts were taken over different spans, add the logarithm of
    the span to `y_pred`.

    The two terms may cancel; the error of a sample's loss is at most 1e-15 of the larger of them,
    that of its derivative at most 1e-15 of the larger of :math:`e^z` and t. From z = 709.8 on
    the rate is beyond float64, and the loss infinite, beside whatever weight.

    References
    ----------
    .. [1] P. McCullagh and J. A. Nelder, "Generalized linear models", second edition, Chapman and
       Hall, London 1989.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.poisson([2, 0], [0.0, 0.0], reduction="none").tolist()
    [1.0, 1.0]
    >>> lb.poisson.gradient([2, 0], [0.0, 0.0], reduction="sum").tolist()
    [-1.0, 1.0]
    """

    name = "poisson"
    y_true = COUNT
    y_pred = LOG_RATE
    growth = 0
    nonnegative = False
    hides = True  # where z is minus infinity
    properties = Properties(
        convex=True,
        lipschitz=math.inf,
        symmetric=False,
        differentiable=True,
        best_constant="logarithm of the mean",
        noise_model="Poisson",
    )

    def per_sample(self, t: Array, z: Array) -> Array:
        return np.exp(z) - t * z

    def derivative(self, t: Array, z: Array) -> Array:
        return np.exp(z) - t


poisson = Poisson()
