"""How often the residents of a place move house, beside what their age says."""

import numpy as np

from scenarios.areas import AreaTable
from sim.parameters import Parameters
from sim.tables import rate_tables

MOVING_ALONE = 1.24  # see `mobility_of` [C]
NATIONAL_ONE_PERSON = 0.363  # share of households, CBS 2017, weighted by residents
NATIONAL_MOVING_RATE = 0.097  # per resident and year, CBS 2023
AGE_BOUNDS = ((0, 15), (15, 25), (25, 45), (45, 65), (65, 85))
LEAST_STAY = 0.6  # as in `sim.rules.housing`


def rate_by_age(age: np.ndarray) -> np.ndarray:
    """Moves per resident and year that the national curve by age implies for shares of age classes, float64 [J]."""
    by_age = np.array([rate_tables().move[low:high].mean() * 12 for low, high in AGE_BOUNDS])
    return age @ by_age


def implied_rate(mobility: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Moves per year when each month's chance is the national one x mobility x the rule's factor for length of stay.

    Recent movers move again sooner, so twice the mobility is more than twice the moves: this is one over the mean stay.
    """
    months = np.arange(0, 900.0)
    scale = parameters.moving_recent_scale
    exposure = LEAST_STAY * months + parameters.moving_recent * scale * (1 - np.exp(-months / scale))
    monthly = NATIONAL_MOVING_RATE * parameters.moving_scale / 12
    return 12 / np.exp(-np.outer(mobility, exposure) * monthly).sum(axis=1)


def relative_moves(mobility: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Moves per year that a mobility brings, over those of mobility 1."""
    return implied_rate(mobility, parameters) / implied_rate(np.ones(1), parameters)


def mobility_of(table: AreaTable, parameters: Parameters) -> np.ndarray:
    """Scale of the monthly chance to move, float64 [J], with which the model's moves are those measured.

    Where no rate was measured people who live alone move more often: a rate e^(1.24 (share of one-person households -
    the national one)) times that of their age, by least squares over 170 wijken of 22 municipalities with measured
    moves (R2 = 0.55; address density and income add nothing to it) [C].
    """
    alone = np.exp(MOVING_ALONE * (table.one_person - NATIONAL_ONE_PERSON))
    measured = table.moving_rate / rate_by_age(table.age)
    wanted = np.where(np.isnan(measured), alone, measured)
    grid = np.geomspace(0.1, 6, 200)
    return np.interp(wanted, relative_moves(grid, parameters), grid)
