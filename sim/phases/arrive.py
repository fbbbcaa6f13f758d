"""Arrivals: births, domestic in-movers and migrants by motive, housed where there is room; the unhoused are counted.

Four steps, so that all threads share the arrivals of one municipality: those who come are listed in the order of a
lottery, each looks for a home, each in turn gets a neighbourhood with a vacancy, and neighbourhoods house theirs.
Only where one may fill up does it matter for others who comes first: there households are housed in the third step.
"""

import numpy as np

from sim.households import are_kept, join, live_alone, shares
from sim.machine.arithmetic import compiled, rule
from sim.machine.atomic import atomic_add
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_to_read
from sim.phases.arrival_list import draw_arrivals, first_of, seeker_at, serial_of
from sim.phases.arriving_households import (
    add_arrival,
    house_guests,
    house_household,
    note_company,
    write_housed,
)
from sim.phases.build import rows_allowed
from sim.phases.home_choice import NO_HOME, add_seeker, any_home, choose_waiting
from sim.phases.home_offers import note_offer
from sim.phases.new_residents import (
    add_child,
    arrival_serial,
    birth_serial,
)
from sim.phases.vacancy_allocation import allocate_row, give_row_back, prefer_places, take_row
from sim.population import CHILD, GIVE_BIRTH, NOTHING
from sim.records import prefetch_record
from sim.workspace import WAITING


@compiled
def list_births(j, s):
    """List the parents of neighbourhood j who have a child this month.

    Lists of neighbourhoods follow one another in memory, in whatever order threads come to them.
    """
    p, start, births = s.population, s.neighbourhoods.first[j], 0
    end = start + s.stocks.opened[j]
    for row in nonzero_rows(p.intention, start, end):
        births += p.intention[row] == GIVE_BIRTH
    place = atomic_add(s.moves.listed, 0, births)
    s.moves.births[j], s.moves.parent_first[j] = births, place
    for row in nonzero_rows(p.intention, start, end):
        if p.intention[row] == GIVE_BIRTH:
            p.intention[row] = NOTHING
            s.moves.parent[place] = row
            prefetch_to_read(p.serial, row)
            prefetch_to_read(p.household, row)
            prefetch_to_read(p.role, row)
            place += 1


@rule
def part_of_arrivals(j, s):
    """The segment of the arrivals of its municipality that is looked after with neighbourhood j: an equal share.

    So neighbourhoods can be divided over threads.
    """
    k = np.int64(s.neighbourhoods.municipality[j])
    begin, end = s.municipalities.member_first[k], s.municipalities.member_first[k + 1]
    place = 0
    while s.municipalities.member[begin + place] != j:
        place += 1
    arrivals, first = s.moves.arrivals[k], s.moves.arrival_first[k]
    return first + arrivals * place // (end - begin), first + arrivals * (place + 1) // (end - begin)


@phase
def seek_homes(worker, low, high, s):
    """List the births of neighbourhoods low to high - 1, and let their part of the arrivals look for a home.

    Nobody takes a home yet, but newborns join the household of the parent.
    """
    for j in range(low, high):
        list_births(j, s)
        if are_kept(s):
            add_newborns_to_households(j, s)
        k = np.int64(s.neighbourhoods.municipality[j])
        begin, end = part_of_arrivals(j, s)
        if are_kept(s):
            note_company(k, begin, end, s)
        for first in range(begin, end, WAITING):
            count = min(end - first, WAITING)
            draw_arrivals(k, first, count, worker, s)
            for n in range(count):
                seeker = seeker_at(first + n, k, n, worker, s)
                if add_seeker(first + n, (k, np.int64(-1)), seeker, worker, s):
                    choose_waiting(s.moves.home, s.moves.free, worker, s)
    choose_waiting(s.moves.home, s.moves.free, worker, s)


@rule
def add_guest(home, guest, s):
    """Give someone one of the vacancies of a neighbourhood: an arrival by the place in the list, a child as ~place."""
    s.moves.guest[s.moves.vacant_first[home] + s.moves.guests[home]] = guest
    s.moves.guests[home] += 1
    s.moves.free[home] -= 1


