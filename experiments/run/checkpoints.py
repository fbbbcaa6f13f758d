"""Checkpoints of a run: the world, what was recorded so far, and the settings, in one file beside the result folder."""

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.options.settings import Settings, settings_from
from experiments.results.hidden import hidden_folder
from experiments.results.version import version
from experiments.results.writing import MonthsFile, join
from experiments.simulation.outcome import Job
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions, with_homes
from scenarios.errors import InputError
from scenarios.policy.schedule import Note
from scenarios.rows import room_for
from scenarios.start_cache import source_digest
from sim.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from sim.world import World

SAME = {"region": "places", "seed": "seed", "scale": "scale"}
# Never taken from a checkpoint.
OWN = ("out", "replace", "resume", "start", "checkpoint_every", "stop_after", "progress", "threads", "fresh_start")


@dataclass
class Recorded:
    """Records of an earlier part of a run.

    Attributes
    ----------
    tables : dict of Path
        Parquet files by name of the table, in a folder of the caller's.
    cohorts : int64 [months, 6]
        Agents who came from abroad in each month and found a home, by motive.
    earlier : list of dict
        As in `Outcome`.
    held_back : list of Note
        Where a budget bound.
    """

    tables: dict[str, Path] = field(default_factory=dict)
    cohorts: np.ndarray = field(default_factory=lambda: np.zeros((0, 6), np.int64))
    earlier: list[dict[str, Any]] = field(default_factory=list)
    held_back: list[Note] = field(default_factory=list)


def save_run(
    path: Path,
    world: World,
    job: Job,
    tables: Mapping[str, MonthsFile],
    cohorts: np.ndarray,
    earlier: list[dict[str, Any]],
) -> None:
    """Write a checkpoint to a temporary file, then rename it, so that an older one stays until it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with hidden_folder(path) as folder:
        files = {}
        for name, file in tables.items():
            file.flush()
            files[f"tables/{name}.parquet"] = folder / f"{name}.parquet"
            join(file.pieces, folder / f"{name}.parquet")
        notes = [[note.month, note.measure, list(note.levers), note.share] for note in job.schedule.notes]
        extra = extra_of(job.settings, job.table) | {"earlier": earlier, "held_back": notes}
        extra["cohorts"] = cohorts.tolist()
        save_checkpoint(world, folder / path.name, extra, files=files)
        os.replace(folder / path.name, path)


def extra_of(settings: Settings, table: AreaTable) -> dict[str, Any]:
    """The run's description in a checkpoint."""
    return {"settings": settings.as_dict(), "data_digest": table.digest, "version": version(), "code": source_digest()}


def stored_settings(path: Path) -> dict[str, Any]:
    """The settings in a checkpoint, without reading all of it.

    Raises
    ------
    CheckpointError
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint")
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("header.json"))["extra"]["settings"]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CheckpointError(
            f"{path}: not a checkpoint of `thuis run`, or cut short ({path.stat().st_size:,} bytes)"
        ) from error


def resumed_settings(settings: Settings, given: set[str]) -> Settings:
    """The settings of a checkpoint, with the newly `given` ones.

    Years, policy and parameters may be given anew: they hold from the checkpoint's month on. The region, the seed and
    the scale belong to the checkpoint, and must be the same.

    Raises
    ------
    InputError
    """
    stored = stored_settings(Path(str(settings.options.resume)))
    wanted = settings.as_dict()
    parameters = stored["parameters"] | {key: wanted["parameters"][key] for key in given_parameters(given)}
    for key, what in SAME.items():
        if key in given and wanted[key] != stored[key]:
            raise InputError(f"resume={settings.options.resume} is of other {what} ({key}); leave {key} out")
    fresh = {key: wanted[key] for key in wanted if key in OWN or (key in given and key != "parameters")}
    return settings_from(stored | fresh | {"parameters": parameters})


def given_parameters(given: set[str]) -> list[str]:
    """Names of the parameters among keys given."""
    return [key.removeprefix("parameters.") for key in given if key.startswith("parameters.")]


def load_run(settings: Settings, table: AreaTable, options: BuildOptions, folder: Path) -> tuple[World, Recorded]:
    """The world of the checkpoint to resume from, with room for the years to come, and what was recorded before.

    Parameters
    ----------
    folder : Path
        Where tables recorded before are put.

    Raises
    ------
    CheckpointError, InputError
        A damaged checkpoint, or one of other data.
    """
    path = Path(str(settings.options.resume))
    world, extra = load_checkpoint(path, room_for(with_homes(options, table), settings.parameters))
    check_data(path, extra, table)
    if world.month >= 12 * settings.options.years:
        raise InputError(f"{path} is of month {world.month}: give more years than {settings.options.years}")
    tables = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("tables/"):
                target = folder / f".before-{Path(name).name}"
                with archive.open(name) as source, open(target, "wb") as file:
                    shutil.copyfileobj(source, file)
                tables[Path(name).stem] = target
    world.set_parameters(settings.parameters)
    try:
        before = Recorded(
            tables,
            np.array(extra["cohorts"], np.int64).reshape(-1, 6),
            [*extra["earlier"], *changed_since(extra["settings"], settings, world.month)],
            [Note(month, measure, tuple(levers), share) for month, measure, levers, share in extra["held_back"]],
        )
    except (LookupError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: not a checkpoint of `thuis run`") from error
    return world, before


def changed_since(stored: dict[str, Any], settings: Settings, month: int) -> list[dict[str, Any]]:
    """The settings until this month, when policy or parameters change from here on; else nothing."""
    before = {"policy": stored["policy"], "parameters": stored["parameters"]}
    now = settings.as_dict()
    return [] if all(before[key] == now[key] for key in before) else [{"until": month, **before}]


def check_data(path: Path, extra: dict[str, Any], table: AreaTable) -> None:
    """Refuse a checkpoint of other figures or other code, since the continued run would belong to neither."""
    if extra.get("code") != source_digest():
        raise InputError(f"{path}: made by other code of the model (version {extra.get('version')}); start without it")
    if extra.get("data_digest") != table.digest:
        raise InputError(f"{path}: made from other data than {table.source or 'these places'}; start again without it")


def start_from(path: Path, settings: Settings, table: AreaTable, options: BuildOptions) -> World | None:
    """The settled start stored in a file, or None where there is none yet.

    Raises
    ------
    CheckpointError, InputError
        It is damaged, or of another run.
    """
    if not path.exists():
        return None
    stored, wanted = stored_settings(path), settings.as_dict()
    for key in ("region", "seed", "scale", "parameters"):
        if stored[key] != wanted[key]:
            raise InputError(f"start={path} was made with another {key}; give another file, or remove it")
    world, extra = load_checkpoint(path, room_for(with_homes(options, table), settings.parameters))
    check_data(path, extra, table)
    return world


def write_start(path: Path, world: World, settings: Settings, table: AreaTable) -> None:
    """Store a settled world for later runs."""
    kept = replace(settings, options=replace(settings.options, out=None, start=None))
    save_checkpoint(world, path, extra_of(kept, table))
