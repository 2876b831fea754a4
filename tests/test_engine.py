"""What all losses share: layouts, dtypes, weights, reductions, blocks, memory and threads."""

from __future__ import annotations

import itertools
import math
import pickle
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from lossbook.batch import BLOCK
from lossbook.checks import CATEGORY, DISTRIBUTION, PROBABILITY, SIGN
from lossbook.properties import Properties
from tests import reference
from tests.faces import (
    BINARY,
    CATEGORICAL,
    EXTREME,
    REGRESSION,
    SPARSE,
    batch,
    every_loss,
    ways,
)
from tests.inputs import generator
from tests.reference import worst

INF = float("inf")
SIZE = 257
mse, mae = lb.mean_squared_error, lb.mean_absolute_error
bce = lb.binary_crossentropy


def same(a: Any, b: Any) -> bool:
    """Return whether two results are equal to the last bit, and of one type."""
    return type(a) is type(b) and np.array_equal(a, b) and np.result_type(a) == np.result_type(b)


def close(a: Any, b: Any, rel: float = 1e-15, largest: float = 0.0) -> bool:
    """Return whether two results agree to a few units in the last place, however small they are.

    Sums may differ by that much: the order of the additions follows the memory. Where terms cancel,
    the `largest` of them has that last place.
    """
    assert type(a) is type(b)
    assert np.result_type(a) == np.result_type(b)
    return np.allclose(a, b, rtol=rel, atol=rel * largest)


# --- layouts: the same numbers, elsewhere in the memory ---


def strided(a: np.ndarray) -> np.ndarray:
    wide = np.full((2 * len(a), *a.shape[1:]), 99, a.dtype)
    wide[::2] = a
    return wide[::2]


def read_only(a: np.ndarray) -> np.ndarray:
    copy = a.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS = {
    "read-only": read_only,
    "strided": strided,
    "reversed": lambda a: a[::-1].copy()[::-1],
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "Fortran-ordered": np.asfortranarray,
    "a subclass": lambda a: a.view(type("Sub", (np.ndarray,), {})),
    "a list": lambda a: a.tolist(),
    "a tuple": lambda a: tuple(a.tolist()),
}


@every_loss
def test_the_layout_in_memory_does_not_matter(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("layout"), SIZE)
    # An exponential may have another last digit where the processor takes one number at a time.
    largest = 0.0 if loss.nonnegative else math.exp(np.abs(y).max())
    for ask in ways(loss, SIZE):
        expected = ask(t, y)
        for layout, move in LAYOUTS.items():
            assert close(ask(move(t), move(y)), expected, largest=largest), layout
            assert close(ask(move(t), y), expected, largest=largest), layout


@every_loss
def test_more_axes_are_more_samples(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("axes"), 24)
    deep_t, deep_y = (a.reshape(2, 3, 4, *a.shape[1:]) for a in (t, y))
    weights = np.arange(1.0, 25)
    for turn in (lambda a: a, np.asfortranarray, lambda a: a[:, ::-1].copy()[:, ::-1]):
        for w, deep_w in ((None, None), (weights, turn(weights.reshape(2, 3, 4)))):
            arguments = turn(deep_t), turn(deep_y)
            assert close(loss(*arguments, sample_weight=deep_w), loss(t, y, sample_weight=w))
            losses = loss(*arguments, sample_weight=deep_w, reduction="none")
            assert losses.shape == (2, 3, 4)
            assert close(losses.ravel(), loss(t, y, sample_weight=w, reduction="none"))
            slopes = loss.gradient(*arguments, sample_weight=deep_w)
            assert slopes.shape == deep_y.shape
            assert close(slopes.reshape(y.shape), loss.gradient(t, y, sample_weight=w))


@every_loss
def test_a_single_sample_needs_no_axis(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("single"), 1)
    one = loss(t, y)
    for arguments in ((t[0], y[0]), (t[0].tolist(), y[0].tolist())):
        assert close(loss(*arguments), one)
        assert close(loss(*arguments, sample_weight=7.0), one)
        losses = loss(*arguments, reduction="none")
        assert losses.shape == ()
        assert close(float(losses), one)
        assert close(loss.gradient(*arguments), loss.gradient(t, y)[0, ...])


@every_loss
def test_a_memory_mapped_file_is_read_like_an_array(loss: lb.Loss, tmp_path: Path) -> None:
    arrays = batch(loss, generator("map"), SIZE)
    for name, array in zip("ty", arrays, strict=True):
        np.save(tmp_path / f"{name}.npy", array)
    t, y = (np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "ty")
    for ask in ways(loss, SIZE):
        assert same(ask(t, y), ask(*arrays))


