"""The mathematics, independent of the package: each loss from its definition, to 60 digits.

Every function takes one sample as Python floats, which mpmath represents exactly, and returns an
mpmath number. Where a textbook formula would cancel even with 60 digits, as in log(1 + e^-800), the
reference uses mpmath's own log1p, which does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any

import mpmath
import numpy as np

mpmath.mp.dps = 60
mpf = mpmath.mpf
INF = mpf("inf")


def times_log(weight: float, log: Any) -> Any:
    """Return weight times a logarithm, with 0 log 0 = 0."""
    return mpf(0) if weight == 0 else mpf(weight) * log


def log(p: Any) -> Any:
    """Return log p, with log 0 = -inf."""
    return -INF if p == 0 else mpmath.log(p)


def softplus(z: float) -> Any:
    """Return log(1 + e^z)."""
    if z == float("inf"):
        return INF
    x = mpf(z)
    return mpmath.log1p(mpmath.exp(x)) if x < 0 else x + mpmath.log1p(mpmath.exp(-x))


def sigmoid(z: float) -> Any:
    """Return 1 / (1 + e^-z)."""
    if abs(z) == float("inf"):
        return mpf(1 if z > 0 else 0)
    x = mpf(z)
    return 1 / (1 + mpmath.exp(-x)) if x > 0 else mpmath.exp(x) / (1 + mpmath.exp(x))


def log_softmax(z: Sequence[float]) -> list[Any]:
    """Return z_j - log(sum_k e^z_k) for each class."""
    if float("inf") in z:
        return [mpf(0) if x == float("inf") else -INF for x in z]
    top = max(range(len(z)), key=lambda j: z[j])
    m = mpf(z[top])
    rest = mpmath.fsum(
        mpmath.exp(mpf(x) - m) for j, x in enumerate(z) if j != top and x != -float("inf")
    )
    tail = mpmath.log1p(rest)
    return [-INF if x == -float("inf") else mpf(x) - m - tail for x in z]


def softmax_parts(z: Sequence[float]) -> tuple[list[Any], list[Any]]:
    """Return p and 1 - p for each class, neither by subtraction from 1."""
    logs = log_softmax(z)
    p = [mpf(0) if x == -INF else mpmath.exp(x) for x in logs]
    # 60 digits of p are enough to subtract where p is not close to 1; else sum the others.
    total = mpmath.fsum(p)
    rest = [total - q if q < 0.5 else mpmath.fsum(p[:j] + p[j + 1 :]) for j, q in enumerate(p)]
    return p, rest


# --- losses of one sample ---


def squared_error(t: float, y: float) -> Any:
    """Return (y - t)^2."""
    return (mpf(y) - mpf(t)) ** 2


def absolute_error(t: float, y: float) -> Any:
    """Return |y - t|."""
    return abs(mpf(y) - mpf(t))


def huber(t: float, y: float, delta: float = 1.0) -> Any:
    """Return d^2 / 2 for an error d up to delta, and delta |d| - delta^2 / 2 beyond."""
    d, k = abs(mpf(y) - mpf(t)), mpf(delta)
    return d * d / 2 if d <= k else k * d - k * k / 2


def log_cosh(t: float, y: float) -> Any:
    """Return log((e^d + e^-d) / 2)."""
    d = abs(mpf(y) - mpf(t))
    if d < 1:  # cosh d - 1 is 2 sinh(d/2)^2
        return mpmath.log1p(2 * mpmath.sinh(d / 2) ** 2)
    return d - mpmath.log(2) + (mpmath.log1p(mpmath.exp(-2 * d)) if d < 1e4 else 0)


def pinball(t: float, y: float, quantile: float = 0.5) -> Any:
    """Return q (t - y) where the prediction is too low, and (1 - q) (y - t) where too high."""
    e, q = mpf(t) - mpf(y), mpf(quantile)
    return q * e if e > 0 else (1 - q) * -e


def binary(t: float, y: float) -> Any:
    """Return -(t log y + (1 - t) log(1 - y))."""
    other = -INF if y == 1 else mpmath.log1p(-mpf(y))
    return -(times_log(t, log(mpf(y))) + times_log(1 - mpf(t), other))


def binary_from_logits(t: float, z: float) -> Any:
    """Return -(t log s + (1 - t) log(1 - s)) for s = sigmoid(z)."""
    return times_log(t, softplus(-z)) + times_log(1 - mpf(t), softplus(z))


def categorical(t: Sequence[float], y: Sequence[float]) -> Any:
    """Return -sum t_j log y_j."""
    return -mpmath.fsum(times_log(a, log(mpf(b))) for a, b in zip(t, y, strict=True))


def categorical_from_logits(t: Sequence[float], z: Sequence[float]) -> Any:
    """Return -sum t_j log softmax(z)_j."""
    logs = log_softmax(z)
    return -mpmath.fsum(times_log(a, b) for a, b in zip(t, logs, strict=True))


def hinge(t: float, z: float) -> Any:
    """Return what the score lacks to the margin 1 on its label's side."""
    return max(mpf(0), 1 - mpf(t) * mpf(z)) if abs(z) != INF else (mpf(0) if t * z > 0 else INF)


