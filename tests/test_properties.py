"""What must be true of every loss on any data, and what each one declares about itself."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lossbook as lb
from lossbook.checks import (
    CATEGORY,
    COUNT,
    DISTRIBUTION,
    HARD_LABEL,
    LABEL,
    MEAN_AND_LOG_VARIANCE,
    ONE_HOT,
    PROBABILITY,
    REAL,
    SIGN,
)
from lossbook.properties import Properties
from tests.definitions import definition_of
from tests.faces import BINARY, CATEGORICAL, CLASSES, FACES, SPARSE, batch
from tests.inputs import generator

#: Every loss, and those with parameters also with other ones.
VARIANTS = (
    *FACES,
    lb.huber.with_parameters(delta=0.25),
    lb.huber.with_parameters(delta=math.inf),
    lb.pinball.with_parameters(quantile=0.9),
    lb.pinball.with_parameters(quantile=0.01),
    lb.binary_focal_crossentropy.from_logits.with_parameters(gamma=5.0),
    lb.binary_focal_crossentropy.from_logits.with_parameters(gamma=0.5),
)
every_loss = pytest.mark.parametrize("loss", VARIANTS, ids=lambda loss: repr(loss)[15:-1])
mse = lb.mean_squared_error
bce, bce_logits = BINARY
steady = settings(derandomize=True, max_examples=25, deadline=None, database=None)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 40)


def data(loss: lb.Loss, seed: int, size: int) -> tuple[Any, Any]:
    return batch(loss, np.random.default_rng(seed), size)


def row_norm(difference: Any) -> float:
    return float(np.linalg.norm(np.atleast_1d(difference)))


# --- what is true of every loss ---


@every_loss
@steady
@given(seeds, sizes)
def test_the_order_of_the_samples_does_not_matter(loss: lb.Loss, seed: int, size: int) -> None:
    t, y = data(loss, seed, size)
    order = np.random.default_rng(seed + 1).permutation(size)
    assert math.isclose(loss(t[order], y[order]), loss(t, y), rel_tol=1e-13)
    losses = loss(t[order], y[order], reduction="none")
    np.testing.assert_allclose(losses, loss(t, y, reduction="none")[order], rtol=1e-15)
    slopes = loss.gradient(t[order], y[order])
    np.testing.assert_allclose(slopes, loss.gradient(t, y)[order], rtol=1e-15)


@every_loss
@steady
@given(seeds, sizes)
def test_a_loss_is_never_negative_unless_it_says_so(loss: lb.Loss, seed: int, size: int) -> None:
    t, y = data(loss, seed, size)
    losses = loss(t, y, reduction="none")
    if not loss.nonnegative:
        return
    assert losses.min() >= 0.0
    assert not np.signbit(losses).any()
    assert not np.signbit(loss(t, y))


def test_a_loss_that_may_be_negative_is_so_for_some_sample() -> None:
    for loss in FACES:
        t, y = batch(loss, generator("signs"), 2000)
        assert (loss(t, y, reduction="none").min() < 0.0) != loss.nonnegative


@every_loss
@steady
@given(seeds, st.integers(2, 40))
def test_the_loss_of_two_parts_is_their_weighted_mean(loss: lb.Loss, seed: int, size: int) -> None:
    t, y = data(loss, seed, size)
    cut = 1 + seed % (size - 1)
    parts = loss(t[:cut], y[:cut]) * cut + loss(t[cut:], y[cut:]) * (size - cut)
    assert math.isclose(loss(t, y), parts / size, rel_tol=1e-14)


@every_loss
@steady
@given(seeds, sizes)
def test_integer_weights_are_repetitions(loss: lb.Loss, seed: int, size: int) -> None:
    t, y = data(loss, seed, size)
    counts = np.random.default_rng(seed).integers(0, 4, size)
    counts[0] += 1
    repeated = loss(np.repeat(t, counts, axis=0), np.repeat(y, counts, axis=0))
    assert math.isclose(loss(t, y, sample_weight=counts), repeated, rel_tol=1e-14)


@pytest.mark.parametrize(
    "loss",
    [loss for loss in VARIANTS if loss.properties.degree is not None],
    ids=lambda loss: repr(loss)[15:-1],
)
@steady
@given(seeds, sizes, st.integers(-200, 200))
def test_a_power_of_two_as_unit_scales_exactly(
    loss: lb.Loss, seed: int, size: int, exponent: int
) -> None:
    t, y = data(loss, seed, size)
    c, k = 2.0**exponent, loss.properties.degree
    assert k is not None
    own = {name: c * getattr(loss, name) for name in loss.thresholds}
    assert loss(c * t, c * y, **own) == c**k * loss(t, y)
    slopes = c ** (k - 1) * loss.gradient(t, y)
    np.testing.assert_array_equal(loss.gradient(c * t, c * y, **own), slopes)


def test_the_losses_without_a_degree_do_not_scale() -> None:
    for loss in FACES:
        if loss.y_true is not REAL:
            assert loss.properties.degree is None
    for loss, t, points in (
        (bce, 0, (0.25, 0.5)),
        (bce_logits, 0, (1.0, 2.0)),
        (bce_logits, 0, (-1.0, -9.0)),
        (lb.log_cosh, 0, (1.0, 9.0)),
        (lb.huber, 0, (0.5, 9.0)),  # its threshold stays as it is
    ):
        ratios = [loss([t], [y / 2]) / loss([t], [y]) for y in points]
        assert abs(ratios[0] - ratios[1]) > 0.01


@steady
@given(seeds, sizes)
def test_sparse_labels_are_one_hot_labels(seed: int, size: int) -> None:
    for sparse, dense in zip(SPARSE, CATEGORICAL, strict=True):
        labels, y = data(sparse, seed, size)
        rows = lb.one_hot(labels, CLASSES)
        for how in ("mean", "sum", "none"):
            ours, theirs = sparse(labels, y, reduction=how), dense(rows, y, reduction=how)
            np.testing.assert_allclose(ours, theirs, rtol=1e-14)
            ours, theirs = (
                sparse.gradient(labels, y, reduction=how),
                dense.gradient(rows, y, reduction=how),
            )
            np.testing.assert_allclose(ours, theirs, rtol=1e-15)


@steady
@given(seeds, sizes)
def test_logits_are_probabilities_through_the_link(seed: int, size: int) -> None:
    for loss in FACES:
        from_logits = getattr(loss, "from_logits", None)
        if from_logits is None:
            continue
        link = lb.sigmoid if loss.y_pred is PROBABILITY else lb.softmax
        t, z = data(from_logits, seed, size)
        # A probability close to 1 has rounded away what the logit still knows: hence `atol`, up to
        # 2^-53 divided by the smallest 1 - p.
        z = np.clip(z, -10, 10)
        np.testing.assert_allclose(
            from_logits(t, z, reduction="none"),
            loss(t, link(z), reduction="none"),
            rtol=1e-13,
            atol=1e-15 if loss.y_pred.rows else 2.0**-53 * np.exp(10.1),
        )


@steady
@given(seeds, sizes)
def test_the_order_of_the_classes_does_not_matter(seed: int, size: int) -> None:
    order = np.random.default_rng(seed).permutation(CLASSES)
    for loss in CATEGORICAL:
        t, y = data(loss, seed, size)
        losses = loss(t[:, order], y[:, order], reduction="none")
        np.testing.assert_allclose(losses, loss(t, y, reduction="none"), rtol=1e-15)
    for loss in SPARSE:
        t, y = data(loss, seed, size)
        losses = loss(np.argsort(order)[t], y[:, order], reduction="none")
        np.testing.assert_allclose(losses, loss(t, y, reduction="none"), rtol=1e-15)


# --- the gradient, against derivatives of the definitions ---


@every_loss
@settings(parent=steady, max_examples=10)
@given(seeds)
def test_the_gradient_is_the_derivative_of_the_definition(loss: lb.Loss, seed: int) -> None:
    t, y = data(loss, seed, 3)
    slopes, value = loss.gradient(t, y, reduction="none"), definition_of(loss).value
    for place, slope in np.ndenumerate(slopes):
        label, row = t[place[0]].tolist(), y[place[0]].tolist()

        def at(x: Any, label: Any = label, row: Any = row, j: Any = place[1:]) -> Any:
            return value(label, [*row[: j[0]], x, *row[j[0] + 1 :]] if j else x)

        true = mpmath.diff(at, mpmath.mpf(float(y[place])), h=mpmath.mpf(10) ** -25)
        assert slope == pytest.approx(float(true), rel=1e-13, abs=1e-15)


# --- what a loss declares ---


@every_loss
@steady
@given(seeds, st.sampled_from([0.5, 0.25, 0.01]))
def test_a_loss_lies_below_its_chords_exactly_if_it_is_declared_convex(
    loss: lb.Loss, seed: int, share: float
) -> None:
    size = 20 if loss.properties.convex else 2000
    (t, a), (_, b) = data(loss, seed, size), data(loss, seed + 1, size)
    chord = (1 - share) * loss(t, a, reduction="none") + share * loss(t, b, reduction="none")
    between = loss(t, (1 - share) * a + share * b, reduction="none")
    below = between <= chord + abs(chord) * 1e-14 + 1e-15
    assert below.all() == loss.properties.convex


@every_loss
@steady
@given(seeds)
def test_the_declared_lipschitz_constant_is_never_exceeded(loss: lb.Loss, seed: int) -> None:
    bound = loss.properties.lipschitz
    (t, a), (_, b) = data(loss, seed, 20), data(loss, seed + 1, 20)
    rise = abs(loss(t, a, reduction="none") - loss(t, b, reduction="none"))
    for r, move in zip(rise, a - b, strict=True):
        if math.isfinite(bound):
            assert r <= bound * row_norm(move) * (1 + 1e-14) + 1e-14


@every_loss
def test_the_declared_lipschitz_constant_is_reached(loss: lb.Loss) -> None:
    t, a, b = definition_of(loss).steepest(loss)
    slope = abs(loss(t, a) - loss(t, b)) / row_norm(np.subtract(a, b))
    bound = loss.properties.lipschitz
    assert slope > 1e9 if bound == math.inf else math.isclose(slope, bound, rel_tol=1e-8)


#: A label, and two predictions equally far from it, or from one that is better on one side.
MIRRORED: dict[Any, tuple[Any, Any, Any]] = {
    REAL: (np.arange(-8.0, 8.0), np.arange(-8.0, 8.0), np.arange(16.0) / 4),
    LABEL: ([0.25], [0.25], [0.125]),
    DISTRIBUTION: ([0.25, 0.75], [0.25, 0.75], [0.125, -0.125]),
    CATEGORY: (0, [0.75, 0.25], [0.125, -0.125]),
    SIGN: ([1.0], [1.0], [0.5]),
    ONE_HOT: ([1.0, 0.0], [0.75, 0.25], [0.125, -0.125]),
    HARD_LABEL: ([1.0], [0.75], [0.125]),
    COUNT: ([2.0], [math.log(2.0)], [0.5]),
}


@every_loss
def test_a_loss_is_symmetric_exactly_if_it_says_so(loss: lb.Loss) -> None:
    t, y, gap = MIRRORED[loss.y_true]
    if loss.y_pred is MEAN_AND_LOG_VARIANCE:  # the mean lies beside the label, on either side
        y, gap = (np.stack([a, 0.1 * t], axis=-1) for a in (y, gap))
        gap[:, 1] = 0.0
    above, below = loss(t, np.add(y, gap)), loss(t, np.subtract(y, gap))
    assert (above == below) == loss.properties.symmetric


def where_it_could_have_a_kink(loss: lb.Loss) -> tuple[Any, Any]:
    """Return ordinary samples, those with the label as prediction, and where two pieces meet."""
    t, y = batch(loss, generator("sides"), 20)
    if loss.y_pred is DISTRIBUTION:
        y = lb.smooth_labels(y, 0.1)  # far enough from 0 for a finite step
    if loss.y_true is loss.y_pred:
        t, y = np.concatenate([t, t]), np.concatenate([t, y])
    joint = definition_of(loss).joint
    if joint is not None:
        t, y = (np.append(a, [x], axis=0) for a, x in zip((t, y), joint(loss), strict=True))
    return t, y


def sides(loss: lb.Loss, t: Any, y: Any, h: float) -> tuple[Any, Any, Any]:
    """Return the slopes to the right and to the left of predictions, and the gradient's."""
    step = np.zeros_like(y)
    step[..., 0] = h
    if loss.y_pred is DISTRIBUTION:
        step[..., 1] = -h  # stay among the distributions
    step = step if y.ndim > 1 else np.full_like(y, h)
    here, ahead, behind = (loss(t, x, reduction="none") for x in (y, y + step, y - step))
    slopes = loss.gradient(t, y, reduction="none")
    slopes = (slopes * step / h).sum(axis=-1) if y.ndim > 1 else slopes
    return (ahead - here) / h, (here - behind) / h, slopes