@rule
def row_for_newborn(parent, serial, j, s):
    """A row for a newborn, who needs no dwelling: the last row opens where none is empty; -1 where there is no room."""
    found = allocate_row(serial, j, s)
    row = found
    if found < 0 and s.stocks.opened[j] < rows_allowed(j, s):
        row = s.neighbourhoods.first[j] + s.stocks.opened[j]
        s.stocks.opened[j] += 1
    if row < 0 or not shares(parent, s):
        return row
    if found >= 0:
        give_row_back(found, j, s)
    return np.int64(-1)


@compiled
def add_newborns_to_households(j, s):
    """The children born in neighbourhood j, each in the household of the parent."""
    first, moves = s.moves.parent_first[j], s.moves
    for place in range(first, first + moves.births[j]):
        parent = moves.parent[place]
        serial = birth_serial(s.population.serial[parent], s.run.month[0])
        row = row_for_newborn(parent, serial, j, s)
        moves.newborn[place] = row
        if row >= 0:
            prefetch_record(s.population, row)
            s.population.serial[row] = serial
            join(row, parent, CHILD, s)
    for place in range(first, first + moves.births[j]):
        row = moves.newborn[place]
        if row >= 0:
            add_child(row, j, s.population.serial[row], moves.parent[place], s)
            s.flows.births[j] += 1
        else:
            s.flows.unhoused_births[j] += 1


@compiled
def choose_again(k, slot, worker, s):
    """The neighbourhood that an arrival prefers, chosen anew where it has filled up; else any with a vacancy, or -2."""
    home = s.moves.home[slot]
    if home != NO_HOME and s.moves.free[home] == 0:
        draw_arrivals(k, slot, 1, worker, s)
        add_seeker(0, (k, np.int64(-1)), seeker_at(slot, k, 0, worker, s), worker, s)
        choose_waiting(s.work.home[worker], s.moves.free, worker, s)
        home = s.work.home[worker, 0]
    if home == NO_HOME:
        key, month = s.municipalities.key[k], s.run.month[0]
        home = any_home(k, serial_of(key, s.moves.kind[slot], month, s.moves.sequence[slot], s), s)
    return home


@compiled
def find_roomy(k, s):
    """Find the neighbourhoods of municipality k with room whoever comes first; returns whether all have.

    Beside those who prefer it no more come to one of them than are too many in the places they prefer, or found
    nothing: who is sent on and takes a dwelling where others are too many sends at most one of these on. One stays
    free, so that it makes no difference to those who choose again whether the others have got theirs yet.
    """
    moves, begin, end = s.moves, s.municipalities.member_first[k], s.municipalities.member_first[k + 1]
    others = 0
    for slot in range(moves.arrival_first[k], moves.arrival_first[k] + moves.arrivals[k]):
        if moves.home[slot] == NO_HOME:
            others += 1
        else:
            moves.guests[moves.home[slot]] += 1
    for place in range(begin, end):
        j = s.municipalities.member[place]
        others += max(moves.guests[j] - moves.free[j], 0)
    others, all_roomy = others + 1 if others > 0 else 0, True
    for place in range(begin, end):
        j = s.municipalities.member[place]
        room = min(moves.free[j], moves.vacant_first[j + 1] - moves.vacant_first[j])
        moves.roomy[j] = moves.guests[j] + others <= room
        all_roomy = all_roomy and moves.roomy[j] != 0
        moves.guests[j] = 0
    return all_roomy


@compiled
def house_in_turn(k, worker, s):
    """Give the households that arrive in municipality k a neighbourhood, in the order of the lottery.

    Where there is room whoever comes first they are listed, and their neighbourhood houses them in the next step; in
    others they get their rows at once, and it is counted who finds no home.
    """
    moves = s.moves
    for slot in range(moves.arrival_first[k], moves.arrival_first[k] + moves.arrivals[k]):
        home = moves.home[slot]
        if home == NO_HOME or moves.roomy[home] == 0:
            home = choose_again(k, slot, worker, s)
        if home != NO_HOME and moves.roomy[home] != 0:
            moves.guest[moves.vacant_first[home] + moves.guests[home]] = slot
            moves.guests[home] += 1
        else:
            s.flows.unhoused[first_of(k, s)] += house_household(slot, k, home, s)


