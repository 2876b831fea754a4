"""What a loss accepts: arrays of real numbers, and the domains their values come from.

A check answers twice. `Domain.holds` is quick and says only yes or no: the engine asks it of every
block. `Domain.fault` is slow and says what is wrong and where: it is asked only when something is.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from lossbook.conversion import Array, array_of, not_numbers
from lossbook.sums import ones

__all__ = [
    "CATEGORY",
    "COUNT",
    "DISTRIBUTION",
    "HARD_LABEL",
    "LABEL",
    "LOGIT",
    "LOGITS",
    "LOG_RATE",
    "MEAN_AND_LOG_VARIANCE",
    "ONE_HOT",
    "PROBABILITY",
    "REAL",
    "SCORE",
    "SCORES",
    "SIGN",
    "Array",
    "Domain",
    "Fault",
    "as_number",
    "as_real_array",
    "as_real_pair",
    "check_same_shape",
    "finite",
    "flat",
    "floating_dtype",
    "in_unit_interval",
    "largest",
    "row_sum_tolerance",
    "smallest",
    "zeros_and_ones",
]


def as_real_array(value: Any, name: str) -> Array:
    """Return `value` as an array of booleans, integers or floats; never a subclass.

    Parameters
    ----------
    value : array_like
        What the caller gave.
    name : str
        The argument's name, for the error.

    Returns
    -------
    ndarray
        `value` itself where it is an array already: nothing is copied.

    Raises
    ------
    TypeError
        If `value` is masked, has a unit of measurement, or holds anything but real numbers that
        float64 can represent; or if anything inside it does.
    ValueError
        If `value` is ragged or empty.
    """
    array = value if type(value) is np.ndarray else array_of(value, name)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise not_numbers(value, array, name)
    if array.size == 0:
        raise ValueError(
            f"{name} is empty (shape {array.shape}); expected at least one number, because "
            f"nothing follows from none"
        )
    return array


def as_real_pair(y_true: Any, y_pred: Any) -> tuple[Array, Array]:
    """Return labels and predictions as arrays; say so if they are labelled with different units."""
    if type(y_true) is not np.ndarray and type(y_pred) is not np.ndarray:
        units = [_noted_unit(value) for value in (y_true, y_pred)]
        if None not in units and units[0] != units[1]:
            raise ValueError(
                f"y_true notes the units {units[0]!r} and y_pred the units {units[1]!r}; expected "
                f"the same: convert one of them, and its attrs"
            )
    return as_real_array(y_true, "y_true"), as_real_array(y_pred, "y_pred")


def _noted_unit(value: Any) -> Any:
    """Return the unit that labelled arrays and files note in their attributes, or None."""
    notes = getattr(value, "attrs", None)
    return notes.get("units") if isinstance(notes, Mapping) else None


def as_number(value: Any, name: str, expected: str) -> float:
    """Return the value of a parameter as a float; `expected` says which numbers it may be."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r:.60}; expected one number, {expected}")
    try:
        return float(value)
    except OverflowError:
        sign, digits = "-" if value < 0 else "", math.log10(abs(math.trunc(value)))
        raise ValueError(
            f"{name} is about {sign}1e{digits:.0f}, too large for a float; expected one number, "
            f"{expected}"
        ) from None


def check_same_shape(y_true: Array, y_pred: Array) -> None:
    """Raise a ValueError unless both arrays have exactly the same shape."""
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}; expected the "
            f"same shape, because nothing is broadcast: reshape one of them"
        )


