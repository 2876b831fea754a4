"""The claims that carry the chapters' arguments: each test's name is the sentence.

`claim` says on which page and in which section the sentence stands, and the page lists it.

The references are independent of the package: SymPy, mpmath, NumPy's least squares, counting.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import lossbook as lb
from lossbook import batch, datasets

ROOT = Path(__file__).resolve().parents[2]
T, Y, B, S = sp.Symbol("t", real=True), sp.Symbol("y", real=True), *sp.symbols("b s", positive=True)


def claim(*places: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Say where a sentence stands, as ``page#section`` below ``chapters/``.

    ``_ext/tested_claims.py`` reads it from this source.
    """
    return lambda test: test


# --- what a loss is, and what a metric is ---


@claim("losses_and_metrics/index#why-accuracy-cannot-be-descended")
def test_the_accuracy_does_not_change_when_a_prediction_moves_a_little() -> None:
    t, z = np.array([1, 0, 1, 1]), np.array([0.5, -1.0, -0.2, 2.0])
    hits = ((z > 0) == t).mean()
    assert all(((z + h > 0) == t).mean() == hits for h in (-1e-3, 1e-3))
    assert (lb.binary_crossentropy.from_logits.gradient(t, z) != 0).all()


@claim("calibration/index#a-loss-that-rewards-honesty")
def test_cross_entropy_and_squared_error_are_smallest_for_the_honest_answer() -> None:
    """Cross-entropy and squared error are smallest for the honest answer."""
    q, y = sp.symbols("q y", positive=True)
    for cost in (-q * sp.log(y) - (1 - q) * sp.log(1 - y), q * (1 - y) ** 2 + (1 - q) * y**2):
        assert sp.simplify(sp.diff(cost, y).subs(y, q)) == 0
        assert sp.diff(cost, y, 2).subs({q: sp.Rational(3, 10), y: sp.Rational(3, 10)}) > 0


@claim("calibration/index#a-loss-that-rewards-honesty")
def test_the_count_of_wrong_decisions_is_proper_and_blind_to_tripled_logits() -> None:
    p, y = 0.7, np.linspace(0.01, 0.99, 99)
    wrong = np.where(y > 0.5, 1 - p, p)
    assert wrong[69] == wrong.min()  # the honest answer, 0.70, is among the best
    tripled = float(1 / (1 + mpmath.exp(-3 * mpmath.log(p / (1 - p)))))
    assert tripled > 0.9
    assert (wrong == wrong.min()).sum() == 49  # and so is each answer above one half
    for loss in (lb.binary_crossentropy, lb.mean_squared_error):
        honest, exaggerated = (p * loss([1], [a]) + (1 - p) * loss([0], [a]) for a in (p, tripled))
        assert exaggerated > honest + 0.05


@claim("calibration/index#a-loss-that-rewards-honesty")
def test_the_brier_score_of_an_answer_is_the_events_variance_plus_the_squared_distance() -> None:
    """The expected Brier score is the event's variance plus the squared distance of the answer."""
    p, y = sp.symbols("p y")
    assert sp.expand(p * (1 - y) ** 2 + (1 - p) * y**2 - (p * (1 - p) + (y - p) ** 2)) == 0


@claim("calibration/index#what-a-strictly-proper-score-does-not-promise")
def test_who_always_answers_the_base_rate_is_calibrated_and_pays_for_telling_nothing() -> None:
    """Who always answers the base rate is calibrated, and pays for telling no case from another."""
    rng = np.random.default_rng(15)
    truth = rng.beta(1, 1, 100_000)
    happened = rng.random(100_000) < truth
    rate = happened.mean()
    for answer in (truth, np.full_like(truth, rate)):
        for low in np.unique(np.floor(answer * 10) / 10):
            group = (answer >= low) & (answer < low + 0.1)
            assert happened[group].mean() == pytest.approx(answer[group].mean(), abs=0.02)
    paid = [lb.mean_squared_error(happened, a) for a in (truth, np.full_like(truth, rate))]
    assert paid[1] - paid[0] == pytest.approx(truth.var(), rel=0.05)


@claim("calibration/index#what-a-strictly-proper-score-does-not-promise")
def test_a_network_trained_on_few_masses_is_too_sure_of_those_it_has_not_seen() -> None:
    """A model that is trained on few masses is too sure of those that it has not seen."""
    masses = datasets.load_breast_cancer()
    t, loss = masses.malignant, lb.binary_crossentropy.from_logits
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(t))
        few, rest = order[:40], order[40:]
        x = (masses.features - masses.features[few].mean(0)) / masses.features[few].std(0)
        w = np.zeros(30)
        for _ in range(2000):
            w -= 0.5 * x[few].T @ loss.gradient(t[few], x[few] @ w)
        z = x[rest] @ w
        assert loss(t[rest], z / 2) < loss(t[rest], z)  # cooler is better
        assert loss(t[few], x[few] @ w / 2) > loss(t[few], x[few] @ w)


@claim("losses_and_metrics/index#a-surrogate-and-what-it-promises")
def test_a_wrong_decision_costs_at_least_log_2_so_the_loss_bounds_the_error_rate() -> None:
    rng = np.random.default_rng(8)
    for _ in range(200):
        t, z = rng.integers(0, 2, 20), rng.normal(size=20) * rng.choice([0.1, 1, 10])
        wrong = (z >= 0) != t
        each = lb.binary_crossentropy.from_logits(t, z, reduction="none")
        assert (each[wrong] >= math.log(2)).all()
        assert wrong.mean() <= lb.binary_crossentropy.from_logits(t, z) / math.log(2)


@claim("losses_and_metrics/index#downhill-one-step-at-a-time")
def test_on_a_parabola_a_step_multiplies_the_distance_by_one_minus_twice_the_rate() -> None:
    penguins = datasets.load_penguins()
    x, t = penguins.flipper_length_mm, penguins.body_mass_g / 1000
    x = (x - x.mean()) / x.std()
    best = np.polyfit(x, t, 1)[0]
    for rate in (0.1, 0.9, 1.1):
        w = 0.3
        slope = float(lb.mean_squared_error.gradient(t, t.mean() + w * x) @ x)
        assert w - rate * slope - best == pytest.approx((1 - 2 * rate) * (w - best), rel=1e-12)


@claim("losses_and_metrics/index#all-thresholds-in-one-picture")
def test_the_area_below_the_roc_curve_is_how_often_a_positive_scores_higher() -> None:
    """The area below the ROC curve is how often a positive scores higher than a negative."""
    rng = np.random.default_rng(9)
    score, truth = rng.integers(0, 12, 80), rng.random(80) < 0.4  # whole numbers: many ties
    pairs = [(a > b) + (a == b) / 2 for a in score[truth] for b in score[~truth]]
    levels = [99, *sorted(set(score), reverse=True)]
    curve = [[(score[g] >= c).mean() for c in levels] for g in (~truth, truth)]
    area = sum((b - a) * (c + d) / 2 for (a, b), (c, d) in zip(*map(pairwise, curve), strict=True))
    assert area == pytest.approx(np.mean(pairs))


@claim("losses_and_metrics/index#all-thresholds-in-one-picture")
def test_the_roc_curve_stays_when_positives_become_rare_and_the_precision_falls() -> None:
    """The ROC curve stays when positives become rare, and the precision falls."""
    rng = np.random.default_rng(3)
    truth = rng.random(200) < 0.4
    score = rng.normal(size=200) + truth
    copies = np.where(truth, 1, 60)
    for threshold in np.quantile(score, [0.2, 0.5, 0.8]):
        often, rare = ((np.repeat(truth, n), np.repeat(score >= threshold, n)) for n in (1, copies))
        for positive in (True, False):
            shares = [a[t == positive].mean() for t, a in (often, rare)]
            assert shares[0] == pytest.approx(shares[1], rel=1e-12)
        assert rare[0][rare[1]].mean() < often[0][often[1]].mean() / 3


@claim("losses_and_metrics/index#metrics-for-numbers")
def test_the_best_constant_by_percentages_lies_below_the_median() -> None:
    for seed in range(20):
        labels = np.random.default_rng(seed).lognormal(size=101)
        costs = [(np.abs(c - labels) / labels).mean() for c in labels]
        assert labels[np.argmin(costs)] < np.median(labels)


@claim("losses_and_metrics/index#metrics-for-decisions")
def test_a_model_that_is_always_silent_has_a_balanced_accuracy_of_one_half() -> None:
    for share in (0.001, 0.3, 0.9):
        truth = np.arange(1000) < 1000 * share
        alarm = np.zeros(1000, dtype=bool)
        recall, specificity = alarm[truth].mean(), (~alarm[~truth]).mean()
        assert (alarm == truth).mean() == pytest.approx(1 - share)  # follows what is rare
        assert (recall + specificity) / 2 == 0.5


@claim("losses_and_metrics/index#where-to-put-the-threshold")
def test_the_alarm_is_cheaper_from_one_in_one_plus_the_cost_of_a_miss() -> None:
    for miss in (1.0, 4.0, 10.0):
        threshold = 1 / (1 + miss)
        for p in (threshold - 0.01, threshold + 0.01):
            assert (miss * p > 1 - p) == (p > threshold)


@claim("losses_and_metrics/index#the-metric-improves-while-the-loss-gets-worse")
def test_a_better_accuracy_can_come_with_a_worse_loss() -> None:
    t = [1, 1, 1, 0]
    before, after = [0.4, 0.45, 0.8, 0.2], [0.6, 0.6, 0.01, 0.2]
    assert sum((y > 0.5) == bool(a) for y, a in zip(before, t, strict=True)) == 2
    assert sum((y > 0.5) == bool(a) for y, a in zip(after, t, strict=True)) == 3
    assert lb.binary_crossentropy(t, after) > lb.binary_crossentropy(t, before)


@claim("calibration/index#a-loss-that-rewards-honesty")
def test_the_absolute_error_rewards_exaggeration() -> None:
    q, y = 0.7, np.linspace(0, 1, 101)
    expected = q * (1 - y) + (1 - q) * y
    assert y[expected.argmin()] == 1.0


# --- squared and absolute errors ---


@claim("mean_squared_error/derivation#where-it-comes-from", "likelihood/index#one-argument")
def test_gaussian_noise_leads_to_the_squared_error() -> None:
    """Gaussian noise leads to the squared error."""
    surprise = -sp.log(sp.exp(-((T - Y) ** 2) / (2 * S**2)) / sp.sqrt(2 * sp.pi * S**2))
    slope = sp.simplify(sp.diff(sp.expand_log(surprise, force=True), Y))
    assert sp.simplify(slope - (Y - T) / S**2) == 0


@claim("mean_absolute_error/derivation#where-it-comes-from", "likelihood/index#one-argument")
def test_laplace_noise_leads_to_the_absolute_error() -> None:
    surprise = sp.expand_log(-sp.log(sp.exp(-sp.Abs(T - Y) / B) / (2 * B)), force=True)
    assert sp.simplify(surprise - (sp.Abs(T - Y) / B + sp.log(2 * B))) == 0


@claim("mean_squared_error/derivation#three-ways-to-write-it")
def test_half_sum_sum_and_mean_have_one_minimum_and_three_gradients() -> None:
    t = np.array([1.0, 2.0, 6.0])
    grid = np.linspace(0, 7, 7001)
    sums = ((grid[:, None] - t) ** 2).sum(axis=1)
    assert grid[sums.argmin()] == grid[(sums / 2).argmin()] == grid[(sums / 3).argmin()]
    mean = lb.mean_squared_error.gradient(t, np.zeros(3))
    total = lb.mean_squared_error.gradient(t, np.zeros(3), reduction="sum")
    np.testing.assert_allclose(total, 3 * mean)


@claim("mean_squared_error/derivation#why-we-need-it")
def test_forbes_s_line_is_the_published_one() -> None:
    """Forbes's line is the published one."""
    points = datasets.load_boiling_points()
    pressure = np.round(100 * np.log10(points.pressure_inches_of_mercury), 2)  # as he tabled it
    slope, intercept = np.polyfit(points.boiling_point_fahrenheit, pressure, 1)
    assert (round(slope, 3), round(intercept, 3)) == (0.895, -42.138)


@claim("mean_absolute_error/derivation#why-we-need-it")
def test_four_stars_of_47_turn_the_sign_of_the_slope() -> None:
    stars = datasets.load_stars()
    light, temperature, giant = stars.log_light, stars.log_temperature, stars.is_giant
    assert (len(light), int(giant.sum())) == (47, 4)
    assert (
        np.polyfit(light, temperature, 1)[0]
        < 0
        < np.polyfit(light[~giant], temperature[~giant], 1)[0]
    )


@claim("mean_absolute_error/derivation#why-we-need-it")
def test_the_line_of_least_absolute_error_keeps_its_sign_among_the_giants() -> None:
    stars = datasets.load_stars()
    x, t = stars.log_light, stars.log_temperature
    # The best line goes through two of the points: all pairs are tried.
    best = (math.inf, 0.0)
    for i in range(len(x)):
        for j in range(i):
            if x[i] != x[j]:
                slope = (t[i] - t[j]) / (x[i] - x[j])
                cost = np.abs(t - t[i] - slope * (x - x[i])).sum()
                best = min(best, (float(cost), float(slope)))
    assert best[1] > 0


@claim("mean_absolute_error/derivation#its-properties")
def test_an_outlier_far_away_pulls_the_median_no_further() -> None:
    t = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    for far in (10.0, 1e3, 1e6):
        assert np.median([*t[:4], far]) == 3.0
        assert np.mean([*t[:4], far]) > 3.0


@claim("mean_squared_error/derivation#its-properties")
def test_convex_in_the_predictions_is_not_convex_in_the_weights_of_a_network() -> None:
    def loss(first: float, second: float) -> float:
        return lb.mean_squared_error([1.0], [first * second])

    ends = loss(1.0, 1.0), loss(-1.0, -1.0)
    assert loss(0.0, 0.0) > (ends[0] + ends[1]) / 2
    rng = np.random.default_rng(10)
    t, y, z = rng.normal(size=(3, 200, 4))
    halfway = [lb.mean_squared_error(a, (b + c) / 2) for a, b, c in zip(t, y, z, strict=True)]
    both = [
        (lb.mean_squared_error(a, b) + lb.mean_squared_error(a, c)) / 2
        for a, b, c in zip(t, y, z, strict=True)
    ]
    assert (np.array(halfway) <= both).all()


@claim("mean_squared_error/derivation#where-it-comes-from")
def test_the_likeliest_slope_is_the_one_with_the_smallest_sum_of_squares() -> None:
    points = datasets.load_boiling_points()
    x = points.boiling_point_fahrenheit - points.boiling_point_fahrenheit.mean()
    t = 100 * np.log10(points.pressure_inches_of_mercury)
    grid = np.linspace(0.8, 1.0, 401)
    y = grid[:, None] * x + t.mean()
    for sigma in (0.2, 0.4, 3.0):  # whatever the noise's width
        likelihood = [
            mpmath.fprod(
                mpmath.npdf(float(a), float(b), sigma) for a, b in zip(t, row, strict=True)
            )
            for row in y[::20]
        ]
        squares = ((y[::20] - t) ** 2).sum(axis=1)
        assert max(range(21), key=likelihood.__getitem__) == squares.argmin()


@claim("mean_squared_error/derivation#where-it-comes-from")
def test_freely_chosen_predictions_would_equal_the_labels() -> None:
    y = sp.Symbol("y", real=True)
    density = sp.exp(-((T - y) ** 2) / (2 * S**2)) / sp.sqrt(2 * sp.pi * S**2)
    assert sp.solve(sp.diff(density, y), y) == [T]


@claim("mean_squared_error/derivation#its-properties")
def test_the_root_is_smallest_where_the_squares_are_and_has_half_their_gradient_over_itself() -> (
    None
):
    """The root is smallest where the squares are; its gradient is theirs, divided by twice it."""
    rng = np.random.default_rng(31)
    t, x = rng.normal(size=9), rng.normal(size=9)
    roots = [float(np.sqrt(np.mean((w * x - t) ** 2))) for w in np.linspace(-2, 2, 401)]
    squares = [lb.mean_squared_error(t, w * x) for w in np.linspace(-2, 2, 401)]
    assert np.argmin(roots) == np.argmin(squares)
    y = 0.3 * x
    for i, slope in enumerate(lb.mean_squared_error.gradient(t, y)):
        rest = float(np.sum((y - t) ** 2) - (y[i] - t[i]) ** 2)
        root = mpmath.diff(lambda v, i=i, r=rest: mpmath.sqrt((r + (v - t[i]) ** 2) / 9), y[i])
        assert slope / (2 * lb.mean_squared_error(t, y) ** 0.5) == pytest.approx(float(root))


@claim("mean_squared_error/derivation#its-properties")
def test_the_mean_of_the_batches_roots_is_never_above_the_root_over_all() -> None:
    """The mean of the batches' roots is never above the root over all."""
    rng = np.random.default_rng(32)
    for _ in range(200):
        errors = rng.standard_cauchy((rng.integers(2, 6), rng.integers(1, 9)))
        roots, whole = np.sqrt((errors**2).mean(axis=1)), float(np.sqrt((errors**2).mean()))
        assert roots.mean() <= whole * (1 + 1e-14)
    even = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert np.sqrt((even**2).mean(axis=1)).mean() == 1.0


