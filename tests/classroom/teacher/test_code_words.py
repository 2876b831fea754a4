"""Code in another language has other comments and docstrings, and does the same."""

from __future__ import annotations

import ast
import json
import tokenize
import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from lossbook.classroom.teacher.edition import translate_code, words_of_code

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    path for name in ("lossbook", "tools", "_ext") for path in (ROOT / name).rglob("*.py")
)


def every_code() -> list[str]:
    """Return the code of all notebooks of the book, and of the files; what is the same once."""
    cells = [
        "".join(cell["source"])
        for path in sorted((ROOT / "chapters").rglob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    return list(dict.fromkeys([*cells, *(path.read_text(encoding="utf-8") for path in FILES)]))


def described(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef]:
    """Yield what may have a docstring; it stands among statements, and in no expression."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            yield node
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            todo += getattr(node, field, [])


def without_docstrings(code: str) -> str:
    """Return the syntax tree of code without its docstrings."""
    tree = ast.parse(code)
    for node in described(tree):
        if ast.get_docstring(node):
            del node.body[0]
    return ast.dump(tree)


def said(code: str) -> set[str]:
    """Return the words of comments and docstrings, as Python itself sees them."""
    tokens = tokenize.generate_tokens(StringIO(code).readline)
    found = " ".join(one.string for one in tokens if one.type == tokenize.COMMENT)
    for node in described(ast.parse(code)):
        found += " " + (ast.get_docstring(node) or "")
    return split(found)


def split(text: str) -> set[str]:
    """Return the words of a text, whether or not its backslashes are escaped."""
    return set(text.replace("#", " ").replace("\\", "").split())


def test_the_words_of_code_are_what_python_takes_for_comments_and_docstrings() -> None:
    for code in every_code():
        found = split(" ".join(words_of_code(code)))
        marks = {"BEGIN", "END", "SOLUTION", "HIDDEN", "TESTS"}
        assert found - marks == said(code) - marks, code


def test_code_with_all_its_words_replaced_is_the_same_code() -> None:
    for code in every_code():
        words = {
            text: "샘플마다 손실 하나 " * (1 + len(text) // 20) for text in words_of_code(code)
        }
        other = translate_code(code, words)
        assert translate_code(code, {}) == code
        assert (other != code) == bool(words)
        if words:
            assert without_docstrings(other) == without_docstrings(code)


@pytest.mark.parametrize(
    "code, words, expected",
    [
        ('x = "# no"  # yes', {"no": "1", "yes": "예"}, 'x = "# no"  # 예'),
        ("# a\n# b\n# c", {"a b": "가", "c": "다"}, "# 가\n# 다"),
        ("# a\n# b", {"a": "가"}, "# 가\n# b"),
        ("    # a\n    x = 1", {"a": "가"}, "    # 가\n    x = 1"),
        ("### BEGIN SOLUTION\nx = 1", {"BEGIN SOLUTION": "풀이"}, "### BEGIN SOLUTION\nx = 1"),
        ('x = """a"""', {"a": "가"}, 'x = """a"""'),
        ('f(\n    """a"""\n)', {"a": "가"}, 'f(\n    """a"""\n)'),
        (
            'def f():\n    """a\n\n    b\n    c\n    """',
            {"a": "가", "b c": "나"},
            'def f():\n    """가\n\n    나\n    """',
        ),
        ('"""a"""\n', {"a": "가"}, '"""가"""\n'),
        ('# b\n"""a"""\n', {"a": "가"}, '# b\n"""가"""\n'),
        ('class A:  # b\n    """a"""', {"a": "가"}, 'class A:  # b\n    """가"""'),
    ],
)
def test_a_word_is_replaced_where_it_is_one(
    code: str, words: dict[str, str], expected: str
) -> None:
    assert translate_code(code, words) == expected


def test_a_long_comment_breaks_where_the_page_ends_and_wide_letters_take_two_columns() -> None:
    code = translate_code("    # a\n    x = 1", {"a": "가나다라 " * 30})
    lines = code.splitlines()
    assert len(lines) > 3
    assert all(line.startswith("    # ") for line in lines[:-1])
    for line in lines:
        assert sum(1 + (unicodedata.east_asian_width(c) == "W") for c in line) <= 78
