"""The likely mistake behind bad input, and the line that mends it.

The checks say which rule was broken. When one was, functions for each mistake look at the call as a
whole, one after the other, and the first that recognizes it speaks. What stands in backticks is
code that can be typed as it is: it changes the arguments, or calls another loss.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from lossbook.arguments import sample_shape
from lossbook.checks import (
    CATEGORY,
    COUNT,
    DISTRIBUTION,
    HARD_LABEL,
    LABEL,
    LOGIT,
    LOGITS,
    ONE_HOT,
    PROBABILITY,
    REAL,
    SCORES,
    SIGN,
    Array,
    Domain,
    as_real_array,
    row_sum_tolerance,
)
from lossbook.conversion import UNREADABLE, array_of, carried, is_missing, opened, unit_of
from lossbook.samples import compute_sample_weight, drop_missing

__all__ = ["explained", "to_distributions", "to_domain"]

ROUNDING = 1e-6  # how far beyond 0 or 1 float32 may round a probability


class Call:
    """What a loss was asked: the arguments as they were passed, and as arrays of numbers."""

    def __init__(self, loss: Any, y_true: Any, y_pred: Any, sample_weight: Any) -> None:
        self.loss = loss
        self.passed = {"y_true": y_true, "y_pred": y_pred}
        if sample_weight is not None:
            self.passed["sample_weight"] = sample_weight
        self.classes = loss.y_pred.rows  # whether a sample is a row, one value for each class
        self.sparse = loss.y_true is CATEGORY
        self.logits = loss.y_pred in (LOGIT, LOGITS)
        self.entropy = loss.y_true in (LABEL, DISTRIBUTION, CATEGORY)  # it is a cross-entropy

    @cached_property
    def t(self) -> Array:
        """The labels."""
        return as_real_array(self.passed["y_true"], "y_true")

    @cached_property
    def y(self) -> Array:
        """The predictions."""
        return as_real_array(self.passed["y_pred"], "y_pred")

    @cached_property
    def w(self) -> Array:
        """The weights; a single 1 where there are none."""
        return as_real_array(self.passed.get("sample_weight", 1.0), "sample_weight")

    @cached_property
    def columns(self) -> int:
        """The length of the predictions' last axis."""
        return self.y.shape[-1] if self.y.ndim else 0

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """The shape of the losses of the samples."""
        return sample_shape(self.loss.y_true, self.loss.y_pred, self.t, self.y)

    @cached_property
    def labels_fit(self) -> bool:
        """Whether the labels are what the loss expects."""
        if self.sparse:
            return _names_class(self.t, self.columns)
        return _rows(self.t) if self.classes else self.loss.y_true is REAL or _inside(self.t)

    def asks(self, loss: str, samples: tuple[int, ...]) -> str:
        """Return the code that calls another loss, of such samples, with the same arguments."""
        weight = ""
        if "sample_weight" in self.passed:
            if self.w.shape != samples or not (self.w >= 0).all() or not self.w.any():
                raise ValueError("the weights are to be put right first")
            weight = ", sample_weight=sample_weight"
        return f"`lossbook.{loss}(y_true, y_pred{weight})`"

    @cached_property
    def by_class(self) -> bool:
        """Whether the weights are those of the classes, in a dict or by a name."""
        return isinstance(self.passed.get("sample_weight"), Mapping | str)

    @cached_property
    def by_sample(self) -> list[str]:
        """The arguments that hold something for each sample."""
        return [name for name in self.passed if not (name == "sample_weight" and self.by_class)]

    def keep(self, condition: str) -> str:
        """Return the code that keeps in every argument the samples that fulfil a condition."""
        weighted = "sample_weight" in self.by_sample
        if not self.samples or (weighted and self.w.shape != self.samples):
            raise ValueError("a single sample cannot be left out, and weights must fit the samples")
        names = ", ".join(self.by_sample)
        kept = ", ".join(f"np.asarray({name})[keep]" for name in self.by_sample)
        return f"`keep = {condition}; {names} = {kept}`"


