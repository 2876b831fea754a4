"""Every command on the teachers' pages, typed as it stands, by somebody who has nothing yet."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from lossbook.classroom.teacher.archives import Submissions
from lossbook.classroom.teacher.collect import collect
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.roster import Student, read_roster
from lossbook.classroom.teacher.sandbox import fault

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "chapters" / "teaching"
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
needs_sandbox = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)
#: What `make setup` installs is here already, and newer than the files that say what it is.
IS_SET_UP = f"""
ln -s {shlex.quote(str(ROOT))}/.venv {shlex.quote(str(ROOT))}/node_modules .
find . -maxdepth 1 -type f -exec touch -d 2000-01-01 {{}} +
"""
#: What students hand in between the release and the day on which it is collected.
HAND_IN = """
mkdir handed_in
cp solved/mean_squared_error.ipynb handed_in/ada.ipynb
cp student/mean_squared_error.ipynb "handed_in/Carl Friedrich Gauss (1).ipynb"
"""
#: What stands in a page's sentences and not in a block: the files made so far are given back.
AND_THEN = """
python -m lossbook.classroom grade handed_in/ \\
    --assignment mean_squared_error --roster roster.csv \\
    --seed 20261123 --out results/ --rules rules.toml --owners collected.csv
"""


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the language and the text of each block of code of a page, in their order."""
    return blocks_in((PAGES / f"{page}.md").read_text(encoding="utf-8"))


