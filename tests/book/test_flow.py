"""The book can be read from its first page to its last: nothing is used that was not introduced."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from equations import labelled_equations  # noqa: E402 - found through the line above

#: The first page of each chapter; the package's reference is none.
PAGES = sorted(
    {*ROOT.glob("chapters/*/derivation.md"), *ROOT.glob("chapters/*/index.md")}
    - {ROOT / "chapters" / "api" / "index.md"}
)
NOTATION = (ROOT / "chapters" / "notation.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^(\w.*)\n  \S", GLOSSARY, re.MULTILINE)
GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|rho|sigma|tau|phi|ell"
FORMULA = re.compile(r"```\{math\}.*?```|\$\$.*?\$\$|(?<!\$)\$[^$\n]+(?:\n[^$\n]+)?\$", re.DOTALL)
E_ALONE = re.compile(r"(?<![a-zA-Z\\{])e(?! ?\^|[a-zA-Z])")
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)


def symbols(latex: str) -> set[str]:
    """Return the letters of a formula, Latin and Greek, without the names of functions."""
    plain = re.sub(r"\\(?:text|begin|end)\{[^}]*\}", " ", latex)
    accented = set(re.findall(r"\\(?:bar|tilde|hat)\s+[a-zA-Z]", plain))
    plain = re.sub(r"\\(?:bar|tilde|hat)\s+[a-zA-Z]", " ", plain)
    greek = set(re.findall(rf"\\(?:{GREEK})\b", plain))
    plain = re.sub(r"\\[a-zA-Z]+", " ", plain)
    return accented | greek | set(re.findall(r"[a-zA-Z]", plain)) - {"e"}


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


def text_of(path: Path) -> str:
    """Return the text of a page, or that of a notebook's text cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


@cache
def meanings() -> dict[str, str]:
    """Return what the notation says of each letter."""
    found: dict[str, str] = {}
    for formulas, said in re.findall(r"^\| (\$.*?) \|.*?\| (.*?) \|$", NOTATION, re.MULTILINE):
        for formula in re.findall(r"\$([^$]+)\$", formulas):
            for letter in [] if formula.startswith("\\frac") else symbols(formula.split("_")[0]):
                found[letter] = found.get(letter, "") + " " + said
    return found


def stems(text: str) -> set[str]:
    """Return the words of a text, without the plural's s and without small words."""
    text = re.sub(r"\$[^$]*\$|\{\w+\}`[^`<]*<([^>]*)>`|\([^)]*\)", r" \1 ", text)
    words = {re.sub(r"(?<=[^su])s$", "", word) for word in re.findall(r"[a-z]{3,}", text.lower())}
    small = (
        "the and for with over where that other when from which holds what its somebody moment gets"
    )
    return words - set(small.split())


