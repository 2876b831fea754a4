"""A course is graded: faults of every kind, exports, interruptions, regrading."""

from __future__ import annotations

import csv
import gettext
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student import messages
from lossbook.classroom.student.question import load
from lossbook.classroom.teacher.export import feedback_text
from lossbook.classroom.teacher.grade import grade_notebook
from lossbook.classroom.teacher.process import Processes
from lossbook.classroom.teacher.report import feedback_page
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.sandbox import Limits, fault
from lossbook.classroom.teacher.source import Source, grade_id, source_text
from lossbook.classroom.teacher.tables import safe_cell

#: A loop that does not end when it is told to.
DEFENDED = """
    while True:
        try:
            while True: sum(range(1000))
        except BaseException: pass
"""
ROOT = Path(__file__).resolve().parents[3]
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
pytestmark = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)
NAME = "mean_squared_error"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "lossbook.classroom", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("solved")
    assert run("solution", folder, "--assignment", NAME).returncode == 0
    return folder / f"{NAME}.ipynb"


def variant(solved: Path, change: dict[str, str]) -> str:
    """Return the solved notebook with parts of its code replaced."""
    text = json.loads(solved.read_text(encoding="utf-8"))
    for cell in text["cells"]:
        source = "".join(cell["source"])
        for old, new in change.items():
            source = source.replace(old, new)
        cell["source"] = source
    return json.dumps(text)


def without(solved: Path, *names: str) -> str:
    """Return the solved notebook without the cells of these names."""
    text = json.loads(solved.read_text(encoding="utf-8"))
    text["cells"] = [
        cell
        for cell in text["cells"]
        if not any(name in json.dumps(cell["metadata"]) + "".join(cell["source"]) for name in names)
    ]
    return json.dumps(text)


def other_words(solved: Path) -> str:
    """Return the solved notebook with another answer to the question in words."""
    text = json.loads(solved.read_text(encoding="utf-8"))
    cell = next(c for c in text["cells"] if grade_id(c) == "q7")
    cell["source"] = "Because large errors weigh more."
    return json.dumps(text)


def first_cell(solved: Path, code: str) -> str:
    """Return the solved notebook with a cell before all others."""
    text = json.loads(solved.read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "execution_count": None}
    text["cells"].insert(0, {**cell, "source": code})
    return json.dumps(text)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, solved: Path) -> Path:
    """Grade a course in which everything goes wrong that can."""
    base = tmp_path_factory.mktemp("course")
    good = solved.read_text(encoding="utf-8")
    define = "def mean_squared_error(y_true, y_pred):"
    assert define in good
    submissions: dict[str, str | bytes] = {
        "right": good,
        "checks_deleted": without(solved, "check("),
        "answer_deleted": without(solved, define),
        "checks_overwritten": good.replace("check(", "print("),
        "syntax_error": first_cell(solved, "def broken(:\n"),
        "endless_cell": first_cell(solved, "while True: pass"),
        "endless_function": variant(solved, {define: define + "\n    while True: pass"}),
        "sleeper": first_cell(solved, "import time\ntime.sleep(1000)"),
        "defended_loop": variant(solved, {define: define + DEFENDED}),
        "huge_output": first_cell(solved, "print('A' * 10**8)"),
        "magics": first_cell(solved, "%matplotlib inline\n!ls\n"),
        "other_words": other_words(solved),
        "no_import": variant(solved, {"import numpy as np": "pass"}),
        "prints": variant(solved, {"return np.mean": "print(np.mean(0)); np.mean"}),
        "corrupt": good[:200],
        "empty": "",
        "not_json": b"\xff\xfe\x00garbage",
        "other_json": "[1, 2, 3]",
        "no_cells": json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
    }
    handed_in = base / "handed_in"
    handed_in.mkdir()
    for name, text in submissions.items():
        data = text if isinstance(text, bytes) else text.encode()
        (handed_in / f"{name}.ipynb").write_bytes(data)
    (handed_in / "a_folder").mkdir()
    (handed_in / "a_folder" / "work.ipynb").write_text(good)
    (handed_in / "stranger.ipynb").write_text(good)
    (handed_in / "wrong_kind.txt").write_text("I send a text")
    rows = [*submissions, "a_folder", "absent", "wrong_kind"]
    lines = [f'{row},"=cmd|{row}",{row}@example.org' for row in rows]
    (base / "roster.csv").write_text("\n".join(["id,name,email", *lines]) + "\n")
    export = [
        ["Student", "ID", "SIS Login ID", "Section", f"{NAME} (17)", "Final Score"],
        ["    Points Possible", "", "", "", "20", "(read only)"],
        ["Right, Very", "901", "right@example.org", "A", "", "12"],
        ["Nobody", "902", "nobody@example.org", "A", "3", "13"],
    ]
    with (base / "canvas.csv").open("w", newline="") as file:
        csv.writer(file).writerows(export)
    done = run(*grading(base), "--gradebook", base / "canvas.csv", "--column", NAME)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "stranger" in done.stderr
    return base


