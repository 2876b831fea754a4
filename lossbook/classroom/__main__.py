"""The command line: ``python -m lossbook.classroom release|solution|collect|grade``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import _, language_in_use, read, use_language
from lossbook.classroom.teacher.archives import Submissions
from lossbook.classroom.teacher.batch import Batch, locked
from lossbook.classroom.teacher.collect import Collected, collect, write_list
from lossbook.classroom.teacher.export import (
    write_feedback_zip,
    write_gradebook,
    write_gradescope,
    write_mail,
    write_moodle,
    write_scores,
)
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.manual import apply_marks, read_marks, write_marks
from lossbook.classroom.teacher.new import make_new
from lossbook.classroom.teacher.release import with_first_cell, write_wheel
from lossbook.classroom.teacher.report import write_pages
from lossbook.classroom.teacher.roster import Student, read_roster
from lossbook.classroom.teacher.rules import Rules, apply_rules, read_rules
from lossbook.classroom.teacher.sandbox import HOW_TO_GET_ONE, Limits, fault
from lossbook.classroom.teacher.source import Source, is_of, standing_alone, write_notebook
from lossbook.classroom.teacher.text import clean

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
            help=_("an assignment to write; by default: all; may be given more than once"),
        )
        if name == "release":
            made.add_argument(
                "--install",
                metavar="WHAT",
                help=_(
                    "what the first cell installs where lossbook is missing, in pip's words: an "
                    "address, git+https://...; by default a wheel, written beside the notebooks"
                ),
            )
        _shared(made, _("the language of the notebooks, such as ko"))
    what = _("make a new assignment from a template: notebook, questions and bank")
    made = commands.add_parser("new", help=what, description=what)
    made.add_argument("name", metavar="NAME", help=_("its name, such as poisson_loss"))
    _shared(made, _("the language of the messages, such as ko"))
    _add_collect(commands)
    _add_grade(commands)
    return parser


def _add_collect(commands: Any) -> None:
    what = _("show who handed in what, and grade nothing")
    made = commands.add_parser("collect", help=what, description=what)
    _submissions(made)
    made.add_argument("--out", type=Path, metavar="FILE", help=_("the file of the list"))
    _shared(made, _("the language of the list, such as ko"))


def _submissions(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help=_("what was handed in: a platform's zip as it is, or a folder"),
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
        help=_("a CSV file with the columns id, name, email, and if you like username, group"),
    )
    add(
        "--gradebook",
        type=Path,
        metavar="FILE",
        help=_(
            "the file of grades that Canvas, Moodle or Blackboard exports: it says whose number is "
            "whose, and is filled in"
        ),
    )
    add(
        "--owners",
        type=Path,
        metavar="FILE",
        help=_("the list that collect has written, with your corrections"),
    )


def _add_grade(commands: Any) -> None:
    what = _("grade a folder of submissions")
    grade = commands.add_parser("grade", help=what, description=what)
    _submissions(grade)
    add = grade.add_argument
    add(
        "--seed",
        type=int,
        required=True,
        metavar="N",
        help=_("any number that the inputs depend on; keep it to yourself"),
    )
    add("--out", type=Path, required=True, metavar="DIR", help=_("the folder of the results"))
    for option, metavar, what in (
        ("--regrade", "ID", _("a student to grade again; may be given more than once")),
        (
            "--question",
            "Q",
            _("a question to grade again, while the others stay; may be given more than once"),
        ),
    ):
        add(option, action="append", default=[], metavar=metavar, help=what)
    add(
        "--rules",
        type=Path,
        metavar="FILE",
        help=_("a TOML file with what lateness costs, extra points and dropped questions"),
    )
    add("--column", metavar="NAME", help=_("the name of the assignment's column in the gradebook"))
    add(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help=_("how many submissions are graded at a time"),
    )
    for option, seconds, what in (
        (
            "--seconds",
            Limits.cell_seconds,
            _("the processor's time that a cell or a call may take"),
        ),
        (
            "--total-seconds",
            Limits.total_seconds,
            _("the processor's time that a submission may take"),
        ),
        (
            "--clock-seconds",
            Limits.clock_seconds,
            _("the time on the clock after which a submission is put off and tried again"),
        ),
    ):
        add(option, type=float, default=seconds, metavar="S", help=what)
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
    released = arguments.command == "release"
    install = arguments.install if released else ""
    if install is None:
        wheel = write_wheel(arguments.dir)
        install = wheel.name
        print(wheel)
    for source in sources:
        path = arguments.dir / f"{source.name}.ipynb"
        language = arguments.language or "en"
        notebook = source.released(language) if released else source.solved(language)
        notebook = standing_alone(notebook)
        write_notebook(path, with_first_cell(notebook, install, language) if released else notebook)
        print(path)


def _make_folder(path: Path, option: str) -> None:
    if path.exists() and not path.is_dir():
        told = _("{option} is {path}; expected a folder")
        raise ValueError(told.format(option=option, path=path))
    path.mkdir(parents=True, exist_ok=True)


def _collect(arguments: argparse.Namespace) -> None:
    source = Source.find(arguments.assignment, arguments.book)
    roster = read_roster(arguments.roster)
    with Submissions(arguments.submissions) as submissions:
        found, _gradebook = _collected(arguments, source, roster, submissions)
        _show(roster, found, submissions)
        if arguments.out:
            write_list(arguments.out, submissions, roster, found)
            print(arguments.out)


def _show(roster: list[Student], found: Collected, submissions: Submissions) -> None:
    for student in roster:
        handed = found.handed.get(student.id)
        if handed is None:
            line = _("{student}: nothing").format(student=student.id)
        else:
            names = [handed.path] if handed.path else handed.files
            files = ", ".join(map(submissions.shown, names))
            by = ", ".join(map(_, handed.by.split(" + ")))
            line = f"{student.id}: {files or '-'} ({by})"
            line = " ".join([line, *map(read, handed.notes)])
        print(clean(line))
    counts = _("{found} of {count} have handed in; without an owner: {unknown}")
    print(counts.format(found=len(found.handed), count=len(roster), unknown=len(found.unknown)))


def _collected(
    arguments: argparse.Namespace,
    source: Source,
    roster: list[Student],
    submissions: Submissions,
) -> tuple[Collected, Gradebook | None]:
    """Find who handed in what, and say what has no owner."""
    gradebook = Gradebook(arguments.gradebook) if arguments.gradebook else None
    found = collect(
        submissions,
        roster,
        lambda path: is_of(path, source.name),
        gradebook,
        arguments.owners,
    )
    for left_out in submissions.left_out:
        print(read(left_out), file=sys.stderr)
    for unknown in found.unknown:
        print(f"{submissions.shown(unknown.path)}: {read(unknown.why)}", file=sys.stderr)
    if found.unknown:
        line = _("Say whose these are: collect --out FILE writes a list, grade --owners reads it.")
        print(line, file=sys.stderr)
    if not found.handed:
        line = _("There is nothing in {folder}: everybody on the roster counts as missing.")
        print(line.format(folder=arguments.submissions), file=sys.stderr)
    return found, gradebook


def _check_limits(arguments: argparse.Namespace) -> None:
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
    if arguments.clock_seconds < arguments.total_seconds:
        raise ValueError(
            _("--clock-seconds is {value}; expected at least --total-seconds").format(
                value=f"{arguments.clock_seconds:g}"
            )
        )


def _grade(arguments: argparse.Namespace) -> None:
    why = "" if arguments.no_sandbox else fault()
    if why:
        raise ValueError(_(HOW_TO_GET_ONE).format(fault=why))
    _check_limits(arguments)
    roster = read_roster(arguments.roster)
    source = Source.find(arguments.assignment, arguments.book)
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
    rules = read_rules(arguments.rules, known, set(source.points)) if arguments.rules else Rules()
    with Submissions(arguments.submissions) as submissions:
        found, gradebook = _collected(arguments, source, roster, submissions)
        if gradebook is not None:  # what is wrong with the column is told before grading
            gradebook.filled(arguments.column, roster, {}, {}, {})
        _make_folder(arguments.out, "--out")
        with locked(arguments.out):
            _grade_into(arguments, source, roster, found, gradebook, rules)


def _grade_into(
    arguments: argparse.Namespace,
    source: Source,
    roster: list[Student],
    found: Collected,
    gradebook: Gradebook | None,
    rules: Rules,
) -> None:
    out = arguments.out
    limits = Limits(
        cell_seconds=arguments.seconds,
        total_seconds=arguments.total_seconds,
        clock_seconds=arguments.clock_seconds,
    )
    batch = Batch(
        source,
        roster,
        found.handed,
        arguments.seed,
        out,
        limits,
        sandboxed=not arguments.no_sandbox,
    )
    results = batch.run(
        arguments.processes, _progress, again=arguments.regrade, only=arguments.question
    )
    marks = read_marks(out)
    apply_marks(marks, results)
    write_marks(out / "manual.csv", marks, roster, results)
    unknown = apply_rules(rules, results, found.handed)
    if unknown:
        line = _("Late by nobody knows how much; give their days_late in the rules: {students}")
        print(line.format(students=", ".join(unknown)), file=sys.stderr)
    write_scores(out / "scores.csv", roster, results)
    write_gradescope(out / "gradescope", roster, results)
    write_moodle(out / "moodle.csv", roster, results)
    write_mail(out / "mail.csv", roster, results)
    write_pages(out, roster, results, batch.assignment.title, language_in_use())
    print(out / "scores.csv", out / "report.html", sep="\n")
    if gradebook is not None:
        _fill(arguments, gradebook, roster, results)
    _tell(batch, results, out)


def _fill(
    arguments: argparse.Namespace,
    gradebook: Gradebook,
    roster: list[Student],
    results: list[dict[str, Any]],
) -> None:
    path = arguments.out / f"gradebook{arguments.gradebook.suffix}"
    absent, kept = write_gradebook(path, gradebook, arguments.column, roster, results)
    print(path)
    for names, line in (
        (absent, _("Without a row in the gradebook: {students}")),
        (kept, _("Left as they are in the gradebook, where somebody filled them: {students}")),
    ):
        if names:
            print(line.format(students=", ".join(names)), file=sys.stderr)
    if gradebook.kind == "moodle":
        feedback = arguments.out / "feedback_for_moodle.zip"
        write_feedback_zip(feedback, arguments.out / "feedback", gradebook, roster)
        print(feedback)


def _tell(batch: Batch, results: list[dict[str, Any]], out: Path) -> None:
    """Say what a teacher has to do, and what was kept."""
    questions = [q for result in results for q in result["questions"].values()]
    lines = (
        (
            sum(q["score"] is None and "answer" in q for q in questions),
            _("Answers that wait for points: {count}, in {path}"),
        ),
        (
            sum(bool(q.get("changed")) for q in questions),
            _("Answers that have changed since they were marked: {count}, in {path}"),
        ),
    )
    for count, line in lines:
        if count:
            print(line.format(count=count, path=out / "manual.csv"), file=sys.stderr)
    again = [result["student"] for result in results if result["status"] == "try again"]
    for names, line in (
        (again, _("To be tried again, by the same command: {students}")),
        (
            batch.kept.students,
            _("Kept as they are, though file, assignment or grader have changed: {students}"),
        ),
        (
            batch.kept.questions,
            _("The other questions keep the points of an earlier file or grader: {students}"),
        ),
    ):
        if names:
            print(line.format(students=", ".join(sorted(names))), file=sys.stderr)


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
        elif arguments.command == "collect":
            _collect(arguments)
        elif arguments.command == "new":
            print(*make_new(arguments.name, arguments.book), sep="\n")
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
