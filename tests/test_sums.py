"""Sums and products whose rounding errors stay small, or are known."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lossbook.sums import add, inner, product, sum_in_halves, total, two_sum
from tests.inputs import generator

INF = float("inf")
SIZES = [1, 63, 64, 65, 255, 256, 257, 4095, 4096, 4097, 5000, 65_536]


def whole(parts: Any) -> Fraction:
    """Return the exact sum of a number, or of several."""
    return sum((Fraction(x) for x in np.ravel(parts).tolist()), Fraction(0))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sums_of_whole_numbers_are_exact_and_come_in_few_parts(size: int, dtype: type) -> None:
    rng = generator("whole")
    a, b = (rng.integers(-100, 100, size).astype(dtype) for _ in range(2))
    true = sum(int(x) * int(y) for x, y in zip(a, b, strict=True))
    assert whole(inner(a, b)) == true
    assert whole(add(a)) == sum(int(x) for x in a)
    for parts in (inner(a, b), add(a)):
        assert len(parts) <= (256 + 1 if size > 256 else size)


def test_the_sums_of_the_rows_of_a_full_block_are_added_without_rounding() -> None:
    # Beside one large term in the middle, half of each of the others would be lost.
    terms = np.full(65_536, 2.0**-53)
    terms[30_016:30_080] = [1.0] + [0.0] * 63  # a row of 64 by itself
    rows = terms.reshape(-1, 64).sum(axis=1)
    high, low, rest = add(terms)
    assert Fraction(high) + Fraction(low) + Fraction(rest) == whole(rows)


def test_the_sum_of_an_array_with_classes_is_that_of_all_its_entries() -> None:
    rows = np.arange(600.0).reshape(200, 3)
    for array in (rows, rows.T, np.asfortranarray(rows)):
        assert whole(add(array)) == 599 * 300
    assert whole(add(rows[:5].T)) == 14 * 15 / 2


@pytest.mark.parametrize("classes", [1, 2, 3, 7, 8, 100, 1000])
def test_a_sum_over_classes_is_rounded_a_few_times_only(classes: int) -> None:
    rng = generator("halves")
    for terms in (rng.random((classes, 5)), np.full((classes, 5), 0.1), rng.random((5, classes)).T):
        kept = terms.copy()
        for column, found in zip(kept.T, sum_in_halves(terms), strict=True):
            assert abs(whole(column) - Fraction(found)) <= whole(column) * Fraction(2.0**-51)
        assert np.array_equal(kept, terms)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_equal_terms_add_up_without_rounding(dtype: type) -> None:
    a = np.full(64 if dtype is np.float64 else 8, 1 / 3, dtype)
    assert whole(add(a)) == a.size * Fraction(float(a[0]))


def test_a_sum_and_a_product_come_with_what_rounding_took() -> None:
    rng = generator("two")
    for a, b in (rng.normal(size=(500, 2)) * 10.0 ** rng.uniform(-20, 20, (500, 2))).tolist():
        rounded, lost = two_sum(a, b)
        assert rounded == a + b
        assert Fraction(rounded) + Fraction(lost) == Fraction(a) + Fraction(b)
        result, lost = product(a, b)
        assert result == a * b
        assert Fraction(result) + Fraction(lost) == Fraction(a) * Fraction(b)


def test_a_total_is_rounded_once_and_never_a_negative_zero() -> None:
    rng = generator("total")
    terms = (rng.normal(size=3000) ** 2 * 10.0 ** rng.uniform(-10, 10, 3000)).tolist()
    assert total(terms) == float(whole(terms))
    assert math.copysign(1.0, total([-0.0])) == 1.0


def test_a_total_that_overflows_is_infinite() -> None:
    for terms in ([1.7e308, 1.7e308], [INF, 1.0], [INF]):
        assert total(terms) == INF
    with np.errstate(over="ignore"):
        assert add(np.full(1000, 1.7e308))[0] == INF
        assert total(add(np.full(1000, 1e306))) == INF
