"""An effect taken apart: by the road along which it came, and by the element of the package that it came of."""

from math import fsum
from typing import Any

import numpy as np
import polars as pl

from experiments.compare.cost import gained_by
from experiments.compare.counted import Finished
from experiments.compare.design import Design
from experiments.compare.effects import change_of_both
from experiments.compare.elements import elements_by_policy, key_of
from experiments.compare.roads import NAMES, certainty_of, parts
from scenarios.policy import Policy, Setting, policy_from
from scenarios.policy.levers import find_lever


def roads_summary(finished: list[Finished], policy: int) -> dict[str, Any] | None:
    """The effect on belonging by pathway, in people in both futures; None where it was not decomposed.

    `effect` is the mean over the decomposed replicates, `low` and `high` the lowest and highest of them, `share` its
    part of the whole effect.
    """
    apart = [f.followed[policy] for f in finished if len(f.followed[policy].roads)]
    if not apart:
        return None
    total = np.array([change_of_both(each.both[-1].sum(axis=(0, 1)), "belonging") for each in apart])
    switched = np.stack([change_of_both(each.roads.sum(axis=1), "belonging") for each in apart])
    by_road = parts(total, switched)
    whole = float(total.mean())
    return {
        "replicates": len(apart),
        "effect": whole,
        "roads": {
            road: {
                "effect": float(values.mean()),
                "low": float(values.min()),
                "high": float(values.max()),
                "share": float(values.mean()) / whole if whole else None,
                "certainty": certainty_of(road),
            }
            for road, values in zip(NAMES, by_road.T, strict=True)
        },
    }


def elements_summary(
    finished: list[Finished], design: Design, policy: int, costs: pl.DataFrame
) -> dict[str, Any] | None:
    """What each element of a package does alone to people in both futures, and its part of the cost of the package.

    `effect` is the change in the share that feels at home at the end, the mean over the replicates in which elements
    were run alone, `low` and `high` the lowest and highest of them; `years_at_home` is what that gives over all years;
    `euro` with its ends is what the levers of the element cost in the package. `together` is the effect of the package
    in the same replicates. None where nothing was run alone.
    """
    names = elements_by_policy(design)[policy]
    alone = [f.followed[policy] for f in finished if len(f.followed[policy].elements)]
    if not names or not alone:
        return None
    sums = np.stack([each.elements for each in alone]).sum(axis=-2)  # [R, E, years + 1, 5]
    effects = change_of_both(sums[:, :, -1], "at_home")
    years = gained_by(sums, "at_home", design.options.scale).mean(axis=0)
    together = [change_of_both(each.both[-1].sum(axis=(0, 1)), "at_home") for each in alone]
    spent = cost_by_element(policy_from(design.policies[policy]), costs)
    return {
        "replicates": len(alone),
        "together": float(np.mean(together)),
        "elements": {
            name: {
                "effect": float(effects[:, at].mean()),
                "low": float(effects[:, at].min()),
                "high": float(effects[:, at].max()),
                "years_at_home": float(years[at]),
                **spent[name],
            }
            for at, name in enumerate(names)
        },
    }


def cost_by_element(policy: Policy, costs: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Euro with its ends by element of a package, over all years."""
    key = key_of(policy)
    own = costs.filter(pl.col("policy") == policy.name).to_dicts()
    found: dict[str, dict[str, float]] = {}
    for name in {key(s) for m in policy.measures for s in m.settings} if key else ():
        rows = [row for row in own if key and key(Setting(*find_lever(row["lever"]), 0.0)) == name]
        found[name] = {
            column: fsum(row[source] for row in rows)
            for column, source in (("euro", "euro"), ("euro_low", "low"), ("euro_high", "high"))
        }
    return found
