"""Households: the members of one are linked in a ring of rows within a neighbourhood; whoever changes a ring owns it.

A household takes one dwelling; each member takes a row. One member is the head. Heads decide on moving and on leaving
the country for all who move with them; nobody under eighteen is left without an adult as long as one lives in the
neighbourhood.
"""

import numpy as np

from sim.joint_draws import draw_jointly, word_at
from sim.machine.arithmetic import HALF, ZERO, rule
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_rows
from sim.machine.draws import MATE, draw, pick, uniform
from sim.machine.prefetch import prefetch_to_read
from sim.population import CHILD, DIE, EMIGRATE, HEAD, HOUSEMATE, MOVE, NOBODY, NOTHING, PARTNER
from sim.rules.allocation import drawing_range
from sim.rules.households import (
    ADULT_AGE,
    AGE_APART,
    dwelling_kind,
    leaving_as_role,
    moving_as_role,
    pairing_chance,
    separation_chance,
)
from sim.rules.meeting import own_tie_share
from sim.rules.people import age_of
from sim.workspace import DRAWS, WORDS

PROBES = 128  # rows in which someone looks for a partner: in a village as in a city most who look find one
NO_ROW = np.int64(-1)


@rule
def are_kept(s):
    """Whether people live in households."""
    return s.c.households >= HALF


@rule
def next_member(row, s):
    """The row of the next member of the household."""
    return np.int64(s.population.household[row])


@rule
def is_adult(row, s):
    """Whether someone is eighteen or older."""
    return age_of(s.run.month[0], s.population.born[row]) >= ADULT_AGE


@rule
def live_alone(row, s):
    """Begin a household of one."""
    s.population.household[row] = np.uint32(row)
    s.population.role[row] = HEAD


@rule
def size_of(row, s):
    """Members of the household."""
    count, member = 1, next_member(row, s)
    while member != row:
        count += 1
        member = next_member(member, s)
    return count


@rule
def has_other(row, role, s):
    """Whether somebody else in the household has this role."""
    member = next_member(row, s)
    while member != row:
        if s.population.role[member] == role:
            return True
        member = next_member(member, s)
    return False


@rule
def head_of(row, s):
    """The row of the head of the household."""
    member = row
    while s.population.role[member] != HEAD:
        member = next_member(member, s)
    return member


@rule
def leads(row, s):
    """Whether the household moves with this member: its head, unless it is a shared dwelling."""
    p = s.population
    return p.role[row] == HEAD and p.role[next_member(row, s)] != HOUSEMATE


@rule
def shares(row, s):
    """Whether someone shares a dwelling with others who are no family."""
    p = s.population
    return p.role[row] == HOUSEMATE or p.role[next_member(row, s)] == HOUSEMATE


@rule
def join(row, beside, role, s):
    """Link someone into the household of another, next to whom they stand."""
    p = s.population
    p.household[row] = p.household[beside]
    p.household[beside] = np.uint32(row)
    p.role[row] = role


@rule
def unlink(row, s):
    """Take someone out of the ring; they head a household of their own."""
    p, member = s.population, row
    while next_member(member, s) != row:
        member = next_member(member, s)
    p.household[member] = p.household[row]
    live_alone(row, s)


@rule
def heir_of(first, s):
    """Who heads a household next: the partner, else the oldest adult; -1 where all are under eighteen."""
    p, member, heir = s.population, first, NO_ROW
    while True:
        if p.role[member] == PARTNER:
            return member
        if is_adult(member, s) and (heir < 0 or p.born[member] < p.born[heir]):
            heir = member
        member = next_member(member, s)
        if member == first:
            return heir


@rule
def leave_household(row, s):
    """Take someone out of their household, which another then heads; the first of the orphans, or -1 for none."""
    role, first = s.population.role[row], next_member(row, s)
    if first == row:
        return NO_ROW
    unlink(row, s)
    if role != HEAD:
        return NO_ROW
    first = np.int64(first)
    heir = heir_of(first, s)
    if heir < 0:
        s.population.role[first] = HEAD
        return first
    s.population.role[heir] = HEAD
    return NO_ROW


@rule
def takes_in(row, s):
    """Whether someone heads a household that can take children in."""
    p = s.population
    if p.serial[row] == NOBODY or not leads(row, s) or not is_adult(row, s):
        return False
    return p.intention[row] != DIE and p.intention[row] != EMIGRATE


@rule
def take_in_orphans(orphan, j, s):
    """Let the next household of neighbourhood j that can take in children without an adult; whether there is one."""
    first, opened = s.neighbourhoods.first[j], s.stocks.opened[j]
    host = NO_ROW
    for step in range(1, opened):
        row = first + (orphan - first + step) % opened
        if takes_in(row, s):
            host = row
            break
    if host < 0:
        return False
    member = orphan
    while True:
        following = next_member(member, s)
        join(member, host, CHILD, s)
        member = following
        if member == orphan:
            return True


@rule
def remove_from_household(row, j, s):
    """Take someone out who is to leave the table, orphans taken care of; whether the dwelling falls vacant."""
    alone = next_member(row, s) == row
    s.population.intention[row] = DIE  # so that nobody is taken in by who leaves
    orphan = leave_household(row, s)
    if orphan >= 0:
        take_in_orphans(orphan, j, s)
    return alone


@rule
def may_move(row, s):
    """Whether someone who wants to move can: no minor, and nobody whose head moves with them."""
    p = s.population
    role = p.role[row]
    minor = role == CHILD and not is_adult(row, s)
    return not minor and (role in (HEAD, HOUSEMATE) or p.intention[head_of(row, s)] != MOVE)


