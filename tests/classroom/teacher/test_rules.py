"""Late days, extra points and questions that do not count: as the teacher's file says."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.teacher.collect import Handed
from lossbook.classroom.teacher.export import final_scores, maximum, told, total
from lossbook.classroom.teacher.report import class_report, feedback_page
from lossbook.classroom.teacher.roster import Student
from lossbook.classroom.teacher.rules import Rules, apply_rules, read_rules

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = """
deadline = 2026-11-26T23:59:00+09:00
grace_minutes = 15
free_days = 1
percent_per_day = 10
last_day = 5
dropped = ["q3"]
full = ["q2"]
[days_late]
ada = 0
[extra]
carl = 1.5
"""


def result(student: str = "ada", status: str = "graded", **scores: float | None) -> dict[str, Any]:
    points = {"q1": 4.0, "q2": 6.0, "q3": 10.0}
    questions = {
        name: {"points": most, "score": scores.get(name, most)} for name, most in points.items()
    }
    return {"student": student, "status": status, "notes": [], "questions": questions}


def read(tmp_path: Path, text: str = EXAMPLE) -> Rules:
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    return read_rules(tmp_path / "rules.toml", {"ada", "bob", "carl"}, {"q1", "q2", "q3"})


def at(text: str) -> Handed:
    return Handed(time=datetime.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    "time, days, lost",
    [
        ("2026-11-26T14:59:00+00:00", 0, 0.0),
        ("2026-11-27T00:14:00+09:00", 0, 0.0),  # within the minutes of grace
        ("2026-11-27T00:14:01+09:00", 1, 0.0),  # the free day
        ("2026-11-28T00:14:00+09:00", 1, 0.0),
        ("2026-11-28T00:14:01+09:00", 2, 0.1),
        ("2026-12-01T23:00:00+09:00", 5, 0.4),
        ("2026-12-02T00:14:01+09:00", 6, 1.0),  # after the last day
        ("2027-11-26T00:00:00-11:00", 365, 1.0),
    ],
)
def test_each_day_begun_costs_its_share(tmp_path: Path, time: str, days: int, lost: float) -> None:
    rules = read(tmp_path)
    assert rules.days("bob", at(time)) == days
    found = result("bob")
    apply_rules(rules, [found], {"bob": at(time)})
    assert total(found) == pytest.approx(10 * (1 - lost))  # q3 is dropped
    assert any(f": {days}. This costs" in text for text in told(found)) == (days > 0)


def test_what_is_given_by_hand_counts_and_not_the_platform_s_time(tmp_path: Path) -> None:
    found = result("ada")
    apply_rules(read(tmp_path), [found], {"ada": at("2026-12-24T00:00:00+09:00")})
    assert total(found) == 10


def test_lateness_that_nobody_knows_is_asked(tmp_path: Path) -> None:
    results = [result("ada"), result("bob"), result("carl")]
    late = dict.fromkeys(("ada", "bob"), Handed(late=True)) | {"carl": Handed()}
    assert apply_rules(read(tmp_path), results, late) == ["bob"]


def test_extra_points_are_beside_the_maximum_and_never_lessened(tmp_path: Path) -> None:
    found = result("carl")
    apply_rules(read(tmp_path), [found], {"carl": at("2026-12-24T00:00:00+09:00")})
    assert total(found) == 1.5
    found = result("carl")
    apply_rules(read(tmp_path), [found], {"carl": at("2026-11-01T00:00:00+09:00")})
    assert (total(found), maximum(found)) == (11.5, 10)


def test_a_dropped_question_keeps_nobody_waiting_and_stands_nowhere(tmp_path: Path) -> None:
    found = result("bob", q1=1.0, q2=0.0, q3=None)
    assert final_scores([found]) == {}
    apply_rules(read(tmp_path), [found], {})
    assert final_scores([found]) == {"bob": 7.0}
    assert "q3" not in feedback_page(Student("bob"), found, "Mean squared error")


def test_full_points_are_for_those_who_handed_in(tmp_path: Path) -> None:
    there, away = result("bob", q2=0.0), result("carl", "missing", q1=0.0, q2=0.0, q3=0.0)
    apply_rules(read(tmp_path, 'full = ["q2"]'), [there, away], {})
    assert there["questions"]["q2"]["score"] == 6
    assert away["questions"]["q2"]["score"] == 0


@pytest.mark.parametrize(
    "text, said",
    [
        ("deadlin = 1", "deadlin is no rule"),
        ("deadline = 2026-11-26", "deadline is datetime.date"),
        ('dropped = ["q9"]', "dropped has 'q9'; expected one of q1"),
        ("dropped = 3", "dropped is 3"),
        ("[extra]\nnobody = 1", "extra has 'nobody'"),
        ("[extra]\nada = nan", "extra is"),
        ("percent_per_day = -10", "percent_per_day is -10"),
        ("percent_per_day = true", "percent_per_day is True"),
        ("[extra\n", "is no TOML"),
    ],
)
def test_a_mistake_in_the_rules_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("[", r"\[")):
        read(tmp_path, text)


def test_a_question_that_nobody_has_read_is_not_called_the_hardest() -> None:
    unread = [result("ada", q3=None), result("bob", q3=0.0), result("carl", q1=1.0)]
    report = class_report(unread, "Mean squared error")
    hardest = report[report.index("hardest first") :]
    assert ">q1<" in hardest
    assert ">q3<" not in hardest


@pytest.mark.parametrize(
    "path",
    [
        *("results/scores.csv", "results/feedback/ada.html", "results-2/manual.csv"),
        *("roster.csv", "roster_2026.csv", "handed_in/ada.ipynb", "solved/training.ipynb"),
        *("manual (Kim).csv", "gradebook.csv", "student/training.ipynb"),
    ],
)
def test_what_belongs_to_a_course_is_ignored_by_git(path: str) -> None:
    assert subprocess.run(["git", "-C", ROOT, "check-ignore", "-q", path]).returncode == 0


def test_nothing_that_belongs_to_the_book_is_ignored_by_git() -> None:
    listed = ["git", "-C", ROOT, "ls-files", "--cached", "--ignored", "--exclude-standard"]
    found = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    assert found == []
