"""The table of marks survives spreadsheets, sections, full disks, resubmissions and colleagues."""

from __future__ import annotations

import csv
import errno
import io
import os
import random
from pathlib import Path
from typing import Any

import pytest

from lossbook.classroom.teacher.manual import apply_marks, read_marks, write_marks
from lossbook.classroom.teacher.roster import Student

IDS = ("00123", "1e5", "@kim", "ada")


def results(words: dict[str, str], points: float = 3.0) -> list[dict[str, Any]]:
    """Return the results of students who have answered a question in words."""
    return [
        {
            "student": student,
            "questions": {"q7": {"points": points, "score": None, "answer": answer}},
        }
        for student, answer in words.items()
    ]


def written(folder: Path, words: dict[str, str]) -> list[dict[str, Any]]:
    """Do what a run does: read the marks, apply them, write them; return the results."""
    found = results(words)
    marks = read_marks(folder)
    apply_marks(marks, found)
    write_marks(folder / "manual.csv", marks, [Student(s) for s in words], found)
    return found


def scores(found: list[dict[str, Any]]) -> dict[str, float | None]:
    return {result["student"]: result["questions"]["q7"]["score"] for result in found}


def table(folder: Path, name: str = "manual.csv") -> list[dict[str, str]]:
    text = (folder / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def save(
    folder: Path,
    rows: list[dict[str, str]],
    encoding: str = "utf-8-sig",
    separator: str = ",",
    name: str = "manual.csv",
) -> None:
    with (folder / name).open("w", encoding=encoding, newline="", errors="replace") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)


def as_excel(cell: str) -> str:
    """Return what Excel makes of a cell: whatever looks like a number becomes one."""
    try:
        return f"{float(cell):g}"
    except ValueError:
        return cell


WORDS = {name: f"평균 — schön {name},\n“two”; lines" for name in IDS}


@pytest.mark.parametrize(
    "encoding, separator",
    [
        *(("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t"), ("cp949", ",")),
        *(("cp1252", ";"), ("utf-16-be", "\t")),
    ],
)
def test_marks_survive_a_spreadsheet(tmp_path: Path, encoding: str, separator: str) -> None:
    written(tmp_path, WORDS)
    rows = table(tmp_path)
    for number, row in enumerate(sorted(rows, key=lambda row: row["id"])):
        row["points"] = f"{number / 2:g}".replace(".", ",") if number else "0"
        row["remark"] = "- 좋아요" if encoding == "cp949" else "- gut"
    by_id = {row["id"].lstrip("'"): float(row["points"].replace(",", ".")) for row in rows}
    rows = [{name: as_excel(cell) for name, cell in row.items()} for row in rows]
    if encoding == "utf-16-be":
        save(tmp_path, rows, "utf-16-be", separator)
        path = tmp_path / "manual.csv"
        path.write_bytes(b"\xfe\xff" + path.read_bytes())
    else:
        save(tmp_path, rows, encoding, separator)
    for _ in range(2):  # the second time from our own file
        found = written(tmp_path, WORDS)
        assert scores(found) == by_id
        assert found[0]["questions"]["q7"]["remark"] == rows[0]["remark"]


def test_a_table_without_our_keys_is_read_by_id_even_without_leading_zeros(tmp_path: Path) -> None:
    (tmp_path / "manual.csv").write_text("id;question;points;remark\n123;q7;2,5;\nada;q7;1;x\n")
    assert scores(written(tmp_path, WORDS)) == {"00123": 2.5, "1e5": None, "@kim": None, "ada": 1}


def test_another_section_s_marks_stay_in_the_table(tmp_path: Path) -> None:
    ours, theirs = {"ada": "a", "bob": "b"}, {"carl": "c", "00123": "d"}
    for section in (ours, theirs):
        written(tmp_path, section)
    rows = table(tmp_path)
    assert {row["id"] for row in rows} == {*ours, *theirs}
    for row in rows:
        row["points"] = "2"
    save(tmp_path, rows)
    for section in (ours, theirs, ours):
        assert set(scores(written(tmp_path, section)).values()) == {2}
    assert {row["points"] for row in table(tmp_path)} == {"2"}


def test_a_mark_stays_when_the_answer_changes_and_the_row_says_so(tmp_path: Path) -> None:
    written(tmp_path, {"ada": "first"})
    rows = table(tmp_path)
    rows[0]["points"] = "3"
    save(tmp_path, rows)
    assert written(tmp_path, {"ada": "first"})[0]["questions"]["q7"]["changed"] is False
    for _ in range(2):  # until somebody has looked
        found = written(tmp_path, {"ada": "second"})[0]["questions"]["q7"]
        assert (found["score"], found["changed"]) == (3, True)
        rows = table(tmp_path)
        assert rows[0]["answer"] == "second"
        assert "has changed" in rows[0]["changed"]
    rows[0]["changed"] = ""
    save(tmp_path, rows)
    assert written(tmp_path, {"ada": "second"})[0]["questions"]["q7"]["changed"] is False


