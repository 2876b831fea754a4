"""The helpers beside the losses: exact, checked, and consistent with one another."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import partial
from inspect import signature
from operator import attrgetter
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

INF, NAN = float("inf"), float("nan")


def test_sigmoid_is_right_to_fifteen_digits() -> None:
    rng = inputs.generator("sigmoid")
    z = np.concatenate([inputs.LOGITS, rng.normal(size=1500) * 10, rng.uniform(-760, 760, 1500)])
    reference.assert_fifteen_digits(lb.sigmoid(z), [reference.sigmoid(x) for x in z.tolist()])


def test_sigmoid_mirrors_itself_and_knows_certainty() -> None:
    assert lb.sigmoid([-INF, 0.0, INF]).tolist() == [0.0, 0.5, 1.0]
    z = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(lb.sigmoid(z) + lb.sigmoid(-z), 1.0, rtol=3e-16)


@pytest.mark.parametrize("classes", inputs.SIZES)
def test_softmax_and_its_logarithm_keep_their_digits(classes: int) -> None:
    z = inputs.rows_of_logits(inputs.generator(f"softmax {classes}"), classes)
    p, logs = lb.softmax(z), lb.log_softmax(z)
    for row, log_row, logits in zip(p, logs, z.tolist(), strict=True):
        true = reference.log_softmax(logits)
        reference.assert_fifteen_digits(log_row, true)
        exact = [mpmath.mpf(0) if x == -reference.INF else mpmath.exp(x) for x in true]
        reference.assert_fifteen_digits(row, exact)


def test_logits_that_are_all_low_or_all_high_keep_their_digits() -> None:
    for shift in (-1000.0, -600.0, 600.0, 1000.0):  # their exponentials are 0 or infinite
        z = np.array([[0.0, -1.5, 3.25], [0.5, 0.25, -2.0]]) + shift
        true = [x for row in z.tolist() for x in reference.log_softmax(row)]
        reference.assert_fifteen_digits(lb.log_softmax(z), true)
        reference.assert_fifteen_digits(lb.softmax(z), [mpmath.exp(x) for x in true])


def test_a_row_is_judged_by_itself() -> None:
    for rows in ([[-INF, 0.0], [-INF, 0.0]], [[INF, 0.0], [INF, 0.0]]):  # each row is fine
        for function in (lb.softmax, lb.log_softmax):
            assert np.array_equal(function(rows)[0], function(rows[0]))
    for row in ([-INF, -INF], [INF, INF]):
        for function in (lb.softmax, lb.log_softmax):
            with pytest.raises(ValueError, match="z holds a row whose softmax is undefined"):
                function([row, [0.0, 0.0]])


def test_the_logarithm_of_certainty_is_a_positive_zero() -> None:
    for row in ([0.0, 1000.0], [-INF, 3.0], [0.0, INF]):
        assert lb.log_softmax(row)[1] == 0.0
        assert not np.signbit(lb.log_softmax(row)[1])


@pytest.mark.parametrize("function", [lb.softmax, lb.log_softmax])
def test_a_row_needs_two_classes_and_may_stand_alone(function: Any) -> None:
    assert np.array_equal(function([[0.0, 1.0, 2.0]])[0], function([0.0, 1.0, 2.0]))
    for wrong in ([[0.0], [1.0]], [0.0], 0.0):
        with pytest.raises(ValueError, match="expected at least two classes on the last axis"):
            function(wrong)


def test_one_row_of_many_classes_is_smoothed_and_rows_of_one_class_are_not() -> None:
    np.testing.assert_allclose(lb.smooth_labels([[1, 0, 0, 0]], 0.2), [[0.85, 0.05, 0.05, 0.05]])
    with pytest.raises(
        ValueError, match=r"y_true has shape \(2, 1\); expected at least two classes"
    ):
        lb.smooth_labels([[1], [1]], 0.2)


def test_softmax_does_not_see_a_constant_and_follows_a_permutation() -> None:
    rng = inputs.generator("softmax shift")
    z = np.round(rng.normal(size=(20, 5)) * 8) / 8  # so that adding 64 is exact
    np.testing.assert_allclose(lb.softmax(z + 64), lb.softmax(z), rtol=1e-15)
    np.testing.assert_array_equal(lb.softmax(z + 1024), lb.softmax(z + 512))
    order = rng.permutation(5)
    np.testing.assert_allclose(lb.softmax(z[:, order]), lb.softmax(z)[:, order], rtol=5e-16)
    np.testing.assert_allclose(lb.softmax(z).sum(axis=-1), 1.0, rtol=5e-16)


def test_two_classes_make_softmax_a_sigmoid() -> None:
    z = np.linspace(-20, 20, 81)
    rows = np.column_stack([np.zeros_like(z), z])
    np.testing.assert_allclose(lb.softmax(rows)[:, 1], lb.sigmoid(z), rtol=5e-16)


def test_an_infinite_logit_takes_all() -> None:
    assert lb.softmax([0.0, INF, -INF]).tolist() == [0.0, 1.0, 0.0]
    assert lb.log_softmax([0.0, INF, -INF]).tolist() == [-INF, 0.0, -INF]
    assert lb.softmax([0.0, -INF, 0.0]).tolist() == [0.5, 0.0, 0.5]
    assert lb.log_softmax([-1.7e308, 1.7e308]).tolist() == [-INF, 0.0]


@pytest.mark.parametrize("helper", [lb.sigmoid, lb.softmax, lb.log_softmax])
def test_the_dtype_and_shape_of_logits_are_kept(helper: Any) -> None:
    for dtype in (np.float16, np.float32, np.float64, ">f4"):
        result = helper(np.zeros((2, 3, 4), dtype))
        assert result.dtype == np.dtype(dtype).newbyteorder("=")
        assert result.shape == (2, 3, 4)
        assert result.flags.c_contiguous
    assert helper([1, 0]).dtype == np.float64
    z = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    z.flags.writeable = False
    np.testing.assert_allclose(helper(z), helper(z.tolist()), rtol=5e-16)
    with np.errstate(all="raise"):
        helper([-1e308, 1e308, 0.0, 745.0])


def test_one_hot_puts_a_single_1_at_the_label() -> None:
    assert lb.one_hot(1, 3).tolist() == [0.0, 1.0, 0.0]
    rows = lb.one_hot([[0, 2], [1, 1]], np.int64(3))
    assert rows.shape == (2, 2, 3)
    assert rows.dtype == np.float64
    assert rows.argmax(axis=-1).tolist() == [[0, 2], [1, 1]]
    assert rows.sum(axis=-1).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert lb.one_hot([1.0, 0.0], 2).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_smooth_labels_move_towards_the_uniform_distribution() -> None:
    assert lb.smooth_labels([0, 1], 0).tolist() == [0.0, 1.0]
    assert lb.smooth_labels([0, 1], 1).tolist() == [0.5, 0.5]
    assert lb.smooth_labels([0, 0, 1, 0], 0.5).tolist() == [0.125, 0.125, 0.625, 0.125]
    assert lb.smooth_labels(np.eye(3, dtype=np.float32), 0.1).dtype == np.float32
    np.testing.assert_allclose(lb.smooth_labels(np.eye(3), 0.3).sum(axis=-1), 1.0, rtol=3e-16)


def test_clipping_keeps_probabilities_away_from_the_edges() -> None:
    assert lb.clip_probabilities([0.0, 0.5, 1.0], 0.25).tolist() == [0.25, 0.5, 0.75]
    clipped = lb.clip_probabilities(np.array([0, 0.3, 1], np.float32), 1e-6)
    assert clipped.dtype == np.float32
    assert clipped.tolist() == [float(np.float32(x)) for x in (1e-6, 0.3, 1 - 1e-6)]
    assert np.isfinite(lb.binary_crossentropy([1, 0], lb.clip_probabilities([0.0, 1.0], 1e-7)))


BAD: list[tuple[Any, type[Exception], str]] = [
    (lambda: lb.sigmoid(NAN), ValueError, "z holds nan; expected logits: real numbers"),
    (
        lambda: lb.sigmoid("1"),
        TypeError,
        "z has dtype <U1, such as '1'; expected booleans",
    ),
    (lambda: lb.sigmoid([]), ValueError, "z is empty"),
    (lambda: lb.sigmoid(np.ma.ones(2)), TypeError, "z is masked"),
    (
        lambda: lb.softmax([0.0, NAN]),
        ValueError,
        "z holds nan at index (1,); expected rows of logits",
    ),
    (
        lambda: lb.log_softmax([[[0.0, 1.0]], [[2.0, NAN]]]),
        ValueError,
        "z holds nan at index (1, 0, 1); expected rows of logits",
    ),
    (lambda: lb.softmax([INF, INF]), ValueError, "z holds a row whose softmax is undefined"),
    (lambda: lb.log_softmax([-INF, -INF]), ValueError, "z holds a row whose softmax is undefined"),
    (lambda: lb.softmax(1.0), ValueError, "z has shape (); expected at least two classes"),
    (lambda: lb.log_softmax([[1.0]]), ValueError, "z has shape (1, 1); expected at least two"),
    (
        lambda: lb.one_hot([3], 3),
        ValueError,
        "labels holds 3 at index (0,); expected whole numbers that name a class, from 0 to 2",
    ),
    (
        lambda: lb.one_hot([[0], [-1]], 3),
        ValueError,
        "labels holds -1 at index (1, 0); expected whole numbers that name",
    ),
    (
        lambda: lb.one_hot([0, 0.5], 3),
        ValueError,
        "labels holds 0.5 at index (1,); expected whole numbers",
    ),
    (lambda: lb.one_hot(NAN, 3), ValueError, "labels holds nan; expected whole numbers"),
    (lambda: lb.one_hot([0], 1), ValueError, "classes is 1; expected at least 2"),
    (lambda: lb.one_hot([0], 2.0), TypeError, "classes is 2.0; expected a whole number"),
    (lambda: lb.one_hot([0], True), TypeError, "classes is True; expected a whole number"),
    (
        lambda: lb.smooth_labels([0, 2], 0.1),
        ValueError,
        "y_true holds 2 at index (1,); expected probabilities",
    ),
    (lambda: lb.smooth_labels(1, 0.1), ValueError, "y_true has shape (); expected at least two"),
    (
        lambda: lb.smooth_labels([1], 0.1),
        ValueError,
        "y_true has shape (1,); expected at least two",
    ),
    (lambda: lb.smooth_labels([0, 1], -0.1), ValueError, "smoothing is -0.1; expected a number in"),
    (lambda: lb.smooth_labels([0, 1], 1.1), ValueError, "smoothing is 1.1; expected a number in"),
    (lambda: lb.smooth_labels([0, 1], NAN), ValueError, "smoothing is nan; expected a number in"),
    (
        lambda: lb.smooth_labels([0, 1], [0.1]),
        TypeError,
        "smoothing is [0.1]; expected one number, in",
    ),
    (lambda: lb.smooth_labels([0, 1], "0"), TypeError, "smoothing is '0'; expected one number, in"),
    (
        lambda: lb.clip_probabilities([1.5], 0.1),
        ValueError,
        "p holds 1.5 at index (0,); expected probabilities",
    ),
    (
        lambda: lb.smooth_labels([0, 1], 10**400),
        ValueError,
        "smoothing is about 1e400, too large for a float; expected one number, in [0, 1]",
    ),
    (
        lambda: lb.smooth_labels([0, 1], Fraction(-(10**5000), 3)),
        ValueError,
        "smoothing is about -1e5000, too large for a float",
    ),
    (
        lambda: lb.smooth_labels([0, 1], [0.1] * 1000),
        TypeError,
        f"smoothing is {[0.1] * 1000!r:.60}; expected one number, in",
    ),
    (lambda: lb.clip_probabilities([0.5], 10**400), ValueError, "eps is about 1e400, too large"),
    (lambda: lb.clip_probabilities([0.5], 0.0), ValueError, "eps is 0.0; expected a number in"),
    (lambda: lb.clip_probabilities([0.5], 0.5), ValueError, "eps is 0.5; expected a number in"),
    (lambda: lb.clip_probabilities([0.5], -0.1), ValueError, "eps is -0.1; expected a number in"),
    (lambda: lb.clip_probabilities([0.5], 1e-17), ValueError, "use at least 2.2e-16"),
    (lambda: lb.clip_probabilities(np.float32([0.5]), 1e-9), ValueError, "1 - eps in float32"),
]


@pytest.mark.parametrize("call, error, text", BAD, ids=[text for _, _, text in BAD])
def test_bad_input_is_refused(call: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        call()


TINY, HUGE = 5e-324, 1e308  # the smallest number, and nearly the largest
LOGITS = [[-HUGE, HUGE, 0.0], [745.0, -745.0, -INF], [TINY, -1e-310, 1e-200]]
SURE = [[1.0, 0.0, 0.0], [1.0, TINY, 1e-310], [1 - 2**-53, 2**-53, 1e-200]]
BASES = (2, 10, 1 + 2**-52, HUGE)
UNEVEN = [[1e-200, -1e-200, 1.0, -1.0], [HUGE, 1.0, 0.0, -HUGE], [TINY, 0.0, -1e-310, 1.0]]
EXTREMES: dict[str, list[tuple[Any, ...]]] = {
    "sigmoid": [(LOGITS,), (np.array([-17.0, -20.0, INF], np.float16),), (NAN,)],
    "softmax": [(LOGITS,), (np.array([0, -20, 6e4], np.float16),), ([INF, INF],), ([NAN, 0.0],)],
    "log_softmax": [(LOGITS,), (np.array([0, -1e-7, 6e4], np.float16),), ([INF, INF],)],
    "one_hot": [([0.0, 2.0], 3), ([NAN, INF], 3), ([TINY], 3)],
    "smooth_labels": [
        *((SURE, s) for s in (0, TINY, 1e-6, 1 - 2**-53, 1)),
        (np.array([0, 1, 0], np.float16), 1e-6),
        ([INF, NAN], 0.1),
    ],
    "clip_probabilities": [(SURE, 2**-53), (np.array([0, 1], np.float16), 1e-10), (SURE, TINY)],
    "information": [(SURE,), ([INF, NAN],)],
    "entropy": [(SURE,), ([HUGE, HUGE],), ([INF, NAN],)],
    "cross_entropy": [(SURE, SURE[::-1]), ([HUGE, HUGE], SURE[0])],
    "kl_divergence": [(SURE, SURE[::-1]), (SURE[0], [HUGE, HUGE])],
    "compute_sample_weight": [
        ([TINY, HUGE], [0, 1]), ({0: TINY}, [0, 1]), ("balanced", [NAN, INF, 0.0]),
        ([1.0, 2.0], [INF, NAN]), ([1.0, 2.0], [TINY, HUGE]),
    ],
    "drop_missing": [([NAN, INF, TINY], [1, None, 3]), (np.array([NAN, 1.0], np.float16),)],
    "pearson_correlation": [(t, y) for t in ([1, 2, 3, 4], *UNEVEN) for y in UNEVEN],
    "pearson_correlation_loss": [(t, y) for t in ([1, 2, 3, 4], *UNEVEN) for y in UNEVEN],
    "pearson_correlation_loss.gradient": [
        (t, np.array(y, dtype))
        for t in ([1, 2, 3, 4], *UNEVEN)
        for y, dtype in (*((y, np.float64) for y in UNEVEN), ([6e-8, 0, 1, 6e4], np.float16))
    ],
}  # fmt: skip


def test_every_function_has_extremes() -> None:
    functions = set(lb.__all__) - {"LOSSES", "Loss"} - {loss.name for loss in lb.LOSSES}
    assert set(EXTREMES) == functions | {"pearson_correlation_loss.gradient"}


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.filterwarnings("error")
def test_extremes_neither_warn_nor_raise_whatever_the_caller_asks_of_numpy(name: str) -> None:
    function = attrgetter(name)(lb)
    bases = BASES if "base" in signature(function).parameters else ()
    calls = [partial(function, *arguments) for arguments in EXTREMES[name]]
    calls += [partial(call, base=base) for call in calls for base in bases]
    for call in calls:
        answers = []
        for state in ("ignore", "warn", "raise"):
            with np.errstate(all=state):  # type: ignore[call-overload]
                try:
                    answers.append(repr(call()))
                except (TypeError, ValueError) as error:
                    answers.append(str(error))
        assert answers[0] == answers[1] == answers[2]
