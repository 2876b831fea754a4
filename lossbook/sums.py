"""Sums whose roundings do not add up, however many terms there are."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from lossbook.conversion import Array

__all__ = ["add", "add_exactly", "ones", "product", "sum_in_halves", "total", "two_sum"]

_FEW = 128  # so many terms are quickly added one by one
_MANY = 8_192  # so many are quickly added exactly
_MOST = 131_072  # so many are added at once


def add(terms: Array) -> float:
    """Return the sum of an array, in float64, with five roundings at most.

    Four parts of the terms are added to each other by a product with ones: BLAS is fast, and rounds
    three times in whatever order. Of many terms, two parts of these sums are added once more. What
    is left is added exactly, and rounded for the last time. One after the other, 32,768 equal terms
    were off by 320 roundings.
    """
    if terms.ndim > 1:
        terms = terms.reshape(-1, order="A")  # in the order of the memory: nothing is copied
    if terms.size <= _FEW:
        return total(terms.tolist())
    if terms.size > _MOST:
        starts = range(0, terms.size, _MOST)
        return total([add(terms[start : start + _MOST]) for start in starts])
    sums, rest = _parts(terms, 4)
    if terms.itemsize == 4:
        # float64 has digits to spare for sums of float32.
        return total([*rest, ones(sums.size).dot(sums.astype(np.float64))])
    if sums.size > _MANY:
        sums, more = _parts(sums, 2)
        rest += more
    return total(rest + _exact(sums))


def add_exactly(terms: Array) -> float:
    """Return the sum of an array of float64, rounded once. The array is overwritten."""
    return total(_exact(terms))


def _parts(terms: Array, count: int) -> tuple[Array, list[float]]:
    """Return the sum of so many equal parts of the terms, and the few terms that are left."""
    parts = terms[: terms.size // count * count].reshape(count, -1)
    return ones(count, terms.dtype).dot(parts), terms[parts.size :].tolist()


def _exact(terms: Array) -> list[float]:
    """Return two numbers that add up to the sum (Rump, Ogita and Oishi).

    The terms are rounded to a grid so coarse that the sum of multiples of it is exact, in any
    order. What that leaves of them is small, and so are its roundings.
    """
    largest = math.sqrt(terms.dot(terms))  # none is larger than their length
    if terms.size <= _FEW or not 2.0**-500 < largest < 2.0**500:
        return terms.tolist()
    # As an array, because NumPy takes longer to make one of a number than to add.
    grid = np.array(math.ldexp(2.0 * terms.size, math.frexp(largest)[1]))
    high = terms + grid
    high -= grid
    terms -= high
    one = ones(terms.size)
    return [one.dot(high), one.dot(terms)]


@lru_cache(maxsize=16)
def ones(size: int, dtype: Any = np.float64) -> Array:
    """Return ones, whose product with an array is a sum over its first axis, and fast."""
    array = np.ones(size, dtype)
    array.flags.writeable = False
    return array


def total(terms: list[float]) -> float:
    """Return the sum of a list, rounded once; infinite if it overflows, or might on the way."""
    try:
        return math.fsum(terms)
    except OverflowError:
        return math.copysign(math.inf, max(terms, key=abs))
    except ValueError:  # infinities of both signs, which only bad input has
        return math.nan


def sum_in_halves(terms: Array) -> Array:
    """Return the sum over axis 0: C terms are added with log2(C) roundings each, not C.

    One half is added to the other, until one is left. Equal terms are doubled, which is exact.
    """
    while len(terms) > 1:
        half = len(terms) // 2
        sums = terms[:half] + terms[half : 2 * half]
        if len(terms) % 2:
            sums[0] += terms[-1]
        terms = sums
    return terms[0]


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """Return the rounded sum, and what rounding took from it (Knuth)."""
    rounded = a + b
    from_b = rounded - a
    return rounded, (a - (rounded - from_b)) + (b - from_b)


def product(a: Any, b: Any) -> tuple[Any, Any]:
    """Return the rounded product, and what rounding took from it (Dekker and Veltkamp)."""
    rounded = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    lost = a_low * b_low - (((rounded - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return rounded, lost


def _halves(x: Any) -> tuple[Any, Any]:
    """Return the leading 26 bits of x, and the rest."""
    spread = x * 134217729.0  # 2^27 + 1
    high = spread - (spread - x)
    return high, x - high
