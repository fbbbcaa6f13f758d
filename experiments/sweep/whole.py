"""Runs of the model for a sweep: settled starts cached, worlds reused, all months in one compiled call."""

from collections import OrderedDict
from functools import lru_cache
from typing import Any

from experiments.sweep.checking import load_table, policy_mapping
from experiments.sweep.findings import Findings, empty_findings, note_month
from experiments.sweep.outcomes import Gathered, Observed
from experiments.sweep.own import Watched, own_of, pass_watched
from experiments.sweep.plan import Plan
from experiments.sweep.stages import KeptStages, Stages, pass_stages
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.building import make_municipalities, make_neighbourhoods
from scenarios.policy import Schedule, policy_from
from scenarios.settling import begin_settling
from scenarios.start_cache import Starting, settled_start
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.many_months import pass_months
from sim.phases.month import OBSERVE, SETTLING_PHASES, Clock, pass_month
from sim.world import World

BYTES_OF_STARTS = 256 << 20  # settled starts that a worker keeps
# Parameters that fixed properties are made with: with a shared start these are made again for each run.
FIXED_PARAMETERS = (
    "capacity_reception", "capacity_schools", "destination_own_group", "distance_scale", "emigration_natives",
    "moving_between", "moving_recent", "moving_recent_scale", "moving_scale",
)  # fmt: skip


def settle_at_once(world: World, pool: ThreadPool, on_month: None = None) -> World:
    """As `scenarios.settling.settle`, in one compiled call without observers."""
    begin_settling(world, pool)
    pass_months(world, -world.month, SETTLING_PHASES)
    return world


class Starts:
    """Settled worlds, the last used kept within a limit of memory.

    Parameters
    ----------
    plan : Plan
        start=own: a world settles with the run's own parameters and seed, as `thuis run` does; runs that differ in
        policy alone share it. start=shared: one world per region, settled with the sweep's fixed parameters and seed;
        what a run varies holds from month 0 on.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kept: OrderedDict[tuple[Any, ...], World] = OrderedDict()
        self.bytes = 0

    def world(self, region: str, table: AreaTable, parameters: Parameters, seed: int, scale: int) -> World:
        """The start of a run: not to be changed."""
        shared = self.plan.start == "shared"
        key: tuple[Any, ...] = (region, scale) if shared else (region, scale, parameters, seed)
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        options = options_of(self.plan, seed, scale)
        # A start for one run only is not worth its place in the cache.
        how = Starting(cache="use" if self.plan.start == "shared" else "none", settle=settle_at_once)
        world = settled_start(table, parameters, options, ThreadPool(1), how)
        self.kept[key] = world
        self.bytes += size_of(world)
        while self.bytes > BYTES_OF_STARTS and len(self.kept) > 1:
            _, old = self.kept.popitem(last=False)
            self.bytes -= size_of(old)
        return world


def options_of(plan: Plan, seed: int, scale: int) -> BuildOptions:
    """How the world of a run is built: with room for the longest of them."""
    years = max([plan.years, *(values for values in plan.factors.get("years", [[]])[0])])
    return BuildOptions(seed=seed, scale=scale, years=years, building=plan.building)


def size_of(world: World) -> int:
    """Bytes of a world's people."""
    return sum(array.nbytes for array in world.population)


