"""Every command on the teachers' pages, typed as it stands, by somebody who has nothing yet."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

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
ln -s {ROOT}/.venv {ROOT}/node_modules .
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
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


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
    others = [page for page in PAGES.glob("*.md") if blocks(page.stem)]
    assert {page.stem for page in others} == {"running_assignments", "writing_your_own"}


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
