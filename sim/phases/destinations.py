"""Who moves where: a mover stays in the municipality or goes to another, and chooses a home there.

Three steps, because movers of one neighbourhood choose others: the moves are planned, movers choose, and they are
grouped by the neighbourhood they want.
"""

import numpy as np

from sim.households import are_kept, looks_for
from sim.machine.arithmetic import ONE, ZERO, compiled, rule
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.draws import MOVING, draw, uniform
from sim.machine.prefetch import prefetch_to_read
from sim.phases.expectations import response_of_municipality
from sim.phases.home_choice import OUTSIDE, add_seeker, choose_waiting
from sim.phases.new_residents import from_distribution
from sim.population import MOVE
from sim.rules.allocation import lottery_number
from sim.rules.households import leaving_municipality
from sim.rules.housing import MOST_ANSWER
from sim.workspace import WAITING

ATTEMPTS = 8  # municipalities that a mover considers at most


@phase
def plan_moves(worker, low, high, s):
    """Reserve where the movers and vacant rows of each neighbourhood are listed, and the arrivals of a municipality.

    All neighbourhoods at once.
    """
    moves = s.moves
    moves.listed[0] = 0
    for j in range(len(moves.movers)):
        moves.offset[j + 1] = moves.offset[j] + moves.movers[j]
        moves.vacant_first[j + 1] = moves.vacant_first[j] + s.stocks.empty[j]
    for k in range(len(moves.arrivals)):
        moves.arrival_first[k + 1] = moves.arrival_first[k]
        for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
            moves.arrival_first[k + 1] += s.stocks.vacant[s.municipalities.member[member]]


@rule
def destination_by_chance(municipality, line, word, s):
    """One of the municipalities that people of an origin group go to who leave this one; -1 is not simulated."""
    index = from_distribution(word, s.municipalities.destination_chance[municipality, line])
    return np.int64(s.municipalities.destination[municipality, index])


@rule
def answer_of_municipality(k, kind, s):
    """How movers answer the vacant dwellings of a municipality, and households the dwellings of their kind."""
    answer = ONE
    if s.c.destination_vacancies != ZERO:
        answer = response_of_municipality(k, s.c.destination_vacancies, s)
    if are_kept(s):
        answer *= s.rates.dwelling_answer[k, kind]
    return answer


@compiled
def destination_of(municipality, origin, serial, kind, s):
    """The municipality someone goes to who leaves this one; -1 is one that is not simulated.

    One with few homes empty is passed over by chance, and another is drawn: so people go in proportion to chance and
    `answer_to_vacancy`, and households by the dwellings of their kind (rejection sampling; after eight the last one is
    kept).
    """
    line = np.int64(origin) if s.municipalities.destination_chance.shape[1] > 1 else 0
    found = OUTSIDE
    for attempt in range(ATTEMPTS):
        words = draw(s.run.key, serial, s.run.month[0], MOVING + (attempt << 8))
        found = destination_by_chance(municipality, line, words[1], s)
        if s.c.destination_vacancies == ZERO and not are_kept(s):
            break
        answer = ONE
        if found != OUTSIDE:
            answer = answer_of_municipality(found, kind, s)
        if uniform(words[2]) * MOST_ANSWER < answer:
            break
    return found


@rule
def share_moving_between(municipality, kind, s):
    """Share of those who look for a kind of dwelling that leaves a municipality for another."""
    if are_kept(s):
        return leaving_municipality(s.rates.dwelling_answer[municipality, kind], s.c)
    return s.c.moving_between


@compiled
def draw_movers(first, count, worker, s):
    """Draw lottery numbers and what decides who leaves the municipality, for some movers at once."""
    serials, luck, lottery = s.work.wait_serial[worker], s.work.wait_luck[worker], s.moves.lottery[first:]
    key, month = s.run.key, s.run.month[0]
    for n in range(count):
        serials[n] = s.population.serial[s.moves.row[first + n]]
    for n in range(count):
        lottery[n] = lottery_number(serials[n], key, month)
    for n in range(count):
        luck[n] = uniform(draw(key, serials[n], month, MOVING)[0])


@rule
def choose_destination(slot, j, drawn, worker, s):
    """Let a mover of neighbourhood j wait for a choice of home; -1 is outside the simulated neighbourhoods.

    `drawn` is the mover's number among those who drew together (`draw_movers`).
    """
    p, row = s.population, s.moves.row[slot]
    serial = s.work.wait_serial[worker, drawn]
    municipality = np.int64(s.neighbourhoods.municipality[j])
    from_neighbourhood = np.int64(j)
    kind = looks_for(row, s) if are_kept(s) else 0
    if s.work.wait_luck[worker, drawn] < share_moving_between(municipality, kind, s):
        municipality = destination_of(municipality, p.origin[row], serial, kind, s)
        from_neighbourhood = np.int64(-1)
    if municipality == OUTSIDE:
        s.moves.wanted[slot] = OUTSIDE
        return
    seeker = (serial, p.origin[row], p.status[row], kind)
    if add_seeker(slot, (municipality, from_neighbourhood), seeker, worker, s):
        choose_waiting(s.moves.wanted, s.stocks.vacant, worker, s)


@compiled
def list_movers(j, s):
    """List the rows of the movers of neighbourhood j, and prefetch the columns that their choice reads."""
    p, slot = s.population, s.moves.offset[j]
    if s.moves.offset[j + 1] == slot:
        return
    start = s.neighbourhoods.first[j]
    end = start + s.stocks.opened[j]
    for row in nonzero_rows(p.intention, start, end):
        if p.intention[row] == MOVE:
            s.moves.row[slot] = row
            slot += 1
            prefetch_to_read(p.serial, row)
            prefetch_to_read(p.origin, row)
            prefetch_to_read(p.status, row)


@phase
def choose_homes(worker, low, high, s):
    """Rows, wanted neighbourhoods (-2 to stay) and lottery numbers of the movers of neighbourhoods low to high - 1."""
    for j in range(low, high):
        list_movers(j, s)
        for first in range(s.moves.offset[j], s.moves.offset[j + 1], WAITING):
            count = min(s.moves.offset[j + 1] - first, WAITING)
            draw_movers(first, count, worker, s)
            for n in range(count):
                choose_destination(first + n, j, n, worker, s)
                s.moves.target[first + n] = -1
    choose_waiting(s.moves.wanted, s.stocks.vacant, worker, s)


@phase
def group_movers(worker, low, high, s):
    """List the movers by the neighbourhood they want (all neighbourhoods at once)."""
    moves, areas = s.moves, len(s.moves.movers)
    first, order, movers = moves.first, moves.order, moves.offset[areas]
    first[:] = 0
    for mover in range(movers):
        if moves.wanted[mover] >= 0:
            first[moves.wanted[mover] + 1] += 1
    for j in range(areas):
        first[j + 1] += first[j]
    for mover in range(movers):  # first[j] serves as the end of what is filled, and is put back below
        wanted = moves.wanted[mover]
        if wanted >= 0:
            order[first[wanted]] = mover
            first[wanted] += 1
    for j in range(areas, 0, -1):
        first[j] = first[j - 1]
    first[0] = 0
