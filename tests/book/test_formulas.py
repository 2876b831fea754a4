"""What a chapter prints is what the package computes: formulas are read from the pages."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from lossbook.checks import LOG_RATE, MEAN_AND_LOG_VARIANCE
from tests.book.latex import right_side, sides
from tests.faces import CHAPTERS, FACES, SPARSE, batch, takes_scores

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from equations import labelled_equations  # noqa: E402 - found through the line above

EQUATIONS = {
    label: latex
    for page in sorted((ROOT / "chapters").rglob("*.md"))
    for label, latex in labelled_equations(page).items()
}
N, C = 5, 4
RNG = np.random.default_rng(20261123)


def indexed(array: Any, first_class: int = 1) -> dict[tuple[int, ...], float]:
    """Return an array as a dictionary: samples count from 1, classes from 1 or from 0."""
    shift = (1, first_class)
    return {
        tuple(i + s for i, s in zip(place, shift, strict=False)): float(value)
        for place, value in np.ndenumerate(np.asarray(array))
    }


def rows(array: Any) -> Any:
    """Return rows scaled to sum to 1."""
    return array / array.sum(axis=1, keepdims=True)


# --- losses and gradients ---

REAL = (RNG.normal(size=N), RNG.normal(size=N))
BINARY = (RNG.random(N), RNG.random(N))
SOFT = (rows(RNG.random((N, C))), rows(RNG.random((N, C))))
ROW_LOGITS = (SOFT[0], RNG.normal(size=(N, C)) * 3)
LABELS = RNG.integers(0, C, N)

RMSE = float(np.sqrt(np.mean((REAL[0] - REAL[1]) ** 2)))
LEVEL = 0.3  # of a quantile
#: The letters of the losses' parameters, and values that tell every sign: not the defaults.
LETTERS = {"delta": "\\delta", "quantile": "\\theta", "gamma": "\\gamma", "alpha": "\\alpha"}
OTHERS = {"delta": 0.7, "quantile": LEVEL, "gamma": 1.7, "alpha": 0.6}
OTHERS |= {"apply_class_balancing": False}  # the formula is that without
#: What a label names: every loss that has a chapter, with its arguments.
LOSSES = {
    re.sub("[._]", "-", loss.name): (
        loss.with_parameters(**{name: OTHERS[name] for name in loss.parameters}),
        batch(loss, RNG, N),
    )
    for loss in FACES
    if loss.chapter in CHAPTERS
}


def first_class(loss: Any) -> int:
    """Return the number of the first class: whole labels count from 0, as in the code."""
    return 0 if loss in SPARSE else 1


def values(label: str) -> dict[str, Any]:
    """Return the symbols of a loss's formulas."""
    loss, (t, y) = LOSSES[label]
    if loss.y_pred is MEAN_AND_LOG_VARIANCE:
        return {"N": N, "t": indexed(t), "y": indexed(y[:, 0]), "z": indexed(y[:, 1])}
    letter = "z" if takes_scores(loss) or loss.y_pred is LOG_RATE else "y"
    found = {"N": N, "t": indexed(t), letter: indexed(y, first_class(loss))}
    if takes_scores(loss):  # and the probabilities that belong to the logits
        found["y"] = indexed((lb.softmax if loss.y_pred.rows else lb.sigmoid)(y), first_class(loss))
    if loss.y_pred.rows:
        found |= {"C": y.shape[1], "range": dict.fromkeys("jk", range(1, y.shape[1] + 1))}
    if loss in SPARSE:
        found["t"] |= indexed(np.eye(y.shape[1])[t], 0)
    named = [name for name in loss.parameters if name in LETTERS]
    return found | {LETTERS[name]: getattr(loss, name) for name in named}


@pytest.mark.parametrize("label", LOSSES)
def test_the_printed_loss_is_the_function(label: str) -> None:
    loss, (t, y) = LOSSES[label]
    assert right_side(EQUATIONS[label])(values(label)) == pytest.approx(loss(t, y), rel=1e-13)


