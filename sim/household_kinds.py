"""Kinds of households, and how many of each there are."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from sim.population import CHILD, HOUSEMATE, NOBODY, PARTNER
from sim.world import World

KINDS = ("one_person", "couple", "couple_with_children", "one_parent", "shared")


class HouseholdCounts(NamedTuple):
    """Households of a world.

    Attributes
    ----------
    kinds : int64 [J, 5]
        Households by neighbourhood and kind, in the order of `KINDS`.
    people : int64 [J]
        Who lives in them.
    """

    kinds: np.ndarray
    people: np.ndarray


def kind_of(roles: Iterable[int]) -> str:
    """Return the kind of a household whose members have these roles."""
    held = set(roles)
    if HOUSEMATE in held:
        return "shared"
    if CHILD in held:
        return "couple_with_children" if PARTNER in held else "one_parent"
    return "couple" if PARTNER in held else "one_person"


def label_households(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Tell who lives with whom.

    Returns
    -------
    rows : int64 [N]
        Rows in which somebody lives.
    household : int64 [N]
        The lowest row of the household of each.
    """
    p = world.population
    rows = np.flatnonzero(p.serial != NOBODY)
    lowest = np.arange(len(p.serial))
    if world.parameters.households < 0.5:
        return rows, rows
    while True:
        following = p.household[rows].astype(np.int64)
        lower = np.minimum(lowest[rows], lowest[following])
        if (lower == lowest[rows]).all():
            return rows, lowest[rows]
        lowest[rows] = lower


def count_households(world: World) -> HouseholdCounts:
    """Count the households of a world by neighbourhood and kind."""
    rows, household = label_households(world)
    role = world.population.role[rows]
    first, number = np.unique(household, return_inverse=True)
    child, partner, mate = (np.bincount(number, role == code) > 0 for code in (CHILD, PARTNER, HOUSEMATE))
    kind = np.select([mate, child & partner, child, partner], [4, 2, 3, 1], 0)
    area = np.searchsorted(world.neighbourhoods.first, first, side="right") - 1
    kinds = np.bincount(area * len(KINDS) + kind, minlength=world.areas * len(KINDS)).reshape(world.areas, -1)
    return HouseholdCounts(kinds, world.stocks.people.sum(axis=1))
