"""Pupils who are new and members of associations, counted for the month's rates where a parameter asks for it."""

import numpy as np

from sim.machine.arithmetic import compiled
from sim.population import EMPTY, MEMBER
from sim.rules.associations import JOINING_FROM
from sim.rules.people import SCHOOL_FROM, SCHOOL_UNTIL, has_flag

YEAR = np.int32(12)  # months


@compiled
def share_of_new_pupils(j, s):
    """P: of the children at school in neighbourhood j, the share who came to live there within twelve months."""
    month, first = np.int32(s.run.month[0]), s.neighbourhoods.first[j]
    end = first + s.stocks.opened[j]
    born, moved_in, role = s.population.born[first:end], s.population.moved_in[first:end], s.population.role[first:end]
    # Compared as months are stored, in 16 bits and without a branch, so that the compiler counts many rows at once.
    oldest, youngest = np.int16(month - np.int32(SCHOOL_UNTIL)), np.int16(month - np.int32(SCHOOL_FROM))
    since, pupils, new = np.int16(month - YEAR), np.int32(0), np.int32(0)
    for n in range(len(born)):
        at_school = (born[n] > oldest) & (born[n] <= youngest) & (role[n] != EMPTY)
        pupils = np.int32(pupils + at_school)
        new = np.int32(new + (at_school & (moved_in[n] >= since)))
    return np.float32(new) / np.float32(max(pupils, 1))


@compiled
def share_of_members(j, s):
    """Of the residents of neighbourhood j old enough to join an association, the share who are members.

    Serials, eight bytes each, are not read: a vacant row has no flag and is born in month 0, and is taken off.
    """
    month, first = np.int32(s.run.month[0]), s.neighbourhoods.first[j]
    end = first + s.stocks.opened[j]
    born, flags = s.population.born[first:end], s.population.flags[first:end]
    youngest, people, members = np.int16(month - np.int32(12 * JOINING_FROM)), np.int32(0), np.int32(0)
    for n in range(len(born)):
        grown = born[n] <= youngest
        people = np.int32(people + grown)
        members = np.int32(members + (grown & has_flag(flags[n], MEMBER)))
    if youngest >= 0:
        people -= s.stocks.empty[j]
    return np.float32(members) / np.float32(max(people, 1))
