"""Small real data sets that come with the package.

Each loader reads a file inside the package, so it works wherever lossbook is installed and never
asks the network for anything. Every call returns new arrays: change them freely, and the next call
gives the published figures again. ``SOURCES.md``, beside this module, tells who measured what,
where it was published, under which licence, and every change made on the way here.

>>> from lossbook import datasets
>>> stars = datasets.load_stars()
>>> stars.log_temperature.shape
(47,)
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Strings = NDArray[np.str_]

__all__ = [
    "BoilingPoints",
    "BreastMasses",
    "Commutes",
    "Crashes",
    "Digits",
    "HorseKicks",
    "Households",
    "MotorcycleAccident",
    "Passage",
    "Penguins",
    "PhoneCalls",
    "ShipDamage",
    "ShuttleFlights",
    "Stars",
    "load_boiling_points",
    "load_breast_cancer",
    "load_challenger",
    "load_commutes",
    "load_crashes",
    "load_digits",
    "load_engel",
    "load_horse_kicks",
    "load_motorcycle",
    "load_penguins",
    "load_phone_calls",
    "load_ships",
    "load_stars",
    "load_text",
]


@dataclass(frozen=True, eq=False)
class Stars:
    """The 47 stars of the cluster CYG OB1, in the order of the published table.

    Attributes
    ----------
    log_temperature : ndarray of float64, shape (47,)
        Base-10 logarithm of the effective temperature at the surface, in kelvins.
    log_light : ndarray of float64, shape (47,)
        Base-10 logarithm of the light intensity, relative to the Sun's.
    is_giant : ndarray of bool, shape (47,)
        True for the four giants: stars 11, 20, 30 and 34, counting from 1.
    """

    log_temperature: Floats
    log_light: Floats
    is_giant: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ShuttleFlights:
    """The 23 space shuttle flights before STS-51-L whose boosters were recovered, by launch date.

    Attributes
    ----------
    flight : ndarray of str, shape (23,)
        The flight's designation, such as ``"STS-51-C"``.
    temperature_fahrenheit : ndarray of float64, shape (23,)
        Temperature of the booster's joints at launch, in degrees Fahrenheit.
    distressed_o_rings : ndarray of int64, shape (23,)
        How many of the six primary field-joint O-rings showed erosion or blow-by.
    """

    flight: Strings
    temperature_fahrenheit: Floats
    distressed_o_rings: Integers

    @property
    def any_distress(self) -> Integers:
        """1 for a flight with at least one distressed O-ring, else 0; shape (23,)."""
        return (self.distressed_o_rings > 0).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Penguins:
    """The 333 Palmer penguins of which everything was recorded.

    Attributes
    ----------
    species : ndarray of str, shape (333,)
        ``"Adelie"``, ``"Chinstrap"`` or ``"Gentoo"``.
    island : ndarray of str, shape (333,)
        ``"Biscoe"``, ``"Dream"`` or ``"Torgersen"``.
    bill_length_mm, bill_depth_mm, flipper_length_mm : ndarray of float64, shape (333,)
        In millimeters.
    body_mass_g : ndarray of float64, shape (333,)
        In grams.
    sex : ndarray of str, shape (333,)
        ``"female"`` or ``"male"``.
    year : ndarray of int64, shape (333,)
        Year of the measurement, 2007 to 2009.
    """

    species: Strings
    island: Strings
    bill_length_mm: Floats
    bill_depth_mm: Floats
    flipper_length_mm: Floats
    body_mass_g: Floats
    sex: Strings
    year: Integers


@dataclass(frozen=True, eq=False)
class Digits:
    """1,797 handwritten digits.

    Attributes
    ----------
    images : ndarray of uint8, shape (1797, 8, 8)
        Gray levels from 0 (paper) to 16 (ink).
    labels : ndarray of int64, shape (1797,)
        The digit that was written, 0 to 9.
    """

    images: NDArray[np.uint8]
    labels: Integers


@dataclass(frozen=True, eq=False)
class BoilingPoints:
    """Forbes's 17 measurements of where water boils, in the Alps and in Scotland.

    Attributes
    ----------
    boiling_point_fahrenheit : ndarray of float64, shape (17,)
        Boiling point of water, in degrees Fahrenheit.
    pressure_inches_of_mercury : ndarray of float64, shape (17,)
        Barometric pressure, in inches of mercury.
    """

    boiling_point_fahrenheit: Floats
    pressure_inches_of_mercury: Floats


@dataclass(frozen=True, eq=False)
class BreastMasses:
    """569 breast masses, each described by the cell nuclei in its image.

    Attributes
    ----------
    features : ndarray of float64, shape (569, 30)
        Ten measurements of the nuclei: their means, then the standard errors of these, then the
        means of the three largest values.
    feature_names : ndarray of str, shape (30,)
        The columns' names, such as ``"mean_radius"``.
    malignant : ndarray of int64, shape (569,)
        1 for a malignant mass, 0 for a benign one.
    """

    features: Floats
    feature_names: Strings
    malignant: Integers


@dataclass(frozen=True, eq=False)
class PhoneCalls:
    """International telephone calls from Belgium in 24 years, six of them counted wrongly.

    Attributes
    ----------
    year : ndarray of int64, shape (24,)
        1950 to 1973.
    calls_millions : ndarray of float64, shape (24,)
        What was recorded: millions of calls, and in six years millions of minutes.
    counts_minutes : ndarray of bool, shape (24,)
        True for 1964 to 1969, in which minutes were recorded.
    """

    year: Integers
    calls_millions: Floats
    counts_minutes: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Households:
    """The 235 Belgian working-class households of Engel's budgets, in the published order.

    Attributes
    ----------
    income_francs : ndarray of float64, shape (235,)
        Income in a year, in Belgian francs.
    food_francs : ndarray of float64, shape (235,)
        What was spent on food in that year, in Belgian francs.
    """

    income_francs: Floats
    food_francs: Floats


@dataclass(frozen=True, eq=False)
class Commutes:
    """How far and how long 2,000 people travel to work, 500 in each of four cities, in 2007.

    Attributes
    ----------
    city : ndarray of str, shape (2000,)
        ``"Boston"``, ``"Houston"``, ``"Minneapolis"`` or ``"Washington"``.
    miles : ndarray of float64, shape (2000,)
        The way to work, one way, in whole miles.
    minutes : ndarray of float64, shape (2000,)
        How long it usually takes, in whole minutes, as the person said.
    """

    city: Strings
    miles: Floats
    minutes: Floats


@dataclass(frozen=True, eq=False)
class MotorcycleAccident:
    """The head of a rider in a motorcycle accident that was simulated to test helmets.

    Attributes
    ----------
    milliseconds : ndarray of float64, shape (133,)
        Time after the impact.
    acceleration_g : ndarray of float64, shape (133,)
        Acceleration of the head, in units of the Earth's.
    """

    milliseconds: Floats
    acceleration_g: Floats


@dataclass(frozen=True, eq=False)
class ShipDamage:
    """Damage that waves did to cargo ships, in 40 groups of ships.

    Attributes
    ----------
    type : ndarray of str, shape (40,)
        The type of ship, ``"A"`` to ``"E"``.
    built : ndarray of int64, shape (40,)
        The first of the years in which the ships were built: 1960, 1965, 1970 or 1975.
    period : ndarray of int64, shape (40,)
        1960 for service until 1974, 1975 for service from then on.
    months : ndarray of int64, shape (40,)
        Months of service of all ships of the group together; 0 in six groups.
    incidents : ndarray of int64, shape (40,)
        How often they were damaged.
    """

    type: Strings
    built: Integers
    period: Integers
    months: Integers
    incidents: Integers


@dataclass(frozen=True, eq=False)
class HorseKicks:
    """Deaths by the kick of a horse in 14 corps of the Prussian army, in each of 20 years.

    Attributes
    ----------
    year : ndarray of int64, shape (280,)
        1875 to 1894.
    corps : ndarray of str, shape (280,)
        ``"G"`` for the guard, else the corps' number in Roman numerals.
    deaths : ndarray of int64, shape (280,)
        How many men of that corps were killed in that year.
    in_fisher : ndarray of bool, shape (280,)
        True for the ten corps that R. A. Fisher counted.
    """

    year: Integers
    corps: Strings
    deaths: Integers
    in_fisher: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Crashes:
    """26,217 people in the front seats of cars that crashed, in the United States, 1997 to 2002.

    Attributes
    ----------
    speed_km_h : ndarray of float64, shape (26217,)
        The estimated speed of the impact, as the lower end of its class: 1, 10, 25, 40 or 55.
    belted, airbag, deployed, frontal : ndarray of int64, shape (26217,)
        1 if the person wore a belt; if the seat had an airbag; if an airbag of the car deployed; if
        the impact came from the front. Otherwise 0.
    age_years : ndarray of float64, shape (26217,)
        From 16 to 97.
    severity : ndarray of int64, shape (26217,)
        The injury as the police saw it: 0 none, 1 possible, 2 not incapacitating, 3 incapacitating,
        4 killed, 5 of unknown severity, 6 dead before the crash; -1 where nothing is recorded.
    died : ndarray of int64, shape (26217,)
        1 if the person died, otherwise 0.
    weight : ndarray of float64, shape (26217,)
        How many people in such crashes the person stands for: grave crashes were drawn more often.
    vehicle : ndarray of int64, shape (26217,)
        Counts the vehicles from 0; two people in the front seats of one car have the same number.
    """

    speed_km_h: Floats
    belted: Integers
    airbag: Integers
    deployed: Integers
    frontal: Integers
    age_years: Floats
    severity: Integers
    died: Integers
    weight: Floats
    vehicle: Integers


@dataclass(frozen=True)
class Passage:
    """A passage of prose in the public domain.

    Attributes
    ----------
    title : str
        The work's title, in its own language.
    author : str
        Who wrote it.
    language : str
        ``"en"`` or ``"ko"``.
    text : str
        The passage, one paragraph a line, in Unicode's composed form (NFC).
    """

    title: str
    author: str
    language: str
    text: str


_PASSAGES = {
    "en": ("Alice's Adventures in Wonderland", "Lewis Carroll"),
    "ko": ("대한민국헌법", "대한민국"),
}


def load_stars() -> Stars:
    """Load the Hertzsprung-Russell diagram of the star cluster CYG OB1.

    In the 43 stars of the main sequence the light grows with the temperature. Four giants are
    cool and bright, and these four tilt the least-squares line of all 47 the other way.

    Returns
    -------
    Stars
        Three arrays of shape (47,).

    References
    ----------
    P. J. Rousseeuw and A. M. Leroy, *Robust Regression and Outlier Detection*, Wiley, 1987,
    page 27, table 3.

    Examples
    --------
    >>> stars = load_stars()
    >>> slope, intercept = np.polyfit(stars.log_temperature, stars.log_light, 1)
    >>> round(float(slope), 4)
    -0.4133
    >>> main = ~stars.is_giant
    >>> temperature, light = stars.log_temperature[main], stars.log_light[main]
    >>> slope, intercept = np.polyfit(temperature, light, 1)
    >>> round(float(slope), 4)
    2.0467
    """
    columns = _read_columns("stars.csv")
    return Stars(
        log_temperature=columns["log_temperature"].astype(np.float64),
        log_light=columns["log_light"].astype(np.float64),
        is_giant=columns["giant"] == "1",
    )


def load_challenger() -> ShuttleFlights:
    """Load the O-ring record of the 23 flights before the Challenger accident.

    Sources count the distress differently: this is the count with which the fits published in
    1989 come out, for single O-rings and for whole flights. ``SOURCES.md`` compares the others.

    Returns
    -------
    ShuttleFlights
        Three arrays of shape (23,), and `any_distress` computed from them.

    References
    ----------
    S. R. Dalal, E. B. Fowlkes and B. Hoadley, "Risk analysis of the space shuttle: pre-Challenger
    prediction of failure", *Journal of the American Statistical Association* 84 (1989), 945-957.

    Examples
    --------
    >>> flights = load_challenger()
    >>> int(flights.any_distress.sum()), int(flights.distressed_o_rings.sum())
    (7, 9)
    >>> coldest = flights.temperature_fahrenheit.argmin()
    >>> str(flights.flight[coldest])
    'STS-51-C'
    >>> float(flights.temperature_fahrenheit[coldest])
    53.0
    """
    columns = _read_columns("challenger.csv")
    return ShuttleFlights(
        flight=columns["flight"].copy(),
        temperature_fahrenheit=columns["temperature_fahrenheit"].astype(np.float64),
        distressed_o_rings=columns["distressed_o_rings"].astype(np.int64),
    )


def load_penguins() -> Penguins:
    """Load the Palmer penguins, complete cases only.

    Of the 344 penguins, two were never measured and the sex of nine more was not recorded. These
    11 are left out, so that no array has a gap.

    Returns
    -------
    Penguins
        Eight arrays of shape (333,).

    References
    ----------
    K. B. Gorman, T. D. Williams and W. R. Fraser, "Ecological sexual dimorphism and environmental
    variability within a community of Antarctic penguins (genus Pygoscelis)", *PLoS ONE* 9(3)
    (2014), e90081.

    Examples
    --------
    >>> penguins = load_penguins()
    >>> species, counts = np.unique(penguins.species, return_counts=True)
    >>> dict(zip(species.tolist(), counts.tolist()))
    {'Adelie': 146, 'Chinstrap': 68, 'Gentoo': 119}
    """
    columns = _read_columns("penguins.csv")
    return Penguins(
        species=columns["species"].copy(),
        island=columns["island"].copy(),
        bill_length_mm=columns["bill_length_mm"].astype(np.float64),
        bill_depth_mm=columns["bill_depth_mm"].astype(np.float64),
        flipper_length_mm=columns["flipper_length_mm"].astype(np.float64),
        body_mass_g=columns["body_mass_g"].astype(np.float64),
        sex=columns["sex"].copy(),
        year=columns["year"].astype(np.int64),
    )


def load_digits() -> Digits:
    """Load 1,797 handwritten digits of 8 x 8 pixels.

    A pixel counts the inked dots in one of the 64 blocks, 4 x 4 dots each, of a larger bitmap.

    Returns
    -------
    Digits
        Images of shape (1797, 8, 8) and labels of shape (1797,).

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI Machine Learning
    Repository, 1998: the test part.

    Examples
    --------
    >>> digits = load_digits()
    >>> digits.images.shape, digits.labels[:4].tolist()
    ((1797, 8, 8), [0, 1, 2, 3])
    >>> for row in digits.images[0]:
    ...     print("".join(" .:*#"[level // 4] for level in row).rstrip())
      .*:
      **:*.
      *  ::
     .*  ::
     .:  ::
     .:  *.
      *.:*
      .*:
    """
    _, table = _read_numbers("digits.csv.gz")
    return Digits(
        images=table[:, 1:].astype(np.uint8).reshape(-1, 8, 8),
        labels=table[:, 0].astype(np.int64),
    )


def load_boiling_points() -> BoilingPoints:
    """Load Forbes's measurements of the boiling point of water and the barometric pressure.

    Physics gives the shape of the curve (Clausius and Clapeyron): the logarithm of the pressure
    is nearly a straight line in the boiling point. The twelfth measurement is off that line.

    Returns
    -------
    BoilingPoints
        Two arrays of shape (17,).

    References
    ----------
    J. D. Forbes, "Further experiments and remarks on the measurement of heights by the boiling
    point of water", *Transactions of the Royal Society of Edinburgh* 21 (1857), 235-243; fitted in
    S. Weisberg, *Applied Linear Regression*, 3rd edition, Wiley, 2005.

    Examples
    --------
    >>> water = load_boiling_points()
    >>> log_pressure = 100 * np.log10(water.pressure_inches_of_mercury)
    >>> boiling_point = water.boiling_point_fahrenheit
    >>> slope, intercept = np.polyfit(boiling_point, log_pressure, 1)
    >>> round(float(slope), 3), round(float(intercept), 1)
    (0.896, -42.2)
    """
    columns = _read_columns("boiling_points.csv")
    return BoilingPoints(
        boiling_point_fahrenheit=columns["boiling_point_fahrenheit"].astype(np.float64),
        pressure_inches_of_mercury=columns["pressure_inches_of_mercury"].astype(np.float64),
    )


def load_breast_cancer() -> BreastMasses:
    """Load the Wisconsin diagnostic breast cancer data.

    The positive class is the malignant one, which some other packages number the other way round.

    Returns
    -------
    BreastMasses
        Features of shape (569, 30), their names, and the diagnosis of shape (569,).

    References
    ----------
    W. N. Street, W. H. Wolberg and O. L. Mangasarian, "Nuclear feature extraction for breast tumor
    diagnosis", *IS&T/SPIE International Symposium on Electronic Imaging* 1905 (1993), 861-870.

    Examples
    --------
    >>> masses = load_breast_cancer()
    >>> masses.features.shape, int(masses.malignant.sum())
    ((569, 30), 212)
    >>> str(masses.feature_names[0])
    'mean_radius'
    """
    names, table = _read_numbers("breast_cancer.csv.gz")
    return BreastMasses(
        features=table[:, 1:].copy(),
        feature_names=np.array(names[1:]),
        malignant=table[:, 0].astype(np.int64),
    )


def load_phone_calls() -> PhoneCalls:
    """Load the international telephone calls from Belgium, 1950 to 1973.

    From 1964 to 1969 minutes were recorded instead of calls. These years stand far above the rest,
    and the least-squares line follows them.

    Returns
    -------
    PhoneCalls
        Three arrays of shape (24,).

    References
    ----------
    P. J. Rousseeuw and A. M. Leroy, *Robust Regression and Outlier Detection*, Wiley, 1987,
    page 26, table 2.

    Examples
    --------
    >>> phone = load_phone_calls()
    >>> slope, intercept = np.polyfit(phone.year - 1900, phone.calls_millions, 1)
    >>> round(float(slope), 3), round(float(intercept), 2)
    (5.041, -260.06)
    >>> phone.year[phone.counts_minutes].tolist()
    [1964, 1965, 1966, 1967, 1968, 1969]
    """
    columns = _read_columns("phone_calls.csv")
    return PhoneCalls(
        year=columns["year"].astype(np.int64),
        calls_millions=columns["calls_millions"].astype(np.float64),
        counts_minutes=columns["counts_minutes"] == "1",
    )


def load_engel() -> Households:
    """Load income and food of the households from which Engel found his law.

    The richer a household, the smaller the share of its income that goes to food; and the richer,
    the more such households differ. Three rows are repeated, and one income, of 4,958 francs, lies
    far out.

    Returns
    -------
    Households
        Two arrays of shape (235,).

    References
    ----------
    R. Koenker and G. Bassett, "Robust tests for heteroscedasticity based on regression
    quantiles", *Econometrica* 50 (1982), 43-61.

    Examples
    --------
    >>> engel = load_engel()
    >>> slope, intercept = np.polyfit(engel.income_francs, engel.food_francs, 1)
    >>> round(float(slope), 5), round(float(intercept), 4)
    (0.48518, 147.4754)
    """
    columns = _read_columns("engel.csv")
    return Households(
        income_francs=columns["income_francs"].astype(np.float64),
        food_francs=columns["food_francs"].astype(np.float64),
    )


def load_motorcycle() -> MotorcycleAccident:
    """Load the acceleration of a rider's head after a simulated impact.

    The mean goes down, up and back, and the spread goes up and down with it: it is small until
    about 14 milliseconds. Of the 133 times 94 are different.

    Returns
    -------
    MotorcycleAccident
        Two arrays of shape (133,).

    References
    ----------
    B. W. Silverman, "Some aspects of the spline smoothing approach to non-parametric regression
    curve fitting", *Journal of the Royal Statistical Society B* 47 (1985), 1-52.

    Examples
    --------
    >>> crash = load_motorcycle()
    >>> early = crash.milliseconds < 14
    >>> round(float(crash.acceleration_g[early].std()), 1)
    1.5
    >>> float(crash.acceleration_g.min()), float(crash.acceleration_g.max())
    (-134.0, 75.0)
    """
    columns = _read_columns("motorcycle.csv")
    return MotorcycleAccident(
        milliseconds=columns["milliseconds"].astype(np.float64),
        acceleration_g=columns["acceleration_g"].astype(np.float64),
    )


def load_ships() -> ShipDamage:
    """Load how often waves damaged cargo ships, and how long these were at sea.

    Six of the 40 groups were never at sea: five cannot exist, since ships built from 1975 on
    have no service before, and one has no months.

    Returns
    -------
    ShipDamage
        Five arrays of shape (40,).

    References
    ----------
    P. McCullagh and J. A. Nelder, *Generalized Linear Models*, Chapman and Hall, 1983,
    section 6.3.2.

    Examples
    --------
    >>> ships = load_ships()
    >>> int(ships.incidents.sum()), int(ships.months.sum())
    (356, 163574)
    >>> b = ships.type == "B"
    >>> int(ships.incidents[b].sum()), int(ships.months[b].sum())
    (253, 138317)
    """
    columns = _read_columns("ships.csv")
    numbers = {
        name: columns[name].astype(np.int64) for name in ("built", "period", "months", "incidents")
    }
    return ShipDamage(type=columns["type"].copy(), **numbers)


def load_horse_kicks() -> HorseKicks:
    """Load the deaths by horse kick in the Prussian army that made rare events famous.

    Returns
    -------
    HorseKicks
        Four arrays of shape (280,).

    References
    ----------
    Ladislaus von Bortkiewicz, *Das Gesetz der kleinen Zahlen*, Teubner, Leipzig 1898.

    Examples
    --------
    >>> kicks = load_horse_kicks()
    >>> np.bincount(kicks.deaths).tolist()
    [144, 91, 32, 11, 2]
    >>> np.bincount(kicks.deaths[kicks.in_fisher]).tolist()
    [109, 65, 22, 3, 1]
    """
    columns = _read_columns("horse_kicks.csv")
    return HorseKicks(
        year=columns["year"].astype(np.int64),
        corps=columns["corps"].copy(),
        deaths=columns["deaths"].astype(np.int64),
        in_fisher=columns["fisher"] == "1",
    )


def load_commutes() -> Commutes:
    """Load the ways to work of 2,000 people in Boston, Houston, Minneapolis and Washington.

    People round: nine times in ten they say a multiple of five minutes. So many have the same
    distance and the same time, and these are no repeated records.

    Returns
    -------
    Commutes
        Three arrays of shape (2000,).

    References
    ----------
    U.S. Census Bureau, American Housing Survey 2007, metropolitan public use file.

    Examples
    --------
    >>> commutes = load_commutes()
    >>> boston = commutes.city == "Boston"
    >>> int(boston.sum()), float(np.median(commutes.minutes[boston]))
    (500, 20.0)
    """
    columns = _read_columns("commutes.csv.gz")
    return Commutes(
        city=columns["city"].copy(),
        miles=columns["miles"].astype(np.float64),
        minutes=columns["minutes"].astype(np.float64),
    )


def load_crashes() -> Crashes:
    """Load who died in 20,670 crashed cars, and what was known at once.

    From a sample of crashes that the police reported and after which a car was towed. About one
    person in 22 died. In all such crashes it is one in 185: the sample has more grave crashes than
    the country, and `weight` undoes that.

    Returns
    -------
    Crashes
        All 26,217 people in the front seats, in the order of the published table.

    References
    ----------
    National Highway Traffic Safety Administration, National Automotive Sampling System,
    Crashworthiness Data System, 1997-2002.

    Examples
    --------
    >>> crashes = load_crashes()
    >>> round(float(crashes.died.mean()), 4)
    0.045
    >>> round(float(np.average(crashes.died, weights=crashes.weight)), 4)
    0.0054
    """
    names, table = _read_numbers("crashes.csv.gz")
    columns = dict(zip(names, table.T, strict=True))
    whole = ("belted", "airbag", "deployed", "frontal", "severity", "died")
    return Crashes(
        vehicle=np.cumsum(columns["same_vehicle"] == 0.0, dtype=np.int64) - 1,
        **{name: columns[name].astype(np.int64) for name in whole},
        **{name: columns[name].copy() for name in ("speed_km_h", "age_years", "weight")},
    )


def load_text(language: str = "en") -> Passage:
    """Load a passage whose letters can be counted.

    English has the first five paragraphs of *Alice's Adventures in Wonderland*. Korean has the
    preamble and the first chapter of the Constitution of the Republic of Korea.

    Parameters
    ----------
    language : {"en", "ko"}
        Which passage.

    Returns
    -------
    Passage
        Its title, author, language and text.

    Raises
    ------
    TypeError
        If `language` is not a string.
    ValueError
        If there is no passage in `language`.

    Examples
    --------
    >>> load_text().text[:44]
    'Alice was beginning to get very tired of sit'
    >>> load_text("ko").text[:15]
    '유구한 역사와 전통에 빛나는'
    """
    if not isinstance(language, str):
        raise TypeError(
            f"language is of type {type(language).__name__}; expected a string: "
            f"{' or '.join(map(repr, _PASSAGES))}"
        )
    if language not in _PASSAGES:
        raise ValueError(
            f"language is {language!r}; expected one that has a passage: "
            f"{' or '.join(map(repr, _PASSAGES))}"
        )
    title, author = _PASSAGES[language]
    return Passage(title, author, language, _read_text(f"text_{language}.txt"))


def _read_text(name: str) -> str:
    content = (resources.files(__name__) / "data" / name).read_bytes()
    if name.endswith(".gz"):
        content = gzip.decompress(content)
    return content.decode("utf-8")


def _read_columns(name: str) -> dict[str, Strings]:
    header, *rows = _read_text(name).splitlines()
    table = np.loadtxt(rows, dtype=np.str_, delimiter=",", comments=None)
    return dict(zip(header.split(","), table.T, strict=True))


def _read_numbers(name: str) -> tuple[list[str], Floats]:
    header, *rows = _read_text(name).splitlines()
    return header.split(","), np.loadtxt(rows, dtype=np.float64, delimiter=",", comments=None)
