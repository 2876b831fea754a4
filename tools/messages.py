"""Bring the catalogues of every translation up to date with the English book: ``make messages``.

Takes what is to be translated from the pages, the notebooks, the site's own code, the theme and the
classroom, keeps in the catalogues what still fits, and lists what is left to do. A new language
begins with an empty folder in ``locale/``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pydata_sphinx_theme
import sphinx
import sphinx_book_theme
import yaml
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sphinx_intl.basic import update
from sphinx_intl.catalog import dump_po, load_po

import lossbook as lb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

import translated_code
import translated_figures
import wording
from languages import languages
from tested_claims import claims

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
CLASSROOM = ROOT / "lossbook" / "classroom"
WORK = ROOT / "_build" / "messages"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
KEYWORDS = {"translate": None, "N_": None, "_": None, "gettext": None, "translation": None}
#: Lines of a catalogue's header that say nothing: a date of the tool, a name to be filled in.
EMPTY = re.compile(
    r'^"(POT-Creation-Date|Generated-By|.*(EMAIL@ADDRESS|LL@li.org|YEAR-MO-DA)).*"\n', re.MULTILINE
)
PROJECT = r'"Project-Id-Version: Lossbook\\n"'
#: What stands above a header, with the mark that its places are still to be filled in.
ABOVE = re.compile(r"\A(?:#.*\n)+")
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.html.jinja", "jinja2")]
BOOK_THEME = Path(sphinx_book_theme.__file__).parent
#: Where the words stand that the theme writes.
THEME = [
    *(Path(sphinx.__file__).parent / name for name in ("themes/basic", "writers", "domains")),
    Path(pydata_sphinx_theme.__file__).parent,
    BOOK_THEME,
]


def build(builder: str, *options: str) -> Path:
    """Build the English book, and return where."""
    subprocess.run(
        [JUPYTER_BOOK, "build", ROOT, "--quiet", "--path-output", WORK / builder, *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return WORK / builder / "_build" / builder


def templates(site: Path) -> Path:
    """Extract what is to be translated; return the folder of the templates.

    Of the theme's words those are taken that stand on some page of the English `site`.
    """
    shutil.rmtree(WORK / "gettext", ignore_errors=True)
    shown = texts_of(site)
    found = build("gettext", "--builder", "custom", "--custom-builder", "gettext")
    theme = [word for folder in THEME for word in words_of(folder) if is_shown(word, shown)]
    write_template(found / "sphinx.pot", [*theme, *words_of(ROOT / "_templates")])
    # Some of its buttons show only on a published site.
    buttons = [*words_of(BOOK_THEME / "header_buttons"), "Contents", "Search"]
    write_template(found / "booktheme.pot", buttons)
    write_template(found / "exercise.pot", ["Exercise", "Solution to"])
    tested = [claim.sentence for claim in claims()]
    own = [*words_of(ROOT / "_ext"), *words_of_the_losses(), *captions(), *tested]
    write_template(found / "lossbook.pot", own)
    with (found / f"{translated_code.CATALOGUE}.pot").open("rb") as file:
        shown_code = [str(message.id) for message in read_po(file) if message.id]
    write_template(found / f"{translated_code.CATALOGUE}.pot", [*shown_code, *words_in_cells()])
    drawn = [word for notebook in notebooks() for word in translated_figures.messages_of(notebook)]
    write_template(found / f"{translated_figures.CATALOGUE}.pot", drawn)
    return found


def notebooks() -> Iterator[dict[str, Any]]:
    """Yield the notebooks of the book."""
    for path in sorted((ROOT / "chapters").rglob("*.ipynb")):
        yield json.loads(path.read_text(encoding="utf-8"))


def words_in_cells() -> Iterator[str]:
    """Yield the comments and docstrings of all cells; pages do not show every one."""
    for notebook in notebooks():
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                yield from translated_code.messages_of("".join(cell["source"]))


def words_of(folder: Path) -> Iterator[str]:
    """Yield the messages that stand in the code of a folder."""
    for _, _, message, _, _ in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
        yield str(message)


def texts_of(site: Path) -> str:
    """Return the texts and attributes of all pages of a site, each once and on a line.

    Scripts are left out: the words in them are the book's own.
    """
    pages = (SCRIPT.sub("", page.read_text("utf-8")) for page in site.rglob("*.html"))
    texts = {text for page in pages for text in re.findall(r'[>"]([^<>"]*)(?=[<"])', page)}
    return "\n".join(" ".join(text.split()) for text in texts)


def is_shown(message: str, texts: str) -> bool:
    """Return whether a message of the theme is one of these texts."""
    pieces = re.split(r"%\(\w+\)s|%s", message)
    line = ".*".join(re.escape(escape(piece, False)) for piece in pieces)
    return re.search(f"^{line}$", texts, re.MULTILINE) is not None


def words_of_the_losses() -> Iterator[str]:
    """Yield what the losses say of themselves."""
    for loss in lb.LOSSES:
        for variant in (loss, getattr(loss, "from_logits", loss)):
            about = variant.properties
            yield from (variant.y_true.expected, variant.y_pred.expected)
            yield from (about.best_constant, about.noise_model)
        title = wording.title_of(loss.name)
        yield from (title, title.capitalize())


def captions() -> Iterator[str]:
    """Yield the titles of the book's parts."""
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]:
        yield part["caption"]


