"""Copies of a world's state in memory, to go back to: for a lever changed in the past and for looking at people."""

from dataclasses import dataclass

import numpy as np

from sim.neighbourhoods import Stocks
from sim.population import Population, vacant_population
from sim.world import World

EVERY, EVERY_LARGE, LARGE = 6, 24, 200_000  # months between snapshots, and from how many agents on they are rarer


@dataclass(frozen=True)
class Snapshot:
    """The state of a world at the end of a month; never changed once made.

    Attributes
    ----------
    columns : tuple of arrays [n, ...]
        The columns of `sim.population.Population` for the n open places, neighbourhood after neighbourhood.
    """

    month: int
    columns: tuple[np.ndarray, ...]
    stocks: Stocks

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(c.nbytes for c in self.columns) + sum(s.nbytes for s in self.stocks)

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
    columns = tuple(np.concatenate([column[part] for part in rows]) for column in world.population)
    return Snapshot(world.month, columns, Stocks(*(stock.copy() for stock in world.stocks)))


def revive(snapshot: Snapshot, like: World) -> World:
    """A new world in the state of a snapshot, with the places, parameters and seed of another."""
    population: Population = vacant_population(int(like.neighbourhoods.first[-1]))
    begin = 0
    for part in stretches(like, snapshot.stocks.opened):
        end = begin + part.stop - part.start
        for target, column in zip(population, snapshot.columns, strict=True):
            target[part] = column[begin:end]
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
        Bytes; the first and the last snapshot are kept whatever they take.
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
        self.by_month[world.month] = take(world)
        while len(self.by_month) > 2 and sum(s.size for s in self.by_month.values()) > self.limit:
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
