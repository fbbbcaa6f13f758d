"""Moving house: a keyed lottery decides who of those who chose a home gets it, and records are copied to vacant rows.

Two steps after the choice (`sim.phases.destinations`): homes are allocated and moved into, and the old ones are left.
"""

import numpy as np

from sim.households import NO_ROW, are_kept, leads, leave_household, live_alone, next_member, size_of
from sim.machine.arithmetic import ZERO, compiled, rule
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_to_read
from sim.phases.home_choice import NO_HOME, OUTSIDE
from sim.phases.leave import vacate
from sim.phases.lottery import order_by_lottery
from sim.phases.vacancy_allocation import allocate_row, give_row_back, list_vacancies, prefer_places, take_row
from sim.population import GIVE_BIRTH, NEVER, NOBODY, NOTHING
from sim.records import copy_kept, prefetch_record
from sim.ties import ALL_TIES, copy_ties, held_ties, note_of, prefetch_news, tell_partners, ties_kept
from sim.workspace import WAITING

AHEAD = 2  # movers whose rows are prefetched


@rule
def move_record(source, target, same_neighbourhood, s):
    """Copy a person to a vacant row. Faces stay behind on leaving the neighbourhood; each tie is kept by chance."""
    p, month = s.population, s.run.month[0]
    copy_kept(p, source, target)
    p.intention[target] = GIVE_BIRTH if p.intention[source] == GIVE_BIRTH else NOTHING
    live_alone(target, s)
    p.moved_in[target] = month
    p.faces_own[target] = p.faces_own[source] if same_neighbourhood else ZERO
    p.faces_other[target] = p.faces_other[source] if same_neighbourhood else ZERO
    kept = held_ties(source, s) if same_neighbourhood else ties_kept(source, s.c.tie_kept_moving, s)
    copy_ties(source, target, kept, s)
    p.tie_own[target] = 0
    p.tie_news[target] = ALL_TIES
    p.tie_end[target] = NEVER


@rule
def give_back(first, j, s):
    """Free the rows that were taken for a household for which there are too few."""
    p, row = s.population, first
    while True:
        following = next_member(row, s)
        p.household[row] = 0
        give_row_back(row, j, s)
        row = following
        if row == first:
            return NO_ROW


@rule
def allocate_to_household(source, preferred, j, s):
    """Rows in neighbourhood j for someone and all who move with them: the first, or -1 where there are too few.

    They are linked in the order of the old ones. `preferred` is the place that the first prefers.
    """
    p = s.population
    first = take_row(preferred, j, s)
    if first < 0:
        return NO_ROW
    p.household[first] = np.uint32(first)
    last = first
    member = next_member(source, s) if leads(source, s) else source
    while member != source:
        row = allocate_row(p.serial[member], j, s)
        if row < 0:
            return give_back(first, j, s)
        p.household[row] = np.uint32(first)
        p.household[last] = np.uint32(row)
        last, member = row, next_member(member, s)
    return first


@compiled
def find_places(j, applicants, worker, s):
    """Find which place in neighbourhood j each applicant prefers, and prefetch whom they move with."""
    p, moves, serials, places = s.population, s.moves, s.work.wait_serial[worker], s.work.wait_place[worker]
    for begin in range(0, len(applicants), WAITING):
        count = min(len(applicants) - begin, WAITING)
        for n in range(count):
            row = moves.row[applicants[begin + n]]
            serials[n] = p.serial[row]
            if are_kept(s):
                prefetch_to_read(p.household, row)
                prefetch_to_read(p.role, row)
        prefer_places(serials[:count], j, places, s)
        for n in range(count):
            moves.search[applicants[begin + n]] = places[n]


@compiled
def allocate_homes_to_households(j, applicants, s):
    """Give the vacant dwellings of neighbourhood j to applicants in their order, and a row to each who moves along."""
    left = s.stocks.vacant[j]
    for mover in applicants:
        if left == 0:
            break
        s.moves.target[mover] = allocate_to_household(s.moves.row[mover], s.moves.search[mover], j, s)
        left -= s.moves.target[mover] >= 0
    s.moves.taken[j] = s.stocks.vacant[j] - left


@compiled
def allocate_homes(j, applicants, s):
    """Give the vacancies of neighbourhood j to applicants in their order."""
    moves = s.moves
    for mover in applicants:
        moves.target[mover] = take_row(moves.search[mover], j, s)
        moves.taken[j] += moves.target[mover] >= 0


@rule
def move_alone(source, target, same_neighbourhood, s):
    """Move one person, who then heads a household of one; returns 1."""
    move_record(source, target, same_neighbourhood, s)
    return 1