@pytest.mark.parametrize("label", LOSSES)
def test_the_printed_gradient_is_the_function_s(label: str) -> None:
    loss, (t, y) = LOSSES[label]
    if loss.y_pred is MEAN_AND_LOG_VARIANCE:
        parts = [right_side(EQUATIONS[f"{label}-gradient{of}"]) for of in ("", "-in-spread")]
        for (i, column), slope in np.ndenumerate(loss.gradient(t, y)):
            printed = parts[column]({**values(label), "i": i + 1})
            assert printed == pytest.approx(slope, rel=1e-12, abs=1e-16)
        return
    formula = right_side(EQUATIONS[f"{label}-gradient"])
    first = first_class(loss)
    for place, slope in np.ndenumerate(loss.gradient(t, y)):
        index = dict(zip("ij", (place[0] + 1, *(j + first for j in place[1:])), strict=False))
        assert formula({**values(label), **index}) == pytest.approx(slope, rel=1e-12, abs=1e-16)


# --- definitions of other quantities ---

P, Q = SOFT[0][0], SOFT[1][0]
T, Y = REAL
A, B = T - T.mean(), Y - Y.mean()
U, V = A / np.linalg.norm(A), B / np.linalg.norm(B)
R = lb.pearson_correlation(T, Y)
SCALE = 1.7
PINBALL = lb.pinball(T, Y, quantile=LEVEL, reduction="none")
LOG_VARIANCES = RNG.normal(size=N)
COUNTS, RATES = np.array([2.0, 0.0, 1.0, 5.0, 3.0]), np.exp(RNG.normal(size=N))


def asymmetric_laplace(t: float, y: float) -> float:
    """Return the density of a label: it falls at the rate of the level above, of the rest below."""
    rate = LEVEL / SCALE if t > y else (1 - LEVEL) / SCALE
    return LEVEL * (1 - LEVEL) / SCALE * math.exp(-rate * abs(t - y))


FOCUS, ANSWER = 1.7, 0.2
FOCAL = lb.binary_focal_crossentropy.with_parameters(gamma=FOCUS)


def focal_pull(y: float) -> float:
    """Return minus the derivative of the focal loss of a label 1, by a difference in mpmath."""
    return float(-mpmath.diff(lambda x: -((1 - x) ** FOCUS) * mpmath.log(x), y))


def honest_probability() -> float:
    """Return the true probability at which the answer has the smallest expected loss."""
    up, down = (float(FOCAL.gradient([t], [ANSWER])[0]) for t in (1, 0))
    return down / (down - up)


#: The network of the page on backpropagation, its derivatives by differences, in mpmath.
NETWORK = {
    **{"w": indexed([0.8, -0.6, 1.9, 1.2]), "b": indexed([-0.3, 0.4, -1.1]), "x": 1.7, "t": 0.3},
    **{"S": indexed([0.8 * 1.7 - 0.3, -0.6 * 1.7 + 0.4]), "a": indexed([0.8 * 1.7 - 0.3, 0.0])},
}
NETWORK["z"] = 1.9 * NETWORK["a"][1,] - 1.1
NETWORK["y"] = float(lb.sigmoid(NETWORK["z"]))

