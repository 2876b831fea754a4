"""A formula in a sentence or a table is true, too, or stands on a list with its reason.

What has nothing to compute needs no check: a letter, a number, a choice such as ``N = 4``. What
relates sides, such as ``y = σ(z)``, must hold in the world of its page: random numbers for the
book's letters, with the relations that the notation gives them. What only names a quantity, such
as a gradient in a table, has its value in `CHECKS`.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.book import formula_checks
from tests.book.formula_checks import BOOK, CHAPTERS, CHECKS, REASONS
from tests.book.latex import DERIVATIVE, RELATIONS, chain
from tests.book.prose_formulas import PAGES, ROOT, Formula, formulas, normal, within

NUMBER = r"-?\d+(?:\.\d+)?"
SYMBOL = r"\\?[a-zA-Z]+'?(?:_\w|_\{[\w ]+\})?"
BETWEEN = re.compile("|".join(re.escape(r) + r"(?![a-z])" * (r[0] == "\\") for r in RELATIONS))
GIVEN = re.compile(
    rf"{SYMBOL}(?:=|<|>|\\leq|\\geq|\\neq)(?:{SYMBOL}|\\pm{NUMBER}|{NUMBER}|-?\\frac\{{\d+\}}\{{\d+\}}"
    r"|10\^\{-?\d+\})"
)
#: A derivative, a function, a pair of letters.
NAME = re.compile(
    rf"{DERIVATIVE}|(?:\\text\{{\w+\}}|\\?[a-zA-Z]+)(?:_2)?(?:\([\w, ]+\))?|{SYMBOL}\\neq {SYMBOL}"
)
OPERATION = re.compile(
    r"=|\\approx|\\[lg]eq?(?![a-z])|\\neq|[<>/|^!]|[-+]|\\(?:frac|sum|prod|log|sqrt|max|cdot)"
    r"|[\w)}] *\(|\d *\\?[a-z]|\\pm|\\leftarrow"
)


def digits(side: str) -> int | None:
    """Return how many decimals a side has that is nothing but a number."""
    return len(side.partition(".")[2]) if re.fullmatch(NUMBER, side) else None


@cache
def listed(page: str) -> dict[tuple[str, str], float | dict[str, Any] | str]:
    """Return by place in a table and formula what is known of a page's formulas."""
    known: dict[str, Any] = CHECKS[""] | CHECKS.get(page, {})
    for reason, pages in REASONS.items():
        known |= dict.fromkeys(pages.get(page, []), reason)
    found = {}
    for key, entry in known.items():
        place, _, latex = key.rpartition(" :: ")
        found[place, normal(latex)] = entry
    return found


def entry_of(formula: Formula) -> float | dict[str, Any] | str | None:
    """Return what is listed for a formula, if something is."""
    return listed(formula.page.removeprefix("chapters/")).get((formula.place, formula.latex))


def claims_nothing(latex: str, in_table: bool) -> bool:
    """Return whether a formula is a name, a number, a choice, or arithmetic without a result.

    In a table its column says what it should be: there arithmetic claims something.
    """
    letters = re.sub(r"\\[a-zA-Z]+|(?<![a-zA-Z])e(?![a-zA-Z])", "", latex)
    return bool(
        not OPERATION.search(latex)
        or GIVEN.fullmatch(latex)
        or NAME.fullmatch(latex)
        or (not in_table and not re.search("[a-zA-Z]", letters) and not BETWEEN.search(latex))
    )


def problem(formula: Formula) -> str:
    """Return what is wrong with a formula, or nothing."""
    entry = entry_of(formula)
    if isinstance(entry, str):
        return ""
    if entry is None and claims_nothing(formula.latex, in_table=bool(formula.place)):
        return ""
    parts = formula.page.split("/")
    chapter = CHAPTERS.get(parts[1], {}) if len(parts) > 2 else {}
    own = entry if isinstance(entry, dict) else {}
    expected = entry if isinstance(entry, int | float) else own.get("")
    try:
        sides, relations = chain(formula.latex)
        values = [side(BOOK | chapter | own) for side in sides]
    except (ValueError, KeyError, TypeError, OverflowError) as reason:
        return f"cannot be computed: {type(reason).__name__} {reason}"
    if expected is not None and not math.isclose(values[0], expected, rel_tol=1e-6):
        return f"is {values[0]:.9g}, and should be {expected:.9g}"
    if expected is None and not relations:
        return "has no check"
    written = BETWEEN.split(formula.latex)
    for k, relation in enumerate(relations):
        if not holds(relation, values[k : k + 2], written[k : k + 2]):
            return f"{written[k]} is {values[k]:.9g}, and {written[k + 1]} is {values[k + 1]:.9g}"
    return ""


def holds(relation: str, values: list[float], written: list[str]) -> bool:
    """Return whether two sides are related as is printed, to the digits that are printed."""
    printed = [d for d in map(digits, written) if d is not None]
    if printed and (relation == "\\approx" or (relation == "=" and any(printed))):
        return math.isclose(*values, rel_tol=1e-9, abs_tol=0.5001 * 10.0 ** -max(printed))
    return RELATIONS[relation](*values)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_formula_of_a_page_is_true_or_stands_on_a_list(page: Path) -> None:
    faults = {str(f): fault for f in formulas(page) if (fault := problem(f))}
    told = "; ".join(f"{formula}: {fault}" for formula, fault in faults.items())
    lists = Path(formula_checks.__file__).name
    assert not faults, f"wrong, or a line in {lists} is missing: {told}"


def test_the_lists_hold_nothing_that_is_gone() -> None:
    names = {str(page.relative_to(ROOT)).removeprefix("chapters/"): page for page in PAGES}
    for name in {*CHECKS, *(page for pages in REASONS.values() for page in pages)} - {""}:
        printed = {(f.place, f.latex) for f in formulas(names[name])}
        gone = set(listed(name)) - set(listed("")) - printed
        assert not gone, f"{name} prints these no more: {gone}"


@pytest.mark.parametrize(
    "text, said",
    [
        (r"The gradient is $\frac{3}{N} (y_i - t_i)$.", "has no check"),
        (r"So $1 - \sigma(z) = \sigma(z)$.", "is"),
        (r"It is $14 / 4 = 3.6$.", "is 3.5, and 3.6 is 3.6"),
        (r"It is $\log 2 \approx 0.692$.", "is 0.693147181"),
        ("| loss | gradient |\n| --- | --- |\n| half | $2 (y - t)$ |", "has no check"),
        ("```{note}\nThen $L = \\frac{1}{2 N} \\sum_i (y_i - t_i)^2$.\n```", "and"),
        ("$$\nL = \\frac{1}{2 N} \\sum_i (y_i - t_i)^2\n$$", "and"),
        ("```{glossary}\nterm\n  It is $4 (y_i - t_i)^2$.\n```", "has no check"),
    ],
)
def test_a_new_or_a_wrong_formula_is_found_wherever_it_stands(text: str, said: str) -> None:
    page = "chapters/mean_squared_error/derivation.md"
    found = [Formula(page, normal(latex), place) for latex, place in within(text)]
    assert len(found) == 1
    assert said in problem(found[0])


@pytest.mark.parametrize(
    "text",
    ["With $N = 4$ and $t_i$", r"$\sigma(z) = 1 - \sigma(-z)$", "`$x = y + 1$`", "$2^5 = 32$"],
)
def test_what_claims_nothing_or_is_true_needs_no_line(text: str) -> None:
    page = "chapters/mean_squared_error/derivation.md"
    assert not [p for latex, at in within(text) if (p := problem(Formula(page, normal(latex), at)))]
