"""Every page in a real browser: nothing foreign, nothing broken, no barrier for any reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import faces
from tests.book.conftest import MOVED
from tests.book.kinds import KINDS
from tests.book.translation import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EDITIONS = ["", *LANGUAGES]
PAGES = sorted(
    page
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts
    and (page := str(path.relative_to(SITE))).removesuffix(".html").removeprefix("ko/") not in MOVED
)
#: The widths and color schemes in which a page is looked at. Neither changes what the other does.
STATES = [(1280, "light"), (360, "dark")]
#: The contents of the book, the same on all pages.
CONTENTS = ".bd-sidebar-primary"


def states(page: str) -> list[tuple[int, str]]:
    """Return the states in which barriers are looked for on a page.

    Editions share the structure of a page: they take turns, each with a state of its own. A page of
    each kind is looked at in both states, and in each edition.
    """
    edition = page.partition("/")[0] if page.partition("/")[0] in LANGUAGES else ""
    name = page.removeprefix(f"{edition}/")
    if len(EDITIONS) == 1 or name in KINDS.values():
        return STATES
    turn = [page for page in PAGES if page.partition("/")[0] not in LANGUAGES].index(name)
    turn %= len(EDITIONS)
    return [STATES[turn % 2]] if EDITIONS[turn] == edition else []


#: The selectors whose rules no page needs: the build has left them out.
DROPPED = SITE.with_name("dropped_styles.json")
#: Those that fit something when no state is asked for.
FITTING = r"""(selectors) => selectors.filter((selector) => {
  const plain = selector
    .replace(/::[\w-]+(\([^)]*\))?|:(before|after)\b/g, "")
    .replace(/:(hover|active|visited|link|focus|focus-within|focus-visible|target)\b/g, "")
    .replace(/:(checked|disabled|enabled|invalid|valid|indeterminate|placeholder-shown)\b/g, "")
    .trim();
  try {
    return /[\w*\]]$|\)$/.test(plain) && document.querySelector(plain);
  } catch {
    return false;
  }
})"""
#: What would be laid out only when a reader comes near it could stick out unseen.
LAY_OUT_ALL = """addEventListener("DOMContentLoaded", () => document.head.append(Object.assign(
    document.createElement("style"),
    { textContent: ".bd-article section { content-visibility: visible !important }" })))"""


@pytest.fixture(scope="module")
def window(browser: Any, address: str) -> Iterator[Any]:
    """Open one window for all pages, which is quicker; it notes what goes wrong in it."""
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(LAY_OUT_ALL)
    view, problems = context.new_page(), []
    view.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:"))
            else problems.append(f"asks for {request.url}")
        ),
    )
    view.on(
        "response",
        lambda answer: (
            None
            if answer.ok or answer.status == 304  # known already
            else problems.append(f"{answer.status}: {answer.url}")
        ),
    )
    view.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    view.on("pageerror", lambda error: problems.append(str(error)))
    view.problems, view.clear, view.state = problems, {}, ("", "")
    yield view
    context.close()


def look_at(window: Any, address: str, page: str) -> list[str]:
    """Return what is wrong with a page."""
    looked_at = states(page)
    order = sorted(STATES, key=looked_at.__contains__)  # so that less is laid out anew
    if len(looked_at) < 2:  # for what does not fit, one scheme is as good as another
        order = [(width, order[-1][1]) for width, _ in order]
    if not looked_at:
        order = sorted(order, key=lambda state: state[0] != window.state[0])
    if window.state != order[0]:
        window.evaluate("document.documentElement.style.display = 'none'")  # it need not follow
        change(window, *order[0])
    window.problems.clear()
    window.goto(address + page, wait_until="load")
    found = []
    for state in order:
        change(window, *state)
        found += misfits(window, *state)
        if page.endswith(CHAPTERS):
            found += first_screen(window)
    if len(looked_at) > 1:
        fit = window.evaluate(FITTING, json.loads(DROPPED.read_text(encoding="utf-8")))
        found += [f"a style was left out that fits: {selector}" for selector in fit]
    if looked_at:
        window.evaluate(AXE.read_text(encoding="utf-8"))
        window.evaluate(LEAVE_FORMULAS)
        window.evaluate(LEAVE_CODE)
    for state in (state for state in reversed(order) if state in looked_at):
        if state != order[-1]:
            change(window, *state)
            window.evaluate(FOLLOWED, [*state])
        left_out = [] if len(looked_at) > 1 else [CONTENTS]
        found += [f"{state}: {barrier}" for barrier in barriers(window, state, left_out)]
    return found + window.problems


def change(view: Any, width: int, scheme: str) -> None:
    """Give the window another width, and its reader another taste; what stays is not said anew."""
    if view.state[0] != width:
        view.set_viewport_size({"width": width, "height": 900})
    if view.state[1] != scheme:
        view.emulate_media(color_scheme=scheme)
    view.state = width, scheme


#: Tables, cards, formulas and code, other than outputs, of which a part is out of sight.
TOO_WIDE = """() => [...document.querySelectorAll(
    ".pst-scrollable-table-container, .loss-card, .math-scroll, article pre"
)].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 80))"""

#: The long tables, blocks on a phone, of which a part is out of sight there.
LONG = """() => [...document.querySelectorAll(".sorted .pst-scrollable-table-container")]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.textContent.slice(0, 80))"""

#: The names of the package in its reference that stand in two pieces.
IN_PIECES = """() => [...document.querySelectorAll(
    "article dl.py :is(.sig-name, .sig-param, dl.simple > dt strong)"
)].filter(name => !name.textContent.includes(" ")).filter(name => {
    const words = document.createRange();
    words.selectNodeContents(name);
    return new Set([...words.getClientRects()].map(box => Math.round(box.top))).size > 1;
}).map(name => name.textContent)"""

#: What a card says in words of which a part is out of sight.
BEYOND_CARD = """() => [
    ...document.querySelectorAll(".loss-card td:not(:has(.katex))"),
].filter(one => {
    const words = document.createRange();
    words.selectNodeContents(one);
    const end = one.closest(".loss-card").getBoundingClientRect().right;
    return words.getBoundingClientRect().right > end;
}).map(one => one.textContent.trim())"""

#: So small, in CSS pixels, may a letter of a drawing be.
SMALLEST = 9
#: The letters of what moves and of what is drawn in the page that are smaller.
SMALL = f"""() => [...document.querySelectorAll("article svg text")]
    .filter(text => text.getClientRects().length)
    .map(text => {{
        const {{ b, d }} = text.getScreenCTM();
        return [parseFloat(getComputedStyle(text).fontSize) * Math.hypot(b, d), text.textContent];
    }}).filter(([size]) => size < {SMALLEST})
    .map(([size, words]) => `${{size.toFixed(1)}} px: ${{words}}`)"""

#: The letters of a drawing that stand on others. The lines of a text have room above and below.
ONE_ON_ANOTHER = """() => [...document.querySelectorAll("article .curve-drawing")].flatMap(one => {
    const texts = [...one.querySelectorAll("text")].filter(text => text.checkVisibility());
    const boxes = texts.map(text => text.getBoundingClientRect());
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3 * Math.min(a.height, b.height);
    return texts.flatMap((text, k) => texts
        .filter((_, j) => j > k && meet(boxes[k], boxes[j]))
        .map(other => `${text.textContent}, ${other.textContent}`));
})"""

#: The names in a page's own contents that reach beyond the edge.
CUT = """() => {
    const side = document.querySelector(".bd-sidebar-secondary");
    const edge = side?.getBoundingClientRect().right;
    return [...side?.querySelectorAll("a, a *") ?? []].filter(part =>
        part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 ||
        part.getBoundingClientRect().right > edge
    ).map(part => part.textContent.trim());
}"""

#: What has a ground as bright as paper, on a dark page: its own, or as the browser draws it.
BRIGHT = """() => {
    const page = document.documentElement;
    if (page.dataset.theme !== "dark") return [];
    const bright = [...page.querySelectorAll(":not(.katex *, pre *, svg *)")].filter(part => {
        const [red, green, blue, opacity = 1] =
            getComputedStyle(part).backgroundColor.match(/[\\d.]+/g).map(Number);
        return opacity > 0.5 && Math.min(red, green, blue) > 225 && part.checkVisibility();
    });
    if (getComputedStyle(page).colorScheme !== "dark") bright.push(page);
    return bright.map(part => part.outerHTML.slice(0, 80));
}"""

#: The headings whose link stands alone in a line below the words.
LONELY = """() => [...document.querySelectorAll("article :is(h1, h2, h3):has(> .headerlink)")]
    .filter(heading => {
        const words = document.createRange(), link = heading.querySelector(".headerlink");
        words.selectNodeContents(heading);
        words.setEndBefore(link);
        return link.getBoundingClientRect().top >= [...words.getClientRects()].at(-1).bottom;
    }).map(heading => heading.textContent)"""

#: Wait until the page has followed a change, and return how far it can be scrolled sideways.
#: Playwright's own way to wait brings a large script into each page.
FOLLOWED = """async ([width, scheme]) => {
    const page = document.documentElement;
    while (innerWidth !== width || page.dataset.theme !== scheme)
        await new Promise(requestAnimationFrame);
    return page.scrollWidth - page.clientWidth;
}"""


#: What is looked for at which width, and what is said of it. All of it is asked at once: a question
#: takes as long as ten answers.
MISFITS = {
    1280: {"wider than the text": TOO_WIDE, "cut off in the contents": CUT},
    360: {
        "stands above an empty line": LONELY,
        "letters too small": SMALL,
        "in two pieces": IN_PIECES,
        "goes beyond its card": BEYOND_CARD,
        "wider than a phone": LONG,
        "one on another": ONE_ON_ANOTHER,
        "bright on a dark page": BRIGHT,
    },
}
LOOK = {
    width: f"""async ([width, scheme]) => {{
        const found = {{}}, sideways = await ({FOLLOWED})([width, scheme]);
        if (sideways > 0) found["scrolls sideways"] = [`${{sideways}} px at ${{width}} px`];
        {"".join(f'found["{words}"] = ({look})();' for words, look in looks.items())}
        return Object.entries(found).flatMap(
            ([words, places]) => places.map(place => `${{words}}: ${{place}}`));
    }}"""
    for width, looks in MISFITS.items()
}


def misfits(view: Any, width: int, scheme: str) -> list[str]:
    """Return what does not fit into a window, once the page has followed the last change."""
    found: list[str] = view.evaluate(LOOK[width], [width, scheme])
    return found


#: The chapters of the losses that are explained.
CHAPTERS = tuple(f"chapters/{name}/derivation.html" for name in faces.CHAPTERS)
#: What the first screen of such a chapter holds, in this order.
PARTS = ["h1 + p", ".math-block", "loss-curve .curve-drawing"]
#: Where the parts of a page begin, and where the last of them ends.
PLACES = """(parts) => {
    const boxes = parts.map(part =>
        document.querySelector(`article ${part}`).getBoundingClientRect());
    return [boxes.map(({ y }) => y), boxes.at(-1).bottom];
}"""


def first_screen(view: Any) -> list[str]:
    """Return what a reader of a loss's chapter misses before the first scroll."""
    tops, bottom = view.evaluate(PLACES, PARTS)
    height = 800 if view.state[0] == 1280 else 844  # of a small laptop, and of a phone
    found = [] if tops == sorted(tops) else [f"not in this order: {', '.join(PARTS)}"]
    return found if bottom <= height else [*found, f"the curve ends at {bottom:.0f} px"]


