"""What the formulas in sentences and tables should be: one line for each.

`CHECKS` has by page a formula as it is printed, and its value, computed in another way; or the
values of letters with which all its sides are the same, and its own value under the empty name. In
a table the row and the column stand before the formula, and ``::`` between them. What cannot be
computed, or claims nothing, stands in `REASONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

import lossbook as lb
from tests.book.latex import Letter

N, C = 5, 4
RNG = np.random.default_rng(20261127)
Z, ROWS_Z = RNG.normal(size=N), RNG.normal(size=(N, C))
T, Y = RNG.random(N), lb.sigmoid(Z)
ROWS_T, ROWS_Y = RNG.dirichlet(np.ones(C), N), lb.softmax(ROWS_Z)
X, LABELS = RNG.normal(size=N), RNG.integers(1, C + 1, N)
P, Q = ROWS_T[0], ROWS_Y[0]
t, y, z = 0.3, float(Y[0]), float(Z[0])
#: The sample, the class and the other class that the indices name: they count from 1.
I, J, K = 2, 3, 1  # noqa: E741 - the book's own letters
t_i, y_i, z_i = T[I - 1], Y[I - 1], Z[I - 1]


class Sigma(Letter):
    """A standard deviation, which is the sigmoid where it stands before a bracket."""

    def __call__(self, _: Any, argument: float) -> float:
        """Return the sigmoid."""
        return float(lb.sigmoid(argument))


def by(*arrays: Any, alone: float = math.nan) -> Letter:
    """Return a letter with indices that count from 1."""
    indexed: dict[tuple[int, ...], float] = {}
    for array in arrays:
        for place, value in np.ndenumerate(np.asarray(array)):
            indexed[tuple(k + 1 for k in place)] = float(value)
    return Letter(alone, indexed)


def slope(f: Callable[[Any], Any], x: float) -> float:
    """Return the derivative of a function of mpmath."""
    return float(mpmath.diff(f, x))


def scatter_of_a_share(p: float, n: int) -> float:
    """Return the standard deviation of the share of `n` cases, by counting all that can happen."""
    chances = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    return math.sqrt(sum(a * (k / n - p) ** 2 for k, a in enumerate(chances)))


#: What every page means by its letters.
BOOK: dict[str, Any] = {
    **{"N": N, "C": C, "i": I, "j": J, "k": K},
    "range": {"i": range(1, N + 1), **dict.fromkeys("jk", range(1, C + 1))},
    "t": by(T, ROWS_T, alone=t),
    "y": by(Y, ROWS_Y, alone=y),
    "z": by(Z, ROWS_Z, alone=z),
    "p": by(P, alone=0.35),
    "q": by(Q, alone=0.15),
    "x": by(X, alone=0.7),
    "w": by(RNG.normal(size=C), alone=0.6),
    **{"a": 1.3, "b": 0.7, "c": 0.45, "m": float(T.mean()), "s": 0.1, "h": 0.01},
    **{"\\sigma": Sigma(1.7, {}), "\\beta": 0.7, "\\tau": 0.9, "\\lambda": 0.25, "\\eta": 0.05},
    "\\theta": by([0.3, 0.8], alone=0.3),
    **{"\\bar t": float(T.mean()), "\\bar y": float(Y.mean()), "\\bar x": float(X.mean())},
    **{"\\tilde t": by(T - T.mean()), "\\tilde y": by(Y - Y.mean())},
    "\\text{sigmoid}": lambda _, argument: float(lb.sigmoid(argument)),
    "\\text{MSE}": lb.mean_squared_error(T, Y),
    "\\text{MAE}": lb.mean_absolute_error(T, Y),
    "\\text{RMSE}": math.sqrt(lb.mean_squared_error(T, Y)),
    "M": float((T - T.mean()) @ (Y - Y.mean())),
}
#: Where a single index counts classes.
CLASSES = {
    "t": by(P, ROWS_T, alone=t),
    "y": by(Q, ROWS_Y, alone=y),
    "z": by(ROWS_Z[0], ROWS_Z, alone=z),
    "m": float(ROWS_Z[0].max()),
}
LINE = np.polyfit(X, T, 1)
A, B = T - T.mean(), Y - Y.mean()
NORM_A, NORM_B = float(np.linalg.norm(A)), float(np.linalg.norm(B))
U, V = A / NORM_A, B / NORM_B
R = lb.pearson_correlation(T, Y)
BINARY = lb.binary_crossentropy([t], [y])
SUM = lb.mean_squared_error(T, Y, reduction="sum")
ABSOLUTE = lb.mean_absolute_error(T, Y, reduction="sum")
ENTROPY, CROSS = lb.entropy(P), lb.cross_entropy(P, Q)


def focal_pull(_: Any, y: float) -> float:
    """Return how hard a label 1 pulls at a probability, by the focal loss."""
    return -float(lb.binary_focal_crossentropy.gradient([1], [y])[0])


FOCAL_UP, FOCAL_DOWN = focal_pull(None, 0.2), focal_pull(None, 0.8)
#: What the letters of a chapter mean beside those of the book.
CHAPTERS: dict[str, dict[str, Any]] = {
    "mean_squared_error": {
        **{"L": SUM / N, "H": SUM / 2, "S": SUM, "L_half": SUM / 2, "L_sum": SUM},
        **{"c'": 0.45 - 2 * 0.05 * (0.45 - float(T.mean()))},
    },
    "mean_absolute_error": {
        **{"L": ABSOLUTE / N, "H": ABSOLUTE / 2, "S": ABSOLUTE},
        **{"L_half": ABSOLUTE / 2, "L_sum": ABSOLUTE},
    },
    "huber": {"\\delta": 0.05, "L": lb.huber(T, Y, delta=0.05)},
    "pinball": {
        "l": lb.pinball([t], [y], quantile=0.3),
        "m": 3.0,
        **{"n_below": 6, "n_at": 3, "N": 25, "n": 9},
    },
    "gaussian_negative_log_likelihood": {
        "\\sigma": Sigma(math.exp(z / 2), {(k,): math.exp(v / 2) for k, v in enumerate(Z, 1)}),
        **{"r": (y - t) * math.exp(-z / 2), "n": 20},
    },
    "poisson": {
        "y": by(np.exp(Z), alone=math.exp(z)),
        "n": by(np.arange(3.0, 3.0 + N), alone=7.0),
    },
    "focal": {
        **{"\\gamma": 2.0, "f": focal_pull, "m": 3.0, "y": by(Y, ROWS_Y, alone=0.2)},
        "p": by(P, alone=FOCAL_DOWN / (FOCAL_UP + FOCAL_DOWN)),
    },
    "binary_crossentropy": {"l": BINARY, "L": lb.binary_crossentropy(T, Y)},
    "categorical_crossentropy": CLASSES,
    "sparse_categorical_crossentropy": CLASSES,
    "where_it_breaks": CLASSES,
    "information_and_entropy": {"I": lambda _, p: -math.log2(p)},
    "pearson_correlation": {
        **{"\\tilde t": by(A, alone=NORM_A), "\\tilde y": by(B, alone=NORM_B)},
        **{"u": by(U), "v": by(V), "r": R, "M": float(A @ B)},
    },
    "calibration": {"l": lambda _, t, y: lb.binary_crossentropy([t], [y])},
}


def at_label(loss: Any, label: float, prediction: float) -> float:
    """Return the gradient of one sample's loss."""
    return float(loss.gradient([label], [prediction])[0])


def of_loss(loss: Any, labels: Any, predictions: Any, place: tuple[int, ...]) -> float:
    """Return one entry of a gradient; places count from 1."""
    return float(loss.gradient(labels, predictions)[tuple(k - 1 for k in place)])


#: The entries of one-hot rows, with classes that count from 0.
ONE_HOT = {(i, k): float(LABELS[i - 1] - 1 == k) for i in range(1, N + 1) for k in range(C)}
SIGMOID_SLOPE = slope(lambda v: 1 / (1 + mpmath.exp(-v)), z)
MEAN_SQUARED, BCE, CCE = lb.mean_squared_error, lb.binary_crossentropy, lb.categorical_crossentropy
SPARSE = lb.sparse_categorical_crossentropy
#: What the answer y expects to pay by the squared error, if the truth is 0.35.
EXPECTED_SQUARE = 0.35 * MEAN_SQUARED([1], [y]) + 0.65 * MEAN_SQUARED([0], [y])
PINBALL = lb.pinball([t], [y], quantile=0.3)
BELL = lb.gaussian_negative_log_likelihood
OWN_RATE = math.exp(z)  # whose logarithm is z
#: The losses at two levels whose predictions are in the wrong order, and sorted; and their tilts.
CROSSED, SORTED = (
    lb.pinball([t], [a], quantile=0.3) + lb.pinball([t], [b], quantile=0.8)
    for a, b in ((Y[0], Y[1]), (Y[1], Y[0]))
)
TILTS = [
    total - (abs(t - Y[0]) + abs(t - Y[1])) / 2 + (t - Y[0] + t - Y[1]) / 2
    for total in (CROSSED, SORTED)
]
ROW_SUM = float(np.exp(ROWS_Z[0]).sum())
SOFTMAX_J = float(Q[J - 1])
ODDS = {r"\text{odds}": 1 / SOFTMAX_J - 1, "": SPARSE.from_logits(J - 1, ROWS_Z[0])}
SHRUNK = float(T.mean()) / 1.25
PARTS_OF_N = (slice(0, 2), slice(2, N))
CHUNKS = {
    "n": by([2, 3], alone=5),
    "\\bar t": by([T[:2].mean(), T[2:].mean()], alone=float(T.mean())),
    "\\bar y": by([Y[:2].mean(), Y[2:].mean()], alone=float(Y.mean())),
    "d": float(T[2:].mean() - T[:2].mean()),
    "g": float(Y[2:].mean() - Y[:2].mean()),
    "M": float(A @ B),
    "c": by([0.3, -1.2]),
}
#: The lengths of the words of a code, in bits.
LENGTHS = np.ceil(-np.log2(P))
KRAFT = float(np.sum(2.0**-LENGTHS))


def of_softmax(place: int, moved: int) -> float:
    """Return the derivative of a class's probability with respect to a logit, by differences."""
    step = 1e-6 * np.eye(C)[moved - 1]
    return float((lb.softmax(ROWS_Z[0] + step) - lb.softmax(ROWS_Z[0] - step))[place - 1] / 2e-6)


