"""Arrivals: births, domestic in-movers and migrants by motive, housed where there is room; the unhoused are counted.

Four steps, so that all threads share the arrivals of one municipality: those who come are listed in the order of a
lottery, each looks for a home, each in turn gets a neighbourhood with a vacancy, and neighbourhoods house theirs.
"""

import numpy as np

from sim.households import are_kept, join, live_alone, shares
from sim.machine.arithmetic import ZERO, compiled, rule
from sim.machine.atomic import atomic_add
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_to_write
from sim.phases.arrival_list import first_of, newcomer_of, serial_of
from sim.phases.arriving_households import (
    add_arrival,
    house_household,
    household_serial,
    seeking_household,
    write_guests,
)
from sim.phases.build import rows_allowed
from sim.phases.home_choice import NO_HOME, add_seeker, any_home, choose_waiting
from sim.phases.home_offers import note_offer
from sim.phases.new_residents import (
    DOMESTIC,
    add_child,
    arrival_serial,
    birth_serial,
    own_status,
)
from sim.phases.vacancy_allocation import allocate_row, begin_search, begin_soon, find_vacant
from sim.population import CHILD, GIVE_BIRTH, NOTHING
from sim.records import prefetch_record
from sim.workspace import WAITING

AHEAD = 4  # households whose rows are prefetched


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
            place += 1


@rule
def add_arrival_who_seeks(k, slot, worker, s):
    """Let an arrival in municipality k wait for a choice; returns whether as many wait as choose together.

    Who it is is drawn here, and noted.
    """
    kind = s.moves.kind[slot]
    if are_kept(s):
        seeker = seeking_household(slot, k, s)
    else:
        serial, age, origin = newcomer_of(kind, k, s.moves.sequence[slot], s)
        s.moves.age[slot], s.moves.origin[slot] = age, origin
        seeker = (serial, origin, own_status(serial, ZERO, kind == DOMESTIC, s), 0)
    return add_seeker(slot, (k, np.int64(-1)), seeker, worker, s)


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


@compiled
def begin_searches(j, s):
    """Note where the households that chose begin to search for a row, for neighbourhood j's part of the arrivals."""
    moves, k, month = s.moves, s.neighbourhoods.municipality[j], s.run.month[0]
    begin, end = part_of_arrivals(j, s)
    for slot in range(begin, end):
        if moves.home[slot] != NO_HOME:
            serial = household_serial(s.municipalities.key[k], moves.kind[slot], month, moves.sequence[slot])
            moves.search[slot] = begin_search(serial, moves.home[slot], s)


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
        for slot in range(begin, end):
            if add_arrival_who_seeks(k, slot, worker, s):
                choose_waiting(s.moves.home, s.moves.free, worker, s)
    choose_waiting(s.moves.home, s.moves.free, worker, s)
    if are_kept(s):
        for j in range(low, high):
            begin_searches(j, s)


@rule
def add_guest(home, guest, s):
    """Give someone one of the vacancies of a neighbourhood: an arrival by the place in the list, a child as ~place."""
    s.moves.guest[s.moves.vacant_first[home] + s.moves.guests[home]] = guest
    s.moves.guests[home] += 1
    s.moves.free[home] -= 1


@compiled
def add_to_household(parent, serial, j, s):
    """A newborn in the household of the parent, who needs no dwelling: the last row opens where none is empty."""
    row = allocate_row(serial, j, s)
    if row < 0 and s.stocks.opened[j] < rows_allowed(j, s):
        row = s.neighbourhoods.first[j] + s.stocks.opened[j]
        s.stocks.opened[j] += 1
    if row < 0 or shares(parent, s):
        s.flows.unhoused_births[j] += 1
        return
    add_child(row, j, serial, parent, s)
    join(row, parent, CHILD, s)
    s.flows.births[j] += 1


@compiled
def add_newborns_to_households(j, s):
    """The children born in neighbourhood j, each in the household of the parent."""
    first = s.moves.parent_first[j]
    for place in range(first, first + s.moves.births[j]):
        parent = s.moves.parent[place]
        add_to_household(parent, birth_serial(s.population.serial[parent], s.run.month[0]), j, s)


@compiled
def choose_again(k, slot, worker, s):
    """The neighbourhood that an arrival prefers, chosen anew where it has filled up; else any with a vacancy, or -2."""
    home = s.moves.home[slot]
    if home != NO_HOME and s.moves.free[home] == 0:
        add_arrival_who_seeks(k, slot, worker, s)
        s.work.seeker_slot[worker, 0] = 0
        choose_waiting(s.work.home[worker], s.moves.free, worker, s)
        home = s.work.home[worker, 0]
    if home == NO_HOME:
        key, month = s.municipalities.key[k], s.run.month[0]
        home = any_home(k, serial_of(key, s.moves.kind[slot], month, s.moves.sequence[slot], s), s)
    return home


@compiled
def house_households(k, worker, s):
    """House the households that arrive in municipality k, in the order of the lottery; count who finds no home."""
    for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
        note_offer(s.municipalities.member[member], s)  # newborns may have opened rows
    end = s.moves.arrival_first[k] + s.moves.arrivals[k]
    for slot in range(s.moves.arrival_first[k], end):
        if slot + AHEAD < end:
            prefetch_place(slot + AHEAD, s)
        home = choose_again(k, slot, worker, s)
        s.flows.unhoused[first_of(k, s)] += house_household(slot, k, home, s)


@rule
def prefetch_place(slot, s):
    """Prefetch what is read and written of the row that a household will probably get."""
    moves, p = s.moves, s.population
    if moves.home[slot] != NO_HOME:
        low, high = moves.vacant_first[moves.home[slot]], moves.vacant_first[moves.home[slot] + 1]
        row = moves.vacant[low + moves.search[slot] % (high - low)]
        prefetch_to_write(p.serial, row)
        prefetch_to_write(p.household, row)
        prefetch_to_write(p.role, row)
        prefetch_to_write(p.born, row)
        prefetch_to_write(p.origin, row)


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

    An arrival whose choice has filled up meanwhile chooses among what is left. Households get their rows at once.
    """
    for k in range(low, high):
        if are_kept(s):
            house_households(k, worker, s)
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
    """Allocate rows of neighbourhood j to some people, whose serials mark them as taken."""
    for n in range(len(guests)):
        s.work.wait_row[worker, n] = begin_soon(serial_of_guest(guests[n], j, s), j, s)
    for n in range(len(guests)):
        row = find_vacant(s.work.wait_row[worker, n], j, s)
        s.population.serial[row] = serial_of_guest(guests[n], j, s)
        prefetch_record(s.population, row)
        s.work.wait_row[worker, n] = row


@compiled
def move_in(j, guests, worker, s):
    """Write the people who found a row of neighbourhood j."""
    for n in range(len(guests)):
        guest, row = guests[n], s.work.wait_row[worker, n]
        live_alone(row, s)
        if guest < 0:
            add_child(row, j, s.population.serial[row], s.moves.parent[~guest], s)
            s.flows.births[j] += 1
            continue
        newcomer = (s.population.serial[row], s.moves.kind[guest], s.moves.age[guest], np.uint8(s.moves.origin[guest]))
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
                write_guests(j, guests, s)
            else:
                find_rows(j, guests, worker, s)
                move_in(j, guests, worker, s)
