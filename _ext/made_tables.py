"""Tables that directives make from data. Their words are translated before, not by the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def made(directive: SphinxDirective, markdown: str) -> list[nodes.Node]:
    """Return what the page's own parser makes of Markdown that is in the right language."""
    found = directive.parse_text_to_nodes(markdown)
    for node in found:
        for text in node.findall(nodes.TextElement):
            if not isinstance(text, nodes.Inline):
                text["translatable"] = False
    return found


def made_table(
    directive: SphinxDirective,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *classes: str,
    numbers_from: int | None = None,
) -> nodes.container:
    """Return a table within a container that the site's style knows.

    Parameters
    ----------
    directive : SphinxDirective
        Who asks.
    heads : sequence of str
        The columns' titles, as Markdown.
    rows : iterable of sequence of str
        The cells, as Markdown.
    *classes : str
        Classes of the container.
    numbers_from : int, optional
        The first column that is set flush right.
    """
    numbers_from = len(heads) if numbers_from is None else numbers_from
    rule = [" --: " if k >= numbers_from else " --- " for k in range(len(heads))]
    lines = [heads, *rows]
    texts = ["| " + " | ".join(line) + " |" for line in lines]
    texts.insert(1, "|" + "|".join(rule) + "|")
    table = nodes.container(classes=list(classes))
    table += made(directive, "\n".join(texts))
    return table
