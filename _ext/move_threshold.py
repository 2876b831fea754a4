"""The directive ``{move-threshold}``: a threshold over the predictions of a notebook.

    ```{move-threshold} examples.ipynb
    ```

The notebook glues the predictions as ``scores_malignant`` and ``scores_benign``. The page holds the
drawing and the counts at the first threshold; ``move_threshold.js`` counts at the others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curve_drawings import LEFT, drawing, text
from docutils import nodes
from moving import named, piece, register, row, slider
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import translate

HEIGHT, SIDE = 300, 200
#: The strip of the predictions, and the corner of the ROC curve's square.
STRIP, CORNER = 300, (424, 236)
THRESHOLDS, COSTS = (0.0, 0.01, 101), (1.0, 1.0, 20)
START, COST = 50, 9


def scores_of(notebook: Path, name: str) -> list[float]:
    """Return the predictions that a notebook has glued under a name."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if output.get("metadata", {}).get("scrapbook", {}).get("name") == name:
                (kept,) = output["data"].values()
                return [float(score) for score in "".join(kept).strip("'").split()]
    raise LookupError(f"{notebook} glues no {name}")


def counts(positive: list[float], negative: list[float], threshold: float) -> dict[str, int]:
    """Return the four counts at a threshold.

    >>> counts([0.2, 0.9], [0.1, 0.6], 0.5)
    {'tp': 1, 'fn': 1, 'fp': 1, 'tn': 1}
    """
    tp = sum(score >= threshold for score in positive)
    fp = sum(score >= threshold for score in negative)
    return {"tp": tp, "fn": len(positive) - tp, "fp": fp, "tn": len(negative) - fp}


def ratio(part: int, whole: int) -> float | str:
    """Return a share, or a dash where there is nothing to share."""
    return part / whole if whole else "–"


def roc_place(found: dict[str, int]) -> tuple[float, float]:
    """Return the place of a threshold in the square of the ROC curve."""
    x, y = CORNER
    recall = found["tp"] / (found["tp"] + found["fn"])
    false_alarms = found["fp"] / (found["fp"] + found["tn"])
    return x + false_alarms * SIDE, y - recall * SIDE


def picture(positive: list[float], negative: list[float]) -> str:
    """Return the drawing: two rows of predictions, the threshold, and the ROC curve."""
    parts = [f'<path class="curve-axis" d="M{LEFT} 236h{STRIP}"/>']
    parts += [text(LEFT + x * STRIP, 262, f"{x:g}") for x in (0, 0.5, 1)]
    parts.append(text(LEFT + STRIP, 290, translate("predicted probability"), "curve-title", "end"))
    titles = []  # drawn later, so that the line of the threshold does not cross them
    for y, word, scores, k in (
        (40, translate("malignant"), positive, 1),
        (140, translate("benign"), negative, 0),
    ):
        titles.append(text(LEFT, y - 12, word, "curve-title", "start"))
        for number, score in enumerate(scores):
            place = f'cx="{LEFT + score * STRIP:.1f}" cy="{y + number * 7 % 60:.1f}"'
            parts.append(f'<circle class="curve-dot small" data-k="{k}" {place} r="4"/>')
    at = LEFT + START / 100 * STRIP
    parts += [f'<path class="curve-mark threshold" d="M{at:.1f} 20V236"/>', *titles]
    x, y = CORNER
    found = [counts(positive, negative, k / 100) for k in range(102)]
    path = "L".join("{:.1f} {:.1f}".format(*roc_place(one)) for one in found)
    here = roc_place(found[START])
    parts += [
        f'<path class="curve-axis" d="M{x} {y - SIDE}v{SIDE}h{SIDE}"/>',
        f'<path class="curve-line" data-k="0" d="M{path}"/>',
        f'<circle class="curve-dot here" data-k="1" cx="{here[0]:.1f}" cy="{here[1]:.1f}" r="8"/>',
        text(x, y - SIDE - 12, translate("recall"), "curve-title", "start"),
        text(x + SIDE, 290, translate("false positive rate"), "curve-title", "end"),
        *(text(x + share * SIDE, 262, f"{share}") for share in (0, 1)),
        *(text(x - 9, y - share * SIDE + 5, f"{share}", anchor="end") for share in (0, 1)),
    ]
    return "".join(parts)


def element(positive: list[float], negative: list[float]) -> str:
    """Return the whole as HTML."""
    threshold, cost = START / 100, COSTS[0] + COST * COSTS[1]
    found = counts(positive, negative, threshold)
    alarms = found["tp"] + found["fp"]
    sliders = slider(THRESHOLDS, START, translate("threshold"))
    sliders += slider(COSTS, COST, translate("cost of a miss, in false alarms"))
    values = row(
        named(translate("threshold"), "threshold", threshold, 2),
        [
            named(translate("precision"), "precision", ratio(found["tp"], alarms), 3),
            named(translate("recall"), "recall", ratio(found["tp"], len(positive)), 3),
        ],
    )
    values += row(
        named(translate("a miss costs"), "miss", cost, 0),
        [
            named(translate("all mistakes cost"), "cost", found["fp"] + cost * found["fn"], 0),
        ],
    )
    for word, one, other in (
        (translate("malignant"), "tp", "fn"),
        (translate("benign"), "fp", "tn"),
    ):
        cells = [
            named(translate("alarm"), one, found[one], 0),
            named(translate("silence"), other, found[other], 0),
        ]
        values += row(word, cells)
    label = translate(
        "Two rows of points, the predictions for malignant and for benign masses, and a line at "
        "the threshold %(at)s. Beside them the ROC curve, and on it the point of this threshold."
    ) % {"at": f"{threshold:.2f}"}
    live = translate(
        "Two rows of points, the predictions for malignant and for benign masses, and a line at "
        "the threshold. Beside them the ROC curve, and on it the point of this threshold. The "
        "numbers follow."
    )
    return piece(
        "move-threshold",
        translate("Move the threshold"),
        drawing(HEIGHT, label, live, picture(positive, negative)),
        sliders,
        values,
        data={"positive": positive, "negative": negative},
    )


class MoveThreshold(SphinxDirective):
    """Write the predictions and their threshold into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return HTML, which other formats leave out."""
        notebook = Path(self.env.doc2path(self.env.docname)).parent / self.arguments[0]
        self.env.note_dependency(str(notebook))
        scores = [scores_of(notebook, f"scores_{name}") for name in ("malignant", "benign")]
        return [nodes.raw("", element(*scores), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    register(app, "move-threshold", MoveThreshold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
