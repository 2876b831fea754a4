"""`make check` looks at what has changed, and at what that changes."""

from __future__ import annotations

import pytest

from tools.check import ROOT, checks_of, pages_of, steps_for


@pytest.mark.parametrize(
    "changed, tests, page",
    [
        ("chapters/likelihood/index.md", "tests/book/test_flow.py", "chapters/likelihood/index"),
        (
            "lossbook/losses/mean_squared_error.py",
            "tests/losses/test_mean_squared_error.py",
            "chapters/mean_squared_error/derivation",
        ),
        (
            "chapters/likelihood/examples.ipynb",
            "chapters/likelihood/examples.ipynb",
            "chapters/likelihood/examples",
        ),
        (
            "locale/ko/LC_MESSAGES/chapters/likelihood/index.po",
            None,
            "chapters/likelihood/index",
        ),
        ("locale/ko/LC_MESSAGES/lossbook.po", None, "chapters/mean_squared_error/derivation"),
        ("_static/lossbook.css", None, "chapters/mean_squared_error/exercises"),
        ("lossbook/sums.py", "tests/test_sums.py", "index"),
        ("lossbook/classroom/teacher/grade.py", "tests/classroom/teacher", "index"),
        ("tests/test_sums.py", "tests/test_sums.py", None),
        ("tests/book/test_flow.py", "tests/book/test_flow.py", None),
        ("README.md", None, None),
    ],
)
def test_a_changed_file_has_its_tests_and_its_pages(
    changed: str, tests: str | None, page: str | None
) -> None:
    found = checks_of([changed])
    assert tests in found if tests else not found
    assert all((ROOT / path).exists() for path in found)
    assert page in pages_of([changed]) if page else not pages_of([changed])
    assert ("the site" in steps_for([changed])) == bool(page)
    assert "style" in steps_for([changed])


@pytest.mark.parametrize(
    "changed, seen",
    [
        ("_static/lossbook.css", "appearance"),
        ("_static/lossbook.js", "use"),
        ("_interactive/loss_curve.js", "loss_curve"),
        ("_static/loss_curve.css", "loss_curve"),
        ("locale/ko/search.toml", "use"),
        ("_ext/quick_build.py", "quick_build"),
    ],
)
def test_what_changes_the_look_or_the_use_of_pages_is_looked_at_in_the_browser(
    changed: str, seen: str
) -> None:
    assert (ROOT / changed).exists()
    assert f"tests/book/test_{seen}.py" in steps_for([changed])["what a reader sees"]


def test_a_page_is_looked_at_in_every_edition_and_no_other_page() -> None:
    (*_, chosen) = steps_for(["_static/lossbook.js"])["its pages and catalogues"]
    assert "[index.html" in chosen
    assert "[ko/index.html" in chosen
    assert "[ko-chapters/mean_squared_error/exercises.html" in chosen
    assert not any(name in "[chapters/likelihood/index.html]" for name in chosen.split(" or "))
