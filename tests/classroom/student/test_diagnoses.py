"""Each mistake gets its diagnosis, its mended code gets none, and no answer is told."""

from __future__ import annotations

import copy
import functools
import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lossbook.classroom import check, require
from lossbook.classroom.student import check as module
from lossbook.classroom.student.check import PRACTICE, look
from lossbook.classroom.student.diagnose import MESSAGES, Diagnosis
from lossbook.classroom.student.judge import answer
from lossbook.classroom.student.question import Choice, Function, Text, Value, generator, load
from lossbook.classroom.student.worker import serve
from lossbook.classroom.teacher.source import Source
from tests.classroom.sparing import questions

HERE = Path(__file__).resolve().parents[1]
BOOK = HERE.parents[1] / "chapters"
NAMES = [source.name for source in Source.find_all(BOOK)]
MSE, MAE, BCE = "mean_squared_error", "mean_absolute_error", "binary_crossentropy"
CCE, SCCE = "categorical_crossentropy", "sparse_categorical_crossentropy"

DEF_MSE = "def mean_squared_error(y_true, y_pred):\n    "
DEF_BCE = "def binary_crossentropy(y_true, y_pred):\n    "
DEF_BCE_LOGITS = "def from_logits(y_true, logits):\n    "
GUARDED = DEF_BCE + "{}\n    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))\n"
DEF_SCCE = "def sparse_categorical_crossentropy(y_true, y_pred):\n    "
LINE = """
def fit_line(x, t, learning_rate, steps):
    w, b = 0.0, 0.0
    for step in range({0}):
        slope = mean_squared_error_gradient(t, w * x + b)
        {1}
    return np.array([w, b])
"""
UPDATE = "w, b = w - learning_rate * np.sum(slope * x), b - learning_rate * np.sum(slope)"

