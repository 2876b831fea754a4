"""What the build leaves out to be quick changes nothing of what comes out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.translation import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
#: A chapter and its pages: titles and terms to translate, exercises, a notebook with figures.
PAGES = ("glossary.md", "mean_squared_error/exercises.ipynb", "training/examples.ipynb")


def start(book: Path, *, quick: bool) -> subprocess.Popen[str]:
    """Start to build a translation of a few pages."""
    book.mkdir()
    for name in ("_ext", "_static", "_templates", "locale", "references.bib", "node_modules"):
        (book / name).symlink_to(ROOT / name)
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in settings if quick or not re.search("quick_(build|contents)", line)]
    assert len(settings) - len(kept) == (0 if quick else 4)
    (book / "_config.yml").write_text("".join(kept), encoding="utf-8")
    for page in PAGES:
        (book / "chapters" / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "chapters" / page, book / "chapters" / page)
    (book / "index.md").write_text("# Loss functions, to the last digit\n\nA part of the book.\n")
    first, *rest = PAGES
    listed = "".join(f"  - file: chapters/{page}\n" for page in rest)
    listed = f"chapters:\n- file: chapters/{first}\n  sections:\n{listed}"
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\n{listed}")
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("jupyter-book")), "build", str(book), "--quiet"],
        env={**os.environ, "BOOK_LANGUAGE": LANGUAGES[0]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_quick_build_gives_the_files_of_a_slow_one(tmp_path: Path) -> None:
    if not LANGUAGES:
        pytest.skip("the book has no translation")
    # One is built beside the other, at the same depth, so that no path differs in its length.
    books = {quick: tmp_path / f"book{int(quick)}" for quick in (False, True)}
    running = {quick: start(book, quick=quick) for quick, book in books.items()}
    for build in running.values():
        output, _ = build.communicate()
        assert build.returncode == 0, output[-2000:]
    files = {quick: contents(book / "_build" / "html") for quick, book in books.items()}
    assert len(files[True]) > 50
    assert [path for path in files[False] if files[True].get(path) != files[False][path]] == []
    assert files[True].keys() == files[False].keys()


def contents(site: Path) -> dict[str, bytes]:
    """Return every file of a site, other than what names the folder or the time of the build."""
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name not in (".buildinfo", "objects.inv")
    }