#: The sum of a density under the Huber loss with the threshold 1.3, from its definition.
HUBER_TOTAL = float(
    2 * mpmath.quad(lambda e: mpmath.exp(-(e**2) / 2), [0, 1.3])
    + 2 * mpmath.quad(lambda e: mpmath.exp(-1.3 * e + 1.3**2 / 2), [1.3, 60])
)
#: What stands to the right of the equality sign: the values of its symbols, and what it should be.
DEFINITIONS: dict[str, tuple[dict[str, Any], Any]] = {
    "mean-squared-error-half-sum": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        lb.mean_squared_error(T, Y, reduction="sum") / 2,
    ),
    "mean-squared-error-sum": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        lb.mean_squared_error(T, Y, reduction="sum"),
    ),
    "mean-absolute-error-half-sum": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        lb.mean_absolute_error(T, Y, reduction="sum") / 2,
    ),
    "mean-absolute-error-sum": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        lb.mean_absolute_error(T, Y, reduction="sum"),
    ),
    "gaussian-density": (
        {"t": indexed(T), "y": indexed(Y), "i": 2, "\\sigma": SCALE},
        math.exp(-(((T[1] - Y[1]) / SCALE) ** 2) / 2) / (SCALE * math.sqrt(2 * math.pi)),
    ),
    "laplace-density": (
        {"t": indexed(T), "y": indexed(Y), "i": 2, "\\beta": SCALE},
        math.exp(-abs(T[1] - Y[1]) / SCALE) / (2 * SCALE),
    ),
    "asymmetric-laplace-density": (
        {"l": indexed(PINBALL), "i": 2, "\\theta": LEVEL, "\\beta": SCALE},
        asymmetric_laplace(T[1], Y[1]),
    ),
    "pinball-critical-fraction": ({"m": 3.0}, 0.75),
    "gaussian-density-with-spread": (
        {"t": indexed(T), "y": indexed(Y), "z": indexed(LOG_VARIANCES), "i": 2},
        float(mpmath.npdf(T[1], Y[1], math.exp(LOG_VARIANCES[1] / 2))),
    ),
    "poisson-probability": (
        {"t": {(1,): 3.0}, "y": {(1,): 1.7}, "i": 1},
        math.exp(-1.7) * 1.7**3 / 6,
    ),
    "poisson-offset": (
        {"n": {(1,): 24.0}, "x": {(1,): 0.4}, "i": 1, "b": -2.0, "w": 0.7},
        math.log(24.0) - 2.0 + 0.7 * 0.4,
    ),
    "poisson-deviance": (
        {"N": N, "t": indexed(np.maximum(COUNTS, 1)), "y": indexed(RATES)},
        2
        * N
        * (
            lb.poisson(np.maximum(COUNTS, 1), np.log(RATES))
            - lb.poisson(np.maximum(COUNTS, 1), np.log(np.maximum(COUNTS, 1)))
        ),
    ),
    "poisson-dispersion": (
        {"N": N, "K": 2, "t": indexed(COUNTS), "y": indexed(RATES)},
        sum((k - v) ** 2 / v for k, v in zip(COUNTS, RATES, strict=True)) / 3,
    ),
    "focal-pull": ({"y": ANSWER, "\\gamma": FOCUS}, focal_pull(ANSWER)),
    "focal-honest-probability": (
        {"y": ANSWER, "f": lambda _, y: focal_pull(y)},
        honest_probability(),
    ),
    "positive-weight-best-constant": (
        {"m": 3.0, "\\bar t": 0.3},
        np.average([1] * 3 + [0] * 7, weights=[3] * 3 + [1] * 7),
    ),
    "bernoulli-probability": ({"t": {(1,): 1.0}, "y": {(1,): 0.3}, "i": 1}, 0.3),
    "binary-entropy": ({"t": 0.3}, lb.entropy([0.3, 0.7])),
    "binary-crossentropy-softplus": (
        {"t": 0.3, "z": 1.9},
        lb.binary_crossentropy.from_logits([0.3], [1.9]),
    ),
    "sigmoid": ({"z": -1.3}, float(lb.sigmoid(-1.3))),
    "categorical-likelihood": (
        {"C": C, "i": 1, "t": indexed(np.eye(C)[[2]]), "y": indexed(SOFT[1])},
        SOFT[1][0, 2],
    ),
    "sparse-categorical-likelihood": (
        {"i": 1, "t": indexed(LABELS), "y": indexed(SOFT[1], 0)},
        SOFT[1][0, LABELS[0]],
    ),
    "perplexity": (
        {"N": N, "t": indexed(LABELS), "y": indexed(SOFT[1], 0)},
        math.exp(lb.sparse_categorical_crossentropy(LABELS, SOFT[1])),
    ),
    "softmax": (
        {"C": C, "i": 2, "j": 3, "z": indexed(ROW_LOGITS[1])},
        lb.softmax(ROW_LOGITS[1])[1, 2],
    ),
    "categorical-floor": ({"C": C, "t": indexed(P)}, lb.entropy(P)),
    "label-smoothing": (
        {"C": C, "j": 2, "s": 0.2, "t": indexed(P)},
        lb.smooth_labels(P, 0.2)[1],
    ),
    "information-surprise": ({"p": 0.2}, float(lb.information(0.2))),
    "information-entropy": ({"C": C, "p": indexed(P)}, lb.entropy(P)),
    "information-cross-entropy": (
        {"C": C, "p": indexed(P), "q": indexed(Q)},
        lb.cross_entropy(P, Q),
    ),
    "information-divergence": (
        {"C": C, "p": indexed(P), "q": indexed(Q)},
        lb.kl_divergence(P, Q),
    ),
    "information-divergence-by-terms": (
        {"C": C, "p": indexed(P), "q": indexed(Q)},
        lb.kl_divergence(P, Q),
    ),
    "information-decomposition": (
        {"H": lb.entropy(P), "D": lb.kl_divergence(P, Q)},
        lb.cross_entropy(P, Q),
    ),
    "information-loss-floor": (
        {
            "N": N,
            "H": indexed(lb.entropy(SOFT[0])),
            "D": indexed(lb.kl_divergence(SOFT[0], SOFT[1])),
        },
        lb.categorical_crossentropy(*SOFT),
    ),
    "likelihood-mean-surprise": (
        {
            "N": N,
            "t": indexed(LABELS % 2),
            "p": lambda v, label: BINARY[1][v["i"] - 1] if label else 1 - BINARY[1][v["i"] - 1],
        },
        lb.binary_crossentropy(LABELS % 2, BINARY[1]),
    ),
    # The mean surprise under the noise whose variance is the mean squared error of the data.
    "likelihood-gaussian-loss": (
        {"\\text{MSE}": lb.mean_squared_error(T, Y)},
        np.mean(
            0.5 * np.log(2 * np.pi * lb.mean_squared_error(T, Y))
            + (T - Y) ** 2 / (2 * lb.mean_squared_error(T, Y))
        ),
    ),
    "likelihood-laplace-loss": (
        {"\\text{MAE}": lb.mean_absolute_error(T, Y)},
        np.mean(
            np.log(2 * lb.mean_absolute_error(T, Y)) + abs(T - Y) / lb.mean_absolute_error(T, Y)
        ),
    ),
    "huber-density": (
        {"c": 1 / HUBER_TOTAL, "l": indexed(lb.huber(T, Y, delta=1.3, reduction="none")), "i": 2},
        np.exp(-lb.huber([T[1]], [Y[1]], delta=1.3)) / HUBER_TOTAL,
    ),
    "hyperbolic-secant-density": (
        {"t": indexed(T), "y": indexed(Y), "i": 2},
        mpmath.sech(T[1] - Y[1]) / mpmath.quad(mpmath.sech, [-60, 0, 60]),
    ),
    "likelihood-ridge": (
        {
            **{"N": N, "K": C, "t": indexed(T), "y": indexed(Y), "w": indexed(P)},
            **{"\\sigma": 0.8, "\\tau": 0.5},
        },
        lb.mean_squared_error(T, Y) + 0.8**2 / (N * 0.5**2) * (P @ P),
    ),
    "likelihood-lasso": (
        {
            **{"N": N, "K": C, "t": indexed(T), "y": indexed(Y), "w": indexed(P)},
            **{"\\sigma": 0.8, "\\beta": 0.5},
        },
        lb.mean_squared_error(T, Y) + 2 * 0.8**2 / (N * 0.5) * P.sum(),
    ),
    "likelihood-imaginary-samples": ({"n": 7, "N": 23}, np.mean([1] * 8 + [0] * 17)),
    "root-mean-squared-error": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        lb.mean_squared_error(T, Y) ** 0.5,
    ),
    "root-mean-squared-error-gradient": (
        {"N": N, "i": 2, "t": indexed(T), "y": indexed(Y), "\\text{RMSE}": RMSE},
        mpmath.diff(
            lambda y: mpmath.sqrt((RMSE**2 * N - (Y[1] - T[1]) ** 2 + (y - T[1]) ** 2) / N), Y[1]
        ),
    ),
    "mean-absolute-percentage-error": (
        {"N": N, "t": indexed(T), "y": indexed(Y)},
        100 * lb.mean_absolute_error(T, Y, sample_weight=1 / abs(T)) * np.mean(1 / abs(T)),
    ),
    "mean-squared-logarithmic-error": (
        {"N": N, "t": indexed(abs(T)), "y": indexed(abs(Y))},
        lb.mean_squared_error(np.log1p(abs(T)), np.log1p(abs(Y))),
    ),
    "categorical-generalized-cross-entropy": (
        {"N": N, "C": C, "t": indexed(SOFT[0]), "y": indexed(SOFT[1]), "\\kappa": 1.0},
        np.mean(1 - (SOFT[0] * SOFT[1]).sum(axis=1)),
    ),
    "sum-of-losses": ({"K": C, "c": indexed(P), "L": indexed(Q)}, P @ Q),
    "coefficient-of-determination": (
        {"N": N, "t": indexed(T), "y": indexed(Y), "\\bar t": T.mean()},
        1 - lb.mean_squared_error(T, Y) / T.var(),
    ),
    "pearson-correlation": ({"N": N, "\\tilde t": indexed(A), "\\tilde y": indexed(B)}, R),
    "pearson-correlation-loss": ({"r": R}, lb.pearson_correlation_loss(T, Y)),
    "hidden-sum": (NETWORK, 0.8 * 1.7 - 0.3),
    "hidden-unit": (NETWORK, 0.8 * 1.7 - 0.3),
    "network-logit": (NETWORK, NETWORK["z"]),
    "miss-loss": (
        {**NETWORK, "m": 10.0},
        10 * 0.3 * lb.binary_crossentropy([1], [NETWORK["y"]])
        + 0.7 * lb.binary_crossentropy([0], [NETWORK["y"]]),
    ),
    "miss-loss-slope": (
        {**NETWORK, "m": 10.0},
        float(
            mpmath.diff(
                lambda z: 3 * mpmath.log1p(mpmath.exp(-z)) + 0.7 * mpmath.log1p(mpmath.exp(z)),
                NETWORK["z"],
            )
        ),
    ),
    "chain-of-the-first-weight": (
        {
            r"\frac{\partial l}{\partial z}": NETWORK["y"] - 0.3,
            r"\frac{\partial z}{\partial a_1}": 1.9,
            r"\frac{\partial a_1}{\partial S_1}": 1.0,
            r"\frac{\partial S_1}{\partial w_1}": 1.7,
        },
        float(
            mpmath.diff(
                lambda w: (
                    mpmath.log1p(mpmath.exp(1.9 * (w * 1.7 - 0.3) - 1.1))
                    - 0.3 * (1.9 * (w * 1.7 - 0.3) - 1.1)
                ),
                0.8,
            )
        ),
    ),
    "weighted-mean-loss": (
        {"N": N, "\\alpha": indexed(BINARY[0]), "l": indexed((Y - T) ** 2)},
        lb.mean_squared_error(T, Y, sample_weight=BINARY[0]),
    ),
    "loss-of-chunks": (
        {
            "K": 2,
            "n": {(1,): 2, (2,): 3},
            "S": {(1,): ((Y - T) ** 2)[:2].sum(), (2,): ((Y - T) ** 2)[2:].sum()},
        },
        lb.mean_squared_error(T, Y),
    ),
    "merged-co-moment": (
        {
            "n": {(1,): 2, (2,): 3},
            "M": {
                (1,): (T[:2] - T[:2].mean()) @ (Y[:2] - Y[:2].mean()),
                (2,): (T[2:] - T[2:].mean()) @ (Y[2:] - Y[2:].mean()),
            },
            **{"d": T[2:].mean() - T[:2].mean(), "g": Y[2:].mean() - Y[:2].mean()},
        },
        A @ B,
    ),
}


