"""Designs: which combinations of factors are run, each a table of points; the same words give the same table."""

import hashlib
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.sweep.factors import Factor
from scenarios.errors import InputError

DESIGNS = {
    "factorial": "every combination of the levels",
    "latin_hypercube": "runs points that cover each range evenly",
    "sobol": "Saltelli's sample for Sobol indices, runs x (factors + 2) points; runs a power of two",
    "morris": "trajectories for Morris's elementary effects, runs x (factors + 1) points",
    "file": "the points of a table of your own (table=FILE.csv or .parquet)",
}
MOST_POINTS = 20_000_000
MORRIS_LEVELS = 4


def design_points(
    design: str, factors: list[Factor], runs: int | None, seed: int, table: str | None = None
) -> pl.DataFrame:
    """The points of a design, a column per factor.

    Raises
    ------
    InputError
        No factors, a number of runs that does not suit the design, or too many points.
    """
    if design == "file":
        return points_of_file(table)
    if not factors and design != "factorial":
        raise InputError(f"design={design} varies nothing: give factors.NAME=[LOW,HIGH]")
    if design == "factorial":
        return factorial(factors, runs)
    share = sampled(design, len(factors), 100 if runs is None else runs, seed)
    return pl.DataFrame({factor.name: factor.at(share[:, at]) for at, factor in enumerate(factors)})


def factorial(factors: list[Factor], runs: int | None) -> pl.DataFrame:
    """Every combination of levels, the last factor fastest."""
    count = math.prod(len(factor.values) for factor in factors)
    if count > MOST_POINTS:
        raise InputError(f"this factorial design has {count:,} points; at most {MOST_POINTS:,} are allowed")
    if runs is not None and runs != count:
        raise InputError(
            f"runs={runs}, but the levels make {count:,} combinations; leave runs out, or choose latin_hypercube"
        )
    if not factors:
        return pl.DataFrame({"point": [0]}).select([])
    index = np.array(list(itertools.product(*(range(len(factor.values)) for factor in factors))))
    return pl.DataFrame({factor.name: factor.column(index[:, at]) for at, factor in enumerate(factors)})


def sampled(design: str, factors: int, runs: int, seed: int) -> np.ndarray:
    """Points in the unit cube, float64 [N, factors]."""
    if design == "latin_hypercube":
        from scipy.stats import qmc  # half a second, which other designs do not need

        return qmc.LatinHypercube(factors, rng=np.random.default_rng(numbers_of(seed, "latin_hypercube"))).random(runs)
    problem = {"num_vars": factors, "names": [f"f{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    key = numbers_of(seed, design)[0]
    if design == "sobol":
        from SALib.sample import sobol

        if runs & (runs - 1) or runs < 2:
            raise InputError(f"runs={runs} is not a power of two, which design=sobol needs (such as 256 or 1024)")
        return np.clip(sobol.sample(problem, runs, calc_second_order=False, seed=key), 0, 1)
    from SALib.sample import morris

    if runs < 2:
        raise InputError(f"runs={runs}: design=morris needs at least 2 trajectories")
    return np.asarray(morris.sample(problem, runs, num_levels=MORRIS_LEVELS, seed=key))


def numbers_of(seed: int, purpose: str) -> list[int]:
    """Four 32-bit numbers keyed by seed and purpose: neighbouring seeds have nothing in common."""
    found = hashlib.sha256(f"thuis {purpose} {seed}".encode()).digest()
    return [int.from_bytes(found[at : at + 4], "big") >> 1 for at in range(0, 16, 4)]


def points_of_file(table: str | None) -> pl.DataFrame:
    """Own points: a column per factor."""
    if not table:
        raise InputError("design=file needs the points: table=FILE.csv")
    path = Path(table)
    if not path.is_file():
        raise InputError(f"table={table}: no such file")
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    except Exception as error:
        raise InputError(f"{path.name}: not readable as a table: {' '.join(str(error).split())[:120]}") from error
    if not len(frame):
        raise InputError(f"{path.name}: no rows")
    return frame


def replicate_seed(seed: int, replicate: int, point: int | None) -> int:
    """Seed of a replicate: the first is the seed itself, others are keyed by it, never added to it.

    Parameters
    ----------
    point : int or None
        None for common random numbers: every point has the same seeds.
    """
    if replicate == 0 and point is None:
        return seed
    found = hashlib.sha256(f"thuis replicate {seed} {replicate} {point}".encode()).digest()
    return int.from_bytes(found[:8], "big") >> 11  # 53 bits: exact in any table


def with_replicates(points: pl.DataFrame, seed: int, replicates: int, common: bool, count: int) -> pl.DataFrame:
    """The design table: a row per run with its number, point, replicate, seed and factors.

    Parameters
    ----------
    count : int
        Number of points (a design without factors has one).
    """
    point = np.repeat(np.arange(count), replicates)
    replicate = np.tile(np.arange(replicates), count)
    columns: dict[str, Any] = {"run": np.arange(len(point)), "point": point, "replicate": replicate}
    if "seed" not in points.columns:
        if common:
            seeds = np.array([replicate_seed(seed, r, None) for r in range(replicates)], np.int64)[replicate]
        else:
            seeds = np.array([replicate_seed(seed, int(r), int(p)) for p, r in zip(point, replicate, strict=True)])
        columns["seed"] = seeds
    frame = pl.DataFrame(columns)
    return pl.concat([frame, points[point]], how="horizontal") if points.width else frame


def starts_together(design: pl.DataFrame) -> pl.DataFrame:
    """The design with its runs numbered so that those with one start follow one another, and a worker settles it once.

    Runs share a start when they differ in policy alone: region, parameters and seed are the same.
    """
    keys = [name for name in design.columns if name in ("region", "seed") or name.startswith("parameters.")]
    first = pl.col("run").min().over(keys).alias("first")
    return design.sort(first, "run").with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("run"))
