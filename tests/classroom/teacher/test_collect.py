"""Folders as platforms pack them: every file reaches its owner, or a person is asked."""

from __future__ import annotations

import csv
import os
import random
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from lossbook.classroom.student.messages import read, use_language
from lossbook.classroom.teacher.archives import Submissions
from lossbook.classroom.teacher.collect import Collected, collect, write_list
from lossbook.classroom.teacher.gradebook import Gradebook
from lossbook.classroom.teacher.names import name_forms
from lossbook.classroom.teacher.roster import Student, read_roster
from lossbook.classroom.teacher.text import clean

#: Names that platforms change, twins, an id that is another's name part, and ids with zeros.
CLASS = [
    Student("00123", "José Núñez", "jnunez@example.org", "jnunez"),
    Student("00124", "Kate O'Brien", "kate@example.org", "kobrien"),
    Student("00125", "김하늘", "sky@example.org", "kim_ha"),
    Student("00126", "Min Lee", "min1@example.org", "minlee"),
    Student("00127", "Min Lee", "min2@example.org", "ha"),
    Student("s002", "Kim, Min-Jun", "mj@example.org", "kim_2"),
    Student("s1", "Anne Marie D'Arc", "ada@example.org", "ann-marie", "Red Pandas"),
    Student("12345", "Zoë van der Berg", "zoe@example.org", "zoe.b", "Red Pandas"),
]


def made(folder: Path, *names: str) -> Path:
    """Make files; each holds its own name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"ASSIGNMENT = \\"work\\"" {name}', encoding="utf-8", errors="replace")
    return folder


def found(folder: Path, gradebook: Path | None = None, given: Path | None = None) -> Collected:
    use_language("en")
    book = Gradebook(gradebook) if gradebook else None
    with Submissions(folder) as handed:
        return collect(handed, CLASS, lambda path: "work" in path.read_text(), book, given)


def owners(collected: Collected, folder: Path) -> dict[str, str]:
    return {
        student: str(handed.path.relative_to(folder))
        for student, handed in collected.handed.items()
        if handed.path
    }


def unknown(collected: Collected) -> set[str]:
    return {entry.path.name for entry in collected.unknown}


# --- Moodle ---------------------------------------------------------------------------------------


def moodle_name(name: str) -> str:
    """Return a name as Moodle's `clean_param` leaves it."""
    return re.sub(r"[&<>\"`|':\\/\x00-\x1f]", "", name.replace("_", " "))


