"""Names of people, as platforms change them: two are compared as wholes, never by their parts."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata

__all__ = ["fold", "name_forms", "repaired", "repaired_name", "squeezed_forms"]

#: What platforms leave out of a name without a trace: Kate O'Brien becomes Kate OBrien.
_DROPPED = re.compile("['\u2019\u2018`\u00b4.&<>\"|:\\\\/]")


def fold(text: str) -> str:
    r"""Return a text for comparison: composed, in one case, blanks as one.

    >>> from lossbook.classroom.teacher.names import fold
    >>> fold("  JOSE\u0301 ") == fold("José")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def name_forms(name: str) -> frozenset[str]:
    """Return the forms of a name that mean the same: without marks, in either order.

    >>> from lossbook.classroom.teacher.names import name_forms
    >>> sorted(name_forms("Kim, Min-Jun"))
    ['jun kim min', 'kim min jun', 'min jun kim']
    """
    return frozenset(" ".join(words) for words in _turned(name))


def squeezed_forms(name: str) -> frozenset[str]:
    """Return the same forms without anything but letters and digits, as Canvas writes them."""
    return frozenset("".join(words) for words in _turned(name))


def _turned(name: str) -> list[list[str]]:
    """Return the words of a name, begun at each of them: a family name may be first or last."""
    words = re.findall(r"[^\W_]+", _marks_kept(_DROPPED.sub("", fold(name))))
    return [words[i:] + words[:i] for i in range(len(words))]


def _marks_kept(text: str) -> str:
    """Compose what can be composed; a mark that cannot be would part a word."""
    return "".join(
        c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] != "M"
    )


def repaired(name: str) -> list[str]:
    """Return what a file's name can have been before a zip lost its encoding; itself first.

    >>> from lossbook.classroom.teacher.names import repaired
    >>> repaired("김하늘".encode("cp949").decode("utf-8", "surrogateescape"))[1]
    '김하늘'
    """
    found = [name]
    raws = []
    if any("\udc80" <= character <= "\udcff" for character in name):
        raws.append(os.fsencode(name))
    for encoding in ("cp437", "cp1252", "latin-1"):
        try:
            raws.append(name.encode(encoding))
        except UnicodeEncodeError:
            continue
    for raw in raws:
        for encoding in ("utf-8", "cp949", "cp932", "gb18030", "cp1252", "cp437"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if text not in found:
                found.append(text)
    return found


def repaired_name(name: str) -> str:
    """Return a name of a zip that does not say its encoding, in UTF-8 or Korean if it fits.

    >>> from lossbook.classroom.teacher.names import repaired_name
    >>> repaired_name("김하늘".encode("cp949").decode("cp437"))
    '김하늘'
    """
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    with contextlib.suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    with contextlib.suppress(UnicodeDecodeError):
        korean = raw.decode("euc_kr")
        # Where Hangul has its bytes the old encoding of zips has lines for boxes.
        if all(c.isascii() or "\uac00" <= c <= "\ud7a3" for c in korean):
            return korean
    return name
