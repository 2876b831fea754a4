"""Pearson's correlation, as a metric and as a loss."""

from __future__ import annotations

import re
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from tests import inputs, reference

metric, loss = lb.pearson_correlation, lb.pearson_correlation_loss
mpf = reference.mpf


def directions(t: Any, y: Any) -> tuple[list[Any], list[Any], Any]:
    """Return both centered vectors, scaled to length 1, and the length of the second."""
    unit = []
    for values in (t, y):
        x = [mpf(float(value)) for value in values]
        mean = mpmath.fsum(x) / len(x)
        x = [value - mean for value in x]
        length = mpmath.sqrt(mpmath.fsum(value**2 for value in x))
        unit.append([value / length for value in x])
    return unit[0], unit[1], length


def true_correlation(t: Any, y: Any) -> Any:
    """Return r from its definition."""
    u, v, _ = directions(t, y)
    return mpmath.fsum(a * b for a, b in zip(u, v, strict=True))


def test_a_hand_calculation() -> None:
    # centered: (-1.5, -0.5, 0.5, 1.5) and (-1, 0, -2, 3); products 1.5 + 0 - 1 + 4.5 = 5
    assert metric([1, 2, 3, 4], [1, 2, 0, 5]) == pytest.approx(5 / (5 * 14) ** 0.5, rel=1e-15)


def test_a_rising_line_has_loss_zero_and_a_falling_one_has_two() -> None:
    t = np.arange(7.0)
    assert loss(t, 3 * t + 2) == 0.0
    assert loss(t, -3 * t + 2) == 2.0
    assert metric(t, 3 * t + 2) == 1.0


def test_whole_numbers_on_a_line_have_loss_zero_and_no_other() -> None:
    rng = inputs.generator("whole lines")
    for size in rng.integers(3, 12, 100):
        t = rng.integers(-(10**6), 10**6, size)
        y = int(rng.integers(1, 1000)) * t + int(rng.integers(-(10**6), 10**6))
        assert loss(t, y) == 0.0  # what two floats cannot hold would give 1e-63
        assert loss(t, -y) == 2.0
        assert (metric(t, y), metric(t, -y)) == (1.0, -1.0)


def test_rounding_never_leads_beyond_the_ends_of_the_scale() -> None:
    # Of the two directions of [14, 5] rounding makes a product of 1 + 2^-52.
    for t in ([14.0, 5.0], *inputs.generator("lines").normal(size=(100, 3))):
        for slope in (1.0, 3.0, 7.0):
            y = np.asarray(t) * slope + 2
            assert 1 - 1e-15 < metric(t, y) <= 1.0
            assert -1.0 <= metric(t, -y) < -1 + 1e-15
            assert 2 - 1e-15 < loss(t, -y) <= 2.0
            assert 0.0 <= loss(t, y) < 1e-30


def test_it_agrees_with_the_definition_on_ordinary_and_extreme_data() -> None:
    rng = inputs.generator("pearson")
    for size in (2, 3, 10, 300):
        for offset, scale in (
            (0, 1),
            (1e15, 64),
            (-3e8, 1e-3),
            (0, 1e200),
            (0, 1e-200),
            (0, 1e308),
        ):
            t = offset + scale * rng.uniform(-1, 1, size)
            y = offset + scale * (0.6 * (t - offset) / scale + 0.4 * rng.uniform(-1, 1, size))
            true = true_correlation(t, y)
            assert abs(mpf(metric(t, y)) - true) < 4e-16
            assert abs(mpf(loss(t, y)) - (1 - true)) < 1e-13 * (1 - true) + 1e-30


def test_close_to_0_its_error_is_small_beside_1() -> None:
    t, y = [0.4, -0.5, 0.7, -0.8, 0.1, 0.2], [0.4, -0.3, -0.7, -0.3, 0.0, -0.4]
    true = true_correlation(t, y)
    assert abs(mpf(metric(t, y)) / true - 1) > 1e-15  # which is not promised
    rng = inputs.generator("close to 0")
    for size in (3, 4, 10, 300):
        for digits in (1, 2, 16):
            t, y = np.round(rng.normal(size=(2, size)), digits)
            t -= t.mean()
            y = np.round(y - t * (t @ y) / (t @ t), digits)
            assert abs(mpf(metric(t, y)) - true_correlation(t, y)) < 1e-15


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("y", [[1e-200, -1e-200, 1.0, -1.0], [1e308, 1.0, 0.0, 0.0]])
def test_numbers_of_all_sizes_are_no_error_of_numpy(y: Any) -> None:
    t = [1.0, 2.0, 3.0, 4.0]
    true = true_correlation(t, y)
    with np.errstate(all="raise"):
        assert abs(mpf(metric(t, y)) - true) < 1e-15
        assert abs(mpf(metric(y, t)) - true) < 1e-15
        assert abs(mpf(loss(t, y)) - (1 - true)) < 1e-15
        assert abs(loss.gradient(y, t).sum()) < 1e-15
        assert abs(loss.gradient(t, y).sum()) < 1e-15


