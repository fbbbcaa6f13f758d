"""Counting at the end of a month: the stocks the next month needs, and what is reported; whole numbers only.

Means are sums in units of 1/65536 (faces and ties 1/256): integer sums are the same in any order and on any machine.
"""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import ONE, allocating, compiled, rule
from sim.machine.prefetch import fetch_rows
from sim.phases.update_residents import spread_over_block
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
STRETCH = 256  # rows counted at once: their measures fit in the processor's nearest cache
COUNTED = len(MEASURES) + 1  # columns counted: belonging x months is cut in two, so that its sum fits in 32 bits
LOW_BITS = COUNTED - 1
COLUMNS = COUNTED + COUNTED % 2  # as they are summed by two; the last stays 0
BINS = 4 * QUANTILE_BINS + 1  # one more for those who are not adults
COUNTS, LAST_COUNT = 4, np.uint32(3)
SECOND, THIRD, FOURTH, VACANT = np.int32(1), np.int32(2), np.int32(3), np.int32(4)
FULL = np.int32(65536)


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
def whole(value, scale):
    """A number in whole units as 32 bits, rounded to nearest."""
    return np.int32(np.floor(value * scale + np.float32(0.5)))


@compiled
def classify(serial, origin, motive, arrived, born, month, group, adult):
    """Class of each row of a stretch (4 for a vacant place), and whether they are adults (15+)."""
    for n in range(len(serial)):
        newcomer = (motive[n] != NO_MOTIVE) & (np.int32(month) - np.int32(arrived[n]) < np.int32(NEWCOMER_MONTHS))
        code = (np.int32(2) if newcomer else np.int32(0)) + (np.int32(1) if origin[n] > 0 else np.int32(0))
        lived_in = serial[n] != NOBODY
        group[n] = code if lived_in else VACANT
        grown = np.int32(month) - np.int32(born[n]) >= np.int32(ADULT)
        adult[n] = np.int32(1) if lived_in & grown else np.int32(0)


@compiled
def measure_feelings(belonging, withdrawal, contact, language, position, adult, threshold, out):
    """Belonging and what goes with it, in whole units, for adults."""
    for n in range(len(adult)):
        b = whole(belonging[n], FINE)
        out[BELONGING * STRETCH + n] = b * adult[n]
        squared = np.int32(np.uint32(b * b) >> 16) if b < FULL else FULL  # of 1 the square has 33 bits
        out[BELONGING_SQUARED * STRETCH + n] = squared * adult[n]
        out[AT_HOME * STRETCH + n] = adult[n] if belonging[n] >= threshold else np.int32(0)
        out[IN_OWN_CIRCLE * STRETCH + n] = adult[n] if withdrawal[n] >= WITHDRAWN else np.int32(0)
        out[WITHDRAWAL * STRETCH + n] = whole(withdrawal[n], FINE) * adult[n]
        out[CONTACT * STRETCH + n] = whole(contact[n], FINE) * adult[n]
        out[LANGUAGE * STRETCH + n] = whole(language[n], FINE) * adult[n]
        out[POSITION * STRETCH + n] = whole(position[n], FINE) * adult[n]


@compiled
def measure_acquaintance(faces_own, faces_other, tie_count, tie_own, trouble, belonging, adult, c, out):
    """Familiar faces, ties and cohesion, in whole units, for adults."""
    for n in range(len(adult)):
        faces = faces_own[n] + faces_other[n]
        out[ADULTS * STRETCH + n] = adult[n]
        out[COHESION * STRETCH + n] = (
            whole(cohesion_score(faces, np.float32(tie_count[n]), trouble[n], belonging[n], c), FINE) * adult[n]
        )
        out[FACES * STRETCH + n] = whole(faces, COARSE) * adult[n]
        out[FACES_OWN * STRETCH + n] = whole(faces_own[n], COARSE) * adult[n]
        out[TIES * STRETCH + n] = np.int32(tie_count[n]) * adult[n]
        out[TIES_OWN * STRETCH + n] = np.int32(tie_own[n]) * adult[n]


