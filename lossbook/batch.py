"""The walk over blocks: one call's arguments, as a sequence of samples.

A block is evaluated in the inputs' own precision first. Only where something is wrong or at an edge
(a sum that is not finite or close to underflow, an argument outside its domain) is it checked value
by value, and evaluated again in float64. That makes most checks free.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike

from lossbook.arguments import (
    FLOAT32,
    FLOAT64,
    INDEX,
    Precision,
    Weights,
    difference,
    precision,
    sample_shape,
    samples,
)
from lossbook.checks import (
    CATEGORY,
    DISTRIBUTION,
    PROBABILITY,
    REAL,
    Array,
    Domain,
    as_real_pair,
    finite,
)
from lossbook.properties import Properties
from lossbook.sums import add, add_exactly, total

__all__ = ["BLOCK", "Batch", "Formula", "Limit", "quick_gradient", "quick_loss", "whole"]

BLOCK = 131_072  # values: 1 MiB of float64, so that a block and its temporaries stay in the cache
SHIFT = 1_100  # binary digits: they make room for every sum of losses, 2**2048 among them
#: Binary digits that make room for a loss. Of few, a small threshold loses none; of no more than a
#: square needs, a margin of 1 stays as small beside it as it is.
SCALES = (-2, -300, -600, 600)
PROBABLE = (PROBABILITY, DISTRIBUTION)

# glibc gives memory at the end of its heap back to the system, and clears it when it is asked for
# again: for the temporaries of a block, that took longer than to calculate with them. Once it has
# seen a large array go, it keeps as much.
np.empty(4 * BLOCK)


Limit = Callable[[Array, Array], Array]


class Formula(Protocol):
    """What a walk needs of a loss."""

    y_true: ClassVar[Domain]
    y_pred: ClassVar[Domain]
    growth: ClassVar[int]
    nonnegative: ClassVar[bool]
    rounds_once: ClassVar[bool]
    rounds_often: ClassVar[bool]
    hides: ClassVar[bool]
    limit: Limit | None

    @property
    def properties(self) -> Properties:
        """What is true of the loss."""

    def per_sample(self, t: Array, y: Array) -> Array:
        """Return the loss of each sample of a block, classes on axis 0."""

    def derivative(self, t: Array, y: Array) -> Array:
        """Return the derivative of each sample's loss with respect to its prediction."""

    def at_scale(self, exponent: int) -> Formula:
        """Return the loss of numbers that are 2**exponent times as large."""


# --- the quick way, for one block ---------------------------------------------------------------


def whole(
    loss: Formula, y_true: Any, y_pred: Any, sample_weight: Any
) -> tuple[Precision, Array, Array] | None:
    """Return what most arguments are: two arrays of one float dtype, which make a single block.

    All others are for a `Batch`, which takes as long as six operations on ten numbers.
    """
    if sample_weight is not None or not type(y_true) is type(y_pred) is np.ndarray:
        return None
    true, pred, shape = y_true.dtype, y_pred.dtype, y_pred.shape
    sparse, row = loss.y_true is CATEGORY, loss.y_pred.rows
    if (
        (pred is FLOAT64 or pred is FLOAT32)
        and true is (INDEX if sparse else pred)
        and y_true.shape == (shape[:-1] if row and not loss.y_true.rows else shape)
        and (len(shape) == 2 and shape[1] > 1 if row else len(shape) == 1)
        and loss.y_pred.columns in (0, shape[-1])
        and 0 < y_pred.size <= BLOCK
    ):
        return precision(true, pred, sparse, loss.nonnegative), y_true.T, y_pred.T
    return None


def quick_loss(
    loss: Formula, precision: Precision, t: Array, y: Array, reduction: str
) -> float | None:
    """Return the sum or the mean of the losses of a block, or None if it asks for care."""
    found = None if reduction == "none" else _quick_sum(loss, precision, t, y)
    return found if found is None or reduction == "sum" else found / y.shape[-1]


