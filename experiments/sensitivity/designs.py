"""Designs over ranges of parameters and their outcomes, which are stored, so that a study can be resumed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from experiments.sensitivity.outcomes import Asked, outcomes_of
from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.parameters.declaration import describe

PIECE = 64  # points that are simulated and kept together
EFFECT = "effect_"


@dataclass
class Runner:
    """Simulates points and keeps the outcomes in a folder, by name of the design.

    Attributes
    ----------
    report : callable
        Called with the design's name, points done and points in all.
    """

    folder: Path
    scale: int
    seed: int
    asked: Asked = field(default_factory=Asked)
    workers: int = 1
    report: Callable[[str, int, int], None] = lambda name, done, count: None

    def __call__(
        self, name: str, points: np.ndarray, names: list[str], fixed: dict[str, float] | None = None
    ) -> np.ndarray:
        """Outcomes at every point, float64 [points, outcomes]; they do not depend on the number of processes.

        Parameters
        ----------
        fixed : dict, optional
            Parameters that take this value at every point, whatever the point says.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        one = partial(outcomes_of, asked=self.asked, scale=self.scale, seed=self.seed)
        values = [dict(zip(names, map(float, point), strict=True)) | (fixed or {}) for point in points]
        found = np.empty((len(points), len(self.asked.names)))
        pool = get_context("spawn").Pool(self.workers) if self.workers > 1 else None
        try:
            for start in range(0, len(points), PIECE):
                piece = slice(start, min(start + PIECE, len(points)))
                kept = self._kept(name, start, points[piece])
                if kept is None:
                    kept = np.array(list((pool.map if pool is not None else map)(one, values[piece])))
                    self._keep(name, start, points[piece], kept)
                found[piece] = kept
                self.report(name, piece.stop, len(points))
        finally:
            if pool is not None:
                pool.terminate()
        return found

    def _path(self, name: str, start: int) -> Path:
        return self.folder / f"{name}-{start:06d}.npz"

    def _kept(self, name: str, start: int, points: np.ndarray) -> np.ndarray | None:
        path = self._path(name, start)
        if not path.is_file():
            return None
        with np.load(path) as kept:
            same = np.array_equal(kept["points"], points) and kept["about"].tolist() == self._about()
            if not same:
                raise InputError(f"{path} is of another study; give another folder (out=)")
            return kept["outcomes"]

    def _keep(self, name: str, start: int, points: np.ndarray, outcomes: np.ndarray) -> None:
        hidden = self._path(name, start).with_suffix(".part.npz")
        np.savez(hidden, points=points, outcomes=outcomes, about=self._about())
        hidden.replace(self._path(name, start))

    def _about(self) -> list[str]:
        return [str(self.scale), str(self.seed), *self.asked.identity]


def uncertain_parameters() -> list[str]:
    """Names of all parameters with a range."""
    return [name for name, d in describe(Parameters).items() if d.uncertain]


def problem_of(names: list[str]) -> dict:
    """SALib's description of a space of parameters."""
    known = describe(Parameters)
    return {"num_vars": len(names), "names": names, "bounds": [[known[n].low, known[n].high] for n in names]}


def morris(run: Runner, trajectories: int) -> tuple[pl.DataFrame, int]:
    """Morris' mu* and sigma of every uncertain parameter for every outcome, and the number of points."""
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    names = uncertain_parameters()
    problem = problem_of(names)
    points = sample(problem, trajectories, num_levels=4, seed=run.seed)
    found = run("morris", points, names)
    rows = []
    for at, outcome in enumerate(run.asked.names):
        indices = analyze(problem, points, found[:, at], num_levels=4, seed=run.seed)
        for n, name in enumerate(names):
            values = {key: float(indices[key][n]) for key in ("mu_star", "mu_star_conf", "sigma")}
            rows.append({"outcome": outcome, "parameter": name} | values)
    return pl.DataFrame(rows), len(points)


def leading_parameters(table: pl.DataFrame, count: int) -> list[str]:
    """Those with the largest mu*, as a share of the largest per outcome, over all but the effects of policies."""
    chosen = table.filter(~pl.col("outcome").str.starts_with(EFFECT))
    share = (pl.col("mu_star") / pl.col("mu_star").max().over("outcome")).alias("share")
    ranked = chosen.with_columns(share).group_by("parameter").agg(pl.col("share").max())
    return ranked.sort(["share", "parameter"], descending=[True, False]).head(count)["parameter"].to_list()


def leading_of_policies(table: pl.DataFrame) -> list[str]:
    """The parameter with the largest mu* for the effect of each policy, each named once."""
    effects = table.filter(pl.col("outcome").str.starts_with(EFFECT))
    first = effects.sort(["mu_star", "parameter"], descending=[True, False]).unique("outcome", maintain_order=True)
    return first["parameter"].unique(maintain_order=True).to_list()


def sobol(run: Runner, names: list[str], samples: int) -> tuple[pl.DataFrame, int]:
    """First-order and total Sobol indices with 95 % intervals (bootstrap), and the number of points."""
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    problem = problem_of(names)
    points = sample(problem, samples, calc_second_order=False, seed=run.seed)
    found = run("sobol", points, names)
    rows = []
    for at, outcome in enumerate(run.asked.names):
        s = analyze(problem, found[:, at], calc_second_order=False, num_resamples=400, seed=run.seed)
        for n, name in enumerate(names):
            values = {key: float(s[key][n]) for key in ("S1", "S1_conf", "ST", "ST_conf")}
            rows.append({"outcome": outcome, "parameter": name} | values)
    return pl.DataFrame(rows), len(points)
