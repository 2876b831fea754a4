"""How the assignment on rare classes is judged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.questions.draw import (
    chances,
    chances_and_labels,
    labels_of,
    loop_slips,
    ordinary,
    single,
    sizes,
    slope_slips,
)
from lossbook.classroom.student.messages import N_
from lossbook.classroom.student.question import (
    Arguments,
    Assignment,
    Choice,
    Function,
    Mistake,
    Part,
    Section,
    Text,
    Value,
)
from lossbook.datasets import load_crashes
from lossbook.losses import binary_crossentropy as bce
from lossbook.losses import binary_focal_crossentropy as focal_loss

__all__ = ["ASSIGNMENT"]

WEIGHT = 20  # of a death, when the model of the crashes is trained
MISS = 5  # its cost, when the alarms are given; a false alarm costs 1


def focal(t: Any, y: Any, apply_class_balancing: bool, alpha: float, gamma: float) -> float:
    """Return the focal loss."""
    return focal_loss(t, y, apply_class_balancing=apply_class_balancing, alpha=alpha, gamma=gamma)


def focal_gradient(t: Any, y: Any, apply_class_balancing: bool, alpha: float, gamma: float) -> Any:
    """Return the derivatives of the focal loss."""
    return focal_loss.gradient(
        t, y, apply_class_balancing=apply_class_balancing, alpha=alpha, gamma=gamma
    )


def weights_of(t: Any, weight: Any) -> Any:
    """Return what each label weighs: `weight` for 1, and 1 for 0."""
    return np.where(t == 1, weight, 1.0)


def weighted_loss(t: Any, y: Any, weight: Any) -> float:
    """Return the weighted mean of the cross-entropies."""
    return bce(t, y, sample_weight=weights_of(t, weight))


def _share(part: Any, whole: Any) -> float:
    return float(np.sum(part) / np.sum(whole)) if np.any(whole) else 0.0


def precision_and_recall(t: Any, y: Any, threshold: float) -> Any:
    """Return precision and recall, and 0 where there is no alarm."""
    alarm = y >= threshold
    return np.array([_share(alarm & (t == 1), alarm), _share(alarm & (t == 1), t == 1)])


def honest(y: Any, weight: float) -> Any:
    """Return the probabilities whose odds are divided by `weight`."""
    return y / (y + weight * (1.0 - y))


def calibration_error(
    t: Any,
    y: Any,
    bins: int,
    *,
    labels_sorted: bool = True,
    signed: bool = False,
    sizes_count: bool = True,
    power: float = 1.0,
) -> float:
    """Return the expected calibration error in bins of equal size; the keywords are mistakes."""
    order = np.argsort(y)
    labels = t[order] if labels_sorted else t
    parts = np.array_split(np.arange(len(y)), bins)
    gaps = np.array([y[order][k].mean() - labels[k].mean() for k in parts])
    gaps = gaps if signed else np.abs(gaps) ** power
    weights = [len(k) for k in parts] if sizes_count else None
    return float(np.abs(np.average(gaps, weights=weights)))


def _unsorted(t: Any, y: Any, bins: int) -> float:
    """Return the error where the bins are filled in the order of the samples."""
    parts = np.array_split(np.arange(len(y)), bins)
    return sum(len(k) * abs(y[k].mean() - t[k].mean()) for k in parts) / len(y)


def _equal_widths(t: Any, y: Any, bins: int) -> float:
    """Return the error in bins of equal width between 0 and 1."""
    bin_of = np.minimum((y * bins).astype(int), bins - 1)
    parts = [bin_of == k for k in range(bins) if (bin_of == k).any()]
    return sum(k.sum() * abs(y[k].mean() - t[k].mean()) for k in parts) / len(y)


def _largest_gap(t: Any, y: Any, bins: int) -> float:
    parts = np.array_split(np.argsort(y), bins)
    return float(max(abs(y[k].mean() - t[k].mean()) for k in parts))


def best_threshold(false_alarm: float, miss: float) -> float:
    """Return the probability from which an alarm costs less than none."""
    return false_alarm / (false_alarm + miss)


# --- wrong focal losses ---------------------------------------------------------------------------


def _true(t: Any, y: Any) -> Any:
    """Return the probability that was given to what happened."""
    return np.where(t == 1, y, 1 - y)


def _alpha(t: Any, balanced: bool, alpha: float) -> Any:
    return np.where(t == 1, alpha, 1 - alpha) if balanced else np.ones(len(t))


Factor = Callable[[Any, Any, float], Any]


def _terms(
    t: Any,
    y: Any,
    balanced: bool,
    alpha: float,
    gamma: float,
    *,
    factor: Factor = lambda y, p, g: (1 - p) ** g,
) -> Any:
    """Return the loss of each sample, with another factor before the surprise."""
    p = _true(t, y)
    return -_alpha(t, balanced, alpha) * factor(y, p, gamma) * np.log(p)


def _with_factor(factor: Factor) -> Callable[..., Any]:
    return lambda *arguments: np.mean(_terms(*arguments, factor=factor))


def _only(label: int, *arguments: Any) -> Any:
    """Return the mean of the terms of one label, over all samples."""
    return np.mean(np.where(arguments[0] == label, _terms(*arguments), 0.0))


def _mean_of(label: int, *arguments: Any) -> Any:
    """Return the mean over the samples with one label."""
    return np.mean(_terms(*arguments)[arguments[0] == label])


def _over_weights(t: Any, y: Any, balanced: bool, alpha: float, gamma: float) -> Any:
    terms, weights = _terms(t, y, balanced, alpha, gamma), _alpha(t, balanced, alpha)
    return np.sum(terms) / np.sum(weights)


def _product_of_means(t: Any, y: Any, balanced: bool, alpha: float, gamma: float) -> Any:
    p = _true(t, y)
    return np.mean(_alpha(t, balanced, alpha) * (1 - p) ** gamma) * np.mean(-np.log(p))


def _slopes(
    t: Any, y: Any, balanced: bool, alpha: float, gamma: float, *, slope: Callable[..., Any]
) -> Any:
    """Return slopes, from that of a sample by the probability that was given to its label."""
    sign = np.where(t == 1, 1.0, -1.0)
    weights = _alpha(t, balanced, alpha)
    return sign * weights * slope(_true(t, y), gamma) / len(t)


def _with_slope(slope: Callable[..., Any]) -> Callable[..., Any]:
    return functools.partial(_slopes, slope=slope)


def _by_logit(t: Any, y: Any, *rest: Any) -> Any:
    return focal_gradient(t, y, *rest) * y * (1 - y)


#: Wrong weights of the two labels, from the labels, whether they are balanced, and alpha.
WRONG_ALPHAS = (
    ("alpha_wrong_class", lambda t, balanced, alpha: _alpha(t, balanced, 1 - alpha)),
    ("alpha_always", lambda t, balanced, alpha: _alpha(t, True, alpha)),
    ("alpha_for_all", lambda t, balanced, alpha: alpha if balanced else 1.0),
    ("alpha_for_all", lambda t, balanced, alpha: alpha),
    ("alpha_for_one", lambda t, balanced, alpha: np.where(t == 1, alpha if balanced else 1.0, 1.0)),
)


def _alpha_mistakes(
    terms: Callable[..., Any], join: Callable[[Any], Any] = np.asarray
) -> tuple[Mistake, ...]:
    """Return the mistakes with alpha, of losses or slopes that are joined to the answer."""

    def wrong(weights: Callable[..., Any], *arguments: Any) -> Any:
        t, y, balanced, alpha, gamma = arguments
        return join(weights(t, balanced, alpha) * terms(t, y, False, alpha, gamma))

    return tuple(Mistake(name, functools.partial(wrong, w)) for name, w in WRONG_ALPHAS)


# --- inputs ---------------------------------------------------------------------------------------


def _settings(rng: Generator) -> list[tuple[bool, float, float]]:
    """Return three settings of the focal loss: with class balancing, without it, and with."""
    alphas = rng.permutation([0.1, 0.2, 0.7, 0.9]).tolist()
    gammas = rng.permutation([0.5, 1.5, 2.0, 3.0]).tolist()
    return list(zip((True, False, True), alphas, gammas, strict=False))


def _focal(rng: Generator) -> list[Arguments]:
    inputs = zip(chances_and_labels(rng), _settings(rng), strict=True)
    return [(*arguments, *setting) for arguments, setting in inputs]


def _no_focus(rng: Generator) -> list[Arguments]:
    """Return inputs with the gamma 0, for which the loss is the cross-entropy."""
    return [(*arguments[:4], 0.0) for arguments in _focal(rng)[:2]]


def _perfect(rng: Generator) -> list[Arguments]:
    """Return predictions of which two are exactly right, one of each label."""
    found: list[Arguments] = []
    for setting in _settings(rng)[:2]:
        order = rng.permutation(4)
        t, y = np.array([1, 0, 1, 0]), np.r_[1.0, 0.0, chances(rng, 2)]
        found.append((t[order], y[order], *setting))
    return found


def _one_chance(rng: Generator) -> list[Arguments]:
    settings = _settings(rng)
    return [(np.array([k]), chances(rng, 1), *settings[k]) for k in (0, 1)]


def _weighted(rng: Generator) -> list[Arguments]:
    weights = rng.permutation([2.0, 3.0, 5.0, 8.0])
    inputs = zip(chances_and_labels(rng), weights, strict=False)
    return [(*arguments, float(weight)) for arguments, weight in inputs]


def _many_labels(rng: Generator) -> list[Arguments]:
    """Return rows with several labels each, and a weight for each column."""
    found: list[Arguments] = []
    for n, labels in ((5, 3), (6, 2)):
        t = np.column_stack([labels_of(rng, n) for _ in range(labels)])
        weights = rng.permutation([1.0, 4.0, 9.0])[:labels]
        found.append((t, chances(rng, n * labels).reshape(n, labels), weights))
    return found


def _one_weighted(rng: Generator) -> list[Arguments]:
    return [(np.array([k]), chances(rng, 1), 3.0) for k in (0, 1)]


def _alarms(rng: Generator) -> list[Arguments]:
    """Return labels, probabilities and a threshold for which no usual mistake is right."""
    found: list[Arguments] = []
    while len(found) < 3:
        n = int(rng.integers(9, 16))
        t = (rng.random(n) < 0.4).astype(int)
        y, cut = np.round(rng.permutation(np.linspace(0.04, 0.93, n)), 2), 0.0
        cut = float(rng.choice([0.2, 0.3, 0.4, 0.6]))
        four = [np.sum((y >= cut) & (t == 1)), np.sum((y >= cut) & (t == 0))]
        four += [np.sum((y < cut) & (t == 1)), np.sum((y < cut) & (t == 0))]
        if min(four) > 0 and len({*four}) == 4 and not np.isin(cut, y):
            found.append((t, y, cut))
    return found


def _no_alarm(rng: Generator) -> list[Arguments]:
    return [(t, np.round(0.4 * y, 2), 0.5) for t, y, _ in _alarms(rng)[:2]]


def _at_threshold(rng: Generator) -> list[Arguments]:
    """Return a threshold at which a label 1 lies, and where `>` does what no other slip does."""
    found: list[Arguments] = []
    while len(found) < 2:
        t, y, cut = _alarms(rng)[0]
        cut = float(y[(t == 1) & (y > cut)].min())
        over = precision_and_recall(t, y, cut + 1e-9)
        wrong = [m.formula(t, y, cut) for m in WRONG_SHARES]
        if not any(np.allclose(over, other) for other in wrong):
            found.append((t, y, cut))
    return found


def _chances_and_weight(rng: Generator) -> list[Arguments]:
    return [
        (chances(rng, n), float(weight))
        for n, weight in zip(sizes(rng), rng.permutation([3, 5, 8, 20]), strict=False)
    ]


def _sure(rng: Generator) -> list[Arguments]:
    return [(np.r_[0.0, chances(rng, 2), 1.0], float(rng.integers(3, 9)))]


def _binned(rng: Generator) -> list[Arguments]:
    """Return labels and probabilities whose number the number of bins does not divide."""
    found: list[Arguments] = []
    while len(found) < 3:
        bins = int(rng.choice([3, 4, 5]))
        n = bins * int(rng.integers(2, 4)) + int(rng.integers(1, bins))
        y = np.round(rng.permutation(np.linspace(0.03, 0.9, n)), 3)
        t = (rng.random(n) < 0.5 * y + 0.2).astype(int)
        arguments = (t, y, bins)
        error = calibration_error(*arguments)
        wrong = [abs(m.formula(*arguments) - error) for m in WRONG_ERRORS]
        if min(wrong) > 1e-3:
            found.append(arguments)
    return found


def _even_bins(rng: Generator) -> list[Arguments]:
    """Return samples that fill their bins evenly."""
    y = np.round(rng.permutation(np.linspace(0.05, 0.95, 12)), 3)
    return [((rng.random(12) < y).astype(int), y, 4)]


def _one_bin(rng: Generator) -> list[Arguments]:
    t, y, _ = _binned(rng)[0]
    return [(t, y, 1)]


def _costs(rng: Generator) -> list[Arguments]:
    """Return costs of a false alarm and of a miss."""
    low, high = rng.permutation([1.5, 2.5, 4.0]), rng.permutation([7.5, 12.0, 30.0])
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def _whole_costs(rng: Generator) -> list[Arguments]:
    return [(int(rng.integers(2, 5)), int(rng.integers(6, 30))), (7, 3)]


# --- mistakes -------------------------------------------------------------------------------------

WRONG_ERRORS = (
    Mistake("no_bin_weights", functools.partial(calibration_error, sizes_count=False)),
    Mistake("gaps_cancel", functools.partial(calibration_error, signed=True)),
    Mistake("gaps_cancel", functools.partial(calibration_error, signed=True, sizes_count=False)),
    *(
        Mistake(
            "labels_left_behind",
            functools.partial(
                calibration_error, labels_sorted=False, signed=signed, sizes_count=count
            ),
        )
        for signed in (False, True)
        for count in (True, False)
    ),
    Mistake("unsorted", _unsorted),
    Mistake("equal_widths", _equal_widths),
    Mistake("largest_gap", _largest_gap),
    Mistake("squared_gaps", functools.partial(calibration_error, power=2.0)),
    Mistake("squared_gaps", lambda t, y, b: np.sqrt(calibration_error(t, y, b, power=2.0))),
)


def _shares(first: Callable[..., Any], second: Callable[..., Any]) -> Callable[..., Any]:
    """Return two shares, from what an alarm and a label 1 are."""

    def pair(t: Any, y: Any, cut: float) -> Any:
        alarm, one = y >= cut, t == 1
        return np.array([_share(*first(alarm, one)), _share(*second(alarm, one))])

    return pair


def _precision(alarm: Any, one: Any) -> Any:
    return alarm & one, alarm


def _recall(alarm: Any, one: Any) -> Any:
    return alarm & one, one


def _accuracy(alarm: Any, one: Any) -> Any:
    return alarm == one, np.ones(len(one))


def _hits(alarm: Any, one: Any) -> Any:
    return alarm & one, np.ones(len(one))


def _false_alarms(alarm: Any, one: Any) -> Any:
    return alarm & ~one, ~one


def _silence(alarm: Any, one: Any) -> Any:
    return ~alarm & ~one, ~one


WRONG_SHARES = (
    Mistake("wrong_order", _shares(_recall, _precision)),
    *(
        Mistake("share_of_all", _shares(first, second))
        for first, second in (
            (_accuracy, _recall),
            (_precision, _accuracy),
            (_accuracy, _accuracy),
            (_hits, _recall),
            (_precision, _hits),
            (_hits, _hits),
        )
    ),
    Mistake("false_alarm_rate", _shares(_precision, _false_alarms)),
    Mistake("specificity", _shares(_precision, _silence)),
    Mistake("inverted", lambda t, y, c: precision_and_recall(1 - t, -y, -c)),
    Mistake("inverted", lambda t, y, c: precision_and_recall(1 - t, y, c)),
    Mistake("inverted", lambda t, y, c: precision_and_recall(t, -y, -c)),
)


def _label_by_label(t: Any, y: Any, weight: Any) -> Any:
    """Return the mean of the losses of the columns, each with weights of its own."""
    if t.ndim < 2:
        raise ValueError("one label has no columns")
    return np.mean([weighted_loss(t[:, k], y[:, k], weight[k]) for k in range(t.shape[1])])


def _sum_of_weighted(t: Any, y: Any, weight: Any) -> Any:
    return bce(t, y, sample_weight=weights_of(t, weight), reduction="sum")


def _weighted_only(label: int, t: Any, y: Any, weight: Any) -> Any:
    terms, weights = bce(t, y, reduction="none"), weights_of(t, weight)
    return np.sum((weights * terms)[t == label]) / np.sum(weights)


def _in_probability(t: Any, y: Any, weight: Any) -> Any:
    return -np.mean(np.log(np.where(t == 1, weight * y, 1 - y)))


# --- data -----------------------------------------------------------------------------------------


@functools.cache
def _people() -> dict[bool, tuple[Any, Any]]:
    """Return labels and probabilities by a weighted model, of those held out and of the others."""
    crashes = load_crashes()
    x = np.column_stack(
        [
            np.ones(len(crashes.died)),
            (crashes.speed_km_h - 30) / 10,
            (crashes.age_years - 40) / 20,
            1 - crashes.belted,
            1 - crashes.frontal,
        ]
    )
    t, held_out = crashes.died, crashes.vehicle % 6 != 0
    w = np.zeros(5)
    weight = weights_of(t[~held_out], WEIGHT)
    for _ in range(300):
        y = 1 / (1 + np.exp(-x[~held_out] @ w))
        slopes = weight * (y - t[~held_out]) / weight.sum()
        w -= slopes @ x[~held_out]
    y = 1 / (1 + np.exp(-x @ w))
    return {out: (t[held_out == out], y[held_out == out]) for out in (True, False)}


def _cost(
    *,
    cut: float = 1 / (1 + MISS),
    back: Callable[..., Any] = honest,
    held_out: bool = True,
    false_alarm: float = 1.0,
    miss: float = MISS,
) -> float:
    """Return what the alarms cost per person; the keywords are mistakes."""
    t, y = _people()[held_out]
    alarm = back(y, WEIGHT) >= cut
    return float(np.mean(np.where(t == 1, miss * ~alarm, false_alarm * alarm)))


def _as_it_is(y: Any, weight: float) -> Any:
    return y


BALANCED = ("y_true", "y_pred", "apply_class_balancing", "alpha", "gamma")
NO_FOCUS = Part(N_("gamma 0"), _no_focus)

ASSIGNMENT = Assignment(
    "focal",
    N_("Rare classes"),
    (
        Function(
            "q1",
            N_("The focal loss"),
            "focal",
            BALANCED,
            "number",
            focal,
            (
                ordinary(_focal),
                NO_FOCUS,
                Part(N_("a perfect prediction"), _perfect, not_finite="nan_on_perfect"),
                single(_one_chance),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("gamma_wrong_factor", _with_factor(lambda y, p, g: p**g)),
                Mistake("same_factor", _with_factor(lambda y, p, g: (1 - y) ** g)),
                Mistake("same_factor", _with_factor(lambda y, p, g: y**g)),
                Mistake("gamma_no_power", _with_factor(lambda y, p, g: g * (1 - p))),
                Mistake("gamma_no_power", _with_factor(lambda y, p, g: 1 - p**g)),
                Mistake("one_class_only", functools.partial(_only, 1)),
                Mistake("one_class_only", functools.partial(_only, 0)),
                Mistake("positives_only", functools.partial(_mean_of, 1)),
                Mistake("divided_by_weights", _over_weights),
                Mistake("product_of_means", _product_of_means),
                Mistake("inverted", lambda t, *rest: focal(1 - t, *rest)),
                *_alpha_mistakes(_terms, np.mean),
                *loop_slips(_terms),
            ),
        ),
        Function(
            "q2",
            N_("Its gradient"),
            "focal_gradient",
            BALANCED,
            "array",
            focal_gradient,
            (ordinary(_focal), NO_FOCUS, single(_one_chance)),
            Section(N_("The gradient")),
            (
                Mistake("factor_fixed", _with_slope(lambda p, g: -((1 - p) ** g) / p)),
                Mistake(
                    "logarithm_fixed", _with_slope(lambda p, g: g * (1 - p) ** (g - 1) * np.log(p))
                ),
                Mistake(
                    "product_rule_sign",
                    _with_slope(
                        lambda p, g: -((1 - p) ** g) / p - g * (1 - p) ** (g - 1) * np.log(p)
                    ),
                ),
                Mistake(
                    "chain_factor",
                    _with_slope(lambda p, g: -((1 - p) ** g) / p + (1 - p) ** (g - 1) * np.log(p)),
                ),
                Mistake(
                    "chain_factor",
                    _with_slope(lambda p, g: -((1 - p) ** g) / p + g * (1 - p) ** g * np.log(p)),
                ),
                Mistake(
                    "one_direction",
                    lambda t, *rest: np.where(t == 1, 1, -1) * focal_gradient(t, *rest),
                ),
                Mistake("by_logit", _by_logit),
                Mistake("inverted", lambda t, *rest: focal_gradient(1 - t, *rest)),
                *_alpha_mistakes(focal_gradient),
                *slope_slips(focal_gradient),
                Mistake("whole_numbers", lambda *given: np.trunc(focal_gradient(*given))),
            ),
            gradient_of="focal",
        ),
        Function(
            "q3",
            N_("One weight, many names"),
            "weighted_loss",
            ("y_true", "y_pred", "weight"),
            "number",
            weighted_loss,
            (
                ordinary(_weighted),
                Part(N_("several labels in a row"), _many_labels, wrong="several_labels"),
                single(_one_weighted),
            ),
            Section(N_("Weights and resampling")),
            (
                Mistake("divided_by_samples", lambda t, y, w: _sum_of_weighted(t, y, w) / t.size),
                Mistake("divided_by_samples", lambda t, y, w: _sum_of_weighted(t, y, w) / len(t)),
                Mistake("weighted_sum", _sum_of_weighted),
                Mistake("weight_wrong_class", lambda t, y, w: weighted_loss(1 - t, 1 - y, w)),
                Mistake("weight_in_probability", _in_probability),
                Mistake("positives_only", lambda t, y, w: np.mean(-np.log(y[t == 1]))),
                Mistake("one_class_only", functools.partial(_weighted_only, 1)),
                Mistake("one_class_only", functools.partial(_weighted_only, 0)),
                Mistake("inverted", lambda t, y, w: weighted_loss(t, 1 - y, w)),
                Mistake("label_by_label", _label_by_label),
            ),
        ),
        Function(
            "q4",
            N_("Precision and recall"),
            "precision_and_recall",
            ("y_true", "y_pred", "threshold"),
            "array",
            precision_and_recall,
            (
                ordinary(_alarms),
                Part(N_("no alarm at all"), _no_alarm, wrong="no_alarm", not_finite="no_alarm"),
                Part(N_("predictions at the threshold"), _at_threshold, wrong="at_threshold"),
            ),
            Section(N_("What each does")),
            WRONG_SHARES,
        ),
        Function(
            "q5",
            N_("The way back"),
            "honest",
            ("y_pred", "weight"),
            "array",
            honest,
            (
                ordinary(_chances_and_weight),
                Part(N_("probabilities of 0 and 1"), _sure, "infinite_odds", "infinite_odds"),
                single(lambda rng: [(chances(rng, 1), 4.0)]),
            ),
            Section(N_("Getting the probabilities back")),
            (
                Mistake("probability_divided", lambda y, m: y / m),
                Mistake("odds_multiplied", lambda y, m: m * y / (1 - y + m * y)),
                Mistake("odds_for_probability", lambda y, m: y / (1 - y) / m),
                Mistake("logarithm_of_probability", lambda y, m: y - np.log(m)),
                Mistake("logit_for_probability", lambda y, m: np.log(y / (1 - y)) - np.log(m)),
                Mistake(
                    "weight_for_logarithm", lambda y, m: 1 / (1 + np.exp(m - np.log(y / (1 - y))))
                ),
                Mistake("unchanged", lambda y, m: y),
                Mistake("swapped", lambda y, m: honest(m, y)),
            ),
        ),
        Function(
            "q6",
            N_("Find the bugs"),
            "calibration_error",
            ("y_true", "y_pred", "bins"),
            "number",
            calibration_error,
            (
                ordinary(_binned),
                Part(N_("bins of equal size"), _even_bins),
                Part(N_("a single bin"), _one_bin),
            ),
            Section(N_("Getting the probabilities back")),
            WRONG_ERRORS,
        ),
        Function(
            "q7",
            N_("From two costs to a threshold"),
            "best_threshold",
            ("false_alarm", "miss"),
            "number",
            best_threshold,
            (
                ordinary(_costs),
                Part(N_("whole numbers"), _whole_costs, wrong="whole_numbers"),
            ),
            Section(N_("Leave the loss, move the threshold")),
            (
                Mistake("costs_exchanged", lambda a, b: b / (a + b)),
                Mistake("odds_for_threshold", lambda a, b: a / b),
                Mistake("odds_for_threshold", lambda a, b: b / a),
                Mistake("false_alarm_of_one", lambda a, b: 1 / (1 + b)),
                Mistake("false_alarm_of_one", lambda a, b: b / (1 + b)),
            ),
        ),
        Value(
            "q8",
            N_("Whom to send a helicopter"),
            "held_out_cost",
            _cost,
            Section(N_("Leave the loss, move the threshold")),
            (
                Mistake("not_brought_back", lambda: _cost(back=_as_it_is)),
                Mistake("usual_threshold", lambda: _cost(cut=0.5)),
                Mistake("costs_exchanged", lambda: _cost(cut=MISS / (1 + MISS))),
                Mistake("costs_exchanged", lambda: _cost(false_alarm=MISS, miss=1)),
                Mistake("alarms_of_training", lambda: _cost(cut=0.5, back=_as_it_is)),
                Mistake("alarms_of_training", lambda: _cost(cut=1 / (1 + WEIGHT), miss=WEIGHT)),
                Mistake("training_samples", lambda: _cost(held_out=False)),
                Mistake("one_cost_only", lambda: _cost(false_alarm=0)),
                Mistake("one_cost_only", lambda: _cost(miss=0)),
                Mistake("same_cost", lambda: _cost(miss=1)),
                Mistake("no_alarm_at_all", lambda: _cost(cut=2.0)),
                Mistake("sum_for_mean", lambda: _cost() * len(_people()[True][0])),
            ),
        ),
        Choice(
            "q9",
            N_("What a weight leaves alone"),
            "unchanged",
            "abcd",
            Section(N_("What each does")),
        ),
        Text("q10", N_("Right more often"), Section(N_("Leave the loss, move the threshold"))),
    ),
)
