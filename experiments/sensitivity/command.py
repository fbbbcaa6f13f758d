"""`thuis sensitivity`: reads the arguments, evaluates the designs, writes tables and figures."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from experiments.options.declaration import file_path, options_from, several, whole, words
from experiments.options.help import help_of
from experiments.options.settings import region_from
from experiments.options.words import Command, asks_for_help, read_words
from experiments.sensitivity.designs import EFFECT, Runner, leading_of_policies, leading_parameters, morris, sobol
from experiments.sensitivity.outcomes import MEASURES, POLICIES, USUAL, USUAL_REGION, asked_of
from experiments.sensitivity.ranking import rankings


@dataclass(frozen=True)
class SensitivityOptions:
    """Options of `thuis sensitivity`."""

    out: str = file_path("folder for the result; a study that was stopped goes on where it was", "sensitivity")
    trajectories: int = whole(20, 1, 2000, "of Morris' design: one point per parameter each, and one more")
    leading: int = whole(8, 1, 50, "parameters that get Sobol indices, beside the one that does most to each policy")
    samples: int = whole(256, 1, 100_000, "base samples of these (a power of two)")
    rankings: int = whole(256, 1, 100_000, "points over all parameters at which policies are ranked, in four ways")
    outcomes: tuple[str, ...] = several(f"measures that are explained, of: {', '.join(MEASURES)}", USUAL)
    effect_on: str = words("the measure on which the effect of policies is taken", "belonging")
    scale: int = whole(20, 1, 1000, "residents per agent")
    seed: int = whole(1, 0, 2**31 - 1, "seed of designs and simulations")
    workers: int = whole(1, 1, 256, "processes")


COMMAND = Command(
    "sensitivity",
    "Find which parameters matter most: Morris screening over every uncertain parameter, then Sobol indices of the\n"
    "leading ones, for any measures of any region (usually of Arnhem: mean belonging, the gap between established and\n"
    "newcomers, the slope on diversity) and for the effect of policies on one of them; and how stable the order of\n"
    "policies is: as the model is, without effect of reception, without direct effect of turnover, without either.\n"
    "Writes morris.parquet, sobol.parquet, ranking.parquet, figures and summary.json.",
    SensitivityOptions,
    parts=("region",),
    usual_region=USUAL_REGION,
    examples=(
        "thuis sensitivity                                        Arnhem: belonging, gap and slope",
        "thuis sensitivity region=vaals outcomes=[at_home,turnover] effect_on=at_home scale=5 out=vaals_sensitivity",
        "thuis sensitivity region=file region.table=my_city.csv   a city of your own",
    ),
)


def say(name: str, done: int, count: int) -> None:
    """A line on the error stream per piece."""
    print(f"thuis: {name}, {done} of {count} points", file=sys.stderr, flush=True)


def main(argv: Sequence[str]) -> int:
    """Run `thuis sensitivity` with these words and return its exit code."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    options = options_from(SensitivityOptions, request.values, COMMAND.name)
    region = region_from({"name": USUAL_REGION} | request.region)
    asked = asked_of(region, options.outcomes, options.effect_on)
    from experiments.sensitivity.figures import draw_morris, draw_policies, draw_ranking, draw_sobol

    folder = Path(options.out)
    run = Runner(folder / "runs", options.scale, options.seed, asked, options.workers, say)
    began = time.perf_counter()
    screened, screening = morris(run, options.trajectories)
    names = leading_parameters(screened, options.leading)
    names += [name for name in leading_of_policies(screened) if name not in names]
    indices, base = sobol(run, names, options.samples)
    ranked, ranking_points = rankings(run, options.rankings)
    for name, table in (("morris", screened), ("sobol", indices), ("ranking", ranked)):
        table.write_parquet(folder / f"{name}.parquet")
    draw_morris(folder, screened)
    draw_sobol(folder, indices)
    draw_policies(folder, indices, options.effect_on)
    draw_ranking(folder, ranked)
    runs = (screening + base + ranking_points) * (1 + len(POLICIES))
    summary = {
        "leading": names,
        "runs": runs,
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time(), 1),
        "region": region,
    } | asdict(options)
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, fmt_str_lengths=40):
        print(indices.filter(~pl.col("outcome").str.starts_with(EFFECT)))
        print(ranked)
    print(f"{folder}/summary.json ({runs} runs, {summary['seconds']} s)")
    return 0
