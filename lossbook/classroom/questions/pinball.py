"""How the assignment on the Huber loss and the pinball loss is judged."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.questions.draw import (
    apart,
    lines,
    loop_slips,
    ordinary,
    single,
    sizes,
    slope_slips,
    ties,
)
from lossbook.classroom.questions.mean_squared_error import descend, descent_mistakes
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
from lossbook.datasets import load_engel, load_phone_calls
from lossbook.losses import huber as huber_loss
from lossbook.losses import mean_absolute_error as mae
from lossbook.losses import mean_squared_error as mse
from lossbook.losses import pinball as pinball_loss

__all__ = ["ASSIGNMENT"]

#: The labels whose best constant is found with a pencil; delta is 4 there.
LABELS = np.array([10.0, 11.0, 12.0, 13.0, 100.0])
WIDE = 1.345  # standard deviations, as the chapter has them
QUARTER = 0.6745  # of a standard deviation: half of all Gaussian numbers lie within


def huber(t: Any, y: Any, delta: float) -> float:
    """Return the Huber loss."""
    return huber_loss(t, y, delta=delta)


def huber_gradient(t: Any, y: Any, delta: float) -> Any:
    """Return the derivatives of the Huber loss."""
    return huber_loss.gradient(t, y, delta=delta)


def choose_delta(errors: Any) -> Any:
    """Return delta, from the median of the errors' sizes."""
    return WIDE * np.median(np.abs(errors)) / QUARTER


fit_line = functools.partial(descend, gradient=huber_gradient)


def pinball(t: Any, y: Any, quantile: float) -> float:
    """Return the pinball loss."""
    return pinball_loss(t, y, quantile=quantile)


def pinball_gradient(t: Any, y: Any, quantile: float) -> Any:
    """Return the derivatives of the pinball loss, and 0 at the label."""
    return pinball_loss.gradient(t, y, quantile=quantile)


def quantile_of(t: Any, level: float) -> Any:
    """Return the smallest label that has at least the share `level` of all at or below it."""
    return np.sort(t)[math.ceil(level * len(t) - 1e-9) - 1]


def best_constant(t: Any, too_low: float, too_high: float) -> Any:
    """Return the constant that costs least, if a unit too low and one too high have prices."""
    return quantile_of(t, too_low / (too_low + too_high))


def cost(t: Any, too_low: float, too_high: float, c: Any) -> float:
    """Return what a constant costs on average."""
    return float(np.mean(too_low * np.maximum(t - c, 0) + too_high * np.maximum(c - t, 0)))


def _pieces(t: Any, y: Any, delta: float, inside: Any, outside: Any) -> float:
    """Return the mean of a loss with one piece up to delta and another beyond."""
    size = np.abs(y - t)
    return float(np.mean(np.where(size <= delta, inside(size), outside(size))))


def _slopes(t: Any, y: Any, delta: float, inside: Any, outside: Any) -> Any:
    """Return slopes with one piece up to delta and another beyond."""
    error = y - t
    return np.where(np.abs(error) <= delta, inside(error), outside(error)) / len(t)


def _pulled(t: Any, y: Any, low: float, high: float) -> Any:
    """Return slopes: `low` where the prediction is below its label, `high` where it is above."""
    return np.where(y < t, low, np.where(y > t, high, 0.0)) / len(t)


def _prices(t: Any, y: Any, low: float, high: float) -> float:
    """Return a loss with a price for each unit too low, and one for each unit too high."""
    return cost(t, low, high, y)


