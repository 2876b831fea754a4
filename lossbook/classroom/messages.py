"""The one place where what students read is translated.

The source strings are English. A catalogue for another language is an ordinary gettext file,
``locale/<language>/LC_MESSAGES/classroom.mo`` beside this module. The language is the one that was
asked for, else the one of the environment (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``).

>>> from lossbook.classroom.messages import _, use_language
>>> use_language("en")
>>> _("right")
'right'
"""

from __future__ import annotations

import gettext
from pathlib import Path

__all__ = ["N_", "_", "use_language"]

LOCALE = Path(__file__).parent / "locale"
_catalogue: gettext.NullTranslations | None = None


def use_language(language: str | None = None, folder: Path = LOCALE) -> None:
    """Translate from now on into `language`, a code such as ``"ko"``; None asks the environment."""
    global _catalogue
    languages = None if language is None else [language]
    _catalogue = gettext.translation("classroom", str(folder), languages, fallback=True)


def _(message: str) -> str:
    """Return the message in the reader's language."""
    if _catalogue is None:
        use_language()
    assert _catalogue is not None
    return _catalogue.gettext(message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message
