"""From logits to probabilities and back to labels: the helpers that stand beside the losses.

Inside a block the engine puts the classes on axis 0; `partition` works in that layout. The public
functions keep the classes on the last axis.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import (
    CATEGORY,
    LOGIT,
    LOGITS,
    PROBABILITY,
    Array,
    Domain,
    as_real_array,
    floating_dtype,
)
from lossbook.mistakes import to_domain
from lossbook.sums import leading_half, product, two_sum

__all__ = [
    "clip_probabilities",
    "log_softmax",
    "one_hot",
    "sigmoid",
    "smooth_labels",
    "softmax",
]


#: 64 log 2 = 44.3614195558364998... in two parts, the first a multiple of 2^-43.
LIFT_HIGH = 390207173010334 / 2**43
LIFT_LOW = 1.0806560032487666e-13


def sigmoid(z: ArrayLike) -> Array:
    r"""Return the logistic function of logits, a probability.

    Parameters
    ----------
    z : array_like
        Logits; infinities are allowed.

    Returns
    -------
    ndarray
        :math:`1 / (1 + e^{-z})`, shape of `z`, in its floating dtype.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold real numbers.

    Notes
    -----
    The exponential is taken of :math:`-|z|` only, so that it cannot overflow, and small
    probabilities keep all their digits. The function is the inverse of the log odds [1]_.

    References
    ----------
    .. [1] J. Berkson, "Application of the logistic function to bio-assay", Journal of the
       American Statistical Association 39 (1944), 357-365.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.sigmoid([0.0, 2.0]).round(6).tolist()
    [0.5, 0.880797]
    """
    logits, dtype = _floats(z, "z", LOGIT)
    with np.errstate(under="ignore"):
        return np.asarray(sigmoids(logits)[0]).astype(dtype)


def softmax(z: ArrayLike) -> Array:
    r"""Return the softmax of rows of logits, one probability per class.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits, classes on the last axis. In each row at most one is :math:`+\infty`, and not all
        are :math:`-\infty`.

    Returns
    -------
    ndarray, shape (..., C)
        :math:`e^{z_j} / \sum_k e^{z_k}`, in the floating dtype of `z`.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold rows of real numbers.

    Notes
    -----
    The largest logit is subtracted first. That changes nothing in exact arithmetic, and in
    floating-point arithmetic it keeps the exponentials from overflowing [1]_.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
       softmax functions", IMA Journal of Numerical Analysis 41 (2021), 2311-2330.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.softmax([0.0, 1.0, 2.0]).round(6).tolist()
    [0.090031, 0.244728, 0.665241]
    """
    logits, dtype = _floats(z, "z", LOGITS)
    with np.errstate(all="ignore"):
        return np.moveaxis(partition(logits).probabilities(), 0, -1).astype(dtype, order="C")


def log_softmax(z: ArrayLike) -> Array:
    r"""Return the logarithm of the softmax of rows of logits.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits, classes on the last axis. In each row at most one is :math:`+\infty`, and not all
        are :math:`-\infty`.

    Returns
    -------
    ndarray, shape (..., C)
        :math:`z_j - \log \sum_k e^{z_k}`, in the floating dtype of `z`.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold rows of real numbers.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.log_softmax([0.0, 1000.0]).tolist()
    [-1000.0, 0.0]
    """
    logits, dtype = _floats(z, "z", LOGITS)
    with np.errstate(all="ignore"):
        parts = partition(logits)
        result = -(2.0 * parts.half_gap() + (np.log1p(parts.others()) - parts.rounding))
        return np.moveaxis(result + 0.0, 0, -1).astype(dtype, order="C")


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Return integer labels as rows with a single 1.

    Parameters
    ----------
    labels : array_like, shape (...)
        Whole numbers from 0 to ``classes - 1``.
    classes : int
        The number of classes, at least 2.

    Returns
    -------
    ndarray of float64, shape (..., classes)
        1 at the label's class, 0 elsewhere.

    Raises
    ------
    TypeError, ValueError
        If a label is not whole or names no class.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    if not isinstance(classes, int | np.integer) or isinstance(classes, bool):
        raise TypeError(f"classes is {classes!r}; expected a whole number of classes")
    if classes < 2:
        raise ValueError(f"classes is {classes!r}; expected at least 2")
    array = as_real_array(labels, "labels")
    _check(array, "labels", CATEGORY, int(classes))
    # Comparing, not indexing: it needs no fancy indexing to read, and keeps any shape.
    return (array[..., np.newaxis] == np.arange(classes)).astype(np.float64)


def smooth_labels(y_true: ArrayLike, smoothing: float) -> Array:
    r"""Return one-hot labels moved towards the uniform distribution.

    Parameters
    ----------
    y_true : array_like, shape (..., C)
        One-hot labels or other probabilities, classes on the last axis.
    smoothing : float
        How far to move, from 0 (not at all) to 1 (to the uniform distribution).

    Returns
    -------
    ndarray, shape (..., C)
        :math:`(1 - s)\,t + s / C`, in the floating dtype of `y_true`.

    Raises
    ------
    TypeError, ValueError
        If a label or `smoothing` is outside [0, 1].

    Notes
    -----
    Introduced as label smoothing in [1]_.

    References
    ----------
    .. [1] C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna, "Rethinking the Inception
       architecture for computer vision", CVPR 2016.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.smooth_labels([0, 0, 1, 0], 0.2).round(6).tolist()
    [0.05, 0.05, 0.85, 0.05]
    """
    array = as_real_array(y_true, "y_true")
    _check(array, "y_true", PROBABILITY)
    if array.ndim == 0 or array.shape[-1] < 2:
        raise ValueError(
            f"y_true has shape {array.shape}; expected at least two classes on the last axis"
        )
    s = _scalar(smoothing, "smoothing")
    if not 0.0 <= s <= 1.0:
        raise ValueError(f"smoothing is {smoothing!r}; expected a number in [0, 1]")
    smoothed = (1.0 - s) * array.astype(np.float64) + s / array.shape[-1]
    return smoothed.astype(floating_dtype(array.dtype))


def clip_probabilities(p: ArrayLike, eps: float) -> Array:
    """Return probabilities kept away from 0 and 1.

    No loss of this package does it by itself: clipping changes the loss and stops the gradient of
    what it clips. It is here for who wants what other libraries do.

    Parameters
    ----------
    p : array_like
        Probabilities.
    eps : float
        The smallest probability to allow, greater than 0 and less than 1/2.

    Returns
    -------
    ndarray
        `p` limited to ``[eps, 1 - eps]``, in its floating dtype.

    Raises
    ------
    TypeError, ValueError
        If `p` is outside [0, 1], or if `eps` is outside (0, 1/2) or too small for the dtype, where
        ``1 - eps`` is 1.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.clip_probabilities([0.0, 0.5, 1.0], 1e-7).tolist()
    [1e-07, 0.5, 0.9999999]
    """
    array = as_real_array(p, "p")
    _check(array, "p", PROBABILITY)
    dtype = floating_dtype(array.dtype)
    e = _scalar(eps, "eps")
    low, high = dtype.type(e), dtype.type(1.0 - e)
    if not 0.0 < e < 0.5 or high == 1.0:
        raise ValueError(
            f"eps is {eps!r}; expected a number in (0, 0.5) that changes 1 - eps in {dtype}: use "
            f"at least {np.finfo(dtype).eps:.1e}"
        )
    return np.asarray(np.clip(array.astype(dtype), low, high))


def sigmoids(z: Array) -> tuple[Array, Array]:
    """Return the sigmoid of z and of -z, each within 2 units in the last place."""
    e = np.exp(-np.abs(z))
    total = 1.0 + e
    large, small = 1.0 / total, e / total
    # The roundings of the exponential, the sum and the quotient reach 2.4 units in e/(1 + e). Where
    # e is small, e - e^2/(1 + e) hides the last two behind the first e: 1.6 units are left.
    small += (e < 0.4) * ((e - e * small) - small)
    # The larger one is at least 1/2, the smaller at most. Products are quicker than a choice.
    positive = z > 0.0
    return np.maximum(small, positive * large), np.maximum(small, ~positive * large)


class Partition(NamedTuple):
    r"""Rows of logits, seen from the largest: what softmax and cross-entropy are made of.

    With :math:`m` the largest logit of a row, :math:`\log \sum_k e^{z_k} = m + \log(1 + S)`,
    where :math:`S` sums :math:`e^{z_k - m}` over the *other* classes. `log1p` of that sum keeps
    all the digits of a small loss, which ``log(sum(exp))`` rounds away.
    """

    z: Array
    m: Array
    exponentials: Array  #: e^d for d = z - m as rounded
    rounding: Array  #: what rounding took from d
    rest: Array  #: S
    rest_lost: Array  #: what rounding took from S
    total: Array  #: 1 + S
    lost: Array  #: what rounding took from 1 + S

    def half_gap(self) -> Array:
        """Return (m - z) / 2, halved because m - z itself may overflow."""
        return 0.5 * self.m - 0.5 * self.z

    def others(self) -> Array:
        """Return S, rounded once."""
        return self.rest + self.rest_lost

    def probabilities(self) -> Array:
        """Return the softmax."""
        # The rounding of d, put right to first order: e^(d + r) is e^d (1 + r).
        e = self.exponentials
        return self._share(e, e * self.rounding)

    def complements(self, labels: Array | None = None) -> Array:
        """Return 1 minus the softmax, of all classes or of each row's label.

        It is exact also where the softmax rounds to 1.
        """
        # Nothing cancels: neither term is negative, and the first is 0 for the largest logit.
        e = self.exponentials if labels is None else pick(self.exponentials, labels)
        gap, gap_lost = two_sum(1.0, -e)
        high, lost = two_sum(gap, self.rest)
        # The rounding of d is left out: times e^d, it is a fifth of a rounding at most.
        return self._share(high, (gap_lost + lost) + self.rest_lost)

    def minus_one_hot(self, labels: Array) -> Array:
        """Return the softmax minus the one-hot labels."""
        slopes = self.probabilities()
        # p - 1 at the label, written as minus the probability of the other classes.
        put(slopes, labels, 0.0 - self.complements(labels))
        return slopes

    def _share(self, high: Array, low: Array) -> Array:
        """Return (high + low) / (1 + S), rounded once."""
        inverse = 1.0 / self.total
        back, back_lost = product(inverse, self.total)
        inverse_low = ((1.0 - back) - back_lost - inverse * self.lost) * inverse
        # The product of two leading halves is exact, and the rest is small.
        first, second = leading_half(inverse), leading_half(high)
        rest = (inverse - first) + inverse_low
        return second * first + (second * rest + ((high - second) + low) * inverse)


def by_class(z: Array) -> Array:
    """Return rows, classes on axis 0, laid out so that the inner loops run over samples.

    A loop over ten classes spends its time on starting; one over thousands of samples does not.
    """
    return np.ascontiguousarray(z) if len(z) < 64 else z


def partition(z: Array) -> Partition:
    """Return the parts of the softmax of float64 logits, classes on axis 0."""
    z = by_class(z)
    m = z.max(axis=0)
    if m.max() == np.inf:
        # The limit of a row with one infinite logit: that class takes all.
        certain = m == np.inf
        z = np.where(certain, np.where(z == np.inf, 0.0, -np.inf), z)
        m = np.where(certain, 0.0, m)
    d = z - m
    back = d + m  # Knuth's TwoSum
    r = (z - back) - (m - (back - d))
    if d.min() == -np.inf:
        r = np.where(np.isfinite(r), r, 0.0)
    e = np.exp(d)
    largest = d == 0.0
    rest, lost = sum_in_two_parts(e - largest)
    rest, from_ties = two_sum(rest, largest.sum(axis=0) - 1.0)
    lost = lost + from_ties + (e * r).sum(axis=0)
    if rest.min() < 1e-290:
        rest, lost = _sum_of_tiny(d, r, largest, rest, lost)
    total, total_lost = two_sum(1.0, rest)
    return Partition(z, m, e, r, rest, lost, total, total_lost + lost)


def _sum_of_tiny(
    d: Array, r: Array, largest: Array, rest: Array, lost: Array
) -> tuple[Array, Array]:
    """Return S and its rounding anew where it, or its terms, come close to underflow.

    The terms are calculated 2^64 times as large, from d + 64 log 2; log 2 is taken in two parts,
    the first so short that the sum is exact.
    """
    terms = np.where(largest, 0.0, np.exp(d + LIFT_HIGH))
    lifted, lifted_lost = sum_in_two_parts(terms)
    lifted_lost += (terms * (r + LIFT_LOW)).sum(axis=0)
    tiny = rest < 1e-290
    exact = (lifted + lifted_lost) * 2.0**-64
    return np.where(tiny, exact, rest), np.where(tiny, 0.0, lost)


def quick_partition(z: Array) -> tuple[Array, Array]:
    """Return the largest logit m of each row, and log(1 + S), in the textbook's way."""
    z = by_class(z)
    m = z.max(axis=0)
    return m, np.log(np.exp(z - m).sum(axis=0))


