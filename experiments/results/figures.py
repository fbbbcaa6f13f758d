"""The figures of a result: PNG and SVG to look at, CSV with the numbers behind them."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.results.drawing import Figure, at_least, canvas, save
from experiments.results.map_figure import draw_map
from experiments.results.phrases import fill, phrases
from experiments.results.record import GROUPS
from experiments.results.summary import FEWEST_ADULTS, slope
from experiments.simulation.outcome import Outcome

# Okabe and Ito's palette, told apart by everyone; lines differ in dashes too.
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


def draw_figures(outcome: Outcome, folder: Path) -> list[Figure]:
    """Draw all figures of a result into its folder `figures`.

    Parameters
    ----------
    folder : Path
        The result, its tables already written.
    """
    language = outcome.job.settings.options.language
    words = phrases(language)
    target = folder / "figures"
    target.mkdir()
    months = pl.scan_parquet(folder / "months.parquet")
    last = months.filter(pl.col("month") == outcome.world.month).collect()
    enough = last.filter(pl.col("adults") >= FEWEST_ADULTS * outcome.job.settings.options.scale)
    groups = pl.scan_parquet(folder / "groups.parquet")
    cohorts = pl.read_parquet(folder / "cohorts.parquet")
    return [
        belonging_over_time(months, groups, target, words, language),
        draw_map(outcome.job.table, enough, target, words, language),
        diversity_belonging(enough, target, words, language),
        who_stays(cohorts, target, words, language),
    ]


def belonging_over_time(months: pl.LazyFrame, groups: pl.LazyFrame, folder: Path, words: dict[str, Any],
                        language: str) -> Figure:  # fmt: skip
    """Mean belonging by group and month."""
    average = (pl.col("belonging").cast(pl.Float64) * pl.col("adults")).sum() / pl.col("adults").sum()
    everyone = months.group_by("month").agg(average.alias("belonging"), pl.col("adults").sum()).sort("month").collect()
    by_group = groups.group_by("month", "group").agg(average.alias("belonging"), pl.col("adults").sum()).collect()
    data = pl.concat([everyone.with_columns(group=pl.lit("everyone")), by_group.select(*everyone.columns, "group")])
    data = data.filter(pl.col("adults") > 0).sort("group", "month").select("group", "month", "belonging", "adults")
    w = words["figures"]
    with canvas() as (sheet, axes):
        for at, name in enumerate(("everyone", *GROUPS)):
            line = data.filter(pl.col("group") == name)
            if len(line):
                label = w["everyone"] if name == "everyone" else words["groups"][name]
                axes.plot(line["month"] / 12, line["belonging"], color=COLOURS[name], linestyle=DASHES[at], label=label)
        axes.set(xlabel=w["years"], ylabel=w["belonging"], ylim=at_least(axes.get_ylim(), NARROWEST))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=9)
        save(sheet, data, folder, "belonging_over_time", language)
    first, last = everyone["belonging"][0], everyone["belonging"][-1]
    text = w["belonging_over_time"]
    return Figure("belonging_over_time", text["title"], fill(text["text"], language, first=first, last=last))


def diversity_belonging(last: pl.DataFrame, folder: Path, words: dict[str, Any], language: str) -> Figure:
    """Belonging against diversity, a dot per neighbourhood."""
    w = words["figures"]
    data = last.select("neighbourhood", "municipality", "residents", "diversity", "belonging").drop_nulls()
    x, y = data["diversity"].to_numpy(), data["belonging"].to_numpy()
    sizes = data["residents"].to_numpy() / max(data["residents"].max() or 1, 1)
    with canvas() as (sheet, axes):
        axes.scatter(
            x, y, s=4 + 120 * sizes, color=COLOURS["asylum"], alpha=0.55, linewidths=0.3, edgecolors="white",
            rasterized=len(x) > MANY,
        )  # fmt: skip
        steepness = slope(last)
        if steepness is not None:
            weight = data["residents"].to_numpy()
            ends = np.array([x.min(), x.max()])
            level = np.average(y, weights=weight) + steepness * (ends - np.average(x, weights=weight))
            axes.plot(ends, level, color="#D55E00", label=w["line"])
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=9)
        axes.set(xlabel=w["diversity"], ylabel=w["belonging"], ylim=at_least(axes.get_ylim(), NARROWEST))
        axes.set_title(w["size"], fontsize=9, loc="left")
        save(sheet, data, folder, "diversity_belonging", language)
    return Figure("diversity_belonging", w["diversity_belonging"]["title"], w["diversity_belonging"]["text"])


def who_stays(cohorts: pl.DataFrame, folder: Path, words: dict[str, Any], language: str) -> Figure:
    """Share of arrivals that still live in the region, by motive and time since they came."""
    w = words["figures"]
    months = len(cohorts) // max(cohorts["motive"].n_unique(), 1)
    step = 12 if months > 60 else 6 if months > 24 else 3
    binned = cohorts.with_columns(years=((pl.col("months_since") - 1) // step * step + step / 2) / 12)
    together = binned.with_columns(motive=pl.lit("all"))
    data = (
        pl.concat([together, binned])
        .group_by("motive", "years", maintain_order=True)
        .agg(pl.col("arrived").sum(), pl.col("still_here").sum())
        .filter(pl.col("arrived") >= FEWEST)
        .with_columns(share=pl.col("still_here") / pl.col("arrived"))
        .sort("motive", "years")
    )
    with canvas() as (sheet, axes):
        for at, name in enumerate(("all", *cohorts["motive"].unique(maintain_order=True))):
            line = data.filter(pl.col("motive") == name)
            if len(line):
                axes.plot(line["years"], line["share"] * 100, color=COLOURS[name], linestyle=DASHES[at],
                          marker="o", markersize=3, label=words["motives"][name])  # fmt: skip
        if not len(data):
            axes.text(0.5, 0.5, w["nothing"], ha="center", transform=axes.transAxes)
        axes.set(xlabel=w["since"], ylabel=w["still_here"] + " (%)", ylim=(0, 103), xlim=(0, None))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=9)
        save(sheet, data, folder, "who_stays", language)
    return Figure("who_stays", w["who_stays"]["title"], w["who_stays"]["text"])
