"""Counts that are reported at the end of a month; whole numbers only, so that no order of summing can change them."""

import numpy as np

from sim.machine.arithmetic import compiled, rule
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
    CONTACT,
    COUNTS,
    EMPLOYED_COUNT,
    FACES,
    FACES_OWN,
    FINE,
    FIRST_GENERATION,
    IN_OWN_CIRCLE,
    LANGUAGE,
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
from sim.population import BORN_ABROAD, EMPLOYED, EMPTY, MEMBER
from sim.records import prefetch_counted
from sim.rules.cohesion import cohesion_score
from sim.rules.people import ADULT_MONTHS, SCHOOL_FROM, SCHOOL_UNTIL, has_flag, is_newcomer, is_of_working_age
from sim.workspace import STRETCH

WITHDRAWN = np.float32(0.30)
FINE_UNITS, COARSE_UNITS = np.float32(FINE), np.float32(COARSE)
LONGEST_STAY = 360
LAST_COUNT = np.uint32(3)
NEWCOMER, UNCOUNTED = np.int32(2), np.int32(4)  # added to the class of an established resident; of who is not counted
FULL = np.int32(FINE)
COUNT_COLUMNS, CLASS_COUNT = len(COUNTS), len(CLASSES)
NO, YES = np.int32(0), np.int32(1)
NONE = (NO, NO, NO, NO)  # the sums of the classes before anything is added
# Small counts share a number, of which ten bits hold the people of a stretch: what stands for one in each part.
SECOND, THIRD, PART = np.int32(1 << 10), np.int32(1 << 20), np.int32((1 << 10) - 1)
OWN, TIES_PART = np.int32(1 << 16), np.int32((1 << 16) - 1)  # of the ties of a stretch: two parts of 16 bits


@rule
def whole(value, scale):
    """A number in whole units as 32 bits, rounded to nearest."""
    return np.int32(np.floor(value * scale + np.float32(0.5)))


@rule
def add(sums, value, wanted):
    """Add someone's value to the sum of their class: four sums, so that the compiler keeps them in registers.

    32 bits hold the sums of a stretch.
    """
    first, second, third, fourth = sums
    return (
        np.int32(first + (value if wanted == np.int32(0) else NO)),
        np.int32(second + (value if wanted == np.int32(1) else NO)),
        np.int32(third + (value if wanted == np.int32(2) else NO)),
        np.int32(fourth + (value if wanted == np.int32(3) else NO)),
    )


@rule
def note(count, sums, worker, s):
    """Note the sums of a stretch."""
    found = s.work.sums[worker]
    for wanted in range(CLASS_COUNT):
        found[wanted, count] += np.int64(sums[wanted])


