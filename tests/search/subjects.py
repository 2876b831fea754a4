"""What is searched: every function that promises digits, with inputs drawn for it and the truth.

A sample is a tuple of arguments. The truth comes from `tests/reference.py`, which knows only the
mathematics; a loss is searched as soon as it stands in `tests/definitions.py`. Numbers are drawn
from where formulas break: the edges of their domain and the neighbors of these, all magnitudes, and
equal ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import mpmath
import numpy as np

import lossbook as lb
from lossbook.checks import (
    CATEGORY,
    COUNT,
    DISTRIBUTION,
    HARD_LABEL,
    LABEL,
    LOG_RATE,
    LOGIT,
    LOGITS,
    MEAN_AND_LOG_VARIANCE,
    ONE_HOT,
    PROBABILITY,
    REAL,
    SCORE,
    SCORES,
    SIGN,
    Domain,
)
from tests import reference
from tests.definitions import DEFINITIONS
from tests.faces import FACES
from tests.reference import mpf

Rng = np.random.Generator
Sample = tuple[Any, ...]
Truth = tuple[list[Any], list[Any]]  # the values, and what an error is compared with
CLASSES = (2, 3, 4, 7, 10, 33, 100)


class Subject(NamedTuple):
    """One function under search."""

    draw: Callable[[Rng, int], list[Sample]]
    ask: Callable[[Sample], Any]
    true: Callable[..., Truth]
    bound: float = 1e-15


# --- inputs ---


def numbers(rng: Rng, size: int) -> Any:
    """Return finite numbers of all magnitudes, some equal, some neighbors of others."""
    x = rng.normal(size=size) * 10.0 ** rng.choice([0.0, 0.0, 3.0, 30.0, 100.0], size)
    return _spoiled(rng, x, [0.0, 0.1, 1.0, 1.0 / 3.0, 1e15, 2.0**53])


def probabilities(rng: Rng, size: int) -> Any:
    """Return probabilities, many of them close to 0 or to 1, and both themselves."""
    p = np.where(rng.random(size) < 0.4, rng.random(size), 10.0 ** rng.uniform(-25, 0, size))
    p = np.where(rng.random(size) < 0.3, 1.0 - p, p)
    return np.clip(_spoiled(rng, p, [0.0, 0.5, 1.0, 2.0**-53, 1.0 - 2.0**-53]), 0.0, 1.0)


def logits(rng: Rng, size: int | tuple[int, int]) -> Any:
    """Return logits of all magnitudes that matter to an exponential."""
    z = rng.normal(size=size) * 10.0 ** rng.uniform(-3.0, 2.6, size)
    return np.clip(_spoiled(rng, z, [0.0, 0.5, 16.64, 36.74, -36.74, 300.0]), -680.0, 680.0)


def scores(rng: Rng, size: int) -> Any:
    """Return numbers of all magnitudes, many of them close to 1 and to -1."""
    near = rng.choice([-1.0, 1.0], size) * (1.0 + 10.0 ** rng.uniform(-16, 0, size))
    return np.where(rng.random(size) < 0.5, near, numbers(rng, size))


def hard(rng: Rng, size: int) -> Any:
    """Return labels 0 and 1."""
    return rng.integers(0, 2, size).astype(float)


def labels(rng: Rng, size: int) -> Any:
    """Return hard and soft binary labels."""
    return np.where(rng.random(size) < 0.5, rng.integers(0, 2, size), probabilities(rng, size))


def _spoiled(rng: Rng, x: Any, special: list[float]) -> Any:
    """Return x with special values and their neighbors here and there, and rounded numbers."""
    chosen = rng.choice(special, x.shape)
    near = np.nextafter(chosen, rng.choice([-np.inf, np.inf], x.shape))
    kind = rng.random(x.shape)
    x = np.where(kind < 0.1, chosen, np.where(kind < 0.15, near, x))
    return np.where(kind > 0.85, np.round(x, 1), x)


def rows(rng: Rng, classes: int) -> Any:
    """Return one row of logits; in some, all but one are equal, or all are."""
    z = logits(rng, classes) * rng.random()
    if rng.random() < 0.3:
        z[1:] = z[1]
    if rng.random() < 0.1:
        z[:] = z[0]
    return z


def distribution(rng: Rng, classes: int) -> Any:
    """Return one distribution: soft, sharp, one-hot or nearly so."""
    p = rng.dirichlet(np.full(classes, rng.choice([0.05, 0.5, 1.0, 30.0])))
    kind = rng.random()
    if kind < 0.2:
        p = np.eye(classes)[rng.integers(classes)]
    elif kind < 0.4:
        p = (1.0 - 1e-9) * np.eye(classes)[rng.integers(classes)] + 1e-9 / classes
    return p / p.sum()


def close(rng: Rng, p: Any) -> Any:
    """Return a distribution that is more or less close to another."""
    q = p * np.exp(10.0 ** rng.uniform(-12, 1) * rng.normal(size=p.shape))
    return q / q.sum()


def pairs(first: Callable[..., Any], second: Callable[..., Any]) -> Any:
    """Return how to draw two numbers."""
    return lambda rng, n: list(zip(first(rng, n).tolist(), second(rng, n).tolist(), strict=True))


def each(draw: Callable[[Rng], Sample]) -> Callable[[Rng, int], list[Sample]]:
    """Return how to draw samples one by one."""
    return lambda rng, n: [draw(rng) for _ in range(n)]


def _classes(rng: Rng) -> int:
    return int(rng.choice(CLASSES))


def _near(rng: Rng, n: int) -> Any:
    """Return two numbers, the second often close to the first."""
    t, y = numbers(rng, n), numbers(rng, n)
    kind = rng.random(n)
    y = np.where(kind < 0.3, t * (1.0 + 10.0 ** rng.uniform(-16, 0, n)), y)
    return list(zip(t.tolist(), y.tolist(), strict=True))


def _labelled(rng: Rng) -> Sample:
    z = rows(rng, _classes(rng))
    return int(z.argmax() if rng.random() < 0.5 else rng.integers(z.size)), z.tolist()


def _named(rng: Rng) -> Sample:
    p = distribution(rng, _classes(rng))
    return int(p.argmax() if rng.random() < 0.5 else rng.integers(p.size)), p.tolist()


def _ranked(rng: Rng) -> Sample:
    """Return a one-hot row and scores, of which the true class often leads by about 1."""
    z = numbers(rng, _classes(rng))
    own = int(rng.integers(z.size))
    if rng.random() < 0.6:
        z[own] = np.delete(z, own).max() + float(scores(rng, 1)[0])
    return np.eye(z.size)[own].tolist(), z.tolist()


def _one_hot(label: int, row: list[float]) -> Sample:
    return np.eye(len(row))[label].tolist(), row


def _counted(rng: Rng) -> Sample:
    """Return a count and the logarithm of a rate, often close to the count's own."""
    t = float(np.floor(10.0 ** rng.uniform(0.0, 15.0))) if rng.random() < 0.7 else 0.0
    near = np.log(t or 1.0) + 10.0 ** rng.uniform(-16, 0) * rng.normal()
    return t, float(near if rng.random() < 0.5 else logits(rng, 1)[0])


