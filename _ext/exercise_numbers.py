"""Exercises are numbered within their page: each chapter begins with Exercise 1.

sphinx-exercise numbers them through the whole book, so that a new one at its beginning renames all
that follow. Its numbers stand beside those of Sphinx's figures, by page, kind and id; here each
page's own are counted anew.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def number_within_pages(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count the exercises of each page from 1, in their order; no page has to be written for it."""
    for kinds in env.toc_fignumbers.values():
        through = kinds.get("exercise", {})
        for number, (name, _) in enumerate(sorted(through.items(), key=lambda item: item[1]), 1):
            through[name] = (number,)
    return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Work when Sphinx has numbered everything, and before a page is written."""
    app.connect("env-get-updated", number_within_pages, priority=900)  # Sphinx numbers at 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