def grading(base: Path, out: str = "results") -> list[Any]:
    return [
        *("grade", base / "handed_in", "--assignment", NAME, "--seed", 11),
        *("--roster", base / "roster.csv", "--out", base / out),
        *("--seconds", 0.4, "--total-seconds", 4, "--clock-seconds", 60, "--processes", 3),
    ]


def grade(base: Path, *more: str) -> list[str]:
    """Grade in this process, and return whose files were graded and not taken as they were.

    The course's first run has a process of its own, and one that is stopped.
    """
    graded = []
    real = Processes.grade

    def seen(self: Processes, task: dict[str, Any]) -> dict[str, Any]:
        graded.append(Path(task["path"]).stem)
        return real(self, task)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Processes, "grade", seen)
        assert cli.main([*map(str, grading(base)), *more]) == 0
    return sorted(graded)


def scores(base: Path, out: str = "results") -> dict[str, dict[str, str]]:
    with (base / out / "scores.csv").open(encoding="utf-8-sig") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "student, status",
    [
        ("right", "graded"),
        ("other_words", "graded"),
        ("a_folder", "graded"),
        ("checks_deleted", "graded"),
        ("checks_overwritten", "graded"),
        ("answer_deleted", "graded"),
        ("syntax_error", "graded"),
        ("huge_output", "graded"),
        ("magics", "graded"),
        ("no_import", "graded"),
        ("prints", "graded"),
        ("endless_cell", "timed out"),
        ("endless_function", "timed out"),
        ("defended_loop", "timed out"),
        ("sleeper", "timed out"),
        ("corrupt", "unreadable"),
        ("empty", "unreadable"),
        ("not_json", "unreadable"),
        ("other_json", "unreadable"),
        ("wrong_kind", "unreadable"),
        ("no_cells", "graded"),
        ("absent", "missing"),
    ],
)
def test_every_student_on_the_roster_has_a_row_a_status_and_a_page(
    course: Path, student: str, status: str
) -> None:
    assert scores(course)[student]["status"] == status
    assert (course / "results" / "feedback" / f"{student}.html").exists()
    assert (course / "results" / "gradescope" / student / "results.json").exists()


@pytest.mark.parametrize(
    "student",
    [
        *("a_folder", "checks_deleted", "checks_overwritten"),
        *("syntax_error", "huge_output", "magics"),
    ],
)
def test_right_answers_have_their_points_whatever_stands_around_them(
    course: Path, student: str
) -> None:
    rows = scores(course)
    assert float(rows[student]["score"]) == float(rows["right"]["score"]) > 0


def test_what_is_right_beside_a_fault_still_counts(course: Path) -> None:
    rows = scores(course)
    for student in (
        *("answer_deleted", "endless_function", "endless_cell"),
        *("defended_loop", "sleeper"),
    ):
        assert 0 < float(rows[student]["score"]) <= float(rows["right"]["score"])
    for student in ("answer_deleted", "endless_function", "defended_loop"):
        assert float(rows[student]["q2"]) == 0
        assert float(rows[student]["q3"]) == float(rows["right"]["q3"]) > 0


def test_a_note_says_what_happened(course: Path) -> None:
    rows = scores(course)
    for student in ("syntax_error", "endless_cell", "corrupt", "empty", "other_json"):
        assert len(rows[student]["notes"]) > 20, student


