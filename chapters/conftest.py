"""How nbval compares the notebooks' figures: as drawings, not as bytes."""

from __future__ import annotations

from typing import Any

from nbval.plugin import IPyNbCell

from tools.drawings import difference, same_picture

SVG, PNG = "image/svg+xml", "image/png"
compare_outputs = IPyNbCell.compare_outputs


def compare(cell: IPyNbCell, drawn: list[Any], stored: list[Any]) -> bool:
    """Compare a cell's outputs; figures that look the same count as equal."""
    new = [output.data for output in drawn if SVG in output.get("data", {})]
    old = [output.data for output in stored if SVG in output.get("data", {})]
    # A figure too many or too few is left to nbval.
    for one, other in zip(new, old, strict=False):
        if cell.sanitize(other[SVG]) != other[SVG]:
            continue  # and so is what `--nbval-sanitize-with` takes out
        found = difference(other[SVG], one[SVG])
        if not found and not same_picture(other.get(PNG, ""), one[PNG]):
            found = "its PNG, which does not show what is drawn"
        if found:
            about = cell.cell.metadata.get("mystnb", {}).get("figure", {})
            cell.comparison_traceback = [
                f"the figure {about.get('name')!r} differs at {found}"
            ]
            return False
        one[SVG] = other[SVG]
    return compare_outputs(cell, drawn, stored)


IPyNbCell.compare_outputs = compare
