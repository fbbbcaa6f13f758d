"""Comparison of simulated and observed values, area by area: rank correlation with its interval."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from experiments.results.folders import is_result
from experiments.validate.measures import correlation_interval
from scenarios.errors import InputError, close_matches
from scenarios.tables import read_table

PREFIX = "observed_"
FEWEST_AREAS = 5
FEWEST_RESIDENTS = 100


@dataclass(frozen=True)
class Agreement:
    """One measure over the areas of which it is both simulated and observed.

    Attributes
    ----------
    rank, low, high : float
        Spearman's correlation with the ends of its 95 % interval (Fisher's z, standard error 1.03 / sqrt(n - 3);
        Fieller, Hartley & Pearson 1957).
    linear, linear_low, linear_high : float
        Pearson's correlation, with its interval (Fisher's z).
    simulated, observed : float
        Means, an area counting once.
    """

    measure: str
    areas: int
    rank: float
    low: float
    high: float
    linear: float
    linear_low: float
    linear_high: float
    simulated: float
    observed: float


def agreement(result: str | Path, table: str | Path, at_least: float | None = None) -> list[Agreement]:
    """Compare each `observed_` column of a table with the last year of a result.

    Parameters
    ----------
    result : path
        Folder of `thuis run`.
    table : path
        With a column `code` and columns `observed_<measure>`.
    at_least : float, optional
        Residents of the areas that count, 100 when left out.

    Raises
    ------
    InputError
    """
    least = FEWEST_RESIDENTS if at_least is None else at_least
    folder = Path(result)
    if not is_result(folder):
        raise InputError(f"{folder} is not a result of thuis run")
    read = read_table(table)
    read.need("code")
    measures = [c.removeprefix(PREFIX) for c in read.columns if c.startswith(PREFIX)]
    if not measures:
        raise InputError(f"{table} has no column {PREFIX}<measure>, such as {PREFIX}turnover")
    months = pl.scan_parquet(folder / "months.parquet")
    known = [c for c, kind in months.collect_schema().items() if kind.is_numeric() and c != "month"]
    for measure in measures:
        if measure not in known:
            near = close_matches(measure, known)
            raise InputError(f"{table}: a result has no '{measure}'{near} (allowed: {', '.join(known)})")
    codes = pl.Series("neighbourhood", read.text("code"))
    values = [pl.Series(PREFIX + m, read.numbers(PREFIX + m), nan_to_null=True) for m in measures]
    observed = pl.DataFrame([codes, *values])
    last = months.filter(pl.col("month") > pl.col("month").max() - 12, pl.col("month") > 0)
    means = [pl.col(m).cast(pl.Float64).mean() for m in dict.fromkeys([*measures, "residents"])]
    simulated = last.group_by("neighbourhood", maintain_order=True).agg(means)
    both = simulated.collect().join(observed, on="neighbourhood").filter(pl.col("residents") >= least)
    return [_of_measure(measure, both.select(measure, PREFIX + measure).drop_nulls()) for measure in measures]


def _of_measure(measure: str, both: pl.DataFrame) -> Agreement:
    from scipy.stats import pearsonr, spearmanr

    if len(both) < FEWEST_AREAS:
        raise InputError(f"{measure}: only {len(both)} areas are both in table and result; {FEWEST_AREAS} are needed")
    simulated, observed = both.to_numpy().T
    rank = float(spearmanr(simulated, observed).statistic)
    linear = float(pearsonr(simulated, observed).statistic)
    intervals = [*correlation_interval(rank, len(both), of_ranks=True), *correlation_interval(linear, len(both))]
    low, high, linear_low, linear_high = intervals
    means = float(simulated.mean()), float(observed.mean())
    return Agreement(measure, len(both), rank, low, high, linear, linear_low, linear_high, *means)


def as_text(found: list[Agreement]) -> str:
    """A line per measure."""
    return "\n".join(
        f"{a.measure}: {a.areas} areas, rank correlation {a.rank:+.2f} ({a.low:+.2f} to {a.high:+.2f}), correlation "
        f"{a.linear:+.2f} ({a.linear_low:+.2f} to {a.linear_high:+.2f}); "
        f"mean simulated {a.simulated:.3f}, observed {a.observed:.3f}"
        for a in found
    )
