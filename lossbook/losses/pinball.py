"""Pinball loss, also called quantile loss."""

from __future__ import annotations

import numpy as np

from lossbook.checks import REAL, Array, as_number
from lossbook.engine import Loss
from lossbook.properties import Properties

__all__ = ["pinball"]


class Pinball(Loss):
    r"""Pinball loss: too low costs `quantile` for each unit, too high costs the rest of 1.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \max(\theta (t_i - y_i), (\theta - 1)(t_i - y_i))

    Every element is one sample. `y_true` and `y_pred` hold finite real numbers and have the same
    shape; the loss has their unit. It is called as described in `Loss.__call__`.

    Parameters
    ----------
    quantile : float, default 0.5
        The level theta: which part of the labels is to lie below the prediction, between 0 and 1.

    Notes
    -----
    The constant prediction with the smallest loss is the quantile of the labels at that level
    [1]_. At the level 0.5 the loss is half the absolute error. Where a prediction equals its label
    there is no derivative; the gradient holds the subgradient 0 there.

    References
    ----------
    .. [1] Roger Koenker and Gilbert Bassett, "Regression quantiles", Econometrica 46 (1978), 33-50.

    Examples
    --------
    >>> import lossbook as lb
    >>> high = lb.pinball.with_parameters(quantile=0.75)
    >>> high([10.0, 10.0], [8.0, 12.0], reduction="none").tolist()
    [1.5, 0.5]
    >>> high.gradient([10.0, 10.0], [8.0, 12.0], reduction="sum").tolist()
    [-0.75, 0.25]
    """

    name = "pinball"
    y_true = REAL
    y_pred = REAL
    rounds_once = True
    hides = True
    parameters = ("quantile",)
    quantile = 0.5

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its quantile."""
        return Properties(
            convex=True,
            lipschitz=max(self.quantile, 1.0 - self.quantile),
            symmetric=self.quantile == 0.5,
            differentiable=False,
            best_constant="quantile",
            noise_model="asymmetric Laplace",
            degree=1,
        )

    def check_parameters(self) -> None:
        """Raise an error unless the quantile lies between 0 and 1."""
        q = self.quantile = as_number(self.quantile, "quantile", "between 0 and 1")
        if not 0.0 < q < 1.0:
            percent = f": if it is in percent, `quantile={q / 100!r}`" if 1.0 < q < 100.0 else ""
            advice = percent or ": the median is `quantile=0.5`"
            raise ValueError(f"quantile is {q!r}; expected a number between 0 and 1{advice}")

    def per_sample(self, t: Array, y: Array) -> Array:
        theta = self.quantile
        return np.maximum(theta * (t - y), (theta - 1.0) * (t - y))

    def derivative(self, t: Array, y: Array) -> Array:
        theta = self.quantile
        return (y > t) - theta * (y != t)


pinball = Pinball()
