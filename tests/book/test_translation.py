"""A translated edition says what the English one says, and says it in its own language."""

from __future__ import annotations

import ast
import json
import posixpath
import re
from collections import Counter, defaultdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bs4 import NavigableString, Tag

from lossbook.classroom.teacher.edition import words_of_code
from lossbook.classroom.teacher.source import Source, without_language
from tests.book import translation
from tests.book.conftest import every, soup
from tests.book.translation import (
    LANGUAGES,
    LOCALE,
    ROOT,
    catalogues,
    checks,
    faults,
    glossary,
    messages,
    terms,
    wrong_particles,
)
from tools.messages import KEYWORDS, templates

SITE = ROOT / "_build" / "html"
SVG = "image/svg+xml"
CATALOGUES = [(language, path) for language in LANGUAGES for path in catalogues(language)]
#: Pages made by the builder out of names of the package.
MADE = {"genindex.html", "404.html", "search.html"}
PAIRS = [
    (language, str(path.relative_to(SITE / language)))
    for language in LANGUAGES
    for path in sorted((SITE / language).rglob("*.html"))
    if "_static" not in path.parts and path.name not in MADE
]
#: A title of a section or an exercise, in a page or as a line of a notebook's cell.
TITLE = re.compile(r'^(?:\s*")?(?:#+|`{3,}\{exercise\}) (.+?)(?:(?:\\n)?",?)?$', re.M)
every_catalogue = every(*CATALOGUES, name="/".join)
every_pair = every(*PAIRS, name="/".join)


@every_catalogue
def test_no_message_of_a_catalogue_is_missing_fuzzy_or_obsolete(language: str, path: str) -> None:
    catalogue = catalogues(language)[path]
    left = [m.id for m in messages(catalogue) if not m.string or m.fuzzy]
    assert left == [], "make messages, and translate"
    assert not catalogue.obsolete


@every_catalogue
def test_a_translation_keeps_what_is_the_same_in_every_language(language: str, path: str) -> None:
    found = {
        str(m.id)[:60]: wrong
        for m in messages(catalogues(language)[path])
        if m.string and (wrong := faults(str(m.id), str(m.string), language))
    }
    assert found == {}


def test_the_catalogues_hold_what_the_book_says_today() -> None:
    found = templates(SITE)
    today = {
        path.relative_to(found).with_suffix(".po").as_posix(): {
            str(m.id) for m in messages(read_po(BytesIO(path.read_bytes())))
        }
        for path in found.rglob("*.pot")
    }
    for language in LANGUAGES:
        kept = {
            path: {str(m.id) for m in messages(catalogue)}
            for path, catalogue in catalogues(language).items()
        }
        assert kept == {path: ids for path, ids in today.items() if ids}, "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_glossary_has_one_word_and_no_two_terms_share_it(language: str) -> None:
    words = glossary(language)
    assert set(words) == set(terms())
    assert [word for word, n in Counter(words.values()).items() if n > 1] == []


def good(language: str, pattern: str) -> tuple[str, str]:
    """Return a long message and its translation, which has something of this kind."""
    return next(
        (str(m.id), str(m.string))
        for catalogue in catalogues(language).values()
        for m in messages(catalogue)
        if len(str(m.id)) > 100 and re.search(pattern, str(m.string))
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "pattern, replacement",
    [
        (r"\{glue:text\}`[^`]+`", "3.5"),
        (r"\{glue:text\}`([^:`]+)::", r"{glue:text}`\1::other_"),
        (r"\{term\}`([^<`]+) <[^>`]+>`", r"\1"),
        (r"\{term\}`[^<`]+ <", "{term}`wrong <"),
        (r"\$[^$]+\$", "$x$"),
        (r"\]\([^)]+\)", "](elsewhere.md)"),
        (r"`[a-z_]+`", "`other`"),
        (r"^", "and this was left as it stood "),
        (r"\Z", " 17"),
        (r"\Z", " **"),
    ],
)
def test_a_broken_translation_is_found(language: str, pattern: str, replacement: str) -> None:
    original, translated = good(language, pattern)
    assert faults(original, translated, language) == []
    broken = re.sub(pattern, replacement, translated, count=1)
    assert broken != translated
    assert faults(original, broken, language)


def test_a_language_may_leave_out_every_entry_of_its_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "LOCALE", tmp_path)
    catalogues_of_pages = tmp_path / "sv" / "LC_MESSAGES" / "chapters"
    catalogues_of_pages.mkdir(parents=True)
    (catalogues_of_pages / "glossary.po").write_text('msgid "loss"\nmsgstr "förlust"\n')
    (tmp_path / "sv" / "checks.toml").write_text("")
    assert faults("The {term}`loss` is 3.", "{term}`Förlusten <loss>` är 3.", "sv") == [
        "the term 'loss' is 'förlust' in the glossary, not 'Förlusten'"
    ]
    assert faults("It is 3.", "Det är 3.", "sv") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pattern_that_is_never_right_finds_its_example(language: str) -> None:
    own = checks(language)
    assert set(own["examples"]) == set(own["never"])
    for name, example in own["examples"].items():
        assert re.search(own["never"][name], example), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_particle_agrees_with_the_sound_of_a_formula_or_a_word_before_it(language: str) -> None:
    own = checks(language).get("particles", {"wrong": [], "right": []})
    assert [text for text in own["wrong"] if not wrong_particles(text, language)] == []
    assert [text for text in own["right"] if wrong_particles(text, language)] == []


