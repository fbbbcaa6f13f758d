"""Ties that ask for attention in a block of residents: a partner left or moved, or a tie has run its time.

Partners live anywhere, so their rows are prefetched (`sim.machine.prefetch`), in three rounds with other work between.
"""

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.machine.prefetch import fetch_ties, fetch_to_read
from sim.ties import check_ties, tie_row


@compiled
def mark_ties(block, start, population, month, alive, flag):
    """Mark those whose ties need a look, and ask for these ties."""
    size = len(block.serial)
    for n in range(size):
        flag[n] = ((block.tie_news[n] != 0) | (block.tie_end[n] <= month)) & (alive[n] > ZERO)
    for base in range(0, size, AT_ONCE):
        bits = marked(flag, base, size)
        while bits:
            fetch_ties(start + base + lowest(bits), population)
            bits = without_lowest(bits)


@compiled
def fetch_partners(start, size, population, flag):
    """Ask for who lives where the partners of those marked lived."""
    for base in range(0, size, AT_ONCE):
        bits = marked(flag, base, size)
        while bits:
            row = start + base + lowest(bits)
            bits = without_lowest(bits)
            for slot in range(population.tie_count[row]):
                partner = tie_row(population.ties[row, slot])
                fetch_to_read(population.serial, partner)
                fetch_to_read(population.origin, partner)


@compiled
def keep_ties(start, size, population, seed, month, kept, flag):
    """Look after the ties of those marked."""
    for base in range(0, size, AT_ONCE):
        bits = marked(flag, base, size)
        while bits:
            check_ties(start + base + lowest(bits), population, seed, month, kept)
            bits = without_lowest(bits)
