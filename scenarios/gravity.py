"""Moves between municipalities: a gravity model that is constrained at both ends.

Every municipality sends out as many as its residents' moving rate says and receives as many at the start, so that
domestic moves by themselves neither empty nor fill a municipality; destinations depend on size and distance (Wilson
1971, "A family of spatial interaction models"; solved by Furness's iterations), and on the own origin group's share
there: kin, friends and housing draw people to where others of their group live. The part of the country that is not
simulated is one more municipality.
"""

from typing import NamedTuple

import numpy as np

from scenarios.areas import AreaTable
from sim.rates_by_age import cumulative

ITERATIONS = 60
OUTSIDE = -1
OUTSIDE_FACTOR = 0.35  # factor of distance for the part of the country that is not simulated [E]
LEAST_GROUP = 0.002  # share of a group that counts at least, so that a municipality without it can be chosen
LEAST_OUTSIDE = 0.02  # share of the country below which nothing counts as not simulated


class MunicipalityFigures(NamedTuple):
    """What matters of K municipalities for moves between them.

    Attributes
    ----------
    residents : float64 [K]
    shares : float64 [K, G]
        Of the origin groups in their residents.
    mobility : float64 [K]
        The moving rate over the national one.
    x, y : float64 [K]
        Positions in km; one that is unknown is as far from all as two municipalities are in the median.
    key : uint64 [K]
        Order of the destinations, so that the order of the input has no say.
    """

    residents: np.ndarray
    shares: np.ndarray
    mobility: np.ndarray
    x: np.ndarray
    y: np.ndarray
    key: np.ndarray


class Destinations(NamedTuple):
    """Where people go who leave one of K municipalities, and who comes from the part that is not simulated.

    Attributes
    ----------
    destination : int32 [K, N]
        The same in every line; -1, the last, is the part of the country that is not simulated.
    chance : float32 [K, L, N]
        Cumulative chances, by origin group, or one line (L = 1) for all groups.
    outside : float64 [K]
        Share of those leaving who go to the part that is not simulated.
    arriving : float64 [K, G] or None
        Origin of those who come from there; None where they are as the municipality's own residents.
    """

    destination: np.ndarray
    chance: np.ndarray
    outside: np.ndarray
    arriving: np.ndarray | None


def balanced_by_group(leaving: np.ndarray, attraction: np.ndarray) -> np.ndarray:
    """Flows by group with the row sums `leaving`, and as many of all groups together coming as leaving.

    Parameters
    ----------
    leaving : float64 [K, G]
    attraction : float64 [K, G, K]
    """
    flow, total = attraction.copy(), leaving.sum(axis=1)
    for _ in range(ITERATIONS):
        flow *= (leaving / np.maximum(flow.sum(axis=2), 1e-300))[:, :, None]
        flow *= total / np.maximum(flow.sum(axis=(0, 1)), 1e-300)
    return flow


def balanced(leaving: np.ndarray, attraction: np.ndarray) -> np.ndarray:
    """Flows with row and column sums `leaving` and the odds ratios of `attraction` (Furness).

    Parameters
    ----------
    leaving : float64 [K]
    attraction : float64 [K, K]
        Zero where nobody goes.
    """
    flow = attraction.copy()
    for _ in range(ITERATIONS):
        before = flow.copy()
        flow *= (leaving / np.maximum(flow.sum(axis=1), 1e-300))[:, None]
        flow *= leaving / np.maximum(flow.sum(axis=0), 1e-300)
        if np.array_equal(flow, before):  # then no later round changes anything either
            break
    return flow


def known_positions(table: AreaTable) -> tuple[np.ndarray, np.ndarray]:
    """Where areas lie, x and y in km, float64 [J] each; unknown ones where their municipality does, nan without any."""
    known = np.isfinite(table.x) & np.isfinite(table.y)
    if known.all() or not known.any():
        return table.x, table.y
    weight = np.bincount(table.municipality, table.residents * known)
    found = []
    for values in (table.x, table.y):
        total = np.bincount(table.municipality, table.residents * np.where(known, values, 0.0))
        mean = np.divide(total, weight, out=np.full(len(weight), np.nan), where=weight > 0)
        found.append(np.where(known, values, mean[table.municipality]))
    return found[0], found[1]


def distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Straight distances in km, float64 [K, K]; to unknown positions the median, 0 where all are unknown."""
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    known = np.isfinite(distance)
    apart = known & ~np.eye(len(x), dtype=bool)
    return np.where(known, distance, np.median(distance[apart]) if apart.any() else 0.0)


def destinations(
    municipalities: MunicipalityFigures, scale_km: float, national: float, own_group: float = 0.0
) -> Destinations:
    """Where people go who leave a municipality.

    Parameters
    ----------
    scale_km, national : float
        Distance at which a municipality attracts 1/e as many; residents of the whole country.
    own_group : float
        Exponent of the own group's share at the destination: 0, it does not count; 1, a group goes where it lives.
    """
    count = len(municipalities.residents)
    order = np.argsort(municipalities.key, kind="stable")
    size, moving = municipalities.residents[order].astype(float), municipalities.mobility[order]
    missing = max(national - size.sum(), 0.0)
    if missing < LEAST_OUTSIDE * national and count > 1:
        missing = 0.0
    missing = max(missing, size.sum()) if count == 1 else missing
    attraction = np.zeros((count + 1, count + 1))
    attraction[:count, :count] = np.outer(size, size) * np.exp(
        -distances(municipalities.x[order], municipalities.y[order]) / scale_km
    )
    attraction[:count, count] = attraction[count, :count] = size * missing * OUTSIDE_FACTOR
    attraction[count, count] = missing * missing
    attraction[np.arange(count), np.arange(count)] = 0
    where = np.tile(np.append(order, OUTSIDE).astype(np.int32), (count, 1))
    if own_group == 0:
        flow = balanced(np.append(size * moving, missing), attraction)[:count]
        flow[:, count] += 1e-9 * size
        share = np.empty((count, count + 1))
        share[order] = flow / flow.sum(axis=1, keepdims=True)
        return Destinations(where, cumulative(share)[:, None, :], share[:, count], None)
    people = size[:, None] * municipalities.shares[order]
    everyone = people.sum(axis=0) / people.sum()
    shares = np.vstack([municipalities.shares[order], everyone])
    weight = np.maximum(shares, LEAST_GROUP) ** own_group
    leaving = np.vstack([people * moving[:, None], missing * everyone])
    flow = balanced_by_group(leaving, attraction[:, None, :] * weight.T[None, :, :])
    arriving = np.empty((count, people.shape[1]))
    arriving[order] = flow[count, :, :count].T if missing else people
    flow = flow[:count]
    flow[:, :, count] += 1e-9 * people
    nobody = flow.sum(axis=2) <= 0  # a group that a municipality lacks goes where the others go
    flow = np.where(nobody[:, :, None], flow.sum(axis=1)[:, None, :], flow)
    share = np.empty_like(flow)
    share[order] = flow / flow.sum(axis=2, keepdims=True)
    outside = np.empty(count)
    outside[order] = (flow[:, :, count] * ~nobody).sum(axis=1) / (flow.sum(axis=2) * ~nobody).sum(axis=1)
    return Destinations(where, cumulative(share), outside, arriving)