def squared_hinge(t: float, z: float) -> Any:
    """Return the square of that."""
    return hinge(t, z) ** 2


def categorical_hinge(t: Sequence[float], z: Sequence[float]) -> Any:
    """Return what the true class lacks to lead the largest of the others by 1."""
    own, other = _leaders(t, z)
    return max(mpf(0), 1 + (mpf(z[other]) - mpf(z[own])))


def _leaders(t: Sequence[float], z: Sequence[float]) -> tuple[int, int]:
    """Return the true class, and the first of the other classes with the largest score."""
    own = list(t).index(1)
    return own, max((k for k in range(len(z)) if k != own), key=lambda k: (z[k], -k))


def poisson(t: float, s: float) -> Any:
    """Return e^s - t s."""
    first, second = poisson_terms(t, s)
    return first - second


def poisson_terms(t: float, s: float) -> tuple[Any, Any]:
    """Return e^s, which is infinite beyond float64, and t s."""
    return mpmath.exp(mpf(s)) if s < 1e4 else INF, mpf(t) * mpf(s)


def gaussian(t: float, y: Sequence[float]) -> Any:
    """Return (s + d^2 / e^s) / 2 for an error d and a log-variance s."""
    return mpmath.fsum(gaussian_terms(t, y))


def gaussian_terms(t: float, y: Sequence[float]) -> tuple[Any, Any]:
    """Return s / 2 and d^2 / (2 e^s)."""
    mean, s = map(mpf, y)
    d = mean - mpf(t)
    return s / 2, d * d / (2 * mpmath.exp(s)) if d else mpf(0)


def focal(p: Any, other: Any, gamma: float, alpha: float = 1.0) -> Any:
    """Return -alpha (1 - p)^gamma log p, of p and of 1 - p, neither from the other."""
    surprise = -mpmath.log1p(-mpf(other)) if other < 0.5 else -log(p)
    if surprise == 0 or alpha == 0 or (other == 0 and gamma > 0):
        return mpf(0)
    return mpf(alpha) * mpf(other) ** mpf(gamma) * surprise


def focal_slope(p: Any, other: Any, gamma: float, alpha: float = 1.0) -> Any:
    """Return the derivative of that in p."""
    if p == 0 or alpha == 0:
        return -INF if alpha else mpf(0)
    if other == 0:
        return -mpf(alpha) if gamma == 0 else mpf(0)
    surprise = -mpmath.log1p(-mpf(other)) if other < 0.5 else -log(p)
    return -mpf(alpha) * mpf(other) ** mpf(gamma) * (mpf(gamma) * surprise / other + 1 / p)


def binary_pair(t: float, y: float) -> tuple[Any, Any]:
    """Return the probabilities of the label and of the other one."""
    pair = mpf(y), 1 - mpf(y)
    return pair if t == 1 else pair[::-1]


def binary_focal(t: float, y: float, gamma: float = 2.0, **balance: Any) -> Any:
    """Return the focal loss of a label 0 or 1."""
    return focal(*binary_pair(t, y), gamma, _balanced(t, **balance))


def binary_focal_from_logits(t: float, z: float, gamma: float = 2.0, **balance: Any) -> Any:
    """Return the focal loss of a label 0 or 1, by a logit."""
    m = z if t == 1 else -z
    q = sigmoid(-m)
    if m == -float("inf"):
        return INF if _balanced(t, **balance) else mpf(0)
    surprise = softplus(-m)
    return _balanced(t, **balance) * q ** mpf(gamma) * surprise if surprise else mpf(0)


def _balanced(t: float, apply_class_balancing: bool = False, alpha: float = 0.25) -> Any:
    return (mpf(alpha) if t == 1 else 1 - mpf(alpha)) if apply_class_balancing else mpf(1)


