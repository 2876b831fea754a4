"""The interactive curves: what they show is what the package returns, however they are moved."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossbook as lb
from tests.book.conftest import STILL
from tests.book.conftest import soup as page
from tests.book.translation import LANGUAGES
from tests.faces import CHAPTERS

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
SCRIPT = ROOT / "_interactive" / "loss_curve.js"
CURVES = {name: f"chapters/{name}/derivation.html" for name in CHAPTERS}
CURVES["log_cosh"] = CURVES["huber"]
CURVES["squared_hinge"] = CURVES["hinge"]
CURVES["binary_focal_crossentropy"] = CURVES.pop("focal")  # the chapter of two losses
CURVES["mean-and-median"] = CURVES["mean_absolute_error"]
FIXED = [2.0, 3.5, 4.5, 6.0]

every_curve = pytest.mark.parametrize("name", CURVES)


def written(value: float, digits: int = 4) -> str:
    """Return a number as a page shows it."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def built(name: str) -> Any:
    """Return the element of a curve."""
    (element,) = page(CURVES[name]).select(f'loss-curve[data-name="{name}"]')
    return element


def table(name: str) -> dict[str, Any]:
    """Return the table of a curve, as its page holds it."""
    return json.loads(built(name).find("script").string)


def one_loss(name: str, t: float, y: float) -> tuple[float, float]:
    """Return loss and derivative of one sample by the package."""
    loss = functools.reduce(getattr, name.split("."), lb)
    return loss([t], [y]), float(loss.gradient([t], [y])[0])


def through_the_sigmoid(t: float, z: float) -> tuple[float, float]:
    """Return the squared error of a logit's probability, and its slope in the logit."""
    h = 1e-6
    values = [lb.mean_squared_error([t], lb.sigmoid(np.array([z + d]))) for d in (-h, 0.0, h)]
    return values[1], (values[2] - values[0]) / (2 * h)


def test_the_script_of_the_curves_is_small() -> None:
    assert SCRIPT.stat().st_size <= 11_000
    assert not re.search(r"\bimport\b|Math\.(exp|log|pow|tanh)|https?:", SCRIPT.read_text("utf-8"))


def test_the_script_is_loaded_late_and_only_where_a_curve_is() -> None:
    with_curve = {*CURVES.values(), "index.html"}
    for path in SITE.rglob("*.html"):
        name = str(path.relative_to(SITE))
        if "_static" in path.parts:
            continue
        scripts = re.findall(r"<script\b[^>]*loss_curve\.js[^>]*>", path.read_text("utf-8"))
        first, _, rest = name.partition("/")
        original = rest if first in LANGUAGES else name
        assert len(scripts) == (original in with_curve), name
        assert all(" defer" in script for script in scripts), name
    assert not (ROOT / "_static" / "loss_curve.js").exists()


def test_the_tables_of_a_page_are_small() -> None:
    for path in set(CURVES.values()):
        tables = page(path).select('loss-curve script[type="application/json"]')
        assert 0 < sum(len(tag.string.encode()) for tag in tables) <= 15_000, path


@every_curve
def test_a_curve_has_a_drawing_with_a_description_and_labeled_controls(name: str) -> None:
    element = built(name)
    drawing = element.find("svg", role="img")
    assert len(drawing["aria-label"]) >= 80
    assert re.search(r"\d", drawing["aria-label"])
    for control in element.find_all("input"):
        assert control.find_parent("label").get_text(strip=True)
    for group in element.find_all("fieldset"):
        assert group.find("legend").get_text(strip=True)
    assert element.find("output")["aria-live"] == "polite"


def test_nothing_in_the_curves_of_a_page_has_the_same_id_or_group() -> None:
    for path in set(CURVES.values()):
        ids = [tag["id"] for tag in page(path).find_all(id=True)]
        assert len(ids) == len(set(ids)), path
    groups = [
        {radio["name"] for radio in built(name).select(f'input[data-choice="{kind}"]')}
        for name in CURVES
        for kind in ("target", "view")
    ]
    flat = [name for names in groups for name in names]
    assert all(len(names) <= 1 for names in groups)
    assert len(flat) == len(set(flat)) == 14


