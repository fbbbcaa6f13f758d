"""`thuis results query FOLDER "SQL"`: SQL queries on the results of a sweep or a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.options.declaration import file_path, options_from
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words
from scenarios.errors import InputError
from scenarios.text import for_spreadsheets

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class QueryOptions:
    """Options of `thuis results query`."""

    out: str | None = file_path("write all rows into this file: .csv, .parquet or .json")


COMMAND = Command(
    "results query",
    "Ask a question of results in SQL (DuckDB). Of a sweep the tables are runs (design and outcomes, a row per run),\n"
    "design and outcomes; of a run its tables: months, groups, municipalities, neighbourhoods and cohorts; of\n"
    "several runs (thuis run -m): runs (a row per run) and months. Without SQL their names and columns are shown.",
    QueryOptions,
    operands='FOLDER ["SQL"]',
    examples=(
        'thuis results query out/lhs "select policy, avg(belonging) from runs group by policy"',
        'thuis results query out/vaals "select month, sum(residents) from months group by month order by month"',
    ),
)


def main(argv: Sequence[str]) -> int:
    """Answer a query."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    words = [word for word in argv if not word.startswith(("out=", "--out"))]
    request = read_words(COMMAND, [word for word in argv if word not in words])
    if len(words) > 2:
        raise InputError('write the query between quotes: thuis results query FOLDER "select ..."')
    frame = query(words[0], words[1]) if len(words) == 2 else columns_of(words[0])
    out = options_from(QueryOptions, request.values, COMMAND.name).out
    if out is None:
        show(frame)
    else:
        write(frame, Path(out))
    return 0


def connect(folder: str | Path):
    """A DuckDB connection with the tables of a sweep or a run as views."""
    import duckdb

    from experiments.sweep.plan import MANIFEST
    from experiments.sweep.table import open_sweep

    path = Path(folder)
    if (path / MANIFEST).exists():
        return open_sweep(path).duckdb()
    tables = sorted(path.glob("*.parquet")) if path.is_dir() else []
    connection = duckdb.connect()
    if not tables:
        from experiments.results.several import SeveralRuns, folders_of_runs

        if not folders_of_runs(path):
            raise InputError(f"{folder} holds no results")
        several = SeveralRuns(path)
        for name in several.tables:
            connection.register(name, several.pl(name).to_arrow())
        return connection
    for table in tables:
        quoted = table.as_posix().replace("'", "''")
        name = table.stem.replace('"', '""')
        connection.execute(f"create view \"{name}\" as select * from read_parquet('{quoted}')")
    return connection


def query(folder: str | Path, sql: str) -> "pl.DataFrame":
    """The result of a query.

    Raises
    ------
    InputError
        No results there, or a query that cannot be answered: one line.
    """
    import duckdb

    try:
        found = connect(folder).sql(sql)
        if found is None:
            raise InputError("the query answers nothing; begin it with select")
        return found.pl()
    except duckdb.Error as error:
        raise InputError(f"the query cannot be answered: {' '.join(str(error).split())[:300]}") from error


def columns_of(folder: str | Path) -> "pl.DataFrame":
    """Tables and columns there are."""
    return query(folder, "select table_name, column_name, data_type from information_schema.columns")


def show(frame: "pl.DataFrame") -> None:
    """Print a table whole in width, cut in length."""
    import polars as pl

    with pl.Config(tbl_cols=-1, tbl_rows=60, tbl_hide_dataframe_shape=True, tbl_width_chars=200, fmt_str_lengths=60):
        print(frame)
    if len(frame) > 60:
        print(f"{len(frame):,} rows; all of them: out=FILE.csv")


def write(frame: "pl.DataFrame", path: Path) -> None:
    """Write a table as its name says: .csv, .parquet or .json."""
    writers = {".csv": "write_csv", ".parquet": "write_parquet", ".json": "write_json"}
    if path.suffix not in writers:
        raise InputError(f"out={path}: the name must end in {', '.join(writers)}")
    if path.suffix == ".csv":
        frame = for_spreadsheets(frame)
    try:
        getattr(frame, writers[path.suffix])(path)
    except OSError as error:
        raise InputError(f"out={path} cannot be written: {error.strerror or error}") from error
    print(f"{len(frame):,} rows in {path}")
