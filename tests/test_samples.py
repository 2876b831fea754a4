"""Which samples count, and how much."""

from __future__ import annotations

from collections import UserDict
from typing import Any

import dask.array as dask
import numpy as np
import pytest

import lossbook as lb
from tests.test_conversion import SEQUENCES

NAN = float("nan")


def test_class_weights_become_those_of_the_samples() -> None:
    weight = lb.compute_sample_weight
    assert weight({0: 1.0, 1: 5.0}, [0, 1, 0]).tolist() == [1.0, 5.0, 1.0]
    assert weight({"cat": 2}, [["dog", "cat"], ["cat", "dog"]]).tolist() == [[1.0, 2.0], [2.0, 1.0]]
    assert weight([1, 2, 5], np.array([[2, 0], [1, 1]])).tolist() == [[5.0, 1.0], [2.0, 2.0]]
    assert weight(np.array([1, 3]), [True, False]).tolist() == [3.0, 1.0]


def test_balanced_weights_give_every_class_the_same_sum() -> None:
    rng = np.random.default_rng(0)
    for classes in (1, 2, 7):
        labels = rng.permutation(np.r_[np.arange(classes), rng.integers(0, classes, 90)])
        weights = lb.compute_sample_weight("balanced", labels)
        sums = [weights[labels == k].sum() for k in range(classes)]
        assert sums == pytest.approx([len(labels) / classes] * classes, rel=1e-14)
        assert lb.compute_sample_weight("balanced", labels.astype(str)).tolist() == weights.tolist()


