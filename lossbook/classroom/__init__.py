"""Assignments from one source: help at once for students, safe grading for teachers.

A student asks for help inside a notebook::

    from lossbook.classroom import check
    check("q1", globals())

A teacher works on the command line::

    python -m lossbook.classroom release DIR
    python -m lossbook.classroom solution DIR
    python -m lossbook.classroom grade SUBMISSIONS --assignment NAME --roster roster.csv \
        --seed N --out RESULTS

What an assignment asks stands in its notebook; how its answers are judged stands in
`lossbook.classroom.questions`, in a module of the same name. The rest are two rooms:
`lossbook.classroom.student` is what runs on a student's computer and needs nothing of the others,
and `lossbook.classroom.teacher` is what runs on a teacher's.
"""

from lossbook.classroom.student.check import check, check_all, require

__all__ = ["check", "check_all", "require"]
