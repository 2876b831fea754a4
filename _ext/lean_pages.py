"""Make the finished pages light: one style sheet, one script, icons and images of known size.

The theme and its extensions bring a dozen style sheets, as many scripts and a font of two thousand
icons, of which the pages use a tenth. When the build ends, the style rules that no page uses are
left out (PurgeCSS), the font keeps the icons that are drawn (fontTools), what is left goes into one
file each, and no script holds up the first view.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import posixpath
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import fontTools
from fontTools import subset
from katex_math import NODE
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from wording import translate

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "node_modules"
CUT_FONTS = HERE.parent / "_build" / "fonts"
STYLE = re.compile(r'<link\b[^>]*\bhref="([^"]+\.css)(?:\?[^"]*)?"[^>]*>')
SCRIPT = re.compile(r'<script\b([^>]*)\bsrc="([^"]+\.js)(?:\?[^"]*)?"([^>]*)></script>')
#: The same with the blanks before it, which go with it: to look for blanks takes longer.
WHOLE_STYLE, WHOLE_SCRIPT = (re.compile(rf"\s*{tag.pattern}") for tag in (STYLE, SCRIPT))
INLINE = re.compile(r"\s*<script>(.*?)</script>", re.DOTALL)
IMAGE = re.compile(r'<img\b[^>]*\bsrc="([^"]+\.svg)"[^>]*>')
AT_ONCE = """  if (document.documentElement.dataset.theme === "auto")
      document.documentElement.dataset.theme =
        matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  """
EARLY_FONTS = """
if (location.protocol !== "file:")
  for (const name of NAMES) {
    const href = `ROOT_static/katex/fonts/KaTeX_${name}.woff2`;
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href });
    document.head.append(link);
  }
"""
#: Where the first screen ends at the latest.
FIRST_SCREEN_ENDS = re.compile(r'<h2\b|<loss-curve\b|<div class="loss-card')
#: The fonts of large signs, by KaTeX's classes: a sum within a line, and in a line of its own.
SIZED_FONTS = {
    "Size1-Regular": re.compile(r'class="[^"]*\b(?:small-op|delimsizing size1)\b'),
    "Size2-Regular": re.compile(r'class="[^"]*\b(?:large-op|delimsizing size2)\b'),
}
#: Kept whole: every rule in them is meant, and a purge understands selectors less than a browser.
OWN_STYLES = {path.name for path in (HERE.parent / "_static").glob("*.css")}
#: Scripts that no page needs: the options are written into each page, before all others, the search
#: is the book's own, and of Bootstrap the pages use one menu, which `lossbook.js` opens.
UNUSED = {
    *("design-tabs.js", "documentation_options.js", "bootstrap.js"),
    *("sphinx_highlight.js", "searchtools.js", "language_data.js"),
}


def pages_of(site: Path) -> list[Path]:
    """Return the pages that readers open."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


class Purge(NamedTuple):
    """The search for what the pages need of the style sheets, while other work goes on."""

    site: Path
    texts: dict[Path, str]
    styles: list[Path]
    scripts: list[Path]
    running: subprocess.Popen[str]


def start_purge(app: Sphinx, exception: Exception | None) -> None:
    """Begin to look for the rules that the pages need, when these are written."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    texts = {page: page.read_text(encoding="utf-8") for page in pages_of(site)}
    styles, scripts = shared_files(site, texts)
    if styles:  # or else no page was written anew
        running = search_for_rules(site, [*texts], styles, scripts)
        app.purge = Purge(site, texts, styles, scripts, running)  # type: ignore[attr-defined]


def make_lean(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite every page's head, and write the style sheet and the script that they share."""
    if exception or not hasattr(app, "purge"):
        return
    site, texts, styles, scripts, running = app.purge
    style = write(site, "site.css", purged(site, texts, styles, running))
    script = write(site, "site.js", joined_scripts(scripts))
    options = (site / "_static" / "documentation_options.js").read_text(encoding="utf-8")
    for page, text in texts.items():
        page.write_text(
            lean(text, page, site, styles, scripts, style, script, options), encoding="utf-8"
        )
    for path in {*styles, *scripts}:
        path.unlink(missing_ok=True)
    for name in ("basic.css", "webpack-macros.html", "sbt-webpack-macros.html", *UNUSED):
        (site / "_static" / name).unlink(missing_ok=True)
    for name in ("vendor", "locales", "scripts", "styles"):
        shutil.rmtree(site / "_static" / name, ignore_errors=True)


def shared_files(site: Path, texts: dict[Path, str]) -> tuple[list[Path], list[Path]]:
    """Return the style sheets and scripts that every page loads, in their order."""
    pages = [page for page in texts if page.name != "404.html"]
    found = []
    for pattern, group in ((STYLE, 1), (SCRIPT, 2)):
        loaded = [
            [local(page, site, tag[group]) for tag in pattern.finditer(texts[page])]
            for page in pages
        ]
        common = set.intersection(*map(set, loaded))
        found.append([p for p in dict.fromkeys(loaded[0]) if p in common and p.name not in UNUSED])
    return found[0], found[1]


