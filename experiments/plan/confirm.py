"""Plans run by the model itself, in draws of the parameters and with seeds that the search has not seen."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.plan.problem import COST, GAP, GOAL, Judged, Problem
from experiments.sweep.own import OWN
from experiments.sweep.plan import Plan, create, written
from experiments.sweep.planning import make_plan
from experiments.sweep.request import SweepOptions, SweepRequest
from experiments.sweep.running import progress_of, run_plan
from experiments.sweep.table import open_sweep
from scenarios.errors import StoppedError


def confirm(problem: Problem, plans: np.ndarray, sweep: Plan, folder: Path, options: SweepOptions) -> Judged:
    """Run plans, and levers that do nothing, in the held-out draws; what was run before is not run again.

    Parameters
    ----------
    plans : float64 [P, L]
    sweep : Plan
        Of the sweep that the emulator is of: region, package and years are its.
    options : SweepOptions
        Seed, replicates and workers of these runs.

    Returns
    -------
    Judged
        Means over the replicates, which are the same random draws for every plan.

    Raises
    ------
    StoppedError
        A run failed.
    """
    every = np.vstack([problem.idle, plans])
    held = problem.held_out
    values = np.column_stack([np.repeat(every, len(held), axis=0), np.tile(held, (len(every), 1))])
    table = pl.DataFrame(dict(zip(problem.columns, values.T, strict=True))).with_columns(
        pl.lit(word).alias(name) for name, word in zip(problem.emulator.factors.words, problem.case, strict=True)
    )
    results = run_table(table, sweep, folder, options)
    shape = (len(every), len(held), options.replicates)
    found = {name: results[name].cast(pl.Float64).to_numpy().reshape(shape) for name in (COST, GOAL, GAP)}
    change = {name: np.nanmean(each[1:] - each[0], axis=2) for name, each in found.items()}
    return Judged(change[COST].mean(axis=1) / problem.years, change[GOAL], change[GAP])


def run_table(table: pl.DataFrame, sweep: Plan, folder: Path, options: SweepOptions) -> pl.DataFrame:
    """Run a table of points as the sweep ran its own; a row per run, in the order of points and replicates."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "points.parquet"
    written(path, table.write_parquet)
    fixed = sweep.fixed
    own: dict[str, Any] = {word: fixed[word] for word in OWN if word in fixed}
    like: dict[str, Any] = {"years": sweep.years, "scale": sweep.scale, "start": sweep.start, "model": sweep.model}
    chosen = replace(options, design="file", table=str(path), **like, **own)
    parts = {key: fixed[key] for key in ("region", "policy", "policy_changes", "parameters")}
    plan, design = make_plan(SweepRequest(options=chosen, **parts))
    place = folder / plan.digest[:12]
    create(place, plan, design)
    work: dict[str, Any] = {"workers": options.workers, "scheduler": options.scheduler, "slurm": {}}
    run_plan(place, plan, options.engine, work, progress_of(options.progress))
    results = open_sweep(place).pl()
    failed = results["error"].drop_nulls()
    if len(failed):
        raise StoppedError(f"{place}: {len(failed)} runs failed; the first: {failed[0]}")
    return results.sort("point", "replicate")
