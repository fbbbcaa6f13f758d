"""Measured outcomes of places: a table with the columns code, construct, value, scale_min and scale_max."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.validate.measures import CONSTRUCTS
from scenarios.errors import close_matches, wrong
from scenarios.tables import Table, read_table

COLUMNS = ("code", "construct", "value", "scale_min", "scale_max")
FEWEST = 3  # places of a construct: fewer say nothing about agreement


@dataclass(frozen=True)
class Measured:
    """One construct as measured in N places.

    Attributes
    ----------
    construct : {"home", "cohesion"}
    code : list of str
    value : float64 [N]
        On the scale from `low` to `high`.
    """

    construct: str
    code: list[str]
    value: np.ndarray
    low: float
    high: float

    def only(self, keep: np.ndarray) -> "Measured":
        """The places where `keep`, bool [N], is true."""
        code = [c for c, k in zip(self.code, keep, strict=True) if k]
        return Measured(self.construct, code, self.value[keep], self.low, self.high)


def read_outcomes(path: str | Path, known_codes: list[str]) -> tuple[list[Measured], list[str]]:
    """Read a table of measured outcomes.

    Parameters
    ----------
    known_codes : list of str
        Codes of the areas and municipalities of the region; others are left out.

    Returns
    -------
    list of Measured, list of str
        One per construct, and the codes that the region does not have.

    Raises
    ------
    InputError
        With file, row, column, value and what is allowed.
    """
    table = read_table(path)
    table.need(*COLUMNS)
    construct = _constructs(table)
    low, high = table.numbers("scale_min", required=True), table.numbers("scale_max", required=True)
    _check_rows(table, low >= high, "scale_max", "is not above scale_min")
    value = table.numbers("value", required=True)
    _check_rows(table, (value < low) | (value > high), "value", "is outside scale_min to scale_max")
    for column, numbers in (("value", value), ("scale_min", low), ("scale_max", high)):
        _check_rows(table, ~np.isfinite(numbers), column, "is not a finite number")
    code = _known(table, set(known_codes))
    found, missing = [], set()
    for name in CONSTRUCTS:
        rows = np.flatnonzero(construct == name)
        if len(rows) == 0:
            continue
        _one_scale(table, rows, low, high, name)
        _once(table, rows, code, name)
        missing |= {code[i] for i in rows if code[i] not in set(known_codes)}
        here = Measured(name, [code[i] for i in rows], value[rows], float(low[rows[0]]), float(high[rows[0]]))
        found.append(here.only(np.array([c in set(known_codes) for c in here.code])))
    _enough(table, found, missing, known_codes)
    return found, sorted(missing)


def _constructs(table: Table) -> np.ndarray:
    names = [name.lower() for name in table.text("construct")]
    for at, name in enumerate(names):
        if name not in CONSTRUCTS:
            near = close_matches(name, CONSTRUCTS)
            raise wrong(f"is not a construct{near}", file=table.file, row=int(table.rows[at]), column="construct",
                        value=table.text("construct")[at], allowed=" or ".join(CONSTRUCTS))  # fmt: skip
    return np.array(names)


def _check_rows(table: Table, bad: np.ndarray, column: str, problem: str) -> None:
    if bad.any():
        at = int(np.argmax(bad))
        value = table.frame[column][at]
        raise wrong(problem, file=table.file, row=int(table.rows[at]), column=column, value=value)


def _known(table: Table, known: set[str]) -> list[str]:
    """Codes as the region writes them: a municipality may be 363 or 0363 for GM0363."""
    codes = table.text("code")
    for at, code in enumerate(codes):
        if not code:
            raise wrong("is empty", file=table.file, row=int(table.rows[at]), column="code")
        if code not in known and code.isdigit() and f"GM{int(code):04d}" in known:
            codes[at] = f"GM{int(code):04d}"
    return codes


def _one_scale(table: Table, rows: np.ndarray, low: np.ndarray, high: np.ndarray, name: str) -> None:
    other = (low[rows] != low[rows[0]]) | (high[rows] != high[rows[0]])
    if other.any():
        at = rows[int(np.argmax(other))]
        raise wrong(
            f"to {high[at]:g} is another scale of {name} than that of row {table.rows[rows[0]]}",
            file=table.file, row=int(table.rows[at]), column="scale_min", value=f"{low[at]:g}",
            allowed=f"one scale per construct, here {low[rows[0]]:g} to {high[rows[0]]:g}",
        )  # fmt: skip


def _once(table: Table, rows: np.ndarray, code: list[str], name: str) -> None:
    seen: dict[str, int] = {}
    for at in rows:
        if code[at] in seen:
            raise wrong(
                f"is in row {seen[code[at]]} with construct {name} too", file=table.file, row=int(table.rows[at]),
                column="code", value=code[at], allowed="one row per code and construct",
            )  # fmt: skip
        seen[code[at]] = int(table.rows[at])


def _enough(table: Table, found: list[Measured], missing: set[str], known: list[str]) -> None:
    for one in found:
        if len(one.code) < FEWEST:
            example = f"; not there: {', '.join(sorted(missing)[:3])}" if missing else ""
            near = close_matches(sorted(missing)[0], known) if missing else ""
            raise wrong(
                f"{len(one.code)} of the places with construct {one.construct} are in the region{example}{near}",
                file=table.file, column="code", allowed=f"{FEWEST} or more",
            )  # fmt: skip
