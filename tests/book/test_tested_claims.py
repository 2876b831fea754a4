"""A reader of a page sees which of its sentences are tested, and where each of them stands."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.book.conftest import soup

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from tested_claims import CLAIMS, claims  # noqa: E402 - found through the line above

SITE = ROOT / "_build" / "html"
PAGES = sorted({page for claim in claims() for page, _ in claim.places})
EDITIONS = ["", *sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())]


def test_every_test_of_a_claim_says_where_its_sentence_stands() -> None:
    tests = [
        node.name
        for node in ast.parse(CLAIMS.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert [claim.test for claim in claims()] == tests
    assert all(claim.places for claim in claims())


def test_a_sentence_is_the_test_s_name_or_the_first_line_of_its_docstring(tmp_path: Path) -> None:
    source = tmp_path / "claims.py"
    source.write_text(
        "@claim('mse/derivation#code', 'mae/derivation#code')\n"
        "def test_a_square_is_never_negative():\n    pass\n"
        "@claim('mse/derivation#code')\n"
        "def test_gauss_was_here():\n    '''Gauss was here.\n\n    In 1809.'''\n"
        "def helper():\n    pass\n"
    )
    first, second = claims(source)
    assert first.sentence == "A square is never negative"
    both = (("chapters/mse/derivation", "code"), ("chapters/mae/derivation", "code"))
    assert first.places == both
    assert second.sentence == "Gauss was here"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_lists_its_tested_sentences_and_links_to_their_sections(
    page: str, edition: str
) -> None:
    text = soup(f"{edition}/{page}.html".lstrip("/"))
    (note,) = text.find_all(class_="tested-claims")
    lines = note.find_all("li")
    order = [section["id"] for section in text.find_all("section")]
    expected = [(c, s) for c in claims() for where, s in c.places if where == page]
    expected.sort(key=lambda pair: order.index(pair[1]))
    assert len(lines) == len(expected)
    for line, (claim, section) in zip(lines, expected, strict=True):
        assert line.find("code").get_text() == claim.test
        assert line.find("a")["href"] == f"#{section}"
        words = line.get_text().replace("\N{NO-BREAK SPACE}", " ")
        words = words.replace("\N{MINUS SIGN}", "-")
        assert (claim.sentence in words) == (edition == "")
