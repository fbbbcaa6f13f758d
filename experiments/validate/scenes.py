"""Simulations for the patterns: real districts and the municipalities of the typology, for several seeds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from experiments.validate import flow_patterns, neighbourhood_patterns, people_patterns
from experiments.validate.following import Follower
from experiments.validate.frame import LARGE
from experiments.validate.simulated import Simulated, automatic_scale, simulate
from scenarios.areas import AreaTable
from scenarios.regions.region import load_region
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.world import World

Parts = dict[str, float]
Measured = dict[str, Parts]
LONG_YEARS = 20
APART_KM = 60.0  # between municipalities of the typology, whose location is not known
QUICK_AGENTS, LONG_AGENTS, SHORT_YEARS = 120_000, 240_000, 2
SAMPLE_EVERY = 6  # of the smaller municipalities, in the quick run


@dataclass
class Plan:
    """How much is simulated.

    Attributes
    ----------
    patterns : set of str
        Those asked for.
    """

    parameters: Parameters
    patterns: set[str]
    years: int = 10
    seeds: tuple[int, ...] = (1, 2, 3)
    scale: int = 0
    quick: bool = False
    mixes: dict[str, dict[str, float]] = field(default_factory=dict)

    def scale_of(self, table: AreaTable, agents: int | None = None) -> int:
        """Residents per agent for these areas."""
        if self.scale:
            return self.scale
        if self.quick or agents:
            wanted = min(agents or QUICK_AGENTS, QUICK_AGENTS) if self.quick else agents or QUICK_AGENTS
            return max(1, -(-int(table.residents.sum()) // wanted))
        return automatic_scale(table)


def typology() -> AreaTable:
    """The neighbourhoods of the municipalities of the typology, side by side in one table."""
    from scenarios.regions.archetypes import archetype_names

    tables = [load_region(name) for name in archetype_names()]
    together: dict[str, Any] = {}
    for key in (
        "residents",
        "origin",
        "age",
        "one_person",
        "with_children",
        "household_size",
        "density",
        "land_area",
        "socio_economic",
        "facilities",
        "moving_rate",
        "arrival_rate",
    ):
        together[key] = np.concatenate([getattr(t, key) for t in tables])
    for key in ("code", "name", "municipality_code", "municipality_name"):
        together[key] = [each for t in tables for each in getattr(t, key)]
    return AreaTable.validated(
        **together,
        municipality=np.concatenate([np.full(len(t), k) for k, t in enumerate(tables)]),
        scheme=tables[0].scheme,
        x=np.concatenate([t.x + APART_KM * k for k, t in enumerate(tables)]),
        y=np.concatenate([t.y for t in tables]),
        source="the nine municipalities of the typology (conf/municipality)",
    )


def sample(table: AreaTable) -> AreaTable:
    """The large municipalities and one in six of the others: enough to see the patterns."""
    residents = np.bincount(table.municipality, table.residents)
    codes = np.array(table.municipality_code)
    named = np.isin(codes, list(people_patterns.MUNICIPALITIES))
    others = np.flatnonzero((residents < LARGE) & ~named)
    keep = np.concatenate([np.flatnonzero((residents >= LARGE) | named), others[::SAMPLE_EVERY]])
    return table.select(sorted(codes[keep].tolist()))


def measure_scene(table: AreaTable, plan: Plan, seed: int, pool: ThreadPool, say: Callable[[str], None]) -> Measured:
    """All patterns of one scene with one seed: parts by pattern."""
    say("main run")
    follower = Follower(12 * plan.years)
    scale = plan.scale_of(table)
    start: list[np.ndarray] = []

    def look(world: World, pool: ThreadPool) -> None:
        if not start:
            start.append(people_patterns.people_by_municipality(world, len(table.municipality_code)))
        follower.look(world, pool)

    seen = simulate(
        table,
        plan.parameters,
        seed=seed,
        scale=scale,
        years=plan.years,
        pool=pool,
        before_leaving=look,
        after_leaving=follower.look_after,
    )
    found = flows_of(seen, follower, plan) | neighbourhoods_of(seen) | people_of(seen, follower, start[0])
    found = {name: parts for name, parts in found.items() if name in plan.patterns}
    if plan.patterns & {"SF10", "SF18"}:
        found |= experiments_of(seen, table, plan, seed, scale, pool, say)
    if "SF17" in plan.patterns:
        say("twenty years")
        found["SF17"] = long_run(table, plan, seed, pool)
    return found


def flows_of(seen: Simulated, follower: Follower, plan: Plan) -> Measured:
    """Patterns of arrival and departure."""
    return {
        "SF1": flow_patterns.transience(follower, 5, plan.mixes),
        "SF2": flow_patterns.transience(follower, 2, plan.mixes),
        "SF3": flow_patterns.motive_order(follower),
        "SF4": flow_patterns.moves(seen, follower),
        "SF19": flow_patterns.refugee_work(follower),
    }


def neighbourhoods_of(seen: Simulated) -> Measured:
    """Patterns between areas."""
    return {
        "SF6": neighbourhood_patterns.diversity_slope(seen),
        "SF7": neighbourhood_patterns.richer_neighbourhoods(seen),
        "SF8": neighbourhood_patterns.migrants_too(seen),
        "SF9": neighbourhood_patterns.individuals(seen),
        "SF11": neighbourhood_patterns.turnover(seen),
        "SF14": neighbourhood_patterns.urban_gradient(seen),
    }


def people_of(seen: Simulated, follower: Follower, start: np.ndarray) -> Measured:
    """Patterns of people."""
    return {
        "SF5": people_patterns.start_diversity(start, list(seen.table.municipality_code)),
        "SF12": people_patterns.residence(seen),
        "SF13": people_patterns.levels(seen),
        "SF15": people_patterns.tie_turnover(follower),
        "SF16": people_patterns.network_segregation(seen),
    }


def experiments_of(
    seen: Simulated, table: AreaTable, plan: Plan, seed: int, scale: int, pool: ThreadPool, say: Callable[[str], None]
) -> Measured:
    """Patterns for which something is changed: homophily (SF10) and facilities (SF18)."""
    found: Measured = {}

    def short(areas: AreaTable, parameters: Parameters) -> Simulated:
        return simulate(areas, parameters, seed=seed, scale=scale, years=SHORT_YEARS, pool=pool)

    if "SF10" in plan.patterns:
        say("without homophily")
        on = plan.parameters.changed(withdrawal_highest=0.0)
        off = on.changed(homophily_street=0.0, homophily_facility=0.0)
        found["SF10"] = neighbourhood_patterns.homophilous_contact(short(table, on), short(table, off))
        found["SF10"]["on_with_withdrawal"] = neighbourhood_patterns.familiarity_slope(seen)
    if "SF18" in plan.patterns:
        say("facilities")
        low, high = (short(with_supply(table, percent), plan.parameters) for percent in (25, 75))
        found["SF18"] = neighbourhood_patterns.facilities(low, high, seen)
    return found


def with_supply(table: AreaTable, percent: float) -> AreaTable:
    """The same areas, each with the supply that lies at this percentile of residents, for each kind of facility."""
    supply = np.empty_like(table.facilities)
    for kind in range(supply.shape[1]):
        order = np.argsort(table.facilities[:, kind], kind="stable")
        reached = np.cumsum(table.residents[order]) / table.residents.sum()
        supply[:, kind] = table.facilities[order[np.searchsorted(reached, percent / 100)], kind]
    return replace(table, facilities=supply)


def long_run(table: AreaTable, plan: Plan, seed: int, pool: ThreadPool) -> Parts:
    """Segregation before and after twenty years, in the named municipalities."""
    named = people_patterns.named_municipalities(list(table.municipality_code))
    if not named:
        return {}
    cities = table.select([table.municipality_code[at] for at in named.values()])
    start: list[np.ndarray] = []

    def look(world: World, pool: ThreadPool) -> None:
        if not start:
            start.append(world.stocks.people.copy())

    scale = plan.scale_of(cities, LONG_AGENTS)
    seen = simulate(cities, plan.parameters, seed=seed, scale=scale, years=LONG_YEARS, pool=pool, before_leaving=look)
    codes = list(cities.municipality_code)
    return people_patterns.segregation(start[0], seen.world.stocks.people, cities.municipality, codes)


def limit_case(quick: bool, seed: int) -> Parts:
    """SF20: Neal & Neal's model with both mechanisms on, and with either of them off."""
    from experiments.limits.neal_neal import sorted_lattices, trade_off

    lattices = sorted_lattices(24 if quick else 62, seed)
    both, homophily, proximity = (
        trade_off(b_homophily, b_proximity, seed=seed, lattices=lattices)
        for b_homophily, b_proximity in ((2.5, 2.5), (2.5, 0.0), (0.0, 2.5))
    )
    return {
        "both": both.correlation,
        "homophily_only": abs(homophily.slope / both.slope),
        "proximity_only": abs(proximity.slope / both.slope),
        "r_homophily_only": homophily.correlation,
        "r_proximity_only": proximity.correlation,
    }
