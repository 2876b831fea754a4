"""The table of all losses of Keras: whole, and true of Keras, of the package and by the numbers."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossbook as lb
from tests.book.conftest import SITE, soup
from tests.book.latex import right_side
from tests.book.prose_formulas import formulas

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from framework_table import recorded  # noqa: E402 - found through the line above
from keras_losses import ABOUT, formula_of, name_of  # noqa: E402

KERAS = recorded()["keras_losses"]
OWN = [kind for kind in ABOUT if hasattr(lb, name_of(kind))]
OTHERS = [kind for kind in ABOUT if kind not in OWN]
#: What `lossbook` is to be called with where its defaults are not those of the recorded line.
ARGUMENTS = {"CategoricalFocalCrossentropy": {"alpha": 1.0}}


def inputs(kind: str) -> tuple[Any, Any]:
    """Return the labels and predictions that Keras was given."""
    names: dict[str, Any] = {"np": np}
    exec(KERAS[kind]["inputs"], names)
    return names["t"], names["y"]


def by(array: Any, first: int = 1) -> dict[tuple[int, ...], float]:
    """Return an array by indices that count from 1."""
    return {tuple(k + first for k in at): float(x) for at, x in np.ndenumerate(np.asarray(array))}


def test_the_table_knows_every_loss_that_keras_has_and_no_other() -> None:
    assert set(KERAS) == set(ABOUT), "add a row to _ext/keras_losses.py and a line to OF_KERAS"
    assert all("answer" in found for found in KERAS.values()), "add a line to OF_KERAS"
    assert len(OTHERS) + len(OWN) == len(KERAS) >= 22


@pytest.mark.parametrize("kind", OWN)
def test_keras_s_loss_is_the_package_s(kind: str) -> None:
    t, y = inputs(kind)
    loss = getattr(lb, name_of(kind)).with_parameters(**ARGUMENTS.get(kind, {}))
    assert loss(t, y) == pytest.approx(float(KERAS[kind]["answer"]), rel=1e-6)


def of_pairs(labels: Any, vectors: Any) -> list[dict[str, Any]]:
    """Return by sample the cosines with the others of its class, j, and of the other classes, k."""
    page = ROOT / "chapters/choosing/index.md"
    first, second = (right_side(f.latex) for f in formulas(page) if f.latex.startswith("S_"))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = []
    for i, label in enumerate(labels):
        same = [k + 1 for k in range(len(labels)) if labels[k] == label and k != i]
        other = [k + 1 for k in range(len(labels)) if labels[k] != label]
        known = {"r": by(units @ units[i]), "range": {"j": same, "k": other}}
        found.append({"S": by([first(known), second(known)])})
    return found


def spread_out(t: Any, logits: Any) -> float:
    """Return the probability of a sequence: that of every path which is it, repeats and 0 out."""
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    total = 0.0
    for path in itertools.product(range(y.shape[1]), repeat=len(y)):
        without_repeats = [k for k, _ in itertools.groupby(path)]
        if [k for k in without_repeats if k] == list(t):
            total += math.prod(y[step, k] for step, k in enumerate(path))
    return total


def letters(kind: str) -> list[dict[str, Any]]:
    """Return what the letters of a formula mean: for the batch, or for one sample after another."""
    t, y = inputs(kind)
    if kind == "Circle":
        return of_pairs(t, y)
    if kind == "CTC":
        return [{"t": 0.0, "p": lambda _, __: spread_out(t[0], y[0])}]
    samples, classes = range(1, len(t) + 1), range(1, y.shape[-1] + 1)
    found = {"N": len(t), "C": y.shape[-1], "range": {"i": samples, "j": classes}}
    return [found | {"t": by(t), "y": by(y), "c": by([0.3, 0.7]), "\\kappa": 0.7}]


@pytest.mark.parametrize("kind", OTHERS)
def test_the_formula_gives_what_keras_gives(kind: str) -> None:
    formula = right_side(formula_of(kind))
    value = np.mean([formula(sample) for sample in letters(kind)])
    assert value == pytest.approx(float(KERAS[kind]["answer"]), rel=1e-5)


# --- the best constants ---

RNG = np.random.default_rng(20261127)
LABELS = RNG.lognormal(1.0, 0.8, 201)
CLASSES = RNG.choice(3, size=200, p=[0.5, 0.3, 0.2])
MASKS = (RNG.random((40, 6)) < [0.9, 0.6, 0.45, 0.3, 0.2, 0.02]).astype(float)


def value(kind: str, t: Any, y: Any, **others: Any) -> float:
    """Return the loss by its formula."""
    samples, classes = range(1, len(t) + 1), range(1, np.shape(y)[-1] + 1)
    known = {"N": len(t), "C": np.shape(y)[-1], "range": {"i": samples, "j": classes}}
    return right_side(formula_of(kind))(known | {"t": by(t), "y": by(y)} | others)


@pytest.mark.parametrize("kind", ["MeanAbsolutePercentageError", "MeanSquaredLogarithmicError"])
def test_the_best_constant_of_a_loss_of_positive_numbers_is_as_the_table_says(kind: str) -> None:
    if kind == "MeanAbsolutePercentageError":
        order = np.sort(LABELS)
        weights = np.cumsum(1 / order) / np.sum(1 / order)
        best = order[np.searchsorted(weights, 0.5)]  # half of the weight lies on each side
        assert best < 0.7 * np.median(LABELS)
    else:
        best = math.expm1(np.log1p(LABELS).mean())
    least = value(kind, LABELS, np.full(201, best))
    for other in (0.5, 0.9, 0.99, 0.999, 1.001, 1.01, 1.1, 2):
        assert value(kind, LABELS, np.full(201, other * best)) > least


def rows_of(row: Any, count: int) -> Any:
    """Return the same row for every sample."""
    return np.tile(row, (count, 1))


@pytest.mark.parametrize("kind", ["CategoricalGeneralizedCrossEntropy", "KLDivergence"])
def test_the_best_constant_row_of_probabilities_is_as_the_table_says(kind: str) -> None:
    if kind == "KLDivergence":
        t = RNG.dirichlet([1.0, 2.0, 3.0], 60)
        best = t.mean(axis=0)
    else:
        t = lb.one_hot(CLASSES, 3)
        share = t.mean(axis=0)
        best = share ** (1 / (1 - 0.7))
        best /= best.sum()
        assert best.max() > share.max()
    least = value(kind, t, rows_of(best, len(t)), **{"\\kappa": 0.7})
    for j, k in itertools.permutations(range(3), 2):
        moved = best.copy()
        moved[j], moved[k] = moved[j] + 0.01, moved[k] - 0.01
        if moved.min() > 0:
            assert value(kind, t, rows_of(moved, len(t)), **{"\\kappa": 0.7}) > least


def test_the_best_constant_vector_is_the_mean_direction_of_the_labels() -> None:
    t = RNG.normal([1.0, 0.5, 0.0], 1.0, (60, 3))
    best = (t / np.linalg.norm(t, axis=1, keepdims=True)).mean(axis=0)
    least = value("CosineSimilarity", t, rows_of(best, 60))
    assert value("CosineSimilarity", t, rows_of(5 * best, 60)) == pytest.approx(least)
    for _ in range(20):
        moved = best + RNG.normal(0, 0.1, 3)
        assert value("CosineSimilarity", t, rows_of(moved, 60)) > least
    assert value("CosineSimilarity", t, rows_of(t.mean(axis=0), 60)) > least


@pytest.mark.parametrize("kind", ["Dice", "Tversky"])
def test_the_best_constant_mask_has_1_for_the_pixels_that_are_in_often_enough(kind: str) -> None:
    def cost(mask: Any) -> float:
        t, y = MASKS.ravel(), rows_of(mask, len(MASKS)).ravel()
        return value(kind, t, y, c=by([0.3, 0.7]))

    masks = [np.array(mask) for mask in itertools.product((0.0, 1.0), repeat=6)][1:]
    best = min(masks, key=cost)
    by_share = np.argsort(-MASKS.mean(axis=0))
    assert sorted(best[by_share], reverse=True) == best[by_share].tolist()
    assert 1 <= best.sum() <= 5
    assert all(cost(RNG.random(6)) > cost(best) for _ in range(50))
    assert cost(MASKS.mean(axis=0)) > cost(best)


# --- the page ---


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_every_row_has_a_formula_a_purpose_and_somewhere_to_read(folder: str) -> None:
    page = soup(SITE / folder / "chapters/choosing/index.html")
    table = page.select_one(".in-keras")
    assert table is not None
    rows = [row.find_all("td") for row in table.select("tbody tr")]
    assert [cells[0].code.get_text() for cells in rows] == list(ABOUT)
    for name, formula, purpose, _ in rows:
        link = name.find("a")
        assert link is not None, name
        assert len(purpose.get_text(strip=True)) > 1
        awaited = str(link["href"]).endswith("api.html")  # a loss whose chapter is to come
        assert (formula.find("math") is not None) != awaited, name