@pytest.mark.parametrize(
    "name, view, line, reference",
    [
        ("mean_squared_error", 0, 0, "mean_squared_error"),
        ("mean_squared_error", 0, 1, "mean_absolute_error"),
        ("mean_absolute_error", 0, 0, "mean_absolute_error"),
        ("mean_absolute_error", 0, 1, "mean_squared_error"),
        ("huber", 2, 1, "mean_absolute_error"),
        ("log_cosh", 0, 0, "log_cosh"),
        ("log_cosh", 0, 1, "huber"),
        ("pinball", 1, 1, "mean_absolute_error"),
        ("gaussian_negative_log_likelihood", 2, 1, "mean_squared_error"),
        ("poisson", 0, 0, "poisson"),
        ("binary_crossentropy", 0, 0, "binary_crossentropy.from_logits"),
        ("binary_crossentropy", 1, 0, "binary_crossentropy"),
        ("binary_crossentropy", 1, 1, "mean_squared_error"),
        ("hinge", 0, 0, "hinge"),
        ("squared_hinge", 0, 0, "squared_hinge"),
        ("squared_hinge", 0, 1, "mean_squared_error"),
        ("binary_focal_crossentropy", 0, 0, "binary_focal_crossentropy.from_logits"),
        ("binary_focal_crossentropy", 2, 1, "binary_crossentropy.from_logits"),
    ],
)
def test_the_table_of_one_prediction_holds_what_the_package_returns(
    name: str, view: int, line: int, reference: str
) -> None:
    data = table(name)
    start, step, count = data["views"][view]["x"]
    rows = data["views"][view]["lines"][line]
    for j, t in enumerate(data["targets"]):
        assert len(rows["loss"][j]) == len(rows["slope"][j]) == count
        for k in range(count):
            value, slope = one_loss(reference, t, round(start + k * step, 6))
            for found, expected in ((rows["loss"][j][k], value), (rows["slope"][j][k], slope)):
                if math.isinf(expected):
                    assert found == written(expected)
                else:
                    assert found == pytest.approx(expected, abs=0.500001e-4)


def test_each_view_of_the_huber_loss_has_its_own_delta() -> None:
    data = table("huber")
    assert [view["parameter"] for view in data["views"]] == [1, 2, 3]
    for view in data["views"]:
        start, step, count = view["x"]
        for k in range(count):
            y, delta = round(start + k * step, 6), view["parameter"]
            inside = min(abs(y), delta)
            found = view["lines"][0]["loss"][0][k], view["lines"][0]["slope"][0][k]
            expected = inside * abs(y) - inside**2 / 2, math.copysign(inside, y)
            assert found == pytest.approx(expected, abs=0.500001e-4)


def test_each_view_of_the_pinball_loss_has_its_own_level() -> None:
    data = table("pinball")
    assert [view["parameter"] for view in data["views"]] == [0.9, 0.5, 0.1]
    for view in data["views"]:
        start, step, count = view["x"]
        for k in range(count):
            y, level = round(start + k * step, 6), view["parameter"]
            found = view["lines"][0]["loss"][0][k], view["lines"][0]["slope"][0][k]
            slope = -level if y < 0 else 1 - level if y > 0 else 0.0
            assert found == pytest.approx((slope * y, slope), abs=0.500001e-4)


def test_beside_the_hinge_stands_the_logistic_loss_to_the_base_2() -> None:
    (view,) = table("hinge")["views"]
    start, step, count = view["x"]
    for j, t in enumerate((-1, 1)):
        for k in range(count):
            margin = t * (start + k * step)
            found = view["lines"][1]["loss"][j][k], view["lines"][1]["slope"][j][k]
            slope = -t / (1 + math.exp(margin)) / math.log(2)
            expected = math.log2(1 + math.exp(-margin)), slope
            assert found == pytest.approx(expected, abs=0.500001e-4)


def test_each_view_of_a_predicted_bell_has_its_own_spread() -> None:
    data = table("gaussian_negative_log_likelihood")
    assert [view["parameter"] for view in data["views"]] == [1, 2, 4]
    for view in data["views"]:
        start, step, count = view["x"]
        spread, (own, _) = view["parameter"], view["lines"]
        for k in range(count):
            size = (start + k * step) / spread  # the error in units of the spread
            found = own["loss"][0][k], own["slope"][0][k], view["more"]["spread"][k]
            expected = math.log(spread) + size**2 / 2, size / spread, (1 - size**2) / 2
            assert found == pytest.approx(expected, abs=0.500001e-4)


