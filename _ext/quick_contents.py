"""Make the contents of the book once, and mark on each page where its reader is.

The theme makes them anew for every page, a hundred times a hundred links, and reads and writes them
with a parser of HTML: an eighth of the build. But for where the reader is, and from where a link
starts, they are the same on all pages: `tests/book/test_quick_build.py`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from docutils import nodes
from pydata_sphinx_theme import toctree as theme
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

#: What of the contents can be marked, or leads to a page.
PART = re.compile(r'<(/?)(ul|li|details)\b[^>]*>|<a class="reference internal" href="([^"]*)">')
#: A page that the contents do not name: so they are where no place is marked.
NOWHERE = "search"
add_toctree_functions = theme.add_toctree_functions


def marked(tag: str) -> str:
    """Return a tag of the page that is open, or of what it stands in."""
    if tag.startswith("<details"):
        return '<details open="open">'
    if tag == "<ul>":
        return '<ul class="current">'
    tag = tag.replace('<ul class="', '<ul class="current ')
    return re.sub(r'(<li class="toctree-l\d)', r"\1 current active", tag)


def contents_on(page: str, contents: str) -> str:
    """Return the contents as a page shows them, from those of a page at the root."""
    here = f'<a class="reference internal" href="{page}">'
    place = contents.find(here)
    around: list[int] = []  # where the tags begin that are open at the place
    own = contents[place + len(here) :].partition("</a>")[2] if place >= 0 else ""
    for part in PART.finditer(contents, 0, max(place, 0)):
        if part[2] and part[1]:
            around.pop()
        elif part[2]:
            around.append(part.start())
    if own.startswith("<details"):
        around.append(len(contents) - len(own))

    def shown(part: re.Match[str]) -> str:
        if part.start() == place:
            return '<a class="current reference internal" href="#">'
        if part.start() in around:
            return marked(part[0])
        if part[2]:
            return part[0]
        return f'<a class="reference internal" href="{relative_uri(page, part[3])}">'

    return PART.sub(shown, contents)


def add_quick_functions(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Let a page take the contents that the first one has made."""
    add_toctree_functions(app, page, template, context, tree)
    make = context["generate_toctree_html"]
    if page not in app.env.found_docs:
        return  # such as the page of what is not found, whose links begin at the root

    @cache  # a template is asked twice, first whether it is empty
    def contents(**options: Any) -> str:
        if not hasattr(app, "contents_of_book"):
            own = context["toctree"]
            context["toctree"] = lambda **names: app.builder._get_local_toctree(NOWHERE, **names)
            app.contents_of_book = str(make(**options))
            context["toctree"] = own
        return contents_on(app.builder.get_target_uri(page), app.contents_of_book)

    context["generate_toctree_html"] = contents


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of the theme's functions, which are connected later."""
    theme.add_toctree_functions = add_quick_functions
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