@pytest.mark.parametrize("label", DEFINITIONS)
def test_the_printed_definition_gives_the_value(label: str) -> None:
    symbols, value = DEFINITIONS[label]
    assert right_side(EQUATIONS[label])(symbols) == pytest.approx(float(value), rel=1e-12)


# --- steps of derivations ---


def log_density(density: Callable[[float, float], float]) -> Callable[..., float]:
    """Return p(t_i) for the sample that the index i names."""
    return lambda v, _: density(v["t"][(v["i"],)], v["y"][(v["i"],)])


ONES = {(i + 1,): float(i % 2) for i in range(N)}

#: Both sides of the equality sign are the same for these values of the symbols.
STEPS: dict[str, dict[str, Any]] = {
    "gaussian-noise-negative-log-likelihood": {
        "N": N,
        "t": indexed(T),
        "y": indexed(Y),
        "\\sigma": SCALE,
        "p": log_density(
            lambda t, y: math.exp(-(((t - y) / SCALE) ** 2) / 2) / (SCALE * math.sqrt(2 * math.pi))
        ),
    },
    "laplace-negative-log-likelihood": {
        "N": N,
        "t": indexed(T),
        "y": indexed(Y),
        "\\beta": SCALE,
        "p": log_density(lambda t, y: math.exp(-abs(t - y) / SCALE) / (2 * SCALE)),
    },
    "gaussian-spread-negative-log-likelihood": {
        **{"N": N, "t": indexed(T), "y": indexed(Y), "z": indexed(LOG_VARIANCES)},
        "p": lambda v, t: float(
            mpmath.npdf(t, Y[v["i"] - 1], math.exp(LOG_VARIANCES[v["i"] - 1] / 2))
        ),
    },
    "poisson-negative-log-likelihood": {
        **{"N": N, "t": indexed(COUNTS), "y": indexed(RATES)},
        "p": lambda v, t: (
            math.exp(-RATES[v["i"] - 1]) * RATES[v["i"] - 1] ** t / math.factorial(round(t))
        ),
    },
    "asymmetric-laplace-negative-log-likelihood": {
        **{"N": N, "t": indexed(T), "y": indexed(Y), "l": indexed(PINBALL)},
        **{"\\theta": LEVEL, "\\beta": SCALE, "p": log_density(asymmetric_laplace)},
    },
    "positive-weight-log-odds": {"m": 3.0, "\\bar t": 0.3, "c": 9 / 16},
    "pinball-share-below": {
        **{"N": N, "t": indexed(T), "c": 0.2, "\\theta": LEVEL},
        "n_below": int((T < 0.2).sum()),
    },
    "bernoulli-negative-log-likelihood": {
        "N": N,
        "t": ONES,
        "y": indexed(BINARY[1]),
        "p": log_density(lambda t, y: y if t == 1 else 1 - y),
    },
    "categorical-negative-log-likelihood": {
        "N": N,
        "C": C,
        "t": indexed(np.eye(C)[LABELS])
        | {(i + 1,): float(label) for i, label in enumerate(LABELS)},
        "y": indexed(SOFT[1]),
        "p": lambda v, label: SOFT[1][v["i"] - 1, round(label)],
    },
    "sparse-categorical-negative-log-likelihood": {
        "N": N,
        "t": indexed(LABELS),
        "y": indexed(SOFT[1], 0),
        "p": lambda v, label: SOFT[1][v["i"] - 1, round(label)],
    },
    "binary-crossentropy-gradient-joined": {"i": 1, "t": {(1,): 0.3}, "y": {(1,): 0.8}},
    "sigmoid-complement": {"z": 0.7},
    "sigmoid-derivative": {"z": 0.7},
    "softmax-of-two": {"z": 0.7},
    "proper-score-derivative": {"p": 0.3, "y": 0.8},
    "mean-squared-error-best-constant": {"N": N, "t": indexed(T), "c": T.mean()},
    "binary-crossentropy-base-rate": {"\\bar t": 0.3, "c": 0.3},
    "mean-absolute-error-median": {"n_below": 3, "n_above": 8, "h": 0.25},
    # The labels 0, 1, 2, 3 and 50 pull with 2, 1, 0, -1 and -2.
    "huber-best-constant": {
        "N": N,
        "\\delta": 2.0,
        "t": indexed([0.0, 1.0, 2.0, 3.0, 50.0]),
        "c": 2.0,
    },
    "correlation-as-distance": {"N": N, "u": indexed(U), "v": indexed(V)},
    "loss-of-knowing-nothing": {"C": 10},
    "hinge-of-a-share": {"p": 0.3, "z": 0.7},
    "squared-hinge-of-a-share": {"p": 0.3, "z": 0.7},
    "co-moment-about-other-points": {
        **{"n": N, "t": indexed(T), "y": indexed(Y), "c": {(1,): 0.3, (2,): -1.2}},
        **{"M": A @ B, "\\bar t": T.mean(), "\\bar y": Y.mean()},
    },
}


