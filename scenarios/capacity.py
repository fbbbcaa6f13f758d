"""What a municipality can take in: reception places, seats at school and facilities, before policy."""

import numpy as np

from scenarios.areas import FACILITIES, AreaTable
from sim.motives import DECLARED
from sim.parameters import Parameters

SCHOOL = FACILITIES.index("school")
SEATS, ROOM_IN_FACILITIES = 0.03, 0.04  # seats for 3 % more pupils, facilities for 4 % more people [E]
OWN_ARRIVALS = (1.1, 1.2, 1.2)  # of a year's arrivals, where what exists is not said [E]


def capacity_of(table: AreaTable, agents: np.ndarray, yearly: np.ndarray, parameters: Parameters) -> np.ndarray:
    """People a year that reception, schools and facilities can take in, float32 [K, 3].

    Without the parameters `capacity_reception` and `capacity_schools` a municipality can take in somewhat more than
    arrive now, whoever they are, so that no municipality is over its capacity. With them it is what exists:
    reception places by number of residents, as Dutch law divides refugees over municipalities; free seats as a share
    of the children who live there, weighted by the supply of schools, for the children among those who arrive.

    Parameters
    ----------
    agents : int64 [K]
        Residents of the world at the start.
    yearly : float64 [K, 6]
        Arrivals a year by motive, in agents.
    """
    arrivals = yearly.sum(axis=1)
    least = np.stack([0 * agents, SEATS * agents, ROOM_IN_FACILITIES * agents], 1)
    found = np.maximum(least, np.outer(arrivals, OWN_ARRIVALS))
    if parameters.capacity_reception > 0:
        found[:, 0] = parameters.capacity_reception / 1000 * agents
        found[:, 2] = ROOM_IN_FACILITIES * agents
    if parameters.capacity_schools > 0:
        found[:, 1] = parameters.capacity_schools * school_children(table, agents) / children_among(yearly)
    return found.clip(1e-3).astype(np.float32)


def school_children(table: AreaTable, agents: np.ndarray) -> np.ndarray:
    """Children under 15 times the supply of schools where they live, in agents, float64 [K]."""
    count = len(table.municipality_code)
    children = np.bincount(table.municipality, table.residents * table.age[:, 0] * table.facilities[:, SCHOOL], count)
    return children / np.maximum(np.bincount(table.municipality, table.residents, count), 1) * agents


def children_among(yearly: np.ndarray) -> np.ndarray:
    """Share of children among a year's arrivals by motive [K, 6], float64 [K]; at least a hundredth."""
    share = np.array([motive.arrival_age[0] for motive in DECLARED])
    return np.maximum(yearly @ share / np.maximum(yearly.sum(axis=1), 1e-9), 0.01)
