"""What a reader can move beside the curves: each number is what the package answers."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import lossbook as lb
from lossbook import datasets
from tests.book.conftest import SITE, STILL, soup
from tests.book.kinds import KINDS


class OneSpread:
    """The loss of a predicted bell whose standard deviation is 1 and stays."""

    chapter = "gaussian_negative_log_likelihood"
    whole = lb.gaussian_negative_log_likelihood

    def __call__(self, t: list[float], y: list[float]) -> float:
        """Return the loss of one sample."""
        return self.whole(t, [[*y, 0.0]])

    def gradient(self, t: list[float], y: list[float]) -> Any:
        """Return the derivative in the mean."""
        return self.whole.gradient(t, [[*y, 0.0]])[:, 0]


STEPS: dict[str, Any] = {
    "mean_squared_error": lb.mean_squared_error,
    "mean_absolute_error": lb.mean_absolute_error,
    "huber": lb.huber,
    "log_cosh": lb.log_cosh,
    "pinball": lb.pinball.with_parameters(quantile=0.9),
    "hinge": lb.hinge,
    "squared_hinge": lb.squared_hinge,
    "gaussian_negative_log_likelihood": OneSpread(),
    "poisson": lb.poisson,
    "binary_crossentropy": lb.binary_crossentropy.from_logits,
    "binary_focal_crossentropy": lb.binary_focal_crossentropy.from_logits,
}
CLASSES = {
    "categorical_crossentropy": lb.categorical_crossentropy.from_logits,
    "sparse_categorical_crossentropy": lb.sparse_categorical_crossentropy.from_logits,
}
LINES = {
    "mean_squared_error": lb.mean_squared_error,
    "mean_absolute_error": lb.mean_absolute_error,
}


def written(value: float, digits: int = 4) -> str:
    """Return a number as a page shows it."""
    return f"{value:.{digits}f}".replace("-", "−")


def chapter(name: str) -> str:
    """Return the page of a loss."""
    return f"chapters/{name}/derivation.html"


@pytest.fixture
def still(browser: Any) -> Iterator[Any]:
    """Open a window for a reader who prefers less motion."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_the_scripts_of_any_page_are_small() -> None:
    sizes = {}
    for path in SITE.rglob("*.html"):
        if "_static" in path.parts:
            continue
        asked = re.findall(r'<script\b[^>]* src="([^"/][^"?]*)', path.read_text(encoding="utf-8"))
        scripts = {(path.parent / address).resolve() for address in asked}
        moving = [script for script in scripts if script.name != "site.js"]
        sizes[path] = sum(script.stat().st_size for script in moving)
    assert 0 < max(sizes.values()) <= 40_000, max(sizes, key=lambda path: sizes[path])


#: Press Step four times; what is said before the first time and after each.
FOUR_STEPS = """(steps) => {
    const [button, output] = ["button", "output"].map((part) => steps.querySelector(part));
    const said = [output.innerText];
    for (const _ of "1234") {
        button.click();
        said.push(output.innerText);
    }
    return said;
}"""


@pytest.mark.parametrize("page", sorted({loss.chapter for loss in STEPS.values()}))
def test_a_step_goes_where_the_package_s_gradient_says(view: Any, address: str, page: str) -> None:
    view.goto(address + chapter(page))
    for name, loss in STEPS.items():
        if loss.chapter == page:
            check_steps(view.locator(f"loss-curve[data-name={name}]"), loss)