def worksheet(folder: Path, people: list[tuple[int, Student]], *, named: bool = True) -> Path:
    """Write a grading worksheet as Moodle does."""
    path = folder / "worksheet.csv"
    header = ["Identifier", "Full name", "ID number", "Email address", "Status", "Group", "Grade"]
    header += ["Maximum grade", "Grade can be changed", "Last modified (grade)"]
    rows = [
        [
            *(f"Participant {n}", s.name if named else "", s.id, s.email, "Submitted", s.group),
            *("", "20", "Yes", "-"),
        ]
        for n, s in people
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.mark.parametrize("form", ["folder", "flat", "old"])
def test_moodle_s_number_tells_even_twins_apart(tmp_path: Path, form: str) -> None:
    people = [(1_234_500 + i, s) for i, s in enumerate(CLASS)]
    tail = {"folder": "_file/own/hw.ipynb", "flat": "_file_hw.ipynb", "old": "_file_/hw.ipynb"}
    names = {s.id: f"{moodle_name(s.name)}_{n}_assignsubmission{tail[form]}" for n, s in people}
    folder = made(tmp_path / "in", *names.values())
    assert owners(found(folder, worksheet(tmp_path, people)), folder) == names
    alone = found(folder)
    twins = {"00126", "00127"}
    assert owners(alone, folder) == {k: v for k, v in names.items() if k not in twins}
    assert len(alone.unknown) == 2
    assert all("00126, 00127" in read(entry.why) for entry in alone.unknown)


def test_moodle_s_number_is_never_taken_for_an_id(tmp_path: Path) -> None:
    # 12345 is Zoë's id and José's number; s002 is what a student has called the file.
    name = "José Núñez_12345_assignsubmission_file_s002_kim_2.ipynb"
    folder = made(tmp_path / "in", name)
    assert owners(found(folder), folder) == {"00123": name}


def test_another_assignment_s_worksheet_gives_nobody_s_work_away(tmp_path: Path) -> None:
    people = [(1_234_500 + i, s) for i, s in enumerate(CLASS)]
    shifted = [(number + 1, student) for number, student in people]
    names = {s.id: f"{moodle_name(s.name)}_{n}_assignsubmission_file/hw.ipynb" for n, s in people}
    folder = made(tmp_path / "in", *names.values())
    by_name = {k: v for k, v in names.items() if k not in ("00126", "00127")}
    got = owners(found(folder, worksheet(tmp_path, shifted)), folder)
    # Only between two of one name a number is all there is.
    assert {k: v for k, v in got.items() if k in by_name} == by_name


@pytest.mark.parametrize(
    "one, other", [("Straße", "STRASSE"), ("ＪＯＳÉ Ｌ", "José L"), ("O’Brien K", "K OBrien")]
)
def test_names_are_one_name_whatever_their_case_and_width(one: str, other: str) -> None:
    assert name_forms(one) & name_forms(other)


def test_a_blind_download_of_moodle_is_read_by_its_numbers(tmp_path: Path) -> None:
    people = [(1_234_500 + i, s) for i, s in enumerate(CLASS)]
    names = {s.id: f"Teilnehmer_{n}_assignsubmission_file/hw.ipynb" for n, s in people}
    folder = made(tmp_path / "in", *names.values())
    assert owners(found(folder, worksheet(tmp_path, people)), folder) == names
    assert owners(found(folder), folder) == {}


def test_a_group_of_moodle_is_all_its_members_and_its_number_nobody_s(tmp_path: Path) -> None:
    people = [(77 + i, s) for i, s in enumerate(CLASS)]  # 77 is the group's number, too
    name = "Red Pandas_77_assignsubmission_file/hw.ipynb"
    folder = made(tmp_path / "in", name, "Default group_assignsubmission_file/hw.ipynb")
    for book in (None, worksheet(tmp_path, people)):
        collected = found(folder, book)
        assert owners(collected, folder) == {"s1": name, "12345": name}
        assert unknown(collected) == {"Default group_assignsubmission_file"}


# --- Canvas ---------------------------------------------------------------------------------------


def canvas_name(name: str) -> str:
    """Return a sortable name as Canvas squeezes it."""
    if "," not in name:
        words = name.split()
        name = " ".join([words[-1], *words[:-1]])
    return "".join(c for c in name.lower() if unicodedata.category(c)[0] in "LMN" or c == "_")


def canvas_export(folder: Path, people: list[tuple[int, Student]]) -> Path:
    path = folder / "canvas.csv"
    header = ["Student", "ID", "SIS Login ID", "Section", "HW 1 (98765)", "Final Score"]
    rows = [["    Points Possible", "", "", "", "20", "(read only)"]]
    rows += [[s.name, str(n), s.email, "A", "", ""] for n, s in people]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_canvas_s_number_tells_even_twins_apart(tmp_path: Path) -> None:
    people = [(50_000 + i, s) for i, s in enumerate(CLASS)]
    names = {
        s.id: f"{canvas_name(s.name)}{'_LATE' if i % 2 else ''}_{n}_{n + 17}_50001_s002_{i}.ipynb"
        for i, (n, s) in enumerate(people)
    }
    folder = made(tmp_path / "in", *names.values())
    collected = found(folder, canvas_export(tmp_path, people))
    assert owners(collected, folder) == names
    late = [student for student, handed in collected.handed.items() if handed.late]
    assert late == [s.id for i, s in enumerate(CLASS) if i % 2]
    alone = owners(found(folder), folder)
    assert alone == {k: v for k, v in names.items() if k not in ("00126", "00127")}


def test_a_name_with_digits_does_not_make_canvas_s_number_another_s(tmp_path: Path) -> None:
    people = [(12345, Student("00123", "Lee Kim_2")), (2, Student("s002", "Nobody Else"))]
    name = "kim_2lee_12345_67890_2_3.ipynb"
    other = "kimlee_2_12345_67890_hw.ipynb"
    folder = made(tmp_path / "in", name, other)
    roster = [s for _n, s in people]
    book = Gradebook(canvas_export(tmp_path, people))
    collected = collect(Submissions(folder), roster, lambda path: True, book)
    assert owners(collected, folder) == {"00123": name}
    assert unknown(collected) == {other}  # not his name, and two numbers: a person is asked


def test_an_anonymous_download_of_canvas_is_asked_about(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", "anon_ABC12_67890_s002.ipynb", "LATE_anon_s1_1_s002.ipynb")
    collected = found(folder)
    assert owners(collected, folder) == {}
    assert len(collected.unknown) == 2


# --- Blackboard, Gradescope, GitHub, others -------------------------------------------------------


@pytest.mark.parametrize("texts", [True, False])
def test_blackboard_s_newest_attempt_counts_by_its_own_date(tmp_path: Path, texts: bool) -> None:
    folder = tmp_path / "in"
    expected = {}
    for student in CLASS:
        for date in ("2026-11-20-10-00-00", "2026-11-26-23-59-01", "2026-11-26-22-00-00"):
            front = f"HW_1_{student.username}_attempt_{date}"
            made(folder, f"{front}_ha_hw.ipynb")
            if texts:
                words = f"Name: {student.name} ({student.username})\nAssignment: HW_1\n"
                (folder / f"{front}.txt").write_text(words, encoding="utf-8")
            os.utime(folder / f"{front}_ha_hw.ipynb", (2e9 if "20-10" in date else 1e9,) * 2)
        expected[student.id] = f"HW_1_{student.username}_attempt_2026-11-26-23-59-01_ha_hw.ipynb"
    assert owners(found(folder), folder) == expected


def test_gradescope_s_list_names_all_who_handed_in_together(tmp_path: Path) -> None:
    folder = tmp_path / "assignment_9100_export"
    made(folder, "submission_1/hw.ipynb", "submission_2/hw.ipynb", "submission_3/hw.ipynb")
    (folder / "submission_metadata.yml").write_text(
        "---\n"
        "submission_1:\n  :submitters:\n  - :name: José Núñez\n    :sid: '00123'\n"
        "    :email: other@example.org\n  - :name: Kate\n    :sid:\n    :email: KATE@example.org\n"
        "  :created_at: 2026-11-26 22:41:00.000000000 -08:00\n  :score: 0.0\n  :history: []\n"
        "submission_2:\n  :submitters:\n  - :name: Min Lee\n    :email: nobody@example.org\n"
        "  :created_at: 2026-11-26 22:41:00 Z\n"
        'submission_3:\n  :submitters:\n  - :name: "김하늘"\n  :created_at: never\n',
        encoding="utf-8",
    )
    collected = found(folder)
    one, three = "submission_1/hw.ipynb", "submission_3/hw.ipynb"
    assert owners(collected, folder)["00123"] == owners(collected, folder)["00124"] == one
    assert owners(collected, folder)["00125"] == three
    assert str(collected.handed["00123"].time) == "2026-11-26 22:41:00-08:00"


@pytest.mark.parametrize("wrapped", [True, False])
def test_clones_of_github_classroom_are_known_by_login(tmp_path: Path, wrapped: bool) -> None:
    folder = tmp_path / "in" / "hw1-ha-submissions" if wrapped else tmp_path / "in"
    names = {s.id: f"hw1-ha-{s.username}" for s in CLASS if not s.group}
    for name in [*names.values(), "hw1-ha-red-pandas", "hw1-ha-stranger"]:
        made(folder, f"{name}/work.ipynb", f"{name}/README.md", f"{name}/.git/HEAD")
    collected = found(tmp_path / "in")
    group = {"s1": "hw1-ha-red-pandas", "12345": "hw1-ha-red-pandas"}
    made_of = {k: Path(v).parts[-2] for k, v in owners(collected, tmp_path / "in").items()}
    assert made_of == names | group
    assert unknown(collected) == {"hw1-ha-stranger"}


def test_a_clone_was_handed_in_when_it_was_committed(tmp_path: Path) -> None:
    for login in ("jnunez", "kobrien"):
        place = made(tmp_path, f"hw-{login}/work.ipynb") / f"hw-{login}"
        env = os.environ | {"GIT_COMMITTER_DATE": "2026-11-26T12:00:00+09:00"}
        for words in ("init -q", "add .", "-c user.name=a -c user.email=b commit -qm c"):
            subprocess.run(["git", "-C", place, *words.split()], check=True, env=env)
    time = found(tmp_path).handed["00123"].time
    assert str(time) == "2026-11-26 12:00:00+09:00"


def test_a_clone_s_own_settings_run_nothing(tmp_path: Path) -> None:
    place = made(tmp_path / "in", "hw-jnunez/work.ipynb", "hw-kobrien/work.ipynb") / "hw-jnunez"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)

    def git(*words: str, given: str = "") -> str:
        done = subprocess.run(
            ["git", "-C", place, *words], check=True, text=True, input=given, capture_output=True
        )
        return done.stdout.strip()

    git("init", "-q")
    who = "a <b> 1795662000 +0900"
    tree = git("write-tree")
    signed = f"tree {tree}\nauthor {who}\ncommitter {who}\ngpgsig x\n\nsigned\n"
    git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", "--stdin", given=signed))
    for name in ("gpg.program", "core.fsmonitor", "core.pager", "core.sshCommand"):
        git("config", name, str(program))
    git("config", "log.showSignature", "true")
    git("pack-refs", "--all")
    (place.parent / "hw-kobrien" / ".git").mkdir()
    assert str(found(place.parent).handed["00123"].time) == "2026-11-26 12:00:00+09:00"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "form",
    [
        "{id}.ipynb",
        "{id} (1).ipynb",
        "{id}-2.ipynb",
        "{id}/hw/work.ipynb",
        "wrapper/inner/{id}/work.ipynb",
        "{email}/work.ipynb",
        "{username}.ipynb",
        "HW 1/x({username})/Submission attachment(s)/hw.ipynb",
    ],
)
def test_a_whole_name_is_its_owner_s(tmp_path: Path, form: str) -> None:
    names = {s.id: form.format(**vars(s)) for s in CLASS}
    folder = made(tmp_path / "in", *names.values(), form.split("{")[0] + ".DS_Store")
    assert owners(found(folder), folder) == names


