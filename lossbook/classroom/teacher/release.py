"""What a released notebook needs where there is nothing but Python: a first cell, and a wheel.

No package index has `lossbook`. So a released notebook begins with a cell that installs it from
where the course says; by default that is a wheel beside the notebook, which is written with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import lossbook
from lossbook.classroom.student.messages import N_, _, translated
from lossbook.classroom.teacher.source import Notebook

__all__ = ["with_first_cell", "write_wheel"]

_FIRST = N_("Run this cell first: it installs lossbook where it is missing.")
_BESIDE = N_("The file {file} has to lie beside this notebook.")


def with_first_cell(notebook: Notebook, install: str, language: str = "en") -> Notebook:
    """Return a notebook that begins with a cell which installs lossbook where it is missing.

    Parameters
    ----------
    notebook : dict
        A released notebook.
    install : str
        What pip is to install: a file beside the notebook, an address, ``git+https://...``.
    language : str, optional
        The language of the comment in the cell.
    """
    comment = f"# {translated(_FIRST, language)}\n"
    if re.fullmatch(r"[^/\\:]+\.whl", install):
        comment += f"# {translated(_BESIDE, language).format(file=install)}\n"
    source = (
        f"{comment}"
        "try:\n"
        "    import lossbook\n"
        "except ImportError:\n"
        f"    %pip install --quiet {install}"
    )
    book = os.environ.get("BOOK_URL")
    if book:  # `check` links to its sections
        source += f"\nBOOK = {book!r}"
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "install",
        "metadata": {"tags": ["install"]},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
    return {**notebook, "cells": [cell, *notebook["cells"]]}


def write_wheel(folder: Path) -> Path:
    """Write the package as a wheel into a folder, and return its path.

    Raises
    ------
    ValueError
        If the package's source is not here, or cannot be built; the message is for a teacher.
    """
    root = Path(lossbook.__file__).resolve().parents[1]
    if not (root / "pyproject.toml").is_file():
        raise ValueError(
            _(
                "lossbook is in {folder}, without its pyproject.toml, and a wheel for students is "
                "built from the repository; work there, or say with --install what pip should "
                "install: an address or a file"
            ).format(folder=root)
        )
    before = set(folder.glob("lossbook-*.whl"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    done = subprocess.run(
        [*command, *options, str(root)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(
            _(
                "the wheel for students could not be built: {text}. Run `make setup`, or say with "
                "--install what pip should install: an address or a file"
            ).format(text=done.stderr.strip()[-300:])
        )
    found = sorted(folder.glob(f"lossbook-{lossbook.__version__}-*.whl"))
    for old in before - set(found):
        old.unlink()
    return found[0]
