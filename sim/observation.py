"""Counting at the end of a month: the stocks the next month needs, and what is reported; whole numbers only.

Means are sums in units of 1/65536 (faces and ties 1/256): integer sums are the same in any order and on any machine.
"""

from typing import NamedTuple

import numpy as np

from sim.arithmetic import ONE, allocating, compiled, rule
from sim.living import spread_over_block
from sim.marked import AT_ONCE, lowest, marked, without_lowest
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
BINS = 4 * QUANTILE_BINS + 1  # one more for those who are not adults
VACANT, NEWCOMER_BIT = np.int32(4), np.int32(2)
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
def class_of(origin, motive, arrived, month):
    """0 to 3: twice newcomer (abroad until less than five years ago) plus with a migration background."""
    newcomer = motive != NO_MOTIVE and month - np.int64(arrived) < NEWCOMER_MONTHS
    return (2 if newcomer else 0) + (1 if origin > 0 else 0)


@rule
def whole(value, scale):
    """A number in whole units as 32 bits, rounded to nearest."""
    return np.int32(np.floor(value * scale + np.float32(0.5)))


@compiled
def classify(serial, origin, motive, arrived, born, month, group, adult, recent):
    """Class of each row of a stretch (4 for a vacant place), whether they are adults (15+), and whether newcomers."""
    for n in range(len(serial)):
        newcomer = (motive[n] != NO_MOTIVE) & (np.int32(month) - np.int32(arrived[n]) < np.int32(NEWCOMER_MONTHS))
        code = (np.int32(2) if newcomer else np.int32(0)) + (np.int32(1) if origin[n] > 0 else np.int32(0))
        lived_in = serial[n] != NOBODY
        group[n] = code if lived_in else VACANT
        grown = np.int32(month) - np.int32(born[n]) >= np.int32(ADULT)
        adult[n] = np.int32(1) if lived_in & grown else np.int32(0)
        recent[n] = lived_in & newcomer


@compiled
def measure_feelings(belonging, withdrawal, contact, language, position, adult, threshold, out):
    """Belonging and what goes with it, in whole units, for adults."""
    for n in range(len(adult)):
        b = whole(belonging[n], FINE)
        out[BELONGING, n] = b * adult[n]
        squared = np.int32(np.uint32(b * b) >> 16) if b < FULL else FULL  # of 1 the square has 33 bits
        out[BELONGING_SQUARED, n] = squared * adult[n]
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
        both = np.int32(out[BELONGING, n] * stay)
        out[BELONGING_MONTHS, n] = both >> 8
        out[LOW_BITS, n] = both & 255


@compiled
def place_in_histogram(belonging, group, adult, bins):
    """Bin of each adult by class and belonging; the last bin for all others."""
    for n in range(len(group)):
        place = min(np.int32((belonging[n] * QUANTILE_BINS) >> 16), np.int32(QUANTILE_BINS - 1))
        bins[n] = np.int32(group[n] * QUANTILE_BINS + place) if adult[n] else np.int32(BINS - 1)


@compiled
def sums_of_established(out, measure, group):
    """Sums of a measure over the two classes of established residents; 32 bits hold those of a stretch."""
    host, others = np.int32(0), np.int32(0)
    for n in range(len(group)):  # (a row cut from `out` may have any stride, for all the compiler knows)
        host = np.int32(host + (out[measure, n] if group[n] == np.int32(0) else np.int32(0)))
        others = np.int32(others + (out[measure, n] if group[n] == np.int32(1) else np.int32(0)))
    return host, others


@compiled
def add_stretch(size, seen, sums):
    """Add the measures of a stretch of rows to the sums of the four classes: newcomers, who are few, one by one."""
    group = seen.group[:size]
    for measure in range(COUNTED):
        host, others = sums_of_established(seen.out, measure, group)
        sums[0, measure] += host
        sums[1, measure] += others
    for base in range(0, size, AT_ONCE):
        bits = marked(seen.recent, base, size)
        while bits:
            n = base + lowest(bits)
            bits = without_lowest(bits)
            for measure in range(COUNTED):
                sums[group[n], measure] += seen.out[measure, n]
    for n in range(size):
        seen.counts[n & 1, seen.bins[n]] += 1


