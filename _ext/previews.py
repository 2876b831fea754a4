"""Previews: what a term or a citation says, at hand on every page that links to it.

When the build ends, the definitions that a page links to are written into the page itself.
``lossbook.js`` shows one beside its link; an equation it takes from the page. In the glossary each
term leads back to the pages that use it, and letters lead to the terms.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html import escape
from pathlib import Path
from typing import Any

from book_search import is_passage, plain, words_of
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from wording import translate

GLOSSARY, BIBLIOGRAPHY = "chapters/glossary", "chapters/bibliography"
LINK = re.compile(r'href="[^"]*?(glossary|bibliography)?(?:\.html)?#([^"]+)"')
#: What a preview cannot follow: the address of a source.
ADDRESS = re.compile(r" *(URL: *)?https?://\S+")
#: In the glossary, how many pages a term leads back to.
USES = 4


#: What opens and closes an index and an exponent, until all else is escaped.
MARKS = {"\x01": "<sub>", "\x02": "</sub>", "\x03": "<sup>", "\x04": "</sup>"}
PART = r"(?:\{([^{}]*)\}|(\\[A-Za-z]+|\w))"


def raised(tex: str) -> str:
    r"""Return a formula as text, with marks round what stands higher or lower.

    >>> html(raised(r"e^{z_j}/\sum_k e^{-z_k}"))
    'e<sup>z<sub>j</sub></sup>/∑<sub>k</sub> e<sup>−z<sub>k</sub></sup>'
    """
    for sign, opened, closed in (("_", "\x01", "\x02"), (r"\^", "\x03", "\x04")):
        tex = re.sub(sign + PART, lambda m: f"{opened}{m[1] or m[2]}{closed}", tex)  # noqa: B023
    return plain(tex).replace("-", "−")


def html(words: str) -> str:
    """Return words as HTML, where marks have become tags."""
    words = escape(" ".join(words.split()), quote=False)
    return re.sub("[\x01-\x04]", lambda mark: MARKS[mark[0]], words)


def note_uses(app: Sphinx, document: nodes.document) -> None:
    """Keep which pages of the text use a term."""
    page = app.env.docname
    uses = app.env.__dict__.setdefault("uses_of_terms", defaultdict(list))
    if page.rpartition("/")[2] not in ("index", "derivation") or page == "index":
        return
    for link in document.findall(addnodes.pending_xref):
        if link["reftype"] == "term" and page not in uses[key_of(link["reftarget"])]:
            uses[key_of(link["reftarget"])].append(page)


def key_of(term: str) -> str:
    """Return what a term and its place in the glossary share in every language.

    >>> key_of("Gaussian distribution") == key_of("term-Gaussian-distribution")
    True
    """
    return re.sub(r"[^a-z0-9]+", "-", term.lower().removeprefix("term-")).strip("-")


def lead_back(app: Sphinx, document: nodes.document, page: str) -> None:
    """Write into the glossary where its terms are used, and letters to jump to."""
    if page != GLOSSARY or app.builder.name != "html":
        return
    uses = app.env.uses_of_terms  # type: ignore[attr-defined]
    order: dict[str, int] = app.env.places_in_book  # type: ignore[attr-defined]
    for glossary in list(document.findall(addnodes.glossary)):
        first: dict[str, str] = {}
        for entry in list(glossary.findall(nodes.definition_list_item)):
            place = entry[0]["ids"][0]
            letter = initial(entry[0].astext())
            first.setdefault(letter, place)
            pages = sorted(uses.get(key_of(place), []), key=order.__getitem__)
            if pages:
                entry[-1] += back(app, pages[:USES])
        glossary.parent.insert(glossary.parent.index(glossary), letters(first))


def initial(term: str) -> str:
    """Return the letter under which a term stands; of a Korean syllable its first consonant.

    >>> initial("logit"), initial("손실")
    ('L', 'ㅅ')
    """
    letter = term[0].upper()
    if "가" <= letter <= "힣":
        return "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(ord(letter) - ord("가")) // 588]
    return letter


def back(app: Sphinx, pages: list[str]) -> nodes.paragraph:
    """Return the links to the pages that use a term."""
    line = nodes.paragraph("", translate("Used in") + " ", classes=["used-in"])
    for k, page in enumerate(pages):
        address = app.builder.get_relative_uri(GLOSSARY, page)
        title = app.env.titles[page].astext()
        line += [nodes.Text(", " if k else ""), nodes.reference("", title, refuri=address)]
    return line


def letters(first: dict[str, str]) -> nodes.paragraph:
    """Return the letters with links."""
    line = nodes.paragraph(classes=["letters"])
    for letter, place in first.items():
        line += [nodes.reference("", letter, refid=place), nodes.Text(" ")]
    return line


def keep_order(app: Sphinx, env: Any) -> None:
    """Keep the pages in the order of the book."""
    order = [env.config.root_doc]
    for page in order:
        order += [p for p in env.toctree_includes.get(page, []) if p not in order]
    # A chapter's own pages stand behind the chapters here; only the chapters' order counts.
    places = dict.fromkeys(env.found_docs, len(order))
    env.places_in_book = {**places, **{page: k for k, page in enumerate(order)}}


def keep_definitions(
    app: Sphinx, page: str, _template: str, _context: dict[str, Any], tree: Any
) -> None:
    """Keep what the terms and the citations say."""
    kept = app.builder.__dict__.setdefault("definitions", {})
    if tree and page == GLOSSARY:
        for entry in tree.findall(is_passage):
            if isinstance(entry, nodes.definition_list_item):
                parts = (word for word in words_of(entry[-1], raised))
                said = html("".join(parts)).split(" " + translate("Used in") + " ")[0]
                kept[entry[0]["ids"][0]] = said
    if tree and page == BIBLIOGRAPHY:
        for citation in tree.findall(nodes.citation):
            parts = (word for child in citation.children[1:] for word in words_of(child, raised))
            kept[f"cite {citation['ids'][0]}"] = ADDRESS.sub("", html("".join(parts)))


def write_previews(app: Sphinx, exception: Exception | None) -> None:
    """Write into each page the definitions that it links to."""
    kept = getattr(app.builder, "definitions", None)
    if exception or not kept:
        return
    for path in sorted((Path(app.outdir) / "chapters").rglob("*.html")):
        if path.stem in ("glossary", "bibliography"):
            continue
        text = path.read_text(encoding="utf-8")
        found = {}
        for kind, place in LINK.findall(text):
            key = f"cite {place}" if kind == "bibliography" else place
            if kind and key in kept:
                found[place] = kept[key]
        if found:
            data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            data = data.replace("<", "\\u003c")
            script = f'<script type="application/json" id="previews">{data}</script>\n</body>'
            path.write_text(text.replace("</body>", script, 1), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the previews."""
    app.connect("doctree-read", note_uses)
    app.connect("env-updated", keep_order)
    app.connect("doctree-resolved", lead_back)
    app.connect("html-page-context", keep_definitions)
    app.connect("build-finished", write_previews)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
