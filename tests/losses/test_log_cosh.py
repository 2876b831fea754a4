"""Log-cosh loss."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.log_cosh


def test_values_from_sixty_digits() -> None:
    assert loss([0.0], [1.0]) == pytest.approx(0.43378083048302719, rel=1e-15)
    assert loss([0.0], [-1000.0]) == pytest.approx(999.30685281944005, rel=1e-15)
    assert loss([0.0], [1e-8]) == pytest.approx(5e-17, rel=1e-15)
    assert loss([0.0], [0.0]) == 0.0


def test_every_sample_is_right_to_fifteen_digits() -> None:
    t, y = inputs.numbers(inputs.generator("log cosh"), 1000)
    d = inputs.generator("errors").normal(size=2000) * 10.0 ** np.linspace(-20, 4, 2000)
    t, y = np.concatenate([t, 0 * d]), np.concatenate([y, d])
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    true = [reference.log_cosh(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, y, reduction="none"), true)
    true = [reference.log_cosh_slope(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss.gradient(t, y, reduction="none"), true)


def test_it_is_right_where_the_two_pieces_of_its_code_meet() -> None:
    d = np.array([np.nextafter(20.0, 0.0), 20.0, np.nextafter(20.0, 21.0), 19.0, 21.0])
    true = [reference.log_cosh(0.0, x) for x in d.tolist()]
    reference.assert_fifteen_digits(loss(0 * d, d, reduction="none"), true)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("log cosh short")
    y = (rng.normal(size=2000) * 10.0 ** rng.uniform(-4, 4, 2000)).astype(dtype)
    t = np.zeros_like(y)
    losses, slopes = loss(t, y, reduction="none"), loss.gradient(t, y, reduction="none")
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.log_cosh(0.0, x) for x in y.tolist()]) < 1.0
    assert reference.worst(slopes, [reference.log_cosh_slope(0.0, x) for x in y.tolist()]) < 1.0


@pytest.mark.parametrize("size", [1e-12, 1e-4, 1.0, 88.0, 1e30])
def test_a_mean_of_float32_has_its_digits(size: float) -> None:
    y = (np.linspace(0.5, 1.0, 100) * size).astype(np.float32)
    true = sum(reference.log_cosh(0.0, x) for x in y.tolist()) / 100
    assert abs(reference.mpf(loss(np.zeros_like(y), y)) / true - 1) < 5e-7


def test_a_huge_error_costs_its_size() -> None:
    assert loss([0.0, 0.0], [1.7e308, -1.7e308]) == 1.7e308
    assert loss.gradient([0.0], [-1.7e308]).tolist() == [-1.0]
