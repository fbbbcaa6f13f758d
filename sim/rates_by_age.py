"""Rates by age: deaths, births and moves, as compiled code takes them."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.machine.struct import Floats, FloatTable
from sim.motives import DECLARED

AGES = 111  # years of age, 0 to 110
BAND_YEARS = (0, 18, 36, 50, 80)  # bands of age within which chances differ little
BAND_FROM = tuple(np.int32(12 * years) for years in BAND_YEARS)  # the same in months
# Percent of residents who move house in a year by age: CBS, Statistische Trends 2020, figure 1 (within and between).
MOVES_BY_AGE = {
    0: 14.0, 3: 11.5, 10: 8.1, 15: 8.0, 17: 9.5, 18: 12.0, 20: 18.1, 22: 22.9, 25: 27.3, 26: 26.3, 30: 19.8, 35: 14.2,
    40: 10.2, 50: 5.8, 60: 4.0, 70: 3.6, 80: 4.5, 90: 8.0, 110: 8.0,
}  # fmt: skip
# Deaths: Gompertz through CBS's life table of 2017 (recalled: 0.35 % at 50, 1.1 % at 65, 5.5 % at 80).
DEATH_AT_50 = 0.0029  # yearly chance of death at 50, before `mortality` (CBS 2017, recalled: 0.35 %)
DEATH_GROWTH = 0.098  # growth of its logarithm a year of age (Gompertz through 1.1 % at 65 and 5.5 % at 80, recalled)
DEATH_INFANT = 0.0035  # chance of death in the first year of life
# Births by age: a normal curve per woman; half of the residents are women.
FERTILITY_MEAN = 30.8  # mean age at birth (CBS 2017, shape recalled)
FERTILITY_SPREAD = 5.0  # standard deviation of that age, in years (CBS 2017, shape recalled)
FERTILITY_TOTAL = 1.62  # births per woman over her life, before `fertility` (CBS 2017)
# Share who live with a partner by age, as among the first residents of the country (2017; E), so that births by partner
# add up to those by age alone.
PAIRED_BY_AGE = {
    17: 0.0, 18: 0.02, 20: 0.04, 22: 0.115, 25: 0.35, 28: 0.45, 30: 0.60, 33: 0.70, 38: 0.74, 44: 0.79, 50: 0.80,
}  # fmt: skip
BIRTHS_ALONE = 0.2  # births to those without a partner over births to those with one, at the same age [E]
MEAN_CHILDREN = 1.8  # of a household that arrives with children: one, two or three [E]
DOMESTIC_COUPLES = 0.35  # share of the households from elsewhere in the country that are couples [E]
DOMESTIC_SHARING = 0.15  # share of those of them who come alone that share a dwelling [E]
# Asylum migrants: monthly chance of finding work by year since arrival, before L and the hiring ratio: fitted to CBS,
# 6/19/43/47 % employed 2/3/6/9 years after arrival (cohort 2014).
ASYLUM_FINDING = (0.0025, 0.006, 0.0165, 0.019, 0.018, 0.018, 0.0155, 0.0135, 0.0125, 0.012, 0.012)


class RatesByAge(NamedTuple):
    """Monthly chances by age in years (0 to 110), single precision.

    Attributes
    ----------
    death, birth, move : float32 [111]
        Birth is per resident of either sex; move is before length of stay and belonging come in.
    birth_paired, birth_alone : float32 [111]
        Birth of those who live with a partner and of those who do not; as many in all.
    asylum_finding : float32 [11]
        By years since arrival.
    arrival_age : float32 [6, 111]
        Cumulative distribution of age at arrival by motive.
    arrival_work : float32 [6]
        Share with work on arrival.
    mover_age : float32 [111]
        Cumulative distribution of age of domestic movers.
    adult_age : float32 [7, 111]
        The same for the heads of households that arrive, by kind: motives, then domestic.
    in_couple, with_children, shares_home : float32 [7]
        Share of those households that are couples; that bring children; of those alone, that share a dwelling.
    household_size : float32 [7]
        Mean size of those households, so that as many people arrive.
    highest_death, highest_birth, highest_move : float32 [5]
        A little more than the highest chance within each band of age.
    """

    death: Floats
    birth: Floats
    birth_paired: Floats
    birth_alone: Floats
    move: Floats
    asylum_finding: Floats
    arrival_age: FloatTable
    arrival_work: Floats
    mover_age: Floats
    adult_age: FloatTable
    in_couple: Floats
    with_children: Floats
    shares_home: Floats
    household_size: Floats
    highest_death: Floats
    highest_birth: Floats
    highest_move: Floats


def cumulative(weights: np.ndarray) -> np.ndarray:
    """Cumulative distribution along the last axis, single precision, ending in exactly one."""
    total = np.cumsum(weights, axis=-1, dtype=float)
    share = (total / total[..., -1:]).round(7).astype(np.float32)
    share[..., -1] = 1
    return share


def arrival_age_weights(children: float, low: float, mode: float, high: float) -> np.ndarray:
    """Weights by age: children evenly over 0 to 17, the others a triangle."""
    age = np.arange(AGES, dtype=float)
    grown = np.clip(np.minimum((age - low + 1) / (mode - low + 1), (high - age) / (high - mode)), 0, None)
    grown[age < low] = 0
    return children * (age < 18) / 18 + (1 - children) * grown / grown.sum()


def highest_by_band(chances: np.ndarray) -> np.ndarray:
    """The highest chance within each band of age, and a little more, so that rounding cannot lift a chance above."""
    return np.maximum.reduceat(chances, BAND_YEARS) * np.float32(1.001)


def births_by_pairing(birth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Births of those with and without a partner, whose mean over both is `birth`: those without have a fifth."""
    paired = np.interp(np.arange(AGES, dtype=float), list(PAIRED_BY_AGE), list(PAIRED_BY_AGE.values()))
    with_partner = birth / (paired + BIRTHS_ALONE * (1 - paired))
    return with_partner, BIRTHS_ALONE * with_partner


