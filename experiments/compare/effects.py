"""From counts to effects: levels, paired differences and intervals, by group, neighbourhood and month."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from experiments.compare.counted import Finished
from experiments.compare.design import Design, Replicate
from experiments.compare.variance import Interval, interval, needed, reduction
from scenarios.areas import AreaTable
from sim.measures import FINE, MEASURE_BY_NAME, RESIDENTS, measure_of, ratio
from sim.phases.both_futures import BELONGING_FIRST, BELONGING_HERE, HOME_FIRST, HOME_HERE, PEOPLE

MEASURES = (
    "belonging", "at_home", "cohesion", "withdrawn", "faces", "ties", "contact", "language", "employed", "members",
    "residents",
)  # fmt: skip
# measure of people in both futures: (sum under the first policy, sum here, units)
BOTH_MEASURES = {"belonging": (BELONGING_FIRST, BELONGING_HERE, FINE), "at_home": (HOME_FIRST, HOME_HERE, 1)}
# The size of effect for which the number of replicates is computed.
SIZES = {
    "belonging": 0.005, "at_home": 0.01, "cohesion": 0.05, "withdrawn": 0.01, "faces": 1.0, "ties": 0.1,
    "contact": 0.01, "language": 0.01, "employed": 0.01, "members": 0.01, "residents": 100.0,
}  # fmt: skip
POORER, BETTER_OFF = 0, 1
BOTH, ALL = (POORER, BETTER_OFF), (0, 1, 2, 3)
# group: (neighbourhoods, classes of residents) of Followed.region
GROUPS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "everyone": (BOTH, ALL),
    "established": (BOTH, (0, 1)),
    "newcomer": (BOTH, (2, 3)),
    "no_background": (BOTH, (0, 2)),
    "background": (BOTH, (1, 3)),
    "poorer": ((POORER,), ALL),
    "better_off": ((BETTER_OFF,), ALL),
    "established_no_background": (BOTH, (0,)),
    "established_background": (BOTH, (1,)),
    "poorer_established": ((POORER,), (0, 1)),
    "poorer_newcomer": ((POORER,), (2, 3)),
    "better_off_established": ((BETTER_OFF,), (0, 1)),
    "better_off_newcomer": ((BETTER_OFF,), (2, 3)),
}
OVER_TIME = ("everyone", "established", "newcomer", "poorer", "better_off")
OVER_TIME_MEASURES = ("belonging", "at_home", "cohesion")
NEIGHBOURHOOD_MEASURES = ("belonging", "at_home", "cohesion", "residents")


@dataclass
class Counts:
    """All replicates and policies stacked.

    Attributes
    ----------
    region : int64 [R, P, months + 1, 2, 4, 24]
    neighbourhoods : int64 [R, P, years + 1, J, 24]
    both : int64 [R, P, years + 1, 2, 4, 5]
    both_neighbourhoods : int64 [R, P, J, 5]
        See `experiments.compare.run.Followed`.
    """

    design: Design
    replicates: list[Replicate]
    region: np.ndarray
    neighbourhoods: np.ndarray
    both: np.ndarray
    both_neighbourhoods: np.ndarray

    def levels(self, measure: str, group: str, month: int | slice = -1) -> np.ndarray:
        """Levels [R, P] or [R, P, months] of a measure in a group."""
        neighbourhoods, classes = GROUPS[group]
        chosen = self.region[:, :, month][..., list(neighbourhoods), :, :][..., list(classes), :]
        return level(chosen.sum(axis=(-3, -2)), measure, self.design.options.scale)

    def both_effect(self, measure: str, group: str, year: int | slice = -1) -> np.ndarray:
        """Effect [R, P] or [R, P, years] on the adults of a group who live there in both futures."""
        return change_of_both(self.sums_of_both(group, year), measure)

    def both_level(self, measure: str, group: str, year: int | slice = -1) -> np.ndarray:
        """Level [R, P] or [R, P, years] under the first policy of those adults."""
        first, _, units = BOTH_MEASURES[measure]
        sums = self.sums_of_both(group, year)
        return ratio(sums[..., first], sums[..., PEOPLE], units)

    def sums_of_both(self, group: str, year: int | slice) -> np.ndarray:
        """Sums [R, P, 5] or [R, P, years, 5] over the adults of a group who live there in both futures."""
        neighbourhoods, classes = GROUPS[group]
        return self.both[:, :, year][..., list(neighbourhoods), :, :][..., list(classes), :].sum(axis=(-3, -2))

    def interval(self, values: np.ndarray) -> Interval:
        """Mean and range of values [R, ...] over independent draws or replicates."""
        return interval(values, self.replicates, self.design.options.parameters_drawn)

    def neighbourhood_levels(self, measure: str, year: int = -1) -> np.ndarray:
        """Levels [R, P, J] per neighbourhood."""
        return level(self.neighbourhoods[:, :, year], measure, self.design.options.scale)


def groups_told(counts: Counts, groups: Iterable[str] = GROUPS) -> list[str]:
    """The groups that exist: none by neighbourhood where the socio-economic scores do not differ or are unknown."""
    scored = bool(counts.region[..., POORER, :, RESIDENTS].any())
    return [group for group in groups if scored or not group.startswith(("poorer", "better_off"))]


def stack(design: Design, finished: list[Finished]) -> Counts:
    """Stack the counts of all replicates."""
    arrays = {
        name: np.stack([[getattr(p, name) for p in f.followed] for f in finished])
        for name in ("region", "neighbourhoods", "both", "both_neighbourhoods")
    }
    return Counts(design, [f.replicate for f in finished], **arrays)


def level(sums: np.ndarray, measure: str, scale: int) -> np.ndarray:
    """A measure from sums [..., 24]; nan where there is nobody."""
    found = measure_of(sums, measure)
    return found if MEASURE_BY_NAME[measure].whole else found * scale


def change_of_both(sums: np.ndarray, measure: str) -> np.ndarray:
    """Mean change in people who live there in both futures, from sums [..., 5]; nan where there is nobody."""
    first, here, units = BOTH_MEASURES[measure]
    people = sums[..., PEOPLE]
    return ratio(sums[..., here] - sums[..., first], people, units)


def columns(counts: Counts, levels: np.ndarray, policy: int) -> dict[str, np.ndarray]:
    """Means and the paired difference of levels [R, P, ...] of a policy against the first, with its range."""
    found = counts.interval(levels[:, policy] - levels[:, 0])
    return {
        "baseline": counts.interval(levels[:, 0]).mean,
        "level": counts.interval(levels[:, policy]).mean,
        **spread_columns(found),
    }


def spread_columns(found: Interval) -> dict[str, np.ndarray]:
    """A difference with its range, the spread between units, the error of their mean, chance, and their number."""
    return {
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "sd": found.sd,
        "error": found.error,
        "chance": found.chance,
        "units": found.units,
    }


def row(counts: Counts, levels: np.ndarray, policy: int) -> dict[str, float | int]:
    """The same as plain numbers, for levels [R, P]."""
    return {name: value.item() for name, value in columns(counts, levels, policy).items()}


def effects_table(counts: Counts) -> pl.DataFrame:
    """Effects on all residents at the end, with the variance reduction of shared draws and the units needed."""
    rows = []
    for p, name in enumerate(counts.design.names[1:], 1):
        for measure in MEASURES:
            levels = counts.levels(measure, "everyone")
            found = row(counts, levels, p)
            difference = levels[:, p] - levels[:, 0]
            rows.append(
                {
                    "policy": name,
                    "measure": measure,
                    **found,
                    "replicates": len(counts.replicates),
                    "share_positive": float((difference > 0).mean()),
                    "share_negative": float((difference < 0).mean()),
                    **reduction(levels[:, p], levels[:, 0], counts.replicates),
                    "size": SIZES[measure],
                    "units_needed": needed(found["sd"], SIZES[measure], int(found["units"])),
                }
            )
    kinds = {"units_needed": pl.Int64} | dict.fromkeys(
        ("variance_independent", "variance_paired", "variance_reduction"), pl.Float64
    )
    return tidy(pl.DataFrame(rows, schema_overrides=kinds, infer_schema_length=None))


def groups_table(counts: Counts) -> pl.DataFrame:
    """Effects at the end by group."""
    rows = [
        {
            "policy": name,
            "group": group,
            "measure": measure,
            "people": people_in(counts, group),
            **row(counts, counts.levels(measure, group), p),
        }
        for p, name in enumerate(counts.design.names[1:], 1)
        for group in groups_told(counts)
        for measure in MEASURES
    ]
    return tidy(pl.DataFrame(rows, infer_schema_length=None))


def people_in(counts: Counts, group: str) -> float:
    """Residents in a group at the end under the first policy, mean over replicates."""
    return float(counts.levels("residents", group)[:, 0].mean())


def neighbourhoods_table(counts: Counts, table: AreaTable, poorer: np.ndarray) -> pl.DataFrame:
    """Effects per neighbourhood at the end."""
    frames = []
    for p, name in enumerate(counts.design.names[1:], 1):
        for measure in NEIGHBOURHOOD_MEASURES:
            found = columns(counts, counts.neighbourhood_levels(measure), p)
            described = {
                "policy": [name] * len(table),
                "neighbourhood": table.code,
                "name": table.name,
                "municipality": [table.municipality_code[k] for k in table.municipality],
                "poorer": poorer,
                "measure": [measure] * len(table),
            }
            frames.append(pl.DataFrame(described | found))
        for measure in BOTH_MEASURES:
            change = spread_columns(counts.interval(change_of_both(counts.both_neighbourhoods[:, p], measure)))
            described = described | {"measure": [f"{measure}_both"] * len(table)}
            frames.append(pl.DataFrame(described | change))
    return tidy(pl.concat(frames, how="diagonal"))


def time_table(counts: Counts) -> pl.DataFrame:
    """Effects in every month."""
    frames = []
    for p, name in enumerate(counts.design.names[1:], 1):
        for group in groups_told(counts, OVER_TIME):
            for measure in OVER_TIME_MEASURES:
                found = columns(counts, counts.levels(measure, group, slice(None)), p)
                months = len(found["level"])
                frames.append(
                    pl.DataFrame(
                        {
                            "policy": [name] * months,
                            "group": [group] * months,
                            "measure": [measure] * months,
                            "month": np.arange(months, dtype=np.int32),
                            **found,
                        }
                    )
                )
    return tidy(pl.concat(frames))


def replicates_table(counts: Counts) -> pl.DataFrame:
    """Levels at the end in every replicate, from which all other tables can be checked."""
    rows = []
    for measure in MEASURES:
        for group in ("everyone", "established", "newcomer"):
            levels = counts.levels(measure, group)
            for at, r in enumerate(counts.replicates):
                for p, name in enumerate(counts.design.names):
                    rows.append(
                        {
                            "replicate": r.number,
                            "draw": r.draw,
                            "start": r.start,
                            "future": r.future,
                            "policy": name,
                            "group": group,
                            "measure": measure,
                            "level": float(levels[at, p]),
                            "difference": float(levels[at, p] - levels[at, 0]),
                        }
                    )
    return tidy(pl.DataFrame(rows, infer_schema_length=None).sort("replicate", maintain_order=True))


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace nan by null."""
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))
