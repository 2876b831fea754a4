"""How nbval starts kernels, and that it compares figures as drawings."""

from __future__ import annotations

import multiprocessing
from typing import Any

import pytest
from jupyter_client.provisioning import local_provisioner
from nbval.plugin import IPyNbCell

from tools.drawings import difference, same_picture, texts
from tools.kernels import Forked

SVG, PNG = "image/svg+xml", "image/png"
compare_outputs = IPyNbCell.compare_outputs


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let another matplotlib than the pinned one draw in its own way."""
    parser.addoption(
        "--figures",
        choices=("drawings", "texts"),
        default="drawings",
        help="what nbval compares of figures: all, or only their texts",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start kernels quickly, and wait for them on a busy machine."""
    config.option.nbval_kernel_startup_timeout = 600
    if "forkserver" in multiprocessing.get_all_start_methods():
        local_provisioner.launch_kernel = Forked


def compare(cell: IPyNbCell, drawn: list[Any], stored: list[Any]) -> bool:
    """Compare a cell's outputs; figures that look the same count as equal."""
    new = [output.data for output in drawn if SVG in output.get("data", {})]
    old = [output.data for output in stored if SVG in output.get("data", {})]
    # A figure too many or too few is left to nbval.
    for one, other in zip(new, old, strict=False):
        found = None
        if cell.config.option.figures == "drawings":
            found = difference(other[SVG], one[SVG])
            if not found and not same_picture(other.get(PNG, ""), one[PNG]):
                found = "its PNG, which does not show what is drawn"
        elif texts(other[SVG]) != texts(one[SVG]):
            found = f"its texts {texts(one[SVG])}"
        if found:
            about = cell.cell.metadata.get("mystnb", {}).get("figure", {})
            cell.comparison_traceback = [
                f"the figure {about.get('name')!r} differs at {found}"
            ]
            return False
        one[SVG] = other[SVG]
    return compare_outputs(cell, drawn, stored)


IPyNbCell.compare_outputs = compare