@every_loss
def test_inputs_are_never_changed(loss: lb.Loss) -> None:
    arrays = (*batch(loss, generator("kept"), SIZE), np.arange(1.0, SIZE + 1))
    copies = [a.copy() for a in arrays]
    for how in ("mean", "sum", "none"):
        loss(*arrays[:2], sample_weight=arrays[2], reduction=how)
        slopes = loss.gradient(*arrays[:2], sample_weight=arrays[2], reduction=how)
        slopes[...] = 99  # the result is the caller's own
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_loss
def test_many_threads_at_once_get_the_same_answers(loss: lb.Loss) -> None:
    batches = [batch(loss, np.random.default_rng(seed), 3000 + seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for ask in (loss, loss.gradient):
            alone = [ask(*b) for b in batches]
            for _ in range(3):
                together = pool.map(ask, *zip(*batches, strict=True))
                assert all(same(a, b) for a, b in zip(alone, together, strict=True))


@every_loss
def test_no_floating_point_error_reaches_the_caller(loss: lb.Loss) -> None:
    hard, y = batch(loss, generator("quiet"), 8)
    if loss in (*BINARY, *CATEGORICAL):
        hard = np.round(hard)
    y[::2] = EXTREME[loss.y_pred]
    with np.errstate(all="raise"):
        for ask in ways(loss, 8):
            assert not np.isnan(ask(hard, y)).any()
        for ask in ways(loss, 8):  # and in float32, where 1e-30 squared underflows
            if loss in REGRESSION:
                ask(np.zeros(8, np.float32), np.full(8, 1e-30, np.float32))


# --- dtypes ---

FLOATS = (np.float16, np.float32, np.float64)


TRUE = (*FLOATS, np.int32, np.bool_)
PRED = (*FLOATS, ">f4", np.int8, np.bool_)


@every_loss
def test_the_dtypes_of_the_results(loss: lb.Loss) -> None:
    for true, pred in itertools.product(TRUE, PRED):
        # 0 and 1 are valid everywhere: numbers, labels, probabilities, logits and one-hot rows.
        t = np.array([0, 1, 1] if loss.y_true is not SIGN else [1, 1, 1]).astype(true)
        y = np.array([0, 1, 1]).astype(pred)
        if loss.y_pred.rows:
            y = np.array([[1, 0], [0, 1], [1, 0]]).astype(pred)
            t = y.astype(true) if loss.y_true.rows else t
        floats = [np.dtype(d).newbyteorder("=") for d in (true, pred) if np.dtype(d).kind == "f"]
        own = floats[-1] if np.dtype(pred).kind == "f" else np.dtype(np.float64)
        both = np.result_type(*floats) if floats else np.float64
        for how in ("mean", "sum"):
            assert type(loss(t, y, reduction=how)) is float, (true, pred)
            assert loss.gradient(t, y, reduction=how).dtype == own, (true, pred)
        assert loss(t, y, reduction="none").dtype == both, (true, pred)
        assert loss.gradient(t, y, reduction="none").dtype == own, (true, pred)


@every_loss
def test_short_floats_are_their_float64_values(loss: lb.Loss) -> None:
    # Converting first gives the exact result; the quick way in float32 may round its last digits.
    t, y = batch(loss, generator("short"), 2000)
    t, y = (a.astype(np.float32) if a.dtype.kind == "f" else a for a in (t, y))
    wide = [a.astype(np.float64) for a in (t, y)]
    if loss in (CATEGORICAL[0], SPARSE[0]):
        wide = [a / a.sum(axis=-1, keepdims=True) if a.ndim > 1 else a for a in wide]
    assert close(loss(t, y), loss(*wide), 3e-7)
    np.testing.assert_allclose(loss.gradient(t, y), loss.gradient(*wide), rtol=3e-7, atol=1e-12)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int16, np.uint16])
@every_loss
def test_short_integers_have_all_digits_of_float64(loss: lb.Loss, dtype: Any) -> None:
    rng = generator("short integers")
    probable = loss.y_pred in (PROBABILITY, DISTRIBUTION)
    y = rng.integers(0, 2 if probable or dtype is bool else 100, 9).astype(dtype)
    t = np.ones(9, np.int8)
    if loss.y_pred.rows:
        y = np.stack([y, 1 - y.astype(int) if probable else y[::-1]], axis=-1).astype(dtype)
    if loss.y_true.rows:
        t = np.stack([t, 0 * t], axis=-1)
    wide = t if loss.y_true is CATEGORY else t.astype(float)
    for ask in (loss, loss.gradient):
        for how in ("mean", "sum", "none"):
            found = ask(t, y, reduction=how)
            assert same(found, ask(wide, y.astype(float), reduction=how)), (ask, how)


def test_labels_that_are_short_integers_leave_float32_as_it_is() -> None:
    y = generator("short labels").normal(size=1000).astype(np.float32)
    t = np.arange(1000, dtype=np.int16)
    assert mse(t, y) == mse(t.astype(np.float32), y)
    assert mse.gradient(t, y).dtype == mse(t, y, reduction="none").dtype == np.float32


# --- reductions ---


@every_loss
def test_none_adds_up_to_sum_and_sum_is_size_times_mean(loss: lb.Loss) -> None:
    for size in (1, 10, 255, 256, 257, 1000, BLOCK, BLOCK + 1, 70_001):
        t, y = batch(loss, generator("sum"), size)
        total = math.fsum(loss(t, y, reduction="none"))
        assert close(loss(t, y, reduction="sum"), total, 1e-14), size
        assert close(loss(t, y), total / size, 1e-14), size
        slopes = loss.gradient(t, y, reduction="none")
        assert same(loss.gradient(t, y, reduction="sum"), slopes), size
        np.testing.assert_allclose(loss.gradient(t, y), slopes / size, rtol=4e-16)


def exact_mean(d: np.ndarray, power: int) -> Fraction:
    """Return the mean of |d| or of d * d as a rational number."""
    terms = [np.abs(d)] if power == 1 else exact_product(d, d)
    return sum(map(exact_sum, terms), Fraction(0)) / d.size


def exact_sum(x: np.ndarray) -> Fraction:
    """Return the sum, by adding up whole numbers of at most 27 bits for each power of two."""
    mantissa, exponent = np.frexp(x)
    lowest = int(exponent.min())
    high = np.trunc(np.ldexp(mantissa, 26))
    total = Fraction(0)
    # As floats these sums are exact: of at most 2^26 terms they stay below 2^53.
    for bits, numbers in ((26, high), (53, np.ldexp(np.ldexp(mantissa, 26) - high, 27))):
        sums = np.bincount(exponent - lowest, weights=numbers)
        total += sum(Fraction(n) * Fraction(2) ** (k + lowest - bits) for k, n in enumerate(sums))
    return total


