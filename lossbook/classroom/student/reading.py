"""Find the notebook that is being worked on, and read its cells by IPython's own rules."""

from __future__ import annotations

import ast
import importlib.util

__all__ = ["has_ipython", "plain_python"]

#: Magics whose last argument is Python, in which there may be further magics.
PYTHON = ("capture", "prun", "time", "timeit")
#: Magics that people write without %, alone in a cell.
AUTOMATIC = frozenset(
    {
        *("autoreload", "cat", "cd", "conda", "config", "cp", "env", "load_ext", "ls", "mamba"),
        *("matplotlib", "mkdir", "pip", "precision", "pwd", "reset", "run", "time", "timeit"),
        *("uv", "who", "whos"),
    }
)


def has_ipython() -> bool:
    """Return whether IPython is installed."""
    return importlib.util.find_spec("IPython") is not None


def plain_python(cell: str) -> str:
    r"""Return a cell as plain Python: a magic becomes a call of `get_ipython()`.

    Where IPython is not installed there are no magics, and a cell is Python already.

    Examples
    --------
    >>> from lossbook.classroom.student.reading import plain_python
    >>> plain_python("files = !ls")
    "files = get_ipython().getoutput('ls')\n"
    """
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return cell  # there are no magics either
    try:
        code = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]
    except SyntaxError:
        return cell
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _automagic(code)
    if "get_ipython().run_" not in code:
        return code
    found = _Inner()
    tree = found.visit(tree)
    return ast.unparse(tree) if found.changed else code


def _automagic(code: str) -> str:
    """Return a lone line such as ``pip install x``, which IPython takes for a magic without %."""
    word, _, rest = code.strip().partition(" ")
    if word not in AUTOMATIC or "\n" in code.strip():
        return code
    return f"get_ipython().run_line_magic({word!r}, {rest!r})\n"


class _Inner(ast.NodeTransformer):
    """Reads the Python that is handed to a magic."""

    changed = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Attribute(attr="run_line_magic" | "run_cell_magic"),
                args=[ast.Constant(value=name), *_, ast.Constant(value=str(text)) as inner],
            ) if name in PYTHON:
                plain = plain_python(text)
                if plain.strip() != text.strip():
                    inner.value, self.changed = plain, True
        return node