#: The drawn half of a formula becomes an empty box of its size, the half that is read aloud its
#: TeX. KaTeX makes both, out of thousands of elements that axe would go through in vain.
LEAVE_FORMULAS = """() => {
    const drawn = [...document.querySelectorAll(".katex-html")];
    const sizes = drawn.map(formula => formula.getBoundingClientRect());
    drawn.forEach((formula, n) => {
        formula.replaceChildren();
        const [width, height] = [sizes[n].width, sizes[n].height].map(size => `${size}px`);
        Object.assign(formula.style, { display: "inline-block", maxWidth: "100%", width, height });
    });
    for (const read of document.querySelectorAll(".katex-mathml"))
        read.textContent = read.querySelector("annotation")?.textContent ?? "";
}"""

#: Of the colored words of code, of which a notebook's page has thousands, the first visible one of
#: each kind stays: the same classes, up to the page. The others become plain text.
LEAVE_CODE = """() => {
    const known = new Map([[null, ""]]), seen = new Set();
    const place = element => {
        if (!known.has(element)) known.set(element,
            [place(element.parentElement), element.className, element.style.cssText].join());
        return known.get(element);
    };
    const others = [...document.querySelectorAll("pre span:not(:has(*))")].filter(word => {
        const kind = place(word);
        return seen.has(kind) || !word.checkVisibility() || !seen.add(kind);
    });
    others.forEach(word => word.replaceWith(word.textContent));
}"""

