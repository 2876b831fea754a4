"""A platform's own file of grades is filled, and nothing else in it is changed."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from lossbook.classroom.student.messages import use_language
from lossbook.classroom.teacher.export import write_feedback_zip
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.roster import Student

CLASS = [
    Student("00123", "José Núñez", "jose@example.org", "jnunez"),
    Student("00124", "Kate O'Brien", "kate@example.org", "kobrien"),
    Student("00125", "김하늘", "sky@example.org", "kim_ha"),
    Student("00126", "Min Lee", "min1@example.org", "minlee"),
    Student("00127", "Min Lee", "min2@example.org", "ha"),
    Student("00128", "Ada Lovelace", "ada@example.org", "ada"),
]
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,HW 1 (98765),HW 10 (4),Final Score\r\n"
    "    Points Possible,,,,,,20,10,(read only)\r\n"
    '"Núñez, José",901,00123,jose@example.org,A,@home,,7,-\r\n'
    '"O\'Brien, Kate",902,,KATE@example.org,A,"=1+1",EX,-,42x\r\n'
    "김하늘,903,00125,,A,,N/A,,\r\n"
    '"Lee, Min",904,00126,,A,"1,5",3.5,,\r\n'
    '"Lee, Min",905,,min2@example.org,"A and ""B""",\'tis,,8,\r\n'
    "Nobody Here,906,x,,A,,5,,\r\n"
    "Student,Test,907,,A,,,,\r\n"
)


