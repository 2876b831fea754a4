"""What a loss is: a formula and its derivative, which this module makes a function of a reader's.

A loss writes two short methods, `per_sample` and `derivative`, for one block of samples. What all
losses share is in other modules: `arguments` decides shapes, dtypes and weights, and `batch` walks
over blocks of samples that fit into the processor's cache, so that no temporary array grows with
the number of samples.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

import numpy as np
from numpy.typing import ArrayLike

from lossbook.batch import Batch, Limit, quick_gradient, quick_loss, whole
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
    chapter : str
        Where the book explains it: the chapter of its own name, unless it says another.
    properties : Properties
        What is true of the loss; proved by the tests.
    growth : int
        The power of huge predictions that the loss grows with, where it is not homogeneous; 0 where
        it grows with none. What overflows on its way to a mean is found by it.
    nonnegative : bool
        Whether no loss is less than 0.
    rounds_once : bool
        Whether `derivative` rounds once only. Then float32 is precise enough to calculate it in.
    rounds_often : bool
        Whether `per_sample` rounds so often, or multiplies what it has rounded, as a power does,
        that float32 is not precise enough even for a mean.
    hides : bool
        Whether `derivative` may hide an argument that is not finite, such as in a sign. Of finite
        ones it is finite then.
    limit : callable, optional
        What `derivative` is where its formula is not a number, such as 0/0; of the same arguments.
    parameters : tuple of str
        The names of the attributes that a call may set, such as the threshold of a loss that has
        one. Their values in the class are the defaults; `properties` may depend on them.
    thresholds : tuple of str
        Those of the parameters that have the unit of the labels.
    """

    name: ClassVar[str]
    y_true: ClassVar[Domain]
    y_pred: ClassVar[Domain]
    chapter: str = ""
    growth: ClassVar[int] = 1
    nonnegative: ClassVar[bool] = True
    rounds_once: ClassVar[bool] = False
    rounds_often: ClassVar[bool] = False
    hides: ClassVar[bool] = False
    limit: Limit | None = None
    parameters: ClassVar[tuple[str, ...]] = ()
    thresholds: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__(self.name)
        self.chapter = self.chapter or self.name.partition(".")[0]

    if TYPE_CHECKING:

        @property  # or a value of the class, where there are no parameters
        def properties(self) -> Properties: ...  # noqa: D102

    # --- what a loss writes ---------------------------------------------------------------------

    @abstractmethod
    def per_sample(self, t: Array, y: Array) -> Array:
        """Return the loss of each sample of a block, classes on axis 0; it may be infinite."""

    @abstractmethod
    def derivative(self, t: Array, y: Array) -> Array:
        """Return the derivative of each sample's loss with respect to its prediction."""

    def check_parameters(self) -> None:
        """Raise an error if a parameter has no meaning."""

    def at_scale(self, exponent: int) -> Self:
        """Return the loss in a unit of measurement that is 2**-exponent times as large.

        All numbers are 2**exponent times as large then, a threshold among them.
        """
        values = {name: getattr(self, name) for name in self.thresholds}
        return self._having({n: float(np.ldexp(value, exponent)) for n, value in values.items()})

    # --- what a reader calls --------------------------------------------------------------------

    @overload
    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Literal["mean", "sum"] = "mean",
        **parameters: Any,
    ) -> float: ...

    @overload
    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Literal["none"],
        **parameters: Any,
    ) -> Array: ...

    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Reduction = "mean",
        **parameters: Any,
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
        **parameters
            The loss's own parameters, where it has any.

        Returns
        -------
        float or ndarray
            A float for "mean" and "sum". For "none" an array with one loss per sample, in the
            inputs' floating dtype.

        Raises
        ------
        TypeError
            If an argument is masked, has a unit, or does not hold real numbers, or the loss has no
            such parameter.
        ValueError
            If shapes differ, an array is empty, a value is NaN or outside its domain, the weights
            are negative or all zero, a parameter has no meaning, or the reduction is unknown.

        Notes
        -----
        In float64, every loss of a sample, every mean of losses and every entry of a gradient has a
        relative error of at most 1e-15, from 1e-300 on. Where the mathematics itself cancels, in
        the gradient of a soft label close to its best prediction, the error is that small against
        the larger of the two terms. A sum over thousands of classes is rounded more often; the
        error is at most 2.5e-15 there. Losses of samples in float32 and float16 are calculated in
        float64 and rounded once. So are gradients, except those whose derivative rounds only once
        in float32: the division by the number of samples rounds them a second time, and both
        together are at most 1.5 units of the last place. To round them once would take two or
        three times as long, in float64. Means of float32 are floats with a relative error of at
        most 1e-6. A mean is infinite only where its true value is. Integers beyond 2**53, which
        float64 may not hold, have their exact difference; as logits and scores they are rounded
        first.
        """
        given = y_true, y_pred, sample_weight
        return self._answer(quick_loss, Batch.value, given, reduction, parameters)

    def gradient(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        reduction: Reduction = "mean",
        **parameters: Any,
    ) -> Array:
        """Return the gradient of the reduced loss with respect to the predictions.

        Parameters
        ----------
        y_true, y_pred, sample_weight, **parameters
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
        given = y_true, y_pred, sample_weight
        return self._answer(quick_gradient, Batch.gradient, given, reduction, parameters)

    def _answer(
        self,
        quick: Callable[..., Any],
        careful: Callable[..., Any],
        given: tuple[ArrayLike, ArrayLike, ArrayLike | None],
        reduction: str,
        parameters: dict[str, Any],
    ) -> Any:
        """Return what the quick way finds, or else the careful one, or say what is wrong."""
        if not isinstance(reduction, str) or reduction not in ("mean", "sum", "none"):
            raise _unknown(reduction)
        loss = self.with_parameters(**parameters) if parameters else self
        block = whole(loss, *given)
        found = None if block is None else _silently(quick, loss, *block, reduction)
        if found is not None:
            return found
        try:
            return _silently(careful, Batch(loss, *given), reduction)
        except (TypeError, ValueError) as error:
            raise explained(error, self, *given) from None

    def with_parameters(self, **parameters: Any) -> Self:
        """Return the same loss with other parameters, for who wants to set them once.

        Raises
        ------
        TypeError
            If the loss has no parameter of such a name, or its value has the wrong type.
        ValueError
            If a parameter has no meaning.
        """
        if not parameters:
            return self
        for name in parameters:
            if name not in self.parameters:
                known = ", ".join(("sample_weight", "reduction", *self.parameters))
                raise TypeError(f"{self.name}() has no argument {name!r}; expected one of {known}")
        other = self._having(parameters)
        other.check_parameters()
        return other

    def _having(self, parameters: dict[str, Any]) -> Self:
        if not parameters:
            return self
        other = object.__new__(type(self))
        vars(other).update(vars(self) | parameters)
        return other

    def _own_parameters(self) -> dict[str, Any]:
        return {name: vars(self)[name] for name in self.parameters if name in vars(self)}

    def __repr__(self) -> str:
        own = ", ".join(f"{name}={value!r}" for name, value in self._own_parameters().items())
        return super().__repr__().replace(">", f"({own})>") if own else super().__repr__()

    def __reduce__(self) -> Any:
        own = self._own_parameters()
        return (_remade, (type(self), own)) if own else super().__reduce__()


