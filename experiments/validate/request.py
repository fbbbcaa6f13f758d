"""Options of `thuis validate`, and their check."""

from dataclasses import dataclass
from typing import Any

from experiments.options.declaration import choice, file_path, options_from, several, whole, yes_or_no
from experiments.options.settings import (
    LARGEST_SCALE,
    LARGEST_SEED,
    LONGEST_YEARS,
    MOST_THREADS,
    PROGRESS,
    parameters_from,
    region_from,
)
from experiments.options.words import Command
from experiments.validate.measures import SHARES
from scenarios.errors import InputError
from sim.parameters import Parameters


@dataclass(frozen=True)
class ValidateOptions:
    """Options of `thuis validate`."""

    outcomes: str | None = file_path("table of measured outcomes, for the outside test")
    patterns: tuple[str, ...] = several("some of the patterns; all when left out")
    quick: bool = yes_or_no("on a sample, in less than a minute")
    out: str | None = file_path("folder for the result; default out/validate-DATE-TIME")
    years: int | None = whole(None, 1, LONGEST_YEARS, "years after settling; default 1 with outcomes, 10 for patterns")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of the first run")
    seeds: int | None = whole(None, 1, 100, "runs that the patterns take the mean of; default 3, quick 1")
    scale: int | None = whole(None, 1, LARGEST_SCALE, "residents per agent; default: about 400,000 agents")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    progress: str = choice("auto", PROGRESS, "bar on a terminal (auto), lines, or none")


@dataclass(frozen=True)
class ValidateRequest:
    """What is to be validated, checked.

    Attributes
    ----------
    region : dict or None
        None where no region was given.
    """

    options: ValidateOptions
    region: dict[str, Any] | None
    parameters: Parameters


COMMAND = Command(
    "validate",
    "Set the simulator beside measured figures: patterns SF1 to SF20 (conf/patterns.yaml has target, band, source and\n"
    "how sure it is), or, with outcomes=FILE, any table of measured outcomes.",
    ValidateOptions,
    parts=("region", "parameters"),
    examples=(
        "thuis validate region=cbs region.table=wijk_2017.csv     real districts and the nine municipalities by name",
        "thuis validate                                           the nine municipalities by name only",
        "thuis validate --quick                                   on a sample, in less than a minute",
        "thuis validate patterns=[SF1,SF6]                        some of them",
        "thuis validate region=file region.table=AREAS outcomes=FILE out=FOLDER",
    ),
    notes="""\
Outcomes
  FILE has the columns code, construct, value, scale_min, scale_max, and year if there are several
  (the mean of a place counts); a code is that of an area or of a municipality, suppressed values are left out. Scales:
  0 to 10, 1 to 10 (marks), 0 to 100 (home: percent who feel at home), any other linearly. A construct is home or
  cohesion, or """
    + ", ".join(SHARES)
    + """.
  FOLDER/validation.json holds n, pearson, spearman, rmse and slope of the simulator, of the mean of the other places,
  of least squares on diversity, and of a regression on the model's own inputs (each leave-one-out).

A pattern outside its band is no failure: the exit code is 0.""",
)


def request_from(values: dict[str, Any]) -> ValidateRequest:
    """Check a mapping of plain values.

    Raises
    ------
    InputError, sim.parameters.ParameterError
        One clear line.
    """
    plain = {key: value for key, value in values.items() if key not in COMMAND.parts}
    options = options_from(ValidateOptions, plain, COMMAND.name)
    region = region_from(values["region"]) if "region" in values else None
    if options.outcomes is not None and region is None:
        raise InputError("outcomes needs a region, such as region=file region.table=AREAS")
    return ValidateRequest(options, region, parameters_from(values.get("parameters", {})))