def arriving_households(ages: np.ndarray) -> dict[str, np.ndarray]:
    """What households arrive, such that the people in them have the ages of those who come.

    Parameters
    ----------
    ages : float64 [7, 111]
        Weights of ages by kind of arrival: motives, then domestic.
    """
    in_couple = np.array([*(m.in_couple for m in DECLARED), DOMESTIC_COUPLES])
    minors = ages[:, :18].sum(axis=1) / ages.sum(axis=1)
    size = (1 + in_couple) / (1 - minors)
    return {
        "adult_age": cumulative(np.where(np.arange(AGES) < 18, 0.0, ages)),
        "in_couple": in_couple.astype(np.float32),
        "with_children": np.minimum(minors * size / MEAN_CHILDREN, 1).round(7).astype(np.float32),
        "shares_home": np.array([*(m.shares_home for m in DECLARED), DOMESTIC_SHARING], np.float32),
        "household_size": size.round(7).astype(np.float32),
    }


@lru_cache(64)
def rate_tables(
    mortality: float = 1.0, fertility: float = 1.0, asylum: float = 1.0, households: bool = False
) -> RatesByAge:
    """Tables scaled by the parameters of that name; shared by all worlds that have the same, so not to be changed."""
    age = np.arange(AGES, dtype=float)
    death = np.minimum(DEATH_AT_50 * np.exp(DEATH_GROWTH * (age - 50)), 0.9) * mortality
    death[0] = DEATH_INFANT * mortality
    shape = np.exp(-0.5 * ((age + 0.5 - FERTILITY_MEAN) / FERTILITY_SPREAD) ** 2)
    shape[(age < 15) | (age > 49)] = 0
    birth = shape / shape.sum() * FERTILITY_TOTAL / 2 * fertility
    move = np.interp(age, list(MOVES_BY_AGE), list(MOVES_BY_AGE.values())) / 100
    paired, alone = births_by_pairing(birth)
    deaths, births, paired, alone, moves = (
        np.minimum(yearly / 12, most).round(9).astype(np.float32)
        for yearly, most in ((death, 0.19), (birth, 0.19), (paired, 0.19), (alone, 0.19), (move, 1.0))
    )
    arriving = np.array([arrival_age_weights(*ages) for ages in (m.arrival_age for m in DECLARED)])
    moving = move * np.exp(-((np.maximum(age - 60, 0) / 18) ** 2))
    return RatesByAge(
        death=deaths,
        birth=births,
        birth_paired=paired,
        birth_alone=alone,
        move=moves,
        asylum_finding=(np.array(ASYLUM_FINDING) * asylum).round(9).astype(np.float32),
        arrival_age=cumulative(arriving),
        arrival_work=np.array([m.works_on_arrival for m in DECLARED], np.float32),
        mover_age=cumulative(moving),
        **arriving_households(np.vstack((arriving, moving))),
        highest_death=highest_by_band(deaths),
        highest_birth=highest_by_band(paired if households else births),
        highest_move=highest_by_band(moves),
    )
