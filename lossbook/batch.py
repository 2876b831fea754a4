"""The walk over blocks: one call's arguments, as a sequence of samples.

A block is evaluated the quick way first, in the inputs' own precision. Only where its sum could be
wrong (not finite, close to underflow, or an argument outside its domain) is it checked value by
value and evaluated again, carefully, in float64. That makes most checks free.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lossbook.arguments import (
    FLOAT64,
    INDEX,
    Weights,
    difference,
    precision,
    sample_shape,
    samples,
)
from lossbook.checks import CATEGORY, REAL, Array, Domain, as_real_pair
from lossbook.sums import Accumulator, add, divide, exact

if TYPE_CHECKING:
    from lossbook.engine import Loss

__all__ = ["BLOCK", "Batch"]

BLOCK = 65_536  # values: 512 KiB of float64, so that a block and its temporaries stay in the cache
SHIFT = 1_100  # binary digits: they make room for every sum of losses, 2**2048 among them
SCALE = 600  # binary digits: they make room for every loss of one sample


class Batch:
    """The arguments of one call, as a sequence of samples."""

    def __init__(
        self, loss: Loss, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
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
        self.precision = precision(true.dtype, pred.dtype, self.sparse)
        self.weights = None if sample_weight is None else Weights(sample_weight, self.shape)

    # --- the three results ----------------------------------------------------------------------

    def losses(self) -> Array:
        """Return the loss of each sample, times its weight."""
        out = np.empty(self.size, self.precision.losses)
        for block in self._blocks():
            out[block] = self._careful(block) if self.weights is None else self._scaled(block, 0)
        return out.reshape(self.shape)

    def reduced(self, reduction: str) -> float:
        """Return the sum or the mean of the losses."""
        if self.weights is None and self.size <= self.step:
            total, rest = exact(self._quick_sum(slice(0, self.size)))
            if total < math.inf:
                return total if reduction == "sum" else divide(total, rest, self.size)
        # With weights, the largest is scaled to about 1; with a shift, everything is.
        exponent = 0 if self.weights is None else -self.weights.exponent
        (total, rest), shift = self._total(exponent), 0
        if total == math.inf:
            (total, rest), shift = self._total(exponent - SHIFT), -SHIFT
        if self.weights is not None and total < 2.0**-500:
            # Beside large weights of samples that cost nothing, small ones may have underflowed.
            shift += SHIFT
            total, rest = self._total(exponent + shift)
        if reduction == "sum":
            return _ldexp(total, -shift - exponent)
        return _ldexp(divide(total, rest, self._count()), -shift)

    def gradient(self, reduction: str) -> Array:
        """Return the derivatives of the reduced loss with respect to the predictions."""
        out = np.empty(self.pred_shape, self.precision.gradient)
        rows = out.reshape(self.y.shape if self.classes > 1 else -1)
        mean = reduction == "mean"
        divisor = self._count() if mean else 1.0
        exponent = -self.weights.exponent if mean and self.weights is not None else 0
        # One rounding of float32 for the derivative and one for the division are right to the last
        # digit but one, as long as float32 holds the number of samples.
        single = self.loss.rounds_once and self.weights is None and divisor <= 2.0**24
        dtype = self.precision.quick if single else FLOAT64
        for block in self._blocks():
            self._slopes(block, dtype, divisor, exponent, rows[block].T)
        return out

    def _total(self, exponent: int) -> tuple[float, float]:
        """Return the sum of the losses, times their weights and a power of two, in two parts."""
        total = Accumulator()
        for block in self._blocks():
            if self.weights is None and exponent == 0:
                total.add(self._quick_sum(block))
            else:
                total.add(_terms(add(self._scaled(block, exponent))))
        return total.parts()

    def _count(self) -> float:
        """Return what the mean divides by: the number of samples, or the sum of their weights."""
        if self.weights is None:
            return float(self.size)
        total = Accumulator()
        for block in self._blocks():
            total.add(_terms(add(self.weights.block(block))))
        return total.parts()[0]

    # --- block by block -------------------------------------------------------------------------

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, self.size, self.step):
            yield slice(start, start + self.step)

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

    def _quick_sum(self, block: slice) -> list[float]:
        """Return numbers that add up to the sum of the losses of a block."""
        loss, precision = self.loss, self.precision
        t, y = self._get(block, precision.quick)
        terms = _terms(loss.total(t, y))
        if (
            precision.floor * y.size <= sum(terms) < math.inf
            and (loss.y_true.shows or loss.y_true.holds(t, precision.true_tolerance, self.classes))
            and (loss.y_pred.shows or loss.y_pred.holds(y, precision.pred_tolerance, self.classes))
        ):
            return terms
        return _terms(add(self._careful(block)))

    def _careful(self, block: slice) -> Array:
        """Return the exact losses of one block, or raise what is wrong with its values."""
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        return self.loss.per_sample(t, y)

    def _scaled(self, block: slice, exponent: int) -> Array:
        """Return the losses of one block, times their weights and a power of two."""
        losses = self._careful(block)
        exponents = np.full(losses.shape, exponent, np.intc)
        huge = np.isinf(losses)
        # Of huge logits, a loss is as good as homogeneous of degree 1; probabilities are not huge.
        growth = self.loss.properties.degree or int(self.loss.y_pred.shows)
        if growth and huge.any():
            t, y = self._get(block, FLOAT64)
            t = t * 2.0**-SCALE if self.loss.y_true is REAL else t
            losses = np.where(huge, self.loss.per_sample(t, y * 2.0**-SCALE), losses)
            exponents += np.where(huge, SCALE * growth, 0).astype(np.intc)
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
        if fault is None:
            return
        *label, sample = fault.position
        sample += block.start
        index = (*np.unravel_index(sample, self.shape), *label) if self.shape else (*label,)
        place = f" at index {tuple(int(i) for i in index)}" if index else ""
        raise ValueError(
            f"{name} holds {fault.holds}{place}; expected {domain.expects(self.classes)}"
        )

    def _slopes(
        self, block: slice, dtype: np.dtype[Any], divisor: float, exponent: int, out: Array
    ) -> None:
        """Write the gradient for one block, classes first, into `out`."""
        t, y = self._get(block, dtype)
        loss, precision = self.loss, self.precision
        if loss.y_true.holds(t, precision.true_tolerance, self.classes) and loss.y_pred.holds(
            y, precision.pred_tolerance, self.classes
        ):
            quick = self.weights is None and precision.gradient.itemsize <= 4
            slopes = loss.quick_derivative(t, y) if quick else loss.derivative(t, y)
            # A derivative by a probability may overflow: 1/y of a tiny y.
            if loss.y_pred.shows or math.isfinite(slopes.sum()):
                np.divide(
                    self._weighted(slopes, block, exponent), divisor, out=out, casting="same_kind"
                )
                return
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        slopes = loss.derivative(t, y)
        infinite = ~np.isfinite(slopes)
        slopes = self._weighted(slopes, block, exponent) / divisor
        if infinite.any():
            # Only the way there overflowed, perhaps: differentiate those at another scale.
            degree = loss.properties.degree
            if degree is None:
                infinite &= y < 0.5
                small, shift = loss.derivative(t, y * 2.0**64), 64
            else:
                small, shift = loss.derivative(t * 2.0**-64, y * 2.0**-64), 64 * (degree - 1)
            small = self._weighted(small, block, exponent) / divisor
            slopes = np.where(infinite, np.ldexp(small, shift), slopes)
        out[...] = slopes

    def _weighted(self, slopes: Array, block: slice, exponent: int) -> Array:
        return slopes if self.weights is None else self.weights.times(slopes, block, exponent)


def _terms(parts: Any) -> list[float]:
    """Return a number, or an array of them, as a list."""
    return parts.tolist() if isinstance(parts, np.ndarray) else [float(parts)]


def _ldexp(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.inf