@compiled
def measure_course_of_life(born, moved_in, flags, group, adult, month, out):
    """Work, school, associations and length of stay."""
    for n in range(len(adult)):
        age = np.int32(month) - np.int32(born[n])
        here = np.int32(month) - np.int32(moved_in[n])
        stay = min(max(here, np.int32(0)), np.int32(LONGEST_STAY))
        resident = np.int32(1) if group[n] != VACANT else np.int32(0)
        of_age = resident if (age >= np.int32(WORK_FROM)) & (age < np.int32(WORK_UNTIL)) else np.int32(0)
        pupil = resident if (age >= np.int32(SCHOOL_FROM)) & (age < np.int32(SCHOOL_UNTIL)) else np.int32(0)
        out[RESIDENTS * STRETCH + n] = resident
        out[WORKING_AGE * STRETCH + n] = of_age
        out[EMPLOYED_COUNT * STRETCH + n] = of_age if flags[n] & EMPLOYED else np.int32(0)
        out[PUPILS * STRETCH + n] = pupil
        out[PUPILS_NEW * STRETCH + n] = pupil if here < np.int32(12) else np.int32(0)
        out[MEMBERS * STRETCH + n] = adult[n] if flags[n] & MEMBER else np.int32(0)
        out[FIRST_GENERATION * STRETCH + n] = adult[n] if flags[n] & BORN_ABROAD else np.int32(0)
        out[MONTHS_HERE * STRETCH + n] = stay * adult[n]
        out[MONTHS_SQUARED * STRETCH + n] = stay * stay * adult[n]
        both = np.int32(out[BELONGING * STRETCH + n] * stay)
        out[BELONGING_MONTHS * STRETCH + n] = both >> 8
        out[LOW_BITS * STRETCH + n] = both & 255


@compiled
def place_in_histogram(belonging, group, adult, bins):
    """Bin of each adult by class and belonging; the last bin for all others."""
    for n in range(len(group)):
        place = min(np.int32((belonging[n] * QUANTILE_BINS) >> 16), np.int32(QUANTILE_BINS - 1))
        bins[n] = np.int32(group[n] * QUANTILE_BINS + place) if adult[n] else np.int32(BINS - 1)


@compiled
def sums_by_class(values, others, group):
    """Sums of two measures over the four classes of residents, who are told apart once for both.

    32 bits hold the sums of a stretch.
    """
    every_a, second_a, third_a, fourth_a = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    every_b, second_b, third_b, fourth_b = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    for n in range(len(group)):
        a, b, code = values[n], others[n], group[n]
        second, third, fourth = np.int32(code == SECOND), np.int32(code == THIRD), np.int32(code == FOURTH)
        every_a = np.int32(every_a + a)
        every_b = np.int32(every_b + b)
        second_a = np.int32(second_a + a * second)
        second_b = np.int32(second_b + b * second)
        third_a = np.int32(third_a + a * third)
        third_b = np.int32(third_b + b * third)
        fourth_a = np.int32(fourth_a + a * fourth)
        fourth_b = np.int32(fourth_b + b * fourth)
    return (
        (every_a - second_a - third_a - fourth_a, second_a, third_a, fourth_a),
        (every_b - second_b - third_b - fourth_b, second_b, third_b, fourth_b),
    )


@rule
def add_to(sums, measure, found):
    """Add what was found of the four classes."""
    sums[0, measure] += found[0]
    sums[1, measure] += found[1]
    sums[2, measure] += found[2]
    sums[3, measure] += found[3]


@compiled
def add_stretch(size, seen):
    """Add the measures of a stretch of rows to the sums of the four classes, and its adults to the histogram."""
    group, out = seen.group[:size], seen.out
    for measure in range(0, COLUMNS, 2):
        begin, next_begin = measure * STRETCH, (measure + 1) * STRETCH
        first, second = sums_by_class(out[begin : begin + size], out[next_begin : next_begin + size], group)
        add_to(seen.sums, measure, first)
        add_to(seen.sums, measure + 1, second)
    for n in range(size):  # four counts of each bin in turn: one that was just written takes long to read
        seen.counts[np.uint32((np.uint32(n) & LAST_COUNT) * np.uint32(BINS) + np.uint32(seen.bins[n]))] += np.int32(1)


@compiled
def hand_over(seen, sums, histogram):
    """The counts of a neighbourhood as they are reported."""
    for wanted in range(4):
        for measure in range(len(MEASURES)):
            sums[wanted, measure] = seen.sums[wanted, measure]
        sums[wanted, BELONGING_MONTHS] = (seen.sums[wanted, BELONGING_MONTHS] << 8) + seen.sums[wanted, LOW_BITS]
        for place in range(QUANTILE_BINS):
            at = wanted * QUANTILE_BINS + place
            histogram[wanted, place] = (
                np.int64(seen.counts[at])
                + np.int64(seen.counts[BINS + at])
                + np.int64(seen.counts[2 * BINS + at])
                + np.int64(seen.counts[3 * BINS + at])
            )
    seen.sums[:] = 0
    seen.counts[:] = 0


@compiled
def count_vacant(serial):
    """Vacant places among some rows."""
    vacant = 0
    for n in range(len(serial)):
        vacant += serial[n] == NOBODY
    return vacant


@compiled
def measure_stocks(withdrawal, language, activity, skill):
    """Activity 1 - w and language of a stretch, in units of 1/65536."""
    for n in range(len(activity)):
        activity[n] = whole(ONE - withdrawal[n], FINE)
        skill[n] = whole(language[n], FINE)


