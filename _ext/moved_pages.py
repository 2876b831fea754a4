"""Leave at the address of a page that has moved a page that leads on to the new one.

``moved_pages`` in ``_config.yml`` names the new page of each old address. If that begins a folder,
the old page has been split: a place in it may now be on any page of the folder. A small script
(`_templates/moved.html`) takes a reader there; without it the places are a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


class Place(NamedTuple):
    """What a link can lead to: its id, and what it is called."""

    id: str
    name: str


def places_of(tree: nodes.document) -> Iterator[Place]:
    """Yield the sections, the modules and the objects of a page, its own section first."""
    for node in tree.findall(nodes.Element):
        if isinstance(node, nodes.section) and isinstance(node[0], nodes.title):
            yield Place(node["ids"][0], node[0].astext())
        elif isinstance(node, addnodes.desc_signature):
            yield from (Place(name, name) for name in node["ids"])
        modules = [name for name in node["ids"] if name.startswith("module-")]
        yield from (Place(name, name.removeprefix("module-")) for name in modules)


def remember(app: Sphinx, page: str, _template: str, _context: Any, tree: Any) -> None:
    """Keep the places of a page, should another one lead to them."""
    if tree is not None:
        app.places[page] = list(places_of(tree))


def write_moved(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write a page at each old address; for search engines it is the new one."""
    for old, new in app.config.moved_pages.items():
        if new not in app.places:
            continue  # a part of the book is built
        pages = [new]
        if new.endswith("/index"):
            folder = new.removesuffix("index")
            pages += sorted(p for p in app.places if p.startswith(folder) and p != new)
        context = {"title": app.places[new][0].name, "pages": pages, "places": app.places}
        if app.config.html_baseurl:
            context["pageurl"] = f"{app.config.html_baseurl}{new}.html"
        yield old, context, "moved.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the pages after all others, whose places are known by then."""
    app.places = {}
    app.add_config_value("moved_pages", {}, "html")
    app.connect("html-page-context", remember)
    app.connect("html-collect-pages", write_moved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
