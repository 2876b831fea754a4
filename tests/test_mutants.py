from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.mutants import run

RESULTS = json.loads(run.RESULTS.read_text("utf-8"))


@pytest.mark.parametrize(
    "code, changed, expected",
    [
        ("a = 1\nb = a + 1\n", "a = 1\nb = a - 1\n", ("b = a + 1", "b = a - 1")),
        ("def f():\n    return 0\n", "def f():\n    return 1\n", ("return 0", "return 1")),
        ("@cache\ndef f(): ...\n", "\ndef f(): ...\n", ("@cache", "")),
        ("x = (\n    1\n    < y\n)\n", "x = (\n    1 <= y\n)\n", ("1", "1 <= y")),
    ],
)
def test_a_change_is_known_by_the_first_line_that_goes_and_the_first_that_comes(
    code: str, changed: str, expected: tuple[str, str]
) -> None:
    assert run.difference(code, changed) == expected


def test_a_loss_is_tried_by_its_own_tests_and_those_of_no_other() -> None:
    words = run.wanted("losses/squared_hinge").split(" and ")
    assert "not categorical_hinge" in words
    assert "not hinge" not in words  # this would leave out squared_hinge too
    assert "not squared_hinge" not in words
    assert "not squared_hinge" in run.wanted("losses/hinge").split(" and ")
    assert run.wanted("batch") == run.SLOW


def test_every_module_is_tried_by_tests_that_there_are() -> None:
    for tests in run.MODULES.values():
        for one in tests.split():
            assert (run.ROOT / one.partition("::")[0]).is_file(), one


def test_every_module_that_computes_is_changed() -> None:
    package = run.ROOT / "lossbook"
    modules = {
        path.relative_to(package).with_suffix("").as_posix()
        for folder in (package, package / "losses")
        for path in folder.glob("[!_]*.py")
    }
    assert modules - {"notebook"} == set(run.MODULES)


def test_every_module_is_run_and_every_survivor_has_a_reason() -> None:
    assert set(RESULTS) == set(run.MODULES)
    for name, found in RESULTS.items():
        for one in found["survived"]:
            assert run.reason(name, one), f"{name}: {one['changed']}"


def test_every_reason_is_that_of_a_survivor() -> None:
    reasons = json.loads(run.REASONS.read_text("utf-8"))
    for name, found in RESULTS.items():
        survived = found["survived"]
        left = set(reasons.get(name, {})) - {
            one[key] for one in survived for key in ("line", "changed")
        }
        assert not left, f"{name}: no change has survived that these reasons are for: {left}"


def test_the_line_of_every_survivor_still_stands() -> None:
    changed = {name: lines for name in RESULTS if (lines := run.gone(name, RESULTS[name]))}
    assert not changed, f"lines have changed since {run.command(' '.join(changed))}: {changed}"


def test_only_lines_that_still_stand_are_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    survivor = {"line": "while True:  # forever", "changed": "while False:"}
    stored = {"sums": {"killed": 1, "survived": [survivor]}}
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results.json")
    run.RESULTS.write_text(json.dumps(stored), "utf-8")
    for name in ("sums", "checks"):  # of the second, nothing is stored
        assert run.main(["--again", name]) == 2
        assert f'make mutants MODULES="{name}"' in capsys.readouterr().out
    assert json.loads(run.RESULTS.read_text("utf-8")) == stored
