"""The notebooks store what their code gives: nbval proves the values, these that nothing hides."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import notebooks as writer  # noqa: E402 - found through the line above

PATHS = writer.book_notebooks()
#: Tags that hide a difference from nbval. No cell has a reason for one.
HIDING_TAGS = {"nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"}


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the cells of one kind."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in stored["cells"] if cell["cell_type"] == kind]


def figures(path: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each output that is an image, with its cell's `mystnb` metadata."""
    return [
        (output["data"], cell["metadata"].get("mystnb", {}))
        for cell in cells(path, "code")
        for output in cell["outputs"]
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]


def test_there_are_notebooks() -> None:
    assert len(PATHS) >= 15


every_notebook = pytest.mark.parametrize(
    "path", PATHS, ids=lambda path: str(path.relative_to(ROOT / "chapters"))
)


@every_notebook
def test_every_code_cell_has_its_stored_run_in_order(path: Path) -> None:
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), "store the outputs: make notebooks"


@every_notebook
def test_no_cell_stores_an_error_or_a_warning(path: Path) -> None:
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", "".join(cell["source"])
            assert output.get("name") != "stderr", "".join(output["text"])
            assert "Traceback" not in json.dumps(output), "".join(cell["source"])


@every_notebook
def test_what_a_cell_prints_stands_in_one_piece(path: Path) -> None:
    for cell in cells(path, "code"):
        printed = [output for output in cell["outputs"] if output["output_type"] == "stream"]
        assert len(printed) <= 1, f"glue after the last print: {cell['source'][:60]!r}"


@every_notebook
def test_no_cell_hides_its_output_with_a_semicolon(path: Path) -> None:
    for cell in cells(path, "code"):
        assert not "".join(cell["source"]).rstrip().endswith(";"), "write `_ = ...` instead"


@every_notebook
def test_no_cell_is_hidden_from_nbval(path: Path) -> None:
    for cell in cells(path, "code"):
        assert not HIDING_TAGS & set(cell["metadata"].get("tags", []))
        assert "NBVAL" not in "".join(cell["source"])


@every_notebook
def test_every_figure_is_svg_and_says_what_is_to_be_seen(path: Path) -> None:
    for data, metadata in figures(path):
        assert "image/svg+xml" in data, "call use_book_style() first"
        assert "image/png" in data, "without it an untrusted notebook shows none: make notebooks"
        alt = metadata.get("image", {}).get("alt", "")
        assert len(alt) >= 40, f"a figure has no alternative text: {alt!r}"
        assert alt.rstrip().endswith("."), f"write whole sentences: {alt!r}"
        assert metadata.get("figure", {}).get("name"), f"a figure has no name: {alt!r}"


@every_notebook
def test_the_picture_for_programs_that_do_not_trust_a_notebook_is_small(path: Path) -> None:
    for data, metadata in figures(path):
        assert len(data["image/png"]) <= 30_000, metadata["figure"]["name"]


def test_no_two_figures_share_their_alternative_text() -> None:
    alts = [metadata["image"]["alt"] for path in PATHS for _, metadata in figures(path)]
    assert len(alts) == len(set(alts))


@every_notebook
def test_the_file_is_as_the_writer_writes_it(path: Path) -> None:
    assert writer.is_normal(path), "run: make notebooks"
