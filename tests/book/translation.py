"""What a translated message must share with the original, whatever the language.

`faults` compares one message with its translation. What is particular to a language stands in
``locale/LANGUAGE/checks.toml``: patterns that must not occur, and the words that the glossary's
terms may also be rendered with.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache, reduce
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())

ROLE = re.compile(r"\{(?P<role>[a-z:-]+)\}`(?P<content>[^`]+)`")
CODE = re.compile(r"(?P<ticks>`+)(?P<code>(?:(?!(?P=ticks)).)+)(?P=ticks)(?!`)")
MATH = re.compile(r"\$[^$]+\$")
LINK = re.compile(r"\]\((?P<target>[^)]*)\)|<(?P<address>https?://[^>]+)>")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*(?:![rs])?(?::[^{}]*)?\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Numbers that the original writes as words may be digits in a translation, in fractions too.
WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NAMED = {
    **dict(enumerate(WORDS)),
    **{10 * n: word for n, word in enumerate(TENS, 2)},
    **{14: "fourteen", 43: "forty-three", 100: "hundred", 200: "two hundred", 1000: "thousand"},
    10_000: "ten[- ]thousand",
}
#: Words that multiply the number before them.
SCALED = re.compile(r"(\d[\d.,]*) (million)\b|(?<![\d.,/])(\d{3}|\d,\d{3})만")
#: What is not the number's name and "th".
PARTS = {2: "half|halves", 3: "third", 4: "quarter|fourth", 5: "fifth", 8: "eighth", 9: "ninth"}
#: The English month names; other languages may write a month as its number.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
#: What stands for the end of a formula, a link, a term, a bracket or a quotation.
MARK = "\u2060"
#: English that stays English: in brackets, or a name.
BRACKETS = re.compile(r"\([^()]*\)")
TITLES = re.compile(r"\"[^\"]*\"|\*[^*]*\*")


@cache
def catalogues(language: str) -> dict[str, Catalog]:
    """Return the catalogues of a language by their path, as far as the book is concerned."""
    found = {}
    for path in sorted((LOCALE / language).rglob("*.po")):
        with path.open("rb") as file:
            found[str(path.relative_to(LOCALE / language / "LC_MESSAGES"))] = read_po(file)
    return found


def messages(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in catalogue if message.id]


@cache
def checks(language: str) -> dict[str, Any]:
    """Return what is particular to a language; what its file does not name is empty."""
    own = tomllib.loads((LOCALE / language / "checks.toml").read_text(encoding="utf-8"))
    lists: dict[str, Any] = {name: [] for name in ("strict_terms", "same")}
    tables: dict[str, Any] = {name: {} for name in ("also", "never", "examples", "search")}
    return lists | tables | {"upright": ""} | own


@cache
def glossary(language: str) -> dict[str, str]:
    """Return the word of each term of the glossary, without the English in brackets."""
    path = LOCALE / language / "LC_MESSAGES" / "chapters" / "glossary.po"
    with path.open("rb") as file:
        translated = {str(m.id): str(m.string) for m in read_po(file) if m.id}
    return {
        term: re.sub(r"\s*\(.*\)$", "", translated[term])
        for term in terms()
        if translated.get(term)
    }


@cache
def terms() -> list[str]:
    """Return the terms of the English glossary."""
    text = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
    block = text.split("```{glossary}\n")[1].split("```")[0]
    return [line for line in block.splitlines() if line and not line.startswith(" ")]


def target(role: str, content: str) -> str:
    """Return what a role refers to, without the words it shows."""
    if role.startswith("own-"):  # it leads to one place, whatever the words
        return role
    named = re.search(r"<([^>]+)>$", content)
    name = named[1] if named else content
    return f"{role} {name.lower() if role == 'term' else name}"


def take(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    """Return the matches of a pattern, and the text without them."""
    return list(pattern.finditer(text)), pattern.sub(" ", text)


def unscaled(number: re.Match[str]) -> str:
    """Return a number of millions, or of 만, in digits: 29 million are 2,900만."""
    value = float((number[1] or number[3]).replace(",", ""))
    return f"{value * (10**6 if number[2] else 10**4):,.0f}"


def parts(text: str) -> tuple[dict[str, Counter[str]], str]:
    """Split a message into what every language shares, and its own words."""
    roles, text = take(ROLE, text)
    code, text = take(CODE, text)
    mathematics, text = take(MATH, text)
    links, text = take(LINK, text)
    placeholders, text = take(PLACEHOLDER, text)
    numbers, _ = take(NUMBER, SCALED.sub(unscaled, text))
    shared = {
        "role": Counter(target(m["role"], m["content"]) for m in roles),
        "code": Counter(m["code"] for m in code),
        "formula": Counter(m[0] for m in mathematics),
        "link": Counter(m["target"] or m["address"] for m in links),
        "placeholder": Counter(m[0] for m in placeholders),
        "number": Counter(m[0].rstrip(".,") for m in numbers),
        "bold mark": Counter({"**": text.count("**")}),
    }
    return shared, text


def written_out(number: str, words: str) -> bool:
    """Return whether a number stands in a text as a word, or as part of a fraction.

    >>> written_out("60", "Sixty steps"), written_out("10", "a tenth"), written_out("7", "six")
    (True, True, False)
    """
    digits = number.replace(",", "")
    if not digits.isdigit():
        return False
    value = int(digits)
    known = [*MONTHS[max(value, 1) - 1 : value], *part_of_a_whole(value)]
    if value in NAMED:
        known.append(NAMED[value])
    if value and value % 10**6 == 0 and value // 10**6 in NAMED:
        known.append(f"(?:an?|{NAMED[value // 10**6]}) million")
    if value == 1:  # a third: 1/3
        known += [f"an? (?:{part})" for n in NAMED for part in part_of_a_whole(n)]
    return any(re.search(rf"\b(?:{word})(?:s|es)?\b", words, re.IGNORECASE) for word in known)


def part_of_a_whole(value: int) -> list[str]:
    """Return what a part is called of which there are so many in a whole, as a pattern."""
    if value < 2 or value not in NAMED:
        return []
    return [PARTS.get(value) or re.sub(r"y$", "ie", NAMED[value]) + "th"]


def read_aloud(formula: str, spoken: list[list[str]]) -> str:
    """Return a formula with its end as it is read."""
    while (text := reduce(lambda text, rule: re.sub(*rule, text), spoken, formula)) != formula:
        formula = text
    return formula


def wrong_particles(text: str, language: str) -> list[str]:
    """Return the particles that do not fit what stands before them, each with it.

    >>> wrong_particles("$e^z$가 $t$은 [모델](index.md)를 $R$로", "ko")
    ['e제곱가', '에이은', '모델를']
    """
    own = checks(language).get("particles")
    if not own:
        return []

    def read(formula: str) -> str:
        return read_aloud(formula.strip(), own["spoken"])

    text = re.sub(r"\{term\}`([^`<]+?)(?: <[^>]+>)?`", rf"\1{MARK}", text)
    text = re.sub(r":math:`([^`]+)`(?:\\ )?", r"$\1$", text)
    text = CODE.sub(" ", ROLE.sub(" ", text))
    text = re.sub(r"\$([^$]+)\$", lambda found: f" {read(found[1])}{MARK}", text)
    text = re.sub(r"\[([^\]]*)\]\([^()]*\)", rf"\1{MARK}", text)
    text = re.sub(rf"(?<=[\w{MARK}])\([^()]*\)|[*”’]+", MARK, text)
    pairs = {form: pair for pair in own["pairs"] for form in pair}
    forms = "|".join(sorted(pairs, key=len, reverse=True))
    found = []
    for word, form in re.findall(rf"(\w+){MARK}+({forms})(?!\w)", text):
        if re.search(r"[a-zA-Z]{2}$", word):  # an English word, whose sound no rule tells
            continue
        sound = unicodedata.normalize("NFD", read(word))
        first, second = pairs[form]
        like_a_vowel = re.search(own["l"], sound) and first.startswith(own["like_a_vowel"])
        closed = re.search(own["consonant"], sound) and not like_a_vowel
        if form != (first if closed else second):
            found.append(word + form)
    return found


def faults(original: str, translated: str, language: str) -> list[str]:
    """Return what is wrong with a translation, in words; nothing if it is right."""
    own = checks(language)
    if original == translated:
        return [] if original in own["same"] else ["the translation is the original"]
    mine, words = parts(original)
    theirs, text = parts(translated)
    found = []
    if re.match(r"\d+\. ", translated):
        found.append("it begins like a list: write '1\\\\. ' for '1. '")
    for kind, expected in mine.items():
        for thing, _ in (expected - theirs[kind]).items():
            found.append(f"{kind} {thing!r} is missing")
        for thing, _ in (theirs[kind] - expected).items():
            if kind == "number" and written_out(thing, words):
                continue
            found.append(f"{kind} {thing!r} is not in the original")
    for match in ROLE.finditer(translated):
        if match["role"] == "term":
            term = target("", match["content"]).strip()
            shown = re.sub(r"\s*<[^>]+>$", "", match["content"])
            known = [glossary(language).get(term, shown), *own["also"].get(term, [])]
            if not any(shown.startswith(word) for word in known):
                found.append(f"the term {term!r} is {known[0]!r} in the glossary, not {shown!r}")
    named = TITLES.sub(" ", words).lower()
    for term in own["strict_terms"]:
        if term.lower() in named and re.search(rf"\b{re.escape(term.lower())}(?:s|es)?\b", named):
            known = [glossary(language).get(term, ""), *own["also"].get(term, [])]
            shown = translated.replace("\n", " ")
            if not any(word in shown for word in known):
                found.append(f"the original has {term!r}, the translation not {known[0]!r}")
    for name, pattern in own["never"].items():
        for match in re.finditer(pattern, text):
            found.append(f"{name}: {text[max(0, match.start() - 15) : match.end() + 10]!r}")
    found += [
        f"a particle after another sound: {one!r}" for one in wrong_particles(translated, language)
    ]
    bare = TITLES.sub(" ", BRACKETS.sub(" ", text))
    for match in re.finditer(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){2,}\b[a-z]+\b", bare):
        found.append(f"left in English: {match[0]!r}")
    return found