#: Contrast is measured at the first visible element of each kind: the same tags and classes up to
#: the page, the same letters and the same grounds behind them. A page has hundreds of elements, a
#: hundred kinds, and most of these are those of the pages before it, which were found clear.
ONE_OF_EACH_KIND = """([clear, exclude]) => {
    const known = new Map([[document.documentElement, ""]]), seen = new Set(clear);
    const place = element => {
        if (!known.has(element)) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
            known.set(element, [
                place(element.parentElement), element.tagName, element.className,
                backgroundColor, backgroundImage, opacity].join());
        }
        return known.get(element);
    };
    const short = words => { // two sums of 32 bits stand for a kind of thousands of letters
        let [a, b] = [1, 2];
        for (let k = 0; k < words.length; k++) {
            a = Math.imul(a ^ words.charCodeAt(k), 2654435761);
            b = Math.imul(b ^ words.charCodeAt(k), 1597334677);
        }
        return `${a} ${b}`;
    };
    for (const element of document.body.querySelectorAll("*")) {
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        const words = [...element.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const kind = short([place(element), color, fontSize, fontWeight, words].join());
        delete element.dataset.ofItsKind;
        if (seen.has(kind) || exclude.some(one => element.closest(one))) continue;
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        element.dataset.ofItsKind = kind;
        seen.add(kind);
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-of-its-kind]" }] });
}"""

