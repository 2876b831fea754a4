"""Inputs and parts that the assignments share. Few decimals, so that feedback can print them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lossbook.classroom.student.messages import N_
from lossbook.classroom.student.question import Arguments, Mistake, Part

__all__ = [
    "WHOLE",
    "apart",
    "chances",
    "chances_and_labels",
    "distributions",
    "far_rows",
    "integers",
    "labels_and_logits",
    "lines",
    "loop_slips",
    "nearly_right",
    "numbers",
    "one_hot_rows",
    "one_number",
    "ordinary",
    "single",
    "sizes",
    "slope_slips",
    "ties",
]

Draw = Callable[[Generator], list[Arguments]]


def sizes(rng: Generator) -> list[int]:
    """Return three different numbers of samples, so that no factor hides in one of them."""
    return [int(n) for n in rng.permutation([3, 4, 5, 6, 7])[:3]]


def numbers(rng: Generator) -> list[Arguments]:
    """Return labels and predictions, real numbers."""
    return [(_reals(rng, n), _reals(rng, n)) for n in sizes(rng)]


def apart(rng: Generator) -> list[Arguments]:
    """Return labels and predictions that differ in every sample."""
    found: list[Arguments] = []
    for n in sizes(rng):
        t = _reals(rng, n)
        found.append((t, np.round(t + rng.choice([-1, 1], n) * rng.uniform(0.2, 4, n), 2)))
    return found


def ties(rng: Generator) -> list[Arguments]:
    """Return predictions of which some are right."""
    found: list[Arguments] = []
    for t, y in apart(rng):
        right = rng.permutation(np.arange(len(t)) % 2)
        found.append((t, np.where(right, t, y)))
    return found


def integers(rng: Generator) -> list[Arguments]:
    """Return labels and predictions, whole numbers."""
    n = sizes(rng)[0]
    return [(rng.integers(-9, 9, n), rng.integers(10, 19, n))]


def one_number(rng: Generator) -> list[Arguments]:
    """Return one label and one prediction."""
    return [(_reals(rng, 1), _reals(rng, 1))]


def nearly_right(rng: Generator) -> list[Arguments]:
    """Return predictions that differ from their labels by a millionth."""
    t = np.round(rng.uniform(1, 4, 5), 2)
    return [(t, t + 1e-6 * rng.permutation([1, -1, 1, -1, 1]))]


def far_rows(rng: Generator) -> Any:
    """Return rows of logits that lie so far apart that only the largest can be subtracted."""
    size = float(rng.integers(2000, 5000))
    return rng.permuted(np.outer([1.0, 1.2, 0.9, 1.1], [size, 0.0, -size]), axis=1)


def lines(rng: Generator) -> list[Arguments]:
    """Return inputs and labels near a line, a learning rate and a number of steps."""
    found: list[Arguments] = []
    for n in sizes(rng):
        x = np.round(rng.uniform(-2, 2, n), 2)
        t = np.round(rng.uniform(1, 2) * x + rng.uniform(1, 2) + rng.normal(0, 0.3, n), 2)
        found.append((x, t, float(rng.choice([0.02, 0.05, 0.1])), int(rng.integers(3, 9))))
    return found


def chances(rng: Generator, n: int) -> Any:
    """Return probabilities."""
    return np.round(rng.uniform(0.05, 0.95, n), 3)


def labels_of(rng: Generator, n: int, classes: int = 2) -> Any:
    """Return integer labels among which every class up to `n` stands."""
    return rng.permutation(np.arange(n) % classes)


def chances_and_labels(rng: Generator) -> list[Arguments]:
    """Return labels 0 and 1, and probabilities."""
    return [(labels_of(rng, n), chances(rng, n)) for n in sizes(rng)]


def labels_and_logits(rng: Generator) -> list[Arguments]:
    """Return labels 0 and 1, and logits."""
    return [(labels_of(rng, n), _reals(rng, n)) for n in sizes(rng)]


def distributions(rng: Generator, n: int, classes: int) -> Any:
    """Return rows of probabilities that sum to 1 exactly enough for every loss."""
    rows = rng.uniform(0.1, 1.0, (n, classes))
    rows = np.round(rows / rows.sum(axis=1, keepdims=True), 3)
    rows[:, -1] = np.round(1.0 - rows[:, :-1].sum(axis=1), 3)
    return rows


def one_hot_rows(labels: Any, classes: int) -> Any:
    """Return labels as rows with one 1, in float64."""
    return np.eye(classes)[labels]


def _reals(rng: Generator, n: int) -> Any:
    return np.round(rng.uniform(-4, 4, n), 2)


# --- what goes wrong in a loop --------------------------------------------------------------------


def loop_slips(terms: Callable[..., Any]) -> tuple[Mistake, ...]:
    """Return the slips of a loop that adds up `terms`, whose mean is the answer."""

    def all_terms(*arguments: Any) -> Any:
        values = np.asarray(terms(*arguments), dtype=np.float64)
        if len(values) < 2:
            raise ValueError("a loop over one sample has no other")
        return values

    def share(part: slice, *arguments: Any, over: int | None = None) -> Any:
        values = all_terms(*arguments)
        return values[part].sum() / (over or len(values))

    def mean(part: slice, *arguments: Any) -> Any:
        return np.mean(all_terms(*arguments)[part])

    parts = {
        "return_in_loop": slice(0, 1),
        "loop_from_one": slice(1, None),
        "loop_too_short": slice(0, -1),
        "last_sample_only": slice(-1, None),
    }
    return (
        *(Mistake(name, functools.partial(share, part)) for name, part in parts.items()),
        *(Mistake(name, functools.partial(mean, part)) for name, part in parts.items()),
        *(
            Mistake("fixed_count", functools.partial(share, slice(None), over=count))
            for count in (3, 4, 5, 6, 7, 8, 10, 100)
        ),
    )


def slope_slips(gradient: Callable[..., Any]) -> tuple[Mistake, ...]:
    """Return the slips of a loop that fills the entries of a gradient, sample by sample."""

    def kept(part: slice, *arguments: Any) -> Any:
        right = np.asarray(gradient(*arguments))
        if len(right) < 2:
            raise ValueError("a loop over one sample has no other")
        found = np.zeros_like(right)
        found[part] = right[part]
        return found

    def divided(count: int, *arguments: Any) -> Any:
        right = np.asarray(gradient(*arguments))
        return right * len(right) / count

    return (
        Mistake("return_in_loop", functools.partial(kept, slice(0, 1))),
        Mistake("loop_from_one", functools.partial(kept, slice(1, None))),
        Mistake("loop_too_short", functools.partial(kept, slice(0, -1))),
        *(
            Mistake("fixed_count", functools.partial(divided, count))
            for count in (3, 4, 5, 6, 7, 8, 10, 100)
        ),
    )


# --- parts ----------------------------------------------------------------------------------------


def ordinary(draw: Draw, not_finite: str = "not_finite") -> Part:
    """Return a question's first part, without which the others earn nothing."""
    return Part(N_("ordinary inputs"), draw, not_finite=not_finite)


def single(draw: Draw) -> Part:
    """Return the part with one sample, where a mean over the wrong axis shows."""
    return Part(N_("a single sample"), draw, wrong="one_sample", not_finite="one_sample")


WHOLE = Part(N_("whole numbers"), integers, wrong="whole_numbers")
