"""The numbers behind the interactive curves: tables over a grid, computed by `lossbook`.

A reader's slider stops at the points of the grid and nowhere else, so that what a page shows is
what the package returned. In JSON an infinite number is the string that is shown for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import lossbook as lb

Array = NDArray[np.float64]

#: Decimals of a number that is shown; what is only drawn needs fewer.
DIGITS = 4
DRAWN_DIGITS = 2


#: The labels of a hinge loss, and the stops of its slider.
SIGNS = [-1.0, 1.0]
SCORES = (-3.0, 0.1, 61)


def plain(values: Any, digits: int = DIGITS) -> Any:
    """Return numbers as JSON holds them: rounded, whole ones without a point, no minus zero."""
    if isinstance(values, list | tuple | np.ndarray):
        return [plain(value, digits) for value in values]
    if np.isinf(values):
        return "∞" if values > 0 else "−∞"
    value = round(float(values), digits) + 0.0
    return int(value) if value == int(value) else value


def grid(start: float, step: float, count: int) -> Array:
    """Return the stops of a slider, as near to their decimals as floating point can be."""
    return np.array([round(start + k * step, 6) for k in range(count)])


def values_and_slopes(loss: lb.Loss, targets: list[float], y: Array) -> dict[str, Any]:
    """Return the loss of one sample and its derivative, for each target a row over the grid."""
    rows = [np.full_like(y, t) for t in targets]
    return {
        "loss": [plain(loss(t, y, reduction="none")) for t in rows],
        "slope": [
            plain([loss.gradient(t[:1], y[k : k + 1])[0] for k in range(y.size)]) for t in rows
        ],
    }


def errors(*losses: lb.Loss) -> dict[str, Any]:
    """Return the table of losses of one prediction, for three targets."""
    targets = [-1.0, 0.0, 1.0]
    x = (-2.0, 0.05, 81)
    lines = [values_and_slopes(loss, targets, grid(*x)) for loss in losses]
    view = {"x": x, "top": 9 if losses[0] is lb.mean_squared_error else 4.5, "lines": lines}
    return {"targets": targets, "target": 1, "at": [64], "views": [view]}


def one_label(views: list[tuple[lb.Loss, lb.Loss]], top: float = 6.5) -> dict[str, Any]:
    """Return the table of pairs of losses of one prediction, a view for each, for the label 0."""
    x = (-4.0, 0.1, 81)
    lines = [[values_and_slopes(loss, [0.0], grid(*x)) for loss in pair] for pair in views]
    own = [{"x": x, "top": top, "lines": pair} for pair in lines]
    return {"targets": [0.0], "target": 0, "at": [65] * len(views), "views": own}


def with_parameter(
    loss: lb.Loss, name: str, values: list[float], against: lb.Loss, top: float = 6.5
) -> dict[str, Any]:
    """Return the table of a loss with a parameter, a view for each of its values."""
    losses = [loss.with_parameters(**{name: value}) for value in values]
    table = one_label([(own, against) for own in losses], top)
    for view, value in zip(table["views"], values, strict=True):
        view["parameter"] = value
    return table


def scores(loss: lb.Loss, against: dict[str, Any], top: float) -> dict[str, Any]:
    """Return the table of a loss of a score, for both labels, and of another line."""
    lines = [values_and_slopes(loss, SIGNS, grid(*SCORES)), against]
    view = {"x": SCORES, "top": top, "lines": lines}
    return {"targets": SIGNS, "target": 1, "at": [20], "views": [view]}


def bits() -> dict[str, Any]:
    """Return the line of the cross-entropy in bits over scores, for the labels -1 and 1."""
    z, in_bits = grid(*SCORES), 1 / np.log(2)
    loss = lb.binary_crossentropy.from_logits
    labels = [np.full_like(z, (t + 1) / 2) for t in SIGNS]
    return {
        "loss": [plain(loss(t, z, reduction="none") * in_bits) for t in labels],
        "slope": [plain(loss.gradient(t, z, reduction="sum") * in_bits) for t in labels],
    }


def squares() -> dict[str, Any]:
    """Return the line of the squared error over scores, for the labels -1 and 1."""
    return values_and_slopes(lb.mean_squared_error, SIGNS, grid(*SCORES))


def spreads(values: list[float]) -> dict[str, Any]:
    """Return the table of a predicted bell over its mean, a view for each standard deviation."""
    loss = lb.gaussian_negative_log_likelihood
    table = one_label([(lb.mean_squared_error, lb.mean_squared_error)] * len(values))
    for view, value in zip(table["views"], values, strict=True):
        y = grid(*view["x"])
        rows = np.column_stack([y, np.full_like(y, 2 * np.log(value))])
        slopes = loss.gradient(np.zeros_like(y), rows, reduction="sum")
        own = {
            "loss": [plain(loss(np.zeros_like(y), rows, reduction="none"))],
            "slope": [plain(slopes[:, 0])],
        }
        lines = [own, view["lines"][1]]
        view |= {"parameter": value, "lines": lines, "more": {"spread": plain(slopes[:, 1])}}
    return table


def counts() -> dict[str, Any]:
    """Return the table of the Poisson loss over logarithms of rates."""
    targets, logs = [0.0, 1.0, 2.0], (-3.0, 0.1, 51)
    z = grid(*logs)
    rate = np.exp(z)
    squared = values_and_slopes(lb.mean_squared_error, targets, rate)
    # Through the exponential: the chain rule with its derivative, the rate itself.
    squared["slope"] = [
        plain(lb.mean_squared_error.gradient(np.full_like(z, t), rate, reduction="sum") * rate)
        for t in targets
    ]
    lines = [values_and_slopes(lb.poisson, targets, z), squared]
    view = {"x": logs, "top": 6.5, "p": plain(rate), "whole": 8, "lines": lines}
    return {"targets": targets, "target": 1, "at": [44], "views": [view]}


def surprise() -> dict[str, Any]:
    """Return the table of binary cross-entropy, over logits and over probabilities."""
    targets = [0.0, 1.0]
    logits, probabilities = (-6.0, 0.2, 61), (0.0, 0.01, 101)
    z, y = grid(*logits), grid(*probabilities)
    p = lb.sigmoid(z)
    squared = values_and_slopes(lb.mean_squared_error, targets, p)
    # Through the sigmoid: the chain rule with its derivative, p (1 - p).
    squared["slope"] = [
        plain(
            [
                lb.mean_squared_error.gradient([t], [q])[0] * q * r
                for q, r in zip(p, lb.sigmoid(-z), strict=True)
            ]
        )
        for t in targets
    ]
    views = [
        {
            "x": logits,
            "top": 6.5,
            "p": plain(p),
            "lines": [values_and_slopes(lb.binary_crossentropy.from_logits, targets, z), squared],
        },
        {
            "x": probabilities,
            "top": 5,
            "p": plain(y),
            "lines": [
                values_and_slopes(loss, targets, y)
                for loss in (lb.binary_crossentropy, lb.mean_squared_error)
            ],
        },
    ]
    return {"targets": targets, "target": 1, "at": [23, 20], "views": views}


def focal(values: list[float]) -> dict[str, Any]:
    """Return the table of the binary focal loss over logits, a view for each gamma."""
    targets, logits = [0.0, 1.0], (-6.0, 0.2, 61)
    z = grid(*logits)
    plain_loss = values_and_slopes(lb.binary_crossentropy.from_logits, targets, z)
    views = []
    for gamma in values:
        loss = lb.binary_focal_crossentropy.from_logits.with_parameters(gamma=gamma)
        lines = [values_and_slopes(loss, targets, z), plain_loss]
        view = {"x": logits, "top": 6.5, "p": plain(lb.sigmoid(z)), "lines": lines}
        views.append(view | {"parameter": gamma})
    return {"targets": targets, "target": 1, "at": [23] * len(views), "views": views}


def three_logits(loss: lb.Loss) -> dict[str, Any]:
    """Return the table of three classes, by how far the other two logits lie above a class's own.

    Softmax and loss depend on these two differences alone, and not on their order, so one small
    triangle serves every class: ``cells[low + reach][high - low]`` holds the class's probability,
    and its loss and derivative in case it is the true one.
    """
    start, step, count = -3.0, 0.5, 13
    reach = count - 1
    cells = []
    for low in range(-reach, reach + 1):
        row = []
        for high in range(low, min(low + reach, reach) + 1):
            z = np.array([0.0, low * step, high * step])
            t = 0 if loss is lb.sparse_categorical_crossentropy else [1, 0, 0]
            from_logits = loss.from_logits  # type: ignore[attr-defined]
            row.append(plain([lb.softmax(z)[0], from_logits(t, z), from_logits.gradient(t, z)[0]]))
        cells.append(row)
    return {"x": (start, step, count), "top": 7, "at": [8, 7, 3], "target": 1, "cells": cells}


FIXED_POINTS = (2.0, 3.5, 4.5, 6.0)


def five_points() -> dict[str, Any]:
    """Return, for each place of a fifth point, mean, median, and the two losses of a constant."""
    x = (0.0, 0.5, 33)
    table: dict[str, Any] = {"x": x, "at": [24], "fixed": FIXED_POINTS, "lines": []}
    constants = grid(*x)
    for loss, best, top in (
        (lb.mean_squared_error, np.mean, 60),
        (lb.mean_absolute_error, np.median, 10),
    ):
        line: dict[str, Any] = {"top": top, "best": [], "least": [], "drawn": []}
        for point in constants:
            labels = np.array([*FIXED_POINTS, point])
            constant = float(best(labels))
            line["best"].append(plain(constant))
            line["least"].append(plain(loss(labels, np.full_like(labels, constant))))
            drawn = [loss(labels, np.full_like(labels, c)) for c in constants]
            line["drawn"].append(plain(drawn, DRAWN_DIGITS if best is np.median else 1))
        table["lines"].append(line)
    return table


TABLES = {
    "mean_squared_error": lambda: errors(lb.mean_squared_error, lb.mean_absolute_error),
    "mean_absolute_error": lambda: errors(lb.mean_absolute_error, lb.mean_squared_error),
    "huber": lambda: with_parameter(lb.huber, "delta", [1.0, 2.0, 3.0], lb.mean_absolute_error),
    "log_cosh": lambda: one_label([(lb.log_cosh, lb.huber)]),
    "pinball": lambda: with_parameter(
        lb.pinball, "quantile", [0.9, 0.5, 0.1], lb.mean_absolute_error, top=4.5
    ),
    "gaussian_negative_log_likelihood": lambda: spreads([1.0, 2.0, 4.0]),
    "poisson": counts,
    "binary_crossentropy": surprise,
    "hinge": lambda: scores(lb.hinge, bits(), top=4.5),
    "squared_hinge": lambda: scores(lb.squared_hinge, squares(), top=9),
    "binary_focal_crossentropy": lambda: focal([2.0, 1.0, 5.0]),
    "categorical_crossentropy": lambda: three_logits(lb.categorical_crossentropy),
    "sparse_categorical_crossentropy": lambda: three_logits(lb.sparse_categorical_crossentropy),
    "mean-and-median": five_points,
}
