"""The directive ``{loss-curve}``: a drawing of a loss that a reader can move.

    ```{loss-curve} mean_squared_error
    ```

It writes an element ``<loss-curve>`` that holds a drawing, the numbers it shows, the controls, and
the table of `curve_tables` that `loss_curve.js` reads. Without JavaScript the drawing and the
numbers stay, and the controls do not show.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, NamedTuple

from curve_drawings import class_view, drawing, line_view, look_up, number, point_view
from curve_tables import TABLES
from docutils import nodes
from moving import choice, named, piece, register, row, shown, slider, value
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wording import N_, title_of, translate

SQUARED, ABSOLUTE = N_("squared error"), N_("absolute error")
SURPRISE, HUBER, LOG_COSH = N_("binary cross-entropy"), N_("Huber loss"), N_("log-cosh")
PINBALL, HINGE, BITS = N_("pinball loss"), N_("hinge loss"), N_("cross-entropy in bits")
SQUARED_HINGE = N_("squared hinge loss")
BELL, POISSON = N_("negative log-likelihood"), N_("Poisson loss")
SQUARED_RATE = N_("squared error of the rate")
FOCAL = N_("binary focal cross-entropy")
#: By curve of one prediction: its loss and the one it is compared with, the numbers of the upright
#: axis, and whether both show at first.
COMPARED: dict[str, tuple[list[str], list[float], bool]] = {
    "mean_squared_error": ([SQUARED, ABSOLUTE], [0, 3, 6, 9], False),
    "mean_absolute_error": ([ABSOLUTE, SQUARED], [0, 1, 2, 3, 4], True),
    "huber": ([HUBER, ABSOLUTE], [0, 2, 4, 6], True),
    "log_cosh": ([LOG_COSH, HUBER], [0, 2, 4, 6], False),
    "pinball": ([PINBALL, ABSOLUTE], [0, 1, 2, 3, 4], False),
    "binary_crossentropy": ([SURPRISE, SQUARED], [0, 2, 4, 6], False),
    "hinge": ([HINGE, BITS], [0, 1, 2, 3, 4], False),
    "squared_hinge": ([SQUARED_HINGE, SQUARED], [0, 3, 6, 9], True),
    "gaussian_negative_log_likelihood": ([BELL, SQUARED], [0, 2, 4, 6], False),
    "poisson": ([POISSON, SQUARED_RATE], [0, 2, 4, 6], False),
    "binary_focal_crossentropy": ([FOCAL, SURPRISE], [0, 2, 4, 6], True),
}
#: The curves over a score.
SCORES = {"hinge", "squared_hinge"}
#: The letter of a parameter that a reader can choose.
PARAMETERS = {
    "huber": "<i>δ</i>",
    "pinball": "<i>θ</i>",
    "gaussian_negative_log_likelihood": "<i>σ</i>",
    "binary_focal_crossentropy": "<i>γ</i>",
}


class Parts(NamedTuple):
    """What differs from one curve to the next, as HTML."""

    kind: str
    title: str
    table: dict[str, Any]
    drawing: str
    sliders: str
    values: str
    choices: str


def swatch(k: int) -> str:
    """Return a bit of a line, as a key."""
    return (
        '<svg class="curve-key" aria-hidden="true" width="30" height="10" viewBox="0 0 30 10">'
        f'<path class="curve-line" data-k="{k}" d="M0 5H30"/></svg>'
    )


def one_prediction(name: str, key: str, table: dict[str, Any]) -> Parts:
    """Return the parts of a curve of one prediction, with a second loss to compare."""
    errors = "p" not in table["views"][0]
    lines, up, compare = COMPARED[name]
    if errors:
        start, step, count = table["views"][0]["x"]
        scores = name in SCORES
        look = {
            "title": translate("score z") if scores else translate("prediction y"),
            "across": [*range(round(start), round(start + step * (count - 1)) + 1)],
            "digits": 1 if scores else 2,
            "symbol": "<i>z</i>" if scores else "<i>y</i>",
            "up": up,
        }
        looks = [dict(look) for _ in table["views"]]
        words = [translate("score") if scores else translate("prediction")] * len(looks)
    elif name == "poisson":
        look = {
            "title": translate("logarithm of the rate z"),
            "across": [-3, -2, -1, 0, 1, 2],
            "up": up,
            "digits": 1,
            "symbol": "<i>z</i>",
        }
        looks, words = [look], [translate("logarithm of the rate")]
    else:
        looks = [
            {
                "title": translate("logit z"),
                "across": [-6, -4, -2, 0, 2, 4, 6],
                "up": up,
                "digits": 1,
                "symbol": "<i>z</i>",
            },
            {
                "title": translate("probability y"),
                "across": [0, 0.2, 0.4, 0.6, 0.8, 1],
                "up": [0, 1, 2, 3, 4, 5],
                "digits": 2,
                "symbol": "<i>y</i>",
            },
        ]
        words = [translate("logit"), translate("probability")]
        if name in PARAMETERS:  # the same logits in every view
            looks = [dict(looks[0]) for _ in table["views"]]
            words = [words[0]] * len(looks)
    lines = [translate(line) for line in lines]
    bars = (
        translate("probability y; gap to the label: the gradient"),
        translate("probability y, and the label"),
    )
    drawn = translate("probability")
    if name == "poisson":
        bars = (translate("rate y; gap to the count: the gradient"),)
        drawn = translate("rate")
    height = 376 if errors else 444
    sliders, values, views = [], [], []
    t = table["target"]
    for v, (view, look) in enumerate(zip(table["views"], looks, strict=True)):
        view["box"] = [24, 310]
        view["digits"] = look["digits"]
        by_logit = not errors and look["symbol"] == "<i>z</i>"
        # The gap is the gradient only where the probability comes from the sigmoid's own loss.
        bar = bars[0 if by_logit and name not in PARAMETERS else 1]
        look |= {"compare": compare, "bar": "" if errors else bar}
        at, hidden = table["at"][v], " hidden" if v else ""
        start, step, _ = view["x"]
        here = f' data-view="{v}"{hidden}'
        sliders.append(slider(view["x"], at, words[v], look["symbol"], here))
        head = f"{words[v]} {look['symbol']} = {value('x', start + step * at, look['digits'])}"
        cells = [named(drawn, "p", view["p"][at])] if by_logit else []
        if "more" in view:
            cells = [named(translate("gradient in z"), "spread", view["more"]["spread"][at])]
        values.append(row(head, cells, here))
        views.append(line_view(table, v, look))
    first = table["views"][0]
    at = table["at"][0]
    for k, line in enumerate(lines):
        own = first["lines"][k]
        cells = [
            named(translate("loss"), f"loss{k}", own["loss"][t][at]),
            named(translate("gradient"), f"slope{k}", own["slope"][t][at]),
        ]
        hidden = " hidden" if k and not compare else ""
        values.append(row(swatch(k) + line, cells, f' data-line="{k}"{hidden}'))
    targets = [number(target) for target in table["targets"]]
    choices = []
    if len(targets) > 1:
        choices.append(choice(key, translate("label") + " <i>t</i>", targets, t, "target"))
    if name in PARAMETERS:
        among = [number(view["parameter"]) for view in table["views"]]
        choices.append(choice(key, PARAMETERS[name], among, 0, "view"))
    elif len(looks) > 1:
        choices.append(choice(key, translate("against"), words, 0, "view"))
    checked = " checked" if compare else ""
    against = translate("compare with %s") % lines[1]
    choices.append(
        f'<label class="curve-switch"><input type="checkbox" data-choice="compare" '
        f'autocomplete="off"{checked}><span>{against}</span></label>'
    )
    x0 = first["x"][0] + first["x"][1] * at
    own = first["lines"][0]
    names = {"loss": lines[0], "prediction": looks[0]["title"]}
    shape = translate(SHAPES[name])
    here = shown(x0, looks[0]["digits"])
    loss, slope = (shown(own[kind][t][at]) for kind in ("loss", "slope"))
    label = translate(
        "The %(loss)s against the %(prediction)s, for the label %(label)s. %(shape)s At %(here)s "
        "the loss is %(value)s and its tangent has the slope %(slope)s."
    ) % {**names, "label": targets[t], "shape": shape, "here": here, "value": loss, "slope": slope}
    live = translate("The %(loss)s against the %(prediction)s. %(shape)s The numbers follow.") % {
        **names,
        "shape": shape,
    }
    picture = drawing(height, label, live, "".join(views))
    return Parts(
        "line", lines[0], table, picture, "".join(sliders), "".join(values), "".join(choices)
    )


#: What a curve looks like, for who does not see it.
SHAPES = {
    "mean_squared_error": N_(
        "A parabola whose lowest point, 0, lies where the prediction equals the label."
    ),
    "mean_absolute_error": N_(
        "Two straight lines, a V, whose lowest point, 0, lies where the prediction equals the "
        "label; dashed, the parabola of the squared error."
    ),
    "huber": N_(
        "A parabola around its lowest point, 0, where the prediction equals the label, goes over "
        "into two straight lines; dashed, the V of the absolute error."
    ),
    "log_cosh": N_(
        "Like a parabola around its lowest point, 0, where the prediction equals the label, and "
        "like two straight lines far away."
    ),
    "pinball": N_(
        "Two straight lines whose lowest point, 0, lies where the prediction equals the label; on "
        "the side that costs more the line is steeper."
    ),
    "gaussian_negative_log_likelihood": N_(
        "A parabola that is lowest where the prediction equals the label; the larger the standard "
        "deviation that is chosen, the flatter it is and the higher its lowest point."
    ),
    "poisson": N_(
        "The curve is lowest where the rate equals the count, climbs ever faster to the right, and "
        "to the left like a straight line; for the count 0 it only falls to the left. Below it, a "
        "bar for the rate, and a mark where the count is. The gap between them is the gradient."
    ),
    "binary_crossentropy": N_(
        "The more sure the prediction is of the wrong class, the higher the curve climbs; on the "
        "side of the label it falls towards 0."
    ),
    "hinge": N_(
        "A straight line falls to 0, which it reaches where the score is the label, and stays 0 "
        "beyond."
    ),
    "squared_hinge": N_(
        "Half a parabola falls to 0, which it reaches where the score is the label, and stays 0 "
        "beyond; dashed, the whole parabola of the squared error, which rises again there."
    ),
    "binary_focal_crossentropy": N_(
        "On the wrong side the curve climbs as the cross-entropy does, dashed; on the side of the "
        "label it lies far below it, near 0."
    ),
}


def three_classes(name: str, key: str, table: dict[str, Any]) -> Parts:
    """Return the parts of the curve over three logits."""
    table |= {"box": [24, 250], "bars": 352, "pitch": 40}
    first = 0 if name.startswith("sparse") else 1
    digits = "₀₁₂₃"
    names = [f"z{digits[first + k]}" for k in range(3)]
    start, step, _ = table["x"]
    stops, true = table["at"], table["target"]
    sliders = "".join(
        slider(table["x"], stops[k], translate("logit"), f"<i>z</i>{names[k][1]}") for k in range(3)
    )
    head = named(translate("loss"), "loss", look_up(table, stops, true)[1])
    values = [row(swatch(0) + head, [])]
    for k in range(3):
        p, _, slope = look_up(table, stops, k)
        cells = [
            named(translate("probability"), f"p{k}", p),
            named(translate("gradient"), f"slope{k}", slope if k == true else p),
        ]
        z = value(f"z{k}", start + step * stops[k], 1)
        head = translate("class %d") % (first + k)
        values.append(row(f"{head}, <i>z</i>{names[k][1]} = {z}", cells))
    options = ["(1, 0, 0)", "(0, 1, 0)", "(0, 0, 1)"] if first else ["0", "1", "2"]
    legend = translate("label") + " <i>t</i>"
    shape = translate(
        "Below it, a bar for the probability of each class, and a mark where the label is: at 1 "
        "for the true class, at 0 for the others. The gap between bar and mark is the gradient."
    )
    label = translate(
        "The loss falls as the logit of the true class, %(logit)s, rises. At the logits %(logits)s "
        "it is %(loss)s. %(shape)s"
    ) % {
        "logit": names[true],
        "logits": ", ".join(shown(start + step * stop, 1) for stop in stops),
        "loss": shown(look_up(table, stops, true)[1]),
        "shape": shape,
    }
    live = (
        translate("The loss against the logit that was moved last. %s The numbers follow.") % shape
    )
    title = translate(title_of(name))
    picture = drawing(472, label, live, class_view(table, names))
    choices = choice(key, legend, options, true, "target")
    return Parts("classes", title, table, picture, sliders, "".join(values), choices)


def mean_and_median(name: str, key: str, table: dict[str, Any]) -> Parts:
    """Return the parts of the drawing of five points, of which one moves."""
    table["floor"] = 372
    for line, box in zip(table["lines"], ([22, 156], [194, 328]), strict=True):
        line["box"] = box
    at = table["at"][0]
    start, step, _ = table["x"]
    squared, absolute = table["lines"]
    values = [row(named(translate("moving point"), "x", start + step * at, 1), [])]
    for k, (line, best) in enumerate(
        ((squared, translate("mean")), (absolute, translate("median")))
    ):
        head = f"{swatch(k)}{best} {value(f'best{k}', line['best'][at])}"
        cells = [named(translate("loss"), f"least{k}", line["least"][at])]
        values.append(row(head, cells, f' data-line="{k}"'))
    points = ", ".join(number(point) for point in table["fixed"])
    shape = (
        translate(
            "Five points on a line: %s, and one that can be moved. Above them the mean squared "
            "error of a constant prediction, a parabola that is lowest at the mean, and the mean "
            "absolute error, straight pieces that are lowest at the median."
        )
        % points
    )
    label = translate(
        "%(shape)s With the fifth point at %(here)s the mean is %(mean)s and the median %(median)s."
    ) % {
        "shape": shape,
        "here": shown(start + step * at, 1),
        "mean": shown(squared["best"][at]),
        "median": shown(absolute["best"][at]),
    }
    live = translate("%s The numbers follow.") % shape
    picture = drawing(416, label, live, point_view(table))
    sliders = slider(table["x"], at, translate("moving point"), "<i>x</i>")
    return Parts(
        "points", translate("mean and median"), table, picture, sliders, "".join(values), ""
    )


#: Learning rates to choose from, and which one is chosen first; the largest ones lead away.
RATES = {
    "mean_squared_error": ([0.05, 0.1, 0.25, 0.5, 0.75, 0.95, 1, 1.05, 1.2], 1),
    "mean_absolute_error": ([0.05, 0.1, 0.25, 0.5, 1, 1.5], 2),
    "huber": ([0.25, 0.5, 1, 1.5, 1.9, 2.5], 1),
    "log_cosh": ([0.25, 0.5, 1, 1.5, 1.9, 2.5], 1),
    "pinball": ([0.1, 0.25, 0.5, 1, 2], 3),
    "hinge": ([0.1, 0.3, 0.5, 1, 2], 2),
    "squared_hinge": ([0.05, 0.1, 0.25, 0.5, 0.75, 1.2], 1),
    "gaussian_negative_log_likelihood": ([0.25, 0.5, 1, 1.5, 1.9, 2.4], 1),
    "poisson": ([0.1, 0.25, 0.5, 1, 2], 2),
    "binary_crossentropy": ([0.25, 0.5, 1, 2, 4, 8, 16], 2),
    "binary_focal_crossentropy": ([0.25, 0.5, 1, 2, 4, 8, 16], 2),
    "categorical_crossentropy": ([0.25, 0.5, 1, 2, 4, 8, 16], 2),
    "sparse_categorical_crossentropy": ([0.25, 0.5, 1, 2, 4, 8, 16], 2),
}


def steps(name: str) -> str:
    """Return the controls of gradient descent on a curve, for ``loss_steps.js``."""
    if name not in RATES:
        return ""
    rates, chosen = RATES[name]
    if KINDS[name] is three_classes:
        said = translate("Steps: {steps}. Now the logits are {place} and the loss {loss}.")
    else:
        said = translate("Steps: {steps}. Now {symbol} is {place} and the loss {loss}.")
    of_score = name in SCORES or name == "poisson" or name.startswith("binary")
    said = said.replace("{symbol}", "z" if of_score else "y")
    away = translate("Each step leads further away: the learning rate is too large.")
    words = [translate("Step"), translate("Run"), translate("Start again")]
    buttons = "".join(
        f'<button type="button"{" class=moves" if k == 1 else ""}>{word}</button>'
        for k, word in enumerate(words)
    )
    # Along probabilities, no step of a logit can be drawn.
    only = ' data-view="0"' if name == "binary_crossentropy" else ""
    return (
        f'<loss-steps{only} data-rates="{json.dumps(rates)}" '
        f'data-said="{escape(said)}" data-away="{escape(away)}">'
        f"<label><span>{translate('learning rate')} <i>η</i> = <b>{rates[chosen]:g}</b></span>"
        f'<input type="range" min="0" max="{len(rates) - 1}" value="{chosen}" autocomplete="off">'
        f'</label>{buttons}<output aria-live="polite"></output></loss-steps>'
    )


KINDS = {
    "mean_squared_error": one_prediction,
    "mean_absolute_error": one_prediction,
    "huber": one_prediction,
    "log_cosh": one_prediction,
    "pinball": one_prediction,
    "gaussian_negative_log_likelihood": one_prediction,
    "poisson": one_prediction,
    "binary_crossentropy": one_prediction,
    "hinge": one_prediction,
    "squared_hinge": one_prediction,
    "binary_focal_crossentropy": one_prediction,
    "categorical_crossentropy": three_classes,
    "sparse_categorical_crossentropy": three_classes,
    "mean-and-median": mean_and_median,
}


def element(name: str, key: str) -> str:
    """Return the HTML of a curve.

    Parameters
    ----------
    name : str
        A name of `TABLES`.
    key : str
        What tells this curve from every other one in the book.
    """
    parts = KINDS[name](name, key, TABLES[name]())
    choices = f'<div class="curve-choices">{parts.choices}</div>' if parts.choices else ""
    return piece(
        "loss-curve",
        translate("Interactive curve: %s") % parts.title,
        parts.drawing,
        parts.sliders,
        parts.values,
        choices + steps(name),
        attributes=f' data-kind="{parts.kind}" data-name="{name}"',
        data=parts.table,
    )


class LossCurve(SphinxDirective):
    """Write the curve of a loss into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the curve as HTML, which other formats leave out."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"there is no curve {name!r}; expected one of {', '.join(TABLES)}")
        key = nodes.make_id(f"{self.env.docname} {name} {self.env.new_serialno('loss-curve')}")
        return [nodes.raw("", element(name, key), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and the steps on it."""
    register(app, "loss-curve", LossCurve)
    register(app, "loss-steps")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
