"""What policies cost, with the ends of their price ranges, and what a point of belonging costs.

A point is 0.01 of belonging (on its scale of 0 to 1) for one adult during one year. Points gained: in every month the
difference in mean belonging with the first policy, times the adults who live there under the first policy.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

import numpy as np
import polars as pl

from experiments.compare.effects import Counts, tidy
from experiments.compare.run import Finished
from experiments.compare.variance import interval
from scenarios.policy import Policy, Price
from scenarios.policy.levers import find_lever
from sim import measures as o

POINT = 0.01


def price_range(lever_name: str, own: Mapping[str, Price]) -> tuple[float, float]:
    """The lowest and highest plausible price as multiples of the price, which may be one of the policy's own."""
    lever, target = find_lever(lever_name)
    price = own.get(lever_name, lever.prices[target])
    return (price.low / price.price, price.high / price.price) if price.price else (1.0, 1.0)


def costs_table(policies: Sequence[Policy], finished: list[Finished], years: int) -> pl.DataFrame:
    """Euro per lever, policy and year: the price and the ends of its range, mean over replicates."""
    kinds = {"policy": pl.String, "lever": pl.String, "year": pl.Int32, "euro": pl.Float64, "low": pl.Float64,
             "high": pl.Float64}  # fmt: skip
    rows = []
    for p, policy in enumerate(policies):
        for lever in sorted({lever for f in finished for lever in f.followed[p].costs}):
            by_month = np.array([f.followed[p].costs.get(lever, [0.0] * 12 * years) for f in finished])
            low, high = price_range(lever, policy.prices)
            for year in range(years):
                part = by_month[:, 12 * year : 12 * year + 12]
                euro = fsum(part.ravel()) / len(finished)
                rows.append({"policy": policy.name, "lever": lever, "year": year + 1, "euro": euro, "low": euro * low,
                             "high": euro * high})  # fmt: skip
    return tidy(pl.DataFrame(rows, schema=kinds, orient="row"))


def points_gained(counts: Counts, policy: int) -> np.ndarray:
    """Points of belonging over the whole run, per replicate [R]."""
    months = slice(1, None)
    mean = counts.levels("belonging", "everyone", months)
    adults = counts.region[:, 0, months, :, :, o.ADULTS].sum(axis=(-1, -2)) * counts.design.options.scale
    return (np.nan_to_num(mean[:, policy] - mean[:, 0]) * adults).sum(axis=1) / 12 / POINT


def cost_summary(counts: Counts, costs: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Per policy: euro beyond the first policy's with low and high, points gained, and euro per point.

    Euro per point is null where the interval of the points holds 0, or where nothing is spent.
    """
    totals = {name: _total(costs, name) for name in counts.design.names}
    reference = totals[counts.design.names[0]]
    found = {}
    for p, name in enumerate(counts.design.names[1:], 1):
        gained = interval(points_gained(counts, p), counts.replicates)
        mean, ends = float(gained.mean), (float(gained.low), float(gained.high))
        euro, low, high = (a - b for a, b in zip(totals[name], reference, strict=True))
        low, high = min(low, high), max(low, high)
        certain = ends[0] > 0 and euro > 0
        found[name] = {
            "euro": euro, "euro_low": low, "euro_high": high, "points": mean, "points_low": ends[0],
            "points_high": ends[1],
            "euro_per_point": euro / mean if certain else None,
            "euro_per_point_low": low / ends[1] if certain else None,
            "euro_per_point_high": high / ends[0] if certain else None,
        }  # fmt: skip
    return found


def _total(costs: pl.DataFrame, name: str) -> tuple[float, float, float]:
    """Euro of a policy over the whole run: price, low, high."""
    own = costs.filter(pl.col("policy") == name)
    return tuple(fsum(own[column].to_list()) for column in ("euro", "low", "high"))  # type: ignore[return-value]
