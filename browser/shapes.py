"""Outlines for the map: those of the data, made lighter; else cells around the centres, or a plain honeycomb."""

from typing import Any

import numpy as np

from scenarios.areas import AreaTable
from scenarios.geometry import project
from scenarios.synthesis import hexagons

GRID = 3000  # steps across the map: finer details cannot be seen
NEAREST = 18
Ring = list[list[float]]


def shapes_of(table: AreaTable) -> dict[str, Any]:
    """Outlines of all areas.

    Returns
    -------
    dict
        ``real``: whether they are the data's; ``areas``: per area a list of rings, each a flat list x, y, x, y, … in km
        with y upwards; ``centres``: x, y per area, None where the place is unknown.
    """
    if table.outlines:
        rings = real_rings(table)
        if sum(map(bool, rings)) >= 0.5 * len(table):
            return {"real": True, "areas": rings, "centres": [_centre(r) for r in rings]}
    centres = known_centres(table)
    cells = [[np.round(cell, 4).ravel().tolist()] for cell in voronoi_cells(centres)]
    return {"real": False, "areas": cells, "centres": np.round(centres, 4).tolist()}


def real_rings(table: AreaTable) -> list[list[list[float]]]:
    """The data's outlines in km, points that cannot be told apart left out."""
    assert table.outlines is not None
    rings = [[np.asarray(r, float)[:, :2] for r in _rings(table.outlines.get(code))] for code in table.code]
    everything = np.concatenate([r for area in rings for r in area])
    low, high = everything.min(axis=0), everything.max(axis=0)
    middle = (float((low[0] + high[0]) / 2), float((low[1] + high[1]) / 2))
    (x0, x1), (y0, y1) = project(np.array([low[0], high[0]]), np.array([low[1], high[1]]), middle)
    step = max(x1 - x0, y1 - y0, 1e-3) / GRID
    return [[light for r in area if (light := _lighter(r, middle, step))] for area in rings]


def _lighter(ring: np.ndarray, middle: tuple[float, float], step: float) -> list[float]:
    """A ring on a grid, without repeated points; nothing when it is too small to be seen."""
    x, y = project(ring[:, 0], ring[:, 1], middle)
    points = np.round(np.stack([x, y], axis=1) / step).astype(np.int64)
    kept = points[np.concatenate(([True], np.any(np.diff(points, axis=0) != 0, axis=1)))]
    return np.round(kept * step, 4).ravel().tolist() if len(kept) >= 4 else []


def _rings(shape: dict[str, Any] | None) -> list[Any]:
    """Rings of a polygon or multipolygon."""
    if shape is None:
        return []
    if shape["type"] == "Polygon":
        return list(shape["coordinates"])
    return [ring for polygon in shape["coordinates"] for ring in polygon] if shape["type"] == "MultiPolygon" else []


def _centre(rings: list[list[float]]) -> list[float] | None:
    """The centre of gravity of the largest ring; None without an outline."""
    if not rings:
        return None
    points = np.array(max(rings, key=len)).reshape(-1, 2)
    x, y = points.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    if abs(cross.sum()) < 1e-12:
        return points.mean(axis=0).round(4).tolist()
    middle = ((points + np.roll(points, -1, axis=0)) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return middle.round(4).tolist()


def known_centres(table: AreaTable) -> np.ndarray:
    """Centres in km, float64 [J, 2]; a honeycomb where they are unknown or coincide."""
    centres = np.stack([table.x, table.y], axis=1)
    unique = len(np.unique(np.round(centres, 6), axis=0)) if np.isfinite(centres).all() else 0
    return centres.astype(float) if unique == len(table) else hexagons(len(table), 1.0)[0]


def voronoi_cells(centres: np.ndarray) -> list[np.ndarray]:
    """Cells around centres: what is nearer to this centre than to others, at most about half a spacing away.

    Around a honeycomb of centres these are its hexagons.
    """
    from scipy.spatial import cKDTree

    if len(centres) == 1:
        return [centres + 0.58 * _circle(6)]
    distance, found = cKDTree(centres).query(centres, k=min(NEAREST + 1, len(centres)))
    spacing = np.maximum(distance[:, 1], float(np.median(distance[:, 1])))
    cells = []
    for at, centre in enumerate(centres):
        cell = spacing[at] / np.sqrt(3) * _circle(6)
        for other in found[at, 1:]:
            cell = _nearer(cell, centres[other] - centre)
        cells.append(cell + centre)
    return cells


def _circle(corners: int) -> np.ndarray:
    angle = 2 * np.pi * np.arange(corners) / corners + np.pi / 6
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _nearer(cell: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The part of a convex cell around the origin that is nearer to the origin than to another point."""
    limit = other @ other / 2
    side = cell @ other - limit
    if (side <= 1e-12).all():
        return cell
    points = []
    for at in range(len(cell)):
        a, b, p, q = side[at - 1], side[at], cell[at - 1], cell[at]
        if (a <= 0) != (b <= 0):
            points.append(p + (q - p) * (a / (a - b)))
        if b <= 0:
            points.append(q)
    return np.array(points) if len(points) >= 3 else cell