def test_the_table_of_a_squared_error_of_rates_has_the_slope_of_its_values() -> None:
    data = table("poisson")
    (view,) = data["views"]
    start, step, count = view["x"]
    assert view["p"][count - 1] < view["whole"]
    for j, t in enumerate(data["targets"]):
        rows = view["lines"][1]
        for k in range(count):
            rate = math.exp(start + k * step)
            found = view["p"][k], rows["loss"][j][k], rows["slope"][j][k]
            expected = rate, (rate - t) ** 2, 2 * (rate - t) * rate
            assert found == pytest.approx(expected, abs=0.500001e-4)


def test_each_view_of_the_focal_loss_has_its_own_gamma() -> None:
    data = table("binary_focal_crossentropy")
    assert [view["parameter"] for view in data["views"]] == [2.0, 1.0, 5.0]
    for view in data["views"]:
        start, step, count = view["x"]
        gamma, row = view["parameter"], view["lines"][0]
        for k in range(0, count, 7):
            q = 1 / (1 + math.exp(start + k * step))  # given to the label 0
            value = -(q**0) * (1 - q) ** gamma * math.log(q)
            assert row["loss"][0][k] == pytest.approx(value, abs=0.500001e-4)


def test_the_table_of_a_squared_error_through_the_sigmoid_has_the_slope_of_its_values() -> None:
    data = table("binary_crossentropy")
    view = data["views"][0]
    start, step, _ = view["x"]
    for j, t in enumerate(data["targets"]):
        pairs = zip(view["lines"][1]["loss"][j], view["lines"][1]["slope"][j], strict=True)
        for k, (value, slope) in enumerate(pairs):
            expected = through_the_sigmoid(t, start + k * step)
            assert (value, slope) == pytest.approx(expected, abs=0.51e-4)
            assert view["p"][k] == pytest.approx(
                float(lb.sigmoid(np.array(start + k * step))), abs=0.500001e-4
            )


