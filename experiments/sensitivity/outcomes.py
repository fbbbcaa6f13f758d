"""Outcomes of one point of a design: level, gap, diversity slope, and the effect of policies, in a small world."""

import copy
from functools import lru_cache

import numpy as np

from scenarios.archetypes import archetype
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.policy import Policy, Schedule, load_policy
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.measures import ADULTS, measure_of
from sim.month import Clock, observe_world, pass_month
from sim.parameters import Parameters
from sim.world import World

POLICIES = ("reception_for_all", "social_infrastructure", "work", "libraries")
OUTCOMES = ("belonging", "gap", "slope", *(f"effect_{name}" for name in POLICIES))
MONTHS, SETTLING = 24, 36


@lru_cache(1)
def default_table() -> AreaTable:
    """A big city of the typology: diverse and less diverse neighbourhoods, newcomers of every motive."""
    return archetype("arnhem")


@lru_cache(len(POLICIES))
def package(policy: str) -> Policy:
    """A policy package, read once."""
    return load_policy(policy)


def settled(table: AreaTable, parameters: Parameters, scale: int, seed: int) -> World:
    """The world at month 0, before any policy."""
    options = BuildOptions(seed, scale, 3, settling_months=SETTLING)
    return settled_start(table, parameters, options, ThreadPool(1), Starting(cache="none"))


def after(world: World, table: AreaTable, policy: str | None, scale: int) -> dict[str, float]:
    """Mean belonging, the gap between newcomers and established, and the slope on diversity `MONTHS` later."""
    pool, clock = ThreadPool(1), Clock()
    schedule = Schedule(package(policy), table, scale=scale) if policy else None
    for _ in range(MONTHS):
        if schedule is not None:
            schedule.begin_month(world, pool)
        pass_month(world, pool, clock)
    sums = observe_world(world, pool, clock).sums
    total = sums.sum(axis=0)
    mean = np.nan_to_num(measure_of(total, "belonging"))
    newcomers, established = (np.average(mean[k], weights=total[k, ADULTS] + 1e-9) for k in ([2, 3], [0, 1]))
    people = world.stocks.people
    diversity = 1 - ((people / people.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    lines = sums.sum(axis=1)
    adults = lines[:, ADULTS].astype(float)
    level = np.nan_to_num(measure_of(lines, "belonging"))
    slope = np.polyfit(diversity, level, 1, w=np.sqrt(adults))[0]
    everyone = measure_of(total.sum(axis=0), "belonging")
    return {"belonging": float(everyone), "gap": float(established - newcomers), "slope": float(slope)}


def outcomes_of(values: dict[str, float], scale: int, seed: int) -> list[float]:
    """All `OUTCOMES` at one point; policies on the same draws as the baseline."""
    table = default_table()
    start = settled(table, Parameters().changed(**values), scale, seed)
    base = after(copy.deepcopy(start), table, None, scale)
    ways = [after(copy.deepcopy(start), table, policy, scale)["belonging"] for policy in POLICIES]
    return [base["belonging"], base["gap"], base["slope"], *(way - base["belonging"] for way in ways)]
