"""What was found on other processors and Pythons (`make machines`) is whole and without a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.machines import run

FOLDER = Path(run.__file__).parent
STORED = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))


def test_every_run_is_stored_and_none_has_a_failure() -> None:
    found = [(one["environment"], one["processor"], one["tests"]) for one in STORED]
    assert found == [(*place, tests) for place in run.RUNS for tests in run.TESTS]
    assert [(one["environment"], one["failed"]) for one in STORED if one["failed"]] == []
    assert all(one["passed"] >= 400 for one in STORED)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_each_python_has_run_with_the_oldest_and_the_newest_numpy(python: str) -> None:
    versions = {
        tuple(map(int, one["numpy"].split(".")[:2]))
        for one in STORED
        if one["python"].startswith(f"{python}.")
    }
    oldest = {"3.11": (1, 26), "3.12": (1, 26), "3.13": (2, 1)}[python]  # which has wheels for it
    assert oldest in versions
    assert max(versions) >= (2, 4)


def test_every_level_of_processors_has_run() -> None:
    tried = {(one["processor"], one["tests"]) for one in STORED if one["environment"] == run.PINNED}
    assert tried == {(processor, tests) for processor in run.PROCESSORS for tests in run.TESTS}
    assert {"AVX2", "SSE"} <= run.PROCESSORS.keys()


def test_no_printed_number_is_in_danger() -> None:
    # The file is written only if there is none.
    assert json.loads((FOLDER / "digits.json").read_text(encoding="utf-8"))["numbers"] > 1000
