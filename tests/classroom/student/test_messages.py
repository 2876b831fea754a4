"""What the classroom says is complete in every language, and compiled."""

from __future__ import annotations

import gettext
import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from lossbook.classroom.student.messages import DOMAIN, LOCALE, languages
from tools.messages import CLASSROOM, fill_in, tidy, words_of
from tools.messages import languages as folders

EDITIONS = Path(__file__).resolve().parents[3] / "locale"
OTHERS = [language for language in languages() if language != "en"]


def catalogue(language: str) -> dict[str, str]:
    """Return what stands in the catalogue that translators edit."""
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        found = read_po(file)
    assert not found.obsolete
    assert [message.id for message in found if message.id and message.fuzzy] == []
    return {str(message.id): str(message.string) for message in found if message.id}


def test_there_is_a_catalogue_for_every_edition_of_the_book() -> None:
    assert sorted(path.name for path in EDITIONS.iterdir() if path.is_dir()) == OTHERS


def test_a_new_catalogue_takes_over_what_several_others_agree_on(tmp_path: Path) -> None:
    said = {
        "one": {"Run the cell.": "실행하세요.", "Even": "짝수", "Mean": "평균"},
        "two": {"Run the cell.": "실행하세요.", "Even": "고르다", "Own": ""},
        "new": {"Run the cell.": "", "Even": "", "Mean": "", "Own": ""},
    }
    for name, messages in said.items():
        catalogue = Catalog()
        for original, translated in messages.items():
            catalogue.add(original, translated)
        with (tmp_path / f"{name}.po").open("wb") as file:
            write_po(file, catalogue)
    fill_in(tmp_path)
    with (tmp_path / "new.po").open("rb") as file:
        found = {message.id: message.string for message in read_po(file) if message.id}
    assert found == {"Run the cell.": "실행하세요.", "Even": "", "Mean": "", "Own": ""}


def test_a_new_catalogue_says_what_it_is_and_leaves_nothing_to_be_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "index.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, Catalog(locale="de"))
    tidy(tmp_path)
    assert path.read_text(encoding="utf-8").startswith(
        "# Lossbook in German, distributed under the licenses of the book.\n"
        'msgid ""\nmsgstr ""\n"Project-Id-Version: Lossbook\\n"\n"Language: de\\n"\n'
    )


@pytest.mark.parametrize("code", ["xx", "german", "pt-br"])
def test_a_folder_that_is_named_by_no_language_is_named(tmp_path: Path, code: str) -> None:
    for name in ("fr", "pt_BR", code):
        (tmp_path / name).mkdir()
    with pytest.raises(SystemExit, match=f"{code} is named by no code of a language"):
        folders(tmp_path)
    (tmp_path / code).rmdir()
    assert folders(tmp_path) == ["fr", "pt_BR"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_message_of_the_code_and_no_other(language: str) -> None:
    assert set(catalogue(language)) == set(words_of(CLASSROOM)), "make messages"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_words_and_the_same_places_and_code(language: str) -> None:
    for original, translated in catalogue(language).items():
        assert translated, original
        for pattern in (r"\{\w*\}", r"`[^`]+`"):
            assert sorted(re.findall(pattern, translated)) == sorted(
                re.findall(pattern, original)
            ), original


@pytest.mark.parametrize("language", OTHERS)
def test_the_classroom_breaks_none_of_the_rules_of_the_language_s_pages(language: str) -> None:
    rules = tomllib.loads((EDITIONS / language / "checks.toml").read_text(encoding="utf-8"))
    for original, translated in catalogue(language).items():
        for name, pattern in rules.get("never", {}).items():
            assert re.search(pattern, translated) is None, f"{name}: {original}"


@pytest.mark.parametrize("language", OTHERS)
def test_what_python_reads_is_what_translators_wrote(language: str) -> None:
    compiled = gettext.translation(DOMAIN, str(LOCALE), [language])
    for original, translated in catalogue(language).items():
        assert compiled.gettext(original) == translated, "make messages"
