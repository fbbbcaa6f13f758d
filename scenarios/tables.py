"""Reading a table a person made: CSV or Parquet, with one clear line for whatever is wrong.

Rows are counted as a spreadsheet counts them: the header is row 1, the first area row 2.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from scenarios.errors import close_matches, wrong

MISSING = {"", ".", "-", "x", "na", "nan", "n/a", "null", "none"}
"""Cells that mean "not known" (any case), besides an empty one. CBS uses "." and numbers below -99,990."""

_CBS_MISSING = -99_990.0
_LINE_END = re.compile(r"\r\n|\r|\n")
_GROUPED = re.compile(r"^[+-]?[1-9]\d{0,2}(,\d{3})+$")


@dataclass(frozen=True)
class Table:
    """A table as read: columns of text or numbers, with the file it came from.

    Attributes
    ----------
    frame : polars.DataFrame
        CSV columns are all text, stripped; Parquet columns have the type they had.
    file : str
        For messages.
    rows : int64[N]
        Row in the file of each row of the frame.
    digest : str
        sha256 of the bytes of the file.
    """

    frame: pl.DataFrame
    file: str
    rows: np.ndarray
    digest: str

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
        return Table(self.frame.filter(pl.Series(mask)), self.file, self.rows[mask], self.digest)

    def rename(self, names: dict[str, str]) -> "Table":
        """Return the table with other names for some columns."""
        return Table(self.frame.rename(names), self.file, self.rows, self.digest)

    def text(self, column: str) -> list[str]:
        """Return a column as text without surrounding spaces; unknown is an empty text."""
        series = self.frame[column]
        if series.dtype.is_float() and series.drop_nulls().is_finite().all() and _is_whole(series):
            series = series.cast(pl.Int64)
        return [str(v).strip() if v is not None else "" for v in series.to_list()]

    def numbers(
        self,
        column: str,
        low: float = -np.inf,
        high: float = np.inf,
        *,
        required: bool = False,
        whole: bool = False,
    ) -> np.ndarray:
        """Return a column as float64[N], nan where unknown.

        Raises
        ------
        InputError
            For text, a number outside [low, high], a fraction where a whole number is wanted, or an unknown value
            where one is required; naming the first row where it happens.
        """
        series = self.frame[column]
        values = self._parsed(column, series) if series.dtype == pl.String else self._cast(column, series)
        values[values <= _CBS_MISSING] = np.nan
        allowed = _allowed(low, high, whole)
        self._refuse(np.isnan(values) if required else None, column, "is empty or unknown", allowed)
        self._refuse((values < low) | (values > high), column, "is outside the range", allowed)
        self._refuse((values % 1 != 0) & ~np.isnan(values) if whole else None, column, "is not a whole number", allowed)
        return values

    def _refuse(self, bad: np.ndarray | None, column: str, problem: str, allowed: str) -> None:
        if bad is not None and bad.any():
            row = int(np.argmax(bad))
            value = self.frame[column][row]
            raise wrong(
                problem,
                file=self.file,
                row=int(self.rows[row]),
                column=column,
                value=None if value == "" else value,
                allowed=allowed,
            )

    def _cast(self, column: str, series: pl.Series) -> np.ndarray:
        if not (series.dtype.is_numeric() or series.dtype == pl.Null):
            raise wrong(f"holds {series.dtype} instead of numbers", file=self.file, column=column)
        return series.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()

    def _parsed(self, column: str, series: pl.Series) -> np.ndarray:
        """Parse text: a decimal point, or a decimal comma where it cannot mean thousands."""
        numbers = series.cast(pl.Float64, strict=False)
        open_cells = numbers.is_null() & series.is_not_null()
        values = numbers.fill_null(np.nan).to_numpy().copy()
        for row in np.flatnonzero(open_cells.to_numpy()):
            values[row] = self._one_number(column, int(row), series[int(row)].strip())
        return values

    def _one_number(self, column: str, row: int, cell: str) -> float:
        if cell.lower() in MISSING:
            return np.nan
        where: dict[str, Any] = {"file": self.file, "row": int(self.rows[row]), "column": column, "value": cell}
        if _GROUPED.match(cell):
            raise wrong("can be read in two ways: as thousands or as a decimal comma", **where, allowed="1234 or 1.234")
        if "_" in cell:
            raise wrong("is not a number", **where)
        try:
            return float(cell.replace(",", ".")) if cell.count(",") == 1 and "." not in cell else float(cell)
        except ValueError:
            raise wrong("is not a number", **where) from None


def read_table(path: str | Path) -> Table:
    """Read a CSV (comma, semicolon or tab; UTF-8 with or without BOM) or a Parquet file.

    Raises
    ------
    InputError
        For a missing file, a folder, an unknown kind of file, a wrong encoding, a damaged, empty or ragged table.
    """
    path = Path(path)
    kind = path.suffix.lower()
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    if not content.strip():
        raise wrong("the file is empty", file=path)
    if kind in (".parquet", ".pq"):
        frame = _read_parquet(content, path)
        rows = np.arange(2, frame.height + 2)
    elif kind in (".csv", ".tsv", ".txt"):
        frame, rows = _read_csv(_decoded(content, path), path)
    else:
        kinds = ".csv, .tsv, .txt or .parquet"
        raise wrong(f"is of an unknown kind '{kind or 'no extension'}'", file=path, allowed=kinds)
    if frame.height == 0:
        raise wrong("the file holds a header but no rows", file=path)
    return Table(frame, path.name, rows, digest)


OTHER_NAMES = {"population": "residents", "inhabitants": "residents", "area_code": "code"}
"""Names of columns that mean one of ours without doubt."""


def in_own_words(table: Table, known: Iterable[str]) -> tuple[Table, dict[str, str]]:
    """The table with columns named as ours where only capitals, spaces or hyphens differ, or as `OTHER_NAMES` says.

    Returns
    -------
    Table, dict of str to str
        Which columns have another name now: from, to.
    """
    known = set(known)
    names: dict[str, str] = {}
    for column in table.columns:
        plain = column.strip().lower().replace(" ", "_").replace("-", "_")
        plain = OTHER_NAMES.get(plain, plain)
        ours = plain in known or plain.startswith("origin_")
        if plain != column and column not in known and ours and plain not in {*table.columns, *names.values()}:
            names[column] = plain
    return (table.rename(names) if names else table), names


def table_from_frame(frame: pl.DataFrame, name: str = "table") -> Table:
    """Make a table of a polars frame that was made in Python."""
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    return Table(frame, name, np.arange(2, frame.height + 2), digest)


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file, with a clear error when that cannot be done."""
    path = Path(path)
    if path.is_dir():
        raise wrong(f"'{path}' is a folder, not a file")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = close_matches(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else ""
        raise wrong(f"'{path}' does not exist{near}") from None
    except OSError as error:
        raise wrong(f"'{path}' cannot be read: {error.strerror}") from error


def _is_whole(series: pl.Series) -> bool:
    known = series.drop_nulls()
    return bool((known == known.round()).all())


def _allowed(low: float, high: float, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if np.isinf(low) and np.isinf(high):
        return kind
    return f"{kind} from {low:,.10g} to {high:,.10g}" if np.isfinite(high) else f"{kind} of at least {low:g}"


def _decoded(content: bytes, path: Path) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:400]:
        raise wrong("is not in UTF-8 but looks like UTF-16: save it as CSV UTF-8", file=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}"
        raise wrong(f"is not in UTF-8 ({byte}; perhaps Latin-1): save it as CSV UTF-8", file=path, row=row) from None


def _read_parquet(content: bytes, path: Path) -> pl.DataFrame:
    import pyarrow as pa  # when it is needed: importing it takes a tenth of a second
    import pyarrow.parquet as pq

    try:
        # Not by polars itself, which stops with a panic at some damaged files.
        table = pq.read_table(io.BytesIO(content))
        table.validate(full=True)
        read = pl.from_arrow(table)
        assert isinstance(read, pl.DataFrame)
        return read.rename({c: c.strip() for c in read.columns})
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise wrong("cannot be read as Parquet: it is cut short, damaged or something else", file=path) from error


def _read_csv(text: str, path: Path) -> tuple[pl.DataFrame, np.ndarray]:
    lines = _LINE_END.split(text)
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise wrong("the file is empty", file=path)
    text = "\n".join(lines[first:])
    header_line = lines[first]
    separator = max(";\t,", key=header_line.count)
    if header_line.count(separator) == 0:
        raise wrong("has only one column", file=path, row=1, value=header_line, allowed="columns divided by , ; or tab")
    header = [c.strip() for c in next(csv.reader([header_line], delimiter=separator))]
    repeated = [c for c in header if header.count(c) > 1]
    if repeated or "" in header:
        problem = "the column occurs twice" if repeated and repeated[0] else "a column has no name"
        raise wrong(problem, file=path, row=1, column=repeated[0] if repeated and repeated[0] else None)
    try:
        frame = pl.read_csv(io.StringIO(text), separator=separator, infer_schema_length=0)
    except pl.exceptions.PolarsError as error:
        raise _ragged(text, separator, len(header), path, first) from error
    if frame.width != len(header):
        raise wrong("cannot be read as CSV: check the quotation marks and control characters", file=path, row=1)
    frame = frame.rename(dict(zip(frame.columns, header, strict=True)))
    frame = frame.with_columns(pl.all().str.strip_chars())
    rows = np.arange(2, frame.height + 2) + first
    filled = ~frame.select(pl.all_horizontal(pl.all().is_null() | (pl.all() == ""))).to_series().to_numpy()
    return frame.filter(pl.Series(filled)), rows[filled]


def _ragged(text: str, separator: str, width: int, path: Path, above: int) -> Exception:
    """Find the row that made the parser stop; ``above`` is the number of empty lines above the header."""
    for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=above + 1):
        if len(cells) > width:
            hint = "; decimal commas need ; between columns" if separator == "," else ""
            return wrong(f"has {len(cells)} cells{hint}", file=path, row=row, allowed=f"{width}, as in the header")
    return wrong("cannot be read as CSV: check the quotation marks", file=path)
