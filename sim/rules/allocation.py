"""Which vacant row a person gets: where the search begins, and a range that is stable when a few rows are added."""

import numpy as np

from sim.machine.arithmetic import rule
from sim.machine.draws import HOUSE_LOTTERY, WORD, draw


@rule
def lottery_number(serial, seed, month):
    """64 random bits that decide the order where dwellings are short."""
    words = draw(seed, serial, month, HOUSE_LOTTERY)
    return (words[0] << WORD) | words[1]


@rule
def drawing_range(rows):
    """The least of 9, 10, ... 16 times a power of two that is not below a number of rows.

    A row is drawn from this range, and what lies beyond the last one counts as vacant: so a draw keeps its meaning
    when a few dwellings are built.
    """
    step = np.int64(1)
    while rows > 16 * step:
        step *= 2
    return (rows + step - 1) // step * step
