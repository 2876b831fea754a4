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
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import (
    CATEGORY,
    Array,
    Domain,
    as_real_array,
    check_same_shape,
    floating_dtype,
    row_sum_tolerance,
)
from lossbook.properties import Properties

__all__ = ["Loss", "Reduction"]

Reduction = Literal["mean", "sum", "none"]

BLOCK = 65_536  # values: 512 KiB of float64, so that a block and its temporaries stay in the cache
FLOAT32, FLOAT64, INDEX = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.intp)


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
    def total(self, t: Array, y: Array) -> float:
        """Return the sum over a block, the quick way; NaN asks for the careful way."""

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


class _Precision(NamedTuple):
    """What follows from the dtypes of y_true and y_pred."""

    quick: np.dtype[Any]  # float32 where it holds both arguments exactly, else float64
    floor: float  # a mean loss below this may have lost terms to underflow
    losses: np.dtype[Any]  # of the losses of the samples
    gradient: np.dtype[Any]
    true_tolerance: float  # how far from 1 a row may sum
    pred_tolerance: float


@cache
def _precision(true: np.dtype[Any], pred: np.dtype[Any], sparse: bool) -> _Precision:
    calculated = (pred,) if sparse else (true, pred)
    single = all(np.can_cast(dtype, FLOAT32) for dtype in calculated)
    return _Precision(
        FLOAT32 if single else FLOAT64,
        1e-31 if single else 0.0,
        floating_dtype(true, pred),
        floating_dtype(pred),
        row_sum_tolerance(true),
        row_sum_tolerance(pred),
    )


class _Batch:
    """The arguments of one call, as a sequence of samples."""

    def __init__(
        self, loss: Loss, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
    ) -> None:
        true, pred = as_real_array(y_true, "y_true"), as_real_array(y_pred, "y_pred")
        self.loss = loss
        self.shape = _sample_shape(loss, true, pred)
        self.pred_shape = pred.shape
        self.size = math.prod(self.shape)
        self.classes = pred.shape[-1] if loss.y_pred.rows else 1
        self.step = max(1, BLOCK // self.classes)
        self.t = _samples(true, self.size, loss.y_true.rows)
        self.y = _samples(pred, self.size, loss.y_pred.rows)
        self.sparse = loss.y_true is CATEGORY
        self.precision = _precision(true.dtype, pred.dtype, self.sparse)
        self.weights, self.exponent = _weights(sample_weight, self.shape)

    # --- the three results ----------------------------------------------------------------------

    def losses(self) -> Array:
        out = np.empty(self.size, self.precision.losses)
        for block in self._blocks():
            out[block] = self._weighted(self._careful(block), block, self.exponent)
        return out.reshape(self.shape)

    def reduced(self, reduction: str) -> float:
        total = _fsum(map(self._sum, self._blocks()))
        exponent = 0
        if total == math.inf:
            total, exponent = self._sum_of_large()
        if reduction == "sum":
            return _ldexp(total, exponent + self.exponent)
        return _ldexp(total / self._count(), exponent)

    def gradient(self, reduction: str) -> Array:
        out = np.empty(self.pred_shape, self.precision.gradient)
        rows = out.reshape(self.y.shape if self.classes > 1 else -1)
        divisor, exponent = (self._count(), 0) if reduction == "mean" else (1.0, self.exponent)
        # One rounding of float32 for the derivative and one for the division are right to the last
        # digit but one, as long as float32 holds the number of samples.
        single = self.loss.rounds_once and self.weights is None and divisor <= 2.0**24
        dtype = self.precision.quick if single else FLOAT64
        for block in self._blocks():
            self._slopes(block, dtype, divisor, exponent, rows[block].T)
        return out

    # --- block by block -------------------------------------------------------------------------

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, self.size, self.step):
            yield slice(start, start + self.step)

    def _get(self, block: slice, dtype: np.dtype[Any]) -> tuple[Array, Array]:
        """Return a block of both arguments, classes first, in a dtype to calculate with."""
        t, y = self.t[block], self.y[block]
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
        """Return the weighted sum of the losses of a block."""
        if self.weights is not None:
            return _add(self._weighted(self._careful(block), block, 0))
        loss, precision = self.loss, self.precision
        t, y = self._get(block, precision.quick)
        total = float(loss.total(t, y))
        if (
            precision.floor * y.size <= total < math.inf
            and (loss.y_true.shows or loss.y_true.holds(t, precision.true_tolerance, self.classes))
            and (loss.y_pred.shows or loss.y_pred.holds(y, precision.pred_tolerance, self.classes))
        ):
            return total
        return _add(self._careful(block))

    def _careful(self, block: slice) -> Array:
        """Return the exact losses of one block, or raise what is wrong with its values."""
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        return self.loss.per_sample(t, y)

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
            slopes = self._weighted(loss.derivative(t, y), block, exponent)
            np.divide(slopes, divisor, out=out, casting="same_kind")
            return
        t, y = self._get(block, FLOAT64)
        self._check_both(t, y, block)
        slopes = self._weighted(loss.derivative(t, y), block, exponent) / divisor
        degree = loss.properties.degree
        finite = np.isfinite(slopes)
        if degree is not None and not finite.all():
            # Only the way there overflowed, perhaps: differentiate those at a smaller scale.
            small = loss.derivative(t * 2.0**-64, y * 2.0**-64)
            small = self._weighted(small, block, exponent) / divisor
            slopes = np.where(finite, slopes, np.ldexp(small, 64 * (degree - 1)))
        out[...] = slopes

    def _sum_of_large(self) -> tuple[float, int]:
        """Return a sum that overflows as ``total * 2**exponent``.

        The losses are scaled down by an exact power of two. What underflows on the way is less
        than the last digit of a sum that has overflowed.
        """
        shift = 600
        degree = self.loss.properties.degree
        scale = 2.0**-shift
        sums = []
        for block in self._blocks():
            if degree is None:
                losses = self._careful(block) * scale
            else:
                t, y = self._get(block, FLOAT64)
                losses = self.loss.per_sample(t * scale, y * scale)
            sums.append(_add(self._weighted(losses, block, 0)))
        return _fsum(sums), shift * (degree or 1)

    # --- weights --------------------------------------------------------------------------------

    def _weighted(self, values: Array, block: slice, exponent: int) -> Array:
        if self.weights is None:
            return values
        w = self._weight(block)
        # A sample of weight 0 does not count: 0 * inf is 0 here.
        return np.ldexp(np.where(w == 0.0, 0.0, w * values), exponent)

    def _weight(self, block: slice) -> Array:
        """Return the weights of one block, scaled so that the largest of all is near 1."""
        assert self.weights is not None
        return np.ldexp(self.weights[block].astype(FLOAT64), -self.exponent)

    def _count(self) -> float:
        """Return what the mean divides by: the number of samples, or the sum of their weights."""
        if self.weights is None:
            return float(self.size)
        return math.fsum(_add(self._weight(block)) for block in self._blocks())


