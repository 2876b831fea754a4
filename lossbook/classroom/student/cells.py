"""Run the cells of a notebook as IPython does, with nothing but what is there in grading.

There are Python's own modules, NumPy and lossbook's data sets. Figures are not drawn: what asks for
them gets a stand-in that takes everything and does nothing. A package that is not there may be
imported, and says so when it is used. The grader runs a submission this way in its sandbox, and
`check_all` in the student's own notebook, so that both see the same. This file therefore imports
nothing of lossbook.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import copy
import dis
import getopt
import importlib
import inspect
import linecache
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["Absent", "Session", "Silence", "is_there"]

#: Modules that ask for another program, another process or the network.
CLOSED = frozenset(
    {
        *("ftplib", "http", "imaplib", "multiprocessing", "poplib", "smtplib", "socket"),
        *("socketserver", "ssl", "subprocess", "telnetlib", "urllib.request", "webbrowser"),
    }
)
#: Packages that only show something.
SILENT = frozenset(
    {"IPython", "google", "ipywidgets", "matplotlib", "mpl_toolkits", "pylab", "seaborn", "tqdm"}
)
_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag


def is_there(module: str) -> bool:
    """Return whether a module can be used when work is graded; lossbook's are not asked about.

    >>> from lossbook.classroom.student.cells import is_there
    >>> is_there("numpy.linalg"), is_there("scipy.special"), is_there("statistics")
    (True, False, True)
    """
    top = module.partition(".")[0]
    return (
        top in ("numpy", "__main__")
        or top in SILENT
        or (top in sys.stdlib_module_names and not {top, module} & CLOSED)
    )


# --- what stands for what is not there ------------------------------------------------------------


class Absent(types.ModuleType):
    """Stands for what is not there in grading: its import costs nothing, its use is an error.

    What a cell makes of it is absent as well, with the same error.
    """

    def __init__(self, name: str, error: ImportError) -> None:
        super().__init__(name)
        vars(self)["error"] = error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__array__":
            raise AttributeError(name)
        raise self.error

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Say that it is not there."""
        raise self.error


