"""Categorical cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.categorical_crossentropy
logits_loss = lb.categorical_crossentropy.from_logits
INF = float("inf")
every_number_of_classes = pytest.mark.parametrize("classes", inputs.SIZES)


def test_the_article_s_examples() -> None:
    first, second = [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]
    typical = [0.02, 0.94, 0.02, 0.01, 0.01]
    assert loss(first, first) == 0.0
    assert loss(first, second) == INF
    assert round(loss(first, typical), 6) == 3.912023
    assert round(loss(second, typical), 6) == 0.061875


def test_a_uniform_prediction_costs_the_logarithm_of_the_number_of_classes() -> None:
    assert loss([0, 1, 0, 0], [0.25] * 4) == pytest.approx(np.log(4), rel=1e-15)
    assert logits_loss([0, 1, 0, 0], [7.0] * 4) == pytest.approx(np.log(4), rel=1e-15)


def test_a_soft_label_s_floor_is_its_entropy() -> None:
    t = np.array([0.7, 0.2, 0.1])
    entropy = -(t * np.log(t)).sum()
    assert loss(t, t) == pytest.approx(entropy, rel=1e-15)
    assert loss(t, [0.69, 0.21, 0.1]) > loss(t, t)


@every_number_of_classes
def test_every_sample_of_logits_is_right_to_fifteen_digits(classes: int) -> None:
    rng = inputs.generator(f"cce logits {classes}")
    z = inputs.rows_of_logits(rng, classes)
    hard, soft = inputs.rows_of_labels(rng, z)
    for t in (lb.one_hot(hard, classes), soft):
        true = [
            reference.categorical_from_logits(*pair)
            for pair in zip(t.tolist(), z.tolist(), strict=True)
        ]
        reference.assert_fifteen_digits(logits_loss(t, z, reduction="none"), true)


@every_number_of_classes
def test_every_sample_is_right_to_fifteen_digits(classes: int) -> None:
    rng = inputs.generator(f"cce {classes}")
    y = rng.dirichlet(np.full(classes, 0.1), 3 * inputs.SIZES[classes])
    y /= y.sum(axis=1, keepdims=True)
    hard, soft = inputs.rows_of_labels(rng, y)
    for t in (lb.one_hot(hard, classes), soft):
        pairs = list(zip(t.tolist(), y.tolist(), strict=True))
        losses = loss(t, y, reduction="none")
        slopes = loss.gradient(t, y, reduction="none")
        reference.assert_fifteen_digits(losses, [reference.categorical(*p) for p in pairs])
        true = [x for p in pairs for x in reference.categorical_slope(*p)]
        assert reference.worst(slopes, true) <= 0.5


def test_an_impossible_class_that_does_not_occur_has_no_slope() -> None:
    slopes = loss.gradient([[1, 0, 0], [0, 0.5, 0.5]], [[0.5, 0.5, 0], [0, 0.25, 0.75]])
    np.testing.assert_array_equal(slopes, [[-1, 0, 0], [0, -1, -1 / 3]])
    assert loss.gradient([0, 1, 0], [0.0, 0.0, 1.0]).tolist() == [0.0, -INF, 0.0]


@every_number_of_classes
def test_the_gradient_of_logits_is_as_exact_as_its_condition_allows(classes: int) -> None:
    rng = inputs.generator(f"cce logits gradient {classes}")
    z = inputs.rows_of_logits(rng, classes)[:: max(1, 2 * (classes < 100))]
    hard, soft = inputs.rows_of_labels(rng, z)
    one_hot = lb.one_hot(hard, classes)
    slopes = logits_loss.gradient(one_hot, z, reduction="none")
    true = [
        x
        for pair in zip(one_hot.tolist(), z.tolist(), strict=True)
        for x in reference.categorical_from_logits_slope(*pair)
    ]
    # A hard label leaves one term, and nothing cancels.
    reference.assert_fifteen_digits(slopes, true)
    # A soft label is the difference of two positive terms, p (1 - t) and t (1 - p).
    slopes = logits_loss.gradient(soft, z, reduction="none")
    for row, t, logits in zip(slopes, soft.tolist(), z.tolist(), strict=True):
        exact = reference.categorical_from_logits_slope(t, logits)
        p, rest = reference.softmax_parts(logits)
        for slope, x, a, q, r in zip(row, exact, t, p, rest, strict=True):
            larger = max(q * (1 - reference.mpf(a)), reference.mpf(a) * r)
            reference.assert_fifteen_digits([slope], [x], [larger])


@pytest.mark.parametrize("label", [[1.0, 1e-9, 0.0], [1.0 - 1e-9, 0.0, 0.0]])
def test_a_label_that_is_nearly_one_hot_is_not_taken_for_one(label: list[float]) -> None:
    logits = [40.3, 19.7, 17.2]
    slopes = lb.categorical_crossentropy.from_logits.gradient([label], [logits])[0]
    t, powers = list(map(mpmath.mpf, label)), [mpmath.exp(z) for z in logits]
    for slope, own, power in zip(slopes, t, powers, strict=True):
        true = mpmath.fsum(t) * power / mpmath.fsum(powers) - own
        assert abs(slope / true - 1) < 1e-14


def test_float32_is_right_within_one_unit_in_the_last_place() -> None:
    rng = inputs.generator("cce 32")
    z = (rng.normal(size=(300, 10)) * 20).astype(np.float32)
    t = lb.one_hot(rng.integers(0, 10, 300), 10).astype(np.float32)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses = logits_loss(t, z, reduction="none")
    slopes = logits_loss.gradient(t, z, reduction="none")
    assert losses.dtype == slopes.dtype == np.float32
    assert reference.worst(losses, [reference.categorical_from_logits(*p) for p in pairs]) < 1.0
    true = [x for p in pairs for x in reference.categorical_from_logits_slope(*p)]
    assert reference.worst(slopes, true) < 1.0


@every_number_of_classes
def test_losses_close_to_underflow_have_as_many_digits_as_float64_has_there(classes: int) -> None:
    # In half of the rows all other classes are equal: their roundings add up, to the same side.
    rng = inputs.generator(f"cce tiny {classes}")
    z = rng.normal(size=(max(2, inputs.SIZES[classes] // 3), classes)) / 2
    z[::2, 1:] = z[::2, 1:2]
    z[:, 0] = rng.uniform(650, 745, len(z))
    t = np.zeros_like(z)
    t[:, 0] = 1.0
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses = [reference.categorical_from_logits(*pair) for pair in pairs]
    labels = np.zeros(len(z), int)
    sparse = lb.sparse_categorical_crossentropy.from_logits
    reference.assert_fifteen_digits(logits_loss(t, z, reduction="none"), losses)
    reference.assert_fifteen_digits(sparse(labels, z, reduction="none"), losses)
    if classes <= 100:
        slopes = [x for pair in pairs for x in reference.categorical_from_logits_slope(*pair)]
        reference.assert_fifteen_digits(logits_loss.gradient(t, z, reduction="none"), slopes)


def test_a_tiny_loss_keeps_its_digits() -> None:
    # log(1 + e^-200) is e^-200 to all the digits of float64; log(sum(exp)) would answer 0.
    assert logits_loss([0, 1], [0.0, 200.0]) == pytest.approx(np.exp(-200.0), rel=1e-15)


def test_the_mean_over_many_confident_rows_keeps_its_digits() -> None:
    z = np.tile([0.0, 40.0], (5000, 1))
    t = np.tile([0.0, 1.0], (5000, 1))
    assert logits_loss(t, z) == pytest.approx(np.exp(-40.0), rel=1e-14)


def test_adding_a_constant_to_a_row_of_logits_changes_nothing() -> None:
    rng = inputs.generator("shift")
    z = np.round(rng.normal(size=(50, 7)) * 8) / 8  # so that adding 64 is exact
    t = lb.one_hot(rng.integers(0, 7, 50), 7)
    assert logits_loss(t, z + 64.0) == logits_loss(t, z)


def test_two_classes_are_the_binary_case() -> None:
    z = np.linspace(-30, 30, 121)
    t = inputs.generator("two").integers(0, 2, z.size)
    rows = np.column_stack([np.zeros_like(z), z])
    binary = lb.binary_crossentropy.from_logits(t, z, reduction="none")
    np.testing.assert_allclose(
        logits_loss(lb.one_hot(t, 2), rows, reduction="none"), binary, rtol=5e-16
    )