@every_loss
def test_a_loss_has_one_slope_from_both_sides_exactly_if_it_is_declared_differentiable(
    loss: lb.Loss,
) -> None:
    t, y = where_it_could_have_a_kink(loss)
    right, left, slopes = sides(loss, t, y, 2.0**-20)
    gap, far = right - left, np.subtract(*sides(loss, t, y, 2.0**-16)[:2])
    # With a step of a sixteenth, a curve's gap is a sixteenth, and that of a kink the same.
    kinks = gap > abs(far) / 4 + 1e-8
    assert not (gap < -abs(far) / 4 - 1e-8).any()
    assert kinks.any() != loss.properties.differentiable
    np.testing.assert_allclose(((left + right) / 2)[~kinks], slopes[~kinks], atol=1e-4)
    assert (gap[kinks] > 0.001).all()
    # At a kink, the gradient holds a slope between those of the two sides.
    assert (slopes[kinks] >= left[kinks] - 1e-9).all()
    assert (slopes[kinks] <= right[kinks] + 1e-9).all()


def root(falling: Any, low: float, high: float) -> float:
    """Return where a falling function is zero."""
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return low


def focal_constant(loss: Any, shares: Any) -> Any:
    """Return the distribution on which an exchange between two classes is no gain."""
    from scipy.optimize import brentq

    g, ends = loss.gamma, {"xtol": 1e-16, "rtol": 1e-15}

    def steepness(p: float) -> float:
        return (1 - p) ** g * (1 / p - g * math.log(p) / (1 - p))

    def at(level: float) -> list[float]:
        return [
            brentq(lambda p, a=a: a * steepness(p) - level, 1e-9, 1 - 1e-9, **ends) for a in shares
        ]

    return np.array(at(brentq(lambda level: math.fsum(at(level)) - 1.0, 1e-3, 1e3, **ends)))


