"""Tables that directives make from data, and the words in them that a translation replaces.

The page's catalogue holds what authors wrote. What a directive writes comes from the catalogue
``lossbook`` instead, through `translate`, so that a word is translated once for all pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

#: Name of the catalogue in ``locale/LANGUAGE/LC_MESSAGES``.
CATALOGUE = "lossbook"
translate = get_translation(CATALOGUE)


def made(directive: SphinxDirective, markdown: str) -> list[nodes.Node]:
    """Return what the page's own parser makes of Markdown that is in the right language."""
    found = directive.parse_text_to_nodes(markdown)
    for node in found:
        for text in node.findall(nodes.TextElement):
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
