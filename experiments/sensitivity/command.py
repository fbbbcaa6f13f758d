"""`thuis sensitivity`: reads the words, evaluates the designs, writes tables."""

import json
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from experiments.sensitivity.outcomes import OUTCOMES, POLICIES, outcomes_of
from scenarios.errors import InputError
from sim.parameter import describe
from sim.parameters import Parameters

USAGE = """\
Find which parameters matter most: Morris screening over every uncertain parameter, then Sobol indices of the leading
ones, for mean belonging, the gap between established and newcomers, the diversity slope and the effect of policies.

  thuis sensitivity [out=FOLDER] [trajectories=10] [leading=8] [samples=64] [scale=20] [seed=1] [workers=1]

Writes morris.parquet, sobol.parquet, ranking.parquet (how often each policy is the best, and how often its effect is
positive, over the Sobol design) and summary.json.
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""

DEFAULTS = {"trajectories": 10, "leading": 8, "samples": 64, "scale": 20, "seed": 1, "workers": 1}
HIGHEST = {"trajectories": 1000, "leading": 50, "samples": 65536, "scale": 1000, "seed": 2**31 - 1, "workers": 256}


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


def evaluate(points: np.ndarray, names: list[str], options: dict) -> np.ndarray:
    """Outcomes at every point of a design, float64 [points, outcomes]; the division over processes has no say."""
    one = partial(outcomes_of, scale=options["scale"], seed=options["seed"])
    values = [dict(zip(names, map(float, point), strict=True)) for point in points]
    if options["workers"] == 1:
        return np.array([one(v) for v in values])
    with get_context("spawn").Pool(options["workers"]) as pool:
        return np.array(pool.map(one, values, chunksize=4))


def problem_of(names: list[str]) -> dict:
    """SALib's description of a space of parameters."""
    known = describe(Parameters)
    return {"num_vars": len(names), "names": names, "bounds": [[known[n].low, known[n].high] for n in names]}


def morris(options: dict) -> tuple[pl.DataFrame, int]:
    """Morris' mu* and sigma of every uncertain parameter for every outcome, and the number of points."""
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    names = [name for name, d in describe(Parameters).items() if d.uncertain]
    problem = problem_of(names)
    points = sample(problem, options["trajectories"], num_levels=4, seed=options["seed"])
    found = evaluate(points, names, options)
    rows = []
    for at, outcome in enumerate(OUTCOMES):
        indices = analyze(problem, points, found[:, at], num_levels=4, seed=options["seed"])
        for n, name in enumerate(names):
            rows.append(
                {
                    "outcome": outcome,
                    "parameter": name,
                    "mu_star": float(indices["mu_star"][n]),
                    "mu_star_conf": float(indices["mu_star_conf"][n]),
                    "sigma": float(indices["sigma"][n]),
                }
            )
    return pl.DataFrame(rows), len(points)


def leading_parameters(table: pl.DataFrame, count: int) -> list[str]:
    """Those with the largest mu*, as a share of the largest per outcome, over belonging, gap and slope."""
    chosen = table.filter(pl.col("outcome").is_in(["belonging", "gap", "slope"]))
    share = (pl.col("mu_star") / pl.col("mu_star").max().over("outcome")).alias("share")
    ranked = chosen.with_columns(share).group_by("parameter").agg(pl.col("share").max())
    return ranked.sort(["share", "parameter"], descending=[True, False]).head(count)["parameter"].to_list()


def sobol(names: list[str], options: dict) -> tuple[pl.DataFrame, np.ndarray]:
    """First-order and total Sobol indices with 95 % intervals, and the outcomes of the design."""
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    problem = problem_of(names)
    points = sample(problem, options["samples"], calc_second_order=False, seed=options["seed"])
    found = evaluate(points, names, options)
    rows = []
    for at, outcome in enumerate(OUTCOMES):
        s = analyze(problem, found[:, at], calc_second_order=False, seed=options["seed"])
        for n, name in enumerate(names):
            values = {key: float(s[key][n]) for key in ("S1", "S1_conf", "ST", "ST_conf")}
            rows.append({"outcome": outcome, "parameter": name} | values)
    return pl.DataFrame(rows), found


def ranking(found: np.ndarray) -> pl.DataFrame:
    """How often each policy does most for mean belonging, and how often its effect is positive."""
    effects = found[:, len(OUTCOMES) - len(POLICIES) :]
    best = effects.argmax(axis=1)
    return pl.DataFrame(
        [
            {
                "policy": policy,
                "mean_effect": float(effects[:, n].mean()),
                "share_positive": float((effects[:, n] > 0).mean()),
                "share_best": float((best == n).mean()),
            }
            for n, policy in enumerate(POLICIES)
        ]
    )


def sensitivity_command(words: list[str]) -> int:
    """Run `thuis sensitivity` with these words and return its exit code."""
    if any(word in ("--help", "-h", "help") for word in words):
        print(USAGE)
        return 0
    options = read_words(words)
    folder = Path(options["out"])
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    screened, points = morris(options)
    screened.write_parquet(folder / "morris.parquet")
    names = leading_parameters(screened, options["leading"])
    indices, found = sobol(names, options)
    indices.write_parquet(folder / "sobol.parquet")
    ranking(found).write_parquet(folder / "ranking.parquet")
    runs = (points + len(found)) * (1 + len(POLICIES))
    summary = {"leading": names, "runs": runs, "seconds": round(time.perf_counter() - began, 1)} | options
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True):
        print(indices.filter(pl.col("outcome").is_in(["belonging", "gap", "slope"])))
        print(ranking(found))
    print(f"{folder}/sobol.parquet ({runs} runs, {summary['seconds']} s)")
    return 0
