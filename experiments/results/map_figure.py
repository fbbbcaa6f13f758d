"""The map of a result: outlines where known, else points at the neighbourhoods' location, else a grid of squares."""

from typing import Any

import numpy as np
import polars as pl

from experiments.results.chart import Dots, Map, at_least

NARROWEST = 0.05  # of belonging: smaller differences do not get the whole range of colours
MANY = 60  # beyond so many neighbourhoods no names are written
LONGEST = 15  # letters of a name in a square


def values_on_map(neighbourhoods: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """A row per neighbourhood: its location and belonging, null where too few people live."""
    last = last.select("neighbourhood", "belonging", "at_home", "residents")
    located = neighbourhoods.select("neighbourhood", "name", "x", "y")
    return located.join(last, on="neighbourhood", how="left", maintain_order="left")


def map_of(neighbourhoods: pl.DataFrame, outlines: dict[str, Any], values: pl.DataFrame, label: str) -> Map:
    """The belonging of every neighbourhood on a map.

    Parameters
    ----------
    neighbourhoods : polars.DataFrame
        As in neighbourhoods.parquet.
    outlines : dict of str to dict
        GeoJSON geometries by code; empty where they are not known.
    values : polars.DataFrame
        Of `values_on_map`.
    label : str
        What the colours mean.
    """
    shown = values["belonging"].fill_null(np.nan).to_numpy().astype(float)
    limits = at_least(common_range(shown), NARROWEST)
    points = neighbourhoods.select(pl.col("x", "y").fill_null(np.nan)).to_numpy()
    if outlines:
        parts = [rings(outlines.get(code)) for code in neighbourhoods["neighbourhood"]]
        shapes, owner = [ring for own in parts for ring in own], np.repeat(np.arange(len(parts)), list(map(len, parts)))
        middles = [middle_of(own) for own in parts]
        names = named(np.array(middles), neighbourhoods["name"].to_list())
        return Map("map", shown, limits, shapes, owner, None, names, stretch_of(shapes), label)
    if np.isfinite(points).all() and len(np.unique(points, axis=0)) == len(points):
        names = named(points, neighbourhoods["name"].to_list())
        return Map("points", shown, limits, [], np.zeros(0, int), circles(points, neighbourhoods), names, 1.0, label)
    order, corners = squares(neighbourhoods)
    names = named(corners + 0.5, [shortened(neighbourhoods["name"][j]) for j in order.tolist()])
    cells = [corner + np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) for corner in corners]
    return Map("grid", shown, limits, cells, order, None, names, 1.0, label)


def common_range(values: np.ndarray) -> tuple[float, float]:
    """The range of values between the 2nd and 98th percentile."""
    known = values[np.isfinite(values)]
    return (float(np.quantile(known, 0.02)), float(np.quantile(known, 0.98))) if len(known) else (np.nan, np.nan)


def rings(geometry: dict[str, Any] | None) -> list[np.ndarray]:
    """Outer rings of a GeoJSON polygon or multipolygon."""
    if not geometry:
        return []
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry.get("coordinates", [])
    return [np.asarray(part[0], float)[:, :2] for part in parts if len(part) and len(part[0]) > 2]


def middle_of(shapes: list[np.ndarray]) -> tuple[float, float]:
    """A point well inside the largest of the shapes of a neighbourhood; nan without a shape."""
    from shapely import Polygon, maximum_inscribed_circle

    polygons = [Polygon(ring).buffer(0) for ring in shapes if len(ring) > 3]
    largest = max(polygons, key=lambda polygon: polygon.area, default=None)
    if largest is None or largest.is_empty:
        return np.nan, np.nan
    x, y = maximum_inscribed_circle(largest, tolerance=0.002 * largest.length).coords[0]
    return x, y


def stretch_of(shapes: list[np.ndarray]) -> float:
    """How much longer a unit of y is than one of x: in degrees, one of longitude is shorter."""
    if not shapes:
        return 1.0
    y = np.concatenate(shapes)[:, 1]
    return float(1 / np.cos(np.deg2rad(y.mean()))) if abs(y).max() <= 90 else 1.0


def circles(points: np.ndarray, neighbourhoods: pl.DataFrame) -> Dots:
    """Circles where the neighbourhoods lie, their area the residents."""
    residents = neighbourhoods["residents_data"].to_numpy()
    return Dots(points[:, 0], points[:, 1], 12 + 9000 / max(len(points), 8) * residents / residents.max())


def squares(neighbourhoods: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Squares by municipality, in the order in which these are first named, and code: order, and lower left corners."""
    named_first = {code: k for k, code in enumerate(neighbourhoods["municipality"].unique(maintain_order=True))}
    municipality = np.array([named_first[code] for code in neighbourhoods["municipality"]])
    order = np.lexsort((np.array(neighbourhoods["neighbourhood"].to_list()), municipality))
    wide = int(np.ceil(np.sqrt(len(order) * 1.4)))
    at = np.arange(len(order))
    return order, np.stack([at % wide, -(at // wide)], axis=1).astype(float)


def named(points: np.ndarray, names: list[str]) -> list[tuple[float, float, str]]:
    """Names at points, where they are not too many."""
    if len(names) > MANY:
        return []
    return [(float(x), float(y), name) for (x, y), name in zip(points, names, strict=True)]


def shortened(name: str) -> str:
    """A name that fits in a square."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
