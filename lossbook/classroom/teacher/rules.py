"""A teacher's own rules: what lateness costs, points beside the questions, questions left out.

They stand in a file of TOML, which is read at every run::

    deadline = 2026-11-26T23:59:00+09:00
    grace_minutes = 15        # that cost nothing
    free_days = 2             # begun days that cost nothing
    percent_per_day = 10      # of the points, for each further day begun
    last_day = 5              # after so many days nothing counts
    dropped = ["q5"]          # counts for nobody, and makes the maximum smaller
    full = ["q2"]             # counts in full for everybody who handed in

    [days_late]               # by hand, in the place of the platform's times
    ada = 0

    [extra]                   # points beside the questions
    carl = 1.5
"""

from __future__ import annotations

import datetime
import math
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from lossbook.classroom.student.messages import N_, _, note
from lossbook.classroom.teacher.collect import Handed

__all__ = ["Rules", "apply_rules", "read_rules"]

Result = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """What the file says; without a file there is no rule."""

    deadline: datetime.datetime | None = None
    grace_minutes: float = 0
    free_days: float = 0
    percent_per_day: float = 0
    last_day: float = math.inf
    dropped: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    days_late: dict[str, float] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)

    def days(self, student: str, handed: Handed) -> int | None:
        """Return how many days late something is, each begun day as one; None if nobody knows."""
        if student in self.days_late:
            return math.ceil(self.days_late[student])
        if self.deadline is None:
            return 0
        if handed.time is None:
            return None if handed.late else 0
        grace = datetime.timedelta(minutes=self.grace_minutes)
        late = handed.time.astimezone() - self.deadline.astimezone() - grace
        return max(0, math.ceil(late / datetime.timedelta(days=1)))

    def share_lost(self, days: int) -> float:
        """Return the share of the points that so many days cost."""
        if days > self.last_day:
            return 1.0
        return min(1.0, max(0.0, days - self.free_days) * self.percent_per_day / 100)


def read_rules(path: Path, students: set[str], questions: set[str]) -> Rules:
    """Read the rules of a course.

    Parameters
    ----------
    path : Path
        The file.
    students, questions : set of str
        The names that may stand in it.

    Raises
    ------
    ValueError
        If the file cannot be read, or says something that is no rule.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValueError(
            _("{path} cannot be read: {error}").format(path=path, error=error.strerror)
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(_("{path} is no TOML: {error}").format(path=path, error=error)) from None
    names = {
        "dropped": questions,
        "full": questions,
        "days_late": students,
        "extra": students,
    }
    made: dict[str, Any] = {}
    for name, value in data.items():
        if name not in {known.name for known in fields(Rules)}:
            known = ", ".join(known.name for known in fields(Rules))
            raise ValueError(
                _("{path}: {name} is no rule; expected one of {known}").format(
                    path=path, name=name, known=known
                )
            )
        if not _is_fit(name, value):
            raise ValueError(
                _("{path}: {name} is {value}; expected a value as in the handbook").format(
                    path=path, name=name, value=repr(value)
                )
            )
        for key in value if name in names else ():
            if key not in names[name]:
                raise ValueError(
                    _("{path}: {name} has {value}; expected one of {known}").format(
                        path=path,
                        name=name,
                        value=repr(key),
                        known=", ".join(sorted(names[name])),
                    )
                )
        made[name] = tuple(value) if isinstance(value, list) else value
    return Rules(**made)


def _is_fit(name: str, value: Any) -> bool:
    """Return whether a value is of the kind that a rule has."""
    if name == "deadline":
        return isinstance(value, datetime.datetime)
    if name in ("dropped", "full"):
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    if name in ("days_late", "extra"):
        return isinstance(value, dict) and all(map(_is_number, value.values()))
    return _is_number(value) and value >= 0


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def apply_rules(rules: Rules, results: list[Result], handed: dict[str, Handed]) -> list[str]:
    """Put into the results what the rules add and take.

    Returns
    -------
    list of str
        The students who were late by nobody knows how much; their days are to be given by hand.
    """
    unknown = []
    for result in results:
        student = result["student"]
        there = result["status"] not in ("missing", "unclear", "try again")
        for name, question in result["questions"].items():
            if name in rules.dropped:
                question["dropped"] = True
            if name in rules.full and there:
                question["score"] = question["points"]
        result["adjustments"] = []
        if student in rules.extra:
            points = rules.extra[student]
            words = note(N_("Points beside the questions: {points}."), points=f"{points:+g}")
            result["adjustments"].append({"points": points, "note": words})
        days = rules.days(student, handed[student]) if student in handed else 0
        if days is None:
            unknown.append(student)
        elif days:
            lost = rules.share_lost(days)
            words = note(
                N_("Handed in late, in days: {days}. This costs {percent}% of the points."),
                days=days,
                percent=f"{100 * lost:g}",
            )
            result["adjustments"].append({"share": -lost, "note": words})
    return unknown
