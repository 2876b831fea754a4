"""Check what has changed, in less than a minute: ``make check``.

Changed is what differs from the branch ``main``, committed or not. `TESTS` says which tests look at
which file. When the site changes it is built, and the changed pages are opened in the browser, in
every edition; a change of what all pages share is looked at on one page of each kind. Everything
else waits for ``make test``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHAPTER = "tests/book/test_{flow,typed_numbers,formulas,prose_formulas,claims}.py"

#: A changed file, and the tests that look at it, in the shell's shorthand. All that match count.
TESTS = {
    r"lossbook/losses/(\w+)\.py": "tests/{losses/test_\\1,test_properties,book/test_formulas}.py",
    r"lossbook/(engine|batch|arguments|checks|sums|properties)\.py": (
        "tests/losses tests/test_{checks,engine,properties,sums}.py"
    ),
    r"lossbook/(\w+)\.py": "tests/test_\\1.py",
    r"(lossbook/.*\.py)": "\\1",  # the examples in its docstrings
    r"lossbook/classroom/(student|teacher)/.*": "tests/classroom/\\1",
    r"lossbook/classroom/questions/.*|chapters/.*/assignment\.ipynb": (
        "tests/classroom/student/test_banks.py"
    ),
    r"_live/.*|tools/live\.py": "tests/book/test_{live_session,figure_words}.py",
    r"(tests/.*/?test_\w+\.py)": "\\1",
    r"(chapters/.*/(?:examples|exercises)\.ipynb)": "\\1 tests/book/test_notebooks.py",
    r"chapters/.*|index\.md": CHAPTER,
}
#: What the site is made of.
SITE = r"chapters/|index\.md|locale/|lossbook/|_|references\.bib|CHANGELOG\.md|benchmarks/.*json"
#: A changed page, or its catalogue.
PAGE = r"(?:locale/\w+/LC_MESSAGES/)?((?:chapters/.*|index))\.(?:md|ipynb|po)"
#: What all pages share, and one page of each kind.
SHARED = r"_|lossbook/|locale/(?!.*/chapters/)"
KINDS = ["index", *(f"chapters/mean_squared_error/{page}" for page in ("derivation", "exercises"))]
OF_LOOKS = "tests/book/test_{published,browser}.py"
OF_WORDS = "tests/book/test_{site,translation}.py"
#: What makes the words of a page; all else is how it looks.
WORDS = r"chapters/|index\.md|locale/|lossbook/|_ext/|_templates/"
#: What a reader sees and uses, and the tests that look at it once the site is built.
SEEN = {
    r"_static/.*\.css|_templates/.*|_ext/(lean_pages\.py|purge_styles\.js)": (
        "tests/book/test_appearance.py"
    ),
    r"_static/lossbook\.js|.*/search\.(js|toml)|_ext/book_search\.py": "tests/book/test_use.py",
    r"_.*/.*curve.*": "tests/book/test_loss_curve.py",
    r"_.*/(moving|(fit|follow|move|pull|slide)_\w+|loss_steps)\.\w+": "tests/book/test_moving.py",
    r"_ext/guess\.py": "tests/book/test_guess.py",
    r"_.*/loss_parts\.\w+": "tests/book/test_loss_parts.py",
    r"_ext/quick_build\.py": "tests/book/test_quick_build.py",
}


def changed_files() -> list[str]:
    """Return the files that differ from where this branch has left ``main``."""

    def git(*arguments: str) -> list[str]:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.splitlines()

    left = [*git("merge-base", "HEAD", "origin/main"), *git("merge-base", "HEAD", "main"), "HEAD"]
    return sorted(
        {
            *git("diff", "--name-only", "--diff-filter=d", left[0]),
            *git("ls-files", "--others", "--exclude-standard"),
        }
    )


def spread(shorthand: str) -> list[str]:
    """Return the paths of a shorthand.

    >>> spread("tests/test_{sums,checks}.py lossbook/sums.py")
    ['tests/test_sums.py', 'tests/test_checks.py', 'lossbook/sums.py']
    """
    paths = []
    for word in shorthand.split():
        before, _, rest = word.partition("{")
        inner, _, after = rest.partition("}")
        paths += [before + name + after for name in inner.split(",")]
    return paths


def checks_of(changed: Iterable[str]) -> list[str]:
    """Return what pytest is to run for these files, without the site."""
    return [path for path in looked_up(TESTS, changed) if (ROOT / path).exists()]


def looked_up(table: dict[str, str], changed: Iterable[str]) -> list[str]:
    """Return the tests that a table names for these files, each once."""
    found = [
        path
        for file in changed
        for pattern, tests in table.items()
        if (match := re.fullmatch(pattern, file))
        for path in spread(match.expand(tests))
    ]
    return list(dict.fromkeys(found))


def pages_of(changed: Iterable[str]) -> list[str]:
    """Return the pages to be looked at, without an ending."""
    found = []
    for file in changed:
        if match := re.fullmatch(PAGE, file):
            found.append(match[1])
        elif re.match(SHARED, file):
            found += KINDS
    return list(dict.fromkeys(found))


def names_of(page: str) -> list[str]:
    """Return how the names of the tests of a page begin in their brackets, in every edition."""
    others = [path.name for path in (ROOT / "locale").iterdir() if path.is_dir()]
    editions = ["", *(f"{other}{mark}" for other in others for mark in "/-")]
    return [f"[{edition}{page}.html" for edition in editions]


def steps_for(changed: list[str]) -> dict[str, list[str]]:
    """Return the commands to be run, in their order, by what they do."""
    python, pytest = str(BIN / "python"), [str(BIN / "pytest"), "-q", "-n", "auto"]
    steps = {
        "style": [str(BIN / "ruff"), "check", "--quiet", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    }
    if any(re.match(r"lossbook/.*\.py", file) for file in changed):
        steps["types"] = [str(BIN / "mypy")]
    if tests := checks_of(changed):
        steps["tests"] = [*pytest, "--nbval", "--doctest-modules", *tests]
    if any(re.match(SITE, file) for file in changed):
        steps["the site"] = [python, "tools/book.py"]
        names = [name for page in pages_of(changed) for name in names_of(page)]
        tests = spread(OF_LOOKS)
        if any(re.match(WORDS, file) for file in changed):
            names, tests = [*names, "catalogue"], [*tests, *spread(OF_WORDS)]
        steps["its pages and catalogues"] = [*pytest, *tests, "-k", " or ".join(names)]
        if seen := looked_up(SEEN, changed):
            steps["what a reader sees"] = [*pytest, *seen]
    return steps


def main() -> int:
    """Run every step, say what failed, and return the exit status."""
    changed = changed_files()
    print(f"{len(changed)} changed files")
    failed, start = [], time.monotonic()
    for name, command in steps_for(changed).items():
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - begun
        print(f"{'failed' if done.returncode else 'passed'} in {seconds:4.1f} s: {name}")
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, file=sys.stderr)
            if name == "the site":
                break  # what follows would look at a site that is not there
    print(f"{time.monotonic() - start:.0f} s. Everything else: make test")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