class Silence(types.ModuleType):
    """Stands for what only shows something: everything can be asked of it, and nothing is drawn."""

    def __init__(self, name: str = "silence") -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _subplots if name == "subplots" else Silence(name)

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Do nothing."""
        return Silence()

    def __getitem__(self, _: Any) -> Any:
        return Silence()

    def __setitem__(self, _: Any, __: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter([Silence() for _ in range(_unpacked(sys._getframe(1)))])

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __bool__(self) -> bool:
        return True

    def __float__(self) -> float:
        return 0.0

    def __index__(self) -> int:
        return 0

    def __format__(self, _: str) -> str:
        return ""


def _silent(*_: Any, **__: Any) -> Any:
    return Silence()


def _refuse(thing: Absent, *_: Any) -> Any:
    raise thing.error


for _name in (
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "neg",
    "lt",
    "gt",
):
    for _side in ("", "r"):
        setattr(Silence, f"__{_side}{_name}__", _silent)
        setattr(Absent, f"__{_side}{_name}__", _refuse)
for _name in ("getitem", "iter", "len", "float", "index", "bool", "enter", "le", "ge"):
    setattr(Absent, f"__{_name}__", _refuse)


class _Bar(Silence):
    """Stands for a progress bar, which gives what it was given."""

    def __init__(self, iterable: Any = ()) -> None:
        super().__init__("bar")
        self.__iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.__iterable)


def _progress() -> types.ModuleType:
    """Return what stands for tqdm."""

    def bar(iterable: Any = (), *_: Any, **__: Any) -> Any:
        return _Bar(iterable)

    def count(number: int, *_: Any, **__: Any) -> Any:
        return _Bar(range(number))

    found = Silence("tqdm")
    vars(found).update(tqdm=bar, trange=count, tqdm_notebook=bar, notebook=found, auto=found)
    return found


def _unpacked(frame: types.FrameType) -> int:
    """Return into how many names a line is unpacking, as in ``counts, edges, bars = hist(x)``."""
    code, place = frame.f_code.co_code, frame.f_lasti
    name = dis.opname[code[place]]
    if name == "UNPACK_SEQUENCE":
        return code[place + 1]
    return code[place + 1] + 1 if name == "UNPACK_EX" else 0


def _subplots(
    nrows: int = 1, ncols: int = 1, *_: Any, squeeze: bool = True, **__: Any
) -> tuple[Any, Any]:
    """Return a figure and its axes, in the shape in which Matplotlib gives them."""
    axes = np.array([[Silence() for _ in range(ncols)] for _ in range(nrows)], dtype=object)
    axes = axes.reshape(nrows, ncols)
    if squeeze:
        axes = axes.squeeze()
    return Silence(), axes.item() if axes.ndim == 0 else axes


# --- IPython's part -------------------------------------------------------------------------------


#: Magics that run Python, with their options. `timeit` drops the names that the code makes.
PYTHON = {"capture": "", "prun": "D:l:rs:T:q", "time": "", "timeit": "n:r:tcp:qov:"}
#: Magics that get their work from elsewhere: names may come from it.
ELSEWHERE = frozenset(
    {
        *("R", "Rpush", "Rpull", "bigquery", "cython", "edit", "fortran", "julia", "load"),
        *("macro", "paste", "pylab", "recall", "rerun", "run", "sql", "store", "writefile"),
    }
)


class _Shell:
    """What `get_ipython()` returns: IPython's magics, as far as they decide what a name holds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Silence(name)

    @property
    def user_ns(self) -> dict[str, Any]:
        return self._session.names

    def run_line_magic(self, name: str, line: str = "", *_: Any) -> Any:
        """Do what the magic does to names; most show something and do nothing to them."""
        if name in ELSEWHERE:
            raise UsageError(name)
        if name in PYTHON:
            return self._python(name, self._statement(name, line))
        if name == "reset":
            self._session.start()
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Do what the magic does to names."""
        if name in ELSEWHERE:
            raise UsageError(name)
        if name not in PYTHON:
            return None
        if name == "capture":
            for word in [word for word in line.split() if word[0] != "-"]:
                self.user_ns[word] = Silence(word)
        elif name == "timeit":  # on its line stands what comes before
            cell = self._statement(name, line) + "\n" + cell
        return self._python(name, cell)

    magic = run_line_magic

    def system(self, *_: Any) -> None:
        return None

    system_raw = system_piped = system

    def getoutput(self, *_: Any) -> list[str]:
        return []

    def _statement(self, name: str, line: str) -> str:
        """Return the code that follows a magic's options."""
        if not line.lstrip().startswith("-"):
            return line
        return " ".join(getopt.getopt(line.split(), PYTHON[name], ["no-raise-error"])[1])

    def _python(self, name: str, source: str) -> Any:
        if name == "timeit":
            self._session.execute(source, dict(self.user_ns))
            return Silence()
        return self._session.execute(source, self.user_ns)


class UsageError(Exception):
    """A magic that gets its work from elsewhere."""

    def __init__(self, name: str) -> None:
        super().__init__(f"%{name} does nothing when work is graded")


def _await(coroutine: Any) -> Any:
    """Run a coroutine to its end, also where another loop runs already, as in a notebook."""
    import asyncio  # takes longer to load than all the rest, and is rarely needed

    class Loop(asyncio.SelectorEventLoop):
        """Has no pair of sockets, with which other threads could wake it."""

        def _make_self_pipe(self) -> None:
            self._ssock = self._csock = None

        def _close_self_pipe(self) -> None:
            return None

    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    loop = Loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
        asyncio._set_running_loop(outer)


# --- a notebook -----------------------------------------------------------------------------------


