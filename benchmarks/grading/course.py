"""A course on nbgrader: its folders, its commands, and the grades in its gradebook."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from lossbook.classroom.teacher.source import Notebook, Source, write_notebook

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-nbgrader" / "bin"
#: Run in nbgrader's own environment: prints the grades of an assignment.
GRADES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({
        submission.student.id: {
            grade.name: {
                "score": grade.auto_score,
                "points": grade.max_score,
                "by hand": bool(grade.needs_manual_grade),
            }
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        for submission in book.assignment_submissions(sys.argv[1])
    }))
"""
#: The graders run students' code on one core each, as ours does.
SETTINGS = {
    "PYTHONPATH": str(ROOT),
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class CourseError(Exception):
    """A command of nbgrader failed, or did not do what it should."""


class Course:
    """A folder in which nbgrader works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """Start a command of nbgrader; what it says goes to ``log.txt``."""
        with (self.folder / "log.txt").open("a") as log:
            return subprocess.Popen(
                [str(BIN / "nbgrader"), *command],
                cwd=self.folder,
                env={**os.environ, **SETTINGS},
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self, *command: str) -> None:
        """Run a command of nbgrader; raise what it said if it fails."""
        if self.begin(*command).wait() != 0:
            said = (self.folder / "log.txt").read_text()[-2_000:]
            raise CourseError(f"nbgrader {' '.join(command)} failed:\n{said}")

    def add(self, source: Source) -> None:
        """Take an assignment into the course, and let nbgrader make the students' version."""
        self._write("source", source.name, source.notebook)
        self.run("generate_assignment", source.name, "--force")

    def released(self, name: str) -> Notebook:
        """Return the students' version that nbgrader made."""
        path = self.folder / "release" / name / f"{name}.ipynb"
        found: Notebook = json.loads(path.read_text(encoding="utf-8"))
        return found

    def hand_in(self, student: str, name: str, notebook: Notebook) -> None:
        """Put a student's notebook where nbgrader looks for it."""
        self._write(f"submitted/{student}", name, notebook)

    def _write(self, folder: str, name: str, notebook: Notebook) -> None:
        path = self.folder / folder / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        write_notebook(path, notebook)

    def grades(self, name: str) -> dict[str, dict[str, dict[str, Any]]]:
        """Return each student's score and points by question."""
        done = subprocess.run(
            [str(BIN / "python"), "-c", GRADES, name],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CourseError(f"the gradebook cannot be read:\n{done.stderr[-2_000:]}")
        found: dict[str, dict[str, dict[str, Any]]] = json.loads(done.stdout)
        return found
