"""The folder that a submission sees as the whole machine: Python's library, NumPy, nothing else.

It is made of copies, file by file: a prefix that holds other environments, a home directory and
the system's programs are not in it. It is kept in the user's cache, for this Python and NumPy.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

__all__ = ["LIBRARIES", "PACKAGES", "PYTHON", "forget", "root"]

#: Places inside.
PYTHON = f"/python/bin/python3.{sys.version_info.minor}"
LIBRARIES = "/python/libraries"
PACKAGES = "/packages"
#: What else has to be there to be mounted on.
FOLDERS = ("dev", "packages/lossbook", "work")
#: Modules of the standard library that open windows, install packages or test Python.
LEFT_OUT = {
    *("_tkinter", "ensurepip", "idlelib", "lib2to3", "test", "tkinter"),
    *("turtle", "turtledemo", "venv"),
}
VERSION = 2  # of the way in which the folder is made
DAYS = 90  # after which a folder that nobody has used is removed


@functools.cache
def root() -> Path:
    """Return the folder; it is made if it is not there yet."""
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lossbook"
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or a home that cannot be written
        cache = Path(tempfile.mkdtemp(prefix="lossbook-"))
    made = cache / f"sandbox-{_key()}"
    if not made.is_dir():
        _remove_old(cache)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=cache))
        try:
            _make(draft)
            draft.chmod(0o755)
            draft.rename(made)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            if not made.is_dir():  # else another process was quicker
                raise
    os.utime(made)
    return made


def forget() -> None:
    """Remove the folder, so that it is made anew: something has taken files out of it."""
    shutil.rmtree(root(), ignore_errors=True)
    root.cache_clear()


def _key() -> str:
    """Return a name that changes with Python and NumPy."""
    parts: list[object] = [VERSION, sys.version, np.__version__]
    for path in (_python(), Path(np.__file__), _standard_library() / "os.py"):
        parts += [path, path.stat().st_mtime_ns]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _remove_old(cache: Path) -> None:
    for folder in [*cache.glob("sandbox-*"), *cache.glob("draft-*")]:
        if time.time() - folder.stat().st_mtime > DAYS * 86_400:
            shutil.rmtree(folder, ignore_errors=True)


def _python() -> Path:
    """Return the interpreter itself, not that of a virtual environment."""
    python = Path(sys.base_prefix).resolve() / "bin" / f"python3.{sys.version_info.minor}"
    return python if python.exists() else Path(sys.executable).resolve()


def _standard_library() -> Path:
    return Path(sysconfig.get_path("stdlib")).resolve()


def _make(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    (folder / "dev" / "null").touch()
    copied = [(_python(), PYTHON), *_modules(), *_numpy()]
    binaries = [path for path, _ in copied if path == _python() or ".so" in path.name]
    for path, place in [*copied, *_libraries(binaries)]:
        target = folder / place.removeprefix("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        shutil.copystat(path, target)


def _modules() -> Iterator[tuple[Path, str]]:
    """Yield the files of the standard library, and where they are inside."""
    library = _standard_library()
    prefix = Path(sys.base_prefix).resolve()
    # Python finds its library beside itself, by the same way as here.
    place = f"/python/{library.relative_to(prefix)}"
    wanted = (sys.stdlib_module_names | {"lib-dynload", "__pycache__"}) - LEFT_OUT
    for entry in sorted(library.iterdir()):
        name = entry.name.partition(".")[0]
        if name in wanted or name.startswith("_sysconfigdata"):
            for path in _code(entry):
                if path.name.partition(".")[0] not in LEFT_OUT:
                    yield path, f"{place}/{path.relative_to(library)}"


def _numpy() -> Iterator[tuple[Path, str]]:
    home = Path(np.__file__).resolve().parent
    for folder in (home, home.parent / "numpy.libs"):
        for path in _code(folder):
            yield path, f"{PACKAGES}/{path.relative_to(home.parent)}"


def _code(entry: Path) -> Iterator[Path]:
    """Yield modules, what they were compiled to, and shared libraries; no tests of them."""
    for path in [entry] if entry.is_file() else sorted(entry.rglob("*")):
        if not {"test", "tests"}.isdisjoint(path.relative_to(entry).parts):
            continue
        compiled = path.name.endswith(f".{sys.implementation.cache_tag}.pyc")
        if path.is_file() and (path.suffix == ".py" or compiled or ".so" in path.suffixes):
            yield path


def _libraries(binaries: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the system's libraries that some files need, and their loader."""
    command = ["ldd", *map(str, binaries)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    own = {path.name for path in binaries}
    found = {}
    for line in told.splitlines():
        name, _, path = line.strip().partition(" => ")
        path = path.partition(" (")[0]
        if Path(path).is_file() and name not in own:
            found[f"{LIBRARIES}/{name}"] = Path(path)
        elif name.startswith("/"):  # the loader is asked for by its full name
            loader = name.partition(" (")[0]
            if Path(loader).is_file() and Path(loader) not in binaries:
                found[loader] = Path(loader)
    for place, library in sorted(found.items()):
        yield library, place
