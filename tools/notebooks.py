"""Run the book's notebooks and store what came out: the only writer of their outputs.

    python tools/notebooks.py [--check] [NOTEBOOK ...]

Without names it takes every notebook under ``chapters/`` but the instructors' assignments. Each is
run from top to bottom in a fresh kernel and written back in one normal form, so that a second run
changes nothing, on another processor either: a stored figure stays while the new one draws the
same. A failing cell stops the run, is named, and leaves its file as it was. ``--check`` runs
nothing; it says which files are not in the normal form.

Written by hand, a notebook needs no more than
``{"cells": [{"cell_type": "code", "source": "..."}]}``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import drawings
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
SVG, PNG = "image/svg+xml", "image/png"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def book_notebooks() -> list[Path]:
    """Return the notebooks of the book, sorted; assignments are the instructors' own."""
    found = sorted((ROOT / "chapters").rglob("*.ipynb"))
    return [
        p for p in found if p.name != "assignment.ipynb" and ".ipynb_checkpoints" not in p.parts
    ]


def read(text: str) -> Any:
    """Return a notebook from its JSON, with what a cell written by hand may leave out."""
    stored = json.loads(text)
    for number, cell in enumerate(stored["cells"]):
        code = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
        stored["cells"][number] = {"id": f"cell-{number}", "metadata": {}, **code, **cell}
    return nbformat.reads(
        json.dumps({"metadata": {}, **stored, "nbformat": 4, "nbformat_minor": 5}), as_version=4
    )


def normal_form(notebook: Any) -> str:
    """Return the text of a notebook in the one form in which it is stored."""
    for number, cell in enumerate(notebook.cells):
        # An id from place and content: stable between runs, different for equal cells.
        cell.id = hashlib.sha256(f"{number}\n{cell.source}".encode()).hexdigest()[:8]
        for volatile in (
            "execution",
            "collapsed",
            "scrolled",
            "trusted",
            "jp-MarkdownHeadingCollapsed",
        ):
            cell.metadata.pop(volatile, None)
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            for data in figures([cell]):
                data[SVG] = drawings.normal(data[SVG])
                data[PNG] = drawings.small(data[PNG])
    notebook.metadata = {
        "kernelspec": KERNEL,
        "language_info": {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"},
    }
    # Lists of lines are kind to `git diff`. Split last: streams may have been cut within a line.
    notebook = nbformat.v4.rwbase.split_lines(notebook)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def figures(cells: list[Any]) -> list[Any]:
    """Return the data of each output that is a figure, in order."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output.data for output in outputs if SVG in output.get("data", {})]


def keep_figures(stored: list[Any], drawn: list[Any]) -> None:
    """Put a stored figure in the place of each drawn one that looks the same."""
    for new in figures(drawn):
        for old in figures(stored):
            if drawings.difference(old[SVG], new[SVG]) is None:
                new[SVG] = old[SVG]
                if PNG in old and drawings.same_picture(old[PNG], new[PNG]):
                    new[PNG] = old[PNG]


def _merged(outputs: list[Any]) -> list[Any]:
    """Return the outputs with neighboring pieces of one stream joined: their cuts are a race."""
    merged: list[Any] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def run(path: Path) -> bool:
    """Run one notebook and store its outputs; return whether the file changed."""
    before = path.read_text(encoding="utf-8")
    notebook = read(before)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    keep_figures(read(before).cells, notebook.cells)
    after = normal_form(notebook)
    if after == before:
        return False
    partial = path.with_suffix(".partial")
    partial.write_text(after, encoding="utf-8", newline="\n")
    partial.replace(path)  # all or nothing, also when interrupted
    return True


def is_normal(path: Path) -> bool:
    """Return whether a file is exactly what the writer would write for its content."""
    text = path.read_text(encoding="utf-8")
    return text == normal_form(read(text))


def main() -> int:
    """Run or check what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of chapters/")
    parser.add_argument("--check", action="store_true", help="run nothing, report the normal form")
    options = parser.parse_args()
    paths = [path.resolve() for path in options.notebooks] or book_notebooks()
    bad = 0
    for number, path in enumerate(paths, 1):
        name = os.path.relpath(path, ROOT)
        if options.check:
            if not is_normal(path):
                bad += 1
                print(f"{name} is not as `make notebooks` writes it", file=sys.stderr)
            continue
        print(f"[{number}/{len(paths)}] {name} ... ", end="", file=sys.stderr, flush=True)
        try:
            print("stored" if run(path) else "unchanged", file=sys.stderr)
        except (CellControlSignal, DeadKernelError) as error:
            print(f"failed; the file is as it was\n{error}", file=sys.stderr)
            return 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
