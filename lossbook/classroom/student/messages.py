"""The one place where what students and teachers read is translated.

The source strings are English. A catalogue for another language is an ordinary gettext file,
``lossbook/classroom/locale/<language>/LC_MESSAGES/classroom.mo``. The language is the one that was
asked for, else the one of the environment (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``).

A message is one or more whole sentences with named places, so that another language can put its
words in another order. What is stored is not yet translated: `note` keeps a message as plain data,
and `read` translates it where it is shown.

>>> from lossbook.classroom.student.messages import N_, _, note, read, use_language
>>> use_language("en")
>>> _("{question}: right.").format(question="q1")
'q1: right.'
>>> read(note(N_("The cell {name} was deleted; the grade does not need it."), name="setup"))
'The cell setup was deleted; the grade does not need it.'
"""

from __future__ import annotations

import functools
import gettext
from pathlib import Path
from typing import Any

__all__ = [
    "LOCALE",
    "N_",
    "Note",
    "_",
    "language_in_use",
    "languages",
    "note",
    "read",
    "translated",
    "use_language",
]

DOMAIN = "classroom"
LOCALE = Path(__file__).parents[1] / "locale"

#: A message that waits for its reader: ``message``, in English, and ``details``, its places.
Note = dict[str, Any]

_catalogue: gettext.NullTranslations | None = None


def languages(folder: Path = LOCALE) -> list[str]:
    """Return the languages that there are, English first."""
    found = {path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return ["en", *sorted(found - {"en"})]


@functools.cache
def _find(language: str | None, folder: Path) -> gettext.NullTranslations:
    if language is None:
        return gettext.translation(DOMAIN, str(folder), fallback=True)
    if language == "en":
        return gettext.NullTranslations()
    known = languages(folder)
    if language not in known:
        raise ValueError(
            _("language is {value}; expected one of {known}").format(
                value=repr(language), known=", ".join(known)
            )
        )
    return gettext.translation(DOMAIN, str(folder), [language])


def use_language(language: str | None = None, folder: Path = LOCALE) -> None:
    """Translate from now on into `language`, a code such as ``"ko"``; None asks the environment.

    Raises
    ------
    ValueError
        If the language was asked for by its code and has no catalogue.
    """
    global _catalogue
    _catalogue = _find(language, folder)


def language_in_use() -> str:
    """Return the code of the language that messages are translated into."""
    if _catalogue is None:
        use_language()
    assert _catalogue is not None
    return _catalogue.info().get("language") or "en"


def translated(message: str, language: str, folder: Path = LOCALE) -> str:
    """Return a message in this language, whichever is in use."""
    return _find(language, folder).gettext(message)


def _(message: str) -> str:
    """Return the message in the reader's language."""
    if _catalogue is None:
        use_language()
    assert _catalogue is not None
    return _catalogue.gettext(message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


def note(message: str, **details: object) -> Note:
    """Return a message and what stands in its places, as data that a file can hold."""
    return {"message": message, "details": {name: str(value) for name, value in details.items()}}


def read(note: Note) -> str:
    """Return a note in the reader's language."""
    message = note["message"]
    return _(message).format(**note["details"])
