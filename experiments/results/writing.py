"""Tables written during a run: a year of months at a time, in pieces that become one Parquet file at the end.

A piece is a file of Arrow, as polars has it in memory: Parquet is made once, when the people of a country have left
memory. Until then nothing imports Arrow's own library, which takes some 40 MB.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import polars as pl

PIECE = 12
ROWS_AT_ONCE = 100_000  # that are packed together, and in memory while pieces become one file
MOST_WAITING = 1_000_000  # bytes that wait to be written: a month of the whole country is more
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
            path = self.folder / f".{self.name}-{len(self.pieces):04d}.arrow"
            write_piece(pl.concat(self.waiting), path)
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


def write_piece(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Arrow has it in memory; Python writes the file, which raises an `OSError` on a full disk."""
    made = BytesIO()
    frame.write_ipc(made, compat_level=pl.CompatLevel.oldest())
    path.write_bytes(made.getbuffer())


def tables_in(piece: Path) -> Iterator[Any]:
    """The tables in a piece, or in a Parquet file of an earlier part of the run, a row group at a time."""
    import pyarrow.ipc
    import pyarrow.parquet as pq  # at the end of a run, for importing it takes a tenth of a second

    if piece.suffix == ".parquet":
        with pq.ParquetFile(piece) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group)
    else:
        with pyarrow.ipc.open_file(piece) as file:
            yield file.read_all()


def join(pieces: list[Path], path: Path) -> None:
    """One Parquet file of several pieces, one after another, so that memory does not grow with the run."""
    write_tables_of(packed(table for piece in pieces for table in tables_in(piece)), path)


def packed(tables: Iterable[Any]) -> Iterator[Any]:
    """Tables put together until they have as many rows as are packed together in a file."""
    import pyarrow as pa

    waiting: list[Any] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= ROWS_AT_ONCE:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


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
