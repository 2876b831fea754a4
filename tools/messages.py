"""Bring the catalogues of every translation up to date with the English book: ``make messages``.

Takes what is to be translated from the pages, the notebooks, the site's own code and the classroom,
keeps in the catalogues what still fits, and lists what is left to do. A new language begins with an
empty folder in ``locale/``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from sphinx_intl.basic import update

import lossbook as lb

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
WORK = ROOT / "_build" / "messages"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")


def templates() -> Path:
    """Extract everything that is to be translated; return the folder of the templates."""
    shutil.rmtree(WORK, ignore_errors=True)
    builder = ["--builder", "custom", "--custom-builder", "gettext", "--path-output", str(WORK)]
    subprocess.run(
        [JUPYTER_BOOK, "build", str(ROOT), "--quiet", *builder],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    found = WORK / "_build" / "gettext"
    write_template(found / "lossbook.pot", [*words_of(ROOT / "_ext"), *words_of_the_losses()])
    return found


def words_of(folder: Path) -> Iterator[str]:
    """Yield the messages that stand in the code of a folder."""
    for _, _, message, _, _ in extract_from_dir(folder, [("**.py", "python")], keywords=KEYWORDS):
        yield str(message)


KEYWORDS = {"_": None, "N_": None}


def words_of_the_losses() -> Iterator[str]:
    """Yield what the losses say of themselves."""
    for loss in lb.LOSSES:
        for variant in (loss, getattr(loss, "from_logits", loss)):
            about = variant.properties
            yield from (variant.y_true.expected, variant.y_pred.expected)
            yield from (about.best_constant, about.noise_model)
        yield loss.name.replace("_", " ").replace("crossentropy", "cross-entropy").capitalize()


def write_template(path: Path, messages: list[str]) -> None:
    """Write a template."""
    catalogue = Catalog(charset="utf-8")
    for message in messages:
        catalogue.add(message)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True)


def left_to_do(language: str) -> list[str]:
    """Return a line for each message of a language that is missing or fuzzy."""
    lines = []
    for path in sorted((LOCALE / language).rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and (not message.string or message.fuzzy):
                    state = "fuzzy" if message.string else "missing"
                    lines.append(f"{path.relative_to(ROOT)}: {state}: {str(message.id)[:60]}")
    return lines


def main() -> None:
    """Update every language and say what is left."""
    languages = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
    update(str(LOCALE), str(templates()), tuple(languages), line_width=0, ignore_obsolete=True)
    for language in languages:
        lines = left_to_do(language)
        print("\n".join([*lines, f"{language}: {len(lines)} messages to translate"]))


if __name__ == "__main__":
    main()