@pytest.mark.parametrize("label", STEPS)
def test_what_a_derivation_calls_equal_is_equal(label: str) -> None:
    left, right = sides(EQUATIONS[label])
    assert left(STEPS[label]) == pytest.approx(right(STEPS[label]), rel=1e-12, abs=1e-12)


def test_the_printed_mean_of_two_chunks_is_that_of_all() -> None:
    means = {(1,): T[:2].mean(), (2,): T[2:].mean()}
    symbols = {"n": {(1,): 2, (2,): 3}, "\\bar t": means, "d": means[2,] - means[1,]}
    for form in sides(EQUATIONS["merged-mean"].split("=", 1)[1]):
        assert form(symbols) == pytest.approx(T.mean(), rel=1e-12)


def test_the_gradient_of_the_correlation_loss_is_as_printed() -> None:
    norm = float(np.linalg.norm(B))
    printed = EQUATIONS["pearson-correlation-loss-gradient"]
    formula = right_side(printed.replace("|\\tilde y|", "g"))
    rule = EQUATIONS["correlation-quotient-rule"]
    quotient = right_side(rule.replace("|\\tilde t|", "f").replace("|\\tilde y|", "g"))
    for k, slope in enumerate(lb.pearson_correlation_loss.gradient(T, Y), 1):
        known = {"k": k, "r": R, "u": indexed(U), "v": indexed(V), "g": norm}
        assert formula(known) == pytest.approx(slope, rel=1e-11)
        known = {
            "k": k,
            "\\tilde t": indexed(A),
            "\\tilde y": indexed(B),
            "M": A @ B,
            "f": np.linalg.norm(A),
            "g": norm,
        }
        assert quotient(known) == pytest.approx(-slope, rel=1e-11)


