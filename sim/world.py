"""A world: neighbourhoods, people, parameters and month, which the engine simulates."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.beneficiaries import Beneficiaries, no_beneficiaries
from sim.compiling import compile_missing
from sim.conditions import Conditions, baseline_conditions
from sim.machine.draws import seed_key
from sim.machine.struct import State
from sim.neighbourhoods import Flows, Municipalities, Neighbourhoods, Stocks, empty_flows, empty_stocks
from sim.observations import Observations, empty_observations
from sim.parameters import Parameters, coefficients
from sim.population import Population, vacant_population
from sim.rates import Rates, empty_rates
from sim.rates_by_age import RatesByAge, rate_tables
from sim.state import FacilityShares, MotiveRates, Run, facility_shares, motive_rates, new_state
from sim.workspace import Moves, no_moves, work_for


@dataclass
class World:
    """Everything a run needs, and all of its state.

    Attributes
    ----------
    neighbourhoods, municipalities : fixed properties
    population, stocks : the state
    parameters : sim.parameters.Parameters
    seed : int
    month : int
        Months completed since the start; negative while settling.
    conditions : Conditions
        Levers in force this month; the baseline's unless a policy changes them.
    ties_at_once : bool
        Whether neighbourhoods form their ties while they are in the cache (see `update_residents`); no result depends
        on it.
    """

    neighbourhoods: Neighbourhoods
    municipalities: Municipalities
    population: Population
    parameters: Parameters
    seed: int
    stocks: Stocks = field(default=None)  # type: ignore[assignment]
    month: int = 0
    conditions: Conditions = field(default=None)  # type: ignore[assignment]
    flows: Flows = field(default=None)  # type: ignore[assignment]
    rates: Rates = field(default=None)  # type: ignore[assignment]
    ties_at_once: bool = True

    def __post_init__(self) -> None:
        areas, municipalities = len(self.neighbourhoods.key), len(self.municipalities.key)
        if self.stocks is None:
            self.stocks = empty_stocks(self.neighbourhoods, self.municipalities)
        if self.conditions is None:
            self.conditions = baseline_conditions(areas, municipalities)
        if self.flows is None:
            self.flows = empty_flows(areas)
        if self.rates is None:
            self.rates = empty_rates(areas, self.stocks.people.shape[1], municipalities)
        self._derived_from: Parameters | None = None
        self.set_parameters(self.parameters)
        self.observed: Observations = empty_observations(areas)
        self.served: Beneficiaries = no_beneficiaries(areas)
        self.before, self.fault = np.zeros(areas, np.int64), np.zeros(2, np.int64)
        self.updated = np.zeros(areas, np.int64)
        self._month = np.zeros(1, np.int64)
        self._state: State | None = None
        self._run: tuple[np.uint64, bool] | None = None
        self._workers = 0

    def set_parameters(self, parameters: Parameters) -> None:
        """Use these parameters, and the seed that the world has, from the next month on."""
        self.key = seed_key(self.seed)
        if parameters is self._derived_from:
            return
        self.parameters = self._derived_from = parameters
        self.coefficients: Any = coefficients(parameters)
        self.tables: RatesByAge = rate_tables(
            parameters.mortality, parameters.fertility, parameters.job_finding_asylum, parameters.households >= 0.5
        )
        self.motive_rates: MotiveRates = motive_rates(parameters)
        self.facility_shares: FacilityShares = facility_shares(parameters)

    def state(self, workers: int = 1) -> State:
        """The world as compiled functions take it, with scratch for so many workers; it points at the present arrays.

        A group of arrays that was replaced (the levers of another month, say) is set at the next call.
        """
        if self._state is None or workers > self._workers:
            compile_missing()
            self._state, self._workers, self._run = new_state(), workers, None
            self._state.put("work", work_for(workers))
            groups, rows = self.stocks.people.shape[1], len(self.population.serial)
            self._state.put("moves", no_moves(self.areas, len(self.municipalities.key), groups, rows))
        state = self._state
        state.put("population", self.population)
        state.put("neighbourhoods", self.neighbourhoods)
        state.put("municipalities", self.municipalities)
        state.put("stocks", self.stocks)
        state.put("flows", self.flows)
        state.put("rates", self.rates)
        state.put("conditions", self.conditions)
        state.put("ages", self.tables)
        state.put("motives", self.motive_rates)
        state.put("facilities", self.facility_shares)
        state.put("observed", self.observed)
        state.put("served", self.served)
        state.put("c", self.coefficients)
        if self._run != (self.key, self.ties_at_once):
            self._run = self.key, self.ties_at_once
            ties_at_once = np.uint8(self.ties_at_once)
            state.put("run", Run(self.key, ties_at_once, self._month, self.before, self.updated, self.fault))
        self._month[0] = self.month
        return state

    def __getstate__(self) -> dict[str, Any]:
        """The state for a copy, without the table of addresses, which points at this world's arrays."""
        return self.__dict__ | {"_state": None}

    def copy(self) -> "World":
        """A separate world that goes on from here: what does not change in a run is shared with it."""
        stocks = Stocks(*(array.copy() for array in self.stocks))
        people = vacant_population(len(self.population.serial))
        copied = World(self.neighbourhoods, self.municipalities, people, self.parameters, self.seed, stocks)
        copied.take_over(self)
        return copied

    def take_over(self, other: "World", seed: int | None = None, parameters: Parameters | None = None) -> None:
        """Become what another world with as many rows and neighbourhoods is, in the memory that this one has.

        Parameters
        ----------
        seed, parameters : optional
            Those from here on; by default those of the other world.
        """
        for own, given in ((self.population, other.population), (self.stocks, other.stocks)):
            for array, source in zip(own, given, strict=True):
                np.copyto(array, source)
        self.neighbourhoods, self.municipalities = other.neighbourhoods, other.municipalities
        self.month, self.conditions, self.ties_at_once = other.month, other.conditions, other.ties_at_once
        self.seed = other.seed if seed is None else seed
        self.set_parameters(parameters or other.parameters)

    def forget_people(self) -> None:
        """Free the memory of the people and of the months' scratch; what was counted of them remains."""
        self.population = vacant_population(0)
        self._state = None

    @property
    def moves(self) -> Moves:
        """Scratch of the month's moves."""
        return self.state().held["moves"]

    @property
    def areas(self) -> int:
        """Number of neighbourhoods."""
        return len(self.neighbourhoods.key)

    @property
    def residents(self) -> int:
        """Number of agents."""
        return int(self.stocks.people.sum())
