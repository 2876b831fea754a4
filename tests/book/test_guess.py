"""What is asked before it is shown: the right choice is what comes out, and it hides until then."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lossbook import datasets
from tests.book.conftest import soup

BREAKS, FRAMEWORKS = (f"chapters/{name}/index.html" for name in ("where_it_breaks", "frameworks"))
PINBALL = "chapters/pinball/derivation.html"
SPREAD = "chapters/gaussian_negative_log_likelihood/derivation.html"
COUNTS = "chapters/poisson/derivation.html"
FOCAL = "chapters/focal/derivation.html"
RECORDED = Path(__file__).resolve().parents[2] / "benchmarks" / "references.json"


def recorded(case: str, library: str) -> str:
    """Return what a library answered."""
    return json.loads(RECORDED.read_text("utf-8"))["cases"][case]["answers"][library]


def naive_softmax() -> str:
    z = np.array([1000.0, 0.0])
    return str((np.exp(z) / np.exp(z).sum())[0])


def column_against_row() -> str:
    t = np.random.default_rng(0).normal(size=100)
    answer = ((t[:, None] - t) ** 2).mean()
    assert answer == pytest.approx(2 * t.var())
    return "twice the variance of the labels"


def bytes_that_wrap() -> str:
    a, b = np.zeros((4, 4), np.uint8), np.full((4, 4), 200, np.uint8)
    return f"{((a - b) ** 2).mean():g}"


def two_softmaxes() -> str:
    return f"{np.exp(0.95) / (np.exp(0.95) + np.exp(0.05)):.0%}"


def third_class() -> str:
    z = np.array([2.0, 0.0, 1.0])
    answer = float(recorded("sparse-negative-label", "optax"))
    assert answer == pytest.approx(float(np.log(np.exp(z).sum()) - z[-1]), abs=1e-6)
    return "It takes the last class for the true one."


def cheapest_stock() -> str:
    demand = (31, 34, 36, 38, 39, 41, 42, 45, 50, 64)
    costs = {n: sum(max(3 * (d - n), n - d) for d in demand) for n in range(30, 66)}
    return f"{min(costs, key=costs.__getitem__)} loaves"


def line_of_divided_squares() -> str:
    """Return what happens to the slope when the squares are divided by variances that grow."""
    engel = datasets.load_engel()
    x, t = engel.income_francs / 1000, engel.food_francs / 1000
    slope, intercept = np.polyfit(x, t, 1)
    # The spread of the errors left over, as an exponential of the income, by least squares.
    growth, level = np.polyfit(x, np.log((t - intercept - slope * x) ** 2), 1)
    assert growth > 0
    divided, _ = np.polyfit(x, t, 1, w=np.exp(-(level + growth * x) / 2))
    return f"It becomes {'steeper' if divided > slope else 'flatter'}"


def rank_of_the_commonest_ships() -> str:
    ships = datasets.load_ships()
    totals = {
        name: (ships.incidents[own].sum(), ships.months[own].sum())
        for name, own in ((name, ships.type == name) for name in "ABCDE")
    }
    assert totals["B"][0] == 253
    worse = sum(own[0] / own[1] > 253 / totals["B"][1] for own in totals.values())
    return {0: "It is the highest", 4: "It is the lowest"}.get(worse, "It is in the middle")


def best_focal_constant() -> str:
    grid = np.arange(1, 1000) / 1000
    costs = -0.3 * (1 - grid) ** 2 * np.log(grid) - 0.7 * grid**2 * np.log(1 - grid)
    return f"{grid[costs.argmin()]:.2f}"


#: What comes out, by the section that asks.
ANSWERS = {
    FOCAL: {"where-it-comes-from": best_focal_constant},
    PINBALL: {"where-it-comes-from": cheapest_stock},
    SPREAD: {"why-we-need-it": line_of_divided_squares},
    COUNTS: {"why-we-need-it": rank_of_the_commonest_ships},
    BREAKS: {
        "softmax-overflows": naive_softmax,
        "the-logarithm-of-a-rounded-difference": lambda: f"{-np.log(1 - 1e-17) + 0:g}",
        "zero-times-infinity": lambda: str(-np.float64(0) * np.log(np.float64(0))),
        "a-column-against-a-row": column_against_row,
        "whole-numbers-that-wrap-around": bytes_that_wrap,
        "a-softmax-too-many": two_softmaxes,
    },
    FRAMEWORKS: {
        "what-stands-at-zero": lambda: f"{float(recorded('bce-certain-32', 'PyTorch')):g}",
        "gradients-that-vanish": lambda: (
            f"{float(recorded('bce-clipped-gradient', 'Keras (torch)')):g}"
        ),
        "labels-that-are-not-there": third_class,
        "shapes-and-bytes": lambda: recorded("mse-column", "PyTorch").replace(
            " and a warning", ", with a warning"
        ),
    },
}


@pytest.mark.parametrize("page", ANSWERS)
def test_the_right_choice_of_a_guess_is_what_comes_out(page: str) -> None:
    asked = {}
    for guess in soup(page).select(".guess"):
        (right,) = guess.select("[data-right] + span")
        asked[guess.find_parent("section")["id"]] = right.get_text(strip=True).replace("\xa0", " ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert asked == {name: answer() for name, answer in ANSWERS[page].items()}


@pytest.mark.parametrize("folder", ["", "ko/"])
@pytest.mark.parametrize("page", [BREAKS, FRAMEWORKS, PINBALL, SPREAD, COUNTS, FOCAL])
def test_every_choice_has_a_name_though_it_be_a_formula(page: str, folder: str) -> None:
    choices = soup(folder + page).select(".guess label")
    assert choices
    for choice in choices:
        words = [
            text for text in choice.find_all(string=True) if not text.find_parent(class_="katex")
        ]
        named = choice.input.get("aria-label", "")
        assert "".join(words).strip() or named.strip(" $\\"), choice


@pytest.mark.parametrize("page", ANSWERS)
def test_a_guess_is_asked_in_every_edition_with_the_same_choices(page: str) -> None:
    editions = [soup(prefix + page).select(".guess") for prefix in ("", "ko/")]
    for one, other in zip(*editions, strict=True):
        rights = [
            [radio.has_attr("data-right") for radio in g.select("input")] for g in (one, other)
        ]
        assert rights[0] == rights[1]
        assert one.select_one(".guess-answer").get_text(strip=True)  # type: ignore[union-attr]


def test_what_comes_out_shows_after_a_choice_by_mouse_keys_or_touch_and_is_forgotten(
    view: Any, address: str
) -> None:
    view.goto(address + FRAMEWORKS)
    guesses = view.locator(".guess").all()
    answers = [guess.locator(".guess-answer") for guess in guesses]
    assert not any(answer.is_visible() for answer in answers)
    guesses[0].locator("label").first.click()
    assert answers[0].is_visible()
    assert guesses[0].locator(".guess-wrong").is_visible()
    assert not guesses[0].locator(".guess-right").is_visible()
    view.keyboard.press("ArrowDown")
    assert guesses[0].locator(".guess-right").is_visible()
    assert not guesses[0].locator(".guess-wrong").is_visible()
    guesses[1].locator("input").first.focus()
    view.keyboard.press("Space")
    assert answers[1].is_visible()
    assert not answers[2].is_visible(), "one guess opens one answer"
    box = guesses[2].locator("label").first.bounding_box()
    assert box["height"] >= 40
    view.emulate_media(media="print")
    assert all(answer.is_visible() for answer in answers), "on paper nothing hides"
    view.emulate_media(media="screen")
    view.reload()
    assert not any(answer.is_visible() for answer in answers)


def test_without_scripts_every_answer_is_shown(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BREAKS)
    assert all(answer.is_visible() for answer in page.locator(".guess-answer").all())
    assert not page.locator(".guess input:visible").count()
    assert page.locator(".guess label").first.is_visible(), "the choices are read all the same"
    context.close()
