"""Members of associations and new pupils, counted for the month's rates without reading who lives where."""

import numpy as np
import pytest

from sim.machine.arithmetic import compiled
from sim.phases.school_and_members import share_of_members, share_of_new_pupils
from sim.population import MEMBER, NOBODY
from sim.rules.associations import JOINING_FROM
from sim.rules.people import SCHOOL_FROM, SCHOOL_UNTIL
from tests.tools.worlds import pass_months, small_world


@compiled
def shares_of_members(found, s):
    """Share of members of every neighbourhood."""
    for j in range(len(found)):
        found[j] = share_of_members(j, s)


@pytest.mark.parametrize("month", [6, 90])
def test_vacant_rows_do_not_count_whatever_the_month(month: int) -> None:
    world = pass_months(small_world(), 6)
    world.month = month  # after six years those born in month 0 are old enough to join, and so a vacant row looks
    found = np.empty(world.areas, np.float32)
    shares_of_members(found, world.state())
    p, first = world.population, world.neighbourhoods.first
    for j in range(world.areas):
        rows = slice(first[j], first[j] + world.stocks.opened[j])
        grown = (p.serial[rows] != NOBODY) & (world.month - p.born[rows].astype(int) >= 12 * JOINING_FROM)
        assert world.stocks.empty[j] > 0 and grown.sum() > 50
        assert found[j] == np.float32((p.flags[rows][grown] & MEMBER > 0).sum() / grown.sum())


@compiled
def shares_of_new_pupils(found, s):
    """Share of new pupils of every neighbourhood."""
    for j in range(len(found)):
        found[j] = share_of_new_pupils(j, s)


@pytest.mark.parametrize("month", [6, 90, 230])
def test_vacant_rows_are_no_pupils_whatever_the_month(month: int) -> None:
    world = pass_months(small_world(), 6)
    world.month = month
    p, first = world.population, world.neighbourhoods.first
    p.born[p.serial != NOBODY] += np.int16(month - 6)  # the same ages
    p.moved_in[::2] += np.int16(month - 6)  # some vacant rows fell vacant lately
    found = np.empty(world.areas, np.float32)
    shares_of_new_pupils(found, world.state())
    for j in range(world.areas):
        rows = slice(first[j], first[j] + world.stocks.opened[j])
        age = world.month - p.born[rows].astype(int)
        pupil = (p.serial[rows] != NOBODY) & (age >= SCHOOL_FROM) & (age < SCHOOL_UNTIL)
        new = pupil & (p.moved_in[rows] >= world.month - 12)
        assert pupil.sum() > 20
        assert found[j] == np.float32(new.sum()) / np.float32(pupil.sum())