WRONG_DELTAS = (
    *(
        Mistake("standard_deviation", lambda e, by=by, k=k: by * np.std(e, ddof=k))
        for by in (WIDE, WIDE / QUARTER, 1.0)
        for k in (0, 1)
    ),
    Mistake("mean_of_sizes", lambda e: WIDE * np.mean(np.abs(e)) / QUARTER),
    Mistake("no_sizes", lambda e: WIDE * np.median(e) / QUARTER),
    Mistake("no_sizes", lambda e: WIDE * np.abs(np.median(e)) / QUARTER),
    Mistake("about_median", lambda e: WIDE * np.median(np.abs(e - np.median(e))) / QUARTER),
    Mistake("wrong_ratio", lambda e: WIDE * np.median(np.abs(e)) * QUARTER),
    Mistake("spread_for_delta", lambda e: np.median(np.abs(e)) / QUARTER),
    Mistake("size_for_spread", lambda e: WIDE * np.median(np.abs(e))),
    Mistake("size_for_spread", lambda e: np.median(np.abs(e))),
    Mistake("unsorted", lambda e: WIDE * np.abs(e)[len(e) // 2] / QUARTER),
    Mistake("unsorted", lambda e: WIDE * np.abs(e)[(len(e) - 1) // 2] / QUARTER),
)

WRONG_CONSTANTS = (
    Mistake("sides_exchanged", lambda t, low, high: best_constant(t, high, low)),
    Mistake("sides_exchanged", lambda t, low, high: np.quantile(t, high / (low + high))),
    Mistake("interpolated", lambda t, low, high: np.quantile(t, low / (low + high))),
    Mistake("mean_for_quantile", lambda t, low, high: np.mean(t)),
    Mistake("median_for_quantile", lambda t, low, high: np.median(t)),
    Mistake("extreme", lambda t, low, high: np.max(t)),
    Mistake("extreme", lambda t, low, high: np.min(t)),
    Mistake("other_price", lambda t, low, high: quantile_of(t, low / (1 + low))),
    Mistake("other_price", lambda t, low, high: np.quantile(t, low / (1 + low))),
    Mistake("level_for_constant", lambda t, low, high: low / (low + high)),
    Mistake("unsorted", lambda t, low, high: t[math.ceil(low / (low + high) * len(t)) - 1]),
    Mistake("unsorted", lambda t, low, high: t[int(low / (low + high) * len(t))]),
)

#: What takes a label beside the best one, in some cases.
NEXT_TO_BEST = (
    *(
        Mistake(
            "next_to_best",
            lambda t, low, high, how=how: np.quantile(t, low / (low + high), method=how),
        )
        for how in ("higher", "lower", "nearest")
    ),
    *(
        Mistake(
            "next_to_best",
            lambda t, low, high, off=off: np.sort(t)[math.ceil(low / (low + high) * len(t)) + off],
        )
        for off in (0, -2)
    ),
)

# --- inputs ---------------------------------------------------------------------------------------


def _near_and_far(rng: Generator) -> list[Arguments]:
    """Return errors within delta and beyond it, on both sides; delta is not 1."""
    found: list[Arguments] = []
    for n, delta in zip(sizes(rng), rng.permutation([0.5, 1.5, 2.0, 2.5]), strict=False):
        far = np.array([0, 1, 1, *rng.integers(0, 2, n - 3)])
        signs = np.array([rng.choice([-1, 1]), 1, -1, *rng.choice([-1, 1], n - 3)])
        share = np.where(far, rng.uniform(1.3, 3, n), rng.uniform(0.2, 0.8, n))
        t = np.round(rng.uniform(-4, 4, n), 2)
        y = np.round(t + delta * rng.permutation(signs * share), 2)
        found.append((t, y, float(delta)))
    return found


def _whole(rng: Generator) -> tuple[Any, Any]:
    """Return whole numbers: labels, and predictions above and below them."""
    n = sizes(rng)[0]
    t = rng.integers(-90, 90, n)
    return t, t + rng.permutation([1, -1, *rng.choice([-1, 1], n - 2)]) * rng.integers(20, 99, n)


def _whole_and_delta(rng: Generator) -> list[Arguments]:
    return [(*_whole(rng), float(rng.integers(40, 60)) + 0.5)]


def _one_far(rng: Generator) -> list[Arguments]:
    """Return a single error, beyond delta, and one within."""
    t = np.round(rng.uniform(-4, 4, 1), 2)
    return [(t, t - 3.25, 1.5), (t, t + 1.25, 2.5)]


def _huge(rng: Generator) -> list[Arguments]:
    """Return errors whose squares are infinite beside others, in one array."""
    t, y, delta = _near_and_far(rng)[0]
    return [(t, np.where(np.arange(len(t)) == 1, rng.uniform(1, 9) * 1e200, y), delta)]


def _errors(rng: Generator) -> list[Arguments]:
    """Return errors of which one is far off, and of which no usual mistake finds delta."""
    found: list[Arguments] = []
    for n in sizes(rng):
        wrong = [0.0]
        while min(wrong) < 0.02:
            errors = np.round(rng.uniform(-1.5, 2.5, n + 2), 2)
            errors[rng.integers(n)] = float(rng.integers(20, 60))
            wrong = [abs(m.formula(errors) - choose_delta(errors)) for m in WRONG_DELTAS]
        found.append((errors,))
    return found


def _whole_errors(rng: Generator) -> list[Arguments]:
    return [(np.array([-7, 2, 4, 30]) * int(rng.integers(1, 9)),)]


def _lines_with_outliers(rng: Generator, steps: int | None = None) -> list[Arguments]:
    """Return lines with a label that is far off, and a delta."""
    found: list[Arguments] = []
    for (x, t, rate, n), delta in zip(lines(rng), rng.permutation([0.5, 1.5, 2]), strict=True):
        off = np.where(np.arange(len(t)) == rng.integers(len(t)), 15.0, 0.0)
        found.append((x, t + off, rate, n if steps is None else steps, float(delta)))
    return found[: 3 if steps is None else 1]


def _level(rng: Generator) -> float:
    return float(rng.choice([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]))


def _both_sides(rng: Generator) -> list[Arguments]:
    """Return predictions of which some are too low and some too high, and a level."""
    found: list[Arguments] = []
    while len(found) < 3:
        t, y = apart(rng)[0]
        if 0 < np.sum(y > t) < len(t) and len(t) not in [len(other[0]) for other in found]:
            found.append((t, y, _level(rng)))
    return found


def _whole_and_level(rng: Generator) -> list[Arguments]:
    return [(*_whole(rng), _level(rng))]


def _ties(rng: Generator) -> list[Arguments]:
    return [(*arguments, _level(rng)) for arguments in ties(rng)]


def _one_of_each(rng: Generator) -> list[Arguments]:
    """Return a single prediction that is too low, and one that is too high."""
    t = np.round(rng.uniform(-4, 4, 1), 2)
    return [(t, t - 1.5, 0.8), (t, t + 2.5, 0.3)]


def _priced(rng: Generator) -> list[Arguments]:
    """Return labels and two prices with which no usual mistake costs as little as the best.

    What lies next to the best can be the best by chance, and is not so each time.
    """
    while True:
        found = [_one_priced(rng) for _ in range(3)]
        if all(any(_is_dearer(m, given) for given in found) for m in NEXT_TO_BEST):
            return found


def _one_priced(rng: Generator) -> Arguments:
    while True:
        t = np.round(np.cumsum(rng.uniform(0.5, 4, int(rng.choice([7, 9, 11])))), 2)
        t[-1] += 20.0
        prices = rng.permutation([rng.choice([2, 3]), rng.choice([5, 7, 8])]).tolist()
        given: Arguments = (rng.permutation(t), *prices)
        if all(_is_dearer(mistake, given) for mistake in WRONG_CONSTANTS):
            return given


def _is_dearer(mistake: Mistake, given: Arguments) -> bool:
    """Return whether the constant of a mistake costs visibly more than the best."""
    t, low, high = given
    least = cost(t, low, high, best_constant(t, low, high))
    return cost(t, low, high, mistake.formula(t, low, high)) > 1.001 * least


def _whole_and_priced(rng: Generator) -> list[Arguments]:
    """Return whole numbers, and prices of 3 and 1: the level times their number is none."""
    return [(rng.permutation(30 + np.cumsum(rng.integers(2, 6, 10))), 3, 1)]


def _two_best(rng: Generator) -> list[Arguments]:
    """Return labels for which every number between two of them is best."""
    return [(np.round(rng.permutation(np.cumsum(rng.uniform(1, 3, 10))), 2), 1.0, 4.0)]


# --- data -----------------------------------------------------------------------------------------


@functools.cache
def _calls() -> tuple[Any, Any]:
    phone = load_phone_calls()
    return (phone.year - phone.year.mean()) / phone.year.std(), phone.calls_millions


def _calls_line(rounds: int = 10, delta: Any = choose_delta) -> Any:
    """Return the line of the calls, by the formulas in plain NumPy: a student waits for it."""
    x, t = _calls()
    line = np.polyfit(x, t, 1)
    for _ in range(rounds):
        width = delta(line[0] * x + line[1] - t)
        line = descend(x, t, 1.0, 100, width, gradient=_clipped)
    return line


def _clipped(t: Any, y: Any, delta: float) -> Any:
    return np.clip(y - t, -delta, delta) / len(t)


def _calls_slope(**change: Any) -> float:
    return float(_calls_line(**change)[0])


@functools.cache
def _shares() -> tuple[Any, Any]:
    """Return which share of their income households spend on food: those to fit, and the others."""
    engel = load_engel()
    shares, held_out = engel.food_francs / engel.income_francs, np.arange(235) % 3 == 0
    return shares[~held_out], shares[held_out]


def _coverage(fitted: int = 0, of: int = 1) -> float:
    """Return the share of some households between the 0.1 and the 0.9 quantile of some."""
    low, high = (quantile_of(_shares()[fitted], level) for level in (0.1, 0.9))
    return float(np.mean((_shares()[of] >= low) & (_shares()[of] <= high)))


def _below(level: float) -> float:
    """Return the share of the held-out households below or at a quantile of the others."""
    return float(np.mean(_shares()[1] <= quantile_of(_shares()[0], level)))


def _in_huber(title: str, words: str, page: str = "derivation") -> Section:
    """Return a section of the chapter on the Huber loss."""
    return Section(title, page, "huber", words)


DELTA_FROM_DATA = _in_huber(
    "What delta means, and how to choose it",
    N_("Huber loss: what delta means, and how to choose it"),
)
NO_BOUND = (
    Mistake("no_bound", lambda t, y, delta: mse(t, y) / 2),
    Mistake("no_bound", lambda t, y, delta: mse(t, y)),
)

ASSIGNMENT = Assignment(
    "pinball",
    N_("Huber and pinball loss"),
    (
        Value(
            "q1",
            N_("Between the mean and the median"),
            "huber_constant",
            lambda: 12.5,
            _in_huber(
                "M-estimators and their influence",
                N_("Huber loss: M-estimators and their influence"),
            ),
            (
                Mistake("no_bound", lambda: np.mean(LABELS)),
                Mistake("straight_everywhere", lambda: np.median(LABELS)),
                Mistake("let_go", lambda: np.mean(LABELS[:4])),
            ),
            by_hand=True,
        ),
        Function(
            "q2",
            N_("The Huber loss"),
            "huber",
            ("y_true", "y_pred", "delta"),
            "number",
            huber,
            (
                ordinary(_near_and_far),
                Part(N_("whole numbers"), _whole_and_delta, wrong="whole_numbers"),
                Part(
                    N_("a huge error"),
                    _huge,
                    wrong="overflow_of_square",
                    not_finite="overflow_of_square",
                ),
                single(_one_far),
            ),
            _in_huber("Why we need it", N_("Huber loss: why we need it")),
            (
                *NO_BOUND,
                Mistake(
                    "no_half_square",
                    lambda t, y, d: _pieces(t, y, d, lambda a: a**2, lambda a: d * a - d**2 / 2),
                ),
                *(
                    Mistake(
                        "pieces_apart",
                        lambda t, y, d, less=less: _pieces(
                            t, y, d, lambda a: a**2 / 2, lambda a: d * a - less(d)
                        ),
                    )
                    for less in (
                        lambda d: 0.0,
                        lambda d: d**2,
                        lambda d: d / 2,
                        lambda d: 0.5,
                        lambda d: -(d**2) / 2,
                    )
                ),
                Mistake(
                    "slope_of_one",
                    lambda t, y, d: _pieces(t, y, d, lambda a: a**2 / 2, lambda a: a - d**2 / 2),
                ),
                Mistake(
                    "slope_of_one",
                    lambda t, y, d: _pieces(t, y, d, lambda a: a**2 / 2, lambda a: a),
                ),
                Mistake(
                    "let_go",
                    lambda t, y, d: _pieces(t, y, d, lambda a: a**2 / 2, lambda a: 0.0 * a),
                ),
                Mistake(
                    "let_go",
                    lambda t, y, d: _pieces(
                        t, y, d, lambda a: a**2 / 2, lambda a: d**2 / 2 + 0 * a
                    ),
                ),
                Mistake(
                    "pieces_exchanged",
                    lambda t, y, d: _pieces(
                        t, y, d, lambda a: d * a - d**2 / 2, lambda a: a**2 / 2
                    ),
                ),
                Mistake("straight_everywhere", lambda t, y, d: d * mae(t, y)),
                Mistake("straight_everywhere", lambda t, y, d: d * mae(t, y) - d**2 / 2),
                Mistake("straight_everywhere", lambda t, y, d: mae(t, y)),
                Mistake("smooth_l1", lambda t, y, d: huber(t, y, d) / d),
                *(
                    Mistake(
                        "no_sizes",
                        lambda t, y, d, way=way: np.mean(
                            np.where(way(y - t) <= d, (y - t) ** 2 / 2, d * way(y - t) - d**2 / 2)
                        ),
                    )
                    for way in (lambda e: e, lambda e: -e)
                ),
                *(
                    Mistake(
                        "no_sizes",
                        lambda t, y, d, way=way: np.mean(
                            np.where(
                                np.abs(y - t) <= d, (y - t) ** 2 / 2, d * way * (y - t) - d**2 / 2
                            )
                        ),
                    )
                    for way in (1, -1)
                ),
                *loop_slips(lambda t, y, d: huber_loss(t, y, delta=d, reduction="none")),
                Mistake("whole_numbers", lambda t, y, d: np.floor(huber(t, y, d))),
            ),
        ),
        Function(
            "q3",
            N_("A pull with a bound"),
            "huber_gradient",
            ("y_true", "y_pred", "delta"),
            "array",
            huber_gradient,
            (
                ordinary(_near_and_far),
                Part(N_("whole numbers"), _whole_and_delta, wrong="whole_numbers"),
                Part(
                    N_("a huge error"),
                    _huge,
                    wrong="overflow_of_square",
                    not_finite="overflow_of_square",
                ),
                single(_one_far),
            ),
            _in_huber("The gradient", N_("Huber loss: the gradient")),
            (
                Mistake("no_bound", lambda t, y, d: (y - t) / len(t)),
                Mistake("no_bound", lambda t, y, d: 2 * (y - t) / len(t)),
                Mistake("straight_everywhere", lambda t, y, d: d * np.sign(y - t) / len(t)),
                Mistake("straight_everywhere", lambda t, y, d: np.sign(y - t) / len(t)),
                Mistake("slope_of_one", lambda t, y, d: _slopes(t, y, d, lambda e: e, np.sign)),
                Mistake(
                    "no_half_square",
                    lambda t, y, d: _slopes(t, y, d, lambda e: 2 * e, lambda e: d * np.sign(e)),
                ),
                Mistake(
                    "no_sizes",
                    lambda t, y, d: _slopes(t, y, d, lambda e: e, lambda e: d + 0 * e),
                ),
                Mistake("one_sided_bound", lambda t, y, d: np.minimum(y - t, d) / len(t)),
                Mistake("one_sided_bound", lambda t, y, d: np.maximum(y - t, -d) / len(t)),
                Mistake("let_go", lambda t, y, d: _slopes(t, y, d, lambda e: e, lambda e: 0 * e)),
                Mistake("smooth_l1", lambda t, y, d: huber_gradient(t, y, d) / d),
                *slope_slips(huber_gradient),
                Mistake("whole_numbers", lambda t, y, d: np.floor(huber_gradient(t, y, d))),
            ),
            gradient_of="huber",
        ),
        Function(
            "q4",
            N_("Delta from the data"),
            "choose_delta",
            ("errors",),
            "number",
            choose_delta,
            (
                ordinary(_errors),
                Part(N_("whole numbers"), _whole_errors),
                single(lambda rng: [(_errors(rng)[0][0][:1] - 9.5,)]),
            ),
            DELTA_FROM_DATA,
            (
                *WRONG_DELTAS,
                *(
                    Mistake(
                        "one_of_two",
                        lambda e, k=k: WIDE * np.sort(np.abs(e))[(len(e) - k) // 2] / QUARTER,
                    )
                    for k in (0, 1)
                ),
            ),
        ),
        Function(
            "q5",
            N_("A line with a bound"),
            "fit_line",
            ("x", "t", "learning_rate", "steps", "delta"),
            "array",
            fit_line,
            (
                ordinary(_lines_with_outliers),
                Part(N_("no step at all"), lambda rng: _lines_with_outliers(rng, 0)),
                Part(N_("many steps"), lambda rng: _lines_with_outliers(rng, 60)),
            ),
            _in_huber(
                "On real data: telephone calls in Belgium",
                N_("Huber loss, worked examples: telephone calls in Belgium"),
                "examples",
            ),
            (
                *descent_mistakes(gradient=huber_gradient),
                *(
                    Mistake("no_bound", functools.partial(descend, gradient=squares))
                    for squares in (
                        lambda t, y, d: (y - t) / len(t),
                        lambda t, y, d: 2 * (y - t) / len(t),
                    )
                ),
                *(
                    Mistake("straight_everywhere", functools.partial(descend, gradient=signs))
                    for signs in (
                        lambda t, y, d: np.sign(y - t) / len(t),
                        lambda t, y, d: d * np.sign(y - t) / len(t),
                    )
                ),
            ),
        ),
        Value(
            "q6",
            N_("Telephone calls"),
            "huber_slope",
            _calls_slope,
            DELTA_FROM_DATA,
            (
                Mistake("no_bound", lambda: _calls_slope(rounds=0)),
                Mistake("one_round_only", lambda: _calls_slope(rounds=1)),
                Mistake("one_round_less", lambda: _calls_slope(rounds=9)),
                Mistake("one_round_less", lambda: _calls_slope(rounds=11)),
                Mistake("wrong_order", lambda: float(_calls_line()[1])),
                Mistake("delta_of_one", lambda: _calls_slope(delta=lambda errors: 1.0)),
                Mistake(
                    "standard_deviation", lambda: _calls_slope(delta=lambda e: WIDE * np.std(e))
                ),
            ),
            uses=("huber_gradient", "choose_delta", "fit_line"),
        ),
        Function(
            "q7",
            N_("The pinball loss"),
            "pinball",
            ("y_true", "y_pred", "quantile"),
            "number",
            pinball,
            (
                ordinary(_both_sides),
                Part(N_("whole numbers"), _whole_and_level, wrong="whole_numbers"),
                Part(N_("predictions that are right"), _ties),
                single(_one_of_each),
            ),
            Section(N_("Why we need it")),
            (
                Mistake("sides_exchanged", lambda t, y, q: pinball(t, y, 1 - q)),
                Mistake("sides_exchanged", lambda t, y, q: -pinball(t, y, 1 - q)),
                Mistake("one_side_only", lambda t, y, q: _prices(t, y, q, 0)),
                Mistake("one_side_only", lambda t, y, q: _prices(t, y, 0, 1 - q)),
                Mistake("negative_cost", lambda t, y, q: _prices(t, y, q, q - 1)),
                Mistake("negative_cost", lambda t, y, q: _prices(t, y, -q, 1 - q)),
                Mistake("same_price", lambda t, y, q: _prices(t, y, q, q)),
                Mistake("same_price", lambda t, y, q: _prices(t, y, 1 - q, 1 - q)),
                Mistake("same_price", lambda t, y, q: mae(t, y)),
                Mistake("price_of_one", lambda t, y, q: _prices(t, y, q, 1)),
                Mistake("price_of_one", lambda t, y, q: _prices(t, y, 1, 1 - q)),
                *loop_slips(lambda t, y, q: pinball_loss(t, y, quantile=q, reduction="none")),
                Mistake("whole_numbers", lambda t, y, q: np.floor(pinball(t, y, q))),
            ),
        ),
        Function(
            "q8",
            N_("Find the bugs"),
            "pinball_gradient",
            ("y_true", "y_pred", "quantile"),
            "array",
            pinball_gradient,
            (
                ordinary(_both_sides),
                Part(N_("whole numbers"), _whole_and_level, wrong="whole_numbers"),
                Part(N_("predictions that are right"), _ties, wrong="tie", not_finite="tie"),
                single(_one_of_each),
            ),
            Section(N_("The gradient")),
            (
                Mistake("sides_exchanged", lambda t, y, q: pinball_gradient(t, y, 1 - q)),
                Mistake("one_side_only", lambda t, y, q: _pulled(t, y, -q, 0)),
                Mistake("one_side_only", lambda t, y, q: _pulled(t, y, 0, 1 - q)),
                Mistake("same_price", lambda t, y, q: _pulled(t, y, -q, q)),
                Mistake("same_price", lambda t, y, q: _pulled(t, y, q - 1, 1 - q)),
                Mistake("same_price", lambda t, y, q: _pulled(t, y, -1, 1)),
                Mistake("no_sign", lambda t, y, q: _pulled(t, y, q, 1 - q)),
                Mistake(
                    "divided_by_nonzero",
                    lambda t, y, q: pinball_gradient(t, y, q) * len(t) / np.count_nonzero(y - t),
                ),
                *slope_slips(pinball_gradient),
                Mistake("whole_numbers", lambda t, y, q: np.trunc(pinball_gradient(t, y, q))),
            ),
            gradient_of="pinball",
        ),
        Function(
            "q9",
            N_("From two prices to a decision"),
            "best_constant",
            ("t", "too_low", "too_high"),
            "number",
            best_constant,
            (
                ordinary(_priced),
                Part(N_("whole numbers"), _whole_and_priced),
                Part(N_("several that are best"), _two_best),
                single(lambda rng: [(np.round(rng.uniform(2, 9, 1), 2), 3.0, 1.0)]),
            ),
            Section(N_("Where it comes from")),
            WRONG_CONSTANTS + NEXT_TO_BEST,
            judge=cost,
        ),
        Value(
            "q10",
            N_("What the interval holds"),
            "held_out_coverage",
            _coverage,
            Section(N_("Intervals")),
            (
                Mistake("training_samples", lambda: _coverage(of=0)),
                Mistake("outside", lambda: 1 - _coverage()),
                Mistake("percent", lambda: 100 * _coverage()),
                Mistake("sum_for_mean", lambda: len(_shares()[1]) * _coverage()),
                Mistake("one_end_only", lambda: _below(0.9)),
                Mistake("one_end_only", lambda: 1 - _below(0.1)),
                Mistake("trained_on_held_out", lambda: _coverage(fitted=1)),
                Mistake("ends_exchanged", lambda: 0.0),
            ),
            uses=("best_constant",),
        ),
        Choice(
            "q11",
            N_("In another unit"),
            "same_line",
            "abcd",
            _in_huber("Its properties", N_("Huber loss: its properties")),
        ),
        Text("q12", N_("Four in five"), Section(N_("Where it breaks"))),
    ),
)
