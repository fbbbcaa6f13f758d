"""The change of 2017 to 2024 as a target: what moves and births must bring about in municipalities with odd codes.

One trial simulates the years between two tables of the whole country, with what was known of them (arrivals per year
and motive, homes built), and compares with what was counted (`experiments.hindcast`). Municipalities with even codes
have no say: the report of a hindcast is on them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from experiments.calibrate.emulator import Emulator, fit_emulator
from experiments.calibrate.posterior import beyond_bands, sample_within
from experiments.calibrate.trials import read_trials, run_trials
from experiments.hindcast.households import Figures, deviation, figures_of, read_figures
from experiments.hindcast.measures import MatchedAreas, agreement, cities, parity
from experiments.hindcast.simulation import Simulated, simulate_years
from experiments.hindcast.study import Tables, compared_places, country_of, read_tables, residents_at_first
from experiments.options.settings import Settings, settings_from
from experiments.simulation.progress import progress_of
from scenarios.errors import InputError
from scenarios.homes import read_known_years
from scenarios.known_years import KnownYears
from sim.parameters import Parameters

FITTED_ON, REPORTED_ON = "odd", "even"
SCALE, FINE = 20, 2  # residents per agent of a trial, and of the few that correct for chance in so small places
AT_LEAST = 500
DRAWS, STEPS = 4000, 2000
NEEDED = ("wijk_2017.csv", "2024/gm_wk_bu_2024.csv", "gemeenten_2020.csv", "2024/gm_2023_key_figures.csv")
HOUSEHOLDS_YEAR = 2023  # of the last of these tables
OUTLINES = "wijken_2022.geojson"

SPACE: dict[str, tuple[float, float]] = {
    "destination_own_group": (0.5, 1.5),
    "destination_vacancies": (0.0, 2.0),
    "choice_vacancies": (0.3, 1.0),
    "choice_own_group": (0.7, 1.4),
    "fertility": (0.8, 1.05),
    "emigration_natives": (0.001, 0.004),
    "partnering": (0.06, 0.11),
    "leaving_home": (0.4, 1.0),
    "fertility_local": (0.0, 1.0),
    "choice_dwelling": (0.5, 2.5),
    "choice_dwelling_free": (1.0, 5.0),
}
"""Parameters of moves, births, deaths and households, with the ends of their uniform priors: what is tried."""
NAMES = list(SPACE)
BOUNDS = np.array(list(SPACE.values()), float)

# Compared, and only reported: the mean growth, and the residents of the country.
# low, high, and the distance beyond that counts as one standard deviation (the simulation's chance at one agent per
# `scale` residents included). Differences are simulated minus counted; ratios are simulated over counted.
BANDS: dict[str, tuple[float, float, float]] = {
    "births": (1.0, 1.0, 0.01),
    "deaths": (1.0, 1.0, 0.01),
    "emigration": (1.0, 1.0, 0.01),
    "growth_r": (0.9, 1.0, 0.06),
    "rise_mean": (0.0, 0.0, 0.003),
    "rise_r": (0.9, 1.0, 0.06),
    "rise_slope": (0.0, 0.0, 0.02),
    "rise_error": (0.0, 0.2, 0.06),
    "district_rise_r": (0.9, 1.0, 0.06),
    "district_rise_slope": (0.0, 0.0, 0.02),
    "district_size_r": (-0.03, 0.03, 0.03),
    "segregation": (0.0, 0.0, 0.004),
    "under_15_slope": (0.0, 0.0, 0.05),
    "one_person": (0.0, 0.0, 0.2),
    "with_children": (0.0, 0.0, 0.2),
    "one_person_off": (0.0, 1.0, 0.3),
    "with_children_off": (0.0, 1.0, 0.3),
}


@dataclass(frozen=True)
class Change:
    """The two tables and what was known of the years between them."""

    settings: Settings
    tables: Tables
    known: KnownYears
    households: Figures


def load_change(data: Path, scale: int, threads: int = 1) -> Change:
    """Read the tables of 2017 and 2024 from a folder of public tables.

    Raises
    ------
    InputError
        When the folder lacks a table.
    """
    folder = data / "netherlands"
    for name in NEEDED:
        if not (folder / name).is_file():
            raise InputError(
                f"{folder / name} is missing; data=FOLDER must hold the tables that docs/calibration.md lists"
            )
    first, later, homes, households = (str(folder / name) for name in NEEDED)
    region = {"name": "netherlands", "table": first}
    if (folder / OUTLINES).is_file():
        region["geometry"] = str(folder / OUTLINES)
    settings = settings_from({"region": region, "scale": scale, "threads": threads, "fresh_start": True})
    tables = read_tables(settings, {"later": later, "later_year": None}, None)
    known = read_known_years("history", [homes, later], tables.table, tables.first_year, tables.years)
    return Change(settings, tables, known, read_figures(Path(households), tables.table.municipality_code))


def simulate_change(change: Change, parameters: Parameters, seed: int) -> Simulated:
    """The years between the two tables."""
    options = replace(change.settings.options, seed=seed)
    settings = replace(change.settings, parameters=parameters, options=options)
    return simulate_years(settings, change.tables.table, change.tables.years, change.known, progress_of("none"))


def compared_change(change: Change, seen: Simulated, which: str) -> dict[str, float]:
    """What was simulated beside what was counted, by the names of `BANDS`, over the codes that are odd or even."""
    places = compared_places(change.tables, seen, which, AT_LEAST)
    found = {level: agreement(one, 1) for level, one in places.items()}
    growth, rise = found["municipalities"]["growth"], found["municipalities"]["background"]
    district_growth, district_rise = found["areas"]["growth"], found["areas"]["background"]
    whole = country_of(change.tables, seen)
    return {
        **events_of(whole),
        **households_beside(change, seen, which),
        "growth_mean": difference(growth, "mean"),
        "growth_r": growth["r"]["value"],
        "rise_mean": difference(rise, "mean"),
        "rise_r": rise["r"]["value"],
        "rise_slope": difference(rise, "slope_on_start"),
        "rise_error": rise["rmse"] / rise["rmse_nothing_changes"],
        "district_rise_r": district_rise["r"]["value"],
        "district_rise_slope": difference(district_rise, "slope_on_start"),
        "district_size_r": difference(district_growth, "r_with_start"),
        "segregation": change_of_cities(change.tables, places["areas"]),
        "under_15_slope": difference(found["municipalities"]["age_0_14"], "slope_on_start"),
        "country": whole["difference"],
    }


def difference(found: dict, name: str) -> float:
    """Simulated minus counted."""
    simulated, counted = (found[side][name] for side in ("simulated", "counted"))
    return float(simulated["value"] - counted["value"] if isinstance(simulated, dict) else simulated - counted)


def events_of(whole: dict) -> dict[str, float]:
    """Births, deaths and emigration of the country over the years, simulated over counted."""
    found = {}
    for name in ("births", "deaths", "emigration"):
        simulated, counted = (sum(year[side][name] for year in whole["years"]) for side in ("simulated", "counted"))
        found[name] = simulated / counted
    return found


def households_beside(change: Change, seen: Simulated, which: str) -> dict[str, float]:
    """Percent of one person and with children: of all municipalities, less those counted, and how far each is off."""
    table = change.tables.table
    year = HOUSEHOLDS_YEAR - change.tables.first_year
    found = figures_of(seen.households[year][:, :3], seen.households[year][:, 3], table, change.settings.options.scale)
    chosen = np.array([parity(code) == (which == "odd") for code in table.municipality_code])
    counted, found = change.households.rows(chosen), found.rows(chosen)
    known = np.isfinite(counted.values[:, 0])
    mean, off = found.rows(known).mean() - counted.mean(), deviation(found, counted)
    return {
        f"{name}{kind}": float(values[n])
        for n, name in ((0, "one_person"), (2, "with_children"))
        for kind, values in (("", mean), ("_off", off))
    }


def change_of_cities(tables: Tables, areas: MatchedAreas) -> float:
    """Mean change of dissimilarity within cities, simulated minus counted."""
    rows = cities(areas, residents_at_first(tables))
    return float(np.mean([row["end"] - row["start"] - row["after"] + row["before"] for row in rows]))


@dataclass(frozen=True)
class ChangeStudy:
    """What the change says of the parameters of moves, births and deaths.

    Attributes
    ----------
    emulator : Emulator
    mean : float64 [D]
        Mean of the posterior: the fit.
    draws : float64 [S, D]
        Draws of the posterior.
    trials : int
    """

    emulator: Emulator
    mean: np.ndarray
    draws: np.ndarray
    trials: int

    def fitted(self) -> dict[str, float]:
        """The fit by name."""
        return dict(zip(NAMES, map(float, self.mean), strict=True))


def run_change(
    folder: Path,
    data: Path,
    points: np.ndarray,
    seed: int,
    workers: int = 1,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Simulate the years at points of the space, float64 [N, D]; what is in the folder is not simulated again."""
    values = [dict(zip(NAMES, map(float, point), strict=True)) for point in points]
    run_trials(folder, partial(_simulate, data, SCALE), values, [seed] * len(values), workers=workers, report=report)


