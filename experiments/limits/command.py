"""`thuis limits`: the limit cases as one page, the published figures beside ours."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.options.declaration import file_path, options_from, whole, yes_or_no
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words


@dataclass(frozen=True)
class LimitsOptions:
    """Options of `thuis limits`."""

    out: str = file_path("folder for page, figures and tables", "out/limits")
    replace: bool = yes_or_no("let a finished result in out= give way to the new one")
    seed: int = whole(1, 0, 2**31 - 1, "seed of all draws")
    runs: int = whole(200, 10, 100_000, "runs of Schelling's model for each share that people want")


COMMAND = Command(
    "limits",
    "Compute small models whose answers are known, and show them beside what is known: Neal & Neal's trade-off,\n"
    "Schelling's sorting, how long cohorts of arrivals stay, and familiarity pair by pair against the mean field that\n"
    "Thuis uses. Writes page.html, a figure and a table for each (PNG, SVG, CSV). About a minute.",
    LimitsOptions,
    examples=("thuis limits", "thuis limits out=limits runs=400"),
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis limits` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    o = options_from(LimitsOptions, read_words(COMMAND, argv).values, COMMAND.name)
    from experiments.limits.cases import computed_cases
    from experiments.limits.page import write_page
    from experiments.results.folders import check_target, new_result

    folder = Path(o.out)
    check_target(folder, o.replace)
    cases = []
    for case in computed_cases(o.seed, o.runs):
        print(f"thuis: {case.title}", file=sys.stderr, flush=True)
        cases.append(case)
    with new_result(folder, o.replace) as hidden:
        write_page(hidden, cases, o.seed)
    for case in cases:
        print(f"{case.title}: {case.verdict()}")
    print(f"{folder}/page.html")
    return 0
