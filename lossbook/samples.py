"""Which samples count, and how much: helpers that make the arguments of a loss."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lossbook.checks import Array, as_real_array
from lossbook.conversion import array_of, carried, is_missing, opened

__all__ = ["compute_sample_weight", "drop_missing"]


def compute_sample_weight(class_weight: Any, y: ArrayLike) -> Array:
    r"""Return the weight of each sample, from the weights of the classes.

    Parameters
    ----------
    class_weight : dict, array_like or "balanced"
        A dict gives classes their weights; a class that it does not name has weight 1. An
        array holds the weights of the classes 0 to C - 1. With "balanced", all classes together
        weigh alike: the weight of a class is :math:`N / (C N_c)`, for :math:`N_c` of N labels and
        C classes that occur.
    y : array_like
        The class of each sample: whole numbers, or names.

    Returns
    -------
    ndarray of float64
        The weights, in the shape of `y`: the `sample_weight` of a loss.

    Raises
    ------
    TypeError
        If the weights are no numbers, `class_weight` is none of the three, or the labels are masked
        or of several kinds.
    ValueError
        If the dict names a class that no label has while it leaves another out, a label names no
        weight of the array, the array of weights has several axes, or there is no label.

    Notes
    -----
    The name, the order of the arguments and "balanced" are those of scikit-learn's function [1]_.

    References
    ----------
    .. [1] F. Pedregosa and others, "Scikit-learn: machine learning in Python", Journal of Machine
       Learning Research 12 (2011), 2825-2830.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.compute_sample_weight({0: 1.0, 1: 5.0}, [0, 1, 0]).tolist()
    [1.0, 5.0, 1.0]
    >>> lb.compute_sample_weight("balanced", ["no", "yes", "no"]).tolist()
    [0.75, 1.5, 0.75]
    """
    labels = array_of(y, "y")
    if labels.size == 0:
        raise ValueError(f"y is empty (shape {labels.shape}); expected at least one label")
    try:
        names, codes = np.unique(labels, return_inverse=True)
    except TypeError:
        kinds = sorted({type(label).__name__ for label in labels.ravel().tolist()})
        raise TypeError(
            f"y holds labels of type {' and '.join(kinds)}; expected labels of one kind, whole "
            f"numbers or names"
        ) from None
    codes = codes.reshape(labels.shape)  # NumPy 2.0 and 1.26 differ
    if isinstance(class_weight, str) and class_weight == "balanced":
        counts = np.bincount(codes.reshape(-1))
        return np.asarray((labels.size / (len(names) * counts))[codes])
    if isinstance(class_weight, Mapping):
        listed = names.tolist()
        unknown = [name for name in class_weight if name not in listed]
        if unknown and len(class_weight) - len(unknown) < len(listed):
            raise ValueError(
                f"class_weight names {unknown[0]!r}, which no label is; expected the labels' own "
                f"names: {listed!r:.60}"
            )
        of_class = [class_weight.get(name, 1.0) for name in listed]
        return as_real_array(of_class, "class_weight").astype(np.float64)[codes]
    if isinstance(class_weight, str):
        raise TypeError(
            f'class_weight is {class_weight!r}; expected a dict, an array or "balanced"'
        )
    weights = as_real_array(class_weight, "class_weight").astype(np.float64)
    numbers = as_real_array(y, "y")
    if weights.ndim != 1:
        raise ValueError(
            f"class_weight has shape {weights.shape}; expected one weight for each class"
        )
    bad = numbers[~((numbers >= 0) & (numbers < len(weights)) & (np.trunc(numbers) == numbers))]
    if bad.size:
        raise ValueError(
            f"y holds {bad[0].item()!r}; expected whole numbers from 0 to {len(weights) - 1}, "
            f"which name a weight"
        )
    return np.asarray(weights[numbers.astype(np.intp)])


def drop_missing(*arrays: Any, rows: bool = False) -> Any:
    """Return arrays without the samples of which any of them lacks a value.

    A value is missing where it is masked, NaN, NaT, None or NA.

    Parameters
    ----------
    *arrays : array_like
        Labels, predictions, weights: what belongs to the same samples, in the same order. The one
        with the fewest axes says what a sample is. Another may hold a row of values for each, which
        stays or goes as a whole.
    rows : bool, optional
        Whether the last axis of every array holds the values of one sample, as with one-hot labels
        and predictions of classes.

    Returns
    -------
    ndarray or list of ndarray
        What is left of each array, without mask, the samples on the first axis; not in a list if
        only one is given.

    Raises
    ------
    TypeError
        If no array is given.
    ValueError
        If the arrays do not hold the same samples, or nothing is left.

    Notes
    -----
    What is left out does not count in the mean, as in NumPy's means of masked arrays. Whether it
    is missing by chance is another question: if the hard cases are, the mean is too small [1]_.

    References
    ----------
    .. [1] Donald B. Rubin, "Inference and missing data", Biometrika 63 (1976), 581-592.

    Examples
    --------
    >>> import lossbook as lb
    >>> t, y = lb.drop_missing([1.0, None, 3.0], [1.5, 2.0, float("nan")])
    >>> t.tolist(), y.tolist()
    ([1.0], [1.5])
    """
    if not arrays:
        raise TypeError("drop_missing has been given no array; expected at least one")
    filled = [_as_masked(array) for array in arrays]
    axes = min(array.ndim for array in filled) - rows
    shape = filled[0].shape[:axes]
    if axes < 1 or any(array.shape[:axes] != shape for array in filled):
        shapes = " and ".join(str(array.shape) for array in filled)
        raise ValueError(f"the shapes are {shapes}; expected arrays that hold the same samples")
    gone = np.zeros(shape, bool)
    for array in filled:
        gone |= np.ma.getmaskarray(array).reshape(*shape, -1).any(axis=-1)
    if gone.all():
        raise ValueError("nothing is left: every sample lacks a value in one of the arrays")
    kept = [array.data[~gone] for array in filled]
    # What held None or NA among its numbers holds numbers only now.
    kept = [np.array(array.tolist()) if array.dtype == object else array for array in kept]
    return kept if len(kept) > 1 else kept[0]


def _as_masked(value: Any) -> np.ma.MaskedArray[Any, Any]:
    """Return a masked array whose mask covers all that is missing."""
    if isinstance(getattr(value, "_meta", None), np.ma.MaskedArray):
        value = value.compute()  # NumPy would ask Dask for an array without mask
    parts = value = opened(value)
    if isinstance(value, np.ndarray) and value.dtype == object and value.ndim:
        parts = list(value)
    arrays = isinstance(parts, list | tuple) and any(isinstance(part, np.ndarray) for part in parts)
    if arrays or (isinstance(parts, list | tuple) and carried(parts) == "mask"):
        array = np.ma.stack([_as_masked(part) for part in parts])
    else:
        with warnings.catch_warnings():
            # NumPy makes NaN of a masked element of a list, which is what it shall be here.
            warnings.simplefilter("ignore", UserWarning)
            read = np.asanyarray(value)
            # np.ma knows its own masks only.
            array = np.ma.array(read, mask=getattr(read, "mask", np.ma.nomask))
    if array.dtype == object:
        lacks = np.array([is_missing(item) for item in array.data.ravel()], bool)
    else:
        lacks = np.asarray(array.data != array.data)
    return np.ma.array(array.data, mask=np.ma.getmaskarray(array) | lacks.reshape(array.shape))
