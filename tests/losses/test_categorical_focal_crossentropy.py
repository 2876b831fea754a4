"""Categorical focal cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.categorical_focal_crossentropy
logits_loss = lb.categorical_focal_crossentropy.from_logits
INF = float("inf")


def test_values_from_the_definition() -> None:
    row = [0.7, 0.2, 0.1]
    assert loss([1, 0, 0], row) == pytest.approx(0.25 * 0.3**2 * -np.log(0.7), rel=1e-15)
    assert loss([1, 0, 0], row, alpha=1.0, gamma=0.0) == pytest.approx(
        lb.categorical_crossentropy([1, 0, 0], row), rel=1e-15
    )
    slopes = loss.gradient([1, 0, 0], row, gamma=0.0, alpha=1.0)
    assert slopes.tolist() == pytest.approx([-1 / 0.7, 0.0, 0.0], rel=1e-15)


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
def test_every_sample_of_logits_has_the_promised_digits(classes: int, gamma: float) -> None:
    z = inputs.rows_of_logits(inputs.generator("focal rows"), classes)[::6]
    t = np.eye(classes)[np.arange(len(z)) % classes]
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    bound = 2e-15 + 5e-16 * max(0.0, gamma - 2.0) + 4 * 2.0**-52 * reference.slack()
    own = {"gamma": gamma, "alpha": 0.25}
    true = [reference.categorical_focal_from_logits(*pair, **own) for pair in pairs]
    assert reference.off(logits_loss(t, z, reduction="none", **own), true) <= bound
    true = [
        x for pair in pairs for x in reference.categorical_focal_from_logits_slope(*pair, **own)
    ]
    slopes = logits_loss.gradient(t, z, reduction="none", **own)
    assert reference.off(slopes, true) <= bound


@pytest.mark.parametrize("gamma", [2.0, 10.0])
def test_a_mean_of_float32_is_calculated_in_float64(gamma: float) -> None:
    rng = inputs.generator("focal single rows")
    z = (3.0 * rng.normal(size=(500, 3))).astype(np.float32)
    t = np.eye(3, dtype=np.float32)[rng.integers(0, 3, 500)]
    wide = logits_loss(t.astype(float), z.astype(float), gamma=gamma)
    assert logits_loss(t, z, gamma=gamma) == wide
    y = lb.softmax(z)
    assert loss(t, y, gamma=gamma) == loss(t.astype(float), y.astype(float), gamma=gamma)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_certainty_costs_nothing_or_infinitely_much(gamma: float) -> None:
    t, y = [[1, 0], [1, 0]], [[1.0, 0.0], [0.0, 1.0]]
    assert loss(t, y, gamma=gamma, reduction="none").tolist() == [0.0, INF]
    z = [[INF, 0.0], [-INF, 0.0]]
    assert logits_loss(t, z, gamma=gamma, reduction="none").tolist() == [0.0, INF]
    slopes = loss.gradient(t, y, gamma=gamma, reduction="sum")
    assert slopes.tolist() == [[-0.25 if gamma == 0.0 else 0.0, 0.0], [-INF, 0.0]]
    slopes = logits_loss.gradient(t, z, gamma=gamma, reduction="sum")
    assert slopes.tolist() == [[0.0, 0.0], [-0.25, 0.25]]


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_it_lies_below_its_chords_only_without_gamma(gamma: float) -> None:
    focal = logits_loss.with_parameters(gamma=gamma)
    z = np.zeros((401, 3))
    z[:, 0] = np.linspace(-20.0, 20.0, 401)
    losses = focal(np.tile([1.0, 0.0, 0.0], (401, 1)), z, reduction="none")
    middle, chord = losses[1:-1], (losses[:-2] + losses[2:]) / 2
    assert bool((middle <= chord * (1 + 1e-15)).all()) is focal.properties.convex


def test_the_loss_of_logits_has_the_parameters_of_its_loss() -> None:
    other = loss.with_parameters(gamma=5.0, alpha=1.0)
    z = [0.5, 0.1, -1.0]
    assert other.from_logits([1, 0, 0], z) == logits_loss([1, 0, 0], z, gamma=5.0, alpha=1.0)
    assert loss.from_logits is logits_loss


def test_a_soft_row_is_refused() -> None:
    for ask in (loss, loss.gradient, logits_loss):
        with pytest.raises(ValueError, match=r"y_true holds 0.5 at index .*; expected one-hot"):
            ask([[0.5, 0.5]], [[0.5, 0.5]])
