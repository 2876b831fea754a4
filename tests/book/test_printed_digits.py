"""`make machines` finds a printed number that another processor could round otherwise."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/machines"))

import digits  # noqa: E402 - found through the line above

CELL = """\
import numpy as np
from lossbook.notebook import glue
x = 0.25
print(f"{x + 0.125:.3f} and {7}", round(x, 1), "text")
glue("quarter", x)
np.array([x, 2 * x]).round(2).tolist()
"""


def test_the_numbers_behind_all_that_a_cell_prints_are_noted(tmp_path: Path) -> None:
    notebook = tmp_path / "one.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": CELL}]}))
    assert [noted[1:] for noted in digits.noted(notebook, "SSE")] == [
        ["format", ".3f", 0.375],
        ["round", "1", 0.25],
        ["show", "", 0.2],
        ["format", ".10g", 0.25],
        ["round", "2", 0.25],
        ["round", "2", 0.5],
        ["show", "", 0.25],
        ["show", "", 0.5],
    ]


@pytest.mark.parametrize(
    "how, shown, numbers",
    [
        ("format", ".4f", [0.49255000000000015]),  # a decimal tie, but for the last digits
        ("round", "12", [1.13916286100150001]),
        ("format", ".3f", [0.1234, 0.1235001]),  # computed otherwise, printed otherwise
        ("format", ".3f", [0.12349999, 0.1234999 - 1e-9]),  # ... and soon printed otherwise
        ("show", "", [0.1 + 0.2, 0.3]),
        ("round", "6", [1e-17, -1e-17]),  # 0.0 and -0.0
    ],
)
def test_a_number_near_the_edge_of_a_rounding_is_in_danger(
    how: str, shown: str, numbers: list[float]
) -> None:
    assert "x is " in str(digits.in_danger("x", how, shown, numbers))


@pytest.mark.parametrize(
    "code, how, shown, numbers",
    [
        ("x", "format", ".3f", [0.49255, 0.49255 + 1e-16]),
        ("x", "show", "", [0.1 + 0.2] * 3),
        ("x", "format", ".2f", [0.0, 0.0]),
        ("x", "format", ".2f", [-0.0, -0.0]),
        ("x", "format", ".2f", [float("inf")] * 2),
        ("abs(x)", "round", "12", [6e-17, 2e-17]),
    ],
)
def test_a_number_in_the_midst_of_its_digits_is_not(
    code: str, how: str, shown: str, numbers: list[float]
) -> None:
    assert digits.in_danger(code, how, shown, numbers) is None
