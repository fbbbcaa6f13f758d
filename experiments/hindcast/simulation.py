"""The years between two tables, simulated: who lived where at both ends, and who came and went in each year."""

from dataclasses import dataclass

import numpy as np

from experiments.options.settings import Settings
from experiments.simulation.progress import Progress
from scenarios.areas import AGES, AreaTable
from scenarios.build_options import BuildOptions
from scenarios.counts import Counts
from scenarios.known_years import KnownYears
from scenarios.policy import Schedule, policy_from
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.phases.month import Clock, pass_month
from sim.world import World

AGE_FROM = np.array([0, 15, 25, 45, 65])
FLOWS = {
    "births": ("births",),
    "deaths": ("deaths",),
    "immigration": ("immigrated", "domestic"),
    "emigration": ("emigrated", "moved_away"),
    "between": ("moved_out",),
    "within": ("moved_within",),
    "unhoused": ("unhoused", "unhoused_births"),
    "no_home": ("no_home",),
}


@dataclass(frozen=True)
class Simulated:
    """A simulated span of years.

    Attributes
    ----------
    start, end : Counts
        The areas of the table, in its order.
    years : list of dict
        Of each year: residents when it begins, and who came and went, in residents.
    households : list of int64 [J, 4]
        At the start and at the end of each year: households of every area by the dwelling that suits them (one person,
        others without children, with children), and residents; zeros where everyone lives alone.
    """

    start: Counts
    end: Counts
    years: list[dict[str, int]]
    households: list[np.ndarray]


def simulate_years(
    settings: Settings, table: AreaTable, years: int, known: KnownYears, progress: Progress
) -> Simulated:
    """Settle the places of a table and let the years pass, under the policy of the settings."""
    o = settings.options
    schedule = Schedule(policy_from(settings.policy), table, o.scale, known)
    options = BuildOptions(
        seed=o.seed,
        scale=o.scale,
        years=years,
        building=schedule.most_building,
        homes=known.most_homes(),
        first_year=known.first_year,
    )
    pool, clock = ThreadPool(o.threads), Clock()
    progress.begin(options.settling_months + 12 * years, "hindcast")
    how = Starting(
        cache="none" if o.fresh_start else "use", month=lambda w: progress.month(w.residents * o.scale, "settling")
    )
    world = settled_start(table, settings.parameters, options, pool, how)
    start, found, households = counts_of_world(world, table, o.scale), [], [households_of(world)]
    for year in range(years):
        passed = {"residents": world.residents * o.scale} | dict.fromkeys(FLOWS, 0)
        for _ in range(12):
            schedule.begin_month(world, pool)
            pass_month(world, pool, clock)
            for name, parts in FLOWS.items():
                passed[name] += sum(int(getattr(world.flows, part).sum()) for part in parts) * o.scale
            progress.month(world.residents * o.scale, f"year {year + 1}")
        found.append(passed)
        households.append(households_of(world))
    progress.end()
    return Simulated(start, counts_of_world(world, table, o.scale), found, households)


def households_of(world: World) -> np.ndarray:
    """Households of every area by the dwelling that suits them, and its residents, int64 [J, 4]."""
    return np.c_[world.stocks.kinds, world.stocks.people.sum(axis=1)]


def counts_of_world(world: World, table: AreaTable, scale: int) -> Counts:
    """Who lives where in a world, as a table would count it."""
    people = world.stocks.people.astype(float)
    total = np.maximum(people.sum(axis=1), 1.0)
    rows = np.flatnonzero(world.population.serial)
    area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    years = (world.month - world.population.born[rows].astype(np.int64)) // 12
    kind = np.searchsorted(AGE_FROM, years, side="right") - 1
    ages = np.bincount(area * len(AGES) + kind, minlength=len(table) * len(AGES)).reshape(-1, len(AGES))
    return Counts(
        code=table.code,
        name=table.name,
        municipality=[table.municipality_code[k] for k in table.municipality],
        residents=people.sum(axis=1) * scale,
        land=table.land_area,
        dwellings=world.stocks.homes * float(scale),
        groups=table.scheme.groups,
        origin=people / total[:, None],
        age=ages / total[:, None],
    )
