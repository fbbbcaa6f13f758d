"""`thuis calibrate`: reads the arguments, runs the stages, and writes the results."""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from experiments.options.declaration import file_path, options_from, whole
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words
from scenarios.errors import InputError


@dataclass(frozen=True)
class CalibrateOptions:
    """Options of `thuis calibrate`."""

    data: str | None = file_path("folder with the tables that docs/calibration.md lists; needed")
    out: str = file_path("folder for all that is kept; a study that was stopped goes on where it was", "calibration")
    first: int = whole(512, 16, 100_000, "trials of a Sobol design over the whole space")
    second: int = whole(256, 8, 100_000, "trials where the first say that the parameters lie")
    sample: int = whole(128, 8, 100_000, "draws of the posterior that are simulated with other random numbers")
    seed: int = whole(1, 0, 2**31 - 1, "seed of designs, sampler and simulations")
    workers: int = whole(1, 1, 256, "processes that simulate side by side")


COMMAND = Command(
    "calibrate",
    "Fit the uncertain parameters to measured places and national patterns, and predict each place from the others.\n"
    "Writes posterior.parquet (draws for thuis compare posterior=...), places.csv (each place predicted without it),\n"
    "parameters.csv, patterns.csv, calibration.json and figures.",
    CalibrateOptions,
    usage=("thuis calibrate data=FOLDER [KEY=VALUE ...]",),
)


def read_options(words: Sequence[str]) -> CalibrateOptions:
    """The options that words give.

    Raises
    ------
    InputError
    """
    options = options_from(CalibrateOptions, read_words(COMMAND, words).values, COMMAND.name)
    if options.data is None:
        raise InputError("data is missing: data=FOLDER with the tables that docs/calibration.md lists")
    return options


def say(stage: str, count: int, done: int) -> None:
    """A line on the error stream every sixteen trials."""
    if done % 16 == 0 or done == count:
        print(f"thuis: {stage}, {done} of {count} trials", file=sys.stderr, flush=True)


def main(argv: Sequence[str]) -> int:
    """Run `thuis calibrate` with these words and return its exit code."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    options = read_options(argv)
    from experiments.calibrate.report import write_study
    from experiments.calibrate.study import run_study
    from experiments.calibrate.targets import load_targets

    targets = load_targets(Path(str(options.data)))
    folder = Path(options.out)
    os.makedirs(folder, exist_ok=True)
    study = run_study(folder, targets, asdict(options), partial(partial, say))
    for line in write_study(folder, study, targets, asdict(options)):
        print(line)
    print(f"{folder}/calibration.json")
    return 0
