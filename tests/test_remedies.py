"""What an error advises is done to the very input that caused it, and gives what was meant.

Each case holds what a user passed and what they meant. The code in the error is taken from it and
run until the loss answers; the answer must be the loss of what was meant.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import sys
import types
from collections import UserDict, deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

import lossbook as lb
from tests.faces import FACES

mse, mae = lb.mean_squared_error, lb.mean_absolute_error
bce, cce, sce = (
    lb.binary_crossentropy,
    lb.categorical_crossentropy,
    lb.sparse_categorical_crossentropy,
)
NAN, INF = float("nan"), float("inf")


class Case(NamedTuple):
    """A call, what the error says first, and the call that was meant."""

    loss: Any
    passed: Callable[[], tuple[Any, ...]]  # made anew each time: a generator serves once
    says: str
    meant: Callable[[], float]


def made(arguments: tuple[Any, ...]) -> Callable[[], tuple[Any, ...]]:
    return lambda: arguments


def case(loss: Any, *passed: Any, says: str, meant: Any, asks: Any = None) -> Case:
    """Return a case; `meant` holds the arguments, `asks` another loss."""

    def value() -> float:
        *arguments, weight = (*meant, None)[:3] if len(meant) == 2 else meant
        return (asks or loss)(*arguments, sample_weight=weight)

    return Case(loss, made(passed), says, value)


ROWS = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.25, 0.5, 0.25]])
LOGITS = np.log(ROWS) + np.array([[1.0], [-2.0], [0.5], [3.0]])
LABELS = np.array([0, 1, 2, 1])
ONE_HOT = np.eye(3)[LABELS]
T, Y = np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.5, 2.0, 3.0, 10.0])
YES, P = np.array([1, 0, 1, 1]), np.array([0.9, 0.2, 0.6, 0.7])
Z = np.array([2.0, -1.5, 0.5, 30.0])
W = np.array([1.0, 2.0, 0.5, 4.0])
masked = np.ma.array


class Quantity:
    """A number with a unit, as those of pint."""

    def __init__(self, magnitude: Any, units: str) -> None:
        self.magnitude, self._units = np.asarray(magnitude), units

    @property
    def units(self) -> str:
        return self._units

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.asarray(self.magnitude)

    def to(self, units: str) -> Quantity:
        size = {"m": 1.0, "km": 1000.0}
        return Quantity(self.magnitude * (size[self._units] / size[units]), units)


class Tensor:
    """An array that NumPy cannot read before some methods have been called, as those of PyTorch."""

    def __init__(self, values: Any, needs: str = "", dtype: str = "float64") -> None:
        self.values, self.needs, self.dtype = np.asarray(values), needs, dtype

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("Can't call numpy() on Tensor that requires `grad`.")

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def __getattr__(self, name: str) -> Any:
        if name not in ("to_dense", "resolve_conj", "float"):
            raise AttributeError(name)
        return lambda: Tensor(self.values, "" if name == self.needs else self.needs, self.dtype)

    def numpy(self) -> Any:
        if self.needs:
            raise TypeError(f"{self.needs} first")
        return self.values


class Sparse:
    """A matrix that NumPy takes for a single object, as those of SciPy."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def toarray(self) -> Any:
        return self.values


class Jagged:
    """An array with gaps or rows of different lengths, as those of Awkward."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise ValueError("cannot convert")

    def to_list(self) -> Any:
        return self.values


class Masked(np.ndarray):  # type: ignore[type-arg]
    """An array with a mask of its own kind, as those of Astropy."""

    mask: Any = None


def with_mask(values: Any, mask: Any) -> Any:
    array = np.asarray(values).view(Masked)
    array.mask = np.asarray(mask, bool)
    return array


class Lazy:
    """An array that is computed when NumPy asks for it, and then has a mask, as those of Dask."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.values


def objects(*items: Any) -> Any:
    array = np.empty(len(items), object)
    array[:] = items
    return array