@pytest.mark.parametrize(
    "name",
    [
        "Jose\u0301 Nu\u0301n\u0303ez.ipynb",
        "JOSÉ NÚÑEZ.ipynb",
        "Núñez, José.ipynb",
        "Núñez José/hw.ipynb",
        "José Núñez - hw1.ipynb",
        "José_Núñez.ipynb",
        "José Núñez (1).ipynb",
        "José Núñez".encode().decode("cp437") + ".ipynb",
    ],
)
def test_a_name_is_compared_by_unicode_s_rules(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "in", name, "김하늘".encode("cp949").decode("latin-1") + ".ipynb")
    assert set(owners(found(folder), folder)) == {"00123", "00125"}


@pytest.mark.parametrize(
    "name",
    [
        "José.ipynb",
        "s002_work.ipynb",
        "work_s002.ipynb",
        "hw1 s002.ipynb",
        "José Núñez Pérez.ipynb",
        "kate.ipynb",
        "00123x.ipynb",
        "123.ipynb",
        "s00.ipynb",
        "x_s002_1_assignsubmission_file_00123.ipynb",
    ],
)
def test_a_part_of_a_name_is_nobody_s(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "in", name, "s1.ipynb")
    collected = found(folder)
    assert owners(collected, folder) == {"s1": "s1.ipynb"}
    assert unknown(collected) == {name}


