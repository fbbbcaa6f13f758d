"""Settled starts, shared by all visitors who ask for the same region, seed and scale."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from browser.draws import parameters_of, seed_of
from browser.levers import HORIZON, MOST_BUILDING
from browser.snapshots import Snapshot, take
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.population import vacant_population
from sim.world import World

MOST_KEPT = 32
SMALL = 60_000  # agents up to which one thread is as fast as several


@dataclass(frozen=True)
class Start:
    """A region at month 0, before any policy.

    Attributes
    ----------
    like : World
        Places, parameters and seed, without people.
    numbers : list
        Totals and columns of month 0 once somebody has looked at it: they are the same for everyone and every policy.
    """

    table: AreaTable
    scale: int
    like: World
    snapshot: Snapshot
    numbers: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)


def scale_for(table: AreaTable, requested: int, most_agents: int) -> int:
    """Residents per agent: as asked, or more where the agents would be too many; 0 leaves it to us."""
    return max(requested, 1, ceil(int(table.residents.sum()) / most_agents))


def settled(
    table: AreaTable,
    parameters: Parameters,
    seed: int,
    scale: int,
    pool: ThreadPool,
    on_month: Callable[[World], None],
    keep: bool = False,
) -> Start:
    """A settled world as `thuis run` makes or keeps it; only the room for later building differs.

    Parameters
    ----------
    keep : bool
        Keep it on the disk. What visitors ask for is not: each seed would be another file in the operator's cache.
    """
    options = BuildOptions(seed=seed, scale=scale, years=HORIZON // 12, building=MOST_BUILDING)
    how = Starting(cache="use" if keep else "read", month=on_month)
    world = settled_start(table, parameters, options, pool, how)
    like = World(world.neighbourhoods, world.municipalities, vacant_population(0), world.parameters, seed)
    return Start(table, scale, like, take(world))


Key = tuple[str, int, int, int]
"""Region, seed, scale, and the number of a future: 0 is the one that the visitor sees (see `browser.draws`)."""


class Starts:
    """The last few starts, within a limit of memory; two visitors who want the same one wait for the same work.

    Parameters
    ----------
    limit : int
        Bytes.
    parameters : Parameters
        Those in force; each other future draws the uncertain ones around them.

    Attributes
    ----------
    settling : dict of int
        By key of a start that is being made, how many months of its settling are left.
    """

    def __init__(self, limit: int, parameters: Parameters) -> None:
        self.limit, self.parameters = limit, parameters
        self.kept: OrderedDict[Key, Start] = OrderedDict()
        self.lock = threading.Lock()
        self.working: dict[Key, threading.Lock] = {}
        self.settling: dict[Key, int] = {}

    def get(
        self, key: Key, table: AreaTable, pool: ThreadPool, on_month: Callable[[World], None], keep: bool = False
    ) -> Start:
        """The start of a key; made when it is not there, and kept on the disk when asked."""
        with self.lock:
            one_at_a_time = self.working.setdefault(key, threading.Lock())
        with one_at_a_time:
            with self.lock:
                found = self.kept.get(key)
                if found is not None:
                    self.kept.move_to_end(key)
                    return found
            drawn = parameters_of(key[1], key[3], self.parameters) if key[3] else self.parameters
            seed = seed_of(key[1], key[3]) if key[3] else key[1]

            def note(world: World) -> None:
                self.settling[key] = -int(world.month)
                on_month(world)

            try:
                found = settled(table, drawn, seed, key[2], pool, note, keep)
            finally:
                self.settling.pop(key, None)
            with self.lock:
                self.kept[key] = found
                while len(self.kept) > MOST_KEPT or (len(self.kept) > 1 and self.size() > self.limit):
                    self.kept.popitem(last=False)
                self.working = {k: v for k, v in self.working.items() if k in self.kept}
            return found

    def size(self) -> int:
        """Bytes."""
        return int(np.sum([start.snapshot.size for start in self.kept.values()]))
