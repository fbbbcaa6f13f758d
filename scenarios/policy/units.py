"""Counts of what a policy pays for: residents, newcomers by motive, people with and without work."""

from typing import NamedTuple

import numpy as np

from sim.beneficiaries import AT_WORK, SEEKING, WORKING_AGE, no_beneficiaries
from sim.machine.threads import ThreadPool
from sim.phases.month import COUNT
from sim.world import World

__all__ = ["AT_WORK", "SEEKING", "WORKING_AGE", "Units", "count_units"]


class Units(NamedTuple):
    """Numbers of people, dwellings and reception places at the end of last month, in residents (agents times scale).

    Attributes
    ----------
    residents : float64 [J]
    supply : float64 [J, 7]
        Facility supply at the baseline's funding, 1 = national average.
    newcomers : float64 [J, 6]
        People who came from abroad less than five years ago, by motive.
    labour : float64 [J, 3]
        Residents of 18 to 66, those of them at work, and newcomers of them without work.
    built : float64 [J]
        New dwellings per year in the baseline.
    capacity : float64 [K]
        Reception places per year in the baseline.
    municipality : int64 [J]
        Municipality of each neighbourhood.
    """

    residents: np.ndarray
    supply: np.ndarray
    newcomers: np.ndarray
    labour: np.ndarray
    built: np.ndarray
    capacity: np.ndarray
    municipality: np.ndarray


def count_units(world: World, pool: ThreadPool, scale: int = 1, people: bool = True) -> Units:
    """Count what a policy pays for, in the state the world is in.

    Parameters
    ----------
    scale : int
        Residents per agent.
    people : bool
        Whether newcomers and labour are needed: where they are not, nobody is counted and they are 0.
    """
    if people:
        COUNT(world, pool)
    served = world.served if people else no_beneficiaries(world.areas)
    return Units(
        residents=scale * world.stocks.people.sum(axis=1).astype(np.float64),
        supply=world.neighbourhoods.facilities.astype(np.float64),
        newcomers=scale * served.newcomers.astype(np.float64),
        labour=scale * served.labour.astype(np.float64),
        built=scale * world.neighbourhoods.built * float(world.parameters.building),
        capacity=scale * world.municipalities.capacity[:, 0].astype(np.float64),
        municipality=world.neighbourhoods.municipality.astype(np.int64),
    )