def explained(error: Exception, loss: Any, y_true: Any, y_pred: Any, weight: Any) -> Exception:
    """Return the error with the likely mistake in front, where one is recognized."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        likely = _likely(Call(loss, y_true, y_pred, weight))
    if likely is None:
        return error
    # One piece of advice is enough: that of the rule gives way.
    rule = re.sub(r": [^:]*`[^`]*`.*$", "", str(error))
    return type(error)(f"{likely}.\n{rule}")


def _likely(call: Call) -> str | None:
    """Return the first mistake that is recognized, or None."""
    # Shapes mean something only of numbers, and values only where the shapes fit.
    for needed, mistakes in (("passed", READING), ("t y", SHAPES), ("w samples", VALUES)):
        try:
            for name in needed.split():
                getattr(call, name)
        except UNREADABLE:
            return None
        for recognize in mistakes:
            with contextlib.suppress(*UNREADABLE):
                likely = recognize(call)
                if likely:
                    return likely
    return None


def to_distributions(values: Array, name: str) -> str:
    """Return how numbers become distributions, as the end of an error; empty where they do not."""
    if not np.isfinite(values).all():
        return ""
    if values.min() < 0:
        return f": if they are logits, `{name} = lossbook.softmax({name})`"
    sums = _sums(values)
    if not sums.all() or not np.isfinite(sums).all():
        return ""
    return f": divide each row by its sum, {_divided(name)}"


def _divided(name: str) -> str:
    """Return the code that divides rows by their sums: in float64, which holds the sums."""
    rows = f"np.asarray({name}, dtype=float)"
    return f"`{name} = {rows}; {name} = {name} / {name}.sum(axis=-1, keepdims=True)`"


def to_domain(values: Array, name: str, domain: Domain, classes: int) -> str:
    """Return how values come into a domain, as the end of an error; empty if nothing is likely."""
    if not np.isfinite(values).all():
        return ""
    if domain is CATEGORY and values.min() == 1 and values.max() == classes:
        return f": if they count from 1, `{name} = np.asarray({name}) - 1`"
    if domain is not PROBABILITY:
        return ""
    if _overshoots(values):
        return f": rounding has moved them, `{name} = np.clip({name}, 0, 1)`"
    if name == "y_true" and values.ndim == 1 and (values % 1 == 0).all() and values.min() >= 0:
        return (
            f": if they name classes, `{name} = lossbook.one_hot({name}, {int(values.max()) + 1})`"
        )
    if values.min() < 0:
        return f": if they are logits, `{name} = lossbook.sigmoid({name})`"
    return ""


# --- what cannot be read as numbers ---------------------------------------------------------------


def missing(call: Call) -> str | None:
    """Recognize values that are masked, None, NA or NaN, in each argument at its own samples."""
    masked = [name for name, value in call.passed.items() if _is_masked(value)]
    hung = [n for n in masked if getattr(call.passed[n], "_keras_mask", None) is not None]
    if hung:
        name = hung[0]
        return (
            f"{name} carries a mask of Keras: let it be the weights, `import keras; sample_weight, "
            f"{name} = (keras.ops.convert_to_numpy(a) for a in ({name}._keras_mask, {name}))`"
        )
    absent = [name for name in call.by_sample if name in masked or _lacks(call.passed[name])]
    if not absent:
        return None
    names = ", ".join(call.by_sample)
    by_rows = call.classes and not call.sparse and len(call.by_sample) == 2
    # It says so if the shapes do not fit.
    drop_missing(*(call.passed[name] for name in call.by_sample), rows=by_rows)
    rows = ", rows=True" if by_rows else ""
    what = "masked" if masked else "missing"
    where = " and ".join(absent)
    return (
        f"Values are {what} in {where}: leave their samples out of every argument, "
        f"`{names} = lossbook.drop_missing({names}{rows})`"
    )


def _is_masked(value: Any) -> bool:
    if carried(value) == "mask":
        return True
    with contextlib.suppress(*UNREADABLE):
        return carried(np.asanyarray(value)) == "mask"  # it may be computed only now
    return False


def _lacks(value: Any) -> bool:
    array = np.asarray(value)
    if array.dtype.kind in "fmM":
        return bool((array != array).any())  # NaN and NaT differ from themselves
    return array.dtype == object and any(map(is_missing, array.ravel()))


def units(call: Call) -> str | None:
    """Recognize quantities: one unit for all, then numbers."""
    if not any(carried(value) == "unit" for value in call.passed.values()):
        return None
    numbers, unit = [], ""
    for name, value in call.passed.items():
        several = isinstance(opened(value), list | tuple)
        part, where = (value[0], f"{name}[0]") if several else (value, name)
        if hasattr(part, "dims"):
            part, where = part.data, f"{name}.data"
        dtype = getattr(part, "dtype", None)
        if unit_of(part) is not None:
            unit = f"{where}.{'unit' if getattr(part, 'units', None) is None else 'units'}"
        elif hasattr(dtype, "units"):
            unit = f"{name}.dtype.units"
        else:
            continue
        way = _to_numbers(part)
        if not way:
            return None
        numbers.append(
            f"{name} = [part{way} for part in {name}]" if several else f"{name} = {where}{way}"
        )
    if not numbers:
        return None
    code = "; ".join([f"unit = {unit}", *numbers])
    return f"Quantities have a unit: convert them to one, and take the numbers, `{code}`"


def _to_numbers(quantity: Any) -> str:
    """Return how a library's quantity is converted to a unit and stripped of it."""
    ways = {
        "to_value": ".to_value(unit)",  # Astropy, unyt
        "quantity": ".quantity.to_value(unit)",  # a column of Astropy
        "rescale": ".rescale(unit).magnitude",  # quantities
        "magnitude": ".to(unit).magnitude",  # Pint
        "pint": ".pint.to(unit).pint.magnitude",  # a series of Pint
    }
    return next((way for name, way in ways.items() if hasattr(quantity, name)), "")


