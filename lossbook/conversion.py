"""From what a caller passed to an array of numbers, or to an error that says how to get there.

`np.asarray` drops in silence what a number alone cannot say: that a value is masked, or in which
unit it is measured. So what was passed is looked at first.
"""

from __future__ import annotations

import contextlib
import datetime
import warnings
from array import array
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "UNREADABLE",
    "Array",
    "array_of",
    "carried",
    "is_missing",
    "not_numbers",
    "opened",
    "unit_of",
]

Array = NDArray[Any]

#: What carries neither a mask nor a unit.
SCALARS = (int, float, complex, str, bytes, type(None), np.generic)
#: What is as it should be, or is no sequence.
KNOWN = (*SCALARS, np.ndarray, list, tuple, dict, range, array, memoryview, bytearray)
#: What an array of any library has one of.
ARRAYS = ("__array__", "__array_interface__", "__array_struct__")
#: What libraries raise where NumPy cannot read their arrays.
UNREADABLE = (TypeError, ValueError, RuntimeError, NotImplementedError)
PLAIN = frozenset((int, float, bool))
DEEPEST = 64  # levels of nesting to look into: an array has no more axes


def array_of(value: Any, name: str) -> Array:
    """Return `value` as an array of some dtype, or say why it is none, or not all of it."""
    plain = type(value) is list and PLAIN.issuperset(map(type, value))
    if not plain:
        refuse_carried(value, name)
    try:
        read = np.asanyarray(opened(value))
    except UNREADABLE as error:
        raise _unreadable(value, name, error) from None
    if type(read) is not np.ndarray:  # what has computed or read itself only now
        refuse_carried(read, name)
    return np.asarray(read)


def opened(value: Any) -> Any:
    """Return what NumPy reads as a sequence as a list, any mapping as a dict, and others as given.

    NumPy takes for a sequence whatever has a length and items, and is no array, buffer or text. Of
    a mapping it would read the keys, if it is no dict.
    """
    if isinstance(value, KNOWN):
        return value
    if any(hasattr(value, name) for name in ARRAYS) or not (
        hasattr(type(value), "__len__") and hasattr(type(value), "__getitem__")
    ):
        return value
    with contextlib.suppress(TypeError):
        memoryview(value).release()
        return value
    try:
        len(value)
        return dict(value) if isinstance(value, Mapping) else list(value)
    except Exception:  # where NumPy takes it for a single object, whatever its items raise
        return value


def refuse_carried(value: Any, name: str) -> None:
    """Raise a TypeError if a value carries masks or units."""
    what = carried(value)
    if what == "mask":
        raise TypeError(
            f"{name} is masked, or holds what is; expected plain numbers, because masked values "
            f"would count like all others: lossbook.drop_missing leaves their samples out"
        )
    if what == "unit":
        raise TypeError(
            f"{name} has a unit of measurement, or holds what has one; expected plain numbers, "
            f"because they would lose it: convert everything to one unit first"
        )


def carried(value: Any, depth: int = 0) -> Literal["mask", "unit"] | None:
    """Return what `np.asarray` would drop from a value, or from anything inside it."""
    if isinstance(value, list | tuple):
        items: Any = value
    elif isinstance(value, dict):
        items = list(value.values())
    elif type(value) is np.ndarray:
        if value.dtype != object:
            return None
        items = value.ravel().tolist()
    else:
        own, items = _carried_by_itself(value), opened(value)
        if own or items is value:
            return own
        if isinstance(items, dict):
            items = list(items.values())
    kinds = {kind for kind in set(map(type, items)) if not issubclass(kind, SCALARS)}
    if not kinds or depth == DEEPEST:
        return None
    if kinds <= {list, tuple}:
        return carried(list(chain.from_iterable(items)), depth + 1)
    found = (carried(item, depth + 1) for item in items if type(item) in kinds)
    return next(filter(None, found), None)


def _carried_by_itself(value: Any) -> Literal["mask", "unit"] | None:
    if isinstance(value, SCALARS):
        return None
    mask = getattr(value, "mask", None) if isinstance(value, np.ndarray) else None
    # Dask keeps an empty array of the kind that it will compute; Keras hangs a mask on a tensor.
    lazy = isinstance(getattr(value, "_meta", None), np.ma.MaskedArray)
    if lazy or not (mask is None or callable(mask)) or _attribute(value, "_keras_mask") is not None:
        return "mask"
    if unit_of(value) is not None:
        return "unit"
    # A table or a series of units has them in its columns' types; a labelled array in its data.
    dtypes = getattr(value, "dtypes", getattr(value, "dtype", None))
    columns = dtypes if isinstance(dtypes, Iterable) else [dtypes]
    if any(getattr(dtype, "units", None) is not None for dtype in columns):
        return "unit"
    labelled = not isinstance(value, np.ndarray) and hasattr(value, "dims")
    data = _attribute(value, "data") if labelled else None
    return None if data is None else _carried_by_itself(data)


