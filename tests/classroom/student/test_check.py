"""What `check` does when code does not end, is interrupted, or builds on a wrong answer."""

from __future__ import annotations

import importlib
import signal
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lossbook.classroom import check
from lossbook.classroom.student import check as checking
from lossbook.classroom.student import worker
from lossbook.classroom.student.check import PRACTICE
from lossbook.classroom.student.judge import arrays_of
from lossbook.classroom.student.question import Function, Value, load
from lossbook.classroom.student.verdict import judge
from lossbook.classroom.student.worker import decode, encode, serve
from lossbook.classroom.teacher.source import Source

BOOK = Path(__file__).resolve().parents[3] / "chapters"
MSE = "mean_squared_error"
ENDLESS = {
    "plain": "while True:\n        pass",
    "bare except": "while True:\n        try:\n            while True: sum([1])\n"
    "        except: pass",
    "swallowed": "while True:\n        try:\n            while True: pass\n"
    "        except BaseException:\n            continue",
    "in a helper": "helper()",
    "recursion of a generator": "sum(x for x in iter(int, 1))",
    "finally": "while True:\n        try:\n            pass\n        finally:\n            pass",
}


def names_after(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"ASSIGNMENT": MSE, "np": np, "__name__": "__main__"}
    exec(compile(code, "<cell>", "exec"), names)
    return names


def endless(body: str) -> dict[str, Any]:
    return names_after(
        f"def helper():\n    while True:\n        helper.x = 1\n"
        f"def mean_squared_error(t, y):\n    {body}"
    )


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_loop_in_check_ends_with_its_diagnosis(
    body: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    before = signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGPROF)
    check("q2", endless(body), "en")
    assert "did not come to an end in time" in capsys.readouterr().out
    assert (signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGPROF)) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@pytest.mark.parametrize("name", ["plain", "in a helper", "recursion of a generator", "finally"])
def test_an_endless_loop_ends_where_there_are_no_timers(name: str) -> None:
    found: list[dict[str, Any]] = []

    def in_a_thread() -> None:
        found.append(
            serve(endless(ENDLESS[name]), {"call": "mean_squared_error", "arguments": [1, 2]}, 0.05)
        )

    thread = threading.Thread(target=in_a_thread, daemon=True)
    thread.start()
    thread.join(20)
    assert [reply["kind"] for reply in found] == ["timeout"]


