"""Counting at the end of a month: the stocks the next month needs, and what is reported; whole numbers only.

Means are sums in units of 1/65536 (faces and ties 1/256): integer sums are the same in any order and on any machine.
"""

from typing import NamedTuple

import numpy as np

from sim.arithmetic import ONE, compiled, rule
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NEWCOMER_MONTHS, NO_MOTIVE, NOBODY
from sim.rules.cohesion import cohesion_score

CLASSES = ("established, no background", "established, background", "newcomer, no background", "newcomer, background")
QUANTILE_BINS = 50
ADULT = 180
SCHOOL_FROM, SCHOOL_UNTIL = 48, 216
WORK_FROM, WORK_UNTIL = 216, 804
WITHDRAWN = np.float32(0.30)
FINE, COARSE = np.float32(65536.0), np.float32(256.0)

# Columns of Observations.sums, per neighbourhood and class.
MEASURES = (
    "residents", "adults", "belonging", "belonging_squared", "at_home", "cohesion", "withdrawn", "withdrawal",
    "faces", "faces_own", "ties", "ties_own", "contact", "language", "working_age", "employed", "members",
    "position", "pupils", "pupils_new", "months_here", "belonging_months_here", "months_here_squared", "first_generation",
)  # fmt: skip
(RESIDENTS, ADULTS, BELONGING, BELONGING_SQUARED, AT_HOME, COHESION, IN_OWN_CIRCLE, WITHDRAWAL, FACES, FACES_OWN, TIES,
 TIES_OWN, CONTACT, LANGUAGE, WORKING_AGE, EMPLOYED_COUNT, MEMBERS, POSITION, PUPILS, PUPILS_NEW, MONTHS_HERE,
 BELONGING_MONTHS, MONTHS_SQUARED, FIRST_GENERATION) = range(24)  # fmt: skip
LONGEST_STAY = 360


class Observations(NamedTuple):
    """What one month's count found.

    Attributes
    ----------
    sums : int64 [J, 4, 24]
        `MEASURES` by neighbourhood and class of resident. All but residents, pupils and labour are of adults (15+),
        whom surveys ask.
    histogram : int64 [J, 4, 50]
        Adults by belonging in bins of 0.02, for quantiles.
    """

    sums: np.ndarray
    histogram: np.ndarray


def empty_observations(areas: int) -> Observations:
    """Nothing counted yet."""
    return Observations(
        np.zeros((areas, len(CLASSES), len(MEASURES)), np.int64),
        np.zeros((areas, len(CLASSES), QUANTILE_BINS), np.int64),
    )


@rule
def units(value, scale):
    """A number in whole units, rounded to nearest."""
    return np.int64(np.floor(value * scale + np.float32(0.5)))


@rule
def class_of(origin, motive, arrived, month):
    """0 to 3: twice newcomer (abroad until less than five years ago) plus with a migration background."""
    newcomer = motive != NO_MOTIVE and month - np.int64(arrived) < NEWCOMER_MONTHS
    return (2 if newcomer else 0) + (1 if origin > 0 else 0)


@rule
def count_adult(i, j, group, months, population, trouble, c, sums, histogram):
    """Add one adult to the sums."""
    belonging = population.belonging[i]
    faces_own, faces = population.faces_own[i], population.faces_own[i] + population.faces_other[i]
    ties = population.tie_count[i]
    b = units(belonging, FINE)
    line = sums[j, group]
    line[ADULTS] += 1
    line[BELONGING] += b
    line[BELONGING_SQUARED] += (b * b) >> 16
    line[AT_HOME] += belonging >= c.home_threshold
    line[COHESION] += units(cohesion_score(faces, np.float32(ties), trouble[population.origin[i]], belonging, c), FINE)
    line[IN_OWN_CIRCLE] += population.withdrawal[i] >= WITHDRAWN
    line[WITHDRAWAL] += units(population.withdrawal[i], FINE)
    line[FACES] += units(faces, COARSE)
    line[FACES_OWN] += units(faces_own, COARSE)
    line[TIES] += ties
    line[TIES_OWN] += population.tie_own[i]
    line[CONTACT] += units(population.contact[i], FINE)
    line[LANGUAGE] += units(population.language[i], FINE)
    line[POSITION] += units(population.position[i], FINE)
    line[MEMBERS] += population.flags[i] & MEMBER != 0
    line[MONTHS_HERE] += months
    line[BELONGING_MONTHS] += b * months
    line[MONTHS_SQUARED] += months * months
    line[FIRST_GENERATION] += population.flags[i] & BORN_ABROAD != 0
    histogram[j, group, min(np.int64(belonging * np.float32(QUANTILE_BINS)), QUANTILE_BINS - 1)] += 1


@compiled
def census(low, high, population, places, stocks):
    """Count residents, activity and language by origin group, and vacancies, of neighbourhoods low to high - 1."""
    for j in range(low, high):
        people, activity, language = stocks.people[j], stocks.activity[j], stocks.language[j]
        people[:] = 0
        activity[:] = 0
        language[:] = 0
        vacant = 0
        for i in range(places.first[j], places.first[j] + stocks.opened[j]):
            if population.serial[i] == NOBODY:
                vacant += 1
                continue
            g = population.origin[i]
            people[g] += 1
            activity[g] += units(ONE - population.withdrawal[i], FINE)
            language[g] += units(population.language[i], FINE)
        stocks.vacant[j] = vacant


@compiled
def observe(low, high, population, places, stocks, rates, month, c, observations):
    """Count everything that is reported of neighbourhoods low to high - 1."""
    for j in range(low, high):
        sums, histogram = observations.sums, observations.histogram
        sums[j] = 0
        histogram[j] = 0
        trouble = rates.trouble[j]
        for i in range(places.first[j], places.first[j] + stocks.opened[j]):
            if population.serial[i] == NOBODY:
                continue
            group = class_of(population.origin[i], population.motive[i], population.arrived[i], month)
            age = month - np.int64(population.born[i])
            here = month - np.int64(population.moved_in[i])
            sums[j, group, RESIDENTS] += 1
            if age >= ADULT:
                count_adult(i, j, group, min(max(here, 0), LONGEST_STAY), population, trouble, c, sums, histogram)
            if WORK_FROM <= age < WORK_UNTIL:
                sums[j, group, WORKING_AGE] += 1
                sums[j, group, EMPLOYED_COUNT] += population.flags[i] & EMPLOYED != 0
            if SCHOOL_FROM <= age < SCHOOL_UNTIL:
                sums[j, group, PUPILS] += 1
                sums[j, group, PUPILS_NEW] += here < 12
