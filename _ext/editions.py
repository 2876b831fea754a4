"""One book, one edition a language: the environment's ``BOOK_LANGUAGE`` says which one is built.

The first edition is English and stands at the site's root. Each folder of ``locale/`` is another
one, in a folder of the site that is named after it. Nothing here knows which languages there are.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import sphinx
from babel import Locale
from docutils import nodes
from sphinx import addnodes, locale
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.i18n import CatalogRepository
from sphinx_exercise.nodes import exercise_subtitle, is_exercise_node
from wording import CATALOGUE, translate

LOCALE = Path(__file__).resolve().parent.parent / "locale"
FIRST = "en"
EDITIONS = [FIRST, *sorted(path.name for path in LOCALE.glob("*") if path.is_dir())]
#: What is the same in every language: code, formulas, targets of links, quoted numbers, references.
FIXED = re.compile(
    r"(`+)(?:(?!\1).)+\1(?!`)|\$[^$]+\$|\]\([^)]*\)|\{(?:glue:text|eq|cite|cite:t|measured|recorded)\}"
    r"|\[R\w+-\d\]_",
    re.DOTALL,
)


def holds_words(message: str) -> bool:
    """Return whether a message has words, and not only code, formulas and numbers.

    >>> holds_words("$14 / 4 = 3.5$"), holds_words("the mean: $14 / 4$")
    (False, True)
    """
    return "{term}" in message or bool(re.search(r"[^\W\d_]{2}", FIXED.sub(" ", message)))


def is_a_name(node: nodes.TextElement) -> bool:
    """Return whether a part of a docstring is names, a type of one word, or a book's title."""
    if isinstance(node.parent, nodes.citation):
        return True
    if isinstance(node, nodes.term) and isinstance(node.parent.parent.parent, addnodes.glossary):
        return False
    return isinstance(node, nodes.classifier | nodes.term) and bool(
        re.fullmatch(r"\**\w+(?:, (?!optional)\**\w+)*", node.astext())
    )


class KeepFixed(SphinxTransform):
    """Leave out of the catalogues what has nothing to translate."""

    default_priority = 5  # before Sphinx looks for translations

    def apply(self, **kwargs: Any) -> None:
        """Mark the nodes."""
        for node in self.document.findall(exercise_subtitle):
            # An exercise's own title: Sphinx asks for its source, which the directive forgets.
            node.rawsource, node.source, node.line = node.astext(), self.document["source"], 1
        for node in self.document.findall(nodes.TextElement):
            if isinstance(node, nodes.Inline):
                continue  # part of a message
            if (
                isinstance(node, nodes.math_block)
                or not holds_words(node.rawsource)
                or is_a_name(node)
            ):
                node["translatable"] = False


class ShowCardTitles(SphinxTransform):
    """Let the title of a card be a paragraph: Sphinx translates no container."""

    default_priority = 4  # before the catalogues are looked at

    def apply(self, **kwargs: Any) -> None:
        """Put a paragraph in place of each title."""
        for title in list(self.document.findall(nodes.container)):
            if "sd-card-title" in title["classes"]:
                text = title.astext()
                paragraph = nodes.paragraph(text, text, classes=title["classes"])
                paragraph.source, paragraph.line = self.document["source"], title.line or 1
                title.replace_self(paragraph)


class ShowExerciseTitles(SphinxPostTransform):
    """Keep the exercises' own titles for the catalogues, before they get their numbers."""

    default_priority = 1
    builders = ("gettext",)

    def run(self, **kwargs: Any) -> None:
        """Repeat each title as a paragraph."""
        for title in list(self.document.findall(exercise_subtitle)):
            paragraph = nodes.paragraph(title.rawsource, title.astext())
            paragraph.source, paragraph.line = title.source, title.line
            paragraph.uid = ""  # without one, Sphinx takes a node for a copy
            self.document.append(paragraph)


class NameSolutions(SphinxPostTransform):
    """Call the solutions by the translated titles of their exercises.

    A solution asks the registry for its exercise, which was put there before it was translated.
    """

    default_priority = 2  # before the titles get their numbers

    def run(self, **kwargs: Any) -> None:
        """Put the translated exercises into the registry."""
        for exercise in self.document.findall(is_exercise_node):
            self.env.sphinx_exercise_registry[exercise["label"]]["node"] = exercise.deepcopy()


