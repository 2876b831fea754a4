"""What was handed in, in a folder or in zips: each file at a place of its own.

A platform packs a zip, students pack zips of their own, and names in both are as anybody liked. So
nothing is unpacked by the names that stand in a zip: every part of a path is made fit first, no
file is longer than what can be graded, and all of them together have a limit.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from lossbook.classroom.student.messages import N_, Note, _, note
from lossbook.classroom.teacher.names import repaired_name
from lossbook.classroom.teacher.platforms import is_junk
from lossbook.classroom.teacher.source import LARGEST
from lossbook.classroom.teacher.text import clean

__all__ = ["Submissions", "is_notebook"]

#: What a zip can do to whoever reads it.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,  # among others a damaged stream of bzip2
    RuntimeError,  # a password
    NotImplementedError,  # a compression that Python does not know
    ValueError,
    OverflowError,
)
#: A student's own zip may hold so many files, and so many notebooks.
_ENTRIES, _NOTEBOOKS = 20_000, 100
#: What a file system takes of a name, in bytes, with room for a number.
_NAME = 240


def is_notebook(name: str) -> bool:
    """Return whether a name is a notebook's, also where a browser has added to it.

    >>> from lossbook.classroom.teacher.archives import is_notebook
    >>> [is_notebook(name) for name in ("a.ipynb", "A.IPYNB.txt", "a.ipynb.json", "a.txt")]
    [True, True, True, False]
    """
    return re.search(r"(?i)\.ipynb(\.txt|\.json)?$", name) is not None


class Submissions:
    """A folder of submissions, or zips that are read as one while the context lasts.

    Parameters
    ----------
    path : Path
        A folder, or a platform's download as it is.

    Attributes
    ----------
    folder : Path
        Where the files are.
    left_out : list of dict
        What could not be unpacked, and why.

    Raises
    ------
    ValueError
        If the path is neither a folder nor a zip that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path
        self.left_out: list[Note] = []
        self._drafts = contextlib.ExitStack()
        self._opened: dict[Path, tuple[Path, tuple[Note, ...]]] = {}  # students' zips
        self._places: dict[str, Path] = {}

    def __enter__(self) -> Submissions:
        if self.path.is_file():
            with contextlib.ExitStack() as drafts:  # closed here if the zip cannot be read
                self._drafts = drafts
                self.unpack([self.path])
                self._drafts = drafts.pop_all()
        elif not self.path.is_dir():
            raise ValueError(
                _("SUBMISSIONS is {path}; expected a folder, or a zip").format(path=self.path)
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drafts.close()

    def unpack(self, zips: Iterable[Path]) -> None:
        """Read these zips, the parts of one download, as the folder of submissions."""
        self.folder = self._room()
        self._places = {}
        self._unpack_all(zips, self.folder)

    def files(self, path: Path) -> tuple[list[Path], tuple[Note, ...]]:
        """Return a file, or all files of a folder, and what is to be said of zips among them.

        Hidden files and symbolic links are left out. The notebooks in a student's own zip stand
        in its place.
        """
        if path.is_file():
            return self._or_its_notebooks(path)
        found: list[Path] = []
        notes: tuple[Note, ...] = ()
        for below, folders, names in os.walk(path):
            folders[:] = sorted(n for n in folders if not is_junk(Path(below, n)))
            for file in (Path(below, name) for name in sorted(names)):
                # A pipe in the place of a file would never end.
                if not is_junk(file) and file.is_file():
                    some, told = self._or_its_notebooks(file)
                    found += some
                    notes += told
        return found, notes

    def shown(self, path: Path) -> str:
        """Return where a file is, as seen from the folder, in characters any table can hold."""
        archive = self.outside(path)
        if archive != path:
            return f"{self.shown(archive)}/{_printed(path.relative_to(self._opened[archive][0]))}"
        below = path.is_relative_to(self.folder)
        return _printed(path.relative_to(self.folder if below else self.path))

    def outside(self, path: Path) -> Path:
        """Return a file, or the zip that it is in."""
        inside = (a for a, (folder, _notes) in self._opened.items() if path.is_relative_to(folder))
        return next(inside, path)

    def find(self, shown: str) -> Path | None:
        """Return the file of which this is said to be the place."""
        if not self._places:
            self._places = {self.shown(file): file for file in self.folder.rglob("*")}
        if shown in self._places:
            return self._places[shown]
        archive = self._places.get(re.sub(r"(?i)(\.zip)/.*", r"\1", shown, flags=re.DOTALL))
        inside = self._or_its_notebooks(archive)[0] if archive and archive.is_file() else []
        return next((file for file in inside if self.shown(file) == shown), None)

    def _room(self) -> Path:
        made = tempfile.TemporaryDirectory(prefix="lossbook-", ignore_cleanup_errors=True)
        return Path(self._drafts.enter_context(made))

    def _or_its_notebooks(self, path: Path) -> tuple[list[Path], tuple[Note, ...]]:
        """Return a file; of a student's zip the notebooks in it, if there are any."""
        if path.suffix.lower() != ".zip":
            return [path], ()
        if path not in self._opened:
            folder = self._room()
            self._opened[path] = folder, tuple(_notebooks_of(path, folder))
        folder, notes = self._opened[path]
        inside = sorted(file for file in folder.rglob("*") if file.is_file())
        return inside or [path], notes

    def _unpack_all(self, zips: Iterable[Path], folder: Path) -> None:
        """Unpack what a platform has packed."""
        for path in sorted(zips):
            try:
                with zipfile.ZipFile(path) as archive:
                    # The smallest first: who hands in a mountain has no room for it, and others do.
                    members = sorted(_members(archive), key=lambda member: member[0].file_size)
                    for entry, place in members:
                        most = LARGEST + 1 if place.name != "submission_metadata.yml" else None
                        room = shutil.disk_usage(folder).free // 2
                        try:
                            if min(entry.file_size, most or entry.file_size) > room:
                                raise ValueError(_("the disk is full"))
                            _extract(archive, entry, folder / place, most)
                        except _FAULTS as error:
                            self._leave_out(place, str(error))
                            # Something was handed in, though it cannot be read.
                            _write(folder / place, b"")
            except _FAULTS as error:
                raise ValueError(
                    _(
                        "{path} cannot be read as a zip: {error}; download it once more, or unpack "
                        "it yourself and give the folder"
                    ).format(path=path, error=error)
                ) from None

    def _leave_out(self, place: Path, fault: str) -> None:
        message = N_("{file} could not be unpacked: {error}")
        self.left_out.append(note(message, file=_printed(place), error=clean(fault)[:200]))


def _printed(path: Path) -> str:
    return clean(str(path).encode("utf-8", "backslashreplace").decode())


def _members(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, Path]]:
    """Return the files of a zip, each with the place where it belongs: below, and nobody else's."""
    found: list[tuple[zipfile.ZipInfo, Path]] = []
    for entry in archive.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        name = entry.filename
        if not entry.flag_bits & 0x800:  # nothing says that the name is in UTF-8
            name = repaired_name(name)
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        if not parts or name.endswith(("/", "\\")) or kind not in (0, stat.S_IFREG):
            continue
        if any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue
        found.append((entry, Path(*map(_fit, parts))))
    folders = {folder for _entry, place in found for folder in place.parents}
    taken: set[Path] = set()
    for i, (entry, place) in enumerate(found):
        number, first = 2, place
        while place in taken or place in folders:  # a zip may hold a name twice
            place = first.with_name(f"{first.stem} [{number}]{first.suffix}")
            number += 1
        taken.add(place)
        found[i] = entry, place
    return found


