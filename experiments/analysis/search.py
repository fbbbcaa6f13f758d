"""`thuis sweep search`: robust values of levers, found by an optimiser (Optuna's NSGA-II).

Levers (factors.policy.*) are under the decision maker's control; all other factors (factors.parameters.*, seeds) are
conditions. Every trial of levers is simulated under the same conditions and draws, and is judged by the worst tenth
of its outcomes (many-objective robust decision making: Kasprzyk et al. 2013).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.analysis.pareto import nondominated
from experiments.options.declaration import choice, file_path, options_from, several, whole
from experiments.options.help import help_of
from experiments.options.settings import LARGEST_SCALE, LARGEST_SEED, LONGEST_YEARS
from experiments.options.words import Command, asks_for_help, read_words
from experiments.sweep.design import design_points, numbers_of, replicate_seed
from experiments.sweep.factors import Factor, factor_from
from experiments.sweep.plan import create, load_plan, written
from experiments.sweep.planning import make_plan
from experiments.sweep.request import STARTS, SWEEP, SweepRequest, WorkOptions, sweep_request
from experiments.sweep.running import progress_of, run_plan
from experiments.sweep.table import open_sweep
from scenarios.errors import InputError, StoppedError, close_matches
from scenarios.text import for_spreadsheets

GENERATION = 20
WORST = 0.1


@dataclass(frozen=True)
class SearchOptions(WorkOptions):
    """Options of `thuis sweep search`."""

    out: str | None = file_path("folder of the search; needed. The same command goes on where it was")
    goals: tuple[str, ...] = several(
        "outcomes to be high or low, judged by the worst tenth of the conditions", ("belonging:high", "spent:low")
    )
    conditions: int = whole(16, 1, 100_000, "draws of the parameters, each with its own seed, that every trial meets")
    trials: int = whole(200, 1, 100_000, "combinations of levers that are tried, a generation of 20 at a time")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of the search")
    years: int = whole(5, 1, LONGEST_YEARS, "years to simulate")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent")
    start: str = choice("own", STARTS, "as in thuis sweep")


SEARCH = Command(
    "sweep search",
    "Search for policies that do well whatever the conditions (Optuna, NSGA-II).",
    SearchOptions,
    parts=SWEEP.parts,
    usage=("thuis sweep search factors.policy.MEASURE.LEVER=[LOW,HIGH] ... factors.parameters.NAME=[LOW,HIGH] ...",),
    examples=(
        "thuis sweep search region=vaals scale=5 policy=wrr_agenda factors.policy.counter.one_stop=[0,1] \\",
        "    factors.policy.meeting_places.funding=[0.5,2] factors.parameters.effect_reception=[0,0.06] out=out/search",
    ),
)
OF_A_SWEEP = ("engine", "workers", "scheduler", "years", "scale", "start")  # options that every generation takes over


@dataclass
class Search:
    """The search: levers, conditions and goals.

    Attributes
    ----------
    levers : list of Factor
    conditions : polars.DataFrame
        A row per condition: uncertain parameters and the seed.
    goals : dict
        Outcome to "high" or "low".
    """

    request: SweepRequest
    levers: list[Factor]
    conditions: pl.DataFrame
    goals: dict[str, str]
    trials: int
    seed: int
    folder: Path


def main(argv: Sequence[str]) -> int:
    """Run `thuis sweep search` with these words."""
    if not argv or asks_for_help(argv):
        print(help_of(SEARCH))
        return 0
    search = read_search(argv)
    trials = run_search(search)
    print_front(search, trials)
    return 0


def read_search(words: Sequence[str]) -> Search:
    """Read and check the words.

    Raises
    ------
    InputError
    """
    given = read_words(SEARCH, words)
    o = options_from(SearchOptions, {"engine": "threads"} | given.values, SEARCH.name)
    request = sweep_request(given, {key: getattr(o, key) for key in OF_A_SWEEP})
    factors = [factor_from(name, values, ranges=True) for name, values in request.factors.items()]
    levers = [factor for factor in factors if factor.name.startswith("policy.")]
    if not levers:
        raise InputError("a search needs levers to choose: factors.policy.MEASURE.LEVER=[LOW,HIGH]")
    if any(not factor.is_range for factor in levers):
        raise InputError("each lever of a search is a range of two numbers: factors.policy.MEASURE.LEVER=[LOW,HIGH]")
    if o.out is None:
        raise InputError("a search needs a folder: out=FOLDER")
    conditions = conditions_of([f for f in factors if f not in levers], o.conditions, o.seed)
    return Search(request, levers, conditions, goals_of(o.goals), o.trials, o.seed, Path(o.out))


def goals_of(wanted: Sequence[str]) -> dict[str, str]:
    """Outcomes to high or low."""
    from experiments.sweep.outcomes import OUTCOMES

    goals = dict(part.partition(":")[::2] for part in wanted)
    for name, goal in goals.items():
        if name not in OUTCOMES:
            raise InputError(f"goals: {name} is not an outcome{close_matches(name, OUTCOMES)}")
        if goal not in ("high", "low"):
            raise InputError(f"goals: write {name}:high or {name}:low")
    return goals


def conditions_of(uncertain: list[Factor], count: int, seed: int) -> pl.DataFrame:
    """A Latin hypercube of the conditions, each point with its own seed."""
    seeds = pl.DataFrame({"seed": [replicate_seed(seed, at, None) for at in range(count)]})
    if not uncertain:
        return seeds
    return pl.concat([design_points("latin_hypercube", uncertain, count, seed), seeds], how="horizontal")


def run_search(search: Search) -> pl.DataFrame:
    """All trials: levers, and for each goal the worst tenth and the mean over the conditions.

    Every generation is a sweep in the folder `generations`, so what was done is not done again.
    """
    import optuna
    from optuna.distributions import BaseDistribution, FloatDistribution
    from optuna.study import StudyDirection

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    ways = {"high": StudyDirection.MAXIMIZE, "low": StudyDirection.MINIMIZE}
    directions = [ways[goal] for goal in search.goals.values()]
    sampler = optuna.samplers.NSGAIISampler(population_size=GENERATION, seed=numbers_of(search.seed, "search")[0])
    study = optuna.create_study(directions=directions, sampler=sampler)
    spans: dict[str, BaseDistribution] = {
        lever.name: FloatDistribution(float(lever.values[0]), float(lever.values[1])) for lever in search.levers
    }
    parts: list[pl.DataFrame] = []
    for generation in range(-(-search.trials // GENERATION)):
        count = min(GENERATION, search.trials - generation * GENERATION)
        trials = [study.ask(spans) for _ in range(count)]
        tried = pl.DataFrame([trial.params for trial in trials]).select(list(spans)).with_row_index("trial")
        found = judge(search, tried, generation)
        for trial, row in zip(trials, found.select(list(search.goals)).iter_rows(), strict=True):
            study.tell(trial, list(row))
        parts.append(found.with_columns(pl.lit(generation).alias("generation")))
    return pl.concat(parts).with_columns(pl.int_range(pl.len()).alias("trial"))


def judge(search: Search, tried: pl.DataFrame, generation: int) -> pl.DataFrame:
    """The trials of a generation with the worst tenth and mean of each goal over all conditions."""
    path = search.folder / "generations" / f"{generation:04d}"
    path.parent.mkdir(parents=True, exist_ok=True)
    points = tried.join(search.conditions, how="cross", maintain_order="left_right")
    table = path.with_suffix(".parquet")
    written(table, points.drop("trial").write_parquet)
    options = replace(search.request.options, design="file", table=str(table))
    plan, design = make_plan(replace(search.request, factors={}, options=options))
    create(path, plan, design)
    work: dict[str, Any] = asdict(options) | {"slurm": search.request.slurm}
    run_plan(path, load_plan(path), options.engine, work, progress_of("none"))
    results = open_sweep(path).pl().with_columns((pl.col("point") // len(search.conditions)).alias("trial"))
    failed = results["error"].drop_nulls()
    if len(failed):
        raise StoppedError(f"generation {generation}: {len(failed)} runs failed; the first: {failed[0]}")
    worst = [
        pl.col(name).quantile(WORST if goal == "high" else 1 - WORST, "linear") for name, goal in search.goals.items()
    ]
    means = [pl.col(name).mean().alias(f"{name}_mean") for name in search.goals]
    judged = results.group_by("trial").agg(*worst, *means).with_columns(pl.col("trial").cast(pl.UInt32))
    return tried.join(judged, on="trial", maintain_order="left")


def print_front(search: Search, trials: pl.DataFrame) -> None:
    """Show and write the non-dominated trials, with their figure."""
    from experiments.analysis.choice_figures import draw_front
    from experiments.analysis.command import print_table

    signs = {"low": 1, "high": -1}
    values = np.stack([signs[goal] * trials[name].to_numpy() for name, goal in search.goals.items()], axis=1)
    front = trials.filter(pl.Series(nondominated(values))).sort(next(iter(search.goals)))
    written(search.folder / "trials.csv", for_spreadsheets(trials).write_csv)
    written(search.folder / "front.csv", for_spreadsheets(front).write_csv)
    print_table(front)
    print(f"{len(trials):,} trials, each in {len(search.conditions)} conditions: {search.folder / 'trials.csv'}")
    if len(search.goals) == 2:
        y, x = search.goals
        print(draw_front(front.sort(x), trials, x, y, search.folder))
