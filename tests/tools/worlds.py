"""Small worlds for tests: five areas in two municipalities, two thousand residents, built in a blink."""

from typing import Any
from unittest.mock import patch

import numpy as np

from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.origins import load_scheme
from scenarios.settling import settle
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.month import Clock, pass_month
from sim.world import World

RATES = np.array([0.006, 0.003, 0.005, 0.008, 0.003, 0.006])  # arrivals per resident per year by motive


def small_table(
    residents: tuple[int, ...] = (620, 540, 380, 300, 260), municipalities: int = 2, **changes: Any
) -> AreaTable:
    """Areas that differ in size, origin, age, density, position and moving rate; three origin groups (cbs3).

    Parameters
    ----------
    residents : tuple of int
        One per area; area i lies in municipality i modulo `towns`.
    changes
        Fields of `AreaTable` that replace the ones made here.
    """
    areas = len(residents)
    step = np.linspace(0, 1, areas) if areas > 1 else np.array([0.5])
    values: dict[str, Any] = {
        "code": [f"WK{i:04d}" for i in range(areas)],
        "name": [f"Area {i}" for i in range(areas)],
        "municipality": np.arange(areas) % municipalities,
        "municipality_code": [f"GM{k:04d}" for k in range(municipalities)],
        "municipality_name": [f"Town {k}" for k in range(municipalities)],
        "residents": residents,
        "scheme": load_scheme("cbs3"),
        "origin": np.stack([0.85 - 0.5 * step, 0.05 + 0.15 * step, 0.10 + 0.35 * step], axis=1),
        "age": np.tile([0.16, 0.12, 0.26, 0.28, 0.18], (areas, 1)),
        "one_person": np.full(areas, 0.38),
        "with_children": 0.40 - 0.15 * step,
        "household_size": np.full(areas, 2.2),
        "density": 200 + 4000 * step,
        "land_area": np.full(areas, 80.0),
        "socio_economic": 0.8 - 1.6 * step,
        "facilities": np.tile(0.8 + 0.5 * step[:, None], (1, 7)),
        "x": 3.0 * np.cos(6.0 * step),
        "y": 3.0 * np.sin(6.0 * step),
        "moving_rate": 0.07 + 0.08 * step,
        "arrival_rate": np.tile(RATES, (municipalities, 1)),
        "source": "tests",
    }
    return AreaTable.validated(**(values | changes))


BARE = Parameters().changed(
    **dict.fromkeys(("school_turnover", "association_members", "member_ties", "tie_withdrawn", "moving_unsafe"), 0.0),
    **dict.fromkeys(("withdrawal_unsafe", "room_sharing", "effect_crowding"), 0.0),
    **dict.fromkeys(("capacity_reception", "capacity_schools", "load_expected", "former_residents"), 0.0),
    funding_used=1.0,
    capacity_homes=1.0,
)
"""Without the consequences of coming and going, and with capacity from what arrives: equations of the rest by hand."""


def small_world(
    seed: int = 1,
    threads: int = 1,
    settling_months: int = 12,
    parameters: Parameters | None = None,
    table: AreaTable | None = None,
    years: int = 5,
    pool: ThreadPool | None = None,
) -> World:
    """A settled world of `small_table()`, or of the table given; it stands at month 0.

    The country is twice as large as the table, so that people move between its municipalities too.
    """
    pool, table = pool or ThreadPool(threads), table or small_table()
    options = BuildOptions(seed=seed, years=years, settling_months=settling_months)
    with patch("scenarios.building.NATIONAL_RESIDENTS", 2 * int(table.residents.sum())):
        return settle(build_world(table, parameters, options, pool), pool)


def pass_months(world: World, months: int, pool: ThreadPool | None = None) -> World:
    """The same world, so many months later."""
    pool, clock = pool or ThreadPool(1), Clock()
    for _ in range(months):
        pass_month(world, pool, clock)
    return world


def lived_in(world: World) -> np.ndarray:
    """Rows of the population table in which someone lives, in order."""
    return np.flatnonzero(world.population.serial)


def close(world: World) -> World:
    """Let nobody come, go, be born, die or move in this world: only living goes on."""
    world.neighbourhoods = world.neighbourhoods._replace(mobility=np.zeros_like(world.neighbourhoods.mobility))
    world.municipalities = world.municipalities._replace(
        domestic=np.zeros_like(world.municipalities.domestic), arrivals=np.zeros_like(world.municipalities.arrivals)
    )
    world.tables = world.tables._replace(
        **{
            name: np.zeros_like(getattr(world.tables, name))
            for name in ("death", "birth", "birth_paired", "birth_alone")
        }
    )
    world.motive_rates = world.motive_rates._replace(leave=np.zeros_like(world.motive_rates.leave))
    off = dict.fromkeys(("emigration_natives", "partnering", "separation"), np.float32(0))
    world.coefficients = world.coefficients._replace(**off)
    return world
