"""Everything that a student has written in words reaches the teacher, wherever it was typed."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.teacher.source import Source, grade_id, standing_alone
from lossbook.classroom.teacher.words import written_words

ROOT = Path(__file__).resolve().parents[3]
SOURCES = {
    name: Source.find(name, ROOT / "chapters") for name in ("mean_squared_error", "training")
}
ANSWER = "Because large errors weigh more.\n\n* first\n* second"


def words_of(cells: list[dict[str, Any]], name: str = "mean_squared_error") -> str:
    source = SOURCES[name]
    text = "q7" if name == "mean_squared_error" else "q10"
    return written_words({"cells": cells}, source, [text])[text]


def cell(text: str, kind: str = "markdown") -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}


def released(language: str = "en", name: str = "mean_squared_error") -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = standing_alone(SOURCES[name].released(language))["cells"]
    return cells


def placeholder(cells: list[dict[str, Any]]) -> int:
    return next(i for i, c in enumerate(cells) if grade_id(c) == "q7")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", SOURCES)
def test_of_an_untouched_notebook_nothing_was_written(language: str, name: str) -> None:
    cells = released(language, name)
    assert words_of(cells, name) == ""
    for one in cells:
        one["metadata"] = {}
    assert words_of(cells, name) == ""


def test_the_ordinary_answer_is_the_placeholder_s_text() -> None:
    cells = released()
    cells[placeholder(cells)]["source"] = ANSWER
    assert words_of(cells) == ANSWER


@pytest.mark.parametrize("kind", ["markdown", "raw", "code"])
def test_words_in_a_new_cell_below_the_placeholder_are_read(kind: str) -> None:
    cells = released()
    cells.insert(placeholder(cells) + 1, cell(ANSWER, kind))
    assert words_of(cells) == ANSWER


def test_words_in_several_cells_are_put_together() -> None:
    cells = released()
    place = placeholder(cells)
    cells[place]["source"] = "One."
    cells[place + 1 : place + 1] = [cell("Two."), dict(cells[place], source="Three."), cell("One.")]
    assert words_of(cells) == "One.\n\nTwo.\n\nThree."


def test_words_typed_into_the_question_or_above_it_are_read() -> None:
    cells = released()
    place = placeholder(cells)
    cells[place - 1]["source"] = "".join(cells[place - 1]["source"]) + "\n\n" + ANSWER
    assert ANSWER in words_of(cells)
    cells = released()
    cells.insert(2, cell(ANSWER))
    assert words_of(cells) == ANSWER


def test_a_placeholder_that_became_code_is_read() -> None:
    cells = released()
    cells[placeholder(cells)] |= {"cell_type": "code", "source": ANSWER}
    assert words_of(cells) == ANSWER


@pytest.mark.parametrize("language", ["en", "ko"])
def test_words_are_read_where_a_tool_has_removed_all_metadata(language: str) -> None:
    cells = released(language)
    cells[placeholder(cells)]["source"] = ANSWER
    bare = [cell("".join(c["source"]), c["cell_type"]) for c in cells]
    assert words_of(bare) == ANSWER


@pytest.mark.parametrize("alone", [True, False])
def test_what_the_source_said_when_it_was_released_is_nobody_s_words(alone: bool) -> None:
    cells = released() if alone else SOURCES["mean_squared_error"].released()["cells"]
    cells[placeholder(cells)]["source"] = ANSWER
    changed = json.loads(json.dumps(SOURCES["mean_squared_error"].notebook))
    for one in changed["cells"]:  # a slip is mended after the notebooks have gone out
        if one["cell_type"] == "markdown" and grade_id(one) != "q7":
            one["source"] = "".join(one["source"]).replace("e", "E") + "\n\nMended."
    source = Source("mean_squared_error", changed)
    assert written_words({"cells": cells}, source, ["q7"]) == {"q7": ANSWER}
    cells[0]["source"] = "".join(cells[0]["source"]) + "\n\nMy note."
    assert "My note." in written_words({"cells": cells}, source, ["q7"])["q7"]


def test_code_that_answers_other_questions_is_not_taken_for_words() -> None:
    cells = SOURCES["mean_squared_error"].solved()["cells"]
    place = placeholder(cells)
    cells[place]["source"] = "Words."
    cells.insert(5, cell("print(1)", "code"))
    assert words_of(cells) == "Words."


@pytest.mark.parametrize(
    "code", ["print(1)", "x = 3\ny = x", "def f():\n    return 1", "for i in range(3):\n    i"]
)
def test_code_that_was_tried_below_the_placeholder_is_not_taken_for_words(code: str) -> None:
    assert words_of([*released(), cell(code, "code")]) == ""


@pytest.mark.parametrize("text", ["# because", "'because'", "평균", "It is the mean, not half."])
def test_words_in_a_cell_of_code_are_taken_for_words(text: str) -> None:
    assert words_of([*released(), cell(text, "code")]) == text


def test_with_two_questions_words_go_to_the_one_they_stand_at() -> None:
    source = SOURCES["mean_squared_error"]
    notebook = source.released()
    extra = [cell("Why?"), {**notebook["cells"][-1], "metadata": {"nbgrader": {"grade_id": "q8"}}}]
    both = Source("x", {**source.notebook, "cells": [*source.notebook["cells"], *extra]})
    cells = [*released(), *extra]
    place = placeholder(cells)
    cells.insert(place + 1, cell("Seven."))
    cells.append(cell("Eight."))
    assert written_words({"cells": cells}, both, ["q7", "q8"]) == {"q7": "Seven.", "q8": "Eight."}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_done_to_the_cells_no_word_is_lost(seed: int) -> None:
    rng = random.Random(f"{seed}/20261127")
    cells = released(rng.choice(["en", "ko"]))
    pieces = [f"piece{number}." for number in range(rng.randint(1, 5))]
    for piece in pieces:
        place = rng.choice([placeholder(cells), rng.randrange(len(cells))])
        way = rng.randrange(3)
        if way == 0:
            cells.insert(place, cell(piece, rng.choice(["markdown", "raw"])))
        elif cells[place]["cell_type"] == "markdown":
            cells[place]["source"] = "".join(cells[place]["source"]) + f"\n{piece}"
        else:
            cells.append(cell(piece))
    if rng.random() < 0.5:
        for one in cells:
            one["metadata"] = {}
    found = words_of(cells)
    assert all(piece in found for piece in pieces)
