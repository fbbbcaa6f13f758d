"""`thuis.run`: a run from Python."""

import time
from collections.abc import Mapping
from typing import Any

from experiments.options.calls import request_of
from experiments.options.keywords import takes_options
from experiments.options.settings import Options, settings_from
from experiments.results.own_table import requested_region
from experiments.results.result_folder import folder_for
from experiments.results.run_result import RunResult
from experiments.run.single_run import checked, write_result
from scenarios.errors import InputError


@takes_options(Options)
def run(
    region: Any,
    *,
    policy: Any = None,
    levers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, float] | None = None,
    **options: Any,
) -> RunResult:
    """Simulate a region.

    Parameters
    ----------
    region : str, list, path, mapping, or polars or pandas DataFrame
        A name of `thuis.regions`, or several; areas of your own in a file or a frame (docs/own_areas.md); or a mapping
        with options of the region, such as ``{"name": "cbs", "table": "wijk_2017.csv", "codes": ["GM0363"]}``.
        ``areas=`` and ``year=`` of a municipality may be given as keywords too.
    policy : str, path or mapping, optional
        A name of `thuis.policies`, a file of your own, or its content as a mapping; the baseline when left out.
    levers : mapping, optional
        Levers to change: ``{"libraries.funding": 2}`` in a measure of the policy, or by full name as in `thuis.levers`,
        ``{"facilities.funding.library": 2}``.
    parameters : mapping, optional
        Parameters of the model that differ from their defaults, by the names of `thuis.parameters`.
    {options}

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        A wrong name or value, in one clear line, before the simulation begins.

    Examples
    --------
    >>> result = thuis.run("vaals", policy="libraries", years=2, scale=5)
    >>> result.months.tail()
    """
    began = time.perf_counter()
    requested = requested_region(region, options)
    request = request_of(options, region=requested.values, policy=policy, levers=levers, parameters=parameters)
    settings = settings_from(request.nested())
    o, out = settings.options, settings.options.out
    if out is None and (o.checkpoint_every or o.stop_after):
        raise InputError("checkpoint_every and stop_after keep a checkpoint beside the result: give out=FOLDER too")
    with folder_for(out) as folder, requested.kept_table(folder) as table:
        settings.region.update(table)
        write_result(checked(settings, request.given), folder, began, page=out is not None)
        return RunResult(folder, temporary=out is None)
