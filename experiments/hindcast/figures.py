"""The figures of a hindcast."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.hindcast.measures import MatchedAreas, changes
from experiments.hindcast.study import Study
from experiments.results.drawing import Figure, canvas, save
from experiments.results.palette import hue
from experiments.results.phrases import fill

COUNTED, SIMULATED = hue("blue"), hue("orange")  # marks differ too


def draw_figures(found: Study, folder: Path, words: dict[str, Any], language: str) -> list[Figure]:
    """Draw what can be drawn of the municipalities, or of the areas where no municipality is compared."""
    target = folder / "figures"
    target.mkdir()
    level = "municipalities" if "municipalities" in found.result["agreement"] else "areas"
    figures = []
    if level in found.result["agreement"]:
        numbers, areas = found.result["agreement"][level], found.compared[level]
        figures = [
            against(areas, numbers, name, quantity, target, words["figures"], language)
            for name, quantity in (("growth", "growth"), ("rise", "background"))
            if quantity in numbers
        ]
        if "background" in numbers:
            figures.append(growing_apart(areas, numbers["background"], target, words["figures"], language))
    if found.result["country"]["whole_country"]:
        figures.append(country_by_year(found, target, words["figures"], language))
    return figures


def changed(areas: MatchedAreas, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """Counted and simulated change of a quantity, percent or points, float64 [M] each."""
    return tuple(
        100 * changes(a, b, False)[quantity] for a, b in ((areas.before, areas.after), (areas.start, areas.end))
    )  # type: ignore[return-value]


def against(
    areas: MatchedAreas,
    numbers: dict[str, Any],
    name: str,
    quantity: str,
    folder: Path,
    words: dict[str, Any],
    language: str,
) -> Figure:
    """Counted against simulated change, a dot per place."""
    counted, simulated = changed(areas, quantity)
    sizes = areas.before.residents / areas.before.residents.max()
    data = pl.DataFrame({"code": areas.before.code, "counted": counted, "simulated": simulated})
    with canvas(5.6, 5.0) as (sheet, axes):
        axes.scatter(
            simulated, counted, s=6 + 140 * sizes, color=SIMULATED, alpha=0.5, linewidths=0.3, edgecolors="white"
        )
        both = np.concatenate([counted, simulated])
        both = both[np.isfinite(both)]
        ends = np.percentile(both, [0.2, 99.8])
        axes.plot(ends, ends, color=hue("quiet"), lw=1, ls="--", label=words["equal"])
        axes.set(xlabel=words[f"{name}_simulated"], ylabel=words[f"{name}_counted"])
        axes.legend(loc="upper left", fontsize=9)
        save(sheet, data, folder, name, language)
    r = numbers[quantity]["r"]
    text = fill(words[name]["text"], language, r=r["value"], low=r["low"], high=r["high"])
    return Figure(name, words[name]["title"], text)


def growing_apart(
    areas: MatchedAreas, numbers: dict[str, Any], folder: Path, words: dict[str, Any], language: str
) -> Figure:
    """The rise of the share with a background against that share at first, counted and simulated."""
    at_first = 100 * areas.before.background
    data = {"code": areas.before.code, "share_first": at_first}
    with canvas(6.6, 4.6) as (sheet, axes):
        pairs = zip(
            ("counted", "simulated"), (COUNTED, SIMULATED), ("o", "^"), changed(areas, "background"), strict=True
        )
        for name, colour, mark, values in pairs:
            data[name] = values
            known = np.isfinite(values) & np.isfinite(at_first)
            axes.plot(at_first, values, mark, ms=3.5, color=colour, alpha=0.45, mew=0)
            steepness = numbers[name]["slope_on_start"]["value"]
            ends = np.array([at_first[known].min(), at_first[known].max()])
            level = values[known].mean() + steepness * (ends - at_first[known].mean())
            axes.plot(ends, level, color=colour, lw=2, label=words[name], ls="-" if name == "counted" else "--")
        axes.axhline(0, color=hue("grey"), lw=0.8)
        axes.set(xlabel=words["start"], ylabel=words["points"])
        axes.legend(loc="upper left", fontsize=9)
        save(sheet, pl.DataFrame(data), folder, "slope", language)
    text = fill(
        words["slope"]["text"],
        language,
        counted=numbers["counted"]["slope_on_start"]["value"],
        simulated=numbers["simulated"]["slope_on_start"]["value"],
    )
    return Figure("slope", words["slope"]["title"], text)


def country_by_year(found: Study, folder: Path, words: dict[str, Any], language: str) -> Figure:
    """Residents of the country in each year, counted and simulated."""
    country = found.result["country"]
    year = [row["year"] for row in country["years"]] + [found.result["last_year"]]
    counted = [row["counted"].get("residents", np.nan) for row in country["years"]] + [country["residents_counted"]]
    simulated = [row["simulated"]["residents"] for row in country["years"]] + [country["residents_simulated"]]
    data = pl.DataFrame({"year": year, "counted": np.array(counted, float), "simulated": np.array(simulated, float)})
    with canvas(6.6, 3.8) as (sheet, axes):
        for name, colour, mark in (("counted", COUNTED, "-o"), ("simulated", SIMULATED, "--^")):
            axes.plot(data["year"], data[name] / 1e6, mark, color=colour, ms=5, label=words[name])
        axes.set(xlabel=words["year"], ylabel=words["residents"], xticks=year)
        axes.legend(loc="upper left", fontsize=9)
        save(sheet, data, folder, "country", language)
    text = fill(
        words["country"]["text"], language, year=str(year[-1]), counted=counted[-1] / 1e6, simulated=simulated[-1] / 1e6
    )
    return Figure("country", words["country"]["title"], text)