@pytest.mark.parametrize("name", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_the_table_of_three_logits_serves_every_class_and_label(name: str) -> None:
    data = table(name)
    start, step, count = data["x"]
    loss = getattr(lb, name).from_logits
    rng = np.random.default_rng(0)
    for _ in range(200):
        stops = rng.integers(count, size=3)
        z = start + step * stops
        label = int(rng.integers(3))
        t = label if name.startswith("sparse") else np.eye(3)[label]
        slopes, p = loss.gradient(t, z), lb.softmax(z)
        for own in range(3):
            low, high = sorted(int(stops[k] - stops[own]) for k in range(3) if k != own)
            share, value, slope = data["cells"][low + count - 1][high - low]
            assert share == pytest.approx(p[own], abs=0.500001e-4)
            if own == label:
                assert value == pytest.approx(loss(t, z), abs=0.500001e-4)
                assert slope == pytest.approx(slopes[own], abs=0.500001e-4)
            else:
                assert share == pytest.approx(slopes[own], abs=0.500001e-4)


def test_the_mean_and_the_median_are_where_the_two_losses_are_least() -> None:
    data = table("mean-and-median")
    start, step, count = data["x"]
    assert data["fixed"] == FIXED
    fine = np.linspace(0, 16, 1601)
    for k in range(count):
        labels = np.array([*FIXED, start + step * k])
        for line, loss in zip(
            data["lines"], (lb.mean_squared_error, lb.mean_absolute_error), strict=True
        ):
            values = [loss(labels, np.full(5, c)) for c in fine]
            assert line["best"][k] == pytest.approx(fine[int(np.argmin(values))], abs=1e-9)
            assert line["least"][k] == pytest.approx(min(values), abs=0.500001e-4)
            drawn = [loss(labels, np.full(5, start + step * j)) for j in range(count)]
            assert line["drawn"][k] == pytest.approx(drawn, abs=0.0501)


class Curve:
    """A curve in a browser, with what went wrong on its page."""

    def __init__(self, tab: Any, address: str, name: str) -> None:
        """Open the page of a curve in a tab, if no other one of its curves has been moved there."""
        self.page = tab
        if tab.url != address + CURVES[name]:
            tab.problems.clear()
            tab.goto(address + CURVES[name], wait_until="load")
        self.name = name
        self.element = self.page.locator(f'loss-curve[data-name="{name}"]')
        self.element.scroll_into_view_if_needed()

    @property
    def shown(self) -> dict[str, str]:
        """Return the numbers that are seen."""
        return self.element.locator("[data-out]").evaluate_all(
            """parts => Object.fromEntries(parts
                 .filter(part => part.checkVisibility({ visibilityProperty: true }))
                 .map(part => [part.dataset.out, part.innerText]))"""
        )

    @property
    def place(self) -> dict[str, float]:
        """Return where the drawing is."""
        return self.element.locator(".curve-drawing").evaluate(STILL)

    def slider(self, k: int = 0) -> Any:
        """Return a slider that is seen."""
        return self.element.locator("input[type=range]:visible").nth(k)

    def press(self, *keys: str, slider: int = 0) -> dict[str, str]:
        """Press keys on a slider and return what is shown then."""
        self.slider(slider).focus()
        for key in keys:
            self.page.keyboard.press(key)
        return self.shown

    def choose(self, words: str) -> dict[str, str]:
        """Click on a choice by its words."""
        self.element.get_by_label(words, exact=True).check()
        return self.shown

    def drag(self, start: float, end: float) -> dict[str, str]:
        """Drag on the drawing, from one share of its grid to another."""
        box = self.place
        at = [box["x"] + box["width"] * (64 + share * 560) / 640 for share in (start, end)]
        height = box["y"] + box["height"] * 0.3
        self.page.mouse.move(at[0], height)
        self.page.mouse.down()
        self.page.mouse.move((at[0] + at[1]) / 2, height)
        self.page.mouse.move(at[1], height)
        self.page.mouse.up()
        self.page.mouse.move(at[0], height)  # with the button up nothing follows
        return self.shown

    def check(self) -> None:
        """Nothing may have gone wrong on the page."""
        assert self.page.problems == []


def opened(browser: Any, address: str, **options: Any) -> Any:
    """Open a tab, which notes what goes wrong."""
    options = {"viewport": {"width": 1000, "height": 1400}} | options
    tab = browser.new_context(reduced_motion="reduce", **options).new_page()
    tab.problems = []
    tab.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:")) else tab.problems.append(request.url)
        ),
    )
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    return tab


@pytest.fixture(scope="module")
def moved(browser: Any, address: str) -> Iterator[Any]:
    """Open a tab in which curves are moved, one after the other: this is quicker than new ones."""
    tab = opened(browser, address)
    yield tab
    tab.context.close()


@pytest.fixture
def curve(moved: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Curve]:
    """Open the curve that the test names."""
    curve = Curve(moved, address, request.param)
    yield curve
    curve.check()


def of(name: str) -> pytest.MarkDecorator:
    """Let a test open a curve."""
    return pytest.mark.parametrize("curve", [name], indirect=True)


def numbers(x: float, digits: int, *pairs: tuple[float, float], **more: float) -> dict[str, str]:
    """Return what a curve of one prediction has to show."""
    expected = {"x": written(x, digits)}
    for j, (value, slope) in enumerate(pairs):
        expected |= {f"loss{j}": written(value), f"slope{j}": written(slope)}
    return expected | {key: written(value) for key, value in more.items()}


@of("mean_squared_error")
def test_the_squared_error_can_be_moved_and_compared(curve: Curve) -> None:
    squared, absolute = (
        (lambda t, y: one_loss("mean_squared_error", t, y)),
        (lambda t, y: one_loss("mean_absolute_error", t, y)),
    )
    assert curve.press("Home") == numbers(-2, 2, squared(0, -2))
    assert curve.press("ArrowRight") == numbers(-1.95, 2, squared(0, -1.95))
    assert curve.press("End", "ArrowLeft", "ArrowLeft") == numbers(1.9, 2, squared(0, 1.9))
    assert curve.choose("−1") == numbers(1.9, 2, squared(-1, 1.9))
    assert curve.choose("compare with absolute error") == numbers(
        1.9, 2, squared(-1, 1.9), absolute(-1, 1.9)
    )
    before = curve.shown["x"]
    assert curve.press("PageDown")["x"] != before
    assert curve.drag(0.5, 0.25) == numbers(-1, 2, squared(-1, -1), absolute(-1, -1))
    assert curve.press("ArrowRight")["x"] == "−0.95"


