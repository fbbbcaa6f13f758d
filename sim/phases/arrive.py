"""Arrivals: births, domestic in-movers and migrants by motive, housed where there is room; the unhoused are counted."""

import numpy as np

from sim.machine.arithmetic import ZERO, allocating, compiled, exponential, rule
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_rows
from sim.machine.compile_cache import allocating_phase
from sim.machine.draws import ARRIVAL_COUNT, draw, uniform
from sim.phases.home_choice import NO_HOME, any_home, choose_home
from sim.phases.new_residents import (
    DOMESTIC,
    add_child,
    add_domestic,
    add_migrant,
    arrival_serial,
    birth_serial,
    from_distribution,
    own_status,
)
from sim.phases.vacancy_allocation import allocate_row
from sim.population import GIVE_BIRTH, NOTHING
from sim.records import prefetch_record
from sim.rules.allocation import lottery_number
from sim.workspace import WAITING

CHUNK = np.float32(16.0)
LAST_SEQUENCE = 65535


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
def take_row(serial, j, s):
    """The row that an arrival gets in neighbourhood j, which has a vacancy."""
    s.moves.free[j] -= 1
    return allocate_row(serial, j, s)


@compiled
def add_newborn(parent, j, municipality, s):
    """One newborn of a parent in neighbourhood j."""
    serial = birth_serial(s.population.serial[parent], s.run.month[0])
    home = j if s.moves.free[j] > 0 else any_home(municipality, serial, s)
    if home == NO_HOME:
        s.flows.unhoused_births[j] += 1
        return
    row = take_row(serial, home, s)
    add_child(row, home, serial, parent, s)
    s.flows.births[home] += 1


@compiled
def add_newborns(municipality, s):
    """Newborns get a row in their parent's neighbourhood, else anywhere in the municipality."""
    p = s.population
    for member in range(s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]):
        j = s.municipalities.member[member]
        start = s.neighbourhoods.first[j]
        end = start + s.stocks.opened[j]
        for base in range(start, end, AT_ONCE):
            bits = nonzero_rows(p.intention, base, end)
            while bits:
                parent = base + lowest_bit(bits)
                bits = clear_lowest_bit(bits)
                if p.intention[parent] == GIVE_BIRTH:
                    p.intention[parent] = NOTHING
                    add_newborn(parent, j, municipality, s)


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
        count[kind] = poisson(mean, arrival_serial(key, kind, month, LAST_SEQUENCE), ARRIVAL_COUNT, s)
    s.stocks.inflow[municipality, month % 12] += count[:DOMESTIC].sum()
    people = count.sum()
    kinds, sequence, lottery = np.empty(people, np.int64), np.empty(people, np.int64), np.empty(people, np.uint64)
    at = 0
    for kind in range(1, DOMESTIC + 1):
        for n in range(count[kind]):
            kinds[at], sequence[at] = kind, n
            lottery[at] = lottery_number(arrival_serial(key, kind, month, n), s.run.key, month)
            at += 1
    order = np.argsort(lottery)
    return kinds[order], sequence[order]


@compiled
def find_homes(municipality, kinds, sequences, worker, s):
    """Allocate homes to some arrivals, whose serials mark their rows as taken; return how many found one."""
    work, free, housed = s.work, s.moves.free, 0
    for n in range(len(kinds)):
        kind = kinds[n]
        serial, age, origin = newcomer_of(kind, municipality, sequences[n], s)
        seeker = (serial, origin, own_status(serial, ZERO, kind == DOMESTIC, s))
        home = choose_home(municipality, np.int64(-1), seeker, free, worker, s)
        if home == NO_HOME:
            home = any_home(municipality, serial, s)
        if home == NO_HOME:
            s.flows.unhoused[s.municipalities.member[s.municipalities.member_first[municipality]]] += 1
            continue
        row = take_row(serial, home, s)
        s.population.serial[row] = serial
        prefetch_record(s.population, row)
        work.wait_kind[worker, housed], work.wait_serial[worker, housed] = kind, serial
        work.wait_age[worker, housed], work.wait_origin[worker, housed] = age, origin
        work.wait_home[worker, housed], work.wait_row[worker, housed] = home, row
        housed += 1
    return housed


@compiled
def move_in(housed, worker, s):
    """Write the arrivals who found a home into their rows."""
    work = s.work
    for n in range(housed):
        kind, serial = work.wait_kind[worker, n], work.wait_serial[worker, n]
        age, origin = work.wait_age[worker, n], work.wait_origin[worker, n]
        home, row = work.wait_home[worker, n], work.wait_row[worker, n]
        if kind == DOMESTIC:
            add_domestic(row, home, (serial, age, origin), s)
            s.flows.domestic[home] += 1
        else:
            add_migrant(row, home, (serial, kind - 1, age, origin), s)
            s.flows.immigrated[home] += 1


@allocating_phase
def arrive(worker, low, high, s):
    """House all arrivals of municipalities low to high - 1."""
    for municipality in range(low, high):
        s.stocks.inflow[municipality, s.run.month[0] % 12] = 0
        for member in range(
            s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]
        ):
            j = s.municipalities.member[member]
            s.moves.free[j] = s.stocks.vacant[j] - s.flows.moved_in[j] - s.flows.moved_within[j]
        add_newborns(municipality, s)
        kinds, sequences = queue(municipality, s)
        for begin in range(0, len(kinds), WAITING):
            end = begin + WAITING
            housed = find_homes(municipality, kinds[begin:end], sequences[begin:end], worker, s)
            move_in(housed, worker, s)
