"""Who wants to come to a municipality this month: counted by kind, and listed in the order of a lottery."""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import allocating, compiled, exponential, rule
from sim.machine.compile_cache import allocating_phase
from sim.machine.draws import ARRIVAL_COUNT, draw, uniform
from sim.phases.arriving_households import LAST_SEQUENCE, count_households, household_serial
from sim.phases.new_residents import DOMESTIC, arrival_serial, from_distribution
from sim.rules.allocation import lottery_number

CHUNK = np.float32(16.0)


@rule
def poisson_piece(mean, word):
    """A Poisson number by inversion; the mean is at most 16."""
    u = np.float64(uniform(word))
    term = np.float64(exponential(-mean))
    total, count = term, 0
    while u >= total and count < 80:
        count += 1
        term *= np.float64(mean) / count
        total += term
    return count


@compiled
def poisson(mean, serial, purpose, s):
    """A Poisson number that grows with its mean when the draws stay the same, so that paired runs differ little."""
    count, piece = 0, 0
    while mean > 0:
        words = draw(s.run.key, serial, s.run.month[0], purpose + (piece << 8))
        count += poisson_piece(min(mean, CHUNK), words[0])
        mean -= CHUNK
        piece += 1
    return count


@rule
def newcomer_of(kind, municipality, sequence, s):
    """Who comes: serial, age in months and origin group; kind 1 to 6 is a motive from abroad, 7 is domestic."""
    month = s.run.month[0]
    serial = arrival_serial(s.municipalities.key[municipality], kind, month, sequence)
    words = draw(s.run.key, serial, month, ARRIVAL_COUNT)
    if kind == DOMESTIC:
        years = from_distribution(words[0], s.ages.mover_age)
        origin = from_distribution(words[1], s.municipalities.domestic_origin[municipality])
    else:
        years = from_distribution(words[0], s.ages.arrival_age[kind - 1])
        origin = from_distribution(words[1], s.municipalities.arrival_origin[municipality, kind - 1])
    return serial, years * 12 + np.int64(words[2] % np.uint64(12)), np.uint8(origin)


@rule
def serial_of(key, kind, month, sequence, s):
    """Serial of the n-th arrival of a kind, or of the head of its n-th household."""
    if are_kept(s):
        return household_serial(key, kind, month, sequence)
    return arrival_serial(key, kind, month, sequence)


@allocating
def queue(municipality, s):
    """List who wants to come this month, in the order of a lottery: no kind has precedence where homes are short.

    Returns
    -------
    kind, sequence : int64 [people]
        A motive + 1 from abroad, 7 from elsewhere in the country; the number of the arrival within its kind.
    """
    key, month = s.municipalities.key[municipality], s.run.month[0]
    count = np.zeros(DOMESTIC + 1, np.int64)
    for kind in range(1, DOMESTIC + 1):
        mean = s.rates.domestic[municipality] if kind == DOMESTIC else s.rates.expected[municipality, kind - 1]
        if are_kept(s):
            mean /= s.ages.household_size[kind - 1]
        count[kind] = poisson(mean, arrival_serial(key, kind, month, LAST_SEQUENCE), ARRIVAL_COUNT, s)
    if not are_kept(s):
        s.stocks.inflow[municipality, month % 12] += count[:DOMESTIC].sum()
    people = count.sum()
    kinds, sequence, lottery = np.empty(people, np.int64), np.empty(people, np.int64), np.empty(people, np.uint64)
    at = 0
    for kind in range(1, DOMESTIC + 1):
        for n in range(count[kind]):
            kinds[at], sequence[at] = kind, n
            lottery[at] = lottery_number(serial_of(key, kind, month, n, s), s.run.key, month)
            at += 1
    order = np.argsort(lottery)
    return kinds[order], sequence[order]


@allocating_phase
def list_arrivals(worker, low, high, s):
    """List who wants to come to municipalities low to high - 1; more than there are vacancies need no list."""
    moves = s.moves
    for k in range(low, high):
        s.stocks.inflow[k, s.run.month[0] % 12] = 0
        vacancies = 0
        for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
            j = s.municipalities.member[member]
            moves.free[j] = s.stocks.vacant[j] - moves.taken[j]
            moves.guests[j], moves.people_housed[j] = 0, 0
            vacancies += moves.free[j]
        kinds, sequences = queue(k, s)
        moves.arrivals[k] = min(len(kinds), vacancies)
        if are_kept(s):
            count_households(k, kinds, sequences, s)
        else:
            s.flows.unhoused[first_of(k, s)] += len(kinds) - moves.arrivals[k]
        for n in range(moves.arrivals[k]):
            moves.kind[moves.arrival_first[k] + n] = kinds[n]
            moves.sequence[moves.arrival_first[k] + n] = sequences[n]


@rule
def first_of(k, s):
    """The first neighbourhood of a municipality, where those who find no home are counted."""
    return s.municipalities.member[s.municipalities.member_first[k]]