def _quick_sum(loss: Formula, precision: Precision, t: Array, y: Array) -> float | None:
    if _hold(loss, precision, t, y, shows=True):
        # The sum of losses of both signs may be small beside them.
        if loss.rounds_often or not loss.nonnegative:
            t, y = _converted(loss, FLOAT64, t, y)
        found = add(loss.per_sample(t, y))
        if precision.floor * y.size <= found < math.inf:
            return found
    return None


def quick_gradient(
    loss: Formula, precision: Precision, t: Array, y: Array, reduction: str
) -> Array | None:
    """Return the gradient of a block, or None if it asks for care."""
    dtype = y.dtype if loss.rounds_once else FLOAT64
    slopes = _quick_slopes(loss, precision, dtype, t, y)
    if slopes is None:
        return None
    # A view is of the caller's memory, perhaps; to write into an array of one's own is quicker.
    own = slopes.dtype is y.dtype and slopes.flags.owndata and slopes.flags.f_contiguous
    out = slopes.T if own else np.empty(y.shape[::-1], y.dtype)
    _divide(slopes, float(len(out)) if reduction == "mean" else 1.0, out.T)
    return out


def _quick_slopes(
    loss: Formula, precision: Precision, dtype: np.dtype[Any], t: Array, y: Array
) -> Array | None:
    """Return the derivatives of the losses of a block, or None if they ask for care.

    The arguments are looked at as they are, and then converted: short floats are read faster.
    """
    if not _hold(loss, precision, t, y, shows=not loss.hides):
        return None
    slopes = loss.derivative(*_converted(loss, dtype, t, y))
    return slopes if loss.hides or finite(slopes) else None


def _converted(loss: Formula, dtype: np.dtype[Any], t: Array, y: Array) -> tuple[Array, Array]:
    """Return both arguments in a dtype; labels that name a class have none to keep."""
    if y.dtype is dtype:
        return t, y
    return t if loss.y_true is CATEGORY else t.astype(dtype), y.astype(dtype)


def _hold(loss: Formula, precision: Precision, t: Array, y: Array, shows: bool) -> bool:
    """Return whether both arguments certainly are what the loss expects.

    What would show in the result as NaN or infinity is left to it, if `shows`.
    """
    true, pred = loss.y_true, loss.y_pred
    if true is pred is REAL:
        return shows or finite(t, y)
    classes = len(y) if pred.rows else 1
    return ((shows and true.shows) or true.holds(t, precision.true_tolerance, classes)) and (
        (shows and pred.shows) or pred.holds(y, precision.pred_tolerance, classes)
    )


def _divide(slopes: Array, divisor: float, out: Array) -> None:
    """Write slopes over the number of samples, rounded as little as their precision asks for."""
    if out.dtype is FLOAT64:
        np.multiply(slopes, 1.0 / divisor, out)  # in a third of a division's time
    elif slopes.dtype is FLOAT32:
        np.divide(slopes, divisor, out, casting="same_kind")
    else:
        slopes *= 1.0 / divisor
        out[...] = slopes


def _growth(loss: Formula) -> int:
    """Return the power of huge predictions that a loss grows with."""
    if loss.y_pred in PROBABLE:
        return 0
    return loss.properties.degree or loss.growth


