"""Households: the members of one are linked in a ring of rows within a neighbourhood; whoever changes a ring owns it.

A household takes one dwelling; each member takes a row. One member is the head. Heads decide on moving and on leaving
the country for all who move with them; nobody under eighteen is left without an adult as long as one lives in the
neighbourhood.
"""

import numpy as np

from sim.machine.arithmetic import HALF, rule
from sim.motives import NO_MOTIVE
from sim.population import CHILD, DIE, EMIGRATE, HEAD, HOUSEMATE, NOBODY, PARTNER
from sim.rules.households import (
    ADULT_AGE,
    dwelling_kind,
)
from sim.rules.people import age_of

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
def has_partner(row, s):
    """Whether somebody lives with a partner."""
    role = s.population.role[row]
    return role == PARTNER or (role == HEAD and has_other(row, PARTNER, s))


@rule
def is_mixed(row, s):
    """Whether of the couple that somebody is one of only one came from abroad: then each leaves the country alone."""
    p = s.population
    member = next_member(row, s)
    while member != row:
        if p.role[member] == HEAD or p.role[member] == PARTNER:
            return (p.motive[member] == NO_MOTIVE) != (p.motive[row] == NO_MOTIVE)
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
def looks_for(row, s):
    """The kind of dwelling a mover looks for, see `dwelling_kind`."""
    if not leads(row, s):
        return 0
    return dwelling_kind(size_of(row, s), has_other(row, CHILD, s))
