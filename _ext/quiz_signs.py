"""The answers of a quiz have a sign, right or wrong, beside their first word.

An author begins each answer with "Right" or "Not quite", as notebooks show it. The site's style
puts a sign before it, which tells the two apart at a glance, also on paper; a screen reader has the
words.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

#: How an answer begins, with its class.
BEGINNINGS = {r"Right\b": "quiz-right", r"Not quite\.": "quiz-wrong"}


class QuizSigns(SphinxTransform):
    """Mark the answers by their first words in the original."""

    default_priority = 4  # before Sphinx translates

    def apply(self, **kwargs: Any) -> None:
        """Look at whatever opens with a click."""
        for box in self.document.findall(nodes.container):
            if box.get("design_component") == "dropdown":
                for answer in box.findall(nodes.paragraph):
                    kinds = [
                        k for begins, k in BEGINNINGS.items() if re.match(begins, answer.astext())
                    ]
                    answer["classes"] += kinds


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_transform(QuizSigns)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