def _spread(rng: Rng) -> Sample:
    """Return a label with a mean and a log-variance, often that of the error itself."""
    ((t, mean),) = _near(rng, 1)
    s = float(logits(rng, 1)[0])
    if rng.random() < 0.5 and t != mean:
        s = 2.0 * float(np.log(abs(mean - t))) + 10.0 ** rng.uniform(-16, 0) * rng.normal()
    # Below -1419 every error costs infinitely much, as the docstring says.
    return t, [mean, s if t == mean else max(s, -1419.0)]


def _soft(rng: Rng) -> Sample:
    classes = _classes(rng)
    return distribution(rng, classes).tolist(), rows(rng, classes).tolist()


def _two(rng: Rng) -> Sample:
    p = distribution(rng, _classes(rng))
    q = close(rng, p) if rng.random() < 0.5 else distribution(rng, p.size)
    return p.tolist(), q.tolist()


def _points(rng: Rng) -> Sample:
    size = int(rng.integers(2, 12))
    if rng.random() < 0.3:
        t = rng.integers(-(10**6), 10**6, size)
        y = rng.integers(-9, 10) * t + rng.integers(-9, 10) + rng.integers(0, 2) * (t % 2)
    else:
        t = rng.normal(size=size) + rng.choice([0.0, 1.0, 1e6, 1e12])
        y = rng.choice([-1.0, 1.0, 0.3]) * t + 10.0 ** rng.uniform(-15, 2) * rng.normal(size=size)
    t[0], y[0] = t[1] + 1, y[1] + 1  # neither is constant
    return t.tolist(), y.tolist()


