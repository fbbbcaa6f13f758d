"""The points of a sweep as an emulator learns from them: factors that are numbers, and cases told apart by words."""

import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from experiments.emulate.process import Points
from experiments.sweep.table import Sweep, ends_of_runs
from scenarios.errors import InputError

MOST_POINTS = 1500  # of a case: the time grows with their third power
FEWEST_POINTS = 20


@dataclass(frozen=True)
class Factors:
    """What an emulator depends on.

    Attributes
    ----------
    names : list of str
        Factors that are numbers.
    low, high : float64 [D]
        Lowest and highest value of each in the sweep.
    words : list of str
        Factors that are words, such as region and policy: each combination has its own emulator.
    """

    names: list[str]
    low: np.ndarray
    high: np.ndarray
    words: list[str]

    def unit(self, values: np.ndarray) -> np.ndarray:
        """Values [N, D] as numbers from -1 to 1."""
        return 2 * (values - self.low) / (self.high - self.low) - 1


def factors_of(sweep: Sweep) -> Factors:
    """The factors of a sweep, the seed left out.

    Raises
    ------
    InputError
        Nothing is varied, or a factor has one value.
    """
    names, words, low, high = [], [], [], []
    for name in sweep.factors:
        column = sweep.design[name]
        if name == "seed":
            continue
        if not column.dtype.is_numeric():
            words.append(name)
            continue
        values, is_range = sweep.plan.factors.get(name, [[], False])
        tried = np.array(values) if is_range and len(values) == 2 else column.to_numpy()
        if tried.min() == tried.max():
            raise InputError(f"{sweep.path}: factor {name} has one value, {tried[0]}; an emulator needs two or more")
        names.append(name)
        low.append(float(tried.min()))
        high.append(float(tried.max()))
    if not names:
        raise InputError(f"{sweep.path}: no factor of this sweep is a number; an emulator needs one or more")
    return Factors(names, np.array(low), np.array(high), words)


def cases_of(sweep: Sweep, factors: Factors) -> dict[tuple[str, ...], pl.DataFrame]:
    """The completed runs at their end, by the words of their case."""
    good = ends_of_runs(sweep.pl().filter(pl.col("error").is_null()))
    if not factors.words:
        return {(): good}
    parts = good.partition_by(factors.words, as_dict=True, maintain_order=True)
    return {tuple(str(word) for word in key): part for key, part in parts.items()}


def points_of(runs: pl.DataFrame, factors: Factors, outcome: str, where: str) -> tuple[Points, list[np.ndarray]]:
    """Mean and variance of an outcome at each point, and the runs themselves; runs without the outcome are left out.

    Raises
    ------
    InputError
        Too few points, or an outcome that never varies.
    """
    value = pl.col(outcome).cast(pl.Float64)
    points = (
        runs.filter(value.is_finite())
        .group_by(factors.names, maintain_order=True)
        .agg(value.mean().alias("mean"), value.var().alias("variance"), pl.len().alias("runs"), value.alias("values"))
    )
    least = max(FEWEST_POINTS, 3 * len(factors.names))
    if len(points) < least:
        raise InputError(f"{where}: {len(points)} points have {outcome}; an emulator needs {least} or more")
    points = points[:: -(-len(points) // MOST_POINTS)]
    mean, variance, count = (points[name].cast(pl.Float64).to_numpy() for name in ("mean", "variance", "runs"))
    if np.ptp(mean) == 0:
        raise InputError(f"{where}: {outcome} is {mean[0]:g} everywhere; there is nothing to learn")
    unit = factors.unit(points.select(factors.names).to_numpy().astype(float))
    return Points(unit, mean, variance, count), [np.asarray(each) for each in points["values"].to_list()]


def digest_of(points: Points) -> str:
    """Identity of what an emulator has learned from."""
    found = hashlib.sha256()
    for array in (points.unit, points.mean, points.variance, points.runs):
        found.update(np.ascontiguousarray(array, float).tobytes())
    return found.hexdigest()[:32]