#: The diagnosis, the assignment, the question, the code, and what stands at its gap: the mistake,
#: and the same place mended.
MISTAKES = [
    # sums and factors
    ("sum_for_mean", MSE, "q2", DEF_MSE + "return np.{}((y_true - y_pred) ** 2)", "sum", "mean"),
    ("sum_for_mean", MSE, "q1", "mse_by_hand = 24{}", "", " / 4"),
    (
        "mean_twice",
        MSE,
        "q2",
        DEF_MSE + "return np.mean((y_true - y_pred) ** 2){}",
        " / len(y_true)",
        "",
    ),
    (
        "n_minus_one",
        MSE,
        "q2",
        DEF_MSE + "return np.sum((y_true - y_pred) ** 2) / (len(y_true){})",
        " - 1",
        "",
    ),
    ("half", MSE, "q2", DEF_MSE + "return {}np.mean((y_pred - y_true) ** 2)", "0.5 * ", ""),
    ("double", MSE, "q2", DEF_MSE + "return {}np.mean((y_pred - y_true) ** 2)", "2 * ", ""),
    ("sign", MSE, "q2", DEF_MSE + "return {}np.mean((y_pred - y_true) ** 2)", "-", ""),
    ("root", MSE, "q2", DEF_MSE + "return np.mean((y_pred - y_true) ** 2){}", " ** 0.5", ""),
    (
        "mean_over_classes",
        CCE,
        "q3",
        "def categorical_crossentropy(y_true, y_pred):\n"
        "    return -np.{0}(y_true * np.log(np.maximum(y_pred, 1e-12))){1}",
        ("mean", ""),
        ("sum", " / len(y_true)"),
    ),
    # logarithms
    (
        "log2",
        BCE,
        "q2",
        DEF_BCE + "p = np.clip(y_pred, 1e-12, 1 - 1e-12)\n"
        "    return -np.mean(np.where(y_true == 1, np.{0}(p), np.{0}(1 - p)))",
        "log2",
        "log",
    ),
    (
        "log10",
        BCE,
        "q2",
        DEF_BCE + "p = np.clip(y_pred, 1e-12, 1 - 1e-12)\n"
        "    return -np.mean(np.where(y_true == 1, np.{0}(p), np.{0}(1 - p)))",
        "log10",
        "log",
    ),
    (
        "sign",
        BCE,
        "q2",
        DEF_BCE + "p = np.clip(y_pred, 1e-12, 1 - 1e-12)\n"
        "    return {}np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))",
        "",
        "-",
    ),
    (
        "one_class_only",
        BCE,
        "q2",
        DEF_BCE + "p = np.clip(y_pred, 1e-12, 1 - 1e-12)\n"
        "    return -np.mean(y_true * np.log(p){})",
        "",
        " + (1 - y_true) * np.log(1 - p)",
    ),
    # guards
    ("nan_on_perfect", BCE, "q2", GUARDED, "p = y_pred", "p = np.clip(y_pred, 1e-12, 1 - 1e-12)"),
    (
        "no_guard",
        BCE,
        "q2",
        DEF_BCE + "p = {}\n    return -np.mean(np.log(np.where(y_true == 1, p, 1 - p)))",
        "y_pred",
        "np.clip(y_pred, 1e-12, 1 - 1e-12)",
    ),
    (
        "one_sided_guard",
        BCE,
        "q2",
        GUARDED,
        "p = np.maximum(y_pred, 1e-12)",
        "p = np.clip(y_pred, 1e-12, 1 - 1e-12)",
    ),
    (
        "coarse_guard",
        BCE,
        "q2",
        GUARDED,
        "p = np.clip(y_pred, 1e-3, 1 - 1e-3)",
        "p = np.clip(y_pred, 1e-12, 1 - 1e-12)",
    ),
    (
        "fine_guard",
        BCE,
        "q2",
        GUARDED,
        "p = np.clip(y_pred, 1e-15, 1 - 1e-15)",
        "p = np.clip(y_pred, 1e-12, 1 - 1e-12)",
    ),
    (
        "overflow_of_sigmoid",
        BCE,
        "q3",
        DEF_BCE_LOGITS + "return np.mean({} - y_true * logits)",
        "np.log(1 + np.exp(logits))",
        "np.logaddexp(0, logits)",
    ),
    # shapes and axes
    (
        "broadcast",
        MSE,
        "q2",
        DEF_MSE + "return np.mean((y_true{} - y_pred) ** 2)",
        ".reshape(-1, 1)",
        "",
    ),
    (
        "broadcast",
        MSE,
        "q3",
        "def mean_squared_error_gradient(y_true, y_pred):\n"
        "    return 2 * (y_pred - y_true{}) / len(y_true)",
        "[:, np.newaxis]",
        "",
    ),
    ("array_for_number", MSE, "q2", DEF_MSE + "return {}((y_true - y_pred) ** 2)", "", "np.mean"),
    (
        "number_for_array",
        MSE,
        "q3",
        "def mean_squared_error_gradient(y_true, y_pred):\n"
        "    return {}(2 * (y_pred - y_true) / len(y_true))",
        "np.sum",
        "",
    ),
    (
        "wrong_axis",
        CCE,
        "q2",
        "def softmax(logits):\n"
        "    powers = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
        "    return powers / powers.sum(axis={}, keepdims=True)",
        "0",
        "1",
    ),
    (
        "whole_array",
        CCE,
        "q2",
        "def softmax(logits):\n"
        "    powers = np.exp(logits - logits.max({0}))\n"
        "    return powers / powers.sum({0})",
        "",
        "axis=1, keepdims=True",
    ),
    # labels and arguments
    (
        "off_by_one",
        SCCE,
        "q2",
        DEF_SCCE + "return -np.mean(np.log(y_pred[np.arange(len(y_true)), y_true{}]))",
        " - 1",
        "",
    ),
    (
        "label_error",
        SCCE,
        "q2",
        DEF_SCCE + "return -np.mean(np.log(y_pred[np.arange(len(y_true)), y_true{}]))",
        " + 1",
        "",
    ),
    (
        "swapped",
        SCCE,
        "q2",
        "def sparse_categorical_crossentropy({}):\n"
        "    return -np.mean(np.log(y_pred[np.arange(len(y_true)), y_true]))",
        "y_pred, y_true",
        "y_true, y_pred",
    ),
    (
        "swapped",
        SCCE,
        "q4",
        "def from_logits({}):\n"
        "    shifted = logits - logits.max(axis=1, keepdims=True)\n"
        "    sums = np.log(np.exp(shifted).sum(axis=1))\n"
        "    return np.mean(sums - shifted[np.arange(len(y_true)), y_true])",
        "logits, y_true",
        "y_true, logits",
    ),
    (
        "swapped",
        BCE,
        "q3",
        "def from_logits({}):\n    return np.mean(np.logaddexp(0, logits) - y_true * logits)",
        "logits, y_true",
        "y_true, logits",
    ),
    (
        "too_many_indices",
        SCCE,
        "q2",
        DEF_SCCE + "return -np.mean(np.log({}[np.arange(len(y_true)), y_true]))",
        "y_true",
        "y_pred",
    ),
    (
        "one_hot_expected",
        SCCE,
        "q2",
        DEF_SCCE + "logs = np.log(np.where(y_pred > 0, y_pred, 1))\n"
        "    return -np.mean(np.sum({} * logs, axis=1))",
        "y_true[:, None]",
        "np.eye(y_pred.shape[1])[y_true]",
    ),
    (
        "changed_argument",
        MSE,
        "q2",
        DEF_MSE + "{}\n    return np.mean(y_pred ** 2)",
        "y_pred -= y_true",
        "y_pred = y_pred - y_true",
    ),
    (
        "constant",
        MSE,
        "q2",
        DEF_MSE + "return np.mean({} ** 2)",
        "2.45",
        "(y_true - y_pred)",
    ),
    # gradients
    (
        "ignored_argument",
        MSE,
        "q3",
        "def mean_squared_error_gradient(y_true, y_pred):\n    return 2 * (y_pred{}) / len(y_true)",
        "",
        " - y_true",
    ),
    (
        "follows_own_loss",
        MSE,
        "q3",
        DEF_MSE + "return np.{0}((y_true - y_pred) ** 2)\n"
        "def mean_squared_error_gradient(y_true, y_pred):\n"
        "    return 2 * (y_pred - y_true){1}",
        ("sum", ""),
        ("mean", " / len(y_true)"),
    ),
    (
        "only_true_class",
        SCCE,
        "q5",
        "def from_logits_gradient(y_true, logits):\n"
        "    powers = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
        "    probabilities = powers / powers.sum(axis=1, keepdims=True)\n"
        "    rows = np.arange(len(y_true))\n"
        "    gradient = {}\n"
        "    gradient[rows, y_true] = probabilities[rows, y_true] - 1\n"
        "    return gradient / len(y_true)",
        "np.zeros_like(logits)",
        "probabilities.copy()",
    ),
    # descent
    ("ascent", MSE, "q4", LINE, ("steps", UPDATE.replace(" - l", " + l")), ("steps", UPDATE)),
    (
        "half_steps",
        MSE,
        "q4",
        LINE.replace("slope = ", "slope = {1} * ").replace(
            "{1}\n    return", UPDATE + "\n    return"
        ),
        ("steps", "0.5"),
        ("steps", "1.0"),
    ),
    (
        "sum_steps",
        MSE,
        "q4",
        LINE.replace("slope = ", "slope = {1} * ").replace(
            "{1}\n    return", UPDATE + "\n    return"
        ),
        ("steps", "len(x)"),
        ("steps", "1.0"),
    ),
    ("one_step_less", MSE, "q4", LINE, ("1, steps", UPDATE), ("steps", UPDATE)),
    (
        "coupled_update",
        MSE,
        "q4",
        LINE,
        (
            "steps",
            "w -= learning_rate * np.sum(slope * x)\n"
            "        b -= learning_rate * np.sum(mean_squared_error_gradient(t, w * x + b))",
        ),
        ("steps", UPDATE),
    ),
    # medians and slopes of absolute values
    ("mean_for_median", MAE, "q4", "def best_constant(t):\n    return np.{}(t)", "mean", "median"),
    (
        "tie",
        MAE,
        "q3",
        "def mean_absolute_error_gradient(y_true, y_pred):\n    return {} / len(y_true)",
        "np.where(y_pred >= y_true, 1, -1)",
        "np.sign(y_pred - y_true)",
    ),
    # what keeps an answer from coming
    ("nothing_returned", MSE, "q2", DEF_MSE + "{}np.mean((y_true - y_pred) ** 2)", "", "return "),
    ("printed", MSE, "q2", DEF_MSE + "{}(np.mean((y_true - y_pred) ** 2))", "print", "return "),
    (
        "unfinished",
        MSE,
        "q2",
        DEF_MSE + "{}",
        "raise NotImplementedError()",
        "return np.mean((y_true - y_pred) ** 2)",
    ),
    ("missing", MSE, "q2", "{}", "del mean_squared_error", "pass"),
    ("no_function", MSE, "q2", "{}", "mean_squared_error = mean_squared_error(1, 2)", "pass"),
    (
        "unknown_name",
        MSE,
        "q2",
        DEF_MSE + "return np.mean(({} - y_pred) ** 2)",
        "targets",
        "y_true",
    ),
    (
        "missing_import",
        MSE,
        "q2",
        "{}\n" + DEF_MSE + "return np.mean((y_true - y_pred) ** 2)",
        "del np",
        "import numpy as np",
    ),
    (
        "recursion",
        MSE,
        "q2",
        DEF_MSE + "return {}((y_true - y_pred) ** 2, 0)",
        "mean_squared_error",
        "np.mean",
    ),
    (
        "wrong_parameters",
        MSE,
        "q2",
        "def mean_squared_error({}):\n    return np.mean((y_true - y_pred) ** 2)",
        "y_true",
        "y_true, y_pred",
    ),
    (
        "truth_of_array",
        BCE,
        "q2",
        DEF_BCE + "p = np.clip(y_pred, 1e-12, 1 - 1e-12)\n    return -np.mean({})",
        "np.log(p) if y_true == 1 else np.log(1 - p)",
        "np.where(y_true == 1, np.log(p), np.log(1 - p))",
    ),
    (
        "math_on_array",
        BCE,
        "q3",
        "import math\n" + DEF_BCE_LOGITS + "return np.mean(np.log1p({}) - np.minimum(0, logits)"
        " + (1 - y_true) * logits)",
        "math.exp(-abs(logits))",
        "np.exp(-abs(logits)) ",
    ),
    ("shapes", MSE, "q2", DEF_MSE + "return np.mean((y_true{} - y_pred) ** 2)", "[1:]", ""),
    (
        "whole_numbers",
        MSE,
        "q2",
        DEF_MSE + "errors = {}(y_pred)\n    errors[:] = (y_true - y_pred) ** 2 / len(y_true)\n"
        "    return np.sum(errors)",
        "np.zeros_like",
        "0.0 * np.zeros_like",
    ),
    (
        "whole_number_array",
        MSE,
        "q3",
        "def mean_squared_error_gradient(y_true, y_pred):\n    slope = {}\n"
        "    slope /= len(y_true)\n    return slope",
        "2 * (y_pred - y_true)",
        "2.0 * (y_pred - y_true)",
    ),
    (
        "math_domain",
        BCE,
        "q2",
        "import math\n" + DEF_BCE + "p = {}\n    return -sum(math.log(b if a else 1 - b) "
        "for a, b in zip(y_true, p)) / len(p)",
        "y_pred",
        "np.clip(y_pred, 1e-12, 1 - 1e-12)",
    ),
    (
        "index_type",
        SCCE,
        "q2",
        DEF_SCCE + "return -np.mean(np.log([y_pred[i, {}] for i, k in enumerate(y_true)]))",
        "float(k)",
        "int(k)",
    ),
    (
        "values_for_number",
        MSE,
        "q1",
        "mse_by_hand = {}",
        "[4, 0, 16, 4]",
        "np.mean([4, 0, 16, 4])",
    ),
    ("no_number", MSE, "q1", "mse_by_hand = {}", "'6'", "6"),
    ("unusable", MSE, "q2", DEF_MSE + "return {}(np.mean((y_true - y_pred) ** 2))", "str", "float"),
    (
        "truth_values",
        "training",
        "q7",
        "def accuracy(t, labels):\n    return {}(t == labels)",
        "",
        "np.mean",
    ),
    (
        "percent",
        "training",
        "q7",
        "def accuracy(t, labels):\n    return np.mean(t == labels){}",
        " * 100",
        "",
    ),
    (
        "random",
        MSE,
        "q2",
        DEF_MSE + "return np.mean((y_true - y_pred) ** 2){}",
        " + np.random.normal()",
        "",
    ),
    ("rounding", MSE, "q5", "penguin_loss = {}", "round(penguin_loss, 2)", "penguin_loss"),
    ("not_a_letter", MSE, "q6", "outlier_effect = {}", "'yes'", "'a'"),
    ("not_a_letter", MSE, "q6", "outlier_effect = {}", "'ab'", "'B'"),
]


