"""Exercises and figures are numbered within their page, whose contents list the exercises.

Sphinx numbers both through the whole book, so that a new one at its beginning renames all that
follow. Its numbers stand by page, kind and id; here each page's own are counted anew.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import exercise_subtitle, is_exercise_node


def number_within_pages(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count those of each page from 1, in their order; no page has to be written for it."""
    for kinds in env.toc_fignumbers.values():
        for kind in ("exercise", "figure"):
            through = kinds.get(kind, {})
            for number, name in enumerate(sorted(through, key=through.__getitem__), 1):
                through[name] = (number,)
    return []


def list_exercises(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Put the exercises of a page before its sections into the page's contents."""
    for page, kinds in env.toc_fignumbers.items():
        if "exercise" not in kinds:
            continue
        entries = nodes.bullet_list()
        exercises = env.get_doctree(page).findall(is_exercise_node)
        for number, exercise in enumerate(exercises, 1):
            title = "".join(part.astext() for part in exercise.findall(exercise_subtitle))
            place = f"#{exercise['ids'][0]}"
            link = nodes.reference(
                "", f"{number}. {title}", internal=True, refuri=page, anchorname=place
            )
            entries += nodes.list_item("", addnodes.compact_paragraph("", "", link))
        top = env.tocs[page][0]
        if len(top) > 1 and isinstance(top[1], nodes.bullet_list):
            entries += top[1].children
            top[1] = entries
        else:
            top += entries
    return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Work when Sphinx has numbered everything, and before a page is written."""
    app.connect("env-get-updated", number_within_pages, priority=900)  # Sphinx numbers at 500
    app.connect("env-get-updated", list_exercises, priority=901)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
