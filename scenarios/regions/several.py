"""Several municipalities in one table of areas, with their positions on the Dutch grid."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.notes import Note

BY_AREA = ("origin", "age", "one_person", "with_children", "household_size", "density", "land_area", "socio_economic",
           "facilities", "x", "y", "moving_rate", "dwellings")  # fmt: skip


def join_tables(tables: Sequence[AreaTable], source: Note) -> AreaTable:
    """Return the areas of several tables of one origin scheme, in their order; a single table stays itself.

    Raises
    ------
    InputError
        When their origin groups differ.
    """
    if len(tables) == 1:
        return tables[0]
    if len({tuple(table.scheme.groups) for table in tables}) > 1:
        raise InputError("tables with different origin groups cannot be put together")
    values: dict[str, Any] = {key: np.concatenate([getattr(t, key) for t in tables]) for key in BY_AREA}
    areas = np.cumsum([0, *(len(t) for t in tables)])
    municipalities = np.cumsum([0, *(len(t.municipality_code) for t in tables)])
    neighbours = [
        (i + int(first), j + int(first), border)
        for first, t in zip(areas, tables, strict=False)
        for i, j, border in t.neighbours or []
    ]
    outlines = {code: shape for t in tables for code, shape in (t.outlines or {}).items()}
    return AreaTable.validated(
        **values,
        code=[code for t in tables for code in t.code],
        name=[name for t in tables for name in t.name],
        municipality=np.concatenate([t.municipality + first for first, t in zip(municipalities, tables, strict=False)]),
        municipality_code=[code for t in tables for code in t.municipality_code],
        municipality_name=[name for t in tables for name in t.municipality_name],
        residents=np.concatenate([t.residents for t in tables]),
        scheme=tables[0].scheme,
        arrival_rate=np.concatenate([t.arrival_rate for t in tables]),
        neighbours=neighbours,
        outlines=outlines or None,
        notes=list(dict.fromkeys(note for t in tables for note in t.notes)),
        source=source,
        digest=hashlib.sha256("".join(t.digest for t in tables).encode()).hexdigest(),
    )
