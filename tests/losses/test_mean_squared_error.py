"""Mean squared error."""

from __future__ import annotations

import numpy as np

import lossbook as lb
from tests import inputs, reference

loss = lb.mean_squared_error


def test_a_hand_calculation() -> None:
    # errors -1, 0, 2, -3; squares 1, 0, 4, 9
    t, y = [3.0, 5.0, 2.0, 7.0], [2.0, 5.0, 4.0, 4.0]
    assert loss(t, y) == 3.5
    assert loss(t, y, reduction="sum") == 14.0
    assert loss(t, y, reduction="none").tolist() == [1.0, 0.0, 4.0, 9.0]
    assert loss.gradient(t, y).tolist() == [-0.5, 0.0, 1.0, -1.5]
    assert loss.gradient(t, y, reduction="sum").tolist() == [-2.0, 0.0, 4.0, -6.0]


def test_every_sample_is_right_to_fifteen_digits() -> None:
    t, y = inputs.numbers(inputs.generator("mse"), 3000)
    true = [reference.squared_error(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)]
    assert reference.worst(loss(t, y, reduction="none"), true) < 2.0


def test_every_entry_of_the_gradient_is_correctly_rounded() -> None:
    t, y = inputs.numbers(inputs.generator("mse gradient"), 3000)
    true = [
        reference.squared_error_slope(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)
    ]
    assert reference.worst(loss.gradient(t, y, reduction="none"), true) <= 0.5


def test_float32_is_right_within_one_unit_in_the_last_place() -> None:
    rng = inputs.generator("mse 32")
    t = (rng.normal(size=3000) * 10.0 ** rng.uniform(-25, 25, 3000)).astype(np.float32)
    y = np.where(rng.random(3000) < 0.5, t * np.float32(1.0000002), t[::-1]).astype(np.float32)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    losses = loss(t, y, reduction="none")
    slopes = loss.gradient(t, y, reduction="none")
    assert losses.dtype == slopes.dtype == np.float32
    assert reference.worst(losses, [reference.squared_error(*p) for p in pairs]) < 1.0
    assert reference.worst(slopes, [reference.squared_error_slope(*p) for p in pairs]) < 1.0


def test_the_mean_of_ten_million_terms_is_the_exact_mean() -> None:
    # Errors are multiples of 2^-20 below 1, so that every square is exact and their sum an integer
    # times 2^-40.
    k = inputs.generator("ten million").integers(0, 2**20, 10_000_000)
    y = k * 2.0**-20
    total = sum(int(part.astype(object) @ part.astype(object)) for part in np.split(k[:1000], 10))
    rest = k[1000:].astype(np.uint64)
    total += int((rest * rest >> np.uint64(20)).sum()) * 2**20
    total += int((rest * rest & np.uint64(2**20 - 1)).sum())
    true = reference.mpf(total) / 2**40 / k.size
    assert reference.ulps(loss(np.zeros(k.size), y), true) <= 1.0


def test_the_mean_does_not_overflow_while_it_can_be_represented() -> None:
    y = np.zeros(100)
    y[0] = 1.4e154  # its square is 1.96e308
    true = reference.squared_error(0.0, 1.4e154) / 100
    assert reference.ulps(loss(np.zeros(100), y), true) <= 2.0
    assert loss([0.0], [1.4e154]) == np.inf
    # The gradient of the mean of four is 2 * 1.7e308 / 4.
    assert loss.gradient(np.zeros(4), np.full(4, 1.7e308)).tolist() == [1.7e308 / 2] * 4


def test_a_mean_of_squares_that_underflow_in_float32_is_not_zero() -> None:
    t, y = np.zeros(5, np.float32), np.full(5, 1e-30, np.float32)
    true = reference.squared_error(0.0, float(y[0]))
    assert abs(reference.mpf(loss(t, y)) / true - 1) < 1e-7
