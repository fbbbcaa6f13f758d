"""A sweep's results as one table, for polars, pandas, DuckDB or xarray."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.results.html_table import html_table
from experiments.results.result_folder import ResultFolder
from experiments.sweep.outcomes import OUTCOMES
from experiments.sweep.plan import SHARDS, Plan, load_design, load_plan
from experiments.sweep.shards import done_chunks, shard_path
from scenarios.errors import InputError, close_matches

if TYPE_CHECKING:
    import duckdb
    import polars
    import xarray

    from experiments.results.run_result import RunResult

KEYS = ("run", "point", "replicate", "seed", "year", "month", "error", "digest")
SHOWN = ("belonging", "at_home", "gap", "cohesion", "residents", "spent")
MOST_LEVELS = 8  # that are written out


class Sweep(ResultFolder):
    """The results of a sweep; those that are there while it still runs.

    Parameters
    ----------
    folder : path
        Its folder.
    temporary : bool
        Whether no folder was requested: then it is removed with this object.

    Attributes
    ----------
    folder : Path or None
        Its folder; None where no folder was asked for.
    plan : Plan
        What it runs.
    """

    tables = ("runs", "design")

    def __init__(self, folder: str | Path, temporary: bool = False) -> None:
        self.plan: Plan = load_plan(Path(folder))  # refuses a folder without a sweep
        super().__init__(folder, temporary)

    @property
    def factors(self) -> list[str]:
        """Names of the factors."""
        return [name for name in self.design.columns if name not in ("run", "point", "replicate", "seed")] + (
            ["seed"] if "seed" in self.plan.factors else []
        )

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes."""
        return [name for name in self.pl().columns if name not in (*KEYS, *self.factors)]

    @cached_property
    def design(self) -> pl.DataFrame:
        """A row per run: point, replicate, seed and factors."""
        return load_design(self.path)

    def pl(self, table: str | None = None) -> pl.DataFrame:
        """A row per run (and observed year), in order of runs: design, error, digest, outcomes; or the design alone.

        Parameters
        ----------
        table : {"runs", "design"}, optional

        Raises
        ------
        InputError
            No such table, or no run is done yet.
        """
        if table == "design":
            return self.design
        if table not in (None, "runs"):
            raise InputError(f"no table '{table}'{close_matches(str(table), self.tables)} (allowed: runs, design)")
        paths = [shard_path(self.path, chunk) for chunk in sorted(done_chunks(self.path, self.plan))]
        if not paths:
            raise InputError(f"{self.path}: no run is done yet")
        frames = [pl.read_parquet(path) for path in paths]
        found = pl.concat(frames, how="diagonal_relaxed")
        when = [key for key in ("year", "month") if key in found.columns]
        return self.design.join(found, on="run", how="inner", maintain_order="left").sort("run", *when, nulls_last=True)

    def duckdb(self) -> "duckdb.DuckDBPyConnection":
        """A DuckDB connection with the views `runs` (design and outcomes), `design` and `outcomes`."""
        import duckdb

        connection = duckdb.connect()
        shards = (self.path / SHARDS / "shard-*.parquet").as_posix().replace("'", "''")
        design = (self.path / "design.parquet").as_posix().replace("'", "''")
        if not done_chunks(self.path, self.plan):
            raise InputError(f"{self.path}: no run is done yet")
        connection.execute(f"create view design as select * from read_parquet('{design}')")
        connection.execute(f"create view outcomes as select * from read_parquet('{shards}', union_by_name=true)")
        connection.execute("create view runs as select * from design join outcomes using (run)")
        return connection

    def query(self, sql: str) -> "polars.DataFrame":
        """Result of a SQL query on the views `runs`, `design` and `outcomes`.

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
        when = "month" if self.plan.fixed.get("monthly") else "year"
        keys = [*index, "replicate", when] if "seed" not in index else [*index, when]
        keep = [name for name in self.outcomes if name in OUTCOMES or self.plan.model != "thuis"]
        dataset = frame.select([*keys, *keep]).to_pandas().set_index(keys).to_xarray()
        if index == ["point"]:
            points = self.design.unique("point", maintain_order=True)
            return dataset.assign_coords({name: ("point", points[name].to_numpy()) for name in self.factors})
        return dataset

    def frame_for(self, outcome: str) -> "polars.DataFrame":
        """Factors and one outcome at the end of every completed run; for analysis.

        Raises
        ------
        InputError
            No such outcome.
        """
        frame = self.pl()
        if outcome not in self.outcomes:
            near = close_matches(outcome, self.outcomes)
            raise InputError(f"outcome={outcome} is not among the results{near} (allowed: {', '.join(self.outcomes)})")
        good = frame.filter(pl.col("error").is_null())
        return ends_of_runs(good).select("run", "point", "replicate", *self.factors, outcome)

    def rerun(self, run: int, **options: Any) -> "RunResult":
        """One run of the sweep made again as a full run, with all its months and tables.

        Parameters
        ----------
        run : int
            Its number, as in the column ``run``.
        **options
            Options of `thuis.run` that change no number, such as ``out`` and ``language``.

        Raises
        ------
        InputError
            No such run, or one that `thuis.run` cannot repeat.
        """
        from experiments.sweep.reopen import rerun

        return rerun(self.path, run, options)

    def plot(self, outcome: str | None = None, factor: str | None = None, axes: Any = None) -> Any:
        """Draw an outcome along a factor: a dot per run, and the mean.

        Parameters
        ----------
        outcome : str, optional
            Belonging when left out.
        factor : str, optional
            The first factor when left out.
        axes : matplotlib Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        InputError
            No such outcome or factor, or nothing was varied.
        """
        from experiments.results.drawing import axes_for
        from experiments.sweep.figure import draw_outcome

        outcome = outcome or self.shown_outcomes[0]
        if factor is None and not self.factors:
            raise InputError(f"{self.path}: nothing was varied in this sweep, so there is nothing to draw along")
        factor = factor or self.factors[0]
        if factor not in self.factors:
            near = close_matches(factor, self.factors)
            raise InputError(f"factor={factor} was not varied{near} (allowed: {', '.join(self.factors)})")
        with axes_for(axes) as chosen:
            draw_outcome(chosen, self.frame_for(outcome), factor, outcome, OUTCOMES.get(outcome, outcome))
        return chosen

    @property
    def shown_outcomes(self) -> list[str]:
        """The outcomes that the small table shows, the most telling first."""
        return [name for name in SHOWN if name in self.outcomes] or self.outcomes

    def outcome_rows(self, language: str = "en") -> list[tuple[str, str, list[str]]]:
        """Name, meaning, and mean, standard deviation, lowest and highest of each outcome that is shown, as texts."""
        from experiments.results.phrases import fill_plain

        good, rows = ends_of_runs(self.pl().filter(pl.col("error").is_null())), []
        for name in self.shown_outcomes:
            values = good[name].drop_nulls().drop_nans()
            known = [values.mean(), values.std(), values.min(), values.max()]
            forms = ["{v:,.0f}" if isinstance(v, int | float) and abs(v) >= 1000 else "{v:,.4g}" for v in known]
            cells = [
                fill_plain(form, language, v=v) if isinstance(v, int | float) else "–"
                for form, v in zip(forms, known, strict=True)
            ]
            rows.append((name, OUTCOMES.get(name, name), cells))
        return rows

    def __repr__(self) -> str:
        where = "" if self.folder is None else f"{self.folder}: "
        return (
            f"Sweep({where}{self.plan.runs:,} runs, {self.plan.design}; {', '.join(self.factors) or 'nothing varied'})"
        )

    def _repr_html_(self) -> str:
        frame = self.pl()
        rows = [[title, *cells] for _, title, cells in self.outcome_rows()]
        failed = frame.filter(pl.col("error").is_not_null())["run"].n_unique()
        done = f"{frame['run'].n_unique():,} of {self.plan.runs:,} runs" + (f", {failed:,} failed" if failed else "")
        header = ["At the end of a run", "mean", "standard deviation", "lowest", "highest"]
        varied = "; ".join(range_in_words(name, *self.plan.factors[name]) for name in self.plan.factors)
        return html_table(f"Sweep ({self.plan.design}): {done}", header, rows, f"Varied: {varied or 'nothing'}.")


def ends_of_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """The last row of every run: runs may end at different months."""
    when = pl.col("month" if "month" in frame.columns else "year")
    return frame.filter(when == when.max().over("run"))


def range_in_words(name: str, values: list[Any], is_range: bool) -> str:
    """What a factor was varied over."""
    if is_range or len(values) > MOST_LEVELS:
        return f"{name} from {values[0]} to {values[-1]}"
    return f"{name} {', '.join(map(str, values))}" if values else name


def open_sweep(folder: str | Path) -> Sweep:
    """Open the results of a sweep: ``open_sweep("out/mine").pl()``, ``.duckdb()``, ``.query("select ...")``.

    Raises
    ------
    InputError
        No sweep in that folder.
    """
    return Sweep(folder)
