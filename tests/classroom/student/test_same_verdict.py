"""The same notebook gets the same verdict in IPython with `check`, from `check_all`, and graded.

A hundred notebooks, each right in its own style: magics, plots, packages, what people leave in the
cells around an answer. All three must call them right, or all three must not, and then `check` has
said why.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from lossbook.classroom.student import notebook as notebooks
from lossbook.classroom.student.check import PRACTICE, _as_in_grading, _run, _verdict, check_all
from lossbook.classroom.student.question import load
from lossbook.classroom.student.reading import plain_python
from lossbook.classroom.student.verdict import judge
from lossbook.classroom.teacher.sandbox import fault

NAME = "mean_squared_error"


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """Keep to one test what a notebook sets for all of NumPy."""
    with np.errstate(), np.printoptions():
        yield


@pytest.fixture(scope="module", autouse=True)
def own_main() -> Iterator[None]:
    """Keep to this module that IPython takes the name `__main__` for the notebook's names."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


SETUP = """import numpy as np

from lossbook.classroom import check
from lossbook.datasets import load_penguins

ASSIGNMENT = "mean_squared_error"
"""
HAND = "mse_by_hand = 6.0"
LOSS = "def mean_squared_error(t, y):\n    return np.mean((t - y) ** 2)"
BOTH = f"{HAND}\n{LOSS}"

