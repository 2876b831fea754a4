"""What was passed is looked at before NumPy does: what it carries, and what it is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lossbook.checks import as_real_array
from lossbook.conversion import is_missing


class Carrier:
    """An array with whatever attributes a library gives it; NumPy sees the numbers alone."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.zeros(2)


class Closed:
    """An array that NumPy cannot read, with whatever methods a library gives it."""

    def __init__(self, reason: str = "cannot be read", **methods: Any) -> None:
        self.reason = reason
        vars(self).update(methods)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(self.reason)


def refusal(value: Any, error: type[Exception] = TypeError) -> str:
    with pytest.raises(error) as raised:
        as_real_array(value, "y_true")
    return str(raised.value)


@pytest.mark.parametrize("attributes", [{"unit": "m"}, {"units": "m"}, {"unit": "m", "units": "m"}])
def test_a_unit_is_seen_whatever_a_library_calls_it(attributes: dict[str, str]) -> None:
    assert "has a unit" in refusal(Carrier(**attributes))
    assert "has a unit" in refusal([[Carrier(**attributes)]])
    assert as_real_array(Carrier(unit=lambda: "m"), "y_true").tolist() == [0.0, 0.0]


def test_a_labelled_array_carries_what_its_data_carry() -> None:
    assert "has a unit" in refusal(Carrier(dims=("x",), data=Carrier(unit="m")))
    assert as_real_array(Carrier(data=Carrier(unit="m")), "y_true").size == 2


def test_a_mask_is_seen_as_deep_as_an_array_has_axes() -> None:
    alike: Any = np.ma.masked
    beside: Any = np.ma.masked
    for _ in range(64):
        alike, beside = [alike], [beside, np.zeros(2)]
    assert "is masked" in refusal(alike)
    assert "is masked" in refusal(beside)


def test_a_list_that_contains_itself_is_refused() -> None:
    inside: list[Any] = []
    inside.append(inside)
    refusal(inside, ValueError)
    mixed: list[Any] = [np.zeros(2)]
    mixed.append(mixed)
    refusal(mixed, ValueError)


def test_whether_something_is_missing_is_asked_of_whatever_it_is() -> None:
    class Unknown:
        def __ne__(self, other: object) -> Any:
            raise TypeError("not known")

    for missing in (None, float("nan"), np.ma.masked, np.datetime64("NaT", "s"), Unknown()):
        assert is_missing(missing)
    for present in (0, "", "nan", np.zeros(2), object()):
        assert not is_missing(present)


def test_what_numpy_cannot_read_is_named_with_the_reason() -> None:
    assert "of type Closed" in refusal(Closed("one line"))
    assert "(one line)" in refusal(Closed("one line\nand more"))
    # Half of what a tensor has makes no tensor.
    assert "is a tensor" not in refusal(Closed(detach=None))
    assert "is a tensor" not in refusal(Closed(cpu=None))
    assert "is a tensor" in refusal(Closed(detach=None, cpu=None, dtype="float64"))
    assert "is a tensor" in refusal([Closed(detach=None, cpu=None, dtype="float64")])


@pytest.mark.parametrize("way", ["toarray", "todense"])
def test_a_sparse_matrix_is_told_the_way_that_it_has(way: str) -> None:
    assert f"y_true = y_true.{way}()" in refusal(Closed(**{way: None}))


def test_of_several_objects_the_first_is_named() -> None:
    assert "holds Decimals" in refusal([Decimal(1), Fraction(1)])
    assert "such as None" in refusal([1.0, None, float("nan")])
    assert "holds Decimals" in refusal(Decimal(3))