def padding_beside_class_weights(call: Call) -> str | None:
    """Recognize padding where the weights are those of the classes: it is none, and goes first."""
    if not call.by_class:
        return None
    if call.loss.y_true.rows:
        return empty_rows(call)
    label = _padding_label(call)
    return None if label is None else _without_padding(call, label)


def dicts(call: Call) -> str | None:
    """Recognize dicts of samples, whose keys may differ in order, and dicts of class weights."""
    t, y, weight = (call.passed.get(name) for name in ("y_true", "y_pred", "sample_weight"))
    if isinstance(t, Mapping) and isinstance(y, Mapping) and set(t) == set(y):
        others = ["y_pred"]
        if isinstance(weight, Mapping) and set(t) <= set(weight):
            others.append("sample_weight")
        paired = "; ".join(f"{name} = [{name}[key] for key in y_true]" for name in others)
        return (
            f"{' and '.join(['y_true', *others])} are dicts: pair them by their keys, "
            f"`{paired}; y_true = list(y_true.values())`"
        )
    if not call.by_class:
        return None
    rows = call.classes and not call.sparse
    labels = np.argmax(call.t, axis=-1) if rows else array_of(t, "y_true")
    try:
        compute_sample_weight(weight, labels)
    except ValueError as error:
        if call.loss.y_true in (REAL, COUNT) or not call.samples:  # if shapes fit, that is
            return None
        labelled = (labels_from_one(call), other_binary_labels(call), labels_of_a_margin(call))
        unfit = f"sample_weight is a dict, but not one of the classes in y_true: {error}"
        return next(filter(None, labelled), unfit)
    code = "np.argmax(y_true, axis=-1)" if rows else "y_true"
    return (
        f"sample_weight names a weight for each class: give each sample that of its own, "
        f"`sample_weight = lossbook.compute_sample_weight(sample_weight, {code})`"
    )


def ragged(call: Call) -> str | None:
    """Recognize sequences of different lengths, whose elements all count alike."""
    values = call.passed.values()
    if not all(isinstance(value, list | tuple) for value in values):
        return None
    lengths = [[len(part) for part in value] for value in values]
    if len(set(lengths[0])) < 2 or any(length != lengths[0] for length in lengths):
        return None
    joined = ", ".join(f"np.concatenate({name})" for name in call.passed)
    return (
        f"The sequences have different lengths: join them, "
        f"`{', '.join(call.passed)} = {joined}`, so that every element counts alike"
    )


def complex_numbers(call: Call) -> str | None:
    """Recognize complex numbers, with imaginary parts."""
    t, y = (np.asarray(call.passed[name]) for name in ("y_true", "y_pred"))
    if call.loss.y_pred is not REAL or not any(np.any(np.imag(a)) for a in (t, y)):
        return None
    return (
        "The numbers are complex: let the real and the imaginary part be two numbers, "
        "`y_true, y_pred = (np.stack([np.real(a), np.imag(a)], axis=-1) for a in (y_true, y_pred))`"
    )


# --- shapes that do not fit -----------------------------------------------------------------------


def swapped(call: Call) -> str | None:
    """Recognize prediction first, as in PyTorch."""
    t, y = call.t, call.y
    if call.sparse:
        wrong = y.shape == t.shape[:-1] and t.ndim and _names_class(y, t.shape[-1])
    elif call.classes:
        wrong = t.shape == y.shape and _one_hot(y) and not _one_hot(t) and not _rows(t)
    elif call.loss.y_true in (LABEL, HARD_LABEL):
        wrong = t.shape == y.shape and _hard(y) and not _inside(t)
    else:
        return None
    if not wrong:
        return None
    return "The arguments look swapped: labels come first, `y_true, y_pred = y_pred, y_true`"


