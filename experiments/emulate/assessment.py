"""How far an emulator can be trusted: every point predicted from others, and how often its range holds."""

from dataclasses import asdict, dataclass

import numpy as np

from experiments.emulate.process import Points, Predicted, Process

FOLDS = 10
MOST_CROSSED = 64  # points of which levers and other factors are crossed
WITHIN = 1.96  # standard deviations of a 95 % range


@dataclass(frozen=True)
class Assessment:
    """Error and coverage on points that were left out.

    Attributes
    ----------
    points, runs : int
        How many there are.
    effect : float
        How far the factors move the outcome: the standard deviation of what is predicted over the points.
    effect_levers : float
        How far the levers alone do, the other factors kept: the same over levers, on average over the others; nan for a
        sweep of levers or of other factors only.
    rmse : float
        Root mean square difference between the mean of the runs at a point and what the others say of it.
    chance : float
        The part of it that is chance: what is left of it in the mean of so many runs.
    error : float
        The rest: the error of the emulator itself.
    coverage_points : float
        Share of the means of left-out points within their 95 % range.
    coverage_runs : float
        Share of the single runs of left-out points within theirs, by the variance between the runs of each point.
    """

    points: int
    runs: int
    effect: float
    effect_levers: float
    rmse: float
    chance: float
    error: float
    coverage_points: float
    coverage_runs: float

    @property
    def share(self) -> float:
        """The error as a share of the effect."""
        return self.rmse / self.effect if self.effect else float("nan")

    @property
    def share_levers(self) -> float:
        """The error as a share of the effect of the levers."""
        return self.rmse / self.effect_levers if self.effect_levers else float("nan")

    def values(self) -> dict[str, float]:
        """Everything, for a file."""
        return asdict(self) | {"share": self.share, "share_levers": self.share_levers}


def assess(points: Points, process: Process, values: list[np.ndarray], levers: np.ndarray) -> Assessment:
    """Predict each tenth of the points from the others.

    Lengths and noise are those of all points (a dozen numbers); regression and process are fitted without the tenth.

    Parameters
    ----------
    values : list of float64
        The runs of each point, to count those within their range.
    levers : bool [D]
        Which of the factors are levers.
    """
    found = left_out(points, process)
    off = points.mean - found.mean
    rmse, chance = float(np.sqrt((off**2).mean())), float(np.sqrt((found.of_point**2 - found.of_mean**2).mean()))
    low, high = (found.mean + sign * WITHIN * found.of_run for sign in (-1, 1))
    inside = [((v >= a) & (v <= b)).mean() for v, a, b in zip(values, low, high, strict=True)]
    fitted = process.mean(points.unit)
    return Assessment(
        points=len(off),
        runs=int(points.runs.sum()),
        effect=float(fitted.std()),
        effect_levers=effect_of(process, points.unit, levers),
        rmse=rmse,
        chance=chance,
        error=float(np.sqrt(max(rmse**2 - chance**2, 0.0))),
        coverage_points=float((np.abs(off) <= WITHIN * found.of_point).mean()),
        coverage_runs=float(np.mean(inside)),
    )


def effect_of(process: Process, unit: np.ndarray, chosen: np.ndarray) -> float:
    """Standard deviation over some factors, on average (of the variance) over the others."""
    if chosen.all() or not chosen.any():
        return float("nan")
    few = unit[:: -(-len(unit) // MOST_CROSSED)]
    values = np.repeat(few, len(few), axis=0)
    values[:, chosen] = np.tile(few[:, chosen], (len(few), 1))
    return float(np.sqrt(process.mean(values).reshape(len(few), -1).var(axis=1).mean()))


def left_out(points: Points, process: Process) -> Predicted:
    """Every point predicted without its tenth of the points."""
    part = np.arange(len(points.mean)) % FOLDS
    found = np.empty((4, len(part)))
    for fold in range(FOLDS):
        others = Process(points.part(part != fold), process.learned)
        one = others.predict(points.unit[part == fold])
        found[:, part == fold] = one.mean, one.of_mean, one.of_point, one.of_run
    return Predicted(*found)
