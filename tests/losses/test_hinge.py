"""Hinge loss."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.hinge
INF = float("inf")


def margins(name: str, size: int, dtype: type = float) -> tuple[np.ndarray, np.ndarray]:
    """Return labels -1 and 1 with scores of all magnitudes, a third of them close to the margin."""
    rng = inputs.generator(name)
    t = rng.choice([-1.0, 1.0], size)
    z = rng.normal(size=size) * 10.0 ** rng.uniform(-20, 20, size)
    near = t * (1.0 + rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(-16, 0, size))
    z = np.where(rng.random(size) < 1 / 3, near, z)
    edges = [0.0, 1.0, -1.0, 1 - 2.0**-53, 1 + 2.0**-52, 1e308, -1e308, INF, -INF]
    t, z = np.concatenate([t, np.repeat([1.0, -1.0], len(edges))]), np.concatenate([z, edges * 2])
    with np.errstate(over="ignore"):
        return t.astype(dtype), z.astype(dtype)


def test_a_hand_calculation() -> None:
    # on the right side and beyond the margin; within it; on the wrong side; at the margin
    t, z = [1, 1, -1, -1], [2.0, 0.25, 3.0, -1.0]
    assert loss(t, z, reduction="none").tolist() == [0.0, 0.75, 4.0, 0.0]
    assert loss(t, z) == 1.1875
    assert loss.gradient(t, z, reduction="sum").tolist() == [0.0, -1.0, 1.0, 0.0]


def test_every_sample_is_correctly_rounded() -> None:
    t, z = margins("hinge", 2000)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    true = [reference.hinge(*pair) for pair in pairs]
    assert reference.worst(loss(t, z, reduction="none"), true) <= 0.5
    true = [reference.hinge_slope(*pair) for pair in pairs]
    assert reference.worst(loss.gradient(t, z, reduction="none"), true) == 0.0


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_correctly_rounded(dtype: type) -> None:
    t, z = margins("hinge short", 1000, dtype)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses, slopes = loss(t, z, reduction="none"), loss.gradient(t, z, reduction="none")
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.hinge(*pair) for pair in pairs]) <= 0.5
    assert reference.worst(slopes, [reference.hinge_slope(*pair) for pair in pairs]) == 0.0


def test_labels_may_have_any_dtype_that_holds_minus_one() -> None:
    for dtype in (np.int8, np.int64, np.float16, float):
        assert loss(np.array([1, -1], dtype), [0.5, 0.5]) == 1.0
    with pytest.raises(ValueError, match="y_true holds 255"):
        loss(np.array([1, 255], np.uint8), [0.5, 0.5])


@pytest.mark.parametrize("label", [0.0, 2.0, -1.5, 1 + 2.0**-52, INF])
def test_other_labels_are_refused(label: float) -> None:
    for ask in (loss, loss.gradient, lb.squared_hinge, lb.squared_hinge.gradient):
        with pytest.raises(ValueError, match=r"at index \(2,\); expected labels -1 and 1"):
            ask([1.0, -1.0, label], [0.0, 0.0, 0.0])


def test_it_lies_above_the_count_of_wrong_decisions() -> None:
    t, z = margins("surrogate", 2000)
    assert (loss(t, z, reduction="none") >= (t * z <= 0)).all()