def no_pairs(call: Call) -> str | None:
    """Recognize means without a spread, and pairs on another axis than the last."""
    t, y = call.t, call.y
    if not call.loss.y_pred.columns or y.shape == (*t.shape, 2):
        return None
    if y.shape == (2, *t.shape):
        return "The pairs are on axis 0: put them last, `y_pred = np.moveaxis(y_pred, 0, -1)`"
    if y.shape == t.shape:
        return (
            "y_pred holds means alone: give each the logarithm of a variance, such as that of 1, "
            "`y_pred = np.stack([y_pred, np.zeros(np.shape(y_pred))], axis=-1)`"
        )
    return None


def two_columns(call: Call) -> str | None:
    """Recognize the two columns of `predict_proba`, or two logits, for the loss of one number."""
    t, y = call.t, call.y
    if call.classes or call.loss.y_true is not LABEL:
        return None
    if t.ndim and y.ndim == 3 and y.shape[::2] == (t.shape[-1], 2) and y.shape[1:2] == t.shape[:-1]:
        return (
            "y_pred has two columns for each output: take the second, "
            "`y_pred = np.stack([np.asarray(columns)[:, 1] for columns in y_pred], axis=-1)`"
        )
    if y.shape != (*t.shape, 2) or not _names_class(t, 2) or y.dtype == bool:
        return None
    # In the dtype of small or unsigned integers, the difference would wrap around.
    if call.logits and np.isfinite(np.subtract(y[..., 1], y[..., 0], dtype=np.float64)).all():
        return (
            "y_pred has two logits for each label: their difference is the logit of class 1, "
            "`z = np.asarray(y_pred, dtype=float); y_pred = z[..., 1] - z[..., 0]`"
        )
    if not _rows(y):
        return "y_pred has two logits for each label: " + call.asks(
            "sparse_categorical_crossentropy.from_logits", t.shape
        )
    return (
        "y_pred has two columns, as predict_proba gives them: the second is the probability of "
        "class 1, `y_pred = np.asarray(y_pred)[..., 1]`"
    )


def classes_for_elements(call: Call) -> str | None:
    """Recognize class labels with a row of predictions each, for a loss of elements."""
    t, y = call.t, call.y
    if call.classes or y.ndim != t.ndim + 1 or y.shape[:-1] != t.shape:
        return None
    if y.shape[-1] < 2 or not _names_class(t, y.shape[-1]):
        return None
    if call.loss.y_true is LABEL:
        form = "" if _rows(y) else ".from_logits"
        return f"y_pred has {y.shape[-1]} columns, one for each class: " + call.asks(
            f"sparse_categorical_crossentropy{form}", t.shape
        )
    return (
        f"y_true names classes and y_pred has {y.shape[-1]} columns: "
        f"`y_true = lossbook.one_hot(y_true, {y.shape[-1]})`"
    )


def extra_axis(call: Call) -> str | None:
    """Recognize shapes that differ by axes of length 1, as (N, 1) and (N,)."""
    t, y = call.t, call.y
    if call.classes:
        column = call.sparse or t.shape != y.shape
        if column and t.ndim and t.shape[-1] == 1 and t.shape[:-1] == y.shape[:-1]:
            return "y_true has an axis of length 1: `y_true = np.asarray(y_true)[..., 0]`"
        if t.shape != y.shape and t.ndim == y.ndim > 2 and t.shape[1] == 1 != y.shape[1]:
            return "y_true has an axis of length 1: `y_true = np.squeeze(np.asarray(y_true), 1)`"
        return None
    if t.shape == y.shape or t.size != y.size:
        return None
    if [n for n in t.shape if n > 1] == [n for n in y.shape if n > 1]:
        return (
            "y_true and y_pred differ by axes of length 1: "
            "`y_pred = np.asarray(y_pred).reshape(np.shape(y_true))`"
        )
    return None


def one_number(call: Call) -> str | None:
    """Recognize a single number for all samples."""
    t, y = call.t, call.y
    if call.classes or t.shape == y.shape or min(t.size, y.size) > 1:
        return None
    one, other = ("y_true", "y_pred") if t.size == 1 else ("y_pred", "y_true")
    return (
        f"{one} is a single number: repeat it for each sample, "
        f"`{one} = np.full(np.shape({other}), {one})`"
    )


def transposed(call: Call) -> str | None:
    """Recognize rows and columns exchanged."""
    t, y = call.t, call.y
    if call.sparse or t.ndim != 2 or t.shape == y.shape or t.shape != y.shape[::-1]:
        return None
    return "One of the arguments is transposed: `y_pred = np.transpose(y_pred)`"


