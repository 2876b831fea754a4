"""The languages of the book besides English: one for each folder in ``locale/``."""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale, UnknownLocaleError

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def languages(folder: Path = LOCALE) -> list[str]:
    """Return the codes of the languages, or say which folder is none and exit.

    Babel writes the name of a language, its dates and its plural forms.
    """
    codes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    for code in codes:
        try:
            Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            sys.exit(
                f"{folder / code} is named by no code of a language that Babel knows; expected "
                "one such as fr or pt_BR. They are listed by: pybabel --list-locales"
            )
    return codes