@pytest.mark.parametrize(
    "class_weight, labels, error, text",
    [
        ({"0": 1, "1": 2}, [0, 1], ValueError, r"class_weight names '0', which no label is"),
        ({0: "a"}, [0, 1], TypeError, "class_weight has dtype"),
        ("balance", [0, 1], TypeError, "class_weight is 'balance'; expected a dict"),
        (None, [0, 1], TypeError, "class_weight is None"),
        ([1, 2], [0, 2, 3], ValueError, "y holds 2; expected whole numbers from 0 to 1"),
        ([1, 2], [0, -1], ValueError, "y holds -1"),
        ([1, 2], [0.5, 1], ValueError, "y holds 0.5"),
        ([1, 2], [1, 7, 0, 9], ValueError, "y holds 7"),
        ([1, 2], ["a", "b"], TypeError, "y has dtype"),
        ([[1, 2]], [0, 1], ValueError, r"class_weight has shape \(1, 2\)"),
        ([1, 2], [float("inf")], ValueError, "y holds inf; expected whole"),
        ("balanced", [1, "a", None], TypeError, "y holds labels of type NoneType and int and str"),
        ({0: 1}, [None, None], TypeError, "y holds labels of type NoneType; expected labels of"),
        ({0: 1}, [], ValueError, r"y is empty \(shape \(0,\)\); expected at least one label"),
        ("balanced", [], ValueError, "y is empty"),
        ([1, 2], [], ValueError, "y is empty"),
        ("balanced", np.ma.array([0, 1], mask=[0, 1]), TypeError, "y is masked"),
        ({0: 1, 1: 2}, np.ma.array([0, 1], mask=[0, 1]), TypeError, "y is masked"),
        ([1, 2], [0, np.ma.masked], TypeError, "y is masked"),
    ],
)
def test_class_weights_that_fit_no_label_are_refused(
    class_weight: Any, labels: Any, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        lb.compute_sample_weight(class_weight, labels)


def test_a_dict_may_name_classes_that_do_not_occur_if_it_names_all_that_do() -> None:
    assert lb.compute_sample_weight({0: 2, 1: 3, 2: 4}, [1, 0]).tolist() == [3.0, 2.0]


def test_a_sample_goes_from_every_array_where_one_lacks_it() -> None:
    t = np.ma.array([1, 2, 3, 4], mask=[0, 1, 0, 0])
    y = [[0.5, 0.5], [1.0, 0.0], [NAN, 1.0], [0.25, 0.75]]
    labels, rows, w = lb.drop_missing(t, y, [1, 1, 1, 3])
    assert labels.tolist() == [1, 4]
    assert rows.tolist() == [[0.5, 0.5], [0.25, 0.75]]
    assert w.tolist() == [1, 3]
    assert type(labels) is np.ndarray
    assert labels.dtype == t.dtype


def test_a_row_goes_as_a_whole_if_its_values_belong_to_one_sample() -> None:
    p = np.array([[0.5, 0.5], [NAN, 0.0]])
    assert lb.drop_missing(p).tolist() == [0.5, 0.5, 0.0]
    assert lb.drop_missing(p, rows=True).tolist() == [[0.5, 0.5]]
    t, y = lb.drop_missing([[1, 0], [0, 1]], p, rows=True)
    assert (t.tolist(), y.tolist()) == ([[1, 0]], [[0.5, 0.5]])


@pytest.mark.parametrize(
    "gap", [None, NAN, np.ma.masked, np.float32(NAN), np.datetime64("NaT", "D")]
)
def test_every_kind_of_gap_is_one(gap: Any) -> None:
    kept, _ = lb.drop_missing(np.array([1, gap, 3], object), [1, 2, 3])
    assert kept.tolist() == [1, 3]
    assert kept.dtype == (float if gap is np.ma.masked else np.int64)  # NumPy makes it NaN first


def test_what_is_whole_stays_as_it_is() -> None:
    names, labels = lb.drop_missing(["a", "b"], np.array([True, False]))
    assert names.tolist() == ["a", "b"]
    assert labels.dtype == bool
    assert lb.drop_missing([float("inf"), 0.0]).tolist() == [float("inf"), 0.0]


def test_the_means_are_those_of_masked_arrays() -> None:
    rng = np.random.default_rng(1)
    t, y = (np.ma.array(rng.normal(size=(5, 6)), mask=rng.random((5, 6)) < 0.3) for _ in range(2))
    expected = float(((y - t) ** 2).mean())
    assert lb.mean_squared_error(*lb.drop_missing(t, y)) == pytest.approx(expected, rel=1e-14)
    rows = list(t), [list(row) for row in y]
    assert lb.mean_squared_error(*lb.drop_missing(*rows)) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("kind", SEQUENCES)
def test_what_is_missing_is_found_in_every_kind_of_sequence(kind: Any) -> None:
    row = np.ma.array([1.0, 2.0], mask=[0, 1])
    for rows in (kind([row, row]), [kind([1.0, None])] * 2, kind([[1.0, NAN]] * 2), [kind([row])]):
        kept, _ = lb.drop_missing(rows, np.zeros(np.shape(rows)))
        assert set(kept.tolist()) == {1.0}
    assert lb.drop_missing(kind([1.0, np.ma.masked, 3.0])).tolist() == [1.0, 3.0]
    with pytest.raises(ValueError, match=r"the shapes are \(\)"):
        lb.drop_missing(UserDict({5: None, 6: 2.0}))


def test_the_mask_of_a_dask_array_is_refused_and_then_heeded() -> None:
    t = dask.ma.masked_array(dask.from_array(np.array([1.0, 2.0, 4.0])), mask=[0, 1, 0])
    for passed in (t, [t, t]):
        with pytest.raises(TypeError, match="Values are masked in y_true"):
            lb.mean_squared_error(passed, np.zeros(np.shape(passed)))
        kept, _ = lb.drop_missing(passed, np.zeros(np.shape(passed)))
        assert kept.tolist() == [1.0, 4.0] * (1 if passed is t else 2)


def test_without_an_array_there_is_nothing_to_drop_from() -> None:
    for rows in (False, True):
        with pytest.raises(TypeError, match="no array; expected at least one"):
            lb.drop_missing(rows=rows)


@pytest.mark.parametrize(
    "arrays, rows, text",
    [
        (
            ([1, 2], [1, 2, 3]),
            False,
            r"the shapes are \(2,\) and \(3,\); expected arrays that hold",
        ),
        (([1, 2], 3), False, "expected arrays that hold the same samples"),
        (([0.5, 0.5],), True, "expected arrays that hold the same samples"),
        (([NAN, 1], [1, None]), False, "nothing is left"),
    ],
)
def test_arrays_of_other_samples_are_refused(arrays: Any, rows: bool, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        lb.drop_missing(*arrays, rows=rows)
