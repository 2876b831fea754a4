"""The book can be read from its first page to its last: nothing is used that was not introduced."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from equations import labelled_equations  # noqa: E402 - found through the line above

PAGES = sorted([*ROOT.glob("chapters/*/derivation.md"), *ROOT.glob("chapters/*/index.md")])
NOTATION = (ROOT / "chapters" / "notation.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^(\w.*)\n  \S", GLOSSARY, re.MULTILINE)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)


def symbols(latex: str) -> set[str]:
    """Return the letters of a formula, Latin and Greek, without the names of functions."""
    plain = re.sub(
        r"\\(?:frac|sqrt|left|right|cdot|sum|prod|log|max|bar|qquad|leq|partial|infty|pi)",
        " ",
        latex,
    )
    greek = set(re.findall(r"\\(?:alpha|delta|eta|lambda|sigma|tau)", plain))
    plain = re.sub(r"\\[a-zA-Z]+", " ", plain)
    return greek | set(re.findall(r"[a-zA-Z]", plain)) - {"e"}


@every_page
def test_a_chapter_says_what_it_needs_how_long_it_takes_and_what_comes_next(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.search(r"\{admonition\} Before you begin\n.*?You need.*?minutes", text, re.DOTALL)
    assert re.search(r"^## Take-aways\n", text, re.MULTILINE)
    assert re.search(
        r"^Next[:,] .*\]\(", text[text.index("## Take-aways") :], re.MULTILINE | re.DOTALL
    )


@every_page
def test_every_letter_of_a_labelled_formula_is_explained(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"```\{math\}.*?```|\$\$.*?\$\$", "", text, flags=re.DOTALL)
    inline = symbols(" ".join(re.findall(r"\$[^$]+\$", prose + NOTATION)))
    for label, latex in labelled_equations(page).items():
        # A single letter before the equality sign is introduced by the formula itself.
        missing = symbols(re.sub(r"^[a-zA-Z]'? = ", "", latex)) - inline
        assert not missing, f"{label} uses {sorted(missing)}, which no sentence introduces"


def test_the_glossary_is_in_alphabetical_order_and_says_each_thing_once() -> None:
    assert len(TERMS) >= 60
    assert sorted(TERMS, key=str.lower) == TERMS
    assert len(TERMS) == len(set(TERMS))


def test_every_term_of_the_glossary_is_used_by_a_chapter() -> None:
    text = " ".join(
        path.read_text(encoding="utf-8")
        for pattern in ("**/*.md", "*/*.ipynb")
        for path in (ROOT / "chapters").glob(pattern)
    )
    used = {
        (match[2] or match[1]).strip()
        for match in re.finditer(r"\{term\}`([^`<]+)(?:<([^>]+)>)?`", re.sub(r"\s+", " ", text))
    }
    assert set(map(str.lower, TERMS)) - set(map(str.lower, used)) == set(), "no page links to these"


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("chapters/*/exercises.ipynb")), ids=lambda path: path.parent.name
)
def test_a_chapter_has_six_exercises_or_more_each_solved_and_a_quiz(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    exercises = re.findall(r"\{exercise\}.*?:label: ([\w-]+)", text, re.DOTALL)
    solutions = re.findall(r"\{solution-start\} ([\w-]+)", text)
    assert len(exercises) >= 6
    assert exercises == solutions
    assert text.count("{solution-end}") == len(solutions)
    assert "## Quiz" in text
    assert text.count("{dropdown}") >= 6