class ThuisRuns:
    """Runs the model for the rows of a design; one per worker, in one thread.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.starts = Starts(plan)
        self.own = own_of(plan)
        self.work: dict[tuple[Any, ...], World] = {}
        self.base = Parameters().changed(**plan.fixed["parameters"])
        self.region = str(plan.fixed["region"]["name"])
        self.fixed_vary = plan.start == "shared" and any(f"parameters.{p}" in plan.factors for p in FIXED_PARAMETERS)
        self.table = lru_cache(8)(self._table)
        self.kept_stages = KeptStages()

    def begin(self) -> Gathered:
        """A place for the rows of a chunk."""
        return Gathered()

    def every(self, months: int) -> int:
        """Months between observations in a run of so many months."""
        return 1 if self.plan.fixed.get("monthly") else 12 if self.plan.yearly else months

    def _table(self, region: str) -> AreaTable:
        return load_table(self.plan.fixed["region"], None if region == self.region else region)

    def stages(
        self,
        region: str,
        package: str | None,
        changes: tuple[tuple[str, Any], ...],
        months: int,
        scale: int,
        building: float,
    ) -> Stages:
        """The stages of a policy: those made before where it comes again."""
        key = (region, package, changes, months, scale, building)
        if (found := self.kept_stages.find(key)) is not None:
            return found
        fixed, table = self.plan.fixed, self.table(region)
        chosen = fixed["policy"] if package is None else package
        policy = policy_from(policy_mapping(chosen, fixed["policy_changes"] | dict(changes)))
        stages = Stages(Schedule(policy, table, scale), months, self.every(months), building)
        self.kept_stages.keep(key, stages, len(table))
        return stages

    def run(self, row: dict[str, Any], gathered: Gathered) -> None:
        """Run one row of the design and add what came out."""
        region, package, scale = str(row.get("region", self.region)), row.get("policy"), self.scale_of(row)
        varied = {name.removeprefix("parameters."): v for name, v in row.items() if name.startswith("parameters.")}
        levers = tuple((n.removeprefix("policy."), v) for n, v in row.items() if n.startswith("policy."))
        parameters = self.base.changed(**varied) if varied else self.base
        months = 12 * int(row.get("years", self.plan.years))
        # Stages depend on the parameter only where the table tells of homes built.
        building = parameters.building if self.table(region).homes_known() is not None else self.base.building
        stages = self.stages(region, package, levers, months, scale, building)
        world, every = self.world(region, parameters, row["seed"], scale), self.every(months)
        findings = empty_findings(world, months // every + 1, max(len(stages.months_of), 1))
        seen = self.pass_run(world, region, stages, months, findings)
        digest = state_digest(world)
        for at, month in enumerate(seen.months):
            own = seen.values[at] if seen.values else {}
            last = digest if at == len(seen.months) - 1 else ""
            gathered.add(row["run"], Observed(month, seen.spent[at], scale, last, own), findings, at)

    def scale_of(self, row: dict[str, Any]) -> int:
        """Residents for each agent in a run."""
        return int(row.get("scale", self.plan.scale))

    def pass_run(self, world: World, region: str, stages: Stages, months: int, findings: Findings) -> Watched:
        """All months of a run: in compiled calls, or one by one where a budget or the user looks at them."""
        every = self.every(months)
        if self.own:
            return pass_watched(world, self.table(region), stages.schedule, self.own, months, every, findings)
        observed = list(range(every, months + 1, every))
        if stages.budgeted:
            return Watched(observed, pass_with_budget(world, stages.schedule, months, every, findings))
        pass_stages(world, stages, months, every, findings)
        return Watched(observed, stages.spent(findings, world, every, len(observed)).tolist())

    def world(self, region: str, parameters: Parameters, seed: int, scale: int) -> World:
        """A world at month 0 with the run's parameters and draws, to be used up."""
        table, shared = self.table(region), self.plan.start == "shared"
        used, drawn = (self.base, self.plan.seed) if shared else (parameters, seed)
        start = self.starts.world(region, table, used, drawn, scale)
        key = (region, scale, len(start.population.serial))
        if key not in self.work:
            self.work = {key: start.copy()} | dict(list(self.work.items())[:3])
        world = self.work[key]
        world.take_over(start, seed, parameters)
        if self.fixed_vary:
            options = options_of(self.plan, seed, scale)
            neighbourhoods, counts = make_neighbourhoods(table, options, parameters)
            world.neighbourhoods = start.neighbourhoods._replace(mobility=neighbourhoods.mobility)
            world.municipalities = make_municipalities(table, neighbourhoods, counts, options, parameters)
        return world


def pass_with_budget(world: World, schedule: Schedule, months: int, every: int, findings: Findings) -> list[float]:
    """Month by month: what a budget allows depends on last month's numbers. Euro spent up to each observed month."""
    pool, clock, spent = ThreadPool(1), Clock(), []
    while world.month < months:
        schedule.begin_month(world, pool)
        pass_month(world, pool, clock)
        if world.month % every == 0:
            OBSERVE(world, pool)
            note_month(findings, world.month // every - 1, world)
            spent.append(float(world.stocks.spent.sum()))
    return spent
