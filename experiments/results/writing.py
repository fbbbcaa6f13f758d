"""Parquet files written during a run: a year of months at a time, in pieces that a checkpoint can include."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import polars as pl

PIECE = 12
ROWS_AT_ONCE = 100_000  # that are packed together, and in memory while pieces become one file
MOST_WAITING = 6_000_000  # bytes that wait to be written: a year of the whole country is thirty million
COMPRESSION: Literal["zstd"] = "zstd"


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet.

    Arrow's writer, because it always raises an `OSError` on a full disk; that of polars may leave half a file.
    """
    import pyarrow.parquet as pq  # when it is needed: importing it takes a tenth of a second

    table = frame.to_arrow()
    pq.write_table(table, path, row_group_size=ROWS_AT_ONCE, **encoding_of(table.schema))


def encoding_of(schema: Any) -> dict[str, Any]:
    """How Arrow writes the columns of a table.

    The bytes of broken numbers are stored apart (byte stream split): a third less for belonging and its like, and a
    fifth of the time, as no dictionary is made of numbers that hardly repeat.
    """
    import pyarrow as pa

    split = {field.name: pa.types.is_floating(field.type) for field in schema}
    return {
        "compression": COMPRESSION,
        "use_byte_stream_split": [name for name, broken in split.items() if broken],
        "use_dictionary": [name for name, broken in split.items() if not broken],
    }


class MonthsFile:
    """A table that grows by a frame per month; `finish` puts its pieces together into one file.

    Parameters
    ----------
    folder : Path
        Where the pieces go.
    name : str
        Name of the table; the file is NAME.parquet.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.pieces: list[Path] = []
        self.waiting: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Add the rows of a month."""
        self.waiting.append(frame)
        if len(self.waiting) >= PIECE or len(self.waiting) * frame.estimated_size() > MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write the buffered rows as a piece."""
        if self.waiting:
            path = self.folder / f".{self.name}-{len(self.pieces):04d}.parquet"
            write_table(pl.concat(self.waiting), path)
            self.pieces.append(path)
            self.waiting = []

    def take(self, path: Path) -> None:
        """Add rows of an earlier part of the run."""
        self.flush()
        piece = self.folder / f".{self.name}-{len(self.pieces):04d}.parquet"
        path.replace(piece)
        self.pieces.append(piece)

    def finish(self) -> Path:
        """Write the whole table as NAME.parquet, and remove the pieces."""
        self.flush()
        path = self.folder / f"{self.name}.parquet"
        join(self.pieces, path)
        for piece in self.pieces:
            piece.unlink()
        return path


def join(pieces: list[Path], path: Path) -> None:
    """One Parquet file of several, a row group at a time, so that memory does not grow with the run."""
    import pyarrow.parquet as pq  # at the end of a run, for importing it takes a tenth of a second

    def tables() -> Iterator[Any]:
        for piece in pieces:
            with pq.ParquetFile(piece) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group)

    write_tables_of(tables(), path)


def write_pieces(frames: Iterable[pl.DataFrame], path: Path) -> None:
    """One Parquet file of frames made one after another."""
    write_tables_of((frame.to_arrow() for frame in frames), path)


def write_tables_of(tables: Iterable[Any], path: Path) -> None:
    """One Parquet file of Arrow tables that follow one another."""
    import pyarrow.parquet as pq

    writer = None
    try:
        for table in tables:
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, **encoding_of(table.schema))
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
