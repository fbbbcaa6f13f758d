"""Runs of the model for a sweep: settled starts cached, worlds reused, all months in one compiled call."""

from collections import OrderedDict
from functools import lru_cache
from typing import Any

import numpy as np

from experiments.sweep.checking import load_table, policy_mapping
from experiments.sweep.findings import Findings, empty_findings, note_month, note_served
from experiments.sweep.outcomes import Gathered
from experiments.sweep.plan import Plan
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions, make_municipalities, make_neighbourhoods
from scenarios.policy import Schedule, Units, policy_from
from scenarios.settling import begin_settling
from scenarios.start_cache import Starting, settled_start
from sim.conditions import Conditions
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.many_months import pass_months
from sim.month import OBSERVE, SETTLING_PHASES, Clock, pass_month
from sim.parameters import Parameters
from sim.world import World

BYTES_OF_STARTS = 256 << 20  # settled starts that a worker keeps
# Parameters that the fixed part of municipalities is made with: with a shared start it is made again for each run.
MUNICIPALITY_PARAMETERS = ("distance_scale", "emigration_natives", "moving_between")


def settle_at_once(world: World, pool: ThreadPool, on_month: None = None) -> World:
    """As `scenarios.settling.settle`, in one compiled call without observers."""
    begin_settling(world, pool)
    pass_months(world, -world.month, SETTLING_PHASES)
    return world


def copy_state(source: World, target: World) -> None:
    """Copy the people and stocks of one world into another of the same neighbourhoods."""
    for one, other in ((source.population, target.population), (source.stocks, target.stocks)):
        for array, into in zip(one, other, strict=True):
            np.copyto(into, array)


def copy_of(world: World) -> World:
    """A separate world with the same neighbourhoods."""
    population = type(world.population)(*(array.copy() for array in world.population))
    stocks = type(world.stocks)(*(array.copy() for array in world.stocks))
    return World(world.neighbourhoods, world.municipalities, population, world.parameters, world.seed, stocks)


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

    def world(self, region: str, table: AreaTable, parameters: Parameters, seed: int) -> World:
        """The start of a run: not to be changed."""
        key: tuple[Any, ...] = (region,) if self.plan.start == "shared" else (region, parameters, seed)
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        options = BuildOptions(seed=seed, scale=self.plan.scale, years=self.plan.years, building=self.plan.building)
        # A start for one run only is not worth its place in the cache.
        how = Starting(cache="use" if self.plan.start == "shared" else "none", settle=settle_at_once)
        world = settled_start(table, parameters, options, ThreadPool(1), how)
        self.kept[key] = world
        self.bytes += size_of(world)
        while self.bytes > BYTES_OF_STARTS and len(self.kept) > 1:
            _, old = self.kept.popitem(last=False)
            self.bytes -= size_of(old)
        return world


def size_of(world: World) -> int:
    """Bytes of a world's people."""
    return sum(array.nbytes for array in world.population)