@compiled
def allot_to_households(k, worker, s):
    """Give the households that arrive in municipality k their neighbourhoods, and rows where they may run short."""
    if not find_roomy(k, s):
        for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
            note_offer(s.municipalities.member[member], s)  # newborns may have opened rows
    house_in_turn(k, worker, s)


@compiled
def allot_to_newborns(k, s):
    """Newborns get a home in their parent's neighbourhood, else anywhere in municipality k."""
    for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
        j = s.municipalities.member[member]
        first = s.moves.parent_first[j]
        for place in range(first, first + s.moves.births[j]):
            home = j
            if s.moves.free[j] == 0:
                serial = birth_serial(s.population.serial[s.moves.parent[place]], s.run.month[0])
                home = any_home(k, serial, s)
            if home == NO_HOME:
                s.flows.unhoused_births[j] += 1
            else:
                add_guest(home, ~place, s)


@phase
def allot_homes(worker, low, high, s):
    """Give everyone a neighbourhood of municipalities low to high - 1, one after another: newborns first.

    An arrival whose choice has filled up meanwhile chooses among what is left. Households get their rows at once where
    dwellings may run short; elsewhere their neighbourhoods house them in the next step.
    """
    for k in range(low, high):
        if are_kept(s):
            allot_to_households(k, worker, s)
            continue
        allot_to_newborns(k, s)
        for slot in range(s.moves.arrival_first[k], s.moves.arrival_first[k] + s.moves.arrivals[k]):
            home = choose_again(k, slot, worker, s)
            if home == NO_HOME:
                s.flows.unhoused[first_of(k, s)] += 1
            else:
                add_guest(home, slot, s)


@rule
def serial_of_guest(guest, j, s):
    """The serial of a newborn or arrival who gets a home in neighbourhood j."""
    k, month = s.neighbourhoods.municipality[j], s.run.month[0]
    if guest < 0:
        return birth_serial(s.population.serial[s.moves.parent[~guest]], month)
    return arrival_serial(s.municipalities.key[k], s.moves.kind[guest], month, s.moves.sequence[guest])


@compiled
def find_rows(j, guests, worker, s):
    """Allocate rows of neighbourhood j to some people."""
    serials, places, rows = s.work.wait_serial[worker], s.work.wait_place[worker], s.work.wait_row[worker]
    for n in range(len(guests)):
        serials[n] = serial_of_guest(guests[n], j, s)
    prefer_places(serials[: len(guests)], j, places, s)
    for n in range(len(guests)):
        rows[n] = take_row(places[n], j, s)
        prefetch_record(s.population, rows[n])


@compiled
def move_in(j, guests, worker, s):
    """Write the people who found a row of neighbourhood j."""
    for n in range(len(guests)):
        guest, row, serial = guests[n], s.work.wait_row[worker, n], s.work.wait_serial[worker, n]
        live_alone(row, s)
        if guest < 0:
            add_child(row, j, serial, s.moves.parent[~guest], s)
            s.flows.births[j] += 1
            continue
        newcomer = (serial, s.moves.kind[guest], s.moves.age[guest], np.uint8(s.moves.origin[guest]))
        add_arrival(row, j, newcomer, s)


@phase
def arrive(worker, low, high, s):
    """House the newborns and arrivals of neighbourhoods low to high - 1."""
    for j in range(low, high):
        first = s.moves.vacant_first[j]
        for begin in range(0, s.moves.guests[j], WAITING):
            end = min(begin + WAITING, s.moves.guests[j])
            guests = s.moves.guest[first + begin : first + end]
            if are_kept(s):
                house_guests(j, guests, worker, s)
            else:
                find_rows(j, guests, worker, s)
                move_in(j, guests, worker, s)
        if are_kept(s):
            write_housed(j, s)
