"""Conversion of coordinates to longitude and latitude in degrees, whatever order or system a map has them in.

Where a map does not state its coordinate system it is recognised by the extent of the Netherlands: 3.0 to 7.4 degrees
east and 50.6 to 53.8 north; in Dutch coordinates (EPSG:28992) 0 to 300 km east and 300 to 630 km north.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from scenarios.errors import wrong
from scenarios.notes import Note

DEGREES = "EPSG:4326"
DUTCH = "EPSG:28992"
_BOXES = {  # west, south, east, north of the land
    DEGREES: (3.0, 50.6, 7.4, 53.8),
    DUTCH: (0.0, 300_000.0, 300_000.0, 630_000.0),
    "EPSG:3857": (334_000.0, 6_560_000.0, 824_000.0, 7_140_000.0),
    "EPSG:25831": (495_000.0, 5_600_000.0, 815_000.0, 5_970_000.0),
}
_NAMES = {DEGREES: "degrees", DUTCH: "Dutch coordinates (EPSG:28992)"}
_NAMEN = {DEGREES: "graden", DUTCH: "Rijksdriehoekscoördinaten (EPSG:28992)"}


def in_degrees(shapes: dict[str, Any], declared: str, dutch: bool, file: object) -> tuple[dict[str, Any], list[Note]]:
    """Return shapes with longitude and latitude, and what was decided.

    Parameters
    ----------
    shapes : dict of str to GeoJSON geometry
    declared : str
        What the file says its coordinates are, or an empty text.
    dutch : bool
        Whether the codes are those of Statistics Netherlands, so that the areas lie in the Netherlands.
    file : path
        For messages.

    Raises
    ------
    InputError
        When they cannot be degrees and are not recognised, or when Dutch areas lie elsewhere.
    """
    corners = _corners(shapes, file)
    turned = corners[:, ::-1]
    system = declared if declared not in ("", DEGREES, "OGC:CRS84") else DEGREES
    if system != DEGREES:
        return _checked(_transformed(shapes, system, False), dutch, file), _describe_system(system, False, declared)
    if _inside(corners, DEGREES):
        return shapes, []
    for other in _BOXES:
        for swap, points in ((False, corners), (True, turned)):
            if _inside(points, other):
                return _transformed(shapes, other, swap), _describe_system(other, swap, "")
    if np.abs(corners[:, 0]).max() <= 90 < np.abs(corners[:, 1]).max() <= 180:
        return _checked(_transformed(shapes, DEGREES, True), dutch, file), _describe_system(DEGREES, True, "")
    if np.abs(corners[:, 0]).max() > 180 or np.abs(corners[:, 1]).max() > 90:
        raise wrong("holds coordinates beyond degrees: convert it to longitude and latitude (WGS84)", file=str(file))
    return _checked(shapes, dutch, file), []


def are_exchanged(east: np.ndarray, north: np.ndarray, dutch: bool) -> bool:
    """Whether columns called longitude and latitude have been exchanged, as Dutch areas show."""
    known = np.isfinite(east) & np.isfinite(north)
    points = np.stack([east[known], north[known]], axis=1)
    return dutch and len(points) > 0 and not _inside(points, DEGREES) and _inside(points[:, ::-1], DEGREES)


def _inside(points: np.ndarray, system: str) -> bool:
    west, south, east, north = _BOXES[system]
    return bool(
        ((points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)).all()
    )


def _checked(shapes: dict[str, Any], dutch: bool, file: object) -> dict[str, Any]:
    """The shapes, unless they are Dutch and none lies in the Netherlands."""
    corners = _corners(shapes, file)
    west, south, east, north = _BOXES[DEGREES]
    there = (corners[:, 0] >= west) & (corners[:, 0] <= east) & (corners[:, 1] >= south) & (corners[:, 1] <= north)
    if dutch and not there.any():
        middle = f"{np.median(corners[:, 0]):.4g}, {np.median(corners[:, 1]):.4g}"
        raise wrong(
            f"places Dutch areas outside the Netherlands (around {middle})",
            file=str(file),
            allowed="longitude and latitude in degrees, or Dutch coordinates (EPSG:28992)",
        )
    return shapes


def _describe_system(system: str, swap: bool, declared: str) -> list[Note]:
    name, naam = _NAMES.get(system, system), _NAMEN.get(system, system)
    if swap:
        name, naam = f"{name}, the second number first", f"{naam}, het tweede getal voorop"
    because = "as the file says" if declared else "as where the Netherlands lies tells"
    omdat = "zoals het bestand zegt" if declared else "zoals de ligging van Nederland vertelt"
    if system == DEGREES and swap:
        name, naam = "degrees with latitude first", "graden met de breedte voorop"
        because, omdat = "as their values tell", "zoals de waarden vertellen"
    return [
        Note(
            f"The outlines are in {name}, {because}; they were turned into longitude and latitude.",
            f"De omtrekken zijn in {naam}, {omdat}; ze zijn omgezet naar lengte en breedte.",
        )
    ]


def _transformed(shapes: dict[str, Any], system: str, swap: bool) -> dict[str, Any]:
    """Shapes in longitude and latitude; seven decimals are a centimetre, and equal corners stay equal."""
    from pyproj import Transformer

    turn = Transformer.from_crs(system, DEGREES, always_xy=True) if system != DEGREES else None

    def ring(points: Any) -> list[list[float]]:
        array = np.asarray(points, dtype=float)[:, :2]
        array = array[:, ::-1] if swap else array
        if turn is not None:
            array = np.stack(turn.transform(array[:, 0], array[:, 1]), axis=1)
        return array.round(7).tolist()

    return {code: shape | {"coordinates": _each_ring(shape, ring)} for code, shape in shapes.items()}


def _each_ring(shape: dict[str, Any], change: Any) -> list[Any]:
    if shape["type"] == "Polygon":
        return [change(ring) for ring in shape["coordinates"]]
    return [[change(ring) for ring in polygon] for polygon in shape["coordinates"]]


def rings_of(shape: dict[str, Any]) -> Iterator[list[Any]]:
    """The rings of a polygon, or of several."""
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for polygon in polygons:
        yield from polygon


def ring_arrays(shape: dict[str, Any], code: str, path: object) -> list[np.ndarray]:
    """The rings of a shape, each float64[N, 2].

    Raises
    ------
    InputError
        When they are no closed rings of numbers.
    """
    try:
        rings = [np.asarray(ring, dtype=float)[:, :2] for ring in rings_of(shape)]
    except (ValueError, TypeError, IndexError, KeyError, OverflowError):
        rings = []
    if not rings or any(len(ring) < 4 or not np.isfinite(ring).all() for ring in rings):
        raise wrong("is not a polygon of closed rings of longitude and latitude", file=str(path), value=code)
    return rings


def _corners(shapes: dict[str, Any], file: object) -> np.ndarray:
    """All corners, float64[N, 2]."""
    return np.concatenate([ring for code, shape in shapes.items() for ring in ring_arrays(shape, code, file)])
