"""CohesionModel: the world as a Mesa model, with two drivers of one and the same month."""

from bisect import bisect_right
from functools import cached_property
from typing import Any

import mesa
from mesa.agent import AgentSet

from agents.driver import agent_phases
from agents.figures import MODEL_REPORTERS, Figures
from agents.lookups import Today
from agents.lookups import today as look_up
from agents.neighbourhood import Neighbourhood
from agents.person import Person
from agents.register import Register
from agents.resident import EstablishedResident, Resident, TransientMigrant
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.errors import InputError
from scenarios.region import load_region
from scenarios.settling import settle
from scenarios.start_cache import settled_start
from sim.machine.threads import ThreadPool
from sim.month import PHASES, Clock, pass_month
from sim.parameters import Parameters
from sim.phases.home_choice import OUTSIDE
from sim.world import World

DRIVERS = ("compiled", "agents")


class CohesionModel(Figures, mesa.Model):
    """Belonging in neighbourhoods where people come and go.

    A step is a month. Agents are a live view of the engine's table: made when `agents` or `residents()` is first asked
    for, the same object for the same person from then on. Random draws are the engine's, keyed by person and month;
    Mesa's `random` and `rng` are not used, so the order in which agents act changes nothing.

    Parameters
    ----------
    world : World, AreaTable or str
        A world, a table of areas to build one from, or the name of a region (see `scenarios.region`). A world that has
        not settled yet (month below 0) is settled first, always by compiled code.
    driver : {"compiled", "agents"}
        Whether compiled code passes the month, or every agent takes its own steps in Python; the result is the same.
    table : AreaTable, optional
        Names, origin labels and borders for a world handed over; not needed otherwise.
    pool : ThreadPool, optional
        Threads of the compiled driver; one by default.
    established, transient : type
        Classes of agents with behaviour of your own, see docs/own_behaviour.md; they matter to the `agents` driver.
    model_reporters, agent_reporters : dict, optional
        As for Mesa's DataCollector, which collects at the start and after every `step`.
    seed, scale, years, settling_months, parameters
        For a region or a table, see `scenarios.building.BuildOptions`.
    region_options
        For a region, e.g. ``table=`` and ``codes=``; see `scenarios.region.load_region`.

    Examples
    --------
    >>> model = CohesionModel("vaals", scale=20)
    >>> model.run_for(12)
    >>> model.agents.select(agent_type=TransientMigrant).agg("belonging", np.mean)
    """

    def __init__(
        self,
        world: World | AreaTable | str = "vaals",
        driver: str = "compiled",
        *,
        table: AreaTable | None = None,
        pool: ThreadPool | None = None,
        established: type[EstablishedResident] = EstablishedResident,
        transient: type[TransientMigrant] = TransientMigrant,
        model_reporters: dict[str, Any] | None = None,
        agent_reporters: dict[str, Any] | None = None,
        seed: int = 1,
        scale: int = 1,
        years: int = 10,
        settling_months: int = 60,
        parameters: Parameters | None = None,
        region_options: dict[str, Any] | None = None,
    ) -> None:
        if driver not in DRIVERS:
            raise InputError(f"driver={driver!r} is not known; allowed is {' or '.join(DRIVERS)}")
        self.pool, self.clock = pool or ThreadPool(1), Clock()
        if isinstance(world, str):
            world = load_region(world, **(region_options or {}))
        if isinstance(world, AreaTable):
            table = world
            options = BuildOptions(seed=seed, scale=scale, years=years, settling_months=settling_months)
            world = settled_start(table, parameters or Parameters(), options, self.pool)
        self.world, self.table, self.driver = world, table, driver
        super().__init__(rng=world.seed % (1 << 32))
        if world.month < 0:
            settle(world, self.pool, self.clock)
        self.neighbourhoods = name_neighbourhoods(self, world, table)
        self.origin_labels = origin_labels(world, table)
        self.register = Register(self, established, transient)
        self.phases = PHASES if driver == "compiled" else agent_phases(self)
        self.datacollector = mesa.DataCollector(
            model_reporters=MODEL_REPORTERS if model_reporters is None else model_reporters,
            agent_reporters=agent_reporters,
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Pass one month and collect data."""
        self.pass_month()
        self.datacollector.collect(self)

    def pass_month(self) -> None:
        """Pass one month without Mesa's clock and data collection.

        Raises
        ------
        sim.checks.ConservationError
            People were lost: a fault of the program.
        """
        if self.driver == "agents":
            self.register.watch(slice(None))
        pass_month(self.world, self.pool, self.clock, self.phases)
        self.new_day()
        self.register.synchronise()

    @property
    def month(self) -> int:
        """Months passed since the start of the run."""
        return self.world.month

    @cached_property
    def today(self) -> Today:
        """What agents can look up this month; kept until the month is over."""
        for place in self.neighbourhoods:
            place.refresh(self.world)
        return look_up(self.world)

    def new_day(self) -> None:
        """Let agents look up anew."""
        self.__dict__.pop("today", None)

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

    def residents(self, place: Neighbourhood | str | None = None) -> AgentSet[Resident]:
        """Residents as agents: of one neighbourhood (only these are made), or all.

        Raises
        ------
        InputError
            No neighbourhood has this code.
        """
        if place is None:
            return AgentSet(list(self.agents), random=self.random)
        place = self.neighbourhood(place) if isinstance(place, str) else place
        self.register.watch([place.index])
        rows = range(place.first, place.first + int(self.world.stocks.opened[place.index]))
        by_row = self.register.by_row
        return AgentSet([by_row[row] for row in rows if row in by_row], random=self.random)

    def resident_at(self, row: int) -> Person:
        """The agent of the person who lives in a row of the table."""
        if row not in self.register.by_row:
            self.register.watch(self.register.areas_of([row]))
        return self.register.by_row[row]

    def neighbourhood(self, code: str) -> Neighbourhood:
        """The neighbourhood with this code."""
        for place in self.neighbourhoods:
            if place.code == code:
                return place
        raise InputError(f"no neighbourhood has the code {code!r}")

    def neighbourhoods_of(self, town: int) -> list[Neighbourhood]:
        """Neighbourhoods of a municipality, in the order in which movers consider them."""
        towns = self.world.municipalities
        members = towns.member[towns.member_first[town] : towns.member_first[town + 1]]
        return [self.neighbourhoods[j] for j in members.tolist()]

    def destination_town(self, town: int, luck: float) -> int:
        """The municipality someone goes to who leaves this one; -1 is one that is not simulated."""
        towns = self.world.municipalities
        at = bisect_right(towns.destination_chance[town].tolist(), luck)
        return int(towns.destination[town, at] if at < towns.destination.shape[1] else OUTSIDE)


def name_neighbourhoods(model: CohesionModel, world: World, table: AreaTable | None) -> list[Neighbourhood]:
    """The neighbourhoods of a world, numbered where no table gives their names."""
    if table is not None and len(table) != world.areas:
        raise InputError(f"the table has {len(table)} areas and the world {world.areas}")
    codes = table.code if table else [str(j) for j in range(world.areas)]
    names = table.name if table else [f"Area {j}" for j in range(world.areas)]
    return [Neighbourhood(model, j, code, name) for j, (code, name) in enumerate(zip(codes, names, strict=True))]


def origin_labels(world: World, table: AreaTable | None) -> list[str]:
    """Labels of the origin groups, numbered where no table gives them."""
    groups = world.stocks.people.shape[1]
    return table.scheme.labels() if table else [f"group {g}" for g in range(groups)]
