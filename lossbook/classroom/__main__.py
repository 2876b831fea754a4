"""The command line: ``python -m lossbook.classroom release|solution|grade``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lossbook.classroom.batch import Batch
from lossbook.classroom.export import (
    write_canvas,
    write_gradescope,
    write_moodle,
    write_scores,
)
from lossbook.classroom.manual import apply_marks, read_marks, write_marks
from lossbook.classroom.messages import _, use_language
from lossbook.classroom.report import write_pages
from lossbook.classroom.roster import find_submissions, read_roster
from lossbook.classroom.sandbox import HOW_TO_GET_ONE, Limits, fault
from lossbook.classroom.source import Source, write_notebook

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lossbook.classroom",
        description="Make assignments from their sources, and grade what students hand in.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, what in (("release", "students'"), ("solution", "solved")):
        made = commands.add_parser(name, help=f"write the {what} notebooks into a folder")
        made.add_argument("dir", type=Path, help="the folder; it is made if it does not exist")
        made.add_argument("--assignment", action="append", help="only this one; may be repeated")
        _book(made)
    grade = commands.add_parser("grade", help="grade a folder of submissions")
    grade.add_argument("submissions", type=Path, help="a file or folder for each student")
    grade.add_argument("--assignment", required=True, help="its name, or its notebook's path")
    grade.add_argument("--roster", type=Path, required=True, help="CSV with id, name, email")
    grade.add_argument("--seed", type=int, required=True, help="any number: keep it to yourself")
    grade.add_argument("--out", type=Path, required=True, help="the folder of the results")
    grade.add_argument("--regrade", action="append", default=[], metavar="ID", help="grade again")
    grade.add_argument(
        "--question", action="append", default=[], help="grade this question again, keep the others"
    )
    grade.add_argument("--canvas", type=Path, help="Canvas's exported gradebook, to be filled in")
    grade.add_argument("--canvas-column", help="the column's name there")
    grade.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at a time")
    grade.add_argument("--seconds", type=float, default=5.0, help="for a cell or a call")
    grade.add_argument("--total-seconds", type=float, default=30.0, help="for a submission")
    grade.add_argument("--language", help="of the feedback, such as ko")
    grade.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions with your own rights: only if you trust every one",
    )
    _book(grade)
    return parser


def _book(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--book", type=Path, default=Path("chapters"), help="the folder of the chapters"
    )


def _write_notebooks(arguments: argparse.Namespace) -> None:
    book = arguments.book
    names = arguments.assignment
    sources = [Source.find(n, book) for n in names] if names else Source.find_all(book)
    arguments.dir.mkdir(parents=True, exist_ok=True)
    for source in sources:
        path = arguments.dir / f"{source.name}.ipynb"
        released = arguments.command == "release"
        write_notebook(path, source.released() if released else source.solved())
        print(path)


def _grade(arguments: argparse.Namespace) -> None:
    why = "" if arguments.no_sandbox else fault()
    if why:
        raise ValueError(_(HOW_TO_GET_ONE).format(fault=why))
    if (arguments.canvas is None) != (arguments.canvas_column is None):
        raise ValueError("--canvas and --canvas-column are given together or not at all")
    if arguments.processes < 1:
        raise ValueError(f"--processes is {arguments.processes}; expected at least 1")
    if not 0 < arguments.seconds <= arguments.total_seconds:
        raise ValueError("--seconds is expected to be greater than 0 and at most --total-seconds")
    roster = read_roster(arguments.roster)
    source = Source.find(arguments.assignment, arguments.book)
    found = find_submissions(arguments.submissions, roster)
    known = {student.id for student in roster}
    for names, option, of in (
        (arguments.regrade, "--regrade", known),
        (arguments.question, "--question", set(source.points)),
    ):
        for name in names:
            if name not in of:
                raise ValueError(f"{option} is {name!r}; expected one of {', '.join(sorted(of))}")
    for path in found.unmatched:
        print(f"nobody on the roster: {path}", file=sys.stderr)
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    limits = Limits(cell_seconds=arguments.seconds, total_seconds=arguments.total_seconds)
    batch = Batch(
        source, roster, found, arguments.seed, out, limits, sandboxed=not arguments.no_sandbox
    )
    results = batch.run(
        arguments.processes, _progress, again=arguments.regrade, only=arguments.question
    )
    marks = read_marks(out / "manual.csv")
    apply_marks(marks, results)
    write_marks(out / "manual.csv", marks, roster, results)
    write_scores(out / "scores.csv", roster, results)
    write_gradescope(out / "gradescope", roster, results)
    write_moodle(out / "moodle.csv", roster, results)
    if arguments.canvas is not None:
        absent = write_canvas(
            out / "canvas.csv", arguments.canvas, arguments.canvas_column, roster, results
        )
        for name in absent:
            print(f"no row in Canvas's export: {name}", file=sys.stderr)
    write_pages(out, roster, results, source.name, arguments.language or "en")
    print(out / "scores.csv", out / "report.html", sep="\n")


def _progress(done: int, count: int) -> None:
    """Draw a progress bar where somebody is looking."""
    if sys.stderr.isatty():
        full = 40 * done // count
        end = "\n" if done == count else ""
        bar = "#" * full + "." * (40 - full)
        print(f"\r[{bar}] {done}/{count}", end=end, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 for a mistake, 130 when interrupted."""
    arguments = _parser().parse_args(argv)
    use_language(getattr(arguments, "language", None))
    try:
        if arguments.command == "grade":
            _grade(arguments)
        else:
            _write_notebooks(arguments)
    except (ValueError, OSError) as error:
        print(f"lossbook.classroom: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
