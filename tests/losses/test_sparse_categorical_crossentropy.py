"""Sparse categorical cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.sparse_categorical_crossentropy
logits_loss = lb.sparse_categorical_crossentropy.from_logits
every_number_of_classes = pytest.mark.parametrize("classes", inputs.SIZES)


def test_the_article_s_typical_prediction_for_each_integer_label() -> None:
    typical = [[0.02, 0.94, 0.02, 0.01, 0.01]] * 5
    losses = loss([0, 1, 2, 3, 4], typical, reduction="none")
    assert losses.round(6).tolist() == [3.912023, 0.061875, 3.912023, 4.60517, 4.60517]


def test_a_single_row_has_a_single_label() -> None:
    assert loss(1, [0.25, 0.75]) == pytest.approx(-np.log(0.75), rel=1e-15)
    assert loss(1, [0.25, 0.75], reduction="none").shape == ()


@every_number_of_classes
def test_it_equals_categorical_crossentropy_on_one_hot_labels(classes: int) -> None:
    rng = inputs.generator(f"sparse {classes}")
    z = inputs.rows_of_logits(rng, classes)
    labels, _ = inputs.rows_of_labels(rng, z)
    one_hot = lb.one_hot(labels, classes)
    dense, sparse = lb.categorical_crossentropy, loss
    for options in ({}, {"reduction": "sum"}, {"reduction": "none"}):
        np.testing.assert_allclose(
            sparse.from_logits(labels, z, **options),
            dense.from_logits(one_hot, z, **options),
            rtol=5e-16,
        )
        np.testing.assert_array_equal(
            sparse.from_logits.gradient(labels, z, **options),
            dense.from_logits.gradient(one_hot, z, **options),
        )
    y = lb.softmax(z)
    np.testing.assert_array_equal(
        sparse(labels, y, reduction="none"), dense(one_hot, y, reduction="none")
    )
    np.testing.assert_array_equal(sparse.gradient(labels, y), dense.gradient(one_hot, y))


@every_number_of_classes
def test_every_sample_of_logits_is_right_to_fifteen_digits(classes: int) -> None:
    rng = inputs.generator(f"sparse logits {classes}")
    z = inputs.rows_of_logits(rng, classes)
    labels, _ = inputs.rows_of_labels(rng, z)
    true = [
        reference.categorical_from_logits(np.eye(classes)[label].tolist(), row)
        for label, row in zip(labels.tolist(), z.tolist(), strict=True)
    ]
    reference.assert_fifteen_digits(logits_loss(labels, z, reduction="none"), true)


@pytest.mark.parametrize("size", [5.0, 60.0])
def test_the_mean_of_float32_logits_has_the_digits_of_float32(size: float) -> None:
    rng = inputs.generator("sparse logits 32")
    z = (rng.normal(size=(60, 4)) * size).astype(np.float32)
    labels = z.argmax(axis=1) if size < 10.0 else rng.integers(0, 4, 60)
    true = [
        reference.categorical_from_logits(np.eye(4)[label].tolist(), row)
        for label, row in zip(labels.tolist(), z.tolist(), strict=True)
    ]
    assert reference.off([logits_loss(labels, z)], [sum(true) / 60]) < 2.0**-23


def test_a_row_with_two_infinite_logits_has_no_loss() -> None:
    for call in (logits_loss, logits_loss.gradient):
        for row in ([np.inf, np.inf], [0.0, np.inf, np.inf]):
            with pytest.raises(ValueError, match="y_pred holds a row whose softmax is undefined"):
                call([0], [row])


def test_every_integer_dtype_and_whole_floats_name_classes() -> None:
    z = inputs.generator("dtypes").normal(size=(3, 4))
    expected = logits_loss([0, 3, 1], z)
    for dtype in (np.int8, np.uint8, np.int16, np.uint64, np.int64, np.float32, np.float64):
        assert logits_loss(np.array([0, 3, 1], dtype), z) == expected


@pytest.mark.parametrize(
    "label, held", [(3, "3"), (-1, "-1"), (0.5, "0.5"), (float("nan"), "nan"), (2**40, "1099511")]
)
def test_a_label_that_names_no_class_is_an_error(label: float, held: str) -> None:
    for call in (loss, loss.gradient):
        with pytest.raises(
            ValueError, match=r"y_true holds .* at index \(1,\); expected whole"
        ) as e:
            call([0, label], [[0.2, 0.3, 0.5]] * 2)
        assert held in str(e.value)
