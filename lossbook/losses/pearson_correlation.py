"""Pearson's correlation, as a metric and as a loss."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lossbook.arguments import two_floats
from lossbook.checks import REAL, Array, as_real_pair, check_same_shape, floating_dtype
from lossbook.engine import Function
from lossbook.mistakes import explained
from lossbook.sums import add, product, two_sum

__all__ = ["pearson_correlation", "pearson_correlation_loss"]


def pearson_correlation(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Return Pearson's correlation coefficient of labels and predictions.

    .. math:: r = \frac{\sum_i (t_i - \bar t)(y_i - \bar y)}
              {\sqrt{\sum_i (t_i - \bar t)^2} \sqrt{\sum_i (y_i - \bar y)^2}}

    Parameters
    ----------
    y_true, y_pred : array_like
        Finite real numbers of the same shape, at least two; every element is one sample. Several
        outputs are refused, because each has a correlation of its own.

    Returns
    -------
    float
        From -1 to 1, without a unit.

    Raises
    ------
    TypeError
        If an argument is masked, has a unit, or does not hold real numbers.
    ValueError
        If shapes differ or have several axes longer than 1, a value is not finite, there are fewer
        than two samples, or an argument is constant, for which the coefficient is 0/0.

    Notes
    -----
    Let u and v be the centered labels and predictions, scaled to length 1. What v has beside r u is
    at right angles to u, and :math:`1 - r^2 = |v - r u|^2`. So r is exactly 1 or -1 for points on a
    line, whatever their offset or scale [1]_.

    Where r is close to 0, the products that it is made of cancel. Its error is then at most 1e-15
    of 1, not of r.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample
       variance: analysis and recommendations", The American Statistician 37 (1983), 242-247.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.pearson_correlation([1, 2, 3, 4], [1, 3, 2, 5]), 6)
    0.831522
    """
    return _fit(y_true, y_pred).r


class PearsonCorrelationLoss(Function):
    r"""One minus Pearson's correlation: 0 when predictions rise with the labels along a line.

    .. math:: L = 1 - r

    The arguments are those of `pearson_correlation`. There are no per-sample losses, because no
    sample has a correlation of its own; so there is no reduction.

    Notes
    -----
    A small loss is :math:`(1 - r^2) / (1 + r)`, from the distance of the points from a line. So it
    has 15 digits down to 1e-34, and is 0 where it is less than 1e-60.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.pearson_correlation_loss([1, 2, 3, 4], [1, 3, 2, 5]), 6)
    0.168478
    >>> lb.pearson_correlation_loss([1, 2, 3], [10, 20, 30])
    0.0
    >>> gradient = lb.pearson_correlation_loss.gradient([1, 2, 3], [1, 3, 2])
    >>> gradient.round(6).tolist()
    [0.25, 0.25, -0.5]
    """

    y_true = REAL
    y_pred = REAL
    name = "pearson_correlation"

    def __init__(self) -> None:
        super().__init__("pearson_correlation_loss")

    def __call__(self, y_true: ArrayLike, y_pred: ArrayLike) -> float:
        """Return 1 - r, from 0 to 2; otherwise as `pearson_correlation`."""
        fit = _fit(y_true, y_pred)
        return fit.rest / (1.0 + fit.r) if fit.r > 0.0 else 1.0 - fit.r

    def gradient(self, y_true: ArrayLike, y_pred: ArrayLike) -> Array:
        r"""Return the gradient with respect to `y_pred`, in its shape.

        It is :math:`(r v - u) / |y - \bar y|`, where u and v are the centered
        labels and predictions, scaled to length 1. It has the float dtype of
        `y_pred`; integers give float64.
        """
        fit = _fit(y_true, y_pred)
        # With v = r u + beside and 1 - r^2 = |beside|^2 = rest, r v - u is
        # r beside - rest u.
        with np.errstate(all="ignore"):
            slopes = (fit.r * fit.beside - fit.rest * fit.u) / fit.length
            scaled = np.ldexp(slopes, -fit.exponent).reshape(fit.like.shape)
            return scaled.astype(floating_dtype(fit.like.dtype))


