"""A result as maps: areas with their figures at the end, and at the end of every year."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.results.export_tables import MONTHS_IN_YEAR, at_end_of_years, tables_of
from experiments.results.outlines import OUTLINES

if TYPE_CHECKING:
    import geopandas

DEGREES = "EPSG:4326"
MEASURES = (
    *("residents", "adults", "belonging", "at_home", "cohesion", "withdrawn", "unsafe", "faces", "ties", "ties_own"),
    *("contact", "language", "employed", "members", "years_here", "diversity", "turnover", "crowding"),
)
"""What of the last month stands beside an area; all columns are in ``areas_by_year`` and ``months``."""


def write_geopackage(source: Path, target: Path) -> None:
    """Write the layers ``areas`` and ``areas_by_year``, and every table of the result without people."""
    import pyogrio

    areas, by_year = layers_of(source)
    for name, layer in (("areas", areas), ("areas_by_year", by_year)):
        pyogrio.write_dataframe(layer, target, layer=name, driver="GPKG")
    for name, lazy in tables_of(source).items():
        if name != "people":
            pyogrio.write_dataframe(lazy.collect().to_pandas(), target, layer=name, driver="GPKG")


def write_geoparquet(source: Path, target: Path) -> None:
    """Write ``areas.parquet`` and ``areas_by_year.parquet`` with geometries."""
    areas, by_year = layers_of(source)
    areas.to_parquet(target / "areas.parquet", compression="zstd")
    by_year.to_parquet(target / "areas_by_year.parquet", compression="zstd")


def layers_of(source: Path) -> tuple["geopandas.GeoDataFrame", "geopandas.GeoDataFrame"]:
    """The tables of `tables_of_areas` with shapes."""
    areas, by_year = tables_of_areas(source)
    shapes = shapes_of(source, areas)
    return with_shapes(areas, shapes), with_shapes(by_year, shapes)


def tables_of_areas(source: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Areas with what is fixed and the measures of the last month, and a row per area and year."""
    tables = tables_of(source)
    fixed = tables["neighbourhoods"].collect()
    months = tables["months"]
    last = months.filter(pl.col("month") == pl.col("month").max()).collect()
    measures = [name for name in MEASURES if name in last.columns]
    areas = fixed.join(
        last.select("neighbourhood", "month", *measures), on="neighbourhood", how="left", maintain_order="left"
    )
    by_year = at_end_of_years(months).collect().with_columns((pl.col("month") // MONTHS_IN_YEAR).alias("year"))
    by_year = by_year.join(fixed.select("neighbourhood", "name"), on="neighbourhood", how="left", maintain_order="left")
    return areas, by_year


def shapes_of(source: Path, fixed: pl.DataFrame) -> tuple[dict[str, Any], str | None]:
    """Geometry by neighbourhood, and its coordinates: outlines in degrees, else points in km of no known system."""
    import shapely
    from shapely.geometry import shape

    path = source / OUTLINES
    if path.is_file():
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {f["properties"]["neighbourhood"]: shape(f["geometry"]) for f in features}, DEGREES
    known = fixed.filter(pl.col("x").is_not_null() & pl.col("y").is_not_null())
    return {code: shapely.Point(x, y) for code, x, y in known.select("neighbourhood", "x", "y").iter_rows()}, None


def with_shapes(frame: pl.DataFrame, shapes: tuple[dict[str, Any], str | None]) -> "geopandas.GeoDataFrame":
    import geopandas

    geometry, crs = shapes
    values = [geometry.get(code) for code in frame["neighbourhood"]]
    return geopandas.GeoDataFrame(frame.to_pandas(), geometry=values, crs=crs)
