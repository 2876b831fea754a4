"""Categorical hinge loss."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.categorical_hinge


def ranked(name: str, classes: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return one-hot rows with scores, of which the true class often leads by about the margin."""
    rng = inputs.generator(name)
    labels, rows = rng.integers(0, classes, size), np.arange(size)
    z = rng.normal(size=(size, classes)) * 10.0 ** rng.uniform(-10, 10, (size, 1))
    others = np.where(np.arange(classes) == labels[:, None], -np.inf, z).max(axis=1)
    lead = 1.0 + rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(-17, 0, size)
    z[rows, labels] = np.where(rng.random(size) < 0.6, others + lead, z[rows, labels])
    z[::7] = np.round(z[::7])  # ties, too
    return np.eye(classes)[labels], z


def test_a_hand_calculation() -> None:
    # leads by 2; leads by 1/2; trails by 1
    t = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    z = [[3.0, 1.0, 0.0], [1.0, 1.5, 0.5], [2.0, 0.0, 1.0]]
    assert loss(t, z, reduction="none").tolist() == [0.0, 0.5, 2.0]
    slopes = loss.gradient(t, z, reduction="sum")
    assert slopes.tolist() == [[0.0, 0.0, 0.0], [1.0, -1.0, 0.0], [1.0, 0.0, -1.0]]


def test_negative_scores_do_not_count_as_the_true_class_s_rivals() -> None:
    # Keras answers 6: it lets the true class count as 0 in the maximum.
    assert loss([1, 0, 0], [-5.0, -7.0, -9.0]) == 0.0


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_every_sample_is_right_to_fifteen_digits(classes: int) -> None:
    t, z = ranked("categorical hinge", classes, 600)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    true = [reference.categorical_hinge(*pair) for pair in pairs]
    reference.assert_fifteen_digits(loss(t, z, reduction="none"), true)
    true = [x for pair in pairs for x in reference.categorical_hinge_slope(*pair)]
    assert reference.worst(loss.gradient(t, z, reduction="none"), true) == 0.0


def test_a_lead_beyond_float64_has_its_gradient() -> None:
    huge = 9e307  # the scores differ by more than the largest float64
    assert loss.gradient([1, 0], [-huge, huge]).tolist() == [-1.0, 1.0]
    assert loss.gradient([1, 0], [huge, -huge]).tolist() == [0.0, 0.0]
    assert loss([1, 0], [huge, -huge]) == 0.0
    # A rival of hardly more than 0 is one that the margin of 1 is missed by.
    assert loss.gradient([1, 0], [1.0, 5e-324]).tolist() == [-1.0, 1.0]


def test_close_to_the_margin_no_digit_is_lost() -> None:
    # Plain, 0.1 - 1.1 + 1 is 0 and 0.3 - 1.3 + 1 is 0; the floats of the decimals lack a little.
    for own, other in ((1.1, 0.1), (1.3, 0.3), (1.0 + 2.0**-52, 2.0**-53)):
        true = reference.categorical_hinge([1, 0], [own, other])
        reference.assert_fifteen_digits([loss([1, 0], [own, other])], [true])


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    t, z = ranked("categorical hinge short", 4, 500)
    t, z = t.astype(dtype), np.clip(z, -6e4, 6e4).astype(dtype)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses, slopes = loss(t, z, reduction="none"), loss.gradient(t, z, reduction="none")
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.categorical_hinge(*pair) for pair in pairs]) < 1.0
    true = [x for pair in pairs for x in reference.categorical_hinge_slope(*pair)]
    assert reference.worst(slopes, true) == 0.0


@pytest.mark.parametrize(
    "row, says",
    [
        ([0.5, 0.5, 0.0], "y_true holds 0.5 at index"),
        ([1.0, 1.0, 0.0], "y_true holds a row that sums to 2.0"),
        ([0.0, 0.0, 0.0], "y_true holds a row that sums to 0.0"),
        ([2.0, -1.0, 0.0], "y_true holds 2.0 at index"),
    ],
)
def test_rows_that_are_not_one_hot_are_refused(row: list[float], says: str) -> None:
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match=says):
            ask([[1.0, 0.0, 0.0], row], np.zeros((2, 3)))


@pytest.mark.parametrize("score", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", [0, 1])
def test_a_score_that_is_not_finite_is_refused_wherever_it_hides(score: float, place: int) -> None:
    z = np.zeros((2, 3))
    z[1, place] = score
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match=rf"y_pred holds {score} at index \(1, {place}\)"):
            ask([[1, 0, 0], [1, 0, 0]], z)
