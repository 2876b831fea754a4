"""The directive ``{guess}``: what will come out is asked before it is shown.

    ```{guess}
    :right: 2

    The label is 0 and the prediction is 0. What does `-t * np.log(y)` cost?

    * 0
    * `nan`

    What comes out, and why.
    ```

The first list holds the choices; what stands behind it shows once a reader has chosen. That needs
no script: a style sheet looks whether a choice is taken. Where nothing can be chosen, on paper or
without scripts, everything is shown.
"""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

from book_search import plain
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator
from wording import translate


class choice(nodes.paragraph):  # noqa: N801  (as docutils names its nodes)
    """A choice, with the `group` it is one of, and whether it is `right`."""


def visit_choice(translator: HTML5Translator, node: choice) -> None:
    """Write a button of which one in a group is pressed; a bare formula is no name for one."""
    more = " data-right" if node["right"] else ""
    if all(isinstance(part, nodes.math) for part in node.children):
        more += f' aria-label="{escape(plain(node.astext()))}"'
    translator.body.append(
        f'<label><input type="radio" name="{node["group"]}" autocomplete="off"{more}><span>'
    )


def depart_choice(translator: HTML5Translator, node: choice) -> None:
    """Close it."""
    translator.body.append("</span></label>\n")


def html(text: str) -> nodes.raw:
    """Return HTML, which other formats leave out."""
    return nodes.raw("", text, format="html")


class Guess(SphinxDirective):
    """Write a question, its choices, and what is shown to who has chosen."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"right": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the parts between the tags of their boxes."""
        parts = self.parse_content_to_nodes()
        place = next((k for k, part in enumerate(parts) if isinstance(part, nodes.bullet_list)), 0)
        right = self.options.get("right", 0)
        choices = [item[0] for item in parts[place].children if isinstance(item, nodes.Element)]
        if not place or not 1 <= right <= len(choices) or place + 1 == len(parts):
            raise self.error(
                "a guess needs a question, a list of choices, the number of the `:right:` one, and "
                "what comes out"
            )
        group = nodes.make_id(f"{self.env.docname} guess {self.env.new_serialno('guess')}")
        buttons = []
        for k, text in enumerate(choices, 1):
            button = choice(text.rawsource, "", *text.children, group=group, right=k == right)
            button.source, button.line = text.source, text.line
            buttons.append(button)
        name, legend = translate("Guess before you look"), translate("Your guess")
        yes, no = translate("So it is."), translate("Something else comes out.")
        return [
            html(f'<div class="guess" role="group" aria-label="{name}">'),
            *parts[:place],
            html(f'<fieldset><legend class="curve-aside">{legend}</legend>'),
            *buttons,
            html(
                '</fieldset><div class="guess-answer" aria-live="polite">'
                f'<p class="guess-right">{yes}</p><p class="guess-wrong">{no}</p>'
            ),
            *parts[place + 1 :],
            html("</div></div>"),
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and its choices."""
    app.add_directive("guess", Guess)
    app.add_node(choice, html=(visit_choice, depart_choice))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
