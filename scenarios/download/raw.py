"""A table of CBS as it arrived, the same for both protocols."""

import math
from dataclasses import dataclass, field
from typing import Any

from scenarios.cbs_catalogue import Property
from scenarios.errors import InputError

MISSING_TEXT = {"", ".", "x", "nan", "null"}
"""Texts that CBS writes for a value that is unknown or kept secret."""

LOWEST_VALUE = -99_990.0
"""Values at or below this (-99997, -99999999) mean "unknown"."""


class BrokenTableError(InputError):
    """Pages arrived completely but do not make one complete table; ``table`` is its identifier."""

    def __init__(self, table: str, problem: str) -> None:
        super().__init__(f"table {table} {problem}; nothing was written")
        self.table = table


@dataclass(frozen=True)
class Wanted:
    """What to read of a table.

    Attributes
    ----------
    table : str
        Identifier, for example 85318NED.
    kind : str
        Section of the column rules in ``conf/cbs_tables.yaml``.
    prefixes : tuple of str
        Beginnings of the codes wanted: ``WK0363``, or ``WK`` for the whole country.
    year : int
        Of a table with several years the last one up to this year is read, else its first.
    """

    table: str
    kind: str
    prefixes: tuple[str, ...]
    year: int

    def holds(self, code: str) -> bool:
        """Whether an area of this code is wanted."""
        return code.startswith(self.prefixes)


@dataclass
class RawTable:
    """What arrived.

    Attributes
    ----------
    identifier, title, modified : str
    columns : dict of str to Property
        Column of the result, and where it stands in the table.
    names : dict of str to str
        Name per code, of every area wanted that CBS lists.
    rows : dict of str to dict of str to float
        Per code the value per column of the result; nan = unknown.
    period : str
        For a table with several years: the one that was read.
    """

    identifier: str
    title: str = ""
    modified: str = ""
    columns: dict[str, Property] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    period: str = ""

    def refuse_when_incomplete(self, share: float = 0.0) -> None:
        """Raise when rows are missing for more than ``share`` of the areas that CBS lists."""
        absent = [code for code in self.names if code not in self.rows]
        if len(absent) > share * len(self.names):
            raise BrokenTableError(
                self.identifier,
                f"is incomplete: {len(absent)} of {len(self.names)} areas that CBS lists did not arrive, the first is "
                f"{absent[0]}; fetch again later",
            )


def number(value: Any, where: str) -> float:
    """Read a value of CBS: a number, or text with padding, a decimal comma or a sign for "unknown"; ``-`` is none.

    Raises
    ------
    InputError
        For text that is no number, naming ``where``.
    """
    if value is None:
        return math.nan
    if isinstance(value, str):
        text = value.strip().lower()
        if text in MISSING_TEXT:
            return math.nan
        try:
            value = 0.0 if text == "-" else float(text.replace(",", ".") if text.count(",") == 1 else text)
        except ValueError:
            raise InputError(f"{where}: '{value.strip()}' is not a number") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: {value!r} is not a number")
    return float(value) if math.isfinite(value) and value > LOWEST_VALUE else math.nan
