"""From settings to months: build a world, let it settle, and simulate its months one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from experiments.options.imported import behaviour_classes
from experiments.options.settings import Settings
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.errors import InputError
from scenarios.policy import Schedule, policy_from
from scenarios.regions.region import load_region
from sim.machine.threads import ThreadPool
from sim.observations import Observations
from sim.phases.month import Clock, observe_world, pass_month, set_rates_now
from sim.world import World

BYTES_PER_AGENT = 2500  # about: a Mesa agent and its place in Mesa's sets
STRETCH = 1 << 20  # rows looked through at once


class Driver(Protocol):
    """What simulates the months: the compiled loops or Mesa's agents."""

    def pass_month(self) -> None:
        """Simulate one month of the world, with the conditions in force."""


@dataclass
class CompiledDriver:
    """The compiled loops of `sim.phases.month`."""

    world: World
    pool: ThreadPool
    clock: Clock

    def pass_month(self) -> None:
        """Simulate one month."""
        pass_month(self.world, self.pool, self.clock)


@dataclass
class Month:
    """State and counts at the end of a month.

    Attributes
    ----------
    month : int
        Months completed; 0 is the start, before anything has come or gone.
    observations : Observations
        Overwritten by the next month: copy what is to be kept.
    world : World
        As it is now: the next month changes it.
    costs : dict of float64 [K]
        Euro spent this month by lever and municipality.
    """

    month: int
    observations: Observations
    world: World
    costs: dict[str, np.ndarray]

    @property
    def arrived(self) -> np.ndarray:
        """Agents who came from abroad this month and found a home, int64 [6], by motive; looked up in the world."""
        return arrivals_by_motive(self.world) if self.month else np.zeros(6, np.int64)


@dataclass
class Simulation:
    """A run in progress: world, policy, threads and time spent.

    Use it as ``for month in simulation.months(120): ...``.
    """

    settings: Settings
    table: AreaTable
    schedule: Schedule
    world: World
    pool: ThreadPool
    clock: Clock = field(default_factory=Clock)

    def months(self, until: int) -> Iterator[Month]:
        """Simulate months up to and including `until`; a run that has just settled yields month 0 first."""
        world, found = self.world, None
        if world.month == 0:
            set_rates_now(world, self.pool)  # so that month 0 is observed with its own rates
            found = observe_world(world, self.pool, self.clock)
            yield Month(0, found, world, {})
        driver = self.driver()
        while world.month < until:
            self.schedule.begin_month(world, self.pool)
            driver.pass_month()
            found = observe_world(world, self.pool, self.clock, found)
            yield Month(world.month, found, world, self.schedule.month_costs)

    def driver(self) -> Driver:
        """The driver that the settings request."""
        o = self.settings.options
        own: dict[str, Any] = behaviour_classes(o.behaviour)
        if o.driver == "compiled" and not own:
            return CompiledDriver(self.world, self.pool, self.clock)
        from agents.model import CohesionModel

        return CohesionModel(self.world, "agents", table=self.table, pool=self.pool, model_reporters={}, **own)


def check_agents(agents: int) -> None:
    """Refuse the agents driver where it is missing or its agents do not fit in memory."""
    from importlib.util import find_spec

    import psutil

    if find_spec("agents.model") is None:
        raise InputError("driver=agents is not installed here; allowed is driver=compiled")
    needed, available = agents * BYTES_PER_AGENT, psutil.virtual_memory().available
    if needed > available:
        raise InputError(
            f"driver=agents needs {needed / 2**30:.1f} GiB of memory for {agents:,} agents and "
            f"{available / 2**30:.1f} GiB is free; choose driver=compiled or a larger scale"
        )


def arrivals_by_motive(world: World) -> np.ndarray:
    """Agents who came from abroad in the month just passed and live here, int64 [6]."""
    p, arrived = world.population, np.zeros(6, np.int64)
    for first in range(0, len(p.arrived), STRETCH):  # a mark for every row of a country would be memory of its own
        rows = first + np.flatnonzero(p.arrived[first : first + STRETCH] == world.month - 1)
        rows = rows[(p.serial[rows] != 0) & (p.motive[rows] < 6)]
        arrived += np.bincount(p.motive[rows], minlength=6)
    return arrived


def load_table(region: Mapping[str, Any]) -> AreaTable:
    """The areas of a region, as `Settings.region` describes it."""
    given = {key: value for key, value in region.items() if value is not None}
    return load_region(given.pop("name"), **given)


def make_schedule(settings: Settings, table: AreaTable) -> Schedule:
    """The schedule of the policy, its areas checked against the region."""
    return Schedule(policy_from(settings.policy), table, settings.options.scale)


def build_options(settings: Settings, schedule: Schedule) -> BuildOptions:
    """How the world is to be built."""
    o = settings.options
    return BuildOptions(seed=o.seed, scale=o.scale, years=o.years, building=schedule.most_building)
