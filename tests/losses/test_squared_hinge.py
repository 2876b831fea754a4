"""Squared hinge loss."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference
from tests.losses.test_hinge import margins

loss = lb.squared_hinge


def test_a_hand_calculation() -> None:
    t, z = [1, 1, -1, -1], [2.0, 0.25, 3.0, -1.0]
    assert loss(t, z, reduction="none").tolist() == [0.0, 0.5625, 16.0, 0.0]
    assert loss(t, z) == 4.140625
    assert loss.gradient(t, z, reduction="sum").tolist() == [0.0, -1.5, 8.0, 0.0]


def test_every_sample_is_right_to_fifteen_digits() -> None:
    t, z = margins("squared hinge", 2000)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    true = [reference.squared_hinge(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, z, reduction="none"), true)
    true = [reference.squared_hinge_slope(*pair) for pair in pairs]
    assert reference.worst(loss.gradient(t, z, reduction="none"), true) <= 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    t, z = margins("squared hinge short", 1000, dtype)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses, slopes = loss(t, z, reduction="none"), loss.gradient(t, z, reduction="none")
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.squared_hinge(*pair) for pair in pairs]) < 1.0
    assert reference.worst(slopes, [reference.squared_hinge_slope(*pair) for pair in pairs]) < 1.0


def test_the_best_constant_tells_the_share_of_the_labels() -> None:
    t = inputs.generator("shares").choice([-1.0, 1.0], 1000, p=[0.3, 0.7])
    best = 2 * (t == 1).mean() - 1
    assert abs(loss.gradient(t, np.full(1000, best)).sum()) < 1e-15
