"""The house is in order: four rooms for each loss, and pins that keep what the package promises."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

import lossbook

ROOT = Path(__file__).resolve().parents[1]
NAMES = [loss.name for loss in lossbook.LOSSES]
CHAPTERS = {loss.chapter for loss in lossbook.LOSSES}  # one may explain several losses


def listed(entry: Any) -> list[str]:
    """Return the pages that a part of the table of contents names, in order."""
    if isinstance(entry, list):
        return [page for part in entry for page in listed(part)]
    own = [entry["file"]] if "file" in entry else []
    return own + [
        page for key in ("parts", "chapters", "sections") for page in listed(entry.get(key, []))
    ]


@pytest.fixture(scope="module")
def contents() -> list[str]:
    """Return all pages of the book, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *listed(toc)]


#: The chapters that a loss of the package still waits for.
TO_COME: set[str] = set()


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_has_its_rooms_in_the_package_and_in_the_tests(name: str) -> None:
    assert (ROOT / "lossbook" / "losses" / f"{name}.py").exists()
    assert (ROOT / "tests" / "losses" / f"test_{name}.py").exists()
    assert getattr(lossbook, name).name == name


@pytest.mark.parametrize("chapter", sorted(CHAPTERS - TO_COME))
def test_a_chapter_of_losses_is_whole(chapter: str) -> None:
    for page in ("derivation.md", "examples.ipynb", "exercises.ipynb"):
        assert (ROOT / "chapters" / chapter / page).exists()


def test_a_chapter_that_has_come_is_no_longer_waited_for() -> None:
    assert TO_COME <= CHAPTERS
    assert [name for name in TO_COME if (ROOT / "chapters" / name).exists()] == []


def test_every_module_of_the_losses_is_one_of_the_book_s_losses() -> None:
    modules = {path.stem for path in (ROOT / "lossbook" / "losses").glob("[!_]*.py")}
    # A correlation has no per-sample losses, so it is no member of LOSSES; its rooms are the same.
    assert modules == {*NAMES, "pearson_correlation"}


def test_the_losses_stand_in_the_order_of_the_book(contents: list[str]) -> None:
    chapters = [loss.chapter for loss in lossbook.LOSSES if loss.chapter not in TO_COME]
    places = [contents.index(f"chapters/{name}/derivation") for name in chapters]
    assert places == sorted(places)


def test_every_page_is_listed_and_every_listed_page_exists(contents: list[str]) -> None:
    for page in contents:
        assert (ROOT / f"{page}.md").exists() or (ROOT / f"{page}.ipynb").exists(), page
    pages = [*(ROOT / "chapters").rglob("*.md"), *(ROOT / "chapters").rglob("*.ipynb")]
    own = {
        str(path.relative_to(ROOT).with_suffix(""))
        for path in pages
        if path.name != "assignment.ipynb" and ".ipynb_checkpoints" not in path.parts
    }
    assert own <= set(contents), f"not in _toc.yml: {sorted(own - set(contents))}"
    assert len(contents) == len(set(contents))


def test_the_search_has_other_names_for_pages_of_the_book_alone(contents: list[str]) -> None:
    for path in [ROOT / "chapters" / "search.toml", *ROOT.glob("locale/*/search.toml")]:
        named = tomllib.loads(path.read_text(encoding="utf-8"))["names"]
        assert named
        assert [page for page in named if f"chapters/{page}" not in contents] == [], path


def test_the_package_needs_numpy_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [Requirement(text).name for text in project["dependencies"]] == ["numpy"]


def test_the_pins_lie_in_the_ranges_that_the_project_asks_for() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(
            text
            for group in project["dependency-groups"].values()
            for text in group
            if isinstance(text, str)
        ),
    ]
    for requirement in map(Requirement, asked):
        assert requirement.name in pins, f"{requirement} is not pinned: make pins"
        assert requirement.specifier.contains(pins[requirement.name]), f"{requirement}: make pins"


def test_the_pins_name_no_registry_and_carry_hashes() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "http" not in text
    assert "--hash=sha256:" in text
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_file_of_the_project_is_a_link() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: what belongs to the project is not known")
    command = ["git", "-C", str(ROOT), "ls-files", "--stage"]
    files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(files) > 500
    links = [file for file in files if file.startswith("120000")]
    assert not links, f"they lead somewhere else on another computer: {links}"


def test_a_clone_that_wants_the_line_ends_of_windows_has_the_same_bytes(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the repository is no clone")

    def git(*command: str) -> str:
        done = subprocess.run(["git", *command], capture_output=True, text=True, check=True)
        return done.stdout

    clone = str(tmp_path / "clone")
    git("clone", "--quiet", "--config", "core.autocrlf=true", str(ROOT), clone)
    # One line a file, such as "i/lf w/crlf attr/ README.md": as it is stored, as it is here.
    files = git("-C", clone, "ls-files", "--eol").splitlines()
    assert len(files) > 100
    assert [line for line in files if line.split()[0][2:] != line.split()[1][2:]] == []
