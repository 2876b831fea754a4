"""The directives ``{loss-card}`` and ``{loss-formula}``: a chapter's summary, made from the code.

A chapter opens with the formula and with four rows of the card, which lead to the whole one after
the take-aways:

    ```{loss-formula} mean_squared_error
    ```

    ```{loss-card} mean_squared_error
    ```

    ```{loss-card} mean_squared_error
    :whole:
    :keras: keras.losses.MeanSquaredError
    :pytorch: torch.nn.MSELoss
    :optax: optax.squared_error
    :scikit-learn: sklearn.metrics.mean_squared_error
    ```

What is true of the loss comes from ``loss.properties`` and its domains. The formula and the
gradient are those that stand in the chapter under the labels ``mean-squared-error`` and
``mean-squared-error-gradient``. A loss with ``from_logits`` has a second column.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from equations import inline, labelled_equations
from loss_parts import marked
from made_tables import made, made_table
from sphinx.util.docutils import SphinxDirective
from wording import SHOWN, shown_as, translate

import lossbook

LIBRARIES = {
    "keras": "Keras",
    "pytorch": "PyTorch",
    "optax": "optax",
    "scikit-learn": "scikit-learn",
}


def yes_no(value: bool) -> str:
    """Return the word for a property that a loss has or has not."""
    return translate("yes") if value else translate("no")


def number(value: float) -> str:
    """Return a Lipschitz constant as mathematics."""
    if math.isinf(value):
        return translate("none")
    root = round(value**2)
    is_root = value != round(value) and math.isclose(value, math.sqrt(root))
    return rf"$\sqrt{{{root}}}$" if is_root else f"{value:g}"


#: The id of a page's whole card.
PLACE = "the-whole-card"


class LossFormula(SphinxDirective):
    """Show the formula of a loss, as it stands in the chapter under its label, without a number."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Take the formula from the page's source."""
        equations = labelled_equations(Path(self.env.doc2path(self.env.docname)))
        latex = equations[self.arguments[0].replace("_", "-")]
        block = nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
        block["docname"] = self.env.docname
        if with_parts := marked(self.arguments[0], latex):
            block["marked"] = with_parts
        self.set_source_info(block)
        return [block]


class LossCard(SphinxDirective):
    """Show what a reader wants to know first of a loss."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "whole": directives.flag,
        **dict.fromkeys(LIBRARIES, directives.unchanged),
    }

    def run(self) -> list[nodes.Node]:
        """Build the table as Markdown and let the page's own parser read it."""
        name = self.arguments[0]
        loss = getattr(lossbook, name).with_parameters(**SHOWN.get(name, {}))
        variants = [loss, *([loss.from_logits] if hasattr(loss, "from_logits") else [])]
        equations = labelled_equations(Path(self.env.doc2path(self.env.docname)))
        rows: list[tuple[str, list[str]]] = [
            (translate("Formula"), [self._formula(v, "", equations) for v in variants]),
            (translate("Gradient"), [self._formula(v, "-gradient", equations) for v in variants]),
            (
                translate("Best constant prediction"),
                [translate(v.properties.best_constant) for v in variants],
            ),
            (translate("Noise model"), [translate(v.properties.noise_model) for v in variants]),
        ]
        whole = "whole" in self.options
        if whole:
            rows += self._more(variants)
        heads = [
            translate("property"),
            *(
                [translate("from probabilities"), translate("from logits")]
                if len(variants) > 1
                else [f"`{shown_as(name)}`"]
            ),
        ]
        lines = [(f"**{head}**", *cells) for head, cells in rows]
        card = made_table(self, heads, lines, "loss-card", *(["two-losses"] * (len(variants) > 1)))
        if whole:
            names = ", ".join(
                f"{library} `{self.options[option]}`"
                for option, library in LIBRARIES.items()
                if option in self.options
            )
            card += made(self, translate("Elsewhere: %s.") % names)
            # A chapter may have the card of a second loss; the first is the one it opens with.
            first = next(other for other in lossbook.LOSSES if other.chapter == loss.chapter)
            own = first.name == name
            card["ids"].append(PLACE if own else f"{PLACE}-{name}".replace("_", "-"))
        else:
            card["classes"].append("folded")
            link = nodes.reference("", translate("The whole card"), refid=PLACE)
            card += nodes.paragraph("", "", link, translatable=False)
        return [card]

    def _more(self, variants: list[lossbook.Loss]) -> list[tuple[str, list[str]]]:
        """Return the rows that only the whole card has."""
        rows = [
            (translate("Labels"), [translate(v.y_true.expected) for v in variants]),
            (translate("Predictions"), [translate(v.y_pred.expected) for v in variants]),
            (
                translate("Range"),
                [r"$[0, \infty]$" if v.nonnegative else r"$(-\infty, \infty]$" for v in variants],
            ),
            (
                translate("Convex in the prediction"),
                [yes_no(v.properties.convex) for v in variants],
            ),
            (translate("Lipschitz constant"), [number(v.properties.lipschitz) for v in variants]),
            (translate("Symmetric"), [yes_no(v.properties.symmetric) for v in variants]),
            (translate("Differentiable"), [yes_no(v.properties.differentiable) for v in variants]),
        ]
        loss = variants[0]
        if loss.properties.degree is not None:
            degree = str(loss.properties.degree)
            if loss.thresholds:
                names = ", ".join(f"`{name}`" for name in loss.thresholds)
                degree = translate("{degree}, with {names} in the same unit").format(
                    degree=degree, names=names
                )
            rows.append((translate("Degree of homogeneity"), [degree]))
        return rows

    def _formula(self, loss: lossbook.Loss, suffix: str, equations: dict[str, str]) -> str:
        label = loss.name.replace("_", "-").replace(".", "-") + suffix
        if label not in equations:
            raise self.error(f"the page has no equation labelled {label}, which its card shows")
        return inline(equations[label])


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("loss-card", LossCard)
    app.add_directive("loss-formula", LossFormula)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
