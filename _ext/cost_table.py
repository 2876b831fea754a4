"""What a loss costs, from the stored measurements of ``make bench``.

The directive ``{cost-table}`` shows lossbook's time and how many times as long each library takes,
or, with ``:older:``, how long plain NumPy takes on a processor with and without AVX-512;
the role ``{measured}`` quotes one figure of the same file. So no measured number is typed by hand.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from made_tables import made_table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from wording import translate, words_for

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results.json"
KERAS = ("Keras (numpy)", "Keras (torch)", "Keras (jax)")
COLUMNS = {
    "NumPy": ("NumPy",),
    "scikit-learn": ("scikit-learn",),
    "PyTorch": ("PyTorch",),
    "JAX": ("JAX",),
    "Keras": KERAS,  # the fastest of its backends
}


@cache
def stored() -> dict[str, Any]:
    """Return the measurements."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def result(loss: str, shape: str, dtype: str, gradient: bool = False) -> dict[str, Any]:
    """Return the measurement of one case."""
    for found in stored()["results"]:
        sides = "x".join(map(str, found["shape"]))
        if (found["loss"], sides, found["dtype"], found["gradient"]) == (
            *(loss, shape, dtype),
            gradient,
        ):
            return found
    raise ValueError(f"{RESULTS.name} holds no {loss} of {shape} in {dtype}: make bench")


def time_of(found: dict[str, Any]) -> str:
    """Return lossbook's time: for a call if it is small, else for one number."""
    seconds, size = found["seconds"]["lossbook"], int(np.prod(found["shape"]))
    if size <= 100:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds / size * 1e9:.2f} ns"


def ratio(value: float, decimals: int = 2) -> str:
    """Return how many times as long something takes; a small ratio with its first digit.

    >>> ratio(2.3456), ratio(0.0078)
    ('2.35', '0.008')
    """
    return f"{value:.1g}" if value < 0.1 else f"{value:.{decimals}f}"


class CostTable(SphinxDirective):
    """Show the losses of one kind side by side."""

    required_arguments = 1
    option_spec: ClassVar = {
        "gradient": directives.flag,
        "dtype": directives.unchanged,
        "older": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Build the table as Markdown and let the page's own parser read it."""
        dtype = self.options.get("dtype", "float64")
        of_rows = self.arguments[0] == "rows"
        older = "older" in self.options
        columns = ("NumPy", "AVX2: lossbook", "AVX2: NumPy") if older else tuple(COLUMNS)
        heads = (translate("loss"), translate("shape"), "lossbook", *columns)
        rows = []
        for found in stored()["results"]:
            if (
                found["dtype"] != dtype
                or found["gradient"] != ("gradient" in self.options)
                or (len(found["shape"]) == 2) != of_rows
            ):
                continue
            cells = [
                words_for(found["loss"]),
                "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(f"{n:,}" for n in found["shape"]),
            ]
            cells.append(time_of(found))
            if older:
                if "without AVX-512" not in found:
                    continue
                times = found["without AVX-512"]
                cells += [
                    ratio(found["ratio"]["NumPy"]),
                    time_of(found | {"seconds": times}),
                    ratio(times["NumPy"] / times["lossbook"]),
                ]
            for names in () if older else COLUMNS.values():
                ratios = [found["ratio"][n] for n in names if found["ratio"].get(n)]
                cells.append(ratio(min(ratios)) if ratios else "")
            rows.append(cells)
        if not rows:
            return []
        # A library that has none of them needs no column.
        used = [k for k in range(len(heads)) if any(row[k] for row in rows)]
        heads, rows = [heads[k] for k in used], [[row[k] or "–" for k in used] for row in rows]
        return [
            made_table(
                self, heads, rows, "loss-overview", "dense-table", "cost-table", numbers_from=1
            )
        ]


class Measured(SphinxRole):
    """Quote a figure: ``LOSS SHAPE DTYPE [gradient] ns|us|LIBRARY``, ``read DTYPE``, ``about``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the figure as text."""
        words = self.text.split()
        about = stored()
        if words[0] == "about":
            machine, versions = about["machine"], about["versions"]
            listed = ", ".join(f"{name} {version}" for name, version in versions.items())
            text = f"{machine['cpu']}, {machine['system']}, Python {machine['python']}, {listed}"
            text = f"{about['date']}: {text}"
        elif words[0] == "read":
            seconds = about["reading two arrays of 1e7 numbers, seconds"][words[1]]
            text = f"{seconds / 1e7 * 1e9:.2f}"
        elif words[0] == "share":
            reading = about["reading two arrays of 1e7 numbers, seconds"][words[2]]
            seconds = result(words[1], "10000000", words[2])["seconds"]["lossbook"]
            text = f"{100 * reading / seconds:.0f}"
        else:
            found = result(*words[:3], "gradient" in words)
            seconds, size = found["seconds"]["lossbook"], int(np.prod(found["shape"]))
            kinds = {"ns": f"{seconds / size * 1e9:.2f}", "us": f"{seconds * 1e6:.1f}"}
            if words[-1] in kinds:
                text = kinds[words[-1]]
            else:
                value = found["ratio"][words[-1]]
                text = ratio(value, 1 if value >= 1 else 2)
        return [nodes.inline(text, text, classes=["pasted-text"])], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the role."""
    app.add_directive("cost-table", CostTable)
    app.add_role("measured", Measured())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
