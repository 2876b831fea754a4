"""The promise of fifteen digits, on inputs that nobody chose; `make search` draws many more."""

from __future__ import annotations

import pytest

from tests.reference import slack
from tests.search.run import simplest, worst
from tests.search.subjects import SUBJECTS


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_drawn_input_has_fewer_than_fifteen_digits(name: str) -> None:
    largest, sample = worst(name, 150, 20261127)
    bound = SUBJECTS[name].bound + 4 * 2.0**-52 * slack()
    assert largest <= bound, simplest(name, sample)
