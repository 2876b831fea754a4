"""The formulas that the chapters show first: right on ordinary data, and where they lose digits."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import lossbook as lb
from tests.faces import FACES, batch
from tests.inputs import generator
from tests.test_repository import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import plain

quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.parametrize("loss", FACES, ids=lambda loss: loss.name)
def test_a_plain_formula_gives_the_package_s_digits_on_ordinary_data(loss: lb.Loss) -> None:
    t, y = batch(loss, generator("plain"), 500)
    name = loss.name.replace(".", "_")
    assert loss(t, y) == pytest.approx(getattr(plain, name)(t, y), rel=1e-12)
    slopes = getattr(plain, f"{name}_gradient")(t, y)
    np.testing.assert_allclose(loss.gradient(t, y), slopes, rtol=1e-11, atol=1e-18)


@quiet
def test_the_plain_binary_formula_loses_a_small_loss_and_the_limit_of_x_log_x() -> None:
    zero, small = np.array([0.0]), np.array([1e-17])
    assert plain.binary_crossentropy(zero, small) == 0.0
    assert lb.binary_crossentropy(zero, small) == 1e-17
    assert np.isnan(plain.binary_crossentropy(zero, zero))
    assert lb.binary_crossentropy(zero, zero) == 0.0


def test_the_plain_binary_formula_of_logits_cancels_close_to_a_soft_label() -> None:
    t, z = np.array([1.0 - 2.0**-53]), np.array([40.0])
    true = lb.binary_crossentropy.from_logits(t, z)
    assert abs(plain.binary_crossentropy_from_logits(t, z) / true - 1) > 0.1
    certain = np.array([1.0])
    assert plain.binary_crossentropy_from_logits_gradient(certain, z)[0] == 0.0
    assert lb.binary_crossentropy.from_logits.gradient(certain, z)[0] < -4e-18


@quiet
def test_the_plain_categorical_formulas_lose_a_small_loss_and_the_limit_of_x_log_x() -> None:
    t = np.array([[1.0, 0.0]])
    assert np.isnan(plain.categorical_crossentropy(t, t))
    assert lb.categorical_crossentropy(t, t) == 0.0
    z = np.array([[40.0, 0.0]])
    assert plain.categorical_crossentropy_from_logits(t, z) == 0.0
    assert plain.sparse_categorical_crossentropy_from_logits(np.array([0]), z) == 0.0
    assert lb.categorical_crossentropy.from_logits(t, z) == pytest.approx(np.exp(-40.0), rel=1e-15)
    assert plain.categorical_crossentropy_from_logits_gradient(t, z)[0, 0] == 0.0
    assert lb.categorical_crossentropy.from_logits.gradient(t, z)[0, 0] < -4e-18


def test_the_plain_correlation_of_points_on_a_line_is_not_always_1() -> None:
    rng = generator("lines")
    pairs = [(t, 3 * t + 1) for t in rng.integers(-100, 100, (100, 5))]
    assert sum(plain.pearson_correlation(*pair) != 1.0 for pair in pairs) > 10
    assert all(lb.pearson_correlation(*pair) == 1.0 for pair in pairs)
