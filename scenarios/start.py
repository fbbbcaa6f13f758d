"""The first residents: composition from the table, the rest drawn so that it is close to stationary, keyed per person.

Origins are apportioned exactly; age, time in the country, motive and months at the address are drawn from the
distributions that the model's own hazards imply, so that settling (`scenarios.settling`) has little left to do.
"""

from typing import NamedTuple

import numpy as np

from sim.households import live_alone
from sim.machine.arithmetic import HALF, ONE, ZERO, clip, compiled, exponential, logarithm, rule
from sim.machine.compile_cache import argument_types, phase
from sim.machine.draws import PERSON_MORE, RESIDENCE, START_TIES, draw, uniform
from sim.machine.struct import FloatCube, FloatTable, State, Whole, WholeTable, declared_fields, lay_out
from sim.motives import FAMILY, MOTIVE_COUNT, NO_MOTIVE
from sim.phases.new_residents import START, arrival_serial, from_distribution, own_status, write_person
from sim.population import BORN_ABROAD, EMPLOYED, LONG_AGO, MOST_TIES, NEVER, STAYER
from sim.rules.meeting import mixed_share
from sim.rules.people import NEWCOMER_MONTHS, OLDEST, is_of_working_age
from sim.tie_search import add_searcher, form_ties_together
from sim.workspace import SEARCHERS

CLASS_FROM = np.array([0, 15, 25, 45, 65, 103], np.int64)  # years at which classes of age begin, and the last ends
LONG_STAYERS = np.float32(0.93)  # share of stayers among those who came five years ago or more
LEARNING = np.float32(0.008)  # part of what is lacking of the language that a month teaches
# What somebody has before settling, by months at the address.
START_FACES = np.float32(25.0)  # familiar faces of someone who has long been at the address
FACES_MONTHS = np.float32(24.0)  # months in which 63 % of those are known
START_TIES_MEAN = np.float32(3.0)  # personal ties of someone who has long been at the address, on average
TIES_MONTHS = np.float32(70.0)  # months in which 63 % of those are made
FIRST_TIE_MONTHS = 200  # the months whose draws the first ties use
START_BELONGING = np.float32(0.64)  # before settling, everyone's


class Composition(NamedTuple):
    """What the table says of J neighbourhoods in K municipalities with G groups, as compiled code takes it.

    Attributes
    ----------
    counts : int64 [J, G]
        Agents by origin group.
    age : float32 [J, L, 5]
        Cumulative distribution over age classes, by origin group, or in one line (L = 1) for all.
    newcomer : float32 [K, G, 6]
        Chance that someone of the group came less than five years ago with the motive (cumulative over motives).
    months_since : float32 [6, 60]
        Cumulative distribution of months since arrival of newcomers by motive.
    stayer : float32 [6, 60]
        Chance to be a stayer by motive and months since arrival.
    begin : int64 [1]
        The month in which settling begins (0 or before).
    """

    counts: WholeTable
    age: FloatCube
    newcomer: FloatCube
    months_since: FloatTable
    stayer: FloatTable
    begin: Whole


START_STATE = lay_out({"composition": declared_fields(Composition)})
argument_types["t"] = START_STATE