def categorical_focal(t: Sequence[float], y: Any, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    """Return the focal loss of the one class of a row."""
    p = mpf(y[list(t).index(1)])
    return focal(p, 1 - p, gamma, alpha)


def categorical_focal_from_logits(
    t: Sequence[float], z: Any, alpha: float = 0.25, gamma: float = 2.0
) -> Any:
    """Return the focal loss of the one class of a row, by its logits."""
    own = list(t).index(1)
    surprise, q = -log_softmax(z)[own], softmax_parts(z)[1][own]
    return mpf(alpha) * q ** mpf(gamma) * surprise if surprise else mpf(0)


# --- derivatives of one sample's loss ---


def squared_error_slope(t: float, y: float) -> Any:
    """Return 2 (y - t)."""
    return 2 * (mpf(y) - mpf(t))


def absolute_error_slope(t: float, y: float) -> Any:
    """Return the sign of y - t, 0 at the label."""
    return mpmath.sign(mpf(y) - mpf(t))


def huber_slope(t: float, y: float, delta: float = 1.0) -> Any:
    """Return the error, cut at -delta and delta."""
    d, k = mpf(y) - mpf(t), mpf(delta)
    return max(-k, min(k, d))


def log_cosh_slope(t: float, y: float) -> Any:
    """Return (e^d - e^-d) / (e^d + e^-d)."""
    d = mpf(y) - mpf(t)
    return mpmath.tanh(d) if abs(d) < 1e4 else mpmath.sign(d)


def pinball_slope(t: float, y: float, quantile: float = 0.5) -> Any:
    """Return -q where the prediction is too low, 1 - q where too high, and 0 at the label."""
    e, q = mpf(t) - mpf(y), mpf(quantile)
    return -q if e > 0 else (1 - q if e < 0 else mpf(0))


def binary_slope(t: float, y: float) -> Any:
    """Return -t/y + (1 - t)/(1 - y), one-sided at 0 and 1."""
    own = mpf(0) if t == 0 else (INF if y == 0 else mpf(t) / mpf(y))
    other = mpf(0) if t == 1 else (INF if y == 1 else (1 - mpf(t)) / (1 - mpf(y)))
    return other - own


def binary_from_logits_slope(t: float, z: float) -> Any:
    """Return sigmoid(z) - t, written so that 60 digits are always enough."""
    return (1 - mpf(t)) * sigmoid(z) - mpf(t) * sigmoid(-z)


def categorical_slope(t: Sequence[float], y: Sequence[float]) -> list[Any]:
    """Return -t_j / y_j."""
    return [
        mpf(0) if a == 0 else (-INF if b == 0 else -mpf(a) / mpf(b))
        for a, b in zip(t, y, strict=True)
    ]


def categorical_from_logits_slope(t: Sequence[float], z: Sequence[float]) -> list[Any]:
    """Return p_j sum(t) - t_j, written so that 60 digits are always enough."""
    p, rest = softmax_parts(z)
    # What the other labels add up to: those before it and those after, without a subtraction.
    labels = [mpf(a) for a in t]
    before = [mpf(0), *accumulate(labels)]
    after = [*reversed([*accumulate(reversed(labels))]), mpf(0)]
    return [q * (before[j] + after[j + 1]) - labels[j] * rest[j] for j, q in enumerate(p)]


def hinge_slope(t: float, z: float) -> Any:
    """Return minus the label where the margin is missed, else 0."""
    return -mpf(t) if hinge(t, z) > 0 else mpf(0)


def squared_hinge_slope(t: float, z: float) -> Any:
    """Return -2 t times what is lacking."""
    return -2 * mpf(t) * hinge(t, z) if hinge(t, z) else mpf(0)


def categorical_hinge_slope(t: Sequence[float], z: Sequence[float]) -> list[Any]:
    """Return -1 for the true class and 1 for its rival, where the margin is missed.

    Whether it is missed takes more than 60 digits to say, where a score is tiny.
    """
    own, other = _leaders(t, z)
    pair = (own, other) if 1 + Fraction(z[other]) > Fraction(z[own]) else (None, None)
    return [mpf(-1 if k == pair[0] else (1 if k == pair[1] else 0)) for k in range(len(z))]


def poisson_slope(t: float, s: float) -> Any:
    """Return e^s - t."""
    return poisson_terms(t, s)[0] - mpf(t)


def gaussian_slope(t: float, y: Sequence[float]) -> list[Any]:
    """Return d / e^s and (1 - d^2 / e^s) / 2."""
    mean, s = map(mpf, y)
    d = mean - mpf(t)
    return [d / mpmath.exp(s) if d else mpf(0), mpf(1) / 2 - gaussian_terms(t, y)[1]]


def binary_focal_slope(t: float, y: float, gamma: float = 2.0, **balance: Any) -> Any:
    """Return the derivative of the focal loss in the probability of 1."""
    sign = 1 if t == 1 else -1
    return sign * focal_slope(*binary_pair(t, y), gamma, _balanced(t, **balance))


def binary_focal_from_logits_slope(t: float, z: float, gamma: float = 2.0, **balance: Any) -> Any:
    """Return -(q^gamma)(gamma p s + q) in the logit of the label, for its surprise s."""
    sign = 1 if t == 1 else -1
    p, q, s = sigmoid(sign * z), sigmoid(-sign * z), softplus(-sign * z)
    inner = mpf(gamma) * p * s if p else mpf(0)
    return -sign * _balanced(t, **balance) * q ** mpf(gamma) * (inner + q)


def categorical_focal_slope(
    t: Sequence[float], y: Any, alpha: float = 0.25, gamma: float = 2.0
) -> list[Any]:
    """Return the derivative in the true class's probability, and 0 for the others."""
    slopes = [mpf(0)] * len(y)
    own = list(t).index(1)
    slopes[own] = focal_slope(mpf(y[own]), 1 - mpf(y[own]), gamma, alpha)
    return slopes


def categorical_focal_from_logits_slope(
    t: Sequence[float], z: Any, alpha: float = 0.25, gamma: float = 2.0
) -> list[Any]:
    """Return the derivative in the surprise, times softmax minus one-hot."""
    own = list(t).index(1)
    p, rest = softmax_parts(z)
    s, q = -log_softmax(z)[own], rest[own]
    if not s:
        return [mpf(0)] * len(z)
    by_surprise = (
        mpf(alpha) * q ** mpf(gamma) * (1 + (mpf(gamma) * p[own] * s / q if p[own] else 0))
    )
    return [by_surprise * (-q if k == own else p[k]) for k in range(len(z))]


# --- comparing ---


def ulps(value: Any, true: Any) -> float:
    """Return how many units in the last place a NumPy float is away from the truth."""
    kind = np.asarray(value).dtype.type
    with np.errstate(over="ignore", under="ignore"):
        nearest = (
            kind(float(true))
            if abs(true) != INF
            else kind(float("inf")) * kind(1 if true > 0 else -1)
        )
    if not np.isfinite(nearest):
        return 0.0 if value == nearest else float("inf")
    if not np.isfinite(value):
        # Rounding to infinity is right within the last ulp below the largest number.
        beyond = abs(true) >= mpf(float(np.finfo(kind).max))
        return 0.0 if beyond and value == np.copysign(np.inf, nearest) else float("inf")
    spacing = mpf(float(np.spacing(abs(nearest))))
    return float(abs(mpf(float(value)) - true) / spacing)


def worst(values: Any, truths: Sequence[Any]) -> float:
    """Return the largest distance of many values from the truth, in ulp."""
    flat = np.asarray(values).reshape(-1)
    assert flat.size == len(truths)
    return max(ulps(value, true) for value, true in zip(flat, truths, strict=True))


def off(values: Any, truths: Sequence[Any], terms: Sequence[Any] | None = None) -> float:
    """Return the largest relative error of many float64 values.

    Where the truth is a difference, the error is compared with the larger of its two terms. Below
    1e-300 float64 has fewer and fewer digits, so there the error is compared with 1e-300.
    """
    flat = np.asarray(values).reshape(-1).tolist()
    assert len(flat) == len(truths)
    worst = mpf(0)
    for value, true, term in zip(flat, truths, terms or truths, strict=True):
        if math.isnan(value):
            return math.inf
        if abs(true) == INF or abs(value) == float("inf"):
            # A number beyond the largest float64 is infinite.
            assert value == true or (
                abs(true) > 1.797e308 and value == float("inf") * np.sign(value)
            )
            continue
        worst = max(worst, abs(mpf(value) - true) / max(abs(true), abs(term), mpf(1e-300)))
    return float(worst)


def assert_fifteen_digits(
    values: Any, truths: Sequence[Any], terms: Sequence[Any] | None = None
) -> None:
    """Assert what the package promises in float64: a relative error of 1e-15 at most."""
    assert off(values, truths, terms) <= 1e-15 + 4 * 2.0**-52 * slack()


@cache
def slack() -> float:
    """Return how far NumPy's own exp, log and log1p are off, beyond 0.7 units in the last place.

    It is 0 with a NumPy of today. That of 1.26 reaches 1.9 units on some processors, and what is
    made of such values cannot be nearer to the truth.
    """
    x = np.random.default_rng(0).uniform(0.0, 1.0, 5000) ** 3
    functions = (
        (np.exp, mpmath.exp, -40.0 * x),
        (np.log, mpmath.log, x),
        (np.log1p, mpmath.log1p, x),
        (np.log1p, mpmath.log1p, -x),
    )
    off = [worst(f(v), [true(mpf(a)) for a in v.tolist()]) for f, true, v in functions]
    return max(0.0, max(off) - 0.7)
