"""Measure the suite: ``make durations``, on a quiet machine, writes to CONTRIBUTING.md.

The table holds the time on the clock, the slowest twenty tests, and what a chapter costs: the time
of all tests with its name, those of its notebooks and its pages in every edition among them; and in
the build, by the number of its pages.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"
CHAPTERS = [path.parent.name for path in sorted(ROOT.glob("chapters/*/exercises.ipynb"))]
MARKS = "<!-- make durations -->", "<!-- end of durations -->"


def table(report: Path) -> str:
    """Return the table for pytest's report of a run, as Markdown."""
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    times = Counter[str]()
    for case in suite.iter("testcase"):
        times[f"{case.get('classname')}: {case.get('name')}"] += float(case.get("time", 0))
    chapters = Counter(dict.fromkeys(CHAPTERS, 0.0))
    for name, seconds in times.items():
        for chapter in CHAPTERS:
            if re.search(rf"\b(?:test_)?{chapter}\b", name):
                chapters[chapter] += seconds
    clock, work = float(suite.get("time", 0)) / 60, sum(times.values()) / 60
    lines = [
        f"{len(times):,} tests take {clock:.1f} minutes on {os.cpu_count()} cores, "
        f"{work:.1f} minutes of work. A chapter costs {sum(chapters.values()) / len(chapters):.0f} "
        f"seconds of it, {chapters.most_common(1)[0][0].replace('_', ' ')} most with "
        f"{chapters.most_common(1)[0][1]:.0f}. {building()} The slowest tests:",
        "",
        "| seconds | test |",
        "| ---: | --- |",
        *(f"| {seconds:.1f} | `{short(name)}` |" for name, seconds in times.most_common(20)),
    ]
    return "\n".join(lines)


def building() -> str:
    """Return how long the last build took, and what a chapter costs in it."""
    took = json.loads((ROOT / "_build" / "book.json").read_text(encoding="utf-8"))
    built = ROOT / "_build" / "html"
    pages = sum(1 for name in CHAPTERS for _ in built.glob(f"**/chapters/{name}/*.html"))
    share = took["work"] / took["pages"] * pages / len(CHAPTERS)
    return (
        f"`make book` takes {took['seconds']:.0f} seconds, {took['work']:.0f} of work; the "
        f"{pages / len(CHAPTERS):.0f} pages of a chapter, in all editions, cost {share:.1f}."
    )


def short(name: str) -> str:
    """Return the name of a test with its file, without the folders, in one line."""
    file, _, test = name.partition(": ")
    folder, _, stem = file.removesuffix(".ipynb").rpartition(".")
    if file.endswith(".ipynb"):
        stem = f"{folder.rpartition('.')[2]}/{stem}.ipynb"
    return f"{stem}: {test.replace('|', ' ')}"[:150]


def main() -> None:
    """Write the table between its marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    found = table(Path(sys.argv[1]))
    PAGE.write_text(f"{before}{MARKS[0]}\n{found}\n{MARKS[1]}{after}", encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main()
