"""Put other words into a figure that Matplotlib has drawn as SVG, and leave all else as it is.

Matplotlib draws each letter as a path and keeps the text beside it, in a comment. Where a text has
a translation, the letters give way to text, in the same place, size and color, in whatever font a
reader has for the language. Nothing here knows of the book: a page uses the same file for what its
cells draw.
"""

from __future__ import annotations

import re
from html import escape

TOKEN = re.compile(
    r"<g\b(?P<opened>[^>]*)>|(?P<closed></g>)|<!-- (?P<text>.*?) -->\s*(?=<g\b)", re.DOTALL
)
GLYPHS = re.compile(
    r'<g(?: style="(?P<style>[^"]*)")? transform="(?P<place>(?:translate|rotate)[^"]*?)'
    r' scale\((?P<scale>[\d.]+) -[\d.]+\)"\s*>(?P<inner>.*?)</g>',
    re.DOTALL,
)
DEFINITIONS = re.compile(r"<defs>.*?</defs>", re.DOTALL)
USE = re.compile(
    r'<use xlink:href="#(?P<glyph>[^"]+)"'
    r'(?: transform="translate\((?P<x>[-\d.]+)[^)]*\)(?: scale\((?P<scale>[\d.]+)\))?")?'
)
GLYPH = re.compile(r'<path id="(?P<glyph>[^"]+)" d="(?P<path>[^"]*)" transform="scale\(0.015625\)"')
POINT = re.compile(r"(-?[\d.]+) -?[\d.]+ *\n")
FORMULA = re.compile(r"\$([^$]+)\$")
RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Units of a glyph's place that an em has, as Matplotlib writes them.
EM = 100


def texts(svg: str) -> list[str]:
    """Return the texts that a figure shows, in their order."""
    return [found["text"] for found in TOKEN.finditer(svg) if found["text"]]


def translated(svg: str, words: dict[str, str], language: str) -> str:
    """Return a figure with the texts that have a translation replaced by it.

    Parameters
    ----------
    svg : str
        The figure.
    words : dict
        The translation of each text.
    language : str
        The code of the language, by which a browser chooses the font.
    """
    ends = {found["glyph"]: _end(found["path"]) for found in GLYPH.finditer(svg)}
    made, position, above = [], 0, [""]
    for found in TOKEN.finditer(svg):
        if found["closed"]:
            above.pop()
        elif found["text"] is None:
            name = re.search(r'\bid="([a-z.]+)', found["opened"])
            above.append(name[1] if name else "")
        elif found["text"] in words and (drawn := GLYPHS.match(svg, found.end())):
            text = _text(drawn, words[found["text"]], language, above, ends)
            made += [svg[position : drawn.start()], text]
            position = drawn.end()
    return "".join(made) + svg[position:]


def _end(path: str) -> float:
    """Return where a glyph's ink ends, in hundredths of an em."""
    return max((float(x) for x in POINT.findall(path + "\n")), default=0.0) / 64


def _text(
    drawn: re.Match[str], words: str, language: str, above: list[str], ends: dict[str, float]
) -> str:
    """Return a group with the words in the place of the glyphs."""
    uses = list(USE.finditer(drawn["inner"]))
    size = float(drawn["scale"])
    width = size * max(
        float(use["x"] or 0) + float(use["scale"] or 1) * ends.get(use["glyph"], 0) for use in uses
    )
    # A row of a legend begins where it began, a number at the left ends where it ended.
    anchor, x = "middle", width / 2
    if "legend" in above:
        anchor, x = "start", 0.0
    elif "ytick" in above:
        anchor, x = "end", width
    bold = "bold " if all("Bold" in use["glyph"] for use in uses) else ""
    style = (
        f"{drawn['style'] or ''}; font: {bold}{size * EM:.3g}px sans-serif; text-anchor: {anchor}"
    )
    kept = "".join(DEFINITIONS.findall(drawn["inner"]))
    return (
        f'<g>{kept}<text xml:lang="{language}" x="{x:.2f}" transform="{drawn["place"]}" '
        f'style="{style}">{_marked(words)}</text></g>'
    )


def _marked(words: str) -> str:
    """Return words as SVG has them; of formulas, letters and raised numbers are known."""

    def formula(match: re.Match[str]) -> str:
        tex = re.sub(r"\^\{?([-−\d]+)\}?", lambda raised: raised[1].translate(RAISED), match[1])
        return re.sub(r"([A-Za-z]+)", r'<tspan style="font-style: italic">\1</tspan>', tex)

    return FORMULA.sub(formula, escape(words, quote=False))
