"""What all pieces share that a reader can move: controls, numbers, and the element around them.

A piece is a directive, an element of the same name, and a script. Its module draws the piece as it
stands before anybody moves it, with numbers that `lossbook` computed; `piece` puts that together,
and `register` makes it known. Its script, named after it, builds on ``moving.js``. Without
JavaScript the drawing and the numbers stay, and the controls do not show.
"""

from __future__ import annotations

import json
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from curve_tables import DIGITS
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SCRIPTS = Path(__file__).resolve().parent.parent / "_interactive"


def shown(value: float | str, digits: int = DIGITS) -> str:
    """Return a number as the page shows it."""
    return value if isinstance(value, str) else f"{value:.{digits}f}".replace("-", "−")


def value(key: str, content: float | str, digits: int = DIGITS) -> str:
    """Return a number that the script replaces."""
    return f'<b data-out="{key}">{shown(content, digits)}</b>'


def named(word: str, key: str, content: float | str, digits: int = DIGITS) -> str:
    """Return a number that the script replaces, with its name."""
    return f"{word} {value(key, content, digits)}"


def slider(
    x: tuple[float, float, int], at: int, word: str, symbol: str = "", attributes: str = ""
) -> str:
    """Return a slider over a grid, within its label: its symbol is seen, or else its word."""
    start, step, count = x
    end, value = start + step * (count - 1), start + step * at
    name = f'<span class="curve-aside">{word} </span>{symbol}' if symbol else word
    named = "" if symbol else " curve-named"
    return (
        f'<label class="curve-slider{named}"{attributes}><span>{name}</span>'
        f'<input type="range" min="{start:g}" max="{end:g}" step="{step:g}" '
        f'value="{value:.6g}" autocomplete="off"></label>'
    )


def choice(name: str, legend: str, options: list[str], chosen: int, kind: str) -> str:
    """Return buttons of which one is pressed."""
    buttons = "".join(
        f'<label><input type="radio" name="{name}-{kind}" value="{k}" data-choice="{kind}" '
        f'autocomplete="off"{" checked" if k == chosen else ""}><span>{option}</span></label>'
        for k, option in enumerate(options)
    )
    return f'<fieldset class="curve-choice"><legend>{legend}</legend>{buttons}</fieldset>'


def row(name: str, cells: list[str], attributes: str = "") -> str:
    """Return a line of the numbers."""
    rest = "".join(f'<span class="curve-cell">{cell}</span> ' for cell in cells)
    return (
        f'<span class="curve-row"{attributes}><span class="curve-head">{name}</span> {rest}</span>'
    )


def piece(
    tag: str,
    title: str,
    drawing: str,
    sliders: str,
    values: str,
    choices: str = "",
    *,
    attributes: str = "",
    data: dict[str, Any] | None = None,
) -> str:
    """Return a piece as HTML: drawing, sliders, numbers, buttons, and what its script reads.

    >>> print(piece("a-piece", "Move it", "<svg></svg>", "", "", data={"x": [1, 2]}))
    <a-piece role="group" aria-label="Move it">
    <svg></svg>
    <div class="curve-sliders"></div>
    <output class="curve-values" aria-live="polite"></output>
    <script type="application/json">{"x":[1,2]}</script>
    </a-piece>
    <BLANKLINE>
    """
    lines = [
        f'<{tag}{attributes} role="group" aria-label="{escape(title)}">',
        drawing,
        f'<div class="curve-sliders">{sliders}</div>',
        f'<output class="curve-values" aria-live="polite">{values}</output>',
    ]
    if choices:
        lines.append(choices)
    if data is not None:
        table = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
        lines.append(f'<script type="application/json">{table}</script>')
    return "\n".join([*lines, f"</{tag}>\n"])


def register(app: Sphinx, tag: str, directive: type[SphinxDirective] | None = None) -> None:
    """Make a piece known, and load its script with the pages that have it."""
    if directive:
        app.add_directive(tag, directive)
    app.connect("html-page-context", partial(_add_scripts, tag))


def _add_scripts(
    tag: str, app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any
) -> None:
    if f"<{tag}" in context.get("body", ""):
        for name in ("moving", tag.replace("-", "_")):
            app.add_js_file(f"{name}.js", loading_method="defer")


def add_script_folder(app: Sphinx) -> None:
    """Let the scripts be copied. In the folder of the others, every page would load them."""
    app.config.html_static_path.append(str(SCRIPTS))


def setup(app: Sphinx) -> dict[str, Any]:
    """Copy the scripts."""
    app.connect("builder-inited", add_script_folder)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
