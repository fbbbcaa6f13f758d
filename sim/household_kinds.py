"""Kinds of households, and how many of each there are."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.population import CHILD, HOUSEMATE, NOBODY, PARTNER
from sim.world import World

ROWS_AT_ONCE = 1 << 17  # looked at together: some ten megabytes
KINDS = ("one_person", "couple", "couple_with_children", "one_parent", "shared")
EVERYWHERE = slice(None)


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


def blocks_of(world: World) -> Iterator[slice]:
    """Neighbourhoods in blocks of some hundred thousand rows: what is computed of one takes little memory."""
    first, low = world.neighbourhoods.first, 0
    while low < world.areas:
        high = int(np.searchsorted(first, first[low] + ROWS_AT_ONCE, side="right")) - 1
        high = min(max(high, low + 1), world.areas)
        yield slice(low, high)
        low = high


def label_households(world: World, areas: slice = EVERYWHERE) -> tuple[np.ndarray, np.ndarray]:
    """Tell who lives with whom.

    Parameters
    ----------
    areas : slice
        Neighbourhoods to look at, without a step.

    Returns
    -------
    rows : int64 [N]
        Rows in which somebody lives.
    household : int64 [N]
        The lowest row of the household of each.
    """
    p, (low, high, _) = world.population, areas.indices(world.areas)
    begin, end = (int(world.neighbourhoods.first[j]) for j in (low, high))
    rows = np.flatnonzero(p.serial[begin:end] != NOBODY)
    if world.parameters.households < 0.5:
        return begin + rows, begin + rows
    following = p.household[begin:end][rows].astype(np.int64) - begin
    lowest = np.arange(end - begin)
    while True:
        lower = np.minimum(lowest[rows], lowest[following])
        if (lower == lowest[rows]).all():
            return begin + rows, begin + lowest[rows]
        lowest[rows] = lower


def count_households(world: World) -> HouseholdCounts:
    """Count the households of a world by neighbourhood and kind."""
    kinds = np.zeros(world.areas * len(KINDS), np.int64)
    for block in blocks_of(world):
        rows, household = label_households(world, block)
        role = world.population.role[rows]
        first, number = np.unique(household, return_inverse=True)
        child, partner, mate = (np.bincount(number, role == code) > 0 for code in (CHILD, PARTNER, HOUSEMATE))
        kind = np.select([mate, child & partner, child, partner], [4, 2, 3, 1], 0)
        area = np.searchsorted(world.neighbourhoods.first, first, side="right") - 1
        kinds += np.bincount(area * len(KINDS) + kind, minlength=len(kinds))
    return HouseholdCounts(kinds.reshape(world.areas, -1), world.stocks.people.sum(axis=1))