class KeepPlaces(SphinxTransform):
    """Know a page's headings by the names that the links in all editions use.

    Each translated message is parsed like a page, and its headings put in place of the page's own.
    """

    default_priority = 30  # after Sphinx has translated

    def apply(self, **kwargs: Any) -> None:
        """Restore the names."""
        slugs = getattr(self.document, "myst_slugs", None)
        if slugs:
            self.env.metadata[self.env.docname]["myst_slugs"] = slugs


class CiteOnce(SphinxPostTransform):
    """Give a reference one link back to each citation.

    A translated paragraph registers its citations anew.
    """

    default_priority = 900  # when the references stand

    def run(self, **kwargs: Any) -> None:
        """Leave out what is there twice."""
        for citation in self.document.findall(nodes.citation):
            citation["backrefs"] = list(dict.fromkeys(citation["backrefs"]))


class SortGlossary(SphinxTransform):
    """Put a translated glossary into the order of its own words."""

    default_priority = 30  # after Sphinx has translated

    def apply(self, **kwargs: Any) -> None:
        """Sort the entries."""
        for glossary in self.document.findall(addnodes.glossary):
            for entries in glossary.findall(nodes.definition_list):
                entries.children.sort(key=lambda entry: entry[0].astext().split("(")[0].casefold())


class Edition(NamedTuple):
    """A page in one language."""

    language: str
    name: str
    address: str


def editions_of(app: Sphinx, page: str) -> list[Edition]:
    """Return a page in every language, by addresses relative to this one."""
    own = app.config.language
    to_root = "../" * (page.count("/") + (own != FIRST))
    if page == "404":  # shown for any address: only one from the root leads somewhere
        to_root, page = app.config.notfound_urls_prefix.removesuffix(f"{own}/"), "index"
    return [
        Edition(
            language,
            (Locale.parse(language).get_display_name(language) or language).capitalize(),
            f"{to_root}{folder_of(language)}{page}.html",
        )
        for language in EDITIONS
    ]


def folder_of(language: str) -> str:
    """Return the folder of the site in which an edition stands."""
    return "" if language == FIRST else f"{language}/"


def tell_the_page(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any
) -> None:
    """Give the templates what they need for the switch, and search engines the alternatives."""
    editions = editions_of(app, page)
    context["other_editions"] = [e for e in editions if e.language != app.config.language]
    site = app.config.html_baseurl.removesuffix(folder_of(app.config.language))
    # Search engines want whole addresses, which are known once the site is published.
    context["alternates"] = [
        e._replace(address=f"{site}{folder_of(e.language)}{page}.html")
        for e in editions
        if site and page != "404"
    ]


def translate_captions(_app: Sphinx, config: Config) -> None:
    """Translate the titles of the book's parts, which stand in the table of contents."""
    for document in config.external_site_map.values():
        for tree in document.subtrees:
            tree.caption = tree.caption and str(translate(tree.caption))


def use_language(app: Sphinx, language: str) -> None:
    """Load the words of the book's code, of Sphinx and of the theme, the book's own ones first.

    Sphinx has loaded its words already, in the language of the first edition.
    """
    app.config.language = language
    for catalogue in CatalogRepository(LOCALE, ["."], language, "utf-8").catalogs:
        if catalogue.is_outdated():
            catalogue.write_mo(language)
    sphinx_words = Path(sphinx.__file__).parent / "locale"
    app.translator, _ = locale.init([str(LOCALE), str(sphinx_words)], language)
    for name in (CATALOGUE, "booktheme", "exercise"):
        app.add_message_catalog(name, str(LOCALE))


def setup(app: Sphinx) -> dict[str, Any]:
    """Choose the language before any other extension loads its words."""
    language = os.environ.get("BOOK_LANGUAGE") or FIRST
    use_language(app, language)
    app.add_transform(ShowCardTitles)
    app.add_transform(KeepFixed)
    app.add_post_transform(ShowExerciseTitles)
    if language != FIRST:
        app.add_transform(KeepPlaces)
        app.add_transform(SortGlossary)
        app.add_post_transform(NameSolutions)
        app.add_post_transform(CiteOnce)
    app.connect("config-inited", translate_captions, priority=950)  # the contents are read by then
    app.connect("html-page-context", tell_the_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
