"""Ranges, replicates needed, variance reduction, and the components of variance: chance, start and parameters.

The range of an effect answers one of two questions, by what the comparison varies:

- **Parameters are drawn.** Where does the effect lie, if the true parameters are one more draw from the same source? It
  is a 95 % prediction range for that draw: from 39 draws on the quantiles of the draws (Weibull's plotting positions,
  which contain a further draw with the stated probability for any distribution), with fewer Student's t with draws - 1
  degrees of freedom times sd x sqrt(1 + 1/draws). It does not become narrower with more draws, only better known.
  It includes the chance variation that remains in the mean of a draw: where chance outweighs the parameters the range
  is wide for the effect, never too narrow.
- **Parameters are held.** Where does the mean over chance lie? It is a 95 % t interval of that mean, and becomes
  narrower by more replicates.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.compare.design import Replicate

LEVEL, POWER = 0.95, 0.80
FEWEST = 4  # draws or replicates below which no range is given
BY_QUANTILES = 39  # draws from which their quantiles reach 2.5 and 97.5 %
MOST_NEEDED = 1_000_000
SD_STEPS = 20


@dataclass(frozen=True)
class Interval:
    """Mean of paired differences with its range.

    Attributes
    ----------
    mean, low, high : what the module says; low and high are nan where fewer than FEWEST units exist
    sd : standard deviation between independent units (draws or replicates)
    error : standard error of the mean over them
    chance : standard deviation between replicates of one unit, pooled; nan where every unit has one replicate
    units : int, units in which the value exists
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    error: np.ndarray
    chance: np.ndarray
    units: np.ndarray


def unit_means(values: np.ndarray, replicates: list[Replicate]) -> np.ndarray:
    """Means [U, ...] of values [R, ...] over replicates that share a draw of the parameters or a start."""
    units = np.array([r.unit for r in replicates])
    return np.stack([nanmean(values[units == unit]) for unit in np.unique(units)])


def nanmean(values: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what exists; nan where nothing does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values, axis=0)


def t_factor(units: Any) -> Any:
    """Half-width of the interval in standard errors; nan for one unit or none."""
    from scipy.stats import t

    freedom = np.asarray(units) - 1.0
    return t.ppf((1 + LEVEL) / 2, np.where(freedom > 0, freedom, np.nan))


def interval(values: np.ndarray, replicates: list[Replicate], drawn: bool) -> Interval:
    """Mean and 95 % range of values [R, ...]; units in which a value does not exist do not count for it.

    Parameters
    ----------
    drawn : bool
        Whether units are draws of the parameters (a prediction range) or replicates (an interval of the mean).
    """
    values = np.asarray(values, float)
    means = unit_means(values, replicates)
    units = np.isfinite(means).sum(axis=0)
    mean = nanmean(means)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        sd = np.nanstd(means, axis=0, ddof=1)
        error = sd / np.sqrt(units)
    half = np.where(units >= FEWEST, t_factor(units), np.nan) * (np.hypot(sd, error) if drawn else error)
    low, high = mean - half, mean + half
    if drawn and len(means) >= BY_QUANTILES:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            ends = np.nanquantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0, method="weibull")
        low, high = (np.where(units >= BY_QUANTILES, end, by_t) for end, by_t in zip(ends, (low, high), strict=True))
    return Interval(mean, low, high, sd, error, chance_within(values, replicates), units)


def chance_within(values: np.ndarray, replicates: list[Replicate]) -> np.ndarray:
    """Standard deviation of values [R, ...] between replicates of one unit, pooled; nan without two in any."""
    of_unit = np.array([r.unit for r in replicates])
    squares, freedom = np.zeros(values.shape[1:]), np.zeros(values.shape[1:])
    for unit in np.unique(of_unit):
        own = values[of_unit == unit]
        squares += np.nansum((own - nanmean(own)) ** 2, axis=0)
        freedom += np.maximum(np.isfinite(own).sum(axis=0) - 1, 0)
    return np.sqrt(np.divide(squares, freedom, out=np.full(squares.shape, np.nan), where=freedom > 0))


def needed(sd: float, size: float, units: int | None = None) -> int | None:
    """Independent units (at least 2) with which a mean of this size is detected in 80 of 100 comparisons.

    The smallest number whose two-sided t test at 5 % has that power, by the noncentral t distribution.

    Parameters
    ----------
    units : int, optional
        Units from which `sd` was estimated: the power is then the mean over what the standard deviation may be given
        so many (a scaled inverse chi-square distribution), else that of a known one.
    """
    if not np.isfinite(sd):
        return None
    if sd == 0:
        return 2
    effects = size / (sd * possible_ratios(units))
    low, high = 1, 2
    while mean_power(high, effects) < POWER and high < MOST_NEEDED:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if mean_power(middle, effects) >= POWER else (middle, high)
    return high


