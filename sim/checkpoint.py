"""Checkpoints: a world's whole state in one file, written atomically, checked by a digest when read.

A ZIP of plain .npy arrays and a JSON header (no pickles), so a file from elsewhere can hold numbers and nothing else.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.conditions import Conditions
from sim.digest import state_digest
from sim.parameters import Parameters
from sim.places import Flows, Municipalities, Places, Stocks
from sim.population import Population
from sim.rates import Rates
from sim.world import World

FORMAT = "thuis checkpoint 1"
PARTS: dict[str, Any] = {
    "places": Places,
    "municipalities": Municipalities,
    "population": Population,
    "stocks": Stocks,
    "conditions": Conditions,
    "flows": Flows,  # these two, so that the month last passed can be reported again
    "rates": Rates,
}
# What reading a damaged file can raise: the archive's own errors, wrong types and values, unknown parameters.
UNREADABLE = (
    zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip


class CheckpointError(ValueError):
    """A checkpoint that is missing, cut short, damaged, or of another format."""


def save_checkpoint(world: World, path: Path, extra: dict[str, Any] | None = None) -> None:
    """Write the world to `path`: beside it first, then renamed into place.

    Parameters
    ----------
    extra : dict, optional
        Further JSON values to keep in the header (configuration, version).
    """
    path = Path(path)
    header = {
        "format": FORMAT,
        "month": world.month,
        "seed": world.seed,
        "parameters": {name: getattr(world.parameters, name) for name in world.coefficients._fields},
        "digest": state_digest(world),
        "extra": extra or {},
    }
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("header.json", json.dumps(header))
                for part in PARTS:
                    for name, array in getattr(world, part)._asdict().items():
                        with archive.open(f"{part}/{name}.npy", "w", force_zip64=True) as member:
                            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_header(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The header of an open checkpoint."""
    header = json.loads(archive.read("header.json"))
    if header.get("format") != FORMAT:
        raise CheckpointError(f"{path}: not a checkpoint of this version (format {header.get('format')!r})")
    return header


def read_part(archive: zipfile.ZipFile, part: str) -> Any:
    """One named tuple of arrays."""
    arrays = {}
    for name in PARTS[part]._fields:
        data = archive.read(f"{part}/{name}.npy")  # zip's CRC is checked here
        arrays[name] = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    return PARTS[part](**arrays)


def load_checkpoint(path: Path) -> tuple[World, dict[str, Any]]:
    """Read a world back.

    Returns
    -------
    world : World
    extra : dict
        What `save_checkpoint` was given.

    Raises
    ------
    CheckpointError
        The file is missing, cut short, damaged or of another version.
    """
    path = Path(path)
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint")
    try:
        with zipfile.ZipFile(path) as archive:
            header = read_header(archive, path)
            parts = {part: read_part(archive, part) for part in PARTS}
        parameters = Parameters(**header["parameters"])
        world = World(**parts, parameters=parameters, seed=header["seed"], month=header["month"])
        whole, extra = state_digest(world) == header["digest"], header["extra"]
    except CheckpointError:
        raise
    except UNREADABLE as error:
        why = f"{path.stat().st_size:,} bytes: {' '.join(str(error).split())[:160]}"
        raise CheckpointError(f"{path}: damaged or cut short ({why}); start again without it") from error
    if not whole:
        raise CheckpointError(f"{path}: its content does not match its digest; start again without it")
    return world, extra


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
