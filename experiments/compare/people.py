"""The first policy's future, with which the others are compared person by person.

Its people of every year are kept in a temporary file, so that those of a large region need not all be in memory.
"""

import tempfile

import numpy as np

from sim.households import NO_ROW
from sim.machine.threads import ThreadPool
from sim.measures import CLASSES
from sim.phases.both_futures import (
    BOTH,
    TwoFutures,
    classify_adults,
    count_in_both,
    place_others,
    state_of,
)
from sim.world import World


class FirstFuture:
    """The people of the first policy's future at several moments, in a temporary file that is deleted with it.

    Parameters
    ----------
    world : World
        One of the futures: the others have as many rows and neighbourhoods.
    pool : ThreadPool
        Threads that count.
    """

    def __init__(self, world: World, pool: ThreadPool) -> None:
        self.pool, self.file = pool, tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this)
        self.shares = pool.by_weight(world.neighbourhoods.residents)
        self.kept: dict[int, int] = {}
        self.month: int | None = None  # whose people are in memory
        rows, cells = len(world.population.serial), (world.areas, len(CLASSES), len(BOTH))
        self.futures = TwoFutures(
            serial=np.zeros(rows, np.uint64),
            belonging=np.zeros(rows, np.float32),
            kind=np.zeros(rows, np.uint8),
            place=np.zeros(1, np.int32),
            sums=np.zeros(cells, np.int64),
        )

    @property
    def columns(self) -> tuple[np.ndarray, ...]:
        """What is kept of a month, an entry a row."""
        return self.futures.serial, self.futures.belonging, self.futures.kind

    def keep(self, world: World) -> None:
        """Store the people of the present month of the first policy."""
        np.copyto(self.futures.serial, world.population.serial)
        np.copyto(self.futures.belonging, world.population.belonging)
        self.pool.share(classify_adults, self.shares, world.state(self.pool.threads), state_of(self.futures))
        self.month, self.kept[world.month] = world.month, self.file.seek(0, 2)
        for column in self.columns:
            self.file.write(column.data)

    def recall(self, month: int) -> None:
        """Read the people of a month, if they are not those in memory."""
        if self.month != month:
            self.file.seek(self.kept[month])
            for column in self.columns:
                self.file.readinto(column.data)
            self.month = month

    def count(self, world: World) -> np.ndarray:
        """Sums of `BOTH` over adults here now and in the first future, int64 [J, 4, 5], by area and class there."""
        self.recall(world.month)
        elsewhere = int(np.count_nonzero(self.futures.serial != world.population.serial))
        self.make_room(elsewhere)
        states = world.state(self.pool.threads), state_of(self.futures)
        if elsewhere:
            place_others(0, 0, world.areas, *states)
        self.pool.share(count_in_both, self.shares, *states)
        return self.futures.sums.copy()

    def make_room(self, people: int) -> None:
        """Empty the table of who lives elsewhere, with room for so many."""
        size = 1 << (2 * people).bit_length()
        if len(self.futures.place) < size:
            self.futures = self.futures._replace(place=np.empty(size, np.int32))
        self.futures.place.fill(NO_ROW)

    def __enter__(self) -> "FirstFuture":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
