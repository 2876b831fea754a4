"""Sums and products whose rounding errors stay small, or are known."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lossbook.sums import Accumulator, add, divide, inner, leading_half, product, two_sum
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
    most = 1 if dtype is np.float32 or size < 64 else 256 if size <= 256 else 80
    for parts in (inner(a, b), add(a)):
        assert parts.dtype == np.float64
        assert parts.size <= most


def test_a_full_block_leaves_one_part_for_each_64_rows_of_64() -> None:
    assert add(np.ones(65_536)).tolist() == [4096.0] * 16
    assert inner(np.ones(65_536), np.ones(65_536)).tolist() == [4096.0] * 16


def test_the_sum_of_an_array_with_classes_is_that_of_all_its_entries() -> None:
    rows = np.arange(600.0).reshape(200, 3)
    for array in (rows, rows.T, np.asfortranarray(rows)):
        assert whole(add(array)) == 599 * 300
    assert whole(add(rows[:5].T)) == 14 * 15 / 2


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_equal_terms_add_up_without_rounding(dtype: type) -> None:
    a = np.full(64 if dtype is np.float64 else 8, 1 / 3, dtype)
    assert whole(add(a)) == a.size * Fraction(float(a[0]))


def test_a_sum_and_a_product_come_with_what_rounding_took() -> None:
    rng = generator("two")
    for a, b in (rng.normal(size=(500, 2)) * 10.0 ** rng.uniform(-20, 20, (500, 2))).tolist():
        total, lost = two_sum(a, b)
        assert total == a + b
        assert Fraction(total) + Fraction(lost) == Fraction(a) + Fraction(b)
        result, lost = product(a, b)
        assert result == a * b
        assert Fraction(result) + Fraction(lost) == Fraction(a) * Fraction(b)
        half = leading_half(a)
        assert (Fraction(half) / Fraction(math.ulp(a)) / 2**26).denominator <= 2
        assert abs(half - a) <= math.ulp(a) * 2**26


def test_an_accumulator_is_exact_however_many_terms_it_gets() -> None:
    rng = generator("accumulator")
    terms = (rng.normal(size=3000) ** 2 * 10.0 ** rng.uniform(-10, 10, 3000)).tolist()
    total = Accumulator()
    for start in range(0, 3000, 7):
        total.add(terms[start : start + 7])
        assert len(total._terms) <= 512
    high, low = total.parts()
    assert high == math.fsum(terms)
    assert abs(Fraction(high) + Fraction(low) - whole(terms)) <= abs(Fraction(high)) / 2**100
    assert low != 0.0


def test_an_accumulator_of_one_term_is_that_term_and_never_a_negative_zero() -> None:
    for term in (1.5, INF):
        total = Accumulator()
        total.add([term])
        assert total.parts() == (term, 0.0)
    total = Accumulator()
    total.add([-0.0])
    assert math.copysign(1.0, total.parts()[0]) == 1.0


def test_a_sum_that_overflows_is_infinite_and_has_no_rest() -> None:
    for terms in ([1.7e308, 1.7e308], [INF, 1.0]):
        total = Accumulator()
        total.add(terms)
        assert total.parts() == (INF, 0.0)


def test_a_quotient_of_two_parts_is_rounded_once() -> None:
    rng = generator("divide")
    once = 0
    for _ in range(2000):
        high = float(rng.random()) * 1000
        low = float(rng.uniform(-0.5, 0.5)) * math.ulp(high)
        count = float(rng.integers(2, 10**7))
        true = float((Fraction(high) + Fraction(low)) / Fraction(count))
        assert divide(high, low, count) == true
        once += high / count != true
        assert divide(high, 0.0, count) == high / count
    assert once > 100  # the plain quotient is not always right


def test_a_quotient_whose_rest_cannot_be_calculated_is_the_plain_one() -> None:
    assert divide(1.7e308, 1e290, 2.0) == 1.7e308 / 2
