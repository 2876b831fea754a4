"""Bad input: the right answer or an error that says what is wrong, never a silent wrong number."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

import lossbook as lb
from lossbook import checks
from tests.faces import (
    BINARY,
    CATEGORICAL,
    CLASSES,
    FACES,
    REGRESSION,
    SPARSE,
    batch,
    every_loss,
    ways,
)

SIZE = 4
INF, NAN = float("inf"), float("nan")
elementwise = pytest.mark.parametrize(
    "loss", [loss for loss in FACES if not loss.y_pred.rows], ids=lambda loss: loss.name
)


def refuses(loss: lb.Loss, t: Any, y: Any, error: type[Exception], *texts: str) -> None:
    """Assert that every way of asking raises `error` with all of the texts."""
    for ask in ways(loss, SIZE):
        with pytest.raises(error) as caught:
            ask(t, y)
        for text in texts:
            assert text in str(caught.value)


def valid(loss: lb.Loss) -> tuple[Any, Any]:
    return batch(loss, np.random.default_rng(0), SIZE)


# --- the domains ---

ELEMENTS = {  # values that surely belong; values that belong, with care; values that do not
    "REAL": ([0.0, -1e150, 0.5], [1e200], [NAN, INF, -INF]),
    "LOGIT": ([0.0, -1e150, 0.5], [1e200, INF, -INF], [NAN]),
    "SCORE": ([0.0, -1e150, 0.5], [1e200, INF, -INF], [NAN]),
    "LOG_RATE": ([0.0, -1e150, 0.5], [1e200], [NAN, INF, -INF]),
    "PROBABILITY": ([0.0, 5e-324, 0.5, 1.0], [-0.0], [-1.0, -5e-324, 1.0 + 2**-52, NAN, INF]),
    "LABEL": ([0.0, 5e-324, 0.5, 1.0], [-0.0], [-1.0, -5e-324, 1.0 + 2**-52, NAN, INF]),
    "HARD_LABEL": ([0.0, 1.0], [-0.0], [-1.0, 0.5, 1.0 + 2**-52, 2.0, NAN, INF]),
    "SIGN": ([-1.0, 1.0], [], [0.0, 0.5, -2.0, 2.0, NAN, INF]),
    "COUNT": (
        [0.0, 1.0, 3.0, 2.0**60],
        [-0.0],
        [-1.0, -0.5, 0.5, 1e-170, 5e-324, 2.0**51 + 0.5, NAN, INF],
    ),
    "CATEGORY": ([0.0, 1.0, 2.0], [], [-1.0, -0.5, 0.5, 3.0, NAN, INF]),
}
ROWS = {
    "DISTRIBUTION": (
        [[0.0, 1.0], [0.25, 0.75], [0.25, 0.7502]],
        [[-0.0, 1.0]],
        [[0.25, 0.7496], [0.25, 0.7504], [-0.5, 1.5], [NAN, 1.0]],
    ),
    "ONE_HOT": (
        [[0.0, 1.0], [1.0, 0.0]],
        [[-0.0, 1.0]],
        [[0.5, 0.5], [0.0, 0.0], [1.0, 1.0], [-1.0, 2.0], [NAN, 1.0]],
    ),
    "LOGITS": (
        [[0.0, 1e150], [1.0, 1.0]],
        [[1e200, 0.0], [INF, 0.0], [-INF, 0.0], [INF, -INF]],
        [[INF, INF], [-INF, -INF], [NAN, 0.0]],
    ),
    "SCORES": ([[0.0, 1e150], [1.0, 1.0]], [[1e200, 0.0]], [[INF, 0.0], [0.0, -INF], [NAN, 0.0]]),
    "MEAN_AND_LOG_VARIANCE": (
        [[0.0, 1e150], [1.0, 1.0]],
        [[1e200, 0.0]],
        [[INF, 0.0], [0.0, -INF], [NAN, 0.0]],
    ),
}


def test_every_domain_has_its_values_here() -> None:
    assert {name for name in vars(checks) if isinstance(getattr(checks, name), checks.Domain)} == {
        *ELEMENTS,
        *ROWS,
    }


@pytest.mark.parametrize("name", [*ELEMENTS, *ROWS])
def test_a_domain_tells_what_belongs_from_what_does_not(name: str) -> None:
    domain, (sure, careful, outside) = getattr(checks, name), (ELEMENTS | ROWS)[name]
    tolerance, classes = 3.4e-4, 2 if domain.rows else 3

    def answers(values: Any) -> tuple[bool, Any]:
        block = np.array(values).T
        with np.errstate(all="ignore"):  # as the engine asks
            holds = domain.holds(block, tolerance, classes)
        return holds, domain.fault(block, tolerance, classes)

    assert answers(sure) == (True, None)
    for value in sure:
        assert answers([value]) == (True, None)
    for value in careful:
        assert answers([*sure, value]) == (False, None)
    for value in outside:
        holds, fault = answers([*sure, value, *sure])
        assert not holds
        assert fault is not None
        assert fault.position[-1] == len(sure)  # which sample
        if isinstance(value, float):
            assert fault.holds == repr(value)


@pytest.mark.parametrize("name", ["PROBABILITY", "HARD_LABEL", "DISTRIBUTION", "ONE_HOT"])
def test_a_domain_holds_float32_too(name: str) -> None:
    domain, rows = getattr(checks, name), name in ROWS
    block = np.array([[0.0, 1.0], [1.0, 0.0]] if rows else [0.0, 1.0], np.float32)
    assert domain.holds(block, 3.4e-4, 2)
    assert not domain.holds(block * np.float32(1 + 2**-23), 3.4e-4, 2)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint8, np.uint64, bool])
def test_whole_numbers_name_a_class_whatever_their_type(dtype: type) -> None:
    high = 1 if dtype is bool else 2
    block = np.array([0, high, 0], dtype)
    assert checks.CATEGORY.holds(block, 0.0, high + 1)
    assert checks.CATEGORY.fault(block, 0.0, high + 1) is None
    assert not checks.CATEGORY.holds(block, 0.0, high)
    assert checks.CATEGORY.fault(block, 0.0, high) == ((1,), repr(block[1].item()))
    if np.dtype(dtype).kind == "i":
        assert not checks.CATEGORY.holds(-block, 0.0, 3)
        assert checks.CATEGORY.fault(-block, 0.0, 3) == ((1,), "-2")
    assert checks.CATEGORY.expects(3) == "whole numbers that name a class, from 0 to 2"


# --- what is not an array of real numbers ---

NOT_NUMBERS = {
    "strings": (lambda a: a.astype(str), "has dtype <U"),
    "bytes": (lambda a: a.astype("S4"), "has dtype |S4"),
    "objects": (lambda a: a.astype(object), "has dtype object and holds"),
    "complex": (lambda a: a.astype(complex), "has dtype complex128"),
    "dates": (lambda a: a.astype("datetime64[s]"), "has dtype datetime64[s]"),
    "long doubles": (lambda a: a.astype(np.longdouble), f"has dtype {np.dtype(np.longdouble)}"),
    "None": (lambda a: None, "is None"),
}


@every_loss
@pytest.mark.parametrize("name", NOT_NUMBERS)
@pytest.mark.parametrize("argument", [0, 1])
def test_what_is_not_real_numbers_is_refused_by_name(
    loss: lb.Loss, name: str, argument: int
) -> None:
    if name == "long doubles" and np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("long double is float64 here")
    change, text = NOT_NUMBERS[name]
    arguments = list(valid(loss))
    arguments[argument] = change(arguments[argument])
    which = ("y_true", "y_pred")[argument]
    expected = "expected booleans, integers or floats of at most 64 bits"
    refuses(loss, *arguments, TypeError, f"{which} {text}", expected)


@every_loss
@pytest.mark.parametrize("mask", [False, True])
def test_a_masked_array_is_refused_even_if_nothing_is_masked(loss: lb.Loss, mask: bool) -> None:
    t, y = valid(loss)
    for name, arguments in {
        "y_true": (np.ma.array(t, mask=mask), y),
        "y_pred": (t, np.ma.array(y, mask=mask)),
    }.items():
        refuses(loss, *arguments, TypeError, f"{name} is masked", "lossbook.drop_missing")


@every_loss
def test_a_ragged_list_is_refused(loss: lb.Loss) -> None:
    t, y = valid(loss)
    ragged = [[0.5, 0.5], [1.0]]
    message = "cannot be read as an array; expected nested sequences of equal length"
    refuses(loss, ragged, y, ValueError, f"y_true {message}")
    refuses(loss, t, ragged, ValueError, f"y_pred {message}")


@every_loss
def test_empty_arrays_are_refused(loss: lb.Loss) -> None:
    t, y = valid(loss)
    refuses(loss, t[:0], y[:0], ValueError, "y_true is empty", "at least one number")
    refuses(loss, t, y[:0], ValueError, f"y_pred is empty (shape {y[:0].shape})")


# --- shapes ---


@elementwise
@pytest.mark.parametrize("shapes", [((4,), (4, 1)), ((4, 1), (1, 4)), ((4, 1), (4,)), ((), (4,))])
def test_nothing_is_broadcast(loss: lb.Loss, shapes: tuple[Any, Any]) -> None:
    t, y = (np.full(shape, 0.5) for shape in shapes)
    message = f"y_true has shape {shapes[0]} and y_pred has shape {shapes[1]}; expected the same"
    refuses(loss, t, y, ValueError, message, "nothing is broadcast")


@pytest.mark.parametrize("loss", CATEGORICAL, ids=lambda loss: loss.name)
def test_labels_of_another_shape_than_the_predictions_are_refused(loss: lb.Loss) -> None:
    t, y = valid(loss)
    refuses(loss, t[0], y, ValueError, "y_true has shape (3,) and y_pred has shape (4, 3)")
    refuses(loss, t[:, :2], y, ValueError, "y_true has shape (4, 2)", "expected the same shape")


@pytest.mark.parametrize("loss", SPARSE, ids=lambda loss: loss.name)
def test_one_hot_labels_for_the_sparse_loss_are_pointed_to_the_other_one(loss: lb.Loss) -> None:
    t, y = valid(loss)
    for wrong in (lb.one_hot(t, 3), t[:, np.newaxis], t[:3]):
        message = f"y_true has shape {wrong.shape} and y_pred has shape (4, 3); expected one label"
        refuses(loss, wrong, y, ValueError, message, "shape (4,)", "categorical_crossentropy")


@pytest.mark.parametrize("loss", CATEGORICAL + SPARSE, ids=lambda loss: loss.name)
@pytest.mark.parametrize("shape", [(), (4, 1)])
def test_fewer_than_two_classes_are_refused(loss: lb.Loss, shape: tuple[int, ...]) -> None:
    message = f"y_pred has shape {shape}; expected at least two classes"
    refuses(loss, np.ones(shape), np.ones(shape), ValueError, message, "binary_crossentropy")


# --- values outside their domain ---


@every_loss
def test_nan_is_refused_with_its_place(loss: lb.Loss) -> None:
    t, y = valid(loss)
    place = (2,) if y.ndim == 1 else (2, 1)
    spoiled = y.copy()
    spoiled[place] = NAN
    refuses(loss, t, spoiled, ValueError, f"y_pred holds nan at index {place}; expected ")
    spoiled = t.astype(float)
    place = place[: t.ndim]
    spoiled[place] = NAN
    refuses(loss, spoiled, y, ValueError, f"y_true holds nan at index {place}; expected ")


@pytest.mark.parametrize("loss", REGRESSION, ids=lambda loss: loss.name)
@pytest.mark.parametrize("infinity", [INF, -INF])
def test_infinite_regression_values_are_refused(loss: lb.Loss, infinity: float) -> None:
    t, y = valid(loss)
    t[1] = infinity
    for arguments, name in (((t, y), "y_true"), ((y, t), "y_pred"), ((t, t), "y_true")):
        message = f"{name} holds {infinity!r} at index (1,); expected finite real numbers"
        refuses(loss, *arguments, ValueError, message)


@every_loss
@pytest.mark.parametrize("value", [NAN, INF, -INF, 2.0, 0.5, -1.0])
def test_what_one_way_of_asking_refuses_every_other_refuses(loss: lb.Loss, value: float) -> None:
    # The losses of the samples are always looked at one by one; a mean and a gradient may not be.
    for place, argument in product(range(SIZE), (0, 1)):
        arguments = [a.astype(float) for a in valid(loss)]
        arguments[argument].reshape(SIZE, -1)[place, 0] = value
        if loss in SPARSE and argument == 1:
            arguments[0] = arguments[0].astype(int)  # which arrays of one block have
        found = []
        for ask in (loss, loss.gradient):
            for how in ("none", "mean"):
                try:
                    ask(*arguments, reduction=how)
                except ValueError as error:
                    found.append(str(error))
        assert len(found) in (0, 4)
        assert len(set(found)) < 2


@pytest.mark.parametrize("value", [2.0, -1.0, 1 + 2.0**-52, -5e-324, INF, -INF])
def test_binary_labels_and_probabilities_outside_0_and_1_are_refused(value: float) -> None:
    for loss in BINARY:
        t, y = valid(loss)
        t[3] = value
        message = (
            f"y_true holds {value!r} at index (3,); expected labels or probabilities in [0, 1]"
        )
        refuses(loss, t, y, ValueError, message)
    t, y = valid(lb.binary_crossentropy)
    y[0] = value
    message = f"y_pred holds {value!r} at index (0,); expected probabilities in [0, 1]"
    refuses(lb.binary_crossentropy, t, y, ValueError, message)


@pytest.mark.parametrize("value", [1 + 2.0**-23, -(2.0**-149)])
def test_the_float32_next_to_a_probability_is_refused(value: float) -> None:
    p = np.array([0.5, value, 0.5, 0.5], np.float32)
    refuses(
        lb.binary_crossentropy, np.ones(4, np.float32), p, ValueError, f"y_pred holds {value!r}"
    )


@pytest.mark.parametrize("label", [0, 1])
def test_a_probability_that_its_label_hides_is_refused_too(label: int) -> None:
    # log(1 - p) is not needed for the label 1, nor log p for 0: the check must not rest on them.
    for p in (1.5, -0.5):
        refuses(lb.binary_crossentropy, [label] * 4, [0.5, p, 0.5, 0.5], ValueError, f"holds {p}")


@pytest.mark.parametrize("loss", SPARSE, ids=lambda loss: loss.name)
@pytest.mark.parametrize("label", [-1, 3, 1.5, NAN, INF, -INF, 2.0**63])
def test_labels_that_name_no_class_are_refused(loss: lb.Loss, label: float) -> None:
    t, y = valid(loss)
    wrong = np.where(np.arange(SIZE) == 2, label, t) if isinstance(label, float) else t.copy()
    wrong[2] = label
    message = f"y_true holds {label!r} at index (2,); expected whole numbers that name a class"
    refuses(loss, wrong, y, ValueError, message)


def test_whole_labels_are_accepted_in_every_dtype() -> None:
    loss = lb.sparse_categorical_crossentropy
    t, y = valid(loss)
    for dtype in (np.uint8, np.int8, np.int32, np.uint64, np.float16, np.float64, ">i4"):
        assert loss(t.astype(dtype), y) == loss(t, y)
    assert loss([True, False], [[0.5, 0.5], [0.25, 0.75]]) == pytest.approx(1.5 * np.log(2))


def test_rows_that_do_not_sum_to_1_are_refused() -> None:
    for loss in (lb.categorical_crossentropy, lb.sparse_categorical_crossentropy):
        t, y = valid(loss)
        y = y.copy()
        y[1] = [0.5, 0.75, 0.75]
        refuses(loss, t, y, ValueError, "y_pred holds a row that sums to 2.0 (tolerance 3.5e-04)")
        refuses(loss, t, y, ValueError, "at index (1,); expected rows of probabilities that sum to")
    for loss in CATEGORICAL:
        t, y = valid(loss)
        t[3] = 0.0
        refuses(loss, t, y, ValueError, "y_true holds a row that sums to 0.0", "at index (3,)")


def test_probabilities_outside_0_and_1_are_refused_even_in_rows_that_sum_to_1() -> None:
    for loss in (lb.categorical_crossentropy, lb.sparse_categorical_crossentropy):
        t, y = valid(loss)
        y = y.copy()
        y[2] = [1.5, -0.5, 0.0]
        refuses(loss, t, y, ValueError, "y_pred holds 1.5 at index (2, 0)")


@pytest.mark.parametrize(
    "dtype, inside, outside",
    [(np.float64, 3e-4, 4e-4), (np.float32, 3e-4, 4e-4), (np.float16, 0.03, 0.04)],
)
def test_the_tolerance_of_row_sums_is_that_of_the_dtype(
    dtype: type, inside: float, outside: float
) -> None:
    loss = lb.categorical_crossentropy
    for sign in (1, -1):
        loss([1, 0], np.array([0.5, 0.5 + sign * inside], dtype))
        with pytest.raises(ValueError, match="a row that sums to"):
            loss([1, 0], np.array([0.5, 0.5 + sign * outside], dtype))


def softmax_in_a_loop(z: Any) -> Any:
    """Return the softmax as a plain loop in C calculates it, sum and all in the logits' dtype."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / np.add.accumulate(e, axis=-1, dtype=z.dtype)[..., -1:]