def possible_ratios(units: int | None) -> np.ndarray:
    """What the true standard deviation may be over one estimated from so many units, in equally likely steps."""
    from scipy.stats import chi2

    if units is None or units < 2:
        return np.ones(1)
    steps = (np.arange(SD_STEPS) + 0.5) / SD_STEPS
    return np.sqrt((units - 1) / chi2.ppf(steps, units - 1))


def mean_power(units: int, effects: np.ndarray) -> float:
    """Mean over effects, in standard deviations, of the chance that a two-sided t test at 5 % finds them."""
    from scipy.stats import nct

    limit, shift = float(t_factor(units)), np.abs(effects) * np.sqrt(units)
    found = nct.sf(limit, units - 1, shift) + nct.cdf(-limit, units - 1, shift)
    # Where the noncentral distribution's own sums no longer converge, the effect is far beyond the limit.
    return float(np.where(np.isfinite(found), found, shift > limit).mean())


def variance_within(values: np.ndarray, replicates: list[Replicate]) -> float | None:
    """Variance of values [R] around the mean of their draw of the parameters: what chance and start do."""
    draws = np.array([r.draw for r in replicates])
    left = len(values) - len(np.unique(draws))
    if left < 1 or not np.isfinite(values).all():
        return None
    return float(sum(((values[draws == d] - values[draws == d].mean()) ** 2).sum() for d in np.unique(draws)) / left)


def reduction(policy: np.ndarray, reference: np.ndarray, replicates: list[Replicate]) -> dict[str, float | None]:
    """Variance of the difference with shared draws [R], and what it would be with separate seeds."""
    own = [variance_within(policy, replicates), variance_within(reference, replicates)]
    paired = variance_within(policy - reference, replicates)
    independent = None if None in own else float(sum(own))  # type: ignore[arg-type]
    ratio = independent / paired if independent is not None and paired else None
    return {"variance_independent": independent, "variance_paired": paired, "variance_reduction": ratio}


def components(
    values: np.ndarray, replicates: list[Replicate], starts: int, futures: int, drawn: bool
) -> dict[str, Any] | None:
    """Variance of values [R] by source: nested analysis of variance over the draws that are complete.

    Returns
    -------
    dict or None
        `parameters`, `start`, `chance` as variances of one replicate, all on the same scale (None where the design does
        not tell them apart: then the source named is part of the next one down) and `draws`, `starts`, `futures`; None
        with too few replicates.
    """
    if not drawn:
        starts = len({r.start for r in replicates})
    whole = _complete(values, replicates, starts, futures)
    if whole is None:
        return None
    draws = len(whole)
    if draws * starts * futures < 2 or (drawn and draws < 2):
        return None
    start_means, draw_means = whole.mean(axis=2), whole.mean(axis=(1, 2))
    chance = _mean_square(whole - start_means[:, :, None], draws * starts * (futures - 1))
    start = _mean_square(start_means - draw_means[:, None], draws * (starts - 1))
    between = _mean_square(draw_means - draw_means.mean(), draws - 1) if drawn else None
    found: dict[str, Any] = {"draws": draws, "starts": starts, "futures": futures}
    found["chance"] = chance
    found["start"] = None if start is None else max(start - (chance or 0.0) / futures, 0.0)
    below = start / starts if start is not None else chance / futures if chance is not None else 0.0
    found["parameters"] = None if between is None else max(between - below, 0.0)
    return found


def _complete(values: np.ndarray, replicates: list[Replicate], starts: int, futures: int) -> np.ndarray | None:
    """Values [draws, starts, futures] of the draws that have them all."""
    by_draw: dict[int, dict[tuple[int, int], float]] = {}
    for value, r in zip(values, replicates, strict=True):
        by_draw.setdefault(r.draw, {})[r.start, r.future] = float(value)
    cells = [list(cell.values()) for cell in by_draw.values() if len(cell) == starts * futures]
    if not cells or not np.isfinite(cells).all():
        return None
    return np.array(cells).reshape(len(cells), starts, futures)


def _mean_square(residuals: np.ndarray, freedom: int) -> float | None:
    return float((residuals**2).sum() / freedom) if freedom > 0 else None
