"""Leaving: deaths and departures abroad free a row, to be allocated from next month on."""

import numpy as np

from sim.households import are_kept, head_of, is_adult, is_mixed, leads, leave_household, next_member, take_in_orphans
from sim.machine.arithmetic import compiled, rule
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.population import CHILD, DIE, EMIGRATE, HEAD, HOUSEMATE, MOVE, NOBODY, NOTHING
from sim.records import clear
from sim.ties import tell_partners


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
    for row in nonzero_rows(p.intention, first, end):
        if p.intention[row] == MOVE and may_move(row, s):
            movers += 1
        elif p.intention[row] == MOVE:
            p.intention[row] = NOTHING
    return movers


@rule
def vacate(row, onward, s):
    """Vacate a row; `onward` is a tie that points to the resident's new row, 0 if they left for good."""
    p = s.population
    for slot in range(p.tie_count[row]):
        p.ties[row, slot] = NOBODY
    clear(p, row)
    p.moved_in[row] = s.run.month[0]
    p.ties[row, 0] = onward


@rule
def leave_for_good(row, j, s):
    """Free the row of someone who died or left, and tell their partners."""
    s.stocks.gone[j, s.population.origin[row]] += 1
    tell_partners(row, s)
    vacate(row, NOBODY, s)


@rule
def leave_household_for_good(row, j, flow, s):
    """Let all of a household leave from neighbourhood j, and count them as this flow."""
    member = row
    while True:
        following = next_member(member, s)
        flow[j] += 1
        s.stocks.leavers[j, s.run.month[0] % 12] += 1
        leave_for_good(member, j, s)
        member = following
        if member == row:
            return


@rule
def die(row, j, s):
    """A death; children who are left alone are taken in by another household, or else move away."""
    s.flows.deaths[j] += 1
    orphan = leave_household(row, s)
    leave_for_good(row, j, s)
    if orphan >= 0 and not take_in_orphans(orphan, j, s):
        leave_household_for_good(orphan, j, s.flows.moved_away, s)


@rule
def emigrate(row, j, s):
    """Leave the country: with the household of its head, or alone; of a mixed couple the other stays."""
    p = s.population
    if p.role[row] == CHILD and not is_adult(row, s):
        p.intention[row] = NOTHING
        return
    if is_mixed(row, s) or not leads(row, s):
        leave_household(row, s)
    leave_household_for_good(row, j, s.flows.emigrated, s)


@rule
def leave_in_household(row, j, s):
    """Carry out the death or departure of someone who lives in a household."""
    if s.population.intention[row] == DIE:
        die(np.int64(row), j, s)
    elif s.population.intention[row] == EMIGRATE:
        emigrate(np.int64(row), j, s)


@compiled
def let_households_leave(j, s):
    """Carry out deaths and departures in neighbourhood j, and count the households and people who want to move."""
    p = s.population
    end = s.neighbourhoods.first[j] + s.stocks.opened[j]
    s.stocks.leavers[j, s.run.month[0] % 12] = 0
    for row in nonzero_rows(p.intention, s.neighbourhoods.first[j], end):
        leave_in_household(row, j, s)
    s.moves.movers[j] = cancel_moves(j, s)


@phase
def leave(worker, low, high, s):
    """Carry out deaths and departures in neighbourhoods low to high - 1; count those who want to move house."""
    p, stocks, flows = s.population, s.stocks, s.flows
    for j in range(low, high):
        s.moves.movers[j] = 0
        for g in range(stocks.gone.shape[1]):
            stocks.gone[j, g] = 0
        if are_kept(s):
            let_households_leave(j, s)
            continue
        left, end = 0, s.neighbourhoods.first[j] + stocks.opened[j]
        for row in nonzero_rows(p.intention, s.neighbourhoods.first[j], end):
            intention = p.intention[row]
            if intention == MOVE:
                s.moves.movers[j] += 1
            elif intention in (DIE, EMIGRATE):
                stocks.gone[j, p.origin[row]] += 1
                flows.deaths[j] += intention == DIE
                flows.emigrated[j] += intention == EMIGRATE
                left += intention == EMIGRATE
                tell_partners(row, s)
                vacate(row, NOBODY, s)
        stocks.leavers[j, s.run.month[0] % 12] = left
