"""Couples form: those who look for a partner move in with someone of their neighbourhood who lives without one."""

import numpy as np

from sim.households import (
    NO_ROW,
    are_kept,
    has_other,
    has_partner,
    head_of,
    is_adult,
    join,
    leads,
    leave_household,
    next_member,
)
from sim.joint_draws import draw_jointly, key_draws, word_at
from sim.machine.arithmetic import compiled, rule
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.draws import MATE, draw, pick, uniform
from sim.machine.prefetch import prefetch_to_read
from sim.population import CHILD, DIE, EMIGRATE, HEAD, MOVE, NOTHING, PAIR, PARTNER
from sim.rules.allocation import drawing_range
from sim.rules.households import AGE_APART
from sim.rules.meeting import own_tie_share
from sim.workspace import DRAWS, SEEKERS, WORDS

PROBES = 128  # rows in which someone looks for a partner: in a village as in a city most who look find one


@rule
def is_mate(candidate, row, own_group, s):
    """Whether someone heads a household without a partner, is of the wanted pool and of about the same age."""
    p = s.population
    # The narrowest columns first: candidates lie anywhere, and few get beyond these.
    if p.role[candidate] != HEAD or (p.origin[candidate] == p.origin[row]) != own_group:
        return False
    if abs(np.int64(p.born[candidate]) - np.int64(p.born[row])) > AGE_APART or not is_adult(candidate, s):
        return False
    if p.intention[candidate] in (DIE, EMIGRATE, MOVE) or not leads(candidate, s):
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
def wait_to_pair(row, waiting, worker, s):
    """Let someone wait with those who look for a partner to live with; returns how many wait now."""
    s.work.searcher_row[worker, waiting] = row
    key_draws(waiting, s.population.serial[row], s.run.month[0], worker, s)
    return waiting + 1


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


@compiled
def pair_waiting(waiting, j, worker, s):
    """Let those who wait find someone to move in with, one after the other."""
    draw_candidates(worker, s)
    for n in range(waiting):
        prefetch_candidates(j, n, worker, s)
    for n in range(waiting):
        row = s.work.searcher_row[worker, n]
        if has_partner(row, s):  # found meanwhile, by one who looked before
            continue
        mate = find_mate(row, j, n, worker, s)
        if mate >= 0:
            move_together(row, mate, s)


@phase
def form_couples(worker, low, high, s):
    """Form the couples of neighbourhoods low to high - 1, in the order of rows."""
    if not are_kept(s):
        return
    p = s.population
    for j in range(low, high):
        waiting = 0
        end = s.neighbourhoods.first[j] + s.stocks.opened[j]
        for row in nonzero_rows(p.intention, s.neighbourhoods.first[j], end):
            if p.intention[row] == PAIR:
                p.intention[row] = NOTHING
                prefetch_to_read(p.faces_own, row)
                prefetch_to_read(p.faces_other, row)
                prefetch_to_read(p.household, row)
                waiting = wait_to_pair(row, waiting, worker, s)
                if waiting == SEEKERS:
                    pair_waiting(waiting, j, worker, s)
                    waiting = 0
        if waiting:
            pair_waiting(waiting, j, worker, s)
