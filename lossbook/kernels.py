"""The mathematics that losses are made of, each function with the digits of its formula kept.

In exact arithmetic each of these is one line of a chapter. What stands here beside that line keeps
the result within a few roundings of the truth. Arrays have any float dtype; where classes matter,
they are on axis 0.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from lossbook.checks import Array, largest, smallest, zeros_and_ones
from lossbook.sums import sum_in_halves, two_sum

__all__ = [
    "classes_of",
    "exponentials",
    "log_cosh_of",
    "log_one_plus",
    "minus_log_difference",
    "one_plus_difference",
    "pick",
    "positive_part",
    "put",
    "rivals",
    "sigmoid",
    "softmax_minus_one_hot",
    "softplus",
    "sum_of_others",
    "surprise",
    "surprise_and_other",
    "surprise_and_others",
    "surprises",
    "times",
    "true_classes",
]


def times(weight: Array, value: Array) -> Array:
    """Return weight * value, where 0 times infinity is 0.

    So x log x tends to 0 with x, and what has the weight 0 costs nothing.
    """
    product = weight * value
    if math.isnan(smallest(product)):
        product[(weight == 0.0) & np.isinf(value)] = 0.0
    return product


def positive_part(x: Array) -> Array:
    """Return max(0, x): to clip takes half the time of NumPy's `maximum`."""
    return x.clip(0.0, math.inf)


def minus_log_difference(a: Array | float, b: Array) -> Array:
    """Return -log |a - b| where a is 0 or 1, and b from 0 to 1.

    Rounding 1 - b takes the last digits of a b below 1/2. They are given
    back. Divided by 1 - b, which is between 1/2 and 1 there, they would
    differ by less than a rounding. NumPy's log1p does that too, and is slow
    on processors for which it is not vectorized.
    """
    d = a - b
    rest = b - (a - d)
    logs = np.log(np.abs(d, out=d), out=d)
    return np.subtract(rest, logs, out=rest)


def one_plus_difference(a: Array, b: Array) -> Array:
    """Return 1 + (a - b): close to 0, what rounding took from the difference counts."""
    difference, lost = two_sum(a, -b)
    if math.isnan(smallest(lost)):  # the difference has overflowed
        lost = np.where(np.isnan(lost), 0.0, lost)
    return (difference + 1.0) + lost


def softplus(x: Array) -> Array:
    """Return log(1 + e^x) for x up to 0; what rounding takes from a small e^x is given back.

    It is not divided by 1 + e^x, because that is at most 2.
    """
    e = np.exp(x)
    total = 1.0 + e
    e += 1.0 - total
    return np.add(np.log(total, out=total), e, out=e)


def log_cosh_of(x: Array) -> Array:
    """Return log cosh x.

    It is found from cosh x = 1 + 2 sinh(x/2)^2, so that a small x keeps its
    digits. Where the square overflows it is |x| - log 2, because e^-2|x| is
    less than the last digit.
    """
    logs = np.log1p(2.0 * np.sinh(0.5 * x) ** 2)
    if largest(logs) == math.inf:
        logs = np.where(logs == math.inf, np.abs(x) - math.log(2.0), logs)
    return logs


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z)."""
    p = 1.0 / (1.0 + np.exp(-z))
    if smallest(p) == 0.0:  # e^-z overflows before e^z, which then is the same, underflows
        p = np.where(p == 0.0, np.exp(z), p)
    return p


def surprise_and_other(margin: Array) -> tuple[Array, Array]:
    """Return -log p and 1 - p, for p the sigmoid of a margin: log(1 + e^-m) and e^-m / (1 + e^-m).

    Where e^-m overflows they are -m and 1.
    """
    e = np.exp(-margin)
    surprise, q = log_one_plus(e), e / (1.0 + e)
    if math.isnan(smallest(q)):
        surprise, q = np.where(e == math.inf, [-margin, np.ones_like(margin)], [surprise, q])
    return surprise, q


def log_one_plus(x: Array) -> Array:
    """Return log(1 + x) for x from 0; what rounding takes from a small x is given back."""
    total = 1.0 + x
    return np.log(total) + (x - (total - 1.0)) / total


def exponentials(z: Array) -> tuple[Array, Array]:
    """Return e^d and d = z - c, for a shift c of each row: 0 where nothing overflows without it."""
    if len(z) < 64:
        # A loop over ten classes spends its time on starting, one over all samples does not.
        z = np.ascontiguousarray(z)
    room = _ROOM[z.itemsize]
    if -room < smallest(z) and largest(z) < room:
        return np.exp(z), z
    c = z.max(axis=0)
    if c.max() == np.inf:
        # The limit of a row with one infinite logit: that class takes all. Two have no limit.
        certain, infinite = c == np.inf, z == np.inf
        z = np.where(certain, np.where(infinite, 0.0, -np.inf), z)
        z = np.where(infinite.sum(axis=0) > 1, np.nan, z)
        c = np.where(certain, 0.0, c)
    # The exponential of a large d shows its rounding r: e^(d + r) is e^d (1 + r), to first order.
    d, r = two_sum(z, -c)
    e = np.exp(d)
    return e + np.where(e == 0.0, 0.0, e * r), d


#: The largest logit whose exponential, and the quotient of two such, float64 and float32 hold.
_ROOM = {8: 300.0, 4: 35.0}


def surprise(z: Array, labels: Array) -> Array:
    """Return log sum_k e^z_k - z_j for the label j of each row: minus the log of its softmax."""
    e, d = exponentials(z)
    return _surprise(*_parted(e, labels), d, labels)


def surprise_and_others(z: Array, labels: Array) -> tuple[Array, Array]:
    """Return the surprise of the label of each row, and the softmax of all other classes."""
    e, d = exponentials(z)
    own, others = _parted(e, labels)
    return _surprise(own, others, d, labels), others / (own + others)


def surprises(z: Array) -> Array:
    """Return log sum_k e^z_k - z_j for every class j of each row.

    That is the surprise of the largest logit, and how much smaller z_j is: two terms of one sign.
    """
    e, d = exponentials(z)
    top = d.argmax(axis=0)
    return (pick(d, top) - d) + _surprise(*_parted(e, top), d, top)


def _surprise(own: Array, others: Array, d: Array, labels: Array) -> Array:
    """Return log(1 + odds), for the odds of the other classes against the label.

    The others are added by themselves, so that small odds keep the digits that they would lose
    beside 1.
    """
    odds = others / own
    result = log_one_plus(odds)
    if largest(odds) > 1e30:  # the label's exponential may have underflowed
        result = np.where(odds > 1e30, np.log(others) - pick(d, labels), result)
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
    return true_classes(t) if zeros_and_ones(t) else None  # each row sums to 1


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