@claim("mean_squared_error/derivation#where-it-breaks")
def test_one_slip_of_the_pen_turns_the_squares_line_and_hardly_the_other() -> None:
    """One slip of the pen turns the line of squares, and hardly that of absolute errors."""
    points = datasets.load_boiling_points()
    x = points.boiling_point_fahrenheit
    slopes = []
    for first in (20.79, 79.20):
        pressure = points.pressure_inches_of_mercury.copy()
        pressure[0] = first
        t = 100 * np.log10(pressure)
        squared = np.polyfit(x, t, 1)[0]
        pairs = [(i, j) for i in range(17) for j in range(i) if x[i] != x[j]]
        lines = [((t[i] - t[j]) / (x[i] - x[j]), i) for i, j in pairs]
        costs = [np.abs(t - t[i] - w * (x - x[i])).sum() for w, i in lines]
        slopes.append((squared, lines[int(np.argmin(costs))][0]))
    (before, robust_before), (after, robust_after) = slopes
    assert abs(after / before - 1) > 1
    assert abs(robust_after / robust_before - 1) < 0.01


@claim("mean_absolute_error/derivation#relative-errors")
def test_the_best_constant_by_percentages_is_a_weighted_median_and_not_above_the_median() -> None:
    for seed in range(50):
        t = np.random.default_rng(seed).lognormal(1.0, 1.0, 21)
        cost = [np.mean(abs(c - t) / t) for c in t]  # piecewise linear: a label is a minimum
        best = float(t[np.argmin(cost)])
        below, above = np.sum(1 / t[t < best]), np.sum(1 / t[t > best])
        assert abs(below - above) <= 1 / best  # neither side outweighs the other and the label
        assert best <= np.median(t)


@claim("mean_absolute_error/derivation#relative-errors")
def test_a_guess_too_low_costs_100_percent_at_most_and_one_too_high_has_no_bound() -> None:
    """A guess between 0 and a positive label costs at most 100 percent, one too high any number."""
    t = np.random.default_rng(5).lognormal(1.0, 1.0, 100)
    for part in (0.0, 0.3, 0.99):
        assert np.max(abs(part * t - t) / t) <= 1
    assert [round(100 * abs(c * 3.0 - 3.0) / 3.0) for c in (3, 11, 1001)] == [200, 1000, 100000]


@claim("mean_absolute_error/derivation#relative-errors")
def test_the_best_constant_by_squared_logarithms_is_a_geometric_mean_and_not_above_the_mean() -> (
    None
):
    """The best constant by squared logarithms comes from a geometric mean, never above the mean."""
    for seed in range(50):
        t = np.random.default_rng(seed).exponential(5.0, 15)
        best = math.exp(math.fsum(map(math.log1p, t)) / 15) - 1
        assert best == pytest.approx(float(mpmath.root(mpmath.fprod(1 + t), 15) - 1))
        costs = [
            lb.mean_squared_error(np.log1p(t), np.full(15, math.log1p(c)))
            for c in (best, 0.999 * best, 1.001 * best)
        ]
        assert costs[0] < min(costs[1:])
        assert best <= t.mean()


@claim("mean_absolute_error/derivation#relative-errors")
def test_the_squared_logarithmic_error_is_convex_near_the_label_and_not_far_above() -> None:
    cost = (sp.log(1 + Y) - sp.log(1 + T)) ** 2
    bend = sp.diff(cost, Y, 2).subs(T, 3)
    assert bend.subs(Y, 4) > 0
    assert bend.subs(Y, 20) < 0
    assert sp.simplify(sp.diff(cost, Y, 2).subs(Y, sp.E * (1 + T) - 1)) == 0


@claim("mean_absolute_error/derivation#where-it-breaks")
def test_under_gaussian_noise_a_median_scatters_more_than_a_mean_and_less_under_laplace() -> None:
    """Under Gaussian noise a median scatters more than a mean, and under Laplace noise less."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for draw, median_is_worse in ((rng.normal, True), (rng.laplace, False)):
            samples = draw(size=(2000, 25))
            mean, median = samples.mean(axis=1).std(), np.median(samples, axis=1).std()
            assert (median > mean) == median_is_worse


@claim("mean_absolute_error/derivation#the-gradient")
def test_a_fixed_rate_jumps_over_the_median_for_ever() -> None:
    labels, c, path = np.arange(1.0, 6.0), 0.5, []
    for _ in range(1000):
        c -= lb.mean_absolute_error.gradient(labels, np.full(5, c)).sum()
        path.append(c)
    assert min(path[-2:]) < 3 < max(path[-2:])
    assert max(path[-100:]) - min(path[-100:]) > 0.1


@claim("mean_absolute_error/derivation#where-it-breaks")
def test_outliers_in_a_feature_turn_the_line_of_least_absolute_error() -> None:
    stars = datasets.load_stars()
    x, t = stars.log_temperature, stars.log_light
    for keep, rising in ((~stars.is_giant, True), (np.full(47, True), False)):
        u, v = x[keep], t[keep]
        lines = [
            (np.abs(v - v[i] - (v[i] - v[j]) / (u[i] - u[j]) * (u - u[i])).sum(), i, j)
            for i in range(len(u))
            for j in range(i)
            if u[i] != u[j]
        ]
        _, i, j = min(lines)
        assert ((v[i] - v[j]) / (u[i] - u[j]) > 0) == rising


# --- between the two ---


def best_constant(loss: Any, labels: Any) -> float:
    """Return where the slopes of a convex loss of a constant change their sign."""
    low, high = float(np.min(labels)), float(np.max(labels))
    for _ in range(80):
        middle = (low + high) / 2
        falls = loss.gradient(labels, np.full(len(labels), middle)).sum() < 0
        low, high = (middle, high) if falls else (low, middle)
    return low


def robust_slope(x: Any, t: Any) -> float:
    """Return the slope of a line by the Huber loss, with delta 1.345 spreads of its errors."""
    line = np.polyfit(x, t, 1)
    for _ in range(300):
        sizes = np.maximum(abs(np.polyval(line, x) - t), 1e-12)
        delta = 1.345 * np.median(sizes) / 0.6745
        line = np.polyfit(x, t, 1, w=np.sqrt(np.minimum(1, delta / sizes)))
    return float(line[0])


@claim("huber/derivation#why-we-need-it")
def test_the_two_pieces_of_the_huber_loss_meet_with_the_same_value_and_the_same_slope() -> None:
    """The two pieces of the Huber loss meet with the same value and the same slope."""
    delta = sp.Symbol("delta", positive=True)
    inside, outside = Y**2 / 2, delta * Y - delta**2 / 2
    for order in (0, 1):
        assert sp.simplify(sp.diff(inside - outside, Y, order).subs(Y, delta)) == 0
    assert sp.diff(inside - outside, Y, 2).subs(Y, delta) == 1  # so the bends differ
    for d in (0.3, 1.0, 4.0):
        values = lb.huber(np.zeros(2), [d * (1 - 1e-9), d * (1 + 1e-9)], delta=d, reduction="none")
        assert values == pytest.approx([d**2 / 2] * 2, rel=1e-8)


@claim("huber/derivation#the-code")
def test_the_product_of_the_huber_loss_holds_where_the_square_of_delta_overflows() -> None:
    """The product holds where the square of delta overflows."""
    delta, error = 1.4e154, 1.5e154
    with np.errstate(all="ignore"):
        assert math.isinf(np.float64(delta) ** 2 / 2)
    true = float(mpmath.mpf(delta) * (mpmath.mpf(error) - mpmath.mpf(delta) / 2))
    assert lb.huber([0.0], [error], delta=delta) == pytest.approx(true, rel=1e-15)


@claim("huber/derivation#the-gradient")
def test_a_constant_settles_under_the_huber_loss_with_any_learning_rate_below_2() -> None:
    """A constant settles under the Huber loss with any learning rate below 2."""
    rng = np.random.default_rng(31)
    for rate in (0.3, 1.0, 1.9):
        labels = np.concatenate([rng.normal(size=30), rng.normal(20, 5, 5)])
        c, best = 7.0, best_constant(lb.huber, labels)
        for _ in range(2000):
            c -= rate * lb.huber.gradient(labels, np.full(35, c)).sum()
        assert c == pytest.approx(best, abs=1e-9)


@claim("huber/derivation#m-estimators-and-their-influence")
def test_a_far_label_moves_the_huber_constant_by_delta_over_the_labels_inside() -> None:
    """A far label moves the Huber constant by delta over the labels inside, however far it is."""
    labels = np.concatenate([np.linspace(-0.5, 0.5, 11), [-30.0, 30.0]])
    for far in (10.0, 1e3, 1e9):
        moved = best_constant(lb.huber, np.append(labels, far))
        assert moved == pytest.approx(1 / 11, rel=1e-6)
        mean = np.append(labels, far).mean()
        assert mean == pytest.approx(far / 14)  # the mean goes with it


@claim("huber/derivation#what-delta-means-and-how-to-choose-it")
def test_with_1345_standard_deviations_the_huber_loss_is_95_percent_as_efficient_as_the_mean() -> (
    None
):
    """At 1.345 standard deviations the Huber loss has 95% of the mean's efficiency."""

    def efficiency(k: float) -> float:
        inside = mpmath.ncdf(k) - mpmath.ncdf(-k)
        pulls = inside - 2 * k * mpmath.npdf(k) + 2 * k**2 * mpmath.ncdf(-k)
        return float(inside**2 / pulls)

    assert efficiency(1.345) == pytest.approx(0.95, abs=2e-5)
    assert efficiency(1e-6) == pytest.approx(2 / math.pi, rel=1e-5)  # that of the median


@claim("huber/derivation#what-delta-means-and-how-to-choose-it")
def test_the_huber_constant_scatters_little_more_than_the_mean_and_far_less_with_outliers() -> None:
    """The Huber constant scatters little more than the mean, and far less with outliers."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        scatter = []
        for wide in (1.0, 10.0):
            labels = rng.normal(size=(400, 25))
            labels *= np.where(rng.random(labels.shape) < 0.1, wide, 1.0)
            found = []
            for row in labels:
                spread = np.median(abs(row - np.median(row))) / 0.6745
                loss = lb.huber.with_parameters(delta=1.345 * spread)
                found.append(best_constant(loss, row))
            scatter.append(np.std(found) / labels.mean(axis=1).std())
        assert scatter[0] < 1.12
        assert scatter[1] < 0.55


@claim("huber/derivation#where-it-breaks")
def test_a_smaller_delta_never_has_the_larger_loss() -> None:
    rng = np.random.default_rng(32)
    t, y = rng.normal(size=200), rng.normal(size=200) * 3
    losses = [lb.huber(t, y, delta=delta) for delta in (0.01, 0.1, 0.5, 1, 2, 5, 20)]
    assert all(a < b for a, b in pairwise(losses[:-1]))
    assert losses[-1] == pytest.approx(lb.mean_squared_error(t, y) / 2)


@claim("huber/derivation#where-it-breaks")
def test_one_sample_far_along_the_axis_turns_the_line_of_the_huber_loss() -> None:
    """One sample far enough along the axis turns the line, whatever its label."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-2, 2, 50)
        t = 3 * x + rng.normal(size=50)
        assert robust_slope(x, t) == pytest.approx(3, abs=0.5)
        t[-1] = 0.0
        assert robust_slope(x, t) == pytest.approx(3, abs=0.5)  # a wrong label does not
        x[-1] = 1e4
        assert abs(robust_slope(x, t)) < 0.1


@claim("huber/derivation#where-it-breaks")
def test_six_wrong_years_of_24_make_three_honest_ones_look_wrong() -> None:
    phone = datasets.load_phone_calls()
    year, calls = phone.year - 1900.0, phone.calls_millions
    slope = robust_slope(year, calls)
    errors = calls - slope * year
    errors -= best_constant(lb.huber.with_parameters(delta=12.12), errors)
    beyond = phone.year[abs(errors) > 1.345 * np.median(abs(errors)) / 0.6745]
    assert set(beyond.tolist()) - set(range(1964, 1970)) == {1971, 1972, 1973}
    honest = (phone.year < 1963) | (phone.year > 1970)
    clean = np.polyfit(year[honest], calls[honest], 1)[0]
    assert clean + 0.5 < slope < np.polyfit(year, calls, 1)[0] / 2


@claim("huber/derivation#the-smooth-cousin-log-cosh")
def test_log_cosh_is_half_a_square_nearby_and_an_absolute_value_less_log_2_far_away() -> None:
    """Log-cosh is half a square nearby and an absolute value less log 2 far away."""
    for x in (1e-12, 1e-5):
        assert lb.log_cosh([0.0], [x]) == pytest.approx(x**2 / 2, rel=1e-9)
    for x in (30.0, 1e5):
        assert lb.log_cosh([0.0], [x]) == pytest.approx(x - math.log(2), rel=1e-15)
    slope = sp.diff(sp.log(sp.cosh(Y)), Y)
    assert sp.simplify((slope - sp.tanh(Y)).rewrite(sp.exp)) == 0


# --- quantiles ---


def quantile_cost(t: Any, y: Any, level: float) -> Any:
    """Return the pinball loss of each sample, from its two prices."""
    return level * np.maximum(t - y, 0) + (1 - level) * np.maximum(y - t, 0)


def quantile_line(x: np.ndarray, t: np.ndarray, level: float) -> tuple[float, float]:
    """Return intercept and slope of the best line: as long as one through its points is better."""
    least, i, found = math.inf, 0, (0.0, 0.0)
    while True:
        others = np.flatnonzero(x != x[i])
        slopes = (t[others] - t[i]) / (x[others] - x[i])
        costs = quantile_cost(t, t[i] + slopes[:, None] * (x - x[i]), level).sum(axis=1)
        k = int(costs.argmin())
        if costs[k] > least - 1e-9:
            return found
        least, found = costs[k], (float(t[i] - slopes[k] * x[i]), float(slopes[k]))
        i = int(others[k])


@claim("pinball/derivation#its-properties")
def test_the_best_constant_has_the_level_between_the_shares_below_and_at_most_equal() -> None:
    """The share below the best constant is at most the level, that below or at it at least."""
    rng = np.random.default_rng(3)
    for level in (0.1, 0.5, 0.73, 0.9):
        for size in (10, 47):
            t = rng.integers(0, 12, size).astype(float)  # whole numbers: many ties
            costs = [lb.pinball(t, np.full(size, c), quantile=level) for c in t]
            best = t[int(np.argmin(costs))]
            assert (t < best).mean() <= level + 1e-12
            assert (t <= best).mean() >= level - 1e-12
            assert min(costs) <= lb.pinball(t, np.full(size, best + 0.3), quantile=level) + 1e-12


@claim("pinball/derivation#where-it-comes-from")
def test_the_cheapest_stock_is_the_quantile_at_the_critical_fraction() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        demand, m = rng.poisson(30, 99), float(rng.choice([0.25, 1.0, 3.0, 9.0]))
        stocks = np.arange(100)[:, None]
        costs = (m * np.maximum(demand - stocks, 0) + np.maximum(stocks - demand, 0)).sum(axis=1)
        best = int(costs.argmin())
        assert (demand < best).mean() <= m / (1 + m) <= (demand <= best).mean()
        # The last unit that is worth its price sells with at least the threshold's probability.
        assert (demand >= best).mean() >= 1 / (1 + m)
        assert (demand > best).mean() <= 1 / (1 + m)


@claim("pinball/derivation#where-it-comes-from")
def test_the_bakery_should_bake_45_loaves_and_not_the_mean() -> None:
    """The bakery should bake 45 loaves, and neither the mean nor the median."""
    demand = (31, 34, 36, 38, 39, 41, 42, 45, 50, 64)
    cost = {n: sum(3 * (d - n) if d > n else n - d for d in demand) for n in range(100)}
    assert min(cost, key=cost.__getitem__) == 45
    assert cost[45] < cost[42] < cost[40] < cost[64]


@claim("pinball/derivation#where-it-comes-from")
def test_asymmetric_laplace_noise_leads_to_the_pinball_loss() -> None:
    """Asymmetric Laplace noise leads to the pinball loss."""
    for level in (0.1, 0.5, 0.9):
        for scale in (0.7, 3.0):

            def density(t: Any, q: float = level, s: float = scale) -> Any:
                return q * (1 - q) / s * mpmath.exp(-max(q * t, (q - 1) * t) / s)

            below, above = (
                mpmath.quad(density, [-mpmath.inf, 0]),
                mpmath.quad(density, [0, mpmath.inf]),
            )
            assert (float(below), float(above)) == pytest.approx((level, 1 - level), abs=1e-9)
            for t in (-2.0, 0.5, 4.0):
                surprise = -mpmath.log(density(t)) + mpmath.log(level * (1 - level) / scale)
                assert scale * float(surprise) == pytest.approx(
                    lb.pinball([t], [0.0], quantile=level), abs=1e-12
                )


@claim("pinball/derivation#where-it-comes-from")
def test_the_noise_model_of_the_pinball_loss_lets_people_reach_work_before_they_leave() -> None:
    """Taken at its word, the density says that one in ten needs less than no time."""
    commutes = datasets.load_commutes()
    t = commutes.minutes[commutes.city == "Boston"]
    best = float(np.quantile(t, 0.9))
    scale = quantile_cost(t, best, 0.9).mean()

    def share(time: float) -> float:
        return float(
            mpmath.quad(
                lambda x: 0.09 / scale * mpmath.exp(-0.1 * (best - x) / scale), [-3000, time]
            )
        )

    assert share(best) == pytest.approx(0.9, abs=1e-6)
    assert share(-20.0) > 0.1
    assert t.min() >= 0


