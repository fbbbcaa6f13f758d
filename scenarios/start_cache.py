"""Settled starts that are kept in the user's cache, so that a world is built and settled once.

A start is a checkpoint of month 0 under a name made of all it depends on: the figures of the places, the parameters,
seed, scale, months of settling and the source of the model. It is used only when the digest of its people is the one
written with it; a damaged one is made anew. What a policy does comes after, and room for later building does not
matter, so runs, comparisons, sweeps and the page share them. Nothing depends on them: they may be removed at any time.
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
from scenarios.building import BuildOptions, build_world
from scenarios.room import room_for
from scenarios.settling import settle
from sim.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from sim.machine.cache_folder import cache_folder
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.population import bytes_per_row
from sim.world import World

LIMIT_VARIABLE = "THUIS_STARTS_GB"
DEFAULT_LIMIT = 4.0
"""GB of starts that are kept, the oldest removed first; the environment variable gives another limit, 0 keeps none."""
FREE = 4  # times the size of a start that the disk must have left
NOT_IN_A_WORLD = (
    "name", "municipality_name", "neighbours", "outlines", "notes", "source", "digest", "scheme", "labels_nl",
    "labels_en", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class Starting:
    """How a start is come by.

    Attributes
    ----------
    cache : {"use", "read", "none"}
        Take a kept start and keep a new one; only take one; or neither.
    begin : callable
        Called once with the months that have to settle: 0 for a start that was kept.
    month : callable
        Called with the world after every month of settling.
    settle : callable
        Lets a world settle, as `scenarios.settling.settle` does.
    """

    cache: Literal["use", "read", "none"] = "use"
    begin: Callable[[int], Any] = lambda months: None
    month: Callable[[World], Any] | None = None
    settle: Callable[..., World] = settle


def settled_start(
    table: AreaTable, parameters: Parameters, options: BuildOptions, pool: ThreadPool, how: Starting | None = None
) -> World:
    """A settled world in month 0: the one that is kept, or built, settled and then kept.

    This is where every run, comparison, sweep, validation, fit, page and Mesa model begins.

    Raises
    ------
    InputError
        More places than memory.
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
    """The start that is kept of this, or None; a damaged one is removed.

    Raises
    ------
    InputError
        More places than memory.
    """
    if limit() <= 0:
        return None
    path = start_path(table, parameters, options)
    if not path.is_file():
        return None
    try:
        world, extra = load_checkpoint(path, room_for(options, parameters))
        if extra.get("start") == path.stem:
            os.utime(path)  # the last used is the last to be removed
            return world
    except (CheckpointError, OSError):
        pass
    path.unlink(missing_ok=True)
    return None


def keep_start(world: World, table: AreaTable, options: BuildOptions) -> None:
    """Keep a settled world, where there is room for it; failing to is no error."""
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
    """Bytes of starts that are kept."""
    try:
        return float(os.environ.get(LIMIT_VARIABLE, DEFAULT_LIMIT)) * 1e9
    except ValueError:
        return DEFAULT_LIMIT * 1e9


def remove_oldest(folder: Path, most: float) -> None:
    """Remove starts until the rest takes no more than so many bytes: those that were not used for longest go first."""
    found = [(about.st_mtime, about.st_size, path) for path in folder.iterdir() if (about := path.stat())]
    taken = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if taken <= most:
            return
        path.unlink(missing_ok=True)
        taken -= size


def start_path(table: AreaTable, parameters: Parameters, options: BuildOptions) -> Path:
    """Where the start of this is kept: its name is the digest of all it depends on."""
    found = hashlib.sha256(source_digest().encode())
    requested = (options.seed, options.scale, options.settling_months, dataclasses.asdict(parameters))
    found.update(json.dumps(requested, sort_keys=True).encode() + table_digest(table).encode())
    return cache_folder("starts") / f"{found.hexdigest()[:32]}.start"


def table_digest(table: AreaTable) -> str:
    """SHA-256 of all of a table of areas that a world is made of, whatever files it was read from."""
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
