"""Mean absolute error."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import lossbook as lb
from tests import inputs, reference

loss = lb.mean_absolute_error


def test_a_hand_calculation() -> None:
    # errors -1, 0, 2, -3
    t, y = [3.0, 5.0, 2.0, 7.0], [2.0, 5.0, 4.0, 4.0]
    assert loss(t, y) == 1.5
    assert loss(t, y, reduction="sum") == 6.0
    assert loss(t, y, reduction="none").tolist() == [1.0, 0.0, 2.0, 3.0]
    assert loss.gradient(t, y).tolist() == [-0.25, 0.0, 0.25, -0.25]


def test_every_sample_is_correctly_rounded() -> None:
    t, y = inputs.numbers(inputs.generator("mae"), 3000)
    true = [reference.absolute_error(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)]
    assert reference.worst(loss(t, y, reduction="none"), true) <= 0.5


def test_long_integers_that_a_float_holds_are_subtracted_with_one_rounding() -> None:
    rng = inputs.generator("mae long")
    t, y = rng.integers(2**32, 2**33, 200), rng.normal(size=200)
    true = [float(abs(Fraction(b) - a)) for a, b in zip(t.tolist(), y.tolist(), strict=True)]
    assert loss(t, y, reduction="none").tolist() == true


def test_the_gradient_is_the_sign_of_the_error_and_zero_at_the_label() -> None:
    t, y = inputs.numbers(inputs.generator("mae gradient"), 3000)
    true = [
        reference.absolute_error_slope(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)
    ]
    assert reference.worst(loss.gradient(t, y, reduction="none"), true) == 0.0


def test_float32_is_correctly_rounded() -> None:
    rng = inputs.generator("mae 32")
    t = (rng.normal(size=3000) * 10.0 ** rng.uniform(-30, 30, 3000)).astype(np.float32)
    y = np.where(rng.random(3000) < 0.5, t * np.float32(1.0000002), t[::-1]).astype(np.float32)
    losses = loss(t, y, reduction="none")
    assert losses.dtype == np.float32
    true = [reference.absolute_error(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)]
    assert reference.worst(losses, true) <= 0.5


def test_the_mean_does_not_overflow_while_it_can_be_represented() -> None:
    assert loss(np.zeros(4), np.full(4, 1.7e308)) == 1.7e308
    # An error that is itself too large, among errors that make the mean small enough.
    assert loss([-1.7e308, 0.0], [1.7e308, 0.0]) == 1.7e308
    assert loss(np.zeros(4), np.full(4, 1.7e308), reduction="sum") == np.inf
