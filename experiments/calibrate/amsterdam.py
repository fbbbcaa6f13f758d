"""The table of Amsterdam's areas as a table of own areas (``docs/own_areas.md``).

Source: Basisbestand Gebieden Amsterdam 2018. What is not published for a year comes from the nearest year that has it.
"""

from pathlib import Path

import polars as pl

ORIGINS = {
    "dutch": "BEVAUTOCH",
    "western": "BEVWEST",
    "surinamese": "BEVSUR",
    "antillean": "BEVANTIL",
    "turkish": "BEVTURK",
    "moroccan": "BEVMAROK",
    "other_non_western": "BEVOVNW",
}
COUNTS = {
    "shops": "BHVEST_WINK",
    "library": "SRCULTUUR",
    "park": "ORGROEN",
    "sports": "SRSPORT",
    "community_centre": "WZWELZIJN",
    "school": "OSCHBAO",
    "association": "BHVEST_CULT",
}
FILLED = ("BEVDICHT", "IHHINK_GEM", *COUNTS.values())


def nearest_year(table: pl.DataFrame, column: str, year: int) -> pl.DataFrame:
    """`area` and `column` of the year nearest to `year` in which the column is known; the earlier of two."""
    known = table.filter(pl.col(column).is_not_null())
    order = (pl.col("year") - year).abs()
    return known.sort(order, "year").unique("area", keep="first", maintain_order=True).select("area", column)


def plain_table(path: str | Path, year: int) -> pl.DataFrame:
    """One row per area in the columns of a table of own areas.

    Parameters
    ----------
    path : path
        ``areas_inputs_2005_2018.csv``.
    year : int
        Year of composition and moves.

    Returns
    -------
    polars.DataFrame
        Origin in shares; density in addresses (households) per km2 of land; moving rate in moves out of a home per
        resident and year (out of the city and inside it); income in euro per household; facilities in numbers.
    """
    table = pl.read_csv(path, infer_schema_length=None)
    wide = table.filter(pl.col("year") == year).drop(FILLED)
    for column in FILLED:
        wide = wide.join(nearest_year(table, column, year), on="area", how="left")
    residents = sum(pl.col(c) for c in ORIGINS.values())
    size = pl.col("BEVTOTAAL") / pl.col("BEVHUISHOUDENHH")
    return wide.sort("area").select(
        code=pl.col("area"),
        municipality=pl.lit("Amsterdam"),
        residents=pl.col("BEVTOTAAL").round().cast(pl.Int64),
        **{f"origin_{group}": pl.col(column) / residents for group, column in ORIGINS.items()},
        one_person_households=pl.col("BEVALLEENHH_P") / 100,
        household_size=size,
        density=pl.col("BEVDICHT") / size,
        income=pl.col("IHHINK_GEM"),
        moving_rate=(pl.col("BEVVERT") + pl.col("BEVVERTINT")) / pl.col("BEVTOTAAL"),
        **{f"count_{kind}": pl.col(column) for kind, column in COUNTS.items()},
    )
