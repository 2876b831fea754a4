"""In a translated edition, what a reader downloads is translated as well.

The sources of pages and notebooks are copied beside the site. Their text is exchanged for that of
the page's catalogue, message by message, and so are the words in code and figures; code, numbers
and everything else stay as they are.
"""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from editions import FIRST, LOCALE
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.application import Sphinx
from translated_code import words
from translated_figures import translate_figures

from lossbook.classroom.teacher.edition import translate_code
from lossbook.classroom.teacher.source import seal, write_notebook

PARSER = create_md_parser(
    MdParserConfig(enable_extensions={"attrs_inline", "colon_fence", "deflist", "dollarmath"}),
    RendererHTML,
)
PARSER.disable("inline")  # the texts are wanted as they stand


def messages_of(markdown: str) -> Iterator[str]:
    """Yield the texts of a page in their order: paragraphs, titles, cells, also in directives."""
    lines = markdown.splitlines()
    for token in PARSER.parse(markdown):
        if token.type == "inline":
            yield token.content
        elif token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            yield token.info.partition("}")[2].strip()
            assert token.map is not None
            inner = lines[token.map[0] + 1 : token.map[1] - 1]
            if token.info.startswith("{glossary}"):
                inner = ["" if not line else line.strip() + "\n" for line in inner]
            yield from messages_of("\n".join(inner))


def translated(markdown: str, catalogue: gettext.NullTranslations) -> str:
    """Return a page with every message of the catalogue in place of the original."""
    parts, position = [], 0
    for original in messages_of(markdown):
        words = " ".join(original.split())
        found = catalogue.gettext(words) if words else words
        if found == words:
            continue
        start = markdown.find(original, position)
        end = start + len(original)
        if start < 0:
            # Within lists and quotations, a text's further lines are indented.
            wrapped = r"\s+(?:> ?)?".join(map(re.escape, words.split()))
            match = re.compile(wrapped).search(markdown, position)
            if match is None:
                continue
            start, end = match.span()
        parts += [markdown[position:start], found]
        position = end
    return "".join(parts) + markdown[position:]


def translate_file(path: Path, catalogue: gettext.NullTranslations, language: str) -> None:
    """Translate a Markdown page, or the texts of a notebook, in code and in figures too."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        path.write_text(translated(text, catalogue), encoding="utf-8")
        return
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            source = translate_code("".join(cell["source"]), words(language))
            cell["source"] = source.splitlines(keepends=True)
            translate_figures(cell, language)
        if cell["cell_type"] == "markdown":
            source = translated("".join(cell["source"]), catalogue)
            cell["source"] = source.splitlines(keepends=True)
            if "lossbook" in cell["metadata"]:
                cell["metadata"]["lossbook"] = {"released": seal(source)}
    write_notebook(path, notebook)


def translate_sources(app: Sphinx, exception: Exception | None) -> None:
    """Translate what the site offers for download."""
    language = app.config.language
    if exception or app.builder.format != "html" or language == FIRST:
        return
    sources = Path(app.outdir) / "_sources"
    for path in [*sources.rglob("*.md"), *sources.rglob("*.ipynb")]:
        page = path.relative_to(sources).with_suffix("").as_posix()
        translate_file(
            path, gettext.translation(page, str(LOCALE), [language], fallback=True), language
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Work after the assignments have been written in their student's version."""
    app.connect("build-finished", translate_sources, priority=700)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
