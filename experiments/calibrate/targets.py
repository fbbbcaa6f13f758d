"""What the calibration aims at: measured places, and bands of national patterns.

Measured places: social cohesion of 21 municipalities (Veiligheidsmonitor 2021), feeling at home and cohesion of 11
areas of Amsterdam in 2013, 2015 and 2017. Nothing else that was measured is read here.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from experiments.calibrate.amsterdam import plain_table
from scenarios.areas import AreaTable
from scenarios.cbs import read_cbs
from scenarios.errors import InputError
from scenarios.plain import read_plain

YEARS = (2013, 2015, 2017)
NATIONAL_SAMPLE, NATIONAL_SIZE = 350, 6000

# Bands inside those of conf/patterns.yaml (low, high, what counts as one unit beyond).
BANDS: dict[str, tuple[float, float, float]] = {
    "belonging": (0.625, 0.655, 0.01),
    "at_home_born_here": (0.62, 0.66, 0.01),
    "gap_born_abroad": (-0.11, -0.05, 0.01),
    "slope": (-0.205, -0.165, 0.01),
    "slope_controlled": (-0.175, -0.12, 0.01),
    "slope_ratio": (0.4, 1.05, 0.05),
    "gradient": (0.09, 0.14, 0.01),
    "residence": (0.20, 0.35, 0.02),
    "ties": (2.4, 3.2, 0.1),
    "faces": (15.0, 30.0, 2.0),
    "segregation_dutch": (0.28, 0.42, 0.02),
    "segregation_others": (0.045, 0.25, 0.01),
    "withdrawn": (0.0, 0.10, 0.02),
}
MUNICIPAL_ERROR = 0.12  # on the 0-10 scale
BEST_MUNICIPAL_R, BEST_HOME_R, BEST_COHESION_R = 0.91, 0.885, 0.75


@dataclass(frozen=True)
class Measured:
    """A table of areas with what was measured of some of its areas or of its municipalities.

    Attributes
    ----------
    table : AreaTable
    index : int [N]
        Areas (or municipalities, where `by_municipality`) that were measured.
    home, cohesion : float64 [N] or None
    """

    table: AreaTable
    index: np.ndarray
    home: np.ndarray | None
    cohesion: np.ndarray
    by_municipality: bool = False


@dataclass(frozen=True)
class Targets:
    """Everything that one trial simulates."""

    municipalities: Measured
    amsterdam: dict[int, Measured]
    country: AreaTable


def load_targets(data: Path) -> Targets:
    """Read measured places from a folder of public tables.

    Raises
    ------
    InputError
        When the folder lacks a table.
    """
    netherlands, amsterdam = data / "netherlands", data / "amsterdam"
    needed = [
        netherlands / "wijk_2017.csv",
        netherlands / "veiligheidsmonitor_2021_calibration.csv",
        amsterdam / "areas_inputs_2005_2018.csv",
        amsterdam / "areas_outcomes_calibration.csv",
    ]
    for path in needed:
        if not path.is_file():
            raise InputError(f"{path} is missing; data=FOLDER must hold the tables that docs/calibration.md lists")
    extra = [p for p in (netherlands / "municipalities_2017_2021.csv", netherlands / "wijken_2022.csv") if p.is_file()]
    country = read_cbs(needed[0], extra=extra)
    areas = {year: _amsterdam(needed[2], needed[3], year) for year in YEARS}
    return Targets(_municipalities(country, needed[1]), areas, _sample(country))


def _municipalities(country: AreaTable, outcomes: Path) -> Measured:
    measured = pl.read_csv(outcomes)
    score = dict(zip(measured["gm"], measured["vm21_cohesion"], strict=True))
    table = country.select(list(score))
    values = np.array([score[code] for code in table.municipality_code])
    return Measured(table, np.arange(len(values)), None, values, by_municipality=True)


def _amsterdam(inputs: Path, outcomes: Path, year: int) -> Measured:
    table = read_plain(plain_table(inputs, year))
    rows = pl.read_csv(outcomes, infer_schema_length=None).filter(pl.col("year") == year)
    found = {row["area"]: row for row in rows.iter_rows(named=True)}
    index = np.array([i for i, code in enumerate(table.code) if code in found])
    home, cohesion = (np.array([found[table.code[i]][name] for i in index]) for name in ("LTHUISVOELEN_R", "LSOCCOH_R"))
    return Measured(table, index, home, cohesion)


def _sample(country: AreaTable) -> AreaTable:
    """Wijken drawn systematically in proportion to their size, each counted alike."""
    reached = np.cumsum(country.residents)
    points = (np.arange(NATIONAL_SAMPLE) + 0.37) * reached[-1] / NATIONAL_SAMPLE
    chosen = country.select([country.code[i] for i in np.unique(np.searchsorted(reached, points))])
    from dataclasses import replace

    return replace(chosen, residents=np.full(len(chosen), NATIONAL_SIZE))
