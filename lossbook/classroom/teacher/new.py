"""Make a new assignment from the template: its notebook, its questions and its bank."""

from __future__ import annotations

import re
from pathlib import Path

import lossbook
from lossbook.classroom.student.messages import _

__all__ = ["make_new"]

TEMPLATE = Path(__file__).parent / "template"


def make_new(name: str, book: Path, root: Path | None = None) -> list[Path]:
    """Copy the template to the places of an assignment with this name; return what was written.

    Parameters
    ----------
    name : str
        The assignment's name, which is also that of its module and of its chapter's folder.
    book : Path
        The folder of the chapters.
    root : Path, optional
        The repository; by default the one that lossbook is used from.

    Raises
    ------
    ValueError
        If the name is no name of a module, or something is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            _(
                "NAME is {value}; expected lower-case letters, digits and _, such as {example}"
            ).format(value=repr(name), example="poisson_loss")
        )
    root = root or Path(lossbook.__file__).resolve().parents[1]
    targets = {
        "assignment.ipynb": book / name / "assignment.ipynb",
        "questions.py": root / "lossbook" / "classroom" / "questions" / f"{name}.py",
        "bank.py": root / "tests" / "classroom" / "banks" / f"{name}.py",
    }
    for target in targets.values():
        if target.exists():
            raise ValueError(
                _("NAME is {value}, and there is {path} already; choose another name").format(
                    value=repr(name), path=target
                )
            )
    for source, target in targets.items():
        text = (TEMPLATE / source).read_text(encoding="utf-8")
        text = text.replace('ASSIGNMENT = \\"template\\"', f'ASSIGNMENT = \\"{name}\\"')
        text = text.replace('Assignment(\n    "template"', f'Assignment(\n    "{name}"')
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return list(targets.values())