@rule
def note_three(counts, sums, worker, s):
    """Note the sums of three counts of people that share a number."""
    found = s.work.sums[worker]
    for wanted in range(CLASS_COUNT):
        found[wanted, counts[0]] += np.int64(sums[wanted] & PART)
        found[wanted, counts[1]] += np.int64((sums[wanted] // SECOND) & PART)
        found[wanted, counts[2]] += np.int64(sums[wanted] // THIRD)


@rule
def note_two(counts, sums, worker, s):
    """Note the sums of two counts of people that share a number."""
    found = s.work.sums[worker]
    for wanted in range(CLASS_COUNT):
        found[wanted, counts[0]] += np.int64(sums[wanted] & PART)
        found[wanted, counts[1]] += np.int64(sums[wanted] // SECOND)


@compiled
def classify(start, stop, worker, s):
    """Class of each row of a stretch, and that of adults (15+): 4 for a vacant row, or who is no adult."""
    p, month = s.population, s.run.month[0]
    role, origin, motive = p.role[start:stop], p.origin[start:stop], p.motive[start:stop]
    arrived, born = p.arrived[start:stop], p.born[start:stop]
    group, adult = s.work.group[worker], s.work.adult[worker]
    for n in range(len(origin)):
        code = (NEWCOMER if is_newcomer(motive[n], arrived[n], month) else NO) + (YES if origin[n] > 0 else NO)
        code = code if role[n] != EMPTY else UNCOUNTED
        grown = np.int32(np.int32(month) - np.int32(born[n])) >= np.int32(ADULT_MONTHS)
        group[n] = code
        adult[n] = code if grown else UNCOUNTED


@compiled
def count_feelings(start, stop, worker, s):
    """Belonging and withdrawal of adults."""
    p, threshold, adult = s.population, s.c.home_threshold, s.work.adult[worker]
    belonging, withdrawal = p.belonging[start:stop], p.withdrawal[start:stop]
    feeling, squares, withdrawn, people = NONE, NONE, NONE, NONE
    for n in range(len(belonging)):
        b = whole(belonging[n], FINE_UNITS)
        squared = np.int32(np.uint32(b * b) >> 16) if b < FULL else FULL  # of 1 the square has 33 bits
        at_home = SECOND if belonging[n] >= threshold else NO
        in_own_circle = THIRD if withdrawal[n] >= WITHDRAWN else NO
        feeling = add(feeling, b, adult[n])
        squares = add(squares, squared, adult[n])
        withdrawn = add(withdrawn, whole(withdrawal[n], FINE_UNITS), adult[n])
        people = add(people, np.int32(YES + at_home + in_own_circle), adult[n])
    note(BELONGING, feeling, worker, s)
    note(BELONGING_SQUARED, squares, worker, s)
    note(WITHDRAWAL, withdrawn, worker, s)
    note_three((ADULTS, AT_HOME, IN_OWN_CIRCLE), people, worker, s)


@compiled
def count_contact(start, stop, worker, s):
    """Contact, language and status of adults."""
    p, adult = s.population, s.work.adult[worker]
    contact, language, status = p.contact[start:stop], p.language[start:stop], p.status[start:stop]
    met, spoken, position = NONE, NONE, NONE
    for n in range(len(contact)):
        met = add(met, whole(contact[n], FINE_UNITS), adult[n])
        spoken = add(spoken, whole(language[n], FINE_UNITS), adult[n])
        position = add(position, whole(status[n], FINE_UNITS), adult[n])
    note(CONTACT, met, worker, s)
    note(LANGUAGE, spoken, worker, s)
    note(STATUS, position, worker, s)


@compiled
def count_cohesion(start, stop, worker, s):
    """Cohesion of adults: by itself, as the processor works ahead on more residents in a short loop."""
    p, c, trouble, adult = s.population, s.c, s.work.trouble[worker], s.work.adult[worker]
    faces_own, faces_other, belonging = p.faces_own[start:stop], p.faces_other[start:stop], p.belonging[start:stop]
    tie_count, sums = p.tie_count[start:stop], NONE
    for n in range(len(belonging)):
        faces, ties = faces_own[n] + faces_other[n], np.float32(tie_count[n])
        cohesion = cohesion_score(faces, ties, trouble[n], belonging[n], c)
        sums = add(sums, whole(cohesion, FINE_UNITS), adult[n])
    note(COHESION, sums, worker, s)


@compiled
def count_acquaintance(start, stop, worker, s):
    """Familiar faces and ties of adults."""
    p, adult = s.population, s.work.adult[worker]
    faces_own, faces_other = p.faces_own[start:stop], p.faces_other[start:stop]
    tie_count, tie_own = p.tie_count[start:stop], p.tie_own[start:stop]
    known, known_own, tied = NONE, NONE, NONE
    for n in range(len(faces_own)):
        known = add(known, whole(faces_own[n] + faces_other[n], COARSE_UNITS), adult[n])
        known_own = add(known_own, whole(faces_own[n], COARSE_UNITS), adult[n])
        tied = add(tied, np.int32(np.int32(tie_count[n]) + np.int32(tie_own[n]) * OWN), adult[n])
    note(FACES, known, worker, s)
    note(FACES_OWN, known_own, worker, s)
    found = s.work.sums[worker]
    for wanted in range(CLASS_COUNT):
        found[wanted, TIES] += np.int64(tied[wanted] & TIES_PART)
        found[wanted, TIES_OWN] += np.int64(tied[wanted] // OWN)


@compiled
def count_course_of_life(start, stop, worker, s):
    """Work and school of everyone, associations and birth abroad of adults."""
    p, month, group, adult = s.population, s.run.month[0], s.work.group[worker], s.work.adult[worker]
    born, moved_in, flags = p.born[start:stop], p.moved_in[start:stop], p.flags[start:stop]
    people, pupils, members = NONE, NONE, NONE
    for n in range(len(born)):
        age = np.int32(np.int32(month) - np.int32(born[n]))
        here = np.int32(np.int32(month) - np.int32(moved_in[n]))
        of_age = is_of_working_age(age)
        working = THIRD if of_age & has_flag(flags[n], EMPLOYED) else NO
        pupil = (age >= np.int32(SCHOOL_FROM)) & (age < np.int32(SCHOOL_UNTIL))
        new = SECOND if pupil & (here < np.int32(12)) else NO
        abroad = SECOND if has_flag(flags[n], BORN_ABROAD) else NO
        people = add(people, np.int32(YES + (SECOND if of_age else NO) + working), group[n])
        pupils = add(pupils, np.int32((YES if pupil else NO) + new), group[n])
        members = add(members, np.int32((YES if has_flag(flags[n], MEMBER) else NO) + abroad), adult[n])
    note_three((RESIDENTS, WORKING_AGE, EMPLOYED_COUNT), people, worker, s)
    note_two((PUPILS, PUPILS_NEW), pupils, worker, s)
    note_two((MEMBERS, FIRST_GENERATION), members, worker, s)


@compiled
def count_stay(start, stop, worker, s):
    """Length of stay of adults, and belonging times that, of which the lowest eight bits are summed by themselves."""
    p, month, adult = s.population, s.run.month[0], s.work.adult[worker]
    belonging, moved_in = p.belonging[start:stop], p.moved_in[start:stop]
    months, squares, products, lowest = NONE, NONE, NONE, NONE
    for n in range(len(belonging)):
        here = np.int32(np.int32(month) - np.int32(moved_in[n]))
        stay = min(max(here, NO), np.int32(LONGEST_STAY))
        both = np.int32(whole(belonging[n], FINE_UNITS) * stay)
        months = add(months, stay, adult[n])
        squares = add(squares, np.int32(stay * stay), adult[n])
        products = add(products, np.int32(both >> 8), adult[n])
        lowest = add(lowest, np.int32(both & 255), adult[n])
    note(MONTHS_HERE, months, worker, s)
    note(MONTHS_SQUARED, squares, worker, s)
    note(BELONGING_MONTHS, lowest, worker, s)
    found = s.work.sums[worker]
    for wanted in range(CLASS_COUNT):
        found[wanted, BELONGING_MONTHS] += np.int64(products[wanted]) << 8


@compiled
def find_bins(start, stop, worker, s):
    """Bin of each adult by class and belonging; the last bin for all others."""
    belonging, adult, bins = s.population.belonging[start:stop], s.work.adult[worker], s.work.bins[worker]
    for n in range(len(belonging)):
        at = min(np.int32((whole(belonging[n], FINE_UNITS) * QUANTILE_BINS) >> 16), np.int32(QUANTILE_BINS - 1))
        bins[n] = np.int32(adult[n] * QUANTILE_BINS + at) if adult[n] != UNCOUNTED else np.int32(BINS - 1)


@compiled
def add_to_histogram(size, worker, s):
    """Add the adults of a stretch to the histogram."""
    counts, bins = s.work.counts[worker], s.work.bins[worker]
    for n in range(size):  # four copies of the histogram in turn: one that was just written takes long to read
        counts[np.uint32((np.uint32(n) & LAST_COUNT) * np.uint32(BINS) + np.uint32(bins[n]))] += np.int32(1)


@compiled
def hand_over(j, worker, s):
    """The counts of a neighbourhood as they are reported; the scratch is emptied for the next."""
    found, counts = s.work.sums[worker], s.work.counts[worker]
    sums, histogram = s.observed.sums[j], s.observed.histogram[j]
    for wanted in range(CLASS_COUNT):
        for count in range(COUNT_COLUMNS):
            sums[wanted, count] = found[wanted, count]
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
    count_contact(start, stop, worker, s)
    count_cohesion(start, stop, worker, s)
    count_acquaintance(start, stop, worker, s)
    count_course_of_life(start, stop, worker, s)
    count_stay(start, stop, worker, s)
    find_bins(start, stop, worker, s)
    add_to_histogram(stop - start, worker, s)


@phase
def observe(worker, low, high, s):
    """Count everything that is reported of neighbourhoods low to high - 1, stretch by stretch."""
    for j in range(low, high):
        first = s.neighbourhoods.first[j]
        end = first + s.stocks.opened[j]
        for start in range(first, end, STRETCH):
            count_stretch(start, min(start + STRETCH, end), j, worker, s)
        hand_over(j, worker, s)
