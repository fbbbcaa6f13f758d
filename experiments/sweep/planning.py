"""From a request to the plan and design table of a sweep, all checked before the first run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.options.imported import behaviour_classes
from experiments.options.settings import parameters_from
from experiments.sweep.design import design_points, starts_together, with_replicates
from experiments.sweep.factors import Factor
from experiments.sweep.inputs import inputs_of
from experiments.sweep.models import FunctionRuns
from experiments.sweep.own import OWN, called
from experiments.sweep.plan import Plan, check_factor_columns, chunk_size, code_of_sweeps, factors_from, table_digest
from experiments.sweep.request import THUIS, SweepRequest
from scenarios.errors import InputError

# Parameters that shape the world at its start and cannot be changed after it.
ONLY_AT_START = tuple(f"parameters.{name}" for name in ("vacancy", "group_ages", "room_sharing", "households"))


def make_plan(request: SweepRequest) -> tuple[Plan, pl.DataFrame]:
    """Make the plan and design table of a request.

    Raises
    ------
    InputError
        One line for whatever is wrong.
    """
    o = request.options
    if o.model != THUIS:
        FunctionRuns(o.model)  # refuses what cannot be imported
    points, factors = points_and_factors(request)
    if any(f.name == "seed" for f in factors) and o.replicates > 1:
        raise InputError("factors.seed and replicates are both given; allowed is one of them")
    count = max(len(points), 1)
    table = with_replicates(points, o.seed, o.replicates, o.common, count)
    fixed: dict[str, Any] = {}
    building, agent_months = 1.0, 1.0
    if o.model == THUIS:
        from experiments.sweep.checking import check_model

        fixed = {
            "region": request.region,
            "policy": request.policy,
            "policy_changes": request.policy_changes,
            "parameters": request.parameters,
            **own_words(request),
        }
        parameters_from(request.parameters)
        if o.start == "shared":
            refuse_start_factors(factors)
        elif len(table):
            table = starts_together(table)
        scale, years = (ends(factors, name, getattr(o, name)) for name in ("scale", "years"))
        building, agents = check_model(fixed, factors, scale[0])
        agent_months = agents * 12 * years[1]
    return Plan(
        design=o.design,
        runs=len(table),
        points=count,
        model=o.model,
        factors={f.name: [list(f.values) if len(f.values) <= 1000 else [], f.is_range] for f in factors},
        fixed=fixed,
        years=o.years,
        scale=o.scale,
        seed=o.seed,
        replicates=o.replicates,
        common=o.common,
        start=o.start,
        yearly=o.yearly,
        chunk=o.chunk or chunk_size(len(table), agent_months),
        building=building,
        table_digest=table_digest(table),
        code=code_of_sweeps(),
        inputs=inputs_of(o.model, fixed, {f.name: f.values for f in factors}),
    ), table


def ends(factors: Sequence[Factor], name: str, usual: int) -> tuple[int, int]:
    """The lowest and highest value of a factor that is a whole number, or what all runs share."""
    values = next((f.values for f in factors if f.name == name), (usual,))
    return int(min(values)), int(max(values))


def own_words(request: SweepRequest) -> dict[str, Any]:
    """What is asked of the user's own functions and classes, each imported once so that what is wrong is said now."""
    o = request.options
    requested = {word: getattr(o, word) for word in OWN if getattr(o, word)}
    if requested.get("behaviour"):
        behaviour_classes(o.behaviour)
    for word in ("reporter", "stop"):
        called(requested.get(word), word)
    if o.model != THUIS and requested:
        raise InputError(f"{next(iter(requested))}= goes with the model of Thuis, not with model={o.model}")
    return requested | ({"monthly": True} if o.monthly else {})


def points_and_factors(request: SweepRequest) -> tuple[pl.DataFrame, list[Factor]]:
    """The points of the design, and what varies in it."""
    o = request.options
    if o.model != THUIS:
        factors = [free_factor(name, values, o.design) for name, values in request.factors.items()]
    else:
        factors = factors_from(request.factors, o.design)
    points = design_points(o.design, factors, o.runs, o.seed, o.table)
    if o.design == "file":
        if factors:
            raise InputError("design=file takes its factors from the table; leave factors.NAME out")
        factors = check_factor_columns(points) if o.model == THUIS else []
    return points, factors


def free_factor(name: str, values: Any, design: str) -> Factor:
    """A factor of another model than Thuis: numbers by any name."""
    values = values if isinstance(values, list) else [values]
    if not values or not all(isinstance(v, int | float) and np.isfinite(v) for v in values):
        raise InputError(f"factors.{name}={values} is not a list of numbers")
    return Factor(name, tuple(values), design != "factorial" and len(values) == 2)


def refuse_start_factors(factors: Sequence[Factor]) -> None:
    """Refuse to share a start among runs that cannot have the same one."""
    for factor in factors:
        if factor.name in ONLY_AT_START:
            raise InputError(
                f"factors.{factor.name} shapes the first residents and their homes: start=shared cannot vary it; "
                "use start=own"
            )


def folder_of(request: SweepRequest) -> Path:
    """The requested folder, or out/sweep-REGION-DATE-TIME."""
    from experiments.results.folders import default_folder

    return Path(request.options.out or default_folder(f"sweep-{request.region['name']}"))
