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
from tests.classroom.sparing import questions

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


def seeds(question: Question) -> tuple[object, ...]:
    """Return the seeds to try: nothing but a function's inputs is drawn."""
    return SEEDS if isinstance(question, Function) else SEEDS[:1]


def diagnose(question: Question, code: str, start: dict[str, Any], seed: object) -> str:
    """Return the names of the diagnoses of some code, run after the solved notebook."""
    namespace = copy.copy(start)
    exec(compile(code, question.name, "exec"), namespace)
    found = look(question, lambda request: serve(namespace, request, 2.0), seed)
    return "+".join(diagnosis.name for diagnosis in found)


ASKED = [(name, question) for name in NAMES for question in bank(name)["BANK"]]


def misjudged(name: str, question: str, right: bool) -> dict[tuple[str, object], str]:
    """Return what is said of a question's right answers, or of the others, if it is not expected.

    A wrong answer has its diagnosis in the bank.
    """
    asked = questions(name)[question]
    found = {
        (title, seed): (diagnose(asked, code, solved(name), seed), expected or "")
        for title, (code, expected) in bank(name)["BANK"][question].items()
        if (expected is None) == right
        for seed in seeds(asked)
    }
    return {case: said for case, (said, expected) in found.items() if said != expected}


@pytest.mark.parametrize("name", IN_THE_BOOK)
def test_a_bank_has_at_least_20_right_and_30_wrong_solutions(name: str) -> None:
    expected = [e for entries in bank(name)["BANK"].values() for _, e in entries.values()]
    assert expected.count(None) >= 20
    assert len(expected) - expected.count(None) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_the_solved_notebook_is_right(name: str) -> None:
    for question in questions(name).questions:
        if not isinstance(question, Text):
            for seed in seeds(question):
                assert diagnose(question, "", solved(name), seed) == "", (question.name, seed)


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


@pytest.mark.parametrize("name, question", ASKED)
def test_a_right_solution_is_accepted(name: str, question: str) -> None:
    assert misjudged(name, question, right=True) == {}


@pytest.mark.parametrize("name, question", ASKED)
def test_a_wrong_solution_gets_its_diagnosis(name: str, question: str) -> None:
    assert misjudged(name, question, right=False) == {}


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
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)] or [tree]:
        before = ast.unparse(function)
        for after in mistaken(function):
            pairs = zip(before.splitlines(), after.splitlines(), strict=False)
            lines = [new for old, new in pairs if new != old]
            if lines:
                yield lines[0].strip(), after


def mistaken(function: ast.AST) -> Iterator[str]:
    """Return the code of a function with one small mistake in it, for each that there is."""
    for parent in list(ast.walk(function)):
        for field, value in ast.iter_fields(parent):
            several = isinstance(value, list)
            for place, node in enumerate(value if several else [value]):
                for mistake in changes(node):
                    for there in (mistake, node):  # and then the node is in its place again
                        if several:
                            value[place] = there
                        else:
                            setattr(parent, field, there)
                        if there is mistake:
                            yield ast.unparse(function)


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_of_the_solution_is_caught_or_is_equivalent_for_a_reason(name: str) -> None:
    asked = questions(name).questions
    functions = [q for q in asked if isinstance(q, Function)]
    values = [q for q in asked if isinstance(q, Value)]
    survivors, count = set(), 0
    for cell in Source.find(name, BOOK).solution_code():
        # A function is judged by its own question, and by those whose functions call it.
        own: list[Question] = [q for q in functions if f"def {q.function}(" in cell]
        judges = [*own, *(q for q in functions if q not in own)] if own else []
        judges = judges or [q for q in values if f"{q.variable} = " in cell]
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
