"""A sweep's results as one table, for polars, pandas, DuckDB or xarray."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from experiments.sweep.outcomes import OUTCOMES
from experiments.sweep.plan import SHARDS, Plan, load_design, load_plan
from experiments.sweep.shards import done_chunks, shard_path
from scenarios.errors import InputError

if TYPE_CHECKING:
    import duckdb
    import pandas
    import polars
    import xarray

KEYS = ("run", "point", "replicate", "seed", "year", "error", "digest")


class Sweep:
    """The results of a sweep; those that are there while it still runs.

    Parameters
    ----------
    folder : path
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.plan: Plan = load_plan(self.folder)

    @property
    def factors(self) -> list[str]:
        """Names of what was varied."""
        return [name for name in self.design.columns if name not in ("run", "point", "replicate", "seed")] + (
            ["seed"] if "seed" in self.plan.factors else []
        )

    @property
    def outcomes(self) -> list[str]:
        """Names of what came out."""
        return [name for name in self.pl().columns if name not in (*KEYS, *self.factors)]

    @cached_property
    def design(self) -> pl.DataFrame:
        """A row per run: point, replicate, seed and factors."""
        return load_design(self.folder)

    def pl(self) -> pl.DataFrame:
        """A row per run (and observed year), in order of runs: design, error, digest, outcomes."""
        paths = [shard_path(self.folder, chunk) for chunk in sorted(done_chunks(self.folder, self.plan))]
        if not paths:
            raise InputError(f"{self.folder}: no run is done yet")
        frames = [pl.read_parquet(path) for path in paths]
        found = pl.concat(frames, how="diagonal_relaxed")
        return self.design.join(found, on="run", how="inner", maintain_order="left").sort(
            "run", "year", nulls_last=True
        )

    def pandas(self) -> "pandas.DataFrame":
        """The same for pandas."""
        return self.pl().to_pandas()

    def duckdb(self) -> "duckdb.DuckDBPyConnection":
        """A DuckDB connection with the views `runs` (design and outcomes), `design` and `outcomes`."""
        import duckdb

        connection = duckdb.connect()
        shards = (self.folder / SHARDS / "shard-*.parquet").as_posix().replace("'", "''")
        design = (self.folder / "design.parquet").as_posix().replace("'", "''")
        if not done_chunks(self.folder, self.plan):
            raise InputError(f"{self.folder}: no run is done yet")
        connection.execute(f"create view design as select * from read_parquet('{design}')")
        connection.execute(f"create view outcomes as select * from read_parquet('{shards}', union_by_name=true)")
        connection.execute("create view runs as select * from design join outcomes using (run)")
        return connection

    def query(self, sql: str) -> "polars.DataFrame":
        """What a SQL query on the views `runs`, `design` and `outcomes` answers.

        Raises
        ------
        InputError
            DuckDB cannot read the query.
        """
        import duckdb

        try:
            return self.duckdb().sql(sql).pl()
        except duckdb.Error as error:
            raise InputError(f"the query cannot be answered: {' '.join(str(error).split())[:300]}") from error

    def xarray(self) -> "xarray.Dataset":
        """Outcomes by factor (factorial designs) or by point, and by replicate and year; needs xarray."""
        try:
            import xarray  # noqa: F401
        except ImportError as error:
            raise InputError("xarray is not installed here: pip install xarray") from error
        frame = self.pl().filter(pl.col("error").is_null())
        index = self.factors if self.plan.design == "factorial" and self.factors else ["point"]
        keys = [*index, "replicate", "year"] if "seed" not in index else [*index, "year"]
        keep = [name for name in self.outcomes if name in OUTCOMES or self.plan.model != "thuis"]
        dataset = frame.select([*keys, *keep]).to_pandas().set_index(keys).to_xarray()
        if index == ["point"]:
            points = self.design.unique("point", maintain_order=True)
            return dataset.assign_coords({name: ("point", points[name].to_numpy()) for name in self.factors})
        return dataset

    def frame_for(self, outcome: str) -> "polars.DataFrame":
        """Factors and one outcome at the end of every run that came out; for analysis.

        Raises
        ------
        InputError
            No such outcome.
        """
        frame = self.pl()
        if outcome not in self.outcomes:
            from scenarios.errors import close_matches

            near = close_matches(outcome, self.outcomes)
            raise InputError(f"outcome={outcome} is not among the results{near} (allowed: {', '.join(self.outcomes)})")
        good = frame.filter(pl.col("error").is_null())
        last = good["year"].max()
        return good.filter(pl.col("year") == last).select("run", "point", "replicate", *self.factors, outcome)


def open_sweep(folder: str | Path) -> Sweep:
    """Open the results of a sweep: ``open_sweep("out/mine").pl()``, ``.duckdb()``, ``.query("select ...")``.

    Raises
    ------
    InputError
        No sweep in that folder.
    """
    return Sweep(folder)
