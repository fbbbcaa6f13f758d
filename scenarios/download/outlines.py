"""Outlines of districts and neighbourhoods from PDOK, over OGC API Features: GeoJSON in longitude and latitude."""

from typing import Any

import numpy as np

from scenarios.cbs_catalogue import catalogue
from scenarios.download.paging import pages
from scenarios.download.raw import BrokenTableError
from scenarios.download.transport import Getter

PAGE_SIZE = 1000
MOST_MISSING = 0.1
"""A larger share of areas without an outline is treated as an incomplete response."""

# Approximation of the Dutch grid (RD, EPSG:28992) from longitude and latitude around Amersfoort, error below 1 m
# [S: Schreutelkamp and Strang van Hees 2001]: powers of latitude and longitude, coefficient.
_MIDDLE = (52.15517440, 5.38720621)
_X = {
    (0, 1): 190094.945,
    (1, 1): -11832.228,
    (2, 1): -114.221,
    (0, 3): -32.391,
    (1, 0): -0.705,
    (3, 1): -2.340,
    (1, 3): -0.608,
    (0, 2): -0.008,
    (2, 3): 0.148,
}
_Y = {(1, 0): 309056.544, (0, 2): 3638.893, (2, 0): 73.077, (1, 2): -157.984, (3, 0): 59.788, (0, 1): 0.433,
      (2, 2): -6.439, (1, 1): -0.032, (0, 4): 0.092, (1, 4): -0.054}  # fmt: skip


def to_grid(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn degrees into km on the Dutch grid (RD), both float64[N]."""
    x, y = np.full_like(longitude, 155_000.0), np.full_like(latitude, 463_000.0)
    north, east = 0.36 * (latitude - _MIDDLE[0]), 0.36 * (longitude - _MIDDLE[1])
    for (p, q), coefficient in _X.items():
        x += coefficient * north**p * east**q
    for (p, q), coefficient in _Y.items():
        y += coefficient * north**p * east**q
    return x / 1000.0, y / 1000.0


def read_pdok(getter: Getter, base: str, year: int, level: str, municipalities: list[str]) -> dict[str, Any]:
    """Read the outlines of one year.

    Parameters
    ----------
    getter : Getter
    base : str
        Address of PDOK.
    year : int
    level : str
        ``wijk`` or ``buurt``.
    municipalities : list of str
        Codes such as GM0363; empty for the whole country.

    Returns
    -------
    dict of str to GeoJSON geometry
        Polygons of land, by code.

    Raises
    ------
    InputError
    """
    rules = catalogue()["outlines"]
    path = rules["path"].format(year=year)
    url = f"{base.rstrip('/')}/{path}/collections/{rules['collections'][level]}/items?f=json&limit={PAGE_SIZE}"
    shapes: dict[str, Any] = {}
    for municipality in municipalities or [""]:
        found = _one_list(
            getter, url + (f"&gemeentecode={municipality}" if municipality else ""), f"outlines-{year}", level
        )
        shapes |= {code: s for code, s in found.items() if not municipality or code[2:6] == municipality[2:6]}
    return shapes


def _one_list(getter: Getter, url: str, table: str, level: str) -> dict[str, Any]:
    shapes: dict[str, Any] = {}
    arrived, promised = 0, None
    for page in pages(getter, url, table, _problem, _next):
        promised = page.get("numberMatched", promised)
        arrived += len(page["features"])
        for feature in page["features"]:
            told = {str(k).lower(): v for k, v in feature["properties"].items()}
            code = str(told.get(f"{level}code", "")).strip()
            if not code:
                raise BrokenTableError(table, f"sent an outline without {level}code ({url})")
            if str(told.get("water", "NEE")).strip().upper() == "JA":
                continue
            if code in shapes:
                raise BrokenTableError(table, f"sent the outline of {code} twice ({url})")
            shapes[code] = feature["geometry"]
    if isinstance(promised, int) and promised != arrived:
        raise BrokenTableError(table, f"is incomplete: {arrived} of {promised} outlines arrived ({url})")
    return shapes


def _next(page: Any) -> str | None:
    links = page.get("links") or []
    return next((str(one["href"]) for one in links if isinstance(one, dict) and one.get("rel") == "next"), None)


def _problem(page: Any) -> str | None:
    features = page.get("features")
    if not isinstance(features, list):
        return "is not a page of outlines"
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            return "holds a feature without polygon"
        if not isinstance(feature.get("properties"), dict):
            return "holds a feature without properties"
        if not _in_degrees(geometry):
            return "is not in degrees of longitude and latitude"
    return None


def _in_degrees(geometry: dict[str, Any]) -> bool:
    try:
        corner = next(iter(_rings(geometry)))[0]
        return abs(float(corner[0])) <= 180 and abs(float(corner[1])) <= 90
    except (StopIteration, TypeError, ValueError, IndexError):
        return False


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """Return all rings, outer ones and holes (which turn the other way round)."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for part in parts for ring in part]


def centre(geometry: dict[str, Any]) -> tuple[float, float]:
    """Return the centre of gravity in km on the Dutch grid."""
    area = east = north = 0.0
    for ring in _rings(geometry):
        degrees = np.asarray(ring, dtype=np.float64)[:, :2]
        x, y = to_grid(degrees[:, 0], degrees[:, 1])
        first_x, first_y = x[0], y[0]  # differences keep digits that products of large numbers lose
        x, y = x - first_x, y - first_y
        cross = x[:-1] * y[1:] - x[1:] * y[:-1]
        area += cross.sum() / 2
        east += ((x[:-1] + x[1:]) * cross).sum() / 6 + first_x * cross.sum() / 2
        north += ((y[:-1] + y[1:]) * cross).sum() / 6 + first_y * cross.sum() / 2
    if area == 0.0:
        x, y = to_grid(*np.asarray(_rings(geometry)[0], dtype=np.float64)[:1, :2].T)
        return float(x[0]), float(y[0])
    return east / area, north / area
