"""Keep links out of the titles that open and close with a click.

The title of a solution names its exercise, which stands right above it, and would link there. The
whole title is a button already, and a link within a button is none: a click would do both.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class PlainTitles(SphinxPostTransform):
    """Put the words of a link in its place."""

    default_priority = 50  # after the titles of the solutions have been made

    def run(self, **kwargs: Any) -> None:
        """Change the titles of what opens with a click."""
        for box in self.document.findall(nodes.Element):
            if "dropdown" in box.get("classes", []) and isinstance(box.next_node(), nodes.title):
                for link in list(box.next_node().findall(nodes.reference)):
                    link.replace_self(link.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_post_transform(PlainTitles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
