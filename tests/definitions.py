"""What each loss is, told without the package: the one place where a new loss is described.

From a row of the table follow the search for lost digits (`tests/search`) and the proofs of what a
loss declares of itself (`tests/test_properties.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import numpy as np

import lossbook as lb
from tests import reference
from tests.reference import mpf

Parameters = dict[str, Any]


class Definition(NamedTuple):
    """A loss of one sample, as mathematics."""

    value: Callable[..., Any]  # of a label and a prediction, in 60 digits
    slope: Callable[..., Any]  # its derivative in the prediction: a number, or one for each class
    #: A label, and two predictions between which the loss rises as fast as it can.
    steepest: Callable[[Any], tuple[Any, Any, Any]]
    #: The logarithm of the noise model's density at a label, up to constants; None: there is none.
    log_density: Callable[..., Any] | None = None
    #: A label and a prediction at which two pieces of the formula meet, where it has pieces.
    joint: Callable[[Any], tuple[Any, Any]] | None = None
    #: Parameters for a label and a prediction, from where formulas break.
    parameters: Callable[[np.random.Generator, Any, Any], Parameters] | None = None
    #: What errors are compared with, where that is not the value or the derivative itself.
    value_terms: Callable[..., Any] | None = None
    slope_terms: Callable[..., Any] | None = None
    bound: float = 1e-15


def always(*values: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Return values that do not depend on a loss's parameters."""
    return lambda loss: values


