from __future__ import annotations

import pytest

from tests.mutants import run


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
