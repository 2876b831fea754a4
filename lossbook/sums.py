"""Sums whose roundings do not add up, however many terms there are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook.checks import Array

__all__ = ["add", "inner", "product", "sum_in_halves", "total", "two_sum"]

_FEW = 256  # so many terms are quicker to hand to `math.fsum` than to add in rows

# How many terms BLAS adds at a time. It adds them in pairs, and pairs to pairs, so that 64 terms
# are rounded six or seven times, and equal ones never: to double is exact. In one long inner
# product of 32,768 terms, every addition may round to the same side: it was off by 160 units in the
# last place. In float32, 256 are short enough.
_ROW = {8: 64, 4: 256}
_ONES: dict[int, Array] = {8: np.ones((64, 1)), 4: np.ones((256, 1), np.float32)}


def inner(a: Array, b: Array) -> list[float]:
    """Return few numbers that add up to the inner product of two vectors, in float64."""
    if a.size <= _FEW:
        return (a * b).tolist()
    row = _ROW[a.itemsize]
    whole = a.size - a.size % row
    sums = np.matmul(a[:whole].reshape(-1, 1, row), b[:whole].reshape(-1, row, 1))
    return [*_few(sums.ravel()), total((a[whole:] * b[whole:]).tolist())]


def add(terms: Array) -> list[float]:
    """Return few numbers that add up to the sum of an array, in float64."""
    terms = terms.reshape(-1, order="A")  # in the order of the memory, so that nothing is copied
    if terms.size <= _FEW:
        return terms.tolist()
    row = _ROW[terms.itemsize]
    whole = terms.size - terms.size % row
    sums = np.matmul(terms[:whole].reshape(-1, 1, row), _ONES[terms.itemsize])
    return [*_few(sums.ravel()), total(terms[whole:].tolist())]


def _few(sums: Array) -> list[float]:
    """Return few numbers that add up to many: those of float64 without any rounding."""
    if sums.itemsize == 4:
        return [float(sums.sum(dtype=np.float64))]
    if sums.size <= _FEW:
        return [total(sums.tolist())]
    # Next to a power of two that is larger than any partial sum, only the leading digits of a term
    # are left. Those are added exactly, in whatever order; and what is cut off is so small that its
    # own roundings do not matter.
    size = float(np.abs(sums).sum())
    if not size < 2.0**1000:
        return sums.tolist()
    large = 2.0 ** (math.frexp(size)[1] + 1)
    leading = (sums + large) - large
    return [float(leading.sum()), float((sums - leading).sum())]


def total(terms: list[float]) -> float:
    """Return the sum, rounded once; infinite if it overflows. None is NaN or negative infinity."""
    try:
        return math.fsum(terms) + 0.0  # no negative zero
    except OverflowError:
        return math.inf


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
