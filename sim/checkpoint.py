"""Checkpoints: a world's whole state in one file, written atomically, checked by a digest when read.

A ZIP of plain .npy arrays and a JSON header (no pickles), so a file from elsewhere can hold numbers and nothing else.
Its last member is the digest of all others: header, every array, and whatever else was put in. Anyone can compute a
digest, so it finds damage and accidental changes; only repeating the run shows that a result came from the model.
Only occupied and vacant dwellings are stored, neighbourhood after neighbourhood, and only the ties that exist; they are
written and read one neighbourhood at a time, so that memory never holds a second copy of the population.
"""

import hashlib
import json
import math
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from sim.conditions import Conditions
from sim.digest import WITHOUT_ROW
from sim.neighbourhoods import Flows, Municipalities, Neighbourhoods, Stocks
from sim.parameters import Parameters
from sim.population import Population, vacant_population
from sim.rates import Rates
from sim.ties import ROW_SHIFT
from sim.world import World

FORMAT = "thuis checkpoint 8"
DIGEST = "digest"  # name of the last member
PARTS: dict[str, Any] = {
    "neighbourhoods": Neighbourhoods,
    "municipalities": Municipalities,
    "stocks": Stocks,
    "conditions": Conditions,
    "flows": Flows,  # flows and rates: so that the last month can be reported again
    "rates": Rates,
}
PIECE = 1 << 22  # bytes read at a time
Room = Callable[[Neighbourhoods], np.ndarray]
# What reading a damaged file can raise: the archive's own errors, wrong types and values, unknown parameters.
UNREADABLE = (
    zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip


class CheckpointError(ValueError):
    """A checkpoint that is missing, cut short, damaged, or of another format."""


def save_checkpoint(
    world: World,
    path: Path,
    extra: dict[str, Any] | None = None,
    durable: bool = True,
    files: Mapping[str, Path] | None = None,
) -> None:
    """Write the world to `path`: to a temporary file first, which is then renamed.

    Parameters
    ----------
    extra : dict, optional
        Further JSON values to keep in the header (configuration, version).
    durable : bool
        Wait until it is on the disk, so that it outlasts a power cut.
    files : dict of Path, optional
        Files to store with it, by their name in the archive.
    """
    path = Path(path)
    header = {
        "format": FORMAT,
        "month": world.month,
        "seed": world.seed,
        "parameters": {name: getattr(world.parameters, name) for name in world.coefficients._fields},
        "extra": extra or {},
    }
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("header.json", json.dumps(header))
                for part in PARTS:
                    for name, array in getattr(world, part)._asdict().items():
                        write_array(archive, f"{part}/{name}", array.dtype, array.shape, [array])
                write_population(archive, world)
                for name, source in (files or {}).items():
                    archive.write(source, name)
                archive.writestr(DIGEST, content_digest(archive))
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_array(
    archive: zipfile.ZipFile, name: str, dtype: np.dtype, shape: tuple[int, ...], pieces: Iterable[np.ndarray]
) -> None:
    """Write one array, given in consecutive pieces, as a .npy file."""
    about = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array_header_1_0(member, about)
        for piece in pieces:
            member.write(np.ascontiguousarray(piece).reshape(-1).view(np.uint8).data)


def content_digest(archive: zipfile.ZipFile) -> str:
    """SHA-256 of name, length and bytes of every member but the digest itself, in the order of the archive."""
    found = hashlib.sha256()
    for name in archive.namelist():
        if name != DIGEST:
            found.update(f"{name!r} {archive.getinfo(name).file_size}\n".encode())
            with archive.open(name) as member:
                while piece := member.read(PIECE):
                    found.update(piece)
    return found.hexdigest()


def check_content(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive that is not what its digest was made of."""
    names = archive.namelist()
    if names.count(DIGEST) != 1 or archive.getinfo(DIGEST).file_size != len(hashlib.sha256().hexdigest()):
        raise CheckpointError(f"{path}: it has no digest; start again without it")
    if archive.read(DIGEST) != content_digest(archive).encode():
        raise CheckpointError(f"{path}: its content does not match its digest; start again without it")


def open_rows(first: np.ndarray, opened: np.ndarray) -> list[slice]:
    """The rows of each neighbourhood that hold people or vacancies."""
    return [slice(int(low), int(low + count)) for low, count in zip(first[:-1], opened, strict=True)]


def write_population(archive: zipfile.ZipFile, world: World) -> None:
    """Write the columns of all dwellings; of the ties, a bit per slot that is in use, and the ties themselves."""
    rows, count = open_rows(world.neighbourhoods.first, world.stocks.opened), int(world.stocks.opened.sum())
    for name, column in world.population._asdict().items():
        if name != "ties":
            write_array(archive, f"population/{name}", column.dtype, (count,), (column[part] for part in rows))
    ties = world.population.ties
    held = (np.packbits(ties[part] != 0, axis=1, bitorder="little") for part in rows)
    write_array(archive, "population/held", np.dtype(np.uint8), (count, (ties.shape[1] + 7) // 8), held)
    there = sum(int(np.count_nonzero(ties[part])) for part in rows)
    write_array(archive, "population/ties", ties.dtype, (there,), (ties[part][ties[part] != 0] for part in rows))


@contextmanager
def reading(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[IO[bytes], np.dtype, tuple[int, ...]]]:
    """An array of the archive, opened at its first number, with its type and shape."""
    with archive.open(f"{name}.npy") as member:  # ZIP's own checksum is compared at its end
        try:
            np.lib.format.read_magic(member)
            shape, _, dtype = np.lib.format.read_array_header_1_0(member)
        except Exception as error:  # NumPy parses it as Python text: a damaged header can raise anything
            raise ValueError(f"{name}: {error}") from error
        held = archive.getinfo(f"{name}.npy").file_size - member.tell()
        if dtype.hasobject or math.prod(shape) * dtype.itemsize != held:
            raise ValueError(f"{name}: it says {shape} of {dtype} and holds {held:,} bytes")
        yield member, dtype, shape
        if member.read(1):
            raise ValueError(f"{name}: longer than it says")


def fill(member: IO[bytes], target: np.ndarray) -> None:
    """Read a whole array, a piece at a time."""
    bytes_of = memoryview(target.reshape(-1).view(np.uint8))
    for begin in range(0, len(bytes_of), PIECE):
        piece = bytes_of[begin : begin + PIECE]
        if member.readinto(piece) != len(piece):  # type: ignore[attr-defined]
            raise EOFError("an array ends too early")


def read_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """A small array as a whole."""
    with reading(archive, name) as (member, dtype, shape):
        if dtype.hasobject or dtype.itemsize * np.prod(shape, dtype=float) > archive.getinfo(f"{name}.npy").file_size:
            raise ValueError(f"{name}: not an array of numbers")
        array = np.empty(shape, dtype)
        fill(member, array)
    return array


def read_population(archive: zipfile.ZipFile, old: np.ndarray, new: np.ndarray, opened: np.ndarray) -> Population:
    """The population in the rows that `new` gives each neighbourhood; links were written with those of `old`."""
    population, count = vacant_population(int(new[-1])), int(opened.sum())
    rows = open_rows(new, opened)
    for name, column in population._asdict().items():
        if name == "ties":
            continue
        with reading(archive, f"population/{name}") as (member, dtype, shape):
            if (dtype, shape) != (column.dtype, (count,)):
                raise ValueError(f"{name}: {dtype} {shape} is not a column of {count:,} rows")
            for part in rows:
                fill(member, column[part])
    moved = new[:-1] - old[:-1]
    if moved.any():
        population.household[:] = moved_rows(population.household.astype(np.int64), old, moved)
    with (
        reading(archive, "population/held") as (held, _, _),
        reading(archive, "population/ties") as (ties, dtype, _),
    ):
        for part in rows:
            block = population.ties[part]
            bits = np.empty((len(block), (block.shape[1] + 7) // 8), np.uint8)
            fill(held, bits)
            there = np.unpackbits(bits, axis=1, count=block.shape[1], bitorder="little").view(bool)
            values = np.empty(np.count_nonzero(there), dtype)
            fill(ties, values)
            block[there] = repointed(values, old, moved) if moved.any() else values
    return population


def moved_rows(rows: np.ndarray, first: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Where rows, int64 [N], stand after the neighbourhoods that began at rows `first` moved by `moved`."""
    return rows + moved[np.clip(np.searchsorted(first, rows, side="right") - 1, 0, len(moved) - 1)]


def repointed(ties: np.ndarray, first: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Ties [N] with the partners' new rows, after the neighbourhoods that began at rows `first` moved by `moved`."""
    row = moved_rows((ties >> ROW_SHIFT).astype(np.int64), first, moved)
    return (row.astype(np.uint64) << ROW_SHIFT) | (ties & WITHOUT_ROW)


def read_header(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The header of an open checkpoint."""
    header = json.loads(archive.read("header.json"))
    if header.get("format") != FORMAT:
        raise CheckpointError(f"{path}: not a checkpoint of this version (format {header.get('format')!r})")
    return header


def load_checkpoint(path: Path, room: Room | None = None) -> tuple[World, dict[str, Any]]:
    """Read a world back.

    Parameters
    ----------
    room : callable, optional
        Takes the stored neighbourhoods and returns the first row of each, int64 [J + 1], with room for at least the
        dwellings there are. Results do not depend on it.

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
    with readable(path), zipfile.ZipFile(path) as archive:
        header = read_header(archive, path)
        check_content(archive, path)
        parts: dict[str, Any] = {
            part: kind(**{name: read_array(archive, f"{part}/{name}") for name in kind._fields})
            for part, kind in PARTS.items()
        }
        old = parts["neighbourhoods"].first
    new = old if room is None else room(parts["neighbourhoods"])
    with readable(path), zipfile.ZipFile(path) as archive:
        parts["population"] = read_population(archive, old, new, parts["stocks"].opened)
        parts["neighbourhoods"] = parts["neighbourhoods"]._replace(first=new)
        parameters = Parameters(**header["parameters"])
        world = World(**parts, parameters=parameters, seed=header["seed"], month=header["month"])
    return world, header["extra"]


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn any error that a damaged file raises into a `CheckpointError` of one line."""
    try:
        yield
    except CheckpointError:
        raise
    except UNREADABLE as error:
        why = f"{path.stat().st_size:,} bytes: {' '.join(str(error).split())[:160]}"
        raise CheckpointError(f"{path}: damaged or cut short ({why}); start again without it") from error
