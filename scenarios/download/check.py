"""What is missing or odd in a table of areas, and what the simulator will assume: everything at once.

The table is read by the simulator's own reader, which collects its errors; further findings here are
odd values, never errors. So a table without errors here can be simulated, and one with errors is refused by a run as
well.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.area_rows import only_areas
from scenarios.areas import AreaTable
from scenarios.cbs import is_seven_groups, read_cbs
from scenarios.codes import CODE
from scenarios.columns import FACILITY_COLUMNS, VALUE_RANGES
from scenarios.download.words import counted
from scenarios.errors import InputError, close_matches
from scenarios.findings import Findings
from scenarios.notes import Warned
from scenarios.plain import AGE_COLUMNS, KNOWN, NOT_FOR_USERS, SHARE_COLUMNS, open_plain, read_plain
from scenarios.table import Table
from scenarios.tables import read_table

RECOMMENDED = ("municipality", *AGE_COLUMNS, *SHARE_COLUMNS, "household_size", "density")
LEVELS = ("error", "odd", "assumed", "note")
OBSERVED = "observed_"  # what `thuis data observed` compares with
FEW_RESIDENTS = 50
SHOWN = 3
MOST_UNUSED = 10


@dataclass(frozen=True)
class Finding:
    """One thing about a table.

    Attributes
    ----------
    level : str
        ``error``: the simulator refuses the table; ``odd``: it is used, but look at it; ``assumed``: what was
        recognised, left out or substituted; ``note``: what the table is.
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


def check(path: str | Path, geometry: str | Path | None = None, extra: tuple[str, ...] = ()) -> list[Finding]:
    """Say what is missing or odd in a table of areas, and what the simulator will assume.

    Parameters
    ----------
    path : path
        Any table that a run takes: one's own areas (``docs/own_areas.md``), what ``fetch`` wrote, or a table of CBS.
    geometry : path, optional
        Map with the outlines, to be checked with it.
    extra : tuple of str
        Tables beside it.

    Returns
    -------
    list of Finding
        Errors first. With no error among them the table can be simulated.

    Raises
    ------
    InputError
        When the file is not there or is no table at all.
    """
    if is_seven_groups(read_table(path)):
        found = [Finding("note", "This is a table as CBS publishes it (Wijk- en Buurtkaart, seven origin groups).")]
        try:
            return _sorted(found + _report_assumptions(read_cbs(path, geometry=geometry, extra=extra)))
        except InputError as error:
            return [Finding("error", str(error)), *found]
    told = Findings(collect=True)
    found = []
    try:
        areas = read_plain(path, geometry=geometry, extra=extra, found=told)
    except InputError as error:
        told.problems.append(error)
    else:
        found += _report_assumptions(areas)
    found += [Finding("error", problem) for problem in dict.fromkeys(map(str, told.problems))]
    found += [Finding(_level(note), note) for note in told.notes]
    return _sorted([*found, *_odd(path), *_manifest(Path(path))])


def _report_assumptions(areas: AreaTable) -> list[Finding]:
    """Report what was read, and the assumptions."""
    what = (
        f"{counted(len(areas), 'area')}, {counted(len(areas.municipality_code), 'municipality')}, "
        f"{counted(int(areas.residents.sum()), 'resident')}, "
        f"origin scheme {areas.scheme.name} ({', '.join(areas.scheme.groups)})."
    )
    return [Finding("note", what), *(Finding(_level(note), note) for note in areas.notes)]


def _level(note: str) -> str:
    return "odd" if isinstance(note, Warned) else "assumed"


def _sorted(found: list[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(found), key=lambda f: LEVELS.index(f.level))


def _odd(path: str | Path) -> list[Finding]:
    """What is odd in the columns of a table, and in the rows that are areas."""
    aside = Findings(collect=True)
    try:
        table = open_plain(path, aside)
        found = [*_columns(table)]
        if "code" not in table.columns:
            return found
        table = only_areas(table, None)
        return [*found, *_codes(table), *_residents(table), *_values(table)]
    except InputError:  # told by the reader
        return []


def _columns(table: Table) -> Iterator[Finding]:
    """Report desirable columns that are missing or misspelled."""
    known = {*KNOWN, *NOT_FOR_USERS}
    other = [c for c in table.columns if c not in known and not c.startswith(("origin_", OBSERVED))]
    if len(other) <= MOST_UNUSED:
        yield from (Finding("odd", f"the column is not used{close_matches(c, KNOWN)}", c) for c in other)
    missing = [c for c in RECOMMENDED if c not in table.columns]
    if not any(c in table.columns for c in FACILITY_COLUMNS):
        missing.append("facility_<kind> or distance_<kind>")
    if not {"socio_economic", "income", "income_high"} & set(table.columns):
        missing.append("socio_economic or income")
    if not ({"x", "y"} <= set(table.columns) or {"longitude", "latitude"} <= set(table.columns)):
        missing.append("x and y")
    if missing:
        yield Finding("note", f"the table has no {', '.join(missing)}: there an average or an assumption is used")


def _codes(table: Table) -> Iterator[Finding]:
    """Report codes unlike the others."""
    codes = table.text("code")
    dutch = [c for c in codes if CODE.fullmatch(c)]
    if len(dutch) <= len(codes) / 2:
        return
    strange = [c for c in codes if c and not CODE.fullmatch(c)]
    if strange:
        yield Finding("odd", f"{len(strange)} are not codes of CBS like the others: {_some(strange)}", "code")
    if "municipality" in table.columns:
        pairs = zip(codes, table.text("municipality"), strict=True)
        wrong = [f"{c} in {m}" for c, m in pairs if CODE.fullmatch(c) and CODE.fullmatch(m) and c[2:6] != m[2:6]]
        if wrong:
            yield Finding("odd", f"the code belongs to another municipality: {_some(wrong)}", "municipality")


def _residents(table: Table) -> Iterator[Finding]:
    """Report areas with so few residents that results are mostly chance."""
    if "residents" not in table.columns:
        return
    values = table.numbers("residents", whole=True)
    few = (values >= 1) & (values < FEW_RESIDENTS)
    if few.any():
        yield Finding(
            "odd", f"is below {FEW_RESIDENTS} in {_rows(table, few)}: outcomes there are mostly chance", "residents"
        )


def _values(table: Table) -> Iterator[Finding]:
    """Report numbers that are unknown, or the same everywhere."""
    for column in [c for c in table.columns if c in VALUE_RANGES]:
        values = table.numbers(column, percent=True)
        unknown = np.isnan(values)
        if unknown.any():
            yield Finding("odd", f"is unknown or kept secret in {_rows(table, unknown)}", column)
        elif len(values) > 5 and np.ptp(values) == 0:
            yield Finding("odd", f"has the same value, {values[0]:g}, in every row", column)


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
