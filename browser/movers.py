"""People on the move in a month: who came, left or changed neighbourhood, found by comparing who lived where."""

from dataclasses import dataclass

import numpy as np

from sim.motives import NO_MOTIVE
from sim.population import NOBODY
from sim.rules.people import NEWCOMER_MONTHS
from sim.world import World

MOST_SHOWN = 240
ELSEWHERE = -1
ONCE = ("births", "immigrated", "domestic", "deaths", "emigrated", "moved_away", "moved_in", "moved_within")
"""Flows that count everyone who changed address once; who moved out of a neighbourhood moved in elsewhere."""
MIX = np.uint64(0xD6E8FEB86659FD93)


def mixed(serial: np.ndarray) -> np.ndarray:
    """A hash of serials, uint64 [n]: the lowest of them are a sample that depends on nothing else."""
    once = (serial ^ (serial >> np.uint64(32))) * MIX
    return once ^ (once >> np.uint64(29))


def lowest(serial: np.ndarray, most: int) -> np.ndarray:
    """Those with the lowest hashes, in their order, uint64 [at most `most`]."""
    hashes = mixed(serial)
    if len(serial) > most:
        few = np.argpartition(hashes, most)[:most]
        serial, hashes = serial[few], hashes[few]
    return serial[np.argsort(hashes, kind="stable")]


@dataclass
class Addresses:
    """Who lived where at the end of a month."""

    month: int
    serial: np.ndarray
    motive: np.ndarray
    arrived: np.ndarray

    @classmethod
    def of(cls, world: World) -> "Addresses":
        """Copies of the columns that tell it."""
        p = world.population
        return cls(world.month, p.serial.copy(), p.motive.copy(), p.arrived.copy())

    def take_in(self, world: World, rows: np.ndarray) -> None:
        """Go on to the present month of a world, in which others live in these rows and nowhere else."""
        p = world.population
        self.month = world.month
        self.serial[rows] = p.serial[rows]
        np.copyto(self.motive, p.motive)
        np.copyto(self.arrived, p.arrived)


def newcomers(motive: np.ndarray, arrived: np.ndarray, month: int) -> np.ndarray:
    """Whether people came from abroad less than five years before a month, bool [n]."""
    return (motive != NO_MOTIVE) & (month - arrived.astype(np.int64) < NEWCOMER_MONTHS)


def movers(before: Addresses, world: World) -> tuple[np.ndarray, int]:
    """A sample of the people who changed address since `before`, which goes on to the present month.

    Births count with those who came, deaths with leavers.

    Returns
    -------
    shown : int32 [n, 3]
        From which neighbourhood, to which (-1 for elsewhere), and 1 for newcomers; at most `MOST_SHOWN`, the same
        people in every run in which they move.
    total : int
        How many changed address, of whom these are a sample.
    """
    p, flows = world.population, world.flows
    rows = np.flatnonzero(before.serial != p.serial)
    old, new = before.serial[rows], p.serial[rows]
    left, came = rows[old != NOBODY], rows[new != NOBODY]
    both = np.concatenate([before.serial[left], p.serial[came]])
    chosen = lowest(np.unique(lowest(both, 2 * MOST_SHOWN)), MOST_SHOWN)  # who moved within is in both, so twice
    origin, target = where(chosen, before.serial, left), where(chosen, p.serial, came)
    from_area, to_area = area_of(world, origin), area_of(world, target)
    new_to_us = np.where(
        target >= 0,
        newcomers(p.motive[target], p.arrived[target], world.month),
        newcomers(before.motive[origin], before.arrived[origin], before.month),
    )
    before.take_in(world, rows)
    total = sum(int(getattr(flows, name).sum()) for name in ONCE)
    return np.stack([from_area, to_area, new_to_us], axis=1).astype(np.int32), total


def where(chosen: np.ndarray, serial: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The row among `rows` in which each of the chosen lives, -1 where none, int64 [n]."""
    found = np.full(len(chosen), ELSEWHERE)
    if not len(chosen):
        return found
    order = np.argsort(chosen)
    here = serial[rows]
    at = order[np.minimum(np.searchsorted(chosen[order], here), len(chosen) - 1)]
    hit = chosen[at] == here
    found[at[hit]] = rows[hit]
    return found


def area_of(world: World, rows: np.ndarray) -> np.ndarray:
    """Neighbourhood of each row, -1 for no row, int64 [n]."""
    found = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    return np.where(rows >= 0, found, ELSEWHERE)
