"""Surprise, entropy, cross-entropy and Kullback-Leibler divergence."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from lossbook.information_theory import BLOCK
from tests import inputs
from tests.reference import INF, assert_fifteen_digits, mpf, worst

every_unit = pytest.mark.parametrize("base", [None, 2, 10, 3])
on_distributions = pytest.mark.parametrize(
    "function",
    [lb.entropy, lambda p: lb.cross_entropy(p, p), lambda p: lb.kl_divergence(p, p)],
    ids=["entropy", "cross_entropy", "kl_divergence"],
)


def unit(base: float | None) -> Any:
    return mpf(1) if base is None else mpmath.log(base)


def true_cross_entropy(p: Sequence[float], q: Sequence[float]) -> Any:
    """Return -sum p log q from its definition, to 60 digits."""
    pairs = [(mpf(a), mpf(b)) for a, b in zip(p, q, strict=True) if a != 0]
    return (
        INF if any(b == 0 for _, b in pairs) else -mpmath.fsum(a * mpmath.log(b) for a, b in pairs)
    )


def true_divergence(p: Sequence[float], q: Sequence[float]) -> Any:
    """Return sum (p log(p/q) - p + q) from its definition, to 60 digits."""
    rows = [(mpf(a), mpf(b)) for a, b in zip(p, q, strict=True)]
    if any(a > 0 and b == 0 for a, b in rows):
        return INF
    return mpmath.fsum((a * mpmath.log(a / b) if a else 0) - a + b for a, b in rows)


def pairs(p: inputs.Array, q: inputs.Array) -> list[tuple[list[float], list[float]]]:
    return list(zip(p.tolist(), q.tolist(), strict=True))


def distributions(name: str, classes: int, distance: float) -> tuple[inputs.Array, inputs.Array]:
    """Return rows p and q whose logits are `distance` apart."""
    rng = inputs.generator(name)
    size = {2: 150, 3: 100, 10: 40, 100: 5}[classes]
    z = 3 * rng.normal(size=(size, classes))
    return lb.softmax(z), lb.softmax(z + distance * rng.normal(size=z.shape))


# --- known values ---------------------------------------------------------------------------------


def test_a_fair_coin_a_fair_die_and_a_card_have_the_surprise_and_entropy_that_we_count() -> None:
    assert lb.information(0.5, base=2) == 1.0
    assert lb.information([1.0, 1 / 4, 1 / 1024], base=2).tolist() == [0.0, 2.0, 10.0]
    assert lb.entropy([1 / 8] * 8, base=2) == 3.0
    assert lb.information([0.1, 0.001, 1e-5], base=10).tolist() == [1.0, 3.0, 5.0]
    assert lb.information([1 / 9, 1 / 11], base=9).tolist()[0] == pytest.approx(1.0, rel=1e-15)
    assert lb.information([1 / 9, 1 / 11], base=11).tolist()[1] == pytest.approx(1.0, rel=1e-15)
    assert lb.entropy([1 / 2, 1 / 4, 1 / 8, 1 / 8], base=2) == 1.75
    assert lb.entropy([0.5, 0.5]) == np.log(2.0)


def test_cross_entropy_and_divergence_agree_with_a_calculation_by_hand() -> None:
    p, q = [1 / 2, 1 / 4, 1 / 4], [1 / 4, 1 / 4, 1 / 2]
    assert lb.cross_entropy(p, q, base=2) == 1.75  # 1/2 * 2 + 1/4 * 2 + 1/4 * 1
    assert lb.entropy(p, base=2) == 1.5
    assert lb.kl_divergence(p, q, base=2) == 0.25


def test_one_bit_is_log_2_nats() -> None:
    p, q = [0.9, 0.1], [0.3, 0.7]
    assert lb.information(0.1) == pytest.approx(lb.information(0.1, base=2) * np.log(2), rel=1e-15)
    assert lb.entropy(p) == pytest.approx(lb.entropy(p, base=2) * np.log(2), rel=1e-15)
    assert lb.cross_entropy(p, q) == pytest.approx(
        lb.cross_entropy(p, q, base=2) * np.log(2), rel=1e-15
    )
    assert lb.kl_divergence(p, q) == pytest.approx(
        lb.kl_divergence(p, q, base=2) * np.log(2), rel=1e-15
    )


def test_what_never_happens_counts_nothing_and_what_was_ruled_out_costs_infinitely_much() -> None:
    assert lb.entropy([1.0, 0.0]) == 0.0
    assert lb.cross_entropy([1, 0], [0.5, 0.5], base=2) == 1.0
    assert lb.kl_divergence([1, 0], [0.5, 0.5], base=2) == 1.0
    assert lb.information(0) == np.inf
    assert lb.cross_entropy([0.5, 0.5], [1, 0]) == np.inf
    assert lb.kl_divergence([0.5, 0.5], [1, 0]) == np.inf
    assert lb.kl_divergence([[1, 0], [0, 1]], [[1, 0], [1, 0]]).tolist() == [0.0, np.inf]


def test_zero_is_never_minus_zero() -> None:
    certain = [0.0, 1.0]
    values = [
        lb.information(1.0),
        lb.entropy(certain),
        lb.cross_entropy(certain, certain),
        lb.kl_divergence(certain, certain),
        lb.kl_divergence([0.3, 0.7], [0.3, 0.7]),
    ]
    assert [str(value) for value in values] == ["0.0"] * 5


# --- exactness ------------------------------------------------------------------------------------


@every_unit
def test_a_surprise_is_right_to_fifteen_digits(base: float | None) -> None:
    p = np.concatenate([inputs.PROBABILITIES[1:], inputs.generator("surprise").random(500)])
    true = [-mpmath.log(mpf(x)) / unit(base) for x in p.tolist()]
    assert_fifteen_digits(lb.information(p, base=base), true)


@every_unit
@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_entropies_are_right_to_fifteen_digits(classes: int, base: float | None) -> None:
    p, q = distributions(f"entropies {classes}", classes, 3.0)
    crossed = [true_cross_entropy(*rows) / unit(base) for rows in pairs(p, q)]
    own = [true_cross_entropy(row, row) / unit(base) for row in p.tolist()]
    assert_fifteen_digits(lb.cross_entropy(p, q, base=base), crossed)
    assert_fifteen_digits(lb.entropy(p, base=base), own)


def test_powers_of_two_have_a_whole_number_of_bits() -> None:
    k = np.arange(1075.0)
    assert lb.information(2.0**-k, base=2).tolist() == k.tolist()


@every_unit
@pytest.mark.parametrize("distance", [1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1.0, 3.0, 30.0])
def test_a_divergence_is_right_to_fifteen_digits_however_close_the_distributions(
    distance: float, base: float | None
) -> None:
    for classes in (2, 10) if base else (2, 3, 10, 100):
        p, q = distributions(f"divergence {classes} {distance}", classes, distance)
        true = [true_divergence(*rows) / unit(base) for rows in pairs(p, q)]
        assert_fifteen_digits(lb.kl_divergence(p, q, base=base), true)


def test_a_divergence_is_right_for_probabilities_of_every_size() -> None:
    sizes = inputs.PROBABILITIES[::6]
    first, second = (x.ravel() for x in np.meshgrid(sizes, sizes))
    p, q = (np.stack([x, 1.0 - x], axis=-1) for x in (first, second))
    found = lb.kl_divergence(p, q)
    true = [true_divergence(*rows) for rows in pairs(p, q)]
    assert_fifteen_digits(found, true)


def test_a_divergence_is_right_where_one_probability_is_nearly_twice_the_other() -> None:
    rng = inputs.generator("twice")
    half = rng.uniform(0.25, 0.5, 400)
    double = 2.0 * half * (1.0 - 10.0 ** rng.uniform(-16, -1, 400))
    p, q = (np.stack([x, 1.0 - x], axis=-1) for x in (double, half))
    for first, second in ((p, q), (q, p)):
        true = [true_divergence(*rows) for rows in pairs(first, second)]
        assert_fifteen_digits(lb.kl_divergence(first, second), true)


def test_a_divergence_of_rows_that_sum_to_exactly_1_is_the_textbook_s() -> None:
    rng = inputs.generator("dyadic")
    p, q = ((rng.multinomial(1020, [0.1, 0.2, 0.3, 0.4], size=50) + 1) / 1024 for _ in "pq")
    textbook = [
        mpmath.fsum(mpf(x) * mpmath.log(mpf(x) / mpf(y)) for x, y in zip(a, b, strict=True))
        for a, b in pairs(p, q)
    ]
    assert_fifteen_digits(lb.kl_divergence(p, q), textbook)


def test_a_divergence_sees_the_distributions_behind_rows_that_do_not_sum_to_1() -> None:
    p, q = distributions("sums", 3, 1e-9)
    p *= 1 + 1e-12
    for (a, b), found in zip(pairs(p, q), lb.kl_divergence(p, q).tolist(), strict=True):
        total, other = mpmath.fsum(map(mpf, a)), mpmath.fsum(map(mpf, b))
        meant = true_divergence([x / total for x in map(mpf, a)], [y / other for y in map(mpf, b)])
        assert abs(found - total * meant) < (total - other) ** 2
        # The usual formula is off by far more than the divergence.
        assert abs(true_divergence(a, b) + total - other - meant) > 1000 * meant


def test_a_divergence_is_never_negative() -> None:
    rng = inputs.generator("never negative")
    for distance in (0.0, 1e-16, 1e-14, 1e-10):
        p = rng.dirichlet([1.0, 1.0, 1.0], 2000)
        q = np.clip(p * (1 + distance * rng.normal(size=p.shape)), 0.0, 1.0)
        assert (lb.kl_divergence(p, q) >= 0.0).all()


def test_cross_entropy_is_entropy_plus_divergence() -> None:
    p, q = distributions("sum of both", 10, 1.0)
    both = lb.entropy(p) + lb.kl_divergence(p, q)
    np.testing.assert_allclose(lb.cross_entropy(p, q), both, rtol=1e-14)


def test_cross_entropy_is_the_categorical_loss_of_a_soft_label() -> None:
    p, q = distributions("soft label", 3, 1.0)
    losses = lb.categorical_crossentropy(p, q, reduction="none")
    np.testing.assert_allclose(lb.cross_entropy(p, q), losses, rtol=1e-15)


def test_no_distribution_has_more_entropy_than_the_uniform_one() -> None:
    p, _ = distributions("uniform", 10, 0.0)
    assert (lb.entropy(p) < lb.entropy([0.1] * 10)).all()


# --- shapes and dtypes ----------------------------------------------------------------------------


def test_one_distribution_gives_a_float_and_rows_give_an_array() -> None:
    row = [0.25, 0.75]
    for value in (lb.entropy(row), lb.cross_entropy(row, row), lb.kl_divergence(row, row)):
        assert type(value) is float
    assert type(lb.information(0.25)) is float
    rows = np.full((2, 3, 4), 0.25)
    for values in (lb.entropy(rows), lb.cross_entropy(rows, rows), lb.kl_divergence(rows, rows)):
        assert values.shape == (2, 3)
    assert lb.information(rows).shape == (2, 3, 4)


def test_each_row_is_a_distribution_of_its_own() -> None:
    p, q = distributions("rows", 10, 1.0)
    for function in (lb.cross_entropy, lb.kl_divergence):
        each = [function(a, b) for a, b in zip(p, q, strict=True)]
        np.testing.assert_allclose(function(p, q), each, rtol=1e-15)
        cube = function(p.reshape(4, 10, 10), q.reshape(4, 10, 10))
        assert cube.tolist() == function(p, q).reshape(4, 10).tolist()


def test_more_rows_than_a_block_holds_give_what_each_gives() -> None:
    p, q = (np.tile(x, (100, 1)) for x in distributions("blocks", 10, 1.0))
    once = lb.kl_divergence(p[:40], q[:40])
    assert lb.kl_divergence(p, q).tolist() == once.tolist() * 100


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_short_floats_are_right_to_their_own_last_digit(dtype: Any) -> None:
    p, q = (x.astype(dtype) for x in distributions("short", 3, 0.1))
    for found, exact in (
        (lb.information(p), [-mpmath.log(mpf(float(x))) for x in p.ravel()]),
        (lb.entropy(p), [true_cross_entropy(row, row) for row in p.tolist()]),
        (lb.cross_entropy(p, q), [true_cross_entropy(*r) for r in pairs(p, q)]),
        (lb.kl_divergence(p, q), [true_divergence(*r) for r in pairs(p, q)]),
    ):
        assert found.dtype == dtype
        assert worst(found, exact) < 0.51


def test_of_two_dtypes_the_wider_one_counts() -> None:
    p, q = distributions("dtypes", 2, 1.0)
    assert lb.kl_divergence(p.astype(np.float32), q).dtype == np.float64
    assert (
        lb.kl_divergence(np.array([[1, 0]]), np.array([[0.5, 0.5]], np.float32)).dtype == np.float32
    )


def test_the_arguments_are_left_as_they_were() -> None:
    p, q = distributions("untouched", 3, 1.0)
    before = p.copy(), q.copy()
    lb.information(p), lb.entropy(p), lb.cross_entropy(p, q), lb.kl_divergence(p, q)
    assert (p == before[0]).all()
    assert (q == before[1]).all()


# --- errors ---------------------------------------------------------------------------------------


@on_distributions
@pytest.mark.parametrize(
    "bad, message",
    [
        ([3, 1], r"p holds 3.0 at index \(0,\); expected rows .* sum to 1: divide each row"),
        ([0.5, 0.6], r"p holds a row that sums to 1.1 \(tolerance 3.5e-04\); .* divide each row"),
        ([[0.5, 0.5], [0.5, 0.7]], r"p holds a row that sums to 1.2 .* at index \(1,\)"),
        ([[[1, 0], [0.2, 0.8]], [[0.5, 0.5], [-0.5, 1.5]]], r"p holds -0.5 at index \(1, 1, 0\)"),
        ([float("nan"), 1.0], r"p holds nan at index \(0,\)"),
        (0.5, r"p is a single number; expected a distribution.* give \[p, 1 - p\]"),
        ([], r"p is empty"),
    ],
)
def test_what_is_no_distribution_is_refused(
    function: Callable[..., Any], bad: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        function(bad)


def test_an_error_names_the_argument_that_is_wrong() -> None:
    for function in (lb.cross_entropy, lb.kl_divergence):
        with pytest.raises(ValueError, match=r"^q holds a row that sums to 1\.1"):
            function([0.5, 0.5], [0.5, 0.6])


def test_nothing_is_broadcast() -> None:
    for function in (lb.cross_entropy, lb.kl_divergence):
        with pytest.raises(ValueError, match=r"p has shape \(2,\) and q has shape \(1, 2\)"):
            function([0.5, 0.5], [[0.5, 0.5]])


def test_a_surprise_is_that_of_a_probability() -> None:
    with pytest.raises(ValueError, match=r"p holds 2 at index \(1,\); expected prob.*divided by"):
        lb.information([1, 2])
    with pytest.raises(ValueError, match="p holds nan; expected probabilities"):
        lb.information(float("nan"))


@pytest.mark.parametrize("base", [1, 0.5, 0, -2, float("inf"), float("nan")])
def test_a_base_is_greater_than_1_and_finite(base: float) -> None:
    with pytest.raises(ValueError, match=r"base is .*; expected a finite number greater than 1"):
        lb.entropy([0.5, 0.5], base=base)


def test_a_base_is_a_number_that_a_float_holds() -> None:
    for base in (10**400, 10**5000):  # of which Python prints only one
        with pytest.raises(ValueError, match=r"base is about 1e\d+, too large for a float"):
            lb.entropy([0.5, 0.5], base=base)


@pytest.mark.parametrize("base", ["2", True, [2], 2j])
def test_a_base_is_a_number(base: Any) -> None:
    for function in (lb.information, lb.entropy):
        with pytest.raises(
            TypeError, match=r"base is .*; expected one number, greater than 1, such"
        ):
            function([0.5, 0.5], base=base)
    with pytest.raises(TypeError, match="base is"):
        lb.kl_divergence([0.5, 0.5], [0.5, 0.5], base=base)


def test_rows_may_be_off_by_their_own_precision_only() -> None:
    off = [0.5, 0.51]
    assert lb.entropy(np.array(off, np.float16)) > 0.0
    for dtype in (np.float32, np.float64):
        assert lb.entropy(np.array([0.5, 0.5003], dtype)) > 0.0
        with pytest.raises(ValueError, match="sums to"):
            lb.entropy(np.array(off, dtype))


@on_distributions
def test_text_and_masked_arrays_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="p has dtype"):
        function(["0.5", "0.5"])
    with pytest.raises(TypeError, match="p is masked"):
        function(np.ma.array([0.5, 0.5]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda p, *base: lb.information(p, *base),
        lambda p, *base: lb.entropy(p, *base),
        lambda p, *base: lb.cross_entropy(p, p, *base),
        lambda p, *base: lb.kl_divergence(p, p, *base),
    ],
)
def test_the_base_is_named(ask: Callable[..., Any]) -> None:
    ask([0.5, 0.5])
    with pytest.raises(TypeError, match="positional argument"):
        ask([0.5, 0.5], 2)


def test_a_divergence_of_more_classes_than_a_block_holds() -> None:
    classes = 2 * BLOCK
    q = np.full(classes, 1 / classes)
    p = np.where(np.arange(classes) % 2, 2 / classes, 0.0)  # every second class is ruled out
    assert lb.kl_divergence(p, q) == pytest.approx(np.log(2), rel=1e-14)
    assert lb.kl_divergence([p, q], [q, q]).tolist() == [lb.kl_divergence(p, q), 0.0]


def test_the_divergences_of_many_rows_need_memory_for_a_block_and_for_what_goes_in() -> None:
    p = lb.softmax(inputs.generator("memory").normal(size=(200_000, 3)))
    tracemalloc.start()
    try:
        lb.kl_divergence(p, p[::-1])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Both arguments are copied, and one is being checked. All at once, the terms would take 30.
    assert peak < 5 * p.nbytes
