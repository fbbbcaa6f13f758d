"""A table a person made or downloaded, with one clear line for whatever is wrong, and a note on whatever was decided.

Rows are counted as a spreadsheet counts them: the header is row 1, the first area row 2.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from scenarios.columns import LARGE_COLUMNS
from scenarios.errors import close_matches, wrong
from scenarios.findings import Findings
from scenarios.numbers import (
    Column,
    Evidence,
    NotANumberError,
    Notation,
    TwoReadingsError,
    cleaned,
    decide,
    evidence_of,
)
from scenarios.text import from_spreadsheet

CBS_MISSING = -99_990.0
DOUBTFUL = r"^\s*€?\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*%?\s*$"


@dataclass(frozen=True)
class Table:
    """A table as read: columns of text or numbers, with the file it came from.

    Attributes
    ----------
    frame : polars.DataFrame
        Columns of text are stripped; others have the type they had in the file.
    file : str
        For messages.
    rows : int64[N]
        Row in the file of each row of the frame.
    digest : str
        sha256 of the bytes of the file.
    found : Findings
        Shared with the tables made of this one.
    requested : bool[N] or None
        Rows that are checked: an invalid value of another row counts as unknown. None: all.
    totals : dict of str to str
        Cells of a row with totals, by column.
    """

    frame: pl.DataFrame
    file: str
    rows: np.ndarray
    digest: str
    found: Findings = field(default_factory=Findings)
    requested: np.ndarray | None = None
    totals: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.frame.height

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the order of the file."""
        return self.frame.columns

    def need(self, *columns: str) -> None:
        """Raise when one of these columns is missing, naming the nearest that is there."""
        for column in columns:
            if column not in self.columns:
                near = close_matches(column, self.columns)
                raise wrong(f"the column is missing{near}", file=self.file, column=column)

    def filter(self, mask: np.ndarray) -> "Table":
        """Return the rows where the mask is true."""
        requested = None if self.requested is None else self.requested[mask]
        frame = self.frame.filter(pl.Series(mask, dtype=pl.Boolean))
        return replace(self, frame=frame, rows=self.rows[mask], requested=requested)

    def rename(self, names: dict[str, str]) -> "Table":
        """Return the table with other names for some columns."""
        totals = {names.get(column, column): cell for column, cell in self.totals.items()}
        return replace(self, frame=self.frame.rename(names), totals=totals)

    def with_columns(self, *columns: pl.Series) -> "Table":
        """Return the table with these columns added or replaced."""
        return replace(self, frame=self.frame.with_columns(*columns))

    def with_requested(self, requested: np.ndarray) -> "Table":
        """Return the table with only these rows checked."""
        return replace(self, requested=requested)

    def text(self, column: str) -> list[str]:
        """Return a column as text without surrounding spaces; unknown is an empty text."""
        series = self.frame[column]
        if series.dtype.is_float() and series.drop_nulls().is_finite().all() and _is_whole(series):
            series = series.cast(pl.Int64)
        return [from_spreadsheet(str(v).strip()) if v is not None else "" for v in series.to_list()]

    def numbers(
        self,
        column: str,
        low: float = -np.inf,
        high: float = np.inf,
        *,
        required: bool = False,
        whole: bool = False,
        percent: bool = False,
        thousands: bool | None = None,
        zero_is_unknown: bool = False,
    ) -> np.ndarray:
        """Return a column as float64[N], nan where unknown.

        Parameters
        ----------
        column : str
        low, high : float
        required, whole : bool
        percent : bool
            Percent signs are allowed; the numbers are percents then, see `has_percent_signs`.
        thousands : bool, optional
            Whether ambiguous marks separate thousands. Left out: as the column shows, and not in columns other than
            `LARGE_COLUMNS`.
        zero_is_unknown : bool
            A 0 stands for an unknown value.

        Raises
        ------
        InputError
            For text, a number outside [low, high], a fraction where a whole number is wanted, or an unknown value
            where one is required; naming the first row where it happens.
        """
        series = self.frame[column]
        if series.dtype == pl.String:
            kind = Column(column in LARGE_COLUMNS, whole)
            notation = None if thousands is None else Notation(frozenset(".,") if thousands else frozenset())
            values = self._parsed(column, series, kind, percent, notation)
        else:
            values = self._cast(column, series)
        values[values <= CBS_MISSING] = np.nan
        if zero_is_unknown:
            values[values == 0] = np.nan
        allowed = _allowed(low, high, whole)
        if required:
            self.refuse(np.isnan(values), column, "is empty or unknown", allowed)
        for bad, problem in (
            ((values < low) | (values > high), "is outside the range"),
            ((values != np.round(values)) & ~np.isnan(values) if whole else None, "is not a whole number"),
        ):
            if bad is not None and bad.any():
                self.refuse(bad, column, problem, allowed)
                values = np.where(bad, np.nan, values)
        return values

    def has_percent_signs(self, column: str) -> bool:
        """Whether cells of a column have a percent sign."""
        series = self.frame[column]
        return series.dtype == pl.String and bool(series.str.ends_with("%").any())

    def is_judged(self, row: int) -> bool:
        """Whether a row of the frame is checked."""
        return self.requested is None or bool(self.requested[row])

    def refuse(self, bad: np.ndarray, column: str, problem: str, allowed: str | None = None) -> None:
        """Refuse the first of these rows that is checked, and say how many more there are."""
        judged = bad if self.requested is None else bad & self.requested
        if judged.any():
            row = int(np.argmax(judged))
            more = int(judged.sum()) - 1
            problem += f", as in {more} more row{'s' if more > 1 else ''}" if more else ""
            value = self.frame[column][row] if column in self.columns else None
            where: dict[str, Any] = {"file": self.file, "row": int(self.rows[row]), "column": column}
            self.found.refuse(wrong(problem, **where, value=None if value == "" else value, allowed=allowed))

    def _cast(self, column: str, series: pl.Series) -> np.ndarray:
        if not (series.dtype.is_numeric() or series.dtype == pl.Null):
            raise wrong(f"holds {series.dtype} instead of numbers", file=self.file, column=column)
        return series.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()

    def is_doubtful(self, column: str) -> bool:
        """Whether cells of a column have a mark that could separate thousands or decimals."""
        series = self.frame[column]
        return series.dtype == pl.String and bool(series.str.contains(DOUBTFUL).any())

    def _parsed(
        self, column: str, series: pl.Series, kind: Column, percent: bool, notation: Notation | None
    ) -> np.ndarray:
        """Parse text: unambiguous numbers directly, and the rest by the notation of the whole column."""
        numbers = series.cast(pl.Float64, strict=False)
        doubtful = series.str.contains(DOUBTFUL).fill_null(False)
        open_cells = (numbers.is_null() & series.is_not_null()) | doubtful
        values = numbers.fill_null(np.nan).to_numpy().copy()
        if not open_cells.any():
            return values
        if percent and series.str.ends_with("%").any():
            self._refuse_half_percent(column, self.text(column))
        if notation is None:
            notation = self._notation(column, kind) if doubtful.any() else Notation()
        for row in np.flatnonzero(open_cells.to_numpy()):
            cell = series[int(row)].strip()
            try:
                if cell.endswith("%") and not percent:
                    raise NotANumberError("has a percent sign, and is no share")
                values[row] = notation.number(cell)
            except NotANumberError as error:
                values[row] = np.nan
                self.refuse(np.arange(len(self)) == row, column, str(error))
        return values

    def _notation(self, column: str, kind: Column) -> Notation:
        """Decide the notation of a column, and note it where that was ambiguous."""
        cells = self.text(column)
        try:
            notation, told = decide(cells, kind, self._evidence, self.totals.get(column, ""))
        except TwoReadingsError as error:
            cell = cleaned(cells[error.row])
            bare = cell.replace(",", "").replace(".", "")
            bad = np.arange(len(self)) == error.row
            allowed = f"{bare}, or {cell.replace(',', '.')}0 for a decimal number"
            self.refuse(bad if self.is_judged(error.row) else np.asarray(self.requested), column, str(error), allowed)
            return Notation()
        if told:
            number = f"{notation.number(told):,.10g}"
            mark = {".": ("point", "punt"), ",": ("comma", "komma")}[next(m for m in ".," if m in told)]
            self.found.say(
                f"Column {column}: the {mark[0]} parts thousands ('{told}' is {number.replace(',', '')}).",
                f"Kolom {column}: de {mark[1]} scheidt duizendtallen ('{told}' is {number.replace(',', '')}).",
            )
        return notation

    def _refuse_half_percent(self, column: str, cells: list[str]) -> None:
        """Refuse a column in which some cells have a percent sign, and another without one may be a share."""
        bare = np.array([_may_be_share(cell) for cell in cells])
        allowed = "a percent sign in all rows or in none"
        self.refuse(bare, column, "has no percent sign, and other rows have one", allowed)

    @cached_property
    def _evidence(self) -> Evidence:
        """Marks that are unambiguous in the file as a whole."""
        found = Evidence()
        for series in self.frame.get_columns():
            if series.dtype == pl.String:
                kind = Column(large=True, whole=True) if series.name == "residents" else None  # as read by `numbers`
                marked = series.drop_nulls().filter(series.drop_nulls().str.contains(r"^\s*[+-]?\d*[.,]\d"))
                found = found | evidence_of(marked.to_list(), kind)
        return found


def _is_whole(series: pl.Series) -> bool:
    known = series.drop_nulls()
    return bool((known == known.round()).all())


def _may_be_share(cell: str) -> bool:
    """Whether a cell without a percent sign holds a number between 0 and 1, both excluded."""
    try:
        return not cell.endswith("%") and 0 < Notation().number(cell) <= 1
    except NotANumberError:
        return False


def _allowed(low: float, high: float, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if np.isinf(low) and np.isinf(high):
        return kind
    return f"{kind} from {low:,.10g} to {high:,.10g}" if np.isfinite(high) else f"{kind} of at least {low:g}"
