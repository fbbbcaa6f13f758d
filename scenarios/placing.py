"""Locations of areas: positions in km, outlines, and shared borders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.codes import CODE, LEVELS
from scenarios.coordinates import are_exchanged
from scenarios.findings import Findings
from scenarios.geometry import Outlines, project, read_outlines, shared_borders
from scenarios.joining import match_outlines
from scenarios.table import Table


def level_of(codes: Sequence[str]) -> str | None:
    """The layer of a map that these codes are of, or None."""
    kinds = {code[:2] for code in codes if CODE.fullmatch(code)}
    return next((level for level, letters in LEVELS.items() if letters in kinds), None)


def read_map(path: str | Path, code_property: str | None, codes: Sequence[str], found: Findings) -> Outlines:
    """The outlines of a map, of the layer that these codes are of; what was decided is noted."""
    outlines = read_outlines(path, code_property, level_of(codes))
    for note in outlines.notes:
        found.say(note, note.dutch)
    return outlines


def locate_areas(
    codes: Sequence[str],
    names: Sequence[str],
    chosen: np.ndarray,
    centre: tuple[np.ndarray, np.ndarray],
    outlines: Outlines,
    found: Findings,
    file: str | Path,
) -> dict[str, Any]:
    """Match areas with their outlines.

    Returns
    -------
    dict
        ``x``, ``y`` (those of ``centre`` where there is no outline), ``neighbours`` and ``outlines``.
    """
    there = {code: outlines.names.get(code, "") for code in outlines.shapes}
    joined = match_outlines(codes, names, there, chosen, found, file)
    x, y = centre[0].copy(), centre[1].copy()
    for at, code in enumerate(codes):
        if code in joined:
            x[at], y[at] = outlines.centre[joined[code]]
    shapes = {code: outlines.shapes[joined[code]] for code in codes if code in joined}
    return {"x": x, "y": y, "neighbours": shared_borders(shapes, list(codes)), "outlines": shapes}


def coordinates_of(table: Table, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in km from the columns longitude and latitude, else x and y as they are."""
    if not {"longitude", "latitude"} <= set(table.columns):
        return x, y
    dutch = sum(bool(CODE.fullmatch(code)) for code in table.text("code")) * 2 > len(table)
    east, north = table.numbers("longitude", -180, 180), table.numbers("latitude", -180, 180)
    if are_exchanged(east, north, dutch):
        east, north = north, east
        table.found.say(
            "The columns longitude and latitude are exchanged: so the areas lie in the Netherlands.",
            "De kolommen longitude en latitude zijn verwisseld: zo liggen de gebieden in Nederland.",
        )
    elif (np.abs(north) > 90).any():
        table.numbers("latitude", -90, 90)
    if np.isfinite(east).any() and np.isfinite(north).any():
        return project(east, north, (float(np.nanmean(east).round(1)), float(np.nanmean(north).round(1))))
    return x, y