def blocks_in(text: str) -> list[tuple[str, str]]:
    """Return the same of a text; blocks in a list are indented."""
    found = re.findall(r"^( *)```(\w+)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [(kind, re.sub(rf"(?m)^{indent}", "", code)) for indent, kind, code in found]


def commands_of(readme: str) -> str:
    """Return the commands for a class that a README has, without their indentation."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^    (python -m lossbook\.classroom.*|    --.*)$", text)
    return "\n".join(lines) + "\n"


def as_a_repository(folder: Path) -> Path:
    """Make a repository of what is in this one now, committed or not."""
    git = ["git", "-C", str(ROOT)]
    listed = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True).stdout.split(b"\0")
    for name in map(os.fsdecode, filter(None, names)):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "--all"], [*who, "commit", "-q", "-m", "All of it"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder


def typed(script: str, folder: Path, language: str = "en_US.UTF-8") -> str:
    """Type commands into a shell until one fails; return what is to be read then."""
    clean = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": language}
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=clean, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_sandbox
def test_all_commands_of_the_pages_work_as_they_stand(tmp_path: Path) -> None:
    repository = as_a_repository(tmp_path / "repository")
    script = ""
    for kind, text in blocks("running_assignments") + blocks("writing_your_own"):
        if "git clone" in text:
            clone, rest = text.split("\n", 1)
            script += clone.replace("REPOSITORY", str(repository)) + IS_SET_UP + rest
        elif "http.server" in text:
            continue  # typed below: it never ends
        elif kind == "bash":
            script += (HAND_IN if "collect handed_in" in text else "") + text
        elif kind in ("text", "toml"):
            name = "roster.csv" if kind == "text" else "rules.toml"
            script += f"cat > {name} <<'END'\n{text}END\n"
            script += AND_THEN if kind == "toml" else ""
        else:
            assert (kind, text) == ("python", 'check("q2", globals())\n')
    # The README has the same in short, in the language of the teacher's computer.
    script += "rm -r results student\nexport LANG=ko_KR.UTF-8\n" + commands_of("README.ko.md")
    out = typed(script, tmp_path)
    assert commands_of("README.ko.md") == commands_of("README.md")

    folder = tmp_path / "lossbook"
    assert "2 of 2 have handed in; without an owner: 0" in out
    assert " passed" in out
    solved = {path.name for path in (folder / "solved").iterdir()}
    assert len(solved) > 5
    student = {path.name for path in (folder / "student").glob("*.ipynb")}
    assert student == solved | {"poisson_loss.ipynb"}
    assert len(list((folder / "student").glob("*.whl"))) == 1
    with (folder / "results" / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["ada", "carl"]
    assert float(rows[0]["score"]) > 10 > float(rows[1]["score"])
    assert 'lang="ko"' in (folder / "results" / "feedback" / "ada.html").read_text("utf-8")
    # Of all this, git would publish the new assignment, and nothing that belongs to the class.
    status = typed("git status --porcelain --untracked-files=all", folder).split()
    new = {name for name in status if name != "??"} - {".venv", "node_modules"}
    assert all("poisson_loss" in name for name in new), new
    assert len(new) == 3


def test_no_page_has_commands_that_nobody_types() -> None:
    found = {page.stem for page in PAGES.glob("*.md") if "bash" in dict(blocks(page.stem))}
    assert found == {"running_assignments", "writing_your_own"}


def test_git_ignores_every_file_of_a_class_that_the_pages_name() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.md"))
    names = set(re.findall(r"[\w./-]*\w\.(?:csv|xls|toml|zip)\b", text))
    typed_in = "".join(text for kind, text in blocks("running_assignments") if kind == "bash")
    names |= set(re.findall(r"(?m) ([a-z_]+/)(?= |$)", typed_in))
    assert {"roster.csv", "handed_in/", "rules.toml", "worksheet.csv", "download.xls"} <= names
    command = ["git", "-C", str(ROOT), "check-ignore", *names]
    ignored = subprocess.run(command, capture_output=True, text=True).stdout.split()
    assert names - set(ignored) == set()


def test_the_site_is_served_from_one_computer_by_the_commands_of_the_page(tmp_path: Path) -> None:
    (text,) = (text for _, text in blocks("running_assignments") if "http.server" in text)
    unpack, serve = text.splitlines()
    with zipfile.ZipFile(tmp_path / "lossbook.zip", "w") as packed:
        packed.writestr("lossbook/index.html", "the book")
    typed(unpack, tmp_path)
    command = serve.replace("8000", "0").split()
    assert command[0] == "python"
    assert command != serve.split()
    with subprocess.Popen(
        [sys.executable, "-u", *command[1:]], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = re.findall(r"port (\d+)", server.stdout.readline())[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{address}/") as page:
            assert page.read() == b"the book"
        server.terminate()


# --- what each platform's files look like ---------------------------------------------------------

SECTIONS = dict(
    part.split("\n", 1)
    for part in (PAGES / "platforms.md").read_text(encoding="utf-8").split("\n## ")[1:]
)
#: Which of them have a file of grades that is filled, and by what a file is recognised with it.
FILLED = {"Moodle": "Moodle's number", "Canvas": "Canvas's number", "Blackboard": "the username"}


def roster_of_the_page(folder: Path) -> list[Student]:
    """Return the class that the page shows."""
    (folder / "roster.csv").write_text(blocks("platforms")[0][1], encoding="utf-8")
    return read_roster(folder / "roster.csv")


def laid_out(tree: str, folder: Path, words: str) -> list[str]:
    """Make the files of a tree, in which a folder ends in / and holds what is indented below it."""
    above: list[tuple[int, str]] = []
    made = []
    folder.mkdir()
    for line in tree.splitlines():
        name = line.strip()
        depth = len(line) - len(line.lstrip())
        above = [entry for entry in above if entry[0] < depth]
        path = "".join(part for _, part in above) + name
        if name.endswith("/"):
            above.append((depth, name))
            (folder / path).mkdir(parents=True, exist_ok=True)
            continue
        (folder / path).write_text(words, encoding="utf-8")
        if name.endswith(".ipynb"):
            made.append(path)
    return made


def is_table(text: str) -> bool:
    """Return whether a block shows lines of a table and not names of files."""
    return "," in text.partition("\n")[0] and ".ipynb" not in text


@pytest.mark.parametrize("name", SECTIONS)
def test_what_a_platform_s_files_look_like_is_what_is_collected(name: str, tmp_path: Path) -> None:
    shown = blocks_in(SECTIONS[name])
    (tree,) = (text for kind, text in shown if kind == "text" and not is_table(text))
    tables = [text for kind, text in shown if kind == "text" and is_table(text)]
    lists = [text for kind, text in shown if kind == "yaml"]
    assert len(shown) == 1 + len(tables) + len(lists)
    assert [bool(tables), bool(lists)] == [name in FILLED, name == "Gradescope"]

    roster = roster_of_the_page(tmp_path)
    files = laid_out(tree, tmp_path / "in", words="a notebook")
    for path in (tmp_path / "in").rglob("submission_metadata.yml"):
        path.write_text(lists[0], encoding="utf-8")
    book = None
    if tables:
        (tmp_path / "book.csv").write_text(tables[0], encoding="utf-8")
        book = Gradebook(tmp_path / "book.csv")
    with Submissions(tmp_path / "in") as submissions:
        found = collect(submissions, roster, lambda path: True, book)
        handed = {who: submissions.shown(one.path) for who, one in found.handed.items() if one.path}
    counted = [file for file in files if name != "Teams" or file != files[-2]]  # an older version
    assert handed == dict(zip(["ada", "carl"], counted, strict=True))
    assert [one.path.name for one in found.unknown if one.path.suffix != ".html"] == []
    if book is not None:
        assert {one.by for one in found.handed.values()} == {FILLED[name]}
        data = book.filled("HW 1", roster, {"ada": 17.5, "carl": 3.0}, {}, {}).data.decode()
        before = tables[0].splitlines()
        changed = {b: a for b, a in zip(before, data.splitlines(), strict=True) if a != b}
        assert ["17.5" in line for line in changed.values()] == [True, False]
