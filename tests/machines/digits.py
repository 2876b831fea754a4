"""Find the printed numbers that another processor could round to other digits.

    make machines

Each notebook runs as on each of the processors of run.py, and notes the numbers behind what it
prints. A printed number is in danger if it stands so near to the edge of a rounding that a hundred
times the difference between the processors, or a change in the thirteenth digit, prints another
text. The remedy is to print fewer digits, or another number.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbclient import NotebookClient

HERE = Path(__file__).parent
RESULTS = HERE / "digits.json"
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "tools"))

import notebooks  # noqa: E402 - found through the lines above
import run  # noqa: E402


def printed(number: float, how: str, digits: str) -> str:
    """Return the text that a notebook makes of a number."""
    if how == "round":
        return repr(round(number, int(digits)))
    return format(number, digits) if how == "format" else repr(number)


def noted(notebook: Path, processor: str) -> list[list[Any]]:
    """Return what stands behind the texts of a notebook, as a processor computes it."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.touch()
        NotebookClient(
            notebooks.read(notebook.read_text(encoding="utf-8")),
            timeout=3600,
            startup_timeout=600,
            extra_arguments=[
                "--log-level=ERROR",
                "--InteractiveShellApp.extensions=['watch']",
            ],
            resources={"metadata": {"path": str(notebook.parent)}},
        ).execute(
            env={
                **os.environ,
                **run.lacking(processor, Path(sys.executable)),
                "LOSSBOOK_NOTED": str(notes),
                "PYTHONPATH": str(HERE),
            }
        )
        return [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]


def in_danger(code: str, how: str, digits: str, numbers: list[float]) -> str | None:
    """Return how a number is printed on two processors, or None if it is the same on all."""
    if not all(map(math.isfinite, numbers)):
        return None
    number, spread = numbers[0], max(numbers) - min(numbers)
    margin = 100 * spread
    if digits:  # else all digits are shown
        margin = max(margin, 1e-13 * abs(number))
    low = max(number - margin, 0.0) if code.startswith("abs(") else number - margin
    near = [low, number + margin] if margin else []
    texts = {printed(n, how, digits) for n in [*numbers, *near]}
    return f"{code} is {number!r}, printed {' or '.join(sorted(texts))}" if len(texts) > 1 else None


def main() -> int:
    """Look at every notebook."""
    if RESULTS.exists() and json.loads(RESULTS.read_text())["of"] == run.sources():
        print("printed digits: unchanged since they were looked at")
        return 0
    count, found = 0, []
    paths = notebooks.book_notebooks()
    for place, path in enumerate(paths, 1):
        name = os.path.relpath(path, run.ROOT)
        print(f"[{place}/{len(paths)}] {name}: ", end="", flush=True)
        runs = [noted(path, processor) for processor in run.PROCESSORS]
        for same in zip(*runs, strict=True):
            count += 1
            if danger := in_danger(*same[0][:3], [note[3] for note in same]):
                found.append(f"{name}: {danger}")
        print(f"{len(runs[0])} numbers", flush=True)
    print(*found, sep="\n")
    if not found:
        RESULTS.write_text(json.dumps({"of": run.sources(), "numbers": count}) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
