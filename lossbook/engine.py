"""What a loss is: it checks its arguments, evaluates block by block, reduces, differentiates.

A loss writes three short methods (`per_sample`, `total`, `derivative`) for one block of samples.
Everything that losses share is here: shapes, dtypes, weights, reductions, and the walk over blocks
that fit into the processor's cache, so that no temporary array grows with the number of samples.

A block is evaluated the quick way first, in the inputs' own precision. Only where its sum could be
wrong (not finite, close to underflow, or an argument outside its domain) is it checked value by
value and evaluated again, carefully, in float64. That makes most checks free.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Literal, overload

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
from lossbook.checks import CATEGORY, REAL, Array, Domain, as_real_array
from lossbook.properties import Properties
from lossbook.sums import Accumulator, add, divide

__all__ = ["Loss", "Reduction"]

Reduction = Literal["mean", "sum", "none"]

BLOCK = 65_536  # values: 512 KiB of float64, so that a block and its temporaries stay in the cache
SHIFT = 1_100  # binary digits: they make room for every sum of losses, 2**2048 among them
SCALE = 600  # binary digits: they make room for every loss of one sample


class Loss(ABC):
    """A loss function: callable, with a gradient.

    Attributes
    ----------
    name : str
        The loss's one name: of its module, its chapter and its tests.
    y_true, y_pred : Domain
        Where the arguments' values come from.
    properties : Properties
        What is true of the loss; proved by the tests.
    rounds_once : bool
        Whether `derivative` rounds once only. Then float32 is precise enough to calculate it in.
    """

    name: ClassVar[str]
    y_true: ClassVar[Domain]
    y_pred: ClassVar[Domain]
    properties: ClassVar[Properties]
    rounds_once: ClassVar[bool] = False

    # --- what a loss writes ---------------------------------------------------------------------

    @abstractmethod
    def per_sample(self, t: Array, y: Array) -> Array:
        """Return the exact loss of each sample of a block of float64, classes on axis 0."""

    @abstractmethod
    def total(self, t: Array, y: Array) -> Any:
        """Return the sum over a block, or numbers that add up to it, the quick way.

        They are float64; NaN asks for the careful way.
        """

    @abstractmethod
    def derivative(self, t: Array, y: Array) -> Array:
        """Return the derivative of each sample's loss with respect to its prediction."""

    # --- what a reader calls --------------------------------------------------------------------

    @overload
    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Literal["mean", "sum"] = "mean",
    ) -> float: ...

    @overload
    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Literal["none"],
    ) -> Array: ...

    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Reduction = "mean",
    ) -> float | Array:
        """Return the loss of the predictions `y_pred` against the labels `y_true`.

        Parameters
        ----------
        y_true : array_like
            The labels.
        y_pred : array_like
            The predictions.
        sample_weight : array_like, optional
            How much each sample counts, in the shape of the per-sample losses: finite, not
            negative, not all zero. A sample of weight 0 does not count, even if its loss is
            infinite.
        reduction : {"mean", "sum", "none"}, optional
            What to return of the per-sample losses. The weighted mean is ``sum(w * l) / sum(w)``.

        Returns
        -------
        float or ndarray
            A float for "mean" and "sum". For "none" an array with one loss per sample, in the
            inputs' floating dtype.

        Raises
        ------
        TypeError
            If an argument is masked or does not hold real numbers.
        ValueError
            If shapes differ, an array is empty, a value is NaN or outside its domain, the weights
            are negative or all zero, or the reduction is unknown.
        """
        _check_reduction(reduction)
        batch = _Batch(self, y_true, y_pred, sample_weight)
        # An infinity or a NaN on the way is an answer or a question here, never a warning.
        with np.errstate(all="ignore"):
            return batch.losses() if reduction == "none" else batch.reduced(reduction)

    def gradient(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Reduction = "mean",
    ) -> Array:
        """Return the gradient of the reduced loss with respect to the predictions.

        Parameters
        ----------
        y_true, y_pred, sample_weight
            As for the loss itself.
        reduction : {"mean", "sum", "none"}, optional
            The reduction that is differentiated. For "none" the entries are the derivatives of
            each sample's own loss, which are those of the sum.

        Returns
        -------
        ndarray
            Shape of `y_pred`, in its floating dtype (float64 for integers).

        Raises
        ------
        TypeError, ValueError
            As for the loss itself.
        """
        _check_reduction(reduction)
        batch = _Batch(self, y_true, y_pred, sample_weight)
        with np.errstate(all="ignore"):
            return batch.gradient(reduction)

    def __repr__(self) -> str:
        return f"<lossbook loss {self.name}>"


class _Batch:
    """The arguments of one call, as a sequence of samples."""

    def __init__(
        self, loss: Loss, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
    ) -> None:
        true, pred = as_real_array(y_true, "y_true"), as_real_array(y_pred, "y_pred")
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
        out = np.empty(self.size, self.precision.losses)
        for block in self._blocks():
            out[block] = self._careful(block) if self.weights is None else self._scaled(block, 0)
        return out.reshape(self.shape)

    def reduced(self, reduction: str) -> float:
        if self.weights is None and self.size <= self.step:
            terms = self._quick_sum(slice(0, self.size))
            if len(terms) == 1 and terms[0] < math.inf:
                total = terms[0] + 0.0  # no negative zero
                return total if reduction == "sum" else total / self.size
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
        raise ValueError(f"{name} holds {fault.holds}{place}; expected {domain.expected}")

    def _slopes(
        self, block: slice, dtype: np.dtype[Any], divisor: float, exponent: int, out: Array
    ) -> None:
        """Write the gradient for one block, classes first, into `out`."""
        t, y = self._get(block, dtype)
        loss, precision = self.loss, self.precision
        if loss.y_true.holds(t, precision.true_tolerance, self.classes) and loss.y_pred.holds(
            y, precision.pred_tolerance, self.classes
        ):
            slopes = loss.derivative(t, y)
            # Only of probabilities may a derivative overflow: 1/y of a tiny y.
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


def _check_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f'reduction is {reduction!r}; expected "mean", "sum" or "none": choose one of them'
        )


def _terms(parts: Any) -> list[float]:
    """Return a number, or an array of them, as a list."""
    return parts.tolist() if np.ndim(parts) else [float(parts)]


def _ldexp(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.inf
