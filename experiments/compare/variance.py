"""Intervals, replicates needed, what shared draws save, and which part of the spread is chance, start or parameters."""

import warnings
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from experiments.compare.design import Replicate

LEVEL = 0.95
NORMAL, POWER = 1.959964, 0.841621  # 95 % certain, and found in 80 of 100 comparisons


@dataclass(frozen=True)
class Interval:
    """Mean of paired differences with its interval; `sd` is of independent units."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    units: int


def unit_means(values: np.ndarray, replicates: list[Replicate]) -> np.ndarray:
    """Means [U, ...] of values [R, ...] over replicates that share a draw of the parameters or a start."""
    units = np.array([r.unit for r in replicates])
    return np.stack([nanmean(values[units == unit]) for unit in np.unique(units)])


def nanmean(values: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what exists; nan where nothing does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values, axis=0)


def t_factor(units: int) -> float:
    """How many standard errors the interval is wide to each side; nan for one unit."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, units - 1)) if units > 1 else float("nan")


def interval(values: np.ndarray, replicates: list[Replicate]) -> Interval:
    """95 % t interval of the mean of values [R, ...] over independent units."""
    means = unit_means(values, replicates)
    units = len(means)
    mean = nanmean(means)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        sd = np.nanstd(means, axis=0, ddof=1) if units > 1 else np.full(np.shape(mean), np.nan)
    half = t_factor(units) * sd / np.sqrt(units)
    return Interval(mean, mean - half, mean + half, sd, units)


def needed(sd: float, size: float) -> int | None:
    """Replicates after which an effect of this size is told from none in 80 of 100 comparisons; at least 2."""
    if not np.isfinite(sd):
        return None
    return max(ceil(((NORMAL + POWER) * sd / size) ** 2), 2)


def variance_within(values: np.ndarray, replicates: list[Replicate]) -> float | None:
    """Variance of values [R] around the mean of their draw of the parameters: what chance and start do."""
    draws = np.array([r.draw for r in replicates])
    left = len(values) - len(np.unique(draws))
    if left < 1 or not np.isfinite(values).all():
        return None
    return float(sum(((values[draws == d] - values[draws == d].mean()) ** 2).sum() for d in np.unique(draws)) / left)


def reduction(policy: np.ndarray, reference: np.ndarray, replicates: list[Replicate]) -> dict[str, float | None]:
    """Variance of the difference with shared draws [R], and what it would be with seeds of their own."""
    own = [variance_within(policy, replicates), variance_within(reference, replicates)]
    paired = variance_within(policy - reference, replicates)
    independent = None if None in own else float(sum(own))  # type: ignore[arg-type]
    ratio = independent / paired if independent is not None and paired else None
    return {"variance_independent": independent, "variance_paired": paired, "variance_reduction": ratio}


def components(values: np.ndarray, replicates: list[Replicate], starts: int, futures: int, drawn: bool
               ) -> dict[str, Any] | None:  # fmt: skip
    """Variance of values [R] by source: nested analysis of variance over the draws that are complete.

    Returns
    -------
    dict or None
        `parameters`, `start`, `chance` as variances (None where the design does not tell them apart: then the source
        named is part of the next one down) and `draws`, `starts`, `futures`; None with too few replicates.
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
