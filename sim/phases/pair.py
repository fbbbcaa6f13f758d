"""Couples form: those who look for a partner move in with someone of their neighbourhood who lives without one."""

from sim.households import are_kept, draw_candidates, find_mate, move_together, prefetch_candidates
from sim.joint_draws import add_searcher
from sim.machine.arithmetic import compiled
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_to_read
from sim.population import NOTHING, PAIR
from sim.workspace import SEEKERS


@compiled
def pair_waiting(waiting, j, worker, s):
    """Let those who wait find someone to move in with, one after the other."""
    draw_candidates(worker, s)
    for n in range(waiting):
        prefetch_candidates(j, n, worker, s)
    for n in range(waiting):
        row = s.work.searcher_row[worker, n]
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
        for base in range(s.neighbourhoods.first[j], end, AT_ONCE):
            bits = nonzero_rows(p.intention, base, end)
            while bits:
                row = base + lowest_bit(bits)
                bits = clear_lowest_bit(bits)
                if p.intention[row] == PAIR:
                    p.intention[row] = NOTHING
                    prefetch_to_read(p.faces_own, row)
                    prefetch_to_read(p.faces_other, row)
                    prefetch_to_read(p.household, row)
                    waiting = add_searcher(row, waiting, worker, s)
                    if waiting == SEEKERS:
                        pair_waiting(waiting, j, worker, s)
                        waiting = 0
        if waiting:
            pair_waiting(waiting, j, worker, s)