def exact_product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two floats that add up to the product, by way of halves of 26 bits."""

    def halves(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mantissa, exponent = np.frexp(x)
        high = np.ldexp(np.round(np.ldexp(mantissa, 26)), exponent - 26)
        return high, x - high

    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    high = a * b
    return high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low


def off(value: float, true: Fraction) -> float:
    """Return the relative error."""
    return float(abs(Fraction(value) / true - 1))


ERRORS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "uniform": lambda rng, n: rng.random(n),
    "of all magnitudes": lambda rng, n: rng.normal(size=n) * 10.0 ** rng.uniform(-50, 50, n),
    "ten magnitudes": lambda rng, n: rng.lognormal(0.0, 5.0, n),
    "two values": lambda rng, n: rng.choice([0.1, 0.7], n),
    "rising": lambda rng, n: np.linspace(0.1, 0.3, n),
    "equal": lambda rng, n: np.full(n, 0.3),
}


@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize("size", [1000, 65_536, 1_000_003])
def test_the_mean_has_fifteen_digits_of_the_exact_rational_mean(errors: str, size: int) -> None:
    d = ERRORS[errors](generator(errors), size)
    zeros = np.zeros_like(d)
    assert off(mae(zeros, d), exact_mean(d, 1)) <= 1e-15
    assert off(mse(zeros, d), exact_mean(d, 2)) <= 1e-15


def test_the_mean_of_ten_million_has_fifteen_digits_too() -> None:
    d = ERRORS["ten magnitudes"](generator("ten million"), 10_000_000)
    assert off(mse(np.zeros_like(d), d), exact_mean(d, 2)) <= 1e-15


@pytest.mark.parametrize("value", [0.1, 0.3, 1 / 3, 0.7, 1.1, 3.7, 0.123456789])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_equal_errors_have_the_mean_of_one(value: float, dtype: type) -> None:
    # Where all terms are equal, every addition may round to the same side: a plain inner product
    # is off by 160 units in the last place.
    for size in (1, 30, 39, 47, 100, 1000, 1_000_000):
        y = np.full(size, value, dtype)
        error = Fraction(float(y[0]))
        for loss, true in ((mse, error**2), (mae, error)):
            assert off(loss(np.zeros_like(y), y), true) <= (1e-15 if dtype is np.float64 else 1e-6)


def test_equal_samples_have_the_mean_of_one() -> None:
    for loss, t, y in (
        (bce, [1.0], [0.3]),
        (bce, [0.4], [0.9]),
        (bce.from_logits, [0.0], [-3.3]),
        (CATEGORICAL[1], [[0.2, 0.5, 0.3]], [[0.3, -1.2, 2.4]]),
        (SPARSE[1], [1], [[0.3, -1.2, 2.4]]),
    ):
        one = Fraction(loss(t, y))
        for size in (7, 1000, 100_003):
            many = loss(np.repeat(t, size, axis=0), np.repeat(y, size, axis=0))
            assert off(many, one) <= 5e-16


@pytest.mark.parametrize("small", [2.0**-53, 2.0**-54, 2.0**-60])
def test_many_small_errors_beside_a_large_one_are_not_lost(small: float) -> None:
    # Only the few that meet the large one before they meet many of their own kind are lost.
    y = np.full(1_000_000, small)
    y[0] = 1.0
    true = Fraction(1) + (y.size - 1) * Fraction(small)
    assert off(mae(np.zeros_like(y), y, reduction="sum"), true) <= 1e-15


@pytest.mark.parametrize("period", [2, 16, 32, 64, 4096])
@pytest.mark.parametrize("small", [0.5 * 2.0**-53, 2.0**-53, 2.0**-52])
def test_no_data_make_the_roundings_of_a_sum_pile_up(small: float, period: int) -> None:
    # Each row of terms holds a large one, beside which the others are lost alike.
    y = np.full(1_000_000, small)
    y[5::period] = 1.0
    large = len(y[5::period])
    true = large + (y.size - large) * Fraction(small)
    assert off(mae(np.zeros_like(y), y, reduction="sum"), true) <= 1e-15


def test_the_mean_is_finite_as_long_as_it_can_be_represented() -> None:
    huge = 1.7e308
    assert mae([0.0] * 4, [huge, -huge, huge, huge]) == huge
    assert close(mae([huge, 0.0], [-huge / 4, 0.0]), huge / 8 * 5, 1e-15)
    assert mae([0.0] * 4, [huge] * 4, reduction="sum") == INF
    assert close(mae([0.0] * 3, [huge] * 3, sample_weight=[1, 2, 3]), huge, 1e-15)
    assert close(mse([0.0] * 100, [1.4e154] + [0.0] * 99), 1.96e306, 1e-15)
    assert mse([0.0] * 4, [huge] * 4) == INF
    assert bce.from_logits([0] * 4, [huge] * 4) == huge
    assert bce.from_logits([0] * 3, [huge] * 3, sample_weight=[1, 0, 1]) == huge
    assert CATEGORICAL[1]([[1, 0]] * 4, [[0, huge]] * 4) == huge
    assert SPARSE[1]([0] * 4, [[0, huge]] * 4) == huge


def test_a_loss_that_overflows_by_itself_may_have_a_mean() -> None:
    huge = 1.7e308
    rows = [[-huge, huge], [0.0, 0.0]]  # the first costs 3.4e308, beyond the largest float64
    assert CATEGORICAL[1]([[1, 0], [1, 0]], rows) == huge
    assert SPARSE[1]([0, 0], rows) == huge
    assert CATEGORICAL[1]([[1, 0], [1, 0]], rows, reduction="none").tolist() == [INF, math.log(2)]
    assert SPARSE[1]([0, 0], rows, reduction="sum") == INF
    # A tiny weight makes it small enough; then the other loss keeps its digits.
    mean = SPARSE[1]([0, 0], rows, sample_weight=[2.0**-1030, 1.0])
    assert close(mean, math.log(2) + huge * 2.0**-1029, 1e-15)
    total = mse([0.0, 0.0], [1e200, 3.0], sample_weight=[2.0**-1060, 1.0], reduction="sum")
    true = Fraction(1e200) ** 2 / 2**1060 + 9
    assert abs(Fraction(total) / true - 1) < 1e-15


def test_a_large_weight_brings_back_a_squared_error_that_underflows() -> None:
    y, w = [2.0**-600], [2.0**900]
    assert mse([0.0], y, sample_weight=w, reduction="sum") == 2.0**-300
    assert mse([0.0], y, sample_weight=w, reduction="none").tolist() == [2.0**-300]
    assert mse([1.7e308, 0.0], [1.7e308, 1.0], sample_weight=[1.0, 2.0**900]) == 1.0


def test_weights_of_all_magnitudes_keep_their_part() -> None:
    # Beside a weight of 1e300, one of 1e-300 would underflow if it were divided by it.
    w, y = [1e300, 1e-300], [0.0, 1.0]
    assert mae([0.0, 0.0], y, sample_weight=w, reduction="sum") == 1e-300
    assert mae([0.0, 0.0], y, sample_weight=w, reduction="none").tolist() == [0.0, 1e-300]
    assert mae.gradient([0.0, 0.0], y, sample_weight=w, reduction="sum").tolist() == [0.0, 1e-300]
    assert close(mae([0.0, 0.0], [0.0, 1e308], sample_weight=w), 1e-292, 1e-15)
    assert close(mse([0.0, 0.0], [0.0, 1e153], sample_weight=w), 1e-294, 1e-15)
    losses = mse([0.0, 0.0], [1e200, 1.0], sample_weight=[1e-300, 1.0], reduction="none")
    np.testing.assert_allclose(losses, [1e100, 1.0], rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.int64, np.uint64, ">i8"])
def test_integers_beyond_2_to_the_53_have_their_exact_difference(dtype: Any) -> None:
    big = 2**60
    t = np.array([big, big + 1, big + 5], dtype)
    y = np.array([big + 1, big, big + 2], dtype)
    assert mae(t, y, reduction="none").tolist() == [1.0, 1.0, 3.0]
    assert mse(t, y) == 11 / 3
    assert mse.gradient(t, y, reduction="sum").tolist() == [2.0, -2.0, -6.0]
    assert mae(t, np.full(3, float(big)), reduction="none").tolist() == [0.0, 1.0, 5.0]
    assert mae(np.full(3, 2.0**60), t, reduction="sum", sample_weight=[1, 1, 2]) == 11.0
    for odd in (2**53 + 1, 2**54 - 1):  # the first and the last that two floats are between
        assert mae(np.array([odd], dtype), np.array([odd + 1], dtype)) == 1.0
        if np.dtype(dtype).kind == "i":
            assert mae(np.array([-odd], dtype), np.array([-odd - 1], dtype)) == 1.0
    far = mae(np.array([0, 2**53 + 1], dtype), np.array([1, 0], dtype), reduction="none")
    assert far.tolist() == [1.0, 2.0**53]


@every_loss
def test_a_loss_of_nothing_is_a_positive_zero(loss: lb.Loss) -> None:
    if not loss.nonnegative:
        return
    for size in (1, 100, BLOCK + 1):
        t, y = np.ones(size), np.ones(size)
        if loss.y_pred.rows:
            y = np.tile([0.0, 1.0], (size, 1))
            t = y if loss.y_true.rows else t
        if loss.name.endswith("from_logits"):
            y = np.where(y == 1.0, INF, 0.0)
        for how in ("mean", "sum"):
            for w in (None, np.ones(size)):
                found = loss(t, y, reduction=how, sample_weight=w)
                assert math.copysign(1.0, found) == 1.0, size
                assert found == 0.0, size
        assert not np.signbit(loss(t, y, reduction="none")).any(), size


def test_large_integers_are_subtracted_only_where_the_loss_is_made_of_differences() -> None:
    big = np.array([2**60 + 1])
    assert bce.from_logits([0], big) == 2.0**60
    assert bce.from_logits([1], big) == 0.0
    with pytest.raises(
        ValueError, match=r"y_true holds 1\.15\d+e\+18 at index \(0,\); expected lab"
    ):
        bce(big, [0.5])


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_the_difference_of_any_two_integers_is_rounded_once(dtype: Any) -> None:
    kind = np.iinfo(dtype)
    t, y = generator("integers").integers(kind.min, kind.max, (2, 500), dtype, endpoint=True)
    y[::2] = t[::2] ^ 1023  # close ones, too
    true = [float(abs(a - b)) for a, b in zip(t.tolist(), y.tolist(), strict=True)]
    assert mae(t, y, reduction="none").tolist() == true


def test_the_smallest_and_the_largest_integer_differ_by_their_exact_difference() -> None:
    low, high = np.array([-(2**63)]), np.array([2**63 - 1])
    assert mae(low, high) == 2.0**64
    assert mae(low + 1, np.array([-(2**63) + 3])) == 2.0
    assert mae(np.array([2**64 - 1], np.uint64), np.array([2**64 - 4], np.uint64)) == 3.0
    with pytest.raises(ValueError, match=r"y_true holds nan at index \(1,\)"):
        mae([0.0, np.nan], np.array([2**60, 0]))


def test_the_gradient_is_finite_as_long_as_it_can_be_represented() -> None:
    t, y = [-1.7e308, 0.0], [1.7e308, 1.0]
    slopes = mse.gradient(np.repeat(t, 4), np.repeat(y, 4))
    assert slopes[0] == 1.7e308 / 2
    assert slopes[-1] == 0.25  # beside the huge one, the small one keeps its digits
    assert mse.gradient(t, y, reduction="sum").tolist() == [INF, 2.0]
    assert mae.gradient(t, y, reduction="sum").tolist() == [1.0, 1.0]


def test_the_gradient_of_a_tiny_probability_is_finite_as_long_as_it_can_be_represented() -> None:
    p = 1e-309  # 1/p overflows, and 1/p over 100 does not
    true = Fraction(-1) / Fraction(p) / 100
    n = 100
    rows, one_hot = np.tile([p, 1.0], (n, 1)), np.tile([1.0, 0.0], (n, 1))
    for slopes in (
        bce.gradient(np.ones(n), np.full(n, p)),
        CATEGORICAL[0].gradient(one_hot, rows)[:, 0],
        SPARSE[0].gradient(np.zeros(n, int), rows)[:, 0],
    ):
        assert all(abs(Fraction(x) / true - 1) < 1e-15 for x in slopes.tolist())
    assert bce.gradient(np.ones(n), np.full(n, p), reduction="sum").tolist() == [-INF] * n
    assert bce.gradient([1, 1, 0, 0], [0.0, 0.5, 1.0, 0.5]).tolist() == [-INF, -0.5, INF, 0.5]
    weights = np.full(n, 2.0**-10)
    weighted = bce.gradient(np.ones(n), np.full(n, p), sample_weight=weights)
    assert all(abs(Fraction(x) / true - 1) < 1e-15 for x in weighted.tolist())


@every_loss
def test_the_sign_of_a_zero_probability_does_not_turn_a_gradient(loss: lb.Loss) -> None:
    if loss.y_pred not in (PROBABILITY, DISTRIBUTION):
        return
    y = np.array([0.0, 1.0])
    t = np.array([1.0, 0.0])
    if loss.y_pred.rows:
        y, t = np.stack([y, y[::-1]]), np.eye(2)
    if loss.y_true is CATEGORY:
        t = np.array([0, 1])
    negative = np.where(y == 0.0, -0.0, y)
    for how in ("mean", "sum", "none"):
        found = loss.gradient(t, negative, reduction=how)
        np.testing.assert_array_equal(found, loss.gradient(t, y, reduction=how))
        assert np.isneginf(found).any()


def test_small_float32_errors_do_not_underflow() -> None:
    y = np.full(1000, 1e-30, np.float32)
    assert close(mse(np.zeros_like(y), y), float(y[0]) ** 2, 1e-15)
    # Squares of 1e-39 do not vanish in float32, and lose digits: all to the same side.
    y = np.full(60_000, 10**-19.5, np.float32)
    assert close(mse(np.zeros_like(y), y), float(y[0]) ** 2, 1e-15)
    p = np.full(1000, 1e-42, np.float32)
    assert close(bce(np.zeros_like(p), p), float(p[0]), 1e-6)


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ordinary_data_are_evaluated_once_in_their_own_precision(
    loss: lb.Loss, dtype: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, y = batch(loss, generator("quick"), 3000)
    t, y = (a.astype(dtype) if a.dtype.kind == "f" else a for a in (t, y))
    seen = []
    if loss.y_pred.shows:  # bad input shows in the sum by itself
        monkeypatch.setattr(type(loss.y_pred), "holds", None)
    spy_on(monkeypatch, loss, "per_sample", seen)
    loss(t, y, reduction="sum")
    single = loss.nonnegative and not loss.rounds_often
    assert seen == [np.dtype(dtype if single else np.float64)]


def spy_on(patch: pytest.MonkeyPatch, loss: lb.Loss, name: str, seen: list[Any]) -> None:
    """Note the dtype of the predictions whenever a method of a loss is called."""
    method = getattr(loss, name)

    def spy(t: Any, y: Any) -> Any:
        seen.append(y.dtype)
        return method(t, y)

    patch.setattr(loss, name, spy, raising=False)


@every_loss
def test_a_gradient_of_float32_is_calculated_in_float32_where_that_is_exact(
    loss: lb.Loss, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, y = batch(loss, generator("single"), 100)
    t, y = (a.astype(np.float32) if a.dtype.kind == "f" else a for a in (t, y))
    seen: list[Any] = []
    spy_on(monkeypatch, loss, "derivative", seen)
    loss.gradient(t, y)
    loss.gradient(t, y, sample_weight=np.ones(100))
    first = np.dtype(np.float32 if loss.rounds_once else np.float64)
    assert seen == [first, np.dtype(np.float64)]


@every_loss
def test_a_loss_says_whether_its_derivative_rounds_only_once(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("once"), 2000)
    t, y = ((a.astype(np.float32) if a.dtype.kind == "f" else a).T for a in (t, y))
    wide = t.astype(float) if t.dtype.kind == "f" else t
    exact = loss.derivative(wide, y.astype(float)).astype(float)
    off = abs(loss.derivative(t, y) - exact) / np.spacing(abs(exact).astype(np.float32))
    assert loss.rounds_once == (off.max() <= 0.5)


@every_loss
def test_a_gradient_of_float32_is_right_within_a_unit_and_a_half(loss: lb.Loss) -> None:
    rng = generator("units")
    for size in (3, 7, 11, 100, 333, 1023) * 4:
        t, y = batch(loss, rng, size)
        t, y = (a.astype(np.float32) if a.dtype.kind == "f" else a for a in (t, y))
        exact = loss.gradient(t.astype(float) if t.dtype.kind == "f" else t, y.astype(float))
        off = abs(loss.gradient(t, y) - exact) / np.spacing(abs(exact).astype(np.float32))
        assert off.max() < 1.5


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_arrays_that_make_one_block_need_no_walk(
    loss: lb.Loss, dtype: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, y = batch(loss, generator("whole"), 50)
    t, y = (a.astype(dtype) if a.dtype.kind == "f" else a for a in (t, y))
    asked = [ask for how in ("mean", "sum") for ask in (loss, loss.gradient)], ("mean", "sum")
    lists = [ask(t.tolist(), y, reduction=how) for ask in asked[0] for how in asked[1]]
    monkeypatch.setattr("lossbook.batch.Batch.__init__", None)
    for quick, walked in zip(
        [ask(t, y, reduction=how) for ask in asked[0] for how in asked[1]], lists, strict=True
    ):
        assert np.shape(quick) == np.shape(walked)
        np.testing.assert_allclose(quick, walked, rtol=1e-15 if dtype is np.float64 else 3e-7)
    for arguments in ((t.tolist(), y), (t[:1, None], y[:1, None]), (t[::2], y)):
        with pytest.raises(TypeError, match="NoneType"):
            loss(*arguments)
    with pytest.raises(TypeError, match="NoneType"):
        loss(t, y, sample_weight=np.ones(50))


def test_a_derivative_that_is_the_callers_own_array_is_not_written_into() -> None:
    class Prediction(Asymmetric):
        name = "prediction"

        def derivative(self, t: Any, y: Any) -> Any:
            return y

    y = np.array([1.0, 2.0])
    assert Prediction().gradient(np.zeros(2), y).tolist() == [0.5, 1.0]
    assert y.tolist() == [1.0, 2.0]


def test_where_a_derivative_is_not_a_number_the_loss_says_what_it_is_or_it_stays_unknown() -> None:
    class Half(Asymmetric):
        name = "half"

        def derivative(self, t: Any, y: Any) -> Any:
            return 0.5 * (y - t) / (y - t)

    assert np.isnan(Half().gradient([1.0, 2.0], [1.0, 4.0], reduction="sum")).tolist() == [1, 0]
    Half.limit = lambda self, t, y: 7.0 * y
    assert Half().gradient([1.0, 2.0], [1.0, 4.0], reduction="sum").tolist() == [7.0, 0.5]


@pytest.mark.parametrize("size", [2**24, 2**24 + 1])
def test_more_samples_than_float32_can_count_are_counted(size: int) -> None:
    values = [np.broadcast_to(np.float32(x), size) for x in (0.0, 0.999999)]
    slopes = mse.gradient(*values)
    true = 2 * mpmath.mpf(float(values[1][0])) / size
    assert reference.ulps(slopes[0], true) < 0.51
    assert slopes[0] == slopes[-1]
    assert slopes.dtype == np.float32


def test_an_edge_in_one_block_leaves_the_others_alone() -> None:
    t, y = batch(bce, generator("edge"), 3 * BLOCK)
    y[BLOCK + 5], t[BLOCK + 5] = 0.0, 0.0  # 0 log 0, which the quick way calls NaN
    total = math.fsum(bce(t, y, reduction="none"))
    assert close(bce(t, y, reduction="sum"), total, 1e-14)
    t[BLOCK + 5] = 1.0
    assert bce(t, y) == INF


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinite_logits_have_the_gradient_of_a_certain_prediction(dtype: type) -> None:
    logits = np.array([[INF, 0.0, 1.0], [2.0, -INF, 2.0]], dtype)
    slopes = lb.categorical_crossentropy.from_logits.gradient(
        [[0, 1, 0], [1, 0, 0]], logits, reduction="sum"
    )
    assert slopes.tolist() == [[1, -1, 0], [-0.5, 0, 0.5]]
    slopes = lb.sparse_categorical_crossentropy.from_logits.gradient([1, 0], logits)
    assert slopes.tolist() == [[0.5, -0.5, 0], [-0.25, 0, 0.25]]
    logits = np.array([INF, -INF], dtype)
    assert bce.from_logits.gradient([0, 0], logits, reduction="sum").tolist() == [1, 0]


def test_in_float64_a_gradient_is_calculated_to_the_last_digit() -> None:
    z = np.array([[40.3, 0.1, 1.7], [-30.1, 0.3, 7.9]])
    slopes = lb.sparse_categorical_crossentropy.from_logits.gradient([0, 2], z, reduction="sum")
    for label, logits, row in zip([0, 2], z, slopes, strict=True):
        powers = [mpmath.exp(x) for x in logits]
        others = mpmath.fsum(powers[:label] + powers[label + 1 :])
        powers[label] = -others
        for slope, power in zip(row, powers, strict=True):
            true = power / (others + mpmath.exp(logits[label]))
            assert reference.ulps(slope, true) <= 2


# --- weights ---


@every_loss
def test_a_weight_is_a_repetition(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("repeat"), 50)
    counts = generator("counts").integers(0, 4, 50)
    often = np.repeat(t, counts, axis=0), np.repeat(y, counts, axis=0)
    for how in ("mean", "sum"):
        once = loss(t, y, sample_weight=counts, reduction=how)
        assert close(once, loss(*often, reduction=how), 1e-15)
        # A repeated prediction moves all of its copies, so that their slopes add up.
        starts = np.flatnonzero(counts)
        slopes = loss.gradient(t, y, sample_weight=counts, reduction=how)
        single = loss.gradient(*often, reduction=how)
        places = np.cumsum(counts) - 1
        column = (-1, *[1] * (y.ndim - 1))
        expected = single[places[starts]] * counts[starts].reshape(column)
        np.testing.assert_allclose(slopes[starts], expected, rtol=1e-15, atol=1e-300)
        assert not slopes[counts == 0].any()


@every_loss
def test_the_scale_of_the_weights_does_not_matter_to_the_mean(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("scale"), 50)
    value, slopes = loss(t, y), loss.gradient(t, y)
    for scale in (5e-324, 1e-300, 0.1, 1e300):
        w = np.full(50, scale)
        assert close(loss(t, y, sample_weight=w), value, 1e-15), scale
        np.testing.assert_allclose(loss.gradient(t, y, sample_weight=w), slopes, rtol=1e-15)


@every_loss
def test_equal_weights_of_one_change_no_sample(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("ones"), 50)
    for ask in (loss, loss.gradient):
        for how in ("sum", "none"):
            weighted = ask(t, y, sample_weight=np.ones(50, np.uint8), reduction=how)
            np.testing.assert_allclose(weighted, ask(t, y, reduction=how), rtol=1e-15)


@every_loss
def test_weights_multiply_the_losses_and_slopes_of_their_samples(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("product"), 50)
    w = generator("weights").random(50)
    for ask in (loss, loss.gradient):
        plain = ask(t, y, reduction="none")
        column = w.reshape(-1, *[1] * (plain.ndim - 1))
        weighted = ask(t, y, sample_weight=w, reduction="none")
        np.testing.assert_allclose(weighted, plain * column, rtol=3e-16)
    total = math.fsum(w * loss(t, y, reduction="none"))
    assert close(loss(t, y, sample_weight=w), total / math.fsum(w), 1e-15)


def test_a_weight_and_the_division_by_their_sum_are_three_more_roundings() -> None:
    rng = generator("weighted slopes")
    size = 3001
    t, z, w = rng.integers(0, 2, size), rng.uniform(-5, 5, size), rng.random(size)
    total = sum(map(Fraction, w.tolist()))
    true = [
        reference.binary_from_logits_slope(*pair) * weight * total.denominator / total.numerator
        for *pair, weight in zip(t.tolist(), z.tolist(), w.tolist(), strict=True)
    ]
    slopes = bce.from_logits.gradient(t, z, sample_weight=w).tolist()
    off = np.max([float(abs(slope / x - 1)) for slope, x in zip(slopes, true, strict=True)])
    # Of the slope 2.06, of the product 1, of the sum of the weights 1, of the division 1.
    assert off * 2**53 < 5.06 + 2 * reference.slack()


def test_the_weight_0_hides_an_infinite_loss() -> None:
    t, p, w = [1, 1], [0.0, 0.5], [0, 2]
    assert bce(t, p, sample_weight=w) == math.log(2)
    assert bce(t, p, sample_weight=w, reduction="sum") == 2 * math.log(2)
    assert bce(t, p, sample_weight=w, reduction="none").tolist() == [0.0, 2 * math.log(2)]
    assert bce.gradient(t, p, sample_weight=w).tolist() == [0.0, -2.0]
    assert bce.from_logits(t, [-INF, 0.0], sample_weight=w) == math.log(2)
    rows = [[0.0, 1.0], [0.5, 0.5]]
    assert CATEGORICAL[0]([[1, 0], [1, 0]], rows, sample_weight=w) == math.log(2)
    assert SPARSE[0]([0, 0], rows, sample_weight=w) == math.log(2)
    assert SPARSE[0].gradient([0, 0], rows, sample_weight=w).tolist() == [[0, 0], [-2, 0]]


@pytest.mark.parametrize("weights", [[1.0, 1.0], [1e-300, 1e300], [1e300, 1e-300]])
def test_an_infinite_loss_stays_infinite_beside_any_weights(weights: list[float]) -> None:
    rows = [[1.0, 0.0], [0.5, 0.5]]
    for loss, t, y in (
        (bce, [1, 0], [0.0, 0.5]),
        (bce, [0, 0], [1.0, 0.5]),
        (bce.from_logits, [0, 0], [INF, 0.0]),
        (CATEGORICAL[0], [[0, 1], [0, 1]], rows),
        (CATEGORICAL[1], [[0, 1], [0, 1]], [[INF, 0.0], [0.0, 0.0]]),
        (SPARSE[0], [1, 1], rows),
        (SPARSE[1], [1, 1], [[INF, 0.0], [0.0, 0.0]]),
    ):
        assert loss(t, y, sample_weight=weights) == INF
        assert loss(t, y, sample_weight=weights, reduction="sum") == INF
        losses = loss(t, y, sample_weight=weights, reduction="none")
        assert losses.tolist() == [INF, weights[1] * math.log(2)]


def test_a_row_may_hold_more_classes_than_a_block() -> None:
    classes = BLOCK + 2
    z, labels = np.zeros((3, classes)), np.array([0, 5, classes - 1])
    for loss, t in ((SPARSE[1], labels), (CATEGORICAL[1], lb.one_hot(labels, classes))):
        assert close(loss(t, z), math.log(classes))
        assert close(loss(t, z, reduction="none"), np.full(3, math.log(classes)))
        slopes = loss.gradient(t, z, reduction="sum")
        assert close(slopes[1, 5], np.float64(1 / classes - 1))
        assert close(slopes[2, 5], np.float64(1 / classes))


def test_the_weight_0_does_not_hide_bad_input() -> None:
    with pytest.raises(ValueError, match=r"y_pred holds nan at index \(0,\)"):
        mse([1.0, 2.0], [np.nan, 2.0], sample_weight=[0, 1])


# --- memory ---


def peak(ask: Any, *arguments: Any) -> int:
    ask(*arguments)
    tracemalloc.start()
    try:
        ask(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@every_loss
def test_memory_beyond_the_inputs_does_not_grow_with_them(loss: lb.Loss) -> None:
    small, large = (batch(loss, generator("memory"), n) for n in (3 * BLOCK, 6 * BLOCK))
    most = peak(loss, *large)
    assert most <= peak(loss, *small) + 10_000
    assert most < 40 * 8 * BLOCK
    # A gradient is one array like the predictions, and temporaries for one block.
    beyond = [peak(loss.gradient, *b) - b[1].nbytes for b in (small, large)]
    assert beyond[1] <= beyond[0] + 10_000


@pytest.mark.parametrize("loss", [mse, bce], ids=lambda loss: loss.name)
def test_samples_that_do_not_lie_side_by_side_are_not_copied_at_once(loss: lb.Loss) -> None:
    used = []
    for size in (4 * BLOCK, 16 * BLOCK):
        values = np.full((4, size // 4 + 1), 0.5)[:, 1:]
        assert not values.flags.c_contiguous
        used.append(peak(loss, values, values))
    assert used[1] <= used[0] + 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on address space is Linux's")
def test_a_file_larger_than_the_memory_gives_the_exact_answer(tmp_path: Path) -> None:
    # 96 MB of labels and of predictions each, mapped before the limit leaves 64 MB for the rest.
    rows = 12_000_000
    for name, value in (("t", 0.0), ("y", 1.5)):
        file = np.lib.format.open_memmap(tmp_path / name, "w+", np.float64, (rows,))
        file[:] = value
        file[rows // 2] = 2.5
        file.flush()
    code = f"""