@of("mean_absolute_error")
def test_the_absolute_error_can_be_moved_and_compared(curve: Curve) -> None:
    both = [
        lambda t, y, n=n: one_loss(n, t, y) for n in ("mean_absolute_error", "mean_squared_error")
    ]
    assert curve.press("Home") == numbers(-2, 2, *(f(0, -2) for f in both))
    assert curve.drag(0.1, 0.9) == numbers(1.6, 2, *(f(0, 1.6) for f in both))
    assert curve.choose("1") == numbers(1.6, 2, *(f(1, 1.6) for f in both))
    assert curve.drag(0.9, 0.75) == numbers(1, 2, *(f(1, 1) for f in both))


@of("mean-and-median")
def test_an_outlier_moves_the_mean_and_leaves_the_median(curve: Curve) -> None:
    def expected(x: float) -> dict[str, str]:
        labels = np.array([*FIXED, x])
        mean, median = math.fsum(labels) / 5, sorted(labels)[2]
        return {
            "x": written(x, 1),
            "best0": written(mean),
            "best1": written(median),
            "least0": written(lb.mean_squared_error(labels, np.full(5, mean))),
            "least1": written(lb.mean_absolute_error(labels, np.full(5, median))),
        }

    assert curve.press("End") == expected(16)
    assert curve.press("ArrowLeft") == expected(15.5)
    assert curve.drag(0.9, 0.25) == expected(4)
    assert curve.shown["best0"] == curve.shown["best1"] == "4.0000"


@of("huber")
def test_the_huber_loss_can_be_moved_and_its_delta_chosen(curve: Curve) -> None:
    def at(y: float, delta: float) -> dict[str, str]:
        loss = lb.huber.with_parameters(delta=delta)
        own = loss([0.0], [y]), float(loss.gradient([0.0], [y])[0])
        return numbers(y, 2, own, one_loss("mean_absolute_error", 0, y))

    assert curve.press("Home") == at(-4, 1)
    assert curve.choose("3") == at(-4, 3)  # the point stays
    assert curve.drag(0.1, 0.75) == at(2, 3)
    assert curve.choose("2") == at(2, 2)
    assert curve.press("ArrowRight") == at(2.1, 2)
    assert curve.choose("1") == at(2.1, 1)


@of("pinball")
def test_the_pinball_loss_can_be_moved_and_its_level_chosen(curve: Curve) -> None:
    def at(level: float, y: float) -> dict[str, str]:
        loss = lb.pinball.with_parameters(quantile=level)
        return numbers(y, 2, (loss([0.0], [y]), float(loss.gradient([0.0], [y])[0])))

    assert curve.press("Home") == at(0.9, -4)
    assert curve.drag(0.1, 0.75) == at(0.9, 2)
    curve.choose("0.1")
    assert curve.press("End") == at(0.1, 4)
    assert curve.drag(0.9, 0.25) == at(0.1, -2)
    compared = numbers(-2, 2, (0.2, -0.1), (2.0, -1.0))
    assert curve.choose("compare with absolute error") == compared


@of("hinge")
def test_the_hinge_loss_can_be_moved_and_compared_with_the_cross_entropy(curve: Curve) -> None:
    assert curve.press("Home") == numbers(-3, 1, (4.0, -1.0))
    assert curve.press("End") == numbers(3, 1, (0.0, 0.0))
    assert curve.drag(0.9, 0.5) == numbers(0, 1, (1.0, -1.0))
    assert curve.choose("−1") == numbers(0, 1, (1.0, 1.0))
    bits = (1.0, 0.5 / math.log(2))
    assert curve.choose("compare with cross-entropy in bits") == numbers(0, 1, (1.0, 1.0), bits)


@of("squared_hinge")
def test_the_squared_hinge_forgives_what_the_squared_error_charges(curve: Curve) -> None:
    assert curve.drag(0.9, 0.25) == numbers(-1.5, 1, (6.25, -5.0), (6.25, -5.0))
    assert curve.press("End") == numbers(3, 1, (0.0, 0.0), (4.0, 4.0))
    assert curve.choose("−1") == numbers(3, 1, (16.0, 8.0), (16.0, 8.0))


