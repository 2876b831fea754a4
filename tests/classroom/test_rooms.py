"""The classroom's rooms: which may use which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

CLASSROOM = Path(__file__).resolve().parents[2] / "lossbook" / "classroom"
#: What a room may import of the classroom, besides itself.
ARROWS = {
    "student": set(),
    "questions": {"student"},
    "teacher": {"student", "questions"},
}


def imported_rooms(path: Path) -> set[str]:
    """Return the parts of the classroom that a module imports."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides where an arrow ends"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    inside = [name.split(".") for name in names if name.startswith("lossbook.classroom")]
    return {parts[2] if len(parts) > 2 else "" for parts in inside}


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_uses_only_the_rooms_below_it(room: str) -> None:
    modules = sorted((CLASSROOM / room).rglob("*.py"))
    assert len(modules) > 3
    for path in modules:
        beyond = imported_rooms(path) - ARROWS[room] - {room}
        assert not beyond, f"{path.relative_to(CLASSROOM)} uses {beyond}"


def test_every_module_is_in_a_room() -> None:
    assert {path.name for path in CLASSROOM.glob("*.py")} == {"__init__.py", "__main__.py"}
    rooms = {path.name for path in CLASSROOM.iterdir() if any(path.glob("*.py"))}
    assert rooms == set(ARROWS)


def test_a_student_s_help_loads_nothing_of_the_teacher_s() -> None:
    code = """
import sys
import lossbook.classroom as classroom
classroom.check("q1", {"ASSIGNMENT": "mean_squared_error"}, language="en")
print([name for name in sys.modules if name.startswith("lossbook.classroom.teacher")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_student_s_help_needs_numpy_and_nothing_else(tmp_path: Path) -> None:
    code = """
import sys

class Others:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "numpy", "lossbook"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Others())
from lossbook.classroom import check, check_all
names = {"ASSIGNMENT": "training", "first_loss": 2.3026, "In": ["", "first_loss = 2.3026"]}
check("q1", names, "en")
check_all(names, "en")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "q1 (Before you begin): right." in done.stdout
    assert "1 of 8 right." in done.stdout
