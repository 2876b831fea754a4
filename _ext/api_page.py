"""Let autodoc show a loss, which is an object that is called, with the docstring of its class."""

from __future__ import annotations

import inspect
from typing import Any

from sphinx.application import Sphinx

import lossbook as lb


def show_the_class(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Put the docstring of the loss's class in place of an empty one."""
    if isinstance(thing, lb.Loss):
        lines[:] = (inspect.getdoc(type(thing)) or "").splitlines()


def setup(app: Sphinx) -> dict[str, Any]:
    """Come before numpydoc, which lays the docstring out."""
    app.connect("autodoc-process-docstring", show_the_class, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