#: Notebooks whose answers are right, by what is unusual: the cells after the setup.
RIGHT: dict[str, list[str]] = {
    "plain": [BOTH],
    # magics on the first line
    "time": [f"%%time\n{HAND}", f"%%time\n{LOSS}"],
    "time after a blank line": [f"\n%%time\n{BOTH}"],
    "capture": [f"%%capture\n{BOTH}"],
    "capture into a name": [f"%%capture output --no-stderr\n{BOTH}", "output.show()"],
    "capture and time": [f"%%capture\n%%time\n{BOTH}"],
    "prun": [f"%%prun -q\n{HAND}", LOSS],
    "timeit of a cell": [BOTH, "%%timeit -n 1 -r 1\nmean_squared_error(np.ones(3), np.zeros(3))"],
    "html": [BOTH, "%%html\n<b>not Python: at all</b>"],
    "javascript": ["%%javascript\nvar x = 1;", BOTH],
    "latex": ["%%latex\n$\\frac{1}{N}$", BOTH],
    "markdown": ["%%markdown\n# My notes: don't\n* read", BOTH],
    # magics in a line
    "matplotlib": [f"%matplotlib inline\n{BOTH}"],
    "config": [f"%config InlineBackend.figure_format = 'svg'\n{BOTH}"],
    "autoreload": [f"%load_ext autoreload\n%autoreload 0\n{BOTH}"],
    "precision": [f"%precision 3\n{BOTH}"],
    "time in a line": [f"%time {HAND}", LOSS],
    "time of a call": [f"{LOSS}\nt, y = np.array([1.0, 4, 7, 8]), np.array([3.0, 4, 3, 6])\n"
                       "%time mse_by_hand = mean_squared_error(t, y)"],
    "time with a comment": [f"%time {HAND}  # by hand", LOSS],
    "timeit": [f"{BOTH}\n%timeit -n1 -r1 mean_squared_error(np.ones(3), np.zeros(3))"],
    "timeit with a result": [f"{BOTH}\nresult = %timeit -o -n 1 -r 1 np.mean([1, 2])\nresult.best"],
    "magic in a branch": [f"if True:\n    %time {HAND}\n{LOSS}"],
    "magic in a loop": [f"for k in range(2):\n    %time mse_by_hand = 3.0 * k + 3.0\n{LOSS}"],
    "magic between": [f"{HAND}\n%who\n{LOSS}"],
    "working folder": [f"%pwd\n{BOTH}"],
    "environment": [f"%env LOSSBOOK_TRY=1\n{BOTH}"],
    "reset": ["x = 1", "%reset -f", SETUP, BOTH],
    "automatic magic": ["pwd", BOTH],
    "automatic time": [f"time {HAND}", LOSS],
    "get_ipython": [f"get_ipython().run_line_magic('matplotlib', 'inline')\n{BOTH}"],
    "get_ipython imported": [f"from IPython import get_ipython\nget_ipython()\n{BOTH}"],
    "guarded get_ipython": [f"try:\n    get_ipython()\n    found = True\n"
                            f"except NameError:\n    found = False\n{BOTH}"],
    "interactivity": ["from IPython.core.interactiveshell import InteractiveShell\n"
                      f"InteractiveShell.ast_node_interactivity = 'last_expr'\n{BOTH}"],
    # help and the shell
    "help": [f"np.mean?\n{BOTH}"],
    "help in front": [f"?np.mean\n{BOTH}"],
    "help in the end": [f"{BOTH}\nmean_squared_error?"],
    "source": [BOTH, "mean_squared_error??"],
    "shell": [f"!echo hello\n{BOTH}"],
    "shell with a name": [f"who = 'me'\n!echo {{who}}\n{BOTH}"],
    "shell into a name": [f"files = !echo a\n{BOTH}"],
    "shell into a list": [f"n = len(!echo a) if False else 0\n{BOTH}".replace("len(!echo a)", "1")],
    "shell in a try": ["try:\n    import numpy\nexcept ImportError:\n    !echo install\n" + BOTH],
    "bash": ["%%bash\nfor x in 1 2; do echo $x; done", BOTH],
    # what looks like a magic and is none
    "remainder at a line's start": ["mse_by_hand = (20\n    % 14)\n" + LOSS],
    "remainder after a backslash": ["mse_by_hand = 20 \\\n% 14\n" + LOSS],
    "formatting at a line's start": [f"text = ('%d of %d'\n% (1, 2))\n{BOTH}"],
    "text with magics": [f'text = """\n%%time\n!rm -rf x\n%matplotlib inline\nmean?\n"""\n{BOTH}'],
    "docstring with magics": [HAND, 'def mean_squared_error(t, y):\n    """Return it.\n\n'
                              '    %timeit me\n!now\n    """\n    return np.mean((t - y) ** 2)'],
    "question mark in a comment": [f"# is it right?\n{BOTH}  # or not?"],
    "not equal at a line's start": [f"assert (1\n!= 2)\n{BOTH}"],
    "matrix product at a line's start": [
        HAND, "def mean_squared_error(t, y):\n    d = t - y\n    return (d\n@ d) / len(d)"],
    # prompts and indentation that were pasted
    "pasted prompts": [f">>> {HAND}\n>>> x = 2", LOSS],
    "pasted IPython prompts": [f"In [1]: {HAND}\n", LOSS],
    "indented": ["    " + HAND, "  def mean_squared_error(t, y):\n      return np.mean((t - y) ** 2)"],
    "tabs": [HAND, "def mean_squared_error(t, y):\n\treturn np.mean((t - y) ** 2)"],
    "trailing backslash r": [BOTH.replace("\n", "\r\n")],
    "typographic space in a comment": [f"{HAND}  #\u00a0six", LOSS],
    # display
    "display": [f"display(np.ones(2))\n{BOTH}"],
    "display imported": [f"from IPython.display import display, Markdown, Math\n"
                         f"display(Markdown('# hi'), Math('x'))\n{BOTH}"],
    "clear_output": [f"from IPython.display import clear_output\nclear_output(wait=True)\n{BOTH}"],
    "html shown": [f"from IPython.display import HTML\nHTML('<b>x</b>')\n{BOTH}"],
    "semicolon": [f"{LOSS}\n{HAND}\nmse_by_hand;"],
    "last value": [LOSS, "24 / 4", "mse_by_hand = _"],
    "last value by its number": [LOSS, "24 / 4", "mse_by_hand = Out[3]"],
    "underscore used otherwise": [LOSS, "for _ in range(3):\n    pass\n1 + 1", "mse_by_hand = 4.0 + _"],
    # figures
    "one figure": [f"import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 3))\n"
                   f"plt.plot([1, 2])\nplt.close()\n{BOTH}"],
    "subplots": [f"import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1], label='x')\n"
                 f"ax.legend()\nplt.close(fig)\n{BOTH}"],
    "three axes": [f"import matplotlib.pyplot as plt\nfig, (a, b, c) = plt.subplots(1, 3)\n"
                   f"a.plot([1])\nplt.close(fig)\n{BOTH}"],
    "four axes": [f"import matplotlib.pyplot as plt\nfig, ((a, b), (c, d)) = plt.subplots(2, 2)\n"
                  f"plt.close(fig)\n{BOTH}"],
    "axes in a loop": [f"import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 3)\nseen = []\n"
                       "for ax, k in zip(axes.flat, range(6)):\n    ax.plot([k])\n    seen.append(k)\n"
                       f"plt.close(fig)\nmse_by_hand = float(len(seen))\n{LOSS}"],
    "axes by index": [f"import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2)\n"
                      f"axes[0].set_title('x')\naxes[1].grid()\nplt.close(fig)\n{BOTH}"],
    "lines unpacked": [f"import matplotlib.pyplot as plt\n(line,) = plt.plot([1, 2])\n"
                       f"line.set_color('k')\nplt.close()\n{BOTH}"],
    "histogram unpacked": [f"import matplotlib.pyplot as plt\n_, edges, bars = plt.hist([1, 2])\n"
                           f"plt.close()\n{BOTH}"],
    "limits": [f"import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nlow, high = ax.get_ylim()\n"
               f"ax.set_ylim(low - 1, 1.1 * high)\nplt.close(fig)\n{BOTH}"],
    "settings of figures": [f"import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 90\n"
                            f"plt.rcParams.update({{'font.size': 9}})\nplt.style.use('default')\n{BOTH}"],
    "matplotlib itself": [f"import matplotlib as mpl\nmpl.use('Agg')\nfrom matplotlib import cm\n{BOTH}"],
    "style in a with": [f"import matplotlib.pyplot as plt\nwith plt.style.context('default'):\n"
                        f"    plt.plot([1])\nplt.close()\n{BOTH}"],
    # packages
    "package that is not used": [f"import sympy\n{BOTH}"],
    "packages in one line": [f"import sympy, numpy as np, babel\n{BOTH}"],
    "names that are not used": [f"from sympy import symbols, diff\n{BOTH}"],
    "package in a try": [f"try:\n    import torch_that_nobody_has\nexcept ImportError:\n"
                         f"    torch = None\n{BOTH}"],
    "package set up": [f"import sympy\nsympy.init_printing()\n{BOTH}"],
    "package used for something else": [f"import sympy\nx = sympy.Symbol('x')\nd = x * 2\n{BOTH}"],
    "losses imported and not used": [f"import lossbook as lb\nfrom lossbook.sums import *\n{BOTH}"],
    "losses compared with": [f"import lossbook as lb\n{BOTH}",
                             "lb.mean_squared_error([1.0], [2.0]) == mean_squared_error(1.0, 2.0)"],
    "data sets": [f"import lossbook\nlossbook.datasets.load_penguins()\n{BOTH}"],
    "standard library": [f"import math, random, statistics, collections, itertools\n{BOTH}"],
    "asynchronous": [f"import asyncio\nawait asyncio.sleep(0)\n{BOTH}"],
    "asynchronous function": [f"async def six():\n    return 6.0\nmse_by_hand = await six()\n{LOSS}"],
    "warnings off": [f"import warnings\nwarnings.filterwarnings('ignore')\n{BOTH}"],
    "future": [f"from __future__ import annotations\n{HAND}\n"
               "def mean_squared_error(t: Array, y: Array) -> float:\n    return np.mean((t - y)**2)"],
    "dataclass": [f"from dataclasses import dataclass\n@dataclass\nclass Model:\n    w: float = 6.0\n"
                  f"mse_by_hand = Model().w\n{LOSS}"],
    "class with state": [HAND, "class Loss:\n    def __call__(self, t, y):\n"
                         "        return np.mean((t - y) ** 2)\nmean_squared_error = Loss()"],
    "main guard": [f"if __name__ == '__main__':\n    {HAND}\n{LOSS}"],
    "cell that stops in its end": [f"{BOTH}\nraise RuntimeError('left over')"],
    "cell that is no Python": [BOTH, "def broken(:"],
    "code in a check's cell": [f'check("q1", globals())\n{BOTH}'],
    "print options": [f"np.set_printoptions(precision=2)\nnp.seterr(all='warn')\n{BOTH}"],
    "random numbers": [f"np.random.seed(3)\nnp.random.rand(2)\n{BOTH}"],
    "cells in another order": [LOSS, HAND],
    "import in a cell of its own": ["import numpy", "import numpy as np", BOTH],
    "function over several cells": [HAND, "def square(x): return x * x",
                                    "def mean_squared_error(t, y): return np.mean(square(t - y))"],
    "source of a function": [f"import inspect\n{LOSS}\ntext = inspect.getsource(mean_squared_error)\n"
                             "mse_by_hand = 6.0 * ('return' in text)"],
}  # fmt: skip
#: Notebooks that work only where they were written; what `check` must name.
ELSEWHERE: dict[str, tuple[list[str], str]] = {
    "package in a function": (
        [HAND, "import sympy\ndef mean_squared_error(t, y):\n"
         "    return float(sympy.Rational(1)) * np.mean((t - y) ** 2)"], "sympy"),
    "package inside a function": (
        [HAND, "def mean_squared_error(t, y):\n    import sympy\n    return np.mean((t - y)**2)"],
        "sympy"),
    "package in a helper": (
        [HAND, "from sympy import Integer\ndef two(): return int(Integer(2))\n"
         "def mean_squared_error(t, y): return np.mean((t - y) ** two())"], "sympy"),
    "loss of the book": (
        [HAND, "import lossbook as lb\n"
         "def mean_squared_error(t, y): return lb.mean_squared_error(t, y)"], "lossbook"),
    "a module of the book": (
        [HAND, "from lossbook.probabilities import sigmoid\n"
         "def mean_squared_error(t, y):\n    return np.mean((t - y) ** 2) * 2 * float(sigmoid(0.0))"],
        "lossbook"),
    "value from a package": (
        [LOSS, "import sympy\nmse_by_hand = float(sympy.Integer(6))"], "sympy"),
}  # fmt: skip
Verdict = tuple[bool, bool]


