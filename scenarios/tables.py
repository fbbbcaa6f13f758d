"""Reading a table: from a file of any kind that people have, or from a frame made in Python."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from scenarios.errors import wrong
from scenarios.files import read_bytes
from scenarios.findings import Findings
from scenarios.map_files import MAPS, read_attributes
from scenarios.table import Table
from scenarios.table_files import read_cells


def read_table(path: str | Path, found: Findings | None = None, level: str | None = None) -> Table:
    """Read a table from a file of text, a workbook, Parquet, or a map of which each area has its figures.

    Parameters
    ----------
    path : path
        ``.csv``, ``.tsv``, ``.txt`` (comma, semicolon or tab; UTF-8 with or without BOM; also packed as ``.gz``),
        ``.xlsx``, ``.xls``, ``.ods``, ``.parquet``, ``.gpkg``, ``.shp``, ``.zip`` (of a shapefile) or ``.geojson``.
    found : Findings, optional
        Where notes and problems go.
    level : str, optional
        Of a map with several layers: ``gemeenten``, ``wijken`` or ``buurten``.

    Raises
    ------
    InputError
        For a missing file, a folder, an unknown kind of file, a wrong encoding, a damaged, empty or ragged table.
    """
    path, found = Path(path), found or Findings()
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    if not content.strip():
        raise wrong("the file is empty", file=path)
    if path.suffix.lower() in MAPS:
        frame, notes = read_attributes(path, content, level)
        rows = np.arange(2, frame.height + 2)
    else:
        cells = read_cells(content, path)
        frame, rows, notes = cells.frame, cells.rows, cells.notes
    if frame.height == 0:
        raise wrong("the file holds a header but no rows", file=path)
    for note in notes:
        found.say(note, note.dutch)
    return Table(frame, path.name, rows, digest, found)


OTHER_NAMES = {"population": "residents", "inhabitants": "residents", "area_code": "code", "land_ha": "land_area"}
"""Names of columns that certainly mean one of ours."""


def in_own_words(table: Table, known: Iterable[str]) -> tuple[Table, dict[str, str]]:
    """The table with columns named as ours where only capitals, spaces or hyphens differ, or as `OTHER_NAMES` says.

    Returns
    -------
    Table, dict of str to str
        Which columns have another name now: from, to.
    """
    known = set(known)
    names: dict[str, str] = {}
    taken = set(table.columns)
    for column in table.columns:
        plain = column.strip().lower().replace(" ", "_").replace("-", "_").replace("/", "_")
        plain = OTHER_NAMES.get(plain, plain)
        ours = plain in known or plain.startswith("origin_")
        if plain != column and column not in known and ours and plain not in taken:
            names[column] = plain
            taken.add(plain)
    return (table.rename(names) if names else table), names


def table_from_frame(frame: pl.DataFrame, name: str = "table", found: Findings | None = None) -> Table:
    """Make a table of a polars frame that was made in Python."""
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    return Table(frame, name, np.arange(2, frame.height + 2), digest, found or Findings())
