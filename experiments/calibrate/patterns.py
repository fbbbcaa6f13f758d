"""National patterns at month 0 of a sample of districts, as the calibration uses them (a part of `thuis validate`)."""

import numpy as np

from scenarios.areas import AreaTable
from sim import observation as o
from sim.population import BORN_ABROAD, NOBODY
from sim.world import World

FINE = 65536.0
NOT_URBAN, VERY_URBAN = 500, 2500  # addresses per km2: the classes of CBS


def slope(columns: list[np.ndarray], y: np.ndarray, weight: np.ndarray) -> float:
    """Weighted least squares: the coefficient of the first column."""
    x = np.column_stack([np.ones(len(y)), *columns]) * np.sqrt(weight)[:, None]
    return float(np.linalg.lstsq(x, y * np.sqrt(weight), rcond=None)[0][1])


def mean_of(sums: np.ndarray, measure: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean of a measure over adults and their number, by area; sums has areas first and measures last."""
    adults = sums[..., o.ADULTS]
    return sums[..., measure] / np.maximum(adults, 1) / FINE, adults


def national_patterns(world: World, sums: np.ndarray, table: AreaTable) -> dict[str, float]:
    """Levels, gaps, slopes and segregation; names as in `experiments.calibrate.targets.BANDS`."""
    p = world.population
    adult = (p.serial != NOBODY) & (world.month - p.born.astype(np.int64) >= o.ADULT)
    abroad = (p.flags & BORN_ABROAD)[adult] != 0
    b = p.belonging[adult].astype(float)
    home = b >= world.parameters.home_threshold
    here = np.clip(world.month - p.moved_in[adult].astype(np.int64), 0, o.LONGEST_STAY)
    everyone = sums.sum(axis=(0, 1))
    count = everyone[o.ADULTS]
    found = {
        "belonging": float(everyone[o.BELONGING] / count / FINE),
        "cohesion": float(everyone[o.COHESION] / count / FINE),
        "faces": float(everyone[o.FACES] / count / 256),
        "ties": float(everyone[o.TIES] / count),
        "withdrawn": float(everyone[o.IN_OWN_CIRCLE] / count),
        "at_home_born_here": float(home[~abroad].mean()),
        "gap_born_abroad": float(home[abroad].mean() - home[~abroad].mean()),
        "residence": float(np.corrcoef(b, here)[0, 1]),
    }
    return found | _slopes(world, sums, table) | _segregation(world, adult)


def _slopes(world: World, sums: np.ndarray, table: AreaTable) -> dict[str, float]:
    people = world.stocks.people
    diversity = 1 - ((people / people.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    belonging, adults = mean_of(sums.sum(axis=1), o.BELONGING)
    cohesion, _ = mean_of(sums.sum(axis=1), o.COHESION)
    controls = [diversity, world.places.anonymity, world.places.position, table.one_person]
    sides = [slope([diversity], *mean_of(sums[:, g::2].sum(axis=1), o.BELONGING)) for g in (0, 1)]
    rural, urban = table.density < NOT_URBAN, table.density >= VERY_URBAN
    return {
        "slope": slope([diversity], belonging, adults),
        "slope_controlled": slope(controls, belonging, adults),
        "slope_ratio": sides[1] / sides[0],
        "gradient": float(np.average(cohesion[rural], weights=adults[rural])
                          - np.average(cohesion[urban], weights=adults[urban])),
    }  # fmt: skip


def _segregation(world: World, adult: np.ndarray) -> dict[str, float]:
    """Own-group ties beyond the own group's share of the neighbourhood, over the most that is possible (Coleman)."""
    p, people = world.population, world.stocks.people
    rows = np.flatnonzero(adult & (p.tie_count > 0))
    area = np.searchsorted(world.places.first, rows, side="right") - 1
    share = (people / people.sum(axis=1, keepdims=True))[area, p.origin[rows]]
    ties, own = p.tie_count[rows].astype(float), p.tie_own[rows].astype(float)
    found = {}
    for name, chosen in (("dutch", p.origin[rows] == 0), ("others", p.origin[rows] > 0)):
        total, expected = ties[chosen].sum(), (share * ties)[chosen].sum()
        found[f"segregation_{name}"] = float((own[chosen].sum() - expected) / max(total - expected, 1))
    return found
