"""Columns that a table of areas may have, their ranges, and the averages used for unknown values."""

import numpy as np

from scenarios.areas import FACILITIES
from scenarios.errors import InputError
from scenarios.facilities import COUNT_COLUMNS, DISTANCE_COLUMNS
from scenarios.origins import MOTIVES

NATIONAL_AGE = np.array([0.1625, 0.1230, 0.2464, 0.2829, 0.1852])
"""Shares of 0-14, 15-24, 25-44, 45-64 and 65 or older in the Netherlands [C, CBS 2017]."""
NATIONAL_ONE_PERSON = 0.37
NATIONAL_WITH_CHILDREN = 0.34
NATIONAL_HOUSEHOLD_SIZE = 2.18
NATIONAL_DENSITY = 1887.0
"""Addresses per km2 around the average resident of the Netherlands [C, CBS 2017]."""

VALUE_RANGES: dict[str, tuple[float, float]] = {
    "income": (-1e7, 1e7),
    "socio_economic": (-10, 10),
    "density": (0, 100_000),
    "land_area": (0.01, 1e8),
    "dwellings": (1, 50_000_000),
    "dwellings_growth": (-0.2, 1),
    "household_size": (1, 20),
    "x": (-50_000, 50_000),
    "y": (-50_000, 50_000),
    "moving_rate": (0, 2),
    "income_low": (0, 100),
    "income_high": (0, 100),
    **{f"arrivals_{motive}": (0, 1000) for motive in MOTIVES},
    **{f"facility_{kind}": (0, 10) for kind in FACILITIES},
    **{f"count_{kind}": (0, 1e7) for kind in FACILITIES},
    **dict.fromkeys(COUNT_COLUMNS, (0, 1e7)),
    **dict.fromkeys(DISTANCE_COLUMNS, (0, 1000)),
}
"""Columns with one number per area: lowest and highest value."""

FACILITY_COLUMNS = [c for c in VALUE_RANGES if c.startswith(("facility_", "count_"))] + [
    *COUNT_COLUMNS,
    *DISTANCE_COLUMNS,
]

COUNTED = {"dwellings", *COUNT_COLUMNS, *(f"count_{kind}" for kind in FACILITIES)}
"""Columns that count something in the area, so that a municipality's number is divided over its areas."""


LARGE_COLUMNS = {
    *("residents", "households", "density", "land_area", "income", "AANT_INW", "OAD", "OPP_LAND"),
    *COUNTED,
}
"""Columns in which numbers of a thousand and more are usual, so that a mark may be a thousands separator."""


def z_score(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return (values - mean) / SD, both weighted, over what is known; nan stays nan, no spread gives 0."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(values), np.nan)
    total = weights[known].sum()
    mean = (weights[known] * values[known]).sum() / total
    spread = np.sqrt((weights[known] * (values[known] - mean) ** 2).sum() / total)
    deviation = values - mean
    return np.clip(deviation / spread, -4.0, 4.0) if spread > 1e-9 * max(1.0, abs(mean)) else deviation * 0.0


def filled_by_municipality(
    values: np.ndarray,
    weights: np.ndarray,
    municipality: np.ndarray,
    otherwise: float | np.ndarray | None = None,
    what: str = "a column",
) -> tuple[np.ndarray, np.ndarray]:
    """Fill unknown values with the municipality's mean, else the mean of the table, weighted by residents.

    Parameters
    ----------
    values : float64[J] or float64[J, C]
        nan = unknown; with columns, a row is filled as a whole.
    weights, municipality : float64[J], int[J]
    otherwise : float or float64[C], optional
        Used instead of the mean of the table.
    what : str
        For the error when no value is known and there is no ``otherwise``.

    Returns
    -------
    filled values, bool[J] (which rows were filled)
    """
    table = values[:, None] if values.ndim == 1 else values
    unknown = np.isnan(table).any(axis=1)
    weight = np.where(unknown, 0.0, weights).astype(np.float64)
    municipalities = int(municipality.max()) + 1
    total = np.bincount(municipality, weight, minlength=municipalities)
    clean = np.where(unknown[:, None], 0.0, table)
    sums = np.stack([np.bincount(municipality, weight * c, minlength=municipalities) for c in clean.T], axis=1)
    if otherwise is None:
        if weight.sum() <= 0:
            raise InputError(f"{what} is unknown for every area (allowed: known for at least one)")
        otherwise = sums.sum(axis=0) / weight.sum()
    means = np.where(total[:, None] > 0, sums / np.maximum(total, 1e-300)[:, None], np.asarray(otherwise, dtype=float))
    result = np.where(unknown[:, None], means[municipality], table)
    return (result[:, 0] if values.ndim == 1 else result), unknown