def one_hot(value: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of a row of labels as one of the number of a class."""
    return lambda t, y: value([float(k == t) for k in range(len(y))], y)


def huber_density(t: float, y: float, delta: float = 1.0) -> Any:
    """Return the log density: a bell up to delta, beyond it a Laplace tail that joins on."""
    d, k = abs(mpf(t) - mpf(y)), mpf(delta)
    at_joint = mpmath.log(mpmath.npdf(min(d, k)))
    return at_joint if d <= k else at_joint - k * (d - k)


def threshold(rng: np.random.Generator, t: float, y: float) -> Parameters:
    """Return a threshold: of any size, at the error or beside it, tiny, or infinite."""
    error = abs(y - t) or 1.0
    near = error * (1.0 + float(rng.choice([-1.0, 0.0, 1.0])) * 10.0 ** rng.uniform(-16.0, 0.0))
    choices = (near, 10.0 ** rng.uniform(-100.0, 100.0), 1.0, 1e-300, 1.7e308, math.inf)
    return {"delta": float(rng.choice(np.array(choices)) or 1.0)}


def share(rng: np.random.Generator, t: float, y: float) -> Parameters:
    """Return a quantile, often close to 0 or to 1."""
    small = 10.0 ** rng.uniform(-20.0, -0.4)
    near = min(1.0 - small, 1.0 - 2.0**-53)
    return {"quantile": float(rng.choice([0.5, small, near, rng.uniform(0.01, 0.99)]))}


def focusing(rng: np.random.Generator, t: Any, y: Any) -> Parameters:
    """Return a gamma, 0 among them, and an alpha."""
    gamma = float(rng.choice([0.0, 0.5, 1.0, 2.0, 5.0, rng.uniform(0.0, 5.0)]))
    return {"gamma": gamma, "alpha": float(rng.choice([0.25, 1.0, rng.uniform(0.01, 1.0)]))}


def balancing(rng: np.random.Generator, t: Any, y: Any) -> Parameters:
    """Return these, and whether the classes are balanced."""
    return {**focusing(rng, t, y), "apply_class_balancing": bool(rng.random() < 0.5)}


def bernoulli(t: float, y: float) -> Any:
    """Return the log probability of a label 0 or 1."""
    return reference.log(mpf(y) if t == 1 else 1 - mpf(y))


def binary_logit_slope_terms(t: float, z: float) -> Any:
    """Return the larger of the two terms (1 - t) s and t (1 - s)."""
    return max((1 - mpf(t)) * reference.sigmoid(z), mpf(t) * reference.sigmoid(-z))


def soft_slope_terms(t: Any, z: Any) -> list[Any]:
    """Return the larger of the two terms p_j (1 - t_j) and t_j (1 - p_j) for each class."""
    p, rest = reference.softmax_parts(z)
    others = [mpmath.fsum(mpf(a) for k, a in enumerate(t) if k != j) for j in range(len(z))]
    return [max(q * o, mpf(a) * r) for q, o, a, r in zip(p, others, t, rest, strict=True)]


def of_class(t: int, y: Any) -> Any:
    """Return the log probability of a class."""
    return reference.log(mpf(y[t]))


def of_class_from_logits(t: int, z: Any) -> Any:
    """Return the log probability of a class, by its logits."""
    return reference.log_softmax(z)[t]


def around_the_steepest(loss: Any, sample: Callable[[float], Any]) -> tuple[Any, Any, Any]:
    """Return a label and two predictions closely around where the slope is largest."""
    grid = np.linspace(-8.0, 4.0, 120_001)
    m = float(
        grid[
            np.argmin(
                lb.binary_focal_crossentropy.from_logits.gradient(
                    np.ones_like(grid), grid, gamma=loss.gamma
                )
            )
        ]
    )
    (label, low), (_, high) = sample(m - 1e-5), sample(m + 1e-5)
    return label, low, high


TWO_CLASSES = ([1, 0], [1e-12, 1.0], [2e-12, 1.0])
TWO_LOGITS = ([1, 0], [-40.0, 40.0], [-41.0, 41.0])

DEFINITIONS: dict[str, Definition] = {
    "mean_squared_error": Definition(
        value=reference.squared_error,
        slope=reference.squared_error_slope,
        steepest=always(0.0, 1e10, 2e10),
        # The bell whose variance is 1/2.
        log_density=lambda t, y: mpmath.log(mpmath.npdf(mpf(t), mpf(y), mpmath.sqrt(mpf(1) / 2))),
    ),
    "mean_absolute_error": Definition(
        value=reference.absolute_error,
        slope=reference.absolute_error_slope,
        steepest=always(0.0, 1.0, 3.0),
        log_density=lambda t, y: mpmath.log(mpmath.exp(-abs(mpf(t) - mpf(y))) / 2),
        joint=always(0.0, 0.0),
    ),
    "huber": Definition(
        value=reference.huber,
        slope=reference.huber_slope,
        steepest=lambda loss: (0.0, *(k * min(loss.delta, 1e10) for k in (2.0, 3.0))),
        log_density=huber_density,
        joint=lambda loss: (0.0, min(loss.delta, 1e3)),
        parameters=threshold,
    ),
    "log_cosh": Definition(
        value=reference.log_cosh,
        slope=reference.log_cosh_slope,
        steepest=always(0.0, 50.0, 60.0),
        log_density=lambda t, y: mpmath.log(mpmath.sech(mpf(t) - mpf(y)) / mpmath.pi),
        joint=always(0.0, 20.0),
    ),
    "pinball": Definition(
        value=reference.pinball,
        slope=reference.pinball_slope,
        steepest=lambda loss: (0.0, 1.0, 3.0) if loss.quantile < 0.5 else (0.0, -1.0, -3.0),
        log_density=lambda t, y, quantile=0.5: mpmath.log(
            quantile
            * (1 - quantile)
            * mpmath.exp((mpf(y) - mpf(t)) * (quantile if t > y else quantile - 1))
        ),
        joint=always(0.0, 0.0),
        parameters=share,
    ),
    "binary_crossentropy": Definition(
        value=reference.binary,
        slope=reference.binary_slope,
        steepest=always(1.0, 1e-12, 2e-12),
        log_density=bernoulli,
    ),
    "binary_crossentropy.from_logits": Definition(
        value=reference.binary_from_logits,
        slope=reference.binary_from_logits_slope,
        steepest=always(1.0, -60.0, -50.0),
        log_density=lambda t, z: mpmath.log(reference.sigmoid(z if t == 1 else -z)),
        slope_terms=binary_logit_slope_terms,
    ),
    "categorical_crossentropy": Definition(
        value=reference.categorical,
        slope=reference.categorical_slope,
        steepest=always(*TWO_CLASSES),
        log_density=lambda t, y: of_class(int(np.argmax(t)), y),
    ),
    "categorical_crossentropy.from_logits": Definition(
        value=reference.categorical_from_logits,
        slope=reference.categorical_from_logits_slope,
        steepest=always(*TWO_LOGITS),
        log_density=lambda t, z: of_class_from_logits(int(np.argmax(t)), z),
        slope_terms=soft_slope_terms,
    ),
    "sparse_categorical_crossentropy": Definition(
        value=one_hot(reference.categorical),
        slope=one_hot(reference.categorical_slope),
        steepest=always(0, *TWO_CLASSES[1:]),
        log_density=of_class,
    ),
    "sparse_categorical_crossentropy.from_logits": Definition(
        value=one_hot(reference.categorical_from_logits),
        slope=one_hot(reference.categorical_from_logits_slope),
        steepest=always(0, *TWO_LOGITS[1:]),
        log_density=of_class_from_logits,
    ),
    "hinge": Definition(
        value=reference.hinge,
        slope=reference.hinge_slope,
        steepest=always(1.0, 0.0, -2.0),
        joint=always(1.0, 1.0),
    ),
    "squared_hinge": Definition(
        value=reference.squared_hinge,
        slope=reference.squared_hinge_slope,
        steepest=always(1.0, -1e10, -2e10),
        joint=always(-1.0, -1.0),
    ),
    "categorical_hinge": Definition(
        value=reference.categorical_hinge,
        slope=reference.categorical_hinge_slope,
        steepest=always([1, 0], [0.0, 0.0], [-1.0, 1.0]),
        joint=always([1.0, 0.0, 0.0], [1.0, 0.0, -5.0]),
    ),
    "binary_focal_crossentropy": Definition(
        value=reference.binary_focal,
        slope=reference.binary_focal_slope,
        steepest=always(1.0, 1e-12, 2e-12),
        parameters=balancing,
        bound=2.2e-15,
    ),
    "binary_focal_crossentropy.from_logits": Definition(
        value=reference.binary_focal_from_logits,
        slope=reference.binary_focal_from_logits_slope,
        steepest=lambda loss: around_the_steepest(loss, lambda z: (1.0, z)),
        parameters=balancing,
        bound=2.2e-15,
    ),
    "categorical_focal_crossentropy": Definition(
        value=reference.categorical_focal,
        slope=reference.categorical_focal_slope,
        steepest=always(*TWO_CLASSES),
        parameters=focusing,
        bound=2.2e-15,
    ),
    "categorical_focal_crossentropy.from_logits": Definition(
        value=reference.categorical_focal_from_logits,
        slope=reference.categorical_focal_from_logits_slope,
        steepest=lambda loss: around_the_steepest(loss, lambda z: ([1.0, 0.0], [z / 2, -z / 2])),
        parameters=focusing,
        bound=3e-15,
    ),
    "gaussian_negative_log_likelihood": Definition(
        value=reference.gaussian,
        slope=reference.gaussian_slope,
        steepest=always(0.0, [1e10, 0.0], [2e10, 0.0]),
        log_density=lambda t, y: mpmath.log(
            mpmath.npdf(mpf(t), mpf(y[0]), mpmath.exp(mpf(y[1]) / 2))
        ),
        value_terms=lambda t, y: max(map(abs, reference.gaussian_terms(t, y))),
        slope_terms=lambda t, y: [
            reference.gaussian_slope(t, y)[0],
            max(mpf(1) / 2, reference.gaussian_terms(t, y)[1]),
        ],
    ),
    "poisson": Definition(
        value=reference.poisson,
        slope=reference.poisson_slope,
        steepest=always(0.0, 50.0, 51.0),
        log_density=lambda t, s: mpf(t) * mpf(s) - mpmath.exp(mpf(s)) - mpmath.loggamma(t + 1),
        value_terms=lambda t, s: max(map(abs, reference.poisson_terms(t, s))),
        slope_terms=lambda t, s: max(reference.poisson_terms(t, s)[0], mpf(t)),
    ),
}


def definition_of(loss: lb.Loss) -> Definition:
    """Return the definition of a loss with its parameters."""
    found = DEFINITIONS[loss.name]
    own = {name: getattr(loss, name) for name in loss.parameters}
    return found._replace(
        value=lambda t, y: found.value(t, y, **own),
        slope=lambda t, y: found.slope(t, y, **own),
        log_density=found.log_density and (lambda t, y: found.log_density(t, y, **own)),
    )
