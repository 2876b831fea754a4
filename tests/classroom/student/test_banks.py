"""No right solution is rejected, no wrong one accepted, and each mistake is called by its name."""

from __future__ import annotations

import ast
import copy
import functools
import runpy
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lossbook.classroom.student.check import PRACTICE, look
from lossbook.classroom.student.question import Choice, Function, Question, Text, Value, load
from lossbook.classroom.student.worker import serve
from lossbook.classroom.teacher.source import Source

HERE = Path(__file__).resolve().parents[1]
BOOK = HERE.parents[1] / "chapters"
NAMES = sorted(path.stem for path in (HERE / "banks").glob("[a-z]*.py"))
SEEDS = (PRACTICE, 1, 2026)
#: A teacher's own assignments may have smaller banks.
CONTENTS = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
IN_THE_BOOK = [name for name in NAMES if f"chapters/{name}/assignment" in CONTENTS]


@functools.cache
def bank(name: str) -> dict[str, Any]:
    """Return the names of a bank's file."""
    return runpy.run_path(str(HERE / "banks" / f"{name}.py"))


@functools.cache
def solved(name: str) -> dict[str, Any]:
    """Return the names that the solved notebook leaves."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in Source.find(name, BOOK).solution_code():
        exec(compile(cell, name, "exec"), namespace)
    return namespace


def diagnose(question: Question, code: str, start: dict[str, Any], seed: object) -> str:
    """Return the names of the diagnoses of some code, run after the solved notebook."""
    namespace = copy.copy(start)
    exec(compile(code, question.name, "exec"), namespace)
    found = look(question, lambda request: serve(namespace, request, 2.0), seed)
    return "+".join(diagnosis.name for diagnosis in found)


def solutions(right: bool) -> list[Any]:
    """Return the entries of all banks that are right, or those that are wrong."""
    return [
        pytest.param(name, question, code, expected, id=f"{name}-{question}-{title}")
        for name in NAMES
        for question, entries in bank(name)["BANK"].items()
        for title, (code, expected) in entries.items()
        if (expected is None) == right
    ]


@pytest.mark.parametrize("name", IN_THE_BOOK)
def test_a_bank_has_at_least_20_right_and_30_wrong_solutions(name: str) -> None:
    expected = [e for entries in bank(name)["BANK"].values() for _, e in entries.values()]
    assert expected.count(None) >= 20
    assert len(expected) - expected.count(None) >= 30


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solved_notebook_is_right(name: str, seed: object) -> None:
    for question in load(name).questions:
        if isinstance(question, Function | Value | Choice):
            assert diagnose(question, "", solved(name), seed) == "", question.name


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_and_the_judge_name_the_same_questions(name: str) -> None:
    source = Source.find(name, BOOK)
    assert list(source.points) == [question.name for question in load(name).questions]
    assert sum(source.points.values()) % 5 == 0
    assert any(isinstance(question, Choice) for question in load(name).questions)
    assert any(isinstance(question, Text) for question in load(name).questions)


@pytest.mark.parametrize("name", IN_THE_BOOK)
def test_what_is_to_be_read_again_is_a_heading_of_its_page(name: str) -> None:
    for section in {question.reading for question in load(name).questions}:
        page = BOOK / (section.chapter or name) / section.page
        (path,) = (found for found in page.parent.iterdir() if found.stem == page.name)
        assert f"## {section.title}" in path.read_text(encoding="utf-8"), section


@pytest.mark.parametrize("name, question, code, expected", solutions(right=True))
def test_a_right_solution_is_accepted(name: str, question: str, code: str, expected: None) -> None:
    for seed in SEEDS:
        assert diagnose(load(name)[question], code, solved(name), seed) == ""


@pytest.mark.parametrize("name, question, code, expected", solutions(right=False))
def test_a_wrong_solution_gets_its_diagnosis(
    name: str, question: str, code: str, expected: str
) -> None:
    for seed in SEEDS:
        assert diagnose(load(name)[question], code, solved(name), seed) == expected


# --- mutants --------------------------------------------------------------------------------------

OPERATORS: dict[type, list[type]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Return what may stand in a node's place, one small mistake each."""
    if isinstance(node, ast.BinOp):
        for operator in OPERATORS.get(type(node.op), []):
            yield ast.BinOp(node.left, operator(), node.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.MatMult):
            yield ast.BinOp(node.right, node.op, node.left)
        yield node.left
        yield node.right
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in OPERATORS.get(type(node.ops[0]), []):
            yield ast.Compare(node.left, [operator()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
        if node.value not in (0, 1):
            yield ast.Constant(node.value * 2)
    elif isinstance(node, ast.Call) and node.args:
        yield node.args[0]
        if len(node.args) == 2:
            yield ast.Call(node.func, node.args[::-1], node.keywords)
        if node.keywords:
            yield ast.Call(node.func, node.args, node.keywords[1:])


def mutants(code: str) -> Iterator[tuple[str, str]]:
    """Return mutants of the functions in some code, or of all of it if it has none.

    Each is the changed statement, and the whole.
    """
    tree = ast.parse(code)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)] or [tree]
    for number, function in enumerate(functions):
        for place, node in enumerate(ast.walk(function)):
            for choice in range(len(list(changes(node)))):
                changed = copy.deepcopy(functions[number])
                target = list(ast.walk(changed))[place]
                new = list(changes(target))[choice]
                for parent in ast.walk(changed):
                    for field, value in ast.iter_fields(parent):
                        if value is target:
                            setattr(parent, field, new)
                        elif isinstance(value, list) and target in value:
                            value[value.index(target)] = new
                if isinstance(function.body[0], ast.Expr) and target in (function.body[0],):
                    continue
                before, after = (ast.unparse(f).splitlines() for f in (function, changed))
                lines = [a for b, a in zip(before, after, strict=False) if a != b]
                if lines:
                    yield lines[0].strip(), ast.unparse(ast.fix_missing_locations(changed))


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_of_the_solution_is_caught_or_is_equivalent_for_a_reason(name: str) -> None:
    asked = load(name).questions
    functions = [q for q in asked if isinstance(q, Function)]
    values = [q for q in asked if isinstance(q, Value)]
    survivors, count = set(), 0
    for cell in Source.find(name, BOOK).solution_code():
        # A function is judged by its own question, and by those whose functions call it.
        judges: list[Question] = [q for q in functions if f"def {q.function}(" in cell]
        judges = [*functions] if judges else [q for q in values if f"{q.variable} = " in cell]
        for line, mutant in mutants(cell) if judges else ():
            count += 1
            if not is_caught(name, mutant, judges):
                survivors.add(line)
    assert count >= (40 if name in IN_THE_BOOK else 1)
    assert survivors == set(bank(name)["EQUIVALENT"])


def is_caught(name: str, mutant: str, judges: list[Question]) -> bool:
    """Return whether a mutant stops, or is called wrong."""
    # The functions of the solution see the mutant's names: all are of one notebook.
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for key, value in solved(name).items():
        if isinstance(value, types.FunctionType):
            value = types.FunctionType(value.__code__, namespace, value.__name__)
        namespace[key] = value
    try:
        with np.errstate(all="ignore"):
            exec(mutant, namespace)
    except Exception:
        return True
    return any(look(q, lambda request: serve(namespace, request, 2.0), 1) for q in judges)