class _Fit(NamedTuple):
    """The centered predictions, in units of their length, along u and beside it."""

    r: float
    u: Array  # the centered labels, scaled to length 1
    beside: Array  # v - r u
    rest: float  # its squared length, 1 - r^2
    length: float  # of the centered predictions, times 2**-exponent
    exponent: int
    like: Array  # the predictions, whose shape and dtype a gradient has


def _fit(y_true: ArrayLike, y_pred: ArrayLike) -> _Fit:
    """Return the predictions' parts along the labels and at right angles to them."""
    with np.errstate(all="ignore"):
        try:
            true, pred = as_real_pair(y_true, y_pred)
            check_same_shape(true, pred)
            _check_one_output(pred)
            t, _ = _centered(true, "y_true")
            y, exponent = _centered(pred, "y_pred")
        except (TypeError, ValueError) as error:
            raise explained(error, pearson_correlation_loss, y_true, y_pred, None) from None
        # Twice is enough: the second time takes away what rounding left of the first (Kahan).
        slope, beside = 0.0, y
        for _ in range(2):
            share = _dot(t, beside) / _dot(t, t)
            along, lost = product(share, t[0])
            beside = _center(_minus(beside, (along, lost + share * t[1])))
            slope += share
        length = math.sqrt(_dot(y, y))
        rest = _dot(beside, beside) / _dot(y, y)
        if rest < 2.0**-200:  # nothing but what two floats could not hold
            rest = 0.0
        unit = t[0] / math.sqrt(_dot(t, t))
        r = slope * math.sqrt(_dot(t, t)) / length
        if rest < 0.75:
            r = math.copysign(1.0 - rest / (1.0 + math.sqrt(1.0 - rest)), r)
        return _Fit(r, unit, beside[0] / length, rest, length, exponent, pred)


def _check_one_output(pred: Array) -> None:
    if pred.size < 2:
        raise ValueError("y_pred has a single sample; expected at least two to correlate")
    if pred.size > max(pred.shape):
        raise ValueError(
            f"y_pred has shape {pred.shape}, several outputs, each with a correlation of its own; "
            f"expected one: `[lossbook.pearson_correlation(t, y) for t, y in "
            f"zip(np.transpose(y_true), np.transpose(y_pred))]`, or flatten both with np.ravel for "
            f"the correlation of all numbers"
        )


_Pair = tuple[Any, Any]  # a number as the sum of two floats: 32 digits


def _centered(array: Array, name: str) -> tuple[_Pair, int]:
    """Return the values less their mean, times 2**-exponent, and the exponent."""
    fault = REAL.fault(array.reshape(-1), 0.0, 1)
    if fault is not None:
        raise ValueError(fault.says(name, REAL.expected, array.shape))
    lowest = array.min()
    if lowest == array.max():
        raise ValueError(
            f"{name} is constant, {lowest.item()!r} everywhere; expected values that differ, "
            f"because the correlation with a constant is 0/0"
        )
    values, first = _scaled(two_sum(*two_floats(array.reshape(-1))))
    values, second = _scaled(_center(_center(values)))
    return values, first + second


def _scaled(x: _Pair) -> tuple[_Pair, int]:
    """Return x times a power of two, so that the largest is near 1, and the exponent."""
    exponent = math.frexp(np.abs(x[0]).max())[1]
    return (np.ldexp(x[0], -exponent), np.ldexp(x[1], -exponent)), exponent


def _center(x: _Pair) -> _Pair:
    return _minus(x, (add(x[0]) / x[0].size, 0.0))


def _minus(a: _Pair, b: _Pair) -> _Pair:
    total, lost = two_sum(a[0], -b[0])
    return two_sum(total, lost + (a[1] - b[1]))


def _dot(a: _Pair, b: _Pair) -> float:
    """Return the dot product of the leading halves: the others are less than its rounding."""
    return add(a[0] * b[0])


pearson_correlation_loss = PearsonCorrelationLoss()
