"""Text from anywhere: made fit to be shown, and files that are complete or not there."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

__all__ = ["clean", "cleaned", "write_whole"]

#: Marks that turn the direction of what follows them: with these a text shows what it does not say.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    r"""Return a text that a terminal, a page and a spreadsheet show as it is.

    Control characters, marks that turn the direction of writing and halves of surrogate pairs,
    which no file can hold, become U+FFFD.

    >>> from lossbook.classroom.teacher.text import clean
    >>> clean("a\x1b[31mb\u202ec\ud800d\n")
    'a�[31mb�c�d\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if _is_harmful(character) else character for character in text)


def _is_harmful(character: str) -> bool:
    if character in "\n\t":
        return False
    return character in TURNING or unicodedata.category(character) in ("Cc", "Cs")


def cleaned(data: Any) -> Any:
    """Return plain data with every text in it cleaned."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, list):
        return [cleaned(entry) for entry in data]
    if isinstance(data, dict):
        return {clean(key): cleaned(entry) for key, entry in data.items()}
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: what was there stays until the new one is complete.

    A file that already holds these bytes is left alone.
    """
    if path.is_file() and path.read_bytes() == data:
        return
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
