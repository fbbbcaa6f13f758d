"""Cache of settled worlds in the user's cache folder, so that a world is built and settled once.

A start is a checkpoint of month 0 under a name made of all it depends on: the figures of the areas, the parameters,
seed, scale, months of settling and the source of the model. It is used only when the digest of its people is the one
written with it; a damaged one is made anew. Policies begin later, and rows reserved for building
do not matter, so runs, comparisons, sweeps and the page share them. They may be deleted at any time.
"""

import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions, with_homes
from scenarios.building import build_world
from scenarios.rows import room_for
from scenarios.settling import settle
from sim.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from sim.machine.cache_folder import cache_folder
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.population import bytes_per_row
from sim.world import World

LIMIT_VARIABLE = "THUIS_STARTS_GB"
DEFAULT_LIMIT = 4.0
"""GB of starts that are kept, the oldest removed first; the environment variable sets another limit, 0 keeps none."""
FREE = 4  # free disk space required, as a multiple of the size of a start
NOT_IN_A_WORLD = (
    "name", "municipality_name", "outlines", "notes", "source", "digest", "scheme", "labels_nl",
    "labels_en", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class Starting:
    """How a start is obtained.

    Attributes
    ----------
    cache : {"use", "read", "none"}
        Read a cached start and store a new one; only read; or neither.
    begin : callable
        Called once with the months of settling: 0 for a cached start.
    month : callable
        Called with the world after every month of settling.
    settle : callable
        Settles a world, as `scenarios.settling.settle` does.
    """

    cache: Literal["use", "read", "none"] = "use"
    begin: Callable[[int], Any] = lambda months: None
    month: Callable[[World], Any] | None = None
    settle: Callable[..., World] = settle


def settled_start(
    table: AreaTable, parameters: Parameters, options: BuildOptions, pool: ThreadPool, how: Starting | None = None
) -> World:
    """Return a settled world in month 0: the cached one, or one that is built, settled and then cached.

    Every run, comparison, sweep, validation, fit, page and Mesa model begins here.

    Raises
    ------
    InputError
        More dwellings than fit in memory.
    """
    how = how or Starting()
    world = kept_start(table, parameters, options) if how.cache != "none" else None
    if world is not None:
        how.begin(0)
        return world
    how.begin(options.settling_months)
    world = how.settle(build_world(table, parameters, options, pool), pool, on_month=how.month)
    if how.cache == "use":
        keep_start(world, table, options)
    return world


def kept_start(table: AreaTable, parameters: Parameters, options: BuildOptions) -> World | None:
    """Return the cached start, or None; a damaged one is removed.

    Raises
    ------
    InputError
        More dwellings than fit in memory.
    """
    if limit() <= 0:
        return None
    path = start_path(table, parameters, options)
    if not path.is_file():
        return None
    try:
        world, extra = load_checkpoint(path, room_for(with_homes(options, table), parameters))
        if extra.get("start") == path.stem:
            os.utime(path)  # the last used is the last to be removed
            return world
    except (CheckpointError, OSError):
        pass
    path.unlink(missing_ok=True)
    return None


def keep_start(world: World, table: AreaTable, options: BuildOptions) -> None:
    """Store a settled world where there is disk space; a failure is no error."""
    size = int(world.stocks.opened.sum()) * bytes_per_row()
    path = start_path(table, world.parameters, options)
    try:
        if size > limit() or FREE * size > shutil.disk_usage(path.parent).free:
            return
        save_checkpoint(world, path, {"start": path.stem}, durable=False)
        remove_oldest(path.parent, limit())
    except OSError:
        return


def limit() -> float:
    """Limit of the cache in bytes."""
    try:
        return float(os.environ.get(LIMIT_VARIABLE, DEFAULT_LIMIT)) * 1e9
    except ValueError:
        return DEFAULT_LIMIT * 1e9


def remove_oldest(folder: Path, most: float) -> None:
    """Remove the least recently used starts until the rest takes no more than so many bytes."""
    found = [(about.st_mtime, about.st_size, path) for path in folder.iterdir() if (about := path.stat())]
    taken = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if taken <= most:
            return
        path.unlink(missing_ok=True)
        taken -= size


def start_path(table: AreaTable, parameters: Parameters, options: BuildOptions) -> Path:
    """Path of a start: its name is the digest of all it depends on."""
    found = hashlib.sha256(source_digest().encode())
    requested = (
        options.seed,
        options.scale,
        options.settling_months,
        options.first_year,
        dataclasses.asdict(parameters),
    )
    found.update(json.dumps(requested, sort_keys=True).encode() + table_digest(table).encode())
    return cache_folder("starts") / f"{found.hexdigest()[:32]}.start"


def table_digest(table: AreaTable) -> str:
    """SHA-256 of the content of a table of areas, whatever files it was read from."""
    found = hashlib.sha256()
    for part in (table, table.scheme):
        for field in dataclasses.fields(part):
            if field.name not in NOT_IN_A_WORLD:
                found.update(f"\n{field.name} ".encode() + content_of(getattr(part, field.name)))
    return found.hexdigest()


def content_of(value: Any) -> bytes:
    """A value of a table of areas as bytes: equal values, equal bytes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} ".encode() + np.ascontiguousarray(value).tobytes()
    return repr(value).encode()


@cache
def source_digest() -> str:
    """Digest of the source that makes a settled start: the engine, and how worlds are built."""
    home, found = Path(__file__).resolve().parents[1], hashlib.sha256()
    for room in ("sim", "scenarios"):
        for path in sorted((home / room).rglob("*.py")):
            found.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
