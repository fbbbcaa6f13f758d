"""Households of the country beside those counted: at the start from the table, seven years later beside another year.

    .venv/bin/python -m tests.tools.household_campaign TABLE LATER [SCALE [YEARS [parameters.NAME=VALUE ...]]]

`TABLE` is one of CBS by wijk (2017), `LATER` its key figures by municipality with households (2023). Prints the table
of docs/measured/households.md.
"""

import csv
import sys
from dataclasses import dataclass

import numpy as np

from scenarios.areas import AreaTable
from scenarios.building import BuildOptions, build_world
from scenarios.households import dwelling_kinds
from scenarios.region import load_region
from scenarios.settling import settle
from sim.household_kinds import KINDS, count_households
from sim.machine.threads import ThreadPool
from sim.month import Clock, pass_month
from sim.parameters import Parameters
from sim.world import World
from tests.tools.states import minors_without_adult

LABELS = ("one person", "others without children", "with children", "people per household")
LATER_COLUMNS = ("P_EENP_HH", "P_HH_Z_K", "P_HH_M_K", "GEM_HH_GR")
LEAST_AGENTS = 500  # households of a municipality from which its shares are compared


@dataclass(frozen=True)
class Figures:
    """Of K municipalities: percent of households by kind and mean size, float64 [K, 4], and households, float64 [K]."""

    values: np.ndarray
    households: np.ndarray

    def mean(self) -> np.ndarray:
        """Of all together, float64 [4]."""
        size = (self.values[:, 3] * self.households).sum() / self.households.sum()
        return np.r_[np.average(self.values[:, :3], axis=0, weights=self.households), size]


def simulated(world: World, table: AreaTable) -> Figures:
    """What a world holds."""
    counted, places = count_households(world), len(table.municipality_code)
    kinds = np.zeros((places, len(KINDS)))
    np.add.at(kinds, table.municipality, counted.kinds)
    households = kinds.sum(axis=1)
    people = np.bincount(table.municipality, counted.people, places)
    shares = np.stack((kinds[:, 0], kinds[:, 1] + kinds[:, 4], kinds[:, 2] + kinds[:, 3]), axis=1)
    return Figures(np.c_[100 * shares / households[:, None], people / households], households)


def counted_at_start(table: AreaTable) -> Figures:
    """What the table says."""
    homes, places = table.residents / table.household_size, len(table.municipality_code)
    households = np.bincount(table.municipality, homes, places)
    kinds = np.zeros((places, 3))
    np.add.at(kinds, table.municipality, dwelling_kinds(table) * homes[:, None])
    size = np.bincount(table.municipality, table.residents, places) / households
    return Figures(np.c_[100 * kinds / households[:, None], size], households)


def counted_later(path: str, table: AreaTable) -> Figures:
    """What the key figures say; nan where a municipality is not among them."""
    with open(path, encoding="utf-8") as file:
        rows = {row["GM_CODE"]: row for row in csv.DictReader(file)}
    nothing = dict.fromkeys((*LATER_COLUMNS, "AANTAL_HH"), "nan")
    found = [rows.get(code, nothing) for code in table.municipality_code]
    return Figures(
        np.array([[float(row[name]) for name in LATER_COLUMNS] for row in found]),
        np.array([float(row["AANTAL_HH"]) for row in found]),
    )


def compare(title: str, found: Figures, wanted: Figures) -> None:
    """Print a row per figure: of all, and of municipalities."""
    known = np.isfinite(wanted.values).all(axis=1) & (found.households >= LEAST_AGENTS)
    means, targets = found.mean(), Figures(wanted.values[known], wanted.households[known]).mean()
    targets = wanted.mean() if np.isfinite(wanted.values).all() else targets
    for n, label in enumerate(LABELS):
        a, b = found.values[known, n], wanted.values[known, n]
        digits = 3 if n == 3 else 1
        print(
            f"| {title} | {label} | {targets[n]:.{digits}f} | {means[n]:.{digits}f} | "
            f"{np.abs(a - b).mean():.{digits}f} | {np.corrcoef(a, b)[0, 1]:.2f} | {known.sum()} |"
        )


def main(arguments: list[str]) -> None:
    """Print the comparison."""
    table_path, later_path, *rest = arguments
    numbers = [int(word) for word in rest if "=" not in word]
    scale, years = (numbers + [10, 7][len(numbers) :])[:2]
    changed = {
        name.removeprefix("parameters."): float(value) for name, value in (w.split("=") for w in rest if "=" in w)
    }
    table, pool, clock = load_region("netherlands", table=table_path), ThreadPool(2), Clock()
    parameters = Parameters().changed(**({"households": 1.0} | changed))
    world = settle(build_world(table, parameters, BuildOptions(1, scale, years, settling_months=12), pool), pool)
    print("| when | figure | counted | simulated | mean deviation of municipalities | r | municipalities |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    at_start, alone = simulated(world, table), minors_without_adult(world)
    compare("start", at_start, counted_at_start(table))
    for _ in range(12 * years):
        pass_month(world, pool, clock)
    later = counted_later(later_path, table)
    compare(f"{years} years later", simulated(world, table), later)
    compare("if nothing changed", at_start, later)
    print(f"\nHouseholds without an adult: {alone} at the start, {minors_without_adult(world)} at the end.")


if __name__ == "__main__":
    main(sys.argv[1:])
