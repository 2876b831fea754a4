"""Build every edition of the book, side by side, into one site: ``make book``.

With ``--live`` the cells run in the page, by what ``tools/live.py`` makes: ``make live``.

The English edition goes to ``_build/html``, and that of each folder of ``locale/`` to a folder of
its own in there. Everything is built anew: Sphinx shows the warnings of a page only when it reads
it, and a page that is left over would be published. How long it took goes to ``_build/book.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import live

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from languages import languages

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")


def start(language: str, folder: Path, runs: bool) -> subprocess.Popen[str]:
    """Start the build of an edition; a warning makes it fail."""
    strict = ["-W", "--keep-going", "-n"]
    return subprocess.Popen(
        [JUPYTER_BOOK, "build", str(ROOT), "--path-output", str(folder), *strict],
        env={**os.environ, "BOOK_LANGUAGE": language, "BOOK_LIVE": "1" if runs else ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def share_figures(site: Path, edition: Path) -> None:
    """Let the pages of an edition show the figures of the first one, where they are the same."""
    same = {
        figure.name
        for figure in (edition / "_images").iterdir()
        if (first := site / "_images" / figure.name).exists()
        and first.read_bytes() == figure.read_bytes()
    }

    def shared(address: re.Match[str]) -> str:
        return f"{address[1]}../{address[2]}" if address[3] in same else address[0]

    for page in edition.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        own = re.sub(r'((?:src|href)="(?:\.\./)*)(_images/([^"]+))', shared, text)
        if own != text:
            page.write_text(own, encoding="utf-8")
    for name in same:
        (edition / "_images" / name).unlink()


def main() -> int:
    """Build all, put them together, and return the exit status."""
    begun = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="let the cells run in the page")
    runs = parser.parse_args().live
    if runs:
        try:
            live.make()
        except live.UnavailableError as reason:
            print(f"The cells cannot run in the page. {reason}", file=sys.stderr)
            return 1
    others = languages()
    editions = {"en": ROOT} | {language: BUILD / "editions" / language for language in others}
    for name in (".doctrees", "html", "jupyter_execute", "editions"):
        shutil.rmtree(BUILD / name, ignore_errors=True)
    running = {language: start(language, folder, runs) for language, folder in editions.items()}
    failed = False
    for language, build in running.items():
        _, complaints = build.communicate()
        if build.returncode:
            failed = True
            print(f"The edition {language!r} could not be built:\n{complaints}", file=sys.stderr)
    if failed:
        return 1
    for language in others:
        shutil.move(editions[language] / "_build" / "html", BUILD / "html" / language)
        share_figures(BUILD / "html", BUILD / "html" / language)
    if runs:
        live.add(BUILD / "html")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = {
        "seconds": round(time.monotonic() - begun, 1),
        "work": round(used.ru_utime + used.ru_stime, 1),
        "pages": sum(1 for _ in (BUILD / "html").glob("**/chapters/**/*.html")),
    }
    (BUILD / "book.json").write_text(json.dumps(took) + "\n")
    print(f"The book is in {(BUILD / 'html').as_uri()}/index.html ({took['seconds']:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