def local(page: Path, site: Path, address: str) -> Path:
    """Return the file behind an address in a page."""
    if address.startswith("/"):  # the page of the missing page is shown at any depth
        return site / "_static" / address.partition("/_static/")[2]
    return Path(posixpath.normpath(page.parent.as_posix() + "/" + address))


def search_for_rules(
    site: Path, pages: list[Path], styles: list[Path], scripts: list[Path]
) -> subprocess.Popen[str]:
    """Start to look for the rules of foreign styles that some page or script can need."""
    # Scripts write names too, also those that a single page loads, such as the search's.
    every_script = {*scripts, *(site / "_static").glob("*.js")}
    request = {
        "css": "\n".join(rules(path, site) for path in foreign(styles)),
        "content": [str(path) for path in [*pages, *sorted(every_script)]],
    }
    with TemporaryFile("w+", encoding="utf-8") as asked:
        json.dump(request, asked)
        asked.seek(0)
        return subprocess.Popen(
            [NODE, str(HERE / "purge_styles.js")],
            stdin=asked,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "NODE_PATH": str(MODULES)},
        )


def foreign(styles: list[Path]) -> list[Path]:
    """Return the style sheets that are not the book's own."""
    return [path for path in styles if path.name not in OWN_STYLES]


def purged(
    site: Path, texts: dict[Path, str], styles: list[Path], running: subprocess.Popen[str]
) -> str:
    """Return the book's own rules, and those of the others that were found to be needed."""
    answer, _ = running.communicate()
    if running.returncode:
        raise ExtensionError("the style sheets could not be purged: see the message above")
    kept = json.loads(answer)
    # For the tests: what was dropped may fit nothing on any page.
    dropped = sorted({selector.strip() for selector in kept["dropped"]})
    site.with_name("dropped_styles.json").write_text(json.dumps(dropped), encoding="utf-8")
    own = "\n".join(rules(path, site) for path in styles if path not in foreign(styles))
    return with_few_letters(site, texts, with_few_icons(site, kept["css"] + own))


def rules(path: Path, site: Path) -> str:
    """Return the text of a style sheet as it must be to stand directly in ``_static``."""
    folder = posixpath.relpath(path.parent.as_posix(), (site / "_static").as_posix())
    css = path.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
    css = re.sub(
        r"url\((['\"]?)(?!data:|#)([^'\")]+)\1\)",
        lambda m: f"url({posixpath.normpath(folder + '/' + m[2])})",
        css,
    )
    return re.sub(
        r"@import\s+['\"]([^'\"]+)['\"];",
        lambda m: rules(Path(posixpath.normpath(f"{path.parent.as_posix()}/{m[1]}")), site),
        css,
    )


def with_few_icons(site: Path, css: str) -> str:
    """Return the styles with a font of the icons that they draw, and without the other fonts."""
    home = site / "_static" / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.woff2"
    drawn = {int(code, 16) for code in re.findall(r"\\([0-9a-f]{2,4})\b", css)}
    drawn |= {ord(letter) for letter in css if "\ue000" <= letter <= "\uf8ff"}
    save_subset(home, drawn, site / "_static" / "icons.woff2")
    license_text = (
        "Icons: Font Awesome Free, https://fontawesome.com/license/free (CC BY 4.0, OFL)\n"
    )
    (site / "_static" / "icons.LICENSE.txt").write_text(license_text, encoding="utf-8")

    def face(rule: re.Match[str]) -> str:
        if "fontawesome" not in rule[0]:
            return rule[0]
        if "fa-solid-900" not in rule[0] or "6 Free" not in rule[0]:
            return ""
        return (
            '@font-face{font-display:block;font-family:"Font Awesome 6 Free";font-style:normal;'
            'font-weight:900;src:url(icons.woff2) format("woff2")}'
        )

    return re.sub(r"@font-face\s*\{[^}]*\}", face, css)


def with_few_letters(site: Path, texts: dict[Path, str], css: str) -> str:
    """Return the styles with the fonts of mathematics cut down to the letters of the book."""
    letters = set(map(ord, set().union(*texts.values())))
    folder = site / "_static" / "katex" / "fonts"
    for font in folder.glob("*.woff2"):
        if font.name in css:
            save_subset(font, letters, font)
        else:
            font.unlink()
    return css


