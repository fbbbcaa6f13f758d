"""Targets of the calibration: measured areas, and bands of national patterns.

Measured areas: social cohesion of 21 municipalities (Veiligheidsmonitor 2021), feeling at home and cohesion of 11
areas of Amsterdam in 2013, 2015 and 2017. Nothing else that was measured is read here.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from experiments.calibrate.amsterdam import plain_table
from experiments.validate.frame import LARGE
from scenarios.areas import AreaTable
from scenarios.cbs import read_cbs
from scenarios.errors import InputError
from scenarios.plain import read_plain

YEARS = (2013, 2015, 2017)
NATIONAL_SAMPLE, NATIONAL_SIZE = 350, 6000
COLUMNS = {"home": "LTHUISVOELEN_R", "cohesion": "LSOCCOH_R"}

# National patterns at month 0: low, high, and the distance beyond that counts as one standard deviation. Patterns of
# `thuis validate` are judged after ten years, in which some drift (as compositions do); where the shipped defaults show
# by how much, the band here is the one at month 0 that becomes that of conf/patterns.yaml. What the Veiligheidsmonitor
# measured on its cohesion scale is compared with simulated cohesion; belonging is bound by who feels at home.
BANDS: dict[str, tuple[float, float, float]] = {
    "cohesion": (0.625, 0.655, 0.005),
    "at_home_born_here": (0.60, 0.68, 0.01),
    "gap_born_abroad": (-0.13, -0.05, 0.01),
    "town_slope_cohesion": (-0.237, -0.177, 0.006),
    "town_slope_cohesion_controlled": (-0.19, -0.10, 0.008),
    "town_slope_richer": (0.6, 1.7, 0.1),
    "town_slope_ratio": (0.3, 1.1, 0.1),
    "correlation": (-0.275, -0.04, 0.008),
    "gradient_cohesion": (0.10, 0.15, 0.005),
    "residence": (0.16, 0.33, 0.02),
    "residence_within_5": (0.76, 1.0, 0.01),
    "ties": (2.2, 3.4, 0.15),
    "faces": (14.0, 30.0, 2.0),
    "segregation_host": (0.27, 0.465, 0.006),
    "segregation_least": (0.036, 0.20, 0.004),
    "segregation_most": (0.05, 0.25, 0.015),
    "withdrawn": (0.0, 0.15, 0.02),
}


@dataclass(frozen=True)
class Measured:
    """A table of areas with the values measured in some of its areas or municipalities.

    Attributes
    ----------
    label : str
        Part of the names of outputs: a year, or "towns".
    code : list of str
        Areas or municipalities that were measured.
    values : dict
        Construct ("home", "cohesion") to marks out of ten, float64 [N].
    """

    label: str
    table: AreaTable
    code: list[str]
    values: dict[str, np.ndarray]


@dataclass(frozen=True)
class Targets:
    """Everything that one trial simulates."""

    municipalities: Measured
    amsterdam: dict[int, Measured]
    country: AreaTable

    def measured(self) -> list[tuple[str, str, str, float]]:
        """One row per measured value: name of the output, area, construct, value out of ten over ten."""
        rows = []
        for one in (self.municipalities, *self.amsterdam.values()):
            for construct, values in one.values.items():
                for code, value in zip(one.code, values, strict=True):
                    rows.append((f"{construct}_{one.label}_{code}", code, construct, float(value) / 10))
        return rows


def load_targets(data: Path) -> Targets:
    """Read measured areas from a folder of public tables.

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
    """All large municipalities, over which slopes are taken, with the cohesion of those measured."""
    measured = pl.read_csv(outcomes)
    score = dict(zip(measured["gm"], measured["vm21_cohesion"], strict=True))
    residents = np.bincount(country.municipality, country.residents)
    large = {code for code, n in zip(country.municipality_code, residents, strict=True) if n >= LARGE}
    table = country.select(sorted(large | set(score)))
    code = [c for c in table.municipality_code if c in score]
    return Measured("towns", table, code, {"cohesion": np.array([score[c] for c in code])})


def _amsterdam(inputs: Path, outcomes: Path, year: int) -> Measured:
    table = read_plain(plain_table(inputs, year))
    rows = pl.read_csv(outcomes, infer_schema_length=None).filter(pl.col("year") == year)
    found = {row["area"]: row for row in rows.iter_rows(named=True)}
    code = [c for c in table.code if c in found]
    values = {construct: np.array([found[c][name] for c in code]) for construct, name in COLUMNS.items()}
    return Measured(str(year), table, code, values)


def _sample(country: AreaTable) -> AreaTable:
    """Wijken drawn systematically in proportion to their size, each counted alike."""
    reached = np.cumsum(country.residents)
    points = (np.arange(NATIONAL_SAMPLE) + 0.37) * reached[-1] / NATIONAL_SAMPLE
    chosen = country.select([country.code[i] for i in np.unique(np.searchsorted(reached, points))])
    return replace(chosen, residents=np.full(len(chosen), NATIONAL_SIZE))
