"""Schelling's residential sorting on 13 x 16 cells: mild preferences, strong segregation.

People of two kinds, equally many, want at least a given share of their neighbours to be of their own kind. Each step
one discontent person, drawn at random, moves; all stop when nobody is discontent. Rules as described by Mauhe,
Izquierdo & Izquierdo (2022, "Social simulation models as refuting machines"), written anew from that description.

Without neighbours a person is content, an empty cell without neighbours counts as a share of 1, and people without
neighbours are left out of the average (implementations that differ here, or count empty cells as unlike, differ in
their results). A mover does not count itself as a neighbour of a cell next to its old one.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np

from experiments.limits.lattice import EMPTY, generator, is_content, neighbours, scatter
from scenarios.errors import InputError

HEIGHT, WIDTH, PEOPLE = 13, 16, 138
MOST_MOVES = 1_000_000
RULES = ("random-content-cell", "random-cell", "closest-content-cell", "best-cell")
RANDOM_CONTENT, RANDOM, CLOSEST_CONTENT, BEST = range(4)

# Mean (and standard deviation between runs) of the average share alike at rest, computed with another implementation.
# The number of runs behind it is not known; means are given to three decimals.
REFERENCE = {
    ("random-content-cell", 0.25): (0.655, 0.044),
    ("random-content-cell", 1 / 3): (0.741, 0.038),
    ("random-content-cell", 0.50): (0.877, 0.026),
    ("random-content-cell", 0.60): (0.945, 0.015),
    ("random-cell", 0.25): (0.653, None),
    ("random-cell", 1 / 3): (0.747, None),
    ("random-cell", 0.50): (0.888, None),
    ("random-cell", 0.60): (0.962, None),
}


@dataclass(frozen=True)
class AtRest:
    """Runs that came to rest: mean share alike, its standard deviation between runs and standard error; runs, moves."""

    share: float
    deviation: float
    error: float
    settled: int
    runs: int
    moves: float


@nb.njit(cache=True, nogil=True)
def average_share_alike(cells):
    """Mean over people with a neighbour of the share of their neighbours that are of their own kind."""
    total, counted = 0.0, 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            if cells[row, column] != EMPTY:
                occupied, alike = neighbours(cells, row, column, cells[row, column])
                if occupied > 0:
                    total += alike / occupied
                    counted += 1
    return total / counted


@nb.njit(cache=True, nogil=True)
def preference(cells, target, origin, kind, wanted, rule):
    """Preference of a mover for an empty cell under a movement rule; the most preferred is taken, ties at random."""
    width = cells.shape[1]
    row, column = target // width, target % width
    if rule == RANDOM:
        return 0.0
    if rule == BEST:
        occupied, alike = neighbours(cells, row, column, kind)
        return alike / occupied if occupied > 0 else 1.0
    if not is_content(cells, row, column, kind, wanted):
        return -np.inf
    if rule == CLOSEST_CONTENT:
        return -float(abs(row - origin // width) + abs(column - origin % width))
    return 0.0


@nb.njit(cache=True, nogil=True)
def choose(cells, vacant, origin, kind, wanted, rule, rng):
    """Choose the position in the list of empty cells to move to; any of them when none contents."""
    best, ties, chosen = -np.inf, 0, 0
    for position in range(len(vacant)):
        liked = preference(cells, vacant[position], origin, kind, wanted, rule)
        if liked > best:
            best, ties = liked, 0
        if liked == best:
            ties += 1
            if rng.integers(0, ties) == 0:
                chosen = position
    return chosen


@nb.njit(cache=True, nogil=True)
def settle(wanted, rule, most_moves, rng):
    """Let people move until nobody is discontent; return the lattice, the number of moves, whether it came to rest."""
    kinds = np.empty(PEOPLE, dtype=np.int8)
    kinds[: PEOPLE // 2] = 1
    kinds[PEOPLE // 2 :] = 2
    cells, home, vacant = scatter(HEIGHT, WIDTH, kinds, rng)
    discontent = np.empty(PEOPLE, dtype=np.int64)
    for moves in range(most_moves):
        count = 0
        for person in range(PEOPLE):
            if not is_content(cells, home[person] // WIDTH, home[person] % WIDTH, kinds[person], wanted):
                discontent[count] = person
                count += 1
        if count == 0:
            return cells, moves, True
        person = discontent[rng.integers(0, count)]
        origin = home[person]
        cells[origin // WIDTH, origin % WIDTH] = EMPTY
        position = choose(cells, vacant, origin, kinds[person], wanted, rule, rng)
        home[person] = vacant[position]
        vacant[position] = origin
        cells[home[person] // WIDTH, home[person] % WIDTH] = kinds[person]
    return cells, most_moves, False


def run_until_rest(wanted: float, rule: str = "random-content-cell", *, runs: int = 400, seed: int = 1) -> AtRest:
    """Run the model many times and average the share of alike neighbours at rest.

    Parameters
    ----------
    wanted : float
        Share of alike neighbours that contents, 0 to 1.
    rule : str
        One of `RULES`.
    runs, seed : int
        Number of runs (>= 2); run r draws from stream r of the seed.

    Returns
    -------
    AtRest
        Averages over the runs that came to rest within `MOST_MOVES` moves.

    Raises
    ------
    InputError
        Unknown rule, or a share outside 0 to 1.
    """
    if rule not in RULES:
        raise InputError(f"movement rule '{rule}' is unknown (allowed: {', '.join(RULES)})")
    if not 0 <= wanted <= 1:
        raise InputError(f"wanted share of alike neighbours {wanted:g} is not a share (allowed: 0 to 1)")
    shares, moved = [], []
    for run in range(runs):
        cells, moves, rested = settle(wanted, RULES.index(rule), MOST_MOVES, generator(seed, run))
        if rested:
            shares.append(average_share_alike(cells))
            moved.append(moves)
    deviation = float(np.std(shares, ddof=1))
    error = deviation / np.sqrt(len(shares))
    return AtRest(float(np.mean(shares)), deviation, float(error), len(shares), runs, float(np.mean(moved)))
