"""Let nbgrader itself release and grade the assignments: ``make nbgrader``.

For every ``chapters/NAME/assignment.ipynb``, nbgrader makes the students' version, grades two
submissions, the solved notebook and the one that was released, and writes the feedback. The first
must have all points that a machine can give, the second none, and what nbgrader releases must say
what our own ``release`` says. Whatever is otherwise is named, and the exit status is 1.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from course import ROOT, Course, CourseError

from lossbook.classroom.student.question import Text, load
from lossbook.classroom.teacher.source import Source, source_text


def faults_of_release(course: Course, source: Source) -> list[str]:
    """Say where nbgrader's students' version differs from ours, or holds what it must not."""
    theirs = [source_text(cell).strip() for cell in course.released(source.name)["cells"]]
    ours = [source_text(cell).strip() for cell in source.released()["cells"]]
    faults = [
        f"its cell {number} is\n{their}\nand ours is\n{our}"
        for number, (their, our) in enumerate(zip(theirs, ours, strict=False), 1)
        if their != our
    ]
    if len(theirs) != len(ours):
        faults.append(f"it has {len(theirs)} cells, and ours {len(ours)}")
    marks = ("BEGIN SOLUTION", "HIDDEN TESTS", "require(")
    faults += [f"it holds {mark!r}" for mark in marks if any(mark in cell for cell in theirs)]
    return faults


def faults_of_grades(course: Course, source: Source) -> list[str]:
    """Say which points nbgrader gave that it should not, and which it did not give."""
    grades = course.grades(source.name)
    by_hand = {q.name for q in load(source.name).questions if isinstance(q, Text)}
    faults = []
    for student, share in (("solved", 1.0), ("released", 0.0)):
        found = grades.get(student, {})
        if set(found) != set(source.points):
            faults.append(f"{student}: it graded {sorted(found)}, not {sorted(source.points)}")
        for question, grade in found.items():
            if grade["points"] != source.points[question]:
                faults.append(f"{student}: {question} counts {grade['points']} points")
            if question in by_hand and student == "solved":
                if not grade["by hand"]:
                    faults.append(f"{student}: {question} does not wait for a teacher")
            elif grade["score"] != share * grade["points"]:
                faults.append(
                    f"{student}: {question} has {grade['score']} of {grade['points']} points"
                )
    return faults


def check(course: Course, source: Source) -> list[str]:
    """Return what is wrong with an assignment in a course on nbgrader."""
    name = source.name
    course.add(source)
    faults = faults_of_release(course, source)
    course.hand_in("solved", name, source.solved())
    course.hand_in("released", name, course.released(name))
    course.run("autograde", name)
    faults += faults_of_grades(course, source)
    course.run("generate_feedback", name)
    for student in ("solved", "released"):
        if not (course.folder / "feedback" / student / name / f"{name}.html").exists():
            faults.append(f"{student}: there is no feedback")
    return faults


def main() -> int:
    """Check every assignment, or those that are named; return the exit status."""
    sources = Source.find_all(ROOT / "chapters")
    chosen = [source for source in sources if source.name in sys.argv[1:]] or sources
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder) / "course")
        for source in chosen:
            try:
                faults = check(course, source)
            except CourseError as error:
                faults = [str(error)]
            points = f"{sum(source.points.values()):g} points"
            print(f"{source.name} ({points}): {'FAILED' if faults else 'ok'}", flush=True)
            for fault in faults:
                print(f"  {fault}", file=sys.stderr)
            wrong += bool(faults)
    if wrong:
        print(f"nbgrader: {wrong} of {len(chosen)} assignments failed", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
