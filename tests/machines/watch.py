"""In a notebook's kernel: note the numbers behind each printed text, before they are rounded.

An extension of IPython, so that no name of a notebook meets one of these. It changes the syntax
tree of each cell: what an f-string formats, `round` rounds, `glue` stores, `print` prints or a cell
shows passes through `note`.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

NOTED = Path(os.environ["LOSSBOOK_NOTED"])


def numbers(value: Any) -> list[float]:
    """Return the floating-point numbers in a value."""
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for part in value for number in numbers(part)]
    return [float(value)] if isinstance(value, float | np.floating) else []


def note(value: Any, how: str, digits: object, code: str) -> Any:
    """Note the numbers in a value and return it."""
    with NOTED.open("a", encoding="utf-8") as file:
        for number in numbers(value):
            file.write(json.dumps([code, how, str(digits), number]) + "\n")
    return value


class Watch(ast.NodeTransformer):
    """Let what becomes text pass through `note`."""

    def visit_Module(self, tree: ast.Module) -> ast.Module:
        """Note also what a cell shows."""
        self.generic_visit(tree)
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            tree.body[-1].value = self.noted(tree.body[-1].value, "show")
        return ast.fix_missing_locations(tree)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.FormattedValue:
        """Note what an f-string formats."""
        self.generic_visit(node)
        node.value = self.noted(node.value, "format", node.format_spec)
        return node

    def visit_Call(self, call: ast.Call) -> ast.Call:
        """Note what is rounded, glued or printed."""
        self.generic_visit(call)
        match call.func, call.args:
            case (ast.Name("round") | ast.Attribute(ast.Name("np"), "round"), [value, digits]):
                call.args[0] = self.noted(value, "round", digits)
            case ast.Attribute(value, "round"), [digits]:
                call.func.value = self.noted(value, "round", digits)
            case ast.Name("glue"), [_, value]:
                call.args[1] = self.noted(value, "format", ast.Constant(".10g"))
            case ast.Name("print"), values:
                call.args = [self.noted(value, "show") for value in values]
        return call

    def noted(self, node: ast.expr, how: str, digits: ast.expr | None = None) -> ast.expr:
        """Return the expression that notes the value of another one."""
        if isinstance(node, ast.Starred | ast.Constant | ast.JoinedStr):
            return node
        arguments = [
            node,
            ast.Constant(how),
            digits or ast.Constant(""),
            ast.Constant(ast.unparse(node)),
        ]
        return ast.Call(ast.Name("_note", ast.Load()), arguments, [])


def load_ipython_extension(shell: Any) -> None:
    """Look at each cell before it runs."""
    builtins._note = note  # type: ignore[attr-defined]
    shell.ast_transformers.append(Watch())