@of("gaussian_negative_log_likelihood")
def test_a_predicted_bell_can_be_moved_and_its_spread_chosen(curve: Curve) -> None:
    def at(y: float, spread: float) -> dict[str, str]:
        rows = [[y, 2 * math.log(spread)]]
        loss = lb.gaussian_negative_log_likelihood
        slope, in_spread = (float(g) for g in loss.gradient([0.0], rows)[0])
        return numbers(y, 2, (loss([0.0], rows), slope), spread=in_spread)

    assert curve.press("Home") == at(-4, 1)
    assert curve.choose("4") == at(-4, 4)
    assert curve.drag(0.1, 0.75) == at(2, 4)
    assert curve.choose("2") == at(2, 2)
    assert curve.shown["spread"] == "0.0000"
    expected = numbers(2, 2, (math.log(2) + 0.5, 0.5), (4.0, 4.0), spread=0.0)
    assert curve.choose("compare with squared error") == expected


@of("poisson")
def test_the_poisson_loss_can_be_moved_and_its_count_chosen(curve: Curve) -> None:
    def at(t: int, z: float) -> dict[str, str]:
        return numbers(z, 1, one_loss("poisson", t, z), p=math.exp(z))

    assert curve.press("Home") == at(1, -3)
    assert curve.choose("0") == at(0, -3)
    assert curve.drag(0.1, 0.6) == at(0, 0)
    assert curve.choose("2") == at(2, 0)
    squared = {"loss1": written(1.0), "slope1": written(-2.0)}
    assert curve.choose("compare with squared error of the rate") == at(2, 0) | squared
    # The gap between the bar and the mark is rate minus count, on the bar's own scale.
    gap = curve.element.locator(".curve-gap").get_attribute("d")
    start, _, end = (float(x) for x in re.findall(r"[\d.]+", gap))
    assert (start - end) / 560 * 8 == pytest.approx(-1.0, abs=0.01)


@of("binary_crossentropy")
def test_binary_crossentropy_can_be_moved_along_logits_and_probabilities(curve: Curve) -> None:
    def at_logit(t: float, z: float) -> dict[str, str]:
        p = float(lb.sigmoid(np.array(z)))
        return numbers(z, 1, one_loss("binary_crossentropy.from_logits", t, z), p=p)

    assert curve.press("Home") == at_logit(1, -6)
    assert curve.press("ArrowUp") == at_logit(1, -5.8)
    assert curve.drag(0.2, 0.8) == at_logit(1, 3.6)
    assert curve.choose("0") == at_logit(0, 3.6)
    value, slope = through_the_sigmoid(0, 3.6)
    assert curve.choose("compare with squared error") == at_logit(0, 3.6) | {
        "loss1": written(value),
        "slope1": written(slope),
    }
    names = ("binary_crossentropy", "mean_squared_error")
    # The probability of the logit 3.6 is 0.9734: the nearest stop is 0.97.
    expected = numbers(0.97, 2, *(one_loss(n, 0, 0.97) for n in names))
    assert curve.choose("probability") == expected
    expected = numbers(1, 2, *(one_loss(n, 0, 1.0) for n in names))
    assert curve.press("End") == expected
    assert (expected["loss0"], expected["slope0"]) == ("∞", "∞")
    assert curve.drag(0.5, 0.25) == numbers(0.25, 2, *(one_loss(n, 0, 0.25) for n in names))


@of("binary_focal_crossentropy")
def test_the_focal_loss_can_be_moved_and_its_gamma_chosen(curve: Curve) -> None:
    def at(gamma: float, t: float, z: float) -> dict[str, str]:
        loss = lb.binary_focal_crossentropy.from_logits.with_parameters(gamma=gamma)
        own = loss([t], [z]), float(loss.gradient([t], [z])[0])
        other = one_loss("binary_crossentropy.from_logits", t, z)
        return numbers(z, 1, own, other, p=float(lb.sigmoid(np.array(z))))

    assert curve.press("Home") == at(2, 1, -6)
    assert curve.drag(0.2, 0.8) == at(2, 1, 3.6)
    curve.choose("5")
    assert curve.press("Home") == at(5, 1, -6)
    assert curve.choose("0") == at(5, 0, -6)
    assert curve.drag(0.2, 0.75) == at(5, 0, 3)


