"""The runs of a comparison: every replicate settles once, and all its policies begin from that start and its draws."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare.counted import Finished, Followed, Gathered
from experiments.compare.course import Course, month_of_difference
from experiments.compare.design import Design, Replicate, drawn_parameters, future_seed, start_seed
from experiments.compare.elements import elements_by_policy, runs_alone
from experiments.compare.kept import keep, kept_file, take
from experiments.compare.people import FirstFuture
from experiments.compare.roads import ROADS, switch_off, taken_apart
from experiments.compare.side_by_side import WORLDS, SharedProgress, by_start, run_side_by_side, threads_of_each
from experiments.simulation.progress import Progress, Quiet
from experiments.simulation.simulate import Month, Simulation
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.building import make_neighbourhoods
from scenarios.policy import Policy, Schedule, most_building, policy_from
from scenarios.start_cache import Starting, settled_start
from sim.compiling import compile_missing
from sim.machine.threads import ThreadPool
from sim.world import World


def poorer_neighbourhoods(table: AreaTable) -> np.ndarray:
    """Whether a neighbourhood scores below the median socio-economic score, bool [J]."""
    score = np.nan_to_num(table.socio_economic)
    return score < np.median(score)


class Comparison:
    """Runs replicates, several side by side where there are threads and memory for it.

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
        self.world: World | None = None  # of the future in progress
        self.month_settled: Callable[[World], None] | None = None

    @property
    def build_options(self) -> BuildOptions:
        """How worlds are built; rows are reserved for the policy that builds most."""
        o = self.design.options
        return BuildOptions(seed=0, scale=o.scale, years=o.years, building=most_building(self.policies))

    def gather(self, replicates: list[Replicate], progress: Progress | None = None) -> Gathered:
        """Run what is not stored yet; a replicate that fails is noted, and the others continue."""
        progress, gathered = SharedProgress(progress or Quiet()), Gathered([])
        todo = [r for r in replicates if not (self.store and kept_file(self.store, r).exists())]
        alone = sum(map(len, self.elements))
        runs = sum(
            len(self.policies) * (1 + len(ROADS) * taken_apart(self.design, r)) + alone * runs_alone(self.design, r)
            for r in todo
        )
        progress.begin(12 * self.design.options.years * runs - sum(self.later().values()) * len(todo), "comparing")
        try:
            for found in run_side_by_side(
                self.workers(len(by_start(todo)), progress),
                by_start(replicates),
                lambda worker, replicate: worker.attempt(replicate, progress, len(replicates)),
                progress,
            ):
                (gathered.finished if isinstance(found, Finished) else gathered.failed).append(found)
        finally:
            progress.end()
        return gathered

    def workers(self, groups: int, progress: SharedProgress) -> "list[Comparison]":
        """Copies of this comparison that each run replicates, on their share of the threads; itself if it is one."""
        compile_missing()  # once, before any of them needs it
        options = self.build_options
        rows = int(make_neighbourhoods(self.table, options, self.design.parameters)[0].first[-1])
        # Own behaviour runs in Python, of which one thread works at a time.
        threads = self.pool.threads if self.design.options.behaviour is None else 1
        shares = threads_of_each(threads, groups, rows, WORLDS + len(self.later()))
        if len(shares) == 1:
            return [self]
        found = []
        for share in shares:
            worker = copy.copy(self)
            worker.pool, worker.month_settled = ThreadPool(share), lambda world: progress.check()
            worker.start = worker.world = None
            found.append(worker)
        return found

    def attempt(self, replicate: Replicate, progress: Progress, count: int) -> Finished | dict[str, Any]:
        """A replicate; for one that fails its number and the reason."""
        try:
            return self.take_or_run(replicate, progress, count)
        except MemoryError:
            raise
        except Exception as error:
            self.start = None
            return {"replicate": replicate.number, "reason": f"{type(error).__name__}: {' '.join(str(error).split())}"}

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
        with FirstFuture(self.settled(replicate), self.pool) as first:
            followed = self.follow_all(replicate, first, progress, text)
            if runs_alone(self.design, replicate):
                for at, each in enumerate(followed):
                    for policy in self.elements[at].values():
                        sums = self.sums_of_years(policy, self.begin(replicate), first, progress, f"{text}, elements")
                        each.elements = np.concatenate([each.elements, sums[None]])
        if taken_apart(self.design, replicate):
            for off in range(1, len(ROADS) + 1):
                with FirstFuture(self.settled(replicate), self.pool) as first:
                    for at, each in enumerate(followed):
                        world = self.begin(replicate)
                        switch_off(world, off)
                        policy = self.policies[at]
                        sums = self.sums_of_years(policy, world, first, progress, f"{text}, roads", at == 0)
                        each.roads = np.concatenate([each.roads, sums[None, -1]])
        return Finished(replicate, followed)

    def begin(self, replicate: Replicate) -> World:
        """The settled start of a replicate, with the seed of its future, in the memory of the future before."""
        start = self.settled(replicate)
        if self.world is None or len(self.world.population.serial) != len(start.population.serial):
            self.world = None  # free the memory first
            self.world = start.copy()
        self.world.take_over(start, future_seed(self.design, replicate))
        return self.world

    def settled(self, replicate: Replicate) -> World:
        """The settled start of a replicate; the last one is kept, as futures share it."""
        mark = (replicate.draw, replicate.start)
        if self.start is None or self.start[0] != mark:
            self.start = None  # free the memory first
            options = self.build_options
            options = BuildOptions(**{**vars(options), "seed": start_seed(self.design, replicate)})
            parameters = drawn_parameters(self.design, replicate)
            how = Starting(cache="none" if self.fresh_start else "use", month=self.month_settled)
            self.start = (mark, settled_start(self.table, parameters, options, self.pool, how))
        return self.start[1]

    def later(self) -> dict[int, int]:
        """Policies that are the same as the first one until a later month, and that month.

        Not with own behaviour: agents may remember what a copy of their world does not hold.
        """
        if self.design.options.behaviour is not None:
            return {}
        differs = {at: month_of_difference(self.policies[0], each) for at, each in enumerate(self.policies) if at}
        return {at: month for at, month in differs.items() if 0 < month < 12 * self.design.options.years}

    def follow_all(self, replicate: Replicate, first: FirstFuture, progress: Progress, text: str) -> list[Followed]:
        """All policies; one that begins later takes over the course of the first until then."""
        later, followed = self.later(), []
        branches: dict[int, Course] = {}
        for at in range(len(self.policies)):
            course = branches.pop(at) if at in later else Course(self.begin(replicate), self.poorer)
            schedule, months = self.months(self.policies[at], course.world)
            for month in months:
                course.note(month, count_both(at == 0, course.world, first) if month.month % 12 == 0 else None)
                if month.month:
                    residents = course.world.residents * self.design.options.scale
                    progress.month(residents, f"{text}, {self.policies[at].name}")
                if at == 0:
                    branches |= {other: course.branch() for other, when in later.items() if when == month.month}
            followed.append(course.followed(schedule))
        return followed

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
    if is_first:
        first.keep(world)
    return first.count(world)
