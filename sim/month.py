"""The month: its phases as a list, in the order of the model, each shared among threads.

policy -> rates -> build -> live (meet, belong, settle, decide) -> ties -> leave -> move -> arrive -> census
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.checks import check_conservation
from sim.machine.threads import ThreadPool
from sim.phases.arrive import arrive, build
from sim.phases.leave import leave, renew
from sim.phases.move import by_destination, choose, leave_old_homes, settle_movers
from sim.phases.observe import Observations, census, empty_observations, observe
from sim.phases.rates import prepare_places, prepare_towns
from sim.phases.tie_formation import acquaint
from sim.phases.update_residents import live, straddling
from sim.phases.vacancy_allocation import vacancies_for
from sim.world import World


def prepare_phase(world: World, pool: ThreadPool) -> None:
    """What each place means this month, from last month's stocks and the levers in force."""
    w = world
    prepare_towns(w.places, w.municipalities, w.stocks, w.conditions, w.rates, w.coefficients)
    pool.share(prepare_places, pool.evenly(w.areas), w.places, w.stocks, w.conditions, w.rates, w.coefficients)


def build_phase(world: World, pool: ThreadPool) -> None:
    """New places open."""
    w = world
    build(0, w.areas, w.places, w.stocks, w.conditions, w.key, w.month, w.coefficients)


def live_phase(world: World, pool: ThreadPool, with_ties: bool = False) -> None:
    """Meet, belong, settle in, decide; with ties, those of most neighbourhoods follow at once (see `live`)."""
    w = world
    pool.share(
        live, pool.by_weight(w.block_rows), with_ties, w.population, w.places, w.municipalities, w.stocks, w.rates,
        w.conditions, w.tables, w.weights, w.key, w.month, w.coefficients,
    )  # fmt: skip


def tie_phase(world: World, pool: ThreadPool) -> None:
    """Those who seek a tie find a partner."""
    w = world
    pool.share(
        acquaint, pool.by_weight(w.stocks.opened), w.population, w.places, w.stocks, w.key, w.month, w.coefficients
    )


def live_and_tie_phase(world: World, pool: ThreadPool) -> None:
    """Meet, belong, settle in, decide; the ties of a neighbourhood that one thread has as a whole follow at once."""
    live_phase(world, pool, with_ties=True)


def tie_rest_phase(world: World, pool: ThreadPool) -> None:
    """Those who seek a tie find a partner, where that did not follow at once."""
    w = world
    for j in straddling(pool.by_weight(w.block_rows), w.stocks.opened):
        acquaint(j, j + 1, w.population, w.places, w.stocks, w.key, w.month, w.coefficients)


def leave_phase(world: World, pool: ThreadPool) -> None:
    """Deaths and departures abroad."""
    w = world
    w.movers = np.zeros(w.areas, np.int64)
    pool.share(leave, pool.by_weight(w.stocks.opened), w.population, w.places, w.stocks, w.flows, w.movers, w.month)


def move_phase(world: World, pool: ThreadPool) -> None:
    """Movers choose, the lottery decides, records move."""
    w = world
    offset = np.concatenate(([0], np.cumsum(w.movers)))
    rows, wanted = np.zeros(offset[-1], np.int64), np.zeros(offset[-1], np.int64)
    lottery, target = np.zeros(offset[-1], np.uint64), np.full(offset[-1], -1, np.int64)
    areas = pool.by_weight(w.stocks.opened)
    pool.share(
        choose, areas, offset, w.population, w.places, w.municipalities, w.stocks, w.conditions, w.key, w.month,
        w.coefficients, rows, wanted, lottery,
    )  # fmt: skip
    first, order = by_destination(wanted, w.areas)
    w.vacancies = vacancies_for(w.stocks.vacant)
    pool.share(
        settle_movers, areas, first, order, rows, lottery, target, w.vacancies, w.population, w.places, w.stocks,
        w.flows, w.key, w.month, w.coefficients.tie_kept_moving,
    )  # fmt: skip
    pool.share(leave_old_homes, areas, offset, rows, wanted, target, w.population, w.places, w.stocks, w.flows, w.month)


def arrive_phase(world: World, pool: ThreadPool) -> None:
    """Births, people from elsewhere in the country, migrants."""
    w = world
    free = w.stocks.vacant - w.flows.moved_in - w.flows.moved_within
    by_town = np.bincount(w.places.municipality, w.stocks.opened, len(w.municipalities.key))
    pool.share(
        arrive, pool.by_weight(by_town), w.population, w.places, w.municipalities, w.stocks, w.rates,
        w.conditions, w.tables, w.stay, free, w.vacancies, w.flows, w.key, w.month, w.coefficients,
    )  # fmt: skip


def census_phase(world: World, pool: ThreadPool) -> None:
    """Count the stocks that the next month needs."""
    w = world
    pool.share(census, pool.by_weight(w.stocks.opened), w.population, w.places, w.stocks)


def renew_phase(world: World, pool: ThreadPool) -> None:
    """While settling: residence begins anew in place of leaving and moving."""
    w = world
    pool.share(
        renew, pool.by_weight(w.stocks.opened), w.population, w.places, w.stocks, w.key, w.month,
        w.coefficients.tie_kept_moving, w.coefficients.newcomer_start, w.coefficients.language_newcomer,
    )  # fmt: skip


Phase = Callable[[World, ThreadPool], None]
PHASES: dict[str, Phase] = {
    "rates": prepare_phase,
    "build": build_phase,
    "live": live_and_tie_phase,
    "ties": tie_rest_phase,
    "leave": leave_phase,
    "move": move_phase,
    "arrive": arrive_phase,
    "census": census_phase,
}
SETTLING_PHASES: dict[str, Phase] = {
    "rates": prepare_phase,
    "live": live_and_tie_phase,
    "ties": tie_rest_phase,
    "renew": renew_phase,
    "census": census_phase,
}


@dataclass
class Clock:
    """Seconds spent per phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, name: str, phase: Phase, world: World, pool: ThreadPool) -> None:
        """Run one phase and note its time."""
        begin = time.perf_counter()
        phase(world, pool)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def pass_month(world: World, pool: ThreadPool, clock: Clock, phases: dict[str, Phase] = PHASES) -> None:
    """Pass one month over a world and check that nobody was lost.

    Raises
    ------
    ConservationError
        Residents do not add up with arrivals and leavers.
    """
    before = world.stocks.people.sum(axis=1)
    for array in world.flows:
        array[:] = 0
    for name, phase in phases.items():
        clock.run(name, phase, world, pool)
    check_conservation(world, before, renewing=phases is SETTLING_PHASES)
    world.month += 1


def observe_world(
    world: World, pool: ThreadPool, clock: Clock, observations: Observations | None = None
) -> Observations:
    """Count everything that is reported of the month just passed."""
    found = observations or empty_observations(world.areas)

    def phase(w: World, pool: ThreadPool) -> None:
        pool.share(
            observe, pool.by_weight(w.stocks.opened), w.population, w.places, w.stocks, w.rates, w.month,
            w.coefficients, found,
        )  # fmt: skip

    clock.run("observe", phase, world, pool)
    return found
