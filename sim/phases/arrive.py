"""Arriving: births, domestic in-movers and migrants by motive, housed where there is room; the unhoused are counted."""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import allocating, compiled, exponential, rule
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.machine.draws import ARRIVAL_COUNT, RESIDENCE, draw, uniform
from sim.machine.prefetch import fetch_record
from sim.phases.home_choice import NO_HOME, any_home, choose_home, no_options
from sim.phases.new_residents import (
    DOMESTIC,
    arrival_serial,
    birth_serial,
    from_distribution,
    own_position,
    put_child,
    put_domestic,
    put_migrant,
)
from sim.phases.vacancy_allocation import lottery_number, place_let
from sim.population import GIVE_BIRTH, NOTHING

CHUNK = np.float32(16.0)
WAITING = 16  # arrivals who look for homes before the first of them moves in


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
def poisson(mean, serial, seed, month, purpose):
    """A Poisson number that grows with its mean when the draws stay the same, so that paired runs differ little."""
    count, piece = 0, 0
    while mean > 0:
        count += poisson_piece(min(mean, CHUNK), draw(seed, serial, month, purpose + (piece << 8))[0])
        mean -= CHUNK
        piece += 1
    return count


@compiled
def build(low, high, places, stocks, conditions, seed, month, c):
    """Open the month's new places in neighbourhoods low to high - 1, as far as their runs of rows reach."""
    twelfth = np.float32(1.0 / 12.0)
    for j in range(low, high):
        expected = np.float32(places.built[j]) * c.building * conditions.building[j] * twelfth
        whole = np.int64(expected)
        u = uniform(draw(seed, places.key[j], month, RESIDENCE)[0])
        more = whole + (1 if u < expected - np.float32(whole) else 0)
        room = places.first[j + 1] - places.first[j]
        stocks.vacant[j] += min(stocks.opened[j] + more, room) - stocks.opened[j]
        stocks.opened[j] = min(stocks.opened[j] + more, room)


@rule
def take_place(serial, j, vacancies, free, population, places, stocks, seed):
    """The row an arrival gets in neighbourhood j, which has a place free."""
    free[j] -= 1
    return place_let(serial, j, vacancies, population, places, stocks.opened[j], seed)


@rule
def house(town, group, position, serial, seed, month, places, municipalities, stocks, free, conditions, c, options):
    """A neighbourhood with room for an arrival, or -2."""
    j = choose_home(town, np.int64(-1), group, position, serial, seed, month, places, municipalities, stocks, free,
                    conditions.attraction, c, options)  # fmt: skip
    return j if j != NO_HOME else any_home(town, serial, seed, month, municipalities, free)


@compiled
def bear(parent, j, town, population, places, municipalities, free, vacancies, stocks, flows, seed, month, c):
    """One newborn of a parent in neighbourhood j."""
    serial = birth_serial(population.serial[parent], month)
    home = j if free[j] > 0 else any_home(town, serial, seed, month, municipalities, free)
    if home == NO_HOME:
        flows.unhoused_births[j] += 1
        return
    row = take_place(serial, home, vacancies, free, population, places, stocks, seed)
    put_child(row, home, serial, parent, month, seed, population, places, c)
    flows.births[home] += 1


@compiled
def births(town, population, places, municipalities, stocks, free, vacancies, flows, seed, month, c):
    """Newborns get a place in their parent's neighbourhood, else anywhere in the municipality."""
    for member in range(municipalities.member_first[town], municipalities.member_first[town + 1]):
        j = municipalities.member[member]
        end = places.first[j] + stocks.opened[j]
        for base in range(places.first[j], end, AT_ONCE):
            bits = marked(population.intention, base, end)
            while bits:
                parent = base + lowest(bits)
                bits = without_lowest(bits)
                if population.intention[parent] == GIVE_BIRTH:
                    population.intention[parent] = NOTHING
                    bear(parent, j, town, population, places, municipalities, free, vacancies, stocks, flows, seed,
                         month, c)  # fmt: skip


@rule
def newcomer_of(kind, town, sequence, municipalities, tables, seed, month):
    """Who comes: serial, age in months and origin group; kind 1 to 6 is a motive from abroad, 7 is domestic."""
    serial = arrival_serial(municipalities.key[town], kind, month, sequence)
    words = draw(seed, serial, month, ARRIVAL_COUNT)
    if kind == DOMESTIC:
        years = from_distribution(words[0], tables.mover_age)
        origin = from_distribution(words[1], municipalities.domestic_origin[town])
    else:
        years = from_distribution(words[0], tables.arrival_age[kind - 1])
        origin = from_distribution(words[1], municipalities.arrival_origin[town, kind - 1])
    return serial, years * 12 + np.int64(words[2] % np.uint64(12)), np.uint8(origin)


