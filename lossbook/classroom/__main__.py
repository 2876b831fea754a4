"""The command line: ``python -m lossbook.classroom release|solution|grade``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import _, language_in_use, use_language
from lossbook.classroom.teacher.batch import Batch
from lossbook.classroom.teacher.export import (
    write_canvas,
    write_gradescope,
    write_moodle,
    write_scores,
)
from lossbook.classroom.teacher.manual import apply_marks, read_marks, write_marks
from lossbook.classroom.teacher.report import write_pages
from lossbook.classroom.teacher.roster import find_submissions, read_roster
from lossbook.classroom.teacher.sandbox import HOW_TO_GET_ONE, Limits, fault
from lossbook.classroom.teacher.source import Source, standing_alone, write_notebook

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lossbook.classroom",
        description=_("Make assignments from their sources, and grade what students hand in."),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, what in (
        ("release", _("write the students' notebooks into a folder")),
        ("solution", _("write the solved notebooks into a folder")),
    ):
        made = commands.add_parser(name, help=what, description=what)
        made.add_argument(
            "dir", type=Path, help=_("the folder; it is made if it does not exist"), metavar="DIR"
        )
        made.add_argument(
            "--assignment",
            action="append",
            metavar="NAME",
            help=_("only this assignment; may be given more than once"),
        )
        _shared(made, _("the language of the notebooks, such as ko"))
    _add_grade(commands)
    return parser


def _add_grade(commands: Any) -> None:
    what = _("grade a folder of submissions")
    grade = commands.add_parser("grade", help=what, description=what)
    add = grade.add_argument
    add(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help=_("the folder with a file or a folder for each student"),
    )
    add(
        "--assignment",
        required=True,
        metavar="NAME",
        help=_("the assignment's name, or the path of its notebook"),
    )
    add(
        "--roster",
        type=Path,
        required=True,
        metavar="FILE",
        help=_("a CSV file with the columns id, name, email"),
    )
    add(
        "--seed",
        type=int,
        required=True,
        metavar="N",
        help=_("any number that the inputs depend on; keep it to yourself"),
    )
    add("--out", type=Path, required=True, metavar="DIR", help=_("the folder of the results"))
    add(
        "--regrade",
        action="append",
        default=[],
        metavar="ID",
        help=_("grade this student again; may be given more than once"),
    )
    add(
        "--question",
        action="append",
        default=[],
        metavar="Q",
        help=_("grade this question again and keep the others; may be given more than once"),
    )
    add(
        "--canvas",
        type=Path,
        metavar="FILE",
        help=_("the gradebook that Canvas exported, to be filled in"),
    )
    add("--canvas-column", metavar="NAME", help=_("the name of the assignment's column there"))
    add(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help=_("how many submissions are graded at a time"),
    )
    add(
        "--seconds",
        type=float,
        default=Limits.cell_seconds,
        metavar="S",
        help=_("the time that a cell or a call may take"),
    )
    add(
        "--total-seconds",
        type=float,
        default=Limits.total_seconds,
        metavar="S",
        help=_("the time that a submission may take"),
    )
    add(
        "--no-sandbox",
        action="store_true",
        help=_("run submissions with your own rights: only if you trust every one"),
    )
    _shared(grade, _("the language of the feedback, such as ko"))


def _shared(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("--language", metavar="CODE", help=language)
    parser.add_argument(
        "--book",
        type=Path,
        default=Path("chapters"),
        metavar="DIR",
        help=_("the folder of the book's chapters; by default: chapters"),
    )


def _write_notebooks(arguments: argparse.Namespace) -> None:
    book = arguments.book
    names = arguments.assignment
    sources = [Source.find(n, book) for n in names] if names else Source.find_all(book)
    _make_folder(arguments.dir, "DIR")
    for source in sources:
        path = arguments.dir / f"{source.name}.ipynb"
        released = arguments.command == "release"
        language = arguments.language or "en"
        notebook = source.released(language) if released else source.solved(language)
        write_notebook(path, standing_alone(notebook))
        print(path)


def _make_folder(path: Path, option: str) -> None:
    if path.exists() and not path.is_dir():
        told = _("{option} is {path}; expected a folder")
        raise ValueError(told.format(option=option, path=path))
    path.mkdir(parents=True, exist_ok=True)


def _grade(arguments: argparse.Namespace) -> None:
    why = "" if arguments.no_sandbox else fault()
    if why:
        raise ValueError(_(HOW_TO_GET_ONE).format(fault=why))
    if (arguments.canvas is None) != (arguments.canvas_column is None):
        raise ValueError(_("--canvas and --canvas-column are given together or not at all"))
    if arguments.processes < 1:
        raise ValueError(
            _("--processes is {value}; expected at least 1").format(value=arguments.processes)
        )
    if not 0 < arguments.seconds <= arguments.total_seconds:
        raise ValueError(
            _("--seconds is {value}; expected more than 0 and at most --total-seconds").format(
                value=f"{arguments.seconds:g}"
            )
        )
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
                raise ValueError(
                    _("{option} is {value}; expected one of {known}").format(
                        option=option, value=repr(name), known=", ".join(sorted(of))
                    )
                )
    for path in found.unmatched:
        line = _("{path} belongs to nobody on the roster. Is it named after a student's id?")
        print(line.format(path=path), file=sys.stderr)
    if not found.notebooks:
        line = _("There is nothing in {folder}: everybody on the roster counts as missing.")
        print(line.format(folder=arguments.submissions), file=sys.stderr)
    out = arguments.out
    _make_folder(out, "--out")
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
            line = _("{student} has no row in Canvas's export.").format(student=name)
            print(line, file=sys.stderr)
    title = batch.assignment.title
    write_pages(out, roster, results, title, language_in_use())
    print(out / "scores.csv", out / "report.html", sep="\n")
    unread = sum(q["score"] is None for result in results for q in result["questions"].values())
    if unread:
        line = _("Written answers that wait for points: {count}, in {path}")
        print(line.format(count=unread, path=out / "manual.csv"), file=sys.stderr)


def _progress(done: int, count: int) -> None:
    """Draw a progress bar where somebody is looking."""
    if sys.stderr.isatty():
        full = 40 * done // count
        end = "\n" if done == count else ""
        bar = "#" * full + "." * (40 - full)
        print(f"\r[{bar}] {done}/{count}", end=end, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 for a mistake, 130 when interrupted."""
    # The language is looked for first: the help and what is said of mistakes are translated, too.
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--language")
    try:
        use_language(early.parse_known_args(argv)[0].language)
    except ValueError as error:
        print(f"lossbook.classroom: {error}", file=sys.stderr)
        return 1
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "grade":
            _grade(arguments)
        else:
            _write_notebooks(arguments)
    except ValueError as error:
        print(f"lossbook.classroom: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        line = _(
            "{path}: {error}. Does the folder exist, may you write to it, and is no other program, "
            "such as a spreadsheet, holding the file?"
        )
        told = line.format(path=error.filename or "-", error=error.strerror or error)
        print(f"lossbook.classroom: {told}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        line = _("Interrupted. The same command goes on from here.")
        print(f"\n{line}", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