@pytest.mark.parametrize(
    "curve", ["categorical_crossentropy", "sparse_categorical_crossentropy"], indirect=True
)
def test_three_logits_can_be_moved_and_the_label_changed(curve: Curve) -> None:
    sparse = curve.element.get_attribute("data-name").startswith("sparse")
    loss = lb.sparse_categorical_crossentropy if sparse else lb.categorical_crossentropy
    labels = ["0", "1", "2"] if sparse else ["(1, 0, 0)", "(0, 1, 0)", "(0, 0, 1)"]

    def expected(label: int, *z: float) -> dict[str, str]:
        t = label if sparse else np.eye(3)[label]
        found = {"loss": written(loss.from_logits(t, z))}
        for j in range(3):
            found[f"z{j}"] = written(z[j], 1)
            found[f"p{j}"] = written(lb.softmax(np.array(z))[j])
            found[f"slope{j}"] = written(loss.from_logits.gradient(t, z)[j])
        return found

    assert curve.shown == expected(1, 1.0, 0.5, -1.5)
    assert curve.press("End", slider=2) == expected(1, 1.0, 0.5, 3.0)
    assert curve.press("Home", "ArrowRight", slider=0) == expected(1, -2.5, 0.5, 3.0)
    assert curve.choose(labels[0]) == expected(0, -2.5, 0.5, 3.0)
    # The drawing moves the logit that was moved last.
    assert curve.drag(0.1, 0.75) == expected(0, 1.5, 0.5, 3.0)
    assert curve.choose(labels[2]) == expected(2, 1.5, 0.5, 3.0)


def test_a_finger_moves_a_curve_as_a_mouse_does(browser: Any, address: str) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    curve = Curve(opened(browser, address, **phone), address, "mean_squared_error")
    box = curve.place
    fingers = curve.page.context.new_cdp_session(curve.page)
    for event, share in (("Start", 0.5), ("Move", 0.4), ("Move", 0.25), ("End", None)):
        points = []
        if share is not None:
            x = box["x"] + box["width"] * (64 + share * 560) / 640
            points = [{"x": x, "y": box["y"] + box["height"] / 2}]
        touch = {"type": f"touch{event}", "touchPoints": points}
        fingers.send("Input.dispatchTouchEvent", touch)
    assert curve.shown == numbers(-1, 2, one_loss("mean_squared_error", 0, -1))
    # A finger that goes down the page scrolls it, and leaves the point where it was.
    x = box["x"] + box["width"] * 0.8
    for event, y in (("Start", 150), ("Move", 140), ("Move", 60), ("Move", 10), ("End", None)):
        points = [] if y is None else [{"x": x, "y": box["y"] + y}]
        fingers.send("Input.dispatchTouchEvent", {"type": f"touch{event}", "touchPoints": points})
    assert curve.shown["x"] == "−1.00"
    # A tap while the page still glides only stops it.
    curve.page.evaluate(
        "(async () => { let last = NaN; while (last !== scrollY) { last = scrollY;"
        " await new Promise((done) => setTimeout(done, 200)); } })()"
    )
    curve.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    box = curve.place
    curve.page.touchscreen.tap(box["x"] + box["width"] * (64 + 0.75 * 560) / 640, box["y"] + 40)
    curve.page.wait_for_function("document.querySelector('[data-out=x]').textContent === '1.00'")
    curve.check()
    curve.page.context.close()


#: A curve of each kind: one prediction; a parameter; several views and a probability; numbers below
#: the drawing; three classes, by their places or numbers; points.
KINDS = [
    "mean_squared_error",
    "huber",
    "binary_crossentropy",
    "gaussian_negative_log_likelihood",
    "categorical_crossentropy",
    "mean-and-median",
]


@pytest.mark.parametrize("name", KINDS)
def test_without_javascript_the_drawing_and_its_numbers_stand_and_no_control(
    still: Any, address: str, name: str
) -> None:
    curve = Curve(still, address, name)
    assert curve.element.locator("svg[role=img]").is_visible()
    assert curve.shown == {
        part["data-out"]: part.get_text()
        for part in built(name).select("[data-out]")
        if not part.find_parent(hidden=True) and not part.has_attr("hidden")
    }
    assert not curve.element.locator("input:visible").count()
    curve.check()


