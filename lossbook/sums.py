"""Sums whose roundings do not add up, however many terms there are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook.checks import Array

__all__ = ["add", "product", "sum_in_halves", "total", "two_sum"]

_FEW = 64  # so many terms are quickly added without any rounding

# So many terms are one row, which BLAS multiplies with ones. A term is rounded a few times in its
# row, whatever the processor. In one long row every addition may round to the same side: the sum of
# 32,768 terms was off by 160 units in the last place. Even in a short one, 1 loses each of fifteen
# terms of half a unit; so one half of all terms is added to the other first.
_ROW = 16
_ONES = {8: np.ones(_ROW), 4: np.ones(_ROW, np.float32)}


def add(terms: Array) -> float:
    """Return the sum of an array, in float64."""
    terms = terms.reshape(-1, order="A")  # in the order of the memory, so that nothing is copied
    rest: list[float] = []
    if terms.size > _FEW:
        half = terms.size // 2
        rest += terms[2 * half :].tolist()
        terms = terms[:half] + terms[half : 2 * half]
    while terms.size > _FEW:
        whole = terms.size - terms.size % _ROW
        rest += terms[whole:].tolist()
        rows = terms[:whole].reshape(-1, _ROW) @ _ONES[terms.itemsize]
        terms = rows.astype(np.float64, copy=False)
    return total(rest + terms.tolist())


def total(terms: list[float]) -> float:
    """Return the sum of a list, rounded once; infinite if it overflows, as losses do upwards."""
    try:
        return math.fsum(terms)
    except OverflowError:
        return math.inf
    except ValueError:  # infinities of both signs, which only bad input has
        return math.nan


def sum_in_halves(terms: Array) -> Array:
    """Return the sum over axis 0: C terms are added with log2(C) roundings each, not C.

    One half is added to the other, until one is left. Equal terms are doubled, which is exact.
    Where a sample's terms lie side by side, NumPy adds the last 16 of them in the same way.
    """
    while len(terms) > (1 if terms.flags.c_contiguous else 16):
        half = len(terms) // 2
        sums = terms[:half] + terms[half : 2 * half]
        if len(terms) % 2:
            sums[0] += terms[-1]
        terms = sums
    return terms.sum(axis=0)


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