def run_finer(folder: Path, data: Path, fit: ChangeStudy, seed: int) -> dict[str, float]:
    """Outputs of a trial with smaller agents at a fit; in the folder it is kept."""
    run_trials(folder, partial(_simulate, data, FINE), [fit.fitted()], [seed])
    _, names, outputs = read_trials(folder)
    return dict(zip(names, map(float, outputs[0]), strict=True))


@cache
def _change(data: Path, scale: int) -> Change:
    """Read once per process."""
    return load_change(data, scale)


def _simulate(data: Path, scale: int, values: dict[str, float], seed: int) -> dict[str, float]:
    known = _change(data, scale)
    return compared_change(known, simulate_change(known, Parameters().changed(**values), seed), FITTED_ON)


def read_change(folder: Path) -> tuple[np.ndarray, list[str], np.ndarray]:
    """All trials of a folder: points, float64 [N, D], names of the outputs, and outputs, float64 [N, O]."""
    values, names, outputs = read_trials(folder)
    return np.array([[each[name] for name in NAMES] for each in values]), names, outputs


def study_change(
    points: np.ndarray, names: list[str], outputs: np.ndarray, seed: int, finer: dict[str, float] | None = None
) -> ChangeStudy:
    """Fit to the trials of a design: float64 [N, D], names of the outputs, float64 [N, O].

    Parameters
    ----------
    finer : dict, optional
        Outputs of a trial with smaller agents at the fit without it. Where an agent stands for many residents, chance
        alone mixes and separates districts; so all outputs are shifted by the difference at that point.
    """
    emulator = fit_emulator(points, names, outputs, BOUNDS)
    if finer is not None:
        at_fit = study_change(points, names, outputs, seed).mean
        shift = np.array([finer[name] for name in names]) - emulator.predict(at_fit[None, :])[0]
        emulator = fit_emulator(points, names, outputs + shift, BOUNDS)
    at = np.array([names.index(name) for name in BANDS])
    bands = np.array(list(BANDS.values()))
    bands[:, 2] = np.sqrt(bands[:, 2] ** 2 + emulator.error[at] ** 2)

    def log_likelihood(chosen: np.ndarray) -> np.ndarray:
        return -0.5 * (beyond_bands(emulator.predict(chosen)[:, at], bands) ** 2).sum(axis=1)

    draws = sample_within(log_likelihood, BOUNDS, DRAWS, seed, STEPS)
    return ChangeStudy(emulator, draws.mean(axis=0), draws, len(points))