def test_the_softmax_has_the_printed_derivatives() -> None:
    z, h = ROW_LOGITS[1][0], 1e-6
    y = lb.softmax(z)
    for k in range(C):
        moved = (lb.softmax(z + h * np.eye(C)[k]) - lb.softmax(z - h * np.eye(C)[k])) / (2 * h)
        for j in range(C):
            label = "softmax-derivative-same" if j == k else "softmax-derivative-other"
            printed = right_side(EQUATIONS[label])({"j": j + 1, "k": k + 1, "y": indexed(y)})
            assert printed == pytest.approx(moved[j], abs=1e-8)


def test_the_threshold_from_costs_is_where_both_decisions_cost_the_same() -> None:
    threshold = sides(EQUATIONS["threshold-from-costs"].split(">")[1])[0]({"m": 10})
    assert 10 * threshold == pytest.approx(1 - threshold)


def test_the_printed_best_constants_under_a_prior_are_minima() -> None:
    grid = np.linspace(-2, 2, 400_001)
    loss = (grid**2 - 2 * grid * T.mean()) * N  # the sum of squares, without what is constant
    ridge = grid[np.argmin(loss + 0.8**2 / 0.5**2 * grid**2)]
    known = {"N": N, "\\bar t": T.mean(), "\\sigma": 0.8, "\\tau": 0.5}
    assert right_side(EQUATIONS["likelihood-shrunk-parameter"])(known) == pytest.approx(
        ridge, abs=1e-5
    )
    for strength in (0.1, 5.0):
        lasso = grid[np.argmin(loss / N + strength * abs(grid))]
        known = {"\\bar t": T.mean(), "\\lambda": strength}
        printed = right_side(EQUATIONS["likelihood-soft-threshold"])(known)
        assert printed == pytest.approx(lasso, abs=1e-5)


