"""Kinds of households of municipalities, simulated beside those that a table counted."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.areas import AreaTable
from scenarios.household_figures import dwelling_kinds
from scenarios.tables import read_table

LABELS = ("one person", "others without children", "with children", "people per household")
# Columns of CBS key figures: percent of households by kind, mean size, number.
COLUMNS = ("P_EENP_HH", "P_HH_Z_K", "P_HH_M_K", "GEM_HH_GR", "AANTAL_HH")
CODE = "GM_CODE"
AT_LEAST = 5000  # households of a municipality from which its shares are compared


@dataclass(frozen=True)
class Figures:
    """Of K municipalities: percent of households by kind and mean size, float64 [K, 4], and households, float64 [K].

    nan where a municipality is unknown.
    """

    values: np.ndarray
    households: np.ndarray

    def mean(self) -> np.ndarray:
        """Of all known together, float64 [4]."""
        known = np.isfinite(self.values).all(axis=1) & (self.households > 0)
        return np.average(self.values[known], axis=0, weights=self.households[known])

    def rows(self, which: np.ndarray) -> "Figures":
        """Some of the municipalities."""
        return Figures(self.values[which], self.households[which])


def figures_of(kinds: np.ndarray, people: np.ndarray, table: AreaTable, scale: int = 1) -> Figures:
    """Figures of municipalities from households by kind, [J, 3], and residents, [J], of their neighbourhoods."""
    places = len(table.municipality_code)
    total = np.zeros((places, kinds.shape[1]))
    np.add.at(total, table.municipality, kinds)
    households = total.sum(axis=1)
    size = np.bincount(table.municipality, people, places) / np.maximum(households, 1)
    return Figures(np.c_[100 * total / np.maximum(households, 1)[:, None], size], households * scale)


def figures_of_table(table: AreaTable) -> Figures:
    """Figures of the table with which a simulation begins."""
    households = table.residents / np.maximum(table.household_size, 1)
    return figures_of(dwelling_kinds(table) * households[:, None], table.residents, table)


def read_figures(path: Path, codes: list[str]) -> Figures:
    """Figures of municipalities with these codes from a table of CBS key figures; nan where one is not in it.

    Raises
    ------
    InputError
        The table lacks a column.
    """
    table = read_table(path)
    table.need(CODE, *COLUMNS)
    at = {code: row for row, code in enumerate(table.text(CODE))}
    columns = np.stack([table.numbers(name) for name in COLUMNS], axis=1)
    found = np.array([columns[at[code]] if code in at else np.full(len(COLUMNS), np.nan) for code in codes])
    return Figures(found[:, :4], found[:, 4])


def deviation(found: Figures, counted: Figures) -> np.ndarray:
    """Mean absolute difference over the municipalities that are known and large enough, float64 [4]."""
    known = np.isfinite(counted.values).all(axis=1) & (found.households >= AT_LEAST)
    return np.abs(found.values - counted.values)[known].mean(axis=0)
