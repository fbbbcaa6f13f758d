"""Where neighbourhoods are drawn: real outlines where there are, else circles at their place or hexagons."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios.areas import AreaTable

WIDTH, HEIGHT, MARGIN = 640.0, 460.0, 14.0
KM_PER_DEGREE = 111.195  # of latitude
LARGEST_HEXAGON = 80.0  # pixels from middle to corner
NEAREST = 0.7  # points of an outline nearer than this (in pixels) are left out


@dataclass
class Drawing:
    """Neighbourhoods as they are drawn.

    Attributes
    ----------
    paths : list of str
        SVG paths.
    middles : float array [J, 2]
        Where a name goes; nan for an area without outline.
    sizes : float array [J]
        How large each is drawn, in square pixels.
    pixels_per_km : float or None
        None where distances are not known.
    """

    width: ClassVar[float] = WIDTH
    paths: list[str]
    middles: np.ndarray
    sizes: np.ndarray
    pixels_per_km: float | None


def kind_of(table: AreaTable) -> str:
    """outlines, points or grid."""
    if table.outlines:
        return "outlines"
    known = np.isfinite(table.x) & np.isfinite(table.y)
    invented = any("synthesised" in note for note in table.notes)
    distinct = len(np.unique(np.stack([table.x, table.y]), axis=1).T) == len(table)
    return "points" if known.all() and distinct and not invented else "grid"


def draw_areas(table: AreaTable) -> Drawing:
    """Every neighbourhood, fitted to WIDTH by HEIGHT."""
    kind = kind_of(table)
    if kind == "outlines":
        return outlines(table)
    return circles(table) if kind == "points" else hexagons(len(table))


def fitted(
    points: np.ndarray, flip: bool = True, most: float = np.inf, margin: float = MARGIN
) -> tuple[np.ndarray, float]:
    """Points [N, 2] scaled (at most so many times) and centred in the drawing, north up; and pixels per unit."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-9)
    scale = min((WIDTH - 2 * margin) / size[0], (HEIGHT - 2 * margin) / size[1], most)
    middle = (points - (low + high) / 2) * scale
    return np.array([WIDTH, HEIGHT]) / 2 + middle * ([1, -1] if flip else [1, 1]), scale


def outlines(table: AreaTable) -> Drawing:
    """Real outlines; longitudes are narrowed by the cosine of the latitude."""
    from experiments.results.map_figure import rings

    shapes = [rings((table.outlines or {}).get(code, {"type": "", "coordinates": []})) for code in table.code]
    everything = np.concatenate([ring for shape in shapes for ring in shape])
    degrees = np.abs(everything).max() <= 360
    narrow = np.array([np.cos(np.radians(everything[:, 1].mean())) if degrees else 1.0, 1.0])
    points, scale = fitted(everything * narrow)
    paths, middles, sizes, at = [], [], [], 0
    for shape in shapes:
        parts = []
        for ring in shape:
            parts.append(points[at : at + len(ring)])
            at += len(ring)
        paths.append("".join(polygon(thinned(part)) for part in parts))
        middle, size = middle_of(parts)
        middles.append(middle)
        sizes.append(size)
    return Drawing(paths, np.array(middles), np.array(sizes), scale / KM_PER_DEGREE if degrees else None)


def middle_of(parts: list[np.ndarray]) -> tuple[tuple[float, float], float]:
    """A point well inside the largest part of an area, and the area of all; nan and 0 for an area without outline."""
    from shapely import Polygon, maximum_inscribed_circle

    polygons = [Polygon(part) for part in parts if len(part) > 3]
    if not polygons:
        return (np.nan, np.nan), 0.0
    largest = max(polygons, key=lambda polygon: polygon.area).buffer(0)
    if largest.is_empty:
        return (np.nan, np.nan), 0.0
    x, y = maximum_inscribed_circle(largest, tolerance=1.0).coords[0]
    return (x, y), sum(polygon.area for polygon in polygons)


def thinned(points: np.ndarray) -> np.ndarray:
    """Fewer points: those nearer than NEAREST to the last one kept are left out, so that pages stay small."""
    kept = [points[0]]
    for point in points[1:]:
        if np.hypot(*(point - kept[-1])) >= NEAREST:
            kept.append(point)
    return np.array(kept)


def polygon(points: np.ndarray) -> str:
    """A closed path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def circles(table: AreaTable) -> Drawing:
    """Circles at the neighbourhoods' location, with an area proportional to residents."""
    radius = np.sqrt(table.residents / table.residents.sum()) * 0.42 * HEIGHT / np.sqrt(np.pi) * 1.3
    radius = np.maximum(radius, 3)
    points, scale = fitted(np.stack([table.x, table.y], axis=1), margin=MARGIN + float(radius.max()))
    paths = [
        f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"
        for (x, y), r in zip(points, radius, strict=True)
    ]
    return Drawing(paths, points, np.pi * radius**2, scale)


def hexagons(count: int) -> Drawing:
    """Hexagons in rows, in the order of the list."""
    wide = int(np.ceil(np.sqrt(count * WIDTH / HEIGHT)))
    at = np.arange(count)
    row = at // wide
    centre = np.stack([(at % wide + 0.5 * (row % 2)) * np.sqrt(3), 1.5 * row], axis=1)
    angle = np.radians(np.arange(6) * 60 + 30)
    corners = centre[:, None, :] + 0.94 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points, _ = fitted(corners.reshape(-1, 2), flip=False, most=LARGEST_HEXAGON)
    shapes = points.reshape(count, 6, 2)
    return Drawing([polygon(shape) for shape in shapes], shapes.mean(axis=1), np.ones(count), None)