def quick_minus_one_hot(z: Array, labels: Array) -> Array:
    """Return the softmax of finite logits minus the one-hot labels, in the textbook's way.

    Its errors are of the size of float64's roundings, times the gaps between the logits.
    """
    z = by_class(z)
    shares = np.exp(z - z.max(axis=0))
    own = pick(shares, labels)
    put(shares, labels, 0.0)
    others = shares.sum(axis=0)
    shares /= own + others
    put(shares, labels, 0.0 - others / (own + others))
    return shares


def is_one_hot(t: Array) -> bool:
    """Return whether each label, classes on axis 0, is a one and zeros."""
    return np.count_nonzero(t) == t[0].size and bool((t.max(axis=0) == 1.0).all())


def pick(rows: Array, labels: Array) -> Array:
    """Return the entry of each sample's own class; classes are on axis 0."""
    return np.asarray(rows[labels, np.arange(labels.size)])


def put(rows: Array, labels: Array, values: Array | float) -> None:
    """Set the entry of each sample's own class; classes are on axis 0."""
    rows[labels, np.arange(labels.size)] = values


def reliable(parts: Any, samples: int) -> Any:
    """Return parts made by `quick_partition`, or NaN where their rounding could show.

    Each log(1 + S) is off by about one rounding of 1. That is invisible where the losses are not
    small themselves, and in the sum of many, where such errors add up to their square root only;
    else NaN asks the engine for the careful way.
    """
    total = parts.sum()
    return parts if total >= max(2.0 * math.sqrt(samples), samples / 16) else np.float64(np.nan)


