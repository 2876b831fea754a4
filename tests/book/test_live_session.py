"""What runs the cells of a page, on an ordinary Python, and what the runtime is made of."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.book.test_live import parts, stored

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import live  # noqa: E402 - found through the line above

RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from session import Session
cells, notebook, labels = json.load(sys.stdin)
session = Session(labels, "ko")
json.dump([session.run(cell, notebook) for cell in cells], sys.stdout)
"""


def ran(
    *cells: str, notebook: str = "", labels: dict[str, str] | None = None
) -> list[list[dict[str, str]]]:
    """Return what cells show; in a process of its own, whose main module they take."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(ROOT / "_live")],
        input=json.dumps([cells, notebook, labels]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stderr == ""
    found: list[list[dict[str, str]]] = json.loads(done.stdout)
    return found


def test_the_cells_of_a_notebook_show_what_it_stores() -> None:
    text = (ROOT / "chapters/mean_squared_error/examples.ipynb").read_text("utf-8")
    cells = [one for one in json.loads(text)["cells"] if one["cell_type"] == "code"]
    for one, shown in zip(cells, ran(*("".join(one["source"]) for one in cells)), strict=True):
        assert parts(shown) == stored(one), "".join(one["source"])


def test_code_in_prose_that_is_to_run_stands_alone() -> None:
    block = re.compile(r"^```\{code-block\} python\n:class: live\n(.*?)^```$", re.M | re.S)
    texts = [path.read_text("utf-8") for path in (ROOT / "chapters").rglob("*.md")]
    blocks = [code for text in texts for code in block.findall(text)]
    assert len(blocks) > 4
    for code in blocks:
        (shown,) = ran(code)
        assert shown
        assert "error" not in [one["kind"] for one in shown], code


def test_what_a_cell_shows_stands_in_its_order() -> None:
    start = "import matplotlib.pyplot as plt\nfrom lossbook.notebook import use_book_style\n"
    start += "use_book_style()"
    drawing = "print('before')\nplt.plot([1, 2])\nplt.show()\nprint('after')\n_ = plt.plot([2, 1])"
    _, shown = ran(start, drawing)
    assert [one["kind"] for one in shown] == ["text", "figure", "text", "figure"]
    assert [one["text"] for one in shown[::2]] == ["before", "after"]
    assert all(one["text"].lstrip().startswith("<?xml") for one in shown[1::2])


def test_a_figure_has_the_labels_of_the_edition_and_a_reader_s_own() -> None:
    drawing = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.xlabel('LABEL')\nplt.show()"
    for label, shown in (("step", "스텝"), ("my own", None)):
        [[figure]] = ran(drawing.replace("LABEL", label), labels={"step": "스텝"})
        words = re.findall(r"<text[^>]*>([^<]*)</text>", figure["text"])
        assert words == ([shown] if shown else [])
        assert f"<!-- {label} -->" in figure["text"]


def test_the_last_expression_is_shown_as_a_notebook_shows_it() -> None:
    every = ran("1 + 1", "'text'", "None", "1;", "x = 2", "x\nx + 1", "{'b': 1, 'a': [2]}", "")
    texts = [[one["text"] for one in shown] for shown in every]
    assert texts == [["2"], ["'text'"], [], [], [], ["3"], ["{'b': 1, 'a': [2]}"], []]


def test_an_error_names_the_lines_of_the_cells_and_the_next_cell_runs() -> None:
    *_, slip, unfinished, parsed, ended, last = ran(
        "def half(x):\n    return x / 0",
        "print('so far')\nhalf(2)",
        "raise NotImplementedError",
        "1 +",
        "raise SystemExit",
        "print(__name__, half.__module__)",
    )
    assert [one["kind"] for one in slip] == ["text", "error"]
    assert slip[1]["text"].splitlines() == [
        "2: half(2)",
        "2: return x / 0",
        "ZeroDivisionError: division by zero",
    ]
    assert unfinished[0]["name"] == "NotImplementedError"
    assert parsed[0]["name"] == "SyntaxError"
    assert ended[0]["name"] == "SystemExit"
    assert last[0]["text"] == "__main__ __main__"


def test_check_all_reads_the_cells_of_the_page() -> None:
    setup = 'from lossbook.classroom import check_all\nASSIGNMENT = "mean_squared_error"'
    cells: list[Any] = [{"cell_type": "code", "source": one} for one in (setup, "mse_by_hand = 6")]
    shown = ran(setup, "check_all()", notebook=json.dumps({"cells": cells}))
    assert shown[1][0]["text"].startswith("1 of 5 right.")


def test_a_file_that_is_not_the_lock_s_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = {"file_name": "numpy-1.whl", "sha256": "0" * 64}
    (tmp_path / "numpy-1.whl").write_bytes(b"another one")
    monkeypatch.setattr(live, "sources", lambda: iter([tmp_path]))
    with pytest.raises(live.UnavailableError, match=r"numpy-1\.whl .*LIVE_WHEELS=folder"):
        live.wheel(package)
    package["sha256"] = hashlib.sha256(b"another one").hexdigest()
    assert live.wheel(package) == b"another one"


@pytest.mark.skipif(not live.RUNTIME.exists(), reason="there is no runtime: `make live` says why")
def test_every_package_of_the_runtime_has_its_license_beside_it() -> None:
    notice = (live.RUNTIME / "LICENSES.txt").read_text("utf-8")
    lock = json.loads((live.RUNTIME / "pyodide-lock.json").read_text("utf-8"))
    for package in lock["packages"].values():
        part = notice.partition(f"\n{package['name']} {package['version']}\n")[2]
        words = part.partition("-" * 72)[0]
        assert "opyright" in words, package["name"]
        with zipfile.ZipFile(live.RUNTIME / package["file_name"]) as archive:
            names = archive.namelist()
        assert not [name for name in names if name.endswith(".py")], "compiled, all of them"
    for words in ("Mozilla Public License 2.0", "Python Software Foundation License"):
        assert words in notice
    assert "Bitstream Vera" in notice, "the fonts' own"


def test_nothing_of_the_teacher_s_goes_into_the_page() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in live.package_files()]
    assert "lossbook/engine.py" in names
    assert "lossbook/classroom/student/check.py" in names
    assert any(name.endswith("classroom.mo") for name in names)
    assert not [name for name in names if "teacher" in name or "__pycache__" in name]


def test_a_book_in_a_teacher_s_folder_goes_into_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "teacher"
    for name in ("lossbook/engine.py", "lossbook/classroom/teacher/grade.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    monkeypatch.setattr(live, "ROOT", root)
    assert live.package_files() == [root / "lossbook/engine.py"]
