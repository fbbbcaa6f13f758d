"""`thuis calibrate`: reads the words, searches, and writes what was found."""

import json
import os
import sys
from pathlib import Path

from scenarios.errors import InputError

USAGE = """\
Fit the uncertain parameters to measured places and national patterns.

  thuis calibrate data=FOLDER [trials=200] [out=FOLDER] [seed=1] [workers=1] [draws=0] [kept=0.05]

  data=     folder with the tables that docs/calibration.md lists
  trials=   trials to add (a folder that exists is resumed); default 200
  out=      folder for study.journal, trials.parquet, best.yaml, best.json; default calibration
  seed=     seed of the search and of every simulation (default 1)
  workers=  processes that search side by side (default 1)
  draws=    points of a Sobol design for the posterior sample (a power of two; default 0, none)
  kept=     share of them that is kept in posterior.parquet (default 0.05)

Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""

KINDS = {"data": str, "trials": int, "out": str, "seed": int, "workers": int, "draws": int, "kept": float}
RANGES = {"trials": (0, 100_000), "seed": (0, 2**31 - 1), "workers": (1, 256), "draws": (0, 1 << 20), "kept": (0, 1)}


def read_words(words: list[str]) -> dict:
    """Options by name.

    Raises
    ------
    InputError
    """
    options: dict = {"trials": 200, "out": "calibration", "seed": 1, "workers": 1, "draws": 0, "kept": 0.05}
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


def work(data: str, out: str, trials: int, seed: int) -> None:
    """Trials of one process."""
    from experiments.calibrate.study import search
    from experiments.calibrate.targets import load_targets

    def report(number: int, best: float) -> None:
        if number % 10 == 0:
            print(f"trial {number}: best loss {best:.1f}", file=sys.stderr, flush=True)

    search(Path(out), load_targets(Path(data)), trials, seed, report)


def divide(options: dict) -> None:
    """Share the trials out over processes."""
    from multiprocessing import get_context

    workers = options["workers"]
    if workers == 1:
        work(options["data"], options["out"], options["trials"], options["seed"])
        return
    shares = [options["trials"] // workers + (w < options["trials"] % workers) for w in range(workers)]
    with get_context("spawn").Pool(workers) as pool:
        pool.starmap(work, [(options["data"], options["out"], n, options["seed"] + w) for w, n in enumerate(shares)])


def calibrate_command(words: list[str]) -> int:
    """Run `thuis calibrate` with these words and return its exit code."""
    if any(word in ("--help", "-h", "help") for word in words):
        print(USAGE)
        return 0
    options = read_words(words)
    from experiments.calibrate.study import completed, open_study, posterior_sample
    from experiments.calibrate.targets import load_targets

    targets = load_targets(Path(options["data"]))
    folder = Path(options["out"])
    os.makedirs(folder, exist_ok=True)
    divide(options)
    table = completed(open_study(folder, options["seed"]))
    table.write_parquet(folder / "trials.parquet")
    write_best(folder, table.row(0, named=True))
    if options["draws"]:
        posterior_sample(targets, options["draws"], options["kept"], options["seed"]).write_parquet(
            folder / "posterior.parquet"
        )
    print(f"{folder}/best.yaml")
    return 0


def write_best(folder: Path, best: dict) -> None:
    """The best trial as a file of parameters and, with all that was found, as JSON."""
    from experiments.calibrate.space import SPACE, decay_of

    lines = [f"# Trial {best['trial']}, loss {best['loss']:.2f}", "parameters:"]
    lines += [f"  {name}: {best[name]:.5g}" for name in SPACE]
    lines.append(f"  tie_decay: {decay_of(best['tie_kept_moving']):.5g}")
    (folder / "best.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "best.json").write_text(json.dumps(best, indent=1) + "\n", encoding="utf-8")
