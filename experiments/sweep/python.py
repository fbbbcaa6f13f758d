"""`thuis.sweep`: a sweep from Python."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from experiments.options.calls import request_of
from experiments.options.keywords import takes_options
from experiments.results.own_table import frame_of, kept_frame, requested_region
from experiments.results.result_folder import folder_for
from experiments.sweep.plan import create
from experiments.sweep.planning import make_plan
from experiments.sweep.request import SweepOptions, SweepRequest, sweep_request
from experiments.sweep.running import progress_of, run_plan
from experiments.sweep.table import Sweep
from scenarios.errors import StoppedError


@takes_options(SweepOptions)
def sweep(
    region: Any = "westland",
    *,
    factors: Mapping[str, Any] | None = None,
    policy: Any = None,
    levers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, float] | None = None,
    engine: str = "threads",
    slurm: Mapping[str, Any] | None = None,
    **options: Any,
) -> Sweep:
    """Run a whole design; a sweep in a folder is resumed when it is requested again.

    Parameters
    ----------
    region : str, list, path, mapping, or polars or pandas DataFrame
        As for `thuis.run`.
    factors : mapping
        The values of each factor: ``region``, ``policy``, ``seed``, ``parameters.NAME``,
        ``policy.MEASURE.LEVER``.
        In a factorial design every value is a level; in the others two numbers are the ends of a range.
    policy, levers, parameters
        What all runs share, as for `thuis.run`.
    engine : {"threads", "processes", "slurm", "dask"}
        Where the runs are done.
    slurm : mapping, optional
        Options of Slurm, such as ``{"partition": "short"}``.
    {options}

    Returns
    -------
    Sweep

    Raises
    ------
    InputError
        A wrong name or value, in one clear line, before the first run.
    StoppedError
        Every run failed; the first error.

    Examples
    --------
    >>> found = thuis.sweep("vaals", factors={"parameters.effect_ties": (0.02, 0.15)}, design="sobol", runs=256)
    >>> found.plot("belonging")
    """
    requested, points = requested_region(region, options), frame_of(options.get("table"))
    plain = {**options, "engine": engine} | ({"table": None} if points is not None else {})
    parts = {"policy": policy, "levers": levers, "parameters": parameters, "factors": factors, "slurm": slurm}
    request = sweep_request(request_of(plain, region=requested.values, **parts))
    out = request.options.out
    with folder_for(out) as folder, requested.kept_table(folder) as table:
        request.region.update(table)
        if points is None:
            return run_request(request, folder, out is None)
        with kept_frame(points, folder, "points") as path:
            options_with = replace(request.options, table=str(path))
            return run_request(replace(request, options=options_with), folder, out is None)


def run_request(request: SweepRequest, folder: Path, temporary: bool) -> Sweep:
    """Plan, and run what is left."""
    o = request.options
    plan, table = make_plan(request)
    create(folder, plan, table)
    end = run_plan(
        folder, plan, o.engine, asdict(o) | {"slurm": request.slurm}, progress_of(choose_progress(o.progress))
    )
    if plan.runs and end.status.failed == end.status.done:
        raise StoppedError(f"every run failed; the first: {end.errors[0]}")
    return Sweep(folder, temporary)


def choose_progress(progress: str) -> str:
    """How progress is shown: of itself (auto) a bar, and that on a terminal alone."""
    return ("bar" if sys.stderr.isatty() else "none") if progress == "auto" else progress