def best_constant(loss: Any, t: Any) -> Any:
    """Return the declared constant, calculated from the labels alone."""
    kind = loss.properties.best_constant
    rows = lb.one_hot(t, CLASSES) if loss in SPARSE else t
    average = np.array([math.fsum(column) / len(t) for column in np.atleast_2d(rows.T)])
    return {
        "mean": lambda: average[0],
        "median": lambda: sorted(t)[len(t) // 2],
        "quantile": lambda: sorted(t)[math.ceil(loss.quantile * len(t)) - 1],
        "balance of the errors, cut at delta": lambda: root(
            lambda c: np.clip(t - c, -loss.delta, loss.delta).sum(), min(t), max(t)
        ),
        "balance of the errors' hyperbolic tangents": lambda: root(
            lambda c: np.tanh(t - c).sum(), min(t), max(t)
        ),
        "logarithm of the mean": lambda: math.log(average[0]),
        "mean, logarithm of the variance": lambda: np.array([average[0], math.log(np.var(t))]),
        "base rate": lambda: average[0],
        "base rate, drawn towards one half": lambda: focal_constant(
            loss, [1 - average[0], average[0]]
        )[1],
        "log odds of the base rate, drawn towards 0": lambda: math.log(
            np.divide(*focal_constant(loss, [average[0], 1 - average[0]]))
        ),
        "class frequencies, drawn towards equal shares": lambda: focal_constant(loss, average),
        "logarithms of the class frequencies, drawn towards equal ones": lambda: np.log(
            focal_constant(loss, average)
        ),
        "log odds of the base rate": lambda: math.log(average[0] / (1 - average[0])),
        "1 for a class with a majority, equal scores without one": lambda: np.where(
            average > 0.5, 1.0, 0.0
        ),
        "class frequencies": lambda: average / average.sum(),
        "logarithms of the class frequencies": lambda: np.log(average),
    }[kind]()


@every_loss
@steady
@given(seeds)
def test_no_constant_prediction_is_better_than_the_declared_one(loss: lb.Loss, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t, _ = batch(loss, rng, 31)
    if loss in SPARSE:
        t[:CLASSES] = range(CLASSES)  # a class without a sample has the logarithm -inf
    best = best_constant(loss, t)

    def cost(constant: Any) -> float:
        shape = (len(t), *np.shape(constant))
        return loss(t, np.broadcast_to(constant, shape))

    lowest = cost(best)
    for _ in range(20):
        if loss.y_pred not in (PROBABILITY, DISTRIBUTION):
            other = best + rng.normal(size=np.shape(best)) * 10.0 ** rng.uniform(-6, 1)
        elif loss.y_pred is PROBABILITY:
            other = rng.uniform(0.001, 0.999)
        else:
            other = rng.dirichlet(np.ones(CLASSES))
        assert cost(other) >= lowest - abs(lowest) * 1e-14


@every_loss
@steady
@given(seeds)
def test_the_gradient_vanishes_at_the_declared_constant(loss: lb.Loss, seed: int) -> None:
    t, _ = batch(loss, np.random.default_rng(seed), 31)
    if loss in SPARSE:
        t[:CLASSES] = range(CLASSES)
    best = best_constant(loss, t)
    constant = np.broadcast_to(best, (len(t), *np.shape(best)))
    slope = loss.gradient(t, constant).sum(axis=0)
    if np.ndim(best) and not loss.properties.differentiable:
        return  # the slopes at a kink are those of several classes
    if not loss.properties.differentiable:
        # The slopes of the samples at the kink may be anything between those of its two sides.
        assert abs(slope) * 31 <= (t == best).sum() * loss.properties.lipschitz * (1 + 1e-14)
    elif loss.y_pred is DISTRIBUTION:
        # Among distributions: the same slope for every class, so that no exchange is a gain.
        np.testing.assert_allclose(slope, slope[0], rtol=1e-12)
    else:
        np.testing.assert_allclose(slope, 0.0, atol=1e-14)


@every_loss
@steady
@given(seeds)
def test_the_loss_is_the_declared_negative_log_likelihood(loss: lb.Loss, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t, y = batch(loss, rng, 2)
    label = t[0].tolist()
    if loss in BINARY:
        label = float(rng.integers(0, 2))
    elif loss in CATEGORICAL:
        label = lb.one_hot(rng.integers(0, CLASSES), CLASSES).tolist()
    log_density = definition_of(loss).log_density
    assert (log_density is None) == (loss.properties.noise_model == "none")
    if log_density is None:
        return
    ours = loss(label, y[0]) - loss(label, y[1])
    first, second = (log_density(label, row.tolist()) for row in y)
    assert ours == pytest.approx(float(second - first), rel=1e-12, abs=1e-13)


#: All labels that a domain has, for one sample.
EVERY_LABEL: dict[Any, Any] = {
    LABEL: [0.0, 1.0],
    CATEGORY: range(CLASSES),
    DISTRIBUTION: np.eye(CLASSES),
    SIGN: [-1.0, 1.0],
    HARD_LABEL: [0.0, 1.0],
    ONE_HOT: np.eye(CLASSES),
}


@pytest.mark.parametrize(
    "loss", [loss for loss in FACES if loss.y_true in EVERY_LABEL], ids=lambda loss: loss.name
)
def test_a_loss_has_a_noise_model_exactly_if_e_to_minus_the_loss_adds_up_alike(
    loss: lb.Loss,
) -> None:
    # The probabilities of all labels sum to 1, whatever the prediction.
    _, y = batch(loss, generator("sums"), 20)
    labels = EVERY_LABEL[loss.y_true]
    totals = [sum(math.exp(-loss(label, row)) for label in labels) for row in y]
    alike = max(totals) - min(totals) < 1e-12
    assert alike == (loss.properties.noise_model != "none")


def test_the_declarations_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        mse.properties.convex = False  # type: ignore[misc]


def test_a_declaration_names_each_property() -> None:
    declared = dataclasses.astuple(mse.properties)
    with pytest.raises(TypeError, match="positional"):
        Properties(*declared)  # type: ignore[misc]
    assert Properties(**dataclasses.asdict(mse.properties)) == mse.properties


def test_a_loss_names_the_chapter_about_it() -> None:
    shared = {
        "log_cosh": "huber",
        "squared_hinge": "hinge",
        "categorical_hinge": "hinge",
        "binary_focal_crossentropy": "focal",
        "categorical_focal_crossentropy": "focal",
    }
    for loss in FACES:
        base = loss.name.removesuffix(".from_logits")
        assert loss.chapter == shared.get(base, base)