def check_steps(curve: Any, loss: Any) -> None:
    """Take steps from three points at three rates."""
    steps = curve.locator("loss-steps")
    rates = json.loads(steps.get_attribute("data-rates"))
    slider = curve.locator(".curve-sliders input").first
    rate = steps.locator("input")
    for k, start in ((0, 40), (len(rates) // 2, 3), (len(rates) - 1, 50)):
        rate.evaluate("(s, k) => { s.value = k; s.dispatchEvent(new Event('input')) }", k)
        slider.evaluate(
            """(s, k) => { s.value = +s.min + k * s.step;
                 s.dispatchEvent(new Event('input', { bubbles: true })); }""",
            start,
        )
        y = float(slider.input_value())
        t = float(
            curve.evaluate(
                """(curve) => JSON.parse(curve.querySelector('script').textContent)
                 .targets[curve.querySelector('[data-choice=target]:checked')?.value ?? 0]"""
            )
        )
        # The keys are pressed where all logits move.
        before, *after = steps.evaluate(FOUR_STEPS)
        assert before == ""
        for number, said in enumerate(after, 1):
            y -= rates[k] * float(loss.gradient([t], [y])[0])
            assert said.startswith(f"Steps: {number}. ")
            assert f" is {written(y)} and the loss {written(loss([t], [y]))}." in said
        assert curve.locator(".curve-trail circle").count() >= 1


def test_a_step_knows_the_parameter_that_is_chosen_and_another_one_begins_anew(
    view: Any, address: str
) -> None:
    view.goto(address + chapter("huber"))
    curve = view.locator("loss-curve[data-name=huber]")
    said = curve.locator("loss-steps output")
    for delta in (2.0, 3.0, 1.0):
        curve.get_by_label(f"{delta:g}", exact=True).check(force=True)
        assert said.inner_text() == ""
        slider = curve.locator(".curve-sliders input:visible")
        slider.evaluate(
            "(s) => { s.value = 3; s.dispatchEvent(new Event('input', { bubbles: true })) }"
        )
        curve.locator("loss-steps").get_by_role("button", name="Step").click()
        y = 3.0 - 0.5 * delta
        loss = lb.huber([0.0], [y], delta=delta)
        assert f" is {written(y)} and the loss {written(loss)}." in said.inner_text()
        assert curve.locator("[data-view]:not([hidden]) > .curve-trail circle").count() == 2


@pytest.mark.parametrize("name", CLASSES)
def test_a_step_moves_all_logits_as_the_package_s_gradient_says(
    view: Any, address: str, name: str
) -> None:
    view.goto(address + chapter(name))
    loss = CLASSES[name]
    curve = view.locator(f"loss-curve[data-name={name}]")
    steps = curve.locator("loss-steps")
    rates = json.loads(steps.get_attribute("data-rates"))
    for rate, label, moved in ((2, 1, 2), (4, 0, 0)):
        curve.locator("[data-choice=target]").nth(label).check()
        steps.locator("input").evaluate(
            "(s, k) => { s.value = k; s.dispatchEvent(new Event('input')) }", rate
        )
        sliders = curve.locator(".curve-sliders input").all()
        sliders[moved].press("ArrowRight")
        z = np.array([float(slider.input_value()) for slider in sliders])
        t = label if name.startswith("sparse") else np.eye(3)[label]
        assert steps.locator("output").inner_text() == ""
        steps.get_by_role("button", name="Step").focus()
        for number in range(1, 4):
            view.keyboard.press("Enter")
            z = z - rates[rate] * loss.gradient(t, z)
            said = steps.locator("output").inner_text()
            assert said.startswith(f"Steps: {number}. ")
            place = ", ".join(written(own, 2) for own in z)
            assert f"({place}) and the loss {written(loss(t, z))}." in said
        # The trail runs along the logit that was moved last, and on the bars of all three.
        paths = curve.locator(".curve-trail path").all()
        last = [path.get_attribute("d").split("L")[-1].split() for path in paths]
        start, step, count = json.loads(curve.locator("script").text_content())["x"]
        across = 64 + (z[moved] - start) / (step * (count - 1)) * 560
        if 64 <= across <= 624:
            assert float(last[0][0]) == pytest.approx(across, abs=0.11)
        ends = [64 + 560 * float(p) for p in lb.softmax(z)]
        assert [float(x) for x, _ in last[-3:]] == pytest.approx(ends, abs=0.11)


def test_a_learning_rate_that_is_too_large_leads_away_and_the_page_says_so(
    view: Any, address: str
) -> None:
    view.goto(address + chapter("mean_squared_error"))
    steps = view.locator("loss-curve[data-name=mean_squared_error] loss-steps")
    said = steps.locator("output")
    for rate, away in ((1, False), (1.05, True), (0.95, False)):
        index = json.loads(steps.get_attribute("data-rates")).index(rate)
        steps.locator("input").evaluate(
            "(s, k) => { s.value = k; s.dispatchEvent(new Event('input')) }", index
        )
        steps.get_by_role("button", name="Step").click()
        assert ("too large" in said.inner_text()) == away
    steps.get_by_role("button", name="Run").click()
    view.wait_for_function("document.querySelectorAll('.curve-trail circle').length > 3")
    view.locator("loss-curve [data-choice=target]").first.check()
    assert said.inner_text() == "", "another label begins anew"


def test_who_prefers_less_motion_steps_and_does_not_run(still: Any, address: str) -> None:
    still.goto(address + chapter("mean_squared_error"))
    steps = still.locator("loss-steps").first
    assert steps.get_by_role("button", name="Step").is_visible()
    assert steps.get_by_role("button", name="Run").count() == 0


def line_of(page: Any) -> tuple[dict[str, str], float]:
    """Return what a line to be fitted shows, and the label of its diamond."""
    shown = page.evaluate(
        """Object.fromEntries([...document.querySelectorAll('fit-line [data-out]')].map(
             (part) => [part.dataset.out, part.textContent]))"""
    )
    return shown, float(page.locator("fit-line input[type=range]").nth(2).input_value())


@pytest.mark.parametrize("name", LINES)
def test_the_numbers_of_a_fitted_line_are_the_package_s_and_no_line_is_better(
    view: Any, address: str, name: str
) -> None:
    data = json.loads(soup(chapter(name)).select_one("fit-line script").string)  # type: ignore[union-attr]
    x, t = np.array(data["x"]), np.array(data["t"])
    before = {
        p["data-out"]: p.get_text() for p in soup(chapter(name)).select("fit-line [data-out]")
    }
    view.goto(address + chapter(name))
    assert line_of(view)[0] == before, "the script shows what the build wrote"
    rng = np.random.default_rng(1)
    switch = view.locator("fit-line input[type=checkbox]")
    for loss in (*LINES.values(), *LINES.values()):
        switch.set_checked(loss is lb.mean_absolute_error)
        for k, stops in enumerate((41, 61, 66)):
            view.locator("fit-line input[type=range]").nth(k).evaluate(
                """(s, k) => { s.value = +s.min + k * s.step;
                     s.dispatchEvent(new Event('input', { bubbles: true })); }""",
                int(rng.integers(stops)),
            )
        w, b = (
            float(view.locator("fit-line input[type=range]").nth(k).input_value()) for k in (0, 1)
        )
        found, last = line_of(view)
        labels = np.array([*t[:-1], last])
        y = w * x + b
        gradient = loss.gradient(labels, y)
        expected = {
            "w": written(w, 2),
            "b": written(b, 1),
            "loss": written(loss(labels, y)),
            "dw": written(float(gradient @ x)),
            "db": written(float(gradient.sum())),
        }
        numbers = {key: float(value.replace("−", "-")) for key, value in found.items()}
        wanted = {key: float(value.replace("−", "-")) for key, value in expected.items()}
        assert numbers == pytest.approx(wanted, abs=1.01e-4)
        view.locator("fit-line button").click()
        best = min(loss(labels, w * x + b) for w, b in best_lines(loss, x, labels))
        found = float(line_of(view)[0]["loss"])
        assert best - 1e-4 <= found <= best + 0.02  # sliders stop at their steps


def best_lines(loss: Any, x: Any, t: Any) -> Iterator[Any]:
    """Yield lines of which one is best: of absolute errors, one through two of the points."""
    if loss is lb.mean_squared_error:
        yield np.polyfit(x, t, 1)
        return
    for i, j in itertools.combinations(range(len(x)), 2):
        yield np.polyfit(x[[i, j]], t[[i, j]], 1)


def test_the_diamond_is_dragged_and_then_moved_with_keys(view: Any, address: str) -> None:
    view.goto(address + chapter("mean_absolute_error"))
    view.locator("fit-line button").click()
    before, _ = line_of(view)
    view.locator("fit-line").scroll_into_view_if_needed()
    box = view.locator("fit-line .curve-moved").evaluate(STILL)
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.mouse.move(*place)
    view.mouse.down()
    view.mouse.move(place[0], place[1] + 120)
    view.mouse.up()
    moved = line_of(view)[1]
    assert moved < 4
    view.keyboard.press("ArrowUp")
    assert line_of(view)[1] == pytest.approx(moved + 0.1)
    view.locator("fit-line button").click()
    after, _ = line_of(view)
    assert abs(float(after["w"]) - float(before["w"])) <= 0.15, "absolute errors resist"
    view.locator("fit-line input[type=checkbox]").uncheck()
    view.locator("fit-line button").click()
    assert float(before["w"]) - float(line_of(view)[0]["w"]) > 0.15, "squares follow"


def test_the_softmax_of_pulled_logits_is_the_package_s(view: Any, address: str) -> None:
    page = chapter("categorical_crossentropy")
    before = {p["data-out"]: p.get_text() for p in soup(page).select("pull-logits [data-out]")}
    view.goto(address + page)

    def shown() -> dict[str, str]:
        return view.evaluate(
            """Object.fromEntries([...document.querySelectorAll('pull-logits [data-out]')].map(
                 (part) => [part.dataset.out, part.textContent]))"""
        )

    assert shown() == before, "the script shows what the build wrote"
    rng = np.random.default_rng(2)
    for label in range(5):
        view.locator("pull-logits [data-choice]").nth(label).check()
        for k, stops in enumerate((81, 81, 81, 81, 81, 16)):
            view.locator("pull-logits input[type=range]").nth(k).evaluate(
                """(s, k) => { s.value = +s.min + k * s.step;
                     s.dispatchEvent(new Event('input', { bubbles: true })); }""",
                int(rng.integers(stops)),
            )
        sliders = view.locator("pull-logits input[type=range]").all()
        *logits, heat = (float(slider.input_value()) for slider in sliders)
        z, t = np.array(logits) / heat, np.eye(5)[label]
        loss = lb.categorical_crossentropy.from_logits
        expected = {"heat": heat, "loss": loss(t, z)}
        for k in range(5):
            slope = float(loss.gradient(t, z)[k]) / heat
            expected |= {f"z{k}": logits[k], f"p{k}": float(lb.softmax(z)[k]), f"slope{k}": slope}
        found = {key: float(value.replace("−", "-")) for key, value in shown().items()}
        assert found == pytest.approx(expected, abs=0.51e-4)
        assert sum(found[f"slope{k}"] for k in range(5)) == pytest.approx(0, abs=3e-4)


def test_a_threshold_counts_what_the_notebook_counted(view: Any, address: str) -> None:
    page = "chapters/losses_and_metrics/index.html"
    before = {p["data-out"]: p.get_text() for p in soup(page).select("move-threshold [data-out]")}
    view.goto(address + page)

    def shown() -> dict[str, str]:
        return view.evaluate(
            """Object.fromEntries([...document.querySelectorAll('move-threshold [data-out]')].map(
                 (part) => [part.dataset.out, part.textContent]))"""
        )

    def put(k: int, value: float) -> None:
        view.locator("move-threshold input").nth(k).evaluate(
            """(s, value) => { s.value = value;
                 s.dispatchEvent(new Event('input', { bubbles: true })); }""",
            value,
        )

    assert shown() == before, "the script shows what the build wrote"
    data = json.loads(soup(page).select_one("move-threshold script").string)  # type: ignore[union-attr]
    positive, negative = np.array(data["positive"]), np.array(data["negative"])
    for threshold, miss in ((0.0, 1), (0.09, 10), (0.2, 3), (0.5, 20), (0.8, 7), (1.0, 2)):
        put(0, threshold)
        put(1, miss)
        found = shown()
        tp, fp = int((positive >= threshold).sum()), int((negative >= threshold).sum())
        fn, tn = positive.size - tp, negative.size - fp
        assert [int(found[name]) for name in ("tp", "fp", "fn", "tn")] == [tp, fp, fn, tn]
        assert int(found["cost"]) == fp + miss * fn
        assert found["recall"] == f"{tp / (tp + fn):.3f}"
        assert found["precision"] == (f"{tp / (tp + fp):.3f}" if tp + fp else "–")
    # The chapter's table comes from the notebook's own predictions, not from these rounded ones.
    for row in soup(page).select("table tr"):
        cells = [cell.get_text(strip=True) for cell in row.find_all("td")]
        if len(cells) == 5 and cells[0] in ("0.2", "0.5", "0.8"):
            put(0, float(cells[0]))
            assert [shown()[name] for name in ("precision", "recall", "fp")] == [
                *cells[1:3],
                cells[4],
            ]


def test_the_surprise_under_a_bell_is_the_mean_of_what_each_label_costs(
    view: Any, address: str
) -> None:
    page = "chapters/likelihood/index.html"
    before = {p["data-out"]: p.get_text() for p in soup(page).select("slide-bell [data-out]")}
    view.goto(address + page)

    def shown() -> dict[str, str]:
        return view.evaluate(
            """Object.fromEntries([...document.querySelectorAll('slide-bell [data-out]')].map(
                 (part) => [part.dataset.out, part.textContent]))"""
        )

    def put(k: int, value: float) -> None:
        view.locator("slide-bell input").nth(k).evaluate(
            """(s, value) => { s.value = value;
                 s.dispatchEvent(new Event('input', { bubbles: true })); }""",
            value,
        )

    def number(text: str) -> float:
        raised = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-"))
        return float(raised.replace(" · 10", "e"))

    assert shown() == before, "the script shows what the build wrote"
    labels = [2.0, 3.5, 4.0, 5.5, 7.0]
    for mean, spread in ((0.0, 0.5), (4.4, 1.7), (10.0, 4.0), (6.2, 0.9)):
        put(0, mean)
        put(1, spread)
        bell = NormalDist(mean, spread)
        product = math.prod(bell.pdf(t) for t in labels)
        found = {key: number(text) for key, text in shown().items()}
        assert found["likelihood"] == pytest.approx(product, rel=6e-4)
        assert found["surprise"] == pytest.approx(-math.log(product) / 5, abs=0.51e-4)
        loss = lb.mean_squared_error(labels, [mean] * 5)
        assert found["loss"] == pytest.approx(loss, abs=0.51e-4)
    view.locator("slide-bell button").click()
    assert shown()["mean"] == "4.4"
    assert number(shown()["spread"]) ** 2 == pytest.approx(number(shown()["loss"]), abs=0.2)


def gentoo(scaled: bool) -> tuple[Any, Any]:
    """Return what a descent on the map is about: two features without their means, and masses."""
    penguins = datasets.load_penguins()
    own = penguins.species == "Gentoo"
    x = np.array([penguins.bill_depth_mm[own], penguins.flipper_length_mm[own]]).T
    x, t = x - x.mean(axis=0), penguins.body_mass_g[own] / 1000
    return (x / x.std(axis=0) if scaled else x), t - t.mean()


def test_the_rings_of_a_map_join_weights_of_the_same_loss() -> None:
    (element,) = soup("chapters/training/index.html").select("follow-descent")
    views = json.loads(element.find("script").string)["views"]
    for v, (view, group) in enumerate(zip(views, element.select("[data-view]"), strict=True)):
        x, t = gentoo(bool(v))
        best = np.linalg.lstsq(x, t, rcond=None)[0]
        for ring in group.select("ellipse"):
            place, turn = re.findall(r"\(([^)]*)\)", ring["transform"])
            u = np.linspace(0, 2 * np.pi, 17)
            a, b = float(ring["rx"]) * np.cos(u), float(ring["ry"]) * np.sin(u)
            r = np.radians(float(turn))
            across = float(place.split()[0]) + a * np.cos(r) - b * np.sin(r)
            down = float(place.split()[1]) + a * np.sin(r) + b * np.cos(r)
            w = np.array([(across - 64) / view["unit"] + view["left"], 0 * u])
            w[1] = (366 - down) / view["unit"] + view["bottom"]
            above = ((x @ w - t[:, None]) ** 2).mean(axis=0) - ((x @ best - t) ** 2).mean()
            assert above == pytest.approx(np.full(17, above.mean()), rel=0.03)


def test_a_descent_goes_where_numpy_goes_step_by_step(view: Any, address: str) -> None:
    page = "chapters/training/index.html"
    (element,) = soup(page).select("follow-descent")
    data = json.loads(element.find("script").string)
    before = {p["data-out"]: p.get_text() for p in element.select("[data-out]")}
    view.goto(address + page)

    def shown() -> dict[str, str]:
        return view.evaluate(
            """Object.fromEntries([...document.querySelectorAll('follow-descent [data-out]')].map(
                 (part) => [part.dataset.out, part.textContent]))"""
        )

    assert shown() == before, "the script shows what the build wrote"
    steps, rate = view.locator("follow-descent input[type=range]").all()
    switch = view.locator("follow-descent input[type=checkbox]")
    tried = ((False, 0.02, 30), (False, 0.022, 7), (False, 0.05, 3), (True, 0.3, 4), (True, 0.6, 9))
    for scaled, eta, count in tried:
        switch.set_checked(scaled)
        for slider, value in ((rate, data["rates"].index(eta)), (steps, count + 1)):
            slider.evaluate(
                """(s, value) => { s.value = value;
                     s.dispatchEvent(new Event('input', { bubbles: true })); }""",
                value,
            )
        steps.press("ArrowLeft")
        if count == 30:
            steps.press("End")
        x, t = gentoo(scaled)
        w = np.zeros(2)
        for _ in range(count):
            w = w - eta * 2 * x.T @ (x @ w - t) / t.size
        loss, first = ((x @ w - t) ** 2).mean(), (t**2).mean()
        expected = {"steps": str(count), "rate": str(eta), "loss": written(loss)}
        expected |= {"w0": written(w[0]), "w1": written(w[1])}
        found = shown()
        assert ("too large" in found.pop("away")) == (loss > first)
        assert found == expected
        assert rate.get_attribute("aria-valuetext") == str(eta)
        map_ = data["views"][scaled]
        dot = view.locator("follow-descent .curve-dot:visible")
        place = [float(dot.get_attribute(side)) for side in ("cx", "cy")]
        across, up = 64 + (w[0] - map_["left"]) * map_["unit"], (w[1] - map_["bottom"])
        assert place == pytest.approx([across, 366 - up * map_["unit"]], abs=0.11)
        points = view.locator("follow-descent [data-view]:visible .descent-points")
        assert points.get_attribute("d").count("M") == count + 1


def test_without_javascript_there_is_a_figure_and_no_control(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + KINDS["loss"])
    assert page.locator("fit-line svg[role=img]").is_visible()
    assert page.locator("fit-line [data-out=loss]").is_visible()
    assert not page.locator("fit-line input:visible, fit-line button:visible").count()
    assert not page.locator("loss-steps:visible").count()
    context.close()
