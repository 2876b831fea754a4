"""Gaussian negative log-likelihood, with a predicted spread."""

from __future__ import annotations

import math

import numpy as np

from lossbook.checks import MEAN_AND_LOG_VARIANCE, REAL, Array
from lossbook.engine import Loss
from lossbook.kernels import times
from lossbook.properties import Properties

__all__ = ["gaussian_negative_log_likelihood"]


class GaussianNegativeLogLikelihood(Loss):
    r"""Gaussian negative log-likelihood: the surprise of a label under a predicted bell.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \frac{1}{2} \left( z_i
              + \frac{(y_i - t_i)^2}{e^{z_i}} \right)

    Every label is one sample. `y_true` holds finite real numbers; `y_pred` holds a row of two for
    each of them, on the last axis: the mean :math:`y_i` and the logarithm :math:`z_i` of the
    variance. It is called as described in `Loss.__call__`.

    Notes
    -----
    The constant :math:`\frac{1}{2} \log 2\pi` is left out [1]_, and the loss may be less than 0. It
    is convex in the mean and in the logarithm of the variance, but not in both together.

    The two terms may cancel; the error of a sample's loss is at most 1e-15 of the larger of them,
    and so is that of its derivative in z. Below z = -1419, a variance of 1e-616, every error but 0
    costs infinitely much, and so does one of 1.9e154 standard deviations, beside whatever weight.

    References
    ----------
    .. [1] D. A. Nix and A. S. Weigend, "Estimating the mean and variance of the target probability
       distribution", IEEE International Conference on Neural Networks 1 (1994), 55-60.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.gaussian_negative_log_likelihood([1.0, 3.0], [[1.0, 0.0], [1.0, 0.0]])
    1.0
    >>> lb.gaussian_negative_log_likelihood.gradient([3.0], [[1.0, 0.0]]).tolist()
    [[-2.0, -1.5]]
    """

    name = "gaussian_negative_log_likelihood"
    y_true = REAL
    y_pred = MEAN_AND_LOG_VARIANCE
    growth = 0
    nonnegative = False
    properties = Properties(
        convex=False,
        lipschitz=math.inf,
        symmetric=True,
        differentiable=True,
        best_constant="mean, logarithm of the variance",
        noise_model="Gaussian",
    )

    def per_sample(self, t: Array, y: Array) -> Array:
        mean, z = y
        # The error in standard deviations.
        deviations = times(mean - t, np.exp(-0.5 * z))
        # The half first: the square alone may overflow.
        return 0.5 * z + 0.5 * deviations * deviations

    def derivative(self, t: Array, y: Array) -> Array:
        mean, z = y
        inverse = np.exp(-0.5 * z)  # one over the standard deviation
        deviations = times(mean - t, inverse)
        slopes = np.empty_like(y)
        slopes[0] = times(deviations, inverse)
        slopes[1] = 0.5 * (1.0 - deviations) * (1.0 + deviations)
        return slopes


gaussian_negative_log_likelihood = GaussianNegativeLogLikelihood()