# --- nothing is left out ---

#: Labelled equations with nothing to evaluate, or checked elsewhere, and why.
OTHERWISE = {
    "loss-as-a-mean": "names a form: l stands for any loss",
    "gradient-descent-step": "defines a step of any model",
    "first-descent-step": "defines a step; the examples take it, and print where it leads",
    "surrogate-bound": "an inequality, proved by a test of its own in test_claims",
    "gradient-chain-rule": "holds for any model",
    "correlation-centered": "defines two symbols that the next equations use",
    "categorical-crossentropy-article": "the seed's own letters for categorical-crossentropy",
    "likelihood-product": "names the likelihood; its logarithm is checked in each chapter",
    "information-kraft": "an inequality, shown with an actual code in the examples",
    "information-code-length": "an inequality, shown with an actual code in the examples",
}


def test_every_labelled_equation_has_its_check() -> None:
    checked = {
        *LOSSES,
        *(f"{label}-gradient" for label in LOSSES),
        *DEFINITIONS,
        *STEPS,
        *("pearson-correlation-loss-gradient", "correlation-quotient-rule"),
        *("softmax-derivative-same", "softmax-derivative-other", "threshold-from-costs"),
        *("likelihood-shrunk-parameter", "likelihood-soft-threshold", "merged-mean"),
        "gaussian-negative-log-likelihood-gradient-in-spread",
        *OTHERWISE,
    }
    assert set(EQUATIONS) - checked == set(), "add a check for these"
    assert checked - set(EQUATIONS) == set(), "these are printed nowhere"


def test_a_wrong_sign_in_a_printed_formula_is_found() -> None:
    wrong = EQUATIONS["mean-squared-error"].replace("y_i - t_i", "y_i + t_i")
    label = "mean-squared-error"
    assert right_side(wrong)(values(label)) != pytest.approx(lb.mean_squared_error(*REAL))
