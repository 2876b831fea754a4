"""Huber loss."""

from __future__ import annotations

import numpy as np

from lossbook.checks import REAL, Array, as_number
from lossbook.engine import Loss
from lossbook.properties import Properties

__all__ = ["huber"]


class Huber(Loss):
    r"""Huber loss: half the squared error up to a threshold, and a straight line beyond it.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} h_i \left( |y_i - t_i| - \frac{h_i}{2} \right), \quad
              h_i = \min(|y_i - t_i|, \delta)

    Every element is one sample. `y_true` and `y_pred` hold finite real numbers and have the same
    shape; the loss has the square of their unit. It is called as described in `Loss.__call__`.

    Parameters
    ----------
    delta : float, default 1.0
        The threshold, in the unit of the labels: the size of error at which the parabola becomes a
        line of slope `delta`. It is positive; with `math.inf` the loss is half the squared error.

    Notes
    -----
    Up to the threshold the loss is :math:`\frac{1}{2}(y - t)^2`, beyond it
    :math:`\delta |y - t| - \frac{1}{2} \delta^2` [1]_. Smooth L1 is this loss divided by `delta`.

    References
    ----------
    .. [1] Peter J. Huber, "Robust estimation of a location parameter", The Annals of Mathematical
       Statistics 35 (1964), 73-101.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.huber([1.0, 2.0], [1.5, 5.0], reduction="none").tolist()
    [0.125, 2.5]
    >>> lb.huber([1.0, 2.0], [1.5, 5.0], delta=2.0, reduction="none").tolist()
    [0.125, 4.0]
    >>> lb.huber.gradient([1.0, 2.0], [1.5, 5.0], reduction="sum").tolist()
    [0.5, 1.0]
    """

    name = "huber"
    y_true = REAL
    y_pred = REAL
    rounds_once = True
    hides = True
    parameters = ("delta",)
    thresholds = ("delta",)
    delta = 1.0

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its threshold."""
        return Properties(
            convex=True,
            lipschitz=self.delta,
            symmetric=True,
            differentiable=True,
            best_constant="balance of the errors, cut at delta",
            noise_model="Gaussian with the tails of Laplace",
            degree=2,
        )

    def check_parameters(self) -> None:
        """Raise an error unless the threshold is positive."""
        expected = "greater than 0: the size of error at which the line begins, such as `delta=1.0`"
        self.delta = as_number(self.delta, "delta", expected)
        if not self.delta > 0.0:
            raise ValueError(f"delta is {self.delta!r}; expected a number {expected}")

    def per_sample(self, t: Array, y: Array) -> Array:
        size = np.abs(y - t)
        cut = size.clip(0.0, self.delta)
        return cut * (size - 0.5 * cut)

    def derivative(self, t: Array, y: Array) -> Array:
        return (y - t).clip(-self.delta, self.delta)


huber = Huber()
