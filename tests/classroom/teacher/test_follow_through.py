"""One early slip costs its own points, in the grade as in `check_all`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.student.messages import read, use_language
from lossbook.classroom.student.question import load
from lossbook.classroom.teacher.grade import grade_notebook
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source, source_text

BOOK = Path(__file__).resolve().parents[3] / "chapters"
pytestmark = pytest.mark.skipif(bool(fault()), reason=fault())

#: The assignment, what to replace in its solution, and what the answers get then.
SLIPS: dict[str, tuple[str, dict[str, str], dict[str, float]]] = {
    "no 1/N in the gradient": (
        "mean_squared_error",
        {"return 2 * errors / len(errors)": "return 2 * errors"},
        {"q2": 4, "q3": 0, "q4": 4, "q5": 2},
    ),
    "a gradient that is not written": (
        "mean_squared_error",
        {"    return 2 * errors / len(errors)": "    raise NotImplementedError()"},
        {"q2": 4, "q3": 0, "q4": 4, "q5": 2},
    ),
    "wrong twice": (
        "mean_squared_error",
        {
            "return 2 * errors / len(errors)": "return 2 * errors",
            "w = w - learning_rate": "w = w + learning_rate",
        },
        {"q3": 0, "q4": 0, "q5": 2},
    ),
    "a softmax over columns": (
        "categorical_crossentropy",
        {"np.sum(powers, axis=1, keepdims=True)": "np.sum(powers, axis=0)"},
        {"q2": 0, "q4": 3, "q5": 3, "q6": 2},
    ),
    "images that are not scaled": (
        "training",
        {"images.reshape(len(images), 64) / 16": "images.reshape(len(images), 64) / 8"},
        {"q2": 0, "q5": 5, "q8": 2},
    ),
}


def graded(name: str, changes: dict[str, str]) -> dict[str, Any]:
    source = Source.find(name, BOOK)
    notebook = source.solved()
    for old in changes:
        assert any(old in source_text(cell) for cell in notebook["cells"])
    for cell in notebook["cells"]:
        text = source_text(cell)
        for old, new in changes.items():
            text = text.replace(old, new)
        cell["source"] = text
    result = grade_notebook(notebook, source, load(name), {}, "hidden", Limits())
    assert result["status"] == "graded", result
    found: dict[str, Any] = result["questions"]
    return found


@pytest.mark.parametrize("title", SLIPS)
def test_an_early_slip_costs_its_own_points(title: str) -> None:
    name, changes, expected = SLIPS[title]
    found = graded(name, changes)
    assert {question: found[question]["score"] for question in expected} == expected


def test_the_feedback_says_that_a_right_function_stood_in() -> None:
    found = graded("mean_squared_error", {"return 2 * errors / len(errors)": "return 2 * errors"})
    assert found["q4"]["given"] == ["mean_squared_error_gradient"]
    assert found["q4"]["diagnoses"] == []
    assert found["q3"]["given"] == []
    assert found["q2"]["given"] == []


def test_the_feedback_names_what_was_not_there() -> None:
    source = Source.find("mean_squared_error", BOOK)
    notebook = source.solved()
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    first["source"] = "import pandas as pd\ntable = pd.DataFrame()\n" + source_text(first)
    result = grade_notebook(notebook, source, load(source.name), {}, "hidden", Limits())
    use_language("en")
    assert [read(note) for note in result["notes"]][1:] == [
        "Code cell 1 uses pandas, which is not there when your work is graded: what it makes of "
        "it is missing then."
    ]
    assert result["questions"]["q5"]["score"] == 2
