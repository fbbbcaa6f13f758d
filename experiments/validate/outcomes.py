"""Measured outcomes of areas: a table with the columns code, construct, value, scale_min and scale_max.

A value that was suppressed (empty, `.`, `x`, `-`) is left out. With a column `year` the mean over the years of an area
is used. Columns `n` (respondents) and `se` (standard error) give the precision of a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.validate.measures import CONSTRUCTS
from scenarios.errors import close_matches, wrong
from scenarios.table import Table
from scenarios.tables import in_own_words, read_table

COLUMNS = ("code", "construct", "value", "scale_min", "scale_max")
RESPONDENTS, ERROR = "n", "se"
FEWEST = 3  # areas of a construct: fewer are not informative about agreement


@dataclass(frozen=True)
class LeftOut:
    """The part of a table of outcomes that is not compared.

    Attributes
    ----------
    codes : list of str
        Codes that the region does not have.
    suppressed : int
        Rows without a value.
    years : list of str
        Years over which means were taken, where there is more than one.
    """

    codes: list[str]
    suppressed: int = 0
    years: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """One construct as measured in N areas.

    Attributes
    ----------
    construct : str
        One of `CONSTRUCTS`.
    code : list of str
    value : float64 [N]
        On the scale from `low` to `high`.
    respondents, error : float64 [N]
        Who answered, of all years together, and the standard error of the value; nan where the table does not tell.
    """

    construct: str
    code: list[str]
    value: np.ndarray
    low: float
    high: float
    respondents: np.ndarray
    error: np.ndarray

    def only(self, keep: np.ndarray) -> "Measured":
        """The areas where `keep`, bool [N], is true."""
        code = [c for c, k in zip(self.code, keep, strict=True) if k]
        told = (self.value[keep], self.low, self.high, self.respondents[keep], self.error[keep])
        return Measured(self.construct, code, *told)


def read_outcomes(
    path: str | Path, known_codes: list[str], constructs: Sequence[str] = CONSTRUCTS
) -> tuple[list[Measured], LeftOut]:
    """Read a table of measured outcomes.

    Parameters
    ----------
    known_codes : list of str
        Codes of the areas and municipalities of the region; others are left out.
    constructs : sequence of str
        Those that may be measured.

    Returns
    -------
    list of Measured, LeftOut
        One per construct, and what of the table is not used.

    Raises
    ------
    InputError
        With file, row, column, value and what is allowed.
    """
    table, _ = in_own_words(read_table(path), [*COLUMNS, "year", RESPONDENTS, ERROR])
    table.need(*COLUMNS)
    construct = _constructs(table, constructs)
    low, high = table.numbers("scale_min", required=True), table.numbers("scale_max", required=True)
    _check_rows(table, low >= high, "scale_max", "is not above scale_min")
    value = table.numbers("value")
    _check_rows(table, (value < low) | (value > high), "value", "is outside scale_min to scale_max")
    for column, numbers in (("scale_min", low), ("scale_max", high)):
        _check_rows(table, ~np.isfinite(numbers), column, "is not a finite number")
    _check_rows(table, np.isinf(value), "value", "is not a finite number")
    sure = [_above_zero(table, column) for column in (RESPONDENTS, ERROR)]
    known = set(known_codes)
    code, year = _known(table, known), table.text("year") if "year" in table.columns else [""] * len(table)
    there, told = np.array([c in known for c in code], bool), ~np.isnan(value)
    found = []
    for name in constructs:
        rows = np.flatnonzero(construct == name)
        if len(rows) == 0:
            continue
        _one_scale(table, rows, low, high, name)
        _once(table, rows, code, year, name)
        kept = rows[there[rows] & told[rows]]
        found.append(_means(name, code, np.array([value, *sure])[:, kept], kept, (low[rows[0]], high[rows[0]])))
    missing = sorted({c for c, here in zip(code, there, strict=True) if not here})
    _enough(table, found, missing, known_codes, int((~told).sum()))
    years = tuple(sorted(set(year))) if len(set(year)) > 1 else ()
    return found, LeftOut(missing, int((~told).sum()), years)


def _above_zero(table: Table, column: str) -> np.ndarray:
    """An optional column of positive numbers: nan where unknown."""
    if column not in table.columns:
        return np.full(len(table), np.nan)
    found = table.numbers(column)
    _check_rows(table, (found <= 0) | np.isinf(found), column, "is not a finite number above 0")
    return found


def _means(name: str, code: list[str], told: np.ndarray, rows: np.ndarray, scale: tuple[float, float]) -> Measured:
    """The measured value of each area: the mean over its rows (years); `told` holds value, respondents and error."""
    by_area: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_area.setdefault(code[row], []).append(at)
    value, respondents, error = told
    each = list(by_area.values())
    return Measured(
        name,
        list(by_area),
        np.array([value[at].mean() for at in each]),
        float(scale[0]),
        float(scale[1]),
        np.array([respondents[at].sum() for at in each]),
        np.array([np.sqrt((error[at] ** 2).sum()) / len(at) for at in each]),
    )


def _constructs(table: Table, constructs: Sequence[str]) -> np.ndarray:
    names = [name.lower() for name in table.text("construct")]
    for at, name in enumerate(names):
        if name not in constructs:
            near = close_matches(name, constructs)
            raise wrong(
                f"is not a construct{near}",
                file=table.file,
                row=int(table.rows[at]),
                column="construct",
                value=table.text("construct")[at],
                allowed=", ".join(constructs),
            )
    return np.array(names)


def _check_rows(table: Table, bad: np.ndarray, column: str, problem: str) -> None:
    if bad.any():
        at = int(np.argmax(bad))
        value = table.frame[column][at]
        raise wrong(problem, file=table.file, row=int(table.rows[at]), column=column, value=value)


def _known(table: Table, known: set[str]) -> list[str]:
    """Codes as the region writes them: a municipality may be 363 or 0363 for GM0363, and 07 may be 7."""
    codes = table.text("code")
    numbers = [c.lstrip("0") for c in known if c.isdigit()]
    by_number = {c.lstrip("0"): c for c in known if c.isdigit() and numbers.count(c.lstrip("0")) == 1}
    for at, code in enumerate(codes):
        if not code:
            raise wrong("is empty", file=table.file, row=int(table.rows[at]), column="code")
        if code not in known and code.endswith(".0") and code[:-2].isdigit():  # as some programs write whole numbers
            codes[at] = code = code[:-2]
        if code not in known and code.isdigit() and f"GM{int(code):04d}" in known:
            codes[at] = f"GM{int(code):04d}"
        elif code not in known and code.isdigit():
            codes[at] = by_number.get(code.lstrip("0"), code)
    return codes


def _one_scale(table: Table, rows: np.ndarray, low: np.ndarray, high: np.ndarray, name: str) -> None:
    other = (low[rows] != low[rows[0]]) | (high[rows] != high[rows[0]])
    if other.any():
        at = rows[int(np.argmax(other))]
        raise wrong(
            f"to {high[at]:g} is another scale of {name} than that of row {table.rows[rows[0]]}",
            file=table.file,
            row=int(table.rows[at]),
            column="scale_min",
            value=f"{low[at]:g}",
            allowed=f"one scale per construct, here {low[rows[0]]:g} to {high[rows[0]]:g}",
        )


def _once(table: Table, rows: np.ndarray, code: list[str], year: list[str], name: str) -> None:
    seen: dict[tuple[str, str], int] = {}
    for at in rows:
        key = (code[at], year[at])
        if key in seen:
            raise wrong(
                f"is in row {seen[key]} with construct {name}{' and year ' + year[at] if year[at] else ''} too",
                file=table.file,
                row=int(table.rows[at]),
                column="code",
                value=code[at],
                allowed="one row per code and construct (and year, with a column year)",
            )
        seen[key] = int(table.rows[at])


def _enough(table: Table, found: list[Measured], missing: list[str], known: list[str], suppressed: int) -> None:
    for one in found:
        if len(one.code) < FEWEST:
            example = f"; not there: {', '.join(missing[:3])}" if missing else ""
            near = close_matches(missing[0], known) if missing else f", such as {known[0]}"
            hidden = f"; {suppressed} rows have no value" if suppressed else ""
            told = f"{len(one.code)} of the places with construct {one.construct} are in the region"
            raise wrong(
                f"{told}{example}{near}{hidden}",
                file=table.file,
                column="code",
                allowed=f"{FEWEST} or more",
            )
