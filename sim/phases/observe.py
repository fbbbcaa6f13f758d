"""Counts that are reported at the end of a month; whole numbers only, so that no order of summing can change them."""

import numpy as np

from sim.machine.arithmetic import compiled, rule
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.table_lookup import look_up
from sim.measures import (
    ADULTS,
    AT_HOME,
    BELONGING,
    BELONGING_MONTHS,
    BELONGING_SQUARED,
    BINS,
    CLASSES,
    COARSE,
    COHESION,
    COLUMNS,
    CONTACT,
    COUNTS,
    EMPLOYED_COUNT,
    FACES,
    FACES_OWN,
    FINE,
    FIRST_GENERATION,
    IN_OWN_CIRCLE,
    LANGUAGE,
    LOW_BITS,
    MEMBERS,
    MONTHS_HERE,
    MONTHS_SQUARED,
    PUPILS,
    PUPILS_NEW,
    QUANTILE_BINS,
    RESIDENTS,
    STATUS,
    TIES,
    TIES_OWN,
    WITHDRAWAL,
    WORKING_AGE,
)
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NOBODY
from sim.records import prefetch_counted
from sim.rules.cohesion import cohesion_score
from sim.rules.people import ADULT_MONTHS, SCHOOL_FROM, SCHOOL_UNTIL, has_flag, is_newcomer, is_of_working_age
from sim.workspace import STRETCH

WITHDRAWN = np.float32(0.30)
FINE_UNITS, COARSE_UNITS = np.float32(FINE), np.float32(COARSE)
LONGEST_STAY = 360
LAST_COUNT = np.uint32(3)
NEWCOMER, VACANT = np.int32(2), np.int32(4)  # added to the class of an established resident; a vacant row
NO_BITS, ALL_BITS = np.int32(0), np.int32(-1)
FULL = np.int32(FINE)
COUNT_COLUMNS, CLASS_COUNT = len(COUNTS), len(CLASSES)


@rule
def whole(value, scale):
    """A number in whole units as 32 bits, rounded to nearest."""
    return np.int32(np.floor(value * scale + np.float32(0.5)))


@compiled
def classify(start, stop, worker, s):
    """Class of each row of a stretch (4 for a vacant row), and whether they are adults (15+)."""
    p, month = s.population, s.run.month[0]
    serial, origin, motive = p.serial[start:stop], p.origin[start:stop], p.motive[start:stop]
    arrived, born = p.arrived[start:stop], p.born[start:stop]
    group, adult = s.work.group[worker], s.work.adult[worker]
    newcomer, background = s.work.newcomer[worker], s.work.background[worker]
    for n in range(len(serial)):  # by themselves: a loop with 64-bit numbers handles half as many rows at once
        group[n] = np.int32(1) if serial[n] != NOBODY else np.int32(0)
    for n in range(len(origin)):
        lived_in = group[n] != 0
        came = is_newcomer(motive[n], arrived[n], month) & lived_in
        newcomer[n] = came
        background[n] = ALL_BITS if origin[n] > 0 else NO_BITS
        code = (NEWCOMER if came else np.int32(0)) + (np.int32(1) if origin[n] > 0 else np.int32(0))
        group[n] = code if lived_in else VACANT
        grown = np.int32(np.int32(month) - np.int32(born[n])) >= np.int32(ADULT_MONTHS)
        adult[n] = np.int32(1) if lived_in & grown else np.int32(0)


@compiled
def count_feelings(start, stop, worker, s):
    """Belonging and the other attitudes and attributes, in whole units, for adults."""
    p, out, threshold = s.population, s.work.out[worker], s.c.home_threshold
    belonging, withdrawal, contact = p.belonging[start:stop], p.withdrawal[start:stop], p.contact[start:stop]
    language, status, adult = p.language[start:stop], p.status[start:stop], s.work.adult[worker]
    for n in range(len(belonging)):
        b = whole(belonging[n], FINE_UNITS)
        out[BELONGING * STRETCH + n] = b * adult[n]
        squared = np.int32(np.uint32(b * b) >> 16) if b < FULL else FULL  # of 1 the square has 33 bits
        out[BELONGING_SQUARED * STRETCH + n] = squared * adult[n]
        out[AT_HOME * STRETCH + n] = adult[n] if belonging[n] >= threshold else np.int32(0)
        out[IN_OWN_CIRCLE * STRETCH + n] = adult[n] if withdrawal[n] >= WITHDRAWN else np.int32(0)
        out[WITHDRAWAL * STRETCH + n] = whole(withdrawal[n], FINE_UNITS) * adult[n]
        out[CONTACT * STRETCH + n] = whole(contact[n], FINE_UNITS) * adult[n]
        out[LANGUAGE * STRETCH + n] = whole(language[n], FINE_UNITS) * adult[n]
        out[STATUS * STRETCH + n] = whole(status[n], FINE_UNITS) * adult[n]


