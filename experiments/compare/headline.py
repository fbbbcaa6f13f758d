"""What a council reads first: people who live there in both futures, what comes of others, and the order.

In every replicate the change in the mean of all residents is exactly the sum of the change in the people who live there
in both futures and of composition: other people live there in one future than in the other.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from experiments.compare.effects import BOTH_MEASURES, Counts, groups_told, spread_columns, tidy
from experiments.compare.variance import nanmean, unit_means
from sim.measures import ratio

PARTS = ("both", "composition", "total")


def parts_of_change(counts: Counts, measure: str, group: str) -> dict[str, np.ndarray]:
    """Change [R, P, years + 1] in people in both futures, by composition, and in the mean of all who live there."""
    levels = counts.levels(measure, group, slice(None, None, 12))
    both, total = counts.both_effect(measure, group, slice(None)), levels - levels[:, :1]
    return {"both": both, "composition": total - both, "total": total}


def levels_of_parts(counts: Counts, measure: str, group: str) -> dict[str, np.ndarray]:
    """Level [R, P, years + 1] under the first policy of those of whom a part tells; composition is of nobody."""
    levels = counts.levels(measure, group, slice(None, None, 12))
    both, total = counts.both_level(measure, group, slice(None)), np.repeat(levels[:, :1], levels.shape[1], axis=1)
    return {"both": both, "composition": np.full(both.shape, np.nan), "total": total}


def people_table(counts: Counts) -> pl.DataFrame:
    """Every part of the change at the start and after every year, by group."""
    frames = []
    for p, name in enumerate(counts.design.names[1:], 1):
        for group in groups_told(counts):
            for measure in BOTH_MEASURES:
                levels = levels_of_parts(counts, measure, group)
                for part, values in parts_of_change(counts, measure, group).items():
                    first = {"first": nanmean(levels[part][:, p])}
                    found = first | spread_columns(counts.interval(values[:, p]))
                    years = len(found["difference"])
                    frames.append(
                        pl.DataFrame(
                            {
                                "policy": [name] * years,
                                "group": [group] * years,
                                "measure": [measure] * years,
                                "part": [part] * years,
                                "year": np.arange(years, dtype=np.int32),
                                **found,
                            }
                        )
                    )
    return tidy(pl.concat(frames))


def people_summary(frame: pl.DataFrame, name: str) -> dict[str, Any]:
    """The parts of the change of one policy at the end, by group and measure."""
    found: dict[str, Any] = {}
    for row in frame.filter((pl.col("policy") == name) & (pl.col("year") == frame["year"].max())).to_dicts():
        group, measure, part = (row.pop(key) for key in ("group", "measure", "part"))
        del row["policy"], row["year"]
        found.setdefault(group, {}).setdefault(measure, {})[part] = row
    return found


def both_share(counts: Counts, policy: int) -> float:
    """Adults who live there in both futures at the end, as a share of those in the first policy's future."""
    people = counts.both[:, :, -1, :, :, 0].sum(axis=(-2, -1))
    return float(np.nanmean(ratio(people[:, policy], people[:, 0])))


def ranking(counts: Counts) -> dict[str, Any]:
    """Policies from most to least effect on people in both futures, and which of them can be put in order at all.

    Two policies are told apart where the range of their difference excludes zero and the difference is at least the
    smallest that matters.

    Returns
    -------
    dict
        `order`: groups of names; every policy of a group is told apart from every one of the next. `share`: of
        independent units, those in which this order of groups holds. `apart`: within groups, pairs that are told apart
        all the same, as where the first of three differs from the last, and the one between from neither. `pairs`: in
        what share of units the first does more, and in what share both do exactly the same.
    """
    by_replicate = counts.both_effect("at_home", "everyone")
    effects = unit_means(by_replicate, counts.replicates)  # [U, P]
    names = counts.design.names
    order = [int(at) for at in np.argsort(-effects.mean(axis=0), kind="stable")]
    apart = {
        (a, b)
        for at, a in enumerate(order)
        for b in order[at + 1 :]
        if told_apart(counts, by_replicate[:, a] - by_replicate[:, b])
    }
    groups = [[order[0]]]
    for at, policy in enumerate(order[1:], 1):
        if all((a, b) in apart for a in order[:at] for b in order[at:]):
            groups.append([policy])
        else:
            groups[-1].append(policy)
    holds = np.ones(len(effects), bool)
    for more, less in pairwise(groups):
        holds &= effects[:, more].min(axis=1) > effects[:, less].max(axis=1)
    pairs = [
        {
            "better": names[a],
            "than": names[b],
            "share": float((effects[:, a] > effects[:, b]).mean()),
            "equal": float((effects[:, a] == effects[:, b]).mean()),
        }
        for at, a in enumerate(order)
        for b in order[at + 1 :]
    ]
    return {
        "order": [[names[at] for at in group] for group in groups],
        "share": float(holds.mean()),
        "apart": [[names[a], names[b]] for group in groups for a in group for b in group if (a, b) in apart],
        "units": len(effects),
        "pairs": pairs,
    }


def told_apart(counts: Counts, difference: np.ndarray) -> bool:
    """Whether a difference [R] in shares of people matters and its range excludes zero; False without a range."""
    found = counts.interval(difference)
    matters = counts.design.options.matters / 1000
    return bool((found.low > 0 or found.high < 0) and abs(found.mean) >= matters)
