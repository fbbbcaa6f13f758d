"""What is missing or odd in a table of areas, and what the simulator will assume: everything at once."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from scenarios.areas import MAXIMUM_RESIDENTS, AreaTable
from scenarios.cbs import read_cbs
from scenarios.columns import FACILITY_COLUMNS, VALUE_RANGES
from scenarios.download.words import counted
from scenarios.errors import InputError, close_matches
from scenarios.plain import AGE_COLUMNS, PREFIXES, SHARE_COLUMNS, TEXT_COLUMNS, TOLERANCE, read_plain
from scenarios.tables import Table, read_table

CODE = re.compile(r"^(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$")
POINTED, DECIMAL_COMMA = re.compile(r"^[1-9]\d{0,2}\.\d{3}$"), re.compile(r"^[+-]?\d+,\d+$")
RECOMMENDED = ("municipality", *AGE_COLUMNS, *SHARE_COLUMNS, "household_size", "density")
LEVELS = ("error", "odd", "assumed", "note")
OBSERVED = "observed_"  # what `thuis data observed` compares with
SHOWN = 3
MOST_UNUSED = 10


@dataclass(frozen=True)
class Finding:
    """One thing about a table.

    Attributes
    ----------
    level : str
        ``error``: the simulator refuses the table; ``odd``: it is used, but look at it; ``assumed``: what the
        simulator puts in the place of what is not there; ``note``: what was recognised.
    text : str
        One plain sentence.
    column : str
        Where, or empty.
    """

    level: str
    text: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.level:8}{self.column + ': ' if self.column else ''}{self.text}"


def check(path: str | Path) -> list[Finding]:
    """Say what is missing or odd in a table of areas, and what the simulator will assume.

    Parameters
    ----------
    path : path
        CSV or Parquet: one's own areas (``docs/own_areas.md``), what ``fetch`` wrote, or a table as CBS publishes it.

    Returns
    -------
    list of Finding
        Errors first. With no error among them the table can be simulated.

    Raises
    ------
    InputError
        When the file is not there or is no table at all.
    """
    table = read_table(path)
    if "code" not in table.columns and {"AANT_INW", "P_WEST_AL"} <= set(table.columns):
        found = [Finding("note", "This is a table as CBS publishes it (Wijk- en Buurtkaart, seven origin groups).")]
        return _sorted(found + _read(lambda: read_cbs(path), found))
    found = [*_columns(table), *_codes(table), *_residents(table), *_values(table), *_shares(table)]
    found += _manifest(Path(path))
    return _sorted(found + _read(lambda: read_plain(path), found))


def _sorted(found: list[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(found), key=lambda f: LEVELS.index(f.level))


def _read(read: Callable[[], AreaTable], found: list[Finding]) -> list[Finding]:
    """Read the table as the simulator does; tell what it assumes, or why it refuses when that was not told yet."""
    try:
        areas = read()
    except InputError as error:
        return [] if any(f.level == "error" for f in found) else [Finding("error", str(error))]
    told = Finding(
        "note",
        f"{counted(len(areas), 'area')}, {counted(len(areas.municipality_code), 'municipality')}, "
        f"{counted(int(areas.residents.sum()), 'resident')}, "
        f"origin scheme {areas.scheme.name} ({', '.join(areas.scheme.groups)}).",
    )
    return [told, *[Finding("assumed", note) for note in areas.notes]]


def _columns(table: Table) -> list[Finding]:
    """Columns that are needed, wished for, or spelled in another way."""
    absent = [c for c in ("code", "residents") if c not in table.columns]
    found = [Finding("error", f"the column is missing{close_matches(c, table.columns)}", c) for c in absent]
    origins = [c for c in table.columns if c.startswith("origin_")]
    if len(origins) < 2:
        text = f"{len(origins)} columns origin_<group> (allowed: at least two, such as origin_dutch, origin_other)"
        found.append(Finding("error", text, "origin_*"))
    known = [*VALUE_RANGES, *AGE_COLUMNS, *SHARE_COLUMNS, *TEXT_COLUMNS, "residents", "longitude", "latitude"]
    unused: list[str] = []
    for column in table.columns:
        if column in known or column in origins or column.startswith(OBSERVED):
            continue
        if column.startswith(PREFIXES):
            found.append(Finding("error", f"the column is unknown{close_matches(column, known)}", column))
        else:
            unused.append(column)
    if len(unused) > MOST_UNUSED:
        found.append(Finding("odd", f"{len(unused)} columns are not used: {_some(unused)}"))
        unused = []
    found += [Finding("odd", f"the column is not used{close_matches(c, known)}", c) for c in unused]
    missing = [c for c in RECOMMENDED if c not in table.columns]
    if not any(c in table.columns for c in FACILITY_COLUMNS):
        missing.append("facility_<kind> or distance_<kind>")
    if not {"socio_economic", "income", "income_high"} & set(table.columns):
        missing.append("socio_economic or income")
    if not ({"x", "y"} <= set(table.columns) or {"longitude", "latitude"} <= set(table.columns)):
        missing.append("x and y")
    if missing:
        text = f"the table has no {', '.join(missing)}: there an average or an assumption is used"
        found.append(Finding("note", text))
    return found


def _codes(table: Table) -> list[Finding]:
    if "code" not in table.columns:
        return []
    codes = table.text("code")
    rows = dict(zip(codes, table.rows.tolist(), strict=True))
    twice = [(code, n) for code, n in Counter(codes).items() if n > 1 and code]
    found = [Finding("error", f"'{c}' occurs {n} times, the last in row {rows[c]}", "code") for c, n in twice[:SHOWN]]
    empty = np.array([code == "" for code in codes])
    if empty.any():
        found.append(Finding("error", f"is empty in {_rows(table, empty)}", "code"))
    dutch = [c for c in codes if CODE.match(c)]
    if len(dutch) > len(codes) / 2:
        strange = [c for c in codes if c and not CODE.match(c)]
        if strange:
            text = f"{len(strange)} are not codes of CBS like the others: {_some(strange)}"
            found.append(Finding("odd", text, "code"))
        found += _municipality_of(table, codes)
        kinds = sorted({c[:2] for c in dutch})
        if len(kinds) > 1:
            text = f"areas of different kinds stand together ({', '.join(kinds)}): their residents are counted twice"
            found.append(Finding("odd", text, "code"))
    return found


def _municipality_of(table: Table, codes: list[str]) -> list[Finding]:
    if "municipality" not in table.columns:
        return []
    pairs = zip(codes, table.text("municipality"), strict=True)
    wrong = [f"{c} in {m}" for c, m in pairs if CODE.match(c) and CODE.match(m) and c[2:6] != m[2:6]]
    text = f"the code belongs to another municipality: {_some(wrong)}"
    return [Finding("odd", text, "municipality")] if wrong else []


def _residents(table: Table) -> list[Finding]:
    if "residents" not in table.columns:
        return []
    try:
        values = table.numbers("residents", -np.inf, np.inf)
    except InputError as error:
        return [Finding("error", str(error))]
    told = {
        "is unknown": np.isnan(values),
        "is zero or negative (leave areas without residents out)": values < 1,
        f"is above {MAXIMUM_RESIDENTS:,}": values > MAXIMUM_RESIDENTS,
        "is not a whole number": (values % 1 != 0) & ~np.isnan(values) & (values >= 1),
    }
    found = [Finding("error", f"{text} in {_rows(table, bad)}", "residents") for text, bad in told.items() if bad.any()]
    few = (values >= 1) & (values < 50)
    if few.any():
        text = f"is below 50 in {_rows(table, few)}: outcomes there are mostly chance"
        found.append(Finding("odd", text, "residents"))
    return found


def _values(table: Table) -> list[Finding]:
    """Numbers that are unknown or outside their range."""
    found = []
    for column in [c for c in table.columns if c in VALUE_RANGES]:
        low, high = VALUE_RANGES[column]
        try:
            values = table.numbers(column)
        except InputError as error:
            found.append(Finding("error", str(error)))
            continue
        bad = (values < low) | (values > high)
        if bad.any():
            found.append(Finding("error", f"is outside {low:g} to {high:g} in {_rows(table, bad)}", column))
        found += _thousands(table, column)
        unknown = np.isnan(values)
        if unknown.any():
            found.append(Finding("odd", f"is unknown or kept secret in {_rows(table, unknown)}", column))
        elif len(values) > 5 and np.ptp(values) == 0:
            found.append(Finding("odd", f"has the same value, {values[0]:g}, in every row", column))
    return found


def _thousands(table: Table, column: str) -> list[Finding]:
    """Numbers such as 1.200 in a table with decimal commas: the point may part thousands."""
    if table.frame[column].dtype != pl.String:
        return []
    cells = table.text(column)
    pointed = np.array([bool(POINTED.match(cell)) for cell in cells])
    commas = any(DECIMAL_COMMA.match(cell) for name in table.columns for cell in table.text(name))
    if not (pointed.any() and commas):
        return []
    cell = cells[int(np.argmax(pointed))]
    text = f"'{cell}' is read as {float(cell):g}, not as {cell.replace('.', '')}, in {_rows(table, pointed)}"
    return [Finding("odd", text, column)]


def _shares(table: Table) -> list[Finding]:
    origins = [c for c in table.columns if c.startswith("origin_")]
    ages = [c for c in AGE_COLUMNS if c in table.columns]
    found = []
    if 0 < len(ages) < len(AGE_COLUMNS):
        absent = [c for c in AGE_COLUMNS if c not in ages]
        text = f"all five age classes are needed, or none; missing: {', '.join(absent)}"
        found.append(Finding("error", text, "age_*"))
    for name, columns in (("origin_*", origins), ("age_*", ages if len(ages) == len(AGE_COLUMNS) else [])):
        if len(columns) > 1:
            found += _adding_up(table, name, columns)
    return found


def _adding_up(table: Table, name: str, columns: list[str]) -> list[Finding]:
    try:
        values = np.stack([table.numbers(c) for c in columns], axis=1)
    except InputError as error:
        return [Finding("error", str(error))]
    found = []
    unknown = np.isnan(values).any(axis=1)
    if unknown.any():
        found.append(Finding("error", f"a share is unknown or kept secret in {_rows(table, unknown)}", name))
    if (values < 0).any():
        found.append(Finding("error", f"a share is negative in {_rows(table, (values < 0).any(axis=1))}", name))
    whole = 100.0 if np.nanmax(values, initial=0.0) > 1.0 + TOLERANCE else 1.0
    total = values.sum(axis=1) / whole
    off = np.abs(total - 1.0) > TOLERANCE + 1e-12
    if off.any():
        first = int(np.argmax(off))
        text = f"the shares do not add up in {_rows(table, off)}: {total[first] * whole:.4g} (allowed: {whole:g} ± 2 %)"
        found.append(Finding("error", text, name))
    return found


def _manifest(path: Path) -> list[Finding]:
    """What `fetch` told about the table, and whether it was changed since."""
    try:
        told = json.loads(path.with_suffix(".json").read_bytes())
        digest, tables = told["files"][path.name], ", ".join(one["id"] for one in told["tables"])
        notes = [str(note) for note in told["notes"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    found = [Finding("note", f"Fetched from CBS ({tables}), year {told.get('year')}.")]
    found += [Finding("assumed", note) for note in notes]
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        text = f"The file was changed after it was fetched (see {path.with_suffix('.json').name})."
        found.append(Finding("odd", text))
    return found


def _rows(table: Table, bad: np.ndarray) -> str:
    rows = table.rows[np.flatnonzero(bad)]
    if len(rows) == 1:
        return f"row {rows[0]}"
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{len(rows)} rows ({', '.join(str(r) for r in rows[:SHOWN])}{more})"


def _some(values: list[str]) -> str:
    return ", ".join(values[:SHOWN]) + (f" and {len(values) - SHOWN} more" if len(values) > SHOWN else "")
