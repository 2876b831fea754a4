"""The directive ``{keras-losses}``: every loss of Keras, and where in this book it stands.

Which losses Keras has is recorded by ``make references``; one that `ABOUT` does not know fails. Of
a loss of the package, the formula comes from its chapter and the best constant from the code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from equations import inline, labelled_equations
from framework_table import recorded
from made_tables import made_table
from sphinx.util.docutils import SphinxDirective
from wording import CHAPTERS, EXPLAINED, N_, title_of, translate

import lossbook

#: A name with more letters may break into two lines.
LONG = 20
#: What stands in a cell that has nothing to say.
NOTHING = "–"


class About(NamedTuple):
    """What the code does not know of a loss."""

    #: What it is for.
    purpose: str
    #: Of a loss that the package does not have: its formula, its best constant, what to read.
    #: Without a formula here, it is the labelled one of the page that is to be read.
    formula: str = ""
    best: str = ""
    read: str = ""
    #: The title of a section that is to be read; a page knows its own.
    title: str = ""


ABOUT: dict[str, About] = {
    "MeanSquaredError": About(N_("numbers, when the mean is wanted")),
    "MeanAbsoluteError": About(N_("numbers, when the typical one is wanted")),
    "Huber": About(N_("numbers, a few labels far off")),
    "LogCosh": About(N_("numbers, a few labels far off, without a threshold to choose")),
    "MeanAbsolutePercentageError": About(
        N_("positive numbers, when percentages must be reported"),
        best=N_("weighted median, small labels weighing most"),
        read="mean_absolute_error/derivation.md#relative-errors",
        title=N_("Relative errors"),
    ),
    "MeanSquaredLogarithmicError": About(
        N_("positive numbers, when factors count and not differences"),
        best=N_("mean of the logarithms of 1 + label, taken back"),
        read="mean_absolute_error/derivation.md#relative-errors",
        title=N_("Relative errors"),
    ),
    "Poisson": About(N_("counts")),
    "BinaryCrossentropy": About(N_("yes or no, as a probability")),
    "BinaryFocalCrossentropy": About(N_("yes or no, when easy samples drown the others")),
    "Hinge": About(N_("yes or no, as a score without a probability")),
    "SquaredHinge": About(N_("yes or no, as a score; a large violation counts more")),
    "CategoricalCrossentropy": About(N_("one of several classes; labels may be soft")),
    "SparseCategoricalCrossentropy": About(N_("one of several classes; labels are integers")),
    "CategoricalFocalCrossentropy": About(
        N_("one of several classes, when easy samples drown the others")
    ),
    "CategoricalGeneralizedCrossEntropy": About(
        N_("one of several classes, when some labels are wrong"),
        best=N_("class frequencies, drawn towards the largest"),
        read="training/index.md#when-labels-are-wrong",
        title=N_("When labels are wrong"),
    ),
    "CategoricalHinge": About(N_("one of several classes, as scores without probabilities")),
    "KLDivergence": About(
        N_("labels that are distributions"),
        r"L = \frac{1}{N} \sum_{i=1}^{N} \sum_{j=1}^{C} t_{ij} \log \dfrac{t_{ij}}{y_{ij}}",
        N_("mean of the labels"),
        "information_and_entropy/index.md",
    ),
    "CosineSimilarity": About(
        N_("vectors whose direction counts and whose length does not"),
        r"L = -\frac{1}{N} \sum_{i=1}^{N}"
        r" \dfrac{\sum_j t_{ij} y_{ij}}{\sqrt{\sum_j t_{ij}^2 \sum_j y_{ij}^2}}",
        N_("mean direction of the labels"),
        "pearson_correlation/derivation.md",
    ),
    "Circle": About(
        N_("vectors that are near within a class and far between classes"),
        r"l = \log{(1 + S_1 S_2)}",
        "",
        "{cite}`sun2020`",
    ),
    "Dice": About(
        N_("masks: how much of two areas overlaps"),
        r"L = 1 - \dfrac{2 \sum_i t_i y_i}{\sum_i t_i + \sum_i y_i}",
        N_("1 where the label is 1 often enough, else 0"),
        "{cite}`milletari2016`",
    ),
    "Tversky": About(
        N_("masks, when a pixel missed and one too many cost differently"),
        r"L = 1 - \frac{\sum_i t_i y_i}"
        r"{\sum_i t_i y_i + c_1 \sum_i t_i (1 - y_i) + c_2 \sum_i (1 - t_i) y_i}",
        N_("1 where the label is 1 often enough, else 0"),
        "{cite}`salehi2017`",
    ),
    "CTC": About(
        N_("sequences whose places in the input are not known, as in speech"),
        r"l = -\log p(t)",
        "",
        "{cite}`graves2006`",
    ),
}


def name_of(kind: str) -> str:
    """Return the name of a class of Keras as the package would have it.

    >>> name_of("MeanSquaredError"), name_of("LogCosh")
    ('mean_squared_error', 'log_cosh')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def formula_of(kind: str) -> str:
    """Return the formula of a loss that the package does not have."""
    about = ABOUT[kind]
    if about.formula:
        return about.formula
    page = CHAPTERS / about.read.partition("#")[0]
    return labelled_equations(page)[name_of(kind).replace("_", "-")]


