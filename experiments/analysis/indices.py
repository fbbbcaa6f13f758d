"""Sobol's and Morris's indices of an outcome, from sweeps with design=sobol and design=morris (SALib)."""

import numpy as np
import polars as pl

from experiments.sweep.design import MORRIS_LEVELS, numbers_of, sampled
from experiments.sweep.table import Sweep
from scenarios.errors import InputError


def point_means(sweep: Sweep, outcome: str, design: str) -> np.ndarray:
    """Mean of an outcome over the replicates of every point, float64 [points].

    Raises
    ------
    InputError
        Another design, or points without a result.
    """
    if sweep.plan.design != design:
        raise InputError(f"{sweep.path} has design={sweep.plan.design}; these indices need design={design}")
    means = sweep.frame_for(outcome).group_by("point").agg(pl.col(outcome).mean()).sort("point")
    missing = sweep.plan.points - means[outcome].drop_nans().len()
    if missing:
        raise InputError(f"{sweep.path}: {missing} of {sweep.plan.points} points have no result; indices need them all")
    return means[outcome].to_numpy()


def problem_of(sweep: Sweep) -> dict[str, object]:
    """The factors as SALib wants them."""
    names = list(sweep.plan.factors)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sobol_indices(sweep: Sweep, outcome: str) -> pl.DataFrame:
    """Shares of the variance of an outcome that come from each factor alone, and with all its interactions.

    Returns
    -------
    DataFrame
        factor, first, first_error, total, total_error; errors are half widths of 95 % intervals (bootstrap).
    """
    from SALib.analyze import sobol

    values = point_means(sweep, outcome, "sobol")
    if np.ptp(values) == 0:
        raise InputError(f"{outcome} is the same in all runs: there is nothing to explain")
    seed = numbers_of(sweep.plan.seed, "bootstrap")[0]
    found = sobol.analyze(problem_of(sweep), values, calc_second_order=False, seed=seed, print_to_console=False)
    columns = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
    return pl.DataFrame({"factor": list(sweep.plan.factors)} | {name: found[key] for name, key in columns.items()})


def morris_effects(sweep: Sweep, outcome: str) -> pl.DataFrame:
    """Elementary effects over each factor's whole range.

    Returns
    -------
    DataFrame
        factor, mean_absolute (importance), mean, spread (interactions or curvature), error.
    """
    from SALib.analyze import morris

    values = point_means(sweep, outcome, "morris")
    factors = len(sweep.plan.factors)
    share = sampled("morris", factors, sweep.plan.points // (factors + 1), sweep.plan.seed)
    seed = numbers_of(sweep.plan.seed, "bootstrap")[0]
    found = morris.analyze(
        problem_of(sweep), share, values, num_levels=MORRIS_LEVELS, seed=seed, print_to_console=False
    )
    columns = {"mean_absolute": "mu_star", "mean": "mu", "spread": "sigma", "error": "mu_star_conf"}
    return pl.DataFrame({"factor": list(sweep.plan.factors)} | {name: found[key] for name, key in columns.items()})