@pytest.mark.parametrize("scale", [1.0, 1e-5, 1e7])
@pytest.mark.parametrize("noise", [1e-3, 1e-7, 1e-12, 1e-15, 0.0])
def test_a_small_loss_and_one_near_two_keep_their_digits(noise: float, scale: float) -> None:
    rng = inputs.generator("small")
    t = scale * rng.normal(size=50)
    y = 3.0 * (t + scale * noise * rng.normal(size=50))  # without noise, what rounding leaves
    true = 1 - true_correlation(t, y)
    assert 1e-34 < true < 1e-6
    assert abs(mpf(loss(t, y)) / true - 1) < 1e-15
    assert abs(mpf(loss(t, -y)) / (2 - true) - 1) < 1e-15


def test_the_gradient_is_that_of_the_definition() -> None:
    rng = inputs.generator("pearson gradient")
    for noise in (1.0, 1e-3):
        t = rng.normal(size=8)
        y = 5 + t + noise * rng.normal(size=8)
        for j, slope in enumerate(loss.gradient(t, y)):
            moved = [
                [*y[:j], x, *y[j + 1 :]]
                for x in (mpf(y[j]) - mpf(10) ** -25, mpf(y[j]) + mpf(10) ** -25)
            ]
            low, high = (1 - _exact(t, row) for row in moved)
            assert abs(mpf(slope) - (high - low) / (2 * mpf(10) ** -25)) < 1e-14 * noise + 1e-16


def _exact(t: Any, y: list[Any]) -> Any:
    n = len(y)
    a = [mpf(float(x)) for x in t]
    a = [x - mpmath.fsum(a) / n for x in a]
    b = [x - mpmath.fsum(y) / n for x in y]
    product = mpmath.fsum(p * q for p, q in zip(a, b, strict=True))
    return product / mpmath.sqrt(mpmath.fsum(p * p for p in a) * mpmath.fsum(q * q for q in b))


def test_neither_shift_nor_positive_scale_changes_it() -> None:
    rng = inputs.generator("shift and scale")
    t, y = rng.integers(-50, 50, 30), rng.integers(-50, 50, 30)
    assert metric(t, 4 * y + 1000) == pytest.approx(metric(t, y), rel=1e-15)
    assert metric(t, -y) == -metric(t, y)
    assert metric(y, t) == pytest.approx(metric(t, y), rel=1e-15)


def test_the_gradient_is_orthogonal_to_shift_and_scale() -> None:
    rng = inputs.generator("orthogonal")
    t, y = rng.normal(size=40), rng.normal(size=40)
    slopes = loss.gradient(t, y)
    assert abs(slopes.sum()) < 1e-15
    assert abs(slopes @ (y - y.mean())) < 1e-15


def test_a_step_against_the_gradient_lowers_the_loss() -> None:
    rng = inputs.generator("descent")
    t, y = rng.normal(size=20), rng.normal(size=20)
    assert loss(t, y - 0.1 * loss.gradient(t, y)) < loss(t, y)


def test_a_constant_has_no_correlation() -> None:
    for arguments, name in ((([1, 2], [0.1, 0.1]), "y_pred"), (([3, 3], [1, 2]), "y_true")):
        for call in (metric, loss, loss.gradient):
            with pytest.raises(ValueError, match=f"{name} is constant"):
                call(*arguments)


@pytest.mark.parametrize(
    "t, y, error, text",
    [
        ([1.0], [2.0], ValueError, "y_pred has a single sample; expected at least two"),
        ([1, 2], [[1], [2]], ValueError, "expected the same shape"),
        (
            [1, float("nan")],
            [1, 2],
            ValueError,
            r"y_true holds nan at index \(1,\); expected finite",
        ),
        ([1, 2], [1, float("inf")], ValueError, r"y_pred holds inf at index \(1,\)"),
        (["a", "b"], [1, 2], TypeError, "y_true has dtype"),
        ([], [], ValueError, "y_true is empty"),
        (np.ma.array([1, 2]), [1, 2], TypeError, "y_true is masked"),
    ],
)
def test_bad_input_is_a_clear_error(t: Any, y: Any, error: type[Exception], text: str) -> None:
    for call in (metric, loss, loss.gradient):
        with pytest.raises(error, match=text):
            call(t, y)


def test_several_outputs_have_a_correlation_each() -> None:
    t, y = np.array([[1, 9], [2, 3], [4, 5]]), np.array([[2, 1], [1, 5], [5, 3]])
    for call in (metric, loss, loss.gradient):
        with pytest.raises(ValueError, match=r"several outputs, .* expected one: `") as caught:
            call(t, y)
    advice = re.findall("`(.*)`", str(caught.value))[0]
    found = eval(advice, {"np": np, "lossbook": lb, "y_true": t.tolist(), "y_pred": y})
    assert found == [metric([1, 2, 4], [2, 1, 5]), metric([9, 3, 5], [1, 5, 3])]


def test_an_error_says_the_likely_mistake_as_those_of_the_losses_do() -> None:
    for call in (metric, loss, loss.gradient):
        with pytest.raises(TypeError, match=r"`y_true, y_pred = lossbook.drop_missing\("):
            call(np.ma.array([1, 2, 3], mask=[0, 0, 1]), [1, 2, 3])


def test_shape_and_dtype_of_the_gradient_are_those_of_the_prediction() -> None:
    t, y = np.arange(6).reshape(1, 6, 1), np.array([[[1], [5], [2], [0], [1], [4]]], np.float32)
    slopes = loss.gradient(t, y)
    assert slopes.shape == (1, 6, 1)
    assert slopes.dtype == np.float32
    assert loss.gradient(y, t).dtype == np.float64
