"""What is true of a loss, declared where the loss is defined; the tests prove each declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Constant", "NoiseModel", "Properties"]

Constant = Literal[
    "mean", "median", "quantile", "balance of the errors, cut at delta",
    "balance of the errors' hyperbolic tangents",
    "logarithm of the mean", "mean, logarithm of the variance",
    "base rate", "log odds of the base rate", "class frequencies",
    "base rate, drawn towards one half", "log odds of the base rate, drawn towards 0",
    "class frequencies, drawn towards equal shares",
    "logarithms of the class frequencies, drawn towards equal ones",
    "logarithms of the class frequencies",
    "1 for a class with a majority, equal scores without one",
]  # fmt: skip
NoiseModel = Literal[
    "Gaussian", "Laplace", "Gaussian with the tails of Laplace", "hyperbolic secant",
    "asymmetric Laplace", "Poisson", "Bernoulli", "categorical", "none",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Properties:
    r"""Properties of a loss as a function of the prediction, for one sample.

    Parameters
    ----------
    convex : bool
        Whether the loss is convex in the prediction.
    lipschitz : float
        The smallest :math:`K` with :math:`|l(t, y) - l(t, y')| \le K \|y - y'\|_2` for all
        predictions; infinite where there is none.
    symmetric : bool
        Whether too high by some amount costs the same as too low by that amount.
    differentiable : bool
        Whether the loss has a derivative wherever it is finite.
    best_constant : str
        The one prediction for all samples that makes the mean loss smallest.
    noise_model : str
        The distribution of the labels whose negative log-likelihood the loss is, up to constants;
        "none" where there is no such distribution.
    degree : int or None, optional
        The degree :math:`k` of homogeneity, :math:`l(ct, cy) = c^k\,l(t, y)` for :math:`c > 0`,
        where there is one: in other units of measurement, the loss is :math:`c^k` times as large.
        A threshold, such as that of `huber`, is then given in the other unit, too.
    """

    convex: bool
    lipschitz: float
    symmetric: bool
    differentiable: bool
    best_constant: Constant
    noise_model: NoiseModel
    degree: int | None = None
