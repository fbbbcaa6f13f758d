"""A table of areas with origin in three groups, as CBS gives them since 2023, with an estimate in seven."""

import numpy as np
import polars as pl

from scenarios.regions.origin_groups import PARTS, SEVEN, THREE, divide_outside, same_areas, seven_groups
from scenarios.regions.register import municipalities, seven_counts


def in_seven_groups(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return the table with shares of seven groups in the place of three.

    Parameters
    ----------
    now : polars.DataFrame
        Columns of ``docs/own_areas.md`` with ``origin_netherlands``, ``origin_europe``, ``origin_outside_europe``;
        ``municipality`` holds codes such as GM0513.
    before : polars.DataFrame or None
        The same of an earlier year, with seven groups. Where an area is not in it under the same code and a like name
        it takes the composition of its municipality, as all do without it.

    Returns
    -------
    polars.DataFrame
        Per municipality those from outside Europe are divided by iterative proportional fitting: each area keeps its
        three totals, all areas together the municipality's six parts (``conf/municipalities``).
    """
    three = now.select(pl.col([f"origin_{g}" for g in THREE]) * pl.col("residents")).fill_null(0.0).to_numpy()
    earlier = _earlier(now, before)
    seven = np.full((len(now), len(SEVEN)), np.nan)
    municipality = now["municipality"].to_numpy()
    for code in np.unique(municipality):
        own = municipality == code
        totals = np.array([municipalities()[code][f"outside_{part}"] for part in PARTS], dtype=float)
        parts = divide_outside(earlier[own], three[own, 2], np.maximum(totals, 1e-9))
        seven[own] = seven_groups(three[own], parts)
    known = seven.sum(axis=1, keepdims=True) > 0
    shares = np.where(known, seven / np.where(known, seven.sum(axis=1, keepdims=True), 1.0), np.nan)
    columns = [pl.Series(f"origin_{g}", values).fill_nan(None) for g, values in zip(SEVEN, shares.T, strict=True)]
    return now.drop([f"origin_{g}" for g in THREE]).with_columns(columns)


def _earlier(now: pl.DataFrame, before: pl.DataFrame | None) -> np.ndarray:
    """Return the shares of the seven groups that stand for each area, float64[N, 7]."""
    composition = {code: seven_counts(municipalities()[code]) for code in now["municipality"].unique().to_list()}
    municipality = np.stack([composition[code] / composition[code].sum() for code in now["municipality"].to_list()])
    columns = [f"origin_{g}" for g in SEVEN]
    if before is None or not set(columns) <= set(before.columns):
        return municipality
    known = before.drop_nulls(columns)
    row = same_areas(now["code"].to_list(), _names(now), known["code"].to_list(), _names(known))
    return np.where((row >= 0)[:, None], known.select(columns).to_numpy()[row], municipality)


def _names(frame: pl.DataFrame) -> list[str]:
    return [str(name) for name in frame["name"].to_list()]
