"""No line ends between a formula and the rest of the word that it begins."""

from __future__ import annotations

import sys
from typing import Any

from docutils.core import publish_doctree

from tests.book.translation import LANGUAGES, ROOT

#: Pages of each kind, with many formulas or with hyphens.
PAGES = [
    "index",
    "chapters/glossary",
    "chapters/binary_crossentropy/derivation",
    "chapters/huber/derivation",
    "chapters/focal/derivation",
    "chapters/categorical_crossentropy/derivation",
    "chapters/information_and_entropy/index",
    "chapters/likelihood/exercises",
    "chapters/losses_and_metrics/index",
    "chapters/backpropagation/index",
    "chapters/reviews/where_they_come_from",
]
#: Where a line begins with a letter that goes on a word: behind a formula (or with a comma there),
#: behind a bracket, a quotation or a percent sign, and behind a hyphen after one or two letters; a
#: unit that its number has left, and an exercise's stars that its title has; and where a line ends
#: in a formula narrower than 80 pixels.
TORN = r"""() => {
    const torn = [], place = document.createRange(), page = document.querySelector("article");
    const boxesOf = (part) => [...(part?.querySelectorAll(".base") ?? [])]
        .map((base) => base.getBoundingClientRect());
    const widths = (boxes) => boxes.reduce((sum, box) => sum + box.width, 0);
    for (const folded of page.querySelectorAll("details")) folded.open = true;
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    let before = "", base = null, box = null, block = null, joints = 0;
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const parent = text.parentElement;
        if (parent.closest(".katex-mathml, pre, svg, button")) continue;
        const own = parent.closest("p, li, td, th, dd, dt, figcaption, h1, h2, h3");
        if (own !== block) [before, base, block] = ["", null, own];
        if (!own) continue;
        if (parent.closest(".katex-html")) {
            const opens = !base && /[(“‘]$/.test(before);
            base = parent.closest(".base");
            const whole = base?.closest(".math");
            if (opens && whole && widths(boxesOf(whole)) < 80) {
                joints += 1;
                if (base.getBoundingClientRect().top >= box.bottom)
                    torn.push(before.slice(-8) + "|" + base.textContent);
            }
            continue;
        }
        for (let k = 0; k < text.data.length; k++) {
            if (text.data[k] === "\u2060") continue;
            place.setStart(text, k);
            place.setEnd(text, k + 1);
            const now = place.getBoundingClientRect();
            const joined = base ? /[\p{L},.;:!?)\]]/u : /\p{L}/u;
            const goesOn = base || /(?:[)\]’”%]|(?<![\p{L}\p{N}-])\p{L}{1,2}-)$/u.test(before);
            const rest = text.data.slice(k);
            const number = !parent.closest("code")
                && (/\d\s$/.test(before) && /^(?:°|(?:kg|g|mm|MB)(?![A-Za-z]))/.test(rest)
                || /\s$/.test(before) && (rest.startsWith("★") || /^\[$|^\[\d/.test(rest)));
            if (now.height && (number || goesOn && joined.test(text.data[k]))) {
                joints += 1;
                if (now.top >= (base?.getBoundingClientRect() ?? box).bottom)
                    torn.push(before.slice(-8) + "|" + text.data.slice(k, k + 8));
            }
            const within = /\p{L}$/u.test(before) && /\p{L}/u.test(text.data[k])
                && !parent.closest("code");
            if (within && now.height && now.top > box.top + box.height / 2)
                torn.push("within a word: " + before.slice(-8) + "|" + text.data.slice(k, k + 8));
            [before, base] = [before + text.data[k], null];
            if (/\S/.test(text.data[k])) box = now;
        }
    }
    for (const formula of page.querySelectorAll(".math:not(.math-block, td *)")) {
        const end = formula.nextSibling?.className === "joint" ? formula.nextSibling : null;
        const boxes = [formula, end].flatMap(boxesOf), width = widths(boxes);
        if (boxes.length > 1 && width > 0 && width < 80) {
            joints += 1;
            if (boxes.at(-1).top >= boxes[0].bottom) torn.push(formula.textContent);
        }
    }
    return [joints, torn];
}"""


PART = r"""() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
        text.data = text.data.replaceAll("\u2060", "").replaceAll("\u00a0", " ");
}"""


def test_the_backslash_that_ends_a_formula_in_a_docstring_leaves_no_space() -> None:
    sys.path.insert(0, str(ROOT / "_ext"))
    import joints

    document = publish_doctree(":math:`x`\\ 입니다. 값은 :math:`-|z|`\\ 에서만 구합니다.")
    joints.Join(document).run()
    assert [node.astext() for node in document.findall(joints.joint)] == ["x입니다.", "-|z|에서만"]
    assert document.astext() == "x입니다. 값은 -|z|에서만 구합니다."


def test_no_line_begins_with_the_rest_of_a_word(view: Any, address: str) -> None:
    widths, before = (360, 1280), dict.fromkeys((360, 1280), 0)
    for edition in ("", *(f"{language}/" for language in LANGUAGES)):
        for page in PAGES if edition else PAGES[-1:]:  # Korean words go on behind most formulas
            view.goto(f"{address}{edition}{page}.html")
            for width in widths:
                view.set_viewport_size({"width": width, "height": 900})
                joints, torn = view.evaluate(TORN)
                assert torn == [], f"{page} at {width} px"
                assert joints > 0 or page == "index", page
            if min(before.values()) > 10:
                continue
            # Without what joins, the measure finds some.
            view.add_style_tag(content=".joint { white-space: normal !important }")
            view.evaluate(PART)
            for width in reversed(widths):
                view.set_viewport_size({"width": width, "height": 900})
                before[width] += len(view.evaluate(TORN)[1])
    assert min(before.values()) > 10