def another_axis(call: Call) -> str | None:
    """Recognize classes on another axis than the last, as PyTorch has them on axis 1."""
    t, y = call.t, call.y
    if not call.classes:
        return None
    for axis in range(y.ndim - 1):
        fits = y.shape[axis] > 1
        if call.sparse:
            fits &= t.shape == y.shape[:axis] + y.shape[axis + 1 :]
            fits &= t.shape != y.shape[:-1] or not (call.logits or _rows(y))
        else:
            fits &= t.shape == y.shape and not _rows(t) and _rows(np.moveaxis(t, axis, -1))
        free = call.logits or call.loss.y_pred is SCORES
        if fits and (free or _rows(np.moveaxis(y, axis, -1))):
            where = f"the classes are on axis {axis}: put them last"
            if call.sparse:
                return f"In y_pred {where}, `y_pred = np.moveaxis(np.asarray(y_pred), {axis}, -1)`"
            return (
                f"In both arguments {where}, `y_true, y_pred = "
                f"(np.moveaxis(np.asarray(a), {axis}, -1) for a in (y_true, y_pred))`"
            )
    return None


def other_loss_of_classes(call: Call) -> str | None:
    """Recognize the labels of another loss: class numbers, rows, or one number for a sample."""
    t, y = call.t, call.y
    if not call.classes:
        return None
    if not call.entropy:
        fits = call.columns > 1 and y.shape[:-1] == t.shape
        if fits and call.loss.y_true is ONE_HOT and _names_class(t, call.columns):
            return (
                f"y_true names the class of each row: "
                f"`y_true = lossbook.one_hot(y_true, {call.columns})`"
            )
        return None
    form = ".from_logits" if call.logits or not _inside(y) else ""
    alone = "y_pred has one number for each label, not a row: "
    if call.sparse and t.ndim and t.shape == y.shape and (_rows(t) or _hard(t)):
        if t.ndim == 1:
            return alone + call.asks(f"binary_crossentropy{form}", t.shape)
        if not _rows(t):
            return None
        other = call.asks(f"categorical_crossentropy{form}", t.shape[:-1])
        return f"y_true has a row for each sample: {other}"
    named = y.ndim and y.shape[-1] > 1 and y.shape[:-1] == t.shape
    if named and not call.sparse and _names_class(t, y.shape[-1]):
        other = call.asks(f"sparse_categorical_crossentropy{form}", t.shape)
        return f"y_true names the class of each row: {other}"
    if y.ndim and y.shape[-1] == 1 and t.size == y.size and _hard(t):
        flat = "np.asarray(y_true).ravel(), np.asarray(y_pred).ravel()"
        other = call.asks(f"binary_crossentropy{form}", (t.size,))
        return alone + other.replace("y_true, y_pred", flat)
    if y.shape == t.shape and y.ndim == 1 and _hard(t) and t.sum() != 1:
        return (
            "With one axis, the arguments are one sample and its classes. If each element is a "
            "sample of its own: " + call.asks(f"binary_crossentropy{form}", t.shape)
        )
    return None


def another_number_of_samples(call: Call) -> str | None:
    """Recognize different lengths."""
    t, y = call.t, call.y
    if t.ndim and y.ndim and len(t) != len(y):
        return (
            f"There are {len(t)} labels and {len(y)} predictions: one of the two has samples that "
            f"the other lacks"
        )
    return None


# --- labels that are none -------------------------------------------------------------------------


def padding(call: Call) -> str | None:
    """Recognize labels such as -1, -100 or 255 that mark samples that should not count."""
    label = _padding_label(call)
    if label is None:
        return None
    weight = "keep"
    if "sample_weight" in call.passed:
        if call.w.shape == call.y.shape[-1:] != call.samples:
            return _without_padding(call, label)
        if call.w.shape != call.samples:
            return weights_of_rows(call)
        weight = "keep * np.asarray(sample_weight)"
    return (
        f"{label} is no class. If it marks samples that should not count, give them weight 0: "
        f"`keep = np.not_equal(y_true, {label}); "
        f"y_true, sample_weight = np.where(keep, y_true, 0), {weight}`"
    )


def _padding_label(call: Call) -> int | None:
    """Return the only label that names no class, if it looks like a mark."""
    if not call.sparse:
        return None
    bad = np.unique(call.t[(call.t < 0) | (call.t >= call.columns)])
    if (
        len(bad) != 1
        or bad[0] % 1 != 0
        or not (bad[0] < 0 or bad[0] == 255)
        or (call.t == bad[0]).all()
    ):
        return None
    return int(bad[0])


