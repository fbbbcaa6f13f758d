"""One trial: simulate the measured places and a sample of the country, and tell how far they are from the measured."""

import numpy as np

from experiments.calibrate.patterns import national_patterns
from experiments.calibrate.targets import (
    BANDS,
    BEST_COHESION_R,
    BEST_HOME_R,
    BEST_MUNICIPAL_R,
    MUNICIPAL_ERROR,
    Measured,
    Targets,
)
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions, build_world
from scenarios.settling import settle
from sim.month import Clock, observe_world
from sim.observation import ADULTS, BELONGING, COHESION
from sim.parameters import Parameters
from sim.world import Crew, World

FINE = 65536.0
SCALES = {"municipalities": 50, "amsterdam": 20, "country": 30}


def settled(
    table: AreaTable, parameters: Parameters, scale: int, seed: int, crew: Crew, months: int = 60
) -> tuple[World, np.ndarray]:
    """A world at month 0, when its composition is that of the data, and what is observed there."""
    world = settle(build_world(table, parameters, BuildOptions(seed, scale, 1, settling_months=months), crew), crew)
    return world, observe_world(world, crew, Clock()).sums


def simulated_means(measured: Measured, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean belonging and mean cohesion, both in [0, 1], of the measured places, float64 [N]."""
    lines = sums.sum(axis=1)
    if measured.by_municipality:
        total = np.zeros((len(measured.table.municipality_code), lines.shape[1]))
        np.add.at(total, measured.table.municipality, lines)
        lines = total
    lines = lines[measured.index]
    adults = np.maximum(lines[:, ADULTS], 1)
    return lines[:, BELONGING] / adults / FINE, lines[:, COHESION] / adults / FINE


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's r."""
    return float(np.corrcoef(a, b)[0, 1])


def findings(parameters: Parameters, targets: Targets, seed: int = 1, scales: dict[str, int] | None = None,
             crew: Crew | None = None) -> dict[str, float]:  # fmt: skip
    """Fit to every measured place and all national patterns, by name; see docs/calibration.md."""
    crew, scales = crew or Crew(1), scales or SCALES
    towns = targets.municipalities
    _, sums = settled(towns.table, parameters, scales["municipalities"], seed, crew)
    cohesion = simulated_means(towns, sums)[1]
    error = 10 * cohesion - towns.cohesion
    found = {"municipal_r": correlation(cohesion, towns.cohesion), "municipal_rmse": float(np.sqrt((error**2).mean()))}
    for year, areas in targets.amsterdam.items():
        _, sums = settled(areas.table, parameters, scales["amsterdam"], seed, crew)
        home, cohesion = simulated_means(areas, sums)
        assert areas.home is not None
        found[f"home_{year}"] = correlation(home, areas.home)
        found[f"cohesion_{year}"] = correlation(cohesion, areas.cohesion)
    world, sums = settled(targets.country, parameters, scales["country"], seed, crew)
    return found | national_patterns(world, sums, targets.country)


def beyond(value: float, low: float, high: float, unit: float) -> float:
    """Square of the distance to a band, in units; 0 inside."""
    return (max(low - value, 0.0, value - high) / unit) ** 2


def loss(found: dict[str, float]) -> dict[str, float]:
    """Terms of the loss; a simulation that meets every aim has only the municipal error left."""
    terms = {
        "municipal_rmse": (found["municipal_rmse"] / MUNICIPAL_ERROR) ** 2,
        "municipal_r": beyond(found["municipal_r"], BEST_MUNICIPAL_R, 1, 0.01),
    }
    for name, value in found.items():
        if name.startswith("home_"):
            terms[name] = beyond(value, BEST_HOME_R, 1, 0.01)
        elif name.startswith("cohesion_"):
            terms[name] = beyond(value, BEST_COHESION_R, 1, 0.02)
        elif name in BANDS:
            terms[name] = beyond(value, *BANDS[name])
    return terms