@compiled
def count_acquaintance(start, stop, worker, s):
    """Familiar faces, ties and cohesion, in whole units, for adults."""
    p, c, out, trouble, adult = s.population, s.c, s.work.out[worker], s.work.trouble[worker], s.work.adult[worker]
    faces_own, faces_other, belonging = p.faces_own[start:stop], p.faces_other[start:stop], p.belonging[start:stop]
    tie_count, tie_own = p.tie_count[start:stop], p.tie_own[start:stop]
    for n in range(len(belonging)):
        faces = faces_own[n] + faces_other[n]
        cohesion = cohesion_score(faces, np.float32(tie_count[n]), trouble[n], belonging[n], c)
        out[ADULTS * STRETCH + n] = adult[n]
        out[COHESION * STRETCH + n] = whole(cohesion, FINE_UNITS) * adult[n]
        out[FACES * STRETCH + n] = whole(faces, COARSE_UNITS) * adult[n]
        out[FACES_OWN * STRETCH + n] = whole(faces_own[n], COARSE_UNITS) * adult[n]
        out[TIES * STRETCH + n] = np.int32(tie_count[n]) * adult[n]
        out[TIES_OWN * STRETCH + n] = np.int32(tie_own[n]) * adult[n]


@compiled
def count_course_of_life(start, stop, worker, s):
    """Work, school, associations and length of stay."""
    p, month, out = s.population, s.run.month[0], s.work.out[worker]
    born, moved_in, flags = p.born[start:stop], p.moved_in[start:stop], p.flags[start:stop]
    group, adult = s.work.group[worker], s.work.adult[worker]
    for n in range(len(born)):
        age = np.int32(np.int32(month) - np.int32(born[n]))
        here = np.int32(np.int32(month) - np.int32(moved_in[n]))
        stay = min(max(here, np.int32(0)), np.int32(LONGEST_STAY))
        resident = np.int32(1) if group[n] != VACANT else np.int32(0)
        of_age = resident if is_of_working_age(age) else np.int32(0)
        pupil = resident if (age >= np.int32(SCHOOL_FROM)) & (age < np.int32(SCHOOL_UNTIL)) else np.int32(0)
        out[RESIDENTS * STRETCH + n] = resident
        out[WORKING_AGE * STRETCH + n] = of_age
        out[EMPLOYED_COUNT * STRETCH + n] = of_age if has_flag(flags[n], EMPLOYED) else np.int32(0)
        out[PUPILS * STRETCH + n] = pupil
        out[PUPILS_NEW * STRETCH + n] = pupil if here < np.int32(12) else np.int32(0)
        out[MEMBERS * STRETCH + n] = adult[n] if has_flag(flags[n], MEMBER) else np.int32(0)
        out[FIRST_GENERATION * STRETCH + n] = adult[n] if has_flag(flags[n], BORN_ABROAD) else np.int32(0)
        out[MONTHS_HERE * STRETCH + n] = stay * adult[n]
        out[MONTHS_SQUARED * STRETCH + n] = stay * stay * adult[n]
        both = np.int32(out[BELONGING * STRETCH + n] * stay)
        out[BELONGING_MONTHS * STRETCH + n] = both >> 8
        out[LOW_BITS * STRETCH + n] = both & 255


@compiled
def find_bins(size, worker, s):
    """Bin of each adult by class and belonging; the last bin for all others."""
    begin = BELONGING * STRETCH
    belonging = s.work.out[worker][begin : begin + size]
    group, adult, bins = s.work.group[worker], s.work.adult[worker], s.work.bins[worker]
    for n in range(size):
        at = min(np.int32((belonging[n] * QUANTILE_BINS) >> 16), np.int32(QUANTILE_BINS - 1))
        bins[n] = np.int32(group[n] * QUANTILE_BINS + at) if adult[n] else np.int32(BINS - 1)


