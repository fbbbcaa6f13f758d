"""`thuis.compare`: a comparison from Python."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.compare.design import USUAL_POLICIES, CompareOptions, design_from
from experiments.compare.emulated import emulated_lines
from experiments.compare.job import prepare, write_result
from experiments.compare.result import ComparisonResult
from experiments.options.calls import request_of
from experiments.options.keywords import takes_options
from experiments.results.own_table import requested_region
from experiments.results.result_folder import folder_for


@takes_options(CompareOptions)
def compare(
    region: Any,
    *,
    policies: Sequence[Any] = USUAL_POLICIES,
    parameters: Mapping[str, float] | None = None,
    **options: Any,
) -> ComparisonResult:
    """Compare policies on the same random draws.

    Parameters
    ----------
    region : str, list, path, mapping, or polars or pandas DataFrame
        As for `thuis.run`.
    policies : sequence
        Two or more, each a name of `thuis.policies`, a file, or a mapping with a name of its own; the others are
        compared with the first. To change a package: ``{"name": "twice", "defaults": ["libraries"], "libraries":
        {"funding": 2}}``.
    parameters : mapping, optional
        Parameters of the model that differ from their defaults.
    {options}

    Returns
    -------
    ComparisonResult

    Raises
    ------
    InputError
        A wrong name or value, in one clear line, before the first replicate.

    Examples
    --------
    >>> found = thuis.compare("vaals", policies=["baseline", "libraries"], replicates=20, years=3)
    >>> found.effects.filter(pl.col("measure") == "belonging")
    """
    requested = requested_region(region, options)
    request = request_of({**options, "policies": policies}, region=requested.values, parameters=parameters)
    design = design_from(request.nested())
    out = design.options.out
    with folder_for(out) as folder, requested.kept_table(folder) as table:
        design.region.update(table)
        job = prepare(design)
        for line in emulated_lines(design, job.table):
            print(line, flush=True)
        write_result(job, folder, reports=out is not None)
        return ComparisonResult(folder, temporary=out is None)
