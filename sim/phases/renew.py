"""Renewal, while settling: instead of leaving and moving, residents stay and their length of residence starts again."""

import numpy as np

from sim.households import are_kept, leads, next_member
from sim.machine.arithmetic import ONE, ZERO, clip, rule
from sim.machine.compile_cache import phase
from sim.motives import ASYLUM
from sim.population import DIE, EMIGRATE, EMPLOYED, MOVE, NOBODY, NOTHING
from sim.ties import break_ties


@rule
def begin_anew(row, moves, arrives, s):
    """Restart the residence of someone who would have left, moved or arrived this month."""
    p, month = s.population, s.run.month[0]
    p.moved_in[row] = month
    p.faces_own[row] = 0
    p.faces_other[row] = 0
    break_ties(row, s.c.tie_kept_moving if moves and not arrives else ZERO, s)
    if arrives:
        p.belonging[row] = clip(s.c.newcomer_start + p.disposition[row], ZERO, ONE)
        p.withdrawal[row] = 0
    if p.arrived[row] == month:
        p.language[row] = s.c.language_newcomer
        if p.motive[row] == ASYLUM:
            p.flags[row] &= ~EMPLOYED


@rule
def renew_others(row, j, moves, s):
    """Renew all who would have left or moved with the head of their household; return how many."""
    member, others = next_member(row, s), 0
    while member != row:
        s.stocks.gone[j, s.population.origin[member]] += 1
        begin_anew(member, moves, False, s)
        others += 1
        member = next_member(member, s)
    return others


@phase
def renew(worker, low, high, s):
    """Renew residents instead of letting them leave or move, while settling.

    So the composition of every neighbourhood remains that of the data while ties, faces, residence and belonging
    settle. The same happens in the month someone arrived in the country or was born.
    """
    p, stocks, month = s.population, s.stocks, s.run.month[0]
    for j in range(low, high):
        for g in range(stocks.gone.shape[1]):
            stocks.gone[j, g] = 0
        left, first = 0, s.neighbourhoods.first[j]
        for row in range(first, first + stocks.opened[j]):
            if p.serial[row] == NOBODY:
                continue
            intention = p.intention[row]
            p.intention[row] = NOTHING
            if are_kept(s) and intention in (EMIGRATE, MOVE) and leads(row, s):
                left += renew_others(np.int64(row), j, intention == MOVE, s)
            leaves = intention in (DIE, EMIGRATE, MOVE)
            arrives = p.arrived[row] == month or p.born[row] == month
            if leaves:
                stocks.gone[j, p.origin[row]] += 1
                left += intention != DIE
            if leaves or arrives:
                begin_anew(row, intention == MOVE, arrives, s)
        stocks.leavers[j, month % 12] = left
