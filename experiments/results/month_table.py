"""Readings from the tables of months: the groups, the smallest number of people that is reported, and a slope."""

import numpy as np
import polars as pl

GROUPS = ("established_no_background", "established_background", "newcomer_no_background", "newcomer_background")
FEWEST_ADULTS = 50  # agents of 15 or older in a neighbourhood that is named or drawn: fewer is chance


def slopes(frame: pl.DataFrame) -> dict[str, float | None]:
    """Change of mean belonging per unit of diversity, over neighbourhoods and over municipalities (by residents)."""
    municipalities = frame.group_by("municipality", maintain_order=True).agg(
        pl.col("residents").sum(),
        ((pl.col("belonging") * pl.col("adults")).sum() / pl.col("adults").sum()).alias("belonging"),
        ((pl.col("diversity") * pl.col("residents")).sum() / pl.col("residents").sum()).alias("diversity"),
    )
    return {"neighbourhoods": slope(frame), "municipalities": slope(municipalities)}


def slope(frame: pl.DataFrame) -> float | None:
    """Least-squares slope of belonging on diversity, weighted by residents."""
    known = frame.filter(pl.col("belonging").is_not_null() & (pl.col("residents") > 0))
    if len(known) < 3:
        return None
    x, y = known["diversity"].to_numpy().astype(float), known["belonging"].to_numpy().astype(float)
    weight = known["residents"].to_numpy().astype(float)
    x, y = x - np.average(x, weights=weight), y - np.average(y, weights=weight)
    spread = (weight * x * x).sum()
    return float((weight * x * y).sum() / spread) if spread > 1e-12 else None