def write_template(path: Path, messages: list[str]) -> None:
    """Write a template."""
    catalogue = Catalog(charset="utf-8")
    for message in messages:
        catalogue.add(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True)


def fill_in(folder: Path) -> None:
    """Take over the words of a missing message on which several other catalogues agree.

    What all assignments say is there at once in the catalogue of a new one.
    """
    catalogues = {path: load_po(str(path)) for path in sorted(folder.rglob("*.po"))}
    known: dict[str, list[str]] = {}
    for catalogue in catalogues.values():
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                known.setdefault(str(message.id), []).append(str(message.string))
    for path, catalogue in catalogues.items():
        missing = [message for message in catalogue if message.id and not message.string]
        agreed = [m for m in missing if len(words := known.get(str(m.id), [])) > 1 == len({*words})]
        for message in agreed:
            message.string = known[str(message.id)][0]
        if agreed:
            dump_po(str(path), catalogue, line_width=0)


def left_to_do(folder: Path) -> Iterator[str]:
    """Yield a line for each message in a folder that is missing or fuzzy."""
    for path in sorted(folder.rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and (not message.string or message.fuzzy):
                    state = "fuzzy" if message.string else "missing"
                    yield f"{path.relative_to(ROOT)}: {state}: {str(message.id)[:60]!r}"


def tidy(folder: Path) -> None:
    """Take out of the headers what says nothing, and say above them what the catalogue is.

    The headers of the classroom stay: what is compiled from a catalogue without a date gets that
    of today.
    """
    for path in folder.rglob("*.po"):
        language = Locale.parse(path.relative_to(folder).parts[0]).english_name
        text = ABOVE.sub(
            f"# Lossbook in {language}, distributed under the licenses of the book.\n",
            path.read_text(encoding="utf-8"),
        )
        if folder != CLASSROOM / "locale":
            text = re.sub(
                r'^"Project-Id-Version: .*\\n"$', PROJECT, text, count=1, flags=re.MULTILINE
            )
            text = EMPTY.sub("", text)
        path.write_text(text, encoding="utf-8")


def compile_all(folder: Path) -> None:
    """Write what Python's gettext reads beside the catalogues of the package."""
    for path in folder.rglob("*.po"):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


def main() -> None:
    """Update every language and say what is left."""
    codes = languages()
    shutil.rmtree(WORK, ignore_errors=True)
    update(str(LOCALE), str(templates(build("html"))), codes, line_width=0, ignore_obsolete=True)
    for language in codes:
        fill_in(LOCALE / language)
    tidy(LOCALE)
    students = WORK / "classroom"
    write_template(students / "classroom.pot", list(words_of(CLASSROOM)))
    own = str(CLASSROOM / "locale")
    update(own, str(students), codes, line_width=0, ignore_obsolete=True)
    tidy(CLASSROOM / "locale")
    compile_all(CLASSROOM / "locale")
    for language in codes:
        lines = [
            *left_to_do(LOCALE / language),
            *left_to_do(CLASSROOM / "locale" / language),
        ]
        print("\n".join([*lines, f"{language}: {len(lines)} messages to translate"]))


if __name__ == "__main__":
    main()
