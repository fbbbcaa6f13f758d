"""The map of effects: real outlines where known, else circles at their location or hexagons, as SVG in the page."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenarios.areas import AreaTable

WIDTH, HEIGHT, MARGIN = 640.0, 460.0, 14.0
LESS, NONE, MORE = (179, 88, 6), (226, 226, 226), (5, 72, 140)  # orange, grey, blue
LIGHT_LESS, LIGHT_MORE = (253, 219, 176), (198, 219, 239)
LARGEST_HEXAGON = 80.0  # pixels from middle to corner
NEAREST = 0.7  # points of an outline nearer than this (in pixels) are left out


@dataclass
class Shape:
    """A neighbourhood on the map: its SVG path, colour and the text it tells."""

    path: str
    fill: str
    text: str


def kind_of(table: AreaTable) -> str:
    """outlines, points or grid."""
    if table.outlines:
        return "outlines"
    known = np.isfinite(table.x) & np.isfinite(table.y)
    invented = any("synthesised" in note for note in table.notes)
    distinct = len(np.unique(np.stack([table.x, table.y]), axis=1).T) == len(table)
    return "points" if known.all() and distinct and not invented else "grid"


def colour(value: float, certain: bool, most: float) -> str:
    """Blue for more, orange for less, darker for larger differences; grey where zero is not excluded."""
    if not certain or value == 0 or not np.isfinite(value):
        mixed: Any = NONE
    else:
        part = min(abs(value) / most, 1) if most else 0
        light, dark = (LIGHT_MORE, MORE) if value > 0 else (LIGHT_LESS, LESS)
        mixed = [round(a + (b - a) * part) for a, b in zip(light, dark, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def paths(table: AreaTable) -> list[str]:
    """An SVG path per neighbourhood, fitted to WIDTH by HEIGHT."""
    kind = kind_of(table)
    if kind == "outlines":
        return outline_paths(table)
    if kind == "points":
        return circle_paths(table)
    return hexagon_paths(len(table))


def fitted(points: np.ndarray, flip: bool = True, most: float = np.inf) -> np.ndarray:
    """Points [N, 2] scaled (at most so many times) and centred in the drawing; north is up."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / size[0], (HEIGHT - 2 * MARGIN) / size[1], most)
    middle = (points - (low + high) / 2) * scale
    return np.array([WIDTH, HEIGHT]) / 2 + middle * ([1, -1] if flip else [1, 1])


def outline_paths(table: AreaTable) -> list[str]:
    """Real outlines; longitudes are narrowed by the cosine of the latitude."""
    from experiments.results.map_figure import rings

    shapes = [rings((table.outlines or {}).get(code, {"type": "", "coordinates": []})) for code in table.code]
    everything = np.concatenate([ring for shape in shapes for ring in shape])
    degrees = np.abs(everything).max() <= 360
    narrow = np.array([np.cos(np.radians(everything[:, 1].mean())) if degrees else 1.0, 1.0])
    points = fitted(everything * narrow)
    found, at = [], 0
    for shape in shapes:
        parts = []
        for ring in shape:
            parts.append(polygon(thinned(points[at : at + len(ring)])))
            at += len(ring)
        found.append("".join(parts))
    return found


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


def circle_paths(table: AreaTable) -> list[str]:
    """Circles at the neighbourhoods' location, with an area proportional to residents."""
    points = fitted(np.stack([table.x, table.y], axis=1))
    inner = MARGIN * 2
    points = inner + points * (1 - 2 * inner / np.array([WIDTH, HEIGHT]))
    radius = np.sqrt(table.residents / table.residents.sum()) * 0.42 * HEIGHT / np.sqrt(np.pi) * 1.3
    found = []
    for (x, y), r in zip(points, np.maximum(radius, 3), strict=True):
        found.append(f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z")
    return found


def hexagon_paths(count: int) -> list[str]:
    """Hexagons in rows, in the order of the list."""
    wide = int(np.ceil(np.sqrt(count * WIDTH / HEIGHT)))
    at = np.arange(count)
    row = at // wide
    centre = np.stack([(at % wide + 0.5 * (row % 2)) * np.sqrt(3), 1.5 * row], axis=1)
    angle = np.radians(np.arange(6) * 60 + 30)
    corners = centre[:, None, :] + 0.94 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return [
        polygon(shape)
        for shape in fitted(corners.reshape(-1, 2), flip=False, most=LARGEST_HEXAGON).reshape(count, 6, 2)
    ]