def test_a_second_run_grades_nothing_anew_and_keeps_marks_given_by_hand(course: Path) -> None:
    folder = course / "results" / "students"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    manual = course / "results" / "manual.csv"
    with manual.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = next(row for row in rows if row["id"] == "right")
    mine["points"], mine["remark"] = "1.5", "Well argued"
    with manual.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    old = float(scores(course)["right"]["score"])
    assert grade(course) == []
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    rows_after = scores(course)
    assert float(rows_after["right"]["score"]) == old + 1.5
    # The same words are worth the same, and others are not.
    assert rows_after["magics"]["q7"] == "1.5"
    assert rows_after["other_words"]["q7"] == ""
    assert "Well argued" in (course / "results/feedback/right.html").read_text()


def test_another_assignment_does_not_write_over_results(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = scores(course)
    arguments = [str(part) for part in grading(course)]
    arguments[arguments.index(NAME)] = "training"
    assert cli.main(arguments) == 1
    assert "holds the results of mean_squared_error" in capsys.readouterr().err
    assert scores(course) == before


def test_one_student_and_one_question_are_graded_anew_and_nothing_else(course: Path) -> None:
    folder = course / "results" / "students"
    stored = {path: path.read_text() for path in folder.iterdir()}
    for name in ("right", "magics"):
        path = folder / f"{name}.json"
        result = json.loads(stored[path])
        for question in ("q2", "q3"):
            result["questions"][question]["score"] = 0.25
        path.write_text(json.dumps(result))
    assert grade(course, "--regrade", "right", "--question", "q2") == ["right"]
    rows = scores(course)
    assert [rows["right"][name] for name in ("q2", "q3")] == ["4", "0.25"]
    assert [rows["magics"][name] for name in ("q2", "q3")] == ["0.25", "0.25"]
    for path, text in stored.items():
        path.write_text(text)


def test_another_seed_is_for_those_who_are_graded_again(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = course / "results" / "students"
    before = {path.stem: json.loads(path.read_text())["seed"] for path in folder.iterdir()}
    line = [str(part) for part in grading(course)]
    line[line.index("11")] = "12"
    assert cli.main(line) == 1
    assert "results of another seed" in capsys.readouterr().err
    assert cli.main([*line, "--regrade", "no_cells"]) == 0
    after = {path.stem: json.loads(path.read_text())["seed"] for path in folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"no_cells"}
    # The first seed goes on, and takes nobody's new result away.
    assert grade(course) == []
    assert json.loads((folder / "no_cells.json").read_text())["seed"] == after["no_cells"]


def test_new_work_is_graded_even_if_one_question_was_graded_before(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], solved: Path
) -> None:
    for name in ("no_import", "right"):
        for path in (f"handed_in/{name}.ipynb", f"results/students/{name}.json"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(course / path, tmp_path / path)
    (tmp_path / "roster.csv").write_text("id\nright\nno_import\n")
    (tmp_path / "handed_in" / "no_import.ipynb").write_text(solved.read_text())
    assert grade(tmp_path, "--question", "q3") == ["no_import", "right"]
    told = capsys.readouterr().err.splitlines()
    assert any("points of an earlier file" in line and "no_import" in line for line in told)
    rows = scores(tmp_path)
    assert rows["no_import"]["q3"] == rows["right"]["q3"]
    assert rows["no_import"]["q2"] == "0"
    assert grade(tmp_path) == ["no_import"]
    assert scores(tmp_path)["no_import"]["q2"] == rows["right"]["q2"]


def test_an_interrupted_run_goes_on_where_it_stopped_and_the_same_seed_gives_the_same_grades(
    course: Path, tmp_path: Path
) -> None:
    shutil.copy(course / "roster.csv", tmp_path)
    # What does not end is left out: it takes its whole time, and draws the same inputs.
    slow = shutil.ignore_patterns("endless*", "defended*", "sleeper*")
    shutil.copytree(course / "handed_in", tmp_path / "handed_in", ignore=slow)
    arguments = command(*grading(tmp_path))
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    folder = tmp_path / "results" / "students"
    end = time.monotonic() + 60
    while time.monotonic() < end and not (
        folder.exists() and len(list(folder.glob("*.json"))) >= 2
    ):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=200)
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    if process.returncode != 0:  # else it was quicker than the signal
        assert process.returncode == 130
        assert "goes on from here" in errors
    assert not {path.stem for path in kept} & set(grade(tmp_path))
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    first, second = scores(course), scores(tmp_path)
    same = [student for student in first if second[student]["status"] == first[student]["status"]]
    assert len(same) == len(first) - 4
    # Another test gives marks by hand.
    by_hand = {"q7": "", "score": ""}
    assert {s: first[s] | by_hand for s in same} == {s: second[s] | by_hand for s in same}
    # The inputs were the same, too: some are shown.
    shown = [(base / "results/students/prints.json").read_text() for base in (course, tmp_path)]
    assert shown[0] == shown[1]


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(course: Path) -> None:
    for name in ("scores.csv", "moodle.csv", "manual.csv"):
        with (course / "results" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row), name
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("-3") == "-3"


def test_moodle_gets_grade_and_feedback_together_and_gradescope_its_own_form(course: Path) -> None:
    with (course / "results" / "moodle.csv").open(encoding="utf-8") as file:
        rows = {row["ID number"]: row for row in csv.DictReader(file)}
    assert rows["endless_function"]["Feedback"]
    assert rows["right"]["Email address"] == "right@example.org"
    made = json.loads((course / "results/gradescope/right/results.json").read_text())
    assert made["score"] == pytest.approx(sum(test["score"] for test in made["tests"]))
    assert {"name", "score", "max_score", "output", "visibility"} <= set(made["tests"][0])


def test_a_page_shows_its_own_student_only_and_loads_nothing(course: Path) -> None:
    for path in (course / "results" / "feedback").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "src=" not in page
        assert "http" not in page.replace("http-equiv", "")
        others = {"endless_function@", "corrupt@"} - {f"{path.stem}@"}
        assert not any(other in page for other in others)
    report = (course / "results" / "report.html").read_text(encoding="utf-8")
    for part in ("Distribution", "hardest", "diagnoses", "<svg"):
        assert part in report


def test_a_page_can_be_read_aloud_and_printed(course: Path) -> None:
    pages = [*(course / "results" / "feedback").glob("*.html"), course / "results" / "report.html"]
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert page.count("<h1>") == page.count("<main>") == 1
        assert "@media print" in page
        assert "<th>" not in page, "a head without a direction"
    for student in ("absent", "corrupt"):
        page = (course / "results" / "feedback" / f"{student}.html").read_text(encoding="utf-8")
        assert "<h2>" not in page, "points for answers that nobody has seen"


def test_a_file_in_the_place_of_the_results_stays_as_it_is(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (course / "roster.csv").read_bytes()
    assert cli.main([str(part) for part in grading(course, "roster.csv")]) == 1
    assert "expected a folder" in capsys.readouterr().err
    assert (course / "roster.csv").read_bytes() == before


def test_a_folder_without_submissions_is_mentioned(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "empty").mkdir()
    arguments = [str(part) for part in grading(course, "of_empty")]
    arguments[arguments.index(str(course / "handed_in"))] = str(course / "empty")
    assert cli.main(arguments) == 0
    assert "There is nothing in" in capsys.readouterr().err


def test_a_teacher_is_told_of_answers_to_read_and_of_a_file_without_an_owner(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade(course)
    told = capsys.readouterr().err
    with (course / "results" / "manual.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] == "other_words"]
    assert len(rows) == 1
    assert f"wait for points: {len(rows)}, in " in told
    assert "stranger.ipynb: It belongs to nobody on the roster." in told


@pytest.mark.parametrize(
    "line, told",
    [
        (["--seconds", "0"], "--seconds"),
        (["--processes", "0"], "--processes is 0"),
        (["--regrade", "nobody"], "--regrade is 'nobody'"),
        (["--question", "q99"], "--question is 'q99'"),
        (["--assignment", "nothing"], "nothing"),
        (["--clock-seconds", "1"], "--clock-seconds is 1"),
        (["--gradebook", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--gradebook", str(ROOT / "README.md")], "expected what Canvas"),
    ],
)
def test_a_mistake_in_the_command_is_told(
    course: Path, line: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(part) for part in grading(course, "nowhere")]
    assert cli.main([*arguments, *line]) == 1
    assert told in capsys.readouterr().err
    assert not (course / "nowhere" / "scores.csv").exists()


@pytest.mark.parametrize(
    "text, told",
    [
        ("name\nAda\n", "expected id"),
        ("id\nada\nADA\n", "stands twice"),
        ("id\n../../etc\n", "expected letters"),
        ("id\n", "no students"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(
    course: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = course / "bad.csv"
    bad.write_text(text)
    arguments = [str(part) for part in grading(course, "nowhere")]
    arguments[arguments.index("--roster") + 1] = str(bad)
    assert cli.main(arguments) == 1
    assert told in capsys.readouterr().err


def test_without_a_sandbox_nothing_is_run_and_help_is_given(
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "fault", lambda: "the program bwrap is not installed.")
    (tmp_path / "handed_in").mkdir()
    for file in ("roster.csv", "handed_in/right.ipynb", "handed_in/endless_cell.ipynb"):
        shutil.copy(course / file, tmp_path / file)
    arguments = [str(part) for part in grading(tmp_path, "refused")]
    assert cli.main(arguments) == 1
    told = capsys.readouterr().err
    for part in ("apt install bubblewrap", "Windows", "macOS", "--no-sandbox"):
        assert part in told
    assert not (tmp_path / "refused" / "students").exists()
    assert cli.main([*arguments, "--no-sandbox"]) == 0
    assert float(scores(tmp_path, "refused")["right"]["score"]) > 0


def test_released_notebooks_hold_no_solution_and_are_made_the_same_each_time(
    tmp_path: Path, solved: Path
) -> None:
    assert run("release", tmp_path / "one").returncode == 0
    assert cli.main(["release", str(tmp_path / "two")]) == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert f"{NAME}.ipynb" in names
    (wheel,) = [name for name in names if name.endswith(".whl")]
    packed = [(tmp_path / folder / wheel).read_bytes() for folder in ("one", "two")]
    assert packed[0] == packed[1]
    for name in names:
        if name == wheel:
            continue
        text = (tmp_path / "one" / name).read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / name).read_text(encoding="utf-8")
        notebook = json.loads(text)
        assert notebook["metadata"]["kernelspec"]["name"] == "python3"
        for mark in ("BEGIN SOLUTION", "HIDDEN TEST", "require("):
            assert mark not in text
        assert not re.search(r"\]\((?!http)", text), "a link to a page that is not there"
        for cell in notebook["cells"]:
            assert cell.get("outputs", []) == []
    released = (tmp_path / "one" / f"{NAME}.ipynb").read_text()
    assert "NotImplementedError" in released
    assert "return np.mean" in solved.read_text()
    assert "return np.mean" not in released


def test_released_in_a_language_the_checks_answer_in_it_and_are_taken_as_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_find", lambda *_: gettext.NullTranslations())
    source = Source.find(NAME, ROOT / "chapters")
    notebook = source.released("ko")
    cells = [source_text(cell) for cell in notebook["cells"]]
    assert 'check("q1", globals(), language="ko")' in cells
    assert not any("HIDDEN" in cell or "require(" in cell for cell in cells)
    result = grade_notebook(
        notebook, source, load(NAME), {"q6": "b"}, 1, Limits(1.0, 6.0), sandboxed=True
    )
    assert result["notes"] == []


def test_a_language_without_a_catalogue_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", "nowhere", "--language", "xx"]) == 1
    assert "language is 'xx'; expected one of en" in capsys.readouterr().err


def test_results_are_stored_so_that_another_language_needs_no_second_grading(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shouting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return re.sub(r"(?<![{\w])[a-z]+(?![}\w])", lambda m: m[0].upper(), message)

    result = json.loads((course / "results/students/endless_function.json").read_text())
    student = Student("endless_function", "Ada")
    plain = feedback_page(student, result, "Mean squared error")
    monkeypatch.setattr(messages, "_catalogue", Shouting())
    loud = feedback_page(student, result, "Mean squared error")
    assert "did not come to an end in time" in plain
    assert "DID NOT COME TO AN END IN TIME" in loud
    assert "did not" not in loud
    assert feedback_text(result) != ""
