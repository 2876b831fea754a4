"""Binary focal cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

loss = lb.binary_focal_crossentropy
logits_loss = lb.binary_focal_crossentropy.from_logits
INF = float("inf")
GAMMAS = [0.0, 0.5, 2.0, 5.0]


def bound(gamma: float, promised: float = 1e-15) -> float:
    """Return what the docstring promises."""
    return promised + 5e-16 * max(0.0, gamma - 2.0) + 4 * 2.0**-52 * reference.slack()


def test_values_from_sixty_digits() -> None:
    assert loss([1], [0.5]) == pytest.approx(math.log(2) / 4, rel=1e-15)
    assert logits_loss([1], [-20.0]) == pytest.approx(19.999999919615009, rel=1e-15)
    assert logits_loss([1], [20.0]) == pytest.approx(8.7565107175752358e-27, rel=1e-15)
    # Keras, which clips the probability, answers 16.118 and -6.6e-8.
    assert logits_loss.gradient([1], [-20.0])[0] == pytest.approx(-1.0, abs=1e-7)


def test_a_logit_that_was_found_to_have_the_largest_error_keeps_its_digits() -> None:
    z = 5.535132317845349  # one of a million drawn
    true = reference.binary_focal_from_logits(1.0, z, 2.0)
    assert reference.off(logits_loss([1.0], [z], reduction="none"), [true]) <= bound(2.0, 2e-15)


@pytest.mark.parametrize("gamma", [2.0, 2.1, 10.0])
def test_a_mean_of_float32_is_calculated_in_float64(gamma: float) -> None:
    # The power multiplies the roundings of float32, and float32 has no 2.1.
    rng = inputs.generator("focal single")
    z = np.r_[6.928118, rng.normal(3.0, 3.0, 500)].astype(np.float32)
    t = rng.integers(0, 2, z.size).astype(np.float32)
    y = lb.sigmoid(z)
    for ask, own in ((logits_loss, z), (loss, y)):
        for size in (1, z.size):
            wide = ask(t[:size].astype(float), own[:size].astype(float), gamma=gamma)
            assert ask(t[:size], own[:size], gamma=gamma) == wide


def test_what_is_known_of_a_huge_gamma_raises_no_floating_point_error() -> None:
    with np.errstate(all="raise"):
        assert loss.with_parameters(gamma=500.0).from_logits.properties.lipschitz > 0.0


def test_without_gamma_it_is_the_cross_entropy() -> None:
    rng = inputs.generator("focal 0")
    t, z = rng.integers(0, 2, 200), rng.normal(size=200) * 10
    for ours, theirs, y in (
        (loss, lb.binary_crossentropy, lb.sigmoid(z)),
        (logits_loss, lb.binary_crossentropy.from_logits, z),
    ):
        for how in ("mean", "none"):
            np.testing.assert_allclose(
                ours(t, y, gamma=0.0, reduction=how), theirs(t, y, reduction=how), rtol=2e-15
            )
        np.testing.assert_allclose(
            ours.gradient(t, y, gamma=0.0), theirs.gradient(t, y), rtol=2e-15
        )


@pytest.mark.parametrize("gamma", GAMMAS)
def test_every_sample_has_the_promised_digits(gamma: float) -> None:
    _, y = inputs.pairs_of_probabilities(inputs.generator("focal"))
    y = y[: y.size // 4 : 2]
    t, y = np.repeat([0.0, 1.0], y.size), np.tile(y, 2)
    pairs = list(zip(t.tolist(), y.tolist(), strict=True))
    true = [reference.binary_focal(*pair, gamma) for pair in pairs]
    assert reference.off(loss(t, y, gamma=gamma, reduction="none"), true) <= bound(gamma)
    true = [reference.binary_focal_slope(*pair, gamma) for pair in pairs]
    assert reference.off(loss.gradient(t, y, gamma=gamma, reduction="none"), true) <= bound(gamma)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_every_sample_of_logits_has_the_promised_digits(gamma: float) -> None:
    _, z = inputs.pairs_of_logits(inputs.generator("focal logits"))
    z = z[: z.size // 4 : 2]
    t, z = np.repeat([0.0, 1.0], z.size), np.tile(z, 2)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    true = [reference.binary_focal_from_logits(*pair, gamma) for pair in pairs]
    losses = logits_loss(t, z, gamma=gamma, reduction="none")
    assert reference.off(losses, true) <= bound(gamma, 2e-15)
    true = [reference.binary_focal_from_logits_slope(*pair, gamma) for pair in pairs]
    slopes = logits_loss.gradient(t, z, gamma=gamma, reduction="none")
    assert reference.off(slopes, true) <= bound(gamma, 2e-15)


def test_balancing_is_a_weight_for_each_label() -> None:
    t, y = np.array([1.0, 0.0, 1.0]), np.array([0.2, 0.3, 0.9])
    weights = np.where(t == 1, 0.7, 0.3)
    for ours, x in ((loss, y), (logits_loss, np.log(y / (1 - y)))):
        balanced = {"alpha": 0.7, "apply_class_balancing": True, "reduction": "none"}
        np.testing.assert_allclose(
            ours(t, x, **balanced), ours(t, x, sample_weight=weights, reduction="none"), rtol=1e-15
        )
        np.testing.assert_allclose(
            ours.gradient(t, x, **balanced),
            ours.gradient(t, x, sample_weight=weights, reduction="none"),
            rtol=1e-15,
        )
    assert loss(t, y, alpha=0.7) == loss(t, y)


@pytest.mark.parametrize("alpha", [0.25, 0.7, 1.0])
def test_the_steepest_slope_is_that_of_the_label_with_the_larger_weight(alpha: float) -> None:
    balanced = logits_loss.with_parameters(alpha=alpha, apply_class_balancing=True)
    z = np.linspace(-20.0, 20.0, 4001)
    slopes = [balanced.gradient(np.full(z.size, t), z, reduction="sum") for t in (0, 1)]
    assert np.abs(slopes).max() == pytest.approx(balanced.properties.lipschitz, rel=1e-4)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0, 20.0])
def test_the_steepest_slope_is_where_its_derivative_is_zero(gamma: float) -> None:
    def slope(z: mpmath.mpf) -> mpmath.mpf:
        q = 1 / (1 + mpmath.exp(z))
        return q**gamma * (gamma * (1 - q) * mpmath.log1p(mpmath.exp(-z)) + q)

    steepest = mpmath.findroot(lambda z: mpmath.diff(slope, z), (-9.0, 0.0), solver="illinois")
    lipschitz = logits_loss.with_parameters(gamma=gamma).properties.lipschitz
    assert lipschitz == pytest.approx(float(slope(steepest)), rel=2e-15, abs=0.0)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_it_lies_below_its_chords_only_without_gamma(gamma: float) -> None:
    focal = logits_loss.with_parameters(gamma=gamma)
    losses = focal(np.ones(401), np.linspace(-20.0, 20.0, 401), reduction="none")
    middle, chord = losses[1:-1], (losses[:-2] + losses[2:]) / 2
    assert bool((middle <= chord * (1 + 1e-15)).all()) is focal.properties.convex


@pytest.mark.parametrize("gamma", GAMMAS)
def test_certainty_costs_nothing_or_infinitely_much(gamma: float) -> None:
    t, y = [1, 0, 1, 0], [1.0, 0.0, 0.0, 1.0]
    assert loss(t, y, gamma=gamma, reduction="none").tolist() == [0.0, 0.0, INF, INF]
    z = [INF, -INF, -INF, INF]
    assert logits_loss(t, z, gamma=gamma, reduction="none").tolist() == [0.0, 0.0, INF, INF]
    end = 1.0 if gamma == 0.0 else 0.0
    slopes = loss.gradient(t, y, gamma=gamma, reduction="sum")
    assert slopes.tolist() == [-end, end, -INF, INF]
    slopes = logits_loss.gradient(t, z, gamma=gamma, reduction="sum")
    assert slopes.tolist() == [0.0, 0.0, -1.0, 1.0]


def test_the_loss_of_logits_has_the_parameters_of_its_loss() -> None:
    other = loss.with_parameters(gamma=5.0)
    assert other.from_logits([1], [0.5]) == logits_loss([1], [0.5], gamma=5.0)
    assert loss.from_logits is logits_loss


@pytest.mark.parametrize(
    "name, value, error",
    [
        ("gamma", -1.0, ValueError),
        ("gamma", math.nan, ValueError),
        ("gamma", math.inf, ValueError),
        ("gamma", "2", TypeError),
        ("alpha", 0.0, ValueError),
        ("alpha", 1.5, ValueError),
        ("alpha", [0.2, 0.8], TypeError),
        ("apply_class_balancing", "yes", TypeError),
    ],
)
def test_a_parameter_without_a_meaning_is_refused_with_one_that_has(
    name: str, value: object, error: type[Exception]
) -> None:
    for ask in (loss, loss.gradient, logits_loss):
        with pytest.raises(error, match=f"{name} is ") as caught:
            ask([1], [0.5], **{name: value})
    names: dict[str, object] = {}
    exec(str(caught.value).split("`")[1], names)
    assert loss([1], [0.5], **{name: names[name]}) > 0


def test_a_label_between_0_and_1_is_refused() -> None:
    for ask in (loss, loss.gradient, logits_loss):
        with pytest.raises(ValueError, match=r"y_true holds 0.9 at index \(1,\); expected labels"):
            ask([1.0, 0.9], [0.5, 0.5])


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_short_floats_are_right_within_one_unit_in_the_last_place(dtype: type) -> None:
    rng = inputs.generator("focal short")
    t, z = rng.integers(0, 2, 500).astype(dtype), (5 * rng.normal(size=500)).astype(dtype)
    pairs = list(zip(t.tolist(), z.tolist(), strict=True))
    losses, slopes = (
        logits_loss(t, z, reduction="none"),
        logits_loss.gradient(t, z, reduction="sum"),
    )
    assert losses.dtype == slopes.dtype == dtype
    assert reference.worst(losses, [reference.binary_focal_from_logits(*p) for p in pairs]) < 1.0
    true = [reference.binary_focal_from_logits_slope(*p) for p in pairs]
    assert reference.worst(slopes, true) < 1.0
