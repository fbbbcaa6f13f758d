"""Ties in a block of residents that must be updated: a partner left or moved, or the tie has ended.

Partners can be anywhere in memory, so their rows are prefetched in three rounds with other work in between.
"""

import numpy as np

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.bitmask import nonzero_rows
from sim.machine.prefetch import prefetch_to_read
from sim.ties import prefetch_ties, tie_ends, tie_row, update_ties


@compiled
def flag_ties(start, stop, worker, s):
    """Flag those whose ties must be updated, and prefetch these ties."""
    p, month = s.population, s.run.month[0]
    tie_news, tie_end = p.tie_news[start:stop], p.tie_end[start:stop]
    size, flag, alive = stop - start, s.work.tied[worker], s.work.alive[worker]
    now = np.int16(month)  # in 16 bits, as months are stored, so that the compiler compares many at once
    for n in range(size):
        flag[n] = ((tie_news[n] != 0) | (tie_end[n] <= now)) & (alive[n] > ZERO)
    for n in nonzero_rows(flag, 0, size):
        prefetch_ties(start + n, s)


@compiled
def prefetch_partners(start, stop, worker, s):
    """Prefetch what is read of the partners of those flagged: only of whom the tie ends, where there is no news."""
    p, month, size, flag = s.population, s.run.month[0], stop - start, s.work.tied[worker]
    for n in nonzero_rows(flag, 0, size):
        row = start + n
        for slot in range(p.tie_count[row]):
            tie = p.ties[row, slot]
            if p.tie_news[row]:
                prefetch_to_read(p.serial, tie_row(tie))
                prefetch_ties(tie_row(tie), s)  # where a partner left a note
            if p.tie_news[row] or tie_ends(tie) <= month:
                prefetch_to_read(p.origin, tie_row(tie))


@compiled
def keep_up_ties(start, stop, worker, s):
    """Update the ties of those flagged."""
    size, flag = stop - start, s.work.tied[worker]
    for n in nonzero_rows(flag, 0, size):
        update_ties(start + n, s)
