"""What a teacher's spreadsheets and folders hold is read, and what is wrong with them is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.student import messages
from lossbook.classroom.student.messages import use_language
from lossbook.classroom.teacher.manual import Mark, Marks, apply_marks
from lossbook.classroom.teacher.roster import Student, read_roster
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
        ("번호,성\n1,김\n", "has the columns 번호, 성; expected id"),
        ("id,name\n123.0,Ada\n", "line 2: id is '123.0', of which a program has made a number"),
        ("id,name\n2.02E+09,Ada\n", "'2.02E.09', of which a program has .* import the ids as text"),
        ("", "has the columns -; expected id"),
        ("id,name\nada,Lovelace, Ada\n", "line 2: there are more entries than columns"),
        ("id,name\nada,Ada\n\n,Nameless\n", "line 4: id is ''"),
        ('id,name\nada,"Ada\nbob,Bob"\n', "line 2: an entry goes over several lines"),
    ],
)
def test_what_is_wrong_with_a_roster_is_told_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    use_language("en")
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n00123,김하늘\n",
        "학번;이름;이메일;조\n00123;김하늘;;\n",
        "sep=;\r\nid;name\r\n00123;김하늘\r\n",
        "\ufeff\ufeffid,name\n00123,김하늘\n",  # a mark that two programs have written
        "id\u200b,name\n\u200e00123\u200b,김하늘\n",  # copied from a page or a chat
        "id,name\n\u00a000123 ,김하늘\n",
        "id,name\n'00123,김하늘\n",  # how a spreadsheet is told that this is text
        'id,name\n"=""00123""",김하늘\n',  # how Canvas tells it
    ],
)
def test_an_id_is_what_is_to_be_seen_of_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8", newline="")
    assert read_roster(tmp_path / "roster.csv") == [Student("00123", "김하늘")]


def test_a_stray_quotation_mark_swallows_nobody(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text('id,name\n1,"Ada\n2,Bob "B"\n3,"Carl, F."\n4,Di\n')
    names = [student.name for student in read_roster(tmp_path / "roster.csv")]
    assert names == ['"Ada', 'Bob "B"', "Carl, F.", "Di"]


@pytest.mark.parametrize("written", ["", "YOUR ANSWER HERE\n", None])
def test_an_answer_that_nobody_wrote_counts_0_until_it_has_points(written: str | None) -> None:
    if written is None:
        cells = Source.find("training", ROOT / "chapters").released("ko")["cells"]
        written = next(
            "".join(cell["source"])
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "q10"
        )
        assert "YOUR" not in written

    def marked(answer: str, points: str) -> dict[str, Any]:
        question = {"points": 3.0, "score": None, "answer": answer}
        result = {"student": "ada", "questions": {"q7": question}}
        apply_marks(Marks(by_name={("ada", "q7"): [Mark(points)]}), [result])
        return question

    assert marked(written, "")["score"] == 0
    assert [found["name"] for found in marked(written, "")["diagnoses"]] == ["unfinished"]
    assert marked(written, "1")["score"] == 1
    assert marked(f"The minimum stays. {written}", "")["score"] is None


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
