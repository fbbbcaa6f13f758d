"""Main effects and interactions: means of an outcome along one factor or two."""

import polars as pl

from experiments.sweep.table import Sweep

BINS = 8


def binned(frame: pl.DataFrame, factor: str, bins: int = BINS) -> pl.Expr:
    """A factor's levels, or the middle of equally filled bins where it has many values."""
    values = frame[factor]
    if not values.dtype.is_numeric() or values.n_unique() <= 12:
        return pl.col(factor)
    bin_of = ((pl.col(factor).rank("ordinal") - 1) * bins // len(frame)).cast(pl.Int32)
    return pl.col(factor).mean().over(bin_of)


def summary_of(outcome: str) -> list[pl.Expr]:
    """Mean, its standard error, tenth and ninetieth percentile and count."""
    column = pl.col(outcome)
    return [
        column.mean().alias("mean"),
        (column.std() / column.count().sqrt()).alias("standard_error"),
        column.quantile(0.1, "linear").alias("p10"),
        column.quantile(0.9, "linear").alias("p90"),
        column.count().alias("runs"),
    ]


def main_effects(sweep: Sweep, outcome: str) -> pl.DataFrame:
    """Mean of an outcome at every level (or in every bin) of each factor.

    Returns
    -------
    DataFrame
        factor, level (text), value (number, null for words), mean, standard_error, p10, p90, runs.
    """
    frame = sweep.frame_for(outcome)
    parts = []
    for factor in sweep.factors:
        means = frame.group_by(binned(frame, factor).alias("level")).agg(summary_of(outcome)).sort("level")
        number = pl.col("level").cast(pl.Float64) if means["level"].dtype.is_numeric() else pl.lit(None, pl.Float64)
        about = [pl.lit(factor).alias("factor"), pl.col("level").cast(pl.String), number.alias("value")]
        parts.append(means.select(*about, "mean", "standard_error", "p10", "p90", "runs"))
    return pl.concat(parts)


def interaction(sweep: Sweep, outcome: str, first: str, second: str) -> pl.DataFrame:
    """Mean of an outcome by two factors at once: lines that are not parallel show an interaction."""
    frame = sweep.frame_for(outcome)
    groups = [binned(frame, first, 5).alias(first), binned(frame, second, 3).alias(second)]
    return frame.group_by(groups).agg(summary_of(outcome)).sort(first, second)


def strongest_pair(effects: pl.DataFrame) -> tuple[str, str] | None:
    """The two factors along which the mean differs most, of the table of `main_effects`; None where there is one."""
    spans = effects.group_by("factor", maintain_order=True).agg(
        (pl.col("mean").max() - pl.col("mean").min()).alias("s")
    )
    names = spans.sort("s", descending=True, maintain_order=True)["factor"].to_list()
    return (names[0], names[1]) if len(names) > 1 else None