def surprise(scale: float, power: int, error: float) -> float:
    """Return the negative logarithm of a Gaussian (2) or Laplace (1) density, from the density."""
    density = math.exp(-(abs(error / scale) ** power) / power)
    whole = mpmath.quad(lambda e: mpmath.exp(-(abs(e / scale) ** power) / power), [-40, 0, 40])
    return -math.log(density / float(whole))


def on_line(intercept: float, gradient: float) -> float:
    """Return the mean squared error of the line through the labels."""
    return sum((intercept + gradient * x - label) ** 2 for x, label in zip(X, T, strict=True)) / N


def by_differences(f: Callable[[float], float], x: float) -> float:
    """Return the derivative of a function of NumPy."""
    return float((f(x + 1e-5) - f(x - 1e-5)) / 2e-5)


def minimum(f: Callable[[float], float]) -> float:
    """Return where a function of one number is least, to six digits."""
    grid = np.linspace(-1, 1, 2_000_001)
    return float(grid[np.argmin(f(grid))])


def moved_by_a_far_label(n: int, delta: float) -> float:
    """Return how far one far label moves the best constant of the Huber loss from `n` zeros."""
    labels = np.array([0.0] * n + [1e6])
    low, high = 0.0, delta
    for _ in range(60):
        middle = (low + high) / 2
        falls = lb.huber.gradient(labels, np.full(n + 1, middle), delta=delta).sum() < 0
        low, high = (middle, high) if falls else (low, middle)
    return low


CLASS_V = RNG.normal(size=C)
CLASSES["v"] = by(CLASS_V)
#: Classes and labels that count from 0.
FROM_ZERO = {
    **{"L": SPARSE.from_logits(LABELS - 1, ROWS_Z), "t": by(LABELS - 1)},
    "z": Letter(0, {(i + 1, k): value for (i, k), value in np.ndenumerate(ROWS_Z)}),
}

#: Labels 1 and -1, and the mean losses where a share of 0.35 has the label 1 and the score is 0.4.
SIGNS = np.where(T > 0.5, 1, -1)
s_i, SHARES = float(SIGNS[I - 1]), np.array([0.35, 0.65])
HINGE_OF_SHARE, SQUARED_HINGE_OF_SHARE = (
    float(loss([1, -1], [0.4, 0.4], reduction="none") @ SHARES)
    for loss in (lb.hinge, lb.squared_hinge)
)
LEAST_HINGE, LEAST_SQUARED_HINGE = (
    min(float(loss([1, -1], [c, c], reduction="none") @ SHARES) for c in (-1.0, -0.3, 1.0))
    for loss in (lb.hinge, lb.squared_hinge)
)
CHAPTERS["hinge"] = {"t": by(SIGNS), "z": by(Z, ROWS_Z, alone=0.4)}

