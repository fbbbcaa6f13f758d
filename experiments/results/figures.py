"""The figures of a result: PNG and SVG to look at, CSV with the numbers behind them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.results.drawing import Figure, at_least, canvas, save
from experiments.results.map_figure import draw_map, values_on_map
from experiments.results.month_table import FEWEST_ADULTS, GROUPS, slope
from experiments.results.outlines import read_outlines
from experiments.results.phrases import fill, phrases

# Okabe and Ito's palette, distinguishable with colour blindness; lines differ in dashes too.
COLOURS = {
    "everyone": "#000000", "established_no_background": "#0072B2", "established_background": "#E69F00",
    "newcomer_no_background": "#CC79A7", "newcomer_background": "#009E73", "labour_eu": "#D55E00",
    "knowledge": "#56B4E9", "study": "#E69F00", "family": "#009E73", "asylum": "#0072B2", "other_eu": "#CC79A7",
    "all": "#000000",
}  # fmt: skip
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
NARROWEST = 0.15  # of an axis of belonging, so that small differences look small
MANY = 500  # dots beyond which the drawing holds a picture of them
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


def draw_figures(folder: Path, scale: int, language: str, names: Iterable[str] = ()) -> list[Figure]:
    """Draw figures of a result into its folder `figures`.

    Parameters
    ----------
    folder : Path
        The result, its tables already written.
    scale : int
        Residents an agent stands for.
    language : {"en", "nl"}
    names : iterable of str, optional
        Which of `FIGURES`; all when left out.
    """
    material = material_of(folder, scale, language)
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    drawn = []
    for name in names or FIGURES:
        draw, height = FIGURES[name]
        with canvas(height=height) as (sheet, axes):
            data, text = draw(axes, material)
            save(sheet, data, target, name, language)
        drawn.append(Figure(name, material.words["figures"][name]["title"], text))
    return drawn


def belonging_over_time(axes: Any, material: Material) -> tuple[pl.DataFrame, str]:
    """Mean belonging by group and month; returns the data drawn and a sentence about it, as all figures do."""
    words, data = material.words, belonging_by_group(material.months, material.groups)
    w = words["figures"]
    for at, name in enumerate(("everyone", *GROUPS)):
        line = data.filter(pl.col("group") == name)
        if len(line):
            label = w["everyone"] if name == "everyone" else words["groups"][name]
            axes.plot(line["month"] / 12, line["belonging"], color=COLOURS[name], linestyle=DASHES[at], label=label)
    axes.set(xlabel=w["years"], ylabel=w["belonging"], ylim=at_least(axes.get_ylim(), NARROWEST))
    if len(data):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=9)
    everyone = data.filter(pl.col("group") == "everyone")["belonging"]
    if everyone.is_empty():
        axes.text(0.5, 0.5, w["no_adults"], ha="center", transform=axes.transAxes)
        return data, w["no_adults"]
    ends = {"first": everyone[0], "last": everyone[-1]}
    return data, fill(w["belonging_over_time"]["text"], material.language, **ends)


def belonging_by_group(months: pl.LazyFrame, groups: pl.LazyFrame) -> pl.DataFrame:
    """Mean belonging and adults, a row per group (and everyone) and month."""
    average = (pl.col("belonging").cast(pl.Float64) * pl.col("adults")).sum() / pl.col("adults").sum()
    everyone = months.group_by("month").agg(average.alias("belonging"), pl.col("adults").sum()).sort("month").collect()
    by_group = groups.group_by("month", "group").agg(average.alias("belonging"), pl.col("adults").sum()).collect()
    data = pl.concat([everyone.with_columns(group=pl.lit("everyone")), by_group.select(*everyone.columns, "group")])
    return data.filter(pl.col("adults") > 0).sort("group", "month").select("group", "month", "belonging", "adults")


def belonging_map(axes: Any, material: Material) -> tuple[pl.DataFrame, str]:
    """Mean belonging of every neighbourhood at the end, on a map."""
    w = material.words["figures"]
    values = values_on_map(material.neighbourhoods, material.last)
    kind = draw_map(axes, material.neighbourhoods, material.outlines, values, w["belonging"])
    return values, w["map"][kind]


def diversity_belonging(axes: Any, material: Material) -> tuple[pl.DataFrame, str]:
    """Belonging against diversity, a dot per neighbourhood."""
    w = material.words["figures"]
    data = material.last.select("neighbourhood", "municipality", "residents", "diversity", "belonging").drop_nulls()
    x, y = data["diversity"].to_numpy(), data["belonging"].to_numpy()
    sizes = data["residents"].to_numpy() / max(data["residents"].max() or 1, 1)
    axes.scatter(
        x, y, s=4 + 120 * sizes, color=COLOURS["asylum"], alpha=0.55, linewidths=0.3, edgecolors="white",
        rasterized=len(x) > MANY,
    )  # fmt: skip
    steepness = slope(material.last)
    if steepness is not None:
        weight = data["residents"].to_numpy()
        ends = np.array([x.min(), x.max()])
        level = np.average(y, weights=weight) + steepness * (ends - np.average(x, weights=weight))
        axes.plot(ends, level, color="#D55E00", label=w["line"])
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=9)
    axes.set(xlabel=w["diversity"], ylabel=w["belonging"], ylim=at_least(axes.get_ylim(), NARROWEST))
    axes.set_title(w["size"], fontsize=9, loc="left")
    return data, w["diversity_belonging"]["text"]


def who_stays(axes: Any, material: Material) -> tuple[pl.DataFrame, str]:
    """Share of arrivals that still live in the region, by motive and time since they came."""
    words, data = material.words, share_that_stays(material.cohorts)
    w = words["figures"]
    for at, name in enumerate(("all", *material.cohorts["motive"].unique(maintain_order=True))):
        line = data.filter(pl.col("motive") == name)
        if len(line):
            axes.plot(line["years"], line["share"] * 100, color=COLOURS[name], linestyle=DASHES[at],
                      marker="o", markersize=3, label=words["motives"][name])  # fmt: skip
    axes.set(xlabel=w["since"], ylabel=w["still_here"] + " (%)", ylim=(0, 103), xlim=(0, None))
    if len(data):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=9)
    else:
        axes.text(0.5, 0.5, w["nothing"], ha="center", transform=axes.transAxes)
    return data, w["who_stays"]["text"]


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


Draw = Callable[[Any, Material], tuple[pl.DataFrame, str]]
FIGURES: dict[str, tuple[Draw, float]] = {
    "belonging_over_time": (belonging_over_time, 4.2),
    "map": (belonging_map, 5.2),
    "diversity_belonging": (diversity_belonging, 4.2),
    "who_stays": (who_stays, 4.2),
}
"""The figures of a run by name, each with its height in inches."""