def halves(kind: str) -> tuple[str, str]:
    """Return a name in two parts that are about as long, each of whole words.

    >>> halves("MeanSquaredLogarithmicError")
    ('MeanSquared', 'LogarithmicError')
    """
    ends = [match.start() for match in re.finditer(r"(?<=[a-z])(?=[A-Z])", kind)] or [len(kind)]
    middle = min(ends, key=lambda end: abs(2 * end - len(kind)))
    return kind[:middle], kind[middle:]


class KerasLosses(SphinxDirective):
    """Show one row for each loss of Keras."""

    def run(self) -> list[nodes.Node]:
        """Build the table as Markdown and let the page's own parser read it."""
        new = set(recorded()["keras_losses"]) - set(ABOUT)
        if new:
            raise self.error(f"Keras has losses that {Path(__file__).name} does not know: {new}")
        heads = [translate("in Keras, and where to read"), translate("formula")]
        heads += [translate("what it is for"), translate("best constant")]
        rows = [
            self._cells(kind, about)
            for kind, about in ABOUT.items()
            if kind in recorded()["keras_losses"]
        ]
        table = made_table(self, heads, rows, "loss-overview", "sorted", "dense-table", "in-keras")
        for name in table.findall(nodes.literal):
            first, second = halves(name.astext())
            if len(first + second) > LONG:
                name.clear()
                name += [nodes.Text(first), nodes.raw("", "<wbr>", format="html")]
                name += nodes.Text(second)
        return [table]

    def _cells(self, kind: str, about: About) -> tuple[str, str, str, str]:
        purpose = translate(about.purpose)
        loss = getattr(lossbook, name_of(kind), None)
        if loss is None:
            best = translate(about.best) if about.best else NOTHING
            read = about.read
            if not read.startswith("{cite}"):
                read = f"[{translate(about.title) if about.title else ''}](../{read})"
            return f"`{kind}` {read}", inline(formula_of(kind)), purpose, best
        title = translate(title_of(loss.name).capitalize())
        formula, read = NOTHING, f"[{title}](../api/index.md)"
        if loss.name in {explained.name for explained in EXPLAINED}:
            page = Path(self.env.srcdir) / "chapters" / loss.chapter / "derivation.md"
            self.env.note_dependency(str(page))
            formula = inline(labelled_equations(page)[loss.name.replace("_", "-")])
            read = f"[](../{loss.chapter}/derivation.md)"
        best = translate(loss.properties.best_constant)
        return f"`{kind}` {read}", formula, purpose, best


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("keras-losses", KerasLosses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
