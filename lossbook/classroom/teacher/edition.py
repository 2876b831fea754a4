"""The words of an assignment in another edition of the book.

They come from the book's own catalogues, so that the notebook which a teacher hands out says what
the page says: ``locale/LANGUAGE/LC_MESSAGES/chapters/NAME/assignment.po`` beside the chapters.
"""

from __future__ import annotations

import re
from pathlib import Path

from lossbook.classroom.student.messages import _

__all__ = ["read_words", "translate"]

Words = dict[str, str]

_MARK = re.compile(r"(?:#+|[*-]|\d+\.) +")  # before a heading or an item


def read_words(path: Path, language: str) -> Words:
    """Return the translations of a notebook of the book: what is written for each text.

    Parameters
    ----------
    path : Path
        The notebook, ``chapters/NAME/assignment.ipynb`` in the book's folder.
    language : str
        The code of a language, such as "ko".

    Returns
    -------
    dict
        Empty where the book has no such edition, and for notebooks that are not the book's.

    Raises
    ------
    ValueError
        If there are translations and Babel, which reads them, is not installed.
    """
    chapter = path.resolve().parent
    book = chapter.parent
    catalogue = book.parent / "locale" / language / "LC_MESSAGES" / book.name / chapter.name
    catalogue /= f"{path.stem}.po"
    if not catalogue.is_file():
        return {}
    try:
        from babel.messages.pofile import read_po
    except ImportError:
        raise ValueError(
            _(
                "language is {language}, and the translations are read by Babel, which is not "
                "installed; install it: pip install babel"
            ).format(language=repr(language))
        ) from None
    with catalogue.open("rb") as file:
        messages = list(read_po(file, locale=language))
    return {str(entry.id): str(entry.string) for entry in messages if entry.id and entry.string}


def translate(text: str, words: Words) -> str:
    r"""Return Markdown with each heading, paragraph, item and cell of a table translated.

    A paragraph or an item is one line. What has no translation stays as it is.

    Examples
    --------
    >>> from lossbook.classroom.teacher.edition import translate
    >>> translate("# A loss\n\n* A mean", {"A loss": "손실", "A mean": "평균"})
    '# 손실\n\n* 평균'
    """
    return "\n".join(_line(line, words) for line in text.split("\n"))


def _line(line: str, words: Words) -> str:
    if line.startswith("| "):
        cells = [cell.strip() for cell in line.split("|")]
        return "|".join(f" {words.get(cell, cell)} " if cell else "" for cell in cells)
    mark = _MARK.match(line)
    start = mark.end() if mark else 0
    return line[:start] + words.get(line[start:], line[start:])
