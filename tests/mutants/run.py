"""Change the package's code in a copy, one small change at a time, and see whether a test notices.

    make mutants                        # all modules
    make mutants MODULES="sums checks"  # only these
    make mutants MODULES="--again sums" # only the lines on which a change has survived

A change that no test notices has survived. Each survivor is listed in results.json, with the
reason in equivalent.json why the changed code does the same; one without a reason is an error.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOOL = ROOT / ".venv-mutants" / "bin" / "cosmic-ray"
PYTHON = ROOT / ".venv" / "bin" / "python"
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
    "kernels": (
        "tests/test_probabilities.py tests/losses/test_categorical_crossentropy.py "
        "tests/losses/test_sparse_categorical_crossentropy.py "
        "tests/losses/test_binary_crossentropy.py tests/test_engine.py"
    ),
    "checks": "tests/test_checks.py tests/test_information_theory.py tests/test_engine.py",
    "conversion": (
        "tests/test_conversion.py tests/test_samples.py tests/test_remedies.py tests/test_checks.py"
    ),
    "mistakes": "tests/test_remedies.py tests/test_checks.py",
    "samples": "tests/test_samples.py tests/test_remedies.py",
    "arguments": "tests/test_checks.py tests/test_engine.py",
    "batch": ENGINE,
    "engine": ENGINE,
    "properties": "tests/test_properties.py",
    "probabilities": "tests/test_probabilities.py",
    "information_theory": "tests/test_information_theory.py",
}
#: What takes long and finds nothing that the same test with fewer classes does not find.
SLOW = "not 1000 and not ten_million and not larger_than and not many_threads"
#: One other operator for each; all others would make ten times as many changes, found alike.
OPERATORS = re.compile(
    r"core/(ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Pow_Mul|Mod_Mul|FloorDiv_Mul)"
    r"|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Is_IsNot|IsNot_Is)"
    r"|ReplaceUnaryOperator_(Delete_.*|USub_UAdd|Invert_.*)|ReplaceAndWithOr|ReplaceOrWithAnd"
    r"|ReplaceTrueWithFalse|ReplaceFalseWithTrue|AddNot|NumberReplacer|RemoveDecorator"
    r"|ZeroIterationForLoop)$"
)


def main(names: list[str]) -> int:
    """Run the named modules, or all, and store what came out."""
    again, names = "--again" in names, [name for name in names if name != "--again"]
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"No module {unknown[0]!r}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    for name in names or MODULES:
        if again:
            before = results[name]
            results[name] = _run(name, {one["line"] for one in before["survived"]})
            changes = before["killed"] + len(before["survived"])
            results[name]["killed"] = changes - len(results[name]["survived"])
        else:
            results[name] = _run(name)
        give_reasons(results)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        found = results[name]
        print(f"{name}: {found['killed']} killed, {len(found['survived'])} survived", flush=True)
    bad = [
        (name, one) for name in results for one in results[name]["survived"] if not one["reason"]
    ]
    for name, one in bad:
        print(f"survived, {name}: {one['line']}\n   as {one['changed']}")
    return 1 if bad else 0


def _run(name: str, lines: set[str] | None = None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("lossbook", "tests"):
            shutil.copytree(
                ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "classroom")
            )
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / "config.toml").write_text(
            "[cosmic-ray]\n"
            f'module-path = "lossbook/{name}.py"\n'
            "timeout = 600.0\n"
            "excluded-modules = []\n"
            f'test-command = \'{PYTHON} -m pytest -x -q -p no:cacheprovider -k "{SLOW}" '
            f"{MODULES[name]}'\n"
            '[cosmic-ray.distributor]\nname = "local"\n',
            "utf-8",
        )
        settings = os.environ | {
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # to start takes longer than most tests
        }

        def tool(*arguments: str) -> str:
            done = subprocess.run(
                [TOOL, *arguments],
                cwd=copy,
                env=settings,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            return done.stdout

        began = time.monotonic()
        tool("baseline", "config.toml")  # else every change would seem to be found
        # A change that lets a loop run forever is found; a busy machine finds nothing.
        config = copy / "config.toml"
        patience = max(60.0, 10.0 * (time.monotonic() - began))
        config.write_text(
            config.read_text("utf-8").replace("timeout = 600.0", f"timeout = {patience}")
        )
        tool("init", "config.toml", "session.sqlite")
        places = [
            number
            for number, line in enumerate((copy / f"lossbook/{name}.py").read_text().split("\n"), 1)
            if lines is None or line.strip() in lines
        ]
        _keep(copy / "session.sqlite", places)
        tool("exec", "config.toml", "session.sqlite")
        return summary(name, tool("dump", "session.sqlite"))


def summary(name: str, dump: str) -> dict[str, Any]:
    """Return how many changes were killed, which survived, and how many were not tried."""
    items = [json.loads(line) for line in dump.splitlines()]
    killed, untried = 0, 0
    survived: list[dict[str, str]] = []
    for _, result in items:
        if result is None:
            untried += 1
            continue
        if result["worker_outcome"] == "skipped":
            continue
        if result["test_outcome"] != "survived":
            killed += 1
            continue
        changes = [x for x in result["diff"].splitlines() if x[:3] not in ("---", "+++")]
        line, changed = (
            next((x[1:].strip() for x in changes if x.startswith(sign) and x[1:].strip()), "")
            for sign in "-+"
        )
        survived.append({"line": line, "changed": changed, "reason": ""})
    return {"killed": killed, "untried": untried, "survived": survived}


def give_reasons(results: dict[str, Any]) -> None:
    """Write to each survivor why the changed code does the same, where that is known."""
    reasons = json.loads(REASONS.read_text("utf-8"))
    for name, found in results.items():
        known = reasons.get(name, {})
        for one in found["survived"]:
            one["reason"] = known.get(one["changed"], known.get(one["line"], ""))
            if "reshape(" in one["changed"] and "- 2" in one["changed"]:
                one["reason"] = "NumPy reads every negative length as the one to find."


def _keep(session: Path, places: list[int]) -> None:
    """Mark the changes of other operators and on other lines as done, so that they are skipped."""
    program = (
        "import re, sys\n"
        "from cosmic_ray.work_db import use_db, WorkDB\n"
        "from cosmic_ray.work_item import WorkResult, WorkerOutcome\n"
        "keep, places = re.compile(sys.argv[2]), set(map(int, sys.argv[3:]))\n"
        "with use_db(sys.argv[1], WorkDB.Mode.open) as db:\n"
        "    for item in db.pending_work_items:\n"
        "        [change] = item.mutations\n"
        "        if not (keep.match(change.operator_name) and change.start_pos[0] in places):\n"
        "            db.set_result(item.job_id, WorkResult(WorkerOutcome.SKIPPED))\n"
    )
    python = TOOL.with_name("python")
    subprocess.run(
        [python, "-c", program, session, OPERATORS.pattern, *map(str, places)], check=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