import resource, numpy as np, lossbook as lb
t, y = (np.load({str(tmp_path)!r} + "/" + name, mmap_mode="r") for name in "ty")
lb.mean_squared_error(t[:100_000], y[:100_000])
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + 64_000_000,) * 2)
try:
    np.empty({rows})
    print("no limit")
except MemoryError:
    print(lb.mean_squared_error(t, y, reduction="sum"))
    print(lb.mean_absolute_error(t, y, reduction="sum"))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.split() == [str(2.25 * (rows - 1)), str(1.5 * (rows - 1))], run.stderr


@pytest.mark.parametrize("method", ["per_sample", "derivative"])
def test_a_loss_without_one_of_its_two_methods_cannot_be_made(method: str) -> None:
    methods = {name: getattr(type(mse), name) for name in ("per_sample", "derivative")}
    methods["name"] = "whole"
    assert type("Whole", (lb.Loss,), dict(methods))()
    del methods[method]
    with pytest.raises(TypeError, match=method):
        type("Incomplete", (lb.Loss,), methods)()


class Asymmetric(lb.Loss):
    """Too low costs `factor` times as much as too high."""

    name = "asymmetric"
    y_true = y_pred = mae.y_true
    parameters = ("factor",)
    factor: float = 3.0

    @property
    def properties(self) -> Properties:
        return replace(mae.properties, lipschitz=max(self.factor, 1.0))

    def check_parameters(self) -> None:
        if not self.factor > 0.0:
            raise ValueError(f"factor is {self.factor!r}; expected a number greater than 0")

    def per_sample(self, t: Any, y: Any) -> Any:
        return np.maximum(y - t, self.factor * (t - y))

    def derivative(self, t: Any, y: Any) -> Any:
        return np.where(y < t, -self.factor, np.where(y > t, 1.0, 0.0))


