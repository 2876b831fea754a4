"""Sums and products whose rounding errors stay small, or are known."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lossbook.sums import add, add_exactly, ones, product, sum_in_halves, total, two_sum
from tests.inputs import generator

INF = float("inf")
SIZES = [1, 63, 64, 65, 255, 256, 257, 1000, 4095, 4096, 4097, 5000, 20_004, 65_536]


def whole(parts: Any) -> Fraction:
    """Return the exact sum of a number, or of several."""
    return sum((Fraction(x) for x in np.ravel(parts).tolist()), Fraction(0))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sums_of_whole_numbers_are_exact(size: int, dtype: type) -> None:
    terms = generator("whole").integers(-100, 100, size).astype(dtype)
    assert add(terms) == sum(int(x) for x in terms)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_neither_equal_terms_nor_small_ones_beside_a_large_one_lose_digits(
    size: int, dtype: type
) -> None:
    # In one long row all of these are rounded to the same side, thousands of times.
    rng = generator("one side")
    half_unit = np.finfo(dtype).eps / 2
    for terms in (
        *(np.full(size, x, dtype) for x in (0.1, 1 / 3, 1.7777777777777777, *rng.random(5))),
        # The last rows are those that BLAS may add in another way than the others.
        *(
            np.roll(np.r_[1.0, np.full(size - 1, half_unit)], k)
            for k in (0, 7, 100, size // 2, *range(-48, 0, 2))
        ),
    ):
        terms = terms.astype(dtype)
        true = math.fsum(terms.tolist())
        assert abs(add(terms) - true) <= 4 * half_unit * true


@pytest.mark.parametrize(
    "large, size",
    [
        *((large, 131_072) for large in (0, 1, 32_768, 65_535, 131_071)),
        # The last columns are those that BLAS adds one by one.
        *((16, 136), (33, 136), (1_000, 4_100), (20_003, 20_004)),
    ],
)
def test_whoever_knows_how_a_sum_is_made_cannot_make_it_lose_more_than_five_half_units(
    large: int, size: int
) -> None:
    half_unit = 2.0**-53
    terms = np.zeros(size)
    terms[large] = 1.0
    lost = 0.0
    # Beside 1 a half unit is lost. It is left wherever one more is: what is added to 1 comes from
    # as far away as a power of two, or two of them.
    powers = {0, *(2**i for i in range(17)), *(k * size // 8 for k in range(8))}
    for place in sorted({(large + a + b) % size for a in powers for b in powers} - {large}):
        terms[place] = half_unit
        now = np.count_nonzero(terms) - 1 - (add(terms) - 1.0) / half_unit
        if now > lost:
            lost = now
        else:
            terms[place] = 0.0
    assert lost <= 5


@pytest.mark.parametrize("scale", [1e-200, 1e-165, 1e-150, 1e140, 1e155, 1e200])
def test_terms_whose_squares_overflow_or_underflow_lose_no_more_digits(scale: float) -> None:
    for terms in (np.full(20_000, 0.1 * scale), np.r_[scale, np.full(19_999, 2.0**-54 * scale)]):
        with np.errstate(over="ignore"):
            assert abs(Fraction(add(terms)) / whole(terms) - 1) <= 5 * Fraction(2.0**-53)


@pytest.mark.parametrize("size", [1, 128, 129, 5_000, 131_072])
def test_an_exact_sum_is_rounded_once(size: int) -> None:
    rng = generator("exactly")
    for terms in (
        np.roll(np.r_[1.0, np.full(size - 1, 0.75 * 2.0**-53)], size // 3),
        rng.random(size) * 10.0 ** rng.uniform(-20, 20, size),
        np.full(size, 0.1 * 1e-200),
    ):
        with np.errstate(over="ignore", under="ignore"):
            found = add_exactly(terms.copy())
        assert abs(Fraction(found) / whole(terms) - 1) <= Fraction(2.0**-53)


def test_more_terms_than_are_added_at_once_are_all_added() -> None:
    terms = generator("many").integers(1, 100, 300_001).astype(float)
    assert add(terms) == terms.astype(int).sum()


def test_the_ones_that_all_sums_share_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ones(3)[0] = 2.0


def test_the_sum_of_an_array_with_classes_is_that_of_all_its_entries() -> None:
    rows = np.arange(600.0).reshape(200, 3)
    for array in (rows, rows.T, np.asfortranarray(rows)):
        assert whole(add(array)) == 599 * 300
    assert whole(add(rows[:5].T)) == 14 * 15 / 2


@pytest.mark.parametrize("classes", [1, 2, 3, 7, 8, 16, 100, 1000])
def test_a_sum_over_classes_is_rounded_a_few_times_only(classes: int) -> None:
    rng = generator("halves")
    for terms in (
        rng.random((classes, 5)),
        np.full((classes, 5), 0.1),
        np.full((classes, 5), 1.783189790216296),  # one after the other, 16 are off by 4.5 halves
        rng.random((5, classes)).T,
    ):
        kept = terms.copy()
        for column, found in zip(kept.T, sum_in_halves(terms), strict=True):
            assert abs(whole(column) - Fraction(found)) <= whole(column) * Fraction(2.0**-51)
        assert np.array_equal(kept, terms)


@pytest.mark.parametrize("size", [4096, 16_384, 65_536])
def test_the_sum_of_negative_terms_is_as_good_as_that_of_positive_ones(size: int) -> None:
    terms = np.full(size, 0.1)
    terms[:: min(size // 4, 4096)] = -1e-20  # these meet each other only
    assert add(-terms) == -add(terms)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_equal_terms_add_up_without_rounding(dtype: type) -> None:
    a = np.full(1024, 1 / 3, dtype)
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


def test_a_total_of_infinities_of_both_signs_is_nothing() -> None:
    assert math.isnan(total([INF, -INF]))


def test_a_total_that_overflows_is_infinite() -> None:
    for terms in ([1.7e308, 1.7e308], [INF, 1.0], [INF]):
        assert total(terms) == INF
    with np.errstate(over="ignore"):
        assert add(np.full(1000, 1.7e308)) == INF
        assert add(np.full(1000, 1e306)) == INF