def _many(rng: Rng) -> Sample:
    """Return errors: how many and which, to be drawn again from a seed, and their kind."""
    kind = str(rng.choice(["equal", "two values", "magnitudes", "one large", "normal"]))
    size = int(10.0 ** rng.uniform(0.0, 4.5))
    return kind, size, int(rng.integers(2**31))


def errors(kind: str, size: int, seed: int) -> Any:
    """Return the errors that `_many` describes."""
    rng = np.random.default_rng(seed)
    first, second = rng.random(2)
    if kind == "equal":
        return np.full(size, first)
    if kind == "two values":
        return rng.choice([first, second], size)
    if kind == "magnitudes":
        return rng.lognormal(0.0, 5.0, size)
    if kind == "one large":
        x = np.full(size, 2.0 ** -rng.uniform(50, 60))
        x[rng.integers(size)] = 1.0
        return x
    return rng.normal(size=size)


# --- truths ---


def alone(values: Any) -> Truth:
    """Return a truth in which nothing cancels."""
    found = list(values) if isinstance(values, Sequence) else [values]
    return found, found


def _divergence(p: Any, q: Any) -> Any:
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        return reference.INF
    terms = [(mpf(a), mpf(b)) for a, b in zip(p, q, strict=True)]
    return mpmath.fsum((a * mpmath.log(a / b) if a else 0) - a + b for a, b in terms)


def _directions(t: Any, y: Any) -> tuple[list[Any], list[Any], Any]:
    """Return both centered vectors, scaled to length 1, and the length of the second."""
    found, length = [], mpf(0)
    for values in (t, y):
        x = [mpf(v) for v in values]
        x = [v - mpmath.fsum(x) / len(x) for v in x]
        length = mpmath.sqrt(mpmath.fsum(v * v for v in x))
        found.append([v / length for v in x])
    return found[0], found[1], length


def _correlation(t: Any, y: Any) -> Truth:
    u, v, _ = _directions(t, y)
    products = [p * q for p, q in zip(u, v, strict=True)]
    return [mpmath.fsum(products)], [mpmath.fsum(map(abs, products))]


def _correlation_loss(t: Any, y: Any) -> Truth:
    loss = 1 - _correlation(t, y)[0][0]
    return [loss], [max(loss, mpf(1e-34))]


def _correlation_slopes(t: Any, y: Any) -> Truth:
    u, v, length = _directions(t, y)
    r = _correlation(t, y)[0][0]
    terms = [(r * q / length, p / length) for p, q in zip(u, v, strict=True)]
    size = max(abs(x) for pair in terms for x in pair)
    return [a - b for a, b in terms], [size] * len(terms)