#: What axe finds, and the kinds that it has found clear: neither pale nor left undecided.
BARRIERS = """async (exclude) => {
    // A frame tells of new sizes at its end: when the next one begins, who listens has run.
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const { violations, incomplete } = await axe.run({ exclude: exclude.map(one => [one]) }, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations", "incomplete"], elementRef: true, preload: false });
    const measured = document.querySelectorAll("[data-of-its-kind]");
    const clear = new Set([...measured].map(element => element.dataset.ofItsKind));
    for (const { id, nodes } of [...violations, ...incomplete])
        if (id === "color-contrast")
            nodes.forEach(({ element }) => clear.delete(element.dataset.ofItsKind));
    return [[...clear], violations.flatMap(({ id, help, nodes }) =>
        nodes.slice(0, 9).map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`))];
}"""


def barriers(view: Any, state: tuple[int, str], left_out: list[str]) -> list[str]:
    """Return what axe finds in a page of which some parts are left out."""
    known = view.clear.setdefault(state, set())
    view.evaluate(ONE_OF_EACH_KIND, [[*known], left_out])
    clear, found = view.evaluate(BARRIERS, left_out)
    known.update(clear)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_logs_no_error_and_has_no_barrier(
    window: Any, address: str, page: str
) -> None:
    assert look_at(window, address, page) == []