@compiled
def count_group(wanted, origin, activity, skill):
    """Rows with one origin in a stretch, and the sums of their activity and language; vacant places too."""
    rows, active, spoken = np.int32(0), np.int32(0), np.int32(0)
    for n in range(len(origin)):
        mine = np.int32(origin[n] == wanted)
        rows = np.int32(rows + mine)
        active = np.int32(active + activity[n] * mine)
        spoken = np.int32(spoken + skill[n] * mine)
    return rows, active, spoken


@compiled
def census_places(low, high, population, places, stocks, activity, skill):
    """See `census`; `activity` and `skill` are scratch."""
    p = population
    for j in range(low, high):
        people, active, spoken = stocks.people[j], stocks.activity[j], stocks.language[j]
        people[:] = 0
        active[:] = 0
        spoken[:] = 0
        vacant, end = 0, places.first[j] + stocks.opened[j]
        for start in range(places.first[j], end, STRETCH):
            stop = min(start + STRETCH, end)
            done, learnt = activity[: stop - start], skill[: stop - start]
            vacant += count_vacant(p.serial[start:stop])
            measure_stocks(p.withdrawal[start:stop], p.language[start:stop], done, learnt)
            for g in range(len(people)):
                found = count_group(np.uint8(g), p.origin[start:stop], done, learnt)
                people[g] += found[0]
                active[g] += found[1]
                spoken[g] += found[2]
        people[0] -= vacant
        active[0] -= vacant * np.int64(FULL)
        stocks.vacant[j] = vacant


@allocating
def census(low, high, population, places, stocks):
    """Count residents, activity and language by origin group, and vacancies, of neighbourhoods low to high - 1.

    Of a vacant place all columns are 0: it is counted as active, without language, in group 0, and then taken off.
    """
    census_places(low, high, population, places, stocks, np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32))


class Seen(NamedTuple):
    """Scratch columns of a stretch of rows, and the counts of a neighbourhood so far.

    `out` has the measures one after another, STRETCH numbers each: at distances the compiler knows, so that it sees
    that they do not overlap and works on many residents at once.
    """

    group: np.ndarray
    adult: np.ndarray
    trouble: np.ndarray
    bins: np.ndarray
    out: np.ndarray
    sums: np.ndarray
    counts: np.ndarray


@allocating
def nothing_seen():
    """Scratch columns for one thread."""
    return Seen(
        np.empty(STRETCH, np.int32),
        np.empty(STRETCH, np.int32),
        np.zeros(STRETCH, np.float32),
        np.empty(STRETCH, np.int32),
        np.zeros(COLUMNS * STRETCH, np.int32),
        np.zeros((4, COLUMNS), np.int64),
        np.zeros(COUNTS * BINS, np.int32),
    )


@compiled
def observe_rows(start, stop, population, trouble, month, c, seen):
    """Count a stretch of rows of one neighbourhood."""
    p, size, out = population, stop - start, seen.out
    fetch_rows(stop, STRETCH, p)
    group, adult, belonging = seen.group[:size], seen.adult[:size], p.belonging[start:stop]
    classify(p.serial[start:stop], p.origin[start:stop], p.motive[start:stop], p.arrived[start:stop],
             p.born[start:stop], month, group, adult)  # fmt: skip
    spread_over_block(trouble, p.origin[start:stop], seen.trouble)
    measure_feelings(belonging, p.withdrawal[start:stop], p.contact[start:stop], p.language[start:stop],
                     p.position[start:stop], adult, c.home_threshold, out)  # fmt: skip
    measure_acquaintance(p.faces_own[start:stop], p.faces_other[start:stop], p.tie_count[start:stop],
                         p.tie_own[start:stop], seen.trouble, belonging, adult, c, out)  # fmt: skip
    measure_course_of_life(p.born[start:stop], p.moved_in[start:stop], p.flags[start:stop], group, adult, month, out)
    place_in_histogram(out[BELONGING * STRETCH : BELONGING * STRETCH + size], group, adult, seen.bins)
    add_stretch(size, seen)


@compiled
def observe_places(low, high, population, places, stocks, rates, month, c, observations, seen):
    """See `observe`; `seen` is one thread's own."""
    for j in range(low, high):
        end = places.first[j] + stocks.opened[j]
        for start in range(places.first[j], end, STRETCH):
            observe_rows(start, min(start + STRETCH, end), population, rates.trouble[j], month, c, seen)
        hand_over(seen, observations.sums[j], observations.histogram[j])


@allocating
def observe(low, high, population, places, stocks, rates, month, c, observations):
    """Count everything that is reported of neighbourhoods low to high - 1, stretch by stretch."""
    observe_places(low, high, population, places, stocks, rates, month, c, observations, nothing_seen())
