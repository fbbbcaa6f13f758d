"""Who wants to come to a municipality this month: counted by kind, and listed in the order of a lottery."""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import ZERO, allocating, compiled, exponential, rule
from sim.machine.compile_cache import allocating_phase
from sim.machine.draws import ARRIVAL_COUNT, draw, uniform
from sim.phases.arriving_households import (
    LAST_SEQUENCE,
    head_age,
    household_serial,
    origin_of_arrival,
    turn_households_away,
)
from sim.phases.lottery import order_by_lottery
from sim.phases.new_residents import DOMESTIC, arrival_serial, from_distribution, own_status
from sim.rules.allocation import lottery_number
from sim.rules.households import dwelling_kind

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
def age_and_origin(kind, municipality, words, s):
    """Age in months and origin group of someone who comes alone; kind 1 to 6 is a motive from abroad, 7 is domestic."""
    if kind == DOMESTIC:
        years = from_distribution(words[0], s.ages.mover_age)
        origin = from_distribution(words[1], s.municipalities.domestic_origin[municipality])
    else:
        years = from_distribution(words[0], s.ages.arrival_age[kind - 1])
        origin = from_distribution(words[1], s.municipalities.arrival_origin[municipality, kind - 1])
    return years * 12 + np.int64(words[2] % np.uint64(12)), np.uint8(origin)


@rule
def serial_of(key, kind, month, sequence, s):
    """Serial of the n-th arrival of a kind, or of the head of its n-th household."""
    if are_kept(s):
        return household_serial(key, kind, month, sequence)
    return arrival_serial(key, kind, month, sequence)


@compiled
def draw_lottery(key, kind, numbers, s):
    """Draw the lottery numbers of all arrivals of a kind in a municipality, whose numbers count from 0."""
    month = s.run.month[0]
    if are_kept(s):
        for n in range(len(numbers)):
            numbers[n] = lottery_number(household_serial(key, kind, month, n), s.run.key, month)
    else:
        for n in range(len(numbers)):
            numbers[n] = lottery_number(arrival_serial(key, kind, month, n), s.run.key, month)


@compiled
def draw_arrivals(k, first, count, worker, s):
    """Draw who some arrivals in municipality k are, heads of households or alone, from a place in the list on."""
    serials, words, status = s.work.wait_serial[worker], s.work.wait_word[worker], s.work.wait_status[worker]
    ages, origins, months, moves, key, month = words[0], words[1], words[2], s.moves, s.run.key, s.run.month[0]
    for n in range(count):
        slot = first + n
        serials[n] = serial_of(s.municipalities.key[k], moves.kind[slot], month, moves.sequence[slot], s)
    for n in range(count):
        age, origin, of_year, _ = draw(key, serials[n], month, ARRIVAL_COUNT)
        ages[n], origins[n], months[n] = np.uint32(age), np.uint32(origin), np.uint32(of_year)
    kinds = moves.kind[first:]
    for n in range(count):
        status[n] = own_status(serials[n], ZERO, kinds[n] == DOMESTIC, s)


@rule
def seeker_at(slot, k, drawn, worker, s):
    """An arrival in municipality k who looks for a home, as `add_seeker` takes it; age and origin are noted.

    `drawn` is the number among those who drew together (`draw_arrivals`).
    """
    kind, moves, words, looks = s.moves.kind[slot], s.moves, s.work.wait_word[worker], 0
    words = np.uint64(words[0, drawn]), np.uint64(words[1, drawn]), np.uint64(words[2, drawn])
    if are_kept(s):
        age, origin = head_age(words, kind, s), origin_of_arrival(words[1], kind, k, s)
        looks = dwelling_kind(1 + moves.partner[slot] + moves.children[slot], moves.children[slot] > 0)
    else:
        age, origin = age_and_origin(kind, k, words, s)
    moves.age[slot], moves.origin[slot] = age, origin
    return s.work.wait_serial[worker, drawn], origin, s.work.wait_status[worker, drawn], looks


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
        end = at + count[kind]
        kinds[at:end], sequence[at:end] = kind, np.arange(count[kind])
        draw_lottery(key, kind, lottery[at:end], s)
        at = end
    order = np.empty(people, np.int64)
    order_by_lottery(np.arange(people), lottery, np.empty(people + 1, np.int64), order)
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
            turn_households_away(k, kinds, sequences, s)
        else:
            s.flows.unhoused[first_of(k, s)] += len(kinds) - moves.arrivals[k]
        for n in range(moves.arrivals[k]):
            moves.kind[moves.arrival_first[k] + n] = kinds[n]
            moves.sequence[moves.arrival_first[k] + n] = sequences[n]


@rule
def first_of(k, s):
    """The first neighbourhood of a municipality, where those who find no home are counted."""
    return s.municipalities.member[s.municipalities.member_first[k]]
