"""The runs of a comparison: every replicate settles once, and all its policies begin from that start and its draws."""

import copy
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare.design import Design, Replicate, drawn_parameters, future_seed, start_seed
from experiments.compare.people import BOTH, FirstFuture, adults_of, sums_of_both
from experiments.compare.roads import ROADS, switch_off, taken_apart
from experiments.simulation.progress import Progress, Quiet
from experiments.simulation.simulate import Month, Simulation
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.policy import Schedule, most_building, policy_from
from scenarios.start_cache import Starting, settled_start
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.world import World

COUNTED = ("region", "neighbourhoods", "both", "both_neighbourhoods", "roads")  # arrays of Followed


@dataclass
class Followed:
    """The results of one policy in one replicate.

    Attributes
    ----------
    region : int64 [months + 1, 2, 4, 24]
        Sums of `sim.phases.observe.MEASURES` over poorer and better-off neighbourhoods, by class of resident.
    neighbourhoods : int64 [years + 1, J, 24]
        The same per neighbourhood, everyone together, at the start and after every year.
    both : int64 [years + 1, 2, 4, 5]
        Sums of `experiments.compare.people.BOTH` over adults who live there in this future and in the first policy's,
        by where they live in that one and their class there.
    both_neighbourhoods : int64 [J, 5]
        The same per neighbourhood at the end, everyone together.
    roads : int64 [S, 4, 5]
        The same at the end over all neighbourhoods, with the first 1, 2, 3 pathways off; S is 0 without decomposition.
    costs : dict of list of float
        Euro per month, by lever.
    digest : str
        Fingerprint of the last world.
    notes : dict
        Where a budget bound, nl and en.
    """

    region: np.ndarray
    neighbourhoods: np.ndarray
    both: np.ndarray
    both_neighbourhoods: np.ndarray
    roads: np.ndarray
    costs: dict[str, list[float]]
    digest: str
    notes: dict[str, list[str]]


@dataclass
class Finished:
    """All policies of one replicate."""

    replicate: Replicate
    followed: list[Followed]


@dataclass
class Gathered:
    """The results of all replicates; those that failed are named with the reason."""

    finished: list[Finished]
    failed: list[dict[str, Any]] = field(default_factory=list)


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

    def __init__(self, design: Design, table: AreaTable, store: Path | None = None, fresh_start: bool = False,
                 key: str = "") -> None:  # fmt: skip
        self.design, self.table, self.store, self.fresh_start, self.key = design, table, store, fresh_start, key
        self.pool = ThreadPool(design.options.threads)
        self.poorer = poorer_neighbourhoods(table)
        self.policies = [policy_from(policy) for policy in design.policies]
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
        runs = sum(len(self.policies) * (1 + len(ROADS) * taken_apart(self.design, r)) for r in todo)
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
            followed = [self.follow(at, self.begin(replicate), first, progress, text)
                        for at in range(len(self.policies))]  # fmt: skip
        if taken_apart(self.design, replicate):
            for off in range(1, len(ROADS) + 1):
                with FirstFuture() as first:
                    for at, each in enumerate(followed):
                        world = self.begin(replicate)
                        switch_off(world, off)
                        sums = self.last_of_both(at, world, first, progress, text)
                        each.roads = np.concatenate([each.roads, sums[None]])
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
        schedule, months = self.months(at, world)
        region, neighbourhoods, both, costs, both_sums = [], [], [], [], np.zeros((0, 4, len(BOTH)), np.int64)
        for month in months:
            sums = month.observations.sums
            region.append(self.by_status(sums))
            if month.month % 12 == 0:
                neighbourhoods.append(sums.sum(axis=1))
                both_sums = count_both(at, world, first)
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
            costs={name: [month_costs.get(name, 0.0) for month_costs in costs] for name in names},
            digest=state_digest(world),
            notes={language: schedule.budget_notes(language) for language in ("en", "nl")},
        )

    def by_status(self, sums: np.ndarray) -> np.ndarray:
        """Sums [J, ...] over poorer and over better-off neighbourhoods, [2, ...]."""
        return np.stack([sums[self.poorer].sum(axis=0), sums[~self.poorer].sum(axis=0)])

    def last_of_both(self, at: int, world: World, first: FirstFuture, progress: Progress, text: str) -> np.ndarray:
        """Simulate the months of one policy; return the sums over people in both futures at the end, int64 [4, 5]."""
        for month in self.months(at, world)[1]:
            if month.month:
                progress.month(world.residents * self.design.options.scale, f"{text}, {self.policies[at].name}, roads")
        return count_both(at, world, first).sum(axis=0)

    def months(self, at: int, world: World) -> tuple[Schedule, Iterator[Month]]:
        """The months of one policy from a settled world, and its schedule."""
        o = self.design.options
        schedule = Schedule(self.policies[at], self.table, o.scale)
        settings = self.design.settings(self.design.policies[at], self.design.parameters, world.seed)
        return schedule, Simulation(settings, self.table, schedule, world, self.pool).months(12 * o.years)


