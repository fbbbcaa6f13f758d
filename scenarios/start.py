"""The first residents: composition from the table, the rest drawn so that it is close to stationary, keyed per person.

Origins are apportioned exactly; age, time in the country, motive and months at the address are drawn from the
distributions that the model's own hazards imply, so that settling (`scenarios.settling`) has little left to do.
"""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import HALF, ONE, ZERO, clip, compiled, exponential, logarithm, rule
from sim.machine.draws import PERSON_MORE, RESIDENCE, START_TIES, draw, uniform
from sim.phases.new_residents import START, arrival_serial, from_distribution, own_position, put_person
from sim.population import BORN_ABROAD, EMPLOYED, LONG_AGO, MOST_TIES, NEVER, NO_MOTIVE, STAYER
from sim.ties import form_tie

FAMILY = 3
CLASS_FROM = np.array([0, 15, 25, 45, 65, 103], np.int64)
LONG_STAYERS = np.float32(0.93)
LEARNING = np.float32(0.008)
START_FACES, FACES_MONTHS = np.float32(25.0), np.float32(24.0)
START_TIES_MEAN, TIES_MONTHS = np.float32(3.0), np.float32(70.0)
FIRST_TIE_MONTHS = 200  # the months whose draws the first ties use
START_BELONGING = np.float32(0.64)


class Composition(NamedTuple):
    """What the table says of J neighbourhoods in K municipalities with G groups, as compiled code takes it.

    Attributes
    ----------
    counts : int64 [J, G]
        Agents by origin group.
    age : float32 [J, 5]
        Cumulative distribution over age classes.
    newcomer : float32 [K, G, 6]
        Chance that someone of the group came less than five years ago with the motive (cumulative over motives).
    months_since : float32 [6, 60]
        Cumulative distribution of months since arrival of newcomers by motive.
    stayer : float32 [6, 60]
        Chance to be a stayer by motive and months since arrival.
    """

    counts: np.ndarray
    age: np.ndarray
    newcomer: np.ndarray
    months_since: np.ndarray
    stayer: np.ndarray


@compiled
def drawn_age(word, fraction, cumulative):
    """Age in months: the class from the table, evenly within it; the oldest class thins out with age."""
    age_class = from_distribution(word, cumulative)
    low, high = CLASS_FROM[age_class], CLASS_FROM[age_class + 1]
    part = uniform(fraction)
    if age_class == 4:  # the smallest of three uniform numbers: mean 74.5, one in twenty-five above 90
        part = ONE - exponential(logarithm(ONE - part) / np.float32(3.0))
    return np.int64(np.float32(low * 12) + part * np.float32((high - low) * 12))