@pytest.mark.parametrize("seed", range(8))
def test_random_file_names_never_lead_to_another_student(tmp_path: Path, seed: int) -> None:
    rng = random.Random(f"{seed}/20261126")
    people = [(60_000 + i, s) for i, s in enumerate(CLASS)]
    parts = [s.id for s in CLASS] + [str(n) for n, _ in people] + [s.username for s in CLASS]
    parts += ["attempt", "assignsubmission", "file", "LATE", "text", "anon", "hw-1", "(2)"]
    names = {}
    for number, student in people:
        chosen = "_".join(rng.choices(parts, k=rng.randint(1, 6)))
        names[student.id] = f"{canvas_name(student.name)}_{number}_{number + 9}_{chosen}.ipynb"
    folder = made(tmp_path / "in", *names.values())
    assert owners(found(folder, canvas_export(tmp_path, people)), folder) == names


# --- several files --------------------------------------------------------------------------------


def test_of_several_notebooks_the_assignment_s_own_is_graded(tmp_path: Path) -> None:
    folder = made(tmp_path, "s1/a.ipynb", "s1/b.ipynb", "s1/notes.txt")
    (folder / "s1/b.ipynb").write_text("something else")
    assert owners(found(folder), folder) == {"s1": "s1/a.ipynb"}


