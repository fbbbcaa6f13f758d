"""Counting at the end of a month: the stocks the next month needs, and what is reported; whole numbers only.

Means are sums in units of 1/65536 (faces and ties 1/256): integer sums are the same in any order and on any machine.
"""

from typing import NamedTuple

import numpy as np

from sim.arithmetic import ONE, compiled, rule
from sim.living import BLOCK, spread_over_block
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
    "position", "pupils", "pupils_new", "months_here", "belonging_months_here", "months_here_squared",
    "first_generation",
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
def whole(value, scale):
    """A number in whole units as 32 bits, rounded to nearest."""
    return np.int32(np.floor(value * scale + np.float32(0.5)))


@compiled
def classify(serial, origin, motive, arrived, born, month, group, adult):
    """Class of each row of a block (4 for a vacant place), and whether they are adults (15+)."""
    for n in range(len(serial)):
        newcomer = (motive[n] != NO_MOTIVE) & (np.int32(month) - np.int32(arrived[n]) < np.int32(NEWCOMER_MONTHS))
        code = (np.int32(2) if newcomer else np.int32(0)) + (np.int32(1) if origin[n] > 0 else np.int32(0))
        lived_in = serial[n] != NOBODY
        group[n] = code if lived_in else np.int32(4)
        grown = np.int32(month) - np.int32(born[n]) >= np.int32(ADULT)
        adult[n] = np.int32(1) if lived_in & grown else np.int32(0)


@compiled
def measure_feelings(belonging, withdrawal, contact, language, position, adult, threshold, out):
    """Belonging and what goes with it, in whole units, for adults."""
    for n in range(len(adult)):
        b = whole(belonging[n], FINE)
        out[BELONGING, n] = b * adult[n]
        out[BELONGING_SQUARED, n] = np.int32((np.int64(b) * np.int64(b)) >> 16) * adult[n]
        out[AT_HOME, n] = adult[n] if belonging[n] >= threshold else np.int32(0)
        out[IN_OWN_CIRCLE, n] = adult[n] if withdrawal[n] >= WITHDRAWN else np.int32(0)
        out[WITHDRAWAL, n] = whole(withdrawal[n], FINE) * adult[n]
        out[CONTACT, n] = whole(contact[n], FINE) * adult[n]
        out[LANGUAGE, n] = whole(language[n], FINE) * adult[n]
        out[POSITION, n] = whole(position[n], FINE) * adult[n]


@compiled
def measure_acquaintance(faces_own, faces_other, tie_count, tie_own, trouble, belonging, adult, c, out):
    """Familiar faces, ties and cohesion, in whole units, for adults."""
    for n in range(len(adult)):
        faces = faces_own[n] + faces_other[n]
        out[ADULTS, n] = adult[n]
        out[COHESION, n] = (
            whole(cohesion_score(faces, np.float32(tie_count[n]), trouble[n], belonging[n], c), FINE) * adult[n]
        )
        out[FACES, n] = whole(faces, COARSE) * adult[n]
        out[FACES_OWN, n] = whole(faces_own[n], COARSE) * adult[n]
        out[TIES, n] = np.int32(tie_count[n]) * adult[n]
        out[TIES_OWN, n] = np.int32(tie_own[n]) * adult[n]


@compiled
def measure_course_of_life(born, moved_in, flags, adult, month, out):
    """Work, school, associations and length of stay."""
    for n in range(len(adult)):
        age = np.int32(month) - np.int32(born[n])
        here = np.int32(month) - np.int32(moved_in[n])
        stay = min(max(here, np.int32(0)), np.int32(LONGEST_STAY))
        of_age = np.int32(1) if (age >= np.int32(WORK_FROM)) & (age < np.int32(WORK_UNTIL)) else np.int32(0)
        pupil = np.int32(1) if (age >= np.int32(SCHOOL_FROM)) & (age < np.int32(SCHOOL_UNTIL)) else np.int32(0)
        out[RESIDENTS, n] = 1
        out[WORKING_AGE, n] = of_age
        out[EMPLOYED_COUNT, n] = of_age if flags[n] & EMPLOYED else np.int32(0)
        out[PUPILS, n] = pupil
        out[PUPILS_NEW, n] = pupil if here < np.int32(12) else np.int32(0)
        out[MEMBERS, n] = adult[n] if flags[n] & MEMBER else np.int32(0)
        out[FIRST_GENERATION, n] = adult[n] if flags[n] & BORN_ABROAD else np.int32(0)
        out[MONTHS_HERE, n] = stay * adult[n]
        out[MONTHS_SQUARED, n] = stay * stay * adult[n]


@compiled
def masked_sum(column, group, wanted):
    """Sum of a column of 32-bit numbers over one class."""
    total = np.int64(0)
    for n in range(len(group)):
        total += np.int64(column[n]) if group[n] == wanted else np.int64(0)
    return total


@compiled
def masked_product(first, second, group, wanted):
    """Sum of the product of two columns over one class."""
    total = np.int64(0)
    for n in range(len(group)):
        total += np.int64(first[n]) * np.int64(second[n]) if group[n] == wanted else np.int64(0)
    return total


@compiled
def add_block(group, out, sums, histogram):
    """Add a block's columns to the sums of its classes, and its adults to the histogram."""
    present = np.zeros(5, np.int64)
    for n in range(len(group)):
        present[group[n]] += 1
        if out[ADULTS, n]:
            place = (np.int64(out[BELONGING, n]) * QUANTILE_BINS) >> 16
            histogram[group[n], min(place, QUANTILE_BINS - 1)] += 1
    for wanted in range(4):
        if present[wanted] == 0:
            continue
        for measure in range(len(MEASURES)):
            if measure != BELONGING_MONTHS:
                sums[wanted, measure] += masked_sum(out[measure, : len(group)], group, wanted)
        sums[wanted, BELONGING_MONTHS] += masked_product(
            out[BELONGING, : len(group)], out[MONTHS_HERE, : len(group)], group, wanted
        )


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
    """Count everything that is reported of neighbourhoods low to high - 1, block by block."""
    p = population
    group, adult = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    trouble = np.zeros(BLOCK, np.float32)
    out = np.zeros((len(MEASURES), BLOCK), np.int32)
    for j in range(low, high):
        observations.sums[j] = 0
        observations.histogram[j] = 0
        end = places.first[j] + stocks.opened[j]
        for start in range(places.first[j], end, BLOCK):
            stop = min(start + BLOCK, end)
            size = stop - start
            classify(p.serial[start:stop], p.origin[start:stop], p.motive[start:stop], p.arrived[start:stop],
                     p.born[start:stop], month, group[:size], adult[:size])  # fmt: skip
            spread_over_block(rates.trouble[j], stocks.people[j], p.origin[start:stop], trouble)
            measure_feelings(p.belonging[start:stop], p.withdrawal[start:stop], p.contact[start:stop],
                             p.language[start:stop], p.position[start:stop], adult[:size], c.home_threshold,
                             out)  # fmt: skip
            measure_acquaintance(p.faces_own[start:stop], p.faces_other[start:stop], p.tie_count[start:stop],
                                 p.tie_own[start:stop], trouble, p.belonging[start:stop], adult[:size], c,
                                 out)  # fmt: skip
            measure_course_of_life(p.born[start:stop], p.moved_in[start:stop], p.flags[start:stop], adult[:size], month,
                                   out)  # fmt: skip
            add_block(group[:size], out, observations.sums[j], observations.histogram[j])
