"""Maps of the effect of every policy: real outlines where there are, names, classes with round limits, a scale bar."""

from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np

from experiments.compare.report.answer import neighbourhoods_of
from experiments.compare.report.differences import shown, status_of
from experiments.compare.report.map_paths import Drawing, draw_areas
from experiments.compare.report.material import Report
from experiments.results.palette import hue, palette

MORE, FEWER = tuple(palette()["more"]), tuple(palette()["less"][::-1])  # light to dark
NONE, UNSURE, ABSENT = palette()["none"], "url(#unsure)", hue("paper")
MOST_NAMED = 60
LETTER = 8.0  # pixels of a letter on the map
LINE = 17.0


@dataclass
class Label:
    """A name on the map."""

    x: float
    y: float
    text: str


def maps(report: Report) -> list[dict[str, Any]]:
    """A map per policy with its shapes, names, legend and scale bar."""
    drawing = draw_areas(report.table)
    names = labels(drawing, list(report.table.name))
    return [map_of(report, drawing, names, name, title) for name, title in report.compared.items()]


def map_of(report: Report, drawing: Drawing, names: list[Label], name: str, title: str) -> dict[str, Any]:
    """The map of one policy, in classes of its own."""
    rows = neighbourhoods_of(report, name)
    told = [(status_of(report, row), row) for row in rows]
    values = [abs(row["difference"]) for status, row in told if status in ("more", "fewer")]
    step = round_step(max(values, default=0.0), report.matters)
    shapes = [
        {"path": path, "fill": fill_of(status, row, step), "text": f"{row['name']}: {said(report, row)}"}
        for path, (status, row) in zip(drawing.paths, told, strict=True)
    ]
    return {
        "title": title,
        "alt": report.say(report.words["map"]["alt"], policy=title),
        "shapes": shapes,
        "names": names,
        "legend": legend(report, {status for status, _ in told}, step),
        "bar": scale_bar(report, drawing.pixels_per_km),
    }


def said(report: Report, row: dict[str, Any]) -> str:
    """A neighbourhood's effect in words."""
    cell = shown(report, row)
    return f"{cell['value']} ({cell['ends']})" if cell["ends"] else cell["value"]


def round_step(most: float, least: float) -> float:
    """The width of a class: 1, 2 or 5 times a power of ten, such that four reach the largest value."""
    wanted = max(most / len(MORE), least / len(MORE), 1e-9)
    power = 10.0 ** floor(log10(wanted))
    return next(part * power for part in (1.0, 2.0, 5.0, 10.0) if part * power >= wanted * (1 - 1e-9))


def fill_of(status: str, row: dict[str, Any], step: float) -> str:
    """The colour of a neighbourhood: of its class, grey for no difference, hatched where it is not certain."""
    if status in ("more", "fewer"):
        at = min(int(abs(row["difference"]) / step), len(MORE) - 1)
        return (MORE if status == "more" else FEWER)[at]
    return {"unsure": UNSURE, "absent": ABSENT, "untold": UNSURE}.get(status, NONE)


def legend(report: Report, found: set[str], step: float) -> list[dict[str, str]]:
    """Colours and what they mean, from most fewer to most more; only kinds that occur."""
    w, digits = report.words["map"], 0 if step >= 1 else 1
    rows = []
    limits = [(max(at * step, report.matters), (at + 1) * step) for at in range(len(MORE))]

    def classes(sign: str, colours: tuple[str, ...]) -> list[dict[str, str]]:
        ends = [tuple(sign + report.number(end, digits) for end in pair) for pair in limits]
        texts = [f"{low} {report.words['to']} {high}" for low, high in ends[:-1]] + [f"{ends[-1][0]} {w['and_more']}"]
        kept = [low < high for low, high in limits]  # what is less than matters has no class
        return [
            {"fill": fill, "text": text} for fill, text, is_kept in zip(colours, texts, kept, strict=True) if is_kept
        ]

    if "fewer" in found:
        rows += classes("−", FEWER)[::-1]
    if found & {"none", "same"}:
        rows.append({"fill": NONE, "text": w["none"]})
    if found & {"unsure", "untold"}:
        rows.append({"fill": UNSURE, "text": w["unsure"]})
    return rows + (classes("+", MORE) if "more" in found else [])


def labels(drawing: Drawing, names: list[str]) -> list[Label]:
    """Names at the middle of their area, the largest areas first; a name that would lie over another is left out."""
    if len(names) > MOST_NAMED:
        return []
    placed: list[tuple[float, float, float]] = []
    found = []
    for at in np.argsort(-drawing.sizes, kind="stable").tolist():
        x, y = drawing.middles[at]
        half = LETTER * len(names[at]) / 2
        free = all(abs(x - other) > half + width or abs(y - level) > LINE for other, level, width in placed)
        inside = half < x < drawing.width - half
        if free and inside and np.isfinite(x):
            placed.append((x, y, half))
            found.append(Label(round(float(x), 1), round(float(y) + 4, 1), names[at]))
    return found


def scale_bar(report: Report, pixels_per_km: float | None) -> dict[str, Any] | None:
    """A bar of a round number of kilometres, at most a quarter of the map wide; None where distances are not known."""
    if pixels_per_km is None:
        return None
    longest = 0.25 * Drawing.width / pixels_per_km
    power = 10.0 ** floor(log10(longest))
    length = next(part * power for part in (5.0, 2.0, 1.0) if part * power <= longest)
    return {"pixels": round(length * pixels_per_km, 1), "text": f"{report.number(length, 0 if length >= 1 else 1)} km"}
