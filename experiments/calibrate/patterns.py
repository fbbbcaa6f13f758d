"""National patterns at month 0 as the calibration uses them: those of `thuis validate`, on a settled world."""

import numpy as np

from experiments.validate import neighbourhood_patterns, people_patterns
from experiments.validate.frame import frame_of
from experiments.validate.measures import slope_of
from experiments.validate.simulated import Simulated
from scenarios.areas import AreaTable
from sim.measures import measure_of
from sim.world import World


def as_simulated(world: World, sums: np.ndarray, table: AreaTable) -> Simulated:
    """A settled world in the form in which patterns are measured; nobody has left or moved yet."""
    nobody = np.zeros(len(table), np.int64)
    return Simulated(table, sums, nobody, nobody, world, 1, 1)


def municipality_patterns(world: World, sums: np.ndarray, table: AreaTable) -> dict[str, float]:
    """Slopes over large municipalities: of cohesion, given controls, of belonging, and of those with a background."""
    seen = as_simulated(world, sums, table)
    slopes, sides = neighbourhood_patterns.diversity_slope(seen), neighbourhood_patterns.migrants_too(seen)
    richer = neighbourhood_patterns.richer_neighbourhoods(seen)
    return {
        "town_slope_cohesion": slopes["cohesion"],
        "town_slope_cohesion_controlled": slopes["cohesion_controlled"],
        "town_slope_richer": richer["ratio"],
        "town_slope": slopes["slope"],
        "town_slope_controlled": slopes["controlled"],
        "town_slope_ratio": sides["ratio"],
    }


def national_patterns(world: World, sums: np.ndarray, table: AreaTable) -> dict[str, float]:
    """Levels, gaps, slopes and segregation; names as in `experiments.calibrate.targets.BANDS`."""
    seen = as_simulated(world, sums, table)
    everyone = sums.sum(axis=(0, 1)).astype(float)
    levels, gradient = people_patterns.levels(seen), neighbourhood_patterns.urban_gradient(seen)
    networks, stay = people_patterns.network_segregation(seen), people_patterns.residence(seen)
    areas = frame_of(seen)
    return {
        "belonging": levels["mean"],
        "at_home_born_here": levels["born_here"] / 100,
        "gap_born_abroad": levels["gap"] / 100,
        "cohesion": levels["cohesion"],
        **{name: float(measure_of(everyone, name)) for name in ("faces", "ties", "withdrawn")},
        "residence": stay["r"],
        "residence_within_5": stay["within_5"] / 100,
        "correlation": neighbourhood_patterns.individuals(seen)["r"],
        "slope": slope_of(areas.diversity, areas.belonging, areas.adults),
        "gradient": gradient["belonging"],
        "gradient_cohesion": gradient["cohesion"],
        "segregation_host": networks["dutch"],
        "segregation_least": networks["migrant_low"],
        "segregation_most": networks["migrant_high"],
    }
