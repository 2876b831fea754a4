"""Measure how long it takes to grade a large course: ``make bench-grading``.

Makes the submissions of 500 students (right, wrong and faulty ones, three of them with a loop that
never ends), grades them in the sandbox as a teacher does, and watches the clock and the memory.
Beside it nbgrader grades a sample of the same submissions, without the endless loops and what is no
notebook, with the same number of processes; its time is scaled to the whole course. The time of
each run is stored, and the least counts. What came out goes to ``results.json``.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib.metadata
import itertools
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course import BIN, ROOT, Course, CourseError
from submissions import make

from lossbook.classroom.teacher.source import Source, UnreadableError, read_notebook

RESULTS = Path(__file__).parent / "results.json"
PROCESSES = 2
MEGABYTE = 1_000_000


# --- the memory of processes ----------------------------------------------------------------------


def resident(process: int) -> int:
    """Return the bytes that a process holds in memory; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def below(process: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that they have."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        for thread in threads:
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from below(int(child))
    except OSError:
        return


class Watch(threading.Thread):
    """Looks at the memory of a process, and of what it has started, five times a second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.own: list[int] = []
        self.all: list[int] = []

    def run(self) -> None:
        """Look until the process has ended."""
        while size := resident(self.process):
            self.own.append(size)
            self.all.append(size + sum(map(resident, below(self.process))))
            time.sleep(0.2)

    def tenths(self) -> list[float]:
        """Return the largest megabytes of the process itself, in each tenth of the time."""
        edges = [round(i * len(self.own) / 10) for i in range(11)]
        parts = [self.own[a:b] for a, b in itertools.pairwise(edges)]
        return [round(max(part) / MEGABYTE, 1) for part in parts if part]


# --- the graders ----------------------------------------------------------------------------------


def grade(folder: Path, name: str, out: str) -> dict[str, Any]:
    """Grade a course with lossbook and return the time and the memory that it took."""
    command = [
        *(sys.executable, "-m", "lossbook.classroom", "grade", str(folder / "handed_in")),
        *("--assignment", name, "--roster", str(folder / "roster.csv"), "--seed", "7"),
        *("--out", str(folder / out), "--processes", str(PROCESSES)),
    ]
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    watch = Watch(process.pid)
    watch.start()
    if process.wait() != 0:
        sys.exit("the grader failed")
    seconds = time.perf_counter() - begin
    watch.join()
    with (folder / out / "scores.csv").open(encoding="utf-8-sig") as file:
        statuses = Counter(row["status"] for row in csv.DictReader(file))
    return {
        "seconds": round(seconds, 1),
        "statuses": dict(sorted(statuses.items())),
        "megabytes of the grader, by tenth of the time": watch.tenths(),
        "megabytes of all processes, at most": round(max(watch.all) / MEGABYTE, 1),
    }


def sample_of(folder: Path, endless: list[str], size: int) -> list[str]:
    """Return students at random whose notebooks can be read and come to an end."""
    readable = []
    for path in sorted((folder / "handed_in").glob("*.ipynb")):
        try:
            read_notebook(path)
        except UnreadableError:
            continue
        if path.stem not in endless:
            readable.append(path.stem)
    return sorted(random.Random(1).sample(readable, min(size, len(readable))))


def grade_with_nbgrader(folder: Path, source: Source, students: list[str]) -> float:
    """Return the seconds that nbgrader takes for some students, in as many processes."""
    courses = []
    for number in range(PROCESSES):
        course = Course(folder / f"nbgrader{number}")
        course.add(source)
        for student in students[number::PROCESSES]:
            path = folder / "handed_in" / f"{student}.ipynb"
            course.hand_in(student, source.name, read_notebook(path))
        courses.append(course)
    begin = time.perf_counter()
    running = [course.begin("autograde", source.name) for course in courses]
    while any(process.poll() is None for process in running):
        done = sum(len(list(c.folder.glob("autograded/*/*/*.ipynb"))) for c in courses)
        say(f"nbgrader: {done}/{len(students)}")
        time.sleep(0.5)
    seconds = time.perf_counter() - begin
    graded = sum(len(course.grades(source.name)) for course in courses)
    say(f"nbgrader: {graded}/{len(students)}\n")
    return seconds


def say(text: str) -> None:
    """Show progress where somebody is looking."""
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


# --- the whole ------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """Return what the results depend on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "processes": PROCESSES,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Return the versions of what was measured."""
    asked = "import importlib.metadata as m; print(m.version('nbgrader'))"
    nbgrader = subprocess.run([BIN / "python", "-c", asked], capture_output=True, text=True)
    bwrap = subprocess.run(["bwrap", "--version"], capture_output=True, text=True)
    return {
        "lossbook": importlib.metadata.version("lossbook"),
        "numpy": importlib.metadata.version("numpy"),
        "bubblewrap": bwrap.stdout.split()[-1],
        "nbgrader": nbgrader.stdout.strip(),
    }


def measure(name: str, count: int, runs: int, sample: int) -> dict[str, Any]:
    """Return what grading a course's submissions to one assignment came to."""
    source = Source.find(name, ROOT / "chapters")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        endless = make(name, count, folder)
        found = []
        for number in range(runs):
            before = os.getloadavg()[0]
            run = grade(folder, name, f"results{number}")
            found.append({**run, "other load before": round(before, 1)})
            print(f"{name}: lossbook graded {count} in {run['seconds']:.0f} s", flush=True)
        students = sample_of(folder, endless, sample)
        seconds = grade_with_nbgrader(folder, source, students)
    scaled = seconds * count / len(students)
    print(f"{name}: nbgrader graded {len(students)} in {seconds:.0f} s: {scaled:.0f} s for {count}")
    return {
        "assignment": name,
        "submissions": count,
        "endless loops": len(endless),
        "seconds": min(run["seconds"] for run in found),
        "runs": found,
        "nbgrader": {
            "sample": len(students),
            "seconds": round(seconds, 1),
            "seconds, scaled to all": round(scaled),
        },
    }


def main() -> int:
    """Measure, store, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure how long grading a large course takes.")
    parser.add_argument("--assignment", nargs="+", default=["mean_squared_error"])
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20, help="graded with nbgrader")
    asked = parser.parse_args()
    try:
        found = [
            measure(name, asked.submissions, asked.runs, asked.sample) for name in asked.assignment
        ]
    except CourseError as error:
        sys.exit(str(error))
    results = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "results": found,
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {RESULTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