def test_a_loss_may_have_parameters_which_its_properties_know() -> None:
    loss = Asymmetric()
    assert loss([0.0, 0.0], [-1.0, 2.0]) == 2.5
    assert loss([0.0, 0.0], [-1.0, 2.0], factor=5.0) == 3.5
    assert loss.gradient([0.0, 0.0], [-1.0, 2.0], factor=5.0).tolist() == [-2.5, 0.5]
    other = loss.with_parameters(factor=5.0)
    assert other([0.0, 0.0], [-1.0, 2.0], reduction="none").tolist() == [5.0, 2.0]
    assert (loss.properties.lipschitz, other.properties.lipschitz) == (3.0, 5.0)
    assert repr(loss) == "<lossbook loss asymmetric>"
    assert repr(other) == "<lossbook loss asymmetric(factor=5.0)>"
    again = pickle.loads(pickle.dumps(other))
    assert (type(again), again.factor) == (Asymmetric, 5.0)


def test_a_threshold_is_given_in_the_unit_of_the_labels_when_a_huge_loss_is_scaled() -> None:
    # Every error is beyond the largest float64, and the mean of the losses is not.
    t, y = [-1.7e308] * 4, [1.7e308] * 4
    for delta in (1e-300, 1e-170, 1e-10, 0.5):
        true = reference.huber(t[0], y[0], delta)
        assert reference.off([lb.huber(t, y, delta=delta)], [true]) <= 1e-15
    assert lb.huber([0.0] * 4, [1.7e308, 0, 0, 0]) == 1.7e308 / 4
    assert lb.log_cosh([-1.7e308, 0.0], [1.7e308, 0.0]) == 1.7e308
    assert lb.pinball([-1.7e308, 0.0], [1.7e308, 0.0], quantile=0.25) == 1.7e308 * 0.75
    # An infinite threshold leaves the square, whose difference overflows on its way, too.
    for y in ([1.4e154] * 4, [1e200, 0.0, 0.0, 0.0]):
        mean = reference.squared_error(0.0, y[0]) / 2 / (4 if y[1] == 0.0 else 1)
        assert reference.off([lb.huber([0.0] * 4, y, delta=math.inf)], [mean]) <= 1e-15
    assert lb.huber([-1.7e308], [1.7e308], delta=INF) == INF
    assert lb.huber([0.0], [1e200], delta=INF, sample_weight=[1e-300], reduction="sum") == (
        mse([0.0], [1e200], sample_weight=[1e-300], reduction="sum") / 2
    )
    slopes = lb.huber.gradient([-1.7e308, 0.0], [1.7e308, 1.0], delta=INF)
    assert slopes.tolist() == [1.7e308, 0.5]


