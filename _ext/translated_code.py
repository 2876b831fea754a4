"""In a translated edition, the comments and docstrings of code that a page shows are translated.

Their words come from the catalogue ``code``, which all pages share; the code stays the same. The
builder of the catalogues collects there what stands in the text of pages; ``tools/messages.py``
adds what stands in the cells of notebooks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from docutils import nodes
from editions import FIRST, LOCALE, holds_words
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from lossbook.classroom.teacher.edition import read_catalogue, translate_code, words_of_code

CATALOGUE = "code"
#: Whose comments begin as Python's do.
LANGUAGES = {"python", "python3", "ipython", "ipython3", "toml"}
collected: list[str] = []


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of an edition for what stands in code."""
    return read_catalogue(LOCALE / language / "LC_MESSAGES" / f"{CATALOGUE}.po", language)


def messages_of(source: str) -> list[str]:
    """Return the texts in code that have something to translate."""
    return [text for text in words_of_code(source) if holds_words(text)]


class TranslateCode(SphinxTransform):
    """Put the translated code in place of the code, or collect what is to be translated."""

    default_priority = 600  # after quoted code has got the line of its class

    def apply(self, **kwargs: Any) -> None:
        """Change the code of a page."""
        for node in self.document.findall(nodes.literal_block):
            if node.get("language") not in LANGUAGES:
                continue
            if self.app.builder.name == "gettext":
                if "cell_input" not in node.parent.get("classes", []):
                    collected.extend(messages_of(node.astext()))
            elif self.config.language != FIRST:
                text = translate_code(node.astext(), words(self.config.language))
                node.rawsource, node.children = text, []
                node += nodes.Text(text)


def write_template(app: Sphinx, exception: Exception | None) -> None:
    """Write what the pages show as the template of the catalogue."""
    if exception or app.builder.name != "gettext":
        return
    catalogue = Catalog(charset="utf-8")
    for message in collected:
        catalogue.add(message)
    with Path(app.outdir, f"{CATALOGUE}.pot").open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change."""
    app.add_transform(TranslateCode)
    app.connect("build-finished", write_template)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
