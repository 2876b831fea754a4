"""The mathematics that losses are made of, each function with the digits of its formula kept.

In exact arithmetic each of these is one line of a chapter. What stands here beside that line keeps
the result within a few roundings of the truth. Arrays have any float dtype; where classes matter,
they are on axis 0.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

import numpy as np

from lossbook.checks import Array, flat, largest, smallest
from lossbook.sums import sum_in_halves, two_sum

__all__ = [
    "classes_of",
    "exponentials",
    "log_cosh_of",
    "log_sum",
    "minus_log_difference",
    "one_plus_difference",
    "pick",
    "positive_part",
    "put",
    "rivals",
    "sigmoid",
    "softmax_minus_one_hot",
    "softplus",
    "steepest_focal",
    "sum_of_others",
    "surprise",
    "surprise_and_other",
    "surprise_and_others",
    "surprises",
    "times",
    "true_classes",
]


def times(weight: Array, value: Array) -> Array:
    """Return weight * value, where 0 times infinity is 0: the limit of x log x."""
    product = weight * value
    if math.isnan(smallest(product)):
        product[(weight == 0.0) & np.isinf(value)] = 0.0
    return product


def positive_part(x: Array) -> Array:
    """Return max(0, x): to clip takes half the time of NumPy's `maximum`."""
    return x.clip(0.0, math.inf)


def minus_log_difference(a: Array | float, b: Array) -> Array:
    """Return -log |a - b| where a is 0 or 1, and b from 0 to 1.

    Rounding 1 - b takes the last digits of a small b. They are given back to
    first order. NumPy's log1p does that too, and is slow on processors for
    which it is not vectorized.
    """
    d = a - b
    rest = b - (a - d)
    logs = np.log(np.abs(d, out=d), out=d)
    return np.subtract(rest, logs, out=rest)


@cache
def steepest_focal(gamma: float) -> float:
    """Return the largest slope of (1 - p)^gamma times -log p, for p the sigmoid of m.

    It is a maximum over m, which a grid finds that is made finer around the largest.
    """
    m = np.linspace(-60.0, 10.0, 7001)
    for _ in range(3):
        surprise, q = surprise_and_other(m)
        slopes = q**gamma * (gamma * np.exp(-surprise) * surprise + q)
        best = float(m[slopes.argmax()])
        m = best + np.linspace(-1.0, 1.0, 2001) * (m[1] - m[0])
    return float(slopes.max())


def one_plus_difference(a: Array, b: Array) -> Array:
    """Return 1 + (a - b): close to 0, what rounding took from the difference counts."""
    difference, lost = two_sum(a, -b)
    return (difference + 1.0) + lost


def softplus(x: Array) -> Array:
    """Return log(1 + e^x) for x up to 0; what rounding takes from a small e^x is given back."""
    e = np.exp(x)
    total = 1.0 + e
    e += 1.0 - total
    return np.add(np.log(total, out=total), e, out=e)


