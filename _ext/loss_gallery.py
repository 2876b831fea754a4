"""The directive ``{loss-gallery}``: a small curve of every loss, with what it asks, as the way in.

The curves are drawn by the package: the loss of one sample against its prediction.
"""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import EXPLAINED, N_, title_of, translate

import lossbook
from lossbook.checks import (
    DISTRIBUTION,
    LOG_RATE,
    MEAN_AND_LOG_VARIANCE,
    PROBABILITY,
    REAL,
    SCORES,
)

WIDTH, HEIGHT = 160, 90
#: What a loss asks of a prediction. One that asks nothing here shows its best constant prediction.
ASKS = {
    "mean_squared_error": N_("How far away is it, squared?"),
    "mean_absolute_error": N_("How far away is it?"),
    "huber": N_("How far away is it, squared only up to a limit?"),
    "log_cosh": N_("How far away is it, squared nearby and plain far off?"),
    "pinball": N_("How far away is it, if too low costs more?"),
    "binary_crossentropy": N_("How surprising is a yes or a no?"),
    "categorical_crossentropy": N_("How surprising is the true class, among several?"),
    "sparse_categorical_crossentropy": N_("The same for labels that are integers: which class?"),
    "hinge": N_("Is it on the right side, with room to spare?"),
    "squared_hinge": N_("How much room is lacking, squared?"),
    "categorical_hinge": N_("Does the true class lead all others, with room to spare?"),
    "gaussian_negative_log_likelihood": N_("How far away is it, by the spread that was foretold?"),
    "poisson": N_("How surprising is a count?"),
    "binary_focal_crossentropy": N_("How surprising is a yes or a no that was not easy?"),
    "categorical_focal_crossentropy": N_("The same among several classes?"),
}


def sample(loss: lossbook.Loss, x: float) -> float:
    """Return the loss of one sample whose prediction is `x`."""
    if loss.y_pred is DISTRIBUTION:
        true = 0 if loss is lossbook.sparse_categorical_crossentropy else [1.0, 0.0]
        return loss(true, [x, 1 - x])
    if loss.y_pred is SCORES:
        return loss([1.0, 0.0], [x, 0.0])
    if loss.y_pred is MEAN_AND_LOG_VARIANCE:
        return loss([0.0], [[1.0, x]])  # an error of 1, against the logarithm of the variance
    if loss.y_pred is LOG_RATE:
        return loss([1], [0.8 * x])
    return loss([0.0 if loss.y_pred is REAL else 1.0], [x])


def curve(loss: lossbook.Loss) -> str:
    """Return the small curve as SVG."""
    is_real = loss.y_pred is not PROBABILITY and loss.y_pred is not DISTRIBUTION
    grid = np.linspace(-1.6, 1.6, 33) if is_real else np.geomspace(0.02, 1, 33)
    values = [sample(loss, float(x)) for x in grid]
    across = np.linspace(8, WIDTH - 8, grid.size) if is_real else 8 + grid * (WIDTH - 16)
    top = max(2.56 if is_real else 4.0, *values)
    heights = HEIGHT - 8 - np.array(values) / top * (HEIGHT - 16)
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, heights, strict=True))
    mark = (
        WIDTH / 2
        if loss.y_pred in (REAL, MEAN_AND_LOG_VARIANCE, LOG_RATE)
        else across[np.argmin(abs(grid - 1))]
    )
    return (
        f'<svg aria-hidden="true" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}"><path class="curve-axis" d="M8 {HEIGHT - 8}H{WIDTH - 8}"/>'
        f'<path class="curve-mark" d="M{mark:.0f} {HEIGHT - 12}v8"/>'
        f'<path class="curve-line" d="{path}"/></svg>'
    )


class LossGallery(SphinxDirective):
    """Show a small curve of each loss that has a chapter."""

    def run(self) -> list[nodes.Node]:
        """Return the gallery as HTML, which other formats leave out."""
        items = []
        for loss in EXPLAINED:
            page = f"chapters/{loss.chapter}/derivation"
            title = escape(translate(title_of(loss.name).capitalize()))
            asks = escape(translate(ASKS.get(loss.name, loss.properties.best_constant)))
            items.append(
                f'<li><a href="{page}.html">{curve(loss)}<b>{title}</b> '
                f"<span>{asks}</span></a></li>"
            )
        return [nodes.raw("", f'<ul class="loss-gallery">{"".join(items)}</ul>', format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("loss-gallery", LossGallery)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