#: By page: a formula and its value, or the letters with which all its sides are the same. In a
#: table the row and the column stand before it.
CHECKS: dict[str, dict[str, float | dict[str, Any]]] = {
    "binary_crossentropy/assignment.ipynb": {
        r"z_i = w x_i + b": {"z": by(0.6 * X + 0.7)},
    },
    "binary_crossentropy/derivation.md": {
        r"-\log y_i": lb.binary_crossentropy([1.0], [y_i]),
        r"-\log(1 - y_i)": lb.binary_crossentropy([0.0], [y_i]),
        r"\frac{1}{y_i}": slope(mpmath.log, y_i),
        r"-\frac{1}{1 - y_i}": slope(lambda v: mpmath.log(1 - v), y_i),
        r"-\frac{1}{N y_i}": of_loss(BCE, np.eye(N)[I - 1], Y, (I,)),
        r"y (1 - y)": SIGMOID_SLOPE,
        r"2 (y - t) y (1 - y)": slope(lambda v: (1 / (1 + mpmath.exp(-v)) - t) ** 2, z),
        r"-\bar t \log c - (1 - \bar t) \log(1 - c)": BCE(T, np.full(N, 0.45)),
        r"y - t": at_label(BCE.from_logits, t, z),
        r"(1 - t) y - t (1 - y)": at_label(BCE.from_logits, t, z),
        r"\frac{e^{-z}}{1 + e^{-z}}": float(lb.sigmoid(-z)),
        r"c = \bar t": {"c": float(T.mean())},
        r"e^{-z}": 1 / math.exp(z),
        r"-\log p": float(lb.information(0.35)),
        r"-\log t": BCE([1.0], [t]),
        r"-\log(1 - t)": BCE([0.0], [t]),
        r"-t \log y - (1 - t) \log(1 - y)": BINARY,
        r"2 y (1 - y)^2 (3 y - 1)": float(
            mpmath.diff(lambda v: (1 / (1 + mpmath.exp(-v)) - 1) ** 2, z, 2)
        ),
        r"L / \log 2": BCE(T, Y) / math.log(2),
        r"|1 - t - y|": {"t": 1.0, "": y},
    },
    "binary_crossentropy/examples.ipynb": {
        r"L = -\left( 1 \log 1 + (1 - 1) \log(1 - 1) \right) = -(0 + 0) = 0": {"L": BCE([1], [1])},
        r"L = -\left( 1 \log 0 + (1 - 1) \log(1 - 0) \right) = \infty": {"L": BCE([1], [0])},
        r"\frac{1}{N}\left(\frac{1 - t}{1 - y} - \frac{t}{y}\right)": at_label(BCE, t, y) / N,
        r"y (1 - y)": SIGMOID_SLOPE,
        r"-\log(1 - y) \approx y": {"y": 1e-3},
        r"z_i = w x_i + b": {"z": by(0.6 * X + 0.7)},
    },
    "binary_crossentropy/exercises.ipynb": {
        r"\sum_i \frac{\partial L}{\partial z_i} = \frac{1}{N} \sum_i (y_i - t_i)": {
            r"\frac{\partial L}{\partial z_i}": lambda v: of_loss(BCE.from_logits, T, Z, (v["i"],))
        },
        r"\max(z, 0) - z t + \log(1 + e^{-|z|})": BCE.from_logits([t], [z]),
        r"2 (y - t) y (1 - y)": slope(lambda v: (1 / (1 + mpmath.exp(-v)) - t) ** 2, z),
        r"\text{sigmoid}(z)(1 - \text{sigmoid}(z))": SIGMOID_SLOPE,
        r"\frac{e^{-z}}{(1 + e^{-z})^2}": SIGMOID_SLOPE,
        r"\frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}": y * (1 - y),
        r"1 - \frac{1}{1 + e^{-z}}": float(lb.sigmoid(-z)),
        r"t \log \frac{t}{y} + (1 - t) \log \frac{1 - t}{1 - y}": lb.kl_divergence(
            [1 - t, t], [1 - y, y]
        ),
        r"-t \log y - (1 - t) \log(1 - y) + t \log t + (1 - t) \log(1 - t)": BINARY
        - lb.entropy([1 - t, t]),
    },
    "categorical_crossentropy/assignment.ipynb": {
        r"L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{j=1}^{C} t_{ij} \log(y_{ij})": {
            "L": CCE(ROWS_T, ROWS_Y)
        },
        r"L = \frac{1}{N} \sum_{i=1}^{N} \sum_{j=1}^{C} t_{ij} \cdot \left( \log\left("
        r" \sum_{k=1}^{C} e^{z_{ik}} \right) - z_{ij} \right)": {
            "L": CCE.from_logits(ROWS_T, ROWS_Z)
        },
    },
    "categorical_crossentropy/derivation.md": {
        r"\frac{\partial S}{\partial z_k} = e^{z_k}": {
            r"\frac{\partial S}{\partial z_k}": slope(lambda v: mpmath.exp(v) + 1, ROWS_Z[0, K - 1])
        },
        r"\frac{\partial y_j}{\partial z_j} = \frac{e^{z_j} S - e^{z_j} e^{z_j}}{S^2}"
        r" = \frac{e^{z_j}}{S} \cdot \frac{S - e^{z_j}}{S}": {
            **{"S": ROW_SUM, r"\frac{\partial y_j}{\partial z_j}": of_softmax(J, J)}
        },
        r"\frac{\partial y_j}{\partial z_k} = -\frac{e^{z_j} e^{z_k}}{S^2}": {
            **{"S": ROW_SUM, r"\frac{\partial y_j}{\partial z_k}": of_softmax(J, K)}
        },
        r"-t_k + t_k y_k": -P[K - 1] * (1 - Q[K - 1]),
        r"y_j (1 - t_j) - t_j (1 - y_j)": float(Q[J - 1] - P[J - 1]),
        r"1 - t_j": float(np.delete(P, J - 1).sum()),
        r"\log(1 + \text{odds})": ODDS,
        r"y_k \sum_{j \neq k} t_j": float(Q[K - 1] * (1 - P[K - 1])),
        r"\sum_j y_j v_j^2 - \left( \sum_j y_j v_j \right)^2": float(
            np.cov(CLASS_V, aweights=Q, bias=True)
        ),
        r"\log C": lb.entropy(np.full(C, 1 / C)),
        r"1 - y_j": of_softmax(J, J) / float(Q[J - 1]),
        r"(1 - t) \log(1 - y) + t \log y": -BINARY,
        r"z_{ij} - \log \sum_k e^{z_{ik}}": float(np.log(ROWS_Y[I - 1, J - 1])),
        r"\frac{1}{y}": slope(mpmath.log, y),
        r"S = \sum_k e^{z_k}": {"S": ROW_SUM},
        r"y_j = \frac{e^{z_j}}{S}": {"S": ROW_SUM},
        r"-\frac{t_j}{y_j}": of_loss(CCE, P, Q, (J,)),
        r"-\frac{t_k}{y_k} y_k (1 - y_k) + \sum_{j \neq k} \frac{t_j}{y_j} y_j y_k": of_loss(
            CCE.from_logits, P, ROWS_Z[0], (K,)
        ),
        r"y_k \sum_{j=1}^{C} t_j - t_k": of_loss(CCE.from_logits, P, ROWS_Z[0], (K,)),
        r"y_k - t_k": of_loss(CCE.from_logits, P, ROWS_Z[0], (K,)),
        r"y_j - t_j": of_loss(CCE.from_logits, P, ROWS_Z[0], (J,)),
        r"y (1 - y)": SIGMOID_SLOPE,
        r"\log \sum_k e^{z_k} - z_j": SPARSE.from_logits(J - 1, ROWS_Z[0]),
        r"L - H": {"L": CROSS, "H": ENTROPY, "": lb.kl_divergence(P, Q)},
        r"-\log y": CCE([1, 0], [y, 1 - y]),
    },
    "categorical_crossentropy/examples.ipynb": {
        r"\frac{\partial y_j}{\partial z_k} = y_j (1 - y_j)": {
            **{r"\frac{\partial y_j}{\partial z_k}": of_softmax(J, J)}
        },
        r"-y_j y_k": of_softmax(J, K),
        r"\log C": lb.entropy(np.full(C, 1 / C)),
        r"-\sum_j t_j \log y_j": CCE(P, Q),
        r"y - t": at_label(BCE.from_logits, t, z),
        r"L = -(1 \log 1 + 0 \log 0 + 0 \log 0 + 0 \log 0 + 0 \log 0) = 0": {
            "L": CCE([1, 0, 0, 0, 0], [1, 0, 0, 0, 0])
        },
        r"L = -(1 \log 0 + 0 \log 1 + 0 \log 0 + 0 \log 0 + 0 \log 0) = \infty": {
            "L": CCE([1, 0, 0, 0, 0], [0, 1, 0, 0, 0])
        },
    },
    "categorical_crossentropy/exercises.ipynb": {
        r"c = \bar t": {"c": float(T.mean())},
        r"L = -\sum_{j=1}^{C} \Big( \frac{1}{N} \sum_{i=1}^{N} t_{ij} \Big) \log c_j"
        r" = -\sum_{j=1}^{C} \bar t_j \log c_j": {
            **{"L": CCE(ROWS_T, np.tile(Q, (N, 1))), "c": by(Q), "\\bar t": by(ROWS_T.mean(axis=0))}
        },
        r"-\frac{1}{N} \frac{1}{y}": at_label(BCE, 1.0, y) / N,
        r"-\frac{1}{y}": at_label(BCE, 1.0, y),
        r"-\sum_j \left( (1 - s) t_j + \frac{s}{C} \right) \log y_j = (1 - s) \left( -\sum_j t_j"
        r" \log y_j \right) + s \left( -\sum_j \frac{1}{C} \log y_j \right)": {"s": 0.1},
    },
    # Two of its class at the cosines 0.9 and 0.2, two of others at 0.5 and -0.7.
    "choosing/index.md": {
        r"S_1 = \sum_j e^{80 (1.4 - r_j) (0.6 - r_j)}": {
            "r": by([0.9, 0.2]),
            "range": {"j": (1, 2)},
            "S": by([math.exp(80 * 0.5 * -0.3) + math.exp(80 * 1.2 * 0.4)]),
        },
        r"S_2 = \sum_k e^{80 \max(r_k + 0.4, 0) (r_k - 0.4)}": {
            "r": by([0.5, -0.7]),
            "range": {"k": (1, 2)},
            "S": by([0.0, math.exp(80 * 0.9 * 0.1) + 1]),
        },
    },
    "choosing/exercises.ipynb": {
        "y - t": at_label(BCE.from_logits, t, z),
        r"\frac{1}{1 + m}": {"m": 10.0, "": 1 / 11},
        r"-1/y": at_label(BCE, 1.0, y),
        r"y (1 - y)": SIGMOID_SLOPE,
    },
    "glossary.md": {
        r"e^L": {"L": math.log(C), "": float(C)},
        r"e^{z_j}/\sum_k e^{z_k}": {**CLASSES, "": float(Q[J - 1])},
        r"-\log p": float(lb.information(0.35)),
        r"\log \frac{p}{1-p}": float(mpmath.findroot(lambda v: 1 / (1 + mpmath.exp(-v)) - 0.35, 0)),
        r"1/(1+e^{-z})": float(lb.sigmoid(z)),
        r"1/\log 2": 1 / math.log(2),
    },
    "information_and_entropy/examples.ipynb": {
        r"p = \frac{1}{1024} = 2^{-10}": {"p": 1 / 1024},
        r"\frac{1}{2} \left(\frac{1}{0.2} + \frac{1}{0.3} + \frac{4}{0.5}\right) g^2"
        r" \approx 8.17\, g^2": {"g": 1.0},
    },
    "information_and_entropy/exercises.ipynb": {
        r"\frac{(p - q)^2}{2 q}": {
            "p": 0.16,  # half of the second derivative where p is q
            "": float(mpmath.diff(lambda p: p * mpmath.log(p / 0.15) - p, 0.15, 2)) * 0.01**2 / 2,
        },
        r"p_j = \frac{1}{C}": {"p": by(np.full(C, 1 / C))},
        r"q_j = \frac{1}{C}": {"q": by(np.full(C, 1 / C))},
        r"x = \frac{p - q}{p + q}": {"x": 0.2 / 0.5},
        r"-\sum_j p_j \log \frac{1}{C} = \log C": {},
        r"H = \log C - D \leq \log C": {
            "H": ENTROPY,
            "D": lb.kl_divergence(P, np.full(C, 1 / C)),
        },
    },
    "information_and_entropy/index.md": {
        r"\log C": lb.entropy(np.full(C, 1 / C)),
        r"I(p^n) = n I(p)": {"n": 3},
        r"p^n = 2^{-k}": {"p": 2**-1.5, "n": 4, "k": 6},
        r"n I(p) = k": {"p": 2**-1.5, "n": 4, "k": 6},
        r"I(p) = \frac{k}{n}": {"p": 2**-1.5, "n": 4, "k": 6},
        r"p = 2^{-k/n}": {"p": 2**-1.5, "n": 4, "k": 6},
        r"-\log_2 p": float(lb.information(0.35, base=2)),
        r"-\log p": float(lb.information(0.35)),
        r"-\log p_j": float(lb.information(P[J - 1])),
        r"-\log q_j": float(lb.information(Q[J - 1])),
        r"q_j = \frac{1}{S} 2^{-n_j}": {
            "q": by(2.0**-LENGTHS / KRAFT),
            "S": KRAFT,
            "n": by(LENGTHS),
        },
        r"n_j = -\log_2 q_j - \log_2 S": {
            **{"q": by(2.0**-LENGTHS / KRAFT), "S": KRAFT, "n": by(LENGTHS)}
        },
        r"\sum_j p_j n_j = -\sum_j p_j \log_2 q_j - \log_2 S": {
            **{"q": by(2.0**-LENGTHS / KRAFT), "S": KRAFT, "n": by(LENGTHS)}
        },
        r"n_j = \lceil -\log_2 p_j \rceil": {"n": by(LENGTHS)},
        r"2^{-n_j} \leq p_j": {"n": by(LENGTHS)},
        r"x = \frac{q_j}{p_j}": {"x": float(Q[J - 1] / P[J - 1])},
        r"L - H": {"L": CROSS, "H": ENTROPY, "": lb.kl_divergence(P, Q)},
    },
    "likelihood/examples.ipynb": {
        r"4 (w - 0.5) + 4 w": slope(lambda w: 2 * (w - 0.5) ** 2 + w**2 / 0.5, 0.6),
        r"4 (w - 0.5) + 3": slope(lambda w: 2 * (w - 0.5) ** 2 + 3 * abs(w), 0.6),
        r"4 (w - 0.5) - 3": {"w": -0.6, "": slope(lambda w: 2 * (w - 0.5) ** 2 + 3 * abs(w), -0.6)},
    },
    "likelihood/exercises.ipynb": {
        r"L = \frac{1}{N} \sum_i (y_i - t_i \log y_i)": {"L": float(np.mean(Y - T * np.log(Y)))},
        r"\text{MSE} = \frac{38}{3}": {"\\text{MSE}": MEAN_SQUARED([1, 2, 9], [4, 4, 4])},
        r"\text{MAE} = \frac{8}{3}": {"\\text{MAE}": lb.mean_absolute_error([1, 2, 9], [2, 2, 2])},
        r"|\bar t| - \frac{\lambda}{2}": {
            "\\bar t": -0.5,
            "": -minimum(lambda w: (w + 0.5) ** 2 + 0.25 * abs(w)),
        },
        r"y = e^{z}": {"y": math.exp(z)},
        r"-\log p(t) = y - t \log y + \log(t!)": {
            **{"t": 3.0, "p": lambda _, k: y**k * math.exp(-y) / math.factorial(round(k))}
        },
        r"p(t) = \frac{y^t e^{-y}}{t!}": {
            **{"t": 3.0, "p": lambda _, k: y**k * math.exp(-y) / math.factorial(round(k))}
        },
        r"1 - \frac{t}{y}": slope(lambda v: v - t * mpmath.log(v), y),
        r"N = \frac{1}{c} \sum_i t_i": {"c": float(T.mean())},
        r"e^z - t": slope(lambda v: mpmath.exp(v) - t * v, z),
        r"2 (w - \bar t) + \lambda": slope(lambda w: (w - T.mean()) ** 2 + 0.25 * abs(w), 0.6),
        r"w = \bar t - \frac{\lambda}{2}": {"w": 0.5 - 0.125, "\\bar t": 0.5},
        r"2 (w - \bar t) + 2 \lambda w = 0": {"w": SHRUNK},
        r"w = \frac{\bar t}{1 + \lambda}": {"w": SHRUNK},
        r"1 + \lambda": float(T.mean()) / SHRUNK,
        r"\frac{(y - t)^2}{2 \sigma^2} + \frac{1}{2} \log(2 \pi \sigma^2)": surprise(1.7, 2, t - y),
        r"4.75 c = 750.75 + 4002 = 4752.75": {"c": 4752.75 / 4.75},
        r"\frac{1}{4}(3 c - 3003) + 4 (c - 1000.5)": slope(
            lambda c: (
                ((c - 1003) ** 2 + (c - 998) ** 2 + (c - 1002) ** 2) / 8 + 2 * (c - 1000.5) ** 2
            ),
            0.45,
        ),
        r"p(t) = \frac{1}{2 \beta}": {"p": lambda _, k: 1 / 1.4},
        r"\frac{w_k}{N \tau^2}": slope(lambda w: w**2 / (2 * N * 0.9**2), BOOK["w"][(K,)]),
    },
    "likelihood/index.md": {
        # What makes all probabilities of a label sum to 1, added up or integrated.
        r"Gaussian of width 1 / the part that depends on $z$ only :: \frac{1}{2} z^2": float(
            mpmath.log(
                mpmath.quad(
                    lambda label: mpmath.exp(label * z) * mpmath.npdf(label),
                    [-mpmath.inf, mpmath.inf],
                )
            )
        ),
        r"Bernoulli / the part that depends on $z$ only :: \log(1 + e^z)": math.log(
            sum(math.exp(label * z) for label in (0, 1))
        ),
        r"categorical / the part that depends on $z$ only :: \log \sum_k e^{z_k}": math.log(
            sum(math.exp(label @ Z[:C]) for label in np.eye(C))
        ),
        r"absolute error / gradient :: y - t": {
            "": at_label(lb.mean_absolute_error, t, y) * abs(y - t)
        },
        r"real numbers / dropped :: \frac{1}{2 \sigma^2}": surprise(1.7, 2, 1.0)
        - surprise(1.7, 2, 0.0),
        r"real numbers / dropped :: \frac{1}{\beta}": surprise(0.7, 1, 1.0) - surprise(0.7, 1, 0.0),
        r"\frac{1}{2} \log(2 \pi \sigma^2) + \frac{\text{MSE}}{2 \sigma^2}": float(
            np.mean([surprise(1.7, 2, e) for e in T - Y])
        ),
        r"\log(2 \beta) + \frac{\text{MAE}}{\beta}": float(
            np.mean([surprise(0.7, 1, e) for e in T - Y])
        ),
        r"\frac{1}{2 \sigma^2} \sum_i (y_i - t_i)^2": sum(
            surprise(1.7, 2, e) - surprise(1.7, 2, 0.0) for e in T - Y
        ),
        r"real numbers / surprise of one label :: \frac{(y - t)^2}{2 \sigma^2}"
        r" + \frac{1}{2} \log(2 \pi \sigma^2)": surprise(1.7, 2, t - y),
        r"real numbers / surprise of one label :: \frac{|y - t|}{\beta} + \log(2 \beta)": surprise(
            0.7, 1, t - y
        ),
        r"0 or 1 / surprise of one label :: -t \log y - (1 - t) \log(1 - y)": BINARY,
        r"one of $C$ classes, one-hot / surprise of one label :: -\sum_j t_j \log y_j": {
            **CLASSES,
            "": CCE(P, Q),
        },
        r"one of $C$ classes, an integer / surprise of one label :: -\log y_t": {
            **{"t": 2.0, "y": by(Q), "": SPARSE(1, Q)}
        },
        r"half of the squared error / gradient :: y - t": at_label(MEAN_SQUARED, t, y) / 2,
        r"binary cross-entropy / gradient :: y - t": at_label(BCE.from_logits, t, z),
        r"categorical and sparse categorical cross-entropy / gradient :: y_j - t_j": {
            **CLASSES,
            "": of_loss(CCE.from_logits, P, ROWS_Z[0], (J,)),
        },
        r"\sum_i (c - t_i) = 0": {"c": float(T.mean())},
        r"\frac{1}{2 \sigma^2} - \frac{\text{MSE}}{2 \sigma^4}": slope(
            lambda s: mpmath.log(2 * mpmath.pi * s) / 2 + MEAN_SQUARED(T, Y) / (2 * s), 1.7**2
        ),
        r"\sigma^2 = \text{MSE}": {"\\sigma": math.sqrt(MEAN_SQUARED(T, Y))},
        r"\frac{1}{\beta} - \frac{\text{MAE}}{\beta^2}": slope(
            lambda b: mpmath.log(2 * b) + ABSOLUTE / N / b, 0.7
        ),
        r"\beta = \text{MAE}": {"\\beta": ABSOLUTE / N},
        r"2 (w - \bar t) + \frac{2 \sigma^2}{N \tau^2} w = 0": {
            "w": float(T.mean() / (1 + 1.7**2 / (N * 0.9**2)))
        },
        r"2 (w - \bar t)": slope(lambda w: (w - T.mean()) ** 2, 0.6),
        r"y (1 - y)": SIGMOID_SLOPE,
    },
    "losses_and_metrics/exercises.ipynb": {
        r"2 (w - 2)": slope(lambda w: (w - 2) ** 2, 0.6),
        r"1 - 2 \eta = -1.2": {"\\eta": 1.1},
        r"1/(1+m)": {"m": 10.0, "": 1 / 11},
    },
    "losses_and_metrics/index.md": {
        r"-\log y_i": lb.binary_crossentropy([1.0], [y_i]),
        r"-\log(1 - y_i)": lb.binary_crossentropy([0.0], [y_i]),
        r"m p > 1 - p": {"m": 10.0},
        r"\sqrt{p (1 - p) / n}": {**{"p": 0.35, "n": 6}, "": scatter_of_a_share(0.35, 6)},
    },
    "huber/derivation.md": {
        r"|y_i - t_i| = \delta": {"\\delta": abs(y_i - t_i)},
        r"\frac{1}{2} (y_i - t_i)^2": lb.huber([t_i], [y_i], delta=10.0),
        r"n h = \delta": {"n": 7, "h": moved_by_a_far_label(7, 0.05)},
        r"\frac{\delta}{n}": {"n": 7, "": moved_by_a_far_label(7, 0.05)},
        "c^2": lb.huber(0.45 * T, 0.45 * Y, delta=0.0225) / lb.huber(T, Y, delta=0.05),
        r"\frac{1}{2} (e^x + e^{-x})": math.cosh(0.7),
        r"1 + \frac{1}{2} x^2": {"x": 0.01, "": math.cosh(0.01)},
        r"\frac{1}{2} e^{|x|}": {"x": -20.0, "": math.cosh(20.0)},
        r"\frac{1}{2} x^2": {"x": 1e-4, "": lb.log_cosh([0.0], [1e-4])},
        r"|x| - \log 2": {"x": -20.0, "": lb.log_cosh([0.0], [20.0])},
        r"|x| + \log(1 + e^{-2 |x|}) - \log 2": lb.log_cosh([0.0], [0.7]),
        r"\log \cosh (t_i - y_i) + \log \pi": float(
            mpmath.log(mpmath.cosh(t_i - y_i) * mpmath.quad(mpmath.sech, [-50, 0, 50]))
        ),
    },
    "huber/examples.ipynb": {
        r"|x| + \log(1 + e^{-2|x|}) - \log 2": lb.log_cosh([0.0], [0.7]),
    },
    "huber/exercises.ipynb": {
        r"4 c = \delta": {"c": moved_by_a_far_label(4, 0.05)},
        "x = |y - t|": {"x": abs(y - t)},
        r"\delta |y - t| - \frac{1}{2} \delta^2": lb.huber([t], [y], delta=0.05),
        r"-(y - t - x) + \delta": slope(lambda x: (y - t - x) ** 2 / 2 + 0.05 * abs(x), 0.7),
        r"\frac{1}{2} (y - t)^2": MEAN_SQUARED([t], [y]) / 2,
        r"x = y - t - \delta": {
            "y": 0.9,  # above the label by more than delta
            "x": minimum(lambda x: (0.9 - t - x) ** 2 / 2 + 0.05 * abs(x)),
        },
        r"\frac{1}{2} \delta^2 + \delta (y - t - \delta)": {
            "y": 0.9,
            "": lb.huber([t], [0.9], delta=0.05),
        },
        r"\delta (y - t) - \frac{1}{2} \delta^2": {
            "y": 0.9,
            "": lb.huber([t], [0.9], delta=0.05),
        },
    },
    "mean_absolute_error/assignment.ipynb": {
        r"y_i = w x_i + b": {"y": by(0.6 * X + 0.7)},
        r"\eta_k = \frac{\eta}{\sqrt{k}}": {"\\eta": by([0.05, 0.05 / math.sqrt(2)], alone=0.05)},
    },
    "mean_absolute_error/derivation.md": {
        r"\frac{1}{|t_i|}": 1 / abs(t_i),
        r"1 + t_i": 1 + t_i,
        r"e^{\frac{1}{N} \sum_i \log(1 + t_i)} - 1": float(np.prod(1 + T) ** (1 / N) - 1),
        r"half-sum / gradient with respect to $y_i$ :: \pm \frac{1}{2}": abs(
            of_loss(lb.mean_absolute_error, T, Y, (I,)) * N / 2
        ),
        r"sum / gradient with respect to $y_i$ :: \pm 1": abs(
            of_loss(lb.mean_absolute_error, T, Y, (I,)) * N
        ),
        r"mean / gradient with respect to $y_i$ :: \pm \frac{1}{N}": abs(
            of_loss(lb.mean_absolute_error, T, Y, (I,))
        ),
        r"\sum_i |y_i - t_i|": ABSOLUTE,
    },
    "mean_squared_error/assignment.ipynb": {
        r"y_i = w x_i + b": {"y": by(0.6 * X + 0.7)},
        r"(y_i - t_i)^2": MEAN_SQUARED([t_i], [y_i]),
        r"\frac{1}{2} \sum_i (y_i - t_i)^2": SUM / 2,
    },
    "mean_squared_error/derivation.md": {
        r"y = w_1 w_2": {"y": BOOK["w"][1,] * BOOK["w"][2,]},
        r"half-sum / gradient with respect to $y_i$ :: y_i - t_i": of_loss(MEAN_SQUARED, T, Y, (I,))
        * N
        / 2,
        r"sum / gradient with respect to $y_i$ :: 2 (y_i - t_i)": of_loss(MEAN_SQUARED, T, Y, (I,))
        * N,
        r"mean / gradient with respect to $y_i$ :: \frac{2}{N} (y_i - t_i)": of_loss(
            MEAN_SQUARED, T, Y, (I,)
        ),
        r"\sum_i (y_i - t_i)^2": SUM,
        r"2 (y_i - t_i)": at_label(MEAN_SQUARED, t_i, y_i),
        r"N c - \sum_i t_i": slope(lambda c: sum((c - v) ** 2 for v in T), 0.45) / 2,
        r"c = \frac{1}{N} \sum_i t_i": {"c": float(T.mean())},
    },
    "mean_squared_error/examples.ipynb": {
        r"y = w_1 w_2": {"y": BOOK["w"][1,] * BOOK["w"][2,]},
        r"\frac{2}{N}(y_i - t_i)": of_loss(MEAN_SQUARED, T, Y, (I,)),
    },
    "mean_squared_error/exercises.ipynb": {
        r"\frac{\partial L}{\partial b} = \frac{2}{N} \sum_i (w x_i + b - t_i) = 0": {
            **{"w": float(LINE[0]), "b": float(LINE[1])},
            r"\frac{\partial L}{\partial b}": slope(lambda b: on_line(b, LINE[0]), LINE[1]),
        },
        r"\frac{\partial L}{\partial w} = \frac{2}{N} \sum_i (w x_i + b - t_i)\, x_i = 0": {
            **{"w": float(LINE[0]), "b": float(LINE[1])},
            r"\frac{\partial L}{\partial w}": slope(lambda w: on_line(LINE[1], w), LINE[0]),
        },
        r"b = \bar t - w \bar x": {"w": float(LINE[0]), "b": float(LINE[1])},
        r"w = \frac{\sum_i (x_i - \bar x)(t_i - \bar t)}{\sum_i (x_i - \bar x)^2}": {
            "w": float(LINE[0])
        },
        r"(c - \bar t)^2 + 2 (c - \bar t)(\bar t - t_i) + (\bar t - t_i)^2": MEAN_SQUARED(
            [t_i], [0.45]
        ),
        r"N (c - \bar t)": slope(lambda c: sum((c - v) ** 2 for v in T) / 2, 0.45),
        r"\frac{1}{2N} \sum_i (y_i - t_i)^2": MEAN_SQUARED(T, Y) / 2,
    },
    "pearson_correlation/derivation.md": {
        r"v - r u": {"u": 0.2, "v": 0.9, "r": 0.5, "": 0.8},
        r"v = r u + \text{beside}": {"u": 0.2, "v": 0.9, "r": 0.5, r"\text{beside}": 0.8},
        r"r v - u": {"u": 0.2, "v": 0.9, "r": 0.5, "": 0.5 * 0.8 - (1 - 0.5**2) * 0.2},
        r"\frac{1 - r^2}{1 + r}": lb.pearson_correlation_loss(T, Y),
        r"1 - r^2": float(((V - R * U) ** 2).sum()),
        r"1 - r": lb.pearson_correlation_loss(T, Y),
        r"\sum_i \tilde t_i \tilde y_i": float(T @ Y - N * T.mean() * Y.mean()),
        r"\sum_i \tilde t_i^2": float(N * T.var()),
        r"\sum_i \tilde y_i^2": float(N * Y.var()),
        r"2 \tilde y_k": by_differences(lambda v: N * np.var([v, *Y[1:]]), Y[0]),
        r"\tilde y_k / |\tilde y|": by_differences(
            lambda v: math.sqrt(N * np.var([v, *Y[1:]])), Y[0]
        ),
        r"y = t^2": {"y": t**2},
    },
    "pearson_correlation/examples.ipynb": {
        r"1 - r": lb.pearson_correlation_loss(T, Y),
        r"r = 5 / \sqrt{5 \cdot 14} = 5 / \sqrt{70} \approx 0.598": {"r": 5 / math.sqrt(70)},
        r"S = S_1 + S_2 + \frac{n_1 n_2}{n_1 + n_2}(\bar t_1 - \bar t_2)^2": {
            "S": by([2 * T[:2].var(), 3 * T[2:].var()], alone=N * T.var()),
            "n": by([2, 3]),
            "\\bar t": by([T[:2].mean(), T[2:].mean()]),
        },
    },
    "pearson_correlation/exercises.ipynb": {
        r"\frac{N}{N - 1}": float(np.cov(T, Y)[0, 1] / (T.std() * Y.std()) / R),
        r"\sum_k \frac{\partial L}{\partial y_k} \tilde y_k = 0": {
            **{
                "range": {"k": range(1, N + 1)},
                r"\frac{\partial L}{\partial y_k}": lambda v: of_loss(
                    lb.pearson_correlation_loss, T, Y, (v["k"],)
                ),
            }
        },
        r"\sum_k \frac{r v_k - u_k}{|\tilde y|} \tilde y_k = \sum_k (r v_k - u_k) v_k"
        r" = r \sum_k v_k^2 - \sum_k u_k v_k = r - r = 0": {"range": {"k": range(1, N + 1)}},
        r"1 - r": lb.pearson_correlation_loss(T, Y),
        r"2 (1 - r)": MEAN_SQUARED(math.sqrt(N) * U, math.sqrt(N) * V),
        r"r = 2 / \sqrt{16} = 0.5": {"r": 0.5},
    },
    "pinball/assignment.ipynb": {
        r"l_i = \begin{cases} \frac{1}{2} (y_i - t_i)^2"
        r" & |y_i - t_i| \leq \delta \\ \delta |y_i - t_i| - \frac{1}{2} \delta^2"
        r" & |y_i - t_i| > \delta \end{cases}": {
            **{"\\delta": 0.05, "l": by(lb.huber(T, Y, delta=0.05, reduction="none"))},
        },
        r"\delta = 4": {"\\delta": 4.0},
        r"y_i = w x_i + b": {"y": by(0.6 * X + 0.7)},
    },
    "hinge/derivation.md": {
        r"\log(1 + e^{-t_i z_i})": lb.binary_crossentropy.from_logits([(s_i + 1) / 2], [z_i]),
        r"1 - t_i z_i": lb.hinge([s_i], [z_i]),
        r"-t_i": float(lb.hinge.gradient([s_i], [z_i])[0]),
        r"2 p - 1": 0.35 - 0.65,  # the mean of the labels
        r"p \cdot (1 - z)^2 + (1 - p) (1 + z)^2": SQUARED_HINGE_OF_SHARE,
        r"p = \frac{1 + z}{2}": {"z": 2 * 0.35 - 1},
        r"(1 - t_i z_i)^2 = (z_i - t_i)^2": {"": lb.squared_hinge([s_i], [z_i])},
        r"1 + (1 - 2 p) z": HINGE_OF_SHARE,
    },
    "hinge/examples.ipynb": {
        r"2 p - 1": 0.35 - 0.65,
        r"\frac{1 + z}{2}": {"z": 0.35 - 0.65, "": 0.35},
    },
    "hinge/exercises.ipynb": {
        r"4 p (1 - p)": LEAST_SQUARED_HINGE,
        r"1 + (1 - 2 p) z": HINGE_OF_SHARE,
        r"2 p": LEAST_HINGE,
        r"2 (1 - p)": {"p": 0.65, "": LEAST_HINGE},
        r"z = 2 p - 1": {"z": 0.35 - 0.65},
        r"p \cdot (1 - z)^2 + (1 - p) (1 + z)^2": SQUARED_HINGE_OF_SHARE,
        r"4 p \cdot (1 - p)^2 + 4 (1 - p) p^2": LEAST_SQUARED_HINGE,
        r"\max(0, 1 - t_i z_i)": lb.hinge([s_i], [z_i]),
        r"\max(0, 5 - t_i z_i)": 5 * lb.hinge([s_i], [z_i / 5]),
    },
    "gaussian_negative_log_likelihood/derivation.md": {
        r"e^{-z}": 1 / math.exp(z),
        r"-e^{-z}": slope(lambda v: mpmath.exp(-v), z),
        r"\frac{1}{2 N}": BELL.gradient(T, np.column_stack([T, Z]))[I - 1, 1],
        r"\frac{1}{\sigma_i^2}": slope(lambda v: (v - t_i) ** 2 / (2 * mpmath.exp(z_i)), t_i + 1),
        r"\frac{1}{\sigma_i}": {"\\sigma": by(np.exp(Z / 2)), "": math.exp(-z_i / 2)},
        r"\frac{y_i - t_i}{\sigma_i}": {
            **{"\\sigma": by(np.exp(Z / 2)), "": (y_i - t_i) * math.exp(-z_i / 2)}
        },
        r"\sigma_i \approx |y_i - t_i|": {"\\sigma": by(np.abs(Y - T))},
        r"\frac{1}{|y_i - t_i|}": abs(
            N * BELL.gradient(T, np.column_stack([Y, np.log((Y - T) ** 2)]))[I - 1, 0]
        ),
        r"\log c": BELL([0.45 * t], [[0.45 * y, z + 2 * math.log(0.45)]]) - BELL([t], [[y, z]]),
        r"\frac{N}{2} \log (2 \pi)": N * (0.5 * z - 0.5 * z - math.log(float(mpmath.npdf(0)))),
    },
    "gaussian_negative_log_likelihood/exercises.ipynb": {
        r"\frac{1}{2} (1 - \frac{4}{e^z})": BELL.gradient([0.0], [[2.0, z]])[0, 1],
        r"e^{z/2}": math.sqrt(math.exp(z)),
        r"\frac{1}{\sigma_i^2}": math.exp(-z_i),
        r"\frac{c - t_i}{e^z}": BELL.gradient([t_i], [[0.45, z]])[0, 0],
        r"c = \bar t": {"c": float(T.mean())},
        r"x = y - t": {"x": y - t},
        r"e^{-z}": slope(lambda v: (v - t) * mpmath.exp(-z), y),
        r"\frac{1}{2} x^2 e^{-z}": float(
            mpmath.diff(lambda v: (v + 0.49 * mpmath.exp(-v)) / 2, z, 2)
        ),
        r"-x e^{-z}": slope(lambda v: 0.7 * mpmath.exp(-v), z),
        r"\frac{1}{2} x^2 e^{-2z} - x^2 e^{-2z} = -\frac{1}{2} x^2 e^{-2z}": {},
        r"\log c": BELL([0.45 * t], [[0.45 * y, z + 2 * math.log(0.45)]]) - BELL([t], [[y, z]]),
        r"z + 2 \log c": math.log(0.45**2 * math.exp(z)),
    },
    "poisson/derivation.md": {
        r"e^z": slope(mpmath.exp, z),
        r"e^{z_i}": slope(mpmath.exp, z_i),
        r"Gaussian of width 1 / the part that depends on $z$ only :: \frac{1}{2} z^2": float(
            mpmath.log(
                mpmath.quad(
                    lambda label: mpmath.exp(label * z) * mpmath.npdf(label),
                    [-mpmath.inf, mpmath.inf],
                )
            )
        ),
        r"Bernoulli / link :: z = \log \frac{y}{1 - y}": {"y": float(lb.sigmoid(z))},
        r"Bernoulli / the part that depends on $z$ only :: \log(1 + e^z)": math.log(
            sum(math.exp(label * z) for label in (0, 1))
        ),
        r"Bernoulli / its second derivative: the variance :: y (1 - y)": OWN_RATE
        * (1 - OWN_RATE) ** 2
        + (1 - OWN_RATE) * OWN_RATE**2,
        # What makes the probabilities of all counts sum to 1, without the factorials.
        r"Poisson / the part that depends on $z$ only :: e^z": math.log(
            sum(math.exp(k * z) / math.factorial(k) for k in range(40))
        ),
        r"Poisson / its derivative: the prediction :: e^z": slope(mpmath.exp, z),
        r"\frac{y - t}{y}": slope(lambda v: v - t * mpmath.log(v), OWN_RATE),
    },
    "poisson/examples.ipynb": {
        r"e^{z_i}": slope(mpmath.exp, z_i),
        r"y (1 - y)": OWN_RATE * (1 - OWN_RATE) ** 2 + (1 - OWN_RATE) * OWN_RATE**2,
    },
    "poisson/exercises.ipynb": {
        r"n_i e^z - t_i": slope(
            lambda v: mpmath.exp(v + mpmath.log(3.0 + I - 1)) - t_i * (v + math.log(3.0 + I - 1)), z
        ),
        r"n_i (e^z - \frac{t_i}{n_i})": (3.0 + I - 1) * math.exp(z) - t_i,
        r"n_i e^c - t_i": slope(lambda v: mpmath.exp(v + mpmath.log(3.0 + I - 1)) - t_i * v, 0.45),
        r"z_i = \log n_i + c": {"z": by(np.log(np.arange(3.0, 3.0 + N)) + 0.45)},
        r"z = \log n + c": {"z": math.log(7.0) + 0.45},
        r"e^c \sum_i n_i = \sum_i t_i": {"c": math.log(T.sum() / np.arange(3.0, 3.0 + N).sum())},
        r"n e^c - t \log n - t c": math.exp(math.log(7.0) + 0.45) - t * (math.log(7.0) + 0.45),
        r"\log (1 + e^z)": -math.log(1 - float(lb.sigmoid(z))),
        r"y (1 - y)": OWN_RATE * (1 - OWN_RATE) ** 2 + (1 - OWN_RATE) * OWN_RATE**2,
        r"y = \text{sigmoid}(z)": {"y": float(lb.sigmoid(z))},
    },
    "pinball/derivation.md": {
        r"1 - p \leq m p": {},
        r"p \geq \frac{1}{1 + m}": {},
        r"\frac{1}{1 + m}": 1 - 0.75,
        r"\frac{m}{1 + m}": 0.75,
        r"larger of two / loss of one sample ::"
        r" \max(\theta (t - y), (\theta - 1) (t - y))": PINBALL,
        r"two sides / loss of one sample ::"
        r" \theta \max(t - y, 0) + (1 - \theta) \max(y - t, 0)": PINBALL,
        r"tilted / loss of one sample ::"
        r" \frac{1}{2} \vert t - y \vert + (\theta - \frac{1}{2}) (t - y)": PINBALL,
        r"[y_i > t_i]": float(y_i > t_i),
        r"\frac{n_{\text{below}}}{N} \leq \theta"
        r" \leq \frac{n_{\text{below}} + n_{\text{at}}}{N}": {},
    },
    "pinball/exercises.ipynb": {
        r"\frac{m}{1 + m}": 0.75,
        r"m = \frac{100}{376}": {"m": 100 / 376},
        r"\frac{1}{2} |t - y| + (\theta - \frac{1}{2}) (t - y)": PINBALL,
        r"(\theta_2 - \theta_1)(y_1 - y_2)": CROSSED - SORTED,
        r"\theta_1 (t - y_1) + \theta_2 (t - y_2)": TILTS[0],
        r"\theta_1 (t - y_2) + \theta_2 (t - y_1)": TILTS[1],
        r"h (n - \theta N)": 0.01 * (9 * (1 - 0.3) - 16 * 0.3),
    },
    "focal/derivation.md": {
        r"-(1 - y)^\gamma \log y": lb.binary_focal_crossentropy([1], [0.2]),
        r"f(1 - y)": float(lb.binary_focal_crossentropy.gradient([0], [0.2])[0]),
        r"p f(y) = (1 - p) f(1 - y)": {},
        r"\frac{1}{y}": -float(BCE.gradient([1], [0.2])[0]),
        r"\gamma (1 - y)^{\gamma - 1} \log y - \frac{(1 - y)^\gamma}{y}": -FOCAL_UP,
        r"-f(y)": -FOCAL_UP,
        r"\frac{1}{1 + m}": 0.25,
    },
    "focal/assignment.ipynb": {
        r"L = -\frac{1}{N} \sum_{i=1}^{N} \left( t_i (1 - y_i)^\gamma \log y_i"
        r" + (1 - t_i) y_i^\gamma \log(1 - y_i) \right)": {
            **{"N": 2, "t": by([1.0, 0.0]), "y": by([0.7, 0.4])},
            "L": lb.binary_focal_crossentropy([1, 0], [0.7, 0.4]),
        },
    },
    "focal/examples.ipynb": {
        r"-(1 - y)^2 \left( \frac{1}{y} - \frac{2 \log y}{1 - y} \right)": -FOCAL_UP,
    },
    "focal/exercises.ipynb": {
        r"-(1 - y)^\gamma \log y": lb.binary_focal_crossentropy([1], [0.2]),
        r"f(1 - y)": FOCAL_DOWN,
        r"p f(y) = (1 - p) f(1 - y)": {},
        r"(1 - y) f(1 - y) < y f(y)": {},
        r"f(y) = \frac{1 - p}{p} f(1 - y)": {},
        r"\frac{p}{1 - p} = \frac{f(1 - y)}{f(y)}": {},
    },
    "sparse_categorical_crossentropy/derivation.md": {
        r"\log(1 + \text{odds})": ODDS,
        r"e^L": {"L": math.log(C), "": float(C)},
        r"L / \log 2": {"L": lb.entropy(P), "": lb.entropy(P, base=2)},
        r"\log \sum_k e^{z_k} - z_j": SPARSE.from_logits(J - 1, ROWS_Z[0]),
        r"\log C": SPARSE(0, np.full(C, 1 / C)),
        r"z_{i t_i} - \log \sum_k e^{z_{ik}}": {
            **{"t": by(LABELS), "": -SPARSE.from_logits(LABELS[I - 1] - 1, ROWS_Z[I - 1])}
        },
        r"\log \sum_k e^{z_k}": SPARSE.from_logits(J - 1, ROWS_Z[0]) + ROWS_Z[0, J - 1],
        r"\frac{1}{y}": slope(mpmath.log, y),
        r"\frac{e^{z_j}}{\sum_k e^{z_k}}": SOFTMAX_J,
        r"y - 1": at_label(BCE.from_logits, 1.0, z),
        r"-\sum_{j=0}^{C-1} t_{ij} \log(y_{ij}) = -\log(y_{i t_i})": {
            "t": Letter(0, ONE_HOT | {(I,): float(LABELS[I - 1] - 1)}),
            "y": Letter(0, {(I, k): ROWS_Y[I - 1, k] for k in range(C)}),
        },
    },
    "sparse_categorical_crossentropy/exercises.ipynb": {
        r"2 (1 - p)": float(
            np.abs(SPARSE.from_logits.gradient(0, np.log([0.35, 0.4, 0.25]))).sum()
        ),
        r"(1 - p) + (1 - p)": float(
            np.abs(SPARSE.from_logits.gradient(0, np.log([0.35, 0.4, 0.25]))).sum()
        ),
        r"-\frac{1}{y}": float(SPARSE.gradient(0, [y, 1 - y])[0]),
    },
    "training/exercises.ipynb": {
        r"\frac{\partial L}{\partial y} = -2": {
            r"\frac{\partial L}{\partial y}": at_label(MEAN_SQUARED, 3.0, 2.0)
        },
        r"\frac{\partial L}{\partial w} = -2 \cdot 2 = -4": {
            r"\frac{\partial L}{\partial w}": slope(lambda w: (2 * w - 3) ** 2, 1.0)
        },
        r"y = w x": {"y": 0.42},
        r"w' = 1 + 0.1 \cdot 4 = 1.4": {"w'": 1.4},
        r"l_i + l_i + l_i = 3 l_i": {"l": by(T)},
        r"1 - s + \frac{s}{C} = 0.91": {"C": 10},
        r"\frac{s}{C} = 0.01": {"C": 10},
    },
    "training/larger_than_memory.md": {
        r"M = \sum_i (t_i - \bar t)(y_i - \bar y)": CHUNKS,
        r"\sum_i (t_i - \bar t) = 0": CHUNKS,
        r"\sum_i (y_i - \bar y) = 0": CHUNKS,
        r"d = \bar t_2 - \bar t_1": CHUNKS,
        r"g = \bar y_2 - \bar y_1": CHUNKS,
        r"n = n_1 + n_2": CHUNKS,
        r"\bar t_1 - \bar t = -\frac{n_2}{n} d": CHUNKS,
        r"\bar t_2 - \bar t = \frac{n_1}{n} d": CHUNKS,
        r"n_1 \frac{n_2^2}{n^2} d g": {
            **CHUNKS,
            "": 2 * float((T[:2].mean() - T.mean()) * (Y[:2].mean() - Y.mean())),
        },
        r"n_2 \frac{n_1^2}{n^2} d g": {
            **CHUNKS,
            "": 3 * float((T[2:].mean() - T.mean()) * (Y[2:].mean() - Y.mean())),
        },
        r"\frac{n_1 n_2 (n_2 + n_1)}{n^2} d g": {
            **CHUNKS,
            "": float(A @ B)
            - sum(len(T[c]) * float(np.cov(T[c], Y[c], bias=True)[0, 1]) for c in PARTS_OF_N),
        },
        r"r = \frac{12}{\sqrt{20} \sqrt{20}} = \frac{3}{5}": {"r": 0.6},
        r"d = g = 4": {"d": 4.0, "g": 4.0},
    },
    "sparse_categorical_crossentropy/assignment.ipynb": {
        r"L = -\frac{1}{N} \sum_{i=1}^{N} \log(y_{i t_i})": {
            **{"L": SPARSE(LABELS - 1, ROWS_Y), "t": by(LABELS)}
        },
        r"L = \frac{1}{N} \sum_{i=1}^{N} \left( \log\left( \sum_{k=0}^{C-1} e^{z_{ik}} \right)"
        r" - z_{i t_i} \right)": FROM_ZERO,
    },
    "training/assignment.ipynb": {
        r"L = \frac{1}{N} \sum_{i=1}^{N} \left( \log\left( \sum_{k=0}^{C-1} e^{z_{ik}} \right)"
        r" - z_{i t_i} \right)": FROM_ZERO,
    },
    "sparse_categorical_crossentropy/examples.ipynb": {
        r"\log C": SPARSE(0, np.full(C, 1 / C)),
    },
    "training/examples.ipynb": {
        r"\log C": SPARSE(0, np.full(C, 1 / C)),
    },
    "training/index.md": {
        r"1 - y_{ij}": 1 - float(ROWS_Y[I - 1, J - 1]),
        r"C - 1": float(np.sum(1 - ROWS_Y[0])),
        r"\log C": SPARSE(0, np.full(C, 1 / C)),
    },
    "backpropagation/examples.ipynb": {
        r"m\,t\,(y - 1) + (1 - t)\,y": {
            "m": 10.0,
            "": 10 * t * at_label(BCE.from_logits, 1, z)
            + (1 - t) * at_label(BCE.from_logits, 0, z),
        },
    },
    "backpropagation/exercises.ipynb": {
        r"y - t = 0.731": {"y": float(f"{lb.sigmoid(1.0):.3f}"), "t": 0.0},
        r"z = 3 w + 1": {"w": by(alone=-1.0), "z": -2.0},
        r"y = w_2 \max(w_1 x, 0)": {"y": -2.1 * 1.3, "w": by([1.3, -2.1]), "x": 1.0},
        r"\log(1 + e^{z})": BCE.from_logits([0], [z]),
        r"\log(1 + e^{-z})": BCE.from_logits([1], [z]),
        r"y - 1": slope(lambda v: mpmath.log1p(mpmath.exp(-v)), z),
        r"m p (y - 1) + (1 - p) y": {
            "m": 9.0,
            "": 9 * 0.35 * at_label(BCE.from_logits, 1, z) + 0.65 * at_label(BCE.from_logits, 0, z),
        },
        # The zero of the line above, which is straight in y.
        r"y = \frac{m p}{m p + 1 - p}": {"m": 9.0, "p": 0.1, "y": 0.5},
        r"l = \max(|y - t| - c, 0)^2": {"c": 0.01, "t": 0.5, "y": 0.3, "l": 0.19**2},
    },
    "backpropagation/index.md": {
        r"z = 3 \cdot 1 + 2 \cdot 0 - 3 = 0": {"z": 3 * max(2 - 1, 0) + 2 * max(-2 + 1, 0) - 3},
        r"y - t = -\frac{1}{2}": {"y": float(lb.sigmoid(0.0)), "t": 1.0},
        # What the feature does to the loss of the page's sample.
        r"w_1 \cdot (-\frac{3}{2}) + w_2 \cdot 0 = -\frac{3}{2}": {
            "w": by(np.array([1.0, -1.0])),
            "": slope(
                lambda x: mpmath.log1p(mpmath.exp(3 - 3 * max(x - 1, 0) - 2 * max(1 - x, 0))), 2
            ),
        },
    },
    "": {r"y_i = w x_i + b": {"y": by(0.6 * X + 0.7)}},  # on any page
    "calibration/examples.ipynb": {
        r"0.7\, l(1, y) + 0.3\, l(0, y)": lb.cross_entropy([0.7, 0.3], [y, 1 - y]),
    },
    "calibration/exercises.ipynb": {
        r"p (1 - p) + (y - p)^2": {"p": 0.35, "": EXPECTED_SQUARE},
        r"p \cdot (1 - y)^2 + (1 - p) \cdot y^2": {"p": 0.35, "": EXPECTED_SQUARE},
        r"p - 2 p y + p y^2 + y^2 - p y^2 = p - 2 p y + y^2": {"p": 0.35, "": EXPECTED_SQUARE},
        r"p (1 - p) + (y - p)^2 = p - p^2 + y^2 - 2 p y + p^2": {"p": 0.35, "": EXPECTED_SQUARE},
        r"p (1 - p)": {"p": 0.35, "": 0.35 * MEAN_SQUARED([1], [0.35]) + 0.65 * 0.35**2},
        r"p_j (1 - p_j) + (y_j - p_j)^2": {
            **{"p": by(P), "y": by(Q)},
            "": float(P[J - 1] * (1 - Q[J - 1]) ** 2 + (1 - P[J - 1]) * Q[J - 1] ** 2),
        },
        r"p_k (1 - p_k)": float(P[K - 1] - P[K - 1] ** 2),
    },
    "calibration/index.md": {
        r"\frac{1}{1 + m}": {"m": 10.0, "": 1 / 11},
        r"p\, l(1, y) + (1 - p)\, l(0, y)": lb.cross_entropy([0.35, 0.65], [y, 1 - y]),
        r"2 (y - p)": slope(lambda v: 0.35 * (1 - v) ** 2 + 0.65 * v**2, y),
        r"p (1 - y) + (1 - p) y": 0.35 * lb.mean_absolute_error([1], [y])
        + 0.65 * lb.mean_absolute_error([0], [y]),
    },
    "notation.md": {r"$b$ / what it is :: y_i = w x_i + b": {"y": by(0.6 * X + 0.7)}},
    "where_it_breaks/index.md": {
        r"\max(z, 0) - z t + \log(1 + e^{-|z|})": BCE.from_logits([t], [z]),
    },
}

