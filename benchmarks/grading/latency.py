"""Print how long `check` takes to answer: the first time in a notebook, and again.

Every question is asked in a process of its own, as in a notebook that was opened a moment ago, once
with the solution and once with each wrong answer that the tests keep. The slowest counts.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def ask(name: str, question: str) -> dict[str, Any]:
    """Return the milliseconds of the first answer, the second, and the slowest of the others."""
    from lossbook.classroom import check
    from lossbook.classroom.teacher.source import Source

    solution = Source.find(name, ROOT / "chapters").solution_code()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    bank = runpy.run_path(str(ROOT / "tests/classroom/banks" / f"{name}.py"))["BANK"]
    wrong = [c for c, found in bank.get(question, {}).values() if found not in (None, "timeout")]
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in solution:
            exec(compile(cell, name, "exec"), namespace)
        # First a wrong answer: a right one needs no mistake to be computed.
        times = []
        for code in ["", wrong[-1] if wrong else "", *wrong]:
            own = dict(namespace)
            if times:
                with contextlib.suppress(Exception):
                    exec(compile(code, name, "exec"), own)
            else:
                own = {**own, **_garbage(name, question, own)}
            begin = time.perf_counter()
            check(question, own, language="en")
            times.append(1000 * (time.perf_counter() - begin))
    return {"first": times[0], "again": times[1], "slowest": max(times[1:])}


def _garbage(name: str, question: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return a wrong answer that no known mistake explains, so that all of them are computed."""
    from lossbook.classroom.student.question import Choice, Function, Value, load

    asked = load(name)[question]
    # What was loaded to know the question is forgotten, as in a notebook before its first check.
    for module in [m for m in sys.modules if m.startswith("lossbook.classroom.questions.")]:
        del sys.modules[module]
    if isinstance(asked, Value | Choice):
        return {asked.variable: 0.123456789}
    if isinstance(asked, Function):
        right = namespace[asked.function]
        return {asked.function: lambda *arguments: right(*arguments) * 1.2345 + 0.1}
    return {}


def main() -> None:
    """Print a line for each question, the slowest last."""
    if len(sys.argv) == 3:
        print(json.dumps(ask(*sys.argv[1:])))
        return
    rows = []
    for path in sorted((ROOT / "chapters").glob("*/assignment.ipynb")):
        name = path.parent.name
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        for question in [mark["grade_id"] for mark in marks if mark.get("grade")]:
            done = subprocess.run(
                [sys.executable, __file__, name, question],
                capture_output=True,
                text=True,
                check=True,
            )
            rows.append((json.loads(done.stdout), name, question))
    for times, name, question in sorted(rows, key=lambda row: row[0]["first"]):
        shown = "  ".join(f"{key} {value:6.1f} ms" for key, value in times.items())
        print(f"{name:32} {question:4} {shown}")


if __name__ == "__main__":
    main()