def introductions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each letter that a sentence or a label names, with the words that name it."""
    # A labelled formula says what stands before its equality sign.
    labelled = r":label: ([\w-]+?)(?:-from-logits)?\n(\\?[a-zA-Z]+)(?:\([a-z]\)|\^2)? = "
    for match in re.finditer(labelled, text):
        yield match[2], match[1]
    text = re.sub(r"\{\w+\}`([^`<]+?)(?: <[^>]+>)?`", r"\1", " ".join(text.split()))
    letter = r"\$(\\(?:bar|tilde) )?(\\?[a-zA-Z]+)(?:_[^$=]{1,6})?\$"
    # "the learning rate $\eta$": the noun before the letter.
    for match in re.finditer(rf"\b(?:an?|the|any|one|its) (?:[\w-]+ )?([\w-]+) {letter}", text):
        yield (match[2] or "") + match[3], match[1]
    # "where $m$ is the cost of a miss": the words behind it.
    opening, verb = "(?:[Ww]here|[Hh]ere|[Ll]et|[Ww]rite|[Cc]all|[Ww]ith)", "(?:is|be|for|as)"
    for match in re.finditer(
        rf"{opening} {letter} {verb} ((?:an?|the|its|their) [^.,;:$|]+)", text
    ):
        yield (match[1] or "") + match[2], match[3]


def strange_letters(path: Path) -> list[str]:
    """Return the letters of a page that the notation does not have, or has for something else.

    What a sentence says of a letter is read as far as it uses the notation's own nouns: a letter
    that is called "the mean" is strange if the notation calls another one so.
    """
    text, known = text_of(path), meanings()
    formulas = [re.sub(r"```.*|:label:.*", "", formula) for formula in FORMULA.findall(text)]
    unknown = set().union(*map(symbols, formulas)) - set(known)
    # The base of the logarithm stands with a power, or among numbers.
    unknown |= {"e" for formula in formulas if E_ALONE.search(formula) and symbols(formula)}
    found = [f"{letter} is not in the notation" for letter in sorted(unknown)]
    nouns = set().union(*map(stems, known.values()))
    chapter = path.parent.name.replace("_", "-")  # many labels begin with it, or with its start
    for letter, words in introductions(text):
        said = stems(words.removeprefix(chapter).removeprefix(chapter.split("-")[0])) & nouns
        if letter in known and said and not said & stems(known[letter]):
            found.append(f"{letter} is {words!r} here and {known[letter]!r} in the notation")
    return found


TEXTS = sorted([*ROOT.glob("chapters/**/*.md"), *ROOT.glob("chapters/**/*.ipynb")])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_letter_means_what_the_notation_says(path: Path) -> None:
    assert strange_letters(path) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "where $m$ is their mean.",
        "the base rate $m$ of the labels",
        "Write $s$ for the sum of the exponentials.",
        "a scale $b$",
        "With $e = e^{-z}$, the probability is $y = 1 / (1 + e)$.",
        "the residual $o_i$ of a line",
        "```{math}\n:label: mean-squared-error-half-sum\nH = \\frac{1}{2} S\n```\n",
        "```{math}\n:label: coefficient-of-determination\nD = 1 - r\n```\n",
    ],
)
def test_a_letter_with_another_meaning_is_found(sentence: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(sentence, encoding="utf-8")
    assert strange_letters(page)


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


def test_the_article_is_corrected_once_a_loss_and_where_its_formula_is() -> None:
    sections = {
        page.parent.name: [
            section.partition("\n")[0]
            for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
            if re.search(r"\b[Tt]he article(?:'s)? (?!names|calls)", section)
        ]
        for page in PAGES
    }
    told = {chapter: titles for chapter, titles in sections.items() if titles}
    assert all(len(titles) == 1 for titles in told.values()), told
    losses = {path.parent.name for path in ROOT.glob("chapters/*/derivation.md")}
    assert set(told) <= losses | {"information_and_entropy"}, told


def quiz(text: str) -> list[list[tuple[str, str]]]:
    """Return the options of each question: its letter and the first word of its explanation."""
    questions = re.split(r"^\*\*\d+\. ", text.partition("## Quiz")[2], flags=re.MULTILINE)[1:]
    option = r"^```\{dropdown\} (?:\((\w)\) )?.*\n(Right|Not quite)\b"
    return [re.findall(option, question, re.MULTILINE) for question in questions]


def faults_of_quiz(text: str) -> list[str]:
    """Return what a quiz lacks: three or four options with letters, each with its reason."""
    found, questions = [], quiz(text)
    for number, options in enumerate(questions, 1):
        if "".join(letter for letter, _ in options) not in ("abc", "abcd"):
            found.append(f"question {number} has not three or four options with letters")
        if not any(word == "Right" for _, word in options):
            found.append(f"question {number} has no right answer")
    if text.count("{dropdown}") != sum(map(len, questions)):
        found.append("an option's explanation begins with neither 'Right' nor 'Not quite'")
    if all(sum(word == "Right" for _, word in options) == 1 for options in questions):
        found.append("no question has several right answers")
    return found


def faults_of_exercises(text: str) -> list[str]:
    """Return what a page of exercises lacks: stars, kinds, and what its quiz lacks."""
    titles = re.findall(r"\{exercise\} (.*)", text)
    found = [f"no stars: {title}" for title in titles if not re.search(r" ★{1,3}$", title)]
    found += [
        f"no exercise of the kind {kind!r}"
        for kind in ("Find the bug", "Predict, then run", "Investigate")
        if not any(title.startswith(kind) for title in titles)
    ]
    return found + faults_of_quiz(text)


EXERCISES = sorted(ROOT.glob("chapters/*/*exercises.ipynb"))


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.parent.name)
def test_exercises_have_stars_and_three_kinds_and_quizzes_letters_and_reasons(path: Path) -> None:
    assert faults_of_exercises(text_of(path)) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("chapters/reviews/*.ipynb")), ids=lambda path: path.stem
)
def test_a_review_asks_across_chapters_and_gives_reasons(path: Path) -> None:
    text = text_of(path)
    assert faults_of_quiz(text) == []
    assert len(quiz(text)) >= 8
    assert len(set(re.findall(r"\]\(\.\./(\w+)/", text))) >= 3


@pytest.mark.parametrize("chapter", sorted({page.parent for page in PAGES}), ids=lambda c: c.name)
def test_a_chapter_invites_to_change_a_number_and_to_run_the_code_again(chapter: Path) -> None:
    pages = [page for page in chapter.iterdir() if page.stem != "assignment"]
    text = " ".join(" ".join(map(text_of, pages)).split())
    assert re.search(r"\brun (?:it|them|the cell) again", text)