@compiled
def months_at_address(age, month_limit, tables, mobility, word):
    """Months lived here, from an even hazard at the rate of the age, at most the age and the time in the country."""
    rate = tables.move[min(age // 12, 110)] * np.float32(0.75) * mobility
    drawn = -logarithm(uniform(word) + np.float32(1e-6)) / max(rate, np.float32(1e-4))
    return np.int64(min(drawn, np.float32(min(month_limit, 600))))


@compiled
def easy_share(c):
    """Share of possible encounters with others that take place at average supply, before language."""
    street = c.street_encounters * exponential(-c.homophily_street)
    facility = c.facility_encounters * exponential(-c.homophily_facility)
    return (street + facility) / (c.street_encounters + c.facility_encounters)


@compiled
def first_resident(row, j, sequence, origin, begin, composition, population, places, municipalities, tables, seed, c):
    """One resident of the start; `begin` is the month in which settling begins (0 or before)."""
    k = places.municipality[j]
    serial = arrival_serial(places.key[j], START, 0, 0) | np.uint64(sequence)
    words = draw(seed, serial, 0, RESIDENCE)
    more = draw(seed, serial, 0, PERSON_MORE)
    age = max(drawn_age(words[0], words[1], composition.age[j]), 1)
    flags, motive, arrived, language = np.uint8(0), NO_MOTIVE, np.int64(NEVER), ONE
    here_at_most = age
    u = uniform(words[2])
    chances = composition.newcomer[k, origin]
    if u < chances[5]:
        kind = 0
        while u >= chances[kind]:
            kind += 1
        since = max(from_distribution(more[0], composition.months_since[kind]), 1)
        age = (from_distribution(words[0], tables.arrival_age[kind])) * 12 + since
        flags, motive, arrived = BORN_ABROAD, np.uint8(kind), np.int64(-since)
        if uniform(more[1]) < composition.stayer[kind, since]:
            flags |= STAYER
        language = ONE - (ONE - c.language_newcomer) * exponential(-LEARNING * np.float32(since))
        here_at_most = since
    elif origin > 0:
        rest = max(municipalities.first_generation[origin] - chances[5], ZERO) / max(ONE - chances[5], np.float32(0.01))
        if uniform(more[0]) < rest and age > 72:
            since = 60 + np.int64(uniform(more[1]) * np.float32(min(age, 540) - 60))
            flags, motive, arrived = BORN_ABROAD, np.uint8(FAMILY), np.int64(-since)
            if uniform(more[2]) < LONG_STAYERS:
                flags |= STAYER
            language = ONE - (ONE - c.language_newcomer) * exponential(-LEARNING * np.float32(since))
            here_at_most = min(since, age)
    # Ages refer to month 0: when settling begins, no one has lived here longer than they live or are in the country.
    here = months_at_address(age, max(here_at_most + begin, 0), tables, places.mobility[j], words[3])
    finding = c.job_finding * np.float32(1.3) / municipalities.discrimination[origin]
    employed = 216 <= age < 804 and uniform(more[3]) < finding / (finding + c.job_loss)
    if employed:
        flags |= EMPLOYED
    position = own_position(serial, places.position[j], employed, seed, c)
    put_person(row, serial, np.uint8(origin), motive, flags, age, np.int16(max(arrived, np.int64(LONG_AGO))),
               START_BELONGING, language, position, 0, seed, population, c)  # fmt: skip
    population.moved_in[row] = max(begin - here, np.int64(LONG_AGO))
    grown = ONE - exponential(-np.float32(here) / FACES_MONTHS)
    share = np.float32(composition.counts[j, origin]) / np.float32(max(places.residents[j], 1))
    population.faces_own[row] = START_FACES * grown * share
    population.faces_other[row] = START_FACES * grown * (ONE - share) * easy_share(c)


@rule
def first_row(n, j, places):
    """The row of the n-th first resident of neighbourhood j: places that stand empty lie evenly between them.

    Were they side by side, all who look for a home would get them in one order, and two policies would soon house
    different people.
    """
    return places.first[j] + n * places.built[j] // places.residents[j]


@compiled
def first_residents(low, high, begin, composition, population, places, municipalities, tables, seed, c):
    """Fill neighbourhoods low to high - 1 with their first residents."""
    for j in range(low, high):
        sequence = np.int64(0)  # of one type from the first round on: compiled once
        for origin in range(composition.counts.shape[1]):
            for _ in range(composition.counts[j, origin]):
                first_resident(first_row(sequence, j, places), j, sequence, origin, begin, composition, population,
                               places, municipalities, tables, seed, c)  # fmt: skip
                sequence += 1


@compiled
def first_ties(low, high, begin, population, places, stocks, seed, c):
    """Ties of the first residents: each of eight chances comes true as often as length of stay implies."""
    for j in range(low, high):
        for n in range(places.residents[j]):
            row = first_row(n, j, places)
            here = np.float32(max(begin - np.int64(population.moved_in[row]), 0))
            mean = START_TIES_MEAN * (ONE - exponential(-here / TIES_MONTHS))
            for chance in range(MOST_TIES):
                u = uniform(draw(seed, population.serial[row], chance - FIRST_TIE_MONTHS, START_TIES)[0])
                if u < clip(HALF * mean / np.float32(MOST_TIES), ZERO, ONE):
                    key = chance - FIRST_TIE_MONTHS
                    form_tie(row, places.first[j], stocks.opened[j], population, seed, key, begin, c)