def unit_of(value: Any) -> Any:
    """Return the unit of a quantity, or None."""
    # Dates have a `unit` too: that of their ticks.
    if isinstance(value, datetime.date | datetime.timedelta):
        return None
    if getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M"):
        return None
    units = (_attribute(value, name) for name in ("units", "unit"))
    return next((unit for unit in units if unit is not None and not callable(unit)), None)


def _attribute(value: Any, name: str) -> Any:
    """Return an attribute of a value or of its class, not what merely looks like one.

    Tables offer their columns and labelled arrays their notes as attributes.
    """
    own = name in getattr(value, "__dict__", {}) or hasattr(type(value), name)
    return getattr(value, name, None) if own else None


def is_missing(item: Any) -> bool:
    """Return whether an item says that there is no value: None, NaN, NaT, NA, or masked."""
    if item is None or item is np.ma.masked:
        return True
    try:
        return bool(item != item)
    except TypeError:  # whether NA differs from NA is not known either
        return True
    except ValueError:  # an array
        return False


def _unreadable(value: Any, name: str, error: Exception) -> Exception:
    """Return the error for what NumPy cannot read."""
    if dense := _dense(value, name):
        return TypeError(
            f"{name} is a sparse matrix; expected an array that holds its zeros too: {dense}"
        )
    parts = isinstance(value, list | tuple) and value
    tensor = parts[0] if parts else value
    reason = str(error).partition("\n")[0].rstrip(".").replace("`", "'")
    if hasattr(tensor, "detach") and hasattr(tensor, "cpu"):
        way = _way_to_array(tensor)
        code = f"{name}{way}"
        if parts:
            code = f"np.stack([part{way} for part in {name}])"
        return TypeError(
            f"{name} is a tensor that NumPy cannot read ({reason}); expected an array"
            + (f": `{name} = {code}`" if way else "")
        )
    if isinstance(error, ValueError) and hasattr(value, "to_list"):
        return ValueError(
            f"{name} of type {type(value).__name__} cannot be read as an array ({reason}); "
            f"expected sequences of equal length without gaps: `{name} = {name}.to_list()`"
        )
    if isinstance(error, ValueError):
        return ValueError(
            f"{name} cannot be read as an array; expected nested sequences of equal length "
            f"({reason})"
        )
    return TypeError(
        f"{name} is of type {type(value).__name__} and cannot be read as an array ({reason}); "
        f"expected an array, or sequences of numbers"
    )


def _way_to_array(tensor: Any) -> str:
    """Return the shortest way from a tensor to an array; it has been tried. Empty if there is none.

    NumPy has no bfloat16, and float32 holds it.
    """
    methods = ["", "to_dense", "resolve_conj", "dequantize"]
    if "complex" not in str(tensor.dtype):  # whose imaginary part it would drop
        methods.append("float")
    for method in methods:
        try:
            moved = tensor.detach().cpu()
            np.asarray((getattr(moved, method)() if method else moved).numpy())
        except (*UNREADABLE, AttributeError):
            continue
        return ".detach().cpu()" + (f".{method}()" if method else "") + ".numpy()"
    return ""


def _dense(value: Any, name: str) -> str:
    """Return how a sparse matrix becomes an array; empty if a value is none."""
    ways = (way for way in ("toarray", "todense") if hasattr(value, way))
    return next((f"`{name} = {name}.{way}()`" for way in ways), "")


def not_numbers(value: Any, array: Array, name: str) -> TypeError:
    """Return the error for an array that does not hold real numbers of at most 64 bits."""
    refuse_carried(value, name)  # an array of objects may hold what does
    what, way = _what_it_is(value, array, name)
    return TypeError(
        f"{name} {what}; expected booleans, integers or floats of at most 64 bits{way and ': '}"
        f"{way}"
    )


