"""Mover-stayer: of a cohort of arrivals some stay for good, the others leave at a constant rate.

    S(t) = pi + (1 - pi) exp(-lambda t)

S(t) is the share still there t years after arrival, pi the share of stayers, lambda the movers' yearly rate of leaving.
Month by month this is exact when a mover leaves with probability 1 - exp(-lambda / 12). The plain lambda / 12 is a
little too high: of arrivals from the EU (pi = 0.335, lambda = 0.505) 0.5 percentage points too many have gone after
two years.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from experiments.limits.lattice import generator
from scenarios.errors import InputError


class Fit(NamedTuple):
    """Share of stayers, movers' yearly rate, and the share still there as published with the fit, by year."""

    stayers: float
    rate: float
    still_there: dict[int, float]


# Fits to Statistics Netherlands, "Immigranten van de laatste 10 jaar blijven langer in Nederland" (14 July 2025), and
# to cohorts by motive. "study" rests on a figure recalled, not seen.
FITS = {
    "EU/EFTA, all": Fit(0.335, 0.505, {1: 0.74, 2: 0.577, 3: 0.48, 5: 0.388, 10: 0.34}),
    "non-EU, all": Fit(0.576, 0.480, {1: 0.84, 2: 0.738, 3: 0.68, 5: 0.614, 10: 0.58}),
    "EU labour": Fit(0.355, 0.455, {1: 0.76, 2: 0.615, 3: 0.52, 5: 0.42, 10: 0.36}),
    "knowledge migrant": Fit(0.214, 0.411, {1: 0.74, 2: 0.56, 3: 0.44, 5: 0.315, 10: 0.23}),
    "study": Fit(0.20, 0.45, {1: 0.71, 2: 0.53, 3: 0.41, 5: 0.28, 10: 0.21}),
    "family": Fit(0.50, 0.16, {1: 0.93, 2: 0.86, 3: 0.81, 5: 0.72, 10: 0.60}),
    "asylum": Fit(0.60, 0.20, {1: 0.93, 2: 0.87, 3: 0.82, 5: 0.75, 10: 0.65}),
}

# Percentage that has left again by nationality and year of arrival, same publication:
# year: (EU within 2 years, EU within 5, non-EU within 2, non-EU within 5).
LEFT_AGAIN = {
    1999: (29.5, 56.5, 15.5, 29.7),
    2005: (33.8, 58.8, 23.5, 41.6),
    2010: (41.0, 63.6, 29.3, 46.4),
    2012: (44.2, 64.5, 33.2, 51.5),
    2014: (44.1, 63.6, 27.5, 41.6),
    2016: (43.2, 63.0, 21.3, 32.4),
    2017: (43.0, 62.3, 24.6, 36.7),
    2018: (42.3, 61.0, 27.1, 40.4),
    2019: (42.3, 61.0, 27.0, 38.8),
}


def survival(years: ArrayLike, stayers: float, rate: float) -> np.ndarray:
    """Share of a cohort still there.

    Parameters
    ----------
    years : array_like
        Years since arrival, >= 0.
    stayers : float
        pi, share that stays for good, 0 to 1.
    rate : float
        lambda, movers' rate of leaving per year, >= 0.

    Returns
    -------
    ndarray
        S(t), of the shape of `years`.

    Raises
    ------
    InputError
        A share outside 0 to 1 or a negative rate.
    """
    _check(stayers, rate)
    return stayers + (1 - stayers) * np.exp(-rate * np.asarray(years, dtype=float))


def leaving_chance(rate: float) -> float:
    """Probability that a mover leaves within a month, from the yearly rate: 1 - exp(-lambda / 12)."""
    return float(-np.expm1(-rate / 12))


def survival_by_month(months: int, stayers: float, chance: float) -> np.ndarray:
    """Share still there after 0, 1, ... `months` months when each mover leaves with this chance per month."""
    return stayers + (1 - stayers) * (1 - chance) ** np.arange(months + 1)


def simulated_cohort(arrivals: int, months: int, stayers: float, rate: float, seed: int) -> np.ndarray:
    """Draw a cohort person by person; share still there after 0, 1, ... `months` months.

    A flag says at arrival who stays (probability pi); every other person then leaves with `leaving_chance` a month.
    """
    _check(stayers, rate)
    rng = generator(seed)
    there = np.ones(arrivals, dtype=bool)
    stays = rng.random(arrivals) < stayers
    share = np.ones(months + 1)
    for month in range(1, months + 1):
        there &= stays | (rng.random(arrivals) >= leaving_chance(rate))
        share[month] = there.mean()
    return share


def _check(stayers: float, rate: float) -> None:
    if not 0 <= stayers <= 1:
        raise InputError(f"share of stayers {stayers:g} is not a share (allowed: 0 to 1)")
    if rate < 0:
        raise InputError(f"rate of leaving {rate:g} per year is negative (allowed: 0 or more)")
