"""Say what an answer uses that is not there when it is graded."""

from __future__ import annotations

import ast
import dis
import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

import lossbook
from lossbook.classroom.student.cells import is_there

__all__ = ["functions_of", "used_elsewhere"]


def used_elsewhere(name: str, namespace: dict[str, Any]) -> list[str]:
    """Return the modules that an answer needs and that are not there in grading.

    Parameters
    ----------
    name : str
        A function, with all that it calls, or a variable, with the cell that gave it its value.
    namespace : dict
        The notebook's names.

    Examples
    --------
    >>> from lossbook.classroom.student.elsewhere import used_elsewhere
    >>> used_elsewhere("f", {"f": lambda x: x})
    []
    """
    thing = namespace.get(name)
    if not callable(thing):
        code = _cell_of(name, namespace.get("In"))
        if code is None:
            return []
        thing = FunctionType(code, namespace)
    found = dict.fromkeys(_modules_of(thing, []))
    return [module for module in found if not _is_there(module)]


def functions_of(thing: Any) -> set[str]:
    """Return the names of all functions that a function of the notebook may call.

    >>> from lossbook.classroom.student.elsewhere import functions_of
    >>> functions_of(lambda x: abs(x))
    {'abs'}
    """
    found: set[str] = set()
    waiting = [thing]
    while waiting:
        thing = waiting.pop()
        thing = _inner(thing) or thing
        if isinstance(thing, FunctionType):
            new = set(_names_in(thing.__code__)) - found
            found |= new
            waiting += [thing.__globals__[name] for name in new if name in thing.__globals__]
    return found


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _is_there(module: str) -> bool:
    if module.partition(".")[0] == "lossbook":
        return module.startswith(("lossbook.datasets", "lossbook.classroom", "lossbook.notebook"))
    return is_there(module)


def _cell_of(name: str, cells: Any) -> CodeType | None:
    """Return the code that last bound a name, from the cells that IPython remembers."""
    for cell in reversed(cells) if isinstance(cells, list) else ():
        try:
            tree = ast.parse(cell)
            tree.body = _needed_for(name, tree.body)
            if tree.body:
                return compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, TypeError, ValueError, RecursionError):
            continue
    return None


def _needed_for(name: str, body: list[ast.stmt]) -> list[ast.stmt]:
    """Return those of a cell's statements that a name's value comes from."""
    needed: set[str] = {name}
    found: list[ast.stmt] = []
    for node in reversed(body):
        names = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name)]
        if any(inner.id in needed and isinstance(inner.ctx, ast.Store) for inner in names):
            needed |= {inner.id for inner in names}
            found.insert(0, node)
    return found


def _modules_of(thing: Any, seen: list[Any]) -> Iterator[str]:
    """Yield the modules that a thing comes from, and those that its own code uses."""
    if any(thing is other for other in seen):
        return
    seen.append(thing)
    if isinstance(thing, MethodType):
        yield from _modules_of(thing.__func__, seen)
    elif isinstance(thing, FunctionType) and thing.__module__ in (None, "__main__", "builtins"):
        file = thing.__code__.co_filename  # `%run` brings functions from a file beside the notebook
        if file != thing.__globals__.get("__file__") and Path(file).is_file():
            yield Path(file).name
        yield from _modules_in(thing.__code__, thing.__globals__, seen)
        for cell in thing.__closure__ or ():
            yield from _modules_of(cell.cell_contents, seen)
    elif isinstance(thing, ModuleType):
        if thing is not lossbook:
            yield thing.__name__
    elif isinstance(thing, type) and thing.__module__ == "__main__":
        for member in vars(thing).values():
            yield from _modules_of(member, seen)
    elif isinstance(thing, np.ufunc):
        if getattr(np, thing.__name__, None) is not thing:
            yield _home_of(thing)
    else:
        own = thing if isinstance(thing, type | FunctionType) else type(thing)
        yield own.__module__ or "builtins"
        if own is not thing and own.__module__ == "__main__":
            yield from _modules_of(own, seen)
        inner = _inner(thing)
        if inner is not None:
            yield from _modules_of(inner, seen)


def _inner(thing: Any) -> Any:
    """Return the function inside what wraps one."""
    if isinstance(thing, functools.partial):
        return thing.func
    return thing.pyfunc if isinstance(thing, np.vectorize) else None


def _modules_in(code: CodeType, names: dict[str, Any], seen: list[Any]) -> Iterator[str]:
    """Yield the modules that a piece of code uses; importing one at the top is no use."""
    steps = list(dis.get_instructions(code))
    loaded = [s.argval for s in steps if s.opname in ("LOAD_GLOBAL", "LOAD_NAME")]
    parts = [s.argval for s in steps if "ATTR" in s.opname or "METHOD" in s.opname]
    inside = [] if code.co_name == "<module>" else [s for s in steps if "IMPORT" in s.opname]
    imported = [s.argval for s in inside if s.opname == "IMPORT_NAME"]
    parts += [s.argval for s in inside if s.opname == "IMPORT_FROM"]
    yield from (name for name in imported if name != "lossbook")
    things = [names[name] for name in loaded if name in names]
    if "lossbook" in imported or any(thing is lossbook for thing in things):
        yield from (f"lossbook.{name}" for name in parts if name in lossbook.__all__)
    for thing in things:
        yield from _modules_of(thing, seen)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _modules_in(constant, names, seen)


def _home_of(ufunc: np.ufunc) -> str:
    """Return a module that has a ufunc, which does not know its own."""
    for name, module in list(sys.modules.items()):
        if getattr(module, ufunc.__name__, None) is ufunc:
            return name
    return "builtins"