def code_cells(cells: list[str]) -> list[str]:
    return [SETUP, *cells]


class Shell(InteractiveShell):
    """An IPython without windows."""

    def enable_gui(self, gui: object = None) -> None:
        return None


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    """Return an IPython that forgets what it ran."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    Shell.clear_instance()
    found = Shell.instance(config=config)
    gc.freeze()  # IPython looks for garbage before each notebook, and here there is none yet
    yield found
    found.history_manager.end_session()
    Shell.clear_instance()


def in_ipython(shell: InteractiveShell, cells: list[str], folder: Path) -> Verdict:
    """Return what `check` says after IPython has run the cells."""
    before = Path.cwd()
    shell.reset()
    os.chdir(folder)
    try:
        with (
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            for cell in code_cells(cells):
                shell.run_cell(cell, store_history=True)
    finally:
        os.chdir(before)
    assignment = load(NAME)
    names = shell.user_ns
    first, second = (_verdict(assignment, assignment[q], names, PRACTICE) for q in ("q1", "q2"))
    in_ipython.said = [*first.diagnoses, *second.diagnoses]  # type: ignore[attr-defined]
    return first.right, second.right


def from_the_top(cells: list[str]) -> Verdict:
    """Return what `check_all` finds."""
    assignment = load(NAME)
    with _as_in_grading(), warnings.catch_warnings():
        _, ask = _run(assignment, [plain_python(cell) for cell in code_cells(cells)], ())
        return tuple(judge(assignment[q], ask, PRACTICE).right for q in ("q1", "q2"))  # type: ignore[return-value]


class Graded:
    """A worker in the sandbox that begins anew for each notebook."""

    def __init__(self, ask: Any) -> None:
        self.ask = ask

    def verdict(self, cells: list[str]) -> Verdict:
        self.ask({"again": []})
        for cell in code_cells(cells):
            self.ask({"run": plain_python(cell)})
        assignment = load(NAME)
        return tuple(judge(assignment[q], self.ask, "hidden").right for q in ("q1", "q2"))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def graded() -> Iterator[Graded]:
    from lossbook.classroom.teacher.sandbox import Limits
    from lossbook.classroom.teacher.submission import Submission

    if fault():
        pytest.skip(fault())
    # One sandbox serves all notebooks, on a busy machine for many minutes.
    with Submission(Limits(total_seconds=600.0, clock_seconds=36_000.0)) as submission:
        yield Graded(submission.ask)


def test_there_are_a_hundred_notebooks() -> None:
    assert len(RIGHT) + len(ELSEWHERE) >= 100


@pytest.mark.parametrize("title", RIGHT)
def test_a_right_notebook_is_right_in_help_and_in_grading(
    title: str, shell: InteractiveShell, graded: Graded, tmp_path: Path
) -> None:
    cells = RIGHT[title]
    verdicts = {
        "IPython": in_ipython(shell, cells, tmp_path),
        "check_all": from_the_top(cells),
        "graded": graded.verdict(cells),
    }
    assert set(verdicts.values()) == {(True, True)}, verdicts


@pytest.mark.parametrize("title", ELSEWHERE)
def test_what_cannot_be_run_when_graded_is_named_before(
    title: str, shell: InteractiveShell, graded: Graded, tmp_path: Path
) -> None:
    cells, named = ELSEWHERE[title]
    helped = in_ipython(shell, cells, tmp_path)
    assert helped == from_the_top(cells) == graded.verdict(cells)
    assert not all(helped)
    assert named in " ".join(d.text for d in in_ipython.said)  # type: ignore[attr-defined]


def test_check_all_says_what_is_right_what_is_empty_and_which_cells_need_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cell(kind: str, source: str, name: str = "") -> dict[str, Any]:
        return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": name}}}

    work = {
        "cells": [
            cell("code", SETUP),
            cell("code", "import sympy\nx = sympy.Symbol('x')\nmse_by_hand = 6"),
            cell("code", LOSS),
            cell("code", "def mean_squared_error_gradient(t, y): return 2 * (y - t)"),
            cell("code", "1 / 0"),
            cell("code", "outlier_effect = 'B'"),
            cell("markdown", "YOUR ANSWER HERE", "q7"),
        ]
    }
    monkeypatch.setattr(notebooks, "current", lambda: work)
    check_all({"ASSIGNMENT": NAME}, "en")
    said = capsys.readouterr().out
    assert "Code cell 2 uses sympy" in said
    assert "Code cell 5 stopped with ZeroDivisionError" in said
    assert "2 of 5 right. q6 is noted. q7 is empty; it is read by your teacher." in said
    assert "q3 (The gradient): not yet. Your value is exactly" in said
    work["cells"][-1]["source"] = "The half-sum ..."
    check_all({"ASSIGNMENT": NAME}, "en")
    assert "q7 is read by your teacher." in capsys.readouterr().out


def test_check_all_reads_the_notebook_that_was_saved_and_leaves_the_session_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source}
        for source in (
            SETUP,
            BOTH,
            "import random\nrandom.seed(5)\nopen('beside.txt', 'w').close()",
        )
    ]
    Path("my work.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    names = {"ASSIGNMENT": NAME, "mse_by_hand": 5.0}
    check_all(names, "en")
    said = capsys.readouterr().out
    assert "Read from my work.ipynb" in said
    assert "2 of 5 right." in said
    assert names == {"ASSIGNMENT": NAME, "mse_by_hand": 5.0}
    assert [path.name for path in tmp_path.iterdir()] == ["my work.ipynb"]
