"""What a published site has and a book on a reader's own disk has not.

Two settings switch everything on: the environment's ``BOOK_URL`` (or ``html: baseurl``), where the
site will stand, gives canonical addresses, the sitemap and the picture that is shown with a shared
link; ``BOOK_REPOSITORY`` (or ``repository: url``) gives the buttons for Colab and Binder, for the
source of a page and for reporting a mistake in it. Without them nothing points anywhere.
"""

from __future__ import annotations

import os
import re
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from docutils import nodes
from editions import FIRST, folder_of
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, findSystemFonts
from matplotlib.ft2font import FT2Font
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from wording import N_, translate

import lossbook as lb
from lossbook.notebook import COLORS

PICTURE = "social.png"
#: Fonts for a line to be read from afar, by their files' names.
PLAIN = re.compile(r"(?:Gothic|Sans\w*)(?:-?(?:Regular|VF))?\.\w+$")
#: What the picture says, in two lines.
SAID = N_("Loss functions, checked\nto the last digit")
#: What Jupyter Book sets where a book names no repository.
NO_REPOSITORY = {"", "https://github.com/executablebooks/jupyter-book"}


def configure(app: Sphinx, config: Config) -> None:
    """Derive from the two settings what other extensions and the theme ask for."""
    config.version = config.release = version("lossbook")
    url = os.environ.get("BOOK_URL") or config.html_baseurl or ""
    url = url and url.rstrip("/") + "/"
    url = url and url + folder_of(config.language)
    config.html_baseurl = url
    config.ogp_site_url = url
    config.ogp_image = f"_static/{PICTURE}" if url else None
    config.notfound_urls_prefix = urlsplit(url).path or "/" + folder_of(config.language)
    if url:
        app.setup_extension("sphinx_sitemap")
        config.sitemap_url_scheme = "{link}"
        made = ["404", "genindex", "search", *config.moved_pages]
        config.sitemap_excludes = [f"{page}.html" for page in made]
    options = config.html_theme_options
    repository = os.environ.get("BOOK_REPOSITORY") or options.get("repository_url") or ""
    if repository in NO_REPOSITORY:
        return
    options.update(
        repository_url=repository.rstrip("/"),
        repository_branch=os.environ.get("BOOK_BRANCH") or "main",
        path_to_docs="",
        use_repository_button=True,
        use_edit_page_button=True,
        use_issues_button=True,
        launch_buttons={
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    )


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Describe a page by its first whole paragraph, for search engines and shared links."""
    for paragraph in tree.findall(nodes.paragraph) if tree else ():
        if not isinstance(paragraph.parent, nodes.section):
            continue
        words = " ".join(paragraph.astext().split())
        if len(words) >= 60:
            break
    else:
        title = context.get("title") or translate("Search")
        words = translate("%(title)s: a page of %(book)s") % {
            "title": title,
            "book": app.config.project,
        }
    short = words if len(words) <= 170 else words[:168].rsplit(" ", 1)[0] + " …"
    context["meta"] = {**(context.get("meta") or {}), "og:description": short}
    context["metatags"] = (
        context.get("metatags", "") + f'\n<meta name="description" content="{escape(short)}" />\n'
    )


def draw_picture(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture that is shown with a shared link, in the language of the edition."""
    if exception or not app.config.html_baseurl or app.builder.format != "html":
        return
    words = str(translate(SAID))
    font = font_for(words)
    picture(words if font else SAID, font).savefig(Path(app.outdir) / "_static" / PICTURE)


def picture(words: str, font: FontProperties | None) -> Figure:
    """Return three losses, computed by the package, beside the book's name and some lines."""
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="white")
    axes = figure.add_axes((0.5, 0.1, 0.46, 0.8))
    d = np.linspace(-2, 2, 401)
    zero = np.zeros_like(d)
    curves = [
        (lb.mean_squared_error(zero, d, reduction="none"), "blue", "-"),
        (lb.mean_absolute_error(zero, d, reduction="none"), "vermilion", "--"),
        (lb.binary_crossentropy.from_logits(zero + 1, 2 * d, reduction="none"), "green", "-."),
    ]
    for values, color, style in curves:
        axes.plot(d, values, style, color=COLORS[color], linewidth=5)
    axes.set(ylim=(-0.1, 4), xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(False)
    figure.text(0.05, 0.56, "Lossbook", fontsize=64, family="serif", color="#1f2937")
    for n, line in enumerate(words.split("\n")):
        figure.text(0.05, 0.42 - 0.08 * n, line, font=font, fontsize=27, color="#4b5563")
    return figure


def font_for(words: str) -> FontProperties | None:
    """Return a font of this computer that has all letters of a text, or None: then it has none.

    Matplotlib's own comes first, then the plain ones among the others.
    """
    known = sorted(findSystemFonts(), key=lambda path: (not PLAIN.search(path), path))
    letters = {ord(letter) for letter in words if not letter.isspace()}
    for path in (findfont("DejaVu Sans"), *known):
        if letters <= FT2Font(path).get_charmap().keys():
            return FontProperties(fname=path)
    return None


def files_to_take_away(language: str) -> list[str]:
    """Return the addresses of the whole book, from the opening page of an edition.

    >>> files_to_take_away("en"), files_to_take_away("ko")
    (['lossbook.pdf', 'lossbook.zip'], ['../lossbook-ko.pdf', '../lossbook.zip'])
    """
    if language == FIRST:
        return ["lossbook.pdf", "lossbook.zip"]
    return [f"../lossbook-{language}.pdf", "../lossbook.zip"]


class TakeAway(SphinxDirective):
    """Say how to have the whole book: by links on a published site, elsewhere by commands."""

    def run(self) -> list[nodes.Node]:
        """Return one line."""
        if self.config.html_baseurl:
            files = files_to_take_away(self.config.language)
            words = translate("The whole book to take away: {pdf} or {zip}.")
            shown = [f'<a href="{file}">{file[-3:].upper()}</a>' for file in files]
        else:
            words = translate("The whole book to take away, as PDF or ZIP: {pdf} or {zip}.")
            shown = ["<code>make pdf</code>", "<code>make zip</code>"]
        line = words.format(pdf=shown[0], zip=shown[1])
        return [nodes.raw("", f'<p class="take-away">{line}</p>', format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Set everything before the other extensions read it."""
    app.add_directive("take-away", TakeAway)
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", describe, priority=400)
    app.connect("build-finished", draw_picture)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