#: What may be wrong with a page, and what must be said of it.
FAULTS = {
    '<script src="https://example.org/count.js"></script>': "asks for https://example.org/count.js",
    "<script>nothing.at.all</script>": "nothing is not defined",
    '<img src="gone.svg" alt="A drawing that is not there.">': "404: ",
    '<img src="_static/favicon.svg">': "image-alt",
    '<div style="width: 1290px">Wide</div>': "scrolls sideways",
    '<pre style="width: 100px; overflow: auto">' + "x" * 80 + "</pre>": "wider than the text: xxx",
    '<p>One <em>clear</em> word, one <em style="color: #bbb">pale</em> one.</p>': ">pale</em>",
    '<p style="background: #777">One <em>grounded</em> word.</p>': ">grounded</em>",
    '<pre><span>1</span> <span class="k" style="color: #bbb">pale code</span></pre>': ">pale code<",
    '<p>One word is <em class="faint" hidden>faint</em> and one is not:'
    ' <em class="faint">faint</em>, if it is dark.</p>'
    "<style>[data-theme=dark] .faint { color: #333 }</style>": ">faint</em>",
    '<svg width="99" height="99" viewBox="0 0 198 198"><text y="50" style="font-size: 17px">Small'
    "</text></svg>": "letters too small: 8.5 px: Small",
    '<svg class="curve-drawing" width="99" height="99"><text y="50">Median</text>'
    '<text x="20" y="55">mean</text></svg>': "one on another: Median, mean",
    '<input class="form-control" aria-label="Some words" style="background: white">': (
        "bright on a dark page: <input"
    ),
    '<div class="sorted"><div class="pst-scrollable-table-container" style="width: 99px">'
    '<div style="width: 200px">Long</div></div></div>': "wider than a phone: Long",
    "<style>.bd-sidebar-secondary a { min-width: 30rem }</style>": "cut off in the contents: ",
    '<h3 style="width: 9em">Alone<a class="headerlink" style="display: block">#</a></h3>': (
        "stands above an empty line: Alone"
    ),
    '<div class="loss-card"><table style="width: 500px"><tr><td>Kind<td><p style="width: 400px">'
    + "of a card " * 9
    + "</table></div>": "goes beyond its card: of a card",
    '<dl class="py"><dt class="sig-name" style="width: 1em; word-break: break-all">broken</dl>': (
        "in two pieces: broken"
    ),
    '<p class="accordion-item">Of a style that no page has.</p>': (
        "a style was left out that fits: .accordion-item"
    ),
    '<button class="narrow"></button>'
    "<style>@media (min-width: 400px) { .narrow { display: none } }</style>": "button-name",
}


def test_a_fault_of_a_page_is_found_in_every_edition(window: Any, address: str) -> None:
    for page in [f"{edition}/index.html".lstrip("/") for edition in EDITIONS]:
        text = (SITE / page).read_text(encoding="utf-8").replace("</article>", "".join(FAULTS), 1)
        broken = {"body": text, "content_type": "text/html"}
        window.route(address + page, lambda route, _, broken=broken: route.fulfill(**broken))
        found = look_at(window, address, page)
        window.unroute(address + page)
        for fault, said in FAULTS.items():
            assert any(said in words for words in found), f"{fault} on {page}: {found}"


def test_a_chapter_whose_curve_is_below_the_first_screen_is_found(
    window: Any, address: str
) -> None:
    window.goto(address + CHAPTERS[0])
    for width in (1280, 360):
        change(window, width, "light")
        window.evaluate(FOLLOWED, [width, "light"])
        assert first_screen(window) == []
    window.add_style_tag(content="article h1 + p { margin-top: 400px }")
    assert any("the curve ends at" in words for words in first_screen(window))
    window.add_style_tag(content="article h1 + p { position: relative; top: 900px }")
    assert any("not in this order" in words for words in first_screen(window))


def test_the_drawn_half_of_a_formula_has_the_color_of_the_text(window: Any, address: str) -> None:
    for scheme in ("light", "dark"):
        change(window, 1280, scheme)
        window.goto(f"{address}chapters/categorical_crossentropy/derivation.html")
        assert window.evaluate(
            """() => [...document.querySelectorAll(".katex-html")].every(formula =>
                 getComputedStyle(formula).color === getComputedStyle(formula.closest(
                   ".math, .joint").parentElement.closest("p, div, td, li, dd, section")).color)"""
        )
