"""Gaussian negative log-likelihood, with a predicted spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.gaussian_negative_log_likelihood


def spread(name: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels, and means with log-variances, half of them about that of the error itself."""
    rng = inputs.generator(name)
    t = rng.normal(size=size) * 10.0 ** rng.uniform(-100, 100, size)
    mean = np.where(rng.random(size) < 0.5, t * (1 + 10.0 ** rng.uniform(-15, 0, size)), t[::-1])
    d = np.where(mean == t, 1.0, abs(mean - t))
    own = 2 * np.log(d) + rng.normal(size=size) * 10.0 ** rng.uniform(-16, 1, size)
    s = np.where(rng.random(size) < 0.5, own, rng.uniform(-700, 700, size))
    return t, np.stack([mean, s], axis=-1)


def test_values_from_the_definition() -> None:
    # An error of 2: variance 1, variance 4, and the constant that is left out.
    assert loss([2.0], [[0.0, 0.0]]) == 2.0
    assert loss([2.0], [[0.0, math.log(4.0)]]) == pytest.approx(0.5 * (math.log(4) + 1), rel=1e-15)
    full = loss([1.0], [[0.0, 0.0]]) + 0.5 * math.log(2 * math.pi)
    assert full == pytest.approx(1.4189385332046727, rel=1e-15)
    assert loss.gradient([2.0], [[0.0, 0.0]]).tolist() == [[-2.0, -1.5]]
    assert loss.gradient([1.0], [[1.0, 3.0]]).tolist() == [[0.0, 0.5]]


def test_every_sample_is_right_to_fifteen_digits_of_its_larger_term() -> None:
    t, y = spread("spread", 2000)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    terms = [reference.gaussian_terms(*pair) for pair in pairs]
    true = [reference.gaussian(*pair) for pair in pairs]
    reference.assert_fifteen_digits(
        loss(t, y, reduction="none"), true, [max(map(abs, pair)) for pair in terms]
    )
    slopes = loss.gradient(t, y, reduction="none")
    true = [reference.gaussian_slope(*pair) for pair in pairs]
    reference.assert_fifteen_digits(slopes[:, 0], [pair[0] for pair in true])
    reference.assert_fifteen_digits(
        slopes[:, 1], [pair[1] for pair in true], [max(pair[1], 0.5) for pair in terms]
    )


def test_an_error_of_nothing_costs_the_spread_alone() -> None:
    for s in (-1500.0, -1e300, 0.0, 1500.0):
        assert loss([3.0], [[3.0, s]]) == s / 2
        assert loss.gradient([3.0], [[3.0, s]]).tolist() == [[0.0, 0.5]]
    assert loss([0.0], [[1e-300, -1500.0]]) == math.inf
    assert loss([0.0] * 4, [[0.0, -1.7e308]] * 4) == -0.85e308
    assert loss([0.0] * 4, [[0.0, -1.7e308]] * 4, reduction="sum") == -math.inf


def test_a_loss_whose_square_alone_would_overflow_is_finite() -> None:
    half = 0.5 * 1.5e154 * 1.5e154
    assert loss([0.0], [[1.5e154, 0.0]]) == pytest.approx(half, rel=1e-15)
    assert loss.gradient([0.0], [[1.5e154, 0.0]]).tolist() == [[1.5e154, -half]]


def test_what_is_beyond_float64_has_the_right_sign_and_a_mean_if_it_cancels() -> None:
    slopes = loss.gradient([0.0], [[1e160, 0.3]]).tolist()
    assert slopes == [[pytest.approx(1e160 * math.exp(-0.3), rel=1e-15), -math.inf]]
    assert loss.gradient([1e5], [[0.3, -700.0]]).tolist() == [[-math.inf, -math.inf]]
    y = [[0.0, 1.7e308]] * 3 + [[0.0, -1.7e308]] * 3
    for weights in (None, [1.0] * 6, [1e-300] * 6, [1e300] * 6):
        assert loss([0.0] * 6, y, sample_weight=weights) == 0.0
        assert loss([0.0] * 6, y, sample_weight=weights, reduction="sum") == 0.0


def test_a_tiny_variance_keeps_its_digits() -> None:
    # PyTorch takes a variance below 1e-6 for 1e-6: every digit of this is wrong there.
    true = reference.gaussian(1.0, [0.0, math.log(1e-8)])
    reference.assert_fifteen_digits([loss([1.0], [[0.0, math.log(1e-8)]])], [true])


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("spread short")
    t, y = rng.normal(size=500).astype(dtype), rng.normal(size=(500, 2)).astype(dtype)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    losses, slopes = loss(t, y, reduction="none"), loss.gradient(t, y, reduction="none")
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.gaussian(*pair) for pair in pairs]) < 1.0
    true = [x for pair in pairs for x in reference.gaussian_slope(*pair)]
    assert reference.worst(slopes, true) < 1.0


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("place", [0, 1])
def test_a_mean_or_a_spread_that_is_not_finite_is_refused(value: float, place: int) -> None:
    y = np.zeros((3, 2))
    y[2, place] = value
    for ask in (loss, loss.gradient):
        for how in ("mean", "sum", "none"):
            with pytest.raises(ValueError, match=rf"y_pred holds {value} at index \(2, {place}\)"):
                ask([0.0, 0.0, 0.0], y, reduction=how)


@pytest.mark.parametrize("shape", [(3,), (3, 3), (2, 2), (3, 1), ()])
def test_anything_but_a_pair_for_each_label_is_refused(shape: tuple[int, ...]) -> None:
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match="y_pred has shape"):
            ask(np.zeros(3), np.zeros(shape))
    with pytest.raises(ValueError, match=r"y_true has shape \(3, 2\)"):
        loss(np.zeros((3, 2)), np.zeros((3, 2)))


def test_more_axes_are_more_labels() -> None:
    t, y = spread("axes", 24)
    losses = loss(t, y, reduction="none")
    deep = loss(t.reshape(2, 3, 4), y.reshape(2, 3, 4, 2), reduction="none")
    np.testing.assert_array_equal(deep.ravel(), losses)
    assert loss.gradient(t.reshape(2, 12), y.reshape(2, 12, 2)).shape == (2, 12, 2)
