"""Binary cross-entropy, from probabilities and from logits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.binary_crossentropy
logits_loss = lb.binary_crossentropy.from_logits
INF = float("inf")


def test_the_article_s_two_examples() -> None:
    assert loss([1], [1.0]) == 0.0
    assert loss([1], [0.0]) == INF


def test_the_other_class_mirrors_them() -> None:
    assert loss([0], [0.0]) == 0.0
    assert loss([0], [1.0]) == INF


def test_a_coin_costs_the_logarithm_of_two() -> None:
    assert loss([1, 0], [0.5, 0.5]) == pytest.approx(np.log(2), abs=0)
    assert logits_loss([1, 0], [0.0, 0.0]) == pytest.approx(np.log(2), abs=0)


def test_a_soft_label_s_floor_is_its_entropy() -> None:
    entropy = -(0.3 * np.log(0.3) + 0.7 * np.log(0.7))
    assert loss([0.3], [0.3]) == pytest.approx(entropy, rel=1e-15)
    assert loss([0.3], [0.31]) > loss([0.3], [0.3]) < loss([0.3], [0.29])


def test_every_sample_is_right_to_fifteen_digits() -> None:
    t, y = inputs.pairs_of_probabilities(inputs.generator("bce"))
    assert t.size >= 3000
    true = [reference.binary(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)]
    reference.assert_fifteen_digits(loss(t, y, reduction="none"), true)


def test_every_entry_of_the_gradient_is_right_to_fifteen_digits() -> None:
    t, y = inputs.pairs_of_probabilities(inputs.generator("bce gradient"))
    true = [reference.binary_slope(*pair) for pair in zip(t.tolist(), y.tolist(), strict=True)]
    reference.assert_fifteen_digits(loss.gradient(t, y, reduction="none"), true)


def test_every_sample_of_logits_is_right_to_fifteen_digits() -> None:
    t, z = inputs.pairs_of_logits(inputs.generator("bce logits"))
    assert t.size >= 3000
    true = [
        reference.binary_from_logits(*pair) for pair in zip(t.tolist(), z.tolist(), strict=True)
    ]
    reference.assert_fifteen_digits(logits_loss(t, z, reduction="none"), true)


def test_the_gradient_of_logits_is_as_exact_as_its_condition_allows() -> None:
    t, z = inputs.pairs_of_logits(inputs.generator("bce logits gradient"))
    slopes = logits_loss.gradient(t, z, reduction="none")
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    true = [reference.binary_from_logits_slope(*pair) for pair in pairs]
    hard = (t == 0.0) | (t == 1.0)
    # A hard label leaves one term, and nothing cancels.
    reference.assert_fifteen_digits(slopes[hard], [x for x, h in zip(true, hard, strict=True) if h])
    # A soft label is the difference of two positive terms, (1 - t) s and t (1 - s).
    larger = [
        max((1 - reference.mpf(a)) * reference.sigmoid(b), reference.mpf(a) * reference.sigmoid(-b))
        for a, b in pairs
    ]
    reference.assert_fifteen_digits(slopes, true, larger)


def test_the_gradient_of_a_mean_over_hard_labels_has_fifteen_digits_too() -> None:
    # The division by the number of samples is one more rounding, of another mantissa.
    rng = inputs.generator("bce logits mean")
    z = np.concatenate([rng.uniform(-5, 5, 4000), rng.uniform(-40, 40, 1001)])
    t = rng.integers(0, 2, z.size)
    true = [
        reference.binary_from_logits_slope(*pair) / z.size
        for pair in zip(t.tolist(), z.tolist(), strict=True)
    ]
    reference.assert_fifteen_digits(logits_loss.gradient(t, z), true)


def assert_right_in_short_floats(
    function: lb.Loss, t: np.ndarray, x: np.ndarray, value: Callable, slope: Callable
) -> None:
    pairs = list(zip(t.tolist(), x.tolist(), strict=True))
    losses = function(t, x, reduction="none")
    slopes = function.gradient(t, x, reduction="none")
    assert losses.dtype == slopes.dtype == t.dtype
    assert reference.worst(losses, [value(*p) for p in pairs]) < 1.0
    assert reference.worst(slopes, [slope(*p) for p in pairs]) < 1.0


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    t, y = (a.astype(dtype) for a in inputs.pairs_of_probabilities(inputs.generator("bce short")))
    assert t.dtype == y.dtype == dtype
    assert_right_in_short_floats(loss, t, y, reference.binary, reference.binary_slope)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_of_logits_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("bce logits short")
    sizes = 10.0 ** rng.uniform(-4, 4 if dtype is np.float16 else 38, 3000)
    z = (sizes * rng.choice([-1.0, 1.0], sizes.size)).astype(dtype)
    # Where the slopes of float32, and those of float64, underflow.
    z = np.concatenate([z, np.arange(-110, 111).astype(dtype), dtype([-750, 750, -710, 710])])
    hard = rng.integers(0, 2, z.size).astype(dtype)
    soft = np.where(rng.random(z.size) < 0.5, hard, rng.random(z.size)).astype(dtype)
    for t in (hard, soft):
        assert t.dtype == z.dtype == dtype
        assert_right_in_short_floats(
            logits_loss, t, z, reference.binary_from_logits, reference.binary_from_logits_slope
        )


def test_one_soft_label_among_hard_ones_is_seen() -> None:
    # A tiny one most of all: 1 - t is 1 again.
    for label in (1e-45, 1e-6, 0.5, 1.0 - 2.0**-24):
        t, z = np.float32([0.0, 1.0, label]), np.float32([0.0, 0.0, -110.0])
        assert_right_in_short_floats(
            logits_loss, t, z, reference.binary_from_logits, reference.binary_from_logits_slope
        )


def test_infinite_logits_mean_certainty() -> None:
    losses = logits_loss([1, 0, 1, 0, 0.5], [INF, -INF, -INF, INF, INF], reduction="none")
    assert losses.tolist() == [0.0, 0.0, INF, INF, INF]
    slopes = logits_loss.gradient([1, 0, 1, 0, 0.5], [INF, -INF, -INF, INF, INF], reduction="sum")
    assert slopes.tolist() == [0.0, 0.0, -1.0, 1.0, 0.5]


def test_the_gradient_of_logits_stays_minus_one_when_confidently_wrong() -> None:
    assert logits_loss.gradient([1], [-1000.0]).tolist() == [-1.0]


def test_the_derivative_at_a_certain_and_right_prediction_is_one_sided() -> None:
    # -log y has the derivative -1/y, and -log(1 - y) has 1/(1 - y).
    assert loss.gradient([1, 0], [1.0, 0.0], reduction="sum").tolist() == [-1.0, 1.0]
    assert loss.gradient([1, 0], [0.0, 1.0], reduction="sum").tolist() == [-INF, INF]


def test_a_sum_of_huge_logits_does_not_overflow_the_mean() -> None:
    assert logits_loss(np.zeros(4), np.full(4, 1.7e308)) == 1.7e308


def test_four_labels_of_one_half_are_not_taken_for_hard_ones() -> None:
    # Their products t (1 - t) sum to exactly 1. Each costs -(log 0.2 + log 0.8) / 2 = -log 0.4.
    assert loss([0.5] * 4, [0.2] * 4) == pytest.approx(-np.log(0.4), rel=1e-15)