def test_an_interrupt_interrupts_check() -> None:
    names = names_after("def mean_squared_error(t, y):\n    raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        check("q2", names, "en")


def test_code_that_ends_is_not_traced_afterwards() -> None:
    import sys

    before = sys.gettrace()
    serve(names_after("def f(x): return x"), {"call": "f", "arguments": [1]}, 1.0)
    assert sys.gettrace() is before


# --- numbers --------------------------------------------------------------------------------------

NUMBERS = [
    6,
    6.0,
    np.float32(6),
    np.int8(6),
    np.longdouble(6),
    Fraction(12, 2),
    Decimal("6.0"),
    np.array(6.0),
    np.array([6.0]),
    np.array([[6.0]]),
    np.array([6.0], dtype=np.longdouble),
    (6.0,),
    [6.0],
    np.array([Fraction(6)], dtype=object),
    np.array(6, dtype=object),
    [np.longdouble(6)],
]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_number_of_any_kind_is_a_number(number: Any) -> None:
    crossed = decode(encode(number))
    assert arrays_of(crossed, "number") == [6.0]
    names = {"ASSIGNMENT": MSE, "mse_by_hand": number}
    function = {"mean_squared_error": lambda t, y: type_of(number, np.mean((t - y) ** 2))}
    for question, given in (("q1", names), ("q2", {**names, **function})):
        asked = load(MSE)[question]
        assert judge(asked, lambda request, given=given: serve(given, request), 1).right


def type_of(number: Any, value: float) -> Any:
    """Return a value as a number of the same kind."""
    if isinstance(number, int | np.integer) or (
        isinstance(number, np.ndarray) and number.dtype == object
    ):
        return value
    if isinstance(number, list | tuple):
        return type(number)([type_of(number[0], value)])
    if isinstance(number, np.ndarray):
        return np.full(number.shape, value, number.dtype)
    return type(number)(value)


@pytest.mark.parametrize(
    "thing",
    [True, "6", None, [6.0, 6.0], {"a": 6}, [["x" * 1000] * 3], [[[]]], np.array(["6"]), 1j, {6.0}],
    ids=repr,
)
def test_what_is_no_number_is_none(thing: Any) -> None:
    try:
        crossed = decode(encode(thing))
    except TypeError:
        return
    assert arrays_of(crossed, "number") is None


def test_a_list_in_itself_and_a_deep_one_are_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    deep: Any = 0.0
    for _ in range(490):
        deep = [deep]
    doubled: Any = [0.0] * 10
    for _ in range(7):
        doubled = [doubled] * 10
    for thing, error in ((circle, TypeError), (deep, TypeError), (doubled, OverflowError)):
        with pytest.raises(error):
            encode(thing)
    for data in (deep, {"list": [deep]}):
        with pytest.raises(ValueError, match="not a value"):
            decode(data)


# --- what builds on what --------------------------------------------------------------------------

SLIP = "def mean_squared_error_gradient(t, y): return 2 * (y - t)"  # no 1/N
LINE = """
def fit_line(x, t, learning_rate, steps):
    w = b = 0.0
    for _ in range(steps):
        g = mean_squared_error_gradient(t, w * x + b)
        w, b = w - learning_rate * (g @ x), b {sign} learning_rate * g.sum()
    return w, b
"""


def test_a_right_function_is_right_although_it_uses_a_wrong_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = names_after(SLIP + LINE.format(sign="-"))
    own = dict(names)
    check("q4", names, "en")
    assert capsys.readouterr().out == (
        "q4 (A line that learns): right, with a right `mean_squared_error_gradient` in place of "
        "yours, which is judged by its own question.\n"
    )
    assert names == own  # the right one is gone again


def test_a_wrong_function_that_uses_a_wrong_one_is_told_its_own_mistake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check("q4", names_after(SLIP + LINE.format(sign="+")), "en")
    assert "not yet" in capsys.readouterr().out


def test_a_value_is_told_of_the_wrong_functions_that_it_is_computed_with_and_of_no_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {"ASSIGNMENT": "pinball", "held_out_coverage": 0.3}
    check("q10", names, "en")
    assert "It builds on `best_constant`, where" in capsys.readouterr().out
    check("q10", {**names, "best_constant": load("pinball")["q9"].reference}, "en")  # type: ignore[union-attr]
    assert "It builds on" not in capsys.readouterr().out


def test_a_helper_that_is_not_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    stub = "def helper(t):\n    raise NotImplementedError()\n"
    check("q2", names_after(stub + "def mean_squared_error(t, y):\n    return helper(t)"), "en")
    assert "calls `helper`, which is not written yet" in capsys.readouterr().out


def test_check_shows_one_input_with_the_own_result_and_links_to_the_book(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = names_after("def mean_squared_error(t, y):\n    return np.sum((t - y) ** 2)")
    check("q2", {**names, "BOOK": "https://example.org/book/"}, "en")
    lines = capsys.readouterr().out.splitlines()
    asked = load(MSE)["q2"]
    assert isinstance(asked, Function)
    t, y = next(t for t in judge(asked, lambda r: serve(names, r), PRACTICE).trials).arguments
    assert lines[1:3] == [f"  y_true = {shown(t)}", f"  y_pred = {shown(y)}"]
    assert lines[3] == f"  your result: {np.sum((t - y) ** 2):.6g}"
    address = "https://example.org/book/chapters/mean_squared_error/derivation.html#why-we-need-it"
    assert lines[4] == f"  Read again: Why we need it <{address}>"


def shown(array: Any) -> str:
    return np.array2string(array, separator=", ", precision=6).replace("\n", "")


def test_every_question_of_a_kind_has_the_same_tolerance() -> None:
    for source in Source.find_all(BOOK):
        for question in load(source.name).questions:
            if isinstance(question, Function | Value):
                by_hand = isinstance(question, Value) and question.by_hand
                assert question.tolerance == (1e-3 if by_hand else 1e-5)


@pytest.mark.parametrize("name", ["training", "categorical_crossentropy"])
def test_a_wrong_answer_trains_each_model_once(name: str) -> None:
    module = importlib.import_module(f"lossbook.classroom.questions.{name}")
    asked = next(q for q in load(name).questions if isinstance(q, Value) and not q.by_hand)
    module._path.cache_clear()
    trained = []
    descent = module.descent

    def counted(x: Any, t: Any, rate: float, steps: int) -> Any:
        trained.append((len(x), rate))
        return descent(x, t, rate, steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "descent", counted)
        assert not judge(asked, lambda r: serve({asked.variable: 0.1234}, r), PRACTICE).right
    assert len(trained) == len(set(trained)) > 1  # the student waits for each of them
    module._path.cache_clear()


def test_only_the_program_in_the_sandbox_ends_itself() -> None:
    assert worker.PROGRAM is False