def test_what_overflows_in_a_hinge_on_its_way_to_a_mean_does_not_count() -> None:
    huge = 1.7e308
    assert lb.hinge([-1] * 4, [huge] * 4) == huge
    # The first loss is 3.4e308; its rival leads by as much.
    rows, labels = [[-huge, huge], [9.0, 0.0]], [[1, 0], [1, 0]]
    assert lb.categorical_hinge(labels, rows) == huge
    assert lb.categorical_hinge(labels, rows, reduction="none").tolist() == [INF, 0.0]
    for z in (1.4e154, *10.0 ** generator("huge").uniform(154.2, 308.2, 40)):
        weights = [2.0**-1000, 1.0]
        mean = lb.squared_hinge([-1, 1], [z, 1.0], sample_weight=weights, reduction="sum")
        true = Fraction(1 + z) ** 2 / 2**1000
        assert abs(Fraction(mean) / true - 1) < 1e-15 if true < 1e308 else mean == INF
    assert lb.squared_hinge([-1] + [1] * 3, [1.4e154] + [1.0] * 3) == pytest.approx(
        1.4e154 * (1.4e154 / 4)
    )
    assert lb.squared_hinge([-1.0], [INF]) == INF
    assert lb.squared_hinge([1.0], [INF]) == 0.0
    assert lb.squared_hinge.gradient([-1, 1], [huge, 0.5]).tolist() == [huge, -0.5]


