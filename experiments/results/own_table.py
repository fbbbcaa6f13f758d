"""`region=` in Python: a name, a file, a mapping, or a frame, which is stored in a file that can be read again."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments.options.keywords import plain_values
from experiments.options.words import REGION_SHORT
from experiments.results.hidden import hidden_folder
from experiments.results.writing import write_table
from scenarios.errors import InputError
from scenarios.frames import FILES, frame_of


@dataclass
class RequestedRegion:
    """A region requested from Python.

    Attributes
    ----------
    values : str, list or dict
        As settings take it; a frame is not named in it.
    frame : polars.DataFrame or None
        Areas that are in no file yet.
    """

    values: Any
    frame: pl.DataFrame | None = None

    @contextmanager
    def kept_table(self, folder: Path) -> Iterator[dict[str, str]]:
        """The frame in a file beside the result folder, as options of the region; none without a frame.

        Raises
        ------
        InputError
            The frame cannot be read as a table of areas, or the folder cannot be written to.
        """
        if self.frame is None:
            yield {}
            return
        from scenarios.plain import read_plain

        if self.values["name"] == "file":
            read_plain(self.frame)  # what is wrong is said of the frame, before there is a file
        with kept_frame(self.frame, folder, "own_areas") as path:
            yield {"table": str(path)}


@contextmanager
def kept_frame(frame: pl.DataFrame, folder: Path, what: str) -> Iterator[Path]:
    """A frame in a file beside the result folder, FOLDER.FINGERPRINT/WHAT.parquet; it is removed if the input is wrong.

    Raises
    ------
    InputError
        It cannot be written there.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with hidden_folder(folder) as hidden:
            write_table(frame, hidden / what)
            digest = hashlib.sha256((hidden / what).read_bytes()).hexdigest()
            path = folder.with_name(f"{folder.name}.{digest[:8]}") / f"{what}.parquet"
            new = not path.exists()
            path.parent.mkdir(exist_ok=True)
            (hidden / what).replace(path)
    except OSError as error:
        raise InputError(
            f"{folder.name}.{what} cannot be written beside {folder}: {error.strerror or error}"
        ) from error
    try:
        yield path
    except InputError:
        if new:
            path.unlink(missing_ok=True)
            path.parent.rmdir()
        raise


def requested_region(region: Any, options: dict[str, Any]) -> RequestedRegion:
    """Read a region requested from Python.

    Parameters
    ----------
    region : str, list, path, mapping, or polars or pandas DataFrame
        A name or several; a file or a frame with a row per area (docs/own_areas.md); or a mapping with ``name`` and the
        options of `scenarios.regions.region.load_region`, in which ``table`` may be a frame, and alone means one's own
        table.
    options : dict
        Keywords of the call; those of the region that may stand there (`REGION_SHORT`) are taken out.
    """
    requested = region_of(region)
    short = {key: plain_values(options.pop(key)) for key in REGION_SHORT if key in options}
    if short:
        requested.values = (
            requested.values if isinstance(requested.values, dict) else {"name": requested.values}
        ) | short
    return requested


def region_of(region: Any) -> RequestedRegion:
    """What a region is, without options of the call."""
    if isinstance(region, Mapping):
        values = {str(key): value for key, value in region.items()}
        frame = frame_of(values.get("table"))
        name = values.pop("name", "file" if values.get("table") is not None else None)
        if name is None:
            raise InputError("region is a mapping without name or table; allowed is such as region={'table': 'my.csv'}")
        if frame is not None:
            values.pop("table")
        return RequestedRegion(plain_values({"name": name, **values}), frame)
    frame = frame_of(region)
    if frame is not None:
        return RequestedRegion({"name": "file"}, frame)
    if isinstance(region, Path) or (isinstance(region, str) and region.lower().endswith(FILES)):
        return RequestedRegion({"name": "file", "table": str(region)})
    return RequestedRegion(plain_values(region))