@claim("pinball/derivation#its-properties")
def test_a_line_with_intercept_leaves_the_share_of_its_level_below() -> None:
    engel = datasets.load_engel()
    x, t = engel.income_francs, engel.food_francs
    for level in (0.05, 0.25, 0.5, 0.9):
        b, w = quantile_line(x, t, level)
        above = t - b - w * x
        assert (above < -1e-9).sum() <= level * 235 <= (above < 1e-9).sum()
        assert (abs(above) < 1e-9).sum() == 2


@claim("pinball/derivation#its-properties")
def test_quantiles_go_along_with_every_rising_function_and_means_do_not() -> None:
    """Quantiles go along with every rising function, and means do not."""
    t = np.random.default_rng(6).lognormal(size=101)
    for level in (0.1, 0.5, 0.9):
        best = [min(s, key=lambda c, s=s: quantile_cost(s, c, level).sum()) for s in (t, np.log(t))]
        assert np.log(best[0]) == best[1]
    assert np.log(t.mean()) > np.log(t).mean() + 0.1


@claim("pinball/derivation#intervals")
def test_where_the_spread_grows_two_quantiles_hold_and_one_margin_does_not() -> None:
    """Where the spread grows, two quantiles hold better for rich and poor than one margin."""
    engel = datasets.load_engel()
    x, t = engel.income_francs, engel.food_francs
    thirds = np.searchsorted(np.quantile(x, [1 / 3, 2 / 3]), x)
    shares, lower = [], 0
    for seed in range(40):
        order = np.random.default_rng(100 + seed).permutation(235)
        train, rest = order[:157], order[157:]
        (b0, w0), (b1, w1) = (quantile_line(x[train], t[train], v) for v in (0.1, 0.9))
        w, b = np.polyfit(x[train], t[train], 1)
        margin = 1.28 * (t[train] - b - w * x[train]).std()
        row, cost = [], []
        for low, high in (
            (b0 + w0 * x[rest], b1 + w1 * x[rest]),
            (b + w * x[rest] - margin, b + w * x[rest] + margin),
        ):
            inside = (low <= t[rest]) & (t[rest] <= high)
            row.append([inside[thirds[rest] == k].mean() for k in range(3)])
            cost.append(
                (quantile_cost(t[rest], low, 0.1) + quantile_cost(t[rest], high, 0.9)).mean()
            )
        shares.append(row)
        lower += cost[0] < cost[1]
    quantiles, margins = np.mean(shares, axis=0)
    assert abs(quantiles - 0.8).max() < 0.1 < abs(margins - 0.8).max()
    assert margins[0] > 0.97
    assert margins[2] < 0.73
    assert lower == 40