def save_subset(font: Path, letters: set[int], target: Path) -> None:
    """Write a font that has these letters only; the last build has mostly cut the same."""
    cut = hashlib.sha256(font.read_bytes() + f"{fontTools.version} {sorted(letters)}".encode())
    kept = CUT_FONTS / f"{cut.hexdigest()[:32]}.woff2"
    if not kept.exists():
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
        loaded = subset.load_font(str(font), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(loaded)
        CUT_FONTS.mkdir(parents=True, exist_ok=True)
        # Another edition may be cutting the same.
        own = kept.with_suffix(f".{os.getpid()}")
        subset.save_font(loaded, str(own), options)
        own.replace(kept)
    shutil.copyfile(kept, target)


def joined_scripts(scripts: list[Path]) -> str:
    """Return the scripts one after the other."""
    texts = [path.read_text(encoding="utf-8") for path in scripts]
    # One file's strictness must not become the next one's.
    joined = "\n;\n".join(re.sub(r'^"use strict";', "", text, flags=re.M) for text in texts)
    # A language's rule for plurals is known here. Sphinx makes it a function when a page is opened,
    # which a host may forbid.
    made = r"new Function\([^()]*\(\$\{(catalog\.plural_expr)\}\)`,?\s*\)"
    joined = re.sub(made, r"\1", joined)
    joined = re.sub(r'"plural_expr":\s*"([^"]*)"', r'"plural_expr": (n) => (\1)', joined)
    # The theme's way to what scrolls would lay out the whole page: `lossbook.js` has its own.
    way = r'const e=\(\)=>\{document\.querySelectorAll\(\["pre".*?,e\(\)(?=\}function)'
    joined, found = re.subn(rf"(function \w+\(\)\{{){way}", r"\1", joined, count=1)
    if not found:
        raise ExtensionError(
            "the theme's script has changed: it reaches what scrolls in another way"
        )
    return joined


def write(site: Path, name: str, text: str) -> str:
    """Write a file and return its name with a version."""
    (site / "_static" / name).write_text(text, encoding="utf-8")
    return f"{name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def lean(
    text: str,
    page: Path,
    site: Path,
    styles: list[Path],
    scripts: list[Path],
    style: str,
    script: str,
    options: str,
) -> str:
    """Return a page that loads the shared files in place of its own."""
    before = re.search(r'href="([^"]*?)_static/[^"]+\.css', text)
    root = before[1] if before else ""
    head, mark, body = text.partition("</head>")

    def keep_script(tag: re.Match[str]) -> str:
        path = local(page, site, tag[2])
        if path in scripts or path.name in UNUSED:
            return ""
        if "defer" in tag[0]:
            return tag[0]
        return tag[0].replace("<script", "<script defer", 1)

    setup = "\n".join(dict.fromkeys([options, *INLINE.findall(head)]))
    setup = f'document.documentElement.classList.add("js");\n{setup}'
    head = INLINE.sub("", WHOLE_STYLE.sub("", head))
    # Not where a page is opened as a file: a browser refuses to fetch a font in advance there.
    if 'class="katex' in body:
        names = json.dumps(early_fonts(body))
        setup += EARLY_FONTS.replace("ROOT", root).replace("NAMES", names)
    shared = (
        f"\n    <script>{setup}</script>"
        f'\n    <link rel="stylesheet" href="{root}_static/{style}" />'
        f'\n    <script defer src="{root}_static/{script}"></script>\n'
    )
    # The theme learns only later which scheme "auto" is: until then colors and borders would miss.
    head = head.replace("</script>", AT_ONCE + "</script>", 1) if "dataset.mode" in head else head
    title_end = head.index("</title>") + len("</title>")
    head = head[:title_end] + shared + head[title_end:]
    head = WHOLE_SCRIPT.sub(keep_script, head.replace(shared, "\0")).replace("\0", shared)
    body = WHOLE_SCRIPT.sub(keep_script, body)
    return head + mark + with_sizes(body, page)


def early_fonts(body: str) -> list[str]:
    """Return the fonts of mathematics that a page's first screen draws with.

    That is what stands before the first card, the first curve or the second heading. A large sum
    or bracket there has a font of its own.
    """
    first = FIRST_SCREEN_ENDS.split(body.partition("<article")[2], maxsplit=1)[0]
    sizes = [font for font, drawn in SIZED_FONTS.items() if drawn.search(first)]
    return ["Main-Regular", "Math-Italic", *sizes]


def with_sizes(body: str, page: Path) -> str:
    """Return the page with the size of every drawing, so that nothing moves when it arrives.

    Beside each is a link to it, for a narrow screen: there the page shows it smaller than it is.
    """
    seen = 0
    words = translate("Enlarge the figure")

    def sized(tag: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        path = page.parent / tag[1]
        if "width=" in tag[0] or not path.exists():
            return tag[0]
        opening = re.search(r"<svg\b[^>]*>", path.read_text(encoding="utf-8"))
        sides = re.findall(r'\b(width|height)="([\d.]+)(pt|px)?"', opening[0]) if opening else []
        if len(sides) != 2:
            return tag[0]
        size = " ".join(
            f'{side}="{round(float(number) * (4 / 3 if unit == "pt" else 1))}"'
            for side, number, unit in sides
        )
        late = ' loading="lazy"' if seen > 1 else ""
        image = tag[0].replace("<img", f"<img {size}{late}", 1)
        return f'{image}<a class="enlarge" href="{tag[1]}">{words}</a>'

    return IMAGE.sub(sized, body)


def setup(app: Sphinx) -> dict[str, Any]:
    """Begin when all pages are written, and work last; the sources are translated meanwhile."""
    app.connect("build-finished", start_purge, priority=600)
    app.connect("build-finished", make_lean, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
