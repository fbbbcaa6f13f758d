"""Groups of columns that together are the whole of the residents: as shares, in percent, or in numbers of people."""

import re
from dataclasses import dataclass

import numpy as np

from scenarios.errors import wrong
from scenarios.table import Table

TOLERANCE = 0.02
"""Allowed deviation of the sum of shares from 1, for any rounding; they are then made to add up exactly."""
ROUNDED_TO = 5
"""Statistics Netherlands rounds numbers of people in districts and neighbourhoods to this."""
ENOUGH_ROWS = 10
"""Number of rows from which multiples of `ROUNDED_TO` everywhere are recognised as rounding."""


@dataclass(frozen=True)
class Unit:
    """Unit of the numbers of a group of columns.

    Attributes
    ----------
    name : str
        ``shares``, ``percents`` or ``numbers``.
    whole : float64[N]
        What each row adds up to.
    slack : float64[N]
        Allowed deviation of the sum of a row from it, as a share of the whole: numbers are rounded.
    """

    name: str
    whole: np.ndarray
    slack: np.ndarray


def read_shares(table: Table, columns: list[str], residents: np.ndarray) -> tuple[np.ndarray, Unit]:
    """Return the shares of a group of columns as they are given, float64[N, C], and their unit; nan where unknown.

    Whether they are shares, percents or numbers of people is decided by the whole group: percents as soon as one
    value is above 1.02, numbers when more rows add up to the residents than to 100.

    Raises
    ------
    InputError
        For a value below 0, or above the whole.
    """
    values = np.stack([table.numbers(c, 0, percent=True, thousands=False) for c in columns], axis=1)
    percent = any(table.has_percent_signs(c) for c in columns)
    unit = _unit(values, residents, percent)
    if any(table.is_doubtful(c) for c in columns) and not percent:
        as_thousands = np.stack([table.numbers(c, 0, thousands=True) for c in columns], axis=1)
        other = _unit(as_thousands, residents, False)
        if other.name == "numbers" and _fits(as_thousands, other).sum() > _fits(values, unit).sum():
            values, unit = as_thousands, other
            table.found.say(
                f"Columns {_named(columns)}: a mark parts thousands, for so they add up to the residents.",
                f"Kolommen {_named(columns)}: een teken scheidt duizendtallen, want zo tellen ze op tot de bewoners.",
            )
    if percent:
        table.found.say(
            f"Columns {_named(columns)} have percent signs; they were read as percents.",
            f"Kolommen {_named(columns)} hebben procenttekens; ze zijn als procenten gelezen.",
        )
    if unit.name == "numbers":
        table.found.say(
            f"Columns {_named(columns)} hold numbers of people; they were divided by their sum.",
            f"Kolommen {_named(columns)} bevatten aantallen mensen; die zijn gedeeld door hun som.",
        )
    return _within(table, columns, values, unit), unit