def _remade(kind: type[Loss], parameters: dict[str, Any]) -> Loss:
    return kind().with_parameters(**parameters)


with np.errstate(all="ignore"):
    _SILENT = copy_context()
_NUMPY_1 = np.__version__.startswith("1.")


def _silently(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do the work: an infinity or a NaN on the way is an answer or a question, never a warning.

    NumPy keeps what it does then in the context. To enter a copy of one that is silent takes a
    sixth of the time of `np.errstate`, which is as long as two operations on ten numbers.
    """
    if _NUMPY_1:  # which keeps it in the thread
        with np.errstate(all="ignore"):
            return work(*arguments)
    return _SILENT.copy().run(work, *arguments)


def _unknown(reduction: object) -> ValueError:
    likely = OTHER_NAMES.get(str(reduction).lower(), "")
    return ValueError(
        f'reduction is {reduction!r}; expected "mean", "sum" or "none": '
        + (f'`reduction = "{likely}"`' if likely else "choose one of them")
    )


#: What the same is called elsewhere.
OTHER_NAMES = {
    **dict.fromkeys(("avg", "average", "batchmean", "sum_over_batch_size"), "mean"),
    **dict.fromkeys(("mean_with_sample_weight", "elementwise_mean", "weighted_mean"), "mean"),
    "none": "none",
}
