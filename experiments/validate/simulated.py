"""Simulation of areas to be measured: settle, simulate some years, and add up the last twelve months."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.simulation.progress import Progress, Quiet
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.observations import Observations, empty_observations
from sim.parameters import Parameters
from sim.phases.month import PHASES, Clock, Step, observe_world, pass_month, with_look
from sim.world import World

USUAL_AGENTS = 400_000
MOST_AGENTS = 3_000_000
AGENTS_PER_NEIGHBOURHOOD = 1_000  # standard error of mean belonging about .005


@dataclass
class Simulated:
    """The end of a run.

    Attributes
    ----------
    sums : int64 [J, 4, 24]
        Observations of the last twelve months added up (each of the months counts everyone anew).
    leavers, moves : int64 [J]
        Who left the area alive, and who moved house (within it too), in those months.
    world : World
        As it stands after the last month.
    """

    table: AreaTable
    sums: np.ndarray
    leavers: np.ndarray
    moves: np.ndarray
    world: World
    scale: int
    months: int

    def residents(self) -> np.ndarray:
        """Mean agents per area over the last months, float64 [J]."""
        from sim.phases.observe import RESIDENTS

        return self.sums[:, :, RESIDENTS].sum(axis=1) / self.months


def automatic_scale(table: AreaTable, measured: list[str] | None = None) -> int:
    """Residents per agent: about 400,000 agents, more where small measured areas would hold too few of them."""
    total = int(table.residents.sum())
    scale = max(1, -(-total // USUAL_AGENTS))
    areas = {code: int(n) for code, n in zip(table.code, table.residents, strict=True)}
    sizes = [areas[code] for code in measured or [] if code in areas]
    if sizes:
        finer = max(1, int(np.median(sizes)) // AGENTS_PER_NEIGHBOURHOOD)
        scale = max(min(scale, finer), -(-total // MOST_AGENTS))
    return scale


def simulate(
    table: AreaTable,
    parameters: Parameters | None = None,
    *,
    seed: int = 1,
    scale: int = 0,
    years: int = 5,
    pool: ThreadPool | None = None,
    progress: Progress | None = None,
    on_month: Callable[[World, Observations], None] | None = None,
    before_leaving: Step | None = None,
    after_leaving: Step | None = None,
) -> Simulated:
    """Settle a world and simulate years.

    Parameters
    ----------
    scale : int
        Residents per agent; 0 chooses.
    on_month : callable, optional
        Called with the world and what was observed after every month since settling.
    before_leaving : callable, optional
        Called with the world and the pool in every month since settling, when all have decided and nobody has left.
    after_leaving : callable, optional
        The same when those who die or leave the country have gone, and nobody has moved house.
    """
    scale = scale or automatic_scale(table)
    pool, clock, progress = pool or ThreadPool(), Clock(), progress or Quiet()
    parameters = parameters or Parameters()
    options = BuildOptions(seed=seed, scale=scale, years=years)
    progress.begin(options.settling_months + 12 * years, "validate")
    how = Starting(month=lambda w: progress.month(w.residents * scale, "settling"))
    world = settled_start(table, parameters, options, pool, how)
    phases = PHASES
    for phase, look in (("leave", before_leaving), ("plan", after_leaving)):
        phases = phases if look is None else with_look(phase, look, phases)
    found, last = empty_observations(len(table)), 12 * (years - 1)
    sums = np.zeros((len(table), 4, 24), np.int64)
    leavers, moves = np.zeros(len(table), np.int64), np.zeros(len(table), np.int64)
    for month in range(12 * years):
        pass_month(world, pool, clock, phases)
        if on_month is not None or month >= last:
            found = observe_world(world, pool, clock, found)
        if month >= last:
            sums += found.sums
            flows = world.flows
            gone = flows.moved_out + flows.moved_away
            leavers += gone + flows.emigrated
            moves += gone + flows.moved_within
        if on_month is not None:
            on_month(world, found)
        progress.month(world.residents * scale, f"year {month // 12 + 1}")
    progress.end()
    return Simulated(table, sums, leavers, moves, world, scale, 12)
