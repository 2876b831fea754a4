"""The instructor's notebook, and the two notebooks that are made from it.

The format is nbgrader's, so that a course on nbgrader can use the same file: its cell metadata,
``### BEGIN SOLUTION`` to ``### END SOLUTION`` round what students write, and
``### BEGIN HIDDEN TESTS`` to ``### END HIDDEN TESTS`` round what they must not see.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, Note, _, languages, note, read, translated
from lossbook.classroom.student.reading import has_ipython, plain_python
from lossbook.classroom.teacher.edition import read_words, translate, translate_code
from lossbook.classroom.teacher.tables import decoded

__all__ = [
    "MARKERS",
    "Source",
    "UnreadableError",
    "assignment_of",
    "code_cells",
    "is_as_released",
    "is_of",
    "plain_text",
    "read_notebook",
    "seal",
    "source_text",
    "standing_alone",
    "without_language",
    "write_notebook",
]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
LARGEST = 50_000_000  # bytes of a notebook
CODE = N_("YOUR CODE HERE")
WORDS = N_("YOUR ANSWER HERE")

_SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?P<body>.*?)^[ \t]*### END SOLUTION[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)
_HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n.*?^[ \t]*### END HIDDEN TESTS[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)

_ASSIGNMENT = re.compile(r"^ASSIGNMENT *= *['\"](?P<name>\w{1,80})['\"]", re.MULTILINE)
_CHECK = re.compile(r"^check\(\"\w+\", globals\(\)", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)\s]+\)")
_ALL = re.compile(r"^check_all\(", re.MULTILINE)
_LANGUAGE = re.compile(r"(?<=globals\(\)), language=\"\w+\"|(?<=^check_all\()language=\"\w+\"")

Cell = dict[str, Any]
Notebook = dict[str, Any]


class UnreadableError(ValueError):
    """A file that is no notebook; `note` says what it is."""

    def __init__(self, message: str, **details: object) -> None:
        self.note: Note = note(message, **details)
        super().__init__(read(self.note))


def assignment_of(notebook: Notebook) -> str:
    """Return what a notebook calls its assignment, or nothing.

    >>> from lossbook.classroom.teacher.source import assignment_of
    >>> assignment_of({"cells": [{"cell_type": "code", "source": "ASSIGNMENT = 'training'"}]})
    'training'
    """
    for cell in notebook["cells"]:
        found = _ASSIGNMENT.search(source_text(cell)) if cell["cell_type"] == "code" else None
        if found:
            return found["name"]
    return ""


def is_of(path: Path, assignment: str) -> bool:
    """Return whether a file says that it is of this assignment, without reading it as a notebook.

    This is asked of any file that was handed in, before anything bounds what it may cost.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST).replace(b"\0", b"")  # UTF-16 has one beside each letter
    pattern = rf"ASSIGNMENT *= *\\?['\"]{re.escape(assignment)}\\?['\"]"
    return re.search(pattern.encode(), data) is not None


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of format 4.

    Raises
    ------
    UnreadableError
        If the file is too large, is no JSON, or is no such notebook; the message is for a teacher.
    """
    with path.open("rb") as file:
        return parse_notebook(file.read(LARGEST + 1), path.name)


def parse_notebook(data: bytes, name: str) -> Notebook:
    """Return the notebook that the bytes of a file hold; raises as `read_notebook`."""
    if len(data) > LARGEST:
        raise UnreadableError(
            N_("{file} is larger than {size} bytes; expected a notebook without large outputs."),
            file=name,
            size=LARGEST,
        )
    try:
        # Windows' editors write other encodings, and a disk that was full pads a file with zeros.
        notebook = json.loads(decoded(data, Path(name))[0].strip("\ufeff\0"))
    except (ValueError, RecursionError):
        raise UnreadableError(
            N_("{file} cannot be read as a notebook; expected JSON: was it saved completely?"),
            file=name,
        ) from None
    notebook = _of_format_4(notebook)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(
        isinstance(cell, dict)
        and isinstance(cell.get("cell_type"), str)
        and isinstance(cell.get("source", ""), str | list)
        for cell in cells
    ):
        raise UnreadableError(N_("{file} is no Jupyter notebook of format 4."), file=name)
    return notebook


def _of_format_4(notebook: Any) -> Any:
    """Return a notebook of format 3, which some editors still write, in the form of format 4."""
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    if not isinstance(sheets, list) or not all(
        isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for sheet in sheets
    ):
        return notebook
    cells = [cell for sheet in sheets for cell in sheet["cells"] if isinstance(cell, dict)]
    made = [{**cell, "source": cell.get("input", cell.get("source", ""))} for cell in cells]
    return {**notebook, "cells": made}


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write a notebook as Jupyter does."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def standing_alone(notebook: Notebook) -> Notebook:
    """Return a notebook without links to the book's other pages, which are not beside it."""
    cells = [
        {**cell, "source": _LINK.sub(r"\1", source_text(cell)).splitlines(keepends=True)}
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def source_text(cell: Cell) -> str:
    """Return a cell's source as one string."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def plain_text(text: str) -> str:
    """Return a text with its blanks as one."""
    return " ".join(text.split())


def seal(text: str) -> str:
    """Return a short name of a text, the same with and without links to other pages."""
    plain = plain_text(_LINK.sub(r"\1", text))
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:12]


def is_as_released(cell: Cell) -> bool:
    """Return whether a cell's text is what it was when it was released, in whatever edition."""
    metadata = cell.get("metadata")
    own = metadata.get("lossbook") if isinstance(metadata, dict) else None
    return isinstance(own, dict) and own.get("released") == seal(source_text(cell))


def without_language(text: str) -> str:
    """Return a check cell's text as it is released in English."""
    return _LANGUAGE.sub("", text)


def grade_id(cell: Cell) -> str:
    """Return the name that a cell has in nbgrader's metadata, or nothing."""
    return str(_nbgrader(cell).get("grade_id", ""))


def code_cells(notebook: Notebook) -> list[str]:
    """Return the code of a notebook, every cell as IPython reads it.

    Raises
    ------
    ValueError
        If IPython, which does the reading, is not installed.
    """
    if not has_ipython():
        raise ValueError(
            _(
                "IPython is not installed, and grading reads a notebook's cells as IPython does; "
                "install it: pip install ipython"
            )
        )
    return [
        plain_python(source_text(cell)) for cell in notebook["cells"] if cell["cell_type"] == "code"
    ]


def _is_check(cell: Cell) -> bool:
    return bool(_nbgrader(cell).get("locked")) and bool(_nbgrader(cell).get("grade"))


def _nbgrader(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Source:
    """An instructor's notebook.

    Attributes
    ----------
    name : str
        The assignment's name.
    notebook : dict
        The notebook as it was read.
    path : Path, optional
        Where it was read. The book's translations of it are found from there.
    """

    name: str
    notebook: Notebook
    path: Path | None = None

    @classmethod
    def find(cls, name: str, book: Path = Path("chapters")) -> Source:
        """Read an assignment by its name, or by the path of its notebook.

        Raises
        ------
        ValueError
            If there is none, or it is not well formed.
        """
        path = Path(name) if name.endswith(".ipynb") else book / name / "assignment.ipynb"
        if not path.is_file():
            known = ", ".join(sorted(p.parent.name for p in book.glob("*/assignment.ipynb")))
            raise ValueError(
                _(
                    "assignment is {value} and there is no {path}; expected the path of a notebook "
                    "or one of these names: {known}. Run the command in the book's folder, or "
                    "name the folder of its chapters with --book."
                ).format(value=repr(name), path=path, known=known or "-")
            )
        source = cls(
            path.parent.name if path.stem == "assignment" else path.stem, read_notebook(path), path
        )
        source.check()
        return source

    @classmethod
    def find_all(cls, book: Path = Path("chapters")) -> list[Source]:
        """Read all assignments of the book."""
        paths = sorted(book.glob("*/assignment.ipynb"))
        if not paths:
            raise ValueError(
                _(
                    "{folder} holds no assignment; expected {folder}/NAME/assignment.ipynb. Run "
                    "the command in the book's folder, or name the folder of its chapters with "
                    "--book."
                ).format(folder=book)
            )
        return [cls.find(path.parent.name, book) for path in paths]

    def check(self) -> None:
        """Raise a ValueError if a marker has no partner or a name stands twice."""
        names = [grade_id(cell) for cell in self.notebook["cells"] if grade_id(cell)]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(
                _("{assignment}: the grade_id {name} stands twice; expected one cell").format(
                    assignment=self.name, name=repr(min(twice))
                )
            )
        for cell in self.notebook["cells"]:
            rest = _HIDDEN.sub("", _SOLUTION.sub("", source_text(cell)))
            for marker in MARKERS:
                if marker in rest:
                    raise ValueError(
                        _("{assignment}: '### {marker}' has no partner in {text}").format(
                            assignment=self.name, marker=marker, text=repr(rest[:60])
                        )
                    )

    @property
    def points(self) -> dict[str, float]:
        """The points of every question, by its name, in the notebook's order."""
        return {
            grade_id(cell): float(_nbgrader(cell).get("points", 0))
            for cell in self.notebook["cells"]
            if _nbgrader(cell).get("grade")
        }

    @functools.cached_property
    def texts(self) -> dict[str, int]:
        """The place of each text of the released notebook, in every language, blanks as one."""
        known = {}
        for language in languages():
            released = self.released(language)
            for notebook in (released, standing_alone(released)):
                for place, cell in enumerate(notebook["cells"]):
                    known[plain_text(source_text(cell))] = place
        return known

    @functools.cached_property
    def locked(self) -> dict[str, str]:
        """The cells that students must not change: their source, as released, by name."""
        return {
            grade_id(cell): source_text(cell)
            for cell in self.released()["cells"]
            if _nbgrader(cell).get("locked")
        }

    def released(self, language: str = "en") -> Notebook:
        """Return the student's notebook: no solution, no hidden test, no output.

        It is in `language` as far as the book is translated, and `check` answers in it.
        """
        return self._made(lambda cell: _without_solution(cell, language), language)

    def solved(self, language: str = "en") -> Notebook:
        """Return the solved notebook: the solutions without their markers, no output."""
        return self._made(
            lambda cell: _SOLUTION.sub(lambda match: match["body"], source_text(cell)), language
        )

    def solution_code(self) -> list[str]:
        """Return the code of the solved notebook."""
        return [
            source_text(cell)
            for cell in self.solved()["cells"]
            if cell["cell_type"] == "code"
            and not _is_check(cell)
            and not _ALL.match(source_text(cell))
        ]

    def _made(self, transform: Callable[[Cell], str], language: str) -> Notebook:
        cells: list[dict[str, Any]] = []
        words = read_words(self.path, language) if self.path and language != "en" else {}
        for cell in self.notebook["cells"]:
            text = _HIDDEN.sub("", transform(cell)).rstrip("\n")
            if cell["cell_type"] == "markdown":
                text = translate(text, words)
            if cell["cell_type"] == "code" and language != "en":
                text = translate_code(text, words)
                text = _CHECK.sub(rf'\g<0>, language="{language}"', text)
                text = _ALL.sub(rf'\g<0>language="{language}"', text)
            metadata = {
                key: value
                for key, value in cell.get("metadata", {}).items()
                if key in ("nbgrader", "tags")
            }
            if cell["cell_type"] == "markdown" and not _nbgrader(cell).get("solution"):
                metadata["lossbook"] = {"released": seal(text)}
            made = {
                "cell_type": cell["cell_type"],
                "id": cell.get("id") or f"cell-{len(cells)}",
                "metadata": metadata,
                "source": text.splitlines(keepends=True),
            }
            if cell["cell_type"] == "code":
                made |= {"execution_count": None, "outputs": []}
            cells.append(made)
        return {
            "cells": cells,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }


def _without_solution(cell: Cell, language: str) -> str:
    stub = f"# {translated(CODE, language)}\nraise NotImplementedError()"
    text = source_text(cell)
    if _nbgrader(cell).get("solution") and "### BEGIN SOLUTION" not in text:
        return translated(WORDS, language) if cell["cell_type"] == "markdown" else stub

    def put(match: re.Match[str]) -> str:
        return "".join(f"{match['indent']}{line}\n" for line in stub.splitlines())

    return _SOLUTION.sub(put, text)
