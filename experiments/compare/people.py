"""Adults who live in the region in both futures: their belonging with a policy and with the first policy.

People are matched by serial number. The adults of every year of the first policy's future are kept
in a temporary file, so that those of a large region need not all be in memory.
"""

import tempfile
from typing import NamedTuple

import numpy as np

from sim.measures import CLASSES, FINE
from sim.motives import NO_MOTIVE
from sim.population import NOBODY
from sim.rules.people import ADULT_MONTHS, NEWCOMER_MONTHS
from sim.world import World

# Columns of sums over people in both futures.
BOTH = ("people", "belonging_first", "belonging_here", "home_first", "home_here")
PEOPLE, BELONGING_FIRST, BELONGING_HERE, HOME_FIRST, HOME_HERE = range(5)


class Adults(NamedTuple):
    """Adults (15+) in the order of their serials.

    Attributes
    ----------
    serial : uint64 [N]
    cell : int32 [N]
        Neighbourhood x 4 + class of resident, as in `sim.measures.CLASSES`.
    belonging : int32 [N]
        In units of 1/65536, as it is counted.
    home : bool [N]
        Feels at home.
    """

    serial: np.ndarray
    cell: np.ndarray
    belonging: np.ndarray
    home: np.ndarray


KINDS = (np.dtype(np.uint64), np.dtype(np.int32), np.dtype(np.int32), np.dtype(np.bool_))


def adults_of(world: World) -> Adults:
    """Present residents of 15 years and older."""
    p, month = world.population, world.month
    rows = np.flatnonzero((p.serial != NOBODY) & (month - p.born.astype(np.int32) >= ADULT_MONTHS))
    rows = rows[np.argsort(p.serial[rows])]
    newcomer = (p.motive[rows] != NO_MOTIVE) & (month - p.arrived[rows].astype(np.int32) < NEWCOMER_MONTHS)
    area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    belonging = p.belonging[rows]
    return Adults(
        serial=p.serial[rows],
        cell=(len(CLASSES) * area + 2 * newcomer + (p.origin[rows] > 0)).astype(np.int32),
        belonging=np.floor(belonging * np.float32(FINE) + np.float32(0.5)).astype(np.int32),
        home=belonging >= np.float32(world.parameters.home_threshold),
    )


def sums_of_both(first: Adults, here: Adults, areas: int) -> np.ndarray:
    """Sums of `BOTH` over adults in both futures by neighbourhood and class under the first policy, int64 [J, 4, 5]."""
    at = np.searchsorted(here.serial, first.serial)
    at[at == len(here.serial)] = 0
    both = here.serial[at] == first.serial if len(here.serial) else np.zeros(len(first.serial), bool)
    at, cell = at[both], first.cell[both]
    columns = (None, first.belonging[both], here.belonging[at], first.home[both], here.home[at])
    cells = len(CLASSES) * areas
    # Sums of whole numbers below 2**53 are exact in double precision.
    counted = [np.bincount(cell, weights=column, minlength=cells) for column in columns]
    return np.stack(counted, axis=-1).astype(np.int64).reshape(areas, len(CLASSES), len(BOTH))


class FirstFuture:
    """The adults of the first policy's future at several moments, in a temporary file that is deleted with it."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this)
        self.kept: dict[int, tuple[int, int]] = {}

    def keep(self, month: int, adults: Adults) -> None:
        """Store the adults of a month."""
        self.kept[month] = (self.file.seek(0, 2), len(adults.serial))
        for column in adults:
            self.file.write(np.ascontiguousarray(column).data)

    def at(self, month: int) -> Adults:
        """The stored adults of a month."""
        offset, count = self.kept[month]
        self.file.seek(offset)
        return Adults(*(np.frombuffer(self.file.read(count * kind.itemsize), kind) for kind in KINDS))

    def __enter__(self) -> "FirstFuture":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