def late_line(features: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return the parameters of the 0.9 line, by subgradients whose last half is averaged."""
    w, path = np.zeros(features.shape[1]), []
    w[0] = np.median(t)
    for step in range(1, 1001):
        slopes = np.where(features @ w > t, 0.1, -0.9) / len(t)
        w = w - 80 / math.sqrt(step) * features.T @ slopes
        path.append(w)
    return np.mean(path[500:], axis=0)


@claim("pinball/derivation#intervals", "pinball/derivation#where-it-breaks")
def test_on_people_not_seen_the_line_of_the_level_covers_its_share_and_costs_least() -> None:
    """On people not seen the 0.9 line covers its share, and costs less than mean and constant."""
    commutes = datasets.load_commutes()
    t, miles = commutes.minutes, (commutes.miles - 14.5) / 12.4
    features = np.column_stack(
        [np.ones(2000), miles, *[(commutes.city == c) * 1.0 for c in np.unique(commutes.city)[1:]]]
    )
    covered, far, cheaper = [], [], 0
    for seed in range(10):
        order = np.random.default_rng(50 + seed).permutation(2000)
        train, rest = order[:1000], order[1000:]
        line = features[rest] @ late_line(features[train], t[train])
        mean = features[rest] @ np.linalg.lstsq(features[train], t[train], rcond=None)[0]
        same = np.full(1000, np.quantile(t[train], 0.9))
        out = commutes.miles[rest] >= 30
        covered.append([(t[rest] <= y).mean() for y in (line, same)])
        far.append([(t[rest] <= y)[out].mean() for y in (line, same)])
        costs = [quantile_cost(t[rest], y, 0.9).mean() for y in (line, mean, same)]
        cheaper += costs[0] < min(costs[1:])
    assert np.mean(covered, axis=0) == pytest.approx([0.9, 0.91], abs=0.02)
    assert np.mean(far, axis=0)[0] > 0.85
    assert np.mean(far, axis=0)[1] < 0.7
    assert cheaper == 10


@claim("pinball/derivation#where-it-breaks")
def test_sorting_predictions_that_have_crossed_lowers_the_sum_of_their_losses() -> None:
    rng = np.random.default_rng(8)
    for _ in range(300):
        t, y = rng.normal(size=2) * 5, rng.normal()
        low, high = np.sort(rng.uniform(0.01, 0.99, 2))
        gap = rng.exponential()
        crossed = quantile_cost(t, y + gap, low) + quantile_cost(t, y, high)
        ordered = quantile_cost(t, y, low) + quantile_cost(t, y + gap, high)
        assert crossed - ordered == pytest.approx((high - low) * gap)


@claim("pinball/derivation#where-it-breaks")
def test_an_interval_fitted_to_few_households_covers_less_than_its_levels_say() -> None:
    engel = datasets.load_engel()
    x, t = engel.income_francs, engel.food_francs
    covered = []
    for size in (20, 157):
        inside = []
        for seed in range(40):
            order = np.random.default_rng(200 + seed).permutation(235)
            few, rest = order[:size], order[size:]
            (b0, w0), (b1, w1) = (quantile_line(x[few], t[few], v) for v in (0.05, 0.95))
            inside.append(((b0 + w0 * x[rest] <= t[rest]) & (t[rest] <= b1 + w1 * x[rest])).mean())
        covered.append(np.mean(inside))
    assert covered[0] < 0.85
    assert covered[0] + 0.04 < covered[1] < 0.92


@claim("pinball/derivation#where-it-breaks")
def test_two_cities_can_share_median_and_0_9_quantile_and_differ_beyond() -> None:
    """Two cities share the median and the 0.9 quantile, and differ beyond it."""
    commutes = datasets.load_commutes()
    one, other = (commutes.minutes[commutes.city == c] for c in ("Houston", "Minneapolis"))
    assert [np.quantile(one, p) == np.quantile(other, p) for p in (0.5, 0.9, 0.95)] == [
        True,
        True,
        False,
    ]
    moved = np.where(one == one.max(), 1e6, one)  # to the moon
    assert np.quantile(moved, 0.9) == np.quantile(one, 0.9)


@claim("pinball/derivation#the-code")
def test_the_tilted_form_loses_digits_at_levels_near_0() -> None:
    level, error = 1e-15, 3.0
    tilted = 0.5 * abs(error) + (level - 0.5) * error
    assert abs(tilted / (level * error) - 1) > 0.01
    assert lb.pinball([error], [0.0], quantile=level) == pytest.approx(level * error, rel=1e-15)
    # The larger of two, as it is typed, agrees with the package to the last digit.
    rng = np.random.default_rng(9)
    t, y, level = rng.normal(size=1000), rng.normal(size=1000), float(rng.random())
    typed = np.maximum(level * (t - y), (level - 1) * (t - y))
    np.testing.assert_array_equal(lb.pinball(t, y, quantile=level, reduction="none"), typed)


@claim("pinball/derivation#the-code")
def test_the_typed_gradient_differs_from_that_of_the_package_at_the_label_alone() -> None:
    t = np.array([3.0, 3.0, 3.0])
    y = np.array([2.0, 3.0, 4.0])
    for level in (0.1, 0.5, 0.9):
        typed = np.where(t > y, -level, 1 - level)
        slopes = lb.pinball.gradient(t, y, quantile=level, reduction="sum")
        assert slopes[[0, 2]].tolist() == typed[[0, 2]].tolist()
        assert (typed[1], slopes[1]) == (1 - level, 0.0)


# --- spreads ---


def line_and_spread(x: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the line of the mean and that of the log-variance, by Fisher's scoring."""
    features = np.column_stack([np.ones_like(x), x])
    w, v = np.array([t.mean(), 0.0]), np.array([math.log(t.var()), 0.0])
    for _ in range(200):
        weights = np.exp(-features @ v)
        weighted = features.T * weights
        w = np.linalg.solve(weighted @ features, weighted @ t)
        excess = (t - features @ w) ** 2 * weights - 1
        v = v + 0.5 * np.linalg.lstsq(features, excess, rcond=None)[0]
    return w, v


def bell_surprise(t: Any, y: Any, z: Any) -> Any:
    """Return the loss of each sample, from its two terms."""
    return (z + (t - y) ** 2 * np.exp(-z)) / 2


@claim("gaussian_negative_log_likelihood/derivation#why-we-need-it")
def test_a_predicted_spread_makes_the_line_of_engel_s_households_steeper() -> None:
    engel = datasets.load_engel()
    x, t = engel.income_francs / 1000, engel.food_francs / 1000
    w, v = line_and_spread(x, t)
    slope, intercept = np.polyfit(x, t, 1)
    plain = np.var(t - intercept - slope * x)
    assert (round(slope, 2), round(float(w[1]), 2)) == (0.49, 0.58)
    assert v[1] > 0
    full = math.log(2 * math.pi) / 2
    same = -np.sum(bell_surprise(t, intercept + slope * x, math.log(plain)) + full)
    own = -np.sum(bell_surprise(t, w[0] + w[1] * x, v[0] + v[1] * x) + full)
    assert (round(float(same), 2), round(float(own), 2)) == (177.65, 269.67)
    # The far rich households lie below the line of the others.
    far = x > 2
    assert np.mean(t[far] < w[0] + w[1] * x[far]) > 0.5


@claim(
    "gaussian_negative_log_likelihood/derivation#where-it-comes-from",
    "gaussian_negative_log_likelihood/derivation#intervals",
)
def test_a_predicted_spread_holds_for_rich_and_poor_and_surprises_less_on_others() -> None:
    """On households not seen a predicted spread surprises less, and holds for rich and poor."""
    engel = datasets.load_engel()
    x, t = engel.income_francs / 1000, engel.food_francs / 1000
    thirds = np.searchsorted(np.quantile(x, [1 / 3, 2 / 3]), x)
    shares, lower = [], 0
    for seed in range(40):
        order = np.random.default_rng(300 + seed).permutation(235)
        train, rest = order[:157], order[157:]
        w, v = line_and_spread(x[train], t[train])
        slope, intercept = np.polyfit(x[train], t[train], 1)
        plain = math.log(np.var(t[train] - intercept - slope * x[train]))
        rows = (
            (w[0] + w[1] * x[rest], v[0] + v[1] * x[rest]),
            (intercept + slope * x[rest], np.full(len(rest), plain)),
        )
        inside = [abs(t[rest] - y) <= 1.2816 * np.exp(z / 2) for y, z in rows]
        shares.append([[held[thirds[rest] == k].mean() for k in range(3)] for held in inside])
        own, same = (bell_surprise(t[rest], y, z).mean() for y, z in rows)
        lower += own < same
    predicted, margin = np.mean(shares, axis=0)
    assert abs(predicted - 0.8).max() < 0.07
    assert margin[0] > 0.97
    assert margin[2] < 0.75
    assert lower == 40


@claim("gaussian_negative_log_likelihood/derivation#its-properties")
def test_the_best_constants_of_a_predicted_bell_are_the_mean_and_the_biased_variance() -> None:
    t = np.random.default_rng(4).exponential(size=30)
    best = t.mean(), math.log(t.var())
    least = bell_surprise(t, *best).mean()
    for y, z in product((-0.01, 0.0, 0.01), repeat=2):
        rows = np.tile([best[0] + y, best[1] + z], (30, 1))
        assert lb.gaussian_negative_log_likelihood(t, rows) >= least - 1e-12


@claim("gaussian_negative_log_likelihood/derivation#its-properties")
def test_a_predicted_bell_is_convex_in_each_of_its_numbers_and_not_in_both() -> None:
    """A predicted bell's loss is convex in each of its two numbers, and not in both."""
    y, z, t = sp.symbols("y z t", real=True)
    loss = (z + (y - t) ** 2 * sp.exp(-z)) / 2
    hessian = sp.hessian(loss, (y, z))
    assert sp.simplify(hessian[0, 0] - sp.exp(-z)) == 0
    assert sp.simplify(hessian[1, 1] - (y - t) ** 2 * sp.exp(-z) / 2) == 0
    assert sp.simplify(hessian.det() + (y - t) ** 2 * sp.exp(-2 * z) / 2) == 0


@claim("gaussian_negative_log_likelihood/derivation#its-properties")
def test_in_another_unit_the_logarithm_of_the_factor_is_added_to_the_loss() -> None:
    rng = np.random.default_rng(5)
    t, rows = rng.normal(size=20), rng.normal(size=(20, 2))
    for c in (0.001, 7.0):
        moved = np.column_stack([c * rows[:, 0], rows[:, 1] + 2 * math.log(c)])
        added = lb.gaussian_negative_log_likelihood(
            c * t, moved
        ) - lb.gaussian_negative_log_likelihood(t, rows)
        assert added == pytest.approx(math.log(c))


@claim("gaussian_negative_log_likelihood/derivation#where-it-breaks")
def test_a_mean_that_starts_ten_times_as_far_away_needs_a_hundred_times_the_steps() -> None:
    """Where the spread is learned too, ten times as far takes about a hundred times as long."""

    def steps(start: float, learned: bool) -> int:
        mean, z, count = start, 0.0, 0
        while abs(mean) >= 1:
            scatter = 1 + mean**2  # the mean squared error of labels around 0 with spread 1
            mean, z, count = (
                mean - 0.1 * mean * math.exp(-z),
                z - 0.05 * (1 - scatter * math.exp(-z)) if learned else 0.0,
                count + 1,
            )
        return count

    assert steps(30, False) < 4 * steps(3, False)
    assert 100 < steps(30, True) / steps(3, True) < 200


@claim("gaussian_negative_log_likelihood/derivation#where-it-breaks")
def test_half_of_the_division_comes_to_rest_where_the_whole_does_not() -> None:
    crash = datasets.load_motorcycle()
    time, g = crash.milliseconds, crash.acceleration_g
    g = (g - g.mean()) / g.std()

    def hills(count: int, width: float) -> np.ndarray:
        tops = np.linspace(0, 60, count)
        return np.column_stack([np.ones_like(time), np.exp(-((time[:, None] - tops) ** 2) / width)])

    mean, spread = hills(13, 32.0), hills(7, 128.0)
    jumps = []
    for power, first in ((0.0, 0), (0.0, 500), (0.5, 0)):
        w, v, path = np.zeros(14), np.zeros(8), []
        for step in range(2000):
            y, z = mean @ w, spread @ v
            path.append(bell_surprise(g, y, z).mean())
            whole = 1.0 if step < first else power
            w = w - 0.3 * mean.T @ ((y - g) * np.exp((whole - 1) * z)) / 133
            if step >= first:
                v = v - 0.3 * spread.T @ (1 - (y - g) ** 2 * np.exp(-z)) / 266
        jumps.append(max(path[-500:]) - min(path[-500:]))
    assert jumps[0] > 1
    assert jumps[1] > 1, "the mean first: no cure for spreads that are too small"
    assert jumps[2] < 0.1


@claim("gaussian_negative_log_likelihood/derivation#where-it-breaks")
def test_who_learns_the_mean_first_is_near_when_the_spread_begins() -> None:
    """A mean learned first, by the squared error, is near before a spread can lame it."""

    def left(first: int) -> float:
        mean, z = 30.0, 0.0
        for step in range(300):
            scatter = 1 + mean**2
            pull = mean if step < first else mean * math.exp(-z)
            mean = mean - 0.1 * pull
            z = z - 0.05 * (1 - scatter * math.exp(-z)) if step >= first else 0.0
        return abs(mean)

    assert left(50) < 0.1
    assert left(0) > 20


@claim("gaussian_negative_log_likelihood/derivation#where-it-breaks")
def test_one_household_that_is_far_off_widens_the_spread_of_its_like() -> None:
    """One household of the middle, 1,000 francs off, widens the spread of its like by a third."""
    engel = datasets.load_engel()
    x, t = engel.income_francs / 1000, engel.food_francs / 1000
    moved = t.copy()
    middle = np.argsort(x)[len(x) // 2]
    moved[middle] += 1
    (w, v), (w_moved, v_moved) = line_and_spread(x, t), line_and_spread(x, moved)
    here = np.array([1, x[middle]])
    assert (w_moved - w) @ here > 0
    assert 1.3 < math.exp((v_moved - v) @ here / 2) < 1.4


@claim("gaussian_negative_log_likelihood/derivation#where-it-breaks")
def test_ways_to_work_are_no_bell() -> None:
    """A bell around the ways to work covers the long ones, and expects too many short ones."""
    commutes = datasets.load_commutes()
    x, t = commutes.miles / 10, commutes.minutes / 10
    order = np.random.default_rng(12).permutation(2000)
    train, rest = order[:1000], order[1000:]
    w, v = line_and_spread(x[train], t[train])
    size = (t[rest] - w[0] - w[1] * x[rest]) / np.exp((v[0] + v[1] * x[rest]) / 2)
    assert np.mean(size < -1.2816) < 0.05
    assert 0.05 < np.mean(size > 1.2816) < 0.15


# --- counts ---


def ship_groups() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return features, months and incidents of the groups of ships that were at sea."""
    ships = datasets.load_ships()
    columns = [ships.months > 0, *(ships.type == name for name in "BCDE")]
    columns += [ships.built == year for year in (1965, 1970, 1975)]
    features = np.column_stack([*columns, ships.period == 1975]).astype(float)
    at_sea = ships.months > 0
    return features[at_sea], ships.months[at_sea], ships.incidents[at_sea]


def newton(features: np.ndarray, t: np.ndarray, offset: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of a Poisson regression and the expected counts, by Newton's steps."""
    w = np.zeros(features.shape[1])
    w[0] = math.log(t.sum() / np.exp(offset).sum())
    for _ in range(30):
        y = np.exp(offset + features @ w)
        w = w + np.linalg.solve(features.T @ (features * y[:, None]), features.T @ (t - y))
    return w, y


@claim("poisson/derivation#why-we-need-it")
def test_the_type_of_ship_with_most_incidents_has_the_fewest_in_a_month() -> None:
    ships = datasets.load_ships()
    counts = {k: ships.incidents[ships.type == k].sum() for k in "ABCDE"}
    months = {k: ships.months[ships.type == k].sum() for k in "ABCDE"}
    assert max(counts, key=counts.__getitem__) == "B"
    assert min(counts, key=lambda k: counts[k] / months[k]) == "B"


@claim("poisson/derivation#why-we-need-it")
def test_squares_of_rates_expect_fewer_incidents_than_none_for_some_ships() -> None:
    features, months, t = ship_groups()
    fit = np.linalg.lstsq(features, t / months, rcond=None)[0]
    assert (features @ fit < 0).sum() == 3


@claim("poisson/derivation#where-it-comes-from")
def test_many_rare_chances_make_a_poisson_count() -> None:
    """The number of rare independent events goes to the Poisson distribution."""
    for k in range(5):
        exact = 0.61**k * math.exp(-0.61) / math.factorial(k)
        gaps = [
            abs(math.comb(n, k) * (0.61 / n) ** k * (1 - 0.61 / n) ** (n - k) - exact)
            for n in (10, 100, 1000)
        ]
        assert gaps[2] < 1e-3
        assert gaps == sorted(gaps, reverse=True)


@claim("poisson/derivation#the-gradient")
def test_at_the_minimum_expected_and_counted_are_equal_in_every_group_with_a_weight() -> None:
    features, months, t = ship_groups()
    _, y = newton(features, t, np.log(months))
    np.testing.assert_allclose(features.T @ y, features.T @ t, rtol=1e-9)


@claim("poisson/derivation#why-three-gradients-are-one")
def test_with_the_canonical_link_the_slope_of_the_gradient_is_the_variance() -> None:
    """With the canonical link the second derivative of the loss is the variance of a label."""
    z = sp.symbols("z", real=True)
    y = 1 / (1 + sp.exp(-z))
    assert sp.simplify(sp.diff(sp.log(1 + sp.exp(z)), z, 2) - y * (1 - y)) == 0
    for rate in (0.3, 2.0):
        chances = [rate**k * math.exp(-rate) / math.factorial(k) for k in range(60)]
        variance = sum(p * (k - rate) ** 2 for k, p in enumerate(chances))
        second = float(mpmath.diff(lambda v: mpmath.exp(v) - 3 * v, math.log(rate), 2))
        assert second == pytest.approx(variance, rel=1e-9)


@claim("poisson/derivation#on-real-data")
def test_without_the_offset_the_commonest_type_looks_like_the_worst() -> None:
    features, months, t = ship_groups()
    orders = []
    for offset in (np.log(months), np.zeros(len(t))):
        w, _ = newton(features, t, offset)
        types = {"A": 0.0, **dict(zip("BCDE", w[1:5].tolist(), strict=True))}
        orders.append("".join(sorted(types, key=types.__getitem__, reverse=True)))
    assert orders[0] == "EADBC"
    assert orders[1][0] == "B"


@claim("poisson/derivation#deviance-and-overdispersion")
def test_intervals_of_overdispersed_counts_hold_once_they_are_widened() -> None:
    """With a dispersion of 1.7 plain intervals hold too little, and widened ones enough."""
    rng = np.random.default_rng(21)
    t = rng.poisson(4 * rng.gamma(4 / 0.7, 0.7 / 4, size=(2000, 50)))
    mean = t.mean(axis=1)
    error = np.sqrt(mean / 50)
    root = np.sqrt(((t - mean[:, None]) ** 2).sum(axis=1) / mean / 49)
    assert np.mean(abs(mean - 4) < 1.96 * error) < 0.9
    assert np.mean(abs(mean - 4) < 1.96 * error * root) == pytest.approx(0.95, abs=0.02)


@claim("poisson/derivation#deviance-and-overdispersion")
def test_the_type_c_differs_for_certain_only_by_the_interval_that_is_too_narrow() -> None:
    """By the plain interval the type C has fewer incidents than A; widened, that is open."""
    features, months, t = ship_groups()
    w, y = newton(features, t, np.log(months))
    error = math.sqrt(np.linalg.inv(features.T @ (features * y[:, None]))[2, 2])
    dispersion = ((t - y) ** 2 / y).sum() / 25
    assert w[2] + 1.96 * error < 0 < w[2] + 1.96 * math.sqrt(dispersion) * error


@claim("poisson/derivation#the-code")
def test_a_typed_deviance_loses_its_digits_where_rate_and_count_are_nearly_equal() -> None:
    with mpmath.workdps(60):
        t, y = mpmath.mpf(1000), mpmath.mpf(1000.00001)
        exact = float(2 * (t * mpmath.log(t / y) - (t - y)))
    typed = 2 * (1000 * math.log(1000 / 1000.00001) - (1000 - 1000.00001))
    assert abs(typed / exact - 1) > 1e-4


@claim("poisson/derivation#its-properties")
def test_the_best_common_rate_is_all_counts_over_all_exposures() -> None:
    _, months, t = ship_groups()
    best = math.log(t.sum() / months.sum())
    losses = [lb.poisson(t, np.log(months) + best + h) for h in (-0.01, 0.0, 0.01)]
    assert losses[1] == min(losses)
    assert abs(np.mean(t / months) / math.exp(best) - 1) > 0.3


@claim("poisson/derivation#its-properties")
def test_a_rate_twice_too_large_costs_more_than_one_twice_too_small() -> None:
    for count in (1, 5, 50):
        high, exact, low = (count * f - count * math.log(count * f) for f in (2, 1, 0.5))
        assert high - exact > low - exact > 0


@claim("poisson/derivation#where-it-breaks")
def test_a_learning_rate_that_is_too_large_goes_to_and_fro_between_wrong_weights() -> None:
    features, months, t = ship_groups()
    best, _ = newton(features, t, np.log(months))
    found = []
    for rate in (0.05, 0.1):
        w = np.zeros(9)
        w[0] = math.log(t.sum() / months.sum())
        for _ in range(1000):
            w = w - rate * features.T @ (months * np.exp(features @ w) - t) / 34
        found.append(w)
    np.testing.assert_allclose(found[0], best, atol=1e-3)
    assert abs(found[1] - best).max() > 0.1
    assert abs(found[1]).max() < 10


# --- classes ---


@claim("binary_crossentropy/derivation#why-not-the-squared-error")
def test_the_gradient_of_cross_entropy_on_logits_stays_minus_one_when_confidently_wrong() -> None:
    """The gradient of cross-entropy on logits stays at -1 when confidently wrong."""
    for z in (-20.0, -100.0, -700.0):
        slope = lb.binary_crossentropy.from_logits.gradient([1], [z])[0]
        assert slope == pytest.approx(float(-1 / (1 + mpmath.exp(z))), rel=1e-15)
        assert slope == pytest.approx(-1.0, abs=1e-8)


@claim("binary_crossentropy/derivation#why-not-the-squared-error")
def test_the_gradient_of_squared_error_through_a_sigmoid_vanishes_when_confidently_wrong() -> None:
    z = sp.Symbol("z", real=True)
    slope = sp.diff((1 / (1 + sp.exp(-z)) - 1) ** 2, z)
    assert abs(float(slope.subs(z, -20).evalf(30))) < 1e-8
    assert sp.limit(slope, z, -sp.oo) == 0


@claim("binary_crossentropy/derivation#where-it-comes-from", "likelihood/index#one-argument")
def test_bernoulli_labels_lead_to_the_binary_cross_entropy() -> None:
    """Bernoulli labels lead to the binary cross-entropy."""
    y = sp.Symbol("y", positive=True)
    for label in (0, 1):
        likelihood = y**label * (1 - y) ** (1 - label)
        ours = lb.binary_crossentropy([label], [0.3])
        assert ours == pytest.approx(float(-sp.log(likelihood).subs(y, 0.3)), rel=1e-15)


@claim("binary_crossentropy/derivation#why-not-the-squared-error")
def test_the_squared_error_of_a_sigmoid_is_not_convex_in_the_logit_and_cross_entropy_is() -> None:
    """The squared error of a sigmoid is not convex in the logit, and the cross-entropy is."""
    z = sp.Symbol("z", real=True)
    y = 1 / (1 + sp.exp(-z))
    bend = sp.diff((y - 1) ** 2, z, 2)
    assert sp.simplify(bend - 2 * y * (1 - y) ** 2 * (3 * y - 1)) == 0
    assert bend.subs(z, -2) < 0 < bend.subs(z, 2)
    assert sp.simplify(sp.diff(-sp.log(y), z, 2) - y * (1 - y)) == 0


@claim("binary_crossentropy/derivation#its-properties")
def test_the_share_of_wrong_decisions_is_at_most_the_loss_divided_by_log_2() -> None:
    rng = np.random.default_rng(11)
    for _ in range(200):
        t, y = rng.integers(0, 2, 20), rng.beta(0.5, 0.5, 20)
        assert ((y > 0.5) != t).mean() <= lb.binary_crossentropy(t, y) / math.log(2)


@claim("binary_crossentropy/derivation#where-it-breaks")
def test_inside_the_clipped_range_a_loss_stands_still_at_16_1() -> None:
    """Inside the clipped range, a loss of clipped probabilities stands still, at 16.1."""
    at = [
        lb.binary_crossentropy([1], lb.clip_probabilities([y], 1e-7))
        for y in (0.0, 1e-12, 1e-9, 9e-8)
    ]
    assert set(at) == {at[0]}
    assert at[0] == pytest.approx(float(-mpmath.log("1e-7")), rel=1e-7)
    assert round(at[0], 1) == 16.1


@claim("categorical_crossentropy/derivation#where-it-comes-from", "likelihood/index#one-argument")
def test_categorical_labels_lead_to_the_categorical_cross_entropy() -> None:
    """Categorical labels lead to the categorical cross-entropy."""
    y = [sp.Rational(1, 5), sp.Rational(1, 2), sp.Rational(3, 10)]
    for label in range(3):
        likelihood = sp.prod([p ** int(j == label) for j, p in enumerate(y)])
        ours = lb.sparse_categorical_crossentropy([label], [[float(p) for p in y]])
        assert ours == pytest.approx(float(-sp.log(likelihood)), rel=1e-15)


@claim("binary_crossentropy/derivation#where-it-breaks")
def test_all_four_flights_below_65_degrees_had_distress() -> None:
    flights = datasets.load_challenger()
    cold = flights.temperature_fahrenheit < 65
    assert (cold.sum(), flights.any_distress[cold].sum()) == (4, 4)


@claim("categorical_crossentropy/derivation#the-gradient")
def test_the_squared_error_of_a_softmax_has_no_gradient_where_it_is_confidently_wrong() -> None:
    z = sp.symbols("z0:3", real=True)
    e = [sp.exp(v) for v in z]
    squares = (e[0] / sum(e) - 1) ** 2 + sum((v / sum(e)) ** 2 for v in e[1:])
    wrong = {z[0]: -20, z[1]: 0, z[2]: -15}
    assert abs(float(sp.diff(squares, z[0]).subs(wrong).evalf(30))) < 1e-7
    logits = [[float(wrong[v]) for v in z]]
    assert lb.sparse_categorical_crossentropy.from_logits.gradient([0], logits)[0, 0] < -0.999


@claim("categorical_crossentropy/derivation#its-properties")
def test_the_cross_entropy_of_a_softmax_is_convex_in_the_logits() -> None:
    """The cross-entropy of a softmax is convex in the logits."""
    rng = np.random.default_rng(15)
    z, other = 10 * rng.normal(size=(2, 500, 4))
    t = rng.dirichlet(np.ones(4), size=500)
    loss = lb.categorical_crossentropy.from_logits
    ends = [loss(t, ends, reduction="none") for ends in (z, other)]
    assert (loss(t, (z + other) / 2, reduction="none") <= (ends[0] + ends[1]) / 2).all()


@claim("binary_crossentropy/derivation#its-properties")
def test_without_temperature_the_flights_are_a_coin_with_the_base_rate() -> None:
    damaged = datasets.load_challenger().distressed_o_rings > 0
    rate = damaged.mean()
    grid = np.linspace(0.001, 0.999, 999)
    costs = -(rate * np.log(grid) + (1 - rate) * np.log(1 - grid))
    assert abs(grid[costs.argmin()] - rate) < 1e-3


@claim("categorical_crossentropy/derivation#its-properties", "training/index#the-first-loss")
def test_equal_logits_start_at_the_logarithm_of_the_number_of_classes() -> None:
    for classes in (2, 10, 1000):
        loss = lb.sparse_categorical_crossentropy.from_logits([0], np.zeros((1, classes)))
        assert loss == pytest.approx(float(mpmath.log(classes)), rel=1e-15)


@claim("categorical_crossentropy/derivation#from-logits-to-probabilities")
def test_the_same_number_added_to_all_logits_changes_nothing() -> None:
    z, c = sp.symbols("z0:3"), sp.Symbol("c")
    before = sp.exp(z[0]) / sum(map(sp.exp, z))
    after = sp.exp(z[0] + c) / sum(sp.exp(v + c) for v in z)
    assert sp.simplify(before - after) == 0


@claim("categorical_crossentropy/derivation#the-gradient")
def test_the_gradient_of_one_row_sums_to_zero_an_exchange() -> None:
    """The gradient of one row sums to zero: it is an exchange."""
    slopes = lb.categorical_crossentropy.from_logits.gradient([[0, 1, 0]], [[3.0, -2.0, 0.5]])
    assert math.fsum(slopes[0]) == pytest.approx(0.0, abs=1e-16)
    assert (slopes[0] < 0).tolist() == [False, True, False]


@claim("sparse_categorical_crossentropy/derivation#where-it-comes-from")
def test_one_hot_and_integer_labels_give_one_loss_and_one_gradient() -> None:
    """One-hot and integer labels give one loss and one gradient."""
    rng = np.random.default_rng(3)
    labels, z = rng.integers(0, 4, 9), rng.normal(size=(9, 4))
    rows = np.eye(4)[labels]
    dense, sparse = lb.categorical_crossentropy, lb.sparse_categorical_crossentropy
    assert dense.from_logits(rows, z) == pytest.approx(sparse.from_logits(labels, z), rel=1e-15)
    np.testing.assert_allclose(
        dense.from_logits.gradient(rows, z), sparse.from_logits.gradient(labels, z), rtol=1e-14
    )


@claim("sparse_categorical_crossentropy/derivation#its-properties")
def test_renaming_the_classes_of_labels_and_predictions_alike_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    labels, y = rng.integers(0, 4, 9), lb.softmax(rng.normal(size=(9, 4)))
    order = np.array([2, 0, 3, 1])
    back = np.argsort(order)
    loss = lb.sparse_categorical_crossentropy
    assert loss(back[labels], y[:, order]) == pytest.approx(loss(labels, y), rel=1e-15)


@claim("sparse_categorical_crossentropy/derivation#the-loss-of-a-language-model")
def test_the_perplexity_is_one_divided_by_the_geometric_mean_of_the_labels_probabilities() -> None:
    """The perplexity is one divided by the geometric mean of the labels' probabilities."""
    rng = np.random.default_rng(13)
    labels, y = rng.integers(0, 5, 30), rng.dirichlet(np.ones(5), size=30)
    given = mpmath.fprod(mpmath.mpf(float(row[j])) for row, j in zip(y, labels, strict=True))
    perplexity = math.exp(lb.sparse_categorical_crossentropy(labels, y))
    assert perplexity == pytest.approx(float(given ** (-mpmath.mpf(1) / 30)), rel=1e-13)
    equal = lb.sparse_categorical_crossentropy(labels, np.full((30, 5), 0.2))
    assert math.exp(equal) == pytest.approx(5, rel=1e-14)


@claim("sparse_categorical_crossentropy/derivation#the-loss-of-a-language-model")
def test_padding_that_is_easy_to_predict_makes_the_mean_look_better() -> None:
    rng = np.random.default_rng(14)
    loss = lb.sparse_categorical_crossentropy
    for padded in (1, 10, 100):
        labels, y = rng.integers(0, 4, 20), rng.dirichlet(np.ones(5), size=20)
        alone = loss(labels, y)
        labels = np.append(labels, np.full(padded, 4))
        y = np.vstack([y, np.tile([0.005] * 4 + [0.98], (padded, 1))])
        mask = labels != 4
        assert loss(labels, y) < alone
        assert loss(labels, y, sample_weight=mask) == pytest.approx(alone, rel=1e-14)
        assert (loss(labels, y, reduction="none") * mask).mean() < alone


@claim("sparse_categorical_crossentropy/derivation#where-it-breaks")
def test_a_label_out_of_range_is_not_refused_by_every_library() -> None:
    cases = json.loads((ROOT / "benchmarks" / "references.json").read_text(encoding="utf-8"))
    answers = cases["cases"]["sparse-label-too-large"]["answers"]
    assert answers["lossbook"] == "ValueError"
    assert {"nan", "-0.0"} <= set(answers.values())


@claim("sparse_categorical_crossentropy/derivation#where-it-breaks")
def test_a_label_one_too_high_is_valid_and_wrong_but_for_the_last_class() -> None:
    y = [[0.7, 0.2, 0.1]]
    assert lb.sparse_categorical_crossentropy([1], y) > lb.sparse_categorical_crossentropy([0], y)
    with pytest.raises(ValueError, match="3"):
        lb.sparse_categorical_crossentropy([3], y)


# --- margins ---

#: Losses of margins, for the label 1: what is paid, and the slope.
MARGIN_LOSSES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "hinge": (
        lambda z: lb.hinge(np.ones_like(z), z, reduction="none"),
        lambda z: lb.hinge.gradient(np.ones_like(z), z, reduction="sum"),
    ),
    "squared hinge": (
        lambda z: lb.squared_hinge(np.ones_like(z), z, reduction="none"),
        lambda z: lb.squared_hinge.gradient(np.ones_like(z), z, reduction="sum"),
    ),
    "cross-entropy in bits": (
        lambda z: np.logaddexp(0.0, -z) / math.log(2),
        lambda z: -lb.sigmoid(-z) / math.log(2),
    ),
    "exponential": (lambda z: np.exp(-z), lambda z: -np.exp(-z)),
}


def two_species(first: str, second: str, *columns: str) -> tuple[Any, Any]:
    """Return standardized measurements of two species with a column of ones, and labels -1, 1."""
    penguins = datasets.load_penguins()
    both = np.isin(penguins.species, [first, second])
    x = np.column_stack([getattr(penguins, name)[both] for name in columns])
    x = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])
    return x, np.where(penguins.species[both] == second, 1, -1)


