"""What is read as one word stays on one line.

In some languages a word goes on behind a formula or a bracket: in Korean its particle, in English
the end of "the $n$th"; and a comma stands there in all. A browser breaks a line there all the same.
So a formula, or what a line break within it would leave last, and the rest of the word are written
as one piece, and behind a bracket, a quotation or a percent sign stands a sign that joins. A word
that has one or two letters before its hyphen is one piece, and so are short code, a short formula,
a date, a number with its unit, and a title with its stars. Long code has gaps: there a line may
end, and not within a name.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from katex_math import in_line, is_short
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

#: The rest of a word, or a comma, with what follows; a line may begin behind a hyphen or a slash.
REST = re.compile(r"(?![-/\N{EN DASH}\N{EM DASH}])[^\s\d_]\S*")
#: What stays whole: a short part before a hyphen with the part behind it, a date, a library's name
#: and a rest of a word. Before a Latin letter ’ is an apostrophe.
WHOLE = re.compile(
    r"(?<![\w-])[^\W\d_]{1,2}-[^\W\d_]\w*|(?<=[)\]”%])[^\W\d_]+"
    r"|\d{4}-\d\d-\d\d|scikit-learn|(?<=’)[^\W\d_A-Za-z\u00c0-\u024f]+"
)
#: The space between a number and its unit, and before the stars of an exercise.
SPACE = re.compile(r"(?<=\d) (?=(?:kg|g|mm|MB)(?![A-Za-z])|°)|(?<=\S) (?=★)")
#: A bracket or a quotation that opens, a citation, and what stands last in a title.
OPENED = re.compile(r"[(\[“‘]$")
CITATION = re.compile(r"\[\d")
LAST = re.compile(r"(?<=: )(?:[^:]{1,10}|[ -~]{1,15})$")
#: A sign without a width, where no line ends.
JOINER = "\N{WORD JOINER}"
#: The most signs of code that no line divides; a table's narrow column may.
SHORT_CODE = 20
#: Where a line of longer code may end, beside its blanks: behind a bracket, a comma or a dot, and
#: within a long name behind a ``_``.
GAP = re.compile(r"(?<=\w\()(?=[^\s)])|(?<=,)(?=\S)|(?<=[^\W\d]\.|[)\]]\.)(?=[^\W\d])")
LONG_NAME = re.compile(rf"\w{{{SHORT_CODE},}}")
BASE = '<span class="base">'
#: The end of a formula looks like one, and has nothing to be read aloud or copied.
END = '<span class="katex"><span class="katex-html" aria-hidden="true">'


class joint(nodes.inline):  # noqa: N801 - as all of docutils's nodes
    """A formula and the rest of the word that it begins, or words that no line break tears."""


class gapped(nodes.inline):  # noqa: N801 - as all of docutils's nodes
    """Code so long that a line may end within it."""


NO_WORDS = gapped | nodes.literal | nodes.literal_block | nodes.raw | nodes.math | nodes.image


class Join(SphinxPostTransform):
    """Put what belongs together into one piece."""

    default_priority = 900  # when every text stands
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Look at all formulas, texts and code."""
        for text in list(self.document.findall(nodes.Text)):
            if "\0" in text:  # where a backslash stood: docutils leaves it to the writers
                text.parent.replace(text, nodes.Text(text.astext()))
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT_CODE and not isinstance(code.parent.parent, nodes.entry):
                code["classes"].append("joint")
            elif len(lines(code.astext())) > 1 and len(code) == 1:
                code[:] = [gapped("", "", *code)]
        for formula in list(self.document.findall(nodes.math)):
            around, place = formula.parent, formula.parent.index(formula)
            head, tail = around[:place][-1:], around[place + 1 :][:1]
            opened = OPENED.search(head[0]) if text_in(head) and is_short(formula) else None
            rest = REST.match(tail[0]) if text_in(tail) else None
            if opened or rest:
                parts = [formula.deepcopy()]
                if opened:
                    around[place - 1] = nodes.Text(head[0][: opened.start()])
                    parts.insert(0, nodes.Text(opened[0]))
                if rest:
                    around[place + 1] = nodes.Text(tail[0][rest.end() :])
                    parts.append(nodes.Text(rest[0]))
                around[place] = joint("", "", *parts)
        for text in list(self.document.findall(nodes.Text)):
            if text.parent is not None and not isinstance(text.parent, joint | NO_WORDS):
                place = text.parent.index(text)
                parts = pieces(text, text.parent[:place], text.parent[place + 1 :])
                if parts != [text]:
                    text.parent.replace(text, parts)


def lines(code: str) -> list[str]:
    """Return the parts of code between which a line may end.

    >>> lines("keras.losses.BinaryCrossentropy(from_logits=True)(t, y)")
    ['keras.', 'losses.', 'BinaryCrossentropy(', 'from_logits=True)(t, y)']
    """
    names = LONG_NAME.sub(lambda name: name[0].replace("_", "_\0"), code)
    parts: list[str] = []
    for part in GAP.sub("\0", names).split("\0"):
        if parts and min(len(parts[-1]), len(part)) < 5:  # no line is worth so little
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def text_in(parts: list[nodes.Node]) -> bool:
    """Return whether the one node, if there is any, is a text."""
    return bool(parts) and isinstance(parts[0], nodes.Text)


def pieces(text: nodes.Text, before: list[nodes.Node], after: list[nodes.Node]) -> list[nodes.Node]:
    """Return a text as texts and joints; `before` and `after` are what stands around it."""
    sign, space = before[-1].astext()[-1:] if before else "", "\N{NO-BREAK SPACE}"
    in_title = isinstance(text.parent, nodes.title)
    text, start = SPACE.sub(space, sign + text), len(sign)
    if after and CITATION.match(after[0].astext()):
        text = re.sub(r"[ \n]$", space, text)
    if in_title:
        text = LAST.sub(lambda last: last[0].replace(" ", space), text)
    made: list[nodes.Node] = []
    for found in WHOLE.finditer(text):
        if found.start() >= start:
            made += [nodes.Text(text[start : found.start()]), joint("", "", nodes.Text(found[0]))]
            start = found.end()
    return [*made, nodes.Text(text[start:])]


def visit_joint(translator: HTML5Translator, node: joint) -> None:
    """Write the last part of a formula and the rest of its word so that no line breaks there."""
    formula = next((part for part in node if isinstance(part, nodes.math)), None)
    opened = escape(node[0].astext()) if formula and node[0] is not formula else ""
    words = escape(node[-1].astext()) if node[-1] is not formula else ""
    if formula:
        html = in_line(formula)
        first, _, last = html.rpartition(BASE)
        if BASE in first and not is_short(formula):
            translator.body.append(f'<span class="math">{first}</span></span></span>')
            html = f"{END}{BASE}{last}"
        else:
            html = f'<span class="math">{html}</span>'
        words = f'<span class="joint">{opened}{html}{words}</span>'
    elif "-" in words or " " in words:
        words = f'<span class="joint">{words}</span>'
    else:
        words = JOINER + words
    translator.body.append(words)
    raise nodes.SkipNode


def visit_gapped(translator: HTML5Translator, node: gapped) -> None:
    """Write code with its gaps; a copy has nothing of these places."""
    words = "<wbr>".join(map(escape, lines(node.astext())))
    translator.body.append(f'<span class="pre">{words}</span>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the pieces."""
    app.add_node(joint, html=(visit_joint, None))
    app.add_node(gapped, html=(visit_gapped, None))
    app.add_post_transform(Join)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
