"""Copies of a world's state in memory, to go back to: for a lever changed in the past and for looking at people."""

from dataclasses import dataclass

import numpy as np

from sim.neighbourhoods import Stocks
from sim.population import MOST_TIES, NOBODY, vacant_population
from sim.world import World

EVERY, EVERY_LARGE, LARGE = 6, 24, 200_000  # months between snapshots, and from how many agents on they are rarer


@dataclass(frozen=True)
class Snapshot:
    """The state of a world at the end of a month; never changed once made.

    Attributes
    ----------
    columns : tuple of arrays [n]
        The columns of `sim.population.Population` but the ties, for the n open places, neighbourhood after
        neighbourhood.
    ties, tied : tuples of arrays uint64 [t] and uint8 [n_j * 8 / 8]
        By neighbourhood, the ties that there are, and a bit for each that there could be: most places have few of them.
    """

    month: int
    columns: tuple[np.ndarray, ...]
    ties: tuple[np.ndarray, ...]
    tied: tuple[np.ndarray, ...]
    stocks: Stocks

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(c.nbytes for c in (*self.columns, *self.ties, *self.tied, *self.stocks))

    @property
    def agents(self) -> int:
        """Open places."""
        return len(self.columns[0])


def stretches(world: World, opened: np.ndarray) -> list[slice]:
    """The rows of the open places of each neighbourhood: stretches are copied much faster than single rows."""
    first = world.neighbourhoods.first[:-1]
    return [slice(int(low), int(low + count)) for low, count in zip(first, opened, strict=True)]


def take(world: World) -> Snapshot:
    """Copy the state of a world."""
    rows = stretches(world, world.stocks.opened)
    *others, ties = world.population
    columns = tuple(np.concatenate([column[part] for part in rows]) for column in others)
    there = [ties[part] != NOBODY for part in rows]
    known = tuple(ties[part][tied] for part, tied in zip(rows, there, strict=True))
    bits = tuple(np.packbits(tied) for tied in there)
    return Snapshot(world.month, columns, known, bits, Stocks(*(stock.copy() for stock in world.stocks)))


def revive(snapshot: Snapshot, like: World) -> World:
    """A new world in the state of a snapshot, with the places, parameters and seed of another."""
    population = vacant_population(int(like.neighbourhoods.first[-1]))
    *others, ties = population
    begin = 0
    for part, known, bits in zip(stretches(like, snapshot.stocks.opened), snapshot.ties, snapshot.tied, strict=True):
        end = begin + part.stop - part.start
        for target, column in zip(others, snapshot.columns, strict=True):
            target[part] = column[begin:end]
        there = np.unpackbits(bits, count=(end - begin) * MOST_TIES).reshape(-1, MOST_TIES)
        ties[part][there.astype(bool)] = known
        begin = end
    stocks = Stocks(*(stock.copy() for stock in snapshot.stocks))
    return World(
        like.neighbourhoods,
        like.municipalities,
        population,
        like.parameters,
        like.seed,
        stocks=stocks,
        month=snapshot.month,
    )


class Shelf:
    """Snapshots of one run, within a limit of memory: the farther apart the more there are.

    Parameters
    ----------
    limit : int
        Bytes of all but the first, which all runs of a start have; the last one is kept whatever it takes.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.every = limit, EVERY
        self.by_month: dict[int, Snapshot] = {}

    def copy(self) -> "Shelf":
        """The same snapshots on a shelf of its own."""
        other = Shelf(self.limit)
        other.every, other.by_month = self.every, dict(self.by_month)
        return other

    def offer(self, world: World) -> None:
        """Keep the world's state if its month is due."""
        if world.residents > LARGE:
            self.every = max(self.every, EVERY_LARGE)
        if world.month % self.every or world.month in self.by_month:
            return
        self.by_month = {**self.by_month, world.month: take(world)}  # others may be reading the one there was
        while len(self.by_month) > 2 and sum(s.size for m, s in self.by_month.items() if m) > self.limit:
            self.every *= 2
            last = max(self.by_month)
            kept = {m: s for m, s in self.by_month.items() if m % self.every == 0 or m == last}
            if len(kept) == len(self.by_month) and self.every > 10_000:
                return
            self.by_month = kept

    def forget_after(self, month: int) -> None:
        """Drop what comes after a month that is no longer true."""
        self.by_month = {m: s for m, s in self.by_month.items() if m <= month}

    def nearest(self, month: int) -> Snapshot:
        """The last snapshot up to a month; month 0 is always there."""
        return self.by_month[max(m for m in self.by_month if m <= month)]
