"""`thuis.plan`: the best use of a budget, from Python."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments.options.declaration import options_from
from experiments.options.keywords import takes_options
from experiments.plan.figure import draw_front
from experiments.plan.report import front_table, text_of, write_study
from experiments.plan.study import PlanOptions, PlanStudy, run_study
from experiments.sweep.table import Sweep, open_sweep
from scenarios.errors import InputError


@dataclass(frozen=True)
class BudgetPlan:
    """A plan that was made.

    Attributes
    ----------
    study : PlanStudy
        Everything that was found: `verdict`, `front`, `confirmed` and others.
    table : DataFrame
        Plans that no other beats, and equal division.
    text : str
        What was found, in words.
    folder : Path
        Where it is written.
    """

    study: PlanStudy
    table: pl.DataFrame
    text: str
    folder: Path


@takes_options(PlanOptions)
def plan(sweep: Sweep | str | Path, **options: Any) -> BudgetPlan:
    """Find the best use of a budget over the levers of a sweep, and confirm it with the model.

    Parameters
    ----------
    sweep : Sweep or path
        With levers (policy.MEASURE.LEVER) and parameters (parameters.NAME) as factors.
    {options}

    Returns
    -------
    BudgetPlan

    Raises
    ------
    InputError
        No budget, no lever or parameter among the factors, a lever without a price, or a wrong option.
    StoppedError
        A confirming run failed.

    Examples
    --------
    >>> found = thuis.plan("out/lhs", budget=100_000)
    >>> print(found.text)
    """
    opened = sweep if isinstance(sweep, Sweep) else open_sweep(sweep)
    return make_plan_of(opened, options_from(PlanOptions, options, "plan"))


def make_plan_of(sweep: Sweep, options: PlanOptions) -> BudgetPlan:
    """Search, confirm and write."""
    if options.budget is None:
        raise InputError("a plan needs a budget: budget=EURO a year")
    folder = Path(options.out) if options.out else sweep.path / "plan"
    try:
        (folder / "runs").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"out={folder} cannot be written: {error.strerror or error}") from error
    study = run_study(sweep, options, folder / "runs")
    table = front_table(study)
    draw_front(study, table, folder, options.language)
    write_study(study, options, folder)
    return BudgetPlan(study, table, text_of(study, options), folder)
