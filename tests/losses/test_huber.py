"""Huber loss."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.huber
#: From where every error is beyond the threshold to where none is.
DELTAS = [1e-300, 1e-3, 0.3, 1.0, 1e150, 1.7e308, math.inf]


def test_a_hand_calculation() -> None:
    # errors -1, 0, 2, -3: half a square, and lines from 1 on
    t, y = [3.0, 5.0, 2.0, 7.0], [2.0, 5.0, 4.0, 4.0]
    assert loss(t, y, reduction="none").tolist() == [0.5, 0.0, 1.5, 2.5]
    assert loss(t, y) == 1.125
    assert loss(t, y, delta=2.0, reduction="none").tolist() == [0.5, 0.0, 2.0, 4.0]
    assert loss.gradient(t, y).tolist() == [-0.25, 0.0, 0.25, -0.25]
    assert loss.gradient(t, y, delta=2.0, reduction="sum").tolist() == [-1.0, 0.0, 2.0, -2.0]


@pytest.mark.parametrize("delta", DELTAS)
def test_every_sample_is_right_to_fifteen_digits(delta: float) -> None:
    t, y = inputs.numbers(inputs.generator("huber"), 700)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    true = [reference.huber(*pair, delta) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, y, delta=delta, reduction="none"), true)
    true = [reference.huber_slope(*pair, delta) for pair in pairs]
    slopes = loss.gradient(t, y, delta=delta, reduction="none")
    assert reference.worst(slopes, true) <= 0.5


def test_both_formulas_agree_at_the_threshold_and_beside_it() -> None:
    for delta in (0.1, 1.0 / 3.0, 3.0, 1e100):
        d = np.array([np.nextafter(delta, 0.0), delta, np.nextafter(delta, np.inf)])
        true = [reference.huber(0.0, x, delta) for x in d.tolist()]
        reference.assert_fifteen_digits(loss(0 * d, d, delta=delta, reduction="none"), true)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("huber short")
    top = 4 if dtype is np.float16 else 30
    t = (rng.normal(size=2000) * 10.0 ** rng.uniform(-top, top, 2000)).astype(dtype)
    y = np.where(rng.random(2000) < 0.5, t * dtype(1.002), t[::-1]).astype(dtype)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    for delta in (0.1, 1.0, 100.0):
        losses = loss(t, y, delta=delta, reduction="none")
        slopes = loss.gradient(t, y, delta=delta, reduction="none")
        assert losses.dtype == slopes.dtype == dtype
        assert reference.worst(losses, [reference.huber(*p, delta) for p in pairs]) < 1.0
        assert reference.worst(slopes, [reference.huber_slope(*p, delta) for p in pairs]) < 1.0


@pytest.mark.parametrize("delta", [1e-50, 1e-20, 0.1, 1e20, 1e300])
def test_a_mean_of_float32_is_right_with_thresholds_that_float32_does_not_hold(
    delta: float,
) -> None:
    t, y = np.zeros(100, np.float32), np.linspace(0.1, 10.0, 100, dtype=np.float32)
    true = sum(reference.huber(0.0, x, delta) for x in y.tolist()) / 100
    assert abs(reference.mpf(loss(t, y, delta=delta)) / true - 1) < 5e-7
    slopes = loss.gradient(t, y, delta=delta)
    true_slopes = [reference.huber_slope(0.0, x, delta) / 100 for x in y.tolist()]
    assert reference.worst(slopes, true_slopes) <= 1.5


def test_an_infinite_threshold_leaves_half_the_square_and_a_tiny_one_the_absolute_error() -> None:
    t, y = inputs.numbers(inputs.generator("limits"), 300)
    halves = lb.mean_squared_error(t, y, reduction="none") / 2
    finite = np.isfinite(halves)  # half of a square that overflows may not
    np.testing.assert_array_equal(
        loss(t, y, delta=math.inf, reduction="none")[finite], halves[finite]
    )
    t, y = np.zeros(3), np.array([1.0, -7.0, 1e100])
    sizes = loss(t, y, delta=2.0**-900, reduction="none") / 2.0**-900
    np.testing.assert_array_equal(sizes, abs(y))


@pytest.mark.parametrize(
    "delta, error, says",
    [
        (0.0, ValueError, "delta is 0.0; expected a number greater than 0"),
        (-2, ValueError, "delta is -2.0; expected a number greater than 0"),
        (math.nan, ValueError, "delta is nan; expected"),
        ("1", TypeError, "delta is '1'; expected one number"),
        (True, TypeError, "delta is True; expected one number"),
        ([1.0, 2.0], TypeError, r"delta is \[1.0, 2.0\]; expected one number"),
        (None, TypeError, "delta is None; expected one number"),
    ],
)
def test_a_threshold_without_a_meaning_is_refused_with_one_that_has(
    delta: object, error: type[Exception], says: str
) -> None:
    for ask in (loss, loss.gradient):
        with pytest.raises(error, match=says) as caught:
            ask([0.0], [1.0], delta=delta)
    names: dict[str, float] = {}
    exec(str(caught.value).split("`")[1], names)
    assert loss([0.0], [3.0], delta=names["delta"]) == 2.5


def test_any_real_number_is_a_threshold() -> None:
    for delta in (2, np.float32(2), np.int64(2), np.float64(2)):
        assert loss([0.0], [3.0], delta=delta) == 4.0
        assert loss(np.float32([0]), np.float32([3]), delta=delta, reduction="none") == 4.0
        assert repr(loss.with_parameters(delta=delta)) == "<lossbook loss huber(delta=2.0)>"
