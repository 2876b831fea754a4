"""What pandas and scikit-learn pass to a loss, and what they ask of it.

The tests import scikit-learn, since every process imports this module, and it takes two seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import lossbook as lb
from tests.test_remedies import LABELS, ROWS, YES, P, T, Y, following

mse, bce = lb.mean_squared_error, lb.binary_crossentropy
sce = lb.sparse_categorical_crossentropy


def data(classes: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(classes)
    labels = rng.permutation(np.arange(60) % classes)
    return rng.normal(size=(60, 2)) + labels[:, np.newaxis], labels


def test_a_search_over_parameters_shows_and_uses_a_loss_as_its_scorer() -> None:
    from sklearn.base import clone
    from sklearn.linear_model import Ridge
    from sklearn.metrics import make_scorer
    from sklearn.model_selection import GridSearchCV

    x, y = data(7)
    scorer = make_scorer(mse, greater_is_better=False)
    search = GridSearchCV(Ridge(), {"alpha": [0.1, 10.0]}, scoring=scorer, cv=3)
    assert "make_scorer(mean_squared_error" in repr(search)
    assert clone(search).scoring._score_func is mse
    own = GridSearchCV(Ridge(), {"alpha": [0.1, 10.0]}, scoring="neg_mean_squared_error", cv=3)
    found, expected = (s.fit(x, y).cv_results_["mean_test_score"] for s in (search, own))
    assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("loss, classes", [(bce, 2), (sce, 3)], ids=["binary", "sparse"])
def test_a_cross_entropy_scores_predict_proba_as_log_loss_does(loss: Any, classes: int) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import make_scorer
    from sklearn.model_selection import cross_val_score

    x, y = data(classes)
    scorer = make_scorer(loss, greater_is_better=False, response_method="predict_proba")
    found, expected = (
        cross_val_score(LogisticRegression(), x, y, scoring=how, cv=3, error_score="raise")
        for how in (scorer, "neg_log_loss")
    )
    assert found == pytest.approx(expected, rel=1e-13)


def test_the_weights_of_classes_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_sample_weight

    rng = np.random.default_rng(3)
    for labels in (rng.integers(0, 3, 40), rng.choice(["a", "b"], 40)):
        names = np.unique(labels).tolist()
        for weights in ("balanced", {names[0]: 2.0}, {name: rng.random() for name in names}):
            expected = compute_sample_weight(weights, labels)
            assert lb.compute_sample_weight(weights, labels) == pytest.approx(expected, rel=1e-15)


def test_series_are_paired_by_position_and_not_by_their_index() -> None:
    t, y = pd.Series(T, index=[3, 2, 1, 0]), pd.Series(Y)
    assert mse(t, y) == mse(T, Y)
    assert mse.gradient(t, y).tolist() == mse.gradient(T, Y).tolist()


def test_columns_and_indexes_may_have_any_name() -> None:
    names = ["units", "mask", "data", "attrs"]
    assert mse(pd.DataFrame({"units": T}), pd.DataFrame({"mask": Y})) == mse(T, Y)
    assert mse(pd.Series(T, index=names), pd.Series(Y, index=names[::-1])) == mse(T, Y)


PANDAS = {
    "whole nullable integers": (sce, pd.Series(LABELS, dtype="Int64"), ROWS, ""),
    "nullable integers": (sce, pd.Series([0, 1, None, 1], dtype="Int64"), ROWS, "missing"),
    "nullable booleans": (bce, pd.Series([True, None, True, True], dtype="boolean"), P, "missing"),
    "nullable floats": (mse, pd.Series([1, None, 4, 8], dtype="Float64"), Y, "missing"),
    "categories": (sce, pd.Series(list("abcb"), dtype="category"), ROWS, "'a'"),
    "text": (sce, pd.Series(list("abcb"), dtype="string"), ROWS, "'a'"),
    "text with gaps": (sce, pd.Series(["a", "b", None, "b"], dtype="string"), ROWS, "missing"),
    "a table of predict_proba": (
        bce, pd.Series(YES), pd.DataFrame({"no": 1 - P, "yes": P}), "predict_proba",
    ),
    "a table of one column": (mse, pd.DataFrame({"t": T}), pd.Series(Y), "axes of length 1"),
    "a column of lists": (sce, pd.Series(LABELS), pd.Series(ROWS.tolist()), "holds lists"),
    "mixed columns": (
        sce, LABELS, pd.DataFrame(ROWS).astype({1: str}).astype(object), "dtype object",
    ),
    "get_dummies": (lb.categorical_crossentropy, pd.get_dummies(LABELS), pd.DataFrame(ROWS), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", PANDAS)
def test_what_pandas_passes_is_scored_or_its_advice_leads_there(name: str) -> None:
    loss, t, y, says = PANDAS[name]
    if not says:
        assert loss(t, y) > 0
        return
    kept = [0, 2, 3] if len(t) == 4 and loss in (mse, bce) else [0, 1, 3]
    gaps = says == "missing"
    labels, predictions = {sce: (LABELS, ROWS), bce: (YES, P), mse: (T, Y)}[loss]
    expected = loss(labels[kept], predictions[kept]) if gaps else loss(labels, predictions)
    if name == "text with gaps":  # with a and b left, the classes are numbered without c
        expected = sce([0, 1, 1], ROWS[[0, 1, 3]])
    assert following(loss, (t, y), says) == pytest.approx(expected, rel=1e-14)


def test_dates_with_a_zone_are_seconds() -> None:
    t, y = (pd.Series(pd.to_datetime([day], utc=True)) for day in ("2026-01-01", "2026-01-02"))
    assert following(lb.mean_absolute_error, (t, y), "holds Timestamps") == 86_400.0
    naive = t.dt.tz_localize(None), y.dt.tz_localize(None)
    assert following(lb.mean_absolute_error, naive, "has dtype datetime64") == 86_400.0