@allocating
def queue(town, municipalities, stocks, rates, seed, month):
    """Who wants to come this month, in the order of a lottery: no kind goes before another where places are short.

    Returns
    -------
    kind, sequence : int64 [people]
        A motive + 1 from abroad, 7 from elsewhere in the country; the how-manieth of that kind.
    """
    key, count = municipalities.key[town], np.zeros(DOMESTIC + 1, np.int64)
    for kind in range(1, DOMESTIC + 1):
        mean = rates.domestic[town] if kind == DOMESTIC else rates.expected[town, kind - 1]
        count[kind] = poisson(mean, arrival_serial(key, kind, month, 65535), seed, month, ARRIVAL_COUNT)
    stocks.inflow[town, month % 12] += count[:DOMESTIC].sum()
    people = count.sum()
    kinds, sequence, lottery = np.empty(people, np.int64), np.empty(people, np.int64), np.empty(people, np.uint64)
    at = 0
    for kind in range(1, DOMESTIC + 1):
        for n in range(count[kind]):
            kinds[at], sequence[at] = kind, n
            lottery[at] = lottery_number(arrival_serial(key, kind, month, n), seed, month)
            at += 1
    order = np.argsort(lottery)
    return kinds[order], sequence[order]


class Waiting(NamedTuple):
    """Arrivals who have a place but have not moved in: while their rows are fetched, others choose."""

    kind: np.ndarray
    serial: np.ndarray
    age: np.ndarray
    origin: np.ndarray
    home: np.ndarray
    row: np.ndarray


@allocating
def nobody_waits():
    """Scratch for one thread."""
    serial, whole = np.zeros(WAITING, np.uint64), np.zeros((4, WAITING), np.int64)
    return Waiting(whole[0], serial, whole[1], np.zeros(WAITING, np.uint8), whole[2], whole[3])


@compiled
def find_places(town, kinds, sequences, population, places, municipalities, stocks, conditions, tables, free, vacancies,
                flows, seed, month, c, options, waiting):  # fmt: skip
    """Homes for some arrivals, whose serials mark their rows as taken; how many found one."""
    housed = 0
    for n in range(len(kinds)):
        kind = kinds[n]
        serial, age, origin = newcomer_of(kind, town, sequences[n], municipalities, tables, seed, month)
        position = own_position(serial, np.float32(0.0), kind == DOMESTIC, seed, c)
        home = house(town, origin, position, serial, seed, month, places, municipalities, stocks, free, conditions, c,
                     options)  # fmt: skip
        if home == NO_HOME:
            flows.unhoused[municipalities.member[municipalities.member_first[town]]] += 1
            continue
        row = take_place(serial, home, vacancies, free, population, places, stocks, seed)
        population.serial[row] = serial
        fetch_record(row, population)
        waiting.kind[housed], waiting.serial[housed], waiting.age[housed] = kind, serial, age
        waiting.origin[housed], waiting.home[housed], waiting.row[housed] = origin, home, row
        housed += 1
    return housed


@compiled
def move_in(housed, population, places, municipalities, tables, stay, flows, seed, month, c, waiting):
    """Those who found a place move in."""
    for n in range(housed):
        kind, serial, age, origin = waiting.kind[n], waiting.serial[n], waiting.age[n], waiting.origin[n]
        home, row = waiting.home[n], waiting.row[n]
        if kind == DOMESTIC:
            generation = municipalities.first_generation[origin]
            put_domestic(row, home, serial, age, origin, generation, month, seed, population, places, c)
            flows.domestic[home] += 1
        else:
            put_migrant(row, home, serial, kind - 1, age, origin, month, seed, population, places, tables, stay, c)
            flows.immigrated[home] += 1


@allocating
def newcomers(town, population, places, municipalities, stocks, rates, conditions, tables, stay, free, vacancies, flows,
              seed, month, c, options, waiting):  # fmt: skip
    """People from elsewhere in the country and from abroad."""
    kinds, sequences = queue(town, municipalities, stocks, rates, seed, month)
    for begin in range(0, len(kinds), WAITING):
        end = begin + WAITING
        housed = find_places(town, kinds[begin:end], sequences[begin:end], population, places, municipalities, stocks,
                             conditions, tables, free, vacancies, flows, seed, month, c, options, waiting)  # fmt: skip
        move_in(housed, population, places, municipalities, tables, stay, flows, seed, month, c, waiting)


@allocating
def arrive(low, high, population, places, municipalities, stocks, rates, conditions, tables, stay, free, vacancies,
           flows, seed, month, c):  # fmt: skip
    """All arrivals of municipalities low to high - 1; `free` counts the places still to be let."""
    options, waiting = no_options(), nobody_waits()
    for town in range(low, high):
        stocks.inflow[town, month % 12] = 0
        births(town, population, places, municipalities, stocks, free, vacancies, flows, seed, month, c)
        newcomers(town, population, places, municipalities, stocks, rates, conditions, tables, stay, free, vacancies,
                  flows, seed, month, c, options, waiting)  # fmt: skip
