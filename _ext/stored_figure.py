"""The directive ``{stored-figure}``: a page shows a figure that a notebook stores.

    ```{stored-figure} examples.ipynb::loss-and-gradient
    The caption.
    ```

The notebook's cell names its figure in its metadata, beside the alternative text:
``{"mystnb": {"figure": {"name": "loss-and-gradient"}, "image": {"alt": "..."}}}``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


def stored_figure(notebook: Path, name: str) -> tuple[str, str]:
    """Return the SVG and the alternative text of the figure `name` of a notebook.

    Raises
    ------
    LookupError
        If no cell stores such a figure.
    """
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        own = cell["metadata"].get("mystnb", {})
        if own.get("figure", {}).get("name") == name:
            for output in cell["outputs"]:
                svg = output.get("data", {}).get("image/svg+xml")
                if svg is not None:
                    return "".join(svg), own["image"]["alt"]
    raise LookupError(f"{notebook.name} stores no SVG figure named {name!r}")


class StoredFigure(SphinxDirective):
    """Show a stored figure, with its alternative text and a caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Copy the SVG beside the built pages and refer to it."""
        path, _, name = self.arguments[0].partition("::")
        relative, absolute = self.env.relfn2path(path)
        self.env.note_dependency(relative)
        try:
            svg, alt = stored_figure(Path(absolute), name)
        except LookupError as problem:
            raise self.error(str(problem)) from None
        svg = svg.strip()
        # Where MyST-NB puts a notebook's figures, under the name that it gives: one file for both.
        folder = Path(self.env.app.outdir).parent / "jupyter_execute"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{hashlib.sha256(svg.encode()).hexdigest()}.svg"
        target.write_bytes(svg.encode())
        uri = Path("/") / Path(_relative(target, Path(self.env.srcdir)))
        figure = nodes.figure("", nodes.image(uri=str(uri), alt=alt), classes=["stored-figure"])
        if self.content:
            text = self.parse_text_to_nodes("\n".join(self.content))
            caption = nodes.caption(text[0].rawsource, "", *text[0].children)
            self.set_source_info(caption)
            figure += caption
        if "name" in self.options:
            self.add_name(figure)
        self.set_source_info(figure)
        return [figure]


def _relative(target: Path, base: Path) -> str:
    import os

    return os.path.relpath(target, base)


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("stored-figure", StoredFigure)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