def sum_exactly(terms: Array) -> Array:
    """Return the sum over axis 0, rounded once."""
    total, lost = sum_in_two_parts(terms)
    return total + lost


def sum_in_two_parts(terms: Array) -> tuple[Array, Array]:
    """Return the sum over axis 0, and what rounding took from it.

    Halves are added to halves, and what each addition rounds away (Knuth's TwoSum) is collected.
    """
    terms = by_class(terms)
    lost = np.zeros(terms.shape[1:])
    while len(terms) > 1:
        half = len(terms) // 2
        a, b, odd = terms[:half], terms[half : 2 * half], terms[2 * half :]
        s, rounded = two_sum(a, b)
        lost += rounded.sum(axis=0)
        terms = np.concatenate([s, odd]) if len(odd) else s
    # An infinite sum has lost nothing.
    return terms[0], np.where(np.isfinite(lost), lost, 0.0)


def _floats(value: ArrayLike, name: str, domain: Domain) -> tuple[Array, np.dtype[np.floating]]:
    """Return checked float64 values, with classes first where the domain has rows, and a dtype."""
    array = as_real_array(value, name)
    if domain.rows and (array.ndim == 0 or array.shape[-1] < 2):
        raise ValueError(
            f"{name} has shape {array.shape}; expected at least two classes on the last axis"
        )
    _check(array, name, domain)
    values = array.astype(np.float64)
    return (np.moveaxis(values, -1, 0) if domain.rows else values), floating_dtype(array.dtype)


def _check(array: Array, name: str, domain: Domain, classes: int = 0) -> None:
    values = np.moveaxis(array, -1, 0) if domain.rows else array
    fault = domain.fault(values, 0.0, classes)
    if fault is not None:
        raise ValueError(
            f"{name} holds {fault.holds}; expected {domain.expects(classes)}"
            f"{to_domain(array, name, domain, classes)}"
        )


def _scalar(value: float, name: str) -> float:
    array = as_real_array(value, name)
    if array.ndim:
        raise TypeError(f"{name} has shape {array.shape}; expected a single number")
    return float(array)
