"""Run the cells of a page as a notebook does, and return what they show as plain data.

Nothing here knows of a browser: the worker hands over a cell's text, and gets a list of what is to
be shown. The tests run the same file on an ordinary Python.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import logging
import pprint
import sys
import traceback
import types
from typing import Any

from figure_words import translated

#: What a cell shows: its ``kind``, which is "text", "figure" or "error", and its ``text``, which is
#: SVG for a figure. An error has a ``name`` as well.
Shown = dict[str, str]


class Session:
    r"""The names of a page's cells, and what a cell shows.

    Examples
    --------
    >>> session = Session()
    >>> session.run("x = 20\nprint(x)\nx + 1")
    [{'kind': 'text', 'text': '20\n21'}]
    """

    def __init__(self, labels: dict[str, str] | None = None, language: str = "en") -> None:
        # The figures of the page's edition have other words than the code that draws them.
        self.labels, self.language = labels or {}, language
        # Classes and functions of a cell belong to the main module, as in a notebook.
        self.main = types.ModuleType("__main__")
        sys.modules["__main__"] = self.main
        self.names = vars(self.main)
        self.names.update(In=[""], __builtins__=__builtins__)
        self.shown: list[Shown] = []
        self.printed = io.StringIO()
        sys.modules.update(_stand_ins(self))
        # That the first figure takes a while is no part of what a cell shows.
        fonts = logging.getLogger("matplotlib.font_manager")
        fonts.addFilter(lambda record: "font cache" not in record.msg)

    def run_as_json(self, source: str, notebook: str = "") -> str:
        """Run a cell, and return what it shows as text."""
        return json.dumps(self.run(source, notebook))

    def run(self, source: str, notebook: str = "") -> list[Shown]:
        """Run a cell, and return what it shows.

        `notebook` is the page as a notebook, as text: what `check_all` runs.
        """
        self.shown, self.printed = [], io.StringIO()
        self.names["In"].append(source)
        if "lossbook.classroom" in source or "lossbook.classroom" in sys.modules:
            self._prepare_check(notebook)
        with contextlib.redirect_stdout(self.printed), contextlib.redirect_stderr(self.printed):
            try:
                self._execute(source)
            except BaseException as error:
                self._flush()
                self.shown.append(_told(error))
            finally:
                self.show_figures()
        self._flush()
        return self.shown

    def _execute(self, source: str) -> None:
        name = f"<cell {len(self.names['In']) - 1}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), self.names)
            if value is not None and not source.rstrip().endswith(";"):
                self.display(value)

    def _prepare_check(self, text: str) -> None:
        """Let `check_all` find the page's cells."""
        from lossbook.classroom.student import notebook

        notebook.current = (lambda: json.loads(text)) if text else None

    def display(self, *values: Any, **options: Any) -> None:
        """Show values as IPython's function does; what only the book's text reads is not shown."""
        if options.get("raw"):
            return
        for value in values:
            text = value if isinstance(value, str) else pprint.pformat(value, sort_dicts=False)
            if isinstance(value, str):
                text = repr(value)
            print(text)

    def show_figures(self, *_: Any, **__: Any) -> None:
        """Show the figures that are open, in the book's way, and close them."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in pyplot.get_fignums() if pyplot else ():
            drawing = io.StringIO()
            # As in a notebook, what is drawn is what is there, with a small margin.
            pyplot.figure(number).savefig(
                drawing, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
            )
            pyplot.close(number)
            self._flush()
            svg = translated(drawing.getvalue(), self.labels, self.language)
            self.shown.append({"kind": "figure", "text": svg})

    def _flush(self) -> None:
        """Put what was printed so far before what comes next."""
        if text := self.printed.getvalue().rstrip("\n"):
            self.shown.append({"kind": "text", "text": text})
        self.printed.seek(0)
        self.printed.truncate()


def _told(error: BaseException) -> Shown:
    """Return an error with the lines of the cells that led to it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename[:5] == "<cell"]
    lines = [f"{frame.lineno}: {frame.line}" for frame in frames]
    lines += [line.rstrip() for line in traceback.format_exception_only(error)]
    return {"kind": "error", "name": type(error).__name__, "text": "\n".join(lines)}


def _stand_ins(session: Session) -> dict[str, types.ModuleType]:
    """Return what stands for IPython: the few functions that the book and Matplotlib ask for."""

    def use_formats(*_: Any, **__: Any) -> None:
        import matplotlib as mpl
        from matplotlib import pyplot as plt

        mpl.use("svg")
        plt.show = session.show_figures

    def module(name: str, **content: Any) -> dict[str, types.ModuleType]:
        made = types.ModuleType(name)
        vars(made).update(content)
        return {name: made}

    return {
        **module("IPython", get_ipython=lambda: None, version_info=(8, 24)),
        **module("IPython.display", display=session.display),
        **module("matplotlib_inline"),
        **module("matplotlib_inline.backend_inline", set_matplotlib_formats=use_formats),
    }
