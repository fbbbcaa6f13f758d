"""`thuis calibrate`: reads the arguments, runs the stages, and writes the results."""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from experiments.options.declaration import choice, file_path, options_from, whole
from experiments.options.help import help_of
from experiments.options.settings import LANGUAGES, LARGEST_SCALE, region_from
from experiments.options.words import Command, Request, asks_for_help, read_words
from scenarios.errors import InputError

OF_NATIONAL = ("data", "first", "second", "sample", "change")
OF_SURVEY = ("outcomes", "prior", "draws", "respondents", "scale", "language")


@dataclass(frozen=True)
class CalibrateOptions:
    """Options of `thuis calibrate`: the first few of a national study, the last few of a survey of one's own."""

    data: str | None = file_path("folder with the tables that docs/calibration.md lists; needed for a national study")
    first: int = whole(512, 16, 100_000, "trials of a Sobol design over the whole space")
    second: int = whole(256, 8, 100_000, "trials where the first say that the parameters lie")
    sample: int = whole(128, 8, 100_000, "draws of the posterior that are simulated with other random numbers")
    change: int = whole(40, 0, 100_000, "trials of the change from 2017 to 2024, to which moves are fitted; 0 for none")
    out: str = file_path("folder for all that is kept; a study that was stopped goes on where it was", "calibration")
    seed: int = whole(1, 0, 2**31 - 1, "seed of designs, sampler and simulations")
    workers: int = whole(1, 1, 256, "processes that simulate side by side")
    outcomes: str | None = file_path("survey of your own: code, construct, value, scale_min, scale_max, and n or se")
    prior: str = file_path("sample that the survey's fit begins from; calibrated is the national one", "calibrated")
    draws: int = whole(200, 50, 10_000, "draws of it that are simulated for the areas of the survey")
    respondents: int = whole(100, 5, 1_000_000, "of an area, where the survey has neither n nor se")
    scale: int | None = whole(None, 1, LARGEST_SCALE, "residents per agent; default about 40,000 agents or more")
    language: str = choice("en", LANGUAGES, "language of the survey's page and figures")


COMMAND = Command(
    "calibrate",
    "Fit the uncertain parameters to measured places and national patterns, and predict each place from the others;\n"
    "or, with region= and outcomes=, fit what a survey of your own tells of one municipality, beside the national fit.",
    CalibrateOptions,
    parts=("region",),
    usage=(
        "thuis calibrate data=FOLDER [KEY=VALUE ...]",
        "thuis calibrate region=REGION outcomes=SURVEY.csv [KEY=VALUE ...]",
    ),
    examples=(
        "thuis calibrate region=gouda areas=wijken outcomes=my_survey.csv out=gouda_fit",
        "thuis run region=gouda areas=wijken parameters=gouda_fit/parameters.yaml",
        "thuis compare region=gouda areas=wijken parameters=gouda_fit/parameters.yaml \\",
        "    posterior=gouda_fit/posterior.parquet policies=[baseline,libraries]",
    ),
    notes="""\
A national study writes posterior.parquet (draws for thuis compare posterior=...), places.csv (each place predicted
without it), parameters.csv, patterns.csv, calibration.json and figures. A survey's fit writes page.html,
posterior.parquet, parameters.yaml (for parameters=FILE), areas.csv (each area predicted without it), agreement.csv,
parameters.csv, calibration.json and figures. See docs/calibration.md.""",
)


def read_options(words: Sequence[str]) -> tuple[CalibrateOptions, dict[str, Any] | None]:
    """The options that words give, and the region of a survey; None for a national study.

    Raises
    ------
    InputError
    """
    request = read_words(COMMAND, words)
    options = options_from(CalibrateOptions, request.values, COMMAND.name)
    if options.outcomes is None:
        refuse(request, OF_SURVEY, "belongs to a survey of your own: give outcomes=FILE too")
        if request.region:
            raise InputError("region= belongs to a survey of your own: give outcomes=FILE too")
        if options.data is None:
            raise InputError(
                "data is missing: data=FOLDER with the tables that docs/calibration.md lists "
                "(or region= and outcomes=, to fit a survey of your own)"
            )
        return options, None
    refuse(request, OF_NATIONAL, "belongs to a national study, not to a survey of your own (outcomes=)")
    if not request.region:
        raise InputError("region is missing: region=NAME, the areas that outcomes= was measured in")
    return options, region_from(request.nested()["region"])


def refuse(request: Request, names: Sequence[str], why: str) -> None:
    """Refuse options that were given and do not belong there."""
    for name in names:
        if name in request.values:
            raise InputError(f"{name}={request.values[name]} {why}")


def say(stage: str, count: int, done: int) -> None:
    """A line on the error stream every sixteen trials."""
    if done % 16 == 0 or done == count:
        print(f"thuis: {stage}, {done} of {count} trials", file=sys.stderr, flush=True)


def main(argv: Sequence[str]) -> int:
    """Run `thuis calibrate` with these words and return its exit code."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    options, region = read_options(argv)
    folder = Path(options.out)
    lines = run_national(folder, options) if region is None else run_survey(folder, options, region)
    print("\n".join(lines))
    return 0


def run_national(folder: Path, options: CalibrateOptions) -> list[str]:
    """Run a national study and return the lines for the screen."""
    from experiments.calibrate.report import write_study
    from experiments.calibrate.study import run_study
    from experiments.calibrate.targets import load_targets

    values = {key: value for key, value in asdict(options).items() if key not in OF_SURVEY}
    targets = load_targets(Path(str(options.data)))
    os.makedirs(folder, exist_ok=True)
    study = run_study(folder, targets, values, partial(partial, say))
    return [*write_study(folder, study, targets, values), f"{folder}/calibration.json"]


def run_survey(folder: Path, options: CalibrateOptions, region: dict[str, Any]) -> list[str]:
    """Fit a survey of one's own and return the lines for the screen."""
    from experiments.calibrate.survey.report import write_survey_study
    from experiments.calibrate.survey.study import run_survey_study
    from experiments.calibrate.survey.survey import read_survey
    from experiments.simulation.simulate import load_table

    values, usual = (
        {key: value for key, value in asdict(each).items() if key not in OF_NATIONAL}
        for each in (options, CalibrateOptions())
    )
    survey = read_survey(load_table(region), str(options.outcomes), options.respondents)
    os.makedirs(folder, exist_ok=True)
    study = run_survey_study(folder, survey, values, partial(partial, say))
    return [*write_survey_study(folder, study, region, values, usual), f"{folder}/page.html"]
