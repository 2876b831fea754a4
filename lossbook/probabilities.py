"""From logits to probabilities and back to labels: the helpers that stand beside the losses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lossbook import kernels
from lossbook.checks import (
    CATEGORY,
    LOGIT,
    LOGITS,
    PROBABILITY,
    Array,
    Domain,
    as_number,
    as_real_array,
    floating_dtype,
)
from lossbook.mistakes import to_domain
from lossbook.sums import sum_in_halves

__all__ = [
    "clip_probabilities",
    "log_softmax",
    "one_hot",
    "sigmoid",
    "smooth_labels",
    "softmax",
]


def sigmoid(z: ArrayLike) -> Array:
    r"""Return the logistic function of logits, a probability.

    Parameters
    ----------
    z : array_like
        Logits; infinities are allowed.

    Returns
    -------
    ndarray
        :math:`1 / (1 + e^{-z})`, shape of `z`, in its floating dtype.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold real numbers.

    Notes
    -----
    Where exp(-z) overflows, the result is exp(z), which is the same there: small
    probabilities keep all their digits. The function is the inverse of the log odds [1]_.

    References
    ----------
    .. [1] J. Berkson, "Application of the logistic function to bio-assay", Journal of the
       American Statistical Association 39 (1944), 357-365.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.sigmoid([0.0, 2.0]).round(6).tolist()
    [0.5, 0.880797]
    """
    logits, dtype, _ = _floats(z, "z", LOGIT)
    with np.errstate(all="ignore"):
        return np.asarray(kernels.sigmoid(logits)).astype(dtype)


def softmax(z: ArrayLike) -> Array:
    r"""Return the softmax of rows of logits, one probability per class.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits, classes on the last axis. In each row at most one is :math:`+\infty`, and not all
        are :math:`-\infty`.

    Returns
    -------
    ndarray, shape (..., C)
        :math:`e^{z_j} / \sum_k e^{z_k}`, in the floating dtype of `z`.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold rows of real numbers.

    Notes
    -----
    Where logits are so large that an exponential would overflow, the largest of each row is
    subtracted first. That changes nothing in exact arithmetic, and in floating-point arithmetic it
    keeps the exponentials from overflowing [1]_.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
       softmax functions", IMA Journal of Numerical Analysis 41 (2021), 2311-2330.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.softmax([0.0, 1.0, 2.0]).round(6).tolist()
    [0.090031, 0.244728, 0.665241]
    """
    logits, dtype, shape = _floats(z, "z", LOGITS)
    with np.errstate(all="ignore"):
        e, _ = kernels.exponentials(logits)
        return _rows(e / sum_in_halves(e), dtype, shape)


def log_softmax(z: ArrayLike) -> Array:
    r"""Return the logarithm of the softmax of rows of logits.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits, classes on the last axis. In each row at most one is :math:`+\infty`, and not all
        are :math:`-\infty`.

    Returns
    -------
    ndarray, shape (..., C)
        :math:`z_j - \log \sum_k e^{z_k}`, in the floating dtype of `z`.

    Raises
    ------
    TypeError, ValueError
        If `z` is masked, empty, NaN or does not hold rows of real numbers.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.log_softmax([0.0, 1000.0]).tolist()
    [-1000.0, 0.0]
    """
    logits, dtype, shape = _floats(z, "z", LOGITS)
    with np.errstate(all="ignore"):
        return _rows(0.0 - kernels.surprises(logits), dtype, shape)  # no negative zeros


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Return integer labels as rows with a single 1.

    Parameters
    ----------
    labels : array_like, shape (...)
        Whole numbers from 0 to ``classes - 1``.
    classes : int
        The number of classes, at least 2.

    Returns
    -------
    ndarray of float64, shape (..., classes)
        1 at the label's class, 0 elsewhere.

    Raises
    ------
    TypeError, ValueError
        If a label is not whole or names no class.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    if not isinstance(classes, int | np.integer) or isinstance(classes, bool):
        raise TypeError(f"classes is {classes!r}; expected a whole number of classes")
    if classes < 2:
        raise ValueError(f"classes is {classes!r}; expected at least 2")
    array = as_real_array(labels, "labels")
    _check(array, "labels", CATEGORY, int(classes))
    # Comparing, not indexing: it needs no fancy indexing to read, and keeps any shape.
    return (array[..., np.newaxis] == np.arange(classes)).astype(np.float64)


def smooth_labels(y_true: ArrayLike, smoothing: float) -> Array:
    r"""Return one-hot labels moved towards the uniform distribution.

    Parameters
    ----------
    y_true : array_like, shape (..., C)
        One-hot labels or other probabilities, classes on the last axis.
    smoothing : float
        How far to move, from 0 (not at all) to 1 (to the uniform distribution).

    Returns
    -------
    ndarray, shape (..., C)
        :math:`(1 - s)\,t + s / C`, in the floating dtype of `y_true`.

    Raises
    ------
    TypeError, ValueError
        If a label or `smoothing` is outside [0, 1], or there are fewer than two classes.

    Notes
    -----
    Introduced as label smoothing in [1]_.

    References
    ----------
    .. [1] C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna, "Rethinking the Inception
       architecture for computer vision", CVPR 2016.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.smooth_labels([0, 0, 1, 0], 0.2).round(6).tolist()
    [0.05, 0.05, 0.85, 0.05]
    """
    array = as_real_array(y_true, "y_true")
    _check(array, "y_true", PROBABILITY)
    if array.ndim == 0 or array.shape[-1] < 2:
        raise ValueError(
            f"y_true has shape {array.shape}; expected at least two classes on the last axis"
        )
    s = as_number(smoothing, "smoothing", "in [0, 1]")
    if not 0.0 <= s <= 1.0:
        raise ValueError(f"smoothing is {smoothing!r}; expected a number in [0, 1]")
    with np.errstate(under="ignore"):
        smoothed = (1.0 - s) * array.astype(np.float64) + s / array.shape[-1]
        return smoothed.astype(floating_dtype(array.dtype))


def clip_probabilities(p: ArrayLike, eps: float) -> Array:
    """Return probabilities kept away from 0 and 1.

    No loss of this package does it by itself: clipping changes the loss and stops the gradient of
    what it clips. It is here for who wants what other libraries do.

    Parameters
    ----------
    p : array_like
        Probabilities.
    eps : float
        The smallest probability to allow, greater than 0 and less than 1/2.

    Returns
    -------
    ndarray
        `p` limited to ``[eps, 1 - eps]``, in its floating dtype.

    Raises
    ------
    TypeError, ValueError
        If `p` is outside [0, 1], or if `eps` is outside (0, 1/2) or too small for the dtype, where
        ``1 - eps`` is 1.

    Examples
    --------
    >>> import lossbook as lb
    >>> lb.clip_probabilities([0.0, 0.5, 1.0], 1e-7).tolist()
    [1e-07, 0.5, 0.9999999]
    """
    array = as_real_array(p, "p")
    _check(array, "p", PROBABILITY)
    dtype = floating_dtype(array.dtype)
    e = as_number(eps, "eps", "in (0, 0.5)")
    low, high = dtype.type(e), dtype.type(1.0 - e)
    if not 0.0 < e < 0.5 or high == 1.0:
        raise ValueError(
            f"eps is {eps!r}; expected a number in (0, 0.5) that changes 1 - eps in {dtype}: use "
            f"at least {np.finfo(dtype).eps:.1e}"
        )
    return np.asarray(np.clip(array.astype(dtype), low, high))


def _floats(
    value: ArrayLike, name: str, domain: Domain
) -> tuple[Array, np.dtype[np.floating], tuple[int, ...]]:
    """Return checked float64 values, classes first where the domain has rows; dtype and shape."""
    array = as_real_array(value, name)
    if domain.rows and (array.ndim == 0 or array.shape[-1] < 2):
        raise ValueError(
            f"{name} has shape {array.shape}; expected at least two classes on the last axis"
        )
    _check(array, name, domain)
    values = array.astype(np.float64)
    if domain.rows:
        values = values.reshape(-1, array.shape[-1]).T
    return values, floating_dtype(array.dtype), array.shape


def _rows(columns: Array, dtype: np.dtype[np.floating], shape: tuple[int, ...]) -> Array:
    """Return what has its classes on axis 0 as rows, in the shape of the logits."""
    return np.ascontiguousarray(columns.T, dtype).reshape(shape)


def _check(array: Array, name: str, domain: Domain, classes: int = 0) -> None:
    shape = array.shape[:-1] if domain.rows else array.shape
    values = array.reshape(-1, array.shape[-1]).T if domain.rows else array.reshape(-1)
    fault = domain.fault(values, 0.0, classes)
    if fault is not None:
        says = fault.says(name, domain.expects(classes), shape)
        raise ValueError(says + to_domain(array, name, domain, classes))