def _without_padding(call: Call, label: int) -> str:
    """Return how padding is left out, and the weights of the classes become those of samples."""
    if call.t.shape != call.samples:
        raise ValueError("the shapes are to be put right first")
    compute_sample_weight(call.passed["sample_weight"], call.t[call.t != label])
    kept = "np.asarray(y_true)[keep], np.asarray(y_pred)[keep]"
    return (
        f"{label} is no class, and sample_weight has one weight for each class. If it marks "
        f"samples that should not count, leave them out, and give the others that of their class: "
        f"`keep = np.not_equal(y_true, {label}); y_true, y_pred = {kept}; "
        f"sample_weight = lossbook.compute_sample_weight(sample_weight, y_true)`"
    )


def labels_from_one(call: Call) -> str | None:
    """Recognize classes counted from 1, or named by other numbers."""
    if not call.sparse:
        return None
    classes = call.columns
    if call.t.min() == 1 and call.t.max() == classes:
        return (
            f"y_true counts the classes from 1; the {classes} columns of y_pred are classes 0 to "
            f"{classes - 1}: `y_true = np.asarray(y_true) - 1`"
        )
    found = np.unique(call.t)
    if (found % 1 == 0).all() and not (found < classes).all() and len(found) == classes:
        return (
            f"y_true names {classes} classes by other numbers than 0 to {classes - 1}: in "
            f"ascending order, `y_true = np.unique(y_true, return_inverse=True)[1]"
            f".reshape(np.shape(y_true))`"
        )
    if (found % 1 == 0).all() and found[-1] >= classes and found[0] >= 0:
        return (
            f"y_pred has {classes} columns, for classes 0 to {classes - 1}; class "
            f"{_number(found[-1])} has none"
        )
    near = np.rint(call.t)
    if 0 < abs(call.t - near).max() < ROUNDING:
        return "Rounding has moved the labels: `y_true = np.rint(y_true)`"
    return None


def other_binary_labels(call: Call) -> str | None:
    """Recognize labels -1 and 1, 1 and 2, or 0 and 255."""
    if call.loss.y_true not in (LABEL, HARD_LABEL) or not np.isfinite(call.t).all():
        return None
    if _inside(call.t):
        if call.loss.y_true is LABEL or _hard(call.t):
            return None
        return (
            "Some labels lie between 0 and 1, and libraries do not agree on what a focal loss of "
            "those is: round them, `y_true = np.rint(y_true)`"
        )
    found = np.unique(call.t)
    if _overshoots(call.t):
        return "Rounding has moved labels out of [0, 1]: `y_true = np.clip(y_true, 0, 1)`"
    if _wrapped(found):
        return f"{_WRAPPED.format(_number(found[1]))}: `y_true = np.equal(y_true, 1)`"
    if len(found) == 2:
        low, high = map(_number, found)
        return f"The labels are {low} and {high}, not 0 and 1: `y_true = np.equal(y_true, {high})`"
    if len(found) > 2 and found[0] >= 0:
        if 100 < found[-1] <= 255:
            return "The labels reach 255: as shares, `y_true = np.divide(y_true, 255)`"
        if (found % 1 == 0).all() and found[-1] == len(found) - 1:
            return (
                f"y_true has {len(found)} classes: predict a row for each sample, and ask "
                f"lossbook.sparse_categorical_crossentropy"
            )
    return None


def labels_of_a_margin(call: Call) -> str | None:
    """Recognize labels 0 and 1, or two other ones, where -1 and 1 are meant."""
    if call.loss.y_true is not SIGN or (abs(call.t) == 1).all():
        return None
    found = np.unique(call.t)
    if set(found) <= {0.0, 1.0}:
        return (
            "The labels are 0 and 1, as for a cross-entropy; a hinge loss asks for -1 and 1, and "
            "Keras converts them in silence: `y_true = np.where(np.equal(y_true, 1), 1, -1)`"
        )
    if _wrapped(found):
        wrapped = _WRAPPED.format(_number(found[1]))
        return f"{wrapped}: `y_true = np.where(np.equal(y_true, 1), 1, -1)`"
    if len(found) == 2 and np.isfinite(found).all():
        low, high = map(_number, found)
        return (
            f"The labels are {low} and {high}, not -1 and 1: "
            f"`y_true = np.where(np.equal(y_true, np.max(y_true)), 1, -1)`"
        )
    return None


