"""Moves between municipalities: a gravity model that is constrained at both ends.

Every municipality sends out as many as its residents' moving rate says and receives as many at the start, so that
domestic moves by themselves neither empty nor fill a municipality; destinations depend on size and distance (Wilson
1971, "A family of spatial interaction models"; solved by Furness's iterations). The part of the country that is not
simulated is one more municipality.
"""

import numpy as np

from sim.rates_by_age import cumulative

ITERATIONS = 60
OUTSIDE = -1
OUTSIDE_FACTOR = 0.35  # factor of distance for the part of the country that is not simulated [E]
LEAST_OUTSIDE = 0.02  # share of the country below which nothing counts as not simulated


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


def destinations(
    residents: np.ndarray, mobility: np.ndarray, x: np.ndarray, y: np.ndarray, key: np.ndarray, scale_km: float,
    national: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Destinations of people who leave a municipality.

    Parameters
    ----------
    residents, mobility : float64 [K]
        Mobility is the moving rate over the national one.
    x, y : float64 [K]
        Positions in km; where any is unknown, only size counts.
    key : uint64 [K]
        Order of the destinations, so that results do not depend on the order of the input.
    scale_km, national : float
        Distance at which a municipality attracts 1/e as many; residents of the whole country.

    Returns
    -------
    destination, chance : int32 and float32 [K, K + 1]
        Cumulative; -1, the last, is the part of the country that is not simulated.
    outside : float64 [K]
        Share of those leaving who go there.
    """
    municipalities = len(residents)
    order = np.argsort(key, kind="stable")
    people, px, py = residents[order].astype(float), x[order], y[order]
    known = np.isfinite(px).all() and np.isfinite(py).all()
    distance = np.hypot(px[:, None] - px, py[:, None] - py) if known else np.zeros((municipalities, municipalities))
    missing = max(national - people.sum(), 0.0)
    if missing < LEAST_OUTSIDE * national and municipalities > 1:
        missing = 0.0
    missing = max(missing, people.sum()) if municipalities == 1 else missing
    attraction = np.zeros((municipalities + 1, municipalities + 1))
    attraction[:municipalities, :municipalities] = np.outer(people, people) * np.exp(-distance / scale_km)
    attraction[:municipalities, municipalities] = attraction[municipalities, :municipalities] = (
        people * missing * OUTSIDE_FACTOR
    )
    attraction[municipalities, municipalities] = missing * missing
    attraction[np.arange(municipalities), np.arange(municipalities)] = 0
    flow = balanced(np.append(people * mobility[order], missing), attraction)[:municipalities]
    flow[:, municipalities] += 1e-9 * people
    share = np.empty((municipalities, municipalities + 1))
    share[order] = flow / flow.sum(axis=1, keepdims=True)
    destination = np.append(order, OUTSIDE).astype(np.int32)
    return np.tile(destination, (municipalities, 1)), cumulative(share), share[:, municipalities]
