"""Words that the site's own code writes into pages, in the language of the edition.

A page's catalogue holds what authors wrote. What code writes comes from the catalogue ``lossbook``,
so that a word is translated once for all pages.
"""

from __future__ import annotations

from sphinx.locale import get_translation

#: Name of the catalogue in ``locale/LANGUAGE/LC_MESSAGES``.
CATALOGUE = "lossbook"
translate = get_translation(CATALOGUE)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def title_of(name: str) -> str:
    """Return the name of a loss as words.

    >>> title_of("binary_crossentropy")
    'binary cross-entropy'
    """
    return name.replace("_", " ").replace("crossentropy", "cross-entropy")


def words_for(name: str) -> str:
    """Return the name of a loss, and of what it is computed from."""
    loss, _, logits = name.partition(".")
    title = translate(title_of(loss))
    return translate("{loss} from logits").format(loss=title) if logits else title
