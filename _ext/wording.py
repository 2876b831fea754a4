"""Words that the site's own code writes into pages, in the language of the edition.

A page's catalogue holds what authors wrote. What code writes comes from the catalogue ``lossbook``,
so that a word is translated once for all pages.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from sphinx.locale import get_translation

import lossbook

#: Name of the catalogue in ``locale/LANGUAGE/LC_MESSAGES``.
CATALOGUE = "lossbook"
translate = get_translation(CATALOGUE)


#: The losses that the book explains; the others of the package stand on the page of the API alone.
CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
#: Parameters with which a loss is shown, where its default hides what it is for.
SHOWN = {"pinball": {"quantile": 0.9}}
EXPLAINED = [
    loss.with_parameters(**SHOWN.get(loss.name, {}))
    for loss in lossbook.LOSSES
    if (CHAPTERS / loss.chapter / "derivation.md").exists()
]


def shown_as(name: str) -> str:
    """Return the name of a loss with the parameters with which it is shown, as code.

    >>> shown_as("mean_squared_error"), shown_as("pinball")
    ('mean_squared_error', 'pinball, quantile=0.9')
    """
    return ", ".join([name, *(f"{key}={value}" for key, value in SHOWN.get(name, {}).items())])


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def title_of(name: str) -> str:
    """Return what a loss calls itself at the beginning of its docstring, as it stands in a text.

    >>> title_of("binary_crossentropy"), title_of("huber")
    ('binary cross-entropy', 'Huber loss')
    """
    title, _, _ = inspect.getdoc(type(getattr(lossbook, name))).partition(":")
    return title if title.startswith(PERSONS) else title[0].lower() + title[1:]


#: Whose names some losses bear.
PERSONS = ("Gauss", "Huber", "Poisson")


def words_for(name: str) -> str:
    """Return the name of a loss, and of what it is computed from."""
    loss, _, logits = name.partition(".")
    title = translate(title_of(loss))
    return translate("{loss} from logits").format(loss=title) if logits else title
