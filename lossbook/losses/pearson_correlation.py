"""Pearson's correlation, as a metric and as a loss."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import REAL, Array, as_real_pair, check_same_shape, floating_dtype
from lossbook.engine import Function
from lossbook.mistakes import explained

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
    Both arguments are scaled by a power of two and centered twice: the second time removes what
    rounding left in the first mean. So an offset of 1e15 or a scale of 1e200 does no harm [1]_.

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
    t, y, _ = _directions(y_true, y_pred)
    return max(-1.0, min(1.0, math.fsum(t.unit * y.unit)))


class PearsonCorrelationLoss(Function):
    r"""One minus Pearson's correlation: 0 when predictions rise with the labels along a line.

    .. math:: L = 1 - r

    The arguments are those of `pearson_correlation`. There are no per-sample losses, because no
    sample has a correlation of its own; so there is no reduction.

    Notes
    -----
    With both arguments centered and scaled to length 1, :math:`1 - r` is half of the squared
    distance between them. Computed so, a small loss keeps its digits.

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
        t, y, _ = _directions(y_true, y_pred)
        gap = t.unit - y.unit
        return min(2.0, 0.5 * math.fsum(gap * gap))

    def gradient(self, y_true: ArrayLike, y_pred: ArrayLike) -> Array:
        r"""Return the gradient with respect to `y_pred`, in its shape.

        It is :math:`(r v - u) / |y - \bar y|`, where u and v are the centered
        labels and predictions, scaled to length 1. It has the float dtype of
        `y_pred`; integers give float64.
        """
        t, y, like = _directions(y_true, y_pred)
        gap = t.unit - y.unit
        loss = 0.5 * math.fsum(gap * gap)
        # u - r v = (u - v) + (1 - r) v, which does not cancel near r = 1.
        slopes = -(gap + loss * y.unit) / y.length
        with np.errstate(over="ignore", under="ignore"):
            scaled = np.ldexp(slopes, -y.exponent).reshape(like.shape)
            return scaled.astype(floating_dtype(like.dtype))


class _Direction(NamedTuple):
    """A centered argument, as ``unit * length * 2**exponent``."""

    unit: Array
    length: float
    exponent: int


def _directions(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[_Direction, _Direction, Array]:
    """Return both arguments, checked and centered, and the array that a gradient is like."""
    try:
        true, pred = as_real_pair(y_true, y_pred)
        check_same_shape(true, pred)
        _check_one_output(pred)
        return _direction(true, "y_true"), _direction(pred, "y_pred"), pred
    except (TypeError, ValueError) as error:
        raise explained(error, pearson_correlation_loss, y_true, y_pred, None) from None


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


def _direction(array: Array, name: str) -> _Direction:
    values = array.astype(np.float64).reshape(-1)
    fault = REAL.fault(values, 0.0, 1)
    if fault is not None:
        index = tuple(int(i) for i in np.unravel_index(fault.position[0], array.shape))
        raise ValueError(f"{name} holds {fault.holds} at index {index}; expected {REAL.expected}")
    if values.min() == values.max():
        raise ValueError(
            f"{name} is constant, {values[0].item()!r} everywhere; expected values that differ, "
            f"because the correlation with a constant is 0/0"
        )
    values, first = _scaled(values)
    for _ in range(2):
        values = values - math.fsum(values) / values.size
    values, second = _scaled(values)
    length = math.sqrt(math.fsum(values * values))
    return _Direction(values / length, length, first + second)


def _scaled(values: Array) -> tuple[Array, int]:
    """Return values scaled by a power of two so that the largest is near 1, and its exponent."""
    exponent = math.frexp(np.abs(values).max())[1]
    return np.ldexp(values, -exponent), exponent


pearson_correlation_loss = PearsonCorrelationLoss()
