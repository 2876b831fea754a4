"""The gallery of numerical failures: each exhibit fails as it is shown, and its cure is right."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb

quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def exactly(value: Any) -> Any:
    """Return a number to calculate with 60 digits."""
    mpmath.mp.dps = 60
    return mpmath.mpf(float(value))


@quiet
def test_softmax_overflows_without_the_subtracted_maximum() -> None:
    z = np.array([1000.0, 999.0, 0.0])
    assert np.isnan(np.exp(z) / np.exp(z).sum()).any()
    true = mpmath.exp(exactly(999) - 1000) / (1 + mpmath.exp(-1) + mpmath.exp(-1000))
    assert lb.softmax(z)[1] == pytest.approx(float(true), rel=1e-15)


def test_the_logarithm_of_a_rounded_difference_loses_the_whole_loss() -> None:
    assert -np.log(1 - 1e-17) == 0.0
    true = -mpmath.log(1 - exactly(1e-17))
    assert lb.binary_crossentropy([0], [1e-17]) == pytest.approx(float(true), rel=1e-15)


@quiet
def test_zero_times_the_logarithm_of_zero_is_not_a_number_and_should_be_zero() -> None:
    t = y = np.array([1.0, 0.0])
    assert np.isnan((t * np.log(y)).sum())
    assert lb.categorical_crossentropy(t, y) == 0.0


def test_a_clipped_probability_has_no_gradient_where_the_model_is_most_wrong() -> None:
    def clipped(z: float) -> float:
        return float(-np.log(np.clip(lb.sigmoid(z), 1e-7, 1 - 1e-7)))

    assert clipped(-30.0) == clipped(-40.0)
    true = -1 / (1 + mpmath.exp(exactly(-30)))
    slope = lb.binary_crossentropy.from_logits.gradient([1], [-30.0])[0]
    assert slope == pytest.approx(float(true), rel=1e-15)


@quiet
@pytest.mark.parametrize(
    "dtype, overflow, one",
    [(np.float16, 11.09, 7.63), (np.float32, 88.72, 16.64), (np.float64, 709.78, 36.74)],
)
def test_each_precision_has_its_thresholds(dtype: Any, overflow: float, one: float) -> None:
    assert np.isfinite(np.exp(dtype(overflow - 0.02)))
    assert np.isinf(np.exp(dtype(overflow + 0.02)))
    unit = dtype(1)
    assert unit / (unit + np.exp(-dtype(one + 0.05))) == unit
    assert unit / (unit + np.exp(-dtype(one - 0.05))) != unit


def test_the_textbook_formula_of_the_logits_cancels() -> None:
    t, z = 1.0 - 2.0**-53, 40.0
    naive = max(z, 0) - z * t + np.log1p(np.exp(-abs(z)))
    true = exactly(z) * (1 - exactly(t)) + mpmath.log1p(mpmath.exp(-exactly(z)))
    assert abs(naive / float(true) - 1) > 0.1
    ours = lb.binary_crossentropy.from_logits([t], [z])
    assert ours == pytest.approx(float(true), rel=5e-16)


def test_a_column_against_a_row_is_compared_in_all_pairs() -> None:
    t = np.array([1.0, 2.0, 3.0, 4.0])
    assert ((t[:, None] - t) ** 2).mean() == 2 * t.var() == 2.5
    assert lb.mean_squared_error(t, t) == 0.0
    with pytest.raises(ValueError, match=r"shape \(4, 1\)"):
        lb.mean_squared_error(t, t[:, None])


@quiet
def test_bytes_wrap_around() -> None:
    t, y = np.array([0], dtype=np.uint8), np.array([200], dtype=np.uint8)
    assert ((y - t) ** 2).mean() == 200**2 % 256
    assert lb.mean_squared_error(t, y) == 40_000.0


def test_the_mean_of_the_batches_means_is_not_the_mean() -> None:
    losses = [Fraction(1)] * 4 + [Fraction(5)]
    of_means = (sum(losses[:4]) / 4 + losses[4]) / 2
    assert of_means == 3
    assert sum(losses) / 5 == Fraction(9, 5)


def test_a_correlation_in_one_pass_is_wrong_far_from_zero() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=1000)
    t, y = x + 1e9, x + 0.1 * rng.normal(size=1000) + 1e9
    n = len(t)
    with np.errstate(all="ignore"):
        spread = (n * (t * t).sum() - t.sum() ** 2) * (n * (y * y).sum() - y.sum() ** 2)
        naive = (n * (t * y).sum() - t.sum() * y.sum()) / np.sqrt(spread)
    exact_t, exact_y = [Fraction(v) for v in t], [Fraction(v) for v in y]
    mean_t, mean_y = sum(exact_t) / n, sum(exact_y) / n
    a, b = [v - mean_t for v in exact_t], [v - mean_y for v in exact_y]
    dot = float(sum(p * q for p, q in zip(a, b, strict=True)))
    true = dot / float(sum(p * p for p in a)) ** 0.5 / float(sum(q * q for q in b)) ** 0.5
    assert not abs(naive - true) < 0.01
    assert lb.pearson_correlation(t, y) == pytest.approx(true, rel=1e-12)


def test_integer_labels_weigh_a_class_count_less_than_one_hot_rows() -> None:
    labels = np.arange(10) % 7
    assert lb.one_hot(labels, 7).nbytes == 7 * labels.astype(np.float64).nbytes
    y = lb.softmax(np.random.default_rng(1).normal(size=(10, 7)))
    sparse = lb.sparse_categorical_crossentropy(labels, y)
    assert sparse == lb.categorical_crossentropy(lb.one_hot(labels, 7), y)


def test_a_softmax_too_many_makes_certainty_look_like_doubt() -> None:
    twice = lb.categorical_crossentropy.from_logits([1, 0], [0.95, 0.05])
    assert twice == pytest.approx(float(mpmath.log1p(mpmath.exp(exactly(0.05) - exactly(0.95)))))
    assert lb.categorical_crossentropy([1, 0], [0.95, 0.05]) < twice / 6
    assert lb.softmax([1.0, 0.0])[0] < 0.7311
