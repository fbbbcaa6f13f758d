"""Known or assumed figures of the years of a run: arrivals from abroad by motive, and homes built by neighbourhood.

Without them every year has the arrivals of the rates (2018) and all neighbourhoods build alike. They multiply what the
levers set, so that a policy has the same meaning with any history.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from scenarios.arrivals import national_rates
from scenarios.errors import InputError
from scenarios.origins import MOTIVES
from scenarios.yaml_files import parse_yaml
from sim.conditions import Conditions
from sim.parameters import Parameters

SCENARIOS = ("low", "middle", "high")
RATES_YEAR = 2017
"""The national rates by motive are of its residents, see `scenarios.arrivals`."""


@dataclass(frozen=True, eq=False)
class KnownYears:
    """Multiples of the baseline's arrivals and building in each year of a run; the last year's hold from then on.

    Attributes
    ----------
    arrivals : float32 [Y, 6] or None
        Times the arrivals of the rates, by year and motive.
    building : float32 [Y, J] or None
        Times the parameter `building`, by year and neighbourhood.
    """

    arrivals: np.ndarray | None = None
    building: np.ndarray | None = None

    def applied(self, conditions: Conditions, month: int) -> Conditions:
        """The levers in force, times the figures of the year to which the month belongs."""
        year = month // 12
        if self.arrivals is not None:
            known = self.arrivals[min(year, len(self.arrivals) - 1)]
            conditions = conditions._replace(arrivals=conditions.arrivals * known)
        if self.building is not None:
            known = self.building[min(year, len(self.building) - 1)]
            conditions = conditions._replace(building=conditions.building * known)
        return conditions

    def most_building(self) -> np.ndarray | float:
        """The largest multiple of the parameter `building` in any year, per neighbourhood."""
        return 1.0 if self.building is None else np.maximum(self.building.max(axis=0), 1.0)


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


def known_building(growth: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Building over the parameter `building`, float32 [Y, J].

    Parameters
    ----------
    growth : float64 [Y, J]
        Homes added per year over those at the start, nan where unknown; homes lost count as none built.
    """
    if not parameters.building > 0:
        raise InputError("homes built are known as a multiple of parameters.building, which is 0 (allowed: over 0)")
    times = np.maximum(growth, 0) / parameters.building
    return np.where(np.isnan(growth), 1.0, times).round(6).astype(np.float32)
