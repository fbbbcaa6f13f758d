"""People whom a policy serves and is paid for: newcomers by motive, people with and without work."""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import compiled
from sim.phases.new_residents import WORKING_FROM, WORKING_UNTIL
from sim.population import EMPLOYED, NEWCOMER_MONTHS, NO_MOTIVE, NOBODY

WORKING_AGE, AT_WORK, SEEKING = range(3)


class Served(NamedTuple):
    """Agents per neighbourhood.

    Attributes
    ----------
    newcomers : int64 [J, 6]
        Came from abroad less than five years ago, by motive.
    labour : int64 [J, 3]
        Residents of 18 to 66, those of them at work, and newcomers of them without work.
    """

    newcomers: np.ndarray
    labour: np.ndarray


@compiled
def count_people(low, high, population, places, opened, month, newcomers, labour):
    """Count newcomers and labour of neighbourhoods low to high - 1."""
    for j in range(low, high):
        newcomers[j] = 0
        labour[j] = 0
        for i in range(places.first[j], places.first[j] + opened[j]):
            if population.serial[i] == NOBODY:
                continue
            motive = population.motive[i]
            recent = motive != NO_MOTIVE and month - np.int64(population.arrived[i]) < NEWCOMER_MONTHS
            if recent:
                newcomers[j, motive] += 1
            age = (month - np.int64(population.born[i])) // 12
            if WORKING_FROM <= age < WORKING_UNTIL:
                employed = population.flags[i] & EMPLOYED != 0
                labour[j, WORKING_AGE] += 1
                labour[j, AT_WORK] += employed
                labour[j, SEEKING] += recent and not employed
