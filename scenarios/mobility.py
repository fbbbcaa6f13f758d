"""Mobility: how often the residents of an area move house, relative to their age."""

from functools import lru_cache

import numpy as np

from scenarios.areas import AreaTable
from sim.parameters import Parameters
from sim.rates_by_age import rate_tables

MOVING_ALONE = 1.24  # see `mobility_of` [C]
NATIONAL_ONE_PERSON = 0.363  # share of households, CBS 2017, weighted by residents
NATIONAL_MOVING_RATE = 0.097  # per resident and year, CBS 2023
AGE_BOUNDS = ((0, 15), (15, 25), (25, 45), (45, 65), (65, 85))
LEAST_STAY = 0.6  # as in `sim.rules.housing`


def rate_by_age(age: np.ndarray) -> np.ndarray:
    """Moves per resident and year that the national curve by age implies for shares of age classes, float64 [J]."""
    by_age = np.array([rate_tables().move[low:high].mean() * 12 for low, high in AGE_BOUNDS])
    return age @ by_age


def implied_rate(mobility: np.ndarray, recent: float, recent_scale: float, scale: float) -> np.ndarray:
    """Moves per year when each month's chance is the national one x mobility x the rule's factor for length of stay.

    Recent movers move again sooner, so twice the mobility is more than twice the moves: the rate is one over the mean
    stay.

    Parameters
    ----------
    mobility : float64 [N]
    recent, recent_scale, scale : float
        The model's parameters `moving_recent`, `moving_recent_scale` and `moving_scale`.
    """
    months = np.arange(0, 900.0)
    exposure = LEAST_STAY * months + recent * recent_scale * (1 - np.exp(-months / recent_scale))
    monthly = NATIONAL_MOVING_RATE * scale / 12
    return 12 / np.exp(-np.outer(mobility, exposure) * monthly).sum(axis=1)


def moving_rule(parameters: Parameters) -> tuple[float, float, float]:
    """The parameters that say how moving depends on length of stay, as `relative_moves` takes them."""
    return parameters.moving_recent, parameters.moving_recent_scale, parameters.moving_scale


def relative_moves(mobility: np.ndarray, recent: float, recent_scale: float, scale: float) -> np.ndarray:
    """Moves per year at a mobility, relative to those at mobility 1 (arguments as of `implied_rate`)."""
    rule = recent, recent_scale, scale
    return implied_rate(mobility, *rule) / implied_rate(np.ones(1), *rule)


@lru_cache(64)
def moves_by_mobility(recent: float, recent_scale: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Mobilities from 0.1 to 6 and the relative moves of each; cached, as every world uses it."""
    mobility = np.geomspace(0.1, 6, 200)
    return mobility, relative_moves(mobility, recent, recent_scale, scale)


def mobility_of(table: AreaTable, parameters: Parameters) -> np.ndarray:
    """Scale of the monthly chance to move, float64 [J], with which the model's moves are those measured.

    Where no rate was measured people who live alone move more often: a rate e^(1.24 (share of one-person households -
    the national one)) times that of their age, by least squares over 170 wijken of 22 municipalities with measured
    moves (R2 = 0.55; address density and income add nothing to it) [C].
    """
    alone = np.exp(MOVING_ALONE * (table.one_person - NATIONAL_ONE_PERSON))
    measured = table.moving_rate / rate_by_age(table.age)
    wanted = np.where(np.isnan(measured), alone, measured)
    mobility, moves = moves_by_mobility(*moving_rule(parameters))
    return np.interp(wanted, moves, mobility)