def article(page: str) -> Tag:
    """Return the text of a page."""
    return soup(page).find("article", class_="bd-article")


def bare(code: str) -> str:
    """Return code as what it does: its syntax tree without docstrings, or its lines if it has none.

    An assignment's check answers in the language of the page.
    """
    code = without_language(code)
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a session, a shell's command, or a piece out of the middle of a file
        lines = [re.sub(r"\s*#.*|\"\"\".*\"\"\"", "", line) for line in code.splitlines()]
        return "\n".join(line for line in lines if line.strip())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(
            node
        ):
            del node.body[0]
    return ast.dump(tree)


def english_words_in(code: str) -> list[str]:
    """Return the comments and docstrings of code that are English sentences."""
    return [
        text for text in words_of_code(code) if re.search(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){3,}", text)
    ]


def elements(page: str) -> list[Tag]:
    """Return the elements of the text of a page, in their order."""
    return [part for part in article(page).descendants if isinstance(part, Tag)]


def shared(page: str) -> dict[str, Any]:
    """Return what a page has in common with its translation."""
    tags = elements(page)

    def named(*names: str) -> list[Tag]:
        return [tag for tag in tags if tag.name in names]

    def of_class(name: str) -> list[Tag]:
        return [tag for tag in tags if name in tag.get("class", ())]

    return {
        "formulas": Counter(
            " ".join(tag.get_text().split())
            for tag in named("annotation")
            if tag.get("encoding") == "application/x-tex"
        ),
        "equation numbers": [tag["data-number"] for tag in of_class("eqno")],
        "code": [bare(tag.get_text()) for tag in named("pre")],
        "code in the text": Counter(
            tag.get_text() for tag in named("code") if not tag.find_parent("pre")
        ),
        "numbers from notebooks": Counter(tag.get_text() for tag in of_class("pasted-text")),
        "figures": [Path(tag["src"]).name for tag in named("img")],
        "places": Counter(tag["id"] for tag in tags if tag.has_attr("id")),
        "headings": [tag.name for tag in named("h1", "h2", "h3", "h4", "h5", "h6")],
        # Of the glossary's letters, each language has its own.
        "links": sum(
            not tag.find_parent(class_="letters") for tag in named("a") if tag.has_attr("href")
        ),
        "rows": [len(tag.find_all("tr")) for tag in named("table")],
    }


@every_pair
def test_a_page_and_its_translation_share_all_that_is_not_words(language: str, page: str) -> None:
    original, other = shared(page), shared(f"{language}/{page}")
    for kind, expected in original.items():
        assert other[kind] == expected, kind