@pytest.fixture(scope="module")
def still(browser: Any, address: str) -> Iterator[Any]:
    """Open a tab in which no script runs."""
    tab = opened(browser, address, java_script_enabled=False)
    yield tab
    tab.context.close()


#: What a reader sees of each curve of a page, and could touch.
LOOK = """() => [...document.querySelectorAll("loss-curve")].map((curve) => {
    const seen = (part) => part.checkVisibility({ visibilityProperty: true });
    const boxes = (parts) => [...curve.querySelectorAll(parts)].map((part) => {
        const { x, width, height } = part.getBoundingClientRect();
        return seen(part) ? { x, width, height } : null;
    }).filter(Boolean);
    return {
        name: curve.dataset.name,
        height: curve.getBoundingClientRect().height,
        sliders: boxes("input[type=range]"),
        targets: boxes(".curve-choices label"),
        shown: Object.fromEntries([...curve.querySelectorAll("[data-out]")]
            .filter(seen).map((part) => [part.dataset.out, part.innerText])),
    };
})"""
WIDTHS = (1280, 360)


def looks(tab: Any) -> dict[str, list[dict[str, Any]]]:
    """Return what is seen of each curve of the page that is open, in a wide and a narrow window."""
    found: dict[str, list[dict[str, Any]]] = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        for look in tab.evaluate(LOOK):
            found.setdefault(look.pop("name"), []).append(look)
    return found


@pytest.fixture(scope="module")
def late(browser: Any, address: str) -> Iterator[Any]:
    """Open a tab in which the scripts of the curves do not come by themselves."""
    tab = opened(browser, address)
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": ["*/loss_curve.js*", "*/loss_steps.js*"]})
    yield tab
    tab.context.close()


@pytest.fixture(scope="module", params=sorted(set(CURVES.values())))
def arrival(
    request: pytest.FixtureRequest, late: Any, address: str
) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return a page, and what is seen of its curves before and after their script has come."""
    late.problems.clear()
    late.goto(address + request.param)
    before = looks(late)
    for name in ("loss_curve", "loss_steps"):
        late.evaluate((SCRIPT.with_name(f"{name}.js")).read_text(encoding="utf-8"))
    return late, before, looks(late)


def on(page: Any) -> list[str]:
    """Return the names of the curves of the page that is open."""
    return [name for name, path in CURVES.items() if page.url.endswith(path)]


def test_the_script_draws_what_the_build_drew(arrival: Any) -> None:
    page, before, after = arrival
    shapes = "path, circle, rect, text, g"
    names = ("d", "cx", "cy", "x", "y", "width", "transform", "hidden")
    for curve in on(page):
        assert after[curve][0]["shown"] == before[curve][0]["shown"] != {}
        drawn = page.evaluate(
            """([curve, shapes, names]) => [...document.querySelector(
                 `loss-curve[data-name="${curve}"] .curve-drawing`).querySelectorAll(shapes)].map(
                 (part) => names.map((name) => part.getAttribute(name) ?? ""))""",
            [curve, shapes, list(names)],
        )
        parts = built(curve).find("svg").select(shapes)
        assert len(parts) == len(drawn)
        for part, found in zip(parts, drawn, strict=True):
            for key, text in zip(names, found, strict=True):
                old = [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?", part.get(key, ""))]
                new = [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?", text)]
                assert new == pytest.approx(old, abs=0.11), (curve, str(part)[:80], key)


def test_nothing_moves_when_the_script_arrives_and_nothing_is_too_wide(arrival: Any) -> None:
    page, before, after = arrival
    assert set(after) == set(before) == set(on(page))
    for curve in after:
        for width, old, new in zip(WIDTHS, before[curve], after[curve], strict=True):
            assert not old["sliders"]
            assert not old["targets"]
            assert new["sliders"]
            assert all(box["height"] >= 22 for box in new["sliders"])
            for box in [new["sliders"][0], *new["targets"]]:
                assert box["height"] >= 43.5
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= width
            assert new["height"] == pytest.approx(old["height"], abs=1), (curve, width)
    assert page.problems == []
