"""What other libraries answer, from the stored runs of ``make references``.

The directive ``{framework-table} CASE ...`` shows for each case its inputs, what to type in each
library, and what came out. The role ``{recorded}`` quotes one answer, as ``CASE LIBRARY [digits]``.
lossbook's own answer is computed anew at each build, and must be the stored one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from docutils import nodes
from made_tables import made_table
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from wording import translate

import lossbook as lb

RECORDED = Path(__file__).resolve().parent.parent / "benchmarks" / "references.json"
LIBRARIES = ("lossbook", "Keras", "PyTorch", "optax", "JAX", "scikit-learn")
LOUD = " and a warning"  # so the recording says that a library warned
logger = logging.getLogger(__name__)


@cache
def recorded() -> dict[str, Any]:
    """Return what was recorded."""
    return json.loads(RECORDED.read_text(encoding="utf-8"))


def case(name: str) -> dict[str, Any]:
    """Return one case."""
    cases = recorded()["cases"]
    if name not in cases:
        raise ValueError(f"{RECORDED.name} holds no case {name!r}: make references")
    return cases[name]


def plain(value: Any) -> str:
    """Return a result in digits, as the recording does."""
    digits = [str(x) for x in np.asarray(value).ravel()]
    return digits[0] if len(digits) == 1 else "(" + ", ".join(digits) + ")"


def own_answer(name: str) -> str:
    """Return what lossbook answers now."""
    found = case(name)
    names: dict[str, Any] = {"np": np, "lb": lb}
    exec(found["inputs"], names)
    try:
        return plain(eval(found["lines"]["lossbook"], names))
    except (TypeError, ValueError) as error:
        return type(error).__name__


def fourteen_digits(answer: str) -> str:
    """Return an answer without the last digits, in which one processor differs from another."""
    return re.sub(r"\d+\.\d+(e[+-]\d+)?", lambda number: f"{float(number[0]):.14g}", answer)


def differs(name: str) -> bool:
    """Return whether lossbook answers otherwise than it was recorded."""
    return fourteen_digits(own_answer(name)) != fourteen_digits(case(name)["answers"]["lossbook"])


def short(answer: str) -> str:
    """Return an answer with seven digits at most; what is no number stays as it is."""
    number = re.sub(
        r"-?\d[\d.]*(e[+-]?\d+)?",
        lambda digits: f"{float(digits[0]):.7g}",
        answer.removesuffix(LOUD),
    )
    return translate("{answer} and a warning").format(answer=number) if LOUD in answer else number


def by_backend(answers: dict[str, str]) -> list[tuple[str, str]]:
    """Return Keras's answers, once where its backends agree to seven digits."""
    found = {
        library.partition("(")[2].rstrip(")"): short(value)
        for library, value in answers.items()
        if library.startswith("Keras")
    }
    if len(set(found.values())) == 1:
        return [("Keras", next(iter(found.values())))]
    return [(f"Keras, {backend}", value) for backend, value in found.items()]


class FrameworkTable(SphinxDirective):
    """Show one case after the other."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Build the tables as Markdown and let the page's own parser read them."""
        shown: list[nodes.Node] = []
        for name in self.arguments[0].split():
            found = case(name)
            answers = found["answers"]
            if "lossbook" in found["lines"] and differs(name):
                logger.warning(
                    "lossbook answers %s to %r, and %s is stored: make references",
                    *(own_answer(name), name, answers["lossbook"]),
                    location=self.get_location(),
                )
            rows = []
            for library in LIBRARIES:
                if library not in found["lines"]:
                    continue
                named = by_backend(answers) if library == "Keras" else []
                for label, value in named or [(library, short(answers[library]))]:
                    rows.append((label, f"`{found['lines'][library]}`", value))
            inputs = found["inputs"].replace("; ", "\n")
            shown += self.parse_text_to_nodes(f"```python\n{inputs}\n```\n")
            heads = (translate("library"), translate("what to type"), translate("answer"))
            shown.append(made_table(self, heads, rows, "loss-overview", "framework-table"))
        return shown


class Recorded(SphinxRole):
    """Quote one answer: ``CASE LIBRARY [digits]``; or ``versions``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return it as text."""
        if self.text == "versions":
            listed = ", ".join(f"{n} {v}" for n, v in recorded()["versions"].items())
            text = f"{listed} ({recorded()['date']})"
        else:
            name, library, *digits = self.text.split("|")
            text = case(name)["answers"][library].partition(" ")[0]
            if digits:
                text = f"{float(text):.{int(digits[0])}g}"
        return [nodes.inline(text, text, classes=["pasted-text"])], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the role."""
    app.add_directive("framework-table", FrameworkTable)
    app.add_role("recorded", Recorded())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
