"""Leave out of the build what is done thousands of times for nothing.

Python looks for circles of dead objects whenever it has made some hundred new ones. A build makes
millions, the trees of the pages, and keeps them: the search took two fifths of its time and found
little. Without it an edition needs 0.9 GB of memory in place of 0.4.

Sphinx reads every translated message as a document of its own, five thousand in an edition. For
each of them MyST sets up its parser, and docutils collects its settings. They come out the same
each time, and took a tenth.
"""

from __future__ import annotations

import gc
from copy import deepcopy
from functools import cache
from typing import Any

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from myst_parser.mdit_to_docutils import base
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx

parse_page = MystParser.parse
default_settings = cache(get_default_settings)


def parse(self: MystParser, text: str, document: nodes.document) -> None:
    """Parse a page as MyST does, and a message by the parser of all messages."""
    if not document.current_source.endswith("<translated>"):
        parse_page(self, text, document)
        return
    env = document.settings.env
    if not hasattr(env.app, "message_parser"):
        env.app.message_parser = create_md_parser(env.myst_config, SphinxRenderer)
    env.app.message_parser.options["document"] = document
    env.app.message_parser.render(text)


def make_document(source_path: str = "notset", parser_cls: type[Parser] = Parser) -> nodes.document:
    """Return a new document with the settings that are its own to change."""
    return new_document(source_path, settings=deepcopy(default_settings(parser_cls)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of MyST's own functions."""
    gc.disable()
    MystParser.parse = parse
    base.make_document = make_document
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
