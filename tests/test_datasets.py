from __future__ import annotations

import dataclasses
import hashlib
import math
import unicodedata
from collections import Counter
from collections.abc import Callable
from importlib import resources
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lossbook import datasets

HOME = resources.files("lossbook.datasets")
LOADERS: list[Callable[[], Any]] = [
    datasets.load_boiling_points,
    datasets.load_breast_cancer,
    datasets.load_challenger,
    datasets.load_commutes,
    datasets.load_crashes,
    datasets.load_digits,
    datasets.load_engel,
    datasets.load_horse_kicks,
    datasets.load_motorcycle,
    datasets.load_penguins,
    datasets.load_phone_calls,
    datasets.load_ships,
    datasets.load_stars,
]
Floats = NDArray[np.float64]


def arrays(data: Any) -> dict[str, NDArray[Any]]:
    return {field.name: getattr(data, field.name) for field in dataclasses.fields(data)}


def least_squares(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and intercept by the closed form of one predictor."""
    dx = x - x.mean()
    slope = float((dx * (y - y.mean())).sum() / (dx**2).sum())
    return slope, float(y.mean() - slope * x.mean())


def residual_standard_error(x: Floats, y: Floats) -> float:
    slope, intercept = least_squares(x, y)
    return float(np.sqrt(((y - slope * x - intercept) ** 2).sum() / (len(x) - 2)))


def logistic_fit(
    x: Floats, successes: NDArray[np.int64], trials: int
) -> tuple[Floats, Floats, float]:
    """Coefficients, standard errors and deviance of a binomial logistic regression, by Newton."""
    design = np.column_stack([np.ones_like(x), x])
    coefficients = np.zeros(2)
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ coefficients))
        information = design.T @ (design * (trials * p * (1 - p))[:, None])
        coefficients += np.linalg.solve(information, design.T @ (successes - trials * p))
    deviance = 0.0
    for k, p_i in zip(successes.tolist(), p.tolist(), strict=True):
        for seen, expected in ((k, trials * p_i), (trials - k, trials * (1 - p_i))):
            deviance += 2 * seen * math.log(seen / expected) if seen else 0.0
    return coefficients, np.sqrt(np.diag(np.linalg.inv(information))), deviance


# --- Every data set ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "load, shapes",
    [
        (
            datasets.load_boiling_points,
            {"boiling_point_fahrenheit": (17,), "pressure_inches_of_mercury": (17,)},
        ),
        (
            datasets.load_breast_cancer,
            {"features": (569, 30), "feature_names": (30,), "malignant": (569,)},
        ),
        (
            datasets.load_challenger,
            {"flight": (23,), "temperature_fahrenheit": (23,), "distressed_o_rings": (23,)},
        ),
        (
            datasets.load_commutes,
            {"city": (2000,), "miles": (2000,), "minutes": (2000,)},
        ),
        (
            datasets.load_crashes,
            {
                "speed_km_h": (26217,),
                "belted": (26217,),
                "airbag": (26217,),
                "deployed": (26217,),
                "frontal": (26217,),
                "age_years": (26217,),
                "severity": (26217,),
                "died": (26217,),
                "weight": (26217,),
                "vehicle": (26217,),
            },
        ),
        (datasets.load_engel, {"income_francs": (235,), "food_francs": (235,)}),
        (datasets.load_motorcycle, {"milliseconds": (133,), "acceleration_g": (133,)}),
        (
            datasets.load_ships,
            {"type": (40,), "built": (40,), "period": (40,), "months": (40,), "incidents": (40,)},
        ),
        (
            datasets.load_horse_kicks,
            {"year": (280,), "corps": (280,), "deaths": (280,), "in_fisher": (280,)},
        ),
        (datasets.load_digits, {"images": (1797, 8, 8), "labels": (1797,)}),
        (
            datasets.load_penguins,
            {
                "species": (333,),
                "island": (333,),
                "bill_length_mm": (333,),
                "bill_depth_mm": (333,),
                "flipper_length_mm": (333,),
                "body_mass_g": (333,),
                "sex": (333,),
                "year": (333,),
            },
        ),
        (
            datasets.load_phone_calls,
            {"year": (24,), "calls_millions": (24,), "counts_minutes": (24,)},
        ),
        (
            datasets.load_stars,
            {"log_temperature": (47,), "log_light": (47,), "is_giant": (47,)},
        ),
    ],
)
def test_each_loader_gives_the_named_arrays_in_their_shapes(
    load: Callable[[], Any], shapes: dict[str, tuple[int, ...]]
) -> None:
    assert {name: array.shape for name, array in arrays(load()).items()} == shapes


@pytest.mark.parametrize("load", LOADERS)
def test_no_value_is_missing(load: Callable[[], Any]) -> None:
    for name, array in arrays(load()).items():
        if array.dtype.kind == "U":
            assert not np.isin(array, ["", "NA", "nan"]).any(), name
        else:
            assert np.isfinite(array).all(), name


@pytest.mark.parametrize("load", LOADERS)
def test_arrays_may_be_changed_and_the_next_call_is_untouched(load: Callable[[], Any]) -> None:
    first = load()
    published = {name: array.copy() for name, array in arrays(first).items()}
    for array in arrays(first).values():
        array[...] = np.zeros((), dtype=array.dtype)
    for name, array in arrays(load()).items():
        np.testing.assert_array_equal(array, published[name])


def test_every_file_has_its_checksum() -> None:
    listed = {}
    for line in (HOME / "checksums.sha256").read_text(encoding="utf-8").splitlines():
        checksum, name = line.split("  ")
        listed[name] = checksum
    found = {
        f"data/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (HOME / "data").iterdir()
    }
    assert found == listed


def test_every_file_is_accounted_for_in_the_sources() -> None:
    sources = (HOME / "SOURCES.md").read_text(encoding="utf-8")
    for path in (HOME / "data").iterdir():
        assert f"`data/{path.name}`" in sources
        assert f"\n## {path.name}\n" in sources


def test_plain_files_have_unix_line_ends_and_end_with_one() -> None:
    for path in (HOME / "data").iterdir():
        if not path.name.endswith(".gz"):
            content = path.read_bytes()
            assert b"\r" not in content, path.name
            assert content.endswith(b"\n"), path.name
            assert not content.endswith(b"\n\n"), path.name


def test_all_files_together_stay_small() -> None:
    assert sum(len(path.read_bytes()) for path in (HOME / "data").iterdir()) < 300_000


# --- Stars: table 3 of Rousseeuw and Leroy (1987) ------------------------------------------------


def test_the_giants_are_stars_11_20_30_and_34() -> None:
    stars = datasets.load_stars()
    assert (np.flatnonzero(stars.is_giant) + 1).tolist() == [11, 20, 30, 34]
    assert stars.log_temperature[stars.is_giant].tolist() == [3.49, 3.49, 3.48, 3.49]
    assert stars.log_light[stars.is_giant].tolist() == [5.73, 5.89, 6.05, 6.29]


def test_the_giants_turn_the_least_squares_line_of_the_stars() -> None:
    stars = datasets.load_stars()
    slope, intercept = least_squares(stars.log_temperature, stars.log_light)
    assert round(slope, 4) == -0.4133
    assert round(intercept, 4) == 6.7935
    main = ~stars.is_giant
    slope, intercept = least_squares(stars.log_temperature[main], stars.log_light[main])
    assert round(slope, 4) == 2.0467
    assert round(intercept, 4) == -4.0565


# --- Challenger: Dalal, Fowlkes and Hoadley (1989) -----------------------------------------------


def test_seven_flights_of_23_had_distress() -> None:
    flights = datasets.load_challenger()
    seen = dict(zip(flights.flight.tolist(), flights.distressed_o_rings.tolist(), strict=True))
    assert {flight: count for flight, count in seen.items() if count} == {
        "STS-2": 1,
        "STS-41-B": 1,
        "STS-41-C": 1,
        "STS-41-D": 1,
        "STS-51-C": 2,
        "STS-61-A": 2,
        "STS-61-C": 1,
    }
    assert len(seen) == 23
    assert flights.any_distress.tolist() == [int(count > 0) for count in seen.values()]


def test_any_distress_has_the_published_logistic_regression() -> None:
    flights = datasets.load_challenger()
    fit, _, _ = logistic_fit(flights.temperature_fahrenheit, flights.any_distress, trials=1)
    assert round(fit[0], 4) == 15.0429
    assert round(fit[1], 4) == -0.2322


def test_single_o_rings_have_the_published_logistic_regression() -> None:
    flights = datasets.load_challenger()
    fit, errors, deviance = logistic_fit(
        flights.temperature_fahrenheit, flights.distressed_o_rings, trials=6
    )
    assert round(fit[0], 3) == 5.085
    assert round(fit[1], 4) == -0.1156
    assert np.round(errors, 3) == pytest.approx([3.052, 0.047], abs=5e-4)
    assert round(deviance, 3) == 18.086


# --- Penguins: Gorman, Williams and Fraser (2014) ------------------------------------------------


def test_the_complete_penguins_have_the_published_counts() -> None:
    penguins = datasets.load_penguins()
    assert Counter(penguins.species.tolist()) == {"Adelie": 146, "Chinstrap": 68, "Gentoo": 119}
    assert Counter(penguins.island.tolist()) == {"Biscoe": 163, "Dream": 123, "Torgersen": 47}
    assert Counter(penguins.sex.tolist()) == {"female": 165, "male": 168}
    assert Counter(penguins.year.tolist()) == {2007: 103, 2008: 113, 2009: 117}


def test_the_first_penguin_is_the_published_one() -> None:
    first = {name: array[0].item() for name, array in arrays(datasets.load_penguins()).items()}
    assert first == {
        "species": "Adelie",
        "island": "Torgersen",
        "bill_length_mm": 39.1,
        "bill_depth_mm": 18.7,
        "flipper_length_mm": 181.0,
        "body_mass_g": 3750.0,
        "sex": "male",
        "year": 2007,
    }


def test_body_mass_grows_with_flipper_length_as_published() -> None:
    penguins = datasets.load_penguins()
    slope, intercept = least_squares(penguins.flipper_length_mm, penguins.body_mass_g)
    assert round(slope, 2) == 50.15
    assert round(intercept, 2) == -5872.09


# --- Digits: the description published with the data ---------------------------------------------


def test_each_digit_appears_as_often_as_published() -> None:
    counts = np.bincount(datasets.load_digits().labels)
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_first_digit_is_the_zero_of_every_tutorial() -> None:
    digits = datasets.load_digits()
    assert digits.labels[0] == 0
    assert digits.images[0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert digits.images[0, 7].tolist() == [0, 0, 6, 13, 10, 0, 0, 0]


def test_gray_levels_go_from_0_to_16() -> None:
    images = datasets.load_digits().images
    assert images.dtype == np.uint8
    assert images.min() == 0
    assert images.max() == 16


# --- Boiling points: Forbes (1857), Weisberg (2005) ----------------------------------------------


def test_log_pressure_against_boiling_point_has_the_published_line() -> None:
    water = datasets.load_boiling_points()
    log_pressure = np.round(100 * np.log10(water.pressure_inches_of_mercury), 2)
    temperature = water.boiling_point_fahrenheit
    slope, intercept = least_squares(temperature, log_pressure)
    assert round(temperature.mean(), 4) == 202.9529
    assert round(log_pressure.mean(), 4) == 139.6053
    assert round(slope, 3) == 0.895
    assert round(intercept, 3) == -42.138
    assert round(residual_standard_error(temperature, log_pressure), 3) == 0.379


def test_the_twelfth_measurement_is_the_one_off_the_line() -> None:
    water = datasets.load_boiling_points()
    x = water.boiling_point_fahrenheit
    y = 100 * np.log10(water.pressure_inches_of_mercury)
    slope, intercept = least_squares(x, y)
    assert np.abs(y - slope * x - intercept).argmax() + 1 == 12


# --- Breast cancer: the tables published with the data -------------------------------------------


def test_212_masses_are_malignant_and_357_benign() -> None:
    assert np.bincount(datasets.load_breast_cancer().malignant).tolist() == [357, 212]


@pytest.mark.parametrize(
    "name, smallest, largest",
    [
        ("mean_radius", 6.981, 28.11),
        ("mean_texture", 9.71, 39.28),
        ("mean_area", 143.5, 2501.0),
        ("mean_concave_points", 0.0, 0.201),
        ("standard_error_perimeter", 0.757, 21.98),
        ("standard_error_area", 6.802, 542.2),
        ("worst_radius", 7.93, 36.04),
        ("worst_smoothness", 0.071, 0.223),
        ("worst_fractal_dimension", 0.055, 0.208),
    ],
)
def test_measurements_of_the_masses_span_the_published_range(
    name: str, smallest: float, largest: float
) -> None:
    masses = datasets.load_breast_cancer()
    column = masses.features[:, masses.feature_names.tolist().index(name)]
    assert round(column.min(), 3) == smallest
    assert round(column.max(), 3) == largest


def test_malignant_masses_are_larger() -> None:
    masses = datasets.load_breast_cancer()
    radius = masses.features[:, 0]
    assert round(radius[masses.malignant == 1].mean(), 2) == 17.46
    assert round(radius[masses.malignant == 0].mean(), 2) == 12.15


# --- Phone calls: Rousseeuw and Leroy (1987), the help page of R's summary.rlm -------------------


def huber_line(x: Floats, y: Floats, change: float) -> tuple[float, float, float]:
    """Slope, intercept and scale by Huber's loss, as R's rlm finds them by weighted least squares.

    A residual beyond 1.345 scales is weighed so that it pulls as hard as one at 1.345 scales. The
    scale is the median size of the residuals over 0.6745. It stops when the residuals of a step
    have changed by the share `change` of their length, or less.
    """
    slope, intercept = least_squares(x, y)
    residuals = y - slope * x - intercept
    while True:
        scale = float(np.median(np.abs(residuals)) / 0.6745)
        w = np.minimum(1, 1.345 * scale / np.abs(residuals))
        dx = x - w @ x / w.sum()
        slope = float((w * dx * y).sum() / (w * dx * dx).sum())
        intercept = float(w @ (y - slope * x) / w.sum())
        before, residuals = residuals, y - slope * x - intercept
        if np.linalg.norm(residuals - before) <= change * np.linalg.norm(before):
            return slope, intercept, scale


def test_huber_and_least_squares_give_the_published_lines_of_the_phone_calls() -> None:
    phone = datasets.load_phone_calls()
    year = phone.year - 1900.0
    slope, intercept = least_squares(year, phone.calls_millions)
    assert (round(slope, 3), round(intercept, 2)) == (5.041, -260.06)
    slope, intercept, scale = huber_line(year, phone.calls_millions, change=1e-4)
    assert (round(slope, 3), round(intercept, 3), round(scale, 2)) == (2.041, -102.622, 9.03)
    # The rule to stop is part of the published numbers.
    slope, intercept, scale = huber_line(year, phone.calls_millions, change=1e-12)
    assert (round(slope, 4), round(intercept, 2), round(scale, 3)) == (2.0396, -102.53, 9.009)


def test_the_six_years_of_minutes_are_the_six_largest() -> None:
    phone = datasets.load_phone_calls()
    largest = np.argsort(phone.calls_millions)[-6:]
    assert sorted(phone.year[largest].tolist()) == list(range(1964, 1970))
    assert phone.year[phone.counts_minutes].tolist() == list(range(1964, 1970))


# --- Engel's households: Koenker and Bassett (1982) -----------------------------------------------


@pytest.mark.parametrize(
    "quantile, intercept, slope",
    [(0.05, 124.880, 0.34336), (0.5, 81.48225, 0.56018), (0.95, 64.104, 0.70907)],
)
def test_the_published_quantile_lines_pass_through_two_households_and_none_is_better(
    quantile: float, intercept: float, slope: float
) -> None:
    engel = datasets.load_engel()
    x, t = engel.income_francs, engel.food_francs

    def cost(slopes: Any, intercepts: Any) -> Any:
        above = t - np.multiply.outer(slopes, x) - np.asarray(intercepts)[..., None]
        return np.maximum(quantile * above, (quantile - 1) * above).sum(axis=-1)

    two = np.argsort(np.abs(t - intercept - slope * x))[:2]
    exact = float(np.diff(t[two])[0] / np.diff(x[two])[0])
    through = float(t[two[0]] - exact * x[two[0]])
    printed = 5 if quantile == 0.5 else 3
    assert (round(through, printed), round(exact, 5)) == (intercept, slope)
    # Convex with straight pieces: if no line through either household is cheaper, none is.
    for i in two:
        others = x != x[i]
        slopes = (t[others] - t[i]) / (x[others] - x[i])
        assert cost(slopes, t[i] - slopes * x[i]).min() >= cost(exact, through) - 1e-9
    below = (t < through + exact * x - 1e-9).sum()
    assert below <= 235 * quantile <= below + 2


def test_the_median_line_has_the_published_sum_of_absolute_errors() -> None:
    engel = datasets.load_engel()
    x, t = engel.income_francs, engel.food_francs
    assert np.abs(t - 81.48225 - 0.56018 * x).sum() / 2 == pytest.approx(8779.966, abs=0.01)
    slope, intercept = least_squares(x, t)
    assert (round(intercept, 4), round(slope, 5)) == (147.4754, 0.48518)


def test_three_rows_of_the_households_are_repeated() -> None:
    engel = datasets.load_engel()
    rows = set(zip(engel.income_francs.tolist(), engel.food_francs.tolist(), strict=True))
    assert len(rows) == 232


# --- A simulated accident: Silverman (1985) ----------------------------------------------------


def test_the_head_of_the_rider_is_still_at_first_and_then_scatters() -> None:
    crash = datasets.load_motorcycle()
    time, g = crash.milliseconds, crash.acceleration_g
    assert len(set(time.tolist())) == 94
    assert len(set(zip(time.tolist(), g.tolist(), strict=True))) == 132  # one row twice
    assert g[time < 14].std() == pytest.approx(1.5, abs=0.05)
    assert g[(time > 20) & (time < 40)].std() > 20


# --- Ships: McCullagh and Nelder (1983) -----------------------------------------------------------


def poisson_fit(
    features: Floats, counts: NDArray[np.int64], exposure: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Coefficients and expected counts of a Poisson regression, by Newton's steps."""
    coefficients = np.zeros(features.shape[1])
    coefficients[0] = math.log(counts.sum() / exposure.sum())
    for _ in range(30):
        expected = exposure * np.exp(features @ coefficients)
        information = features.T @ (features * expected[:, None])
        coefficients += np.linalg.solve(information, features.T @ (counts - expected))
    return coefficients, expected


def test_the_ships_have_the_published_coefficients_deviance_and_dispersion() -> None:
    ships = datasets.load_ships()
    at_sea = ships.months > 0
    months, counts = ships.months[at_sea], ships.incidents[at_sea]
    columns = [ships.type == name for name in "BCDE"]
    columns += [ships.built == year for year in (1965, 1970, 1975)]
    features = np.column_stack([ships.months > 0, *columns, ships.period == 1975])[at_sea]
    coefficients, expected = poisson_fit(features.astype(float), counts, months)
    published = [-6.41, -0.54, -0.69, -0.08, 0.33, 0.70, 0.82, 0.45, 0.38]
    assert coefficients.round(2).tolist() == published
    deviance = sum(
        2 * ((t * math.log(t / y) if t else 0.0) - (t - y))
        for t, y in zip(counts.tolist(), expected.tolist(), strict=True)
    )
    pearson = float(((counts - expected) ** 2 / expected).sum())
    assert (at_sea.sum(), round(deviance, 2), round(pearson, 2)) == (34, 38.7, 42.28)
    assert round(pearson / 25, 2) == 1.69


# --- Horse kicks: von Bortkiewicz (1898), Fisher (1925) -------------------------------------------


def test_the_horse_kicks_have_fisher_s_counts_mean_variance_and_expectations() -> None:
    kicks = datasets.load_horse_kicks()
    assert np.bincount(kicks.deaths).tolist() == [144, 91, 32, 11, 2]
    ten = kicks.deaths[kicks.in_fisher]
    assert np.bincount(ten).tolist() == [109, 65, 22, 3, 1]
    assert (ten.mean(), round(ten.var(ddof=1), 3)) == (0.61, 0.611)
    poisson = [200 * math.exp(-0.61) * 0.61**k / math.factorial(k) for k in range(5)]
    assert [round(n, 2) for n in poisson] == [108.67, 66.29, 20.22, 4.11, 0.63]
    assert Counter(kicks.corps.tolist()) == dict.fromkeys(set(kicks.corps.tolist()), 20)


# --- Commutes: the description published with the data --------------------------------------------


def test_each_city_has_500_commuters_who_say_whole_numbers() -> None:
    commutes = datasets.load_commutes()
    assert Counter(commutes.city.tolist()) == dict.fromkeys(
        ("Boston", "Houston", "Minneapolis", "Washington"), 500
    )
    for numbers in (commutes.miles, commutes.minutes):
        np.testing.assert_array_equal(numbers, np.round(numbers))
        assert numbers.min() >= 0
    assert (commutes.miles == 0).sum() == 63


def test_commuters_round_to_five_minutes() -> None:
    commutes = datasets.load_commutes()
    assert (commutes.minutes % 5 == 0).mean() == pytest.approx(0.9, abs=0.01)
    columns = (commutes.city.tolist(), commutes.miles.tolist(), commutes.minutes.tolist())
    assert 2000 - len(set(zip(*columns, strict=True))) == 1220


# --- Crashes: sums of the published table's own weights, which here are rounded -------------------


def test_the_weights_of_who_died_by_airbag_are_those_of_the_published_table() -> None:
    crashes = datasets.load_crashes()
    published = {(0, 0): 5445245.90, (0, 1): 6622690.98, (1, 0): 39676.02, (1, 1): 25919.11}
    for (died, airbag), total in published.items():
        chosen = (crashes.died == died) & (crashes.airbag == airbag)
        assert crashes.weight[chosen].sum() == pytest.approx(total, rel=1e-4)


def test_the_crashes_have_the_classes_and_counts_of_their_description() -> None:
    crashes = datasets.load_crashes()
    assert crashes.died.sum() == 1180
    assert np.bincount(crashes.belted).tolist() == [7644, 18573]
    speeds = Counter(crashes.speed_km_h[crashes.died == 1].tolist())
    assert speeds == {1.0: 3, 10.0: 114, 25.0: 304, 40.0: 344, 55.0: 415}
    assert np.unique(crashes.severity).tolist() == [-1, 0, 1, 2, 3, 4, 5, 6]
    assert (crashes.severity == -1).sum() == 153
    assert (crashes.age_years.min(), crashes.age_years.max()) == (16, 97)
    for name in ("belted", "airbag", "deployed", "frontal", "died"):
        assert set(getattr(crashes, name).tolist()) == {0, 1}


def test_at_most_two_people_sat_in_the_front_of_a_car_and_both_have_its_weight() -> None:
    crashes = datasets.load_crashes()
    assert Counter(Counter(crashes.vehicle.tolist()).values()) == {1: 15123, 2: 5547}
    same = crashes.vehicle[1:] == crashes.vehicle[:-1]
    np.testing.assert_array_equal(crashes.weight[1:][same], crashes.weight[:-1][same])


# --- Texts ---------------------------------------------------------------------------------------


def test_alice_begins_and_ends_as_in_the_book() -> None:
    passage = datasets.load_text()
    assert passage == datasets.load_text("en")
    assert (passage.author, passage.language) == ("Lewis Carroll", "en")
    paragraphs = [line for line in passage.text.splitlines() if line]
    assert len(paragraphs) == 5
    assert paragraphs[0].startswith(
        "Alice was beginning to get very tired of sitting by her sister"
    )
    assert paragraphs[0].endswith("'without pictures or conversations?'")
    assert paragraphs[4].endswith("falling down a very deep well.")


def test_english_letters_carry_about_as_much_as_shannon_found() -> None:
    letters = [c for c in datasets.load_text("en").text.lower() if c.isalpha()]
    assert all("a" <= letter <= "z" for letter in letters)
    p = np.array(list(Counter(letters).values())) / len(letters)
    # Shannon (1951) gives 4.14 bits for a single letter of English.
    assert -(p * np.log2(p)).sum() == pytest.approx(4.14, abs=0.05)


def test_the_constitution_begins_and_ends_as_enacted() -> None:
    passage = datasets.load_text("ko")
    assert (passage.title, passage.language) == ("대한민국헌법", "ko")
    assert passage.text.startswith("유구한 역사와 전통에 빛나는 우리 대한국민은")
    assert "제1조 ①대한민국은 민주공화국이다.\n" in passage.text
    assert passage.text.endswith("민족문화의 창달에 노력하여야 한다.\n")


def test_korean_letters_are_whole_syllables() -> None:
    text = datasets.load_text("ko").text
    assert unicodedata.is_normalized("NFC", text)
    letters = [c for c in text if c.isalpha()]
    assert len(letters) == 890
    assert all("가" <= letter <= "힣" for letter in letters)


def test_a_language_without_a_passage_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"language is 'fr'; .*'en' or 'ko'"):
        datasets.load_text("fr")


def test_a_language_that_is_no_string_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r"language is of type int; expected a string: 'en' or 'ko'"
    ):
        datasets.load_text(3)  # type: ignore[arg-type]
