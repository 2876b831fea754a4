"""Zips as platforms and students pack them: read as folders are, whatever is in them."""

from __future__ import annotations

import csv
import io
import random
import stat
import zipfile
from pathlib import Path

import pytest

from lossbook.classroom.student.messages import read, use_language
from lossbook.classroom.teacher import archives
from lossbook.classroom.teacher.archives import Submissions
from lossbook.classroom.teacher.collect import Collected, collect, write_list
from lossbook.classroom.teacher.roster import Student

CLASS = [
    Student("00123", "José Núñez", "jnunez@example.org", "jnunez"),
    Student("00125", "김하늘", "sky@example.org", "kim_ha"),
    Student("s1", "Anne-Marie D'Arc", "ada@example.org", "ann-marie", "Red Pandas"),
    Student("007", "Zoë Müller", "zoe@example.org", "zoe.b", "Red Pandas"),
]
OURS = b'"ASSIGNMENT = \\"work\\""'


class Raw(zipfile.ZipInfo):
    """An entry whose name is written in an encoding of old, without a word about it."""

    def __init__(self, name: bytes) -> None:
        super().__init__("x")
        self.raw = name

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.raw, self.flag_bits & ~0x800


def packed(path: Path, files: dict[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zipped(files: dict[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def laid_out(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read_in(submissions: Submissions, given: Path | None = None) -> Collected:
    use_language("en")
    return collect(submissions, CLASS, lambda path: b"work" in path.read_bytes(), None, given)


def owners(path: Path, given: Path | None = None) -> dict[str, str]:
    """Return whose each file is, and that it can be read while it is asked for."""
    with Submissions(path) as submissions:
        collected = read_in(submissions, given)
        chosen = {s: h.path for s, h in collected.handed.items() if h.path}
        assert all(path.is_file() for path in chosen.values())
        return {student: submissions.shown(path) for student, path in chosen.items()}


def content(path: Path | None) -> bytes:
    assert path is not None
    return path.read_bytes()


BRIGHTSPACE = "39706-25573 - Zoë Müller - Sep 2{}, 2026 {} PM/hw.ipynb"
#: What platforms pack, and what of it is whose.
DOWNLOADS: dict[str, tuple[dict[str, bytes], dict[str, str]]] = {
    "Moodle": (
        {
            "José Núñez_1234567_assignsubmission_file/own/hw.ipynb": OURS,
            "김하늘_1234568_assignsubmission_file/과제.ipynb": OURS,
            "Red Pandas_12_assignsubmission_file/hw.ipynb": OURS,
        },
        {
            "00123": "José Núñez_1234567_assignsubmission_file/own/hw.ipynb",
            "00125": "김하늘_1234568_assignsubmission_file/과제.ipynb",
            "s1": "Red Pandas_12_assignsubmission_file/hw.ipynb",
            "007": "Red Pandas_12_assignsubmission_file/hw.ipynb",
        },
    ),
    "Canvas": (
        {
            "núñezjosé_LATE_12345_67890_hw-1.ipynb": OURS,
            "김하늘_12346_67891_hw.ipynb": OURS,
            "darcannemarie_12347_67892_s1.zip": zipped({"hw/work.ipynb": OURS}),
        },
        {
            "00123": "núñezjosé_LATE_12345_67890_hw-1.ipynb",
            "00125": "김하늘_12346_67891_hw.ipynb",
            "s1": "darcannemarie_12347_67892_s1.zip/hw/work.ipynb",
        },
    ),
    "Blackboard": (
        {
            "HW_1_kim_ha_attempt_2026-11-26-23-59-01_hw.ipynb": OURS,
            "HW_1_kim_ha_attempt_2026-11-26-23-59-01.txt": "Name: 김하늘 (kim_ha)".encode(),
            "HW_1_kim_ha_attempt_2026-11-20-23-59-01_hw.ipynb": OURS + b"old",
            "HW_1_jnunez_attempt_2026-11-26-23-59-01_hw.zip": zipped({"hw.ipynb": OURS}),
        },
        {
            "00125": "HW_1_kim_ha_attempt_2026-11-26-23-59-01_hw.ipynb",
            "00123": "HW_1_jnunez_attempt_2026-11-26-23-59-01_hw.zip/hw.ipynb",
        },
    ),
    "Gradescope": (
        {
            "assignment_9_export/submission_1/hw.ipynb": OURS,
            "assignment_9_export/submission_metadata.yml": (
                b"---\nsubmission_1:\n  :submitters:\n  - :name: A\n    :sid: s1\n"
                b"  - :name: B\n    :email: zoe@example.org\n"
            ),
        },
        dict.fromkeys(("s1", "007"), "assignment_9_export/submission_1/hw.ipynb"),
    ),
    "Brightspace": (
        {
            BRIGHTSPACE.format(4, "926"): OURS + b"second",
            BRIGHTSPACE.format(4, "1159"): OURS + b"third",
            BRIGHTSPACE.format(3, "111"): OURS + b"first",
            "39706-25574 - Anne-Marie D'Arc - 24 septembre 2026 2126/hw.ipynb": OURS,
            "39706-25575 - 00123 - José Núñez- 24 September, 2026 926 PM - hw - 2.ipynb": OURS,
            "index.html": b"<html>",
        },
        {
            "007": BRIGHTSPACE.format(4, "1159"),
            "s1": "39706-25574 - Anne-Marie D'Arc - 24 septembre 2026 2126/hw.ipynb",
            "00123": "39706-25575 - 00123 - José Núñez- 24 September, 2026 926 PM - hw - 2.ipynb",
        },
    ),
    "Teams": (
        {
            "Student Work/Submitted files/김하늘/HW 1/버전 2/hw.ipynb": OURS,
            "Student Work/Submitted files/김하늘/HW 1/버전 10/hw.ipynb": OURS + b"newest",
            "Student Work/Submitted files/김하늘/HW 0/버전 3/hw.ipynb": b"another",
            "Student Work/Submitted files/José Núñez/HW 1/Version 1/hw.ipynb": OURS,
            "Student Work/Working files/김하늘/HW 1/hw.ipynb": OURS + b"not handed in",
        },
        {
            "00125": "Student Work/Submitted files/김하늘/HW 1/버전 10/hw.ipynb",
            "00123": "Student Work/Submitted files/José Núñez/HW 1/Version 1/hw.ipynb",
        },
    ),
    "Sakai": (
        {"HW 1/Núñez, José(jnunez)/Submission attachment(s)/hw.ipynb": OURS},
        {"00123": "HW 1/Núñez, José(jnunez)/Submission attachment(s)/hw.ipynb"},
    ),
    "a folder": (
        {"all/00123.ipynb": OURS, "all/__MACOSX/._00123.ipynb": b"x", "all/.DS_Store": b"x"},
        {"00123": "all/00123.ipynb"},
    ),
}


@pytest.mark.parametrize("platform", DOWNLOADS)
@pytest.mark.parametrize("form", ["zip", "folder", "zip in a folder"])
def test_a_download_is_read_as_it_is_and_unpacked(tmp_path: Path, platform: str, form: str) -> None:
    files, expected = DOWNLOADS[platform]
    if form == "folder":
        path = laid_out(tmp_path / "in", files)
    elif form == "zip":
        path = packed(tmp_path / "download.zip", {**files})
    else:
        path = tmp_path / "in"
        path.mkdir()
        packed(path / "COURSE-HW 1-12345.zip", {**files})
    assert owners(path) == expected


def test_the_parts_of_a_large_download_are_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    packed(folder / "drive-download-20261126T1-001.zip", {"HW 1/00123/a.ipynb": OURS})
    packed(folder / "drive-download-20261126T1-002.zip", {"HW 1/s1/a.ipynb": OURS})
    (folder / "roster.csv").write_text("id\n")
    assert owners(folder) == {"00123": "HW 1/00123/a.ipynb", "s1": "HW 1/s1/a.ipynb"}


@pytest.mark.parametrize(
    "name, encoding",
    [
        ("김하늘", "utf-8"),
        ("김하늘", "cp949"),
        ("José Núñez", "cp437"),
        ("José Núñez", "utf-8"),
        ("José Núñez", "cp1252"),
        ("Zoë Müller", "cp437"),
        ("Zoe\u0308 Mu\u0308ller", "utf-8"),
    ],
)
def test_a_name_without_its_encoding_finds_its_owner(
    tmp_path: Path, name: str, encoding: str
) -> None:
    path = packed(tmp_path / "in.zip", {Raw(f"{name}.ipynb".encode(encoding)): OURS})
    found = owners(path)
    assert len(found) == 1
    if encoding != "cp1252":  # which no zip has, and where only the roster knows the name
        assert found.popitem()[1] == f"{name}.ipynb"


@pytest.mark.parametrize("name", ["뷁똠방", "山田太郎", "Иван Петров"])
def test_names_of_other_countries_stand_in_a_zip_as_they_were_packed(
    tmp_path: Path, name: str
) -> None:
    with Submissions(packed(tmp_path / "in.zip", {f"{name}/s1.ipynb": OURS})) as submissions:
        assert (submissions.folder / name / "s1.ipynb").is_file()


# --- what a zip must not do -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../{}",
        "../../../../../../../../../../tmp/{}",
        "/tmp/{}",
        "C:\\{}",
        "..\\..\\{}",
        "a/../../{}",
        "./.././{}",
        "//host/share/{}",
    ],
)
@pytest.mark.parametrize("own", [True, False])
def test_nothing_is_written_outside(tmp_path: Path, name: str, own: bool) -> None:
    mark = f"slipped-{random.Random(str(tmp_path)).getrandbits(64)}.ipynb"
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    files: dict[str | zipfile.ZipInfo, bytes] = {name.format(mark): OURS}
    if own:
        laid_out(folder / "in", {"s1.zip": zipped(files)})
    else:
        packed(folder / "in.zip", files)
    with Submissions(folder / ("in" if own else "in.zip")) as submissions:
        read_in(submissions)
        places = [Path("/tmp"), submissions.folder.parent, tmp_path, Path("/"), Path.cwd()]
        assert not any((place / mark).exists() for place in places)
        if own:
            inside = submissions.files(folder / "in" / "s1.zip")[0]
        else:
            inside = submissions.files(submissions.folder)[0]
        assert [path.name for path in inside] == [mark]
    assert not list(tmp_path.rglob(mark))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_without_a_name_is_passed_over(tmp_path: Path) -> None:
    files = {Raw(b""): b"x", Raw(b"/"): b"x", Raw(b"\0"): b"x", zipfile.ZipInfo("s1.ipynb"): OURS}
    assert owners(packed(tmp_path / "in.zip", {**files})) == {"s1": "s1.ipynb"}


def test_a_link_in_a_zip_is_not_made(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("00123.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = packed(tmp_path / "in.zip", {link: b"/etc/passwd", "s1.ipynb": OURS})
    assert owners(path) == {"s1": "s1.ipynb"}


def test_a_mountain_leaves_room_for_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1_000)
    files = {"00123.ipynb": b"0" * 10_000_000, "s1.ipynb": OURS, "007/a.mov": b"1" * 1_000_000}
    with Submissions(packed(tmp_path / "in.zip", {**files})) as submissions:
        sizes = {
            path.name: path.stat().st_size for path in submissions.files(submissions.folder)[0]
        }
        # What is longer than a notebook may be is seen by its first byte too many.
        assert sizes == {"00123.ipynb": 1_001, "s1.ipynb": len(OURS), "a.mov": 1_001}
        monkeypatch.setattr(
            archives.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1_500})
        )
    with Submissions(tmp_path / "in.zip") as submissions:
        handed = read_in(submissions).handed
        assert content(handed["s1"].path) == OURS
        assert content(handed["00123"].path) == b""
        assert "the disk is full" in read(submissions.left_out[0])


@pytest.mark.parametrize("kind", ["large", "long", "many", "many notebooks"])
def test_a_bomb_in_a_student_s_zip_is_that_student_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 100_000)
    files: dict[str | zipfile.ZipInfo, bytes] = {"a.ipynb": b"0"}
    if kind == "large":
        files["b.bin"] = random.Random(1).randbytes(200_000)
    elif kind == "long":
        files |= {f"{i}.ipynb": b"0" * 200_000 for i in range(8)}
    elif kind == "many":
        monkeypatch.setattr(archives, "_ENTRIES", 200)
        files |= {f"{i}": b"" for i in range(300)}
    else:
        files |= {f"{i}.ipynb": b"%d" % i for i in range(300)}
    folder = laid_out(tmp_path / "in", {"s1.zip": zipped(files), "00123.ipynb": OURS})
    with Submissions(folder) as submissions:
        collected = read_in(submissions)
        assert collected.handed["00123"].status == ""
        inside = [path for path in collected.handed["s1"].files if path.suffix == ".ipynb"]
        assert len(inside) <= 100
        assert sum(path.stat().st_size for path in inside) <= 4 * 100_001
        assert collected.handed["s1"].notes


def damaged(data: bytes, kind: str) -> bytes:
    """Return a zip of two files whose first has a fault."""
    start = data.index(b"PK\1\2")
    if kind == "cut off":
        return data[: len(data) // 2]
    if kind == "no zip":
        return b"Rar!\x1a\x07" + data
    changed = bytearray(data)
    if kind == "password":
        changed[6] |= 1
        changed[start + 8] |= 1
    elif kind == "unknown compression":
        changed[8:10] = changed[start + 10 : start + 12] = (9).to_bytes(2, "little")
    elif kind == "wrong bytes":
        place = data.index(b"first.ipynb") + 20
        changed[place : place + 4] = b"\xff\xff\xff\xff"
    else:
        assert kind == "wrong sum"
        changed[start + 16 : start + 20] = b"\0\0\0\0"
    return bytes(changed)


FAULTS = ["password", "unknown compression", "wrong bytes", "wrong sum"]


@pytest.mark.parametrize("kind", [*FAULTS, "cut off", "no zip"])
def test_a_zip_that_cannot_be_read_is_told_and_stops_nobody(tmp_path: Path, kind: str) -> None:
    noise = OURS + random.Random(2).randbytes(500).hex().encode()
    own = damaged(zipped({"first.ipynb": noise}), kind)
    folder = laid_out(tmp_path / "in", {"s1.zip": own, "00123.ipynb": OURS})
    if kind == "no zip":  # a zip may stand behind anything else, and is read
        assert owners(folder)["s1"] == "s1.zip/first.ipynb"
        return
    with Submissions(folder) as submissions:
        collected = read_in(submissions)
        told = [read(entry) for entry in collected.handed["s1"].notes]
        assert "s1.zip could not be unpacked: " in told[0]
        assert collected.handed["00123"].path == folder / "00123.ipynb"


@pytest.mark.parametrize("kind", FAULTS)
def test_a_damaged_file_of_a_download_is_empty_and_the_others_are_read(
    tmp_path: Path, kind: str
) -> None:
    noise = OURS + random.Random(2).randbytes(500).hex().encode()
    data = damaged(zipped({"s1/first.ipynb": noise, "00123.ipynb": OURS}), kind)
    (tmp_path / "in.zip").write_bytes(data)
    with Submissions(tmp_path / "in.zip") as submissions:
        handed = read_in(submissions).handed
        assert content(handed["00123"].path) == OURS
        assert content(handed["s1"].path) == b""
        assert read(submissions.left_out[0]).startswith("s1/first.ipynb could not be unpacked: ")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"no zip at all", zipped({"a": b""})[:-10]],
    ids=["empty", "two letters", "text", "cut"],  # a zip holds the time: it is no name
)
def test_a_download_that_is_no_zip_is_refused_with_a_remedy(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in.zip").write_bytes(data)
    with pytest.raises(ValueError, match=r"in\.zip cannot be read as a zip: .*unpack it yourself"):
        Submissions(tmp_path / "in.zip").__enter__()
    with pytest.raises(ValueError, match=r"SUBMISSIONS is .*gone; expected a folder, or a zip"):
        Submissions(tmp_path / "gone").__enter__()


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_two_files_and_a_person_is_asked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for data in (OURS + b"1", OURS + b"2"):
            archive.writestr("s1_hw/x.ipynb", data)
            archive.writestr("s1/hw.ipynb", data)
        archive.writestr("s1", b"a file where a folder is")
    with Submissions(tmp_path / "in.zip") as submissions:
        handed = read_in(submissions).handed["s1"]
        assert handed.status == "unclear"
        assert sorted(map(submissions.shown, handed.files)) == ["s1/hw [2].ipynb", "s1/hw.ipynb"]


def test_a_name_that_no_file_system_takes_is_cut_and_keeps_its_owner_and_its_kind(
    tmp_path: Path,
) -> None:
    long = "과제" * 60
    names = [f"김하늘_12346_67891_{long}.ipynb", f"núñezjosé_12345_67890_{long}{long}.ipynb"]
    found = owners(packed(tmp_path / "in.zip", dict.fromkeys(names, OURS)))
    assert set(found) == {"00125", "00123"}
    assert all(len(n.encode()) <= 255 and n.endswith(".ipynb") for n in found.values())


# --- students' own zips ---------------------------------------------------------------------------


def test_a_notebook_beside_the_zip_that_it_is_in_is_one_notebook(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {"s1/hw.ipynb": OURS, "s1/hw.zip": zipped({"hw.ipynb": OURS})})
    assert owners(folder) == {"s1": "s1/hw.ipynb"}


def test_a_zip_without_a_notebook_was_handed_in_all_the_same(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {"s1.zip": zipped({"essay.docx": b"x"})})
    with Submissions(folder) as submissions:
        handed = read_in(submissions).handed["s1"]
        assert handed.path == folder / "s1.zip"
        assert read(handed.notes[0]) == "s1.zip is no notebook."


def test_the_list_decides_about_a_file_in_a_zip(tmp_path: Path) -> None:
    inside = zipped({"a/one.ipynb": OURS + b"1", "b/two.ipynb": OURS + b"2"})
    folder = laid_out(tmp_path / "in", {"s1/work.zip": inside, "00123.ipynb": OURS})
    path = tmp_path / "list.csv"
    with Submissions(folder) as submissions:
        collected = read_in(submissions)
        assert collected.handed["s1"].status == "unclear"
        write_list(path, submissions, CLASS, collected)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert {"s1/work.zip/a/one.ipynb", "s1/work.zip/b/two.ipynb"} <= {row["file"] for row in rows}
    path.write_text("id,file\ns1,s1/work.zip/b/two.ipynb\n")
    assert owners(folder, path) == {"00123": "00123.ipynb", "s1": "s1/work.zip/b/two.ipynb"}
    whole = packed(tmp_path / "all.zip", {"s1/work.zip": inside})
    assert owners(whole, path) == {"s1": "s1/work.zip/b/two.ipynb"}


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives.tempfile, "tempdir", str(tmp_path / "drafts"))
    (tmp_path / "drafts").mkdir()
    path = packed(tmp_path / "in.zip", {"s1.zip": zipped({"hw.ipynb": OURS})})
    try:
        with Submissions(path) as submissions:
            assert read_in(submissions).handed
            assert list((tmp_path / "drafts").iterdir())
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert not list((tmp_path / "drafts").iterdir())
