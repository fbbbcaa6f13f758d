"""`thuis validate`: reads the words, then measures patterns or sets the simulator beside outcomes."""

import time
from collections.abc import Sequence
from pathlib import Path

from experiments.options.help import help_of
from experiments.options.words import asks_for_help, read_words
from experiments.validate.request import COMMAND, ValidateRequest, request_from

OUTSIDE_YEARS = 1  # the outcomes are of about the year of the table: settled, and before its composition drifts


def main(argv: Sequence[str]) -> int:
    """Run `thuis validate` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = request_from(read_words(COMMAND, argv).nested())
    if request.options.outcomes is not None:
        run_outside_test(request)
        return 0
    from experiments.validate.patterns_command import run_patterns

    run_patterns(request)
    return 0


def run_outside_test(request: ValidateRequest) -> None:
    """Simulate the region and set it beside a table of outcomes."""
    began = time.perf_counter()
    from experiments.results.folders import check_target, default_folder, new_result
    from experiments.simulation.progress import progress_of
    from experiments.simulation.simulate import load_table
    from experiments.validate.outcomes import read_outcomes
    from experiments.validate.outside import described, outside_test
    from experiments.validate.report import outside_lines, write_outside
    from experiments.validate.simulated import automatic_scale, simulate
    from sim.machine.threads import ThreadPool

    o, region = request.options, request.region or {}
    folder = Path(o.out) if o.out is not None else default_folder("validate")
    check_target(folder)
    table = load_table(region)
    measured, left_out = read_outcomes(str(o.outcomes), [*table.code, *table.municipality_code])
    years = o.years or OUTSIDE_YEARS
    scale = o.scale or automatic_scale(table, [c for one in measured for c in one.code])
    with new_result(folder) as hidden:
        simulated = simulate(
            table,
            request.parameters,
            seed=o.seed,
            scale=scale,
            years=years,
            pool=ThreadPool(o.threads),
            progress=progress_of(o.progress),
        )
        found, rows = outside_test(measured, simulated)
        about = described(simulated, o.seed, years, left_out) | {
            "region": region,
            "outcomes": o.outcomes,
            "seconds": round(time.perf_counter() - began, 1),
        }
        write_outside(hidden, found | about, rows)
    print("\n".join(outside_lines(found, left_out)))
    print(f"{folder}/validation.json")
