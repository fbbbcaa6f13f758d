"""`thuis calibrate`: reads the words, runs the stages, and writes what was found."""

import os
import sys
from functools import partial
from pathlib import Path

from scenarios.errors import InputError

USAGE = """\
Fit the uncertain parameters to measured places and national patterns, and predict each place from the others.

  thuis calibrate data=FOLDER [out=FOLDER] [first=512] [second=256] [sample=128] [seed=1] [workers=1]

  data=     folder with the tables that docs/calibration.md lists
  out=      folder for all that is kept (default calibration); a study that was stopped goes on where it was
  first=    trials of a Sobol design over the whole space (default 512)
  second=   trials where the first say that the parameters lie (default 256)
  sample=   draws of the posterior that are simulated with other random numbers (default 128)
  seed=     seed of designs, sampler and simulations (default 1)
  workers=  processes that simulate side by side (default 1)

Writes posterior.parquet (draws for thuis compare posterior=...), places.csv (each place predicted without it),
parameters.csv, patterns.csv, calibration.json and figures.
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""

KINDS = {"data": str, "out": str, "first": int, "second": int, "sample": int, "seed": int, "workers": int}
RANGES = {
    "first": (16, 65536), "second": (8, 65536), "sample": (8, 65536), "seed": (0, 2**31 - 1), "workers": (1, 256),
}  # fmt: skip


def read_words(words: list[str]) -> dict:
    """Options by name.

    Raises
    ------
    InputError
    """
    options: dict = {"out": "calibration", "first": 512, "second": 256, "sample": 128, "seed": 1, "workers": 1}
    for word in words:
        key, equals, value = word.partition("=")
        if key not in KINDS or not equals:
            raise InputError(f"{word} is unknown (allowed: {', '.join(f'{k}=' for k in KINDS)})")
        try:
            options[key] = KINDS[key](value)
        except ValueError:
            raise InputError(f"{key}={value} is not a number") from None
        low, high = RANGES.get(key, (None, None))
        if low is not None and not low <= options[key] <= high:
            raise InputError(f"{key}={value} is not allowed; allowed is {low} to {high}")
    if not options.get("data"):
        raise InputError("data is missing: data=FOLDER with the tables that docs/calibration.md lists")
    return options


def say(stage: str, count: int, done: int) -> None:
    """A line on the error stream every sixteen trials."""
    if done % 16 == 0 or done == count:
        print(f"thuis: {stage}, {done} of {count} trials", file=sys.stderr, flush=True)


def calibrate_command(words: list[str]) -> int:
    """Run `thuis calibrate` with these words and return its exit code."""
    if any(word in ("--help", "-h", "help") for word in words):
        print(USAGE)
        return 0
    options = read_words(words)
    from experiments.calibrate.report import write_study
    from experiments.calibrate.study import run_study
    from experiments.calibrate.targets import load_targets

    targets = load_targets(Path(options["data"]))
    folder = Path(options["out"])
    os.makedirs(folder, exist_ok=True)
    study = run_study(folder, targets, options, partial(partial, say))
    for line in write_study(folder, study, targets, options):
        print(line)
    print(f"{folder}/calibration.json")
    return 0