def no_counts(call: Call) -> str | None:
    """Recognize rates, shares and differences among counts."""
    if call.loss.y_true is not COUNT or not np.isfinite(call.t).all():
        return None
    near = np.rint(call.t)
    if 0 < abs(call.t - near).max() < ROUNDING and near.min() >= 0:
        return "Rounding has moved the counts: `y_true = np.rint(y_true)`"
    if call.t.min() < 0:
        return "Nothing is counted less than 0 times: y_true may hold differences or logarithms"
    if (call.t % 1 != 0).any():
        return (
            "y_true may hold rates: multiply them by what the counts were divided by, and add its "
            "logarithm to y_pred"
        )
    return None


def soft_one_hot(call: Call) -> str | None:
    """Recognize distributions where a single class is meant."""
    if call.loss.y_true is not ONE_HOT or not _rows(call.t) or _one_hot(call.t):
        return None
    return (
        "The rows of y_true are shares of several classes; this loss knows one class of each row: "
        f"the largest, `y_true = lossbook.one_hot(np.argmax(y_true, axis=-1), {call.columns})`"
    )


def empty_rows(call: Call) -> str | None:
    """Recognize rows of labels that are all 0, beside distributions."""
    sums = _sums(call.t)
    if sums.all() or not sums.any() or not _rows(call.t[sums != 0]):
        return None
    return "In y_true some rows are all 0. If they are padding, leave them out: " + call.keep(
        "np.any(y_true, axis=-1)"
    )


def several_classes_at_once(call: Call) -> str | None:
    """Recognize rows of labels in which several classes, or none, are 1; counts."""
    rows = call.loss.y_true is DISTRIBUTION
    if not rows or call.t.shape != call.y.shape or _rows(call.t):
        return None
    sums = _sums(call.t)
    if _hard(call.t) and (sums > 1).any() and np.isfinite(call.y).all():
        form = ".from_logits" if call.logits or not _inside(call.y) else ""
        return (
            "In y_true several classes of a row are 1. If each class is a question of its own "
            "(multi-label): "
            + call.asks(f"binary_crossentropy{form}", call.samples).replace(
                "sample_weight=sample_weight",
                f"sample_weight=np.repeat(sample_weight, {call.columns}).reshape(np.shape(y_pred))",
            )
        )
    if empty := empty_rows(call):
        return empty
    if (call.t >= 0).all() and (sums > 0).all() and np.isfinite(sums).all():
        return f"The rows of y_true do not sum to 1. If they are counts: {_divided('y_true')}"
    return None


# --- predictions that are none --------------------------------------------------------------------


def no_probabilities(call: Call) -> str | None:
    """Recognize logits, percentages, and what rounding has moved."""
    y, name = call.y, call.loss.name
    if call.loss.y_pred not in (PROBABILITY, DISTRIBUTION):
        return None
    if not np.isfinite(y).all() or (not call.classes and _inside(y)):
        return None
    if not _inside(y):
        if _overshoots(y):
            return (
                "Rounding has moved probabilities out of [0, 1]: `y_pred = np.clip(y_pred, 0, 1)`"
            )
        if set(np.unique(y)) <= {-1.0, 1.0}:
            return (
                "y_pred holds classes, -1 and 1; a cross-entropy needs their probabilities, such "
                "as those of predict_proba"
            )
        percent = (
            y.min() >= 0
            and y.max() <= 100
            and (abs(_sums(y) - 100).max() < 1 if call.classes else y.max() > 20)
        )
        if percent and not call.classes:
            return "y_pred looks like percentages: `y_pred = np.divide(y_pred, 100)`"
        if not percent:
            if not call.labels_fit:
                return None
            return "y_pred looks like logits: " + call.asks(f"{name}.from_logits", call.samples)
    if call.classes and not _rows(y):
        sums = _sums(y)
        if not sums.all():
            return (
                "In y_pred some rows are all 0. If they are padding, leave them out: "
                + call.keep("np.any(y_pred, axis=-1)")
            )
        own = "; if each class has a sigmoid of its own, lossbook.binary_crossentropy is its loss"
        far = not call.sparse and _inside(y) and abs(sums - 1).max() > 0.05
        return (
            "The rows of y_pred do not sum to 1, not even as closely as float32 rounds"
            f"{to_distributions(y, 'y_pred')}{own if far else ''}"
        )
    return None


def undefined_softmax(call: Call) -> str | None:
    """Recognize rows of logits that are all masked by -inf."""
    if call.loss.y_pred is LOGITS and (call.y.max(axis=-1) == -np.inf).any():
        return (
            "In y_pred some rows are all -inf, as where every class is masked: leave them out, "
            + call.keep("np.max(np.asarray(y_pred), axis=-1) > -np.inf")
        )
    return None


def infinite_numbers(call: Call) -> str | None:
    """Recognize infinity among real numbers."""
    if call.loss.y_pred is REAL and (np.isinf(call.t).any() or np.isinf(call.y).any()):
        return (
            "An infinity comes from log(0), from a division by 0, or from float16, which ends at "
            "65504"
        )
    return None


