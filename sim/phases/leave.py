"""Leaving: deaths and departures abroad free a row, to be allocated from next month on."""

from sim.machine.arithmetic import rule
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_rows
from sim.machine.compile_cache import phase
from sim.population import DIE, EMIGRATE, MOVE, NOBODY
from sim.records import clear
from sim.ties import tell_partners


@rule
def vacate(row, onward, s):
    """Vacate a row; `onward` is a tie that points to the resident's new row, 0 if they left for good."""
    p = s.population
    for slot in range(p.tie_count[row]):
        p.ties[row, slot] = NOBODY
    clear(p, row)
    p.moved_in[row] = s.run.month[0]
    p.ties[row, 0] = onward


@phase
def leave(worker, low, high, s):
    """Carry out deaths and departures in neighbourhoods low to high - 1; count those who want to move house."""
    p, stocks, flows = s.population, s.stocks, s.flows
    for j in range(low, high):
        s.moves.movers[j] = 0
        for g in range(stocks.gone.shape[1]):
            stocks.gone[j, g] = 0
        left, end = 0, s.neighbourhoods.first[j] + stocks.opened[j]
        for base in range(s.neighbourhoods.first[j], end, AT_ONCE):
            bits = nonzero_rows(p.intention, base, end)
            while bits:
                row = base + lowest_bit(bits)
                bits = clear_lowest_bit(bits)
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
