"""Run the package's tests and the notebooks as on other machines, and store what came out.

    make machines                        # every run that is missing, failed, or older than the code
    make machines ONLY="3.13 notebooks"  # of these the ones whose name holds all the words

**Processors.** NumPy, OpenBLAS and the C library choose their code by what the processor can do.
Each can be told that it can do less, so one machine stands for several.

**Pythons.** Each installed one gets lossbook the learner's way, by ranges of versions: once with
the newest NumPy and matplotlib, once with the oldest. Where matplotlib is not the version that drew
the stored figures, only their texts are compared.

What a run found is written to results.json as soon as it ends, so an interrupted `make machines`
goes on where it was. A failed run is an error.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = HERE / "results.json"
VENVS = ROOT / ".venv-machines"

#: The pinned environment, and those of learners: what they ask for besides `.[notebooks]`.
PINNED = "pinned"
LEARNERS = {
    "3.11 oldest": ["numpy==1.26.*", "matplotlib==3.9.*"],
    "3.12 newest": [],
    "3.12 oldest": ["numpy==1.26.*", "matplotlib==3.9.*"],
    "3.13 newest": [],
    "3.13 oldest": ["numpy==2.1.*", "matplotlib==3.9.*"],
}
#: What a processor can do, by what is taken from NumPy, OpenBLAS and the C library.
PROCESSORS = {
    "this processor": (r"(?!)", {}),
    "AVX2": (r"AVX512|X86_V4", {"OPENBLAS_CORETYPE": "Haswell"}),
    "SSE": (
        r"",
        {
            "OPENBLAS_CORETYPE": "Nehalem",
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F",
        },
    ),
}
#: All but the test of what is stored here: else a failure would be one for ever.
ELSEWHERE = ("tests/book", "tests/classroom", "tests/test_machines.py")
TESTS = {
    "package": ["tests", *(f"--ignore={place}" for place in ELSEWHERE)],
    "notebooks": ["-W", "default", "--nbval", "--nbval-current-env", "chapters"],
}
RUNS = [
    *((PINNED, processor) for processor in PROCESSORS),
    *((learner, "this processor") for learner in LEARNERS),
    ("3.11 oldest", "SSE"),
]

PROBE = """
import importlib.metadata, json, platform
try:
    from numpy._core import _multiarray_umath as core
except ImportError:  # NumPy 1
    from numpy.core import _multiarray_umath as core
features = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
versions = {name: importlib.metadata.version(name) for name in ("numpy", "matplotlib")}
print(json.dumps({"features": features, "python": platform.python_version(), **versions}))
"""


class Run(NamedTuple):
    """Which tests run where."""

    environment: str
    processor: str
    tests: str


def interpreter(version: str) -> str | None:
    """Return a Python of this version that runs, from the path or from pyenv."""
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for found in (shutil.which(f"python{version}"), *map(str, pyenv)):
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return found
    return None


@cache
def python_of(environment: str) -> Path | None:
    """Set up an environment, and return its Python; None where its version is not installed."""
    if environment == PINNED:
        return ROOT / ".venv" / "bin" / "python"
    base = interpreter(environment.split()[0])
    if base is None:
        return None
    folder = VENVS / environment.replace(" ", "-")
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "-qq", "--disable-pip-version-check", "install"]
    if not python.exists():
        print(f"setting up {os.path.relpath(folder, ROOT)} ...", flush=True)
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
        subprocess.run([*pip, "--upgrade", "pip>=25.1"], check=True)
    # What is asked for today, and the package as it is today.
    wanted = ["--group", "test", ".[notebooks]", *LEARNERS[environment]]
    subprocess.run([*pip, *wanted], cwd=ROOT, check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", "."], cwd=ROOT, check=True)
    return python


@cache
def probed(python: Path) -> dict[str, Any]:
    """Return the versions in an environment, and what its NumPy uses of this processor."""
    done = subprocess.run([python, "-c", PROBE], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@cache
def sources() -> str:
    """Return a digest of all that decides what a run finds."""
    listed = ["git", "ls-files", "-z", "lossbook", "chapters", "tests", "tools", "pyproject.toml"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256()
    for name in sorted(filter(None, files.split("\0"))):
        path = ROOT / name
        if not re.match(r"tests/(book|classroom|mutants|machines)/|lossbook/classroom", name):
            digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def lacking(processor: str, python: Path) -> dict[str, str]:
    """Return the environment variables that take from this processor what another one lacks."""
    pattern, others = PROCESSORS[processor]
    features = [name for name in probed(python)["features"] if re.match(pattern, name)]
    return {**others, "NPY_DISABLE_CPU_FEATURES": " ".join(features)}


def done(run: Run, python: Path) -> dict[str, Any]:
    """Run the tests and return what is to be stored of it."""
    about = probed(python)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfE", "--tb=short"]
    command += TESTS[run.tests]
    drawn_by = probed(ROOT / ".venv" / "bin" / "python")["matplotlib"]
    same = about["matplotlib"].split(".")[:2] == drawn_by.split(".")[:2]
    if run.tests == "notebooks" and not same:
        command += ["--figures", "texts"]
    process = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **lacking(run.processor, python)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) (.*)$", process.stdout, flags=re.MULTILINE)
    passed = re.search(r"(\d+) passed", process.stdout)
    if process.returncode:
        print(process.stdout[-20_000:] + process.stderr[-4_000:], flush=True)
        failed = failed or [f"pytest ended with {process.returncode}"]
    versions = {name: about[name] for name in ("python", "numpy", "matplotlib")}
    count = int(passed[1]) if passed else 0
    return {**run._asdict(), **versions, "of": sources(), "passed": count, "failed": failed}


def results() -> dict[Run, dict[str, Any]]:
    """Return what is stored."""
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    return {Run(one["environment"], one["processor"], one["tests"]): one for one in found}


def main() -> int:
    """Do what is not yet done."""
    words = sys.argv[1:]
    runs = [Run(*place, tests) for place in RUNS for tests in TESTS]
    chosen = [run for run in runs if all(word in " ".join(run) for word in words)]
    failures = 0
    for number, run in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {', '.join(run)}: ", end="", flush=True)
        found = results().get(run)
        if found is None or found["failed"] or found["of"] != sources():
            python = python_of(run.environment)
            if python is None:
                print("this Python is not installed")
                continue
            found = done(run, python)
            stored = {**results(), run: found}  # read anew: another run may have ended meanwhile
            kept = [stored[run] for run in runs if run in stored]
            RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        failures += len(found["failed"])
        print(f"{found['passed']} passed", *found["failed"], sep="\n  failed: ", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