class Session:
    r"""The names of a notebook, and the rules by which its cells run.

    Attributes
    ----------
    names : dict
        What the cells have defined.
    given : dict
        What certain names hold whatever the cells make of them.
    missing : list of str
        The modules that the last cell used and that are not there.

    Examples
    --------
    >>> from lossbook.classroom.student.cells import Session
    >>> session = Session()
    >>> session.run("import scipy\nx = 3")
    >>> session.names["x"]
    3
    """

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.given: dict[str, Any] = {}
        self.missing: list[str] = []
        self._errors: list[ImportError] = []
        self._modules = {**_lossbook(), "tqdm": _progress()}
        self._cells = 0
        self._shown: Any = ""
        self._flags = 0
        self._builtins = types.ModuleType("builtins")
        vars(self._builtins).update(vars(builtins))
        vars(self._builtins).update(__import__=self._import, input=_no_input)
        self.start()

    def start(self) -> None:
        """Forget all names but those that IPython brings."""
        shell = _Shell(self)
        quiet = Silence("display")
        self._modules["IPython"] = Silence("IPython")
        vars(self._modules["IPython"])["get_ipython"] = lambda: shell
        self.names.clear()
        self.names.update(
            {
                "__name__": "__main__",
                "__doc__": None,
                "__builtins__": self._builtins,
                "get_ipython": lambda: shell,
                "display": quiet,
                "exit": quiet,
                "quit": quiet,
                "In": [""],
                "Out": {},
                **dict.fromkeys(("_", "__", "___"), ""),
            }
        )
        self._shown = ""

    def run(self, source: str) -> None:
        """Run one cell, which is plain Python; an error ends it and is raised."""
        self._cells += 1
        self.missing.clear()
        self.names["In"].append(source)
        value = self.execute(source, self.names)
        if value is not None and not source.rstrip().endswith(";"):
            # As IPython: a notebook that uses `_` for something else keeps it.
            if self.names.get("_") is self._shown:
                self.names.update(_=value, __=self._shown, ___=self.names.get("__"))
            self._shown = value
            self.names["Out"][self._cells] = self.names[f"_{self._cells}"] = value

    def execute(self, source: str, names: dict[str, Any]) -> Any:
        """Run a piece of Python statement by statement; return what its last expression gives."""
        name = f"<cell {self._cells}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler has to say of backslashes
            tree = ast.parse(source, name)
            self._compile(tree, "exec", name)  # what is no Python at all does not begin
        value = None
        for node in tree.body:
            last = node is tree.body[-1]
            try:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self._import_each(node, name, names)
                elif isinstance(node, ast.Expr) and last:
                    value = self._do(ast.Expression(node.value), "eval", name, names)
                else:
                    self._do(ast.Module([node], []), "exec", name, names)
            except ImportError as error:
                if error not in self._errors:
                    raise
                # What comes of a package that is not there is not there either.
                self.missing.append(error.name or "")
                names.update((made, Absent(made, error)) for made in _names_made_by(node))
            self.names.update(self.given)
        return value

    def _import_each(
        self, node: ast.Import | ast.ImportFrom, name: str, names: dict[str, Any]
    ) -> None:
        for alias in node.names:
            one = copy.copy(node)
            one.names = [alias]
            try:
                self._do(ast.Module([one], []), "exec", name, names)
            except ImportError as error:
                self._errors.append(error)
                called = alias.asname or alias.name.partition(".")[0]
                names[called] = Absent(called, error)

    def _compile(self, tree: ast.Module | ast.Expression, mode: str, name: str) -> Any:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._flags
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(tree, name, mode, flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURE
        return code

    def _do(
        self, tree: ast.Module | ast.Expression, mode: str, name: str, names: dict[str, Any]
    ) -> Any:
        code = self._compile(tree, mode, name)
        value = eval(code, names)
        return _await(value) if code.co_flags & inspect.CO_COROUTINE else value

    def _import(
        self,
        name: str,
        globals: Any = None,  # noqa: A002  (the names are Python's)
        locals: Any = None,  # noqa: A002
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        top = name.partition(".")[0]
        if level == 0 and top in SILENT:
            return self._modules.setdefault(top, Silence(top))
        if level == 0 and top == "lossbook":
            if name == "lossbook.datasets":
                found = importlib.import_module(name)
                self._modules[name] = found
                vars(self._modules["lossbook"])["datasets"] = found
            if name not in self._modules:
                raise ModuleNotFoundError(f"{name} is not available in grading", name=name)
            return self._modules[name if fromlist else "lossbook"]
        if level or not (is_there(name) or top == "__main__"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return __import__(name, globals, locals, fromlist, level)


def _names_made_by(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id


def _lossbook() -> dict[str, types.ModuleType]:
    """Return what there is of lossbook besides the data sets: nothing that answers a question."""

    def refuse(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"lossbook.{name} is not available in grading: write it yourself")

    found = {"lossbook": types.ModuleType("lossbook")}
    vars(found["lossbook"]).update(__path__=[], __getattr__=refuse)
    for name in ("classroom", "notebook"):
        found[f"lossbook.{name}"] = Silence(f"lossbook.{name}")
        setattr(found["lossbook"], name, found[f"lossbook.{name}"])
    return found


def _no_input(*_: Any) -> str:
    raise EOFError("nobody answers when work is graded")
