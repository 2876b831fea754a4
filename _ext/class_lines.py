"""Code that a page quotes from the middle of a class begins with the line of its class.

A method that stands alone begins with blanks, and a reader asks what its ``self`` is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


def with_class_line(quoted: str, whole: str) -> str:
    r"""Return quoted code with the line of the class around it, if there is one.

    >>> with_class_line("    def f(self): ...", "class A:\n    x = 1\n\n    def f(self): ...\n")
    'class A:\n    ...\n\n    def f(self): ...'
    """
    start = whole.find(quoted.rstrip())
    classes = re.findall(r"^class .*:$", whole[: max(start, 0)], re.MULTILINE)
    if not quoted.startswith("    ") or not classes:
        return quoted
    return f"{classes[-1]}\n    ...\n\n{quoted}"


class ClassLines(SphinxTransform):
    """Add these lines to the code that a page quotes."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Look at every quotation of a file."""
        for block in self.document.findall(nodes.literal_block):
            path = Path(block.get("source") or "")
            if path.suffix == ".py" and path.exists():
                text = with_class_line(block.astext(), path.read_text(encoding="utf-8"))
                block.rawsource = text
                block.children = [nodes.Text(text)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_transform(ClassLines)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
