"""Which neighbourhoods a mover always compares: the own one, those that border it and the nearest of the others."""

import numpy as np

from scenarios.areas import AreaTable

MOST_NEAR = 8
"""The own one and seven others: half of the sixteen that are compared."""


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
    place = np.empty(len(table), np.int64)
    for k in range(len(first) - 1):
        place[member[first[k] : first[k + 1]]] = np.arange(first[k + 1] - first[k])
    found: list[np.ndarray] = []
    for j in range(len(table)):
        k = table.municipality[j]
        here = member[first[k] : first[k + 1]]
        away = np.nan_to_num(np.hypot(table.x[here] - table.x[j], table.y[here] - table.y[j]), nan=np.inf)
        rank = np.array([0 if i == j else 1 if i in bordering[j] else 2 for i in here.tolist()])
        known = (rank < 2) | np.isfinite(away)
        order = np.lexsort((key[here], away, rank))
        chosen = order[known[order]][:MOST_NEAR]
        found.append(np.sort(place[here[chosen]]))
    return np.concatenate(found), np.concatenate(([0], np.cumsum([len(near) for near in found])))
