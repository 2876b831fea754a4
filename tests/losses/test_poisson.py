"""Poisson loss, of logarithms of rates."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.poisson


def counted(name: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return counts up to 1e15, and log rates of which many are close to their logarithm."""
    rng = inputs.generator(name)
    t = np.floor(10.0 ** rng.uniform(-1, 15, size))
    near = np.log(np.maximum(t, 1)) * (1 + 10.0 ** rng.uniform(-16, 0, size))
    s = np.where(rng.random(size) < 0.5, near, rng.normal(size=size) * 10.0 ** rng.uniform(-9, 2.5))
    edges = [0.0, 5e-324, 709.7, -745.0, -1e308, 1e-300]
    return np.append(t, [0, 1, 3, 0, 0, 7]), np.append(s, edges)


def test_values_from_the_definition() -> None:
    assert loss([5], [2.0]) == pytest.approx(math.exp(2) - 10, rel=1e-15)
    assert loss([0, 1, 2], [0.0, 0.0, 0.0], reduction="none").tolist() == [1.0, 1.0, 1.0]
    assert loss.gradient([0, 1, 2], [0.0, 0.0, 0.0], reduction="sum").tolist() == [1.0, 0.0, -1.0]


def test_every_sample_is_right_to_fifteen_digits_of_its_larger_term() -> None:
    t, s = counted("poisson", 2000)
    pairs = list(zip(t.tolist(), s.tolist(), strict=True))
    terms = [max(map(abs, reference.poisson_terms(*pair))) for pair in pairs]
    true = [reference.poisson(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, s, reduction="none"), true, terms)
    terms = [max(reference.poisson_terms(*pair)[0], pair[0]) for pair in pairs]
    true = [reference.poisson_slope(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss.gradient(t, s, reduction="none"), true, terms)


def test_a_mean_of_float32_is_calculated_in_float64() -> None:
    rng = inputs.generator("poisson short")
    t, s = rng.poisson(3.0, 1000).astype(np.float32), rng.normal(size=1000).astype(np.float32)
    assert loss(t, s) == loss(t.astype(float), s.astype(float))
    # Beyond the largest float32, a rate is none to float64.
    assert loss(np.float32([1]), np.float32([100])) == pytest.approx(math.exp(100), rel=1e-15)
    assert loss.gradient(t, s).dtype == np.float32


def test_losses_of_both_signs_have_their_mean_and_sum() -> None:
    t, s = counted("poisson sums", 300)
    s = np.minimum(s, 50.0)
    for weights in (None, np.arange(1.0, t.size + 1), np.full(t.size, 1e280)):
        losses = loss(t, s, sample_weight=weights, reduction="none")
        assert losses.min() < 0.0 < losses.max()
        total = math.fsum(losses)
        sizes = math.fsum(abs(losses))
        found = loss(t, s, sample_weight=weights, reduction="sum")
        assert abs(found - total) <= 1e-14 * sizes
    assert loss([1e300] * 4, [1.0] * 4) == pytest.approx(-1e300)


def test_the_log_factorial_is_the_constant_that_is_left_out() -> None:
    full = loss([5], [2.0]) + math.lgamma(6)
    assert full == pytest.approx(2.1765478417126962, rel=1e-14)


def test_a_rate_beyond_float64_costs_infinitely_much() -> None:
    t, z = [2.0, 1.0], [0.0, 1000.0]
    assert loss(t, z) == loss(t, z, reduction="sum") == math.inf
    assert loss.gradient(t, z).tolist() == [-0.5, math.inf]


@pytest.mark.parametrize("count", [-1.0, 0.5, math.nan, math.inf, 1 + 2.0**-52])
def test_what_is_no_count_is_refused(count: float) -> None:
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match=r"at index \(1,\); expected counts: whole numbers"):
            ask([1.0, count], [0.0, 0.0])


def test_an_exposure_is_added_to_the_log_rate() -> None:
    rng = inputs.generator("exposure")
    spans, t = rng.uniform(0.1, 10, 50), rng.poisson(5.0, 50)
    best = math.log(t.sum() / spans.sum())
    slopes = loss.gradient(t, best + np.log(spans), reduction="sum")
    assert abs(slopes.sum()) < 1e-12
