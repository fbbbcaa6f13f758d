"""The figure of a sweep: an outcome along one factor, a dot per run, and its mean."""

from collections.abc import Collection
from typing import Any

import polars as pl

from experiments.results.palette import hue

BINS = 10
MANY = 5000  # dots beyond which the drawing holds a picture of them


def draw_outcome(
    axes: Any,
    frame: pl.DataFrame,
    factor: str,
    outcome: str,
    label: str,
    run: str = "a run",
    mean: str = "mean",
    shown: Collection[int] | None = None,
) -> Any:
    """Draw one outcome of every run along a factor.

    Parameters
    ----------
    frame : polars.DataFrame
        A row per run, with the factor and the outcome.
    label : str
        What the outcome is.
    run, mean : str
        Words of the legend.
    shown : collection of int, optional
        Runs that get a dot; all when left out. The mean is of all.

    Returns
    -------
    matplotlib PathCollection
        The dots, in the order of the rows.
    """
    x = frame[factor]
    levels = x.unique(maintain_order=True)
    words = not x.dtype.is_numeric()
    ticks = x.replace_strict(levels, list(range(len(levels)))) if words else x
    drawn = frame.with_columns(ticks.alias("tick"))
    means = mean_along(drawn, outcome)
    drawn = drawn if shown is None else drawn.filter(pl.col("run").is_in(list(shown)))
    dots = axes.scatter(
        drawn["tick"],
        drawn[outcome].to_numpy(),
        s=14,
        color=hue("sky"),
        alpha=0.6,
        linewidths=0,
        rasterized=len(drawn) > MANY,
        label=run,
    )
    axes.plot(
        means["tick"], means["mean"], color=hue("blue"), marker="o", linestyle="none" if words else "-", label=mean
    )
    if words:
        axes.set_xticks(range(len(levels)), levels.to_list())
        axes.margins(x=0.2)
    axes.set(xlabel=factor, ylabel=label)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=9)
    return dots


def mean_along(frame: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Mean at every level, or in bins of equally many runs where there are many levels."""
    at = pl.col("tick")
    if frame["tick"].n_unique() > BINS + 2:
        bins = ((at.rank("ordinal") - 1) * BINS // pl.len()).cast(pl.Int32)
        return frame.group_by(bins.alias("bin")).agg(at.mean(), pl.col(outcome).mean().alias("mean")).sort("tick")
    return frame.group_by("tick").agg(pl.col(outcome).mean().alias("mean")).sort("tick")