def test_equal_answers_are_read_once(tmp_path: Path) -> None:
    words = {f"s{i:02}": "The mean." if i % 2 else f"Other {i}" for i in range(80)}
    words["s81"] = " the  MEAN.\n"
    written(tmp_path, words)
    rows = table(tmp_path)
    assert [row["equal"] for row in rows[:41]] == ["41"] * 41
    assert next(iter(rows[0])) != "id"
    rows[3]["points"] = "2"
    save(tmp_path, rows)
    given = scores(written(tmp_path, words))
    assert {s for s, points in given.items() if points == 2} == {*list(words)[1::2], "s81"}
    rows[5]["points"] = "1"  # two of the same words have different points: the others wait
    save(tmp_path, rows)
    assert sorted(filter(None, scores(written(tmp_path, words)).values())) == [1, 2]


def test_two_graders_copies_are_put_together_and_a_contradiction_is_told(tmp_path: Path) -> None:
    words = {"ada": "a", "bob": "b", "carl": "c"}
    written(tmp_path, words)
    rows = table(tmp_path)
    rows[0]["points"] = "1"
    save(tmp_path, rows, name="manual (Kim).csv")
    rows[0]["points"], rows[1]["points"] = "", "2"
    save(tmp_path, rows, name="manual-lee.csv")
    assert sorted(p or 0 for p in scores(written(tmp_path, words)).values()) == [0, 1, 2]
    rows[0]["points"] = "3"
    save(tmp_path, rows, name="manual-lee.csv")
    with pytest.raises(ValueError, match="expected the same in both"):
        written(tmp_path, words)


@pytest.mark.parametrize("owner, name", [(os, "fsync"), (Path, "replace")])
def test_a_full_disk_leaves_the_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    written(tmp_path, {"ada": "a"})
    rows = table(tmp_path)
    rows[0]["points"] = "3"
    save(tmp_path, rows)
    before = (tmp_path / "manual.csv").read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(owner, name, full)
    with pytest.raises(OSError, match="No space"):
        written(tmp_path, {"ada": "a", "bob": "b"})
    assert (tmp_path / "manual.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["manual.csv"]


def test_what_the_table_was_before_is_kept(tmp_path: Path) -> None:
    written(tmp_path, {"ada": "a"})
    before = (tmp_path / "manual.csv").read_bytes()
    written(tmp_path, {"ada": "a", "bob": "b"})
    assert (tmp_path / "manual.csv.before").read_bytes() == before


@pytest.mark.parametrize("points", ["4", "-1", "nan", "inf", "three", "1,5,2"])
def test_points_that_cannot_be_are_told(tmp_path: Path, points: str) -> None:
    written(tmp_path, {"ada": "a"})
    rows = table(tmp_path)
    rows[0]["points"] = points
    save(tmp_path, rows)
    with pytest.raises(ValueError, match="expected a number from 0 to 3"):
        written(tmp_path, {"ada": "a"})


def test_a_table_without_its_columns_is_told(tmp_path: Path) -> None:
    (tmp_path / "manual.csv").write_text("id,question\nada,q7\n")
    with pytest.raises(ValueError, match="has no column points, remark"):
        read_marks(tmp_path)


def test_random_answers_come_back_whatever_they_hold(tmp_path: Path) -> None:
    rng = random.Random(20261127)
    pieces = ["=1+1", "@", "\r\n", '"', ";", ",", "\t", "\x00", "\x1b[31m", "\u202e", "\ud800"]
    pieces += ["-", "'", "평균", "é", "\ufeff", " ", "sep=;", "k0123", "\x85", "\u2028"]
    words = {f"{i:05}": "".join(rng.choices(pieces, k=rng.randint(1, 9))) for i in range(60)}
    written(tmp_path, words)
    rows = table(tmp_path)
    assert len(rows) == 60
    given = {}
    for number, row in enumerate(rows):
        row["points"] = f"{number % 7 / 2:g}"
        given[row["id"]] = number % 7 / 2
        assert not row["answer"].startswith(("=", "+", "@", "\t"))
        assert not set("\x00\x1b\u202e\ud800") & set(row["answer"])
    save(tmp_path, [{n: as_excel(c) if n == "id" else c for n, c in row.items()} for row in rows])
    assert scores(written(tmp_path, words)) == given
