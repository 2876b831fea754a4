"""Find the notebook that `check_all` is called in, and what stands in its cells."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, _, languages, translated

__all__ = ["PLACEHOLDER", "Work", "find_work"]

#: What stands in the cell of an answer in words before it is written.
PLACEHOLDER = N_("YOUR ANSWER HERE")

#: Returns the notebook as Jupyter would save it; set where there is no file, as in a web page.
current: Callable[[], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Work:
    """What a student has written: the source of the code cells, and the answers in words.

    Attributes
    ----------
    cells : list of str
        The code cells, from the top.
    words : dict
        What stands in the cells of the questions that are answered in words, by their names.
    source : str
        Where this was found, in words.
    """

    cells: list[str]
    words: dict[str, str] = field(default_factory=dict)
    source: str = ""

    def is_empty(self, question: str) -> bool:
        """Return whether the cell of an answer in words is there and nothing stands in it."""
        known = {translated(PLACEHOLDER, language) for language in languages()}
        return question in self.words and self.words[question].strip() in known | {""}


def find_work(namespace: dict[str, Any]) -> Work:
    """Return the cells of the notebook whose names these are.

    They come from the page or the editor that the notebook is open in, else from the file that it
    was saved in, else from the cells that were run, in the order in which they were.

    Raises
    ------
    ValueError
        If none of these is there.
    """
    for ask in (current, _from_colab):
        notebook = ask() if ask is not None else None
        if notebook is not None:
            return _read(notebook, "")
    path = _path_of(namespace)
    if path is not None:
        told = _(
            "Read from {file}, as it was last saved. If you have changed something since, save it "
            "and run this cell again."
        )
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return _read(notebook, told.format(file=path.name))
    cells = namespace.get("In")
    if not isinstance(cells, list) or len(cells) < 2:
        raise ValueError(
            _(
                "the notebook's file was not found; expected one with the extension .ipynb that "
                "sets ASSIGNMENT, in the folder {folder}: save the notebook there"
            ).format(folder=Path.cwd())
        )
    told = _(
        "The notebook's file was not found: these are the cells that you ran, in the order in "
        "which you ran them."
    )
    return Work([str(cell) for cell in cells[1:]], source=told)


def _read(notebook: dict[str, Any], source: str) -> Work:
    cells, words = [], {}
    for cell in notebook["cells"]:
        text = "".join(cell.get("source", ""))
        if cell["cell_type"] == "code":
            cells.append(text)
        else:
            marks = cell.get("metadata", {}).get("nbgrader", {})
            words[str(marks.get("grade_id", ""))] = text
    return Work(cells, words, source)


def _path_of(namespace: dict[str, Any]) -> Path | None:
    """Return the notebook's file: as the editor names it, or the only one of this assignment."""
    for name in (namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if name and Path(str(name)).suffix == ".ipynb" and Path(str(name)).is_file():
            return Path(str(name))
    name = namespace.get("ASSIGNMENT")
    found = []
    for path in Path().glob("*.ipynb"):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if f'ASSIGNMENT = "{name}"' in text:
            found.append(path)
    return found[0] if len(found) == 1 else None


def _from_colab() -> dict[str, Any] | None:
    """Return the notebook that is open in Colab, saved or not; None elsewhere."""
    try:
        from google.colab import _message  # type: ignore[import-not-found]
    except ImportError:
        return None
    notebook = _message.blocking_request("get_ipynb", timeout_sec=30)["ipynb"]
    return notebook if isinstance(notebook, dict) else None
