"""A number that a reader could check is never typed by hand: it comes from a run, or from a list.

Markdown pages quote their numbers with glue. In a notebook's text a decimal number must stand in
the notebook's own code or in a stored output, rounded as the text rounds it, so that it goes stale
with them. What remains is on a list with its reason: definitions and given inputs.
"""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("LOSSBOOK_ROOT", Path(__file__).resolve().parents[2]))
LIST = Path(__file__).with_name("typed_numbers.toml")
PAGES = sorted(
    path
    for path in [
        ROOT / "index.md",
        *ROOT.glob("chapters/**/*.md"),
        *ROOT.glob("chapters/**/*.ipynb"),
    ]
    if path.name not in ("history.md", "assignment.ipynb")
    and ".ipynb_checkpoints" not in path.parts
)
NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\.\d)")
PERCENT = re.compile(r"(?<![\w.])\d+(?=\s?(?:%|percent\b))")
FENCE = re.compile(r"^(`{3,}|:{3,})\s*(?:\{([\w-]+)\}|\w*)")
#: Directives whose body is text; every other one, and plain code, is not read.
TEXT = {
    "admonition",
    "dropdown",
    "exercise",
    "guess",
    "important",
    "note",
    "solution",
    "tip",
    "warning",
}
NOT_PROSE = (
    re.compile(r"\$\$.*?\$\$", re.DOTALL),
    re.compile(r"\$[^$\n]+(?:\n[^$\n]+)?\$"),
    re.compile(r"\{[\w:-]+\}`[^`]*`"),
    re.compile(r"`[^`]*`"),
    re.compile(r"\]\([^)]*\)"),
)


def prose(text: str) -> str:
    """Return the text without code, mathematics, roles and addresses; lines stay lines."""
    kept, blocks = [], []
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and blocks and not fence[2] and line.strip() == blocks[-1][0]:
            blocks.pop()
            kept.append("")
        elif fence and (not blocks or blocks[-1][1]):
            blocks.append((fence[1], fence[2] in TEXT))
            kept.append(line[fence.end() :] if fence[2] in TEXT else "")
        else:
            kept.append(line if not blocks or blocks[-1][1] else "")
    text = "\n".join(kept)
    for pattern in NOT_PROSE:
        text = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
    return text


def texts(page: Path) -> tuple[list[str], str]:
    """Return a page's pieces of text, and what its code and its outputs say."""
    if page.suffix == ".md":
        return [page.read_text(encoding="utf-8")], ""
    cells = json.loads(page.read_text(encoding="utf-8"))["cells"]
    said = []
    for cell in cells:
        if cell["cell_type"] == "code":
            said.append("".join(cell["source"]))
            for output in cell["outputs"]:
                said.append("".join(output.get("text", "")))
                said.append("".join(output.get("data", {}).get("text/plain", "")))
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"], "\n".join(said)


def typed(page: Path) -> list[tuple[str, str]]:
    """Return each decimal number and percentage that no run of the page gives, with its place."""
    pieces, said = texts(page)
    given = [float(number) for number in re.findall(r"\d+\.\d*(?:e[+-]?\d+)?|\d+e-?\d+", said)]
    found = []
    for piece, text in enumerate(map(prose, pieces), start=1):
        for row, line in enumerate(text.splitlines(), start=1):
            cell = "" if page.suffix == ".md" else f"text cell {piece}, "
            place = f"{cell}line {row}: {line.strip()!r}"
            for match in NUMBER.finditer(line):
                digits = len(match[0].partition(".")[2])
                if not any(f"{value:.{digits}f}" == match[0] for value in given):
                    found.append((match[0], place))
            for match in PERCENT.finditer(line):
                if not any(f"{100 * value:.0f}" == match[0] for value in given):
                    found.append((f"{match[0]}%", place))
    return found


def allowed() -> dict[str, dict[str, str]]:
    """Return the list: by page, each number with the reason why it may be typed."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_number_is_typed_that_a_run_could_give(page: Path) -> None:
    reasons = allowed().get(str(page.relative_to(ROOT)), {})
    faults = [f"{number} in {place}" for number, place in typed(page) if number not in reasons]
    assert not faults, f"{page.relative_to(ROOT)}: quote these with glue, or list them: {faults}"


def test_the_list_of_typed_numbers_holds_nothing_that_is_gone_and_a_reason_for_each() -> None:
    for name, reasons in allowed().items():
        present = {number for number, _ in typed(ROOT / name)}
        assert set(reasons) <= present, (
            f"{name}: {sorted(set(reasons) - present)} stand there no more"
        )
        for number, reason in reasons.items():
            if reason.startswith("="):
                value = eval(reason[1:], {"exp": math.exp, "log": math.log, "log2": math.log2})
                digits = len(number.partition(".")[2])
                plain = number.removesuffix("%")
                assert f"{value:.{digits}f}" == plain, f"{name}: {number} is not {reason[2:]}"
            else:
                assert len(reason) >= 10, f"{name}: {number} has no reason"
