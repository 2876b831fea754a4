"""The parts of a formula and of its curve that light up together."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from tests.book.conftest import SITE, hover, painted, soup

LOSSES = ("mean_squared_error", "binary_crossentropy", "categorical_crossentropy")


def chapter(name: str) -> str:
    """Return the page of a loss."""
    return f"chapters/{name}/derivation.html"


def number(page: Any, key: str) -> float:
    """Return a number that the curve shows."""
    return float(page.locator(f"loss-curve [data-out={key}]").first.inner_text().replace("−", "-"))


def lit(page: Any) -> dict[str, list[str]]:
    """Return what is lit: buttons, parts of the formula, parts of the drawing, and what is said."""
    return page.evaluate(
        """() => {
             const all = (where) => [...document.querySelectorAll(where + " .lit")];
             return {
               buttons: all("loss-parts").map((part) => part.dataset.part),
               formula: all(".math-block").map((part) => part.textContent),
               drawing: all(".curve-drawing").map((part) => part.getAttribute("class")),
               drawn: [...document.querySelectorAll(".curve-lit")].map((p) => p.getAttribute("d")),
               said: [document.querySelector("loss-parts output").textContent],
             };
           }"""
    )


@pytest.mark.parametrize("name", LOSSES)
def test_every_part_of_a_formula_has_a_name_and_who_copies_it_gets_the_tex_as_written(
    name: str,
) -> None:
    keys = []
    for prefix in ("", "ko/"):
        page = soup(prefix + chapter(name))
        html = (SITE / prefix / chapter(name)).read_text(encoding="utf-8")
        below = html[html.index("math-block") :]
        formula = below[slice(*next(painted(below)))]
        marked = set(re.findall(r'class="enclosing (part-[\w-]+)"', formula))
        buttons = page.select("loss-parts button")
        assert marked == {f"part-{button['data-part']}" for button in buttons}
        keys.append([button["data-part"] for button in buttons])
        for item in page.select("loss-parts li"):
            assert item.button is not None
            assert item.button.get_text(strip=True)
            assert len(item.get_text(strip=True)) > 2 * len(item.button.get_text(strip=True))
        tex = [tag.get_text() for tag in page.select("annotation")]
        assert tex[0] in tex[1:], "the same formula stands in the chapter, without marks"
        assert "htmlClass" not in html
    assert keys[0] == keys[1]


def test_the_parts_of_the_squared_error_are_where_their_numbers_say(
    view: Any, address: str
) -> None:
    view.goto(address + chapter("mean_squared_error"))
    button = {b.get_attribute("data-part"): b for b in view.locator("loss-parts button").all()}
    for label, presses in (("0", 3), ("−1", 40)):
        view.locator("loss-curve").get_by_label(label, exact=True).first.check()
        slider = view.locator("loss-curve .curve-sliders input").first
        for _ in range(presses):
            slider.press("ArrowLeft")
        y, t = number(view, "x"), float(label.replace("−", "-"))
        button["difference"].focus()
        (drawn,) = lit(view)["drawn"]
        start, end = (float(x) for x in drawn.removeprefix("M").replace(" 310H", " ").split())
        assert (end - start) / 560 * 4 == pytest.approx(y - t, abs=0.01)
        button["y"].focus()
        (drawn,) = lit(view)["drawn"]
        assert drawn == f"M{64 + (y + 2) / 4 * 560:.1f} 310H{64 + (y + 2) / 4 * 560:.1f}"
        button["square"].focus()
        found = lit(view)
        assert sorted(found["drawing"]) == ["curve-dot lit", "curve-guide lit"]
        up = float(view.locator(".curve-dot.lit").get_attribute("cy"))
        assert (310 - up) / (310 - 24) * 9 == pytest.approx((y - t) ** 2, abs=0.01)
        assert number(view, "loss0") == pytest.approx((y - t) ** 2)


def test_a_logarithm_lights_the_point_where_the_label_is_its_own(view: Any, address: str) -> None:
    view.goto(address + chapter("binary_crossentropy"))
    button = {b.get_attribute("data-part"): b for b in view.locator("loss-parts button").all()}
    for label, own, other in (("1", "yes", "no"), ("0", "no", "yes")):
        view.locator("loss-curve").get_by_label(label, exact=True).first.check()
        button[other].focus()
        assert lit(view)["drawing"] == []
        assert lit(view)["formula"], "its place in the formula is shown all the same"
        button[own].focus()
        assert sorted(lit(view)["drawing"]) == ["curve-dot lit", "curve-guide lit"]
        p = number(view, "p")
        expected = -math.log(p if label == "1" else 1 - p)
        assert number(view, "loss0") == pytest.approx(expected, abs=2e-4)


def test_formula_curve_and_names_light_up_together_by_mouse_keys_and_touch(
    view: Any, address: str
) -> None:
    view.goto(address + chapter("categorical_crossentropy"))
    nothing = {key: [] for key in ("buttons", "formula", "drawing", "drawn")} | {"said": [""]}
    assert lit(view) == nothing
    hover(view.locator(".math-block .part-t").first)
    found = lit(view)
    assert found["buttons"] == ["t"]
    assert found["drawing"] == ["curve-mark lit"] * 3
    assert "label" in found["said"][0]
    view.mouse.move(1, 1)
    assert lit(view)["buttons"] == []
    view.locator("loss-curve rect.curve-share").first.hover(position={"x": 14, "y": 4})
    found = lit(view)
    assert found["buttons"] == ["y"]
    assert len(found["formula"]) == 1
    view.mouse.move(1, 1)
    view.locator("loss-parts button").first.focus()
    view.keyboard.press("Tab")
    assert lit(view)["buttons"] == ["y"]
    view.keyboard.press("Tab")
    assert lit(view)["buttons"] == ["log"]
    view.evaluate("document.activeElement.blur()")
    assert lit(view) == nothing
    view.locator(".math-block .part-log").first.dispatch_event("click")  # as a finger does
    assert lit(view)["buttons"] == ["log"]
    assert view.evaluate("document.activeElement.dataset.part") == "log"


def test_without_scripts_a_list_says_where_the_parts_are(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + chapter("mean_squared_error"))
    assert all(item.is_visible() for item in page.locator("loss-parts li > span").all())
    assert page.locator("loss-parts li").count() == 5
    context.close()