def support_vector_machine(x: Any, t: Any, strength: float = 1.0) -> Any:
    """Return the weights of the smallest sum of hinge losses with a penalty, by scikit-learn."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(
        loss="hinge", C=1 / strength, fit_intercept=False, tol=1e-10, max_iter=1_000_000
    )
    return model.fit(x, t).coef_[0]


@claim("hinge/derivation#four-losses-above-one")
def test_hinge_squared_hinge_cross_entropy_in_bits_and_exponential_lie_above_the_mistakes() -> None:
    """Hinge, squared hinge, cross-entropy in bits and exponential lie above the mistakes."""
    rng = np.random.default_rng(41)
    margins = np.concatenate([rng.normal(size=2000) * 5, [0.0, -1e-9, 1e-9, 1.0, -300.0, 300.0]])
    mistakes = margins <= 0
    for value, _ in MARGIN_LOSSES.values():
        assert (value(margins) >= mistakes - 1e-15).all()
        assert value(np.zeros(1))[0] == pytest.approx(1.0, rel=1e-15)  # and they meet it there
    t = rng.choice([-1, 1], margins.size)
    for loss in (lb.hinge, lb.squared_hinge):
        assert (t * (t * margins) <= 0).mean() <= loss(t, t * margins)


@claim("hinge/derivation#four-losses-above-one")
def test_a_convex_loss_that_falls_at_the_margin_0_has_its_best_score_on_the_right_side() -> None:
    grid = np.linspace(-6, 6, 24_001)
    for name, (value, slope) in MARGIN_LOSSES.items():
        assert slope(np.zeros(1))[0] < 0
        for p in (0.02, 0.3, 0.499, 0.501, 0.8, 0.97):
            best = grid[np.argmin(p * value(grid) + (1 - p) * value(-grid))]
            assert np.sign(best) == np.sign(2 * p - 1), (name, p)


@claim("hinge/derivation#four-losses-above-one")
def test_far_on_the_wrong_side_the_hinge_pulls_with_1_and_the_exponential_loss_with_more_than_54() -> (  # noqa: E501
    None
):
    pulls = {name: -slope(np.array([-4.0]))[0] for name, (_, slope) in MARGIN_LOSSES.items()}
    assert pulls["hinge"] == 1
    assert pulls["squared hinge"] == 10
    assert pulls["cross-entropy in bits"] < 1 / math.log(2)
    assert pulls["exponential"] > 54
    right = {name: slope(np.array([1.5]))[0] for name, (_, slope) in MARGIN_LOSSES.items()}
    assert [name for name, pull in right.items() if pull == 0] == ["hinge", "squared hinge"]


@claim("hinge/derivation#where-it-comes-from")
def test_no_noise_has_the_hinge_loss_as_its_negative_log_likelihood() -> None:
    """No noise has the hinge loss as its negative log-likelihood: the two labels have no total."""
    totals = [math.exp(-lb.hinge([1], [z])) + math.exp(-lb.hinge([-1], [z])) for z in (0.0, 1.0)]
    assert totals == pytest.approx([2 / math.e, 1 + math.exp(-2)], rel=1e-15)
    assert totals[1] > 1.5 * totals[0]
    z = 1.0  # of the cross-entropy they have one
    logits = lb.binary_crossentropy.from_logits
    assert math.exp(-logits([1], [z])) + math.exp(-logits([0], [z])) == pytest.approx(1)


@claim("hinge/derivation#where-it-comes-from")
def test_another_margin_is_another_unit_of_the_weights_and_the_border_stays() -> None:
    x, t = two_species("Adelie", "Chinstrap", "bill_length_mm", "bill_depth_mm")
    # A margin of 5: divide the scores by 5, so the features; then the penalty is on w / 5.
    first = support_vector_machine(x, t)
    other = support_vector_machine(x / 5, t, strength=1 / 25)
    np.testing.assert_allclose(other / 5, first, rtol=1e-4)


@claim("hinge/derivation#the-gradient")
def test_without_the_samples_beyond_the_margin_the_border_of_the_hinge_stays_where_it_is() -> None:
    from sklearn.linear_model import LogisticRegression

    for columns in (("bill_length_mm", "bill_depth_mm"), ("bill_length_mm", "body_mass_g")):
        x, t = two_species("Adelie", "Chinstrap", *columns)
        w = support_vector_machine(x, t)
        decides = t * (x @ w) <= 1 + 1e-4
        assert decides.sum() < len(t) / 4
        assert not lb.hinge.gradient(t[~decides], (x @ w)[~decides]).any()
        few = support_vector_machine(x[decides], t[decides])
        np.testing.assert_allclose(few, w, atol=1e-4)
        logistic = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-8, max_iter=1000)
        all_of_them = logistic.fit(x, t).coef_[0].copy()
        assert abs(logistic.fit(x[decides], t[decides]).coef_[0] - all_of_them).max() > 1


@claim("hinge/derivation#the-gradient")
def test_who_deletes_samples_and_keeps_the_mean_moves_the_border() -> None:
    x, t = two_species("Adelie", "Chinstrap", "bill_length_mm", "bill_depth_mm")
    w = support_vector_machine(x, t)
    decides = t * (x @ w) <= 1 + 1e-4
    # A mean of n losses and a penalty of strength 1/N: a sum, and the strength n/N.
    moved = support_vector_machine(x[decides], t[decides], strength=decides.sum() / len(t))
    assert abs(moved - w).max() > 0.5
    assert ((x @ moved > 0) != (x @ w > 0)).any()


@claim("hinge/derivation#a-wide-street")
def test_of_all_borders_between_separable_classes_the_penalty_takes_the_widest_street() -> None:
    from sklearn.svm import SVC

    x, t = two_species("Adelie", "Gentoo", "flipper_length_mm", "bill_depth_mm")
    w = SVC(kernel="linear", C=1e8).fit(x[:, 1:], t).coef_[0]
    angles = np.radians(np.linspace(-180, 180, 36_001))
    along = x[:, 1:] @ np.array([np.cos(angles), np.sin(angles)])
    widths = along[t == 1].min(axis=0) - along[t == -1].max(axis=0)
    assert widths.max() == pytest.approx(2 / np.linalg.norm(w), rel=1e-4)
    assert angles[widths.argmax()] == pytest.approx(math.atan2(w[1], w[0]), abs=1e-3)


@claim("hinge/derivation#what-it-remembers-and-what-it-forgets")
def test_the_hinge_answers_51_of_100_like_99_of_100_and_the_squared_hinge_does_not() -> None:
    grid = np.arange(-300, 301) / 100
    for positive in (1, 30, 49, 51, 70, 99):
        t = np.repeat([1, -1], [positive, 100 - positive])
        p = positive / 100
        for loss, best in ((lb.hinge, np.sign(2 * p - 1)), (lb.squared_hinge, 2 * p - 1)):
            costs = [loss(t, np.full(100, c)) for c in grid]
            assert grid[np.argmin(costs)] == pytest.approx(best, abs=1e-12)
    even = [lb.hinge([1, -1], [c, c]) for c in (-1.0, -0.3, 0.0, 1.0)]
    assert even == [1.0] * 4  # any score will do


@claim("hinge/derivation#what-it-remembers-and-what-it-forgets")
def test_up_to_the_margin_1_the_squared_hinge_is_the_squared_error_against_the_label() -> None:
    rng = np.random.default_rng(42)
    t = rng.choice([-1, 1], 500)
    z = t * rng.uniform(-5, 1, 500)
    ours = lb.squared_hinge(t, z, reduction="none")
    np.testing.assert_allclose(ours, lb.mean_squared_error(t, z, reduction="none"), rtol=1e-13)
    assert lb.squared_hinge([1], [7.0]) == 0 < lb.mean_squared_error([1], [7.0])


@claim("hinge/derivation#several-classes")
def test_without_a_majority_no_constant_is_better_for_the_categorical_hinge_than_equal_scores() -> (
    None
):
    from scipy.optimize import linprog

    rng = np.random.default_rng(43)
    for p in (*rng.dirichlet(np.ones(4), size=12), np.array([0.4, 0.3, 0.2, 0.1])):
        # As a linear program: what each class pays is at least 0, and what another is ahead plus 1.
        rows = []
        for j in range(4):
            for k in set(range(4)) - {j}:
                row = np.zeros(8)
                row[k], row[j], row[4 + j] = 1, -1, -1
                rows.append(row)
        bounds = [(0, 0), *[(None, None)] * 3, *[(0, None)] * 4]
        found = linprog([0] * 4 + p.tolist(), A_ub=rows, b_ub=[-1] * len(rows), bounds=bounds)
        assert found.fun == pytest.approx(min(1.0, 2 * (1 - p.max())), abs=1e-9)
        scores = np.tile(found.x[:4], (4, 1))
        ours = lb.categorical_hinge(np.eye(4), scores, reduction="none") @ p
        assert ours == pytest.approx(found.fun, abs=1e-9)


@claim("hinge/derivation#several-classes")
def test_the_form_of_several_classes_for_two_is_the_hinge_of_the_difference() -> None:
    rng = np.random.default_rng(44)
    z, true = rng.normal(size=(50, 2)) * 2, rng.integers(0, 2, 50)
    lead = z[:, 1] - z[:, 0]
    ours = lb.categorical_hinge(np.eye(2)[true], z, reduction="none")
    np.testing.assert_allclose(ours, lb.hinge(2 * true - 1, lead, reduction="none"), rtol=1e-13)


@claim("hinge/derivation#where-it-breaks")
def test_with_labels_0_and_1_every_sample_ends_on_the_positive_side() -> None:
    masses = datasets.load_breast_cancer()
    x = masses.features[:, :2]
    x = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])
    t, w = masses.malignant, np.zeros(3)
    for _ in range(1000):
        w += 0.5 * x.T @ np.where(t * (x @ w) < 1, t, 0) / len(t)  # the formula as it stands
    assert (x @ w > 0).all()
    assert np.maximum(0, 1 - t * (x @ w)).mean() == pytest.approx(1 - t.mean(), abs=1e-3)
    with pytest.raises(ValueError, match="y_true"):
        lb.hinge(t, x @ w)


@claim("hinge/derivation#where-it-breaks")
def test_without_a_penalty_the_hinge_stops_at_the_first_border_that_separates() -> None:
    x, t = two_species("Adelie", "Gentoo", "flipper_length_mm", "bill_depth_mm")
    found = []
    for start in ((0.0, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, -6.0)):
        w = np.array(start)
        while lb.hinge(t, x @ w) > 0:
            w = w - 0.3 * x.T @ lb.hinge.gradient(t, x @ w)
        assert not lb.hinge.gradient(t, x @ w).any()
        found.append(math.degrees(math.atan2(w[2], w[1])))
    assert min(abs(a - b) for a, b in pairwise(sorted(found))) > 5


@claim("hinge/derivation#the-code")
def test_what_rounding_takes_from_the_lead_of_the_true_class_may_be_all_of_the_loss() -> None:
    for power in (54, 60, 100):
        rival = 2.0**-power
        row = [[1.0, rival, -5.0]]
        assert 1.0 + (rival - 1.0) == 0.0  # as it stands
        assert lb.categorical_hinge([[1, 0, 0]], row) == rival
        assert lb.categorical_hinge.gradient([[1, 0, 0]], row).tolist() == [[-1.0, 1.0, 0.0]]


# --- rare classes ---


def crashes_of(seed: int) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return features and deaths of about 4,000 people, and of all others, split by cars."""
    crashes = datasets.load_crashes()
    numbers = [(v - v.mean()) / v.std() for v in (crashes.speed_km_h, crashes.age_years)]
    x = np.column_stack(
        [np.ones(len(crashes.died)), *numbers, 1 - crashes.belted, 1 - crashes.frontal]
    )
    drawn = np.random.default_rng(seed).permutation(crashes.vehicle[-1] + 1) < 3150
    known = drawn[crashes.vehicle]
    return (x[known], crashes.died[known]), (x[~known], crashes.died[~known])


def surprise_of(z: np.ndarray) -> np.ndarray:
    """Return minus the logarithm of the sigmoid."""
    return np.logaddexp(0, -z)


def rare_fit(x: np.ndarray, t: np.ndarray, weight: float = 1.0, gamma: float = 0.0) -> np.ndarray:
    """Return the parameters found by descent on weighted or focal cross-entropy of logits."""
    sign, w = 2 * t - 1, np.zeros(x.shape[1])
    weights = np.where(t == 1, weight, 1.0)
    weights /= weights.sum()
    for _ in range(300):
        m = sign * (x @ w)
        q = np.exp(-surprise_of(-m))
        w += 2.0 * x.T @ (weights * sign * q**gamma * (gamma * (1 - q) * surprise_of(m) + q))
    return w


def ranked(t: np.ndarray, z: np.ndarray) -> float:
    """Return the AUC by comparing those who died with those who lived, a tie counting half."""
    lived = np.sort(z[t == 0])
    below = np.searchsorted(lived, z[t == 1]), np.searchsorted(lived, z[t == 1], "right")
    return float(np.mean(below) / len(lived))


@claim("focal/derivation#where-it-comes-from")
def test_the_best_answer_by_the_focal_loss_lies_between_the_honest_one_and_one_half() -> None:
    """The best answer by the focal loss lies between the honest one and one half."""
    y = np.arange(1, 10_000) / 10_000
    for gamma in (0.5, 1.0, 2.0, 5.0):
        up, down = -((1 - y) ** gamma) * np.log(y), -(y**gamma) * np.log(1 - y)
        best = [y[(p * up + (1 - p) * down).argmin()] for p in (0.05, 0.3, 0.5, 0.7, 0.95)]
        assert 0.05 < best[0] < 0.5
        assert 0.3 < best[1] < 0.5
        assert best[2] == 0.5
        assert 0.5 < best[3] < 0.7
        assert 0.5 < best[4] < 0.95
        assert best == sorted(best)


@claim("focal/derivation#the-gradient")
def test_the_focal_loss_pulls_a_little_harder_than_1_and_bends_down_on_the_far_side() -> None:
    """The slope of the focal loss dips below -1, and the loss is not convex in the logit."""

    def loss(z: Any) -> Any:
        return mpmath.log1p(mpmath.exp(-z)) / (1 + mpmath.exp(z)) ** 2

    slopes = [float(mpmath.diff(loss, z)) for z in (-20, -2.79, 0, 5)]
    assert slopes[0] == pytest.approx(-1, abs=1e-6)
    assert slopes[1] == pytest.approx(-1.129, abs=1e-3)
    assert slopes[2] < -0.2
    assert abs(slopes[3]) < 1e-3
    assert mpmath.diff(loss, -4, 2) < 0 < mpmath.diff(loss, 0, 2)


@claim("focal/derivation#weights-and-resampling")
def test_a_weight_adds_its_logarithm_to_the_logit_of_every_group() -> None:
    grid = np.linspace(-8, 8, 160_001)
    for share, weight in ((0.02, 10.0), (0.3, 3.0), (0.7, 21.0)):
        costs = weight * share * surprise_of(grid) + (1 - share) * surprise_of(-grid)
        shift = grid[costs.argmin()] - math.log(share / (1 - share))
        assert shift == pytest.approx(math.log(weight), abs=2e-4)


