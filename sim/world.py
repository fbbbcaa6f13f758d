"""A world: places, people, parameters and the month it is; what the engine passes months over."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.conditions import Conditions, today
from sim.machine.draws import seed_key
from sim.neighbourhoods import Flows, Municipalities, Places, Stocks, empty_flows, empty_stocks
from sim.parameters import Parameters, coefficients
from sim.phases.life_events import Weights, weights_of
from sim.phases.rates import Rates, empty_rates
from sim.phases.update_residents import BLOCK
from sim.phases.vacancy_allocation import Vacancies
from sim.population import Population
from sim.rates_by_age import Tables, rate_tables


@dataclass
class World:
    """Everything a run needs, and all of its state.

    Attributes
    ----------
    places, municipalities : fixed properties
    population, stocks : the state
    parameters : sim.parameters.Parameters
    seed : int
    month : int
        Months completed since the start; negative while settling.
    conditions : Conditions
        Levers in force this month; today's unless a policy changes them.
    """

    places: Places
    municipalities: Municipalities
    population: Population
    parameters: Parameters
    seed: int
    stocks: Stocks = field(default=None)  # type: ignore[assignment]
    month: int = 0
    conditions: Conditions = field(default=None)  # type: ignore[assignment]
    flows: Flows = field(default=None)  # type: ignore[assignment]
    rates: Rates = field(default=None)  # type: ignore[assignment]
    movers: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # who wants to move, per neighbourhood
    vacancies: Vacancies = field(default=None)  # type: ignore[assignment]  # places to let in the month that passes

    def __post_init__(self) -> None:
        areas, towns = len(self.places.key), len(self.municipalities.key)
        if self.stocks is None:
            self.stocks = empty_stocks(self.places, self.municipalities)
        if self.conditions is None:
            self.conditions = today(areas, towns)
        if self.flows is None:
            self.flows = empty_flows(areas)
        if self.rates is None:
            self.rates = empty_rates(areas, self.stocks.people.shape[1], towns)
        self.set_parameters(self.parameters)

    def set_parameters(self, parameters: Parameters) -> None:
        """Use these parameters from the next month on."""
        self.parameters = parameters
        self.coefficients: Any = coefficients(parameters)
        self.tables: Tables = rate_tables(parameters.mortality, parameters.fertility, parameters.job_finding_asylum)
        self.weights: Weights = weights_of(self.stocks.people.shape[1], self.coefficients)
        self.stay = np.array(
            [
                getattr(parameters, f"stay_{m}")
                for m in ("labour_eu", "knowledge", "study", "family", "asylum", "other_eu")
            ],
            np.float32,
        )
        self.key = seed_key(self.seed)

    @property
    def areas(self) -> int:
        """Number of neighbourhoods."""
        return len(self.places.key)

    @property
    def residents(self) -> int:
        """Number of agents."""
        return int(self.stocks.people.sum())

    @property
    def block_rows(self) -> np.ndarray:
        """Rows of each block that hold people or vacancies, int64 [blocks]: full ones, and a rest per neighbourhood."""
        opened = self.stocks.opened
        blocks = (opened + BLOCK - 1) // BLOCK
        rows = np.full(blocks.sum(), BLOCK)
        last = np.cumsum(blocks) - 1
        rows[last[blocks > 0]] = (opened - (blocks - 1) * BLOCK)[blocks > 0]
        return rows
