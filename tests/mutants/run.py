"""Change the package's code in a copy, one small change at a time, and see whether a test notices.

    make mutants                        # all modules
    make mutants MODULES="sums checks"  # only these
    make mutants MODULES="--again sums" # only the lines on which a change has survived, after the
                                        # tests have changed and the module has not

A change that no test notices has survived. Each survivor is listed in results.json, with the
reason in equivalent.json why the changed code does the same; one without a reason is an error.
"""

from __future__ import annotations

import difflib
import importlib.util
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOOL = ROOT / ".venv-mutants" / "bin" / "python"
RESULTS, REASONS = HERE / "results.json", HERE / "equivalent.json"

ENGINE = "tests/test_engine.py tests/test_checks.py"
SHARED = f"tests/test_properties.py {ENGINE}"
DRAWN = "tests/test_search.py::test_no_drawn_input_has_fewer_than_fifteen_digits"
CORRELATION = " ".join(f"{DRAWN}[pearson_correlation{name}]" for name in ("", "_loss"))
LOSSES = sorted(path.stem for path in (ROOT / "lossbook" / "losses").glob("[!_]*.py"))
#: The module and the tests that it must pass, the quickest first.
MODULES = {
    **{f"losses/{name}": f"tests/losses/test_{name}.py {SHARED}" for name in LOSSES},
    "losses/pearson_correlation": f"tests/losses/test_pearson_correlation.py {CORRELATION}",
    "sums": "tests/test_sums.py",
    "kernels": " ".join(
        ["tests/test_probabilities.py"]
        + [
            f"tests/losses/test_{name}.py"
            for name in LOSSES
            if "crossentropy" in name or name in ("categorical_hinge", "log_cosh")
        ]
    ),
    "checks": (
        "tests/test_checks.py tests/losses/test_huber.py tests/test_remedies.py "
        "tests/losses/test_gaussian_negative_log_likelihood.py tests/test_information_theory.py"
    ),
    "conversion": (
        "tests/test_conversion.py tests/test_samples.py tests/test_remedies.py tests/test_checks.py"
    ),
    "mistakes": "tests/test_remedies.py tests/test_checks.py",
    "samples": "tests/test_samples.py tests/test_remedies.py",
    "arguments": f"tests/losses/test_mean_absolute_error.py {ENGINE}",
    "batch": f"{ENGINE} tests/losses/test_gaussian_negative_log_likelihood.py",
    "engine": (
        "tests/test_properties.py::test_a_loss_names_the_chapter_about_it "
        f"tests/test_remedies.py {ENGINE}"
    ),
    "properties": "tests/test_properties.py",
    "probabilities": "tests/test_probabilities.py",
    "information_theory": "tests/test_information_theory.py",
}
#: What the tests import and no change touches: imported once, for the tests of all changes.
UNTOUCHED = "dask.array hypothesis mpmath numpy pandas pytest sklearn.metrics xdist.scheduler yaml"
#: What takes long and finds nothing that the same test with fewer classes does not find.
SLOW = "not 1000 and not ten_million and not larger_than and not many_threads"
#: Print all changes of a module. One other operator for each; all others would make ten times as
#: many changes, found alike.
CHANGES = r"""
import itertools, json, re, sys
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

operators = re.compile(
    "core/(ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Pow_Mul|Mod_Mul|FloorDiv_Mul)"
    "|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Is_IsNot|IsNot_Is)"
    "|ReplaceUnaryOperator_(Delete_.*|USub_UAdd|Invert_.*)|ReplaceAndWithOr|ReplaceOrWithAnd"
    "|ReplaceTrueWithFalse|ReplaceFalseWithTrue|AddNot|NumberReplacer|RemoveDecorator"
    "|ZeroIterationForLoop)"
)
code = sys.stdin.read()
for name in filter(operators.fullmatch, operator_names()):
    for place in itertools.count():
        changed = mutate_code(code, get_operator(name)(), place)
        if changed is None:
            break
        print(json.dumps(changed), flush=True)
"""


def main(names: list[str]) -> int:
    """Run the named modules, or all, and store what came out."""
    again, names = "--again" in names, [name for name in names if name != "--again"]
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"No module {unknown[0]!r}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    stored = _stored()
    for name in names or MODULES if again else []:
        lines = gone(name, stored[name]) if name in stored else ["the first"]
        if lines:
            print(f"{name} is not as it was run: without --again, {command(name)}\n   {lines[0]}")
            return 2
    _prepare()
    for name in names or MODULES:
        before = stored[name] if again else None
        found = _run(name, before and {one["line"] for one in before["survived"]})
        if before:  # of the lines on which none had survived, every change is killed
            changes = before["killed"] + len(before["survived"])
            found["killed"] = changes - len(found["survived"])
        results = _stored() | {name: found}
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{name}: {found['killed']} killed, {len(found['survived'])} survived", flush=True)
    bad = [
        (name, one)
        for name in names or MODULES
        for one in _stored()[name]["survived"]
        if not reason(name, one)
    ]
    for name, one in bad:
        print(f"survived, {name}: {one['line']}\n   as {one['changed']}")
    return 1 if bad else 0


