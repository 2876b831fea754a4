"""Tables that people edit: read as any spreadsheet saves them, and changed cell by cell."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lossbook.classroom.student.messages import _
from lossbook.classroom.teacher.text import clean

__all__ = ["SPREADSHEET", "Cell", "Table", "decoded", "read_table", "safe_cell", "unescaped"]

#: With a mark at the beginning, from which spreadsheets know that it is UTF-8.
SPREADSHEET = "utf-8-sig"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")

LARGEST = 50_000_000  # bytes
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Cell:
    """A cell's value, and where it stands in the text of the file, with its quotation marks."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """A file of separated values.

    Attributes
    ----------
    text : str
        The whole file, with its mark if it has one.
    encoding, separator : str
        How it is written.
    records : list of list of Cell
        All lines, the header first.
    lines : list of int
        The number of the line at which each record begins.
    """

    text: str
    encoding: str
    separator: str
    records: list[list[Cell]]
    lines: list[int]

    @property
    def header(self) -> list[str]:
        """The values of the first line."""
        return [cell.value for cell in self.records[0]] if self.records else []

    @property
    def rows(self) -> list[tuple[int, list[str]]]:
        """The number of the line and the values of each further record that is not empty."""
        return [
            (line, [cell.value for cell in record])
            for line, record in zip(self.lines[1:], self.records[1:], strict=True)
            if any(cell.value.strip() for cell in record)
        ]

    def changed(self, cells: dict[tuple[int, int], str]) -> bytes:
        """Return the file with some cells changed, by record and column, and not a byte else."""
        pieces, end = [], 0
        for (record, column), value in sorted(cells.items()):
            cell = self.records[record][column]
            pieces += [self.text[end : cell.start], self._written(value)]
            end = cell.end
        return "".join([*pieces, self.text[end:]]).encode(self.encoding)

    def _written(self, value: str) -> str:
        special = (self.separator, '"', "\n", "\r")
        quoted = '"' + value.replace('"', '""') + '"'
        return quoted if any(mark in value for mark in special) else value


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> from lossbook.classroom.teacher.tables import safe_cell
    >>> safe_cell("=1+1"), safe_cell(-2.5), safe_cell("-2.5"), safe_cell("Kim")
    ("'=1+1", '-2.5', '-2.5', 'Kim')
    """
    text = clean(str(value))
    start = text.lstrip(" \u00a0\u3000")
    if not start.startswith((*DANGEROUS, "＝", "＋", "－", "＠")):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text if text.strip() == text and "\n" not in text else "'" + text


def unescaped(text: str) -> str:
    """Return what a cell was before `safe_cell`.

    >>> from lossbook.classroom.teacher.tables import unescaped
    >>> unescaped("'=1+1"), unescaped("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def decoded(data: bytes, path: Path) -> tuple[str, str]:
    """Return a file's text and its encoding: that of its mark, UTF-8, or a Korean or Western one.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", _without_mark(data)):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ValueError(_("{path} is not in UTF-8; save it as 'CSV UTF-8'").format(path=path))


def _without_mark(data: bytes) -> str:
    """Return the encoding of a spreadsheet that saves without Unicode, by the shape of the bytes.

    Hangul comes in pairs of high bytes; a Western letter with an accent mostly stands alone.
    """
    runs = re.findall(rb"[\x80-\xff]+", data)
    paired = sum(len(run) % 2 == 0 for run in runs)
    return "cp949" if 2 * paired > len(runs) else "cp1252"


def read_table(path: Path, wanted: Sequence[str] = ()) -> Table:
    """Read a file with commas, semicolons or tabs.

    Parameters
    ----------
    path : Path
        The file.
    wanted : sequence of str, optional
        Columns by which the separator is recognised.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ValueError(
            _("{path} cannot be read: {error}").format(path=path, error=error.strerror)
        ) from None
    if len(data) > LARGEST:
        raise ValueError(
            _("{path} is larger than {size} bytes; expected a table").format(
                path=path, size=LARGEST
            )
        )
    text, encoding = decoded(data, path)
    # Excel names the separator in a line of its own, if it was told to.
    told = re.match(r"\ufeff?sep=([,;\t])\r?\n", text)
    if told:
        return _parsed(text, encoding, told[1], told.end())
    begin = int(text.startswith("\ufeff"))

    def fit(separator: str) -> tuple[int, int]:
        head = [
            c.value.strip().lower() for c in (_records(text, separator, begin, 1)[0] or [[]])[0]
        ]
        return sum(name in head for name in wanted), len(head)

    return _parsed(text, encoding, max(",;\t", key=fit), begin)


def _parsed(text: str, encoding: str, separator: str, begin: int) -> Table:
    records, lines = _records(text, separator, begin)
    return Table(text, encoding, separator, records, lines)


def _records(
    text: str, separator: str, begin: int, most: int | None = None
) -> tuple[list[list[Cell]], list[int]]:
    """Return the records of a table and the lines on which they begin."""
    quoted = re.compile(r'"((?:[^"]|"")*)"')
    plain = re.compile(f"[^{re.escape(separator)}\r\n]*")
    end_of_line = re.compile(r"\r\n|\n|\r")
    records: list[list[Cell]] = []
    lines: list[int] = []
    place, line = begin, 1 + text.count("\n", 0, begin)
    while place < len(text) and (most is None or len(records) < most):
        record: list[Cell] = []
        lines.append(line)
        while True:
            found = quoted.match(text, place)
            after = text[found.end() : found.end() + 1] if found else ""
            if found and after in ("", separator, "\r", "\n"):
                record.append(Cell(found[1].replace('""', '"'), place, found.end()))
                line += text.count("\n", place, found.end())
                place = found.end()
            else:  # a quotation mark that does not enclose the whole is a character like others
                found = plain.match(text, place)
                assert found is not None
                record.append(Cell(found[0], place, found.end()))
                place = found.end()
            if text[place : place + 1] != separator:
                break
            place += 1
        end = end_of_line.match(text, place)
        if end:
            place = end.end()
            line += 1
        records.append(record)
    return records, lines
