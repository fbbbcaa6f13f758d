"""The figures of a result: what each shows, as a drawing (SVG) with the numbers behind it (CSV), or as pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.results.chart import Chart, Dots, Line, Map, at_least, range_of
from experiments.results.chart_svg import draw_chart
from experiments.results.drawing import Figure
from experiments.results.map_figure import map_of, values_on_map
from experiments.results.map_svg import draw_map
from experiments.results.month_table import FEWEST_ADULTS, GROUPS, slope
from experiments.results.outlines import read_outlines
from experiments.results.palette import hue
from experiments.results.phrases import fill, phrases
from scenarios.text import for_spreadsheets

COLOURS = {
    name: hue(colour)
    for name, colour in {
        "everyone": "black", "established_no_background": "blue", "established_background": "amber",
        "newcomer_no_background": "purple", "newcomer_background": "green", "labour_eu": "orange",
        "knowledge": "sky", "study": "amber", "family": "green", "asylum": "blue", "other_eu": "purple", "all": "black",
    }.items()
}  # fmt: skip
"""By group and motive; lines differ in dashes too."""
DASHES = ((), (3.7, 1.6), (6.4, 1.6, 1, 1.6), (1, 1.65), (5, 1), (3, 1, 1, 1), (1, 1))  # in line widths
NARROWEST = 0.15  # of an axis of belonging, so that small differences look small
WIDTH = 7.2  # inches
FEWEST = 20  # people behind a point of the figure of who stays


@dataclass(frozen=True)
class Material:
    """Data of the figures of a run.

    Attributes
    ----------
    months, groups : polars.LazyFrame
    cohorts : polars.DataFrame
    last : polars.DataFrame
        The rows of `months` of the last month, of neighbourhoods with people enough.
    neighbourhoods : polars.DataFrame
        Their names and locations.
    outlines : dict of str to dict
        Their outlines by code, as GeoJSON geometries; empty where they are not known.
    language : {"en", "nl"}
    """

    months: pl.LazyFrame
    groups: pl.LazyFrame
    cohorts: pl.DataFrame
    last: pl.DataFrame
    neighbourhoods: pl.DataFrame
    outlines: dict[str, Any]
    language: str

    @property
    def words(self) -> dict[str, Any]:
        """The texts of its language."""
        return phrases(self.language)


def material_of(folder: Path, scale: int, language: str) -> Material:
    """The material in the folder of a result, its tables already written."""
    months = pl.scan_parquet(folder / "months.parquet")
    last = months.filter((pl.col("month") == pl.col("month").max()) & (pl.col("adults") >= FEWEST_ADULTS * scale))
    groups, cohorts = pl.scan_parquet(folder / "groups.parquet"), pl.read_parquet(folder / "cohorts.parquet")
    neighbourhoods = pl.read_parquet(folder / "neighbourhoods.parquet")
    return Material(months, groups, cohorts, last.collect(), neighbourhoods, read_outlines(folder), language)


def write_figures(folder: Path, scale: int, language: str) -> list[Figure]:
    """Write the figures of a result into its folder `figures`: drawings (SVG), and the numbers behind them (CSV).

    Parameters
    ----------
    folder : Path
        The result, its tables already written.
    scale : int
        Residents an agent stands for.
    language : {"en", "nl"}
    """
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    drawn = draw_figures(material_of(folder, scale, language))
    for figure, data in drawn:
        (target / f"{figure.name}.svg").write_text(figure.drawing, encoding="utf-8")
        for_spreadsheets(data).write_csv(target / f"{figure.name}.csv", float_precision=6)
    return [figure for figure, _ in drawn]


def draw_figures(material: Material) -> list[tuple[Figure, pl.DataFrame]]:
    """Every figure, and the numbers behind it."""
    drawn = []
    for name, (make, height) in FIGURES.items():
        data, text, shown = make(material)
        if isinstance(shown, Map):
            svg = draw_map(shown, WIDTH, height, material.language)
        else:
            svg = draw_chart(shown, WIDTH, height, material.language)
        drawn.append((Figure(name, material.words["figures"][name]["title"], text, svg), data))
    return drawn


def write_pictures(result: Path, folder: Path, scale: int, language: str) -> None:
    """Draw the figures of a result with Matplotlib, as PNG, into a folder."""
    from experiments.results.chart_axes import draw_on
    from experiments.results.drawing import canvas, localise

    material = material_of(result, scale, language)
    for name, (make, height) in FIGURES.items():
        with canvas(WIDTH, height) as (sheet, axes):
            draw_on(axes, make(material)[2])
            localise(sheet, language)
            sheet.savefig(folder / f"{name}.png", dpi=150, metadata={"Software": None})


Shown = tuple[pl.DataFrame, str, Chart | Map]
"""What a figure is made of: the data drawn, a sentence about it, and what is drawn."""


def belonging_over_time(material: Material) -> Shown:
    """Mean belonging by group and month."""
    words, data = material.words, belonging_by_group(material.months, material.groups)
    w = words["figures"]
    lines = []
    for at, name in enumerate(("everyone", *GROUPS)):
        line = data.filter(pl.col("group") == name)
        if len(line):
            label = w["everyone"] if name == "everyone" else words["groups"][name]
            years, belonging = line["month"].to_numpy() / 12, line["belonging"].to_numpy()
            lines.append(Line(years, belonging, label, COLOURS[name], DASHES[at]))
    everyone = data.filter(pl.col("group") == "everyone")["belonging"]
    empty = everyone.is_empty()
    level = at_least(range_of(*(line.y for line in lines)), NARROWEST)
    chart = Chart(
        tuple(lines),
        None,
        (w["years"], w["belonging"]),
        range_of(*(line.x for line in lines)),
        level,
        nothing=w["no_adults"] if empty else "",
    )
    if empty:
        return data, w["no_adults"], chart
    ends = {"first": everyone[0], "last": everyone[-1]}
    return data, fill(w["belonging_over_time"]["text"], material.language, **ends), chart


def belonging_by_group(months: pl.LazyFrame, groups: pl.LazyFrame) -> pl.DataFrame:
    """Mean belonging and adults, a row per group (and everyone) and month."""
    average = (pl.col("belonging").cast(pl.Float64) * pl.col("adults")).sum() / pl.col("adults").sum()
    everyone = months.group_by("month").agg(average.alias("belonging"), pl.col("adults").sum()).sort("month").collect()
    by_group = groups.group_by("month", "group").agg(average.alias("belonging"), pl.col("adults").sum()).collect()
    data = pl.concat([everyone.with_columns(group=pl.lit("everyone")), by_group.select(*everyone.columns, "group")])
    return data.filter(pl.col("adults") > 0).sort("group", "month").select("group", "month", "belonging", "adults")


def belonging_map(material: Material) -> Shown:
    """Mean belonging of every neighbourhood at the end, on a map."""
    w = material.words["figures"]
    values = values_on_map(material.neighbourhoods, material.last)
    shown = map_of(material.neighbourhoods, material.outlines, values, w["belonging"])
    return values, w["map"][shown.kind], shown


def diversity_belonging(material: Material) -> Shown:
    """Belonging against diversity, a dot per neighbourhood."""
    w = material.words["figures"]
    data = material.last.select("neighbourhood", "municipality", "residents", "diversity", "belonging").drop_nulls()
    x, y, weight = (data[name].to_numpy().astype(float) for name in ("diversity", "belonging", "residents"))
    steepness, lines = slope(material.last), list[Line]()
    if steepness is not None:
        ends = np.array([x.min(), x.max()])
        level = np.average(y, weights=weight) + steepness * (ends - np.average(x, weights=weight))
        lines.append(Line(ends, level, w["line"], hue("orange")))
    dots = Dots(x, y, 4 + 120 * weight / max(weight.max(initial=1), 1))
    seen = at_least(range_of(y, *(line.y for line in lines)), NARROWEST)
    labels = (w["diversity"], w["belonging"])
    chart = Chart(tuple(lines), dots, labels, at_least(range_of(x), NARROWEST), seen, note=w["size"])
    return data, w["diversity_belonging"]["text"], chart


def who_stays(material: Material) -> Shown:
    """Share of arrivals that still live in the region, by motive and time since they came."""
    words, data = material.words, share_that_stays(material.cohorts)
    w = words["figures"]
    lines = []
    for at, name in enumerate(("all", *material.cohorts["motive"].unique(maintain_order=True))):
        line = data.filter(pl.col("motive") == name)
        if len(line):
            years, share = line["years"].to_numpy(), line["share"].to_numpy() * 100
            lines.append(Line(years, share, words["motives"][name], COLOURS[name], DASHES[at], dots=True))
    last = range_of(*(line.x for line in lines))[1]
    labels = (w["since"], w["still_here"] + " (%)")
    nothing = "" if lines else w["nothing"]
    chart = Chart(tuple(lines), None, labels, (0.0, last), (0.0, 103.0), nothing=nothing, columns=3)
    return data, w["who_stays"]["text"], chart


def share_that_stays(cohorts: pl.DataFrame) -> pl.DataFrame:
    """Share of arrivals still here by motive (and all) and years since, where enough came to tell."""
    months = len(cohorts) // max(cohorts["motive"].n_unique(), 1)
    step = 12 if months > 60 else 6 if months > 24 else 3
    binned = cohorts.with_columns(years=((pl.col("months_since") - 1) // step * step + step / 2) / 12)
    together = binned.with_columns(motive=pl.lit("all"))
    return (
        pl.concat([together, binned])
        .group_by("motive", "years", maintain_order=True)
        .agg(pl.col("arrived").sum(), pl.col("still_here").sum())
        .filter(pl.col("arrived") >= FEWEST)
        .with_columns(share=pl.col("still_here") / pl.col("arrived"))
        .sort("motive", "years")
    )


FIGURES: dict[str, tuple[Callable[[Material], Shown], float]] = {
    "belonging_over_time": (belonging_over_time, 4.2),
    "map": (belonging_map, 5.2),
    "diversity_belonging": (diversity_belonging, 4.2),
    "who_stays": (who_stays, 4.2),
}
"""The figures of a run by name, each with its height in inches."""
