"""Own areas of any city of any country, from a plain table or one of CBS; see ``docs/own_areas.md``."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from scenarios.area_rows import only_areas
from scenarios.areas import AreaTable, area_mask
from scenarios.beside import groups_in, put_beside
from scenarios.cbs_words import in_cbs_words
from scenarios.codes import CODE, LEVELS
from scenarios.columns import VALUE_RANGES
from scenarios.errors import InputError, close_matches, wrong
from scenarios.extra import Extra, extra_of
from scenarios.findings import Findings
from scenarios.map_files import MAPS
from scenarios.origins import OriginScheme
from scenarios.plain_reader import AGE_COLUMNS, SHARE_COLUMNS, PlainReader, Where
from scenarios.shares import TOLERANCE
from scenarios.table import Table
from scenarios.tables import in_own_words, read_table, table_from_frame

__all__ = ["AGE_COLUMNS", "KNOWN", "SHARE_COLUMNS", "TOLERANCE", "open_plain", "read_plain"]

TEXT_COLUMNS = ("code", "name", "municipality", "municipality_name")
KNOWN = [
    *VALUE_RANGES,
    *AGE_COLUMNS,
    *SHARE_COLUMNS,
    *TEXT_COLUMNS,
    *("residents", "households", "longitude", "latitude"),
]
NOT_FOR_USERS = ("kind", "period", "water", "western", "non_western", "moroccan", "antillean", "surinamese", "turkish")
PREFIXES = ("origin_", "age_", "facility_", "arrivals_")
MOST_SHOWN = 10


def read_plain(
    path: str | Path | pl.DataFrame,
    codes: str | Iterable[str] | None = None,
    *,
    scheme: str | Path | OriginScheme | None = None,
    geometry: str | Path | None = None,
    geometry_code: str | None = None,
    adjacency: str | Path | None = None,
    extra: str | Path | Iterable[str | Path] = (),
    year: int = 2017,
    level: str | None = None,
    found: Findings | None = None,
) -> AreaTable:
    """Read own areas.

    Parameters
    ----------
    path : path or polars.DataFrame
        Table with the columns of ``docs/own_areas.md``, or of CBS in any form; only ``code``, ``residents`` and two
        or more ``origin_<group>`` are needed. A map that has these figures gives the outlines, too.
    codes : str or iterable of str, optional
        Codes of areas or municipalities to keep; other rows are not checked.
    scheme : str, path or OriginScheme, optional
        Name of a scheme, or a YAML file. Left out: the scheme whose groups are exactly those of the table, else a
        custom one whose host background is the first origin column.
    geometry, geometry_code, adjacency, extra, year
        As in `scenarios.cbs.read_cbs`; an extra table may also have groups of residents or codes that this one lacks.
    level : str, optional
        ``wijken``, ``buurten`` or ``gemeenten``, of a table of CBS with several; districts when left out.
    found : Findings, optional
        Where notes and, if it says so, problems are collected.

    Raises
    ------
    InputError
        With file, row, column, value and allowed range.
    """
    found = found or Findings()
    if level is not None and level not in LEVELS:
        raise InputError(f"areas={level} (allowed for a table: {', '.join(LEVELS)})")
    wanted = None if codes is None else [codes] if isinstance(codes, str) else [str(c) for c in codes]
    table = open_plain(path, found, level)
    table, extras = _with_extras(table, [extra] if isinstance(extra, str | Path) else list(extra or ()), year)
    _need_codes(table)
    table = only_areas(table, wanted, level)
    chosen = np.ones(len(table), dtype=bool)
    if wanted is not None:
        chosen = area_mask(wanted, table.text("code"), *_municipalities(table))
        table = table.with_requested(chosen)
    unused = refuse_unknown(table)
    reader = PlainReader(table, chosen)
    if unused:
        more = (f" and {len(unused) - MOST_SHOWN} more", f" en nog {len(unused) - MOST_SHOWN}")
        more = more if len(unused) > MOST_SHOWN else ("", "")
        names = ", ".join(unused[:MOST_SHOWN])
        reader.say(
            f"Columns that are not used: {names}{more[0]}.", f"Kolommen die niet gebruikt worden: {names}{more[1]}."
        )
    if geometry is None and isinstance(path, str | Path) and Path(path).suffix.lower() in MAPS:
        geometry = path
    areas = reader.build(scheme, extras, Where(geometry, geometry_code, adjacency))
    if wanted is None:
        return areas
    return areas.select([code for code, keep in zip(reader.code, reader.chosen, strict=True) if keep])


def open_plain(path: str | Path | pl.DataFrame, found: Findings, level: str | None = None) -> Table:
    """Open a table of areas with its columns renamed to ours, before anything is checked.

    Raises
    ------
    InputError
    """
    table = table_from_frame(path, found=found) if isinstance(path, pl.DataFrame) else read_table(path, found, level)
    table, renamed = in_own_words(table, KNOWN)
    if renamed:
        names = ", ".join(f"{a} → {b}" for a, b in renamed.items())
        found.say(
            f"Columns read under another name: {names}.", f"Kolommen die onder een andere naam gelezen zijn: {names}."
        )
    if "code" not in table.columns and {"AANT_INW", "P_WEST_AL"} <= set(table.columns):
        raise wrong("looks like a table of CBS: read it with region=cbs", file=table.file)
    return in_cbs_words(table)


def _with_extras(table: Table, paths: list[str | Path], year: int) -> tuple[Table, list[Extra]]:
    """The table with what only extra tables have of codes and groups, and those with values per area."""
    extras = []
    for path in paths:
        other = open_plain(path, table.found)
        without_codes = "code" not in table.columns or "code" not in other.columns
        if without_codes or groups_in(table, other):
            table = put_beside(table, other)
        if not without_codes and any(c in VALUE_RANGES for c in other.columns):
            extras.append(extra_of(other, year))
        elif not without_codes and not groups_in(table, other) and not _has_groups(other):
            raise wrong("has no column that is known", file=other.file)
    return table, extras


def _has_groups(table: Table) -> bool:
    return any(c.startswith(("origin_", "age_")) for c in table.columns)


def _need_codes(table: Table) -> None:
    """Refuse a table without codes or residents."""
    if "code" not in table.columns and "name" in table.columns and "residents" in table.columns:
        raise wrong(
            "has names of areas but no codes",
            file=table.file,
            column="code",
            allowed="a column with codes, here or in a table beside it (region.extra=FILE)",
        )
    table.need("code", "residents")


def _municipalities(table: Table) -> tuple[list[str], list[str]]:
    """Codes and names of the municipality of each row, as far as they are known."""
    codes = table.text("code")
    own = [f"GM{code[2:6]}" if CODE.fullmatch(code) else "" for code in codes]
    municipality_codes = table.text("municipality") if "municipality" in table.columns else own
    return municipality_codes, table.text(
        "municipality_name"
    ) if "municipality_name" in table.columns else municipality_codes


def refuse_unknown(table: Table) -> list[str]:
    """Refuse a column that was surely meant to be read but is spelled in another way; return the user's own columns."""
    known = {*KNOWN, *NOT_FOR_USERS}
    for column in table.columns:
        if column.startswith(PREFIXES) and not column.startswith("origin_") and column not in known:
            prefix = column.split("_")[0]
            allowed = ", ".join(k for k in KNOWN if k.startswith(prefix + "_"))
            problem = f"the column is unknown{close_matches(column, KNOWN)}"
            table.found.refuse(wrong(problem, file=table.file, column=column, allowed=allowed))
    return [c for c in table.columns if c not in known and not c.startswith("origin_")]
