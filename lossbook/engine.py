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
from typing import Any, ClassVar, Literal, get_args, overload

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

BLOCK = 32_768  # values: 256 KiB of float64, so that a block and its temporaries stay in the cache
FEW_CLASSES = 64  # below this, a block is transposed, so that the inner loops run over samples


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
    """

    name: ClassVar[str]
    y_true: ClassVar[Domain]
    y_pred: ClassVar[Domain]
    properties: ClassVar[Properties]

    # --- what a loss writes ---------------------------------------------------------------------

    @abstractmethod
    def per_sample(self, t: Array, y: Array) -> Array:
        """Return the loss of each sample of a block; exact, in float64, classes on axis 0."""

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
        batch = _Batch(self, y_true, y_pred, sample_weight, reduction)
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
        return _Batch(self, y_true, y_pred, sample_weight, reduction).gradient(reduction)

    def __repr__(self) -> str:
        return f"<lossbook loss {self.name}>"


class _Batch:
    """The checked arguments of one call, as a sequence of samples."""

    def __init__(
        self,
        loss: Loss,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None,
        reduction: str,
    ) -> None:
        if reduction not in get_args(Reduction):
            raise ValueError(
                f'reduction is {reduction!r}; expected "mean", "sum" or "none": choose one of them'
            )
        true, pred = as_real_array(y_true, "y_true"), as_real_array(y_pred, "y_pred")
        self.loss = loss
        self.true_tolerance, self.pred_tolerance = (
            row_sum_tolerance(true.dtype),
            row_sum_tolerance(pred.dtype),
        ) if loss.y_pred.rows else (0.0, 0.0)
        self.shape = _sample_shape(loss, true, pred)
        self.classes = pred.shape[-1] if loss.y_pred.rows else 1
        self.pred_shape = pred.shape
        self.size = math.prod(self.shape)
        self.step = max(1, BLOCK // self.classes)
        # A view where the memory allows it: a contiguous array, memory-mapped or not, is not copied.
        self.t = true.reshape(self.size, -1) if loss.y_true.rows else true.reshape(self.size)
        self.y = pred.reshape(self.size, -1) if loss.y_pred.rows else pred.reshape(self.size)
        self.label_dtype = np.dtype(np.intp) if loss.y_true is CATEGORY else None
        if self.label_dtype:
            self._check_labels()
        self.loss_dtype = floating_dtype(true, pred)
        self.pred_dtype = floating_dtype(pred)
        self.quick_dtype = _quick_dtype(pred, *(() if self.label_dtype else (true,)))
        self.weights, self.exponent = _weights(sample_weight, self.shape)

    def _check_labels(self) -> None:
        # Before anything else: as an index, a wrong label would pick a wrong class or a wrong error.
        for block in self._blocks():
            self._check("y_true", CATEGORY, self.t[block], 0.0, block.start)

    # --- the three results ----------------------------------------------------------------------

    def losses(self) -> Array:
        out = np.empty(self.size, self.loss_dtype)
        with np.errstate(all="ignore"):
            for block in self._blocks():
                out[block] = self._weighted(self._careful(block), block, self.exponent)
        return out.reshape(self.shape)

    def reduced(self, reduction: str) -> float:
        with np.errstate(all="ignore"):
            total, exponent = self._sum()
        if reduction == "sum":
            return _ldexp(total, exponent + self.exponent)
        if self.weights is None:
            return _ldexp(total / self.size, exponent)
        return _ldexp(total / math.fsum(self._weight_sums()), exponent)

    def gradient(self, reduction: str) -> Array:
        out = np.empty(self.y.shape, self.pred_dtype)
        with np.errstate(all="ignore"):
            if reduction != "mean":
                divisor, exponent = 1.0, self.exponent
            elif self.weights is None:
                divisor, exponent = float(self.size), 0
            else:
                divisor, exponent = math.fsum(self._weight_sums()), 0
            for block in self._blocks():
                out[block] = self._slopes(block, divisor, exponent)
        return out.reshape(self.pred_shape)

    # --- block by block -------------------------------------------------------------------------

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, self.size, self.step):
            yield slice(start, min(start + self.step, self.size))

    def _get(self, block: slice, dtype: np.dtype[Any]) -> tuple[Array, Array]:
        """Return a block of both arguments, classes first, in a dtype to calculate with."""
        return self._part(self.t[block], self.label_dtype or dtype), self._part(self.y[block], dtype)

    def _part(self, values: Array, dtype: np.dtype[Any]) -> Array:
        if values.ndim == 1:
            return values.astype(dtype, copy=False)
        if self.classes < FEW_CLASSES:
            return np.ascontiguousarray(values.T, dtype)
        return values.T.astype(dtype, copy=False)

    def _holds(self, t: Array, y: Array) -> bool:
        loss = self.loss
        return loss.y_true.holds(t, self.true_tolerance, self.classes) and loss.y_pred.holds(
            y, self.pred_tolerance, self.classes
        )

    def _sum(self) -> tuple[float, int]:
        """Return the weighted sum of the losses as ``total * 2**exponent``."""
        # Below this mean, a float32 block may have lost terms to underflow.
        floor = 0.0 if self.quick_dtype == np.float64 else 1e-31
        sums = []
        for block in self._blocks():
            t, y = self._get(block, self.quick_dtype)
            if self.weights is None:
                total = float(self.loss.total(t, y))
                if not (floor * y.size <= total < math.inf and self._holds(t, y)):
                    total = _fsum(self._careful(block))
            else:
                total = _fsum(self._weighted(self._careful(block), block, 0))
            sums.append(total)
        total = _fsum(sums)
        if total == math.inf:
            return self._sum_of_large()
        return total, 0

    def _sum_of_large(self) -> tuple[float, int]:
        """Return a sum that overflows, from losses scaled down by an exact power of two.

        What underflows on the way is less than the last digit of a sum that has overflowed.
        """
        shift = 600
        degree = self.loss.properties.degree
        scale = 2.0**-shift
        sums = []
        for block in self._blocks():
            if degree is None:
                losses = self._careful(block) * scale
            else:
                t, y = self._get(block, np.dtype(np.float64))
                losses = self.loss.per_sample(t * scale, y * scale)
            sums.append(_fsum(self._weighted(losses, block, 0)))
        return _fsum(sums), shift * (degree or 1)

    def _careful(self, block: slice) -> Array:
        """Return the exact losses of one block, or raise what is wrong with its values."""
        t, y = self._checked(block)
        return self.loss.per_sample(t, y)

    def _checked(self, block: slice) -> tuple[Array, Array]:
        t, y = self._get(block, np.dtype(np.float64))
        for name, domain, values, tolerance in (
            ("y_true", self.loss.y_true, t, self.true_tolerance),
            ("y_pred", self.loss.y_pred, y, self.pred_tolerance),
        ):
            self._check(name, domain, values, tolerance, block.start)
        return t, y

    def _check(
        self, name: str, domain: Domain, values: Array, tolerance: float, start: int
    ) -> None:
        fault = domain.fault(values, tolerance, self.classes)
        if fault is None:
            return
        *label, sample = fault.position
        index = (*np.unravel_index(start + sample, self.shape), *label) if self.shape else (*label,)
        place = f" at index {tuple(int(i) for i in index)}" if index else ""
        raise ValueError(f"{name} holds {fault.holds}{place}; expected {domain.expected}")

    def _weighted(self, losses: Array, block: slice, exponent: int) -> Array:
        if self.weights is None:
            return losses
        w = self._weight(block)
        # A sample of weight 0 does not count: 0 * inf is 0 here.
        return np.ldexp(np.where(w == 0.0, 0.0, w * losses), exponent)

    def _weight(self, block: slice) -> Array:
        """Return the weights of one block, scaled so that the largest of all is near 1."""
        assert self.weights is not None
        return np.ldexp(self.weights[block].astype(np.float64), -self.exponent)

    def _weight_sums(self) -> Iterator[float]:
        return (_fsum(self._weight(block)) for block in self._blocks())

    def _slopes(self, block: slice, divisor: float, exponent: int) -> Array:
        """Return the rows of the gradient for one block."""
        t, y = self._checked(block)
        slopes = self._scaled(self.loss.derivative(t, y), block, divisor, exponent)
        degree = self.loss.properties.degree
        if degree is not None and not np.isfinite(slopes).all():
            # Only the way there overflowed, perhaps: differentiate at a smaller scale.
            small = self.loss.derivative(t * 2.0**-64, y * 2.0**-64)
            slopes = np.ldexp(self._scaled(small, block, divisor, exponent), 64 * (degree - 1))
        return slopes.T

    def _scaled(self, slopes: Array, block: slice, divisor: float, exponent: int) -> Array:
        return self._weighted(slopes, block, exponent) / divisor


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


def _quick_dtype(*arrays: Array) -> np.dtype[Any]:
    """Return float32 where it holds all arguments exactly, else float64."""
    exact = all(np.can_cast(array.dtype, np.float32) for array in arrays)
    return np.dtype(np.float32 if exact else np.float64)


def _weights(sample_weight: ArrayLike | None, shape: tuple[int, ...]) -> tuple[Array | None, int]:
    """Return the weights, one per sample, and the exponent of the largest; or say what is wrong."""
    if sample_weight is None:
        return None, 0
    weights = as_real_array(sample_weight, "sample_weight")
    if weights.shape != shape:
        raise ValueError(
            f"sample_weight has shape {weights.shape} and the per-sample losses have shape "
            f"{shape}; expected the same shape, because nothing is broadcast: reshape it"
        )
    flat = weights.reshape(-1)
    lowest, highest = flat[flat.argmin()].item(), flat[flat.argmax()].item()
    if not (lowest >= 0 and highest < math.inf):
        bad = lowest if not lowest >= 0 else highest
        raise ValueError(f"sample_weight holds {bad!r}; expected finite weights, zero or positive")
    if highest == 0:
        raise ValueError("sample_weight is all zero; expected at least one positive weight")
    return flat, math.frexp(highest)[1]


def _fsum(values: Array | list[float]) -> float:
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