PART = "names a part of a formula beside it, or a quantity that is discussed"
LIST = "a list, a vector, or a product with dots"
RULE = "a step or a model in the letters of a program: its cells are run"
CONDITION = "a condition, which need not hold"
GIVEN_LOSS = "sets a task: the exercise's own loss, which its solution computes"

#: What cannot be computed, or claims nothing: the reason, and by page the formulas.
REASONS: dict[str, dict[str, list[str]]] = {
    PART: {
        "gaussian_negative_log_likelihood/derivation.md": ["N - 1"],
        "gaussian_negative_log_likelihood/examples.ipynb": [r"\sigma_i^2"],
        "gaussian_negative_log_likelihood/exercises.ipynb": [
            *("e^z", r"\frac{N - 1}{N}", r"\frac{|t_i - y_i|}{\sigma_i}"),
            *(r"\lceil 0.8 (n + 1) \rceil", r"1 - 1 = 0", "1 - 0 = 1"),
        ],
        "poisson/derivation.md": [r"\log n_i", r"\log t_i!"],
        "poisson/examples.ipynb": [r"\log t!"],
        "poisson/exercises.ipynb": [r"\frac{t_i}{n_i}", "e^c", r"\frac{1}{N}", "1 - y"],
        "pinball/assignment.ipynb": [r"\frac{\delta}{N}", r"1 - \theta", "10^{200}"],
        "hinge/derivation.md": [
            *("e^{-l}", "-t_i z_i", "e^{-t_i z_i}", "1 + e^{-t_i z_i}", r"\frac{1}{N}"),
            *(r"-\frac{1}{N}", "1 - z", "1 + z"),
        ],
        "hinge/exercises.ipynb": ["1 - p", r"\text{sigmoid}(0.8)", "1 + z"],
        "focal/derivation.md": [
            *(
                "1 - y",
                "(2 t_i - 1) z_i",
                "y_i (1 - y_i)",
                r"1 - \bar t",
                r"\log m",
                "w z + b",
            ),
            r"… less $\log m$ / model :: \log m",
        ],
        "focal/assignment.ipynb": [r"0 \log 0"],
        "focal/examples.ipynb": [r"\log m"],
        "focal/exercises.ipynb": [
            *(r"\bar t - 1", r"\bar t (\bar t - 1)", r"N (1 - \bar t)", r"(1 - \bar t) \bar t"),
            *(r"-\frac{1}{2} \bar t", r"\frac{1}{2} (1 - \bar t)", r"\frac{y}{1 - y}"),
        ],
        "pinball/examples.ipynb": ["y_i - t_i"],
        "pinball/exercises.ipynb": [
            *("|t - y_1|", "|t - y_2|", "t - y_1", "t - y_2", r"(1 - \theta)"),
            *(r"-\theta", r"\theta N", "h x_i", "|x_i|", r"\lceil 0.8 (n + 1) \rceil"),
        ],
        "pinball/derivation.md": [
            *("1 - p", r"1 - \theta", r"-\theta", r"\theta N", r"t_i - y_i", r"\theta - 1"),
        ],
        "backpropagation/examples.ipynb": [r"\frac{1}{N}"],
        "backpropagation/exercises.ipynb": ["x - 10", "w_1 x", "1 - t"],
        "binary_crossentropy/derivation.md": [
            *(
                r"x \log x",
                r"\log y_i",
                r"\log(1 - y_i)",
                r"e^z",
                "-z",
                "-|z|",
            ),
            *("(y - t)^2", "c (1 - c)", r"\log(1 - y)", "1 - y", "1 - s/2", "s/2"),
            *(r"\max(z, 0) - z t", r"\log(1 + e^x)"),
        ],
        "binary_crossentropy/examples.ipynb": ["1 - y"],
        "binary_crossentropy/exercises.ipynb": [r"\text{sigmoid}(0.5)"],
        "categorical_crossentropy/derivation.md": [
            *(
                "e^{z_k}",
                "e^{-L}",
                "e^c",
                "e^z",
                r"\log y",
                "e^{z_j}",
                r"-\frac{1}{N}",
                r"\frac{1}{C}",
            ),
        ],
        "categorical_crossentropy/examples.ipynb": [r"x \log x"],
        "categorical_crossentropy/exercises.ipynb": ["(1 - s)", r"\frac{L(z + h) - L(z - h)}{2h}"],
        "cost.md": ["y - t"],
        "frameworks/index.md": [r"at $\log 0$ / question :: \log 0", "y (1 - y)", "10^{-12}"],
        "glossary.md": ["c^k", r"1 - \theta", "y_i - t_i", r"e^{-|x|/\beta}", "1/C", "R^2"],
        "information_and_entropy/examples.ipynb": ["2^{-n}", "H + 1"],
        "information_and_entropy/exercises.ipynb": [
            *(r"\frac{p}{q}", "10^{-16} p", "H + D", "H + 1", "n H + 1", r"H + \frac{1}{n}"),
            *("-p + q", r"p \log \frac{p}{q} - p + q"),
        ],
        "information_and_entropy/index.md": [
            *("p^n", r"\frac{k}{n}", r"x \log x", "2^{-n}", "H + 1", "-p_j")
        ],
        "likelihood/exercises.ipynb": [
            *(r"\frac{1}{2 \tau^2} \sum_k w_k^2", r"\frac{1}{2 N \tau^2} \sum_k w_k^2"),
            *("e^z - t z", r"\frac{1}{N}", r"(2 \beta)^{-N}", r"\max_i |y_i - t_i|"),
            *(r"\lambda w^2", r"\lambda |w|", r"\frac{\lambda}{2}", r"2 \sigma^2", r"\log \sigma"),
        ],
        "likelihood/index.md": [
            *(r"P \cdot p(w)", r"-\log p(w)", r"\frac{1}{2 \tau^2} \sum_k w_k^2", r"\frac{1}{N}"),
            *(r"\frac{2 \sigma^2}{N}", r"\frac{1}{\beta} \sum_k |w_k|", r"-\log y - \log(1 - y)"),
        ],
        "losses_and_metrics/examples.ipynb": ["10p", "1 - p", "R^2", "2 (w - 0.702)"],
        "calibration/exercises.ipynb": [r"\sqrt{p (1 - p) / n}"],
        "calibration/index.md": ["1 - p"],
        "losses_and_metrics/exercises.ipynb": ["R^2 = -3"],
        "losses_and_metrics/index.md": ["examples / a metric :: R^2", "1 - p", "R^2", "y_i - t_i"],
        "huber/derivation.md": ["e^{-l_i}", r"\delta |y_i - t_i|", "c - t_i"],
        "huber/examples.ipynb": ["y_i - t_i", "e^{-l}"],
        "huber/exercises.ipynb": [r"\frac{1}{N}"],
        "mean_absolute_error/derivation.md": ["y_i - t_i", "t_i - y_i"],
        "mean_absolute_error/examples.ipynb": ["y_i - t_i"],
        "mean_absolute_error/exercises.ipynb": [
            *("|y_i - t_i|", r"\text{MAE}^2", r"10 + 0.1 \cdot \text{age}", "N/2")
        ],
        "mean_squared_error/assignment.ipynb": [r"\frac{N}{2}"],
        "mean_squared_error/derivation.md": [
            *("y_i - t_i", r"\frac{1}{N}", "c^2", "e^x", "(w_1 w_2 - 1)^2")
        ],
        "mean_squared_error/examples.ipynb": [
            *("y_i - t_i", r"\partial L / \partial y_i", r"\frac{N}{2}")
        ],
        "mean_squared_error/exercises.ipynb": [
            *(r"(c - \bar t)^2", r"\bar t - t_i", r"1 - N \eta", r"\frac{2}{N}", "R^2"),
            *("w x + b", "e^{w x + b}"),
        ],
        "notation.md": [r"x \log x", "$R^2$ / in formulas :: R^2"],
        "pearson_correlation/derivation.md": [
            *(
                r"w y_i + b",
                r"w \bar y + b",
                r"|\tilde t|",
                r"|\tilde y|",
                r"\frac{1}{N}",
                "t^2",
                "y^2",
                "e^t",
            )
        ],
        "pearson_correlation/examples.ipynb": [
            *("e^t", r"\tilde t_i^2", r"\tilde y_i^2", "R^2", "t^2", "y^2")
        ],
        "pearson_correlation/exercises.ipynb": [
            *(r"\frac{L(y + h) - L(y - h)}{2h}", r"\sqrt{N} u_i", r"\sqrt{N} v_i", "N - 1")
        ],
        "sparse_categorical_crossentropy/assignment.ipynb": ["C - 1"],
        "sparse_categorical_crossentropy/derivation.md": [*("C - 1", r"\log y", "e^{z_k}")],
        "sparse_categorical_crossentropy/exercises.ipynb": ["1 - p", "e^L"],
        "training/assignment.ipynb": ["C - 1", r"\frac{1}{N}"],
        "training/index.md": [r"\frac{1}{C}", r"\log(1 - y)"],
        "training/larger_than_memory.md": [
            *(r"\frac{1}{n_k}", "d^2", "t^2", r"t_i - \bar t", r"t_i - \bar t + c_1")
        ],
        "frameworks/exercises.ipynb": ["|y-t|"],
        "reviews/at_work.ipynb": [r"\log C"],
        "reviews/classes.ipynb": ["e^L"],
        "reviews/where_they_come_from.ipynb": ["2^{-n}"],
        "where_it_breaks/exercises.ipynb": [
            *(
                "N^2",
                "(y_i - t_k)^2",
                r"(\bar y - \bar t)^2",
                "1 - e^z",
                r"\log(1 + x)",
                "e^x - 1",
                "e^z",
            )
        ],
        "where_it_breaks/index.md": [
            *("e^{-c}", "1 - p", r"\log(1 - p)", "-p", r"x \log x", "e^{-z}", "z (1 - t)", "-z t"),
            *(r"z \cdot ((z > 0) - t)", "N^2", r"N \sum t_i y_i", r"\sum t_i \sum y_i"),
        ],
    },
    "broken off: numbers from a run stand between its pieces": {
        "losses_and_metrics/index.md": ["w' =", "w ="],
    },
    LIST: {
        "pinball/exercises.ipynb": ["0.2, 0, -0.8"],
        **{
            f"{loss}/derivation.md": [r"p(t_1)\, p(t_2) \cdots p(t_N)"]
            for loss in ("binary_crossentropy", "mean_absolute_error", "mean_squared_error")
        },
        "categorical_crossentropy/derivation.md": [
            *(r"p(t_1)\, p(t_2) \cdots p(t_N)", "(1 - t, t)", "(1 - y, y)")
        ],
        "categorical_crossentropy/examples.ipynb": ["(1 - t, t)", "(1 - y, y)"],
        "categorical_crossentropy/exercises.ipynb": [
            *("y_1 = (0.40, 0.40, 0.20)", "y_2 = (0.59, 0.40, 0.01)", "y_3 = (0.05, 0.90, 0.05)"),
            *("y_4 = (0.01, 0.02, 0.97)", r"c = (c_1, \dots, c_C)"),
            r"(\frac{1}{C}, \dots, \frac{1}{C})",
        ],
        "likelihood/exercises.ipynb": [r"t = 0, 1, 2, \dots"],
        "mean_absolute_error/assignment.ipynb": [r"k = 1, 2, 3, \dots"],
        "pearson_correlation/derivation.md": ["t = -2, -1, 0, 1, 2"],
        "sparse_categorical_crossentropy/derivation.md": [
            r"y_{1 t_1}\, y_{2 t_2} \cdots y_{N t_N}"
        ],
    },
    RULE: {
        "pinball/examples.ipynb": [r"y = b + w_1 x_1 + w_2 x_2 + \dots"],
        "binary_crossentropy/assignment.ipynb": [r"\frac{\partial L}{\partial z_i} x_i"],
        "categorical_crossentropy/examples.ipynb": [
            r"\frac{\partial L}{\partial w_{mj}} = \sum_{i=1}^{N} x_{im}"
            r" \frac{\partial L}{\partial z_{ij}}"
        ],
        "mean_absolute_error/assignment.ipynb": [r"\frac{\partial L}{\partial y_i} x_i"],
        "pinball/assignment.ipynb": [r"\frac{\partial L}{\partial y_i} x_i"],
        "mean_squared_error/assignment.ipynb": [
            r"\frac{\partial L}{\partial y_i} x_i",
            r"w \leftarrow w - \eta \, \frac{\partial L}{\partial w} \qquad"
            r" b \leftarrow b - \eta \, \frac{\partial L}{\partial b}",
        ],
        "mean_squared_error/examples.ipynb": [
            r"\frac{\partial L}{\partial w} = \sum_{i=1}^{N} \frac{\partial L}{\partial y_i}"
            r" \cdot x_i \qquad \frac{\partial L}{\partial b} = \sum_{i=1}^{N}"
            r" \frac{\partial L}{\partial y_i} \cdot 1"
        ],
        "training/assignment.ipynb": [
            *("Z = X W", r"z_{ij} = \sum_k x_{ik} w_{kj}"),
            r"\frac{\partial L}{\partial w_{kj}} = \sum_{i=1}^{N} x_{ik}"
            r" \frac{\partial L}{\partial z_{ij}}",
        ],
    },
    CONDITION: {
        "pinball/exercises.ipynb": [r"\theta_1 < \theta_2", "y_1 > y_2"],
        "likelihood/exercises.ipynb": [
            *(r"|\bar t| \leq \frac{\lambda}{2}", r"2 (w - \bar t) - \lambda < 0"),
            r"\beta \geq \max_i |t_i - c|",
        ],
        "likelihood/index.md": [r"\lambda \geq 2 |\bar t|"],
        "mean_squared_error/derivation.md": ["w_1 = w_2 = 1", "w_1 = w_2 = -1", "w_1 = w_2 = 0"],
    },
    GIVEN_LOSS: {
        "huber/exercises.ipynb": [r"\frac{1}{2} (y - t - x)^2 + \delta |x|", "2 x + 1"],
        "likelihood/examples.ipynb": [
            r"\frac{4}{2} (w - 0.5)^2 + \frac{w^2}{2 \cdot 0.25}",
            r"\frac{4}{2} (w - 0.5)^2 + 3 |w|",
        ],
        "likelihood/exercises.ipynb": [
            r"\frac{1}{8} \left( (c - 1003)^2 + (c - 998)^2 + (c - 1002)^2 \right)"
            r" + 2 (c - 1000.5)^2",
            *(r"(w - \bar t)^2 + \lambda |w|", r"(w - \bar t)^2 + \lambda w^2"),
        ],
        "choosing/exercises.ipynb": [r"9 \max(t - y, 0) + \max(y - t, 0)"],
    },
}
