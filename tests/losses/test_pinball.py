"""Pinball loss."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.pinball
QUANTILES = [1e-300, 1e-17, 0.1, 0.5, 0.75, 1 - 2.0**-53]


def test_a_hand_calculation() -> None:
    # errors t - y: 1, 0, -2, 3; too low costs 3/4 for each unit, too high 1/4
    t, y = [3.0, 5.0, 2.0, 7.0], [2.0, 5.0, 4.0, 4.0]
    assert loss(t, y, quantile=0.75, reduction="none").tolist() == [0.75, 0.0, 0.5, 2.25]
    assert loss(t, y, quantile=0.75) == 0.875
    slopes = loss.gradient(t, y, quantile=0.75, reduction="sum")
    assert slopes.tolist() == [-0.75, 0.0, 0.25, -0.75]


def test_the_median_has_half_the_absolute_error() -> None:
    t, y = inputs.numbers(inputs.generator("half"), 300)
    halves = lb.mean_absolute_error(t, y, reduction="none") / 2
    finite = np.isfinite(halves)  # half of a difference that overflows may not
    np.testing.assert_array_equal(loss(t, y, reduction="none")[finite], halves[finite])
    assert loss([-1.7e308], [1.7e308]) == 1.7e308


@pytest.mark.parametrize("quantile", QUANTILES)
def test_every_sample_is_right_to_fifteen_digits(quantile: float) -> None:
    t, y = inputs.numbers(inputs.generator("pinball"), 700)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    true = [reference.pinball(*pair, quantile) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, y, quantile=quantile, reduction="none"), true)
    true = [reference.pinball_slope(*pair, quantile) for pair in pairs]
    slopes = loss.gradient(t, y, quantile=quantile, reduction="none")
    assert reference.worst(slopes, true) <= 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("pinball short")
    t = (rng.normal(size=2000) * 10.0 ** rng.uniform(-3, 3, 2000)).astype(dtype)
    y = np.where(rng.random(2000) < 0.5, t * dtype(1.002), t[::-1]).astype(dtype)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    for q in (0.1, 0.5, 0.9):
        losses = loss(t, y, quantile=q, reduction="none")
        slopes = loss.gradient(t, y, quantile=q, reduction="none")
        assert losses.dtype == slopes.dtype == dtype
        assert reference.worst(losses, [reference.pinball(*p, q) for p in pairs]) < 1.0
        assert reference.worst(slopes, [reference.pinball_slope(*p, q) for p in pairs]) < 1.0


def test_the_share_of_labels_below_the_best_constant_is_the_quantile() -> None:
    t = inputs.generator("labels").lognormal(size=1000)
    constants = np.sort(t)
    for q in (0.1, 0.5, 0.9):
        costs = [loss(t, np.full(1000, c), quantile=q) for c in constants]
        assert abs((t < constants[np.argmin(costs)]).mean() - q) < 0.0015


@pytest.mark.parametrize(
    "quantile, error, meant",
    [
        (0.0, ValueError, 0.5),
        (1.0, ValueError, 0.5),
        (-0.1, ValueError, 0.5),
        (float("nan"), ValueError, 0.5),
        (90, ValueError, 0.9),
        (1.5, ValueError, 0.015),
        (99.5, ValueError, 0.995),
        (100, ValueError, 0.5),
        (100.5, ValueError, 0.5),
        ("0.9", TypeError, None),
        (None, TypeError, None),
        ([0.1, 0.9], TypeError, None),
    ],
)
def test_a_quantile_beyond_0_and_1_is_refused_with_one_that_is_not(
    quantile: object, error: type[Exception], meant: float | None
) -> None:
    for ask in (loss, loss.gradient):
        with pytest.raises(error, match=r"quantile is .*; expected") as caught:
            ask([1.0], [0.0], quantile=quantile)
    assert "between 0 and 1" in str(caught.value)
    if meant is not None:
        names: dict[str, float] = {}
        exec(str(caught.value).split("`")[1], names)
        assert loss([1.0], [0.0], quantile=names["quantile"]) == meant
