"""`thuis hindcast`: reads the words, simulates the years between two tables, and writes what was found."""

import time
from pathlib import Path
from typing import Any

from experiments.options.settings import Settings
from scenarios.errors import InputError

HELP = ("--help", "-h", "help")
OWN_KEYS = ("later", "later_year", "arrivals", "homes", "municipalities", "at_least")
CHOICES = ("all", "odd", "even")
NOT_HERE = ("driver", "people", "checkpoint_every", "resume", "start", "years")
USAGE = """\
Simulate years that have passed, from an earlier table to a later one, beside what was counted.

  thuis hindcast region=REGION region.table=EARLIER later=LATER [KEY=VALUE ...]

  thuis hindcast region=netherlands region.table=wijk_2017.csv later=gm_wk_bu_2024.csv scale=20
  thuis hindcast region=netherlands region.table=wijk_2017.csv later=gm_wk_bu_2024.csv scale=20 \\
      arrivals=history homes=[gemeenten_2020.csv,gm_wk_bu_2024.csv] municipalities=even

Areas are matched by code and name; those that are gone, new, of another name or with other borders are left out and
listed. Per municipality and per area: growth, share with a migration background, ages, diversity, and dissimilarity
within cities; mean, spread, r, slope on the start, and the error beside "nothing changes" and "as the country did".
Writes a folder with page.html, hindcast.json, places.csv, left_out.csv and figures.

Options
  region=, region.*=, parameters.NAME=, policy=    as in thuis run
  later=           table of the later year: code, residents, origin_* and age_* (shares, percents or counts)
  later_year=      its year, where neither a column year nor the file's name tells it (the first: region.year=)
  arrivals=        none (every year as 2018; default), history (arrivals per year and motive of CBS), or after its
                   last year low, middle or high
  homes=           tables with dwellings in two or more years: so many homes are built; default: alike everywhere
  municipalities=  all (default), odd or even: report on municipalities with such codes, so that parameters can be
                   fitted on the others
  at_least=        residents of an area that is compared (default 500)
  out=             folder for the result; default out/hindcast-DATE-TIME
  scale=, seed=, threads=, language=, progress=    as in thuis run

Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""


def hindcast_command(words: list[str]) -> int:
    """Run `thuis hindcast` with these words and return its exit code."""
    if not words or any(word in HELP for word in words):
        print(USAGE)
        return 0
    own, rest = split_words(words)
    from experiments.validate.command import compose

    given = {word.lstrip("+~").split("=")[0] for word in rest if not word.startswith("-")}
    for key in sorted(given):
        if key.split(".")[0] in NOT_HERE:
            raise InputError(f"{key} does not belong to hindcast (list: thuis hindcast --help)")
    settings = compose(rest)
    if settings.region["table"] is None:
        raise InputError("hindcast needs a table of an earlier year: region=netherlands region.table=FILE")
    run_hindcast(settings, own, settings.region["year"] if "region.year" in given else None)
    return 0


def split_words(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Take out the options that only `hindcast` has, checked; returns their values and the words that remain.

    Raises
    ------
    InputError
    """
    own: dict[str, Any] = {
        "later": None, "later_year": None, "arrivals": "none", "homes": [], "municipalities": "all", "at_least": 500,
    }  # fmt: skip
    rest = []
    for word in words:
        key, equals, value = word.partition("=")
        value = value.strip().strip("'\"")
        if key not in OWN_KEYS:
            rest.append(word)
        elif not equals or not value:
            raise InputError(f"{key} is empty (list: thuis hindcast --help)")
        elif key == "homes":
            own[key] = [] if value == "none" else [one.strip() for one in value.strip("[]").split(",") if one.strip()]
        elif key in ("later_year", "at_least"):
            low, high = (1900, 2200) if key == "later_year" else (1, 10_000_000)
            if not (value.isdecimal() and low <= int(value) <= high):
                raise InputError(f"{key}={value} is not allowed; allowed is {low} to {high}")
            own[key] = int(value)
        elif key == "municipalities" and value not in CHOICES:
            raise InputError(f"municipalities={value} is not allowed; allowed is {', '.join(CHOICES)}")
        else:
            own[key] = value
    if own["later"] is None:
        raise InputError("later is missing: later=FILE, the table of a later year")
    return own, rest


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