@functools.cache
def solved(name: str) -> dict[str, Any]:
    """Return the names that the solved notebook leaves."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in Source.find(name, BOOK).solution_code():
        exec(compile(cell, name, "exec"), namespace)
    return namespace


def after(name: str, code: str) -> dict[str, Any]:
    """Return a notebook's names after the solution, with a student's code instead of one answer."""
    namespace = copy.copy(solved(name))
    exec(compile(code, name, "exec"), namespace)
    return namespace


def filled(code: str, gap: str | tuple[str, ...]) -> str:
    return code.format(*((gap,) if isinstance(gap, str) else gap))


def what_check_says(
    question: str, namespace: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> str:
    capsys.readouterr()
    check(question, namespace, language="en")
    return capsys.readouterr().out.strip()


def cases() -> list[Any]:
    return [
        pytest.param(*case, id=f"{case[0]}-{case[1]}-{case[2]}-{number}")
        for number, case in enumerate(MISTAKES)
    ]


@pytest.mark.parametrize("diagnosis, name, question, code, wrong, mended", cases())
def test_a_mistake_gets_its_diagnosis_and_the_mended_code_gets_none(
    diagnosis: str,
    name: str,
    question: str,
    code: str,
    wrong: Any,
    mended: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    namespace = after(name, filled(code, wrong))
    found = look(load(name)[question], lambda request: serve(namespace, request), PRACTICE)
    assert [d.name for d in found] == [diagnosis]
    said = what_check_says(question, namespace, capsys)
    title = f"{question} ({load(name)[question].title})"
    assert said.splitlines()[0] == f"{title}: not yet. {found[0].text}"
    with pytest.raises(AssertionError) as hidden:
        require(question, namespace, seed="hidden")
    if diagnosis not in ("missing", "missing_import"):
        assert str(hidden.value)[:20] == found[0].text[:20]
    right = what_check_says(question, after(name, filled(code, mended)), capsys)
    assert right in (f"{title}: right.", f"{title}: your choice is noted.")


def test_at_least_forty_diagnoses_are_tried() -> None:
    assert len({case[0] for case in MISTAKES}) >= 40


def test_every_question_that_is_right_is_called_right_and_the_others_are_kept_for_the_teacher(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in NAMES:
        for question in load(name).questions:
            said = what_check_says(question.name, solved(name), capsys)
            title = f"{question.name} ({question.title})"
            if isinstance(question, Text):
                assert said == f"{title}: this answer is read by your teacher."
            elif isinstance(question, Choice):
                assert said == f"{title}: your choice is noted."
            else:
                assert said == f"{title}: right."


# --- never the answer -----------------------------------------------------------------------------


def numbers_in(text: str, whole: bool) -> list[float]:
    """Return the numbers that a text holds; whole ones, which are counts and shapes, if asked."""
    text = re.sub(r"'[^']*'|factor 1/2|factor 2", "", text)  # what the student wrote, and factors
    found = re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text)
    return [float(n) for n in found if whole or not n.isdigit()]


def expected_numbers(question: Function | Value) -> set[float]:
    """Return what the answers to a question are, for the inputs that `check` tries."""
    if isinstance(question, Value):
        values = [question.reference()]
    else:
        rng = generator(PRACTICE, question.name)
        values = [answer(question, a)[0] for part in question.parts for a in part.draw(rng)]
    return {float(v) for value in values for v in np.ravel(value)}


def banks() -> list[Any]:
    """Return the wrong answers of all banks, question by question."""
    return [
        pytest.param(path.stem, question, entries, id=f"{path.stem}-{question}")
        for path in sorted((HERE / "banks").glob("[a-z]*.py"))
        for question, entries in runpy.run_path(str(path))["BANK"].items()
    ]


@pytest.mark.parametrize("name, question, entries", banks())
def test_what_check_prints_never_holds_the_answer(
    name: str,
    question: str,
    entries: dict[str, tuple[str, str | None]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "load", questions)
    asked = questions(name)[question]
    assert isinstance(asked, Function | Value | Choice)
    answers = set() if isinstance(asked, Choice) else expected_numbers(asked)
    told_off = {}
    for title, (code, diagnosis) in entries.items():
        if diagnosis in (None, "timeout"):
            continue
        said = what_check_says(question, after(name, code), capsys)
        # Below the first line stand what the function was given, and what it made of it.
        first = said.splitlines()[0]
        assert first.startswith(f"{question} ({asked.title}): not yet. "), title
        told = numbers_in(first.partition("not yet.")[2], whole=isinstance(asked, Value))
        if any(abs(n - value) <= 1e-3 * abs(value) for n in told for value in answers):
            told_off[title] = said
    assert told_off == {}


@pytest.mark.parametrize(
    "code",
    [
        "import lossbook as lb\ndef mean_squared_error(t, y): return lb.mean_squared_error(t, y)",
        "def mean_squared_error(t, y):\n import lossbook\n"
        " return lossbook.mean_squared_error(t, y)",
        "def mean_squared_error(t, y):\n from lossbook.losses import mean_squared_error as f\n"
        " return f(t, y)",
        "from lossbook import mean_squared_error as f\n"
        "def mean_squared_error(t, y): return f(t, y)",
        "import lossbook as lb\ndef h(t, y): return [lb.mean_squared_error(t, y) for _ in 'a'][0]\n"
        "def mean_squared_error(t, y): return h(t, y)",
    ],
)
def test_a_loss_of_lossbook_is_found_before_the_grader_misses_it(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check("q2", after(MSE, code), "en")
    assert "uses a loss of lossbook" in capsys.readouterr().out


def test_the_data_sets_of_lossbook_may_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import lossbook\nfrom lossbook.datasets import load_penguins\n"
        "def mean_squared_error(t, y):\n lossbook.datasets.load_penguins(), load_penguins()\n"
        " return np.mean((t - y) ** 2)"
    )
    check("q2", after(MSE, code), "en")
    assert capsys.readouterr().out == "q2 (The loss): right.\n"


def test_check_says_no_letter_of_a_choice(capsys: pytest.CaptureFixture[str]) -> None:
    for name in NAMES:
        question = next(q for q in load(name).questions if isinstance(q, Choice))
        said = {
            what_check_says(question.name, {**solved(name), question.variable: letter}, capsys)
            for letter in question.options
        }
        assert said == {f"{question.name} ({question.title}): your choice is noted."}


def test_every_message_can_be_filled_with_what_it_is_given() -> None:
    places = {
        *("name", "error", "text", "module", "count", "shape", "seen", "n", "c", "factor"),
        *("argument", "entry", "helper", "options", "parameters"),
    }
    for name, message in MESSAGES.items():
        assert set(re.findall(r"{(\w+)}", message)) <= places, name
        assert Diagnosis(name, dict.fromkeys(places, "x")).text
