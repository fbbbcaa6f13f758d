"""A lattice on which people of two kinds live: who are one's neighbours, and are they alike?

Cells hold 0 (empty), 1 or 2 (the kind of who lives there). Neighbours are the occupied ones of the eight cells around
(Moore radius 1); the lattice has edges. Shares are always of *occupied* neighbours, never of cells.
"""

import numba as nb
import numpy as np

EMPTY = 0


def generator(seed: int, stream: int = 0) -> np.random.Generator:
    """Random numbers keyed by a seed and a stream (the number of a run, say), both >= 0.

    The two are the two words of a Philox key: streams of neighbouring seeds have nothing in common, which adding
    ``seed + stream`` would not give.
    """
    return np.random.Generator(np.random.Philox(key=np.array([seed, stream], dtype=np.uint64)))


@nb.njit(cache=True, nogil=True)
def neighbours(cells, row, column, kind):
    """Count the occupied cells around a cell and those of them that hold this kind; the cell itself does not count."""
    occupied, alike = 0, 0
    for r in range(max(row - 1, 0), min(row + 2, cells.shape[0])):
        for c in range(max(column - 1, 0), min(column + 2, cells.shape[1])):
            if cells[r, c] != EMPTY and not (r == row and c == column):
                occupied += 1
                alike += cells[r, c] == kind
    return occupied, alike


@nb.njit(cache=True, nogil=True)
def is_content(cells, row, column, kind, wanted):
    """Whether the wanted share of the neighbours is of this kind; without neighbours there is nothing to mind.

    The slack lets 3 of 5 count as 0.6 and 1 of 3 as 1/3, whatever the rounding of the product.
    """
    occupied, alike = neighbours(cells, row, column, kind)
    return alike >= wanted * occupied - 1e-9


@nb.njit(cache=True, nogil=True)
def scatter(height, width, kinds, rng):
    """Put people at random in distinct cells.

    Returns the lattice (int8) and, for people and then for empty cells, the index row * width + column of their cell.
    """
    order = np.arange(height * width)
    for i in range(len(order) - 1):
        j = i + rng.integers(0, len(order) - i)
        order[i], order[j] = order[j], order[i]
    cells = np.zeros((height, width), dtype=np.int8)
    for person in range(len(kinds)):
        cells[order[person] // width, order[person] % width] = kinds[person]
    return cells, order[: len(kinds)].copy(), order[len(kinds) :].copy()