@compiled
def sums_by_background(values, others, background):
    """Sums of two measures over everyone, and over those with a background, whose mask is computed once for both.

    32 bits hold the sums of a stretch.
    """
    every_a, with_a, every_b, with_b = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    for n in range(len(background)):
        a, b, mine = values[n], others[n], background[n]
        every_a = np.int32(every_a + a)
        every_b = np.int32(every_b + b)
        with_a = np.int32(with_a + (a & mine))
        with_b = np.int32(with_b + (b & mine))
    return (every_a - with_a, with_a), (every_b - with_b, with_b)


@compiled
def count_newcomers(size, worker, s):
    """Add newcomers, who are few, one by one to the sums of their class."""
    group, newcomer, out = s.work.group[worker], s.work.newcomer[worker], s.work.out[worker]
    for n in nonzero_rows(newcomer, 0, size):
        sums = s.work.sums[worker, group[n]]
        for count in range(COLUMNS):
            sums[count] += np.int64(out[count * STRETCH + n])


@compiled
def add_stretch(size, worker, s):
    """Add the counts of a stretch of rows to the sums, and its adults to the histogram.

    The first two classes hold newcomers too, until they are handed over.
    """
    background, out, sums = s.work.background[worker][:size], s.work.out[worker], s.work.sums[worker]
    counts, bins = s.work.counts[worker], s.work.bins[worker]
    for count in range(0, COLUMNS, 2):
        begin, next_begin = count * STRETCH, (count + 1) * STRETCH
        found = sums_by_background(out[begin : begin + size], out[next_begin : next_begin + size], background)
        sums[0, count] += found[0][0]
        sums[1, count] += found[0][1]
        sums[0, count + 1] += found[1][0]
        sums[1, count + 1] += found[1][1]
    count_newcomers(size, worker, s)
    for n in range(size):  # four copies of the histogram in turn: one that was just written takes long to read
        counts[np.uint32((np.uint32(n) & LAST_COUNT) * np.uint32(BINS) + np.uint32(bins[n]))] += np.int32(1)


@compiled
def hand_over(j, worker, s):
    """The counts of a neighbourhood as they are reported; the scratch is emptied for the next."""
    found, counts = s.work.sums[worker], s.work.counts[worker]
    sums, histogram = s.observed.sums[j], s.observed.histogram[j]
    for count in range(COLUMNS):
        found[0, count] -= found[NEWCOMER, count]
        found[1, count] -= found[NEWCOMER + 1, count]
    for wanted in range(CLASS_COUNT):
        for count in range(COUNT_COLUMNS):
            sums[wanted, count] = found[wanted, count]
        sums[wanted, BELONGING_MONTHS] = (found[wanted, BELONGING_MONTHS] << 8) + found[wanted, LOW_BITS]
        for bin_ in range(QUANTILE_BINS):
            at = wanted * QUANTILE_BINS + bin_
            histogram[wanted, bin_] = (
                np.int64(counts[at])
                + np.int64(counts[BINS + at])
                + np.int64(counts[2 * BINS + at])
                + np.int64(counts[3 * BINS + at])
            )
    found[:] = 0
    counts[:] = 0


@compiled
def count_stretch(start, stop, j, worker, s):
    """Count a stretch of rows of neighbourhood j."""
    prefetch_counted(s.population, stop, STRETCH)
    classify(start, stop, worker, s)
    look_up((s.rates.trouble[j],), s.population.origin[start:stop], s.work.entries[worker], (s.work.trouble[worker],))
    count_feelings(start, stop, worker, s)
    count_acquaintance(start, stop, worker, s)
    count_course_of_life(start, stop, worker, s)
    find_bins(stop - start, worker, s)
    add_stretch(stop - start, worker, s)


@phase
def observe(worker, low, high, s):
    """Count everything that is reported of neighbourhoods low to high - 1, stretch by stretch."""
    for j in range(low, high):
        first = s.neighbourhoods.first[j]
        end = first + s.stocks.opened[j]
        for start in range(first, end, STRETCH):
            count_stretch(start, min(start + STRETCH, end), j, worker, s)
        hand_over(j, worker, s)