def _fit(part: str) -> str:
    """Return a part of a path as a file system takes it: what is too long is cut in the middle."""
    part = part.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    stem, dot, suffix = part.rpartition(".")
    end = dot + suffix if stem and len(suffix) < 20 else ""
    room = _NAME - len(end.encode())
    if len(part.encode()) <= _NAME:
        return part
    return part.removesuffix(end).encode()[:room].decode("utf-8", "ignore") + end


def _extract(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, most: int | None
) -> None:
    """Write a file of a zip, and of a larger one the beginning, by which it is seen to be large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed, path.open("wb") as file:
        left = entry.file_size if most is None else most
        while left > 0 and (piece := packed.read(min(left, 1 << 20))):
            file.write(piece)
            left -= len(piece)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _notebooks_of(path: Path, folder: Path) -> Iterable[Note]:
    """Unpack the notebooks of a student's own zip, and yield what is to be said of it."""
    told = N_("{file} could not be unpacked: {error}")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        # Counted before it is read: what a zip lists can fill the memory.
        if len(data) > LARGEST or data.count(b"PK\1\2") > _ENTRIES:
            yield note(told, file=clean(path.name), error=_("it is too large"))
            return
        with zipfile.ZipFile(path) as archive:
            members = [
                (entry, place) for entry, place in _members(archive) if is_notebook(place.name)
            ]
            left = 4 * LARGEST
            for entry, place in sorted(members, key=lambda m: m[0].file_size)[:_NOTEBOOKS]:
                left -= min(entry.file_size, LARGEST + 1)
                if left < 0:
                    yield note(told, file=clean(path.name), error=_("it is too large"))
                    return
                _extract(archive, entry, folder / place, LARGEST + 1)
    except _FAULTS as error:
        yield note(told, file=clean(path.name), error=clean(str(error))[:200])