def _check_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f'reduction is {reduction!r}; expected "mean", "sum" or "none": choose one of them'
        )


def _samples(array: Array, size: int, rows: bool) -> Any:
    """Return what a slice of samples is taken from; nothing of the caller's is copied.

    Reshaping copies what does not lie in the memory in this order. The array's flat iterator
    copies the slice only.
    """
    if array.ndim == 1 + rows:
        return array
    if rows:
        return array.reshape(size, -1)
    return array.reshape(-1) if array.flags.c_contiguous else array.flat


def _sample_shape(loss: Loss, true: Array, pred: Array) -> tuple[int, ...]:
    """Return the shape of the per-sample losses, or say why there is none."""
    if not loss.y_pred.rows:
        check_same_shape(true, pred)
        return pred.shape
    if pred.ndim == 0 or pred.shape[-1] < 2:
        raise ValueError(
            f"y_pred has shape {pred.shape}; expected at least two classes on the last axis: for "
            f"one value per sample use lossbook.binary_crossentropy"
        )
    if loss.y_true.rows:
        check_same_shape(true, pred)
    elif true.shape != pred.shape[:-1]:
        raise ValueError(
            f"y_true has shape {true.shape} and y_pred has shape {pred.shape}; expected one label "
            f"per row, shape {pred.shape[:-1]}: for one-hot labels use "
            f"lossbook.categorical_crossentropy"
        )
    return pred.shape[:-1]


def _weights(sample_weight: ArrayLike | None, shape: tuple[int, ...]) -> tuple[Any, int]:
    """Return the weights, one per sample, and the exponent of the largest; or say what is wrong."""
    if sample_weight is None:
        return None, 0
    weights = as_real_array(sample_weight, "sample_weight")
    if weights.shape != shape:
        raise ValueError(
            f"sample_weight has shape {weights.shape} and the per-sample losses have shape "
            f"{shape}; expected the same shape, because nothing is broadcast: reshape it"
        )
    lowest, highest = weights.min().item(), weights.max().item()
    if not (lowest >= 0 and highest < math.inf):
        bad = lowest if not lowest >= 0 else highest
        raise ValueError(f"sample_weight holds {bad!r}; expected finite weights, zero or positive")
    if highest == 0:
        raise ValueError("sample_weight is all zero; expected at least one positive weight")
    return _samples(weights, weights.size, False), math.frexp(highest)[1]


def _add(values: Array) -> float:
    """Return the sum of a block; infinite only where the sum itself overflows."""
    total = float(values.sum())
    return total if math.isfinite(total) else _fsum(values)


def _fsum(values: Iterable[float]) -> float:
    """Return the correctly rounded sum; infinite where it overflows."""
    try:
        return math.fsum(values)
    except OverflowError:
        return math.inf


def _ldexp(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.inf
