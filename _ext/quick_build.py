"""Leave out of the build what is done thousands of times for nothing.

* Python looks for circles of dead objects whenever it has made some hundred new ones. A build makes
  millions, the trees of the pages, and keeps them: the search took two fifths of its time and found
  little. Without it an edition needs 0.9 GB of memory in place of 0.4.
* Sphinx reads every translated message as a document of its own, three thousand in an edition, and
  each of them twice: first for the names of titles and terms, then for the text. MyST sets up its
  parser for each, and docutils collects its settings, which come out the same each time. Half of
  them are plain words, in which there is nothing to be read.
* docutils looks for the nodes of a kind with a generator for each node that it passes, ten million
  in an edition. One generator finds the same, in the same order.
* pybtex asks all installed packages for a style whenever it formats an entry, and Sphinx sets up
  Pygments's writer anew for each block of code.
* Sphinx writes a line of its log for every event, and shows none of them.
* Sphinx writes the tree of each page to a file, from which it numbers the exercises, and which a
  later build could go on from. Every build of the book begins anew.

What comes out is the same: `tests/book/test_quick_build.py`.
"""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from functools import cache
from typing import Any

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from myst_nb.sphinx_ import Parser as NotebookParser
from myst_parser.mdit_to_docutils import base
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from pybtex import plugin as styles
from pygments.formatter import Formatter
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms import i18n

parse_page = NotebookParser.parse
default_settings = cache(get_default_settings)
find_with_docutils = nodes.Node.findall
extract_messages, publish_message = i18n.extract_messages, i18n.publish_msgstr
#: What Markdown reads as words alone, in any of the book's languages, and what begins a list.
PLAIN = re.compile(r"[^\W_](?:[ ,.?!()%·’“”]|[^\W_])*(?<! )")
LIST = re.compile(r"\d+[.)]")
make_writer, WRITERS = PygmentsBridge.get_formatter, {}
write_tree, read_tree = Builder.write_doctree, BuildEnvironment.get_doctree


def parse(self: NotebookParser, text: str, document: nodes.document) -> None:
    """Parse a page as MyST does, and a message by the parser of all messages."""
    if not document.current_source.endswith("<translated>"):
        parse_page(self, text, document)
        return
    env = document.settings.env
    if not hasattr(env.app, "message_parser"):
        env.app.message_parser = create_md_parser(env.myst_config, SphinxRenderer)
    env.app.message_parser.options["document"] = document
    env.app.message_parser.render(text)


@cache
def changeable(parser: type[Parser]) -> list[str]:
    """Return the names of the settings that a document may change within."""
    values = vars(default_settings(parser)).items()
    return [name for name, value in values if isinstance(value, list | dict)]


def make_document(source_path: str = "notset", parser_cls: type[Parser] = Parser) -> nodes.document:
    """Return a new document with the settings that are its own to change."""
    settings = copy(default_settings(parser_cls))
    for name in changeable(parser_cls):
        setattr(settings, name, deepcopy(getattr(settings, name)))
    return new_document(source_path, settings=settings)


def publish(app: Sphinx, source: str, *about: Any) -> nodes.Element:
    """Return what is written for a message."""
    if PLAIN.fullmatch(source) and not LIST.match(source):
        return nodes.paragraph("", "", nodes.Text(source))
    return publish_message(app, source, *about)


def messages_of(document: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Yield what is to be translated: the names when Sphinx asks for the first time, then all."""
    names_only = not hasattr(document, "names_are_translated")
    document.names_are_translated = True
    yield from extract_messages(Names(document) if names_only else document)


class Names:
    """A document of which only titles and terms are found."""

    def __init__(self, document: nodes.document) -> None:
        self.document = document

    def findall(self, condition: Callable[[nodes.Node], bool]) -> Iterator[nodes.Node]:
        """Yield the titles and terms that fit."""
        for node in find_class(self.document, nodes.title | nodes.term):
            if condition(node):
                yield node


def find_class(self: nodes.Node, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield the nodes of a class, from the top of a tree."""
    left = [self]
    while left:
        node = left.pop()
        if isinstance(node, kind):
            yield node
        if node.children:
            left += node.children[::-1]


def find(self: nodes.Node, fits: Callable[[nodes.Node], bool]) -> Iterator[nodes.Node]:
    """Yield the nodes that fit, from the top of a tree."""
    left = [self]
    while left:
        node = left.pop()
        if fits(node):
            yield node
        if node.children:
            left += node.children[::-1]


def find_all(
    self: nodes.Node,
    condition: Callable[[nodes.Node], bool] | type[nodes.Node] | None = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[nodes.Node]:
    """Yield the nodes that docutils finds."""
    if not include_self or not descend or siblings or ascend or not callable(condition):
        return find_with_docutils(self, condition, include_self, descend, siblings, ascend)
    if isinstance(condition, type):
        return find_class(self, condition)
    return find(self, condition)


def keep_tree(self: Builder, docname: str, tree: nodes.document, *, _cache: bool = True) -> None:
    """Keep the tree of a page until the page is written; that of the first one serves them all."""
    if docname == self.config.root_doc:
        write_tree(self, docname, tree, _cache=_cache)
        return
    tree.settings = copy(tree.settings)
    tree.settings.env = tree.settings.warning_stream = tree.settings.record_dependencies = None
    tree.reporter = tree.transformer = None
    self.env._write_doc_doctree_cache[docname] = tree


def kept_tree(self: BuildEnvironment, docname: str) -> nodes.document:
    """Return the tree of a page to somebody who looks at it."""
    if docname == self.config.root_doc:
        return read_tree(self, docname)
    return self._write_doc_doctree_cache[docname]


def writer(self: PygmentsBridge, **options: Any) -> Formatter[str]:
    """Return the writer of code in a style."""
    asked = repr((sorted(options.items()), self.formatter_args))
    if asked not in WRITERS:
        WRITERS[asked] = make_writer(self, **options)
    return WRITERS[asked]


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of functions of MyST, Sphinx and pybtex."""
    gc.disable()
    logging.disable(logging.DEBUG)
    NotebookParser.parse = parse
    nodes.Node.findall, nodes.Node._fast_findall = find_all, find_class
    base.make_document = make_document
    i18n.extract_messages, i18n.publish_msgstr = messages_of, publish
    styles.entry_points = cache(styles.entry_points)
    PygmentsBridge.get_formatter = writer
    Builder.write_doctree, BuildEnvironment.get_doctree = keep_tree, kept_tree
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
