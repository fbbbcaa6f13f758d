"""`thuis sensitivity`: reads the words, evaluates the designs, writes tables and figures."""

import json
import sys
import time
from pathlib import Path

import polars as pl

from experiments.sensitivity.designs import BASIC, Runner, leading_of_policies, leading_parameters, morris, sobol
from experiments.sensitivity.outcomes import POLICIES
from experiments.sensitivity.ranking import rankings
from scenarios.errors import InputError

USAGE = """\
Find which parameters matter most: Morris screening over every uncertain parameter, then Sobol indices of the leading
ones, for mean belonging, the gap between established and newcomers, the diversity slope and the effect of policies;
and how stable the order of policies is.

  thuis sensitivity [out=FOLDER] [trajectories=20] [leading=8] [samples=256] [rankings=256] [scale=20] [seed=1]
                    [workers=1]

  trajectories=  of Morris' design: one point per parameter each, and one more
  leading=       parameters that get Sobol indices, beside the one that does most to each policy's effect;
  samples=       base samples of these (a power of two)
  rankings=      points over all parameters at which policies are ranked, four times: as they are, without effect of
                 reception, without direct effect of turnover, without either
  scale=         residents per agent in the city that is simulated (Arnhem of the typology)
  workers=       processes; a study that was stopped goes on where it was, in the same folder

Writes morris.parquet, sobol.parquet, ranking.parquet, figures and summary.json.
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""

DEFAULTS = {
    "trajectories": 20, "leading": 8, "samples": 256, "rankings": 256, "scale": 20, "seed": 1, "workers": 1,
}  # fmt: skip
HIGHEST = {
    "trajectories": 2000, "leading": 50, "samples": 65536, "rankings": 65536, "scale": 1000, "seed": 2**31 - 1,
    "workers": 256,
}  # fmt: skip


def read_words(words: list[str]) -> dict:
    """Options by name.

    Raises
    ------
    InputError
    """
    options: dict = dict(DEFAULTS, out="sensitivity")
    for word in words:
        key, equals, value = word.partition("=")
        if key not in options or not equals:
            raise InputError(f"{word} is unknown (allowed: {', '.join(f'{k}=' for k in options)})")
        if key == "out":
            options[key] = value
            continue
        lowest = 0 if key == "seed" else 1
        if not value.isdigit() or not lowest <= int(value) <= HIGHEST[key]:
            raise InputError(f"{key}={value} is not allowed; allowed is {lowest} to {HIGHEST[key]}")
        options[key] = int(value)
    return options


def say(name: str, done: int, count: int) -> None:
    """A line on the error stream per piece."""
    print(f"thuis: {name}, {done} of {count} points", file=sys.stderr, flush=True)


def sensitivity_command(words: list[str]) -> int:
    """Run `thuis sensitivity` with these words and return its exit code."""
    if any(word in ("--help", "-h", "help") for word in words):
        print(USAGE)
        return 0
    options = read_words(words)
    from experiments.sensitivity.figures import draw_morris, draw_policies, draw_ranking, draw_sobol

    folder = Path(options["out"])
    run = Runner(folder / "runs", options["scale"], options["seed"], options["workers"], say)
    began = time.perf_counter()
    screened, screening = morris(run, options["trajectories"])
    names = leading_parameters(screened, options["leading"])
    names += [name for name in leading_of_policies(screened) if name not in names]
    indices, base = sobol(run, names, options["samples"])
    ranked, ranking_points = rankings(run, options["rankings"])
    for name, table in (("morris", screened), ("sobol", indices), ("ranking", ranked)):
        table.write_parquet(folder / f"{name}.parquet")
    draw_morris(folder, screened)
    draw_sobol(folder, indices)
    draw_policies(folder, indices)
    draw_ranking(folder, ranked)
    runs = (screening + base + ranking_points) * (1 + len(POLICIES))
    summary = {"leading": names, "runs": runs, "seconds": round(time.perf_counter() - began, 1),
               "processor_seconds": round(time.process_time(), 1)} | options  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, fmt_str_lengths=40):
        print(indices.filter(pl.col("outcome").is_in(BASIC)))
        print(ranked)
    print(f"{folder}/summary.json ({runs} runs, {summary['seconds']} s)")
    return 0
