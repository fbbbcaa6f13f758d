"""Pupils who are new and members of associations, counted for the month's rates where a parameter asks for it."""

import numpy as np

from sim.machine.arithmetic import compiled
from sim.population import MEMBER, NOBODY
from sim.rules.associations import JOINING_FROM
from sim.rules.people import SCHOOL_FROM, SCHOOL_UNTIL

YEAR = np.int64(12)


@compiled
def share_of_new_pupils(j, s):
    """P: of the children at school in neighbourhood j, the share who came to live there within twelve months."""
    p, month = s.population, s.run.month[0]
    first, pupils, new = s.neighbourhoods.first[j], 0, 0
    for row in range(first, first + s.stocks.opened[j]):
        age = month - np.int64(p.born[row])
        if p.serial[row] != NOBODY and SCHOOL_FROM <= age < SCHOOL_UNTIL:
            pupils += 1
            new += month - np.int64(p.moved_in[row]) <= YEAR
    return np.float32(new) / np.float32(max(pupils, 1))


@compiled
def share_of_members(j, s):
    """Of the residents of neighbourhood j old enough to join an association, the share who are members."""
    p, month = s.population, s.run.month[0]
    first, people, members = s.neighbourhoods.first[j], 0, 0
    for row in range(first, first + s.stocks.opened[j]):
        if p.serial[row] != NOBODY and month - np.int64(p.born[row]) >= 12 * JOINING_FROM:
            people += 1
            members += (p.flags[row] & MEMBER) != 0
    return np.float32(members) / np.float32(max(people, 1))
