"""Neal & Neal (2014): where people sort, diversity and a clustered network of ties exclude each other.

Phase 1, sorting: 500 people of two kinds, each with probability 1/2, on 25 x 25 cells with edges; a person drawn at
random moves to a random empty cell while the share of alike neighbours is below theta.
Phase 2, ties: each pair is tied with probability p,

    logit p = -(b_H + b_P) + b_H [same kind] + b_P d',   d' = 1 / (1 + exp((d - 5) / 0.5)),

d the Euclidean distance in cells, so that p is at most 1/2. Diversity is the share of neighbours of the other kind,
pooled over people; sense of community is the clustering of the network.

Over theta from 0 to 0.75 the two are strongly and negatively correlated with homophily (b_H) *and* proximity (b_P) at
work; with either of them off the trade-off is gone. With proximity alone a small *positive* correlation stays (mean
over 20 seeds +0.20, slope +0.0018, a fiftieth of the trade-off, of the other sign): ties then ignore kind, but sorting
leaves its empty cells together and fewer of them at the edge (measured), so distances differ a little. So judge "off"
by the slope and the sign, not by |r| alone.

Rules from Z. P. Neal & J. W. Neal, American Journal of Community Psychology 53 (2014) 1-12, as made explicit by
Stivala, Robins, Kashima & Kirley (2016, same journal, 57:243-254). A person without neighbours stays (about two in a
million at this density; Stivala's program moves them).
"""

from dataclasses import dataclass

import numba as nb
import numpy as np

from experiments.limits.lattice import EMPTY, generator, is_content, neighbours, scatter

LATTICE, PEOPLE = 25, 500
THETA_MOST = 0.75
# Sorting that has not come to rest by then is used as it stands; see the tests for how seldom that is.
MOST_ROUNDS = 20_000

# r(diversity, clustering) and slope for (b_H, b_P), computed once with another implementation: 124 runs, theta 0 to
# 0.75. Between seeds r varies with a standard deviation of 0.006 in the first row and 0.1 where a mechanism is off.
REFERENCE = {
    (2.5, 2.5): (-0.93, -0.098),
    (4.0, 2.5): (-0.94, -0.098),
    (2.5, 4.0): (-0.97, -0.167),
    (1.0, 1.0): (-0.81, -0.014),
    (2.5, 0.0): (0.05, 0.001),
    (0.0, 2.5): (-0.07, -0.001),
    (0.0, 0.0): (0.02, 0.0),
}


@dataclass(frozen=True)
class Sorted:
    """A sorted lattice: kind (1, 2), row and column of each person, diversity 0 to 1, and whether it came to rest."""

    kind: np.ndarray
    row: np.ndarray
    column: np.ndarray
    theta: float
    diversity: float
    rested: bool


@dataclass(frozen=True)
class TradeOff:
    """Relation between diversity and clustering over a series of runs (arrays: one value per run).

    `correlation` and `slope` (clustering per unit of diversity) are of the global clustering, `local_correlation` of
    the mean local coefficient.
    """

    correlation: float
    slope: float
    local_correlation: float
    diversity: np.ndarray
    clustering: np.ndarray
    degree: np.ndarray


