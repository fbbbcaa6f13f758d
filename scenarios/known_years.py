"""Known or assumed figures of the years of a run: arrivals from abroad by motive, and homes built by neighbourhood.

Without them every year has the arrivals of the rates (2018) and all neighbourhoods build alike. They multiply what the
levers set, so that a policy has the same meaning with any history.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from scenarios.areas import AreaTable
from scenarios.arrivals import national_rates
from scenarios.errors import InputError
from scenarios.origins import MOTIVES
from scenarios.yaml_files import parse_yaml
from sim.conditions import Conditions

SCENARIOS = ("low", "middle", "high")
RATES_YEAR = 2017
"""The national rates by motive are of its residents, see `scenarios.arrivals`."""


@dataclass(frozen=True, eq=False)
class KnownYears:
    """Arrivals and homes built in each year of a run; the last year's hold from then on.

    Attributes
    ----------
    arrivals : float32 [Y, 6] or None
        Times the arrivals of the rates, by year and motive.
    homes : float64 [Y, J] or None
        Homes added per year over those at the start, by year and neighbourhood; nan where unknown: then as many as the
        parameter `building` says. Homes lost count as none built.
    first_year : int or None
        The year in which the run begins, where the arrivals of the years before it are known too.
    """

    arrivals: np.ndarray | None = None
    homes: np.ndarray | None = None
    first_year: int | None = None

    @classmethod
    def of_table(cls, table: AreaTable) -> "KnownYears | None":
        """What a table says of the years of a run; None where it says nothing."""
        homes = table.homes_known()
        if homes is None and table.arrivals_by_year is None:
            return None
        return cls(table.arrivals_by_year, homes, table.first_year)

    def year(self, month: int) -> int:
        """The first of the years with the same known values that a month (completed ones) lies in, from 0."""
        years = max(len(known) for known in (self.arrivals, self.homes, [None]) if known is not None)
        return min(month // 12, years - 1)

    def applied(self, conditions: Conditions, month: int, building: float) -> Conditions:
        """The levers in force, times what is known of the year that this month (completed ones) lies in.

        Parameters
        ----------
        building : float
            The model's parameter, which levers are multiples of.
        """
        year = self.year(month)
        if self.arrivals is not None:
            known = self.arrivals[min(year, len(self.arrivals) - 1)]
            conditions = conditions._replace(arrivals=conditions.arrivals * known)
        if self.homes is not None:
            if not building > 0:
                raise InputError("homes built are known as a multiple of parameters.building, which is 0")
            growth = self.homes[min(year, len(self.homes) - 1)]
            times = np.where(np.isnan(growth), 1.0, np.maximum(growth, 0) / building).round(6).astype(np.float32)
            conditions = conditions._replace(building=conditions.building * times)
        return conditions

    def most_homes(self) -> np.ndarray | float:
        """The most homes added in any year over those at the start, per neighbourhood; 0 where unknown."""
        return 0.0 if self.homes is None else np.nan_to_num(self.homes).max(axis=0).clip(0)


@cache
def country() -> dict[str, Any]:
    """The figures of ``conf/country.yaml``."""
    text = resources.files("conf").joinpath("country.yaml").read_text(encoding="utf-8")
    return parse_yaml(text, "country.yaml")


def national_arrivals(year: int, scenario: str | None = None) -> np.ndarray:
    """Arrivals in the country in a year by motive, float64 [6]: as counted, else those of the scenario.

    Parameters
    ----------
    scenario : {"low", "middle", "high"}, optional
        Needed for years without figures.
    """
    figures = country()
    counted = figures["arrivals"].get(year)
    if counted is not None:
        displaced = {figures["ukraine_as"]: counted["ukraine"]}
        return np.array([counted[motive] + displaced.get(motive, 0) for motive in MOTIVES], float)
    if scenario is None:
        raise LookupError(f"no arrivals are known of {year}")
    return figures["scenarios"][scenario]["arrivals"] * np.array([figures["scenario_motives"][m] for m in MOTIVES])


def known_arrivals(name: str, first_year: int, years: int) -> np.ndarray:
    """Arrivals over those of the rates, float32 [Y, 6], of the years from `first_year` on.

    Parameters
    ----------
    name : {"history", "low", "middle", "high"}
        History holds its last year from then on; the scenarios follow history.

    Raises
    ------
    InputError
        Another name, or a first year before the figures begin.
    """
    if name not in ("history", *SCENARIOS):
        raise InputError(f"arrivals={name} is not allowed; allowed is none, history, {', '.join(SCENARIOS)}")
    figures = country()["arrivals"]
    if first_year < min(figures):
        raise InputError(f"arrivals={name} begins in {min(figures)}; the run begins in {first_year}")
    usual = national_rates() * country()["population"][RATES_YEAR]["residents"]
    scenario, rows = None if name == "history" else name, []
    for year in range(first_year, first_year + years):
        rows.append(national_arrivals(year if scenario else min(year, max(figures)), scenario) / usual)
    return np.array(rows).round(6).astype(np.float32)


def arrivals_before(first_year: int) -> np.ndarray:
    """All arrivals in each of the five years before a year over those of the rates, the latest first, float64 [5].

    A year before the figures begin counts as their first, one after their end as their last.
    """
    figures = country()
    totals = figures["arrivals_before"] | {year: row["total"] for year, row in figures["arrivals"].items()}
    usual = national_rates().sum() * figures["population"][RATES_YEAR]["residents"]
    years = (min(max(first_year - n, min(totals)), max(totals)) for n in range(1, 6))
    return np.array([totals[year] for year in years]) / usual
