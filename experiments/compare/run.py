"""The runs of a comparison: every replicate settles once, and all its policies begin from that start and its draws."""

import copy
from collections.abc import Iterator
from math import fsum
from pathlib import Path

import numpy as np

from experiments.compare.counted import Finished, Followed, Gathered
from experiments.compare.design import Design, Replicate, drawn_parameters, future_seed, start_seed
from experiments.compare.elements import elements_by_policy, runs_alone
from experiments.compare.kept import keep, kept_file, take
from experiments.compare.people import BOTH, FirstFuture, adults_of, sums_of_both
from experiments.compare.roads import ROADS, switch_off, taken_apart
from experiments.simulation.progress import Progress, Quiet
from experiments.simulation.simulate import Month, Simulation
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.policy import Policy, Schedule, most_building, policy_from
from scenarios.start_cache import Starting, settled_start
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.world import World


def poorer_neighbourhoods(table: AreaTable) -> np.ndarray:
    """Whether a neighbourhood scores below the median socio-economic score, bool [J]."""
    score = np.nan_to_num(table.socio_economic)
    return score < np.median(score)


class Comparison:
    """Runs replicates one after another; the threads share the work inside each.

    Parameters
    ----------
    store : Path, optional
        Folder in which finished replicates are stored, and from which they are read.
    fresh_start : bool
        Settle every replicate again, without the start cache.
    key : str
        Digest of all that determines the content of a replicate; one stored under another is not used.
    """

    def __init__(
        self, design: Design, table: AreaTable, store: Path | None = None, fresh_start: bool = False, key: str = ""
    ) -> None:
        self.design, self.table, self.store, self.fresh_start, self.key = design, table, store, fresh_start, key
        self.pool = ThreadPool(design.options.threads)
        self.poorer = poorer_neighbourhoods(table)
        self.policies = [policy_from(policy) for policy in design.policies]
        self.elements = elements_by_policy(design)
        for policy in self.policies:
            Schedule(policy, table, design.options.scale)  # its places are in this region
        self.start: tuple[tuple[int, int], World] | None = None

    @property
    def build_options(self) -> BuildOptions:
        """How worlds are built; rows are reserved for the policy that builds most."""
        o = self.design.options
        return BuildOptions(seed=0, scale=o.scale, years=o.years, building=most_building(self.policies))

    def gather(self, replicates: list[Replicate], progress: Progress | None = None) -> Gathered:
        """Run what is not stored yet; a replicate that fails is noted, and the others continue."""
        progress, gathered = progress or Quiet(), Gathered([])
        todo = [r for r in replicates if not (self.store and kept_file(self.store, r).exists())]
        alone = sum(map(len, self.elements))
        runs = sum(
            len(self.policies) * (1 + len(ROADS) * taken_apart(self.design, r)) + alone * runs_alone(self.design, r)
            for r in todo
        )
        progress.begin(12 * self.design.options.years * runs, "comparing")
        try:
            for replicate in replicates:
                try:
                    gathered.finished.append(self.take_or_run(replicate, progress, len(replicates)))
                except MemoryError:
                    raise
                except Exception as error:
                    reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
                    gathered.failed.append({"replicate": replicate.number, "reason": reason})
                    self.start = None
        finally:
            progress.end()
        return gathered

    def take_or_run(self, replicate: Replicate, progress: Progress, count: int) -> Finished:
        """Read a stored replicate, or run and store it."""
        if self.store is not None and (found := take(self.store, replicate, len(self.policies), self.key)):
            return found
        finished = self.run(replicate, progress, f"replicate {replicate.number + 1} of {count}")
        if self.store is not None:
            keep(self.store, finished, self.key)
        return finished

    def run(self, replicate: Replicate, progress: Progress | None = None, text: str = "") -> Finished:
        """All policies of a replicate, from one settled start."""
        progress = progress or Quiet()
        with FirstFuture() as first:
            followed = [
                self.follow(at, self.begin(replicate), first, progress, text) for at in range(len(self.policies))
            ]
            if runs_alone(self.design, replicate):
                for at, each in enumerate(followed):
                    for policy in self.elements[at].values():
                        sums = self.sums_of_years(policy, self.begin(replicate), first, progress, f"{text}, elements")
                        each.elements = np.concatenate([each.elements, sums[None]])
        if taken_apart(self.design, replicate):
            for off in range(1, len(ROADS) + 1):
                with FirstFuture() as first:
                    for at, each in enumerate(followed):
                        world = self.begin(replicate)
                        switch_off(world, off)
                        policy = self.policies[at]
                        sums = self.sums_of_years(policy, world, first, progress, f"{text}, roads", at == 0)
                        each.roads = np.concatenate([each.roads, sums[None, -1]])
        return Finished(replicate, followed)

    def begin(self, replicate: Replicate) -> World:
        """A copy of the settled start of a replicate, with the seed of its future."""
        world = copy.deepcopy(self.settled(replicate))
        world.seed = future_seed(self.design, replicate)
        world.set_parameters(world.parameters)  # takes the seed in
        return world

    def settled(self, replicate: Replicate) -> World:
        """The settled start of a replicate; the last one is kept, as futures share it."""
        mark = (replicate.draw, replicate.start)
        if self.start is None or self.start[0] != mark:
            self.start = None  # free the memory first
            options = self.build_options
            options = BuildOptions(**{**vars(options), "seed": start_seed(self.design, replicate)})
            parameters = drawn_parameters(self.design, replicate)
            how = Starting(cache="none" if self.fresh_start else "use")
            self.start = (mark, settled_start(self.table, parameters, options, self.pool, how))
        return self.start[1]

    def follow(self, at: int, world: World, first: FirstFuture, progress: Progress, text: str) -> Followed:
        """Simulate the months of one policy and count; store the adults of every year of the first policy."""
        schedule, months = self.months(self.policies[at], world)
        region, neighbourhoods, both, costs, both_sums = [], [], [], [], np.zeros((0, 4, len(BOTH)), np.int64)
        for month in months:
            sums = month.observations.sums
            region.append(self.by_status(sums))
            if month.month % 12 == 0:
                neighbourhoods.append(sums.sum(axis=1))
                both_sums = count_both(at == 0, world, first)
                both.append(self.by_status(both_sums))
            if month.month:
                costs.append({name: fsum(euro) for name, euro in month.costs.items()})
                progress.month(world.residents * self.design.options.scale, f"{text}, {self.policies[at].name}")
        names = sorted({name for month_costs in costs for name in month_costs})
        return Followed(
            region=np.stack(region),
            neighbourhoods=np.stack(neighbourhoods),
            both=np.stack(both),
            both_neighbourhoods=both_sums.sum(axis=1),
            roads=np.zeros((0, *both_sums.shape[1:]), np.int64),
            elements=np.zeros((0, len(both), *both_sums.shape[1:]), np.int64),
            costs={name: [month_costs.get(name, 0.0) for month_costs in costs] for name in names},
            digest=state_digest(world),
            notes={language: schedule.budget_notes(language) for language in ("en", "nl")},
        )

    def by_status(self, sums: np.ndarray) -> np.ndarray:
        """Sums [J, ...] over poorer and over better-off neighbourhoods, [2, ...]."""
        return np.stack([sums[self.poorer].sum(axis=0), sums[~self.poorer].sum(axis=0)])

    def sums_of_years(
        self, policy: Policy, world: World, first: FirstFuture, progress: Progress, text: str, is_first: bool = False
    ) -> np.ndarray:
        """Pass the months of a policy; sums over people in both futures after every year, int64 [years + 1, 4, 5]."""
        found = []
        for month in self.months(policy, world)[1]:
            if month.month:
                progress.month(world.residents * self.design.options.scale, text)
            if month.month % 12 == 0:
                found.append(count_both(is_first, world, first).sum(axis=0))
        return np.stack(found)

    def months(self, policy: Policy, world: World) -> tuple[Schedule, Iterator[Month]]:
        """The months of one policy from a settled world, and its schedule."""
        o = self.design.options
        schedule = Schedule(policy, self.table, o.scale)
        settings = self.design.settings(self.design.policies[0], self.design.parameters, world.seed)
        return schedule, Simulation(settings, self.table, schedule, world, self.pool).months(12 * o.years)


def count_both(is_first: bool, world: World, first: FirstFuture) -> np.ndarray:
    """Sums over adults here now and in the first policy's future, int64 [J, 4, 5]; the first policy keeps its own."""
    adults = adults_of(world)
    if is_first:
        first.keep(world.month, adults)
    return sums_of_both(first.at(world.month), adults, world.areas)
