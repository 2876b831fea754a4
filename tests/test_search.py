"""The promise of fifteen digits, on inputs that nobody chose; `make search` draws many more."""

from __future__ import annotations

import numpy as np
import pytest

import lossbook as lb
from tests.reference import slack
from tests.search.run import error, simplest, worst
from tests.search.subjects import SUBJECTS, Sample

#: Inputs on which an earlier version had fewer digits.
REPORTED: list[tuple[str, Sample]] = [
    (
        "categorical_crossentropy.from_logits",
        ([0.9924434661950637, 0.007556533804936244], [-0.6867369246830174, -2.0482670508635894]),
    ),
    ("binary_crossentropy", (0.49999999999995054, 0.8250607198526164)),
    ("sparse_categorical_crossentropy.from_logits", (0, [0.8513289405364385, -1.9109454208113916])),
    ("log_softmax", ([0.8513289405364385, -1.9109454208113916],)),
    ("binary_crossentropy.from_logits gradient", (0.5, 1e-17)),
    ("pearson_correlation", ([1, 2, 3], [10, 20, 30])),
    ("pearson_correlation_loss", ([1, 2, 3], [10, 20, 30])),
]


@pytest.mark.parametrize("name, sample", REPORTED)
def test_what_was_reported_has_its_digits(name: str, sample: Sample) -> None:
    assert error(SUBJECTS[name], sample) <= SUBJECTS[name].bound + 4 * 2.0**-52 * slack()


@pytest.mark.parametrize("size", [30, 39, 47])
def test_the_mean_of_a_few_equal_numbers_is_the_number(size: int) -> None:
    assert lb.mean_absolute_error([0] * size, [0.1] * size) == 0.1


def test_points_on_a_line_through_whole_numbers_correlate_exactly() -> None:
    assert lb.pearson_correlation([1, 2, 3], [10, 20, 30]) == 1.0
    large = 2**60 + np.arange(3)  # float64 does not hold these, and would call them constant
    assert lb.pearson_correlation(large, [10, 20, 30]) == 1.0
    assert lb.pearson_correlation(large, -large) == -1.0


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_drawn_input_has_fewer_than_fifteen_digits(name: str) -> None:
    largest, sample = worst(name, 150, 20261127)
    bound = SUBJECTS[name].bound + 4 * 2.0**-52 * slack()
    assert largest <= bound, simplest(name, sample)
