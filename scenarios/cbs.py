"""The table of districts, neighbourhoods or municipalities of Statistics Netherlands (CBS), as published.

Files of the "Wijk- en Buurtkaart" with seven origin groups (up to 2022), such as ``wijk_2017.csv``.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from scenarios.areas import MAXIMUM_RESIDENTS, AreaTable, area_mask
from scenarios.cbs_reader import PARTS, CbsReader
from scenarios.errors import wrong
from scenarios.findings import Findings
from scenarios.notes import Note
from scenarios.plain import read_plain
from scenarios.table import Table
from scenarios.tables import read_table

LEVELS = (("BU_CODE", "BU_NAAM"), ("WK_CODE", "WK_NAAM"), ("GM_CODE", "GM_NAAM"))
"""Columns with code and name, from the smallest kind of area."""


def read_cbs(
    path: str | Path,
    codes: str | Iterable[str] | None = None,
    *,
    extra: str | Path | Iterable[str | Path] = (),
    geometry: str | Path | None = None,
    geometry_code: str | None = None,
    adjacency: str | Path | None = None,
    year: int = 2017,
) -> AreaTable:
    """Read areas from a CBS table.

    Parameters
    ----------
    path : path
        Table with CBS' own column names; rows of water (``WATER`` other than ``NEE``) are skipped. One without the
        seven origin groups of the Wijk- en Buurtkaart is read as `scenarios.plain.read_plain` does.
    codes : str or iterable of str, optional
        Codes of districts and of municipalities, mixed; all areas when left out.
    extra : path or iterable of paths
        Tables to join by code, see `scenarios.extra`.
    geometry, geometry_code : path, str
        Map with the outlines (see `scenarios.geometry.read_outlines`), and the name of its property with the code.
    adjacency : path
        Table ``code_a, code_b, shared_border_m``; without it borders are taken from the outlines.
    year : int
        Year of the table: of an extra table with several years the nearest is used.

    Returns
    -------
    AreaTable
        Scores, arrivals and supplies are relative to the whole table, whatever codes are chosen.

    Raises
    ------
    InputError
    """
    found = Findings()
    table = read_table(path, found)
    if not {"AANT_INW", "P_WEST_AL", "P_N_W_AL"} & set(table.columns) or "P_NL_ALL" in table.columns:
        return read_plain(
            path,
            codes,
            extra=extra,
            geometry=geometry,
            geometry_code=geometry_code,
            adjacency=adjacency,
            year=year,
        )
    code_column, name_column = next(((c, n) for c, n in LEVELS if c in table.columns), LEVELS[-1])
    table.need(code_column, "GM_CODE", "GM_NAAM", "AANT_INW", "P_WEST_AL", "P_N_W_AL", *PARTS)
    if "WATER" in table.columns:
        table = table.filter(np.array([v == "NEE" for v in table.text("WATER")]))
    code = table.text(code_column)
    _refuse_duplicates(table, code, code_column)
    chosen = None
    if codes is not None:
        chosen = area_mask(codes, code, table.text("GM_CODE"), table.text("GM_NAAM"))
        table = table.with_requested(chosen)
    residents = table.numbers("AANT_INW", 0, MAXIMUM_RESIDENTS, required=True, whole=True)
    lived_in = residents > 0
    chosen = np.ones(len(code), dtype=bool) if chosen is None else chosen
    if not (chosen & lived_in).any():
        raise wrong("no residents live in the areas asked for", file=path)
    notes: list[str] = list(found.notes)
    if (chosen & ~lived_in).any():
        count = (chosen & ~lived_in).sum()
        notes.append(
            Note(
                f"{count} areas without residents were left out.", f"{count} gebieden zonder bewoners zijn weggelaten."
            )
        )
    reader = CbsReader(table.filter(lived_in), chosen[lived_in], notes, code_column, name_column)
    whole = reader.build(_paths(extra), geometry, geometry_code, adjacency, year)
    return whole.select([c for c, keep in zip(whole.code, reader.chosen, strict=True) if keep])


def is_seven_groups(table: Table) -> bool:
    """Whether a table is that of a Wijk- en Buurtkaart with seven origin groups, up to 2022."""
    return "code" not in table.columns and {"AANT_INW", "P_WEST_AL"} <= set(table.columns)


def _paths(extra: str | Path | Iterable[str | Path] | None) -> list[str | Path]:
    if extra is None:
        return []
    return [extra] if isinstance(extra, str | Path) else list(extra)


def _refuse_duplicates(table: Table, code: list[str], column: str) -> None:
    seen: dict[str, int] = {}
    for at, one in enumerate(code):
        if one in seen or not one:
            problem = f"is the code of row {seen[one]} too" if one in seen else "is empty"
            raise wrong(problem, file=table.file, row=int(table.rows[at]), column=column, value=one)
        seen[one] = int(table.rows[at])
