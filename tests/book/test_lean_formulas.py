"""The formulas of a page are drawn as KaTeX draws them, out of a third of its boxes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.book.conftest import SITE

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from katex_math import KATEX, NODE, renderer  # noqa: E402 - found through the line above

#: What the book stacks, and what it may yet: scripts, fractions, limits, accents, roots, braces.
FORMULAS = [
    r"y_i^2 + t_{ij} - e^{-|z_i|} + x_{i_j}",
    r"L = -\frac{1}{N} \sum_{i=1}^{N} \left( t_i \log y_i + (1 - t_i) \log(1 - y_i) \right)",
    r"\hat{y} + \bar t_j + \tilde y_i^2 + \overline{ab} + \vec v",
    r"r = \frac{12}{\sqrt{20} \sqrt{\frac{a}{b}}} = \frac35",
    r"\begin{cases} \frac{1}{2} d^2 & |d| \le \delta \\ \delta |d| & \text{otherwise} \end{cases}",
    r"\begin{pmatrix} 1 & 0 \\ a_1 & b^2 \end{pmatrix}^{\top} \mathbf{W}",
    r"\operatorname*{arg\,min}_\theta \; \max_x f'(x) \quad \underbrace{a + b}_{n} \!",
    r"\stackrel{d}{\to} c \cdot 10^{-7}",
    r"\int_0^\infty x \, dx \prod_{k \ne j}^{K} \binom{n}{k} \lVert x \rVert_2",
]
KATEX_ALONE = """
const katex = require("katex");
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([tex, displayMode]) =>
    katex.renderToString(tex, { displayMode }))));
"""
LETTERS = """async html => {
    const article = document.querySelector("article");
    article.innerHTML = html.map(formula => `<p class="math">${formula}</p>`).join("");
    await document.fonts.ready;
    return [...article.children].map(line => {
        const drawn = line.querySelector(".katex-html"), box = line.getBoundingClientRect();
        const [all, letters] = [document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT), []];
        while (all.nextNode())
            [...all.currentNode.data].forEach((letter, k) => {
                const range = document.createRange();
                range.setStart(all.currentNode, k);
                range.setEnd(all.currentNode, k + 1);
                const { left, top, height } = range.getBoundingClientRect();
                const place = [letter, left - box.left, top - box.top, height];
                if (/[^\\s\\u200b]/.test(letter)) letters.push(place);
            });
        const size = [box.width, box.height];
        return { letters, size, boxes: drawn.querySelectorAll("*").length };
    });
}"""


def test_a_formula_is_drawn_as_katex_draws_it(view: Any, address: str) -> None:
    asked = [(tex, display) for tex in FORMULAS for display in (True, False)]
    alone = subprocess.run(
        [NODE, "-e", KATEX_ALONE, json.dumps(asked)],
        env={"NODE_PATH": str(KATEX.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    lean = [renderer().render(tex, display)[0] for tex, display in asked]
    view.goto(address + "chapters/categorical_crossentropy/derivation.html")
    rules = (KATEX / "dist" / "katex.min.css").read_text(encoding="utf-8")
    view.add_style_tag(content=re.sub(r"@font-face\{[^}]*\}", "", rules))
    own = view.evaluate(LETTERS, lean)
    theirs = view.evaluate(LETTERS, json.loads(alone.stdout))
    for (tex, _), ours, wanted in zip(asked, own, theirs, strict=True):
        assert ours["size"] == pytest.approx(wanted["size"], abs=1), tex
        assert len(ours["letters"]) == len(wanted["letters"]), tex
        for letter, reference in zip(ours["letters"], wanted["letters"], strict=True):
            assert letter[0] == reference[0], tex
            assert letter[1:] == pytest.approx(reference[1:], abs=0.6), f"{letter[0]} of {tex}"
    assert sum(one["boxes"] for one in own) < 0.5 * sum(one["boxes"] for one in theirs)


def test_a_large_sign_of_the_first_screen_has_its_font_in_advance_and_a_later_one_has_not() -> None:
    from lean_pages import early_fonts

    sums = {size: f'<span class="mop op-symbol {size}-op">∑</span>' for size in ("small", "large")}
    begin, rest = '<nav></nav><article class="bd-article"><h1></h1>', "<h2></h2>"
    plain = ["Main-Regular", "Math-Italic"]
    assert early_fonts(begin + rest + sums["small"] + sums["large"]) == plain
    assert early_fonts(begin + sums["small"] + rest) == [*plain, "Size1-Regular"]
    assert early_fonts(begin + sums["large"] + rest) == [*plain, "Size2-Regular"]
    assert early_fonts(f'{begin}<span class="sizing reset-size3 size1"></span>') == plain


def test_no_page_is_made_of_too_many_elements() -> None:
    counts = {}
    for path in SITE.rglob("*.html"):
        if "_static" not in path.parts:
            page = re.sub(r"(?s)<script\b.*?</script>|<!--.*?-->", "", path.read_text("utf-8"))
            counts[path] = len(re.findall(r"<[a-zA-Z]", page))
    heaviest = max(counts, key=lambda path: counts[path])
    assert 1_000 < counts[heaviest] <= 7_500, heaviest