def _stored() -> dict[str, Any]:
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def gone(name: str, found: dict[str, Any]) -> list[str]:
    """Return the lines with a survivor that a module no longer has."""
    code = (ROOT / "lossbook" / f"{name}.py").read_text("utf-8")
    there = {line.strip() for line in code.split("\n")}
    return [one["line"] for one in found["survived"] if one["line"] not in there]


def command(name: str) -> str:
    """Return what runs a module."""
    return f'make mutants MODULES="{name}"'


def _prepare() -> None:
    """Import what no change touches; the tests of each change run in a copy of this process."""
    os.environ |= {
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # for processes that a test starts
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # to start takes longer than most tests
    }
    for name in UNTOUCHED.split():
        importlib.import_module(name)


def _run(name: str, lines: set[str] | None = None) -> dict[str, Any]:
    """Try the changes of a module, or of some of its lines."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("lossbook", "tests"):
            shutil.copytree(
                ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "classroom")
            )
        shutil.copy(ROOT / "pyproject.toml", copy)
        module = copy / f"lossbook/{name}.py"
        code = module.read_text("utf-8")

        finders: dict[str, None] = {}
        sys.dont_write_bytecode = False
        began = time.monotonic()
        if not _passes(name, copy, 600.0, finders):  # else every change would seem to be found
            raise SystemExit(f"{name}: a test fails without any change")
        # A change that lets a loop run forever is found; a busy machine finds nothing.
        patience = max(60.0, 10.0 * (time.monotonic() - began))
        # What the first run has compiled is compiled for all, but for the module that changes.
        Path(importlib.util.cache_from_source(str(module))).unlink()
        sys.dont_write_bytecode = True
        module.write_text("raise ImportError", "utf-8")
        if _passes(name, copy, patience, finders):
            raise SystemExit(f"{name}: the tests do not import the copy")

        killed = 0
        survived: list[dict[str, str]] = []
        for changed in changes(code):
            line, other = difference(code, changed)
            if lines is not None and line not in lines:
                continue
            module.write_text(changed, "utf-8")
            if _passes(name, copy, patience, finders):
                survived.append({"line": line, "changed": other})
            else:
                killed += 1
        return {"killed": killed, "survived": survived}


def _passes(name: str, copy: Path, patience: float, finders: dict[str, None]) -> bool:
    """Return whether the copy passes its module's tests in that many seconds.

    The tests that have found a change run first: they are likely to find the next one too.
    """
    context = multiprocessing.get_context("fork")
    failed = context.SimpleQueue()
    process = context.Process(target=_test, args=(name, copy, list(finders), failed))
    process.start()
    process.join(patience)
    process.kill()
    process.join()
    while not failed.empty():
        finders[failed.get()] = None
    return process.exitcode == 0


def _test(name: str, copy: Path, finders: list[str], failed: SimpleQueue[str]) -> None:
    """Run a module's tests until one fails; be silent."""
    import pytest

    class FindersFirst:
        """Pytest's plugin that sorts the tests, and tells which one has failed."""

        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            items.sort(key=lambda item: item.nodeid not in finders)

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failed.put(report.nodeid)

    os.chdir(copy)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    options = ["-x", "-q", "-p", "no:cacheprovider", "-k", wanted(name)]
    failures = pytest.main([*options, *MODULES[name].split()], [FindersFirst()])
    os._exit(bool(failures))  # there is nothing to tidy up


def wanted(name: str) -> str:
    """Return pytest's expression for the tests that can find a change of a module."""
    if name == "batch":
        return SLOW
    if not name.startswith("losses/"):
        return f"{SLOW} and not memory"  # of which the walk and the losses decide how much is taken
    own = name.removeprefix("losses/")
    return " and not ".join([SLOW, *(other for other in LOSSES if other not in own)])


def changes(code: str) -> Iterator[str]:
    """Yield a module's code with one change, for each change."""
    with subprocess.Popen(
        [TOOL, "-c", CHANGES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(code)
        process.stdin.close()
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise SystemExit("Cosmic Ray cannot change this module")


def difference(code: str, changed: str) -> tuple[str, str]:
    """Return the first line that a change takes away, and the first that it brings."""
    lines = list(difflib.unified_diff(code.split("\n"), changed.split("\n"), n=0))[2:]
    line, other = (
        next((x[1:].strip() for x in lines if x.startswith(sign) and x[1:].strip()), "")
        for sign in "-+"
    )
    return line, other


def reason(name: str, one: dict[str, str]) -> str:
    """Return why the code that a survivor has changed does the same, if that is known."""
    if "reshape(" in one["changed"] and "- 2" in one["changed"]:
        return "NumPy reads every negative length as the one to find."
    known = _reasons().get(name, {})
    return known.get(one["changed"], known.get(one["line"], ""))


@cache
def _reasons() -> dict[str, dict[str, str]]:
    return json.loads(REASONS.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
