"""Sums and products whose rounding errors stay small, or are known, whatever the terms are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook.checks import Array

__all__ = [
    "Accumulator",
    "add",
    "divide",
    "exact",
    "inner",
    "leading_half",
    "product",
    "two_sum",
]

_FEW = 256  # so many terms are quicker to add exactly than to add in short rows

# How many terms are added without a second thought. In a long sum every addition can round to the
# same side, as it does where all terms are equal: one inner product of 32,768 terms was wrong by
# 160 units in the last place, and in float32 by 74. BLAS adds 64 terms in 32 pairs at once, and
# pairs to pairs: where they are equal, every such addition is a doubling, which is exact. A longer
# row is quicker, and in float32 exact enough.
_SHORT = {8: 64, 4: 256}
_ONES: dict[int, Array] = {8: np.ones((64, 1)), 4: np.ones((256, 1), np.float32)}


def inner(a: Array, b: Array) -> Any:
    """Return the inner product of two vectors: a number, or numbers that add up to it."""
    length = _SHORT[a.itemsize]
    short = a.size - a.size % length
    if short == 0:
        return np.float64(a.dot(b))
    if a.size <= _FEW and a.itemsize == 8:
        return a * b
    rows = np.matmul(a[:short].reshape(-1, 1, length), b[:short].reshape(-1, length, 1))
    return _gathered(rows.ravel(), a[short:].dot(b[short:]) if short < a.size else None)


def add(terms: Array) -> Any:
    """Return the sum of an array: a number, or numbers that add up to it."""
    length = _SHORT[terms.itemsize]
    short = terms.size - terms.size % length
    if short == 0:
        return terms.sum(dtype=np.float64)
    if terms.size <= _FEW and terms.itemsize == 8:
        return terms.ravel()
    terms = terms.reshape(-1, order="A")  # in the order of the memory, so that nothing is copied
    rows = np.matmul(terms[:short].reshape(-1, 1, length), _ONES[terms.itemsize])
    return _gathered(rows.ravel(), terms[short:].sum() if short < terms.size else None)


def _gathered(rows: Array, rest: Any) -> Any:
    """Return few numbers that add up to the sums of rows and the rest, in float64."""
    if rows.itemsize == 4:
        return rows.sum(dtype=np.float64) + np.float64(0.0 if rest is None else rest)
    short = rows.size - rows.size % 64
    sums = np.matmul(rows[:short].reshape(-1, 1, 64), _ONES[8]).ravel()
    if short == rows.size and rest is None:
        return sums
    return np.concatenate([sums, rows[short:], [rest or 0.0]])


class Accumulator:
    """A sum in two parts: its rounded value, and what rounding takes from it."""

    def __init__(self) -> None:
        self._terms: list[float] = []

    def add(self, terms: list[float]) -> None:
        """Add terms, none of them NaN or negative infinity."""
        self._terms += terms
        if len(self._terms) > 512:
            self._terms = list(self.parts())

    def parts(self) -> tuple[float, float]:
        """Return the correctly rounded sum, and the rest; the sum is infinite if it overflows."""
        return exact(self._terms)


def exact(terms: list[float]) -> tuple[float, float]:
    """Return the correctly rounded sum of terms, and the rest, as `Accumulator.parts` does."""
    if len(terms) == 1:
        return terms[0] + 0.0, 0.0  # no negative zero
    try:
        total = math.fsum(terms)
    except OverflowError:
        total = math.inf
    return total, math.fsum([*terms, -total]) if total < math.inf else 0.0


def divide(high: float, low: float, count: float) -> float:
    """Return the sum of two parts divided by `count`, rounded once."""
    quotient = high / count
    if low == 0.0:
        return quotient
    back, lost = product(quotient, count)
    better = quotient + ((high - back) - lost + low) / count
    # Where the products overflow, the quotient is right to one unit in the last place.
    return better if math.isfinite(better) else quotient


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """Return the rounded sum, and what rounding took from it (Knuth)."""
    total = a + b
    from_b = total - a
    return total, (a - (total - from_b)) + (b - from_b)


def leading_half(x: Any) -> Any:
    """Return x rounded to its leading 26 bits (Veltkamp)."""
    spread = x * 134217729.0
    return spread - (spread - x)


def product(a: Any, b: Any) -> tuple[Any, Any]:
    """Return the rounded product, and what rounding took from it (Dekker and Veltkamp)."""
    rounded = a * b
    a_high, b_high = leading_half(a), leading_half(b)
    a_low, b_low = a - a_high, b - b_high
    lost = a_low * b_low - (((rounded - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return rounded, lost