# --- weights that do not fit ----------------------------------------------------------------------


def weights_of_rows(call: Call) -> str | None:
    """Recognize one weight for each row of numbers, for each column, for each class, or for all."""
    if "sample_weight" not in call.passed:
        return None
    w, shape = call.w, call.y.shape[:-1] if call.classes else call.y.shape
    if w.shape == shape:
        if not w.any():
            return "No sample counts: where a whole batch is padding, skip it"
        return None
    if [n for n in w.shape if n > 1] == [n for n in shape if n > 1]:
        return (
            f"sample_weight differs by axes of length 1: "
            f"`sample_weight = np.asarray(sample_weight).reshape({shape})`"
        )
    if w.size == 1:
        return (
            f"sample_weight is a single number, which changes no mean; for all samples, "
            f"`sample_weight = np.full({shape}, sample_weight)`"
        )
    if w.shape == shape[: w.ndim]:
        column = w.shape + (1,) * (len(shape) - w.ndim)
        code = f"np.broadcast_to(np.asarray(sample_weight).reshape({column}), {shape})"
        return (
            f"sample_weight has one weight for each row: repeat it along the row, "
            f"`sample_weight = {code}`"
        )
    if call.sparse and w.shape == call.y.shape[-1:] and call.labels_fit:
        return (
            "sample_weight has one weight for each class: give each sample that of its own, "
            "`sample_weight = lossbook.compute_sample_weight(sample_weight, y_true)`"
        )
    if call.loss.y_true.rows and w.shape == call.y.shape[-1:]:
        return (
            "sample_weight has one weight for each class: give each sample that of its own, "
            "`sample_weight = np.dot(y_true, sample_weight)`"
        )
    if len(shape) > w.ndim and w.shape == shape[len(shape) - w.ndim :]:
        return (
            f"sample_weight has one weight for each column: repeat it for each row, "
            f"`sample_weight = np.broadcast_to(sample_weight, {shape})`"
        )
    return None


# --- what the mistakes ask of values --------------------------------------------------------------


def _number(value: Any) -> str:
    """Return a number with all its digits, so that the code which compares with it finds it."""
    return repr(value.item()).removesuffix(".0")


#: What labels of unsigned integers say that were 1 and -1 before.
_WRAPPED = "Unsigned integers hold no -1: of the labels 1 and {0}, {0} is what became of it"


def _wrapped(found: Array) -> bool:
    """Return whether the labels are 1, and what unsigned integers make of -1."""
    return found.dtype.kind == "u" and found.tolist() == [1, np.iinfo(found.dtype).max]


def _sums(values: Array) -> Array:
    """Return the sums of the rows, which the dtype of small numbers may not hold."""
    with np.errstate(over="ignore"):
        return np.asarray(values.sum(axis=-1, dtype=np.float64))


def _hard(values: Array) -> bool:
    """Return whether every value is 0 or 1."""
    return bool(((values == 0) | (values == 1)).all())


def _inside(values: Array) -> bool:
    """Return whether every value is in [0, 1]."""
    return bool(((values >= 0) & (values <= 1)).all())


def _overshoots(values: Array) -> bool:
    """Return whether values leave [0, 1] by no more than rounding."""
    return bool(values.min() >= -ROUNDING and values.max() <= 1 + ROUNDING)


def _rows(values: Array) -> bool:
    """Return whether every row is a distribution."""
    off = abs(_sums(values) - 1)
    return _inside(values) and bool((off <= row_sum_tolerance(values.dtype)).all())


def _one_hot(values: Array) -> bool:
    """Return whether every row is a one and zeros."""
    return _hard(values) and bool((_sums(values) == 1).all())


def _names_class(values: Array, classes: int) -> bool:
    """Return whether every value is a whole number that names one of the classes."""
    return bool(((values % 1 == 0) & (values >= 0) & (values < classes)).all())


READING = (units, missing, padding_beside_class_weights, dicts, ragged, complex_numbers)
SHAPES = (
    swapped,
    no_pairs,
    two_columns,
    classes_for_elements,
    extra_axis,
    one_number,
    transposed,
    another_axis,
    other_loss_of_classes,
    another_number_of_samples,
)
VALUES = (
    padding,
    labels_from_one,
    other_binary_labels,
    labels_of_a_margin,
    no_counts,
    soft_one_hot,
    several_classes_at_once,
    no_probabilities,
    undefined_softmax,
    infinite_numbers,
    weights_of_rows,
)