def read_household_share(table: Table, column: str) -> np.ndarray:
    """Return one column of shares of households, float64[N]; numbers are divided by the column ``households``.

    Raises
    ------
    InputError
    """
    values = table.numbers(column, 0, percent=True, thousands=None if "households" in table.columns else False)
    counted = float(np.nanmax(values, initial=0.0)) > 100.0 * (1 + TOLERANCE) and "households" in table.columns
    if not counted:
        unit = _unit(values[:, None], np.full(len(table), np.inf), table.has_percent_signs(column))
        return np.minimum(_within(table, [column], values[:, None], unit)[:, 0], 1.0)
    households = table.numbers("households", 0)
    table.found.say(
        f"Column {column} holds numbers of households; they were divided by the column households.",
        f"Kolom {column} bevat aantallen huishoudens; die zijn gedeeld door de kolom households.",
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(households > 0, values / households, np.nan)
    off = share > 1 + TOLERANCE + ROUNDED_TO / np.maximum(households, 1)
    table.refuse(off, column, "is more than the column households", "at most the number of households")
    return np.where(off, np.nan, np.minimum(share, 1.0))


def adding_up(table: Table, columns: list[str], shares: np.ndarray, unit: Unit) -> np.ndarray:
    """Return shares of which each row adds up to 1; one too far from it is refused, one of zeros is unknown."""
    total = shares.sum(axis=1)
    off = (np.abs(total - 1.0) > unit.slack + 1e-12) & (total > 0)
    if off.any():
        _refuse_sums(table, columns, total, off, unit)
    rounded = (np.abs(total - 1.0) > TOLERANCE + 1e-12) & ~off & (total > 0)
    if rounded.any():
        count = int(rounded.sum())
        table.found.say(
            f"In {count} areas the columns {_kind(columns)}_* add up to more or less than the whole, as rounded "
            "numbers do; they were made to add up.",
            f"In {count} gebieden tellen de kolommen {_kind(columns)}_* op tot meer of minder dan het geheel, door "
            "afronding; ze zijn kloppend gemaakt.",
        )
    empty = (total == 0) & ~np.isnan(total)
    whole = np.where(off | empty, np.nan, total)
    return shares / whole[:, None]


def _refuse_sums(table: Table, columns: list[str], total: np.ndarray, off: np.ndarray, unit: Unit) -> None:
    judged = off if table.requested is None else off & table.requested
    if not judged.any():
        return
    row = int(np.argmax(judged))
    whole, slack = float(unit.whole[row]), float(unit.slack[row])
    table.found.refuse(
        wrong(
            f"the {unit.name} add up to {total[row] * whole:.4g}",
            file=table.file,
            row=int(table.rows[row]),
            column=f"{_kind(columns)}_*",
            allowed=f"{whole * (1 - slack):g} to {whole * (1 + slack):g}",
        )
    )


def _unit(values: np.ndarray, residents: np.ndarray, percent: bool) -> Unit:
    """Decide what the numbers of a group are, and how far off their sums may be."""
    count, groups = values.shape
    highest = float(np.nanmax(values, initial=0.0))
    known = values[~np.isnan(values)]
    fives = len(known) >= ENOUGH_ROWS and bool((known % ROUNDED_TO == 0).all())
    rounded = len(residents) >= ENOUGH_ROWS and bool((np.nan_to_num(residents) % ROUNDED_TO == 0).all())
    with np.errstate(divide="ignore"):
        of_people = groups * ROUNDED_TO / residents if rounded else np.zeros(count)
        of_numbers = groups * (ROUNDED_TO if fives else 1) / residents
    numbers = Unit("numbers", residents, np.maximum(TOLERANCE, of_numbers))
    size = 100.0 if percent or highest > 1.0 + TOLERANCE else 1.0
    whole_percents = bool((np.abs(known * 100 / size - np.round(known * 100 / size)) < 1e-9).all())
    by_rounding = 0.005 * groups if whole_percents else 0.0
    slack = np.maximum(TOLERANCE, np.maximum(by_rounding, of_people))
    given = Unit("percents" if size == 100.0 else "shares", np.full(count, size), slack)
    if percent or size == 1.0 or groups == 1:
        return given
    more = _fits(values, numbers).sum() > _fits(values, given).sum()
    none_known = not (~np.isnan(values).any(axis=1)).any() and highest > 100 * (1 + TOLERANCE)
    return numbers if more or none_known else given


def _fits(values: np.ndarray, unit: Unit) -> np.ndarray:
    """Whether each row adds up to the whole within the slack, bool[N]; a row of zeros does not tell."""
    total = values.sum(axis=1)
    return (np.abs(total - unit.whole) <= unit.slack * unit.whole + 1e-9) & (total > 0)


def _within(table: Table, columns: list[str], values: np.ndarray, unit: Unit) -> np.ndarray:
    """The values as shares; one that is above the whole by more than the slack is refused."""
    high = unit.whole * (1 + unit.slack)
    for at, column in enumerate(columns):
        over = values[:, at] > high + 1e-9
        judged = np.flatnonzero(over if table.requested is None else over & table.requested)
        if len(judged):
            table.refuse(over, column, "is outside the range", f"a number from 0 to {high[judged[0]]:,.10g}")
        values[over, at] = np.nan
    return values / unit.whole[:, None]


def _kind(columns: list[str]) -> str:
    return columns[0].split("_")[0]


def _named(columns: list[str]) -> str:
    """``origin_*`` for columns that begin alike, else their names."""
    return re.sub(r"_.*", "_*", columns[0]) if len(columns) > 1 else columns[0]
