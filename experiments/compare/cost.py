"""Costs and cost-effectiveness of policies, and what a budget buys; every figure with the ends of its range.

Gains are those of people who live there in both futures, over the whole run: the change after every year, summed over
them and interpolated linearly between years. A point is 0.01 of belonging (on its scale of 0 to 1) for one
adult during one year; a year at home is one more adult who feels at home during one year.

The lowest cost of a gain is that of the lowest prices and the highest gain, the highest that of the highest prices and
the lowest gain. Where the range of the gain holds zero there is no highest, and no best estimate either.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.compare.counted import Finished
from experiments.compare.effects import BOTH_MEASURES, Counts, tidy
from scenarios.policy import Policy, Price
from scenarios.policy.levers import find_lever

POINT = 0.01


def price_range(lever_name: str, own: Mapping[str, Price]) -> tuple[float, float]:
    """The lowest and highest plausible price as multiples of the price, which the policy may set itself."""
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
                rows.append(
                    {
                        "policy": policy.name,
                        "lever": lever,
                        "year": year + 1,
                        "euro": euro,
                        "low": euro * low,
                        "high": euro * high,
                    }
                )
    return tidy(pl.DataFrame(rows, schema=kinds, orient="row"))


def prices_of(costs: pl.DataFrame, policy: Policy) -> list[dict[str, Any]]:
    """The prices that a policy was costed with: euro per unit with its range, certainty and source."""
    found = []
    for lever_name in costs.filter((pl.col("policy") == policy.name) & (pl.col("euro") != 0))["lever"].unique().sort():
        lever, target = find_lever(lever_name)
        price = policy.prices.get(lever_name, lever.prices[target])
        found.append(
            {
                "lever": lever_name,
                "text": lever.text,
                "per": lever.per,
                "price": price.price,
                "low": price.low,
                "high": price.high,
                "certainty": price.certainty,
                "source": {"en": price.source, "nl": price.source_nl},
            }
        )
    return found


def gained(counts: Counts, policy: int, measure: str) -> np.ndarray:
    """Belonging or adults at home gained by people in both futures, times years, over the whole run, [R]."""
    return gained_by(counts.both[:, policy].sum(axis=(-3, -2)), measure, counts.design.options.scale)


def gained_by(sums: np.ndarray, measure: str, scale: int) -> np.ndarray:
    """The same from sums over people in both futures after every year, [..., years + 1, 5]."""
    first, here, units = BOTH_MEASURES[measure]
    change = (sums[..., here] - sums[..., first]) * (scale / units)
    return (change[..., 1:] + change[..., :-1]).sum(axis=-1) / 2


def cost_summary(counts: Counts, costs: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Per policy: euro beyond the first policy's, gains, cost per unit of gain, and what the budget buys.

    `euro`, `points`, `years_at_home`, `euro_per_point`, `euro_per_year_at_home` and `bought` (adults at home during a
    year for the budget of a year), each with `_low` and `_high`.
    """
    totals = {name: _total(costs, name) for name in counts.design.names}
    reference = totals[counts.design.names[0]]
    found = {}
    for p, name in enumerate(counts.design.names[1:], 1):
        euro, *ends = (a - b for a, b in zip(totals[name], reference, strict=True))
        spent = euro, min(ends), max(ends)
        points = ranged(counts, gained(counts, p, "belonging") / POINT)
        home = ranged(counts, gained(counts, p, "at_home"))
        per_point, per_home = per_unit(spent, points), per_unit(spent, home)
        figures = {
            "euro": spent,
            "points": points,
            "years_at_home": home,
            "euro_per_point": per_point,
            "euro_per_year_at_home": per_home,
            "bought": bought(counts.design.options.budget, per_home),
        }
        found[name] = {
            f"{key}{end}": value
            for key, figure in figures.items()
            for end, value in zip(("", "_low", "_high"), figure, strict=True)
        }
    return found


class Ranged(NamedTuple):
    """A best estimate with its ends; None where there is none."""

    value: float | None
    low: float | None
    high: float | None


NOTHING = Ranged(None, None, None)


def ranged(counts: Counts, values: np.ndarray) -> Ranged:
    """Mean and range of values [R]."""
    found = counts.interval(values)
    ends = [float(end) if np.isfinite(end) else None for end in (found.low, found.high)]
    return Ranged(float(found.mean), *ends)


def per_unit(spent: tuple[float, float, float], gain: Ranged) -> Ranged:
    """Euro per unit gained: only a lower bound where the gain may be zero; None where nothing is spent or gained."""
    euro, least, most = spent
    if euro <= 0 or gain.value is None or gain.low is None or gain.high is None or gain.high <= 0:
        return NOTHING
    lowest = max(least, 0.0) / gain.high
    return Ranged(None, lowest, None) if gain.low <= 0 else Ranged(euro / gain.value, lowest, most / gain.low)


def bought(budget: int, per_home: Ranged) -> Ranged:
    """Adults at home for a budget, if gain is proportional to cost; the ends of the range are exchanged."""
    value, low, high = (budget / each if each else None for each in (per_home.value, per_home.high, per_home.low))
    return Ranged(value, 0.0 if low is None and high is not None else low, high)


def _total(costs: pl.DataFrame, name: str) -> tuple[float, float, float]:
    """Euro of a policy over the whole run: price, low, high."""
    own = costs.filter(pl.col("policy") == name)
    return tuple(fsum(own[column].to_list()) for column in ("euro", "low", "high"))  # type: ignore[return-value]