@rule
def cancel_moves(j, s):
    """Keep those from moving who cannot: minors, and those whose head moves with them; count the others."""
    p, movers = s.population, 0
    first = s.neighbourhoods.first[j]
    end = first + s.stocks.opened[j]
    for base in range(first, end, AT_ONCE):
        bits = nonzero_rows(p.intention, base, end)
        while bits:
            row = base + lowest_bit(bits)
            bits = clear_lowest_bit(bits)
            if p.intention[row] == MOVE and may_move(row, s):
                movers += 1
            elif p.intention[row] == MOVE:
                p.intention[row] = NOTHING
    return movers


@rule
def moving_in_role(chance, row, age, s):
    """This month's chance to move house, for those who decide on it; a partner's is that of parting."""
    p = s.population
    if p.role[row] == PARTNER:
        return separation_chance(age, s.c)
    leading = leads(row, s)
    return moving_as_role(chance, leading, p.role[row] == CHILD, leading and has_other(row, CHILD, s), age, s.c)


@rule
def looks_for(row, s):
    """The kind of dwelling a mover looks for, see `dwelling_kind`."""
    if not leads(row, s):
        return 0
    return dwelling_kind(size_of(row, s), has_other(row, CHILD, s))


@rule
def leaving_in_role(chance, row, s):
    """This month's chance to leave the country, for those who decide on it."""
    with_family = leads(row, s) and next_member(row, s) != row
    return leaving_as_role(chance, with_family, s.c)


@rule
def may_depart(row, age, s):
    """Whether someone decides on leaving the country: partners and minors follow the head."""
    return s.population.role[row] != PARTNER and age >= ADULT_AGE


@rule
def birth_in_role(row, j, age, s):
    """This month's chance of a child in neighbourhood j: more with a partner, none in a shared dwelling."""
    p = s.population
    if shares(row, s):
        return ZERO
    paired = p.role[row] == PARTNER or (p.role[row] == HEAD and has_other(row, PARTNER, s))
    return (s.ages.birth_paired[age] if paired else s.ages.birth_alone[age]) * s.rates.fertility[j]


@rule
def pairing_in_role(row, age, s):
    """This month's chance to look for a partner: of those who have none."""
    p = s.population
    if p.role[row] == PARTNER or (p.role[row] == HEAD and has_other(row, PARTNER, s)):
        return ZERO
    return pairing_chance(age, s.c)


@rule
def is_mate(candidate, row, own_group, s):
    """Whether someone heads a household without a partner, is of the wanted pool and of about the same age."""
    p = s.population
    # The narrowest columns first: candidates lie anywhere, and few get beyond these.
    if p.role[candidate] != HEAD or (p.origin[candidate] == p.origin[row]) != own_group:
        return False
    if abs(np.int64(p.born[candidate]) - np.int64(p.born[row])) > AGE_APART or not is_adult(candidate, s):
        return False
    if p.intention[candidate] in (DIE, EMIGRATE, MOVE) or p.serial[candidate] == NOBODY or not leads(candidate, s):
        return False
    return not has_other(candidate, PARTNER, s) and head_of(row, s) != candidate


@rule
def prefetch_candidates(j, n, worker, s):
    """Prefetch what is read first of the rows in which the n-th of eight people looks for a partner."""
    p, first, span = s.population, s.neighbourhoods.first[j], drawing_range(s.stocks.opened[j])
    for block in range(DRAWS):
        for word in range(WORDS):
            row = first + pick(np.uint64(s.work.joint_words[worker, word_at(block, word, n)]), span)
            prefetch_to_read(p.role, row)
            prefetch_to_read(p.origin, row)
            prefetch_to_read(p.born, row)


@rule
def draw_candidates(worker, s):
    """Draw the rows in which eight people look for a partner, whose serials are noted (`key_draws`)."""
    draw_jointly(MATE + (1 << 8), 1 << 8, worker, s)


@rule
def find_mate(row, j, n, worker, s):
    """Find a partner to live with among the rows of neighbourhood j, or -1: the first suitable of up to 128.

    `n` is the number among the eight whose first 32 candidates were drawn together.
    """
    p, month = s.population, s.run.month[0]
    serial, first, opened = p.serial[row], s.neighbourhoods.first[j], s.stocks.opened[j]
    span = drawing_range(opened)
    own_share = own_tie_share(p.faces_own[row], p.faces_other[row], s.c.tie_out_group, s.c.tie_own_settings)
    own_group = uniform(draw(s.run.key, serial, month, MATE)[0]) < own_share
    for block in range(DRAWS):
        for word in range(WORDS):
            offset = pick(np.uint64(s.work.joint_words[worker, word_at(block, word, n)]), span)
            if offset < opened and is_mate(first + offset, row, own_group, s):
                return first + offset
    for block in range(DRAWS, PROBES // WORDS):
        for more in draw(s.run.key, serial, month, MATE + ((block + 1) << 8)):
            offset = pick(more, span)
            if offset < opened and is_mate(first + offset, row, own_group, s):
                return first + offset
    return NO_ROW


@rule
def move_together(row, mate, s):
    """Let someone move in with a partner: with all who move with them, or from a parental home or shared dwelling."""
    if leads(row, s):
        member = next_member(row, s)
        while member != row:
            following = next_member(member, s)
            join(member, mate, CHILD, s)
            member = following
        s.population.household[row] = np.uint32(row)
    else:
        leave_household(row, s)
    join(row, mate, PARTNER, s)
