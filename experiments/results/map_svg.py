"""Maps as SVG drawings, written without Matplotlib."""

from collections.abc import Callable

import numpy as np

from experiments.results.chart import Map, ticks_of
from experiments.results.chart_svg import INCH, POINT, Sheet, draw_dots
from experiments.results.palette import hue, palette
from experiments.results.phrases import written

COLOURS: tuple[str, ...] = tuple(palette()["amounts"])
UNKNOWN: str = palette()["none"]  # too few people for a mean
MARGIN, BAR = 14.0, 110.0  # pixels around the map, and for the bar of colours beside it
LETTER, LINE = 5.6, 12.0  # pixels of a letter and of a line of a name on an outline
NEAREST = 0.7  # points of an outline nearer than this (in pixels) to the one before are left out
HALO = (
    f"font-size:10px;fill:{hue('ink')};stroke:{hue('paper')};stroke-width:2.6;stroke-linejoin:round;paint-order:stroke"
)
Place = Callable[[np.ndarray], np.ndarray]
"""From points of the map to pixels."""


def colours_of(values: np.ndarray, limits: tuple[float, float]) -> list[str]:
    """The colour of each value, between those of `COLOURS`."""
    table = np.array([[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in COLOURS], float)
    low, high = limits
    place = np.clip((np.nan_to_num(values, nan=low) - low) / max(high - low, 1e-12), 0, 1) * (len(COLOURS) - 1)
    parts = np.stack([np.interp(place, np.arange(len(COLOURS)), table[:, n]) for n in range(3)], axis=1)
    shown = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in parts.round().astype(int).tolist()]
    return [colour if known else UNKNOWN for colour, known in zip(shown, np.isfinite(values), strict=True)]


def draw_map(shown: Map, width: float, height: float, language: str) -> str:
    """A map as SVG.

    Parameters
    ----------
    width, height : float
        Inches.
    """
    sheet = Sheet(width * INCH, height * INCH)
    colours = colours_of(shown.values, shown.range)
    everything = np.concatenate(shown.rings) if shown.rings else dots_of(shown)
    place = placed(everything, shown, sheet)
    if shown.rings:
        sheet.parts.append('<g stroke="white" stroke-width=".4" stroke-linejoin="round">')
        for ring, owner in zip(shown.rings, shown.owner.tolist(), strict=True):
            corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in thinned(place(ring)))
            sheet.parts.append(f'<path d="M{corners}Z" fill="{colours[owner]}"/>')
        sheet.parts.append("</g>")
    elif shown.dots is not None:
        x, y = place(everything).T
        draw_dots(sheet, x, y, shown.dots, colours)
    draw_names(sheet, place, shown, colours)
    draw_bar(sheet, shown, language)
    return sheet.svg()


def dots_of(shown: Map) -> np.ndarray:
    """Where the dots lie."""
    return np.stack([shown.dots.x, shown.dots.y], axis=1) if shown.dots is not None else np.zeros((1, 2))


def placed(points: np.ndarray, shown: Map, sheet: Sheet) -> Place:
    """Where points are drawn: as large as fits, in the middle, north up."""
    unit = np.array([1.0, shown.stretch])
    low, high = (points * unit).min(axis=0), (points * unit).max(axis=0)
    edge = MARGIN + (45 if shown.dots is not None else 0)  # dots and the names above them stick out
    room = np.array([sheet.width - BAR, sheet.height]) - 2 * edge
    scale = (room / np.maximum(high - low, 1e-9)).min()
    middle = np.array([(sheet.width - BAR) / 2, sheet.height / 2])
    return lambda some: middle + (some * unit - (low + high) / 2) * scale * [1, -1]


def thinned(points: np.ndarray) -> np.ndarray:
    """Points without those so near to the one before that they cannot be seen."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    kept = np.unique(np.floor(steps / NEAREST), return_index=True)[1]
    return points[kept] if len(kept) > 2 else points


def draw_names(sheet: Sheet, place: Place, shown: Map, colours: list[str]) -> None:
    """Names in squares, above dots, or on outlines where there is room for them."""
    if shown.kind == "map":
        draw_names_on_outlines(sheet, place, shown)
        return
    for at, (x, y, name) in enumerate(shown.names):
        ((a, b),) = place(np.array([[x, y]]))
        if shown.dots is not None:
            above = np.sqrt(shown.dots.area[at]) / 2 * POINT + 4
            sheet.text(float(a), float(b - above), name, kind="m", style="font-size:9px")
        else:
            dark = int(colours[shown.owner[at]][1:3], 16) < 128
            sheet.text(
                float(a), float(b) + 3, name, kind="m", style=f"font-size:8px;fill:{'white' if dark else 'black'}"
            )


def draw_names_on_outlines(sheet: Sheet, place: Place, shown: Map) -> None:
    """Names in their neighbourhood; one that would lie over another or beyond the edge is left out."""
    placed: list[tuple[float, float, float]] = []
    for x, y, name in shown.names:
        if not np.isfinite(x):
            continue
        ((a, b),) = place(np.array([[x, y]])).tolist()
        half = LETTER * len(name) / 2
        free = all(abs(a - other) > half + wide or abs(b - level) > LINE for other, level, wide in placed)
        if free and half < a < sheet.width - BAR - half:
            placed.append((a, b, half))
            sheet.text(a, b + 3, name, kind="m", style=HALO)


def draw_bar(sheet: Sheet, shown: Map, language: str) -> None:
    """The colours with their values; pointed ends say that there are values beyond."""
    left, top, bottom = sheet.width - BAR + 20, sheet.height * 0.12, sheet.height * 0.88
    stops = "".join(
        f'<stop offset="{n / (len(COLOURS) - 1):.4f}" stop-color="{colour}"/>' for n, colour in enumerate(COLOURS)
    )
    sheet.parts.append(f'<linearGradient id="c" x1="0" y1="1" x2="0" y2="0">{stops}</linearGradient>')
    sheet.add("rect", x=left, y=top, width=18.0, height=bottom - top, fill="url(#c)")
    for end, tip, colour in ((top, top - 16, COLOURS[-1]), (bottom, bottom + 16, COLOURS[0])):
        sheet.add("path", d=f"M{left:.1f} {end:.1f}h18L{left + 9:.1f} {tip:.1f}Z", fill=colour)
    low, high = shown.range
    ticks, digits = ticks_of(shown.range)
    for value in ticks.tolist():
        at = bottom - (value - low) / (high - low) * (bottom - top)
        sheet.line((left + 18, at, left + 22, at), kind="a")
        sheet.text(left + 26, at + 4, written(value, digits, language), kind="s")
    x = sheet.width - 12
    sheet.text(x, sheet.height / 2, shown.label, kind="m", transform=f"rotate(-90 {x:g} {sheet.height / 2:g})")
