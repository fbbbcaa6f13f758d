"""Ties in a block of residents that must be updated: a partner left or moved, or the tie has ended.

Partners can be anywhere in memory, so what is read of them is prefetched, with other work in between. Those whose ties
must be updated are listed once, and of their partners only those are looked at whose tie is concerned.
"""

import numpy as np

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.bitmask import nonzero_rows, set_bits
from sim.machine.prefetch import prefetch_to_read
from sim.ties import concerned_ties, count_own, keep_up_ties, prefetch_ties, tie_row


@compiled
def list_tied(start, stop, worker, s):
    """List those whose ties must be updated, and prefetch these ties; returns how many."""
    p, month = s.population, s.run.month[0]
    tie_news, tie_end = p.tie_news[start:stop], p.tie_end[start:stop]
    size, flag, alive, listed = stop - start, s.work.flag[worker], s.work.alive[worker], s.work.tied[worker]
    now = np.int16(month)  # in 16 bits, as months are stored, so that the compiler compares many at once
    for n in range(size):
        flag[n] = ((tie_news[n] != 0) | (tie_end[n] <= now)) & (alive[n] > ZERO)
    count = 0
    for n in nonzero_rows(flag, 0, size):
        listed[count] = start + n
        count += 1
        prefetch_ties(start + n, s)
    return count


@compiled
def prefetch_partners(count, worker, s):
    """Prefetch what is read of the partners of those listed, and the notes of partners who moved."""
    p, listed = s.population, s.work.tied[worker]
    for n in range(count):
        for slot in set_bits(concerned_ties(listed[n], s)):
            partner = tie_row(p.ties[listed[n], slot])
            prefetch_to_read(p.serial, partner)
            prefetch_to_read(p.origin, partner)
            prefetch_ties(partner, s)


@compiled
def keep_up_listed(count, worker, s):
    """Update the ties of those listed; those with the own group are counted again only where they can have changed."""
    for n in range(count):
        row = s.work.tied[worker, n]
        if keep_up_ties(row, s):
            count_own(row, s)
