"""Moving house: movers choose, a keyed lottery settles who gets a place, records move to vacant rows."""

import numpy as np

from sim.machine.arithmetic import ZERO, allocating, compiled, rule
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.machine.draws import MOVING, draw, uniform
from sim.machine.prefetch import fetch_news, fetch_record, fetch_to_read
from sim.phases.home_choice import NO_HOME, OUTSIDE, choose_home, no_options
from sim.phases.leave import vacate
from sim.phases.vacancy_allocation import list_vacancies, lottery_number, place_let
from sim.population import MOVE, NEVER, NOBODY, NOTHING
from sim.ties import keeps_tie, note_of, tell_partners

AHEAD = 2  # movers whose rows are asked for ahead


@rule
def destination_town(town, word, municipalities):
    """The municipality someone goes to who leaves this one; -1 is one that is not simulated."""
    u = uniform(word)
    low, high = 0, municipalities.destination.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if u < municipalities.destination_chance[town, middle]:
            high = middle
        else:
            low = middle + 1
    return np.int64(municipalities.destination[town, low])


@rule
def choose_destination(row, j, population, places, municipalities, stocks, conditions, seed, month, c, options):
    """Where a mover wants to live: a neighbourhood, -1 for outside the simulated places, -2 for staying."""
    serial = population.serial[row]
    town = np.int64(places.municipality[j])
    words = draw(seed, serial, month, MOVING)
    origin_place = j
    if uniform(words[0]) < c.moving_between:
        town = destination_town(town, words[1], municipalities)
        if town == OUTSIDE:
            return OUTSIDE
        origin_place = np.int64(-1)
    return choose_home(town, origin_place, population.origin[row], population.position[row], serial, seed, month,
                       places, municipalities, stocks, stocks.vacant, conditions.attraction, c, options)  # fmt: skip


@compiled
def list_movers(low, high, offset, population, places, stocks, rows):
    """Fill `rows` with the movers of neighbourhoods low to high - 1, and ask for what their choice looks at."""
    for j in range(low, high):
        slot, end = offset[j], places.first[j] + stocks.opened[j]
        if offset[j + 1] == slot:
            continue
        for base in range(places.first[j], end, AT_ONCE):
            bits = marked(population.intention, base, end)
            while bits:
                row = base + lowest(bits)
                bits = without_lowest(bits)
                if population.intention[row] == MOVE:
                    rows[slot] = row
                    slot += 1
                    fetch_to_read(population.serial, row)
                    fetch_to_read(population.origin, row)
                    fetch_to_read(population.position, row)


@compiled
def choose_all(low, high, offset, population, places, municipalities, stocks, conditions, seed, month, c, rows, wanted,
               lottery, options):  # fmt: skip
    """See `choose`; `options` is one thread's scratch."""
    for j in range(low, high):
        list_movers(j, j + 1, offset, population, places, stocks, rows)
        for slot in range(offset[j], offset[j + 1]):
            row = rows[slot]
            wanted[slot] = choose_destination(row, j, population, places, municipalities, stocks, conditions, seed,
                                              month, c, options)  # fmt: skip
            lottery[slot] = lottery_number(population.serial[row], seed, month)


@allocating
def choose(low, high, offset, population, places, municipalities, stocks, conditions, seed, month, c, rows, wanted,
           lottery):  # fmt: skip
    """Fill rows, destinations and lottery numbers of the movers of neighbourhoods low to high - 1."""
    choose_all(low, high, offset, population, places, municipalities, stocks, conditions, seed, month, c, rows, wanted,
               lottery, no_options())  # fmt: skip


@allocating
def by_destination(wanted, areas):
    """Movers grouped by where they want to live.

    Returns
    -------
    first : int64 [J + 1]
        Segment of each neighbourhood in `order`.
    order : int64 [movers to simulated neighbourhoods]
    """
    first = np.zeros(areas + 1, np.int64)
    for destination in wanted:
        if destination >= 0:
            first[destination + 1] += 1
    for j in range(areas):
        first[j + 1] += first[j]
    filled = first.copy()
    order = np.empty(first[areas], np.int64)
    for mover in range(len(wanted)):
        if wanted[mover] >= 0:
            order[filled[wanted[mover]]] = mover
            filled[wanted[mover]] += 1
    return first, order


