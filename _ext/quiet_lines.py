"""What a page needs and how long it takes stands in a quiet line, and in no box.

An author writes an admonition with the title "Before you begin", as notebooks and printed pages
show it. On the site its title runs into its text.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

TITLE = "Before you begin"


class QuietLines(SphinxTransform):
    """Mark these admonitions, by their title in the original."""

    default_priority = 4  # before Sphinx translates

    def apply(self, **kwargs: Any) -> None:
        """Give them a class of their own in place of a note's."""
        for box in self.document.findall(nodes.admonition):
            if box[0].astext() == TITLE:
                box["classes"] = ["before-you-begin"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_transform(QuietLines)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
