"""What a teacher's spreadsheets and folders hold is read, and what is wrong with them is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student import messages
from lossbook.classroom.student.messages import use_language
from lossbook.classroom.teacher.export import write_canvas
from lossbook.classroom.teacher.manual import apply_marks
from lossbook.classroom.teacher.roster import Student, find_submissions, read_roster
from lossbook.classroom.teacher.source import Source

ROOT = Path(__file__).resolve().parents[3]
STUDENTS = [Student("ada", "Ada Lovelace", "ada@example.org"), Student("2026001", "김하늘")]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_roster_is_read_as_a_spreadsheet_writes_it(
    tmp_path: Path, mark: bytes, separator: str, end: str
) -> None:
    rows = [
        ["ID", "Name", "Email"],
        ["ada", "Ada Lovelace", "ada@example.org"],
        ["2026001", "김하늘", ""],
        ["", "", ""],
    ]
    text = "".join(separator.join(row) + end for row in rows)
    (tmp_path / "roster.csv").write_bytes(mark + text.encode())
    assert read_roster(tmp_path / "roster.csv") == STUDENTS


@pytest.mark.parametrize(
    "text, told",
    [
        ("학번,이름\n1,김하늘\n", "has the columns 학번, 이름; expected id"),
        ("", "has the columns -; expected id"),
        ("id,name\nada,Lovelace, Ada\n", "line 2: there are more entries than columns"),
        ("id,name\nada,Ada\n\n,Nameless\n", "line 4: id is ''"),
    ],
)
def test_what_is_wrong_with_a_roster_is_told_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    use_language("en")
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_roster(tmp_path / "roster.csv")


def test_submissions_are_found_as_moodle_canvas_and_people_name_them(tmp_path: Path) -> None:
    names = {
        "ada.ipynb": "ada",
        "Ada Lovelace_12_assignsubmission_file/work.ipynb": "ada",
        "ada_34_56_work-1.ipynb": "ada",
        "김하늘_40123_assignsubmission_file/과제.ipynb": "2026001",
        "2026001/.ipynb_checkpoints/work.ipynb": "",
        "work (1).ipynb": "",
    }
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    found = find_submissions(tmp_path, STUDENTS)
    for student in STUDENTS:
        mine = [tmp_path / name for name, owner in names.items() if owner == student.id]
        assert sorted(found.notebooks[student.id]) == sorted(mine)
    assert found.unmatched == [tmp_path / "work (1).ipynb"]


def test_a_folder_without_a_notebook_was_handed_in_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "essay.docx").write_text("")
    (tmp_path / "2026001").mkdir()
    assert find_submissions(tmp_path, STUDENTS).notebooks == {
        "ada": [tmp_path / "ada" / "essay.docx"],
        "2026001": [],
    }


@pytest.mark.parametrize("written", ["", "YOUR ANSWER HERE\n", None])
def test_an_answer_that_nobody_wrote_counts_0_until_it_has_points(written: str | None) -> None:
    if written is None:
        cells = Source.find("training", ROOT / "chapters").released("ko")["cells"]
        written = "".join(cells[-1]["source"])
        assert "YOUR" not in written

    def marked(answer: str, points: str) -> dict[str, Any]:
        question = {"points": 3.0, "score": None, "answer": answer}
        result = {"student": "ada", "questions": {"q7": question}}
        apply_marks({("ada", "q7"): (points, "")}, [result])
        return question

    assert marked(written, "")["score"] == 0
    assert [found["name"] for found in marked(written, "")["diagnoses"]] == ["unfinished"]
    assert marked(written, "1")["score"] == 1
    assert marked(f"The minimum stays. {written}", "")["score"] is None


@pytest.mark.parametrize("data", ["Student,ID\nGauß,1\n".encode("cp1252"), None])
def test_a_gradebook_that_cannot_be_read_is_told(tmp_path: Path, data: bytes | None) -> None:
    use_language("en")
    if data is not None:
        (tmp_path / "canvas.csv").write_bytes(data)
    with pytest.raises(ValueError, match="cannot be read" if data is None else "CSV UTF-8"):
        write_canvas(tmp_path / "out.csv", tmp_path / "canvas.csv", "A", [], [])


@pytest.mark.parametrize(
    "language, told", [("en", "may you write to it"), ("ko", "쓸 권한이 있나요")]
)
def test_a_folder_that_cannot_be_written_is_told(
    capsys: pytest.CaptureFixture[str], language: str, told: str
) -> None:
    release = ["release", "/proc/nowhere", "--language", language]
    assert cli.main([*release, "--book", str(ROOT / "chapters")]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "Errno" not in error


def test_a_file_in_the_place_of_the_notebooks_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    release = ["release", str(tmp_path / "file"), "--language", "en"]
    assert cli.main([*release, "--book", str(ROOT / "chapters")]) == 1
    assert "DIR is" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_language_that_there_is_not_is_told_in_the_reader_s(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "ko")
    messages._find.cache_clear()
    use_language()
    assert cli.main(["release", "nowhere", "--language", "xx"]) == 1
    assert "다음 중 하나여야 합니다: en, ko" in capsys.readouterr().err
    messages._find.cache_clear()
    use_language("en")
