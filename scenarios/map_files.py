"""Maps of areas in a file: GeoPackage, shapefile (also zipped), GeoJSON and the like, read by GDAL.

Coordinates are converted from the system that a file states to longitude and latitude; where it states none, or
a system that puts Dutch areas outside the Netherlands, see `scenarios.coordinates`.
"""

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from scenarios.archives import refuse_large_archive
from scenarios.errors import wrong
from scenarios.header import MOST_COLUMNS
from scenarios.notes import Note

if TYPE_CHECKING:
    import geopandas

MAPS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".fgb", ".gml")
JSON = (".geojson", ".json")
LEVELS = ("wijken", "buurten", "gemeenten")
"""Layers of a map of CBS, in the order in which they are taken when none is asked for."""
_BEGINNINGS = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a", ".zip": b"PK", ".fgb": b"fgb"}


def read_attributes(path: Path, content: bytes, level: str | None = None) -> tuple[pl.DataFrame, list[Note]]:
    """The figures of a map as a table: a row per area.

    Raises
    ------
    InputError
    """
    import pyogrio

    layer, notes = _layer(path, content, level)
    try:
        _, _, _, columns = pyogrio.raw.read(_source(path), layer=layer, read_geometry=False)
        info = pyogrio.read_info(_source(path), layer=layer)
        frame = pl.DataFrame({str(n): pl.Series(c.tolist(), strict=False) for n, c in zip(info["fields"], columns)})
    except Exception as error:  # GDAL raises errors of many kinds
        raise _damaged(path) from error
    if not 0 < frame.width <= MOST_COLUMNS:
        raise wrong(f"has {frame.width:,} columns", file=path, allowed=f"1 to {MOST_COLUMNS:,}")
    return frame, notes


def read_features(path: Path, content: bytes, level: str | None = None) -> tuple[list[dict[str, Any]], str, list[Note]]:
    """The areas of a map as GeoJSON features.

    Returns
    -------
    list of dict, str, list of Note
        Features in the coordinates of the file, the name of these coordinates (``EPSG:28992``; empty when the file
        does not say), and which layer was read.
    """
    layer, notes = _layer(path, content, level)
    frame = _geometries(path, layer)
    crs = "" if frame.crs is None else frame.crs.to_string()
    return list(frame.iterfeatures(na="null", show_bbox=False)), crs, notes


def _geometries(path: Path, layer: str) -> "geopandas.GeoDataFrame":
    import geopandas

    try:
        frame = geopandas.read_file(_source(path), layer=layer)
        return frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    except Exception as error:
        raise _damaged(path) from error


def _layer(path: Path, content: bytes, level: str | None) -> tuple[str, list[Note]]:
    """The layer to read: the one asked for, the only one with outlines, or the first of `LEVELS`."""
    import pyogrio

    kind = path.suffix.lower()
    if not content.startswith(_BEGINNINGS.get(kind, b"")):
        raise _damaged(path)  # GDAL would look at what is in it, and follow what another kind of file refers to
    if kind == ".zip":
        _refuse_odd_archive(content, path)
    if kind == ".shp" and not any(path.with_suffix(s).exists() for s in (".dbf", ".DBF")):
        raise wrong("comes without its .dbf file: a shapefile is several files of one name", file=path)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(_source(path)) if kind and "Polygon" in kind]
        if not layers:
            layers = [str(name) for name, kind in pyogrio.list_layers(_source(path)) if kind]
    except Exception as error:
        raise _damaged(path) from error
    if not layers:
        raise wrong("holds no polygons", file=path)
    wanted = (level, *LEVELS) if level else LEVELS
    of = {word: name for word in wanted for name in layers if word.rstrip("en") in name.lower()}
    layer = next((of[word] for word in wanted if word in of), layers[0])
    others = [name for name in layers if name != layer]
    if not others:
        return layer, []
    names = ", ".join(others[:5])
    return layer, [
        Note(
            f"Of {path.name} the layer '{layer}' was read, not {names}.",
            f"Van {path.name} is de laag '{layer}' gelezen, niet {names}.",
        )
    ]


def _source(path: Path) -> str:
    """The absolute path of a file for GDAL, which could take a bare name for an address."""
    whole = os.path.abspath(path)
    return f"/vsizip/{whole}" if path.suffix.lower() == ".zip" else whole


def _refuse_odd_archive(content: bytes, path: Path) -> None:
    refuse_large_archive(content, path)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name.lower() for name in archive.namelist()]
    if not any(name.endswith((".shp", ".gpkg")) for name in names):
        found = ", ".join(names[:3]) or "nothing"
        raise wrong(f"holds no map ({found})", file=path, allowed="a shapefile or GeoPackage; unpack a table first")


def _damaged(path: Path) -> Exception:
    kind = path.suffix.lower().lstrip(".")
    return wrong(f"cannot be read as a map ({kind}): it is cut short, damaged or something else", file=path)
