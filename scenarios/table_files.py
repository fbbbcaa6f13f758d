"""Files with a table, of any kind, as columns of text or numbers with their row numbers."""

import csv
import datetime
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from scenarios.archives import refuse_large_archive, refuse_vast_sheets, unpacked
from scenarios.errors import wrong
from scenarios.header import LOOKED_AT, MOST_COLUMNS, MOST_TITLES, UNNAMED, Header, filled, find_header
from scenarios.notes import Note

TEXT, PARQUET = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class FoundTable:
    """A table as it is in a file.

    Attributes
    ----------
    frame : polars.DataFrame
        Columns of text, or of numbers where the file has types.
    rows : int64[N]
        Row in the file of each row of the frame.
    notes : list of Note
        Notes on what surrounds the table.
    """

    frame: pl.DataFrame
    rows: np.ndarray
    notes: list[Note] = field(default_factory=list)


def read_cells(content: bytes, path: Path) -> FoundTable:
    """Read the table in a file of text, a workbook or Parquet, by the end of its name.

    Raises
    ------
    InputError
    """
    kinds = [suffix.lower() for suffix in path.suffixes]
    kind = kinds[-1] if kinds else ""
    if kind == ".gz" and len(kinds) > 1 and kinds[-2] in TEXT:
        content, kind = unpacked(content, path), kinds[-2]
    if kind in PARQUET:
        frame = read_parquet(content, path)
        return FoundTable(frame, np.arange(2, frame.height + 2))
    if kind in WORKBOOKS:
        return read_workbook(content, path)
    if kind in TEXT:
        return read_text(decoded(content, path), path)
    kinds_known = (
        ".csv, .tsv, .txt, the same with .gz, .xlsx, .xls, .ods or .parquet; maps: .gpkg, .shp, .zip, .geojson"
    )
    raise wrong(f"is of an unknown kind '{kind or 'no extension'}'", file=path, allowed=kinds_known)


def ending_of(content: bytes) -> str:
    """The end that the name of a table would have, by how its content begins: for content that came without a name."""
    if content.startswith(b"PK"):
        return ".ods" if b"opendocument.spreadsheet" in content[:200] else ".xlsx"
    beginnings = {b"PAR1": ".parquet", b"\x1f\x8b": ".csv.gz", b"\xd0\xcf\x11\xe0": ".xls"}
    return next((end for begins, end in beginnings.items() if content.startswith(begins)), ".csv")


def decoded(content: bytes, path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:400]:
        raise wrong("is not in UTF-8 but looks like UTF-16: save it as CSV UTF-8", file=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}"
        raise wrong(f"is not in UTF-8 ({byte}; perhaps Latin-1): save it as CSV UTF-8", file=path, row=row) from None


def read_parquet(content: bytes, path: Path) -> pl.DataFrame:
    """A Parquet file; categories become text, and decimal numbers floating ones."""
    import pyarrow as pa  # imported when needed: it takes a tenth of a second
    import pyarrow.parquet as pq

    try:
        # Not read by polars itself, which panics at some damaged files.
        table = pq.read_table(io.BytesIO(content))
        table.validate(full=True)
        table = table.select([f.name for f in table.schema if not pa.types.is_binary(f.type)])
        read = pl.from_arrow(table)
        assert isinstance(read, pl.DataFrame)
        if read.width > MOST_COLUMNS:
            raise wrong(f"has {read.width:,} columns", file=path, allowed=f"at most {MOST_COLUMNS:,}")
        kinds: dict[str, Any] = {c: pl.String for c, t in read.schema.items() if t in (pl.Categorical, pl.Enum)}
        kinds |= {c: pl.Float64 for c, t in read.schema.items() if t.is_decimal()}
        return read.with_columns(pl.col(c).cast(k) for c, k in kinds.items()).rename(
            {c: c.strip() for c in read.columns}
        )
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise wrong("cannot be read as Parquet: it is cut short, damaged or something else", file=path) from error


def read_text(text: str, path: Path) -> FoundTable:
    """A table in text, its columns divided by commas, semicolons or tabs."""
    lines = _LINE_END.split(text)
    known = [at for at, line in enumerate(lines[:2000]) if line.strip()][: MOST_TITLES + LOOKED_AT]
    if not known:
        raise wrong("the file is empty", file=path)
    separator = _separator([lines[at] for at in known])
    sample = [next(csv.reader([lines[at]], delimiter=separator), []) for at in known]
    header = find_header(sample, path) if max(map(filled, sample)) > 1 else Header([], 0, 1, [])
    if len(header.names) < 2:
        first = lines[known[0]]
        raise wrong("has only one column", file=path, row=1, value=first, allowed="columns divided by , ; or tab")
    first = known[header.first]
    below = known[header.end - 1] + 1
    data = "\n".join([lines[first], *lines[below:]])
    try:
        frame = pl.read_csv(io.StringIO(data), separator=separator, infer_schema_length=0)
    except pl.exceptions.PolarsError as error:
        raise _ragged(data, separator, len(header.names), path, below) from error
    if frame.width != len(header.names):
        raise wrong("cannot be read as CSV: check the quotation marks and control characters", file=path, row=1)
    frame = frame.rename(dict(zip(frame.columns, header.names, strict=True)))
    frame = _named(frame.with_columns(pl.all().str.strip_chars()), path)
    rows = np.arange(1, frame.height + 1) + below
    kept = ~frame.select(pl.all_horizontal(pl.all().is_null() | (pl.all() == ""))).to_series().to_numpy()
    return FoundTable(frame.filter(pl.Series(kept)), rows[kept], _notes_on(header))


