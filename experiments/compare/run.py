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
from experiments.simulation.progress import Progress, Quiet
from experiments.simulation.simulate import Simulation
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.policy import Schedule, most_building, policy_from
from scenarios.start_cache import Starting, settled_start
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.world import World


@dataclass
class Followed:
    """What one policy gave in one replicate.

    Attributes
    ----------
    region : int64 [months + 1, 2, 4, 24]
        Sums of `sim.phases.observe.MEASURES` over poorer and better-off neighbourhoods, by class of resident.
    places : int64 [years + 1, J, 24]
        The same per neighbourhood, everyone together, at the start and after every year.
    costs : dict of list of float
        Euro per month, by lever.
    digest : str
        Fingerprint of the last world.
    notes : dict
        Where a budget bound, nl and en.
    """

    region: np.ndarray
    places: np.ndarray
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
    """What came of all replicates; those that failed are named with the reason."""

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
        Folder in which finished replicates are kept, and from which they are taken when they are there.
    fresh_start : bool
        Settle every replicate anew, without the starts that are kept in the cache.
    key : str
        Digest of all that decides the content of a replicate; one kept under another is not taken.
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
        """How worlds are built; room for building is what the policy that builds most asks for."""
        o = self.design.options
        return BuildOptions(seed=0, scale=o.scale, years=o.years, building=most_building(self.policies))

    def gather(self, replicates: list[Replicate], progress: Progress | None = None) -> Gathered:
        """Run what is not kept yet; a replicate that fails is noted, and the rest go on."""
        progress, gathered = progress or Quiet(), Gathered([])
        months = 12 * self.design.options.years * len(self.policies)
        todo = [r for r in replicates if not (self.store and kept_file(self.store, r).exists())]
        progress.begin(len(todo) * months, "comparing")
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
        """A replicate as it was kept, or run and then kept."""
        if self.store is not None and (found := take(self.store, replicate, len(self.policies), self.key)):
            return found
        finished = self.run(replicate, progress, f"replicate {replicate.number + 1} of {count}")
        if self.store is not None:
            keep(self.store, finished, self.key)
        return finished

    def run(self, replicate: Replicate, progress: Progress | None = None, text: str = "") -> Finished:
        """All policies of a replicate, from one settled start."""
        followed = []
        for at in range(len(self.policies)):
            world = copy.deepcopy(self.settled(replicate))
            world.seed = future_seed(self.design, replicate)
            world.set_parameters(world.parameters)  # takes the seed in
            followed.append(self.follow(at, world, progress or Quiet(), text))
        return Finished(replicate, followed)

    def settled(self, replicate: Replicate) -> World:
        """The settled start of a replicate; the last one is kept, as futures share it."""
        mark = (replicate.draw, replicate.start)
        if self.start is None or self.start[0] != mark:
            self.start = None  # let go of the memory first
            options = self.build_options
            options = BuildOptions(**{**vars(options), "seed": start_seed(self.design, replicate)})
            parameters = drawn_parameters(self.design, replicate)
            how = Starting(cache="none" if self.fresh_start else "use")
            self.start = (mark, settled_start(self.table, parameters, options, self.pool, how))
        return self.start[1]

    def follow(self, at: int, world: World, progress: Progress, text: str) -> Followed:
        """Pass the months of one policy and count."""
        o = self.design.options
        schedule = Schedule(self.policies[at], self.table, o.scale)
        settings = self.design.settings(self.design.policies[at], world.parameters, world.seed)
        region, places, costs = [], [], []
        for month in Simulation(settings, self.table, schedule, world, self.pool).months(12 * o.years):
            sums = month.observations.sums
            region.append(np.stack([sums[self.poorer].sum(axis=0), sums[~self.poorer].sum(axis=0)]))
            if month.month % 12 == 0:
                places.append(sums.sum(axis=1))
            if month.month:
                costs.append({name: fsum(euro) for name, euro in month.costs.items()})
                progress.month(world.residents * o.scale, f"{text}, {self.policies[at].name}")
        names = sorted({name for month_costs in costs for name in month_costs})
        return Followed(
            region=np.stack(region),
            places=np.stack(places),
            costs={name: [month_costs.get(name, 0.0) for month_costs in costs] for name in names},
            digest=state_digest(world),
            notes={language: schedule.budget_notes(language) for language in ("en", "nl")},
        )


def kept_file(store: Path, replicate: Replicate) -> Path:
    """Where a finished replicate is kept."""
    return store / f"{replicate.number:05d}.npz"


def keep(store: Path, finished: Finished, key: str) -> None:
    """Write a replicate beside, then rename it into place."""
    store.mkdir(parents=True, exist_ok=True)
    words = [{"costs": f.costs, "digest": f.digest, "notes": f.notes} for f in finished.followed]
    arrays: dict[str, Any] = {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}
    for at, followed in enumerate(finished.followed):
        arrays |= {f"region{at}": followed.region, f"places{at}": followed.places}
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
    """A kept replicate; one that is damaged, changed or of another comparison is taken away, as if it had not been."""
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
    """The policies of a kept replicate."""
    for at in range(policies):
        yield Followed(arrays[f"region{at}"], arrays[f"places{at}"], **words[at])


def replicate_digest(finished: Finished) -> str:
    """SHA-256 over the last worlds and all counts of a replicate."""
    found = hashlib.sha256()
    for followed in finished.followed:
        found.update(followed.digest.encode())
        found.update(followed.region.astype("<i8").tobytes() + followed.places.astype("<i8").tobytes())
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
