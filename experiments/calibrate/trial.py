"""One trial: simulate the measured areas and a sample of the country, and compute every measured quantity."""

import numpy as np

from experiments.calibrate.patterns import municipality_patterns, national_patterns
from experiments.calibrate.targets import Measured, Targets
from experiments.validate.measures import outcome_table
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.month import Clock, observe_world
from sim.world import World

SCALES = {"towns": 80, "amsterdam": 20, "country": 30}


def settled(
    table: AreaTable, parameters: Parameters, scale: int, seed: int, pool: ThreadPool, months: int = 60
) -> tuple[World, np.ndarray]:
    """A world at month 0, when its composition is that of the data, and what is observed there."""
    options = BuildOptions(seed, scale, 1, settling_months=months)
    world = settled_start(table, parameters, options, pool, Starting(cache="none"))
    return world, observe_world(world, pool, Clock()).sums


def area_means(measured: Measured, sums: np.ndarray) -> dict[str, float]:
    """Mean belonging and mean cohesion, both in [0, 1], of the measured areas, by the names of `Measured.outputs`."""
    scored = outcome_table(sums, measured.table)
    at = {code: row for row, code in enumerate(scored.code)}
    means = {"home": scored.home, "cohesion": scored.cohesion}
    return {
        f"{c}_{measured.label}_{code}": float(means[c][at[code]]) for c in measured.values for code in measured.code
    }


def outputs_of(
    parameters: Parameters,
    targets: Targets,
    seed: int = 1,
    scales: dict[str, int] | None = None,
    pool: ThreadPool | None = None,
) -> dict[str, float]:
    """Outputs of one trial for every measured area and national pattern, by name; see docs/calibration.md."""
    pool, scales = pool or ThreadPool(1), scales or SCALES
    world, sums = settled(targets.municipalities.table, parameters, scales["towns"], seed, pool)
    found = area_means(targets.municipalities, sums) | municipality_patterns(world, sums, targets.municipalities.table)
    for areas in targets.amsterdam.values():
        _, sums = settled(areas.table, parameters, scales["amsterdam"], seed, pool)
        found |= area_means(areas, sums)
    world, sums = settled(targets.country, parameters, scales["country"], seed, pool)
    return found | national_patterns(world, sums, targets.country)
