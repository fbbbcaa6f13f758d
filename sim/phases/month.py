"""The month: one ordered table of phases, from which one run, settling, sweeps of many small runs, and looks between
phases all derive.

A phase is a compiled function `phase(worker, low, high, state)` and the units into which its work can be divided: it
reads what earlier phases wrote and writes its own rows, so that the division over threads cannot change a result.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sim.checks import raise_fault
from sim.machine.threads import ThreadPool
from sim.observations import Observations, empty_observations
from sim.phases.arrival_list import list_arrivals
from sim.phases.arrive import allot_homes, arrive, seek_homes
from sim.phases.beneficiaries import count_beneficiaries, count_residents
from sim.phases.build import build
from sim.phases.census import census, remember
from sim.phases.check import begin_month, check_month
from sim.phases.destinations import choose_homes, group_movers, plan_moves
from sim.phases.dwelling_kinds import count_dwelling_kinds
from sim.phases.expectations import expect_arrivals
from sim.phases.leave import leave
from sim.phases.move import leave_old_homes, settle_movers
from sim.phases.observe import observe
from sim.phases.pair import form_couples
from sim.phases.rates import set_rates
from sim.phases.renew import renew
from sim.phases.tie_formation import form_ties
from sim.phases.update_residents import update_residents
from sim.workspace import BLOCK
from sim.world import World


def by_neighbourhood(world: World) -> int:
    """Neighbourhoods."""
    return world.areas


def by_block(world: World) -> int:
    """Blocks of 2,048 rows, counted over all neighbourhoods; none straddles two, so the last of each is smaller."""
    return int(((world.stocks.opened + BLOCK - 1) // BLOCK).sum())


def by_municipality(world: World) -> int:
    """Municipalities."""
    return len(world.municipalities.key)


def at_once(world: World) -> int:
    """One thread, for all neighbourhoods at once."""
    return 1


@dataclass(frozen=True)
class Phase:
    """A phase of the month: its name, its compiled function, how its work is divided over threads.

    Call it as ``phase(world, pool)``.

    Attributes
    ----------
    units : callable
        How many units of work there are.
    """

    name: str
    function: Any
    units: Callable[[World], int]

    def __call__(self, world: World, pool: ThreadPool) -> None:
        """Run the phase over a world."""
        pool.run(self.function, self.units(world), world.state(pool.threads))


Step = Callable[[World, ThreadPool], None]
"""A phase, or an observer between phases."""


def table(*phases: Phase) -> dict[str, Step]:
    """Phases by name, in order."""
    return {phase.name: phase for phase in phases}


BEGIN = Phase("begin", begin_month, by_neighbourhood)
CHECK = Phase("check", check_month, at_once)
COUNT = Phase("count", count_beneficiaries, by_neighbourhood)
COUNT_RESIDENTS = Phase("residents", count_residents, by_neighbourhood)
OBSERVE = Phase("observe", observe, by_neighbourhood)
KINDS = Phase("kinds", count_dwelling_kinds, by_neighbourhood)
EXPECT = Phase("expect", expect_arrivals, by_municipality)
RATES = Phase("rates", set_rates, by_neighbourhood)
LIVE = Phase("live", update_residents, by_block)
TIES = Phase("ties", form_ties, by_neighbourhood)
CENSUS = Phase("census", census, by_neighbourhood)
PHASES: dict[str, Step] = table(
    KINDS,
    EXPECT,
    RATES,
    Phase("remember", remember, by_neighbourhood),
    Phase("build", build, by_neighbourhood),
    LIVE,
    TIES,
    Phase("pair", form_couples, by_neighbourhood),
    Phase("leave", leave, by_neighbourhood),
    Phase("plan", plan_moves, at_once),
    Phase("choose", choose_homes, by_neighbourhood),
    Phase("group", group_movers, at_once),
    Phase("settle", settle_movers, by_neighbourhood),
    Phase("vacate", leave_old_homes, by_neighbourhood),
    Phase("list", list_arrivals, by_municipality),
    Phase("seek", seek_homes, by_neighbourhood),
    Phase("allot", allot_homes, by_municipality),
    Phase("arrive", arrive, by_neighbourhood),
    CENSUS,
)
SETTLING_PHASES: dict[str, Step] = table(
    KINDS, EXPECT, RATES, LIVE, TIES, Phase("renew", renew, by_neighbourhood), CENSUS
)


def with_look(before: str, look: Step, phases: dict[str, Step] = PHASES) -> dict[str, Step]:
    """Insert an observer of the world just before one of the phases."""
    found: dict[str, Step] = {}
    for name, phase in phases.items():
        if name == before:
            found[f"before {before}"] = look
        found[name] = phase
    return found


@dataclass
class Clock:
    """Seconds spent per phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, name: str, phase: Step, world: World, pool: ThreadPool) -> None:
        """Run one phase and note its time."""
        begin = time.perf_counter()
        phase(world, pool)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def pass_month(world: World, pool: ThreadPool, clock: Clock, phases: dict[str, Step] = PHASES) -> None:
    """Simulate one month of a world and check that residents add up.

    Raises
    ------
    ConservationError
        Residents do not add up with arrivals and leavers.
    """
    BEGIN(world, pool)
    for name, phase in phases.items():
        clock.run(name, phase, world, pool)
    CHECK(world, pool)
    raise_fault(world, world.month)
    world.month += 1


def set_rates_now(world: World, pool: ThreadPool) -> None:
    """Compute arrivals and rates from the present stocks and levers, to observe a month that was not simulated."""
    KINDS(world, pool)
    EXPECT(world, pool)
    RATES(world, pool)


def observe_world(
    world: World, pool: ThreadPool, clock: Clock, observations: Observations | None = None
) -> Observations:
    """Count everything that is reported of the month just passed.

    The counts are written into `observations`, or else into new ones.
    """
    world.observed = observations or empty_observations(world.areas)
    clock.run("observe", OBSERVE, world, pool)
    return world.observed
