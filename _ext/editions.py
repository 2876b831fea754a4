"""One book, one edition a language: the environment's ``BOOK_LANGUAGE`` says which one is built.

The first edition is English and stands at the site's root. Each folder of ``locale/`` is another
one, in a folder of the site that is named after it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from made_tables import CATALOGUE
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

LOCALE = Path(__file__).resolve().parent.parent / "locale"
#: What is the same in every language: code, formulas, targets of links, quoted numbers, references.
FIXED = re.compile(
    r"(`+)(?:(?!\1).)+\1(?!`)|\$[^$]+\$|\]\([^)]*\)|\{(?:glue:text|eq|cite|cite:t|measured|recorded)\}",
    re.DOTALL,
)


def holds_words(message: str) -> bool:
    """Return whether a message has words, and not only code, formulas and numbers.

    >>> holds_words("$14 / 4 = 3.5$"), holds_words("the mean: $14 / 4$")
    (False, True)
    """
    return "{term}" in message or bool(re.search(r"[^\W\d_]{2}", FIXED.sub(" ", message)))


class KeepFixed(SphinxTransform):
    """Leave out of the catalogues what has nothing to translate."""

    default_priority = 5  # before Sphinx looks for translations

    def apply(self, **kwargs: Any) -> None:
        """Mark the nodes."""
        for node in self.document.findall(nodes.TextElement):
            if isinstance(node, nodes.math_block) or not holds_words(node.rawsource):
                node["translatable"] = False


def setup(app: Sphinx) -> dict[str, Any]:
    """Choose the language before Sphinx loads its own words."""
    app.config.language = os.environ.get("BOOK_LANGUAGE") or app.config.language
    app.add_message_catalog(CATALOGUE, str(LOCALE))
    app.add_transform(KeepFixed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