def read_workbook(content: bytes, path: Path) -> FoundTable:
    """The table in an Excel or OpenDocument workbook: of several sheets, that with the most columns."""
    import python_calamine as calamine

    if path.suffix.lower() != ".xls":  # a sheet of which has no more than 65,536 rows and 256 columns
        refuse_large_archive(content, path)
        refuse_vast_sheets(content, path)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except Exception as error:  # the library raises errors of many kinds
        raise wrong("cannot be read as a workbook: it is cut short, damaged or something else", file=path) from error
    found = {name: [[_cell(v) for v in row] for row in rows[:200]] for name, rows in sheets.items()}
    widths = {name: max((filled(row) for row in rows), default=0) for name, rows in found.items()}
    name = max(widths, key=widths.__getitem__, default="")
    if not name or widths[name] < 2:
        raise wrong("the workbook holds no table", file=path)
    rows = [(at + 1, row) for at, row in enumerate(sheets[name]) if any(_cell(v) for v in row)]
    header = find_header([[_cell(v) for v in row] for _, row in rows[: MOST_TITLES + LOOKED_AT]], path)
    body = rows[header.end :]
    columns = zip(*(row for _, row in body), strict=True) if body else ([] for _ in header.names)
    frame = pl.DataFrame([_column(n, list(values)) for n, values in zip(header.names, columns, strict=False)])
    frame = _named(frame, path)
    notes = _notes_on(header)
    others = [one for one in sheets if one != name]
    if others:
        notes.append(
            Note(
                f"Of the workbook the sheet '{name}' was read, not {', '.join(others)}.",
                f"Van het werkblad is het blad '{name}' gelezen, niet {', '.join(others)}.",
            )
        )
    return FoundTable(frame, np.array([at for at, _ in body], dtype=np.int64), notes)


def _column(name: str, values: list[Any]) -> pl.Series:
    """A column of a sheet: numbers where it holds nothing else, else text."""
    known = [v for v in values if v != ""]
    if known and all(isinstance(v, float | int) and not isinstance(v, bool) for v in known):
        return pl.Series(name, [None if v == "" else float(v) for v in values], pl.Float64)
    return pl.Series(name, [_cell(v, among_text=True) for v in values], pl.String)


def _cell(value: Any, among_text: bool = False) -> str:
    """A cell as text; a number among text gets one more decimal, so that 1.234 is never taken for 1234."""
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, float | int):
        if float(value).is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value!r}0" if among_text and "e" not in repr(value) else repr(value)
    return str(value).strip()


def _named(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The columns that have a name; one without may only be empty, as after a separator at the end of each row."""
    for column in [c for c in frame.columns if c.startswith(UNNAMED)]:
        if frame[column].cast(pl.String).replace("", None).drop_nulls().len():
            number = int(column.removeprefix(UNNAMED)) + 1
            raise wrong(f"a column has no name (number {number})", file=path, row=1)
        frame = frame.drop(column)
    return frame


def _separator(lines: list[str]) -> str:
    """The separator: the most frequent in the first line, unless that is a title and other lines have another."""
    first = max(";\t,", key=lines[0].count)
    usual = Counter(line.count(first) for line in lines).most_common(1)[0][0]
    if lines[0].count(first) == usual > 0:
        return first
    return max(";\t,", key=lambda mark: sum(mark in line for line in lines))


def _notes_on(header: Header) -> list[Note]:
    notes = []
    if header.titles:
        above = "; ".join(header.titles)[:200]
        notes.append(Note(f"Above the table stood: {above}.", f"Boven de tabel stond: {above}."))
    if header.end - header.first > 1:
        lines = header.end - header.first
        notes.append(
            Note(
                f"The header of {lines} lines was read as one.",
                f"De kop van {lines} regels is als één gelezen.",
            )
        )
    return notes


def _ragged(text: str, separator: str, width: int, path: Path, above: int) -> Exception:
    """Find the row that made the parser stop; ``above`` is the number of the row before the first of the data."""
    for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=above):
        if len(cells) > width:
            hint = "; decimal commas need ; between columns" if separator == "," else ""
            return wrong(f"has {len(cells)} cells{hint}", file=path, row=row, allowed=f"{width}, as in the header")
    return wrong("cannot be read as CSV: check the quotation marks", file=path)
