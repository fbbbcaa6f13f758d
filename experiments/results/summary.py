"""summary.json: a run in numbers, with their provenance and all that is needed to repeat it."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.options.imported import behaviour_digests
from experiments.results.folders import KIND
from experiments.results.month_table import FEWEST_ADULTS, GROUPS, slopes
from experiments.results.record import FLOWS
from experiments.results.version import code_digest, version
from experiments.simulation.outcome import Outcome
from scenarios.notes import in_dutch
from scenarios.policy import policy_in_words
from sim.rules.people import NEWCOMER_MONTHS

# Mean of a column over neighbourhoods: weighted by this one.
WEIGHTS = {
    "adults": ("belonging", "at_home", "cohesion", "withdrawn", "unsafe", "faces", "faces_own", "ties", "contact",
               "language", "members", "years_here"),
    "working_age": ("employed",),
    "pupils": ("pupils_new",),
    "residents": ("diversity", "turnover", "ties_own", "ties_own_corrected"),
}  # fmt: skip
GAINS = ("births", "arrived_abroad", "arrived_country")
LOSSES = ("left_death", "left_abroad", "left_country")


def summarise(outcome: Outcome, folder: Path, seconds: float, peak_memory: int) -> dict[str, Any]:
    """All of summary.json.

    Parameters
    ----------
    folder : Path
        Where the tables of the result are.
    seconds : float
        From the command to the finished simulation.
    peak_memory : int
        Bytes.
    """
    job, world = outcome.job, outcome.world
    o, table = job.settings.options, job.table
    months = pl.scan_parquet(folder / "months.parquet")
    groups = pl.scan_parquet(folder / "groups.parquet")
    start, end = (numbers_of(months, groups, folder, month) for month in (0, world.month))
    resident_months = int(months.filter(pl.col("month") > 0).select(pl.col("residents").sum()).collect().item())
    spent = float(outcome.world.stocks.spent.sum())
    return {
        "kind": KIND,
        "version": version(),
        "code_digest": code_digest(),
        "digest": outcome.digest,
        "region": job.settings.region["name"],
        "title": title_of(outcome),
        "data_source": table.source,
        "data_source_nl": in_dutch([table.source])[0],
        "data_digest": table.digest,
        "seed": o.seed,
        "scale": o.scale,
        "driver": o.driver,
        "behaviour": behaviour_digests(o.behaviour),
        "threads": o.threads,
        "years": o.years,
        "months": world.month,
        "neighbourhoods": len(table),
        "municipalities": len(table.municipality_code),
        "agents": world.residents,
        "residents_start": start["residents"],
        "residents": end["residents"],
        "seconds": round(seconds, 3),
        "seconds_by_part": {name: round(spent, 3) for name, spent in outcome.seconds.items()},
        "resident_months_per_second": round(resident_months / o.scale / max(outcome.seconds["months"], 1e-9)),
        "peak_memory_bytes": peak_memory,
        "policy": job.settings.policy.get("name", "policy"),
        "policy_in_words": policy_in_words(job.schedule.policy, o.language),
        "earlier": outcome.earlier,
        "euro_spent": round(spent, 2),
        "start": start,
        "end": end,
        "cohesive": most_and_least_cohesive(months, outcome),
        "who_stays": who_stays(pl.read_parquet(folder / "cohorts.parquet")),
        "conservation": conservation(months, outcome),
        "notes": [*table.notes, *job.timing(), *job.schedule.budget_notes("en"), *outcome.notes],
        "notes_nl": [*in_dutch([*table.notes, *job.timing()]), *job.schedule.budget_notes("nl"), *outcome.notes],
        "configuration": job.settings.as_dict(),
    }


def title_of(outcome: Outcome) -> str:
    """Name of the region: the municipality, or the number of municipalities."""
    names = outcome.job.table.municipality_name
    return names[0] if len(names) == 1 else ", ".join(names) if len(names) <= 4 else f"{len(names)} municipalities"


def mean(frame: pl.DataFrame, column: str, weight: str) -> float | None:
    """Weighted mean, null where there is nobody."""
    known = frame.filter(pl.col(column).is_not_null() & (pl.col(weight) > 0))
    if not len(known):
        return None
    return float(np.average(known[column].to_numpy().astype(float), weights=known[weight].to_numpy()))


def numbers_of(months: pl.LazyFrame, groups: pl.LazyFrame, folder: Path, month: int) -> dict[str, Any]:
    """The state of the region in one month."""
    frame = months.filter(pl.col("month") == month).collect()
    by_group = groups.filter(pl.col("month") == month).collect()
    found: dict[str, Any] = {"month": month, "residents": int(frame["residents"].sum())}
    for weight, columns in WEIGHTS.items():
        found |= {column: mean(frame, column, weight) for column in columns}
    found["groups"] = {name: group_numbers(by_group.filter(pl.col("group") == name)) for name in GROUPS}
    established = mean(by_group.filter(pl.col("group").str.starts_with("established")), "belonging", "adults")
    newcomers = mean(by_group.filter(pl.col("group").str.starts_with("newcomer")), "belonging", "adults")
    known = established is not None and newcomers is not None
    found["gap_established_newcomers"] = established - newcomers if known else None  # type: ignore[operator]
    found |= apartness(by_group)
    found["slope_belonging_diversity"] = slopes(frame)
    return found


def group_numbers(frame: pl.DataFrame) -> dict[str, Any]:
    """Size and belonging of one group."""
    columns = ("belonging", "at_home", "cohesion", "ties", "contact", "language")
    return {"residents": int(frame["residents"].sum())} | {name: mean(frame, name, "adults") for name in columns}


def apartness(by_group: pl.DataFrame) -> dict[str, float | None]:
    """Dissimilarity of people with and without a migration background over neighbourhoods, exposure and isolation.

    Dissimilarity: share of either who would have to move for an even spread (Duncan & Duncan 1955). Exposure: share
    with a background in the neighbourhood of the average resident without; isolation: the same for those with one.
    """
    wide = by_group.group_by("neighbourhood", maintain_order=True).agg(
        pl.col("residents").filter(pl.col("group").str.ends_with("no_background")).sum().alias("without"),
        pl.col("residents").sum().alias("all"),
    )
    without = wide["without"].to_numpy().astype(float)
    everyone = wide["all"].to_numpy().astype(float)
    background = everyone - without
    if not without.sum() or not background.sum():
        return {"dissimilarity": None, "exposure": None, "isolation": None}
    share = background / np.maximum(everyone, 1)
    return {
        "dissimilarity": float(np.abs(without / without.sum() - background / background.sum()).sum() / 2),
        "exposure": float((without * share).sum() / without.sum()),
        "isolation": float((background * share).sum() / background.sum()),
    }


def most_and_least_cohesive(months: pl.LazyFrame, outcome: Outcome) -> dict[str, Any]:
    """The tenth of neighbourhoods with the highest and the lowest score on the cohesion scale (one at least)."""
    table, fewest = outcome.job.table, FEWEST_ADULTS * outcome.job.settings.options.scale
    frame = (
        months.filter((pl.col("month") == outcome.world.month) & (pl.col("adults") >= fewest))
        .select("neighbourhood", "residents", "cohesion", "belonging", "diversity")
        .sort("cohesion", "neighbourhood", descending=[True, False])
        .collect()
    )
    called = dict(zip(table.code, table.name, strict=True))
    rows = [{"name": called[row["neighbourhood"]], **row} for row in frame.to_dicts()]
    tenth = max(round(len(rows) / 10), 1)
    return {"most": rows[:tenth], "least": rows[-tenth:][::-1]}


def who_stays(cohorts: pl.DataFrame) -> dict[str, Any]:
    """Share of those who came from abroad that still live in the region, by motive and years since they came."""
    found: dict[str, Any] = {}
    for years in (1, 2, 5, 10):
        near = cohorts.filter((pl.col("months_since") - 12 * years).abs() <= min(6, 3 * years))
        arrived, here = int(near["arrived"].sum()), int(near["still_here"].sum())
        if arrived:
            by = near.group_by("motive", maintain_order=True).agg(pl.col("arrived").sum(), pl.col("still_here").sum())
            shares = {row["motive"]: row["still_here"] / row["arrived"] for row in by.to_dicts() if row["arrived"]}
            found[f"after_{years}_years"] = {"all": here / arrived} | shares
    return found


def conservation(months: pl.LazyFrame, outcome: Outcome) -> dict[str, Any]:
    """Where everyone came from and went, and that the sums agree."""
    sums = months.select(pl.col(c).cast(pl.Int64).sum() for c in FLOWS.values()).collect().to_dicts()[0]
    start, end = (
        int(months.filter(pl.col("month") == m).select(pl.col("residents").sum()).collect().item())
        for m in (0, outcome.world.month)
    )
    change = sum(sums[c] for c in GAINS) - sum(sums[c] for c in LOSSES)
    holds = start + change == end and sums["arrived_region"] == sums["left_region"]
    return {
        "holds": holds,
        "statement": f"{start:,} residents at the start {change:+,} who came less who left = {end:,} at the end; "
        f"checked in every neighbourhood in each of {outcome.world.month} months",
        "flows": sums,
    }


assert NEWCOMER_MONTHS == 60  # the names of groups and texts say five years
