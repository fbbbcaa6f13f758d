"""What a simulated country is measured by: scores of places, agreement with a survey, slopes over places.

Plain functions over the whole-number sums of `sim.phases.observe`; calibration and validation share them.
"""

from dataclasses import dataclass, field

import numpy as np

from scenarios.areas import AreaTable
from sim.measures import ADULTS, COUNTS, MEASURE_BY_NAME, MEASURES, measure_of

CALIBRATED = ("home", "cohesion")
"""Constructs on which the model can be calibrated."""
SHARES = tuple(m.name for m in MEASURES if m.unit in ("share", "0 to 1") and m.name not in ("belonging", "at_home"))
"""Measures that a survey or a register may have counted: shares, and means from 0 to 1."""
CONSTRUCTS = (*CALIBRATED, *SHARES)
MARKS = (1.0, 10.0)
RANKS_ERROR = 1.03
NATIVE, MIGRANT = (0, 2), (1, 3)  # classes of residents without and with a migration background


@dataclass(frozen=True)
class Scores:
    """Simulated scores of N places, both in [0, 1].

    Attributes
    ----------
    code : list of str
        Codes of areas, then of municipalities.
    adults, home, cohesion, at_home : float64 [N]
        Agents of 15 or older that the means are of; mean belonging, mean cohesion, and the share who feel at home; nan
        where nobody lives.
    sums : int64 [N, 24], optional
        Counts of each place, from which other measures are taken.
    """

    code: list[str]
    adults: np.ndarray
    home: np.ndarray
    cohesion: np.ndarray
    at_home: np.ndarray
    sums: np.ndarray = field(default_factory=lambda: np.zeros((0, len(COUNTS)), np.int64))

    def share(self, name: str) -> np.ndarray:
        """One of `SHARES` in each place, float64 [N]."""
        return np.asarray(measure_of(self.sums, name), float)


def scores(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Adults, mean belonging, mean cohesion and the share at home of each place.

    Parameters
    ----------
    sums : int64 [N, 24]
        `sim.observations.Observations.sums`, added up over classes (and over months,
        where a mean over time is wanted).

    Returns
    -------
    adults, home, cohesion, at_home : float64 [N]
        Scores in [0, 1]: the survey's scale of ten is ten times this.
    """
    adults = sums[:, ADULTS]
    home, cohesion = measure_of(sums, "belonging"), measure_of(sums, "cohesion") / MEASURE_BY_NAME["cohesion"].factor
    return adults.astype(float), home, cohesion, measure_of(sums, "at_home")


def outcome_table(sums: np.ndarray, table: AreaTable) -> Scores:
    """Scores of every area and of every municipality (all its adults together).

    Parameters
    ----------
    sums : int64 [J, 4, 24] or [J, 24]
        Observations of the areas of `table`, of one month or added up over months.
    """
    by_area = sums.sum(axis=1) if sums.ndim == 3 else sums
    by_municipality = np.zeros((len(table.municipality_code), by_area.shape[1]), np.int64)
    np.add.at(by_municipality, table.municipality, by_area)
    both = np.concatenate([by_area, by_municipality])
    return Scores([*table.code, *table.municipality_code], *scores(both), both)


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, ties at their mean rank."""
    order = np.argsort(values, kind="stable")
    rank = np.empty(len(values))
    rank[order] = np.arange(1, len(values) + 1)
    _, group = np.unique(values, return_inverse=True)
    return (np.bincount(group, rank) / np.bincount(group))[group]


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Pearson's r; nan with fewer than three places or where either does not vary."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 3 or np.ptp(x) < 1e-12 or np.ptp(y) < 1e-12:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def correlation_interval(r: float | None, n: int, of_ranks: bool = False) -> tuple[float, float]:
    """The 95 % interval of a correlation over N places, by Fisher's z; nan with fewer than four places.

    Parameters
    ----------
    of_ranks : bool
        Spearman's, whose z has standard error 1.03 / sqrt(n - 3) (Fieller, Hartley & Pearson 1957) instead of
        1 / sqrt(n - 3). Few places are easily in perfect order: 1 is taken as the next lower value that N ranks
        can have, with 1 in the interval.
    """
    if r is None or not np.isfinite(r) or n < 4:
        return float("nan"), float("nan")
    from scipy.stats import norm

    reach = norm.ppf(0.975) * (RANKS_ERROR if of_ranks else 1.0) / np.sqrt(n - 3)
    most = 1 - 12 / (n * (n * n - 1)) if of_ranks else 0.999999
    low, high = np.tanh(np.arctanh(np.clip(r, -most, most)) + np.array([-reach, reach]))
    return min(float(low), r), max(float(high), r)


def slope_of(x: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Least squares slope of y on x, weighted where weights are given; nan where x does not vary."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    w = np.ones(len(x)) if weight is None else np.asarray(weight, float)
    if len(x) < 2 or np.ptp(x) < 1e-12:
        return float("nan")
    dx = x - (w * x).sum() / w.sum()
    return float((w * dx * y).sum() / (w * dx * dx).sum())


def coefficients_of(columns: list[np.ndarray], y: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Least squares coefficients of y on the columns, the intercept last."""
    y = np.asarray(y, float)
    w = np.sqrt(np.ones(len(y)) if weight is None else np.asarray(weight, float))
    design = np.column_stack([*columns, np.ones(len(y))])
    return np.linalg.lstsq(design * w[:, None], y * w, rcond=None)[0]


def agreement(simulated: np.ndarray, measured: np.ndarray) -> dict[str, float]:
    """How far predictions agree with measurements.

    Parameters
    ----------
    simulated, measured : float [N]
        On the same scale.

    Returns
    -------
    dict
        n; pearson; spearman; rmse (in units of the scale); slope of measured on simulated (1 = calibrated, below 1 the
        simulator exaggerates differences); bias, the mean of simulated minus measured. Correlations and slope are nan
        where the predictions do not vary.
    """
    simulated, measured = np.asarray(simulated, float), np.asarray(measured, float)
    return {
        "n": len(measured),
        "pearson": correlation(simulated, measured),
        "spearman": correlation(ranks(simulated.round(9)), ranks(measured)),
        "rmse": float(np.sqrt(np.mean((simulated - measured) ** 2))) if len(measured) else float("nan"),
        "slope": slope_of(simulated, measured),
        "bias": float(np.mean(simulated - measured)) if len(measured) else float("nan"),
    }


def to_scale(score: np.ndarray, low: float, high: float) -> np.ndarray:
    """A score in [0, 1] on a survey's scale from low to high.

    A scale from 1 to 10 is one of marks: they are given out of ten, so that .6 is a 6 (not 6.4), as on the scale from 0
    to 10 of the Veiligheidsmonitor.
    """
    if (low, high) == MARKS:
        return np.maximum(high * np.asarray(score), low)
    return low + np.asarray(score) * (high - low)


def from_scale(value: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """A survey's score from low to high as a score in [0, 1]."""
    return (np.asarray(value, float) - low) / (np.asarray(high, float) - low)
