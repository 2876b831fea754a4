"""A busy machine changes no grade: what counts is the processor's time of one submission."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.student.question import load
from lossbook.classroom.teacher import batch as batches
from lossbook.classroom.teacher import submission as module
from lossbook.classroom.teacher.batch import Batch
from lossbook.classroom.teacher.collect import Handed
from lossbook.classroom.teacher.grade import grade_notebook
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source
from lossbook.classroom.teacher.submission import Submission

ROOT = Path(__file__).resolve().parents[3]
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
pytestmark = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)
SOURCE = Source.find("mean_squared_error", ROOT / "chapters")
#: Works for so many seconds of the processor, whatever the clock says.
WORK = """
import time
def work(seconds, clock=time.process_time):
    end = clock() + seconds
    while clock() < end: pass
"""
LIMITS = Limits(cell_seconds=0.4, total_seconds=4.0, clock_seconds=600.0)


def with_cell(code: str) -> str:
    notebook = SOURCE.solved()
    cell = {"cell_type": "code", "id": "z", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(0, {**cell, "source": WORK + code})
    return json.dumps(notebook)


@contextlib.contextmanager
def one_processor() -> Iterator[None]:
    """Leave one processor of this machine to all that is begun here."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def test_four_processes_on_a_busy_machine_give_the_grades_of_one(tmp_path: Path) -> None:
    # Part of a second of the processor counts; beside three others it takes four times as long.
    codes = ["work(0.2)", "work(0.25)", "work(0.2)", "work(0.25)", "work(2)", "", "1 / 0", "x ="]
    roster, handed = [], {}
    for number, code in enumerate(codes):
        path = tmp_path / f"s{number}.ipynb"
        path.write_text(with_cell(code))
        roster.append(Student(f"s{number}"))
        handed[f"s{number}"] = Handed(path)

    def run(processes: int) -> list[dict[str, Any]]:
        batch = Batch(SOURCE, roster, handed, 1, tmp_path / f"out{processes}", LIMITS)
        return batch.run(processes, lambda *_: None)

    one = run(1)
    with one_processor():
        four = run(4)
    assert one == four
    assert [result["status"] for result in one] == [
        *["graded"] * 4,
        "timed out",
        *["graded"] * 3,
    ]


def test_what_only_waits_is_tried_again_and_has_no_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "right_choices", lambda *_, **__: {"q6": "b"})
    path = tmp_path / "a.ipynb"
    path.write_text(
        with_cell("import threading\nlock = threading.Lock()\n" + "lock.acquire()\n" * 2)
    )
    limits = Limits(cell_seconds=0.5, total_seconds=1.0, clock_seconds=1.5)
    batch = Batch(SOURCE, [Student("a")], {"a": Handed(path)}, 1, tmp_path / "out", limits)
    for _ in range(2):  # it is stored, and not taken for done
        before = time.monotonic()
        (result,) = batch.run(1, lambda *_: None)
        assert time.monotonic() - before > 1
        assert result["status"] == "try again"
        assert {q["score"] for q in result["questions"].values()} == {None}


def test_to_sleep_costs_what_it_takes_and_no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    with Submission(LIMITS) as submission:
        assert submission.ask({"run": "import time\ntime.sleep(0.1)"})["kind"] == "value"
        assert submission.ask({"run": "time.sleep(1000)"}) == submission.ask({"run": "while 1: 0"})
        assert submission.status == "timed out"


def test_a_submission_that_has_switched_its_clocks_off_is_stopped_by_the_grader_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.3)
    code = (
        "import signal\n"
        "for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL): signal.setitimer(timer, 0)\n"
        "while True: pass"
    )
    with Submission(LIMITS) as submission:
        assert submission.ask({"run": code})["kind"] == "timeout"
        assert not submission.waited
        assert submission._spent < LIMITS.cell_seconds + module.GRACE + 1.0


def test_a_sandbox_that_does_not_start_is_nobody_s_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        return module.subprocess.Popen(["false"])

    monkeypatch.setattr(module, "start", broken)
    result = grade_notebook(
        SOURCE.solved(), SOURCE, load("mean_squared_error"), {"q6": "b"}, 1, LIMITS
    )
    assert result["status"] == "try again"
