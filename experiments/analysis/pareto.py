"""Trade-offs: the Pareto front, and choices that are robust over conditions."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from experiments.sweep.table import Sweep, ends_of_runs
from scenarios.errors import InputError


def nondominated(values: np.ndarray) -> np.ndarray:
    """Non-dominated rows: no other row is as low everywhere and lower somewhere.

    Parameters
    ----------
    values : float64 [N, M]
        Values to minimise.
    """
    order = np.lexsort(values.T[::-1])
    kept = np.zeros(len(values), bool)
    front: list[int] = []
    for row in order:  # a row that dominates another comes before it
        beaten = any((values[f] <= values[row]).all() and (values[f] < values[row]).any() for f in front)
        if not beaten:
            front.append(row)
            kept[row] = True
    return kept


def pareto_front(sweep: Sweep, goals: Mapping[str, str], by: Sequence[str] | None = None) -> pl.DataFrame:
    """Non-dominated points (means over replicates and over factors not named in `by`).

    Parameters
    ----------
    goals : mapping
        Outcome to "high" or "low", such as {"spent": "low", "belonging": "high"}.
    by : sequence of str, optional
        Factors that make up a choice; all by default.

    Raises
    ------
    InputError
    """
    wrong = [g for g in goals.values() if g not in ("high", "low")]
    if wrong or len(goals) < 2:
        raise InputError(
            "a Pareto front needs two or more outcomes, each high or low, such as spent=low belonging=high"
        )
    means = choices(sweep, list(goals), by)
    signed = np.stack([means[n].to_numpy() * (1 if g == "low" else -1) for n, g in goals.items()], axis=1)
    return means.filter(pl.Series(nondominated(signed))).sort(next(iter(goals)))


def choices(sweep: Sweep, outcomes: Sequence[str], by: Sequence[str] | None = None) -> pl.DataFrame:
    """Mean outcomes at the end of every combination of factors, or of those named in `by`."""
    for name in outcomes:
        sweep.frame_for(name)  # refuses what is not an outcome
    frame = ends_of_runs(sweep.pl().filter(pl.col("error").is_null()))
    keys = list(by if by is not None else sweep.factors)
    return frame.group_by(keys).agg(pl.col(name).mean() for name in outcomes).sort(keys).drop_nans(list(outcomes))


def robust_choice(sweep: Sweep, outcome: str, choice: Sequence[str], high: bool = True) -> pl.DataFrame:
    """Performance of each choice over all conditions of the sweep: mean, worst tenth, and largest regret.

    Parameters
    ----------
    choice : sequence of str
        Factors under the decision maker's control (such as policy); all others, and the seeds, are conditions.

    Returns
    -------
    DataFrame
        choice, mean, worst_tenth, regret (largest shortfall to the best choice in the same condition); best first.
    """
    frame = sweep.frame_for(outcome)
    missing = [name for name in choice if name not in sweep.factors]
    if missing:
        raise InputError(f"{missing[0]} is not a factor of this sweep (allowed: {', '.join(sweep.factors)})")
    conditions = [name for name in (*sweep.factors, "replicate") if name not in choice]
    value = pl.col(outcome) if high else -pl.col(outcome)
    frame = frame.with_columns(value.alias("value")).with_columns(
        (pl.col("value").max().over(conditions) - pl.col("value")).alias("shortfall")
    )
    sign = 1 if high else -1
    return (
        frame.group_by(list(choice))
        .agg(
            (sign * pl.col("value").mean()).alias("mean"),
            (sign * pl.col("value").quantile(0.1, "linear")).alias("worst_tenth"),
            pl.col("shortfall").max().alias("regret"),
        )
        .sort("regret", *choice)
    )
