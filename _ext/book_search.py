"""The search: the texts of an edition, by section, in one file that the search page alone fetches.

``search.js`` looks for each word in the texts themselves. So a word is found with every ending and
with or without blanks between its parts, an excerpt is a piece of the text, and no page is fetched.
What people call a page otherwise, and what a language adds to its words, stands in
``chapters/search.toml`` and, for another edition, in ``locale/LANGUAGE/search.toml``.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from editions import FIRST, LOCALE
from sphinx import addnodes
from sphinx.application import Sphinx

TEXTS = "search_texts.js"
#: How much a page counts, by its folder or its name: chapters first, then what belongs to them.
WEIGHTS = {
    "examples": 0.6,
    "exercises": 0.4,
    "larger_than_memory_exercises": 0.4,
    "reviews": 0.4,
    "assignment": 0.5,
    "glossary": 0.6,
    "api": 0.6,
    "history": 0.2,
}
LEFT_OUT = {"cell_output", "tested-claims", "folded"}
SILENT = (nodes.comment, nodes.raw, nodes.title, nodes.image, nodes.math_block, nodes.target)
SIGNS = {
    **{"cdot": "·", "times": "×", "sum": "∑", "infty": "∞", "partial": "∂", "sqrt": "√"},
    **{"le": "≤", "ge": "≥", "ne": "≠", "neq": "≠", "in": "∈", "approx": "≈", "to": "→"},
    **{"dots": "…", "ldots": "…", "cdots": "…", "top": "ᵀ", "ell": "ℓ", "quad": " "},
}


def plain(tex: str) -> str:
    r"""Return a formula as a line of text can show it.

    >>> plain(r"\frac{1}{2} (y_i - t_i)^2")
    '1/2 (y_i - t_i)²'
    >>> plain(r"-\log \sigma(z)")
    '-log σ(z)'
    """
    tex = re.sub(r"\\[td]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", tex)

    def sign(match: re.Match[str]) -> str:
        name = match[1]
        size = "CAPITAL" if name[0].isupper() else "SMALL"
        try:
            return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
        except KeyError:
            return SIGNS.get(name, name if name in ("log", "max", "min", "exp", "arg") else "")

    tex = re.sub(r"\\([A-Za-z]+)", sign, tex)
    tex = tex.replace("^2", "²").replace("\\", "")
    return " ".join(re.sub(r"[{}$]", "", tex).split())


def words_of(node: nodes.Node, formula: Callable[[str], str] = plain) -> Iterator[str]:
    """Yield the words below a node that belong to its section, in their order."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, SILENT) or LEFT_OUT & set(node["classes"]):  # type: ignore[index]
        return
    elif isinstance(node, nodes.math):
        yield formula(node.astext())
    elif not is_passage(node):
        for child in node.children:
            yield from words_of(child, formula)
        if not isinstance(node, nodes.Inline):
            yield " "


def is_passage(node: nodes.Node) -> bool:
    """Return whether a node is found under its own heading: a section, a term, an object."""
    if isinstance(node, nodes.section):  # what a solution holds is a section without a heading
        return isinstance(node[0], nodes.title)
    return isinstance(node, addnodes.desc) or (
        isinstance(node, nodes.definition_list_item)
        and isinstance(node.parent.parent, addnodes.glossary)
    )


def passages(document: nodes.document) -> Iterator[list[str]]:
    """Yield the id, the heading and the text of each part of a page."""
    for node in document.findall(is_passage):
        assert isinstance(node, nodes.Element)
        head = node[0]
        ids = node.get("ids") or head.get("ids") or [""]
        if isinstance(node, addnodes.desc):
            heading = head.get("fullname") or head.astext()
        else:
            heading = " ".join("".join(map(words_of_title, head.children)).split())
        text = "".join(word for child in node.children[1:] for word in words_of(child))
        yield [ids[0], heading, " ".join(text.split())]


def words_of_title(node: nodes.Node) -> str:
    """Return the words of a part of a heading."""
    return plain(node.astext()) if isinstance(node, nodes.math) else node.astext()


@cache
def settings(language: str) -> dict[str, Any]:
    """Return what a language adds to its words, and the other names of each page."""
    home = Path(__file__).resolve().parent.parent / "chapters" / "search.toml"
    found: dict[str, Any] = tomllib.loads(home.read_text(encoding="utf-8"))
    own = LOCALE / language / "search.toml"
    if language != FIRST and own.exists():
        more = tomllib.loads(own.read_text(encoding="utf-8"))
        names = {
            page: found["names"].get(page, []) + more["names"].get(page, [])
            for page in {**found["names"], **more["names"]}
        }
        found = {key: f"{found[key]}|{more[key]}" for key in ("endings", "small")}
        found["names"] = names
    return found


def keep_texts(app: Sphinx, page: str, _template: str, context: dict[str, Any], tree: Any) -> None:
    """Keep the texts of a page, and load the script with the page of the search."""
    if page == "search":
        app.add_js_file("search.js", loading_method="defer")
    if tree is None or app.builder.name != "html":
        return
    kept = app.builder.__dict__.setdefault("search_texts", {})
    name = page.removeprefix("chapters/")
    folder, _, own = name.partition("/")
    weight = WEIGHTS.get(folder, WEIGHTS.get(own, 1))
    title = " ".join(re.sub(r"<[^>]+>", "", context["title"]).split())
    names = settings(app.config.language)["names"].get(name, [])
    kept[page] = [f"{page}.html", title, weight, names, list(passages(tree))]


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Write the file."""
    kept = getattr(app.builder, "search_texts", None)
    if exception or not kept:
        return
    about = settings(app.config.language)
    data = {**about, "pages": [kept[page] for page in sorted(kept)]}
    del data["names"]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / TEXTS).write_text(f"showSearch({text})", encoding="utf-8")


def use_own_search(app: Sphinx) -> None:
    """Let Sphinx make no index of its own."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]
        app.config.html_additional_pages["search"] = "search.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the search."""
    app.connect("builder-inited", use_own_search)
    app.connect("html-page-context", keep_texts)
    app.connect("build-finished", write_texts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
