"""The tables of other libraries' answers: recorded, complete, shown, and true of lossbook today."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from framework_table import differs, recorded  # noqa: E402 - found through the line above

CASES = recorded()["cases"]
PAGES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "chapters").rglob("*.md"))
)
#: What the formula gives, by hand, with 60 digits.
BY_HAND = {
    "mse": lambda: mpmath.mpf(14) / 4,
    "mae": lambda: mpmath.mpf(6) / 4,
    "mse-half": lambda: mpmath.mpf(14) / 8,
    "mse-weights": lambda: mpmath.mpf(1),
    "mse-bytes": lambda: mpmath.mpf(40000),
    "bce": lambda: (
        -sum(mpmath.log(mpmath.mpf(p)) for p in (0.9, 0.4)) / 3
        - mpmath.log(1 - mpmath.mpf(0.2)) / 3
    ),
    "bce-tiny": lambda: -mpmath.log(mpmath.mpf(5e-324)),
    "bce-logit-wrong": lambda: mpmath.log1p(mpmath.exp(50)),
    "bce-logit-right": lambda: mpmath.log1p(mpmath.exp(-60)),
    "bce-logit-gradient": lambda: -1 / (1 + mpmath.exp(-20)),
    "bce-clipped-gradient": lambda: -1 / (1 + mpmath.exp(-40)),
    "cce": lambda: -mpmath.log(mpmath.mpf(0.7)),
    "cce-softmax-twice": lambda: mpmath.log1p(mpmath.exp(mpmath.mpf(0.05) - mpmath.mpf(0.95))),
    "sparse": lambda: -mpmath.log(mpmath.mpf(0.7)),
}


@pytest.mark.parametrize("name", [name for name in CASES if "lossbook" in CASES[name]["lines"]])
def test_lossbook_answers_today_as_it_was_recorded(name: str) -> None:
    assert not differs(name), "run: make references"


@pytest.mark.parametrize("name", BY_HAND)
def test_the_recorded_answer_of_lossbook_is_the_formula_s(name: str) -> None:
    with mpmath.workdps(60):
        true = float(BY_HAND[name]())
    assert float(CASES[name]["answers"]["lossbook"]) == pytest.approx(true, rel=1e-15)


@pytest.mark.parametrize("name", CASES)
def test_every_library_that_was_asked_has_answered(name: str) -> None:
    asked = set(CASES[name]["lines"])
    backends = {f"Keras ({backend})" for backend in ("numpy", "torch", "jax")}
    assert set(CASES[name]["answers"]) == asked - {"Keras"} | (
        backends if "Keras" in asked else set()
    )


def test_every_case_stands_in_a_table() -> None:
    shown = set(" ".join(re.findall(r"\{framework-table\} ([^\n]+)", PAGES)).split())
    assert set(CASES) == shown


def test_there_are_enough_cases_and_the_versions_are_those_of_the_environment() -> None:
    assert len(CASES) >= 25
    pinned = dict(
        line.split("==")
        for line in (ROOT / "benchmarks/requirements.txt").read_text().splitlines()
        if "==" in line
    )
    assert recorded()["versions"] == {name: pinned[name] for name in recorded()["versions"]}


def test_the_libraries_disagree_where_the_pages_say_so() -> None:
    zero = CASES["bce-certain-32"]["answers"]
    assert zero["lossbook"] == "inf"
    assert len({zero[name] for name in ("PyTorch", "scikit-learn", "Keras (torch)")}) == 3
    assert float(CASES["bce-logit-wrong"]["answers"]["Keras (numpy)"]) < 17
    for library in ("JAX", "Keras (torch)", "Keras (jax)"):
        assert float(CASES["bce-clipped-gradient"]["answers"][library]) == 0
    assert float(CASES["mse-weights"]["answers"]["Keras (jax)"]) == 0.5
    assert math.isnan(float(CASES["sparse-all-ignored"]["answers"]["PyTorch"]))
    small = CASES["log-cosh-small-32"]["answers"]
    assert all(float(small[name]) == 0 for name in small if name != "lossbook")
    tiny = CASES["log-cosh-tiny"]["answers"]
    assert sorted(name for name in tiny if float(tiny[name]) < 0) == ["Keras (torch)"]
    assert CASES["huber-negative-delta"]["answers"]["lossbook"] == "ValueError"
    broadcast = CASES["huber-column"]["answers"]
    assert float(broadcast["optax"]) > 0.5
    assert broadcast["PyTorch"].endswith("and a warning")
    zero = CASES["hinge-zero-one"]["answers"]  # both decisions are right
    assert (zero["lossbook"], float(zero["optax"]), float(zero["Keras (jax)"])) == (
        "ValueError",
        0.5,
        0,
    )
    alone = CASES["hinge-one-class"]["answers"]
    assert [name for name in alone if float(alone[name]) != 0.5] == ["scikit-learn"]
    kink = CASES["hinge-at-the-margin"]["answers"]
    assert {float(v) for v in kink.values() if v[-1].isdigit()} == {-0.5, 0}
    negative = CASES["categorical-hinge-negative"]["answers"]
    assert {name.split()[0] for name in negative if float(negative[name]) == 6} == {"Keras"}
    several = CASES["categorical-hinge"]["answers"]
    assert [name for name in several if float(several[name]) != 0.5] == ["PyTorch"]


ARGUMENTS = (ROOT / "chapters/frameworks/arguments.md").read_text(encoding="utf-8")
SHOWN = " ".join(re.findall(r"\{framework-table\} ([^\n]+)", ARGUMENTS)).split()
#: Where the page says that Keras divides by something else.
DIVIDES = ("sparse-class-weights", "mse-row-weights")


@pytest.mark.parametrize("name", SHOWN)
def test_the_line_for_lossbook_answers_as_the_argument_of_the_framework(name: str) -> None:
    answers = dict(CASES[name]["answers"])
    own = float(answers.pop("lossbook"))
    assert answers
    for library, answer in answers.items():
        # Two of Keras's backends take no axis. It calculates in float32, and clips at 1e-7.
        if library.startswith("Keras") and answer != "ValueError":
            agrees = float(answer) == pytest.approx(own, rel=5e-6)
            assert agrees != (name in DIVIDES), library
        elif not library.startswith("Keras"):
            assert float(answer) == pytest.approx(own, rel=1e-14), library


def test_the_lines_for_soft_labels_give_the_loss_with_a_positive_weight(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = re.search(
        r"Score both parts:\n+```{code-block} python\n:class: live\n(.*?)```", ARGUMENTS, re.DOTALL
    )
    assert lines is not None
    t, z, m = np.array([0.3, 1.0, 0.0]), np.array([2.0, -1.0, 0.5]), 3.0
    own_numbers = re.sub(r"^t, z, m = .*$", "", lines[1], flags=re.MULTILINE)
    assert own_numbers != lines[1]
    exec(own_numbers, {"t": t, "z": z, "m": m})
    found = float(capsys.readouterr().out)
    by_hand = [
        m * float(a) * math.log1p(math.exp(-b)) + (1 - float(a)) * math.log1p(math.exp(b))
        for a, b in zip(t, z.tolist(), strict=True)
    ]
    assert found == pytest.approx(sum(by_hand) / 3, rel=1e-14)


def test_every_thread_is_linked_by_its_number() -> None:
    links = re.findall(r"\[[^\]]*?#(\d+)\]\((https://github.com/[^)]+)\)", PAGES)
    assert len(links) >= 4
    for number, address in links:
        assert re.fullmatch(rf"https://github.com/[\w-]+/[\w-]+/(issues|pull)/{number}", address)


def test_the_measured_times_name_their_machine_and_versions() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text())
    assert measured["machine"]["cpu"]
    assert len(measured["results"]) >= 100
    assert set(measured["versions"]) >= {"torch", "keras", "jax", "scikit-learn", "numpy"}