def filled(
    tmp_path: Path,
    data: bytes,
    scores: dict[str, float],
    column: str | None = "HW 1",
    before: dict[str, float] | None = None,
    feedback: dict[str, str] | None = None,
) -> tuple[bytes, list[str], list[str]]:
    use_language("en")
    (tmp_path / "book.csv").write_bytes(data)
    done = Gradebook(tmp_path / "book.csv").filled(
        column, CLASS, scores, feedback or {}, before or {}
    )
    return done.data, done.absent, done.kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_canvas_gets_its_file_back_with_the_free_cells_filled(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = CANVAS
    if separator == ";":  # only the commas between cells
        text = text.replace(",", ";").replace('"Núñez; José"', '"Núñez, José"')
        text = text.replace("; Min", ", Min").replace("; Kate", ", Kate").replace('"1;5"', '"1,5"')
    scores = {s.id: 17.25 for s in CLASS}
    data, absent, kept = filled(tmp_path, text.encode(encoding), scores)
    number = "17,25" if separator == ";" else "17.25"
    jose, min2 = f"A{separator}@home{separator}", f"'tis{separator}"
    expected = text.replace(jose, jose + number).replace(min2, min2 + number)
    assert data.decode(encoding) == expected
    assert (absent, kept) == (["00128"], ["00124", "00125", "00126"])


def test_of_two_rows_for_one_student_none_is_filled(tmp_path: Path) -> None:
    text = CANVAS + "Again,999,00123,,A,,,,\r\n"
    data, absent, _ = filled(tmp_path, text.encode(), {"00123": 5.0})
    assert data == text.encode()
    assert "00123" in absent


def test_whoever_has_no_grade_keeps_an_empty_cell(tmp_path: Path) -> None:
    assert filled(tmp_path, CANVAS.encode(), {})[0] == CANVAS.encode()


def test_our_own_earlier_score_is_replaced_and_another_s_is_not(tmp_path: Path) -> None:
    scores = {"00126": 9.0}
    data, _, kept = filled(tmp_path, CANVAS.encode(), scores, before={"00126": 3.5})
    assert data == CANVAS.replace("3.5", "9").encode()
    data, _, kept = filled(tmp_path, CANVAS.encode(), scores, before={"00126": 3.0})
    assert (data, kept) == (CANVAS.encode(), ["00126"])


@pytest.mark.parametrize("column", ["HW", "HW 1 (", "Nothing", None, "hw 1"])
def test_a_column_that_is_not_one_is_told(tmp_path: Path, column: str | None) -> None:
    with pytest.raises(ValueError, match="expected the name of one column"):
        filled(tmp_path, CANVAS.encode(), {}, column)


def test_a_random_table_is_changed_in_its_column_only(tmp_path: Path) -> None:
    rng = random.Random(20261127)
    pieces = ['"a ""b"" c"', "-", "@x", "=1", "'", " ", "42x", '"line\nline"', "한글", "x\\"]
    for _ in range(40):
        end = rng.choice(["\n", "\r\n"])
        lines = ["Student,ID,SIS User ID,Section,A,HW 1 (7),B"]
        free = []
        for number, student in enumerate(CLASS):
            a, b = (rng.choice(pieces) for _ in range(2))
            cell = rng.choice(["", "EX", "3"])
            lines.append(f"x,{number},{student.id},{rng.choice(pieces[:3])},{a},{cell},{b}")
            free.append(cell == "")
        text = end.join(lines) + rng.choice(["", end])
        data, _, _ = filled(tmp_path, text.encode(), {s.id: 12.5 for s in CLASS})
        assert data.decode().replace(",12.5,", ",,") == text
        assert data.decode().count(",12.5,") == sum(free)


MOODLE = (
    "\ufeff{word},Full name,ID number,Email address,Status,Grade,Maximum grade,"
    "Grade can be changed,Last modified (grade),Feedback comments\n"
    '"Participant 1234501","José Núñez",00123,,"Submitted for grading",,20,Yes,-,\n'
    '"Teilnehmer/in1234502",Kate OBrien,,kate@example.org,-,"11.00",20,Yes,"26 Nov",old\n'
    "Participant 77,김하늘,00125,,-,,20,No,-,\n"
    "Participant 78,Min Lee,,,-,,20,Yes,-,\n"
)


@pytest.mark.parametrize("word", ["Identifier", "식별자"])
def test_moodle_s_worksheet_keeps_every_column_but_grade_and_comment(
    tmp_path: Path, word: str
) -> None:
    text = MOODLE.format(word=word)
    words = {"00123": 'a\\b "q" <i>\nx, y', "00124": "new"}
    scores = {s.id: 17.5 for s in CLASS}
    data, absent, kept = filled(tmp_path, text.encode(), scores, None, feedback=words)
    expected = text.replace(
        '"Submitted for grading",,20,Yes,-,',
        '"Submitted for grading",17.5,20,Yes,-,"a&#92;b ""q"" &lt;i&gt;<br>x, y"',
    )
    assert data.decode() == expected
    assert kept == ["00124", "00125"]
    assert absent == ["00126", "00127", "00128"]  # of two with one name nobody is guessed


def test_a_score_that_moodle_would_skip_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Moodle takes at most 20"):
        filled(tmp_path, MOODLE.format(word="Identifier").encode(), {"00123": 21.0}, None)


def test_feedback_goes_back_to_moodle_by_its_numbers(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(MOODLE.format(word="Identifier"), encoding="utf-8")
    (tmp_path / "feedback").mkdir()
    for student in CLASS:
        (tmp_path / "feedback" / f"{student.id}.html").write_text(student.id)
    gradebook = Gradebook(tmp_path / "book.csv")
    write_feedback_zip(tmp_path / "out.zip", tmp_path / "feedback", gradebook, CLASS)
    with zipfile.ZipFile(tmp_path / "out.zip") as file:
        found = {name: file.read(name).decode() for name in file.namelist()}
    place = "feedback_{}_assignfeedback_file/feedback.html"
    assert found == {
        place.format("1234501"): "00123",
        place.format("1234502"): "00124",
        place.format("77"): "00125",
    }


def test_blackboard_s_download_keeps_its_tabs_and_its_encoding(tmp_path: Path) -> None:
    text = (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t'
        '"HW 1 [Total Pts: 100 Score] |12345"\t"Grading Notes"\t"Feedback to Learner"\n'
        '"Núñez"\t"José"\t"jnunez"\t""\t""\t""\t""\n'
        '"O\'Brien"\t"Kate"\t"kobrien"\t"124"\t"Needs Grading"\t"x"\t""\n'
        '"Lee"\t"Min"\t"ha"\t""\t"55.0"\t""\t""\n'
    )
    scores = {s.id: 17.5 for s in CLASS}
    words = {"00123": "two\nlines"}
    data, _, kept = filled(tmp_path, text.encode("utf-16"), scores, "HW 1", feedback=words)
    expected = text.replace('"jnunez"\t""\t""\t""\t""', '"jnunez"\t""\t17.5\t""\ttwo lines')
    expected = expected.replace('"Needs Grading"', "17.5")
    assert data == expected.encode("utf-16")
    assert kept == ["00127"]


def test_a_file_that_is_no_platform_s_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected what Canvas, Moodle"):
        filled(tmp_path, b"name,points\nada,3\n", {})