def test_a_parameter_that_has_no_meaning_is_an_error() -> None:
    loss = Asymmetric()
    with pytest.raises(ValueError, match=r"factor is -1.0; expected a number greater than 0"):
        loss([0.0], [1.0], factor=-1.0)
    for call in (loss, loss.gradient, loss.with_parameters):
        arguments = () if call == loss.with_parameters else ([0.0], [1.0])
        with pytest.raises(TypeError, match=r"asymmetric\(\) has no argument 'delta'; .*factor"):
            call(*arguments, delta=1.0)
    with pytest.raises(TypeError, match="has no argument 'weights'"):
        mse([0.0], [1.0], weights=[1.0])


def test_a_reduction_that_is_no_text_is_an_error() -> None:
    for reduction in (None, np.array([1, 2]), ["mean"], 1):
        for ask in (mse, mse.gradient):
            with pytest.raises(ValueError, match=r"reduction is .*; expected"):
                ask([0.0], [1.0], reduction=reduction)


def test_a_loss_shows_its_name() -> None:
    assert repr(bce.from_logits) == "<lossbook loss binary_crossentropy.from_logits>"
    assert all(getattr(lb, loss.name) is loss for loss in lb.LOSSES)


def test_the_shortest_sum_is_the_exact_one() -> None:
    rng = generator("inner")
    for size in (1, 255, 256, 257, 1000):
        d = rng.integers(-1000, 1000, size).astype(float)
        assert mse(np.zeros(size), d, reduction="sum") == sum(int(x) ** 2 for x in d)
    assert worst(np.array([mae([0.0], [0.1])]), [0.1]) == 0.0