#: What happens to the probabilities of a model before they reach a loss.
JOURNEYS: dict[str, Callable[[Any], Any]] = {
    "tolist": lambda p: p.tolist(),
    "astype": lambda p: p.astype(float),
    "a file of six digits": lambda p: [[float(f"{x:.6g}") for x in row] for row in p],
    "the average of two models": lambda p: (p.astype(float) + p[::-1]) / 2,
}


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.parametrize("classes", [2, 3, 10, 1000, 50_000])
def test_probabilities_that_were_float32_before_are_accepted(journey: str, classes: int) -> None:
    rng = np.random.default_rng(classes)
    for scale in (0.01, 3.0):
        z = (rng.normal(size=(max(2, 4000 // classes), classes)) * scale).astype(np.float32)
        for softmax in (lb.softmax, softmax_in_a_loop):
            p = JOURNEYS[journey](softmax(z))
            labels = rng.integers(0, classes, len(z))
            assert lb.sparse_categorical_crossentropy(labels, p) > 0
            assert lb.categorical_crossentropy(p, p) > 0
            assert np.all(np.asarray(lb.entropy(p)) > 0)
            assert np.all(np.asarray(lb.kl_divergence(p, p)) == 0)


@pytest.mark.parametrize(
    "row",
    [
        [0.333, 0.333, 0.333],  # three decimals on paper
        [0.5, 0.3, 0.199],  # a rare class left out
        [33.3, 33.3, 33.4],  # percentages
        [0.9, 0.4, 0.2],  # a sigmoid for each class
        [1 / 3 + 1e-3, 1 / 3, 1 / 3],
    ],
)
def test_rows_that_are_wrong_and_not_rounded_are_refused(row: list[float]) -> None:
    for wrong in (row, np.array(row, np.float32)):
        for ask in (
            lambda p: lb.sparse_categorical_crossentropy(0, p),
            lambda p: lb.categorical_crossentropy([1, 0, 0], p),
            lb.entropy,
            lambda p: lb.kl_divergence([1, 0, 0], p),
        ):
            with pytest.raises(ValueError, match="sum"):
                ask(wrong)


@pytest.mark.parametrize("loss", CATEGORICAL[1:] + SPARSE[1:], ids=lambda loss: loss.name)
@pytest.mark.parametrize("row", [[INF, INF, 0.0], [-INF, -INF, -INF]])
def test_logits_whose_softmax_is_undefined_are_refused(loss: lb.Loss, row: list[float]) -> None:
    t, y = valid(loss)
    y[1] = row
    message = "y_pred holds a row whose softmax is undefined at index (1,); expected rows of logits"
    refuses(loss, t, y, ValueError, message)
    for label in range(CLASSES):  # whichever of the two infinite ones it names
        t[1] = label if loss in SPARSE else lb.one_hot(label, CLASSES)
        refuses(loss, t, y, ValueError, message)


# --- weights and reductions ---

BAD_WEIGHTS = {
    "a negative one": ([1, 1, -1, 1], ValueError, "sample_weight holds -1; expected finite"),
    "NaN": ([1, NAN, 1, 1], ValueError, "sample_weight holds nan; expected finite weights"),
    "infinity": ([1, INF, 1, 1], ValueError, "sample_weight holds inf; expected finite weights"),
    "infinity beside 0": ([0, 0.5, INF, 1], ValueError, "sample_weight holds inf; expected"),
    "infinity beside 0.5": ([0.5, INF, 1, 1], ValueError, "sample_weight holds inf; expected"),
    "all zero": ([0, 0, 0, 0], ValueError, "sample_weight is all zero; expected at least one"),
    "too few": ([1, 1, 1], ValueError, "sample_weight has shape (3,)"),
    "a column": ([[1], [1], [1], [1]], ValueError, "sample_weight has shape (4, 1)"),
    "a single number": (1.0, ValueError, "sample_weight has shape ()"),
    "empty": ([], ValueError, "sample_weight is empty"),
    "strings": (["1"] * 4, TypeError, "sample_weight has dtype <U1"),
    "masked": (np.ma.ones(4), TypeError, "sample_weight is masked"),
}


@every_loss
@pytest.mark.parametrize("name", BAD_WEIGHTS)
def test_bad_weights_are_refused(loss: lb.Loss, name: str) -> None:
    weights, error, text = BAD_WEIGHTS[name]
    for ask in (loss, loss.gradient):
        for how in ("mean", "sum", "none"):
            with pytest.raises(error, match=re.escape(text)):
                ask(*valid(loss), sample_weight=weights, reduction=how)


@every_loss
@pytest.mark.parametrize("reduction", ["avg", "Mean", "", None, True, 0])
def test_an_unknown_reduction_is_refused(loss: lb.Loss, reduction: Any) -> None:
    message = f'reduction is {reduction!r}; expected "mean", "sum" or "none"'
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match=re.escape(message)):
            ask(*valid(loss), reduction=reduction)


@every_loss
def test_weights_and_reduction_are_named_or_refused(loss: lb.Loss) -> None:
    # Keras passes sample_weight third and scikit-learn does not: a position would be a guess.
    for ask in (loss, loss.gradient):
        with pytest.raises(TypeError, match="positional argument"):
            ask(*valid(loss), np.ones(SIZE))  # type: ignore[misc]


@elementwise
def test_a_fault_in_the_last_block_is_found_and_placed(loss: lb.Loss) -> None:
    t, y = batch(loss, np.random.default_rng(1), 100_002)
    t, y = t.reshape(2, -1), y.reshape(2, -1)
    y[1, 50_000] = NAN
    for ask in (loss, loss.gradient):
        with pytest.raises(ValueError, match=re.escape("y_pred holds nan at index (1, 50000)")):
            ask(t, y)


# --- the domains themselves: the quick answer and the slow one ---

INSIDE = {
    "numbers": (checks.REAL, [0.0, -1e150, 5e-324]),
    "logits": (checks.LOGIT, [0.0, -1e150, 5e-324]),
    "labels": (checks.LABEL, [0.0, 0.5, 1.0]),
    "probabilities": (checks.PROBABILITY, [0.0, 5e-324, 1.0]),
    "distributions": (checks.DISTRIBUTION, [[0.0, 0.25], [1.0, 0.75]]),
    "rows of logits": (checks.LOGITS, [[0.0, 1e150], [-1e150, 2.0]]),
    "whole floats": (checks.CATEGORY, [0.0, 1.0]),
    "integers": (checks.CATEGORY, [0, 1]),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_is_inside_a_domain_is_seen_at_once(name: str) -> None:
    domain, values = INSIDE[name]
    block = np.array(values)
    assert domain.holds(block, 1e-9, 2) is True
    assert domain.fault(block, 1e-9, 2) is None


def test_a_row_may_sum_to_1_plus_or_minus_the_tolerance() -> None:
    for total in (0.75, 1.25):
        block = np.array([[0.25], [total - 0.25]])
        assert checks.DISTRIBUTION.holds(block, 0.25, 2)
        assert checks.DISTRIBUTION.fault(block, 0.25, 2) is None
        assert not checks.DISTRIBUTION.holds(block, 0.2499, 2)
        fault = checks.DISTRIBUTION.fault(block, 0.2499, 2)
        assert fault is not None
        assert fault.holds == f"a row that sums to {total} (tolerance 2.5e-01)"


def test_a_probability_outside_its_range_is_found_in_a_row_that_sums_to_1() -> None:
    for row, held in (([-0.5, 0.75, 0.75], "-0.5"), ([1 + 1e-9, 0.0, 0.0], "1.000000001")):
        for t, y in (([1, 0, 0], row), (row, [1, 0, 0])):
            with pytest.raises(ValueError, match=re.escape(f"holds {held} at index (")):
                lb.categorical_crossentropy([t], [y])
        with pytest.raises(ValueError, match=re.escape(f"y_pred holds {held} at index (")):
            lb.sparse_categorical_crossentropy([0], [row])


def test_one_label_is_expected_for_each_row_of_every_axis() -> None:
    y = np.full((2, 3, 4), 0.25)
    text = "y_true has shape (2, 3, 4) and y_pred has shape (2, 3, 4); expected one label per row, "
    with pytest.raises(ValueError, match=re.escape(f"{text}shape (2, 3): for one-hot labels")):
        lb.sparse_categorical_crossentropy(y, y)


def test_labels_none_of_which_is_whole_are_refused_too() -> None:
    with pytest.raises(ValueError, match=re.escape("y_true holds 0.5 at index (0,)")):
        lb.sparse_categorical_crossentropy([0.5, 0.5], [[0.2, 0.8]] * 2)


@pytest.mark.parametrize("method", ["holds", "fault"])
def test_a_domain_without_one_of_its_answers_cannot_be_made(method: str) -> None:
    methods = {"holds": lambda *_: True, "fault": lambda *_: None}
    assert type("Whole", (checks.Domain,), dict(methods))()
    del methods[method]
    with pytest.raises(TypeError, match=method):
        type("Half", (checks.Domain,), methods)()


# --- what other libraries get wrong and what must be right here ---


def test_integers_do_not_wrap_around() -> None:
    mse, mae = lb.mean_squared_error, lb.mean_absolute_error
    assert mse(np.array([0], np.uint8), np.array([200], np.uint8)) == 40000
    assert mae(np.array([200], np.uint8), np.array([0], np.uint8)) == 200
    assert mse(np.array([4_000_000_000]), np.array([0])) == 1.6e19
    assert mse(np.array([-128], np.int8), np.array([127], np.int8)) == 255**2
    assert mae(np.array([2**64 - 1], np.uint64), np.array([0])) == 2.0**64
    assert mse(np.array([True, False]), np.array([False, False])) == 0.5
    slopes = mse.gradient(np.array([0, 5], np.uint8), np.array([200, 0], np.uint8), reduction="sum")
    assert slopes.tolist() == [400.0, -10.0]
    assert slopes.dtype == np.float64


def test_float16_does_not_overflow_on_the_way_to_the_mean() -> None:
    half = np.array([300, 0], np.float16)
    assert lb.mean_squared_error(np.zeros(2, np.float16), half) == 45000
    assert lb.mean_absolute_error(
        np.full(100, -6e4, np.float16), np.full(100, 6e4, np.float16)
    ) == (2 * float(np.float16(6e4)))


def test_a_probability_of_0_for_what_happened_costs_infinitely_much() -> None:
    assert lb.binary_crossentropy([1, 0], [0.0, 0.5]) == INF
    assert lb.categorical_crossentropy([[1, 0], [0, 1]], [[0.0, 1.0], [0.5, 0.5]]) == INF
    assert lb.sparse_categorical_crossentropy([0, 1], [[0.0, 1.0], [0.5, 0.5]]) == INF
    assert lb.binary_crossentropy.from_logits([1], [-INF]) == INF
    assert lb.sparse_categorical_crossentropy.from_logits([0], [[0.0, INF]]) == INF


def test_a_pair_is_two_columns_and_not_two_rows() -> None:
    for shape in ((2, 3), (2, 2, 1)):
        with pytest.raises(ValueError, match=r"y_pred has shape .*; expected rows of two"):
            lb.gaussian_negative_log_likelihood(np.zeros(shape[:-1]), np.zeros(shape))
