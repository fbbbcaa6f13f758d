"""`thuis hindcast`: reads the arguments, simulates the years between two tables, and writes the results."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.options.declaration import choice, file_path, options_from, several, whole, words
from experiments.options.help import help_of
from experiments.options.settings import (
    LANGUAGES,
    LARGEST_SCALE,
    LARGEST_SEED,
    MOST_THREADS,
    PROGRESS,
    Settings,
    settings_from,
)
from experiments.options.words import Command, asks_for_help, read_words
from scenarios.errors import InputError

OF_A_RUN = ("out", "scale", "seed", "threads", "language", "progress")


@dataclass(frozen=True)
class HindcastOptions:
    """Options of `thuis hindcast`."""

    later: str | None = file_path("table of the later year: code, residents, origin_* and age_*; needed")
    later_year: int | None = whole(None, 1900, 2200, "its year, where no column year or file name tells it")
    arrivals: str = words(
        "none (every year as 2018), history (per year and motive, CBS), or after its last year low, middle or high",
        "none",
    )
    homes: tuple[str, ...] = several("tables with dwellings in two or more years: so many homes are built")
    municipalities: str = choice("all", ("all", "odd", "even"), "report on municipalities with such codes")
    at_least: int = whole(500, 1, 10_000_000, "residents of an area that is compared")
    out: str | None = file_path("folder for the result; default out/hindcast-DATE-TIME")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent; 1 simulates every resident")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of all random draws")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    language: str = choice("en", LANGUAGES, "language of page and figures")
    progress: str = choice("auto", PROGRESS, "bar on a terminal (auto), lines, or none")


COMMAND = Command(
    "hindcast",
    "Simulate years that have passed, from an earlier table to a later one, beside what was counted.",
    HindcastOptions,
    parts=("region", "policy", "parameters"),
    usage=("thuis hindcast region=REGION region.table=EARLIER later=LATER [KEY=VALUE ...]",),
    examples=(
        "thuis hindcast region=netherlands region.table=wijk_2017.csv later=gm_wk_bu_2024.csv scale=20",
        "thuis hindcast region=netherlands region.table=wijk_2017.csv later=gm_wk_bu_2024.csv scale=20 \\",
        "    arrivals=history homes=[gemeenten_2020.csv,gm_wk_bu_2024.csv] municipalities=even",
    ),
    notes="""\
Areas are matched by code and name; those that are gone, new, of another name or with other borders are left out and
listed. Per municipality and per area: growth, share with a migration background, ages, diversity, and dissimilarity
within cities; mean, spread, r, slope on the start, and the error beside "nothing changes" and "as the country did".
Writes a folder with page.html, hindcast.json, places.csv, left_out.csv and figures. municipalities=odd or even lets
parameters be fitted on the others.""",
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis hindcast` with these words."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    run_hindcast(*request_from(read_words(COMMAND, argv).nested()))
    return 0


def request_from(values: Mapping[str, Any]) -> tuple[Settings, dict[str, Any], int | None]:
    """Check a mapping of plain values.

    Returns
    -------
    Settings, dict, int or None
        What is simulated; the options that only a hindcast has; the year of the earlier table where it was given.

    Raises
    ------
    InputError, sim.parameters.ParameterError
        One clear line.
    """
    plain = {key: value for key, value in values.items() if key not in COMMAND.parts}
    options = asdict(options_from(HindcastOptions, plain, COMMAND.name))
    shared = {key: options.pop(key) for key in OF_A_RUN}
    settings = settings_from({key: values[key] for key in COMMAND.parts if key in values} | shared)
    if settings.region["table"] is None:
        raise InputError("hindcast needs a table of an earlier year: region=netherlands region.table=FILE")
    if options["later"] is None:
        raise InputError("later is missing: later=FILE, the table of a later year")
    region = values["region"]
    return settings, options, region.get("year") if isinstance(region, Mapping) else None


def run_hindcast(settings: Settings, own: dict[str, Any], first_year: int | None) -> None:
    """Simulate, compare, and write the result folder."""
    began = time.perf_counter()
    from experiments.hindcast.report import lines_of, write_report
    from experiments.hindcast.study import read_tables, study
    from experiments.results.folders import check_target, default_folder, new_result
    from experiments.simulation.progress import progress_of

    o = settings.options
    folder = Path(o.out) if o.out is not None else default_folder("hindcast")
    check_target(folder)
    tables = read_tables(settings, own, first_year)
    with new_result(folder) as hidden:
        found = study(settings, own, tables, progress_of(o.progress))
        found.result["seconds"] = round(time.perf_counter() - began, 1)
        write_report(hidden, found, o.language)
    print("\n".join(lines_of(found)))
    print(f"{folder}/page.html ({found.result['seconds']:.0f} s)")
