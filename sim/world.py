"""A world: places, people, parameters and the month it is; what the engine passes months over."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from sim.conditions import Conditions, today
from sim.draws import seed_key
from sim.events import Weights, weights_of
from sim.letting import Vacancies
from sim.living import BLOCK
from sim.parameters import Parameters, coefficients
from sim.places import Flows, Municipalities, Places, Stocks, empty_flows, empty_stocks
from sim.population import Population
from sim.rates import Rates, empty_rates
from sim.tables import Tables, rate_tables


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


class Crew:
    """Threads that share the rows or neighbourhoods of a phase; one thread calls directly.

    Parameters
    ----------
    threads : int
        0 takes one per processor.
    """

    def __init__(self, threads: int = 0) -> None:
        self.threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or 1
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def share(self, function, bounds, *arguments) -> None:
        """Call function(low, high, *arguments) for each pair of neighbouring bounds."""
        if self.pool is None or len(bounds) == 2:
            function(bounds[0], bounds[-1], *arguments)
            return
        waiting = [self.pool.submit(function, low, high, *arguments) for low, high in pairwise(bounds) if high > low]
        for future in waiting:
            future.result()

    def evenly(self, count: int) -> list[int]:
        """Bounds that divide `count` things evenly."""
        return [count * part // self.threads for part in range(self.threads + 1)]

    def by_weight(self, weights: np.ndarray) -> list[int]:
        """Bounds that divide things so that their weights are about equal."""
        reached = np.concatenate(([0], np.cumsum(weights)))
        goals = [reached[-1] * part / self.threads for part in range(self.threads + 1)]
        return [int(np.searchsorted(reached, goal)) for goal in goals[:-1]] + [len(weights)]
