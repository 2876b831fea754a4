"""What was passed is looked at before NumPy does: what it carries, and what it is."""

from __future__ import annotations

from array import array
from collections import UserDict, UserList, deque
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lossbook.checks import as_real_array
from lossbook.conversion import is_missing, opened


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


class Few(Sequence[Any]):
    """A sequence by declaration."""

    def __init__(self, items: Any) -> None:
        self.items = list(items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: Any) -> Any:
        return self.items[index]


class Bare:
    """A sequence by its methods alone."""

    def __init__(self, items: Any) -> None:
        self.items = list(items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Any:
        return self.items[index]


SEQUENCES = (deque, UserList, Few, Bare)


@pytest.mark.parametrize("kind", SEQUENCES)
def test_whatever_numpy_reads_as_a_sequence_is_looked_into(kind: Any) -> None:
    row = np.ma.array([1.0, 2.0], mask=[0, 1])
    for of_rows in (
        kind([row, row]),
        [kind([row]), kind([row])],
        kind([[row], [row]]),
        kind([kind([kind([1.0, np.ma.masked])])]),
        (kind([1.0, np.ma.masked]), [1.0, 2.0]),
        {"a": kind([row])},
    ):
        assert "is masked" in refusal(of_rows)
    inside = np.empty(1, object)
    inside[0] = kind([row])
    assert "is masked" in refusal(inside)
    assert "has a unit" in refusal(kind([Carrier(unit="m")] * 2))
    assert "has a unit" in refusal([kind([Carrier(unit="m")])] * 2)
    assert as_real_array(kind([1, 2]), "y_true").tolist() == [1, 2]
    assert as_real_array([kind([1, 2]), kind([3, 4])], "y_true").tolist() == [[1, 2], [3, 4]]


def test_a_sequence_may_carry_something_itself() -> None:
    labelled = Few([1.0, 2.0])
    labelled.unit = "m"  # type: ignore[attr-defined]
    assert "has a unit" in refusal(labelled)


def test_arrays_buffers_texts_and_ranges_are_not_opened() -> None:
    class Buffered(bytearray):
        def __iter__(self) -> Any:
            raise AssertionError("looked into")

    class Presented(Few):
        def __array__(self, *args: Any, **kwargs: Any) -> Any:
            return np.zeros(2)

        def __iter__(self) -> Any:
            raise AssertionError("looked into")

    whole = (np.zeros(2), np.ma.zeros(2), Presented("ab"), Buffered(b"ab"), array("d", [1.0]))
    for value in (*whole, memoryview(b"ab"), range(10**12), "ab", b"ab", np.str_("ab"), 1.0, None):
        assert opened(value) is value
    assert as_real_array(Buffered(b"ab"), "y_true").tolist() == [97, 98]
    assert as_real_array(range(3), "y_true").tolist() == [0, 1, 2]


def test_what_only_looks_like_a_sequence_stays_what_it_is() -> None:
    class ByName(Bare):
        def __getitem__(self, index: Any) -> Any:
            raise KeyError(index)

    class Endless(Bare):
        def __len__(self) -> int:
            raise TypeError("no length")

    for kind in (ByName, Endless):
        assert f"is of type {kind.__name__}" in refusal(kind([1.0]))


def test_a_mapping_is_no_sequence_of_its_keys() -> None:
    assert "y_true is a dict" in refusal(UserDict({5: 1.0, 6: 2.0}))
    assert "is masked" in refusal(UserDict({5: np.ma.masked}))


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
