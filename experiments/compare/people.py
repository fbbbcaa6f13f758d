"""Adults who live in the region in both futures: their belonging with a policy and with the first policy.

People are matched by serial number, most of them where they still live in the same row. The adults of every year of
the first policy's future are kept in a temporary file, so that those of a large region need not all be in memory.
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
    """Adults (15+) in the order of their rows.

    Attributes
    ----------
    row : uint32 [N]
        Their rows in the table of people.
    serial : uint64 [N]
    belonging : int32 [N]
        In units of 1/65536, as it is counted.
    home : bool [N]
        Feels at home.
    """

    row: np.ndarray
    serial: np.ndarray
    belonging: np.ndarray
    home: np.ndarray


class First(NamedTuple):
    """The adults of the first policy's future in a month, and of each neighbourhood x 4 + class of resident, int32 [N].

    Classes are those of `sim.measures.CLASSES`.
    """

    adults: Adults
    cell: np.ndarray


KINDS = (np.dtype(np.uint32), np.dtype(np.uint64), np.dtype(np.int32), np.dtype(np.bool_), np.dtype(np.int32))


def adults_of(world: World) -> Adults:
    """Present residents of 15 years and older."""
    p = world.population
    rows = np.flatnonzero((p.serial != NOBODY) & (p.born <= world.month - ADULT_MONTHS))
    belonging = p.belonging[rows]
    return Adults(
        row=rows.astype(np.uint32),
        serial=p.serial[rows],
        belonging=np.floor(belonging * np.float32(FINE) + np.float32(0.5)).astype(np.int32),
        home=belonging >= np.float32(world.parameters.home_threshold),
    )


def first_of(world: World, adults: Adults) -> First:
    """The adults of a world as those of the first policy's future: with where they live, and their class."""
    p, rows = world.population, adults.row
    newcomer = (p.motive[rows] != NO_MOTIVE) & (world.month - p.arrived[rows].astype(np.int32) < NEWCOMER_MONTHS)
    area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    return First(adults, (len(CLASSES) * area + 2 * newcomer + (p.origin[rows] > 0)).astype(np.int32))


def matched(first: Adults, here: Adults) -> tuple[np.ndarray, np.ndarray]:
    """Where those who live in both futures stand among the adults of the first and of this one.

    Futures have one start: most still live in the same row in both, and only the others are looked up by serial.
    """
    if not len(first.row) or not len(here.row):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    places = np.full(int(max(first.row[-1], here.row[-1])) + 1, -1, np.int32)
    places[here.row] = np.arange(len(here.row), dtype=np.int32)
    at = places[first.row]
    stayed = (at >= 0) & (here.serial[at] == first.serial)
    at_first, at_here = np.flatnonzero(stayed), at[stayed]
    apart = np.flatnonzero(~stayed)
    left = np.ones(len(here.row), bool)
    left[at_here] = False
    rest = np.flatnonzero(left)
    if not len(apart) or not len(rest):
        return at_first, at_here
    rest = rest[np.argsort(here.serial[rest])]
    found = np.searchsorted(here.serial[rest], first.serial[apart])
    found[found == len(rest)] = 0
    moved = here.serial[rest[found]] == first.serial[apart]
    return np.concatenate([at_first, apart[moved]]), np.concatenate([at_here, rest[found[moved]]])


def sums_of_both(first: First, here: Adults, areas: int) -> np.ndarray:
    """Sums of `BOTH` over adults in both futures by neighbourhood and class under the first policy, int64 [J, 4, 5]."""
    there, at = matched(first.adults, here)
    cell, cells = first.cell[there], len(CLASSES) * areas
    columns = (None, first.adults.belonging[there], here.belonging[at], first.adults.home[there], here.home[at])
    # Sums of whole numbers below 2**53 are exact in double precision, in any order.
    counted = [np.bincount(cell, weights=column, minlength=cells) for column in columns]
    return np.stack(counted, axis=-1).astype(np.int64).reshape(areas, len(CLASSES), len(BOTH))


class FirstFuture:
    """The adults of the first policy's future at several moments, in a temporary file that is deleted with it."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this)
        self.kept: dict[int, tuple[int, int]] = {}

    def keep(self, month: int, first: First) -> None:
        """Store the adults of a month."""
        self.kept[month] = (self.file.seek(0, 2), len(first.cell))
        for column in (*first.adults, first.cell):
            self.file.write(np.ascontiguousarray(column).data)

    def at(self, month: int) -> First:
        """The stored adults of a month."""
        offset, count = self.kept[month]
        self.file.seek(offset)
        *adults, cell = (np.frombuffer(self.file.read(count * kind.itemsize), kind) for kind in KINDS)
        return First(Adults(*adults), cell)

    def __enter__(self) -> "FirstFuture":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
