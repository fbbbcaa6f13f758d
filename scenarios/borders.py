"""Which neighbourhoods a mover always compares: the own one, those that border it and the nearest of the others."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from scenarios.areas import AreaTable

MOST_NEAR = 8
"""The own one and seven others: half of the sixteen that are compared."""
FEW = 200
"""Neighbourhoods of a municipality that are all compared with each other; of more the nearest are looked up."""


def near_areas(
    table: AreaTable, member: np.ndarray, first: np.ndarray, key: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Neighbourhoods by position in their municipality: the own, those that border it and the nearest, eight in all.

    Where positions are unknown there are no nearest; where borders are unknown too it is the own one only.

    Parameters
    ----------
    table : AreaTable
    member, first : int64 [J], [K + 1]
        Neighbourhoods by municipality, as in `sim.neighbourhoods.Municipalities`.
    key : uint64 [J]
        Decides between equal distances, so that the order of the input does not.

    Returns
    -------
    near : int64 [N]
        Ascending within a neighbourhood; at most `MOST_NEAR` each.
    near_first : int64 [J + 1]
    """
    bordering: list[set[int]] = [set() for _ in range(len(table))]
    for i, j, _ in table.neighbours or []:
        bordering[i].add(j)
        bordering[j].add(i)
    place, found = np.empty(len(table), np.int64), [np.empty(0, np.int64)] * len(table)
    for k in range(len(first) - 1):
        here = member[first[k] : first[k + 1]]
        place[here] = np.arange(len(here))
        for j, others in to_compare(table, here, key):
            same = [i for i in bordering[j] if table.municipality[i] == k]
            some = others if len(others) == len(here) else np.union1d(others, [j, *same]).astype(np.int64)
            found[j] = np.sort(place[nearest(table, j, some, same, key)])
    return np.concatenate(found), np.concatenate(([0], np.cumsum([len(near) for near in found])))


def to_compare(table: AreaTable, here: np.ndarray, key: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each neighbourhood of a municipality, with those among which its nearest are: all, or of many the nearest.

    Of those at one and the same position the first eight by key are among them, which is as many as are ever taken.

    Parameters
    ----------
    here : int64 [N]
    """
    if len(here) <= FEW:
        for j in here.tolist():
            yield j, here
        return
    from scipy.spatial import KDTree

    known = here[np.isfinite(table.x[here]) & np.isfinite(table.y[here])]
    spots, at = np.unique(np.stack((table.x[known], table.y[known]), axis=1), axis=0, return_inverse=True)
    order = np.lexsort((key[known], at))
    begins = np.searchsorted(at[order], np.arange(len(spots) + 1))
    firsts = [known[order[a : min(a + MOST_NEAR, b)]] for a, b in pairwise(begins)]
    yield from ((j, np.empty(0, np.int64)) for j in np.setdiff1d(here, known).tolist())
    if not len(known):
        return
    tree, count = KDTree(spots), min(MOST_NEAR, len(spots))
    reach = tree.query(spots, [count])[0][:, 0]
    # A little farther than the eighth, so that all at its distance are among them.
    around = tree.query_ball_point(spots, reach * (1 + 1e-9) + 1e-12)
    for j, spot in zip(known.tolist(), at.tolist(), strict=True):
        yield j, np.concatenate([firsts[other] for other in around[spot]])


def nearest(table: AreaTable, j: int, some: np.ndarray, bordering: list[int], key: np.ndarray) -> np.ndarray:
    """Of some neighbourhoods the own one, those bordering it, then the nearest, at most `MOST_NEAR`, int64.

    Parameters
    ----------
    some : int64 [N]
        The own one and those bordering it among them.
    """
    away = np.nan_to_num(np.hypot(table.x[some] - table.x[j], table.y[some] - table.y[j]), nan=np.inf)
    rank = np.where(some == j, 0, np.where(np.isin(some, bordering), 1, 2))
    known = (rank < 2) | np.isfinite(away)
    order = np.lexsort((key[some], away, rank))
    return some[order[known[order]][:MOST_NEAR]]