@compiled
def hand_over(seen, sums, histogram):
    """The counts of a neighbourhood as they are reported."""
    for wanted in range(4):
        for measure in range(len(MEASURES)):
            sums[wanted, measure] = seen.sums[wanted, measure]
        sums[wanted, BELONGING_MONTHS] = (seen.sums[wanted, BELONGING_MONTHS] << 8) + seen.sums[wanted, LOW_BITS]
        for place in range(QUANTILE_BINS):
            at = wanted * QUANTILE_BINS + place
            histogram[wanted, place] = np.int64(seen.counts[0, at]) + np.int64(seen.counts[1, at])
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
def count_group(wanted, origin, withdrawal, language):
    """Rows with one origin in a stretch, and their activity and language in units of 1/65536; vacant places too."""
    rows, activity, skill = np.int32(0), np.int32(0), np.int32(0)
    for n in range(len(origin)):
        mine = origin[n] == wanted
        rows = np.int32(rows + (np.int32(1) if mine else np.int32(0)))
        activity = np.int32(activity + (whole(ONE - withdrawal[n], FINE) if mine else np.int32(0)))
        skill = np.int32(skill + (whole(language[n], FINE) if mine else np.int32(0)))
    return rows, activity, skill


@compiled
def census(low, high, population, places, stocks):
    """Count residents, activity and language by origin group, and vacancies, of neighbourhoods low to high - 1.

    Of a vacant place all columns are 0: it is counted as active, without language, in group 0, and then taken off.
    """
    p = population
    for j in range(low, high):
        people, activity, language = stocks.people[j], stocks.activity[j], stocks.language[j]
        people[:] = 0
        activity[:] = 0
        language[:] = 0
        vacant, end = 0, places.first[j] + stocks.opened[j]
        for start in range(places.first[j], end, STRETCH):
            stop = min(start + STRETCH, end)
            vacant += count_vacant(p.serial[start:stop])
            for g in range(len(people)):
                found = count_group(np.uint8(g), p.origin[start:stop], p.withdrawal[start:stop],
                                    p.language[start:stop])  # fmt: skip
                people[g] += found[0]
                activity[g] += found[1]
                language[g] += found[2]
        people[0] -= vacant
        activity[0] -= vacant * np.int64(FULL)
        stocks.vacant[j] = vacant


class Seen(NamedTuple):
    """Scratch columns of a stretch of rows, and the counts of a neighbourhood so far."""

    group: np.ndarray
    adult: np.ndarray
    recent: np.ndarray
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
        np.empty(STRETCH, np.uint8),
        np.zeros(STRETCH, np.float32),
        np.empty(STRETCH, np.int32),
        np.zeros((COUNTED, STRETCH), np.int32),
        np.zeros((4, COUNTED), np.int64),
        np.zeros((2, BINS), np.int32),
    )


@compiled
def observe_rows(start, stop, population, trouble, month, c, seen):
    """Count a stretch of rows of one neighbourhood."""
    p, size, out = population, stop - start, seen.out
    group, adult, belonging = seen.group[:size], seen.adult[:size], p.belonging[start:stop]
    classify(p.serial[start:stop], p.origin[start:stop], p.motive[start:stop], p.arrived[start:stop],
             p.born[start:stop], month, group, adult, seen.recent)  # fmt: skip
    spread_over_block(trouble, p.origin[start:stop], seen.trouble)
    measure_feelings(belonging, p.withdrawal[start:stop], p.contact[start:stop], p.language[start:stop],
                     p.position[start:stop], adult, c.home_threshold, out)  # fmt: skip
    measure_acquaintance(p.faces_own[start:stop], p.faces_other[start:stop], p.tie_count[start:stop],
                         p.tie_own[start:stop], seen.trouble, belonging, adult, c, out)  # fmt: skip
    measure_course_of_life(p.born[start:stop], p.moved_in[start:stop], p.flags[start:stop], adult, month, out)
    place_in_histogram(out[BELONGING], group, adult, seen.bins)
    add_stretch(size, seen, seen.sums)


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
