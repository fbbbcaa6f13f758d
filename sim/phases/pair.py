"""Couples form: those who look for a partner move in with someone of their neighbourhood who lives without one."""

import numpy as np

from sim.households import are_kept, find_mate, move_together
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_rows
from sim.machine.compile_cache import phase
from sim.population import NOTHING, PAIR


@phase
def form_couples(worker, low, high, s):
    """Form the couples of neighbourhoods low to high - 1, in the order of rows."""
    if not are_kept(s):
        return
    p = s.population
    for j in range(low, high):
        end = s.neighbourhoods.first[j] + s.stocks.opened[j]
        for base in range(s.neighbourhoods.first[j], end, AT_ONCE):
            bits = nonzero_rows(p.intention, base, end)
            while bits:
                row = base + lowest_bit(bits)
                bits = clear_lowest_bit(bits)
                if p.intention[row] == PAIR:
                    p.intention[row] = NOTHING
                    mate = find_mate(row, j, s)
                    if mate >= 0:
                        move_together(np.int64(row), mate, s)
