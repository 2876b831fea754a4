"""The measure of an error sees what is not a number."""

from __future__ import annotations

import numpy as np
import pytest

from tests import reference

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("true", [1.0, 0.0, 1e308, INF])
def test_what_is_not_a_number_is_never_right(true: float) -> None:
    truths = [reference.mpf(1), reference.mpf(true), reference.mpf(1)]
    for measure in (reference.off, reference.worst):
        assert measure([1.0, NAN, 1.0], truths) == INF


def test_infinity_is_right_beyond_the_largest_number_with_its_sign() -> None:
    beyond = 2 * reference.mpf(np.finfo(float).max)
    for true in (beyond, reference.mpf(np.finfo(float).max) * (1 + reference.mpf(2) ** -55)):
        assert reference.ulps(INF, true) == 0.0 == reference.ulps(-INF, -true)
        assert reference.ulps(-INF, true) == INF == reference.ulps(INF, -true)