def _what_it_is(value: Any, array: Array, name: str) -> tuple[str, str]:
    """Return what stands in an argument, and what to do about it."""
    has = f"has dtype {array.dtype}"
    kind = array.dtype.kind
    if kind == "O":
        return _what_objects_are(value, array, name)
    if kind in "SUT" and array.ndim == 0 and not _converts(value):
        return "is a text", ""
    if kind in "SUT" and array.size:
        texts = array.ravel().tolist()
        return f"{has}, such as {texts[0]!r}", _from_text(value, texts, name)
    if kind == "c":
        if not array.imag.any():
            return has, f"`{name} = np.real({name})`"
        return has, "give the real and the imaginary part as two numbers"
    if kind in "mM":
        unit = "datetime64" if kind == "M" else "timedelta64"
        if np.isnat(array).any():
            return f"{has} and holds NaT", "leave out what is missing in every argument"
        return has, f'`{name} = np.asarray({name}, dtype="{unit}[s]").astype(float)`, in seconds'
    if array.dtype.names and all(array.dtype[field].kind in "biuf" for field in array.dtype.names):
        return has, (
            f"`from numpy.lib.recfunctions import structured_to_unstructured; "
            f"{name} = structured_to_unstructured({name})`"
        )
    return has, _as_floats(value, name)


def _what_objects_are(value: Any, array: Array, name: str) -> tuple[str, str]:
    has = "has dtype object"
    if dense := _dense(value, name):
        return "is a sparse matrix", dense
    if isinstance(opened(value), dict):
        return "is a dict", f"`{name} = list({name}.values())`, if its order is that of the samples"
    if isinstance(value, set | frozenset):
        return "is a set, which has no order", "give a list in the order of the samples"
    if array.ndim == 0:
        value = array.item() if isinstance(value, np.ndarray) else value
        if isinstance(value, Iterable) and not isinstance(value, str | bytes):
            return f"is of type {type(value).__name__}", f"`{name} = list({name})`"
        if value is None:
            return "is None", ""
        if not isinstance(value, np.ndarray) and not _converts(value):
            return f"is of type {type(value).__name__}", ""
    items = array.ravel().tolist()
    missing = [index for index, item in enumerate(items) if is_missing(item)]
    if missing:
        return (
            f"has missing values, such as {items[missing[0]]!r}",
            "lossbook.drop_missing leaves those samples out of every argument",
        )
    first = items[0] if items else None
    kind = f"{has} and holds {type(first).__name__}s"
    if all(isinstance(item, str | bytes) for item in items):
        return f"{has} and holds texts, such as {first!r}", _from_text(value, items, name)
    if all(isinstance(item, datetime.datetime) and item.tzinfo for item in items):
        return kind, f"`{name} = [moment.timestamp() for moment in {name}]`, in seconds"
    for date, dtype in ((datetime.date, "datetime64[s]"), (datetime.timedelta, "timedelta64[s]")):
        if all(isinstance(item, date) for item in items):
            code = f'{name} = np.asarray({name}, dtype="{dtype}").astype(float)'
            return kind, f"`{code}`, in seconds"
    if floats := _as_floats(value, name):
        return kind, floats
    if all(isinstance(item, list | tuple | np.ndarray) for item in items):
        if len({np.shape(item) for item in items}) == 1:
            return kind, f"`{name} = np.stack(list({name}))`"
        return f"{has} and holds rows of different lengths", "make them equally long"
    return kind, ""


def _as_floats(value: Any, name: str) -> str:
    """Return how a value becomes floats; empty if NumPy cannot make them."""
    return f"`{name} = np.asarray({name}, dtype=float)`" if _converts(value) else ""


def _converts(value: Any) -> bool:
    """Return whether NumPy can make floats of a value."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # where it would drop an imaginary part
        try:
            np.asarray(value, dtype=float)
        except (TypeError, ValueError, OverflowError, Warning):
            return False
    return True


def _from_text(value: Any, texts: list[Any], name: str) -> str:
    if floats := _as_floats(value, name):
        return floats
    if all(str(text).lstrip("b'").startswith("[") for text in texts):
        return f"`import json; {name} = np.array([json.loads(text) for text in {name}])`"
    if name == "sample_weight":
        return ""
    if name == "y_pred":
        return "predict probabilities or numbers, not the names of classes"
    return (
        f"number the classes as the predictions do; in alphabetical order that is "
        f"`{name} = np.unique({name}, return_inverse=True)[1].reshape(np.shape({name}))`"
    )