@claim("focal/derivation#weights-and-resampling")
def test_pos_weight_class_weights_and_repeated_samples_have_one_gradient_up_to_a_factor() -> None:
    """Positive weights, class weights and repeated samples have one gradient, up to a factor."""
    rng = np.random.default_rng(31)
    x, t = rng.normal(size=(60, 3)), (np.arange(60) < 6).astype(int)
    z = x @ rng.normal(size=3)
    heavy = np.where(t == 1, 9, 1)
    loss = lb.binary_crossentropy.from_logits
    by_mean = x.T @ loss.gradient(t, z, sample_weight=heavy)
    by_sum = x.T @ (heavy * (1 / (1 + np.exp(-z)) - t)) / 60  # as PyTorch divides
    k = np.repeat(np.arange(60), heavy)
    repeated = x[k].T @ loss.gradient(t[k], z[k])
    balanced = x.T @ loss.gradient(t, z, sample_weight=lb.compute_sample_weight("balanced", t))
    assert by_sum / by_mean == pytest.approx([heavy.sum() / 60] * 3)
    assert repeated == pytest.approx(by_mean)
    assert balanced == pytest.approx(by_mean)


@claim("focal/derivation#what-each-does")
def test_weights_and_the_focal_loss_leave_the_ranking_and_spoil_the_probabilities() -> None:
    """On people not seen, weights and the focal loss rank alike, and overstate the deaths."""
    gaps, over = [], []
    for seed in range(8):
        (x, t), (new, died) = crashes_of(300 + seed)
        m = (t == 0).sum() / t.sum()
        logits = [new @ rare_fit(x, t, *way) for way in ((1.0, 0.0), (m, 0.0), (1.0, 2.0))]
        auc = [ranked(died, z) for z in logits]
        gaps.append([auc[1] - auc[0], auc[2] - auc[0]])
        p = [np.exp(-surprise_of(z)).mean() for z in logits]
        over.append([own / died.mean() for own in p])
        losses = [np.where(died == 1, surprise_of(z), surprise_of(-z)).mean() for z in logits]
        constant = float(lb.entropy([died.mean(), 1 - died.mean()]))
        assert losses[0] < 0.85 * constant
        assert min(losses[1:]) > constant
    assert abs(np.array(gaps)).max() < 0.01
    plain, weights, focal = np.array(over).T
    assert plain == pytest.approx(np.ones(8), abs=0.3)
    assert min(weights) > 5
    assert min(focal) > 3


@claim("focal/derivation#what-each-does")
def test_the_focal_loss_gives_nearly_the_alarms_of_the_cross_entropy_at_one_half() -> None:
    for seed in range(4):
        (x, t), (new, _) = crashes_of(320 + seed)
        plain, focal = new @ rare_fit(x, t), new @ rare_fit(x, t, gamma=2.0)
        weights = new @ rare_fit(x, t, (t == 0).sum() / t.sum())
        assert ((plain > 0) != (focal > 0)).mean() < 0.01
        assert ((plain > 0) != (weights > 0)).mean() > 0.15


@claim("focal/derivation#leave-the-loss-move-the-threshold")
def test_a_moved_threshold_costs_about_what_weights_cost_and_follows_the_price() -> None:
    """A moved threshold costs about what weights cost, and follows the price."""
    rows = []
    for seed in range(8):
        (x, t), (new, died) = crashes_of(340 + seed)
        plain, weights = new @ rare_fit(x, t), new @ rare_fit(x, t, (t == 0).sum() / t.sum())

        def cost(alarm: np.ndarray, miss: float, died: np.ndarray = died) -> float:
            return 1000 * float(np.where(died == 1, miss * ~alarm, alarm).mean())

        rows.append(
            [
                *(cost(plain > 0, 20), cost(plain > -math.log(20), 20), cost(weights > 0, 20)),
                *(cost(plain > -math.log(5), 5), cost(weights > 0, 5), cost(plain > 1e9, 5)),
            ]
        )
    half, moved, weighted, moved_5, weighted_5, silent_5 = np.array(rows).T
    assert (moved < 0.7 * half).all()
    assert abs(moved - weighted).max() < 0.04 * half.mean()
    assert (moved_5 < silent_5).all()
    assert (moved_5 < 0.85 * weighted_5).all()
    assert silent_5.mean() < weighted_5.mean()


@claim("focal/derivation#leave-the-loss-move-the-threshold")
def test_at_the_log_odds_of_the_base_rate_both_classes_pull_alike_however_rare_one_is() -> None:
    share = sp.Symbol("p", positive=True)
    # Probability less label, times the share of the samples.
    assert sp.simplify(share * (share - 1) + (1 - share) * share) == 0


@claim("focal/derivation#getting-the-probabilities-back")
def test_a_shift_or_the_focal_loss_s_own_formula_brings_the_loss_back() -> None:
    """A shift, or the focal loss's own formula, brings the loss on people not seen back."""
    for seed in range(6):
        (x, t), (new, died) = crashes_of(360 + seed)
        m = (t == 0).sum() / t.sum()

        def loss(z: np.ndarray, died: np.ndarray = died) -> float:
            return float(np.where(died == 1, surprise_of(z), surprise_of(-z)).mean())

        def pull(y: np.ndarray) -> np.ndarray:
            return (1 - y) ** 2 * (1 / y - 2 * np.log(y) / (1 - y))

        plain, weights = loss(new @ rare_fit(x, t)), new @ rare_fit(x, t, m)
        shy = np.exp(-surprise_of(new @ rare_fit(x, t, gamma=2.0)))
        p = pull(1 - shy) / (pull(shy) + pull(1 - shy))
        assert loss(weights) > 2 * plain
        assert loss(weights - math.log(m)) == pytest.approx(plain, rel=0.025)
        assert loss(np.log(p / (1 - p))) == pytest.approx(plain, rel=0.01)
        honest = np.exp(-surprise_of(new @ rare_fit(x, t)))
        assert p.mean() == pytest.approx(honest.mean(), rel=0.04)


@claim("focal/derivation#several-labels-at-once")
def test_labels_that_are_trained_together_without_shared_parameters_are_trained_alone() -> None:
    """Labels trained together, without shared parameters, are trained as each would be alone."""
    rng = np.random.default_rng(32)
    x, t = rng.normal(size=(40, 3)), rng.integers(0, 2, (40, 2))
    loss = lb.binary_crossentropy.from_logits
    w, alone = np.zeros((3, 2)), np.zeros(3)
    for _ in range(50):
        w -= 2 * x.T @ loss.gradient(t, x @ w)
        alone -= x.T @ loss.gradient(t[:, 1], x @ alone)
    assert w[:, 1] == pytest.approx(alone, rel=1e-12)


@claim("focal/derivation#where-it-breaks")
def test_for_the_same_predictions_a_larger_gamma_gives_a_smaller_loss() -> None:
    rng = np.random.default_rng(33)
    t, y = rng.integers(0, 2, 50), rng.random(50)
    losses = [lb.binary_focal_crossentropy(t, y, gamma=gamma) for gamma in (0.0, 0.5, 2.0, 5.0)]
    assert losses == sorted(losses, reverse=True)


@claim("focal/derivation#where-it-breaks")
def test_repeating_rare_samples_before_the_split_lets_noise_look_like_knowledge() -> None:
    """Repeating rare samples before the split lets features that are noise look like knowledge."""
    recalls = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x, t = rng.normal(size=(300, 3)), (np.arange(300) < 15).astype(int)

        def recall(known: np.ndarray, new: np.ndarray, x: Any = x, t: Any = t) -> float:
            rare = new[t[new] == 1]
            gaps = ((x[rare][:, np.newaxis] - x[known]) ** 2).sum(axis=2)
            return float(t[known][gaps.argmin(axis=1)].mean())

        again = rng.permutation(np.r_[np.arange(15, 300), rng.integers(0, 15, 285)])
        known, new = np.split(rng.permutation(300), 2)
        rare, frequent = known[t[known] == 1], known[t[known] == 0]
        clean = np.r_[frequent, rng.choice(rare, len(frequent))]
        recalls.append((recall(again[:285], again[285:]), recall(clean, new)))
    leaked, honest = np.mean(recalls, axis=0)
    assert leaked > 0.95
    assert honest < 0.25


# --- where they come from ---


@claim("information_and_entropy/index#surprise")
def test_surprises_of_independent_events_add() -> None:
    p, q = sp.symbols("p q", positive=True)
    assert sp.expand_log(-sp.log(p * q), force=True) == -sp.log(p) - sp.log(q)
    assert lb.information(0.2 * 0.3) == pytest.approx(lb.information(0.2) + lb.information(0.3))


@claim("information_and_entropy/index#the-length-of-a-code")
def test_a_code_of_the_passage_is_within_a_bit_of_its_entropy() -> None:
    letters = [c for c in datasets.load_text("en").text.lower() if c.isalpha()]
    shares = [n / len(letters) for n in Counter(letters).values()]
    entropy = -math.fsum(p * math.log2(p) for p in shares)
    lengths = [math.ceil(-math.log2(p)) for p in shares]
    assert math.fsum(2.0**-n for n in lengths) <= 1
    mean = math.fsum(p * n for p, n in zip(shares, lengths, strict=True))
    assert entropy <= mean < entropy + 1
    assert lb.entropy(np.array(shares), base=2) == pytest.approx(entropy, rel=1e-14)


@claim(
    "information_and_entropy/index#the-wrong-probabilities",
    "categorical_crossentropy/derivation#its-properties",
    "binary_crossentropy/derivation#where-it-comes-from",
)
def test_a_cross_entropy_is_never_below_the_entropy_and_reaches_it_at_the_truth() -> None:
    """A cross-entropy is never below the entropy, and reaches it at the truth."""
    rng = np.random.default_rng(12)
    for p, q in rng.dirichlet(np.full(4, 0.5), size=(200, 2)):
        entropy = -math.fsum(p * np.log(p))
        assert -math.fsum(p * np.log(q)) > entropy
        assert lb.categorical_crossentropy(p, p) == pytest.approx(entropy, rel=1e-13)


@claim("information_and_entropy/index#the-floor-of-a-loss")
def test_three_of_the_seven_flights_with_damage_were_at_70_degrees_or_more() -> None:
    flights = datasets.load_challenger()
    warm = flights.temperature_fahrenheit[flights.any_distress == 1] >= 70
    assert (warm.size, warm.sum()) == (7, 3)


@claim("information_and_entropy/index#the-wrong-probabilities")
def test_the_divergence_is_no_distance() -> None:
    fair, bent = [0.5, 0.5], [0.9, 0.1]
    assert lb.kl_divergence(fair, bent) != pytest.approx(lb.kl_divergence(bent, fair), rel=0.1)


@claim("likelihood/index#priors-are-penalties")
def test_a_gaussian_prior_shrinks_the_mean_toward_zero() -> None:
    """A Gaussian prior shrinks the mean toward zero."""
    w, n, m, s, tau = sp.symbols("w N m sigma tau", positive=True)
    cost = (w - m) ** 2 + s**2 / (n * tau**2) * w**2
    best = sp.solve(sp.diff(cost, w), w)[0]
    assert sp.simplify(best - n * m / (n + s**2 / tau**2)) == 0


@claim("likelihood/index#what-we-dropped-and-how-it-chooses-the-loss")
def test_the_smaller_mean_surprise_tells_which_noise_it_was() -> None:
    rng = np.random.default_rng(5)
    for draw, gaussian_wins in ((rng.normal, True), (rng.laplace, False)):
        t = draw(size=20_000)
        spread, size = ((t - t.mean()) ** 2).mean(), np.abs(t - np.median(t)).mean()
        gaussian = 0.5 * math.log(2 * math.pi * spread) + 0.5
        assert (gaussian < math.log(2 * size) + 1) == gaussian_wins


@claim("likelihood/index#priors-are-penalties")
def test_imaginary_samples_keep_a_probability_away_from_zero() -> None:
    y, d, n = sp.symbols("y d N", positive=True)
    slope = sp.diff((d + 1) * sp.log(y) + (n - d + 1) * sp.log(1 - y), y)
    assert sp.simplify(sp.solve(slope, y)[0] - (d + 1) / (n + 2)) == 0


@claim("likelihood/index#one-gradient")
def test_in_an_exponential_family_the_gradient_is_prediction_minus_label() -> None:
    z, t = sp.symbols("z t", real=True)
    poisson = lambda k, v: mpmath.exp(k * v - mpmath.exp(v)) / mpmath.factorial(k)  # noqa: E731
    bernoulli = lambda k, v: mpmath.exp(k * v) / (1 + mpmath.exp(v))  # noqa: E731
    gaussian = lambda k, v: mpmath.npdf(k, v)  # noqa: E731
    own_part = (
        (sp.log(1 + sp.exp(z)), bernoulli, (0, 1)),
        (sp.exp(z), poisson, range(61)),
        (z**2 / 2, gaussian, np.arange(-9, 9, 0.01)),
    )
    for part, chance, labels in own_part:
        slope = sp.diff(part - t * z, z)
        for logit in (-1.5, 0.0, 1.2):
            chances = [chance(float(k), logit) for k in labels]
            total = mpmath.fsum(chances)  # one, or one divided by the width of a cell
            mean = mpmath.fsum(k * p for k, p in zip(labels, chances, strict=True)) / total
            assert float(slope.subs({z: logit, t: 3})) == pytest.approx(float(mean) - 3)
            # The surprise of a label is the part less label times logit, and what holds no logit.
            left = {
                float(k): -mpmath.log(p) - part.subs(z, logit) + float(k) * logit
                for k, p in zip(labels[:3], chances, strict=False)
            }
            own = {k: -mpmath.log(chance(k, 0.0)) - part.subs(z, 0) for k in left}
            assert all(abs(left[k] - own[k]) < 1e-12 for k in left)
    logits = sp.symbols("z0:3", real=True)
    for logit in logits:
        slope = sp.diff(sp.log(sum(map(sp.exp, logits))), logit)
        assert sp.simplify(slope - sp.exp(logit) / sum(map(sp.exp, logits))) == 0


@claim("likelihood/index#what-we-dropped-and-how-it-chooses-the-loss")
def test_a_change_of_units_moves_both_surprises_alike_and_not_their_difference() -> None:
    """A change of units moves both surprises alike, and not their difference."""
    mass = datasets.load_penguins().body_mass_g
    left = []
    for t in (mass, mass / 1000):
        spread, size = ((t - t.mean()) ** 2).mean(), np.abs(t - np.median(t)).mean()
        left.append((0.5 * math.log(2 * math.pi * spread) + 0.5, math.log(2 * size) + 1))
    (gaussian, laplace), (gaussian_kg, laplace_kg) = left
    assert gaussian - gaussian_kg == pytest.approx(math.log(1000))
    assert gaussian - laplace == pytest.approx(gaussian_kg - laplace_kg)
    assert gaussian_kg < 2 < gaussian


@claim("likelihood/index#where-it-breaks")
def test_without_its_logarithm_a_predicted_width_grows_for_ever() -> None:
    """Without its logarithm in the loss, a predicted width grows for ever."""
    error = sp.Symbol("error", positive=True)
    dropped = error**2 / (2 * S**2)
    assert sp.diff(dropped, S).is_negative
    assert sp.solve(sp.diff(dropped + sp.log(S), S), S) == [error]


@claim("likelihood/index#where-it-breaks")
def test_with_as_many_weights_as_samples_a_linear_model_fits_labels_that_are_noise() -> None:
    """With as many weights as samples, a linear model fits labels that are nothing but noise."""
    rng = np.random.default_rng(16)
    x, t = rng.normal(size=(20, 20)), rng.normal(size=20)
    w = np.linalg.solve(x, t)
    assert lb.mean_squared_error(t, x @ w) < 1e-20
    unseen = [rng.normal(size=20) @ w for _ in range(200)]
    assert lb.mean_squared_error(rng.normal(size=200), unseen) > 1.5  # the mean would have 1


@claim("likelihood/index#what-we-dropped-and-how-it-chooses-the-loss")
def test_whoever_pays_for_each_gram_says_the_median_whatever_noise_fits_better() -> None:
    mass = datasets.load_penguins().body_mass_g
    spread, size = mass.std(), np.abs(mass - np.median(mass)).mean()
    assert math.log(spread * math.sqrt(2 * math.pi)) + 0.5 < math.log(2 * size) + 1
    costs = {c: np.abs(mass - c).mean() for c in (np.median(mass), mass.mean())}
    assert costs[np.median(mass)] < costs[mass.mean()]


@claim("likelihood/index#priors-are-penalties")
def test_a_penalty_is_weight_decay_for_plain_descent_and_not_for_adam() -> None:
    """A penalty is weight decay for plain gradient descent, and not for Adam."""

    def first_step_of_adam(gradient: np.ndarray) -> np.ndarray:
        return 0.1 * gradient / (np.sqrt(gradient**2) + 1e-8)

    rng = np.random.default_rng(11)
    w, slope = rng.normal(size=(2, 6))
    penalized = slope + 2 * 0.3 * w
    np.testing.assert_allclose(w - 0.1 * penalized, (1 - 0.06) * w - 0.1 * slope, rtol=1e-13)
    decayed = (1 - 0.06) * w - first_step_of_adam(slope)
    assert np.abs(w - first_step_of_adam(penalized) - decayed).max() > 0.01


# --- at work ---


@claim("pearson_correlation/derivation#what-it-cannot-see")
def test_a_correlation_survives_any_scale_and_a_loss_does_not() -> None:
    rng = np.random.default_rng(6)
    t = rng.normal(size=50)
    y = t + rng.normal(size=50)
    assert lb.pearson_correlation(t, 10 * y + 3) == pytest.approx(np.corrcoef(t, y)[0, 1])
    assert lb.mean_squared_error(t, 10 * y + 3) > 10 * lb.mean_squared_error(t, y)


