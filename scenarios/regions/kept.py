"""Tables of districts and neighbourhoods that were fetched before: where they are, and whether they are whole."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import polars as pl

VARIABLE = "THUIS_DATA"
BESIDE = Path("data")
"""Where `thuis data fetch` writes, unless it is told otherwise."""
SHIPPED = Path(str(files("conf"))) / "districts"
"""Districts that come with Thuis (Gouda), so that a first look has real outlines without a network."""
BEFORE = "before"
"""Folder, in that of the municipalities, of the table that seven origin groups are estimated by."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Kept:
    """A table of areas that was fetched before and is whole.

    Attributes
    ----------
    table, outlines : Path, Path or None
    year : int
    scheme : str
        Origin scheme of the table: cbs7 or cbs3.
    digest : str
        Of the table and its outlines together.
    """

    table: Path
    outlines: Path | None
    year: int
    scheme: str
    digest: str


def data_folder() -> Path:
    """Return where tables are kept: ``$THUIS_DATA``, or else thuis in the user's folder for data."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(base) / "thuis"


def own_folder(key: str) -> Path:
    """Return the folder of the municipalities of a key; a long list has a short name."""
    short = key if len(key) <= LONGEST_NAME else f"{key[:40]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return data_folder() / "cbs" / short


def kept(codes: Sequence[str], level: str, year: int | None = None, *, before: bool = False) -> Kept | None:
    """Return a table at hand that holds all these municipalities, the newest where no year is given; or None.

    Looked at are the folder of `data_folder`, the folder ``data``, where ``thuis data fetch`` writes, and last the
    districts that come with Thuis. Files whose checksum is no longer that of the time they were fetched are passed
    over.

    Parameters
    ----------
    codes : sequence of str
        Of municipalities.
    level : str
        ``wijk`` or ``buurt``.
    before : bool
        Also look at what was fetched only to estimate origin groups by.
    """
    found: Kept | None = None
    for manifest in _manifests(level, year, before):
        one = _whole(manifest)
        if one is not None and (found is None or one.year > found.year) and set(codes) <= _municipalities(one.table):
            found = one
    return found


def _manifests(level: str, year: int | None, before: bool) -> Iterator[Path]:
    pattern = f"areas_{year or '*'}_{level}.json"
    own = data_folder() / "cbs"
    basis = sorted(own.glob(f"*/{BEFORE}")) if before else []
    for folder in (*sorted(own.glob("*")), *basis, data_folder(), BESIDE, *sorted(SHIPPED.glob("GM*"))):
        yield from sorted(folder.glob(pattern))


def _whole(manifest: Path) -> Kept | None:
    """What a manifest is of, when its files are those that were written with it."""
    try:
        told = json.loads(manifest.read_bytes())
        table, year, scheme = manifest.with_suffix(".csv"), int(told["year"]), str(told["scheme"])
        outlines = manifest.with_name(manifest.name.replace("areas_", "outlines_")).with_suffix(".geojson")
        files = [table, *([outlines] if outlines.name in told["files"] else [])]
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        if digests != [told["files"][file.name] for file in files]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    return Kept(table, outlines if len(files) > 1 else None, year, scheme, digest)


@lru_cache(64)
def _municipalities(table: Path) -> frozenset[str]:
    return frozenset(read_frame(table)["municipality"].to_list())


def read_frame(table: Path) -> pl.DataFrame:
    """Read a table that `thuis data fetch` wrote."""
    return pl.read_csv(table, infer_schema_length=None)


def shipped_codes() -> frozenset[str]:
    """Return the codes of the municipalities whose districts come with Thuis: each has a folder of its own."""
    return frozenset(folder.name for folder in SHIPPED.glob("GM*"))


def is_worth_looking(codes: Sequence[str]) -> bool:
    """Tell whether districts of these municipalities can be at hand."""
    return data_folder().is_dir() or BESIDE.is_dir() or set(codes) <= shipped_codes()
