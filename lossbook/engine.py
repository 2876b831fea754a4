"""What a loss is: it checks its arguments, evaluates block by block, reduces, differentiates.

A loss writes three short methods (`per_sample`, `total`, `derivative`) for one block of samples.
What losses share is in two other modules: `arguments` decides shapes, dtypes and weights, and
`batch` walks over blocks of samples that fit into the processor's cache, so that no temporary array
grows with the number of samples.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from lossbook.batch import Batch
from lossbook.checks import Array, Domain
from lossbook.mistakes import explained
from lossbook.properties import Properties

__all__ = ["Function", "Loss", "Reduction"]

Reduction = Literal["mean", "sum", "none"]


class Function:
    """What others know a Python function by: scorers, callbacks and pickle ask for it.

    It is pickled as a function is, by its module and its name there. So what comes back, in
    another process too, is the loss itself.
    """

    __name__: str
    __qualname__: str

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __repr__(self) -> str:
        return f"<lossbook loss {self.__name__}>"

    def __reduce__(self) -> str:
        return self.__qualname__


class Loss(Function, ABC):
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

    def __init__(self) -> None:
        super().__init__(self.name)

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

    def quick_derivative(self, t: Array, y: Array) -> Array:
        """Return the derivative, still in float64, where only float32 is asked for.

        NaN asks for the careful way.
        """
        return self.derivative(t, y)

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
            If an argument is masked, has a unit, or does not hold real numbers.
        ValueError
            If shapes differ, an array is empty, a value is NaN or outside its domain, the weights
            are negative or all zero, or the reduction is unknown.

        Notes
        -----
        In float64, the loss of each sample is within 2 units in the last place of the true value.
        Rounding in the sum moves the mean of ordinary data by at most 1 more, that of data made to
        round badly by up to 7. A mean is infinite only where its true value is. Integers beyond
        2**53, which float64 may not hold, have their exact difference; as logits they are rounded
        first.
        """
        _check_reduction(reduction)
        try:
            batch = Batch(self, y_true, y_pred, sample_weight)
            # An infinity or a NaN on the way is an answer or a question here, never a warning.
            with np.errstate(all="ignore"):
                return batch.losses() if reduction == "none" else batch.reduced(reduction)
        except (TypeError, ValueError) as error:
            raise explained(error, self, y_true, y_pred, sample_weight) from None

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
        try:
            batch = Batch(self, y_true, y_pred, sample_weight)
            with np.errstate(all="ignore"):
                return batch.gradient(reduction)
        except (TypeError, ValueError) as error:
            raise explained(error, self, y_true, y_pred, sample_weight) from None


def _check_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        likely = OTHER_NAMES.get(str(reduction).lower(), "")
        raise ValueError(
            f'reduction is {reduction!r}; expected "mean", "sum" or "none": '
            + (f'`reduction = "{likely}"`' if likely else "choose one of them")
        )


#: What the same is called elsewhere.
OTHER_NAMES = {
    **dict.fromkeys(("avg", "average", "batchmean", "sum_over_batch_size"), "mean"),
    **dict.fromkeys(("mean_with_sample_weight", "elementwise_mean", "weighted_mean"), "mean"),
    "none": "none",
}