@claim("pearson_correlation/derivation#what-it-cannot-see", "choosing/index#ten-situations")
def test_a_perfect_order_can_have_a_low_correlation_and_a_high_correlation_hardly_any_order() -> (
    None
):
    """A perfect order can have a low correlation, and a high correlation hardly any order."""

    def ranks(values: np.ndarray) -> np.ndarray:
        return values.argsort().argsort()

    label = np.arange(1.0, 11.0)
    assert (ranks(label) == ranks(np.exp(label))).all()
    assert lb.pearson_correlation(label, np.exp(label)) < 0.75
    spearman = []
    for seed in range(20):
        t, y = np.random.default_rng(seed).normal(size=(2, 51))
        t[0] = y[0] = 1000.0
        assert np.corrcoef(t, y)[0, 1] > 0.99
        spearman.append(np.corrcoef(ranks(t), ranks(y))[0, 1])
    assert abs(np.mean(spearman)) < 0.2
    assert np.max(spearman) < 0.6


@claim("choosing/index#ten-situations")
def test_pairs_teach_an_order_and_nothing_else() -> None:
    """Pairs teach an order, and nothing else."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=(40, 3))
    score = x @ [2.0, -1.0, 0.5]
    first, second = np.triu_indices(40, 1)
    ends = []
    for t in (score, np.exp(score)):  # the same order
        w = np.zeros(3)
        for _ in range(100):
            z = (x[first] - x[second]) @ w
            slope = lb.binary_crossentropy.from_logits.gradient(t[first] > t[second], z)
            w -= 2 * slope @ (x[first] - x[second])
        ends.append(w)
    assert (ends[0] == ends[1]).all()
    agree = ((x[first] - x[second]) @ ends[0] > 0) == (score[first] > score[second])
    assert agree.mean() > 0.98


@claim("pearson_correlation/derivation#where-it-breaks")
def test_a_curve_that_is_known_exactly_can_have_no_correlation() -> None:
    t = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    assert lb.pearson_correlation(t, t**2) == pytest.approx(0.0, abs=1e-16)


@claim("pearson_correlation/derivation#its-trouble-with-batches")
def test_the_mean_of_the_parts_correlations_is_not_that_of_the_whole() -> None:
    """The mean of the parts' correlations is not that of the whole."""
    x = np.arange(4.0)
    parts = [(x, -x), (x + 10, -x + 10)]
    assert all(np.corrcoef(a, b)[0, 1] == pytest.approx(-1) for a, b in parts)
    whole = [np.concatenate(side) for side in zip(*parts, strict=True)]
    assert lb.pearson_correlation(*whole) == pytest.approx(np.corrcoef(*whole)[0, 1])
    assert lb.pearson_correlation(*whole) > 0.8


@claim(
    "training/index#the-learning-rate-and-the-scale-of-the-loss",
    "mean_squared_error/derivation#three-ways-to-write-it",
)
def test_a_sum_with_the_rate_of_a_mean_takes_steps_as_many_times_as_long() -> None:
    t, y = np.arange(50.0), np.zeros(50)
    mean = lb.mean_squared_error.gradient(t, y)
    total = lb.mean_squared_error.gradient(t, y, reduction="sum")
    np.testing.assert_allclose(total * (0.3 / 50), mean * 0.3, rtol=1e-15)


@claim("training/index#the-learning-rate-and-the-scale-of-the-loss")
def test_a_constant_factor_of_the_loss_changes_plain_steps_and_not_those_of_adam() -> None:
    """A constant factor of the loss changes the steps of plain descent, and not those of Adam."""

    def ends(factor: float) -> tuple[float, float]:
        plain, adam, first, second = 4.0, 4.0, 0.0, 0.0
        for step in range(1, 11):
            plain -= 0.01 * factor * 2 * plain
            slope = factor * 2 * adam
            first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
            root = math.sqrt(second / (1 - 0.999**step)) + 1e-8
            adam -= 0.01 * first / (1 - 0.9**step) / root
        return plain, adam

    (plain, adam), (plain_sum, adam_sum) = ends(1.0), ends(50.0)
    assert abs(plain_sum / plain - 1) > 0.5
    assert adam_sum == pytest.approx(adam, rel=1e-6)


@claim("training/index#the-scale-of-the-features")
def test_a_descent_on_features_of_different_scale_creeps_where_a_standardized_one_arrives() -> None:
    penguins = datasets.load_penguins()
    own = penguins.species == "Gentoo"
    x = np.column_stack([penguins.bill_depth_mm, penguins.flipper_length_mm])[own]
    x, t = x - x.mean(0), penguins.body_mass_g[own] / 1000
    t = t - t.mean()

    def missing(x: Any, rate: float, steps: int) -> float:
        """Return the share of the way down that is left."""
        w = np.zeros(2)
        for _ in range(steps):
            w = w - rate * 2 * x.T @ (x @ w - t) / t.size
        losses = [((x @ v - t) ** 2).mean() for v in (w, np.zeros(2))]
        rest = np.linalg.lstsq(x, t, rcond=None)[1][0] / t.size
        return (losses[0] - rest) / (losses[1] - rest)

    assert x[:, 1].std() > 6 * x[:, 0].std()
    assert np.corrcoef(x.T)[0, 1] > 0.7
    assert min(missing(x, rate, 30) for rate in np.geomspace(1e-4, 0.1, 300)) > 0.04
    assert missing(x, 0.3, 3) > 1, "the same rate leads away"
    assert missing(x / x.std(0), 0.3, 6) < 0.01


@claim("training/index#when-one-class-is-rare")
def test_a_threshold_from_the_costs_does_about_as_well_as_weights() -> None:
    masses = datasets.load_breast_cancer()
    names = list(masses.feature_names)
    t = masses.malignant == 1
    costs = []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(t))
        train, rest = order[:284], order[284:]
        x = masses.features[:, [names.index("mean_radius"), names.index("mean_texture")]]
        x = np.column_stack([np.ones(len(x)), (x - x[train].mean(0)) / x[train].std(0)])
        row = []
        for weight, threshold in ((1.0, 1 / 2), (1.0, 1 / 11), (10.0, 1 / 2)):
            alpha, w = np.where(t[train], weight, 1.0), np.zeros(3)
            for _ in range(12):  # Newton's steps
                y = lb.sigmoid(x[train] @ w)
                bend = (x[train].T * (alpha * y * (1 - y))) @ x[train]
                w -= np.linalg.solve(bend, x[train].T @ (alpha * (y - t[train])))
            alarm = lb.sigmoid(x[rest] @ w) >= threshold
            row.append(np.mean(10 * (t[rest] & ~alarm) + (alarm & ~t[rest])))
        costs.append(row)
    plain, moved, weighted = np.mean(costs, axis=0)
    assert moved < 0.6 * plain
    assert weighted < 0.6 * plain
    assert moved == pytest.approx(weighted, rel=0.1)


@claim("training/index#the-learning-rate-and-the-scale-of-the-loss")
def test_gradient_descent_on_a_parabola_settles_below_one_rate_and_diverges_above() -> None:
    def path(rate: float) -> list[float]:
        w = [1.0]
        for _ in range(50):
            w.append(w[-1] - rate * float(lb.mean_squared_error.gradient([0.0], [w[-1]])[0]))
        return [abs(v) for v in w]

    assert all(b <= a for a, b in pairwise(path(0.9)))
    assert path(1.1)[-1] > 1e3


@claim(
    "choosing/index#ten-situations",
    "mean_absolute_error/derivation#its-properties",
    "pinball/derivation#why-we-need-it",
)
def test_unequal_costs_move_the_best_constant_from_the_median_to_a_quantile() -> None:
    t = np.sort(np.random.default_rng(7).normal(size=1001))
    costs = [np.where(t > c, 0.9 * (t - c), 0.1 * (c - t)).sum() for c in t]
    assert t[int(np.argmin(costs))] == np.quantile(t, 0.9)


def first_and_later_loss(x: np.ndarray, t: np.ndarray, seed: int) -> tuple[float, float]:
    """Return the loss of the chapter's network at random weights, and after 50 steps."""
    rng, loss = np.random.default_rng(seed), lb.sparse_categorical_crossentropy.from_logits
    one = rng.normal(0.0, math.sqrt(2 / x.shape[1]), (x.shape[1], 32))
    two = rng.normal(0.0, math.sqrt(1 / 32), (32, 10))
    first = float(loss(t, np.maximum(x @ one, 0) @ two))
    for _ in range(50):
        hidden = np.maximum(x @ one, 0)
        slope = loss.gradient(t, hidden @ two)
        back = (slope @ two.T) * (hidden > 0)
        one, two = one - 0.3 * x.T @ back, two - 0.3 * hidden.T @ slope
    return first, float(loss(t, np.maximum(x @ one, 0) @ two))


@claim("training/index#the-first-loss")
def test_a_leak_does_not_show_in_the_first_loss_but_in_how_fast_it_falls() -> None:
    """A leak does not show in the first loss, but in how fast it falls."""
    digits = datasets.load_digits()
    t = digits.labels[:300]
    clean = digits.images.reshape(-1, 64)[:300] / 16
    leaked = np.column_stack([clean, 3 * np.eye(10)[t]])
    runs = [[first_and_later_loss(x, t, seed) for seed in range(6)] for x in (clean, leaked)]
    for first, _ in runs[0] + runs[1]:
        assert first > 0.95 * math.log(10)
    assert np.mean(runs[1], axis=0)[1] < 0.7 * np.mean(runs[0], axis=0)[1]


@claim("training/index#mini-batches-and-how-to-average")
def test_a_pass_of_28_noisy_steps_gets_further_than_one_exact_step() -> None:
    digits = datasets.load_digits()
    x, t = digits.images.reshape(-1, 64)[:1400] / 16, digits.labels[:1400]
    loss = lb.sparse_categorical_crossentropy.from_logits
    exact = -0.3 * x.T @ loss.gradient(t, np.zeros((1400, 10)))
    for seed in range(5):
        w, batches = np.zeros((64, 10)), np.random.default_rng(seed).permutation(1400)
        batches = batches.reshape(28, 50)
        for rows in batches:
            w -= 0.3 * x[rows].T @ loss.gradient(t[rows], x[rows] @ w)
        assert loss(t, x @ w) < 0.6 * loss(t, x @ exact)


@claim("training/larger_than_memory#larger-than-memory", "cost#why-blocks-help")
def test_the_losses_walk_their_arguments_in_blocks_of_the_size_that_the_pages_name() -> None:
    size = f"blocks of {batch.BLOCK:,} numbers"
    for page in ("training/larger_than_memory.md", "cost.md"):
        assert size in " ".join((ROOT / "chapters" / page).read_text(encoding="utf-8").split())
    walked: list[int] = []

    class Watched(type(lb.mean_squared_error)):
        def per_sample(self, t: np.ndarray, y: np.ndarray) -> np.ndarray:
            walked.append(t.size)
            return super().per_sample(t, y)

    count = 3 * batch.BLOCK + 5
    Watched()(np.zeros(count), np.ones(count))
    assert walked == [batch.BLOCK] * 3 + [5]


@claim("training/larger_than_memory#why-a-correlation-needs-care")
def test_merged_moments_lose_the_digits_of_the_offset_and_one_pass_twice_as_many() -> None:
    """Merged moments lose the digits of the offset, and one pass twice as many."""
    for offset in (1e4, 1e5, 1e6):
        t, y = np.random.default_rng(13).normal(size=(2, 1000)) + offset
        true = np.corrcoef(t - offset, y - offset)[0, 1]
        total = (0, 0.0, 0.0, np.zeros(3))
        for a, b in zip(np.split(t, 10), np.split(y, 10), strict=True):
            u, v = a - a.mean(), b - b.mean()
            n, gap, gap_y = total[0] + len(a), a.mean() - total[1], b.mean() - total[2]
            part = len(a) * total[0] / n
            sums = np.array([u @ u, v @ v, u @ v])
            sums = total[3] + sums + part * np.array([gap * gap, gap_y * gap_y, gap * gap_y])
            shift = len(a) / n
            total = (n, total[1] + shift * gap, total[2] + shift * gap_y, sums)
        tt, yy, ty = total[3]
        merged = abs(ty / math.sqrt(tt * yy) - true)
        top = 1000 * (t @ y) - t.sum() * y.sum()
        squares = (1000 * (t @ t) - t.sum() ** 2) * (1000 * (y @ y) - y.sum() ** 2)
        assert merged < 2e-16 * offset
        assert abs(top / math.sqrt(squares) - true) > 2e-18 * offset**2


@claim("choosing/index#ten-situations")
def test_a_confident_mistake_costs_at_most_1_by_squares_and_without_bound_by_cross_entropy() -> (
    None
):
    """A confident mistake costs at most 1 by squares, and by cross-entropy without bound."""
    answers = [0.1, 1e-3, 1e-300, 0.0]
    assert all(lb.mean_squared_error([1], [y]) <= 1 for y in answers)
    costs = [lb.binary_crossentropy([1], [y]) for y in answers]
    assert costs[2] > 690
    assert costs[3] == math.inf


# --- backpropagation, and a loss of one's own ---

#: The page's network: w1, w2, b1, b2, w3, w4, b3; and its first sample, with a second one.
START, X_OF_PAGE, T_OF_PAGE = (1.0, -1.0, -1.0, 1.0, 3.0, 2.0, -3.0), (2, -1), (1, 0)


def of_network(miss: int, samples: int) -> list[float]:
    """Return the derivatives of the network's mean loss, as SymPy finds them."""
    w = sp.symbols("w1 w2 b1 b2 w3 w4 b3", real=True)
    total = sp.Integer(0)
    for x, t in list(zip(X_OF_PAGE, T_OF_PAGE, strict=True))[:samples]:
        z = w[4] * sp.Max(w[0] * x + w[2], 0) + w[5] * sp.Max(w[1] * x + w[3], 0) + w[6]
        total += (miss * sp.log(1 + sp.exp(-z)) if t else sp.log(1 + sp.exp(z))) / samples
    point = dict(zip(w, map(sp.Rational, START), strict=True))
    return [float(sp.diff(total, letter).subs(point)) for letter in w]


@claim("backpropagation/index#backward-one-arrow-at-a-time")
def test_seven_derivatives_by_hand_are_those_of_the_formula() -> None:
    assert of_network(1, samples=1) == [-3, 0, -1.5, 0, -0.5, 0, -0.5]


@claim("backpropagation/index#backward-one-arrow-at-a-time")
def test_on_the_way_back_each_weight_is_multiplied_at_most_twice() -> None:
    class Counted(float):
        made = 0

        def __mul__(self, other: float) -> Counted:
            Counted.made += 1
            return Counted(float(self) * float(other))

        def __add__(self, other: float) -> Counted:
            return Counted(float(self) + float(other))

    def counted(array: Any) -> Any:
        return np.frompyfunc(Counted, 1, 1)(array)

    sizes, rng = (5, 4, 6, 1), np.random.default_rng(3)
    weights = [counted(rng.normal(size=shape)) for shape in pairwise(sizes)]
    layers = [counted(rng.normal(size=5))]
    for matrix in weights:
        layers.append(counted(np.maximum((layers[-1] @ matrix).astype(float), 0)))
    forward, Counted.made = Counted.made, 0
    slopes = counted(np.ones(1))
    for matrix, values in zip(reversed(weights), reversed(layers[:-1]), strict=True):
        np.outer(values, slopes)  # the weights' own derivatives
        slopes = matrix @ slopes  # handed on
    assert forward == sum(a * b for a, b in pairwise(sizes))
    assert Counted.made == 2 * forward


@claim("backpropagation/index#a-loss-of-your-own")
def test_keras_and_pytorch_find_what_was_found_by_hand() -> None:
    """Keras and PyTorch find what was found by hand."""
    cases = json.loads((ROOT / "benchmarks/references.json").read_text())["cases"]
    recorded = cases["own-loss-gradients"]["answers"]
    for library, digits in (("PyTorch", 1e-14), ("Keras (torch)", 1e-6), ("Keras (jax)", 1e-6)):
        found = [float(number) for number in recorded[library].strip("()").split(", ")]
        assert found == pytest.approx(of_network(10, samples=2), rel=digits)
    assert recorded["Keras (numpy)"] == "NotImplementedError"


@claim("backpropagation/index#a-loss-of-your-own")
def test_a_weight_of_m_for_each_positive_is_the_loss_in_which_a_miss_costs_m() -> None:
    rng = np.random.default_rng(5)
    t, z = rng.integers(0, 2, 30), rng.normal(size=30) * 5
    weights = np.where(t == 1, 10.0, 1.0)
    found = lb.binary_crossentropy.from_logits(t, z, sample_weight=weights, reduction="sum") / 30
    by_hand = [
        10 * math.log1p(math.exp(-b)) if a else math.log1p(math.exp(b))
        for a, b in zip(t, z.tolist(), strict=True)
    ]
    assert found == pytest.approx(sum(by_hand) / 30, rel=1e-13)


@claim("backpropagation/index#where-it-breaks")
def test_the_logarithm_of_a_sigmoid_loses_value_and_gradient_of_a_confident_mistake() -> None:
    cases = json.loads((ROOT / "benchmarks/references.json").read_text())["cases"]
    for library in ("PyTorch", "JAX"):
        assert cases["own-loss-log-of-sigmoid"]["answers"][library] == "inf"
        assert cases["own-loss-log-of-sigmoid-gradient"]["answers"][library] == "nan"
    assert set(cases["own-loss-far"]["answers"].values()) == {"800.0"}