def log_cosh_of(x: Array) -> Array:
    """Return log cosh x: from cosh x = 1 + 2 sinh(x/2)^2, so that a small x keeps its digits.

    Where the square overflows it is |x| - log 2, because e^-2|x| is less than the last digit.
    """
    logs = np.log1p(2.0 * np.sinh(0.5 * x) ** 2)
    if largest(logs) == math.inf:
        logs = np.where(logs == math.inf, np.abs(x) - math.log(2.0), logs)
    return logs


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z)."""
    p = np.asarray(1.0 / (1.0 + np.exp(-z)))
    if smallest(p) == 0.0:  # e^-z overflows before e^z, which then is the same, underflows
        p = np.where(p == 0.0, np.exp(z), p)
    return p


def surprise_and_other(m: Array) -> tuple[Array, Array]:
    """Return log(1 + e^-m), and what e^-m is of 1 + e^-m: for p the sigmoid of m, -log p and 1 - p.

    Where e^-m overflows they are -m and 1.
    """
    e = np.exp(-m)
    surprise, q = log_sum(1.0, e), e / (1.0 + e)
    if math.isnan(smallest(q)):
        surprise, q = np.where(e == math.inf, [-m, np.ones_like(m)], [surprise, q])
    return surprise, q


def log_sum(a: Array | float, b: Array) -> Array:
    """Return log(a + b), also where a is 1 and b so small that the sum rounds it away."""
    total = a + b
    return np.log(total) + (b - (total - a)) / total


def exponentials(z: Array) -> tuple[Array, Array]:
    """Return e^d and d = z - m, for a shift m of each row: 0 where nothing overflows without it."""
    if len(z) < 64:
        # A loop over ten classes spends its time on starting, one over all samples does not.
        z = np.ascontiguousarray(z)
    room = _ROOM[z.itemsize]
    if -room < smallest(z) and largest(z) < room:
        return np.exp(z), z
    m = z.max(axis=0)
    if m.max() == np.inf:
        # The limit of a row with one infinite logit: that class takes all. Two have no limit.
        certain, infinite = m == np.inf, z == np.inf
        z = np.where(certain, np.where(infinite, 0.0, -np.inf), z)
        z = np.where(infinite.sum(axis=0) > 1, np.nan, z)
        m = np.where(certain, 0.0, m)
    # The exponential of a large d shows its rounding r: e^(d + r) is e^d (1 + r), to first order.
    d, r = two_sum(z, -m)
    e = np.exp(d)
    return e + np.where(e == 0.0, 0.0, e * r), d


#: The largest logit whose exponential, and the quotient of two such, float64 and float32 hold.
_ROOM = {8: 300.0, 4: 35.0}


def surprise(z: Array, labels: Array) -> Array:
    """Return log sum_k e^z_k - z_j for the label j of each row: minus the log of its softmax."""
    return _surprise(*exponentials(z), labels)


def surprise_and_others(z: Array, labels: Array) -> tuple[Array, Array]:
    """Return the surprise of the label of each row, and the softmax of all other classes."""
    e, d = exponentials(z)
    result = _surprise(e.copy(order="K"), d, labels)
    own, others = _parted(e, labels)
    return result, others / (own + others)


def surprises(z: Array) -> Array:
    """Return log sum_k e^z_k - z_j for every class j of each row.

    That is the surprise of the largest logit, and how much smaller z_j is: two terms of one sign.
    """
    e, d = exponentials(z)
    top = d.argmax(axis=0)
    return (pick(d, top) - d) + _surprise(e, d, top)


def _surprise(e: Array, d: Array, labels: Array) -> Array:
    """Return log(1 + q), where q is what the other classes have for each part of the label's.

    They are added by themselves, so that a small q keeps the digits that it would lose beside 1.
    """
    own, others = _parted(e, labels)
    q = others / own
    result = log_sum(1.0, q)
    if largest(q) > 1e30:  # the label's exponential may have underflowed
        result = np.where(q > 1e30, np.log(others) - pick(d, labels), result)
    return result


def _parted(e: Array, labels: Array) -> tuple[Array, Array]:
    """Return the label's entry of each row, and the sum of the others; the first is made 0."""
    entries, places = _places(e, labels)
    own = entries.take(places)
    entries[places] = 0.0
    return own, sum_in_halves(e)


def softmax_minus_one_hot(z: Array, labels: Array) -> Array:
    """Return softmax(z) minus the one-hot labels.

    At the label that is p - 1, which cancels: it is minus what the others
    have.
    """
    e, _ = exponentials(z)
    own, others = _parted(e, labels)
    share = 1.0 / (own + others)
    e *= share
    put(e, labels, -others * share)
    return e


def sum_of_others(x: Array) -> Array:
    """Return for each class the sum of all other classes' x, none of them negative.

    That is the total minus x, which cancels for the largest x alone.
    """
    top = x.argmax(axis=0)
    most, others = _parted(x.copy(), top)
    sums = (most + others) - x
    put(sums, top, others)
    return sums


def classes_of(t: Array) -> Array | None:
    """Return the class that each row names, if all of them are one-hot."""
    entries = flat(t)
    # Each row sums to 1: it is one-hot if no entry is between 0 and 1.
    return true_classes(t) if entries.dot(1.0 - entries) == 0.0 else None


def true_classes(t: Array) -> Array:
    """Return the class that each one-hot row names: by a product, faster than by a search."""
    return np.arange(len(t), dtype=t.dtype).dot(t).astype(np.intp)


def rivals(rows: Array, labels: Array) -> Array:
    """Return for each sample the class with the largest entry among all but its own."""
    others = rows.copy()
    put(others, labels, -np.inf)
    return others.argmax(axis=0)


def pick(rows: Array, labels: Array) -> Array:
    """Return the entry of each sample's own class."""
    entries, places = _places(rows, labels)
    return entries.take(places)


def put(rows: Array, labels: Array, values: Array | float) -> None:
    """Set the entry of each sample's own class."""
    entries, places = _places(rows, labels)
    entries[places] = values


def _places(rows: Array, labels: Array) -> tuple[Array, Array]:
    """Return rows as they lie in the memory, and there the place of each sample's own class.

    NumPy takes twice as long to find an entry by two indices.
    """
    classes, size = rows.shape
    if rows.flags.f_contiguous:
        places = labels + _multiples(classes, size)
    else:
        places = labels * size + _multiples(1, size)
    return rows.reshape(-1, order="A"), places


@lru_cache(maxsize=16)
def _multiples(of: int, count: int) -> Array:
    """Return 0, 1, 2, ... times a number."""
    return np.arange(0, of * count, of)
