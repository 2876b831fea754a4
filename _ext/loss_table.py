"""The directive ``{loss-table}``: the properties of every loss side by side, made from the code."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from loss_card import number, yes_no
from made_tables import made_table
from sphinx.util.docutils import SphinxDirective
from wording import EXPLAINED, translate, words_for


class LossTable(SphinxDirective):
    """Show one row for each loss, and one for each loss of logits."""

    def run(self) -> list[nodes.Node]:
        """Build the table as Markdown and let the page's own parser read it."""
        heads = (
            translate("loss"),
            translate("best constant"),
            translate("noise model"),
            translate("convex"),
            translate("Lipschitz"),
            translate("symmetric"),
            translate("differentiable"),
        )
        rows = []
        for loss in EXPLAINED:
            for variant in (loss, getattr(loss, "from_logits", None)):
                if variant is None:
                    continue
                about = variant.properties
                cells = (
                    words_for(variant.name),
                    translate(about.best_constant),
                    translate(about.noise_model),
                    yes_no(about.convex),
                    number(about.lipschitz),
                    yes_no(about.symmetric),
                    yes_no(about.differentiable),
                )
                rows.append(cells)
        return [made_table(self, heads, rows, "loss-overview", "dense-table")]


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("loss-table", LossTable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