class Stages:
    """The different sets of levers of a policy that are in force, and which of them in each month.

    Parameters
    ----------
    observed : int
        Months between observations; a stage that is paid for ends with each, so that spending is known then.
    """

    def __init__(self, schedule: Schedule, months: int, observed: int) -> None:
        self.schedule = schedule
        known: dict[tuple[int, int], int] = {}
        sets: list[Conditions] = []
        self.months_of: list[list[int]] = []
        self.stages = np.zeros(months, np.int64)
        self.budgeted = schedule.policy.budget is not None or any(
            m.budget is not None for m in schedule.policy.measures
        )
        if self.budgeted:
            return
        for month in range(months):
            now = schedule.conditions(month)
            key = (id(now), 0 if now is schedule.baseline else month // observed)
            if key not in known:
                known[key] = len(sets)
                sets.append(now)
                self.months_of.append([])
            self.stages[month] = known[key]
            self.months_of[known[key]].append(month)
        self.counted = np.array([conditions is not schedule.baseline for conditions in sets])
        self.sets = sets  # kept, too, so that no other set takes the same id

    def spent(self, findings: Findings, world: World, every: int, count: int) -> np.ndarray:
        """Euro spent up to each observed month: what is paid is proportional to the people counted."""
        amounts = np.zeros(count)
        scale = self.schedule.scale
        for stage in np.flatnonzero(self.counted):
            months = self.months_of[stage]
            units = Units(
                residents=scale * findings.residents[stage].astype(float),
                supply=world.neighbourhoods.facilities.astype(float),
                newcomers=scale * findings.newcomers[stage].astype(float),
                labour=scale * findings.labour[stage].astype(float),
                built=scale * world.neighbourhoods.built * float(world.parameters.building) * len(months),
                capacity=scale * world.municipalities.capacity[:, 0].astype(float) * len(months),
                municipality=world.neighbourhoods.municipality.astype(np.int64),
            )
            cost = self.schedule.cost(months[0], units)
            amounts[months[0] // every] += sum(amount.sum() for amount in cost.values())
        return np.cumsum(amounts)


class ThuisRuns:
    """Runs the model for the rows of a design; one per worker, in one thread.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.starts = Starts(plan)
        self.work: dict[tuple[str, int], World] = {}
        self.base = Parameters().changed(**plan.fixed["parameters"])
        self.region = str(plan.fixed["region"]["name"])
        self.months = 12 * plan.years
        self.every = 12 if plan.yearly else self.months
        self.municipalities_vary = plan.start == "shared" and any(
            f"parameters.{p}" in plan.factors for p in MUNICIPALITY_PARAMETERS
        )
        self.table = lru_cache(8)(self._table)
        self.stages = lru_cache(32)(self._stages)

    def begin(self) -> Gathered:
        """A place for the rows of a chunk."""
        return Gathered(self.plan.scale)

    def _table(self, region: str) -> AreaTable:
        return load_table(self.plan.fixed["region"], None if region == self.region else region)

    def _stages(self, region: str, package: str | None, changes: tuple[tuple[str, Any], ...]) -> Stages:
        fixed = self.plan.fixed
        chosen = fixed["policy"] if package is None else package
        policy = policy_from(policy_mapping(chosen, fixed["policy_changes"] | dict(changes)))
        return Stages(Schedule(policy, self.table(region), self.plan.scale), self.months, self.every)

    def run(self, row: dict[str, Any], gathered: Gathered) -> None:
        """Run one row of the design and add what came out."""
        region, package = str(row.get("region", self.region)), row.get("policy")
        varied = {name.removeprefix("parameters."): v for name, v in row.items() if name.startswith("parameters.")}
        levers = tuple((n.removeprefix("policy."), v) for n, v in row.items() if n.startswith("policy."))
        parameters = self.base.changed(**varied) if varied else self.base
        stages = self.stages(region, package, levers)
        world = self.world(region, parameters, row["seed"])
        count = self.months // self.every
        findings = empty_findings(world, count, max(len(stages.months_of), 1))
        if stages.budgeted:
            spent = pass_with_budget(world, stages.schedule, self.months, self.every, findings)
        else:
            pass_stages(world, stages, self.months, self.every, findings)
            spent = stages.spent(findings, world, self.every, count)
        digest = state_digest(world)
        for at in range(count):
            year = (at + 1) * self.every // 12
            gathered.add(row["run"], year, digest if at == count - 1 else "", findings, at, float(spent[at]))

    def world(self, region: str, parameters: Parameters, seed: int) -> World:
        """A world at month 0 with the run's parameters and draws, to be used up."""
        table, shared = self.table(region), self.plan.start == "shared"
        start = self.starts.world(
            region, table, self.base if shared else parameters, self.plan.seed if shared else seed
        )
        key = (region, len(start.population.serial))
        if key not in self.work:
            self.work = {key: copy_of(start)} | dict(list(self.work.items())[:3])
        world = self.work[key]
        copy_state(start, world)
        world.neighbourhoods, world.municipalities = start.neighbourhoods, start.municipalities
        world.month, world.seed, world.conditions = 0, seed, start.conditions
        world.set_parameters(parameters)
        if self.municipalities_vary:
            options = BuildOptions(seed=seed, scale=self.plan.scale, years=self.plan.years, building=self.plan.building)
            neighbourhoods, counts = make_neighbourhoods(table, options, self.base)
            world.municipalities = make_municipalities(table, neighbourhoods, counts, options, parameters)
        return world


def pass_stages(world: World, stages: Stages, months: int, every: int, findings: Findings) -> None:
    """All months, those with the same levers between two observations in one compiled call."""
    pool, begin = ThreadPool(1), 0
    while begin < months:
        stage, end = int(stages.stages[begin]), begin + 1
        while end < months and end % every and stages.stages[end] == stage:
            end += 1
        world.conditions = stages.sets[stage]
        pass_months(world, end - begin, count=bool(stages.counted[stage]))
        if stages.counted[stage]:
            note_served(findings, stage, world)
        begin = end
        if begin % every == 0:
            OBSERVE(world, pool)
            note_month(findings, begin // every - 1, world)


def pass_with_budget(world: World, schedule: Schedule, months: int, every: int, findings: Findings) -> np.ndarray:
    """Month by month: what a budget allows depends on last month's numbers. Euro spent up to each observed month."""
    pool, clock, spent = ThreadPool(1), Clock(), []
    while world.month < months:
        schedule.begin_month(world, pool)
        pass_month(world, pool, clock)
        if world.month % every == 0:
            OBSERVE(world, pool)
            note_month(findings, world.month // every - 1, world)
            spent.append(float(world.stocks.spent.sum()))
    return np.array(spent)