def floating_dtype(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """Return the widest floating dtype among `dtypes`, in native byte order.

    Integers and booleans have no floating precision of their own and do not count; where
    nothing else is given, the answer is float64.
    """
    floats = [dtype.newbyteorder("=") for dtype in dtypes if dtype.kind == "f"]
    return np.result_type(*floats) if floats else np.dtype(np.float64)


def row_sum_tolerance(dtype: np.dtype[Any]) -> float:
    """Return how far from 1 the sum of a row of probabilities may be.

    It is the square root of the machine epsilon of float16 or of float32: 0.031 and 3.5e-4. That of
    float32 holds for float64 too, because most float64 probabilities were float32 before they were
    read from a file, put into a list, or averaged. Of 50,000 classes, whose exponentials a loop
    adds up in float32, the probabilities sum to 1 within 9e-5. A forgotten softmax, a class that is
    missing, or two decimals on paper are far off.
    """
    half = floating_dtype(dtype) == np.float16
    return math.sqrt(np.finfo(np.float16 if half else np.float32).eps)


def flat(block: Array) -> Array:
    """Return the entries in the order of the memory: nothing is copied."""
    return block if block.ndim == 1 else block.ravel("K")


def smallest(block: Array) -> Any:
    """Return the smallest entry, or NaN if there is one; for ten, in a third of `min`'s time."""
    block = flat(block)
    return block.item(block.argmin())


def largest(block: Array) -> Any:
    """Return the largest entry, or NaN if there is one."""
    block = flat(block)
    return block.item(block.argmax())


def finite(a: Array, b: Array | None = None) -> bool:
    """Return whether an array, or two, hold finite numbers, none of them huge.

    A product with an infinity or a NaN is one, whatever the other factor. BLAS adds up the products
    in less time than NumPy needs to look at one of the arrays.
    """
    a = flat(a)
    return math.isfinite(a.dot(a if b is None else flat(b)))


def in_unit_interval(block: Array) -> bool:
    """Return whether all entries are from 0 to 1, none of them a NaN or -0.0.

    The bits of a float, read as a whole number, are in the order of the floats up to infinity. NaN
    comes after that, and then what has a sign. So the largest tells all.
    """
    dtype, one = _BITS[block.itemsize]
    return bool(largest(block.view(dtype)) <= one)


#: Unsigned integers of the size of a float, and the bits of its 1.
_BITS: dict[int, tuple[np.dtype[Any], int]] = {
    8: (np.dtype(np.uint64), 0x3FF0000000000000),
    4: (np.dtype(np.uint32), 0x3F800000),
}


class Fault(NamedTuple):
    """One fault in a block: its position there, class first, and what stands there."""

    position: tuple[int, ...]
    holds: str

    def says(self, name: str, expected: str, shape: tuple[int, ...], start: int = 0) -> str:
        """Return what an error says of it, in a block of samples of such a shape."""
        *label, sample = self.position
        index: list[Any] = [*np.unravel_index(start + sample, shape), *label] if shape else label
        place = f" at index {tuple(int(i) for i in index)}" if index else ""
        return f"{name} holds {self.holds}{place}; expected {expected}"


class Domain(ABC):
    """The set that the values of one argument come from.

    Attributes
    ----------
    expected : str
        What an error says was expected; the chapters' summary cards show it too.
    rows : bool
        Whether one sample is a row of values, one for each class.
    columns : int
        How many values such a row has; 0 where it may have any number.
    shows : bool
        Whether a value outside the domain shows in the sum of the losses, and in a derivative that
        is not bounded, as NaN or infinity. Then the engine need not look for it.
    """

    expected: str
    rows: bool = False
    columns: int = 0
    shows: bool = False

    @abstractmethod
    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        """Return whether a block is certainly inside the domain, and asks for no special care."""

    @abstractmethod
    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        """Return the first fault of a block, or None where there is none."""

    def expects(self, classes: int) -> str:
        """Return what an error says was expected of one of so many classes."""
        return self.expected

    def _first(self, bad: Array, block: Array) -> Fault | None:
        if not bad.any():
            return None
        position = tuple(int(i) for i in np.unravel_index(bad.argmax(), bad.shape))
        return Fault(position, f"{block[position].item()!r}")


class _Real(Domain):
    expected = "finite real numbers"
    shows = True

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        return finite(block)  # and so far from overflow that a difference has room

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        return self._first(~np.isfinite(block), block)


class _Logit(_Real):
    expected = "logits: real numbers, or infinities for certainty"

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        return self._first(np.isnan(block), block)


class _Probability(Domain):
    expected = "probabilities in [0, 1]"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        return in_unit_interval(block)

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        return self._first(~((block >= 0.0) & (block <= 1.0)), block)


class _Label(_Probability):
    expected = "labels or probabilities in [0, 1]"


class _Distribution(Domain):
    expected = "rows of probabilities that sum to 1"
    rows = True

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        if not in_unit_interval(block):
            return False
        sums = ones(len(block), block.dtype).dot(block)
        return smallest(sums) >= 1.0 - tolerance and largest(sums) <= 1.0 + tolerance

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        outside = PROBABILITY.fault(block, tolerance, classes)
        if outside is not None:
            return outside
        sums = block.sum(axis=0)
        bad = abs(sums - 1.0) > tolerance
        if not bad.any():
            return None
        row = int(bad.argmax())
        return Fault((row,), f"a row that sums to {sums[row].item()!r} (tolerance {tolerance:.1e})")


class _Logits(Domain):
    expected = "rows of logits: at most one +inf, and not every one -inf"
    rows = True
    shows = True

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        return finite(block)

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        nan = self._first(np.isnan(block), block)
        if nan is not None:
            return nan
        highest = block.max(axis=0)
        bad = (highest == -np.inf) | ((block == np.inf).sum(axis=0) > 1)
        if not bad.any():
            return None
        row = int(bad.argmax())
        return Fault((row,), "a row whose softmax is undefined")


class _HardLabel(_Probability):
    expected = "labels 0 and 1"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        return super().holds(block, tolerance, classes) and zeros_and_ones(block)

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        return self._first((block != 0.0) & (block != 1.0), block)


def zeros_and_ones(block: Array) -> bool:
    """Return whether numbers from 0 to 1 are all one of both."""
    entries = flat(block)
    return bool(entries.dot(1.0 - entries) == 0.0)


class _Sign(Domain):
    expected = "labels -1 and 1"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        sizes = np.abs(block)
        return bool(smallest(sizes) == 1.0 == largest(sizes))

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        return self._first(np.abs(block) != 1.0, block)


class _Score(_Logit):
    expected = "scores: real numbers, or infinities for certainty"


class _Scores(_Real):
    expected = "rows of scores: finite real numbers"
    rows = True
    shows = False  # that of the true class may be infinite, and the loss 0


class _OneHot(_Distribution):
    expected = "one-hot rows: a 1 and zeros"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        return super().holds(block, tolerance, classes) and zeros_and_ones(block)

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        neither = self._first((block != 0.0) & (block != 1.0), block)
        return neither or super().fault(block, tolerance, classes)


class _Count(Domain):
    expected = "counts: whole numbers from 0"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        dtype, infinity = _BITS[block.itemsize][0], np.array(np.inf, block.dtype)
        finite = largest(block.view(dtype)) < infinity.view(dtype)  # and not negative, see above
        return bool(finite) and bool((np.trunc(block) == block).all())

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        count = np.isfinite(block) & (block >= 0.0)
        return self._first(~count | (np.trunc(block) != block), block)


class _LogRate(_Real):
    expected = "logarithms of rates: finite real numbers"


class _MeanAndLogVariance(_Real):
    expected = "rows of two: a mean, and the logarithm of a variance"
    rows = True
    columns = 2
    shows = False  # an error of 0 hides a variance


class _Category(Domain):
    expected = "whole numbers that name a class"

    def expects(self, classes: int) -> str:
        return f"{self.expected}, from 0 to {classes - 1}"

    def holds(self, block: Array, tolerance: float, classes: int) -> bool:
        if block.dtype.kind == "i":  # as an unsigned integer, a negative one is huge
            return bool(largest(block.view(f"u{block.itemsize}")) < classes)
        whole = block.dtype.kind != "f" or bool((np.trunc(block) == block).all())
        return whole and smallest(block) >= 0 and largest(block) < classes

    def fault(self, block: Array, tolerance: float, classes: int) -> Fault | None:
        with np.errstate(invalid="ignore"):
            whole = np.trunc(block) == block if block.dtype.kind == "f" else True
            return self._first(~(whole & (block >= 0) & (block < classes)), block)


REAL = _Real()
LOGIT = _Logit()
LABEL = _Label()
PROBABILITY = _Probability()
DISTRIBUTION = _Distribution()
LOGITS = _Logits()
SIGN = _Sign()
SCORE = _Score()
SCORES = _Scores()
ONE_HOT = _OneHot()
HARD_LABEL = _HardLabel()
COUNT = _Count()
LOG_RATE = _LogRate()
MEAN_AND_LOG_VARIANCE = _MeanAndLogVariance()
CATEGORY = _Category()