SIGNS = np.array([1, -1, 1, 1])
CASES = {
    # --- labels of a margin ---
    "labels 0 and 1 for a hinge": case(
        lb.hinge, YES, Z, says="The labels are 0 and 1, as for a cross-entropy", meant=(SIGNS, Z),
    ),
    "booleans for a squared hinge": case(
        lb.squared_hinge, YES == 1, Z, says="The labels are 0 and 1", meant=(SIGNS, Z),
    ),
    "nothing but zeros for a hinge": case(
        lb.hinge, [0, 0, 0, 0], Z, says="The labels are 0 and 1", meant=(-np.ones(4), Z),
    ),
    "labels 1 and 2 for a hinge": case(
        lb.hinge, 1 + YES, Z, says="The labels are 1 and 2, not -1 and 1", meant=(SIGNS, Z),
    ),
    "soft labels of a hinge": case(
        lb.hinge, [0.9, 0.1, 0.9, 0.9], Z, says="The labels are 0.1 and 0.9", meant=(SIGNS, Z),
    ),
    "classes for a categorical hinge": case(
        lb.categorical_hinge, LABELS, LOGITS, says="y_true names the class of each row",
        meant=(ONE_HOT, LOGITS),
    ),
    "smoothed rows for a categorical hinge": case(
        lb.categorical_hinge, lb.smooth_labels(ONE_HOT, 0.1), LOGITS, W,
        says="shares of several classes", meant=(ONE_HOT, LOGITS, W),
    ),
    "classes on the first axis for a categorical hinge": case(
        lb.categorical_hinge, ONE_HOT.T, LOGITS.T, says="classes are on axis 0",
        meant=(ONE_HOT, LOGITS),
    ),
    # --- counts, and pairs of a mean and a spread ---
    "counts that rounding has moved": case(
        lb.poisson, [1.0 + 1e-9, 1e-9], [0.5, 0.1], says="Rounding has moved the counts",
        meant=([1, 0], [0.5, 0.1]),
    ),
    "means without a spread": case(
        lb.gaussian_negative_log_likelihood, T, Y, W, says="y_pred holds means alone",
        meant=(T, np.stack([Y, 0 * Y], axis=-1), W),
    ),
    "columns of labels and means": case(
        lb.gaussian_negative_log_likelihood, T[:, None], Y[:, None], says="y_pred holds means",
        meant=(T, np.stack([Y, 0 * Y], axis=-1)),
    ),
    "pairs on the first axis": case(
        lb.gaussian_negative_log_likelihood, T, np.stack([Y, T / 9]),
        says="The pairs are on axis 0", meant=(T, np.stack([Y, T / 9], axis=-1)),
    ),
    "a column of labels for pairs": case(
        lb.gaussian_negative_log_likelihood, T[:, np.newaxis], np.stack([Y, T / 9], axis=-1),
        says="y_true has an axis of length 1", meant=(T, np.stack([Y, T / 9], axis=-1)),
    ),
    # --- masks ---
    "two different masks": case(
        mse, masked(T, mask=[0, 1, 0, 0]), masked(Y, mask=[0, 0, 0, 1]),
        says="masked in y_true and y_pred", meant=(T[[0, 2]], Y[[0, 2]]),
    ),
    "a list of masked rows": case(
        mse, [masked(T, mask=[0, 1, 0, 0]), masked(T, mask=[1, 0, 0, 0])], [Y, Y],
        says="masked in y_true", meant=(T[[0, 2, 3, 1, 2, 3]], Y[[0, 2, 3, 1, 2, 3]]),
    ),
    "a deque of masked rows": case(
        mse, deque([masked(T, mask=[0, 1, 0, 0]), masked(T, mask=[1, 0, 0, 0])]), [Y, Y],
        says="masked in y_true", meant=(T[[0, 2, 3, 1, 2, 3]], Y[[0, 2, 3, 1, 2, 3]]),
    ),
    "a list of masked rows with a fill value": case(
        mse, [masked([1.0, 1e20], mask=[0, 1])], [[1.5, 0.0]],
        says="masked in y_true", meant=([1.0], [1.5]),
    ),
    "masked elements of a list": case(
        mse, [1.0, np.ma.masked, 4.0, 8.0], list(Y), says="masked",
        meant=(T[[0, 2, 3]], Y[[0, 2, 3]]),
    ),
    "an object array of masked rows": case(
        mse, [T, T], objects(masked(Y, mask=[0, 1, 0, 0]), Y),
        says="masked in y_pred", meant=(T[[0, 2, 3, 0, 1, 2, 3]], Y[[0, 2, 3, 0, 1, 2, 3]]),
    ),
    "a masked label of a class": case(
        sce, masked(LABELS, mask=[0, 0, 1, 0]), ROWS, says="masked in y_true",
        meant=(LABELS[[0, 1, 3]], ROWS[[0, 1, 3]]),
    ),
    "masked rows of classes": case(
        cce, ONE_HOT, masked(ROWS, mask=[[1, 0, 0]] + [[0, 0, 0]] * 3),
        says="masked in y_pred", meant=(ONE_HOT[1:], ROWS[1:]),
    ),
    "masked rows of classes with weights": case(
        cce, ONE_HOT, masked(ROWS, mask=[[1, 0, 0]] + [[0, 0, 0]] * 3), W,
        says="masked in y_pred", meant=(ONE_HOT[1:], ROWS[1:], W[1:]),
    ),
    "masked weights": case(
        mse, T, Y, masked(W, mask=[0, 0, 1, 0]), says="masked in sample_weight",
        meant=(T[[0, 1, 3]], Y[[0, 1, 3]], W[[0, 1, 3]]),
    ),
    "a mask of another kind": case(
        mse, T, with_mask(Y, [0, 1, 0, 0]), says="masked in y_pred",
        meant=(T[[0, 2, 3]], Y[[0, 2, 3]]),
    ),
    "a mask that is computed late": case(
        mse, Lazy(masked(T, mask=[0, 1, 0, 0])), Y, says="masked",
        meant=(T[[0, 2, 3]], Y[[0, 2, 3]]),
    ),
    # --- missing values ---
    "None among labels": case(
        mse, [1.0, None, 4.0, 8.0], list(Y), says="missing in y_true",
        meant=(T[[0, 2, 3]], Y[[0, 2, 3]]),
    ),
    "NaN in both": case(
        mae, [[1.0, NAN], [4.0, 8.0]], [[1.5, 2.0], [NAN, 10.0]],
        says="missing in y_true and y_pred", meant=(T[[0, 3]], Y[[0, 3]]),
    ),
    "NaN in a row of probabilities": case(
        cce, ONE_HOT, np.vstack([ROWS[:3], [NAN] * 3]), says="missing in y_pred",
        meant=(ONE_HOT[:3], ROWS[:3]),
    ),
    "NaN as a class": case(
        sce, np.array([0, 1, NAN, 1]), ROWS, says="missing in y_true",
        meant=(LABELS[[0, 1, 3]], ROWS[[0, 1, 3]]),
    ),
    # --- units ---
    "metres and kilometres": case(
        mse, Quantity([1000.0, 2000.0], "m"), Quantity([1.5, 2.0], "km"),
        says="Quantities have a unit", meant=([1.0, 2.0], [1.5, 2.0]),
    ),
    "equal lengths in metres and kilometres": case(
        mse, Quantity([1000.0, 2000.0], "m"), Quantity([1.0, 2.0], "km"),
        says="Quantities have a unit", meant=([1.0, 2.0], [1.0, 2.0]),
    ),
    "lists of quantities": case(
        mae, [Quantity(1.0, "km"), Quantity(2000.0, "m")], [Quantity(1500.0, "m")] * 2,
        says="Quantities have a unit", meant=([1000.0, 2000.0], [1500.0, 1500.0]),
    ),
    "a deque of quantities": case(
        mae, deque([Quantity(1.0, "km"), Quantity(2000.0, "m")]), [Quantity(1500.0, "m")] * 2,
        says="Quantities have a unit", meant=([1000.0, 2000.0], [1500.0, 1500.0]),
    ),
    "a list of one quantity": case(
        mse, [Quantity(1.0, "km")], [Quantity(2000.0, "m")], says="Quantities have a unit",
        meant=([1000.0], [2000.0]),
    ),
    "one quantity": case(
        mse, list(T), Quantity(Y, "m"), says="Quantities have a unit", meant=(T, Y)
    ),
    "a labelled array of quantities": case(
        mse, types.SimpleNamespace(dims=("x",), data=Quantity(T, "m")), list(Y),
        says="Quantities have a unit", meant=(T, Y),
    ),
    # --- what is no array of numbers ---
    "a tensor with a gradient": case(
        mse, T, Tensor(Y), says="is a tensor that NumPy cannot read", meant=(T, Y)
    ),
    "a list of tensors": case(
        sce, LABELS, [Tensor(row) for row in ROWS], says="is a tensor", meant=(LABELS, ROWS)
    ),
    "a tensor of a type that NumPy lacks": case(
        mse, Tensor(T, "float", "bfloat16"), Y, says="is a tensor", meant=(T, Y)
    ),
    "a sparse tensor": case(
        mse, Tensor(T, "to_dense"), Y, says="is a tensor", meant=(T, Y)
    ),
    "a sparse matrix": case(
        cce, Sparse(ONE_HOT), Sparse(ROWS), says="is a sparse matrix", meant=(ONE_HOT, ROWS)
    ),
    "an array with gaps": case(
        mse, Jagged([1.0, None, 4.0, 8.0]), Y, says="without gaps",
        meant=(T[[0, 2, 3]], Y[[0, 2, 3]]),
    ),
    "numbers as text": case(
        mse, ["1", "2.0", "4e0", "8"], Y, says="such as '1'", meant=(T, Y)
    ),
    "bytes": case(mse, np.array([b"1", b"2", b"4", b"8"]), Y, says="such as b'1'", meant=(T, Y)),
    "names of classes": case(
        sce, ["ant", "bee", "cat", "bee"], ROWS, says="such as 'ant'", meant=(LABELS, ROWS)
    ),
    "names of classes as objects": case(
        bce, np.array(["yes", "no", "yes", "yes"], object), P, says="texts, such as 'yes'",
        meant=(YES, P),
    ),
    "a column of names": case(
        sce, [["ant"], ["bee"], ["cat"], ["bee"]], ROWS, says="such as 'ant'", meant=(LABELS, ROWS)
    ),
    "rows as text": case(
        cce, ONE_HOT, [str(row.tolist()) for row in ROWS], says="has dtype <U",
        meant=(ONE_HOT, ROWS),
    ),
    "Decimals": case(mse, [Decimal(int(t)) for t in T], Y, says="Decimals", meant=(T, Y)),
    "Fractions": case(mse, [Fraction(t) for t in T], Y, says="Fractions", meant=(T, Y)),
    "objects": case(mse, T.astype(object), Y, says="holds floats", meant=(T, Y)),
    "integers beyond 64 bits": case(
        mae, [2**70, 0], [0.0, 0.0], says="holds ints", meant=([2.0**70, 0.0], [0.0, 0.0])
    ),
    "long doubles": case(mse, T.astype(np.longdouble), Y, says="has dtype", meant=(T, Y)),
    "complex without imaginary parts": case(
        mse, T.astype(complex), Y, says="has dtype complex128", meant=(T, Y)
    ),
    "complex": case(
        mse, T + 1j, list(Y + 2j), says="complex",
        meant=(np.stack([T, [1.0] * 4], -1), np.stack([Y, [2.0] * 4], -1)),
    ),
    "one of them complex": case(
        mse, T, Y + 2j, says="complex",
        meant=(np.stack([T, [0.0] * 4], -1), np.stack([Y, [2.0] * 4], -1)),
    ),
    "dates": case(
        mae, np.array(["2026-01-01", "2026-01-02"], "datetime64[D]"),
        np.array(["2026-01-01T06", "2026-01-02"], "datetime64[h]"),
        says="has dtype datetime64[D]", meant=([0.0, 0.0], [21600.0, 0.0]),
    ),
    "dates of Python": case(
        mae, [datetime.datetime(2026, 1, 1), datetime.datetime(2026, 1, 2)],
        [datetime.date(2026, 1, 2)] * 2, says="holds datetimes", meant=([86400.0, 0.0], [0.0, 0.0]),
    ),
    "durations": case(
        mae, np.array([60, 120], "timedelta64[s]"), [datetime.timedelta(minutes=1)] * 2,
        says="has dtype timedelta64[s]", meant=([60.0, 120.0], [60.0, 60.0]),
    ),
    "two dicts in different orders": case(
        mse, {"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 3.0}, says="pair them by their keys",
        meant=([1.0, 2.0], [3.0, 2.0]),
    ),
    "three dicts in different orders": case(
        mse, {"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 3.0}, {"c": 7.0, "b": 5.0, "a": 1.0},
        says="pair them by their keys", meant=([1.0, 2.0], [3.0, 2.0], [1.0, 5.0]),
    ),
    "three dicts of the same samples": case(
        mse, {"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 3.0}, {"b": 5.0, "a": 1.0},
        says="pair them by their keys", meant=([1.0, 2.0], [3.0, 2.0], [1.0, 5.0]),
    ),
    "dicts of another kind": case(
        mse, UserDict({5: 1.0, 6: 2.0}), UserDict({6: 2.0, 5: 3.0}),
        says="pair them by their keys", meant=([1.0, 2.0], [3.0, 2.0]),
    ),
    "a dict of another kind": case(
        mse, UserDict({5: 1.0, 6: 2.0}), [3.0, 2.0], says="y_true is a dict",
        meant=([1.0, 2.0], [3.0, 2.0]),
    ),
    "weights of samples in a dict": case(
        mse, [1.0, 2.0], [2.0, 4.0], {"b": 3.0, "a": 1.0}, says="sample_weight is a dict",
        meant=([1.0, 2.0], [2.0, 4.0], [3.0, 1.0]),
    ),
    "one dict": case(mse, dict(enumerate(T)), Y, says="y_true is a dict", meant=(T, Y)),
    "values of a dict": case(
        mse, T, dict(enumerate(Y)).values(), says="y_pred is of type dict_values", meant=(T, Y)
    ),
    "an array of lists": case(
        cce, ONE_HOT, objects(*ROWS.tolist()), says="holds lists", meant=(ONE_HOT, ROWS)
    ),
    "a structured array": case(
        mse, np.array([(1.0, 2.0), (4.0, 8.0)], [("a", float), ("b", float)]), Y.reshape(2, 2),
        says="has dtype [(", meant=(T, Y),
    ),
    "sequences of different lengths": case(
        sce, [[0], [1, 2, 1]], [ROWS[:1].tolist(), ROWS[1:].tolist()],
        says="different lengths", meant=(LABELS, ROWS),
    ),
    # --- shapes ---
    "a column": case(mse, T, Y[:, None], says="axes of length 1", meant=(T, Y)),
    "a list of columns": case(
        mse, [[t] for t in T], list(Y), says="axes of length 1", meant=(T, Y)
    ),
    "a row and a column": case(mae, T[None], Y[:, None], says="axes of length 1", meant=(T, Y)),
    "a constant prediction": case(mse, T, 3.0, says="single number", meant=(T, [3.0] * 4)),
    "a list with a constant prediction": case(
        mse, [[1, 2], [4, 8]], [3.0], says="single number", meant=(T, [3.0] * 4)
    ),
    "transposed": case(
        mse, T.reshape(2, 2)[:, :1].repeat(3, 1), np.ones((3, 2)), says="transposed",
        meant=([1.0, 1, 1, 4, 4, 4], [1.0] * 6),
    ),
    "predict_proba": case(
        bce, YES, np.stack([1 - P, P], -1), says="predict_proba", meant=(YES, P)
    ),
    "predict_proba as lists": case(
        bce, YES.tolist(), np.stack([1 - P, P], -1).tolist(), says="predict_proba", meant=(YES, P)
    ),
    "predict_proba of several outputs": case(
        bce, np.stack([YES, 1 - YES, YES], 1), [np.stack([1 - P, P], -1)] * 3,
        says="two columns for each output", meant=(np.stack([YES, 1 - YES, YES]), [P] * 3),
    ),
    "two logits": case(
        bce.from_logits, YES, np.stack([Z, 3 * Z], -1), says="two logits", meant=(YES, 2 * Z)
    ),
    "two logits in unsigned integers": case(
        bce.from_logits, [1, 0], np.array([[3, 1], [1, 3]], np.uint8), says="two logits",
        meant=([1, 0], [-2.0, 2.0]),
    ),
    "two logits in small integers": case(
        bce.from_logits, [1, 0], np.array([[100, -100], [-100, 100]], np.int8), says="two logits",
        meant=([1, 0], [-200.0, 200.0]),
    ),
    "two logits in integers of 64 bits": case(
        bce.from_logits, [1, 0], np.array([[2**62, -(2**62)], [-(2**62), 2**62]]),
        says="two logits", meant=([1, 0], [-(2.0**63), 2.0**63]),
    ),
    "two logits in float16": case(
        bce.from_logits, [1, 0], np.array([[6e4, -6e4], [-6e4, 6e4]], np.float16),
        says="two logits", meant=([1, 0], [-120000.0, 120000.0]),
    ),
    "two logits in float32": case(
        bce.from_logits, [1, 0], np.array([[2.0**127, -(2.0**127)], [0.5, 1 - 2**-24]], np.float32),
        says="two logits", meant=([1, 0], [-(2.0**128), 0.5 - 2**-24]),
    ),
    "two logits whose difference float64 does not hold": case(
        bce.from_logits, [1, 0], [[1e308, -1e308], [0.0, 1.0]], says="two logits",
        meant=([1, 0], [[1e308, -1e308], [0.0, 1.0]]), asks=sce.from_logits,
    ),
    "two logits as probabilities": case(
        bce, YES, np.stack([Z, 3 * Z], -1), says="two logits", meant=(YES, 2 * Z),
        asks=bce.from_logits,
    ),
    "classes in the binary loss": case(
        bce, LABELS, ROWS, says="3 columns", meant=(LABELS, ROWS), asks=sce
    ),
    "one sample of three classes in the binary loss": case(
        bce, [2], ROWS[:1], says="3 columns", meant=([2], ROWS[:1]), asks=sce
    ),
    "a column of two": case(
        mse, T[:2, None], Y[:2], says="axes of length 1", meant=(T[:2], Y[:2])
    ),
    "zeros beside a column": case(
        mse, [0] * 4, Y[:, None], says="axes of length 1", meant=([0] * 4, Y)
    ),
    "classes in the squared error": case(
        mse, LABELS, ROWS, says="3 columns", meant=(ONE_HOT, ROWS)
    ),
    "two classes in the squared error": case(
        mse, YES, np.stack([1 - P, P], -1), says="2 columns",
        meant=(np.eye(2)[YES], np.stack([1 - P, P], -1)),
    ),
    "a column of class numbers in the categorical loss": case(
        cce, LABELS[:, None], ROWS, says="axis of length 1", meant=(LABELS, ROWS), asks=sce
    ),
    "nothing but zeros beside a column": case(
        cce, [0, 0, 0, 0], P[:, None], says="one number for each label", meant=([0] * 4, P),
        asks=bce,
    ),
    "class numbers in the categorical loss": case(
        cce, LABELS * 1.0, ROWS, says="y_true names the class", meant=(LABELS, ROWS), asks=sce
    ),
    "two classes by number in the categorical loss": case(
        cce, YES, np.stack([1 - P, P], -1), says="y_true names the class",
        meant=(YES, np.stack([1 - P, P], -1)), asks=sce,
    ),
    "two classes by number and scores": case(
        lb.categorical_hinge, YES, np.stack([-Z, Z], -1), says="y_true names the class",
        meant=(np.eye(2)[YES], np.stack([-Z, Z], -1)),
    ),
    "two of three classes by number in the categorical loss": case(
        cce, LABELS[1:3], ROWS[1:3], says="y_true names the class",
        meant=(LABELS[1:3], ROWS[1:3]), asks=sce,
    ),
    "class numbers with weights in the categorical loss": case(
        cce.from_logits, LABELS, LOGITS, [0, 2, 1, 4], says="y_true names the class",
        meant=(LABELS, LOGITS, [0, 2, 1, 4]), asks=sce.from_logits,
    ),
    "one-hot labels in the sparse loss": case(
        sce, ONE_HOT, ROWS, says="y_true has a row", meant=(ONE_HOT, ROWS), asks=cce
    ),
    "one-hot labels with weights in the sparse loss": case(
        sce, ONE_HOT, ROWS, W, says="y_true has a row", meant=(ONE_HOT, ROWS, W), asks=cce
    ),
    "a column of labels": case(
        sce, LABELS[:, None], ROWS, says="axis of length 1", meant=(LABELS, ROWS)
    ),
    "two classes as one number": case(
        cce, YES[:, None], P[:, None], says="one number for each label", meant=(YES, P), asks=bce
    ),
    "labels beside a column of probabilities": case(
        sce, YES, P[:, None], says="one number for each label", meant=(YES, P), asks=bce
    ),
    "a list of probabilities in the sparse loss": case(
        sce, YES, P, says="one number for each label", meant=(YES, P), asks=bce
    ),
    "a list of probabilities in the categorical loss": case(
        cce, YES, P, says="With one axis", meant=(YES, P), asks=bce
    ),
    "two labels of a list in the categorical loss": case(
        cce, [1, 0, 1], P[:3], says="With one axis", meant=([1, 0, 1], P[:3]), asks=bce
    ),
    "zeros of a list in the categorical loss": case(
        cce, [0, 0, 0], P[:3], says="With one axis", meant=([0, 0, 0], P[:3]), asks=bce
    ),
    "rows that sum to one half": case(
        cce, ONE_HOT / 2, ROWS, says="rows of y_true do not sum to 1", meant=(ONE_HOT, ROWS)
    ),
    "logits whose sum is nearly 100": case(
        cce, ONE_HOT, ROWS * 101.5, says="looks like logits", meant=(ONE_HOT, ROWS * 101.5),
        asks=cce.from_logits,
    ),
    "classes on axis 1": case(
        sce, LABELS.reshape(2, 2), np.moveaxis(ROWS.reshape(2, 2, 3), -1, 1),
        says="classes are on axis 1", meant=(LABELS, ROWS),
    ),
    "two classes on axis 1": case(
        sce, YES[np.newaxis], np.stack([1 - P, P])[np.newaxis], says="classes are on axis 1",
        meant=(YES, np.stack([1 - P, P], -1)),
    ),
    "logits with classes on axis 1": case(
        sce.from_logits, LABELS.reshape(2, 1, 2), np.moveaxis(LOGITS.reshape(2, 1, 2, 3), -1, 1),
        says="classes are on axis 1", meant=(LABELS, LOGITS),
    ),
    "labels of a signal with a channel": case(
        sce.from_logits, LABELS.reshape(2, 1, 2), np.moveaxis(LOGITS.reshape(2, 2, 3), -1, 1),
        says="axis of length 1", meant=(LABELS, LOGITS),
    ),
    "labels of one signal with a channel": case(
        sce.from_logits, LABELS.reshape(1, 1, 4), LOGITS.T[np.newaxis],
        says="axis of length 1", meant=(LABELS, LOGITS),
    ),
    "labels with a channel": case(
        sce.from_logits, LABELS.reshape(2, 1, 1, 2), np.moveaxis(LOGITS.reshape(2, 1, 2, 3), -1, 1),
        says="axis of length 1", meant=(LABELS, LOGITS),
    ),
    "one-hot labels with classes on axis 0": case(
        cce, ONE_HOT.T, ROWS.T, says="classes are on axis 0", meant=(ONE_HOT, ROWS)
    ),
    "as many classes as samples, on axis 0": case(
        sce, LABELS[:3], ROWS[:3].T, says="classes are on axis 0", meant=(LABELS[:3], ROWS[:3])
    ),
    "two rows of three classes, prediction first": case(
        sce, ROWS[1:3], LABELS[1:3], says="swapped", meant=(LABELS[1:3], ROWS[1:3])
    ),
    "prediction first in the sparse loss": case(
        sce, ROWS, LABELS, says="swapped", meant=(LABELS, ROWS)
    ),
    "prediction first, logits": case(
        bce.from_logits, Z, YES, says="swapped", meant=(YES, Z)
    ),
    "prediction first, rows of logits": case(
        cce.from_logits, LOGITS, ONE_HOT, says="swapped", meant=(ONE_HOT, LOGITS)
    ),
    # --- labels ---
    "labels from 1": case(
        sce, LABELS + 1, ROWS, says="counts the classes from 1; the 3 columns of y_pred are "
        "classes 0 to 2", meant=(LABELS, ROWS),
    ),
    "labels from 1 in a list": case(
        sce, [1, 2, 3, 2], ROWS.tolist(), says="counts the classes from 1", meant=(LABELS, ROWS)
    ),
    "digits as labels": case(
        sce, np.array([10, 20, 30, 20]), ROWS, says="names 3 classes by other numbers than 0 to 2",
        meant=(LABELS, ROWS),
    ),
    "labels with a gap": case(
        sce, [0.0, 2.0, 3.0, 2.0], ROWS, says="by other numbers than 0 to 2", meant=(LABELS, ROWS)
    ),
    "labels that rounding has moved": case(
        sce, LABELS + 1e-9, ROWS, says="Rounding has moved the labels", meant=(LABELS, ROWS)
    ),
    "padding of -1": case(
        sce, [0.0, 1.0, -1.0, 1.0], ROWS, says="-1 is no class",
        meant=(LABELS[[0, 1, 3]], ROWS[[0, 1, 3]]),
    ),
    "padding of -100 with weights": case(
        sce.from_logits, np.array([[0, 1], [2, -100]]), LOGITS.reshape(2, 2, 3), W.reshape(2, 2),
        says="-100 is no class", meant=(LABELS[:3], LOGITS[:3], W[:3]),
    ),
    "pixels to ignore": case(
        sce, np.array([0, 255, 2, 1], np.uint8), ROWS, says="255 is no class",
        meant=(LABELS[[0, 2, 3]], ROWS[[0, 2, 3]]),
    ),
    "padding beside weights of classes of which one does not occur": case(
        sce, [0, 1, -100, 1], ROWS.tolist(), {0: 1.0, 1: 2.0, 2: 3.0}, says="-100 is no class, and",
        meant=([0, 1, 1], ROWS[[0, 1, 3]], [1, 2, 2]),
    ),
    "padding beside a list of weights of classes": case(
        sce, [0, 1, -100, 0], ROWS.tolist(), [1.0, 2.0, 3.0], says="-100 is no class, and",
        meant=([0, 1, 0], ROWS[[0, 1, 3]], [1, 2, 1]),
    ),
    "padding beside balanced weights": case(
        sce.from_logits, np.array([0, 255, 255, 0, 1], np.uint8), np.vstack([LOGITS, Z[:3]]),
        "balanced", says="255 is no class, and",
        meant=([0, 0, 1], np.vstack([LOGITS[[0, 3]], Z[:3]]), [1, 1, 2]),
    ),
    "padding that has a weight of its own": case(
        sce, [0, 1, -1, 1], ROWS, {1: 2.0, -1: 0.0}, says="weight for each class",
        meant=([0, 1, 1], ROWS[[0, 1, 3]], [1, 2, 2]),
    ),
    "padding beside a column of weights": case(
        sce, [0, 1, -100, 0], ROWS, W[:, None], says="axes of length 1",
        meant=([0, 1, 0], ROWS[[0, 1, 3]], W[[0, 1, 3]]),
    ),
    "padding beside a single weight": case(
        sce, [0, 1, -100, 0], ROWS, 2.0, says="is a single number",
        meant=([0, 1, 0], ROWS[[0, 1, 3]]),
    ),
    "empty rows of labels beside balanced weights": case(
        cce, np.vstack([ONE_HOT[[1, 0, 1]], [0, 0, 0]]), ROWS, "balanced", says="rows are all 0",
        meant=(ONE_HOT[[1, 0, 1]], ROWS[:3], [0.75, 1.5, 0.75]),
    ),
    "empty rows of labels beside a list of weights of classes": case(
        cce, np.vstack([ONE_HOT[[1, 0, 1]], [0, 0, 0]]), ROWS, [1, 2, 3],
        says="one weight for each class", meant=(ONE_HOT[[1, 0, 1]], ROWS[:3], [2, 1, 2]),
    ),
    "labels from 1 beside weights of classes from 0": case(
        sce, LABELS + 1, ROWS, {0: 1.0, 1: 2.0, 2: 5.0}, says="counts the classes from 1",
        meant=(LABELS, ROWS, [1, 2, 5, 2]),
    ),
    "labels -1 and 1 beside weights of 0 and 1": case(
        bce, SIGNS, P, {0: 3.0, 1: 2.0}, says="labels are -1 and 1",
        meant=(YES, P, 2.0 + (YES == 0)),
    ),
    "labels 0 and 1 beside weights of -1 and 1": case(
        lb.hinge, YES, Z, {-1: 3.0, 1: 2.0}, says="labels are 0 and 1",
        meant=(SIGNS, Z, 2.0 + (YES == 0)),
    ),
    "names of classes that have weights": case(
        sce, ["ant", "bee", "cat", "bee"], ROWS, {"ant": 1.0, "bee": 2.0, "cat": 5.0},
        says="weight for each class", meant=(LABELS, ROWS, [1, 2, 5, 2]),
    ),
    "a missing label beside weights of classes": case(
        sce, [0, None, 2, 1], ROWS.tolist(), {0: 1.0, 1: 2.0, 2: 5.0}, says="missing in y_true",
        meant=([0, 2, 1], ROWS[[0, 2, 3]], [1, 5, 2]),
    ),
    "labels -1 and 1": case(
        bce, 2 * YES - 1, P, says="labels are -1 and 1", meant=(YES, P)
    ),
    "labels 1 and 2": case(bce, (YES + 1).tolist(), P, says="labels are 1 and 2", meant=(YES, P)),
    "labels 0 and 255": case(
        bce.from_logits, YES * 255, Z, says="labels are 0 and 255", meant=(YES, Z)
    ),
    "labels of seven digits": case(
        bce, np.where(YES, 7654321, 1234567), P, says="labels are 1234567 and 7654321",
        meant=(YES, P),
    ),
    "years and days as labels": case(
        lb.binary_focal_crossentropy, np.where(YES, 20210101.0, 20200101.0).tolist(), P,
        says="labels are 20200101 and 20210101", meant=(YES, P),
    ),
    "labels beyond 2**53": case(
        bce, np.where(YES, 2**60 + 1, 2**60), P, says=f"labels are {2**60} and {2**60 + 1}",
        meant=(YES, P),
    ),
    "labels of float32 that rounding shows": case(
        bce, np.where(YES, 4 / 3, -1 / 3).astype(np.float32), P,
        says="labels are -0.3333333432674408 and 1.3333333730697632", meant=(YES, P),
    ),
    "labels of float32 for a focal loss": case(
        lb.binary_focal_crossentropy.from_logits,
        np.where(YES, 4 / 3, -1 / 3).astype(np.float32), Z, says="labels are -0.333333",
        meant=(YES, Z),
    ),
    "labels of float16": case(
        bce, np.where(YES, 4 / 3, -1 / 3).astype(np.float16), P,
        says="labels are -0.333251953125 and 1.3330078125", meant=(YES, P),
    ),
    "labels of float32 in a list": case(
        bce, list(np.where(YES, 4 / 3, 1e30).astype(np.float32)), P,
        says="labels are 1.3333333730697632 and 1.0000000150474662e+30", meant=(1 - YES, P),
    ),
    "labels of seven digits for a hinge": case(
        lb.hinge, np.where(YES, 7654321, 1234567), Z, says="labels are 1234567 and 7654321",
        meant=(SIGNS, Z),
    ),
    "labels -1 and 1 in unsigned integers": case(
        bce, SIGNS.astype(np.uint8), P, says="of the labels 1 and 255, 255 is what became of it",
        meant=(YES, P),
    ),
    "labels -1 and 1 in unsigned integers for a hinge": case(
        lb.hinge, SIGNS.astype(np.uint64), Z, says=f"of the labels 1 and {2**64 - 1}",
        meant=(SIGNS, Z),
    ),
    "shades to 255": case(
        bce, np.array([0, 51, 51, 255]), P, says="reach 255", meant=([0.0, 0.2, 0.2, 1.0], P)
    ),
    "counts in float16 whose sum it does not hold": case(
        cce, np.array([[4e4, 2e4, 4e4], [1, 3, 0]], np.float16), ROWS[:2],
        says="do not sum to 1", meant=([[0.4, 0.2, 0.4], [0.25, 0.75, 0]], ROWS[:2]),
    ),
    "counts whose sum 64 bits do not hold": case(
        cce, np.array([[2**61, 2**61, 2**62], [1, 3, 0]]), ROWS[:2],
        says="do not sum to 1", meant=([[0.25, 0.25, 0.5], [0.25, 0.75, 0]], ROWS[:2]),
    ),
    "labels that left [0, 1]": case(
        bce, np.where(YES, 1 + 1e-12, 0.0), P, says="Rounding", meant=(YES, P)
    ),
    "multi-label rows": case(
        cce, [[1, 0, 1], [0, 1, 1]], ROWS[:2] * 0.9, says="several classes",
        meant=([[1, 0, 1], [0, 1, 1]], ROWS[:2] * 0.9), asks=bce,
    ),
    "multi-label rows with logits and weights": case(
        cce.from_logits, [[1, 0, 1], [0, 0, 0]], LOGITS[:2], [1, 3], says="several classes",
        meant=([[1, 0, 1], [0, 0, 0]], LOGITS[:2], [[1] * 3, [3] * 3]), asks=bce.from_logits,
    ),
    "empty rows of labels": case(
        cce, np.vstack([ONE_HOT[:3], [0, 0, 0]]), ROWS, says="rows are all 0",
        meant=(ONE_HOT[:3], ROWS[:3]),
    ),
    "empty rows of labels with weights": case(
        cce, np.vstack([ONE_HOT[:3], [0, 0, 0]]), ROWS, W, says="rows are all 0",
        meant=(ONE_HOT[:3], ROWS[:3], W[:3]),
    ),
    "multi-label rows with logits as probabilities": case(
        cce, [[1, 0, 1], [0, 1, 1]], LOGITS[:2], says="several classes",
        meant=([[1, 0, 1], [0, 1, 1]], LOGITS[:2]), asks=bce.from_logits,
    ),
    "logits of classes in the binary loss": case(
        bce, LABELS, LOGITS, says="3 columns", meant=(LABELS, LOGITS), asks=sce.from_logits
    ),
    "class numbers and logits in the categorical loss": case(
        cce, LABELS, LOGITS, says="names the class", meant=(LABELS, LOGITS), asks=sce.from_logits
    ),
    "counts": case(
        cce, [[2, 1, 1], [4, 0, 0], [1, 2, 1], [0, 3, 1]], ROWS, says="do not sum to 1",
        meant=([[0.5, 0.25, 0.25], [1, 0, 0], [0.25, 0.5, 0.25], [0, 0.75, 0.25]], ROWS),
    ),
    # --- predictions ---
    "logits as probabilities": case(
        bce, YES, Z, says="looks like logits", meant=(YES, Z), asks=bce.from_logits
    ),
    "soft labels, and logits as probabilities": case(
        bce, P, Z, says="looks like logits", meant=(P, Z), asks=bce.from_logits
    ),
    "rows of logits as probabilities": case(
        sce, LABELS, LOGITS, W, says="looks like logits", meant=(LABELS, LOGITS, W),
        asks=sce.from_logits,
    ),
    "percentages": case(
        bce, YES, [90.0, 0.0, 100.0, 70.0], says="percentages", meant=(YES, [0.9, 0.0, 1.0, 0.7])
    ),
    "rows of percentages": case(
        sce, LABELS, 100 * ROWS, says="do not sum to 1", meant=(LABELS, ROWS)
    ),
    "rows of percentages in float16": case(
        sce, [0, 1], np.array([[33.3, 33.3, 33.3], [20, 20, 60]], np.float16),
        says="do not sum to 1", meant=([0, 1], [[1 / 3] * 3, [0.2, 0.2, 0.6]]),
    ),
    "probabilities that left [0, 1]": case(
        bce, YES, [1.0000001, -1e-9, 0.6, 0.7], says="Rounding", meant=(YES, [1.0, 0.0, 0.6, 0.7])
    ),
    "rows of two decimals": case(
        sce, [0, 1], [[0.33, 0.33, 0.33], [0.2, 0.2, 0.6]], says="do not sum to 1",
        meant=([0, 1], [[1 / 3] * 3, [0.2, 0.2, 0.6]]),
    ),
    "rows that sum to a half": case(
        cce, ONE_HOT, (ROWS / 2).tolist(), says="do not sum to 1", meant=(ONE_HOT, ROWS)
    ),
    "empty rows of predictions": case(
        sce, LABELS, np.vstack([ROWS[:3], [0, 0, 0]]), says="rows are all 0",
        meant=(LABELS[:3], ROWS[:3]),
    ),
    "rows of masked logits": case(
        sce.from_logits, LABELS, np.vstack([LOGITS[:3], [-INF] * 3]), says="all -inf",
        meant=(LABELS[:3], LOGITS[:3]),
    ),
    # --- weights ---
    "a weight for each row": case(
        mse, T.reshape(2, 2), Y.reshape(2, 2), [1, 3], says="one weight for each row",
        meant=(T, Y, [1, 1, 3, 3]),
    ),
    "a weight for each column": case(
        mse, np.ones((2, 3)), np.arange(6.0).reshape(2, 3), np.array([1, 2, 3]),
        says="one weight for each column", meant=([1.0] * 6, np.arange(6.0), [1, 2, 3, 1, 2, 3]),
    ),
    "a column of two weights": case(
        mse, T[:2], Y[:2], W[:2, None], says="axes of length 1", meant=(T[:2], Y[:2], W[:2])
    ),
    "a column of weights": case(mse, T, Y, W[:, None], says="axes of length 1", meant=(T, Y, W)),
    "weights without the columns' axis": case(
        mse, T[:, None], Y[:, None], W, says="axes of length 1", meant=(T, Y, W)
    ),
    "a column of weights for rows": case(
        sce, LABELS, ROWS, W[:, None], says="axes of length 1", meant=(LABELS, ROWS, W)
    ),
    "a single weight": case(mse, T, Y, 2.0, says="is a single number", meant=(T, Y, [2.0] * 4)),
    "class weights in a dict": case(
        sce, LABELS, ROWS, {0: 1.0, 1: 2.0, 2: 5.0}, says="weight for each class",
        meant=(LABELS, ROWS, [1, 2, 5, 2]),
    ),
    "class weights in a dict, one-hot": case(
        cce, ONE_HOT, ROWS, {0: 1.0, 1: 2.0, 2: 5.0}, says="weight for each class",
        meant=(ONE_HOT, ROWS, [1, 2, 5, 2]),
    ),
    "the weight of one class in a dict, one-hot": case(
        cce, np.eye(3)[[[1, 1], [0, 0]]], ROWS.reshape(2, 2, 3), {1: 2.0},
        says="weight for each class", meant=(np.eye(3)[[1, 1, 0, 0]], ROWS, [2, 2, 1, 1]),
    ),
    "balanced": case(
        bce, YES, P, "balanced", says="weight for each class",
        meant=(YES, P, [2 / 3, 2, 2 / 3, 2 / 3]),
    ),
    "class weights in a list": case(
        sce, LABELS, ROWS, [1.0, 2.0, 5.0], says="weight for each class",
        meant=(LABELS, ROWS, [1, 2, 5, 2]),
    ),
    "class weights in a list, one-hot": case(
        cce, ONE_HOT, ROWS, [1.0, 2.0, 5.0], says="weight for each class",
        meant=(ONE_HOT, ROWS, [1, 2, 5, 2]),
    ),
}  # fmt: skip

ROWS_OF_LOGITS = np.array([[2.0, -1.0], [0.5, 3.0]])
#: A helper, what it is given, the name it gives it, and what was meant.
HELPERS: dict[str, tuple[Callable[[Any], Any], Any, str, Any]] = {
    "labels from 1": (lambda a: lb.one_hot(a, 3), [1, 3, 2], "labels", np.eye(3)[[0, 2, 1]]),
    "labels for smoothing": (
        lambda a: lb.smooth_labels(a, 0.3), [0, 2, 1], "y_true", np.eye(3)[[0, 2, 1]] * 0.7 + 0.1,
    ),
    "probabilities that left [0, 1]": (
        lambda a: lb.clip_probabilities(a, 0.1), [1 + 1e-9, 0.5], "p", [0.9, 0.5],
    ),
    "logits to clip": (
        lambda a: lb.clip_probabilities(a, 0.1), [-30.0, 0.0], "p", [0.1, 0.5],
    ),
    "logits for an entropy": (
        lb.entropy, ROWS_OF_LOGITS, "p", lb.entropy(lb.softmax(ROWS_OF_LOGITS)),
    ),
    "logits near 0 for an entropy": (
        lb.entropy, ROWS_OF_LOGITS / 8, "p", lb.entropy(lb.softmax(ROWS_OF_LOGITS / 8)),
    ),
    "logits near 0 to clip": (
        lambda a: lb.clip_probabilities(a, 0.1), [-0.5, 0.0], "p", lb.sigmoid([-0.5, 0.0]),
    ),
    "counts of which none is of the first class": (
        lb.entropy, [[0, 3], [0, 2]], "p", [0.0, 0.0],
    ),
    "counts in float16 for an entropy": (
        lb.entropy, np.array([[6e4, 0], [4e4, 4e4]], np.float16), "p", [0.0, np.log(2)],
    ),
    "counts of 64 bits for an entropy": (
        lb.entropy, np.array([[2**62, 2**62], [1, 1]]), "p", [np.log(2)] * 2,
    ),
    "counts for an entropy": (
        lb.entropy, [[3, 0], [2, 2]], "p", lb.entropy([[1, 0], [0.5, 0.5]]),
    ),
    "a generator": (lb.sigmoid, (z for z in [0.0]), "z", [0.5]),
    "text": (lb.softmax, ["0", "0"], "z", [0.5, 0.5]),
}  # fmt: skip


@pytest.mark.parametrize("name", HELPERS)
def test_the_advice_of_a_helper_gives_what_was_meant(name: str) -> None:
    ask, given, argument, meant = HELPERS[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        ask(given)
    code = re.findall("`([^`]*)`", str(caught.value))
    assert len(code) == 1
    names = {"np": np, "lossbook": lb, argument: given}
    exec(code[0], names)
    assert np.asarray(ask(names[argument])) == pytest.approx(np.asarray(meant), rel=1e-12)


#: Where no line of code could help.
WORDS = {
    "negative counts": (lb.poisson, [2, -1], [0.0, 0.0], None, "Nothing is counted less than 0"),
    "a count below 0 that has moved": (
        lb.poisson,
        [1e-9 - 1.0, 2.0],
        [0.0, 0.0],
        None,
        "Nothing is counted less than 0",
    ),
    "rates for counts": (lb.poisson, [0.0, 1.25], [0.0, 0.0], None, "y_true may hold rates"),
    "three columns": (
        lb.gaussian_negative_log_likelihood,
        T,
        np.zeros((4, 3)),
        None,
        "y_pred has shape (4, 3); expected rows of two",
    ),
    "samples that differ in number": (mse, T, Y[:3], None, "There are 4 labels and 3 predictions"),
    "an overflow": (mse, T, [INF, 0, 0, 0], None, "An infinity comes from log(0)"),
    "predicted classes": (bce, YES, 2 * YES - 1, None, "y_pred holds classes, -1 and 1"),
    "a class without a column": (
        sce,
        [0, 1, 7, 2],
        ROWS,
        None,
        "y_pred has 3 columns, for classes 0 to 2; class 7 has none",
    ),
    "a class of eight digits without a column": (
        sce,
        [0, 1, 12345678, 2],
        ROWS,
        None,
        "class 12345678 has none",
    ),
    "weights of classes by other names": (
        sce,
        LABELS,
        ROWS,
        {"0": 1.0, "1": 2.0, "2": 5.0},
        "not one of the classes in y_true: class_weight names '0', which no label is",
    ),
    "too few rows beside weights of classes": (
        sce,
        [0, 1, -100],
        ROWS[:2],
        {0: 1.0, 1: 2.0, 2: 3.0},
        "There are 3 labels and 2 predictions",
    ),
    "a float without a column": (sce, [0.0, 1.0, 7.0, 2.0], ROWS, None, "class 7 has none"),
    "one class too many": (sce, [0, 1, 3, 2], ROWS, None, "class 3 has none"),
    "more than two classes": (bce, LABELS * 1.0, P, None, "y_true has 3 classes"),
    "nothing but padding": (sce, LABELS, ROWS, [0] * 4, "No sample counts"),
    "every label is padding": (sce, [-1] * 4, ROWS, None, "y_true holds -1 at index (0,)"),
    "labels and logits that are both wrong": (bce, [0.5, 7.5, 3.5, 1], Z, None, "y_true holds 7.5"),
    "a set": (mse, {1.0, 2.0}, [1.0, 2.0], None, "y_true is a set, which has no order"),
    "a text": (mse, "1 2 4 8", Y, None, "y_true is a text"),
    "a function": (mse, T, np.mean, None, "y_pred is of type"),
    "missing dates": (mse, [np.datetime64("NaT", "D")], [1.0], None, "holds NaT"),
    "names as predictions": (sce, LABELS, ["a"] * 4, None, "y_pred has dtype <U1, such as 'a'"),
}


@pytest.mark.parametrize("name", WORDS)
def test_where_no_code_helps_words_do(name: str) -> None:
    loss, t, y, weight, says = WORDS[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        loss(t, y, sample_weight=weight)
    assert says in str(caught.value)
    assert "`" not in str(caught.value)


#: A call that is wrong, and a word of advice that would be wrong too.
NOT_SO: dict[str, tuple[Any, ...]] = {
    "whole counts": (lb.poisson, [1.0, 2.0], [INF, 0.0], "y_true may hold"),
    "whole counts, again": (lb.poisson, [1, 2], [INF, 0.0], "Rounding"),
    "certain of two classes": (sce.from_logits, [0, 1], [[INF, INF], [0.0, 1.0]], "all -inf"),
    "counts, and an empty row": (cce, [[0, 0, 0], [2, 3, 5]], ROWS[:2], "If they are padding"),
    "percentages as labels": (bce, [0, 50, 100], [0.1, 0.2, 0.3], "255"),
    "negative labels and large ones": (bce, [-5, 3, 200], [0.1, 0.2, 0.3], "255"),
    "numbers with gaps": (bce, [0, 1, 7, 3], P, "classes"),
    "a label beyond the columns": (mse, [0, 1, 3, 1], ROWS, "one_hot"),
    "padding, and a label beyond the columns": (sce, [0, -1, 3, 1], ROWS, "is no class"),
    "one row of logits": (sce.from_logits, YES, Z[None], "moveaxis"),
    "two rows of numbers": (sce, ROWS, P, "swapped"),
    "pairs of no output": (bce, YES, np.zeros((4, 4, 2)), "two columns"),
    "as many samples as classes": (
        sce.from_logits,
        [[0, 1, 2], [0, 1, 2], [0, 1, 7]],
        np.zeros((3, 3, 3)),
        "moveaxis",
    ),
    "rows within the tolerance of float16": (
        cce,
        [[-1, 1, 1]],
        np.array([[0.5, 0.53125, 0.0]], np.float16),
        "do not sum",
    ),
    "a column too short": (sce, np.zeros((5, 1), int), np.full((6, 3), 1 / 3), "squeeze"),
    "a label that is not finite": (lb.hinge, [1, 1, 1, INF], Z, "not -1 and 1"),
    "rows nearly of sum 1": (cce, np.eye(3), np.full((3, 3), 0.33), "sigmoid"),
    "rows that one class names": (sce, LABELS, ROWS / 2, "sigmoid"),
    "a row that is all there is": (cce, [1, 0, 0], [0.0, 0.0, 0.0], "leave them out"),
    "too few weights, and a row of zeros": (cce, ONE_HOT, ROWS * YES[:, None], "leave", W[:2]),
    "too few weights, and a row of labels": (sce, ONE_HOT, ROWS, "y_true has a row", W[:2]),
    "a negative weight, and a row of labels": (sce, ONE_HOT, ROWS, "y_true has a row", W - 1),
    "labels beyond two columns": (bce, [0.5, 7, 3, 1], np.stack([1 - P, P], -1), "two columns"),
    "columns of booleans": (bce, YES, np.stack([1 - YES, YES], -1) == 1, "two columns"),
    "one label for two rows": (sce, [0], [[0.2, 0.8], [0.5, 0.5]], "single number"),
    "a label and a prediction": (bce, [2.0], [0.5], "single number"),
    "rows for class numbers": (sce, np.zeros((2, 3), int), np.full((3, 2), 0.5), "transposed"),
    "three axes in another order": (mse, np.zeros((2, 3, 4)), np.zeros((4, 3, 2)), "transposed"),
    "shares, where they may be": (cce, [[0.5, 0.5]], [[2.0, -1.0]], "shares of several"),
    "several classes of a margin": (lb.categorical_hinge, [[1, 1, 0]], [[1, 2, 3]], "shares of"),
    "one class of a margin": (lb.categorical_hinge, [[1, 0]], [[INF, 0.0]], "shares of several"),
    "an infinite probability": (bce, YES, [0.5, INF, 0.2, 0.1], "logits"),
    "pairs that are all there": (
        lb.gaussian_negative_log_likelihood,
        [1.0, INF],
        [[0.0, 0.0], [1.0, 1.0]],
        "axis 0",
    ),
    "one class of a list": (cce, [1, 0, 0], [0.5, 0.9, 0.9], "With one axis"),
    "padding, and a class without a column": (sce, [0, -1, 3, 1], ROWS, "has none"),
    "a number below the classes": (cce, [0, 1, -1, 1], ROWS, "names the class"),
    "labels of a margin": (lb.hinge, [1, -1, 1, 1], Z, "labels are", W[:2]),
    "a percentage below 0": (bce, YES, [-0.5, 50.0, 30.0, 90.0], "percentages"),
    "a percentage beyond 100": (bce, YES, [101.0, 50.0, 30.0, 90.0], "percentages"),
    "labels up to 256": (bce, [0, 128, 256, 0], P, "255"),
    "labels from -1": (bce, [-1, 0, 2, 0], P, "3 classes"),
    "two channels": (sce, np.zeros((2, 1, 3), int), np.full((2, 1, 4), 0.25), "squeeze"),
    "three classes and two columns": (bce, LABELS, np.stack([1 - P, P], -1), "two columns"),
    "a row of infinite numbers": (mse, [[1, 2], [3, 4]], [[-INF, -INF], [0, 1]], "all -inf"),
}


@pytest.mark.parametrize("name", NOT_SO)
def test_a_mistake_is_not_seen_where_there_is_another(name: str) -> None:
    loss, t, y, word, *weight = NOT_SO[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        loss(t, y, sample_weight=weight[0] if weight else None)
    assert word not in str(caught.value)


@pytest.mark.parametrize(
    "ask, word",
    [
        (lambda: lb.clip_probabilities([0.0, 3.0], 0.1), "sigmoid"),
        (lambda: lb.clip_probabilities([2.0, 3.0], 0.1), "one_hot"),
        (lambda: lb.clip_probabilities([1.0, 0.5, 2.0], 0.1), "count from 1"),
        (lambda: lb.one_hot([0, 1, 5], 3), "count from 1"),
        (lambda: lb.one_hot([1, 2, 5], 3), "count from 1"),
        (lambda: lb.smooth_labels([0.5, 2.0], 0.1), "one_hot"),
        (lambda: lb.smooth_labels([[0, 2], [1, 1]], 0.1), "one_hot"),
        (lambda: lb.smooth_labels([-1, 2], 0.1), "one_hot"),
        (lambda: lb.entropy([[0, 0], [3, 2]]), "divide"),
    ],
)
def test_a_helper_does_not_see_a_mistake_where_there_is_another(
    ask: Callable[[], Any], word: str
) -> None:
    with pytest.raises(ValueError, match=r"expected") as caught:
        ask()
    assert word not in str(caught.value)


def test_rows_far_from_sum_one_may_be_sigmoids() -> None:
    with pytest.raises(ValueError, match="sigmoid of its own"):
        cce(ONE_HOT, ROWS / 2)


@pytest.mark.parametrize("given, meant", [("sum_over_batch_size", "mean"), (None, "none")])
def test_a_reduction_of_another_library_is_translated(given: Any, meant: str) -> None:
    with pytest.raises(ValueError, match=f'`reduction = "{meant}"`'):
        mse(T, Y, reduction=given)


#: Iterators serve once, so that they are made anew.
ITERATORS = {
    "a generator": (lambda: (t for t in T), "is of type generator"),
    "a map": (lambda: map(float, T), "is of type map"),
    "a zip": (lambda: zip(T, strict=True), "is of type zip"),
}


def following(loss: Any, passed: tuple[Any, ...], says: str) -> float:
    """Return what the loss, or the one that is advised, answers once the advice is followed."""
    names: dict[str, Any] = {"np": np, "lossbook": lb, "sample_weight": None}
    names |= dict(zip(("y_true", "y_pred", "sample_weight"), passed, strict=False))
    first = True
    for _ in range(4):
        try:
            return loss(names["y_true"], names["y_pred"], sample_weight=names["sample_weight"])
        except (TypeError, ValueError) as error:
            message = str(error)
        if first:
            assert says in message, message
        first = False
        code = re.findall("`([^`]*)`", message)
        assert len(code) == 1, message
        if code[0].startswith("lossbook."):
            answer = eval(code[0], names)
            assert isinstance(answer, float)
            return answer
        exec(code[0], names)
    raise AssertionError(f"the advice does not lead out: {message}")


@pytest.mark.parametrize("name", CASES)
def test_the_advice_gives_the_loss_that_was_meant(name: str) -> None:
    loss, passed, says, meant = CASES[name]
    assert following(loss, passed(), says) == pytest.approx(meant(), rel=1e-12)


def of_numbers(value: Any) -> bool:
    """Return whether a value is an array of numbers, or a list of numbers or of rows of them."""
    if isinstance(value, list):
        return all(isinstance(item, int | float) or of_numbers(item) for item in value)
    return type(value) is np.ndarray and value.dtype.kind in "biuf"


#: Where the number of axes is itself what was wrong.
OF_SO_MANY_AXES = {
    "pairs on the first axis",
    "a list with a constant prediction",
    "sequences of different lengths",
    "transposed",
    "a list of probabilities in the sparse loss",
    "a list of probabilities in the categorical loss",
    "two labels of a list in the categorical loss",
    "zeros of a list in the categorical loss",
    "labels with a channel",
    "labels of a signal with a channel",
    "labels of one signal with a channel",
    "as many classes as samples, on axis 0",
    "predict_proba of several outputs",
    "a row and a column",
}
DEEPER = [
    name
    for name, (_, passed, says, _) in CASES.items()
    if name not in OF_SO_MANY_AXES
    if all(map(of_numbers, passed()[:2])) and not says.startswith("masked")
]


@pytest.mark.parametrize("name", DEEPER)
def test_the_advice_is_as_good_for_samples_on_more_axes(name: str) -> None:
    loss, passed, says, meant = CASES[name]
    passed = passed()
    deeper = [
        np.stack([value] * 5) if np.shape(value)[:1] == np.shape(passed[0])[:1] else value
        for value in passed
    ]
    for axis in (1, 0):  # one more comes before
        says = says.replace(f"axis {axis}", f"axis {axis + 1}")
    assert following(loss, tuple(deeper), says) == pytest.approx(meant(), rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_refuses_with_the_same_words(name: str) -> None:
    loss, passed, says, _ = CASES[name]
    t, y, *w = passed()
    with pytest.raises((TypeError, ValueError)) as caught:
        loss.gradient(t, y, sample_weight=w[0] if w else None)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ITERATORS)
def test_an_iterator_is_to_be_made_a_list(name: str) -> None:
    make, says = ITERATORS[name]
    assert following(mse, (make(), Y), says) == mse(T, Y)


def test_a_mask_of_keras_becomes_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = types.ModuleType("keras")
    keras.ops = types.SimpleNamespace(convert_to_numpy=np.array)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keras", keras)
    y = ROWS.view(Masked)
    y._keras_mask = np.array([True, True, False, True])  # type: ignore[attr-defined]
    found = following(sce, (LABELS, y), "carries a mask of Keras")
    assert found == sce(LABELS[[0, 1, 3]], ROWS[[0, 1, 3]])


def test_a_complex_tensor_does_not_lose_its_imaginary_part() -> None:
    with pytest.raises(TypeError, match="is a tensor") as caught:
        mse(Tensor(T + 1j, "float", "complex64"), Y)
    assert "float()" not in str(caught.value)


def labelled(values: Any, **attrs: Any) -> Any:
    array = np.asarray(values).view(Masked)
    array.attrs = attrs  # type: ignore[attr-defined]
    return array


def test_units_that_are_noted_must_agree() -> None:
    t, y = labelled(T, units="m"), labelled(Y, units="km")
    with pytest.raises(ValueError, match="y_true notes the units 'm' and y_pred the units 'km'"):
        mse(t, y)
    with pytest.raises(ValueError, match="notes the units"):
        lb.pearson_correlation(t, y)
    for other in (labelled(Y, units="m"), labelled(Y), labelled(Y, long_name="y"), Y):
        assert mse(t, other) == mse(T, Y)


def drawn(rng: np.random.Generator) -> Any:
    """Draw what somebody may pass: any shape, kind and container, sensible or not."""
    shape = tuple(int(n) for n in rng.integers(1, 4, size=rng.integers(0, 4)))
    normal = rng.normal(size=shape)
    gaps = rng.random(shape) < 0.3
    array = [
        lambda: normal * rng.choice([1.0, 100.0, 1e-8]),
        lambda: rng.random(shape),
        lambda: rng.integers(-1, 4, shape),
        lambda: rng.integers(0, 2, shape).astype(bool),
        lambda: lb.softmax(rng.normal(size=(*shape, 3))),
        lambda: np.eye(3)[rng.integers(0, 3, shape)],
        lambda: np.where(gaps, NAN, normal),
        lambda: np.where(gaps, -INF, normal),
        lambda: np.round(100 * rng.random(shape)),
        lambda: rng.integers(-100, 300, shape),
        lambda: masked(normal, mask=gaps),
        lambda: normal + 1j,
        lambda: rng.choice(["a", "b", "1"], shape),
        lambda: np.zeros(shape),
    ][rng.integers(14)]()
    wrap = [
        lambda: array,
        lambda: np.asarray(array).tolist(),
        lambda: np.asarray(array, object),
        lambda: list(array) if array.ndim else array,
        lambda: dict(enumerate(array)) if array.ndim else array,
        lambda: Tensor(array),
        lambda: Lazy(array),
        lambda: Jagged([None, *np.asarray(array).ravel().tolist()]),
    ]
    return wrap[rng.integers(8)]()


def test_whatever_is_passed_is_answered_or_refused_with_one_piece_of_advice_that_runs() -> None:
    rng = np.random.default_rng(7)
    mended = 0
    for _ in range(1500):
        loss = FACES[rng.integers(len(FACES))]
        names = {"np": np, "lossbook": lb, "y_true": drawn(rng), "sample_weight": None}
        names["y_pred"] = drawn(rng) if rng.random() < 0.7 else names["y_true"]
        if rng.random() < 0.3:
            names["sample_weight"] = drawn(rng)
        for step in range(4):
            try:
                loss(names["y_true"], names["y_pred"], sample_weight=names["sample_weight"])
                mended += step > 0
                break
            except (TypeError, ValueError) as error:
                code = re.findall("`([^`]*)`", str(error))
            assert len(code) <= 1
            if not code:
                break
            if code[0].startswith("lossbook."):
                with contextlib.suppress(TypeError, ValueError):  # which that loss explains
                    eval(code[0], names)
                break
            exec(code[0], names)
    assert mended > 100  # so that something has been tried


def every_case() -> Iterator[tuple[str, str]]:
    for name, (loss, passed, _, _) in CASES.items():
        t, y, *w = passed()
        with pytest.raises((TypeError, ValueError)) as caught:
            loss(t, y, sample_weight=w[0] if w else None)
        yield name, str(caught.value)


def test_an_error_says_what_is_likely_and_then_the_rule() -> None:
    for name, message in every_case():
        advice = message.index("`")
        assert message[0].isupper() or message.startswith(("y_", "sample_", "-", "255")), name
        assert "expected" in message, name
        assert message.index("expected") > advice or ". " not in message[:advice], name