def test_of_numbered_copies_the_last_counts_and_not_the_newest_by_the_clock(tmp_path: Path) -> None:
    folder = made(tmp_path, "s1/a.ipynb", "s1/a (1).ipynb", "s1/a (10).ipynb", "s1/a (2).ipynb")
    os.utime(folder / "s1/a.ipynb", (4e9, 4e9))  # in the future
    collected = found(folder)
    assert owners(collected, folder) == {"s1": "s1/a (10).ipynb"}
    assert "There are 4 notebooks" in read(collected.handed["s1"].notes[0])


def test_between_different_notebooks_a_person_decides(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", "s1/final.ipynb", "s1/really_final.ipynb", "whose.ipynb")
    os.utime(folder / "s1/final.ipynb", (4e9, 4e9))
    handed = found(folder).handed["s1"]
    assert (handed.path, handed.status) == (None, "unclear")
    (folder / "s1/really_final.ipynb").write_bytes((folder / "s1/final.ipynb").read_bytes())
    assert owners(found(folder), folder) == {"s1": "s1/final.ipynb"}  # the same twice is one


@pytest.mark.parametrize("encoding, separator", [("utf-8-sig", ","), ("cp949", ";")])
def test_the_list_comes_back_corrected_and_decides(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    folder = made(tmp_path / "in", "s1/a.ipynb", "s1/b.ipynb", "whose.ipynb", "00125.ipynb")
    write_list(tmp_path / "list.csv", Submissions(folder), CLASS, found(folder))
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows if row["id"] == "s1"] == ["s1/a.ipynb", "s1/b.ipynb"]
    rows = [row for row in rows if row["file"] != "s1/a.ipynb"]
    next(row for row in rows if row["file"] == "whose.ipynb")["id"] = "123"  # as Excel leaves 00123
    with (tmp_path / "list.csv").open("w", encoding=encoding, newline="", errors="replace") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    collected = found(folder, given=tmp_path / "list.csv")
    assert owners(collected, folder) == {
        "s1": "s1/b.ipynb",
        "00123": "whose.ipynb",
        "00125": "00125.ipynb",
    }
    assert collected.unknown == []


def test_the_list_can_name_the_owner_of_a_file_whose_name_no_table_can_hold(tmp_path: Path) -> None:
    korean = "과제.ipynb".encode("cp949").decode("utf-8", "surrogateescape")
    folder = made(tmp_path / "in", f"wrapper/{korean}", "wrapper/a\x1b[2J/=1.ipynb", "s1.ipynb")
    write_list(tmp_path / "list.csv", Submissions(folder), CLASS, found(folder))
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = [row for row in rows if row["status"] == "whose?"]
    assert [row["file"] for row in asked] == ["wrapper"]
    lines = [f"00123,wrapper/{korean}", "00124,wrapper/a\x1b[2J/=1.ipynb"]
    shown = [clean(line.encode("utf-8", "backslashreplace").decode()) for line in lines]
    (tmp_path / "list.csv").write_text("\n".join(["id,file", *shown]) + "\n")
    collected = found(folder, given=tmp_path / "list.csv")
    assert set(owners(collected, folder)) == {"s1", "00123", "00124"}


def test_what_cannot_be_read_or_never_ends_stops_nobody(tmp_path: Path) -> None:
    folder = made(tmp_path, "s1/a.ipynb", "00123/a.ipynb", "00123/b.ipynb")
    os.mkfifo(folder / "s1" / "b.ipynb")
    (folder / "00123" / "c.ipynb").mkdir()
    assert owners(found(folder), folder) == {"s1": "s1/a.ipynb"}


@pytest.mark.parametrize(
    "line, told", [("nobody,s1.ipynb", "nobody on the roster"), ("s1,gone.ipynb", "no file")]
)
def test_a_mistake_in_the_list_is_told(tmp_path: Path, line: str, told: str) -> None:
    folder = made(tmp_path / "in", "s1.ipynb")
    (tmp_path / "list.csv").write_text(f"id,file\n{line}\n")
    with pytest.raises(ValueError, match=told):
        found(folder, given=tmp_path / "list.csv")


@pytest.mark.parametrize(
    "name", ["hw.ipynb.txt", "hw.ipynb.json", "HW.IPYNB", "hw + (a) [1].ipynb"]
)
def test_a_notebook_is_one_whatever_a_browser_has_added_to_its_name(
    tmp_path: Path, name: str
) -> None:
    folder = made(tmp_path, f"s1/{name}", "s1/data.csv")
    collected = found(folder)
    assert owners(collected, folder) == {"s1": f"s1/{name}"}
    assert collected.handed["s1"].notes == ()


def test_a_folder_without_a_notebook_was_handed_in_all_the_same(tmp_path: Path) -> None:
    made(tmp_path, "s1/essay.docx").joinpath("00123").mkdir()
    collected = found(tmp_path)
    assert collected.handed["s1"].path == tmp_path / "s1" / "essay.docx"
    assert collected.handed["00123"].path is None
    assert read(collected.handed["00123"].notes[0]) == "The folder is empty."


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", "s1/a.ipynb")
    (folder / "s1" / "b.ipynb").symlink_to("/etc/passwd")
    (folder / "00123.ipynb").symlink_to(folder / "s1" / "a.ipynb")
    assert owners(found(folder), folder) == {"s1": "s1/a.ipynb"}


def test_a_roster_may_name_logins_and_groups(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "ID number,Full name,Email address,GitHub,Team\n007,Ada,a@b.c,ada-l,Red\n"
    )
    assert read_roster(tmp_path / "roster.csv") == [Student("007", "Ada", "a@b.c", "ada-l", "Red")]


#: What has misled other programs, by their reports: files, whose each is, and what is asked.
TROUBLE: dict[str, tuple[dict[str, str], dict[str, str], set[str]]] = {
    "marks of expressions in the assignment's name": (
        {
            f"HW 1 (a)+[b]*_{login}_attempt_2026-11-26-22-41-07_hw.ipynb": ""
            for login in ("jnunez", "kobrien")
        },
        {
            "00123": "HW 1 (a)+[b]*_jnunez_attempt_2026-11-26-22-41-07_hw.ipynb",
            "00124": "HW 1 (a)+[b]*_kobrien_attempt_2026-11-26-22-41-07_hw.ipynb",
        },
        set(),
    ),
    "an attempt without a file": (
        {
            "HW_jnunez_attempt_2026-11-26-22-41-07.txt": "Name: José Núñez (jnunez)",
            "HW_kobrien_attempt_2026-11-26-22-41-07_hw.ipynb": "",
        },
        {
            "00123": "HW_jnunez_attempt_2026-11-26-22-41-07.txt",
            "00124": "HW_kobrien_attempt_2026-11-26-22-41-07_hw.ipynb",
        },
        set(),
    ),
    "quotation marks, blanks and a history in Gradescope's list": (
        {
            "submission_metadata.yml": (
                "---\r\n'submission_1':\r\n  :submitters:\r\n  - :name: 'Kate O''Brien'\r\n"
                "    :sid: \r\n    :email: \r\n  :created_at: 2026-11-26 22:41:00 Z\r\n"
                "  :history:\r\n  - :submitters:\r\n    - :name: José Núñez\r\n"
                "      :sid: '00123'\r\n"
                "submission_2:\r\n  :submitters:\r\n  - :email: SKY@EXAMPLE.ORG\r\n"
                "    :name: A B\r\n"
            ),
            "submission_1/hw.ipynb": "",
            "submission_2/hw.ipynb": "",
        },
        {"00124": "submission_1/hw.ipynb", "00125": "submission_2/hw.ipynb"},
        set(),
    ),
    "copies in a folder of Google's": (
        {
            "José Núñez - Copy of hw.ipynb": "",
            "김하늘 - hw(1).ipynb": "",
            "Copy of hw.ipynb": "",
            "Kate O_Brien - hw.ipynb": "",  # Drive's zips have no apostrophe
        },
        {"00123": "José Núñez - Copy of hw.ipynb", "00125": "김하늘 - hw(1).ipynb"},
        {"Copy of hw.ipynb", "Kate O_Brien - hw.ipynb"},
    ),
    "Autolab, which is not known": (
        {"jnunez@example.org_1_handin.ipynb": "", "jnunez@example.org_2_handin.ipynb": ""},
        {},
        {"jnunez@example.org_1_handin.ipynb", "jnunez@example.org_2_handin.ipynb"},
    ),
    "a repository of which GitHub has made a second": (
        {
            "hw1-jnunez-1/.git/HEAD": "",
            "hw1-jnunez-1/hw.ipynb": "",
            "hw1-KOBrien/.git/HEAD": "",
            "hw1-KOBrien/hw.ipynb": "",
        },
        {"00124": "hw1-KOBrien/hw.ipynb"},
        {"hw1-jnunez-1"},  # which may be another person's login
    ),
    "what an editor keeps for itself": (
        {
            "José Núñez_1_assignsubmission_file/hw/.ipynb_checkpoints/hw-checkpoint.ipynb": "old",
            "José Núñez_1_assignsubmission_file/hw/hw.ipynb": "new",
            "José Núñez_1_assignsubmission_file/__MACOSX/hw/._hw.ipynb": "x",
        },
        {"00123": "José Núñez_1_assignsubmission_file/hw/hw.ipynb"},
        set(),
    ),
    "widths and cases of letters": (
        {"Ｓ１.ipynb": "", "KATE@Example.org.IPYNB": ""},
        {"s1": "Ｓ１.ipynb", "00124": "KATE@Example.org.IPYNB"},
        set(),
    ),
}


@pytest.mark.parametrize("title", TROUBLE)
def test_what_has_misled_other_programs_leads_to_its_owner_or_is_asked(
    tmp_path: Path, title: str
) -> None:
    files, whose, asked = TROUBLE[title]
    folder = made(tmp_path / "in", *files)
    for name, text in files.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8", newline="")
    collected = found(folder)
    assert owners(collected, folder) == whose
    assert unknown(collected) == asked


def test_what_a_file_was_recognised_by_is_what_was_there(tmp_path: Path) -> None:
    people = [(50_000 + i, s) for i, s in enumerate(CLASS)]
    other = f"{canvas_name('김하늘')}_77_88_hw.ipynb"  # a number that the export does not have
    own = f"{canvas_name('José Núñez')}_50000_88_hw.ipynb"
    folder = made(tmp_path / "in", other, own)
    handed = found(folder, canvas_export(tmp_path, people)).handed
    assert {who: one.by for who, one in handed.items()} == {
        "00125": "the full name",
        "00123": "Canvas's number",
    }