@claim("backpropagation/index#where-it-breaks")
def test_three_labels_against_a_column_of_three_logits_are_nine_pairs() -> None:
    t, z = [1, 0, 1], [0.5, -1.0, -2.0]
    pairs = [math.log1p(math.exp(-b if a else b)) for a in t for b in z]
    answers = json.loads((ROOT / "benchmarks/references.json").read_text())["cases"]
    recorded = answers["own-loss-column"]["answers"]
    assert float(recorded["PyTorch"]) == pytest.approx(sum(pairs) / 9)
    assert recorded["lossbook"] == "ValueError"
    assert abs(lb.binary_crossentropy.from_logits(t, z) - sum(pairs) / 9) > 0.05


@claim("backpropagation/index#where-it-breaks")
def test_behind_twenty_sigmoids_hardly_a_trillionth_of_a_derivative_is_left() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        weights, value = rng.uniform(-1, 1, 20), mpmath.mpf(rng.normal())
        left = mpmath.mpf(1)
        for w in map(mpmath.mpf, weights):
            value = 1 / (1 + mpmath.exp(-w * value))
            left *= w * value * (1 - value)
        assert abs(left) < 1e-12


@claim("backpropagation/index#where-it-breaks")
def test_first_weights_of_variance_2_by_inputs_keep_the_size_of_a_derivative() -> None:
    """First weights with the variance 2 divided by the inputs keep the size of a derivative."""

    def left(factor: float, seed: int) -> float:
        rng, size = np.random.default_rng(seed), 128
        layers = rng.normal(0, factor * math.sqrt(2 / size), (20, size, size))
        values, open_units = rng.normal(size=size), []
        for matrix in layers:
            values = np.maximum(values @ matrix, 0)
            open_units.append(values > 0)
        slopes = start = rng.normal(size=size)
        for matrix, is_open in zip(layers[::-1], open_units[::-1], strict=True):
            slopes = matrix @ (slopes * is_open)
        return float(np.linalg.norm(slopes) / np.linalg.norm(start))

    for seed in range(5):
        assert 0.1 < left(1.0, seed) < 10
        assert left(2.0, seed) > 1e4
        assert left(0.5, seed) < 1e-4


@claim("training/index#the-first-loss")
def test_twenty_digits_can_be_learned_by_heart_and_not_with_labels_shuffled_apart() -> None:
    digits = datasets.load_digits()
    x, t = digits.images.reshape(-1, 64)[:20] / 16, digits.labels[:20]
    loss = lb.sparse_categorical_crossentropy.from_logits
    for apart in (False, True):
        for seed in range(5):
            rng, w = np.random.default_rng(seed), np.zeros((64, 10))
            for _ in range(300):
                targets = rng.permutation(t) if apart else t
                w -= 0.3 * x.T @ loss.gradient(targets, x @ w)
            assert (loss(t, x @ w) > 1.5) == apart
            assert (loss(t, x @ w) < 0.1) != apart


@claim("choosing/index#all-losses-side-by-side")
def test_a_convex_loss_can_have_many_best_weights_or_none() -> None:
    flat = [lb.mean_absolute_error([1.0, 3.0], [c, c]) for c in (1.0, 2.0, 2.5, 3.0)]
    assert flat == [1.0] * 4  # between two labels the absolute error has no single minimum
    z = np.array([[1.0, -2.0, 0.5]])
    loss = lb.sparse_categorical_crossentropy.from_logits
    assert loss([0], z) == pytest.approx(loss([0], z + 7.0), rel=1e-14)
    t, x = np.array([0, 0, 1, 1]), np.array([-2.0, -1.0, 1.0, 2.0])  # separable
    path = [lb.binary_crossentropy.from_logits(t, w * x) for w in (1.0, 10.0, 100.0, 600.0)]
    assert all(0 < after < before for before, after in pairwise(path))


# --- wrong labels, and losses that are added ---


@claim("training/index#when-labels-are-wrong")
def test_generalized_crossentropy_lies_between_crossentropy_and_the_absolute_error() -> None:
    """Generalized cross-entropy lies between cross-entropy and half the absolute error of a row."""
    y, t = np.array([0.2, 0.7, 0.1]), np.array([0.0, 1.0, 0.0])
    assert pytest.approx(lb.categorical_crossentropy(t, y), rel=1e-6) == (1 - 0.7**1e-9) / 1e-9
    assert pytest.approx(lb.mean_absolute_error(t, y, reduction="sum") / 2) == 1 - 0.7
    k, p = sp.symbols("k p", positive=True)
    assert sp.limit((1 - p**k) / k, k, 0) == -sp.log(p)
    assert sp.simplify(sp.diff((1 - p**k) / k, p) - sp.diff(-sp.log(p), p) * p**k) == 0


@claim("training/index#when-labels-are-wrong")
def test_labels_exchanged_evenly_shift_and_shrink_one_minus_the_probability() -> None:
    """Labels exchanged evenly shift and shrink one minus the probability, and not cross-entropy."""
    y, classes = np.random.default_rng(3).dirichlet(np.ones(4), 50), 4
    for wrong in (0.2, 0.4, 0.7):
        share = np.where(np.arange(classes) == 1, 1 - wrong, wrong / (classes - 1))
        factor = 1 - wrong - wrong / (classes - 1)
        assert factor > 0  # the right class is the most frequent still
        np.testing.assert_allclose((1 - y) @ share, factor * (1 - y[:, 1]) + wrong, rtol=1e-13)
        shifts = -np.log(y) @ share + factor * np.log(y[:, 1])
        assert np.ptp(shifts) > 0.1


def read_digits(exponent: float, share: float, seed: int) -> tuple[float, float]:
    """Train on wrong labels; return accuracy and cross-entropy on unseen images and true labels."""
    digits, rng = datasets.load_digits(), np.random.default_rng(seed)
    x, t = digits.images.reshape(-1, 64) / 16, digits.labels
    order = rng.permutation(len(t))
    train, unseen, seen = order[:1400], order[1400:], t.copy()
    wrong = train[rng.random(1400) < share]
    seen[wrong] = (seen[wrong] + rng.integers(1, 10, wrong.size)) % 10
    first, second = rng.normal(0, 0.18, (64, 32)), rng.normal(0, 0.18, (32, 10))
    for _ in range(20):
        for rows in rng.permutation(train).reshape(-1, 50):
            hidden = np.maximum(x[rows] @ first, 0)
            y = lb.softmax(hidden @ second)
            belief = y[np.arange(50), seen[rows]] ** exponent
            slopes = (y - lb.one_hot(seen[rows], 10)) * belief[:, np.newaxis] / 50
            back = (slopes @ second.T) * (hidden > 0)
            first, second = first - 0.4 * x[rows].T @ back, second - 0.4 * hidden.T @ slopes
    z = np.maximum(x[unseen] @ first, 0) @ second
    loss = lb.sparse_categorical_crossentropy.from_logits(t[unseen], z)
    return float((z.argmax(axis=1) == t[unseen]).mean()), loss


@claim("training/index#when-labels-are-wrong")
def test_on_wrong_labels_an_exponent_between_0_and_1_reads_more_unseen_digits_than_either() -> None:
    runs = {k: [read_digits(k, 0.4, seed) for seed in (50, 51, 52)] for k in (0.0, 0.7, 1.0)}
    right, cost = ({k: np.mean([r[i] for r in runs[k]]) for k in runs} for i in (0, 1))
    assert right[0.7] > right[0.0] + 0.02
    assert right[0.7] > right[1.0] + 0.05
    assert cost[0.7] < 0.5 * min(cost[0.0], cost[1.0])


@claim("training/index#when-labels-are-wrong")
def test_the_best_constant_of_generalized_crossentropy_is_drawn_towards_the_largest_class() -> None:
    """The best constant of generalized cross-entropy is drawn towards the largest class."""
    share = np.array([0.5, 0.3, 0.2])
    grid = np.array([(a, b, 100 - a - b) for a in range(1, 99) for b in range(1, 100 - a)]) / 100
    for k in (0.3, 0.7):
        best = grid[np.argmin(((1 - grid**k) / k) @ share)]
        assert best[0] > 0.55
        np.testing.assert_allclose(
            best, share ** (1 / (1 - k)) / np.sum(share ** (1 / (1 - k))), atol=0.01
        )


def penguins_by_kind() -> tuple[Any, Any]:
    """Return species and sex, and mass in grams and the depth of the bill in millimeters."""
    birds = datasets.load_penguins()
    kinds = [birds.species == "Chinstrap", birds.species == "Gentoo", birds.sex == "male"]
    x = np.column_stack([np.ones(len(birds.sex)), *kinds]).astype(float)
    return x, np.column_stack([birds.body_mass_g, birds.bill_depth_mm])


def one_shared_number(x: Any, t: Any, weights: Any) -> Any:
    """Return the weights and offsets of the best straight lines of one shared number."""
    lines = np.linalg.solve(x.T @ x, x.T @ t)
    scaled = (x @ lines - t.mean(axis=0)) * np.sqrt(weights)
    direction = np.linalg.eigh(scaled.T @ scaled)[1][:, -1]
    through = np.outer(direction * np.sqrt(weights), direction / np.sqrt(weights))
    centered = lines - np.array([[1.0], [0], [0], [0]]) * t.mean(axis=0)
    return centered @ through + np.array([[1.0], [0], [0], [0]]) * t.mean(axis=0)


def left(x: Any, t: Any, lines: Any) -> Any:
    """Return the mean squared error of each output."""
    return ((x @ lines - t) ** 2).mean(axis=0)


@claim("training/index#several-outputs-and-losses-that-are-added")
def test_units_weigh_the_losses_of_shared_parameters_and_not_those_of_outputs_of_their_own() -> (
    None
):
    """Units weigh the losses where parameters are shared, and do nothing where they are not."""
    x, t = penguins_by_kind()
    own = [np.linalg.lstsq(x, t * unit, rcond=None)[0] / unit for unit in ([1, 1], [1e-3, 1])]
    np.testing.assert_allclose(*own, rtol=1e-8)
    for seed in range(40, 50):
        order = np.random.default_rng(seed).permutation(len(x))
        rows, others = order[:166], order[166:]
        best = t[rows].var(axis=0)
        shares = {}
        for name, c in (("grams", [1, 1]), ("kilograms", [1e-6, 1]), ("standard", 1 / best)):
            lines = one_shared_number(x[rows], t[rows], np.array(c))
            shares[name] = 1 - left(x[others], t[others], lines) / t[others].var(axis=0)
        assert shares["grams"][0] > shares["grams"][1] + 0.3
        assert shares["kilograms"][1] > shares["kilograms"][0] + 0.2
        assert min(shares["standard"]) > max(min(shares["grams"]), min(shares["kilograms"])) + 0.1


@claim("training/index#several-outputs-and-losses-that-are-added")
def test_learned_weights_leave_half_the_sum_of_the_logarithms_and_help_what_fits_well() -> None:
    """Learned weights leave half the sum of the losses' logarithms, and help what fits well."""
    loss, s = sp.symbols("L s", positive=True)
    negative = loss / (2 * s**2) + sp.log(s)
    assert sp.solve(sp.diff(negative, s), s) == [sp.sqrt(loss)]
    assert sp.simplify(negative.subs(s, sp.sqrt(loss)) - sp.log(loss) / 2) == sp.Rational(1, 2)
    x, t = penguins_by_kind()
    ends = []
    for unit in ([1.0, 1.0], [1e-3, 1.0]):
        labels = t * unit
        first = left(x, labels, one_shared_number(x, labels, 1 / labels.var(axis=0)))
        after = first
        for _ in range(200):
            after = left(x, labels, one_shared_number(x, labels, 1 / after))
        fit = np.argmin(first / labels.var(axis=0))
        assert after[fit] < first[fit]
        assert after[1 - fit] > first[1 - fit]
        ends.append(after / labels.var(axis=0))
    np.testing.assert_allclose(*ends, rtol=1e-6)  # the same in grams and in kilograms


def answers(case: str) -> dict[str, str]:
    """Return what the libraries answered."""
    recorded = json.loads((ROOT / "benchmarks" / "references.json").read_text(encoding="utf-8"))
    return dict(recorded["cases"][case]["answers"])


@claim("where_it_breaks/index#zero-times-infinity")
def test_a_small_number_inside_the_logarithm_makes_a_perfect_prediction_cost_less_than_0() -> None:
    for eps in (1e-12, 1e-7):
        assert -np.log(1.0 + eps) < 0


@claim("where_it_breaks/index#a-column-against-a-row")
def test_all_pairs_average_to_both_variances_and_the_squared_gap_of_the_means() -> None:
    t, y = np.random.default_rng(16).normal(size=(2, 30))
    table = np.mean([(a - b) ** 2 for a in y for b in t])
    assert table == pytest.approx(t.var() + y.var() + (y.mean() - t.mean()) ** 2)


@claim("where_it_breaks/index#correlation-in-one-pass")
def test_a_correlation_in_one_pass_comes_out_off_above_1_or_not_a_number() -> None:
    """A correlation in one pass comes out off, above 1, or not a number."""
    found = set()
    for seed in range(40):
        x = np.random.default_rng(seed).normal(size=100)
        t, y = x + 1e8, x + 0.1 * x[::-1] + 1e8
        top = 100 * (t @ y) - t.sum() * y.sum()
        of_t, of_y = (100 * (v @ v) - v.sum() ** 2 for v in (t, y))
        r = top / math.sqrt(of_t * of_y) if of_t * of_y > 0 else math.nan
        found.add("nan" if math.isnan(r) else "above 1" if r > 1 else "off" if r < 0.9 else "near")
        assert 0.9 < lb.pearson_correlation(t, y) < 1
    assert {"nan", "above 1", "off"} <= found


@claim("where_it_breaks/index#a-softmax-too-many")
def test_with_a_softmax_too_many_two_classes_cannot_cost_less_than_0_313() -> None:
    """With a softmax too many, two classes cannot cost less than 0.313."""
    for given in np.linspace(0, 1, 101):
        seen = lb.categorical_crossentropy.from_logits([1, 0], [given, 1 - given])
        assert seen >= math.log1p(math.exp(-1)) - 1e-15
    assert round(math.log1p(math.exp(-1)), 3) == 0.313


@claim("frameworks/index#what-to-type")
def test_with_the_arguments_exchanged_pytorch_s_log_2_is_50_and_its_gradient_infinite() -> None:
    """With the arguments exchanged, PyTorch's log 2 is 50, and its gradient infinite."""
    assert answers("bce-exchanged") == {"lossbook": "inf", "PyTorch": "50.0"}
    assert math.isinf(float(answers("bce-exchanged-gradient")["PyTorch"]))


@claim("frameworks/index#what-stands-at-zero")
def test_an_impossible_event_has_four_losses_in_four_libraries() -> None:
    found = {
        name.split()[0]: round(float(value)) if value != "inf" else value
        for name, value in answers("bce-certain-64").items()
    }
    assert found == {"lossbook": "inf", "PyTorch": 100, "scikit-learn": 36, "Keras": 16}


@claim("training/larger_than_memory#what-a-mean-of-means-gets-wrong")
def test_a_mean_of_means_is_right_for_equal_chunks_and_for_others_only_by_chance() -> None:
    rng = np.random.default_rng(17)
    losses = rng.random(12)
    for size in (1, 2, 3, 4, 6):
        means = losses.reshape(-1, size).mean(axis=1)
        assert means.mean() == pytest.approx(losses.mean(), rel=1e-14)
    for _ in range(50):
        cut = int(rng.choice([1, 2, 3, 4, 5, 7, 8, 9, 10, 11]))
        pair = (losses[:cut].mean() + losses[cut:].mean()) / 2
        assert abs(pair - losses.mean()) > 1e-6
    by_chance = [np.array([4.0]), np.array([1.0, 1.0]), np.array([4.0, 4.0, 4.0])]
    assert np.mean([part.mean() for part in by_chance]) == np.concatenate(by_chance).mean()


@claim("frameworks/index#gradients-that-vanish")
def test_the_small_gradient_of_pytorch_is_that_of_a_guarded_division() -> None:
    """The small gradient of PyTorch is that of a guarded division."""
    recorded = json.loads((ROOT / "benchmarks" / "references.json").read_text(encoding="utf-8"))
    answer = float(recorded["cases"]["bce-clipped-gradient"]["answers"]["PyTorch"])
    y = 1 / (1 + math.exp(40.0))
    assert -math.log(y) == pytest.approx(40)
    assert answer == pytest.approx((y - 1) / max(y * (1 - y), 1e-12) * y * (1 - y), rel=1e-6)


@claim("training/index#mini-batches-and-how-to-average")
def test_a_sum_over_wrong_averages_depends_on_the_batches() -> None:
    losses = np.array([1.0, 1.0, 1.0, 1.0, 5.0])
    of_means = {np.mean([losses[:k].mean(), losses[k:].mean()]) for k in (1, 2, 3, 4)}
    assert len(of_means) > 1
    assert math.fsum(losses) / 5 == 1.8


@claim("losses_and_metrics/index#the-loss-falls-while-the-metric-stands-still")
def test_a_metric_can_stand_still_while_the_loss_falls() -> None:
    t = np.array([1, 1, 0, 0])
    z = np.array([0.1, 0.2, -0.1, -0.3])
    assert ((z > 0) == t).all()
    assert ((5 * z > 0) == t).all()
    loss = lb.binary_crossentropy.from_logits
    assert loss(t, 5 * z) < loss(t, z)