@nb.njit(cache=True, nogil=True)
def settle(theta, most_rounds, rng):
    """Phase 1. Return kinds, cells (row * LATTICE + column), diversity and whether nobody wants to move any more.

    Drawing anybody and moving who is discontent is the same as drawing among the discontent; a round is one draw
    per person, and rest is looked for once a round.
    """
    kinds = np.empty(PEOPLE, dtype=np.int8)
    for person in range(PEOPLE):
        kinds[person] = 1 + (rng.random() < 0.5)
    cells, home, vacant = scatter(LATTICE, LATTICE, kinds, rng)
    rested = False
    for _ in range(most_rounds):
        rested = True
        for person in range(PEOPLE):
            if not is_content(cells, home[person] // LATTICE, home[person] % LATTICE, kinds[person], theta):
                rested = False
                break
        if rested:
            break
        for _draw in range(PEOPLE):
            person = rng.integers(0, PEOPLE)
            old = home[person]
            if not is_content(cells, old // LATTICE, old % LATTICE, kinds[person], theta):
                position = rng.integers(0, len(vacant))
                home[person] = vacant[position]
                vacant[position] = old
                cells[old // LATTICE, old % LATTICE] = EMPTY
                cells[home[person] // LATTICE, home[person] % LATTICE] = kinds[person]
    return kinds, home, diversity_of(cells), rested


@nb.njit(cache=True, nogil=True)
def diversity_of(cells):
    """Share of all pairs of neighbours that differ in kind."""
    pairs, unlike = 0, 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            if cells[row, column] != EMPTY:
                occupied, alike = neighbours(cells, row, column, cells[row, column])
                pairs += occupied
                unlike += occupied - alike
    return unlike / pairs


@nb.njit(cache=True, nogil=True)
def draw_ties(kind, row, column, chance, rng):
    """Phase 2. `chance[same, |rows apart|, |columns apart|]` -> symmetric 0/1 matrix of ties."""
    people = len(kind)
    ties = np.zeros((people, people), dtype=np.uint8)
    for i in range(people):
        for j in range(i + 1, people):
            same = int(kind[i] == kind[j])
            if rng.random() < chance[same, abs(row[i] - row[j]), abs(column[i] - column[j])]:
                ties[i, j] = 1
                ties[j, i] = 1
    return ties


def tie_chance(homophily: float, proximity: float) -> np.ndarray:
    """Probability of a tie, shape (2, LATTICE, LATTICE): same kind (0, 1), rows apart, columns apart."""
    apart = np.arange(LATTICE)
    distance = np.hypot(apart[:, None], apart[None, :])
    near = 1 / (1 + np.exp((distance - 5) / 0.5))
    same = np.array([0.0, 1.0])[:, None, None]
    return 1 / (1 + np.exp(homophily + proximity - homophily * same - proximity * near))


@nb.njit(cache=True, nogil=True)
def clustering_of(ties):
    """Global clustering (closed share of paths of length two), mean local coefficient and mean degree.

    `ties` is a symmetric 0/1 matrix with an empty diagonal. Agrees with networkx's `transitivity` and
    `average_clustering`; no library of matrix products, whose threads get in each other's way on a busy machine.
    """
    people = len(ties)
    closed = np.zeros(people)
    degree = np.zeros(people)
    for i in range(people):
        for j in range(i + 1, people):
            if ties[i, j]:
                common = np.int32(0)
                for k in range(people):
                    common += ties[i, k] & ties[j, k]
                closed[i] += common
                closed[j] += common
                degree[i] += 1
                degree[j] += 1
    total, local = 0.0, 0.0
    for i in range(people):
        paths = degree[i] * (degree[i] - 1)
        total += paths
        if paths > 0:
            local += closed[i] / paths
    return (closed.sum() / total if total > 0 else 0.0), local / people, degree.mean()


def sorted_lattices(runs: int = 124, seed: int = 1) -> list[Sorted]:
    """Sort `runs` lattices, theta evenly spaced from 0 to 0.75; run r draws from stream 2 r of the seed."""
    lattices = []
    for run, theta in enumerate(np.linspace(0, THETA_MOST, runs)):
        kind, home, diversity, rested = settle(theta, MOST_ROUNDS, generator(seed, 2 * run))
        lattices.append(Sorted(kind, home // LATTICE, home % LATTICE, float(theta), diversity, rested))
    return lattices


def trade_off(
    homophily: float = 2.5,
    proximity: float = 2.5,
    runs: int = 124,
    seed: int = 1,
    lattices: list[Sorted] | None = None,
) -> TradeOff:
    """Correlate diversity with clustering over runs whose theta goes from 0 to 0.75.

    Parameters
    ----------
    homophily, proximity : float
        b_H and b_P, log odds; 0 switches the mechanism off.
    runs, seed : int
        Number of runs, and the seed; run r draws its ties from stream 2 r + 1.
    lattices : list of Sorted, optional
        Lattices sorted before (they depend on neither b_H nor b_P): saves sorting again. Gives the number of runs.

    Returns
    -------
    TradeOff
    """
    lattices = sorted_lattices(runs, seed) if lattices is None else lattices
    chance = tie_chance(homophily, proximity)
    measured = np.array(
        [
            clustering_of(draw_ties(each.kind, each.row, each.column, chance, generator(seed, 2 * run + 1)))
            for run, each in enumerate(lattices)
        ]
    )
    diversity = np.array([each.diversity for each in lattices])
    clustering, local, degree = measured.T
    return TradeOff(
        correlation=float(np.corrcoef(diversity, clustering)[0, 1]),
        slope=float(np.polyfit(diversity, clustering, 1)[0]),
        local_correlation=float(np.corrcoef(diversity, local)[0, 1]),
        diversity=diversity,
        clustering=clustering,
        degree=degree,
    )
