"""The list of tested sentences at the end of a page: which of its claims a test proves.

A test in ``tests/book/test_claims.py`` says in which section of a page its sentence stands::

    @claim("mean_absolute_error/derivation#its-properties")
    def test_an_outlier_far_away_pulls_the_median_no_further() -> None: ...

The name is the sentence. Where a name cannot write it, with a capital or a sign, the first line of
the docstring does. A place that no page has fails the build.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from wording import N_, translate

CLAIMS = Path(__file__).resolve().parent.parent / "tests" / "book" / "test_claims.py"
TITLE = N_("Tested sentences")
EXPLAINED = N_("Each of these claims has a test of its own in {file}, which runs on every change:")
logger = logging.getLogger(__name__)


class Claim(NamedTuple):
    """A sentence, the test that proves it, and where it stands: page and section."""

    sentence: str
    test: str
    places: tuple[tuple[str, str], ...]


@cache
def claims(source: Path = CLAIMS) -> tuple[Claim, ...]:
    """Read the claims from the source of the tests, in their order."""
    found = []
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "claim":
                assert isinstance(node, ast.FunctionDef)
                places = [ast.literal_eval(place).partition("#") for place in mark.args]
                said = ast.get_docstring(node) or node.name.removeprefix("test_").replace("_", " ")
                sentence = said.splitlines()[0].rstrip(".")
                sentence = sentence[0].upper() + sentence[1:]
                where = tuple((f"chapters/{page}", section) for page, _, section in places)
                found.append(Claim(sentence, node.name, where))
    return tuple(found)


def listed(claim: Claim, section: nodes.section) -> nodes.list_item:
    """Return the line of a claim: the section it stands in, its sentence, its test."""
    title = section.next_node(nodes.title)
    link = nodes.reference("", title.astext(), refid=section["ids"][0], internal=True)
    line = nodes.paragraph("", "", link, nodes.Text(": " + translate(claim.sentence) + ". "))
    line += nodes.literal("", claim.test, classes=["test-name"])
    line["translatable"] = False
    return nodes.list_item("", line)


def append_claims(app: Sphinx, document: nodes.document) -> None:
    """Put the list below the last section of a page that has tested sentences."""
    page = app.env.docname
    app.env.note_dependency(str(CLAIMS))
    own = [(claim, name) for claim in claims() for where, name in claim.places if where == page]
    if not own or app.builder.format != "html":
        return
    sections = {name: found for found in document.findall(nodes.section) for name in found["ids"]}
    for claim, name in own:
        if name not in sections:
            logger.warning("%s is said to stand in #%s", claim.test, name, location=page)
    lines = [
        listed(claim, section)
        for name, section in sections.items()
        for claim, own_name in own
        if own_name == name
    ]
    before, after = translate(EXPLAINED).split("{file}")
    file = nodes.literal("", "tests/book/test_claims.py")
    note = nodes.admonition("", classes=["dropdown", "tested-claims"])
    note += nodes.title("", f"{translate(TITLE)} ({len(lines)})")
    note += nodes.paragraph("", "", nodes.Text(before), file, nodes.Text(after))
    note += nodes.bullet_list("", *lines)
    document.next_node(nodes.section).append(note)


def setup(app: Sphinx) -> dict[str, Any]:
    """Work on each page once it has been read and translated."""
    app.connect("doctree-read", append_claims)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
