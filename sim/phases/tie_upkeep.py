"""Ties in a block of residents that must be updated: a partner left or moved, or the tie has ended.

Partners can be anywhere in memory, so their rows are prefetched in three rounds with other work in between.
"""

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.bitmask import nonzero_rows
from sim.machine.prefetch import prefetch_to_read
from sim.ties import prefetch_ties, tie_row, update_ties


@compiled
def flag_ties(start, stop, worker, s):
    """Flag those whose ties must be updated, and prefetch these ties."""
    p, month = s.population, s.run.month[0]
    tie_news, tie_end = p.tie_news[start:stop], p.tie_end[start:stop]
    size, flag, alive = stop - start, s.work.tied[worker], s.work.alive[worker]
    for n in range(size):
        flag[n] = ((tie_news[n] != 0) | (tie_end[n] <= month)) & (alive[n] > ZERO)
    for n in nonzero_rows(flag, 0, size):
        prefetch_ties(start + n, s)


@compiled
def prefetch_partners(start, stop, worker, s):
    """Prefetch the partners' rows of those flagged."""
    p, size, flag = s.population, stop - start, s.work.tied[worker]
    for n in nonzero_rows(flag, 0, size):
        row = start + n
        for slot in range(p.tie_count[row]):
            partner = tie_row(p.ties[row, slot])
            prefetch_to_read(p.serial, partner)
            prefetch_to_read(p.origin, partner)


@compiled
def keep_up_ties(start, stop, worker, s):
    """Update the ties of those flagged."""
    size, flag = stop - start, s.work.tied[worker]
    for n in nonzero_rows(flag, 0, size):
        update_ties(start + n, s)