def _exact_mean(power: int) -> Callable[..., Truth]:
    def true(*sample: Any) -> Truth:
        parts = [abs(v).as_integer_ratio() for v in errors(*sample).tolist()]
        divisor = max(q for _, q in parts)  # all are powers of two
        total = sum((p * (divisor // q)) ** power for p, q in parts)
        return alone(mpf(total) / (len(parts) * divisor**power))

    return true


def _unit(value: Callable[..., Any]) -> Callable[..., Truth]:
    return lambda *sample: alone(value(*sample))


#: How samples are drawn of two domains, that of the labels and that of the predictions.
DRAWN: dict[tuple[Domain, Domain], Callable[[Rng, int], list[Sample]]] = {
    (REAL, REAL): _near,
    (LABEL, PROBABILITY): pairs(labels, probabilities),
    (LABEL, LOGIT): pairs(labels, logits),
    (DISTRIBUTION, DISTRIBUTION): each(_two),
    (DISTRIBUTION, LOGITS): each(_soft),
    (CATEGORY, DISTRIBUTION): each(_named),
    (CATEGORY, LOGITS): each(_labelled),
    (HARD_LABEL, PROBABILITY): pairs(hard, probabilities),
    (HARD_LABEL, LOGIT): pairs(hard, logits),
    (ONE_HOT, DISTRIBUTION): each(lambda rng: _one_hot(*_named(rng))),
    (ONE_HOT, LOGITS): each(lambda rng: _one_hot(*_labelled(rng))),
    (SIGN, SCORE): pairs(lambda rng, n: rng.choice([-1.0, 1.0], n), scores),
    (ONE_HOT, SCORES): each(_ranked),
    (COUNT, LOG_RATE): each(_counted),
    (REAL, MEAN_AND_LOG_VARIANCE): each(_spread),
}


def of_loss(loss: Any) -> dict[str, Subject]:
    """Return the subjects of a loss and of its gradient, with parameters if it has any."""
    found = DEFINITIONS[loss.name]

    def draw(rng: Rng, size: int) -> list[Sample]:
        drawn = DRAWN[loss.y_true, loss.y_pred](rng, size)
        if found.parameters is None:
            return drawn
        return [(t, y, found.parameters(rng, t, y)) for t, y in drawn]

    def asks(function: Any) -> Callable[[Sample], Any]:
        return lambda s: function([s[0]], [s[1]], reduction="none", **dict(*s[2:]))

    def truth(value: Any, terms: Any) -> Callable[..., Truth]:
        def true(t: Any, y: Any, own: Any = ()) -> Truth:
            values, own = value(t, y, **dict(own)), dict(own)
            return alone(values)[0], alone(terms(t, y, **own) if terms else values)[0]

        return true

    return {
        loss.name: Subject(draw, asks(loss), truth(found.value, found.value_terms), found.bound),
        f"{loss.name} gradient": Subject(
            draw, asks(loss.gradient), truth(found.slope, found.slope_terms), found.bound
        ),
    }


SUBJECTS: dict[str, Subject] = {
    **{name: subject for loss in FACES for name, subject in of_loss(loss).items()},
    "mean of squares": Subject(
        each(_many),
        lambda s: lb.mean_squared_error(np.zeros(s[1]), errors(*s)),
        _exact_mean(2),
    ),
    "mean of sizes": Subject(
        each(_many),
        lambda s: lb.mean_absolute_error(np.zeros(s[1]), errors(*s)),
        _exact_mean(1),
    ),
    "sigmoid": Subject(
        lambda rng, n: [(z,) for z in logits(rng, n).tolist()],
        lambda s: lb.sigmoid(*s),
        _unit(reference.sigmoid),
    ),
    "softmax": Subject(
        each(lambda rng: (rows(rng, _classes(rng)).tolist(),)),
        lambda s: lb.softmax(*s),
        lambda z: alone(reference.softmax_parts(z)[0]),
    ),
    "log_softmax": Subject(
        each(lambda rng: (rows(rng, _classes(rng)).tolist(),)),
        lambda s: lb.log_softmax(*s),
        lambda z: alone(reference.log_softmax(z)),
    ),
    "information": Subject(
        lambda rng, n: [(p,) for p in probabilities(rng, n).tolist()],
        lambda s: lb.information(*s),
        lambda p: alone(-reference.log(mpf(p))),
    ),
    "entropy": Subject(
        each(lambda rng: (distribution(rng, _classes(rng)).tolist(),)),
        lambda s: lb.entropy(*s),
        lambda p: alone(reference.categorical(p, p)),
    ),
    "cross_entropy": Subject(
        each(_two), lambda s: lb.cross_entropy(*s), _unit(reference.categorical)
    ),
    "kl_divergence": Subject(each(_two), lambda s: lb.kl_divergence(*s), _unit(_divergence)),
    "pearson_correlation": Subject(
        each(_points), lambda s: lb.pearson_correlation(*s), _correlation
    ),
    "pearson_correlation_loss": Subject(
        each(_points), lambda s: lb.pearson_correlation_loss(*s), _correlation_loss
    ),
    "pearson_correlation_loss gradient": Subject(
        each(_points), lambda s: lb.pearson_correlation_loss.gradient(*s), _correlation_slopes
    ),
}
