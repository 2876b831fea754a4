"""The words of an assignment in another edition of the book.

They come from the book's own catalogues, so that the notebook which a teacher hands out says what
the page says: ``locale/LANGUAGE/LC_MESSAGES/chapters/NAME/assignment.po`` beside the chapters, and
for comments and docstrings ``code.po``, which all chapters share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from lossbook.classroom.student.messages import _

__all__ = ["read_catalogue", "read_words", "translate", "translate_code", "words_of_code"]

Words = dict[str, str]

_MARK = re.compile(r"(?:#+|[*-]|\d+\.) +")  # before a heading or an item
#: What in code may be words: a string that is a statement, and comments. Other strings are found so
#: that a ``#`` in them is none; and ``###`` marks a solution.
_SPOKEN = re.compile(
    r'''^(?P<indent>[ \t]*)[rR]?(?P<ticks>"""|\'\'\')(?P<text>.*?)(?P=ticks)[ \t]*$'''
    r'''|"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''''
    r"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'"""
    r"|^(?P<left>[ \t]*)(?P<lines>#(?!##)[^\n]*(?:\n(?P=left)#(?!##)[^\n]*)*)"
    r"|(?P<end>(?<!#)#(?!##)[^\n]*)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT_BELOW = re.compile(r"(?:^|\n)(?:[ \t]*#[^\n]*\n?)+\Z")
_OPENS = re.compile(r":[ \t]*(?:#[^\n]*)?\Z")
_GAP = re.compile(r"\n[ \t]*\n\s*")
_COLUMNS = 78  # of code that a page shows beside its contents


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
    folder = book.parent / "locale" / language / "LC_MESSAGES"
    own, shared = folder / book.name / chapter.name / f"{path.stem}.po", folder / "code.po"
    if not own.is_file():
        return {}
    return read_catalogue(shared, language) | read_catalogue(own, language)


def read_catalogue(path: Path, language: str) -> Words:
    """Return what a catalogue has for each message, if it is there; raises as `read_words`."""
    if not path.is_file():
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
    with path.open("rb") as file:
        return {
            str(one.id): str(one.string)
            for one in read_po(file, locale=language)
            if one.id and one.string
        }


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


def words_of_code(source: str) -> Iterator[str]:
    r"""Yield what is to be translated of Python code: paragraphs of docstrings, and comments.

    Comments on lines below each other are one text.

    Examples
    --------
    >>> from lossbook.classroom.teacher.edition import words_of_code
    >>> list(words_of_code("# Two\n# lines.\nx = 1  # '#' is not"))
    ['Two lines.', "'#' is not"]
    """
    for match in _SPOKEN.finditer(source):
        if match["lines"]:
            yield _plain(match["lines"].split("\n"))
        elif match["end"]:
            yield _plain([match["end"]])
        elif _is_docstring(match):
            yield from (" ".join(part.split()) for part in _GAP.split(match["text"]))


def translate_code(source: str, words: Words) -> str:
    r"""Return Python code with other words in its docstrings and comments, and the same code.

    What has no translation stays as it is.

    Examples
    --------
    >>> from lossbook.classroom.teacher.edition import translate_code
    >>> print(translate_code("x = [1, 2]  # two labels", {"two labels": "라벨 두 개"}))
    x = [1, 2]  # 라벨 두 개
    """

    def put(match: re.Match[str]) -> str:
        if match["lines"]:
            return match["left"] + _comments(match["lines"], match["left"], words)
        if match["end"]:
            text = _plain([match["end"]])
            return f"# {words[text]}" if text in words else match[0]
        if _is_docstring(match):
            return _docstring(match, words)
        return match[0]

    return _SPOKEN.sub(put, source)


def _plain(comments: list[str]) -> str:
    return " ".join(" ".join(line.strip().lstrip("#") for line in comments).split())


def _is_docstring(match: re.Match[str]) -> bool:
    if match["text"] is None:
        return False
    before = _COMMENT_BELOW.sub("", match.string[: match.start()].rstrip())
    return not before or bool(_OPENS.search(before))


def _comments(lines: str, left: str, words: Words) -> str:
    """Return comments with the longest runs of lines that have a translation replaced by it."""
    rest, made = lines.split("\n"), []
    while rest:
        for count in range(len(rest), 0, -1):
            if (text := _plain(rest[:count])) in words:
                made += [f"# {line}" for line in _lines(words[text], len(left) + 2)]
                break
        else:
            count = 1
            made.append(rest[0].removeprefix(left))
        rest = rest[count:]
    return f"\n{left}".join(made)


def _docstring(match: re.Match[str], words: Words) -> str:
    text, indent = match["text"], match["indent"]
    made, end = [], 0
    for gap in [*_GAP.finditer(text), None]:
        part = text[end : gap.start() if gap else None]
        plain = " ".join(part.split())
        if plain in words:
            first = len(indent) + 3 if not end else len(indent)
            last = part[len(part.rstrip()) :]
            part = f"\n{indent}".join(_lines(words[plain], first)) + last
        made.append(part + (gap[0] if gap else ""))
        end = gap.end() if gap else 0
    return match[0].replace(text, "".join(made), 1)


def _lines(text: str, indent: int) -> list[str]:
    """Return a text as lines that fit beside the indent; East Asian letters take two columns."""
    lines, room = [""], _COLUMNS - indent
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
