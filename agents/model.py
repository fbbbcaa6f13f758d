"""CohesionModel: the world as a Mesa model, with two drivers that give the same results."""

from functools import cached_property
from typing import Any, Unpack

import mesa
from mesa.agent import AgentSet

from agents.beginning import UNSEEN, Beginning, begin, begin_with, driver_for, years_of
from agents.driver import agent_phases
from agents.figures import MODEL_REPORTERS
from agents.neighbourhood import Neighbourhood
from agents.person import Person
from agents.ranges import check_attributes
from agents.register import Register
from agents.resident import EstablishedResident, Resident, TransientMigrant
from agents.space import PeopledSpace
from agents.surroundings import Surroundings
from scenarios.areas import AreaTable
from scenarios.settling import settle
from sim.machine.threads import ThreadPool
from sim.phases.month import CENSUS, PHASES, Clock, pass_month
from sim.world import World


class CohesionModel(Surroundings):
    """Belonging in neighbourhoods where people come and go.

    A step is a month; `run_model` ends after `years`. Agents are a live view of the engine's table: made when `agents`
    or `residents()` is first asked for, the same object for the same person from then on. Random draws are the
    engine's, keyed by person and month; Mesa's `random` and `rng` are not used, so the order in which agents act
    changes nothing.

    Parameters
    ----------
    world : World, AreaTable, str, list of str, path, or polars or pandas DataFrame
        A world, or what to build one from: the name of a region or several (see `scenarios.regions.region`), a file
        or a frame with a row per area, or a table of areas. A world that has not settled yet (month below 0) is
        settled first, always by compiled code.
    driver : {"compiled", "agents"}, optional
        Whether compiled code simulates the month, or every agent takes its own steps in Python; the result is the same.
        Compiled, unless classes of your own are given.
    table : AreaTable, optional
        Names, origin labels and borders for a given world; not needed otherwise.
    pool : ThreadPool, optional
        Threads of the compiled driver; one by default.
    established, transient : type
        Classes of agents with behaviour of your own, see docs/own_behaviour.md; the `agents` driver asks them.
    model_reporters, agent_reporters : dict, optional
        As for Mesa's DataCollector, which collects at the start and after every `step`.
    rng : int, numpy.random.Generator or None, optional
        Mesa's name for the seed, as `mesa.batch_run` passes it: None takes a random seed.
    seed, scale, years, settling_months, parameters, region_options, policy
        For a region or a table, see `agents.beginning.Beginning`.

    Examples
    --------
    >>> model = CohesionModel("vaals", scale=20)
    >>> model.run_for(12)
    >>> model.agents.select(agent_type=TransientMigrant).agg("belonging", np.mean)
    """

    def __init__(
        self,
        world: Any = "vaals",
        driver: str | None = None,
        *,
        table: AreaTable | None = None,
        pool: ThreadPool | None = None,
        established: type[EstablishedResident] = EstablishedResident,
        transient: type[TransientMigrant] = TransientMigrant,
        model_reporters: dict[str, Any] | None = None,
        agent_reporters: dict[str, Any] | None = None,
        rng: Any = UNSEEN,
        **start: Unpack[Beginning],
    ) -> None:
        driver = driver_for(driver, established is not EstablishedResident or transient is not TransientMigrant)
        pool, self.clock = pool or ThreadPool(1), Clock()
        if isinstance(world, World):
            schedule = begin_with(table, start, rng)
        else:
            table, world, schedule = begin(world, start, rng, pool)
        super().__init__(world, table, pool)
        self.driver, self.schedule, self.horizon = driver, schedule, 12 * years_of(start)
        if world.month < 0:
            settle(world, pool, self.clock)
        self.register = Register(self, established, transient)
        self.phases = PHASES if driver == "compiled" else agent_phases(self.register)
        self.datacollector = mesa.DataCollector(
            model_reporters=MODEL_REPORTERS if model_reporters is None else model_reporters,
            agent_reporters=agent_reporters,
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one month and collect data; after the last month of the years `running` is false."""
        self.pass_month()
        self.datacollector.collect(self)
        if self.month >= self.horizon:
            self.running = False

    def pass_month(self) -> None:
        """Simulate one month without Mesa's clock and data collection.

        Raises
        ------
        sim.checks.ConservationError
            The residents do not add up: a fault of the program.
        """
        if self.driver == "agents":
            self.register.watch(slice(None))
        self.check()
        self.recount()
        if self.schedule is not None:
            self.schedule.begin_month(self.world, self.pool)
        self.passing = True
        try:
            pass_month(self.world, self.pool, self.clock, self.phases)
        finally:
            self.passing = False
        self.new_day()
        self.register.synchronise()

    def recount(self) -> None:
        """Count the residents anew of whom something may have been written, so that nothing counted before is old."""
        if self.register.in_use:
            CENSUS(self.world, self.pool)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be copied or pickled: it holds threads, and memory that compiled code writes in."""
        raise TypeError(
            "a CohesionModel cannot be pickled or copied; make another with the same arguments, or keep its figures "
            "(model.datacollector.get_model_vars_dataframe())"
        )

    @cached_property
    def space(self) -> PeopledSpace:
        """Where residents live, as a space of Mesa, for its SpaceRenderer."""
        return PeopledSpace(self)

    @property
    def may_be_written(self) -> bool:
        """Whether there are agents whose state own code may have changed."""
        return self.register.in_use

    def check(self) -> None:
        """Check what was written into residents since the engine last did.

        Raises
        ------
        InputError
            A value out of range: class of the agent, attribute, value, month and allowed range.
        """
        if self.register.in_use:
            check_attributes(self.world, self.register.by_row)

    @property
    def agents(self) -> Any:
        """All residents as agents."""
        self.register.watch(slice(None))
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """All residents by class of agent."""
        self.register.watch(slice(None))
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Classes of the agents that exist."""
        self.register.watch(slice(None))
        return super().agent_types

    def residents(self, neighbourhood: Neighbourhood | str | None = None) -> AgentSet[Resident]:
        """Residents as agents: of one neighbourhood (only these are made), or all.

        Raises
        ------
        InputError
            No neighbourhood has this code.
        """
        if neighbourhood is None:
            return AgentSet(list(self.agents), random=self.random)
        neighbourhood = self.neighbourhood(neighbourhood) if isinstance(neighbourhood, str) else neighbourhood
        self.register.watch([neighbourhood.index])
        rows = range(neighbourhood.first, neighbourhood.first + int(self.world.stocks.opened[neighbourhood.index]))
        by_row = self.register.by_row
        return AgentSet([by_row[row] for row in rows if row in by_row], random=self.random)

    def resident_at(self, row: int) -> Person:
        """The agent of the person who lives in a row of the table."""
        if row not in self.register.by_row:
            self.register.watch(self.register.areas_of([row]))
        return self.register.by_row[row]
