"""The directive ``{loss-overview}``: all losses at a glance, from the code and the chapters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from equations import inline, labelled_equations
from loss_card import yes_no
from made_tables import made_table
from sphinx.util.docutils import SphinxDirective
from wording import EXPLAINED, title_of, translate


class LossOverview(SphinxDirective):
    """Show each loss that has a chapter, with its formula and what it is for."""

    def run(self) -> list[nodes.Node]:
        """Build the table as Markdown and let the page's own parser read it."""
        rows = []
        here = Path(self.env.doc2path(self.env.docname)).parent
        for loss in EXPLAINED:
            page = Path(self.env.srcdir) / "chapters" / loss.chapter / "derivation.md"
            self.env.note_dependency(str(page))
            formula = inline(labelled_equations(page)[loss.name.replace("_", "-")])
            title = translate(title_of(loss.name).capitalize())
            link = f"[{title}]({page.relative_to(here).as_posix()})"
            about = loss.properties
            rows.append(
                (
                    link,
                    formula,
                    translate(about.best_constant),
                    translate(about.noise_model),
                    yes_no(about.convex),
                    yes_no(about.symmetric),
                )
            )
        heads = (
            translate("loss"),
            translate("formula"),
            translate("best constant"),
            translate("noise model"),
            translate("convex"),
            translate("symmetric"),
        )
        return [made_table(self, heads, rows, "loss-overview", "sorted", "dense-table")]


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("loss-overview", LossOverview)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