LEFT_OUT = {"script", "style", "pre"}
MARKED = {"katex", "cell_output", "citation", "bibtex-citation", "sig"}
BLOCKS = {
    *("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "figcaption", "a"),
    *("button", "summary", "label"),
}


@cache
def paragraphs(page: str) -> list[str]:
    """Return the texts of a page without code and formulas, of which a mark remains."""
    said = []

    def read(tag: Tag) -> str:
        if tag.name in LEFT_OUT:
            return ""
        if tag.name in ("code", "em") or MARKED.intersection(tag.get("class", ())):
            return "□"
        text = "".join(
            read(part) if isinstance(part, Tag) else part if type(part) is NavigableString else ""
            for part in tag.children
        )
        if tag.name in BLOCKS:
            said.append(" ".join(text.split()))
        for name in ("alt", "title", "aria-label", "placeholder"):
            if tag.has_attr(name):
                said.append(tag[name])
        return text

    read(soup(page).body)
    return said


@every_pair
def test_no_english_sentence_is_left_on_a_page(language: str, page: str) -> None:
    for text in paragraphs(f"{language}/{page}"):
        bare = re.sub(r"\([^()]*\)|“[^”]*”", " ", text)
        found = re.search(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){3,}\b[a-z]+\b", bare)
        assert found is None, f"{found[0]!r} in {text[:80]!r}"


@every_pair
def test_nothing_on_a_page_breaks_the_language_s_rules(language: str, page: str) -> None:
    for text in paragraphs(f"{language}/{page}"):
        for name, pattern in checks(language)["never"].items():
            found = re.search(pattern, text)
            assert found is None, f"{name}: {text[max(0, found.start() - 30) : found.end() + 10]!r}"
        # A mark that closes before a letter and behind a bracket closes nothing.
        found = re.search(r"(\*\*?)\b[^*]{1,60}\1", text)
        assert found is None, f"a mark of the source: {found[0]!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_that_several_pages_share_is_translated_in_one_way(language: str) -> None:
    titles, said = set(), defaultdict(set)
    for source in (ROOT / "chapters").rglob("*.*"):
        if source.suffix in {".md", ".ipynb"}:
            titles |= set(TITLE.findall(source.read_text(encoding="utf-8")))
    for path, catalogue in catalogues(language).items():
        if path != "chapters/glossary.po":  # there the English stands in brackets behind
            for message in messages(catalogue):
                said[message.id].add(message.string)
    assert {title: ways for title in titles if len(ways := said[title]) > 1} == {}
    assert len([title for title in titles if said[title]]) > 300


@every_pair
def test_a_solution_has_the_name_of_its_exercise(language: str, page: str) -> None:
    text = article(f"{language}/{page}")
    # Each exercise is followed by its solution.
    pairs = [text.find_all("div", class_=kind) for kind in ("exercise", "solution")]
    for exercise, solution in zip(*pairs, strict=True):
        titles = [box.find(class_="admonition-title").get_text() for box in (exercise, solution)]
        name = re.search(r"\(.*\)", titles[0])
        assert name is not None
        assert name[0] in titles[1]


@every(*sorted({page for _, page in PAIRS}))
def test_every_page_leads_to_the_same_place_in_the_other_languages(page: str) -> None:
    for own in ("", *LANGUAGES):
        here = posixpath.join(own, page)
        assert soup(here).html["lang"] == (own or "en")
        switch = soup(here).find("nav", class_="edition-switch")
        targets = {
            link["hreflang"]: posixpath.normpath(
                posixpath.join(posixpath.dirname(here), link["href"])
            )
            for link in switch.find_all("a")
        }
        others = {language: f"{language}/{page}" for language in LANGUAGES} | {"en": page}
        assert targets == {k: v for k, v in others.items() if k != (own or "en")}
        for link in switch.find_all("a"):
            assert link["lang"] == link["hreflang"]


@every_pair
def test_no_comment_and_no_docstring_of_a_page_is_left_in_english(language: str, page: str) -> None:
    for code in article(f"{language}/{page}").select(
        ".highlight-python pre, .highlight-ipython3 pre"
    ):
        assert english_words_in(code.get_text()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_downloads_are_translated_and_do_the_same(language: str) -> None:
    for path in sorted((SITE / language / "_sources").rglob("*.ipynb")):
        name = path.relative_to(SITE / language / "_sources")
        own = json.loads(path.read_text(encoding="utf-8"))
        first = json.loads((SITE / "_sources" / name).read_text(encoding="utf-8"))
        for mine, theirs in zip(own["cells"], first["cells"], strict=True):
            source, original = "".join(mine["source"]), "".join(theirs["source"])
            if mine["cell_type"] == "code":
                assert bare(source) == bare(original)
                assert english_words_in(source) == []
                assert without_figures(mine) == without_figures(theirs)
            elif re.search(r"(?:\b[A-Za-z][a-z]+\b ){4}", original):
                assert source != original, f"{name}: {original[:80]!r}"


def without_figures(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of code without its text and its drawings, of which the place remains."""
    outputs = [
        {**output, "data": {**output["data"], SVG: ""}} if SVG in output.get("data", {}) else output
        for output in cell["outputs"]
    ]
    return cell | {"source": "", "outputs": outputs}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [source.name for source in Source.find_all(ROOT / "chapters")])
def test_a_teacher_hands_out_the_code_of_the_page_in_its_language(language: str, name: str) -> None:
    source = Source.find(name, ROOT / "chapters")
    page = json.loads(
        (SITE / language / "_sources" / "chapters" / name / "assignment.ipynb").read_text("utf-8")
    )
    shown = ["".join(one["source"]) for one in page["cells"] if one["cell_type"] == "code"]
    for notebook, same in ((source.released(language), True), (source.solved(language), False)):
        code = ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "code"]
        assert [text for one in code for text in english_words_in(one)] == []
        assert not same or code == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_site_s_own_code_marks_for_translation_is_translated(
    language: str,
) -> None:
    # Read from the syntax: what collects the messages does not look into f-strings.
    marked = {
        node.args[0].value
        for path in (ROOT / "_ext").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in KEYWORDS
        if isinstance(node.args[0], ast.Constant)
    }
    catalogue = catalogues(language)["lossbook.po"]
    assert len(marked) > 100
    assert {word for word in marked if word not in catalogue} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_checks_are_terms(language: str) -> None:
    own = checks(language)
    assert {*own["strict_terms"], *own["also"]} <= set(terms())
    assert (LOCALE / language / "checks.toml").exists()
