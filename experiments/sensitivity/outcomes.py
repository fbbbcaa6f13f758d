"""Outcomes of one point of a design: measures of a small world, and the effect of policies on one of them."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from experiments.simulation.simulate import load_table
from experiments.sweep.findings import empty_findings, note_month
from experiments.sweep.outcomes import OUTCOMES, Gathered, Observed
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.errors import InputError, close_matches
from scenarios.policy import Policy, Schedule, load_policy
from scenarios.start_cache import Starting, settled_start, table_digest
from sim.machine.threads import ThreadPool
from sim.measures import ADULTS, measure_of
from sim.parameters import Parameters
from sim.phases.month import Clock, observe_world, pass_month
from sim.world import World

POLICIES = ("reception_for_all", "social_infrastructure", "work", "libraries")
SLOPE = "slope"
MEASURES = {name: text for name, text in OUTCOMES.items() if name != "spent"} | {
    SLOPE: "slope of belonging on diversity over neighbourhoods"
}
"""What can be asked: every outcome of a sweep but spending, which without a policy is nothing, and the slope."""

USUAL = ("belonging", "gap", SLOPE)
USUAL_REGION = "arnhem"
MONTHS, SETTLING = 24, 36


@dataclass(frozen=True)
class Asked:
    """What a study asks of every point.

    Attributes
    ----------
    region : str
        The options of the region as JSON, so that a study can be compared and its table kept.
    outcomes : tuple of str
        Names of `MEASURES`.
    effect_on : str
        The measure on which the effect of each policy of `POLICIES` is taken.
    """

    region: str = field(default_factory=lambda: json.dumps({"name": USUAL_REGION}))
    outcomes: tuple[str, ...] = USUAL
    effect_on: str = "belonging"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes and of the effects, in the order of `outcomes_of`."""
        return (*self.outcomes, *(f"effect_{name}" for name in POLICIES))

    @property
    def identity(self) -> list[str]:
        """What makes outcomes those of this study: the figures of the region, and what is asked."""
        return [table_digest(table_of(self.region)), *self.names, self.effect_on]


def asked_of(region: Mapping[str, Any], outcomes: tuple[str, ...], effect_on: str) -> Asked:
    """Check what is asked.

    Raises
    ------
    InputError
        A measure that does not exist, one twice, or none.
    """
    for key, name in [*(("outcomes", name) for name in outcomes), ("effect_on", effect_on)]:
        if name not in MEASURES:
            raise InputError(
                f"{key}={name} is not a measure{close_matches(name, MEASURES)} (allowed: {', '.join(MEASURES)})"
            )
    if not outcomes or len(set(outcomes)) < len(outcomes):
        raise InputError(f"outcomes={','.join(outcomes)}: give one or more measures, each once")
    return Asked(json.dumps(dict(region), sort_keys=True), outcomes, effect_on)


@lru_cache(1)
def table_of(region: str) -> AreaTable:
    """The areas of a region, read once."""
    return load_table(json.loads(region))


@lru_cache(len(POLICIES))
def package(policy: str) -> Policy:
    """A policy package, read once."""
    return load_policy(policy)


def settled(table: AreaTable, parameters: Parameters, scale: int, seed: int) -> World:
    """The world at month 0, before any policy."""
    options = BuildOptions(seed, scale, 3, settling_months=SETTLING)
    return settled_start(table, parameters, options, ThreadPool(1), Starting(cache="none"))


def after(world: World, table: AreaTable, policy: str | None, scale: int) -> dict[str, float]:
    """Every measure of `MEASURES`, `MONTHS` later."""
    pool, clock = ThreadPool(1), Clock()
    schedule = Schedule(package(policy), table, scale=scale) if policy else None
    for _ in range(MONTHS):
        if schedule is not None:
            schedule.begin_month(world, pool)
        pass_month(world, pool, clock)
    observe_world(world, pool, clock)
    findings, gathered = empty_findings(world, 1, 1), Gathered()
    note_month(findings, 0, world)
    gathered.add(0, Observed(MONTHS, 0.0, scale), findings, 0)
    measures = {name: float(values[0]) for name, values in gathered.columns().items() if name in MEASURES}
    return measures | {SLOPE: slope_on_diversity(world)}


def slope_on_diversity(world: World) -> float:
    """Slope of belonging on diversity over neighbourhoods, weighted by their adults."""
    people = world.stocks.people
    diversity = 1 - ((people / people.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    lines = world.observed.sums.sum(axis=1)
    adults = lines[:, ADULTS].astype(float)
    level = np.nan_to_num(measure_of(lines, "belonging"))
    return float(np.polyfit(diversity, level, 1, w=np.sqrt(adults))[0])


def outcomes_of(values: dict[str, float], asked: Asked, scale: int, seed: int) -> list[float]:
    """All that is asked at one point; policies on the same draws as the baseline."""
    table = table_of(asked.region)
    start = settled(table, Parameters().changed(**values), scale, seed)
    base = after(copy.deepcopy(start), table, None, scale)
    ways = [after(copy.deepcopy(start), table, policy, scale)[asked.effect_on] for policy in POLICIES]
    return [*(base[name] for name in asked.outcomes), *(way - base[asked.effect_on] for way in ways)]