def state_of(composition: Composition) -> State:
    """A composition as compiled code takes it."""
    state = State(START_STATE)
    state.put("composition", composition)
    return state


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
def months_at_address(age, month_limit, j, word, s):
    """Months lived here, from an even hazard at the rate of the age, at most the age and the time in the country."""
    rate = s.ages.move[min(age // 12, OLDEST)] * np.float32(0.75) * s.neighbourhoods.mobility[j]
    drawn = -logarithm(uniform(word) + np.float32(1e-6)) / max(rate, np.float32(1e-4))
    return np.int64(min(drawn, np.float32(min(month_limit, 600))))


@compiled
def easy_share(s):
    """Share of possible encounters with others that take place at average supply, before language."""
    c = s.c
    street = c.street_encounters * mixed_share(c.homophily_street, ZERO)
    facility = c.facility_encounters * mixed_share(c.homophily_facility, ZERO)
    return (street + facility) / (c.street_encounters + c.facility_encounters)


@rule
def learnt_language(since, s):
    """L so many months after arrival."""
    return ONE - (ONE - s.c.language_newcomer) * exponential(-LEARNING * np.float32(since))


@compiled
def draw_newcomer(u, chances, words, more, s, t):
    """Someone who came less than five years ago: flags, motive, months since arrival, age in months."""
    kind = 0
    while u >= chances[kind]:
        kind += 1
    since = max(from_distribution(more[0], t.composition.months_since[kind]), 1)
    age = (from_distribution(words[0], s.ages.arrival_age[kind])) * 12 + since
    flags = BORN_ABROAD
    if uniform(more[1]) < t.composition.stayer[kind, since]:
        flags |= STAYER
    return np.uint8(flags), np.uint8(kind), since, age


@compiled
def draw_first_generation(origin, chances, more, age, s):
    """Someone with a background who came longer ago: flags and months since arrival; 0 months for who did not."""
    came = s.municipalities.first_generation[origin] - chances[MOTIVE_COUNT - 1]
    rest = max(came, ZERO) / max(ONE - chances[MOTIVE_COUNT - 1], np.float32(0.01))
    if not (uniform(more[0]) < rest and age > 72):
        return np.uint8(0), np.int64(0)
    since = NEWCOMER_MONTHS + np.int64(uniform(more[1]) * np.float32(min(age, 540) - NEWCOMER_MONTHS))
    flags = BORN_ABROAD
    if uniform(more[2]) < LONG_STAYERS:
        flags |= STAYER
    return np.uint8(flags), since


@compiled
def write_first_faces(row, j, origin, here, s, t):
    """Familiar faces that come with the months at the address."""
    grown = ONE - exponential(-np.float32(here) / FACES_MONTHS)
    share = np.float32(t.composition.counts[j, origin]) / np.float32(max(s.neighbourhoods.residents[j], 1))
    s.population.faces_own[row] = START_FACES * grown * share
    s.population.faces_other[row] = START_FACES * grown * (ONE - share) * easy_share(s)


@compiled
def add_first_resident(row, j, sequence, origin, s, t):
    """One resident of the start."""
    begin = t.composition.begin[0]
    serial = arrival_serial(s.neighbourhoods.key[j], START, 0, 0) | np.uint64(sequence)
    words = draw(s.run.key, serial, 0, RESIDENCE)
    more = draw(s.run.key, serial, 0, PERSON_MORE)
    line = origin if t.composition.age.shape[1] > 1 else 0
    age = max(drawn_age(words[0], words[1], t.composition.age[j, line]), 1)
    flags, motive, arrived, language = np.uint8(0), NO_MOTIVE, np.int64(NEVER), ONE
    here_at_most = age
    u = uniform(words[2])
    chances = t.composition.newcomer[s.neighbourhoods.municipality[j], origin]
    if u < chances[MOTIVE_COUNT - 1]:
        flags, motive, since, age = draw_newcomer(u, chances, words, more, s, t)
        arrived, language, here_at_most = np.int64(-since), learnt_language(since, s), since
    elif origin > 0:
        flags, since = draw_first_generation(origin, chances, more, age, s)
        if since > 0:
            motive, arrived, language = np.uint8(FAMILY), np.int64(-since), learnt_language(since, s)
            here_at_most = min(since, age)
    # Ages refer to month 0: when settling begins, no one has lived here longer than they live or are in the country.
    here = months_at_address(age, max(here_at_most + begin, 0), j, words[3], s)
    finding = s.c.job_finding * np.float32(1.3) / s.municipalities.discrimination[origin]
    employed = is_of_working_age(age) and uniform(more[3]) < finding / (finding + s.c.job_loss)
    if employed:
        flags = np.uint8(flags | EMPLOYED)
    status = own_status(serial, s.neighbourhoods.status[j], employed, s)
    came = np.int16(max(arrived, np.int64(LONG_AGO)))
    write_person(row, (serial, np.uint8(origin), motive, flags, age, came, START_BELONGING, language, status), 0, s)
    live_alone(row, s)
    s.population.moved_in[row] = max(begin - here, np.int64(LONG_AGO))
    write_first_faces(row, j, origin, here, s, t)


@rule
def first_row(n, j, s):
    """The row of the n-th first resident of neighbourhood j: rows that stand empty lie evenly between them.

    Were they side by side, all who look for a home would get them in one order, and two policies would soon house
    different people.
    """
    return s.neighbourhoods.first[j] + n * s.neighbourhoods.places[j] // s.neighbourhoods.residents[j]


@phase
def add_first_residents(worker, low, high, s, t):
    """Fill neighbourhoods low to high - 1 with their first residents."""
    counts = t.composition.counts
    for j in range(low, high):
        sequence = np.int64(0)  # of one type from the first round on: compiled once
        for origin in range(counts.shape[1]):
            for _ in range(counts[j, origin]):
                add_first_resident(first_row(sequence, j, s), j, sequence, origin, s, t)
                sequence += 1


@compiled
def draw_chances(serial, worker, s):
    """Draw a word for each of the eight chances of a first tie."""
    words = s.work.noise[worker]
    for chance in range(MOST_TIES):
        words[chance] = np.uint32(draw(s.run.key, serial, chance - FIRST_TIE_MONTHS, START_TIES)[0])


@phase
def form_first_ties(worker, low, high, s, t):
    """Ties of the first residents: each of eight chances comes true as often as length of stay implies."""
    begin = t.composition.begin[0]
    for j in range(low, high):
        waiting = 0
        for n in range(s.neighbourhoods.residents[j]):
            row = first_row(n, j, s)
            here = np.float32(max(begin - np.int64(s.population.moved_in[row]), 0))
            mean = START_TIES_MEAN * (ONE - exponential(-here / TIES_MONTHS))
            likely = clip(HALF * mean / np.float32(MOST_TIES), ZERO, ONE)
            draw_chances(s.population.serial[row], worker, s)
            for chance in range(MOST_TIES):
                if uniform(s.work.noise[worker, chance]) < likely:
                    waiting = add_searcher(row, chance - FIRST_TIE_MONTHS, waiting, worker, s)
                    if waiting == SEARCHERS:
                        form_ties_together(waiting, j, begin, worker, s)
                        waiting = 0
        form_ties_together(waiting, j, begin, worker, s)