@rule
def move_record(source, target, population, seed, month, same_place, kept):
    """Copy a person to a vacant place. Faces stay behind on leaving the neighbourhood; each tie is kept by chance."""
    p = population
    p.serial[target] = p.serial[source]
    p.origin[target] = p.origin[source]
    p.motive[target] = p.motive[source]
    p.flags[target] = p.flags[source]
    p.intention[target] = NOTHING
    p.born[target] = p.born[source]
    p.moved_in[target] = month
    p.arrived[target] = p.arrived[source]
    p.belonging[target] = p.belonging[source]
    p.disposition[target] = p.disposition[source]
    p.faces_own[target] = p.faces_own[source] if same_place else ZERO
    p.faces_other[target] = p.faces_other[source] if same_place else ZERO
    p.contact[target] = p.contact[source]
    p.withdrawal[target] = p.withdrawal[source]
    p.language[target] = p.language[source]
    p.position[target] = p.position[source]
    p.ties[target, 0] = NOBODY
    count = 0
    for slot in range(p.tie_count[source]):
        tie = p.ties[source, slot]
        if same_place or keeps_tie(p.serial[source], tie, seed, month, kept):
            p.ties[target, count] = tie
            count += 1
    p.tie_count[target] = count
    p.tie_own[target] = 0
    p.tie_news[target] = 1
    p.tie_end[target] = NEVER


@compiled
def assign_rows(j, applicants, ranks, rows, target, vacancies, population, places, stocks, seed):
    """Give the vacancies of neighbourhood j to applicants by rank; their serials mark the rows as taken."""
    for place in ranks:
        mover = applicants[place]
        serial = population.serial[rows[mover]]
        row = place_let(serial, j, vacancies, population, places, stocks.opened[j], seed)
        target[mover] = row
        if row >= 0:
            population.serial[row] = serial


@compiled
def fetch_move(mover, rows, target, population):
    """Ask for the old and the new row of a mover who got a place."""
    if target[mover] >= 0:
        fetch_record(rows[mover], population)
        fetch_record(target[mover], population)


@compiled
def move_records(j, applicants, rows, target, population, places, flows, seed, month, kept):
    """Move those who got a place in neighbourhood j."""
    first, end = places.first[j], places.first[j + 1]
    for n in range(min(AHEAD, len(applicants))):
        fetch_move(applicants[n], rows, target, population)
    for n in range(len(applicants)):
        if n + AHEAD < len(applicants):
            fetch_move(applicants[n + AHEAD], rows, target, population)
        mover = applicants[n]
        if target[mover] < 0:
            continue
        source = rows[mover]
        same = source >= first and source < end
        move_record(source, target[mover], population, seed, month, same, kept)
        if same:
            flows.moved_within[j] += 1
        else:
            flows.moved_in[j] += 1


@allocating
def settle_movers(low, high, first, order, rows, lottery, target, vacancies, population, places, stocks, flows, seed,
                  month, kept):  # fmt: skip
    """Give the vacancies of neighbourhoods low to high - 1 to applicants by lottery; `target` is the new row, -1 none.

    What is left of `vacancies` is for the arrivals.
    """
    for j in range(low, high):
        list_vacancies(j, vacancies, population, places, stocks, month)
        applicants = order[first[j] : first[j + 1]]
        ranks = np.argsort(lottery[applicants])
        assign_rows(j, applicants, ranks, rows, target, vacancies, population, places, stocks, seed)
        move_records(j, applicants, rows, target, population, places, flows, seed, month, kept)


@compiled
def fetch_leaver(mover, last, rows, population):
    """Ask for the row of the second mover after this one, and for the partners of the next."""
    if mover + 2 < last:
        fetch_record(rows[mover + 2], population)
    if mover + 1 < last:
        fetch_news(rows[mover + 1], population)


@compiled
def leave_old_homes(low, high, offset, rows, wanted, target, population, places, stocks, flows, month):
    """Vacate what the movers of neighbourhoods low to high - 1 left, with a note of where they went."""
    for j in range(low, high):
        for mover in range(offset[j], offset[j + 1]):
            fetch_leaver(mover, offset[high], rows, population)
            row = rows[mover]
            population.intention[row] = NOTHING
            if wanted[mover] == NO_HOME or (wanted[mover] >= 0 and target[mover] < 0):
                flows.no_home[j] += 1
                continue
            if wanted[mover] == OUTSIDE:
                flows.moved_away[j] += 1
            elif wanted[mover] != j:
                flows.moved_out[j] += 1
            if wanted[mover] != j:
                stocks.gone[j, population.origin[row]] += 1
                stocks.leavers[j, month % 12] += 1
            onward = NOBODY
            if wanted[mover] >= 0:
                onward = note_of(target[mover], population.serial[row], wanted[mover] == j)
            tell_partners(row, population)
            vacate(row, population, month, onward)