class Batch:
    """The arguments of one call, as a sequence of samples."""

    def __init__(
        self, loss: Formula, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
    ) -> None:
        true, pred = as_real_pair(y_true, y_pred)
        self.loss = loss
        self.shape = sample_shape(loss.y_true, loss.y_pred, true, pred)
        self.pred_shape = pred.shape
        self.size = math.prod(self.shape)
        self.classes = pred.shape[-1] if loss.y_pred.rows else 1
        self.step = max(1, BLOCK // self.classes)
        self.t = samples(true, self.size, loss.y_true.rows)
        self.y = samples(pred, self.size, loss.y_pred.rows)
        self.sparse = loss.y_true is CATEGORY
        self.precision = precision(true.dtype, pred.dtype, self.sparse, loss.nonnegative)
        self.weights = None if sample_weight is None else Weights(sample_weight, self.shape)

    # --- the results ----------------------------------------------------------------------------

    def value(self, reduction: str) -> float | Array:
        """Return the sum or the mean of the losses, or all of them."""
        return self._losses() if reduction == "none" else self._reduced(reduction)

    def _losses(self) -> Array:
        """Return the loss of each sample, times its weight."""
        out = np.empty(self.size, self.precision.losses)
        for block in self._blocks():
            losses = self._careful(block)
            if self.weights is not None or not np.isfinite(losses).all():
                losses = self._scaled(block, 0)
            out[block] = losses + 0.0  # no negative zeros
        return out.reshape(self.shape)

    def _reduced(self, reduction: str) -> float:
        """Return the sum or the mean of the losses."""
        # With weights, the largest is scaled to about 1; with a shift, everything is.
        exponent, shift = 0 if self.weights is None else -self.weights.exponent, 0
        result = self._total(exponent, quick=self.weights is None)
        if not math.isfinite(result):  # perhaps only a loss on its way
            result = self._total(exponent)
        if not math.isfinite(result):
            shift = -SHIFT
            result = self._total(exponent + shift)
        if self.weights is not None and abs(result) < 2.0**-500:
            # Beside large weights of samples that cost nothing, small ones may have underflowed.
            larger = self._total(exponent + shift + SHIFT)
            if math.isfinite(larger):  # large ones do not cancel
                result, shift = larger, shift + SHIFT
        if reduction == "sum":
            return _ldexp(result, -shift - exponent)
        return _ldexp(result / self._count(), -shift)

    def gradient(self, reduction: str) -> Array:
        """Return the derivatives of the reduced loss with respect to the predictions."""
        out = np.empty(self.pred_shape, self.precision.gradient)
        rows = out.reshape(self.y.shape if self.classes > 1 else -1)
        mean = reduction == "mean"
        divisor = self._count() if mean else 1.0
        exponent = -self.weights.exponent if mean and self.weights is not None else 0
        # One rounding of float32 for the derivative and one for the division are at most 1.5 units
        # of the last place, as long as float32 holds the number of samples.
        single = self.loss.rounds_once and self.weights is None and divisor <= 2.0**24
        dtype = self.precision.quick if single else FLOAT64
        for block in self._blocks():
            self._slopes(block, dtype, divisor, exponent, rows[block].T)
        return out

    def _total(self, exponent: int, quick: bool = False) -> float:
        """Return the sum of the losses, times their weights and a power of two."""
        terms = []
        for block in self._blocks():
            if quick:
                terms.append(self._sum(block))
            else:
                terms.append(add_exactly(self._scaled(block, exponent)))
        return total(terms)

    def _count(self) -> float:
        """Return what the mean divides by: the number of samples, or the sum of their weights."""
        if self.weights is None:
            return float(self.size)
        terms = []
        for block in self._blocks():
            terms.append(add_exactly(self.weights.block(block)))
        return total(terms)

    # --- block by block -------------------------------------------------------------------------

    def _blocks(self) -> Iterable[slice]:
        if self.size <= self.step:  # most calls are small
            return (slice(0, self.size),)
        return (slice(start, start + self.step) for start in range(0, self.size, self.step))

    def _get(self, block: slice, dtype: np.dtype[Any]) -> tuple[Array, Array]:
        """Return a block of both arguments, classes first, in a dtype to calculate with."""
        t, y = self.t[block], self.y[block]
        if self.precision.long and self.loss.y_pred is REAL:
            exact = difference(t, y)
            if exact is not None:
                return np.zeros_like(exact), exact
        if self.sparse:
            # Before anything else: as an index, a wrong label would pick a wrong class.
            self._check("y_true", CATEGORY, t, 0.0, block)
            t = t.astype(INDEX, copy=False)
        elif t.dtype is not dtype:
            t = t.astype(dtype)
        if y.dtype is not dtype:
            y = y.astype(dtype)
        return (t.T, y.T) if self.classes > 1 else (t, y)

    def _sum(self, block: slice) -> float:
        """Return the sum of the losses of a block."""
        found = _quick_sum(self.loss, self.precision, *self._get(block, self.precision.quick))
        return add(self._careful(block)) if found is None else found

    def _careful(self, block: slice) -> Array:
        """Return the losses of one block in float64, or raise what is wrong with its values."""
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        return self.loss.per_sample(t, y)

    def _scaled(self, block: slice, exponent: int) -> Array:
        """Return the losses of one block, times their weights and a power of two."""
        losses = self._careful(block)
        losses[np.isnan(losses)] = np.inf  # as where one infinity is taken from another
        exponents = np.full(losses.shape, exponent, np.intc)
        # What overflows or underflows on the way may be an ordinary number in the end. In other
        # units of measurement, a loss of degree k is another power of two times as large. Of huge
        # predictions, any other is as good as homogeneous, too; probabilities are not huge.
        degree, growth = self.loss.properties.degree, _growth(self.loss)
        for scale in SCALES:
            where = losses < 2.0**-900 if scale > 0 else np.isinf(losses)
            if not (growth and (degree or scale < 0) and where.any()):
                continue
            t, y = self._get(block, FLOAT64)
            t = np.ldexp(t, scale) if self.loss.y_true is REAL else t
            scaled = self.loss.at_scale(scale).per_sample(t, np.ldexp(y, scale))
            where &= np.isfinite(scaled)
            losses[where] = scaled[where]
            exponents[where] -= scale * growth
        if self.weights is None:
            return np.ldexp(losses, exponents)
        return self.weights.times(losses, block, exponents)

    def _check_both(self, t: Array, y: Array, block: slice) -> None:
        loss, precision = self.loss, self.precision
        self._check("y_true", loss.y_true, t, precision.true_tolerance, block)
        self._check("y_pred", loss.y_pred, y, precision.pred_tolerance, block)

    def _check(
        self, name: str, domain: Domain, values: Array, tolerance: float, block: slice
    ) -> None:
        if domain.holds(values, tolerance, self.classes):
            return
        fault = domain.fault(values, tolerance, self.classes)
        if fault is not None:
            expected = domain.expects(self.classes)
            raise ValueError(fault.says(name, expected, self.shape, block.start))

    def _slopes(
        self, block: slice, dtype: np.dtype[Any], divisor: float, exponent: int, out: Array
    ) -> None:
        """Write the gradient for one block, classes first, into `out`."""
        loss = self.loss
        given = self._get(block, self.precision.quick)
        quick = _quick_slopes(loss, self.precision, dtype, *given)
        if quick is not None:
            if self.weights is None:
                _divide(quick, divisor, out)
            else:
                out[...] = self._weighted(quick, block, exponent) / divisor
            return
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        y = y + 0.0  # -0.0 is 0.0, and one over it has a sign
        slopes = loss.derivative(t, y)
        if loss.limit is not None:
            slopes = np.where(np.isnan(slopes), loss.limit(t, y), slopes)
        infinite = ~np.isfinite(slopes)
        slopes = self._weighted(slopes, block, exponent) / divisor
        growth, likely = _growth(loss), loss.y_pred in PROBABLE
        if infinite.any() and (growth or likely):
            # Only the way there overflowed, perhaps: differentiate those at another scale.
            if growth:
                t = t * 2.0**-64 if loss.y_true is REAL else t
                small, shift = loss.derivative(t, y * 2.0**-64), 64 * (growth - 1)
            else:  # one over a tiny probability
                infinite &= y < 0.5
                small, shift = loss.derivative(t, y * 2.0**64), 64
            small = self._weighted(small, block, exponent) / divisor
            slopes = np.where(infinite & ~np.isnan(small), np.ldexp(small, shift), slopes)
        out[...] = slopes

    def _weighted(self, slopes: Array, block: slice, exponent: int) -> Array:
        return slopes if self.weights is None else self.weights.times(slopes, block, exponent)


def _ldexp(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)
