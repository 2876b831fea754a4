"""What the arguments of a loss decide: precision, shapes, weights, and where samples are read."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import (
    Array,
    Domain,
    as_real_array,
    check_same_shape,
    floating_dtype,
    row_sum_tolerance,
)

__all__ = [
    "FLOAT32",
    "FLOAT64",
    "INDEX",
    "Precision",
    "Weights",
    "difference",
    "precision",
    "sample_shape",
    "samples",
    "two_floats",
]

FLOAT32, FLOAT64, INDEX = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.intp)


class Precision(NamedTuple):
    """What follows from the dtypes of y_true and y_pred."""

    quick: np.dtype[Any]  # float32 for short floats, and labels that it holds; else float64
    floor: float  # a mean loss below this may have lost terms to underflow
    losses: np.dtype[Any]  # of the losses of the samples
    gradient: np.dtype[Any]
    true_tolerance: float  # how far from 1 a row may sum
    pred_tolerance: float
    long: bool  # whether one of them holds integers that float64 may not


@cache
def precision(
    true: np.dtype[Any], pred: np.dtype[Any], sparse: bool, nonnegative: bool
) -> Precision:
    """Return what follows from the dtypes; labels that only name a class do not count."""
    calculated = (pred,) if sparse else (true, pred)
    # Predictions that are integers have a gradient in float64, however few digits they have.
    single = pred.kind == "f" and all(np.can_cast(dtype, FLOAT32) for dtype in calculated)
    return Precision(
        FLOAT32 if single else FLOAT64,
        (1e-31 if single else 0.0) if nonnegative else -math.inf,
        floating_dtype(true, pred),
        floating_dtype(pred),
        row_sum_tolerance(true),
        row_sum_tolerance(pred),
        any(dtype.kind in "iu" and dtype.itemsize == 8 for dtype in calculated),
    )


def difference(true: Array, pred: Array) -> Array | None:
    """Return pred - true, rounded once, where float64 does not hold their integers; else None."""
    if all(_fits(array) for array in (true, pred)):
        return None
    (t_high, t_low), (y_high, y_low) = two_floats(true), two_floats(pred)
    exact = (y_high - t_high) + (y_low - t_low)
    return exact if np.isfinite(exact).all() else None


def _fits(array: Array) -> bool:
    if array.dtype.kind == "f" or array.itemsize < 8:
        return True
    return int(array.min()) >= -(2**53) and int(array.max()) <= 2**53


def two_floats(array: Array) -> tuple[Array, Array]:
    """Return two arrays of float64 that add up to the values, integers of 64 bits too."""
    if array.dtype.kind not in "iu" or array.itemsize < 8:
        return array.astype(FLOAT64), np.zeros(array.shape)
    low = array & array.dtype.type(2**32 - 1)
    return (array - low).astype(FLOAT64), low.astype(FLOAT64)


def samples(array: Array, size: int, rows: bool) -> Any:
    """Return what a slice of samples is taken from; nothing of the caller's is copied.

    Reshaping copies what does not lie in the memory in this order. The array's flat iterator
    copies the slice only.
    """
    if array.ndim == 1 + rows:
        return array
    if rows:
        return array.reshape(size, -1)
    return array.reshape(-1) if array.flags.c_contiguous else array.flat


def sample_shape(y_true: Domain, y_pred: Domain, true: Array, pred: Array) -> tuple[int, ...]:
    """Return the shape of the per-sample losses, or say why there is none."""
    if not y_pred.rows:
        check_same_shape(true, pred)
        return pred.shape
    if not y_pred.columns and (pred.ndim == 0 or pred.shape[-1] < 2):
        raise ValueError(
            f"y_pred has shape {pred.shape}; expected at least two classes on the last axis: for "
            f"one value per sample use lossbook.binary_crossentropy"
        )
    if y_pred.columns not in (0, *pred.shape[-1:]):
        raise ValueError(f"y_pred has shape {pred.shape}; expected {y_pred.expected}")
    if y_true.rows:
        check_same_shape(true, pred)
    elif true.shape != pred.shape[:-1]:
        raise ValueError(
            f"y_true has shape {true.shape} and y_pred has shape {pred.shape}; expected one label "
            f"per row, shape {pred.shape[:-1]}"
            + (
                ""
                if y_pred.columns
                else ": for one-hot labels use lossbook.categorical_crossentropy"
            )
        )
    return pred.shape[:-1]


class Weights:
    """The weights of a call, one per sample.

    Attributes
    ----------
    exponent : int
        The largest weight is between 2**(exponent - 1) and 2**exponent.
    """

    def __init__(self, sample_weight: ArrayLike, shape: tuple[int, ...]) -> None:
        weights = as_real_array(sample_weight, "sample_weight")
        if weights.shape != shape:
            raise ValueError(
                f"sample_weight has shape {weights.shape} and the per-sample losses have shape "
                f"{shape}; expected the same shape, because nothing is broadcast: reshape it"
            )
        lowest, highest = weights.min().item(), weights.max().item()
        if not (lowest >= 0 and highest < math.inf):
            bad = lowest if not lowest >= 0 else highest
            raise ValueError(
                f"sample_weight holds {bad!r}; expected finite weights, zero or positive"
            )
        if highest == 0:
            raise ValueError("sample_weight is all zero; expected at least one positive weight")
        self._samples = samples(weights, weights.size, False)
        self.exponent = math.frexp(highest)[1]

    def block(self, block: slice) -> Array:
        """Return the weights of one block, scaled so that the largest of all is near 1."""
        return np.ldexp(self._samples[block].astype(FLOAT64), -self.exponent)

    def times(self, values: Array, block: slice, exponent: Array | int) -> Array:
        """Return values, classes first, times their weights and a power of two, rounded once.

        Mantissas and exponents are multiplied apart, so that nothing overflows or underflows on
        the way. A sample of weight 0 does not count: 0 times infinity is 0 here.
        """
        w, w_exponent = np.frexp(self._samples[block].astype(FLOAT64))
        v, v_exponent = np.frexp(values)
        weighted = np.ldexp(w * v, w_exponent + v_exponent + exponent)
        return np.where(w == 0.0, 0.0, weighted)
