"""Patterns of coming and going: SF1 to SF4, and SF19 (refugees at work)."""

from itertools import pairwise

import numpy as np

from experiments.validate.following import Follower
from experiments.validate.simulated import Simulated
from sim.measures import RESIDENTS
from sim.motives import MOTIVES

Parts = dict[str, float]


def gone(survival: np.ndarray, years: int, mix: dict[str, float]) -> float:
    """Percent of a mixed cohort that has left the country after so many years."""
    weight = np.array([mix.get(motive, 0.0) for motive in MOTIVES])
    return float(100 * (1 - weight @ survival[:, 12 * years] / weight.sum()))


def transience(follower: Follower, years: int, mixes: dict[str, dict[str, float]]) -> Parts:
    """SF1, SF2: percent gone after so many years, of all, EU and non-EU arrivals.

    Parameters
    ----------
    mixes : dict
        Share of each motive among EU and non-EU arrivals (the model's family and study migrants come from both).
    """
    if follower.months <= 12 * years:
        return {}
    survival = follower.survival()
    found = {name: gone(survival, years, mix) for name, mix in mixes.items()}
    every = {m: sum(mix.get(m, 0.0) for mix in mixes.values()) for m in MOTIVES}
    return found | {"all": gone(survival, years, every)}


def motive_order(follower: Follower) -> Parts:
    """SF3: share still in the country after five years by motive; `order`: the least step from each to the next."""
    if follower.months <= 60:
        return {}
    after = follower.survival()[:, 60]
    found = {motive: float(after[MOTIVES.index(motive)]) for motive in ("knowledge", "labour_eu", "family", "asylum")}
    values = list(found.values())
    return found | {"order": min(b - a for a, b in pairwise(values))}


def moves(simulated: Simulated, follower: Follower) -> Parts:
    """SF4: percent of residents who move house in a year, and the rate at age 24 to 26 over that at 59 to 61."""
    residents = simulated.sums[:, :, RESIDENTS].sum() / simulated.months
    ages = slice(24, 27), slice(59, 62)
    young, old = (follower.moving[at].sum() / max(follower.people[at].sum(), 1) for at in ages)
    return {"share": float(100 * simulated.moves.sum() / residents), "ratio": float(young / old)}


def refugee_work(follower: Follower) -> Parts:
    """SF19: percent of asylum migrants of 18 to 66 who work, 2, 3, 6 and 9 years after arrival."""
    return {f"years_{years}": 100 * follower.employed(years) for years in (2, 3, 6, 9) if follower.months > 12 * years}