def count_both(at: int, world: World, first: FirstFuture) -> np.ndarray:
    """Sums over adults here now and in the first policy's future, int64 [J, 4, 5]; the first policy keeps its own."""
    adults = adults_of(world)
    if at == 0:
        first.keep(world.month, adults)
    return sums_of_both(first.at(world.month), adults, world.areas)


def kept_file(store: Path, replicate: Replicate) -> Path:
    """Path of a finished replicate."""
    return store / f"{replicate.number:05d}.npz"


def keep(store: Path, finished: Finished, key: str) -> None:
    """Write a replicate to a temporary file, then rename it."""
    store.mkdir(parents=True, exist_ok=True)
    words = [{"costs": f.costs, "digest": f.digest, "notes": f.notes} for f in finished.followed]
    arrays: dict[str, Any] = {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}
    for at, followed in enumerate(finished.followed):
        arrays |= {f"{name}{at}": getattr(followed, name) for name in COUNTED}
    arrays["seal"] = np.frombuffer(seal_of(arrays, finished.replicate, key).encode(), np.uint8)
    handle, temporary = tempfile.mkstemp(dir=store, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(temporary, kept_file(store, finished.replicate))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def seal_of(arrays: dict[str, Any], replicate: Replicate, key: str) -> str:
    """SHA-256 of a replicate's arrays, of which replicate it is, and of what decides its content."""
    found = hashlib.sha256(f"{key} {replicate}\n".encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype} {array.shape}\n".encode() + array.tobytes())
    return found.hexdigest()


def take(store: Path, replicate: Replicate, policies: int, key: str) -> Finished | None:
    """Read a stored replicate; one that is damaged, changed or of another comparison is removed."""
    path = kept_file(store, replicate)
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        if arrays.pop("seal").tobytes().decode() != seal_of(arrays, replicate, key):
            raise ValueError("not what was kept")
        words = json.loads(arrays["words"].tobytes())
        return Finished(replicate, list(read_followed(arrays, words, policies)))
    except Exception:
        path.unlink()
        return None


def read_followed(arrays: Any, words: list[dict[str, Any]], policies: int) -> Iterator[Followed]:
    """The policies of a stored replicate."""
    for at in range(policies):
        yield Followed(**{name: arrays[f"{name}{at}"] for name in COUNTED}, **words[at])


def replicate_digest(finished: Finished) -> str:
    """SHA-256 over the last worlds and all counts of a replicate."""
    found = hashlib.sha256()
    for followed in finished.followed:
        found.update(followed.digest.encode())
        for name in COUNTED:
            found.update(getattr(followed, name).astype("<i8").tobytes())
        found.update(json.dumps(followed.costs, sort_keys=True).encode())
    return found.hexdigest()


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.perf_counter() - self.began
