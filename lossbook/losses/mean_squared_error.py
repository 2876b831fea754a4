"""Mean squared error."""

from __future__ import annotations

import math

from lossbook.checks import REAL, Array
from lossbook.engine import Loss
from lossbook.properties import Properties

__all__ = ["mean_squared_error"]


class MeanSquaredError(Loss):
    r"""Mean squared error: the mean of the squared differences.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} (y_i - t_i)^2

    Every element is one sample. `y_true` and `y_pred` hold finite real numbers and have the same
    shape; the loss has the square of their unit. It is called as described in `Loss.__call__`.

    Notes
    -----
    It is the negative log-likelihood of Gaussian noise, up to constants [1]_. There is no factor
    1/2: where a text writes one, its gradient is half of this one.

    References
    ----------
    .. [1] Carl Friedrich Gauss, "Theoria motus corporum coelestium", Perthes and Besser, Hamburg
       1809.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.mean_squared_error([1.0, 2.0], [1.0, 5.0])
    4.5
    >>> lb.mean_squared_error.gradient([1.0, 2.0], [1.0, 5.0]).tolist()
    [0.0, 3.0]
    """

    name = "mean_squared_error"
    y_true = REAL
    y_pred = REAL
    rounds_once = True
    properties = Properties(
        convex=True,
        lipschitz=math.inf,
        symmetric=True,
        differentiable=True,
        best_constant="mean",
        noise_model="Gaussian",
        degree=2,
    )

    def per_sample(self, t: Array, y: Array) -> Array:
        d = y - t
        d *= d  # in the same memory, which saves time
        return d

    def derivative(self, t: Array, y: Array) -> Array:
        return 2.0 * (y - t)


mean_squared_error = MeanSquaredError()
