"""Surprise, entropy, cross-entropy and Kullback-Leibler divergence, in nats, bits or any unit.

Distributions are rows: classes on the last axis, every row sums to 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import (
    DISTRIBUTION,
    PROBABILITY,
    Array,
    as_number,
    as_real_array,
    floating_dtype,
    row_sum_tolerance,
)
from lossbook.kernels import times
from lossbook.mistakes import to_distributions
from lossbook.sums import sum_in_halves

__all__ = ["cross_entropy", "entropy", "information", "kl_divergence"]

BLOCK = 8_192  # values of a block of rows: with all temporaries it stays in the cache


def information(p: ArrayLike, *, base: float | None = None) -> float | Array:
    r"""Return the information, or surprise, of events that have the probabilities `p`.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], each of an event of its own.
    base : float, optional
        The base of the logarithm, greater than 1: 2 for bits. Without it the unit is the nat.

    Returns
    -------
    float or ndarray
        :math:`-\log p`: a float for a single number, else an array with the shape of `p` and its
        floating dtype. The surprise of an impossible event is infinite.

    Raises
    ------
    TypeError, ValueError
        If `p` or `base` is not as described.

    Notes
    -----
    Among the functions of a probability, only the logarithm makes the surprises of independent
    events add up [1]_.

    References
    ----------
    .. [1] C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal
       27 (1948), 379-423 and 623-656.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.information(0.5, base=2)
    1.0
    >>> lb.information([1.0, 0.25, 0.0], base=2).tolist()
    [0.0, 2.0, inf]
    """
    array = as_real_array(p, "p")
    fault = PROBABILITY.fault(array.reshape(-1), 0.0, 0)
    if fault is not None:
        raise ValueError(
            f"{fault.says('p', PROBABILITY.expected, array.shape)}: a surprise is that of one "
            f"event; give counts divided by their sum"
        )
    return _result(0.0 - _log(array.astype(np.float64), base), floating_dtype(array.dtype))


def entropy(p: ArrayLike, *, base: float | None = None) -> float | Array:
    r"""Return the entropy of distributions: their mean surprise under their own probabilities.

    Parameters
    ----------
    p : array_like, shape (..., C)
        Distributions on the last axis. Each sums to 1 as closely as float32 rounds, within 3.5e-4
        (float16: 0.031); nothing is renormalized.
    base : float, optional
        The base of the logarithm, greater than 1: 2 for bits. Without it the unit is the nat.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`-\sum_j p_j \log p_j`: a float for one distribution, else an array in the floating
        dtype of `p`.

    Raises
    ------
    TypeError, ValueError
        If `p` does not hold distributions, or `base` is not as described.

    Notes
    -----
    A class that never occurs counts nothing: :math:`0 \log 0` is 0, the limit of
    :math:`x \log x` [1]_.

    References
    ----------
    .. [1] C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal
       27 (1948), 379-423 and 623-656.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.entropy([0.5, 0.5], base=2)
    1.0
    >>> lb.entropy([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]], base=2).tolist()
    [1.5, 0.0]
    """
    rows, dtype = _distributions(p, "p")
    return _result(_mean_surprise(rows, rows, base), floating_dtype(dtype))


def cross_entropy(p: ArrayLike, q: ArrayLike, *, base: float | None = None) -> float | Array:
    r"""Return the mean surprise of events that occur as `p` for someone who expects `q`.

    Parameters
    ----------
    p, q : array_like, shape (..., C)
        Distributions on the last axis, both of the same shape. Each sums to 1 as closely as float32
        rounds, within 3.5e-4 (float16: 0.031); nothing is renormalized.
    base : float, optional
        The base of the logarithm, greater than 1: 2 for bits. Without it the unit is the nat.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`-\sum_j p_j \log q_j`: a float for one pair of distributions, else an array in the
        wider floating dtype of the two. It is infinite where `q` rules out what `p` allows.

    Raises
    ------
    TypeError, ValueError
        If `p` or `q` does not hold distributions, their shapes differ, or `base` is not as
        described.

    Notes
    -----
    In nats this is `categorical_crossentropy` of one sample with the label `p` and the prediction
    `q`. The expected surprise under a forecast goes back to [1]_.

    References
    ----------
    .. [1] I. J. Good, "Rational decisions", Journal of the Royal Statistical Society B 14 (1952),
       107-114.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.cross_entropy([0.5, 0.5], [0.25, 0.75], base=2), 6)
    1.207519
    >>> lb.cross_entropy([0.5, 0.5], [1.0, 0.0])
    inf
    """
    true, expected, dtype = _pairs(p, q)
    return _result(_mean_surprise(true, expected, base), dtype)


def kl_divergence(p: ArrayLike, q: ArrayLike, *, base: float | None = None) -> float | Array:
    r"""Return the Kullback-Leibler divergence: the surprise that expecting `q` adds to `p`.

    Parameters
    ----------
    p, q : array_like, shape (..., C)
        Distributions on the last axis, both of the same shape. Each sums to 1 as closely as float32
        rounds, within 3.5e-4 (float16: 0.031); nothing is renormalized.
    base : float, optional
        The base of the logarithm, greater than 1: 2 for bits. Without it the unit is the nat.

    Returns
    -------
    float or ndarray, shape (...)
        :math:`\sum_j \left( p_j \log \frac{p_j}{q_j} - p_j + q_j \right)`: a float for one pair of
        distributions, else an array in the wider floating dtype of the two. It is never negative,
        0 where `p` equals `q`, and infinite where `q` rules out what `p` allows.

    Raises
    ------
    TypeError, ValueError
        If `p` or `q` does not hold distributions, their shapes differ, or `base` is not as
        described.

    Notes
    -----
    The divergence is usually written :math:`\sum_j p_j \log \frac{p_j}{q_j}` [1]_, and for rows
    that sum to exactly 1 that is the same. But rows of floating-point numbers seldom do. With sums
    :math:`P` and :math:`Q` the usual formula is off by :math:`P - Q`, which may exceed the
    divergence itself, and make it negative. The one above has no negative term. It is :math:`P`
    times the divergence of the normalized rows, plus about :math:`\frac{1}{2}(P - Q)^2`.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On information and sufficiency", Annals of Mathematical
       Statistics 22 (1951), 79-86.

    Examples
    --------
    >>> import lossbook as lb
    >>> round(lb.kl_divergence([0.5, 0.5], [0.25, 0.75], base=2), 6)
    0.207519
    >>> round(lb.kl_divergence([0.5, 0.5], [0.5 + 1e-9, 0.5 - 1e-9]), 24)
    2e-18
    """
    true, expected, dtype = _pairs(p, q)
    shape, classes = true.shape[1:], len(true)
    true, expected = true.reshape(classes, -1), expected.reshape(classes, -1)
    extra = np.empty(true.shape[1])
    step = max(1, BLOCK // classes)
    with np.errstate(all="ignore"):
        for start in range(0, extra.size, step):
            rows = slice(start, start + step)
            extra[rows] = sum_in_halves(_divergence(true[:, rows], expected[:, rows]))
        extra /= _log_of(base)
    return _result(extra.reshape(shape), dtype)


def _mean_surprise(p: Array, q: Array, base: float | None) -> Array:
    """Return -sum p log q over axis 0, with 0 log 0 = 0."""
    with np.errstate(all="ignore"):
        return 0.0 - sum_in_halves(times(p, _log(q, base)))


def _divergence(p: Array, q: Array) -> Array:
    """Return p log(p/q) - p + q, of which nothing cancels.

    Written D(p, q), this obeys D(p, q) = D(p, c) + D(c, q) + (p - c) log(c/q) for every c > 0, and
    nothing is negative if c lies between p and q. With c = 2^k q close to p, the last two parts
    need log 2 only. With s = (p - c)/(p + c), the first is g + g (s + s^2) (1/3 + s^2/5 + ...),
    where g = (p - c) s, because log(p/c) = 2 (s + s^3/3 + s^5/5 + ...).
    """
    both = (p > 0.0) & (q > 0.0)
    only_one = np.where(both, 0.0, np.where(p > 0.0, np.inf, q))
    p, q = np.where(both, p, 1.0), np.where(both, q, 1.0)
    k = np.trunc(np.log2(p) - np.log2(q))
    c = np.ldexp(q, k.astype(np.intc))
    gap = p - c
    s = gap / (p + c)
    series = np.zeros_like(s)
    for n in range(33, 1, -2):  # p/c is between 1/2 and 2, so s^2 <= 1/9
        series = series * (s * s) + 1.0 / n
    near = gap * s * (1.0 + (s + s * s) * series)
    power = np.ldexp(1.0, -np.abs(k).astype(np.intc))
    logs = k * np.log(2.0)
    far = np.where(k > 0.0, c * (logs - (1.0 - power)), q * ((1.0 - power) + logs * power))
    return near + (far + gap * logs) + only_one


def _log(x: Array, base: float | None) -> Array:
    """Return the logarithm in a base; bits have a function of their own, with fewer roundings."""
    divisor = _log_of(base)
    with np.errstate(all="ignore"):
        if base == 2:
            return np.log2(x)
        if base == 10:
            return np.log10(x)
        return np.log(x) / divisor


def _log_of(base: float | None) -> float:
    """Return the natural logarithm of a base, or say what is wrong with it."""
    if base is None:
        return 1.0
    expected = "greater than 1, such as 2 for bits, or None for nats"
    if not 1.0 < as_number(base, "base", expected) < math.inf:
        raise ValueError(f"base is {base!r}; expected a finite number {expected}")
    return math.log(base)


def _distributions(value: ArrayLike, name: str) -> tuple[Array, np.dtype[Any]]:
    """Return checked distributions in float64, classes on axis 0, and the dtype they came in."""
    array = as_real_array(value, name)
    if array.ndim == 0:
        raise ValueError(
            f"{name} is a single number; expected a distribution, the probabilities of all classes "
            f"on the last axis: for an event of probability p give [p, 1 - p]"
        )
    shape, classes = array.shape[:-1], array.shape[-1]
    values = array.astype(np.float64)
    rows = values.reshape(-1, classes).T
    fault = DISTRIBUTION.fault(rows, row_sum_tolerance(array.dtype), classes)
    if fault is not None:
        says = fault.says(name, DISTRIBUTION.expected, shape)
        raise ValueError(says + to_distributions(array, name))
    return np.moveaxis(values, -1, 0), array.dtype


def _pairs(p: ArrayLike, q: ArrayLike) -> tuple[Array, Array, np.dtype[np.floating]]:
    """Return two arguments that hold distributions of the same shape, and their common dtype."""
    true, dtype = _distributions(p, "p")
    expected, other = _distributions(q, "q")
    if true.shape != expected.shape:
        shapes = [(*array.shape[1:], len(array)) for array in (true, expected)]
        raise ValueError(
            f"p has shape {shapes[0]} and q has shape {shapes[1]}; expected the same shape, "
            f"because nothing is broadcast: reshape or repeat one of them"
        )
    return true, expected, floating_dtype(dtype, other)


def _result(values: Array, dtype: np.dtype[np.floating]) -> float | Array:
    """Return a float for a single value, else an array in the dtype of the input."""
    with np.errstate(over="ignore", under="ignore"):
        return float(values) if values.ndim == 0 else values.astype(dtype)