@compiled
def move_household(source, target, same_neighbourhood, s):
    """Move someone, and all who move with them, to the rows that were linked for them; return how many."""
    p, people, old, new = s.population, 0, source, target
    whole = leads(source, s)
    while True:
        following, following_new = next_member(old, s), next_member(new, s)
        move_record(old, new, same_neighbourhood, s)
        p.household[new] = np.uint32(following_new)
        if whole:
            p.role[new] = p.role[old]
        people += 1
        old, new = following, following_new
        if not whole or old == source:
            return people


@compiled
def prefetch_move(mover, s):
    """Prefetch the old and the new row of a mover who got a home."""
    if s.moves.target[mover] >= 0:
        prefetch_record(s.population, s.moves.row[mover])
        prefetch_record(s.population, s.moves.target[mover])


@compiled
def move_records(j, applicants, s):
    """Move those who got a home in neighbourhood j."""
    first, end = s.neighbourhoods.first[j], s.neighbourhoods.first[j + 1]
    for n in range(min(AHEAD, len(applicants))):
        prefetch_move(applicants[n], s)
    for n in range(len(applicants)):
        if n + AHEAD < len(applicants):
            prefetch_move(applicants[n + AHEAD], s)
        source, target = s.moves.row[applicants[n]], s.moves.target[applicants[n]]
        if target < 0:
            continue
        same = source >= first and source < end
        people = move_household(source, target, same, s) if are_kept(s) else move_alone(source, target, same, s)
        if same:
            s.flows.moved_within[j] += people
        else:
            s.flows.moved_in[j] += people


@phase
def settle_movers(worker, low, high, s):
    """Allocate the vacancies of neighbourhoods low to high - 1 to those who want them, by lottery, and move them.

    The remaining vacancies are for the arrivals.
    """
    for j in range(low, high):
        list_vacancies(j, s)
        first, end = s.moves.first[j], s.moves.first[j + 1]
        applicants = s.moves.ranked[first:end]
        order_by_lottery(s.moves.order[first:end], s.moves.lottery, s.moves.begins[first + j : end + j + 1], applicants)
        s.moves.taken[j] = 0
        find_places(j, applicants, worker, s)
        if are_kept(s):
            allocate_homes_to_households(j, applicants, s)
        else:
            allocate_homes(j, applicants, s)
        move_records(j, applicants, s)


@compiled
def prefetch_leaver(mover, last, s):
    """Prefetch the row of the second mover after this one, and the partners of the next."""
    if mover + 2 < last:
        prefetch_record(s.population, s.moves.row[mover + 2])
    if mover + 1 < last:
        prefetch_news(s.moves.row[mover + 1], s)


@rule
def leave_row(row, j, wanted, target, s):
    """Vacate the old row of someone who moves, with a note of the new one."""
    p, flows = s.population, s.flows
    p.intention[row] = NOTHING
    if wanted == OUTSIDE:
        flows.moved_away[j] += 1
    elif wanted != j:
        flows.moved_out[j] += 1
    if wanted != j:
        s.stocks.gone[j, p.origin[row]] += 1
        s.stocks.leavers[j, s.run.month[0] % 12] += 1
    onward = NOBODY
    if wanted >= 0:
        onward = note_of(target, p.serial[row], wanted == j)
    tell_partners(row, s)
    vacate(row, onward, s)


@compiled
def leave_home_as_household(row, j, wanted, target, s):
    """Vacate the old rows of someone and of all who move with them."""
    if not leads(row, s):
        leave_household(row, s)
    old, new = row, target
    while True:
        following = next_member(old, s)
        following_new = next_member(new, s) if wanted >= 0 else new
        leave_row(old, j, wanted, new, s)
        old, new = following, following_new
        if old == row:
            return


@compiled
def leave_home(mover, j, s):
    """Vacate a mover's old row or rows; those who found no home stay."""
    row, wanted, target = s.moves.row[mover], s.moves.wanted[mover], s.moves.target[mover]
    if wanted == NO_HOME or (wanted >= 0 and target < 0):
        s.population.intention[row] = NOTHING
        s.flows.no_home[j] += size_of(row, s) if are_kept(s) and leads(row, s) else 1
    elif are_kept(s):
        leave_home_as_household(row, j, wanted, target, s)
    else:
        leave_row(row, j, wanted, target, s)


@phase
def leave_old_homes(worker, low, high, s):
    """Vacate the old rows of the movers of neighbourhoods low to high - 1."""
    for j in range(low, high):
        for mover in range(s.moves.offset[j], s.moves.offset[j + 1]):
            prefetch_leaver(mover, s.moves.offset[high], s)
            leave_home(mover, j, s)
