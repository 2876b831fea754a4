"""The directive ``{pull-logits}``: five logits to pull, a temperature, and what the softmax makes.

The page holds the drawing and its numbers as `lossbook` computes them, and ``pull_logits.js`` moves
them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from curve_drawings import bar, drawing
from docutils import nodes
from moving import choice, named, piece, register, row, shown, slider
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import translate

import lossbook as lb

LOGITS, LABEL, TEMPERATURE = [2.0, 1.0, 0.0, -0.5, -1.5], 1, 1.0
CLASSES = len(LOGITS)
PITCH, HEIGHT = 44, 226
INDEX = "₁₂₃₄₅"
#: First value, step and number of stops.
STOPS, HEAT = (-4.0, 0.1, 81), (0.25, 0.25, 16)


def numbers(logits: list[float], label: int, temperature: float) -> dict[str, Any]:
    """Return the probabilities, the loss, and its derivative with respect to each logit.

    >>> numbers([0.0] * 5, 0, 1.0)["p"].tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2]
    """
    z = np.array(logits) / temperature
    t = np.eye(CLASSES)[label]
    loss = lb.categorical_crossentropy.from_logits
    return {"p": lb.softmax(z), "loss": loss(t, z), "slope": loss.gradient(t, z) / temperature}


def element(key: str) -> str:
    """Return the whole as HTML. `key` tells it from every other one in the book."""
    found = numbers(LOGITS, LABEL, TEMPERATURE)
    bars = "".join(
        bar(10 + k * PITCH, p, float(k == LABEL), f"y{INDEX[k]}", k)
        for k, p in enumerate(found["p"])
    )
    sliders = "".join(
        slider(STOPS, round((z - STOPS[0]) / STOPS[1]), translate("logit"), f"<i>z</i>{INDEX[k]}")
        for k, z in enumerate(LOGITS)
    )
    warm = round((TEMPERATURE - HEAT[0]) / HEAT[1])
    sliders += slider(HEAT, warm, translate("temperature"))
    values = row(
        named(translate("temperature"), "heat", TEMPERATURE, 2),
        [named(translate("loss"), "loss", found["loss"])],
    )
    for k, (z, p, slope) in enumerate(zip(LOGITS, found["p"], found["slope"], strict=True)):
        head = named(f"<i>z</i>{INDEX[k]} =", f"z{k}", z, 1)
        cells = [
            named(translate("probability"), f"p{k}", p),
            named(translate("gradient"), f"slope{k}", slope),
        ]
        values += row(head, cells)
    label = translate(
        "Five bars: the probabilities that the softmax makes of five logits. A mark at each bar's "
        "label, and a line from the bar's end to it: the gap. The largest probability is %s."
    ) % shown(float(max(found["p"])))
    live = translate(
        "Five bars: the probabilities that the softmax makes of five logits. The numbers follow."
    )
    classes = [str(k + 1) for k in range(CLASSES)]
    choices = choice(key, translate("true class"), classes, LABEL, "target")
    return piece(
        "pull-logits",
        translate("Five logits to pull"),
        drawing(HEIGHT, label, live, bars),
        sliders,
        values,
        f'<div class="curve-choices">{choices}</div>',
    )


class PullLogits(SphinxDirective):
    """Write the logits and their probabilities into the page."""

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        key = nodes.make_id(f"{self.env.docname} logits {self.env.new_serialno('pull-logits')}")
        return [nodes.raw("", element(key), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "pull-logits", PullLogits)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
