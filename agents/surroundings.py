"""The part of the model that residents see: their world, its neighbourhoods, and this month's look-ups."""

from bisect import bisect_right
from functools import cached_property
from typing import Any

import mesa

from agents.figures import Figures
from agents.lookups import Lookups, look_up
from agents.neighbourhood import Neighbourhood
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from sim.machine.threads import ThreadPool
from sim.phases.home_choice import OUTSIDE
from sim.population import Population
from sim.world import World


class Surroundings(Figures, mesa.Model):
    """A Mesa model as its agents see it; `agents.model.CohesionModel` adds the agents and the month.

    Parameters
    ----------
    world : World
    table : AreaTable or None
        Names, origin labels and borders; numbered where there is none.
    pool : ThreadPool
        Threads with which figures are counted.

    Raises
    ------
    InputError
        The table is of another number of areas.
    """

    def __init__(self, world: World, table: AreaTable | None, pool: ThreadPool) -> None:
        super().__init__(rng=world.seed % (1 << 32))
        if table is not None and len(table) != world.areas:
            raise InputError(f"the table has {len(table)} areas and the world {world.areas}")
        self.world, self.table, self.pool = world, table, pool
        codes = table.code if table else [str(j) for j in range(world.areas)]
        names = table.name if table else [f"Area {j}" for j in range(world.areas)]
        self.neighbourhoods = [
            Neighbourhood(world, self.residents, j, code, name)
            for j, (code, name) in enumerate(zip(codes, names, strict=True))
        ]
        groups = world.stocks.people.shape[1]
        self.origin_labels = table.scheme.labels() if table else [f"group {g}" for g in range(groups)]

    passing = False
    """Whether a month is passing now."""

    @property
    def month(self) -> int:
        """Months passed since the start of the run."""
        return self.world.month

    @cached_property
    def people(self) -> Population:
        """The table of all people as agents see it: compiled code reads it unchecked, so it is not to be written in."""
        seen = Population(*(column.view() for column in self.world.population))
        for column in seen:
            column.flags.writeable = False
        return seen

    @cached_property
    def lookups(self) -> Lookups:
        """What agents can look up this month; kept until the month is over."""
        for neighbourhood in self.neighbourhoods:
            neighbourhood.refresh()
        return look_up(self.world)

    def new_day(self) -> None:
        """Forget this month's look-ups."""
        self.__dict__.pop("lookups", None)

    def residents(self, neighbourhood: Neighbourhood | str | None = None) -> Any:
        """Residents as agents: of one neighbourhood (only these are made), or all."""
        raise NotImplementedError(f"{type(self).__name__} makes no agents")

    def resident_at(self, row: int) -> Any:
        """The agent of the person who lives in a row of the table."""
        raise NotImplementedError(f"{type(self).__name__} makes no agents")

    def neighbourhood(self, code: str) -> Neighbourhood:
        """The neighbourhood with this code.

        Raises
        ------
        InputError
            No neighbourhood has this code.
        """
        for neighbourhood in self.neighbourhoods:
            if neighbourhood.code == code:
                return neighbourhood
        raise InputError(f"no neighbourhood has the code {code!r}")

    def neighbourhoods_of(self, municipality: int) -> list[Neighbourhood]:
        """Neighbourhoods of a municipality, in the order in which movers consider them."""
        known = self.world.municipalities
        members = known.member[known.member_first[municipality] : known.member_first[municipality + 1]]
        return [self.neighbourhoods[j] for j in members.tolist()]

    def destination(self, municipality: int, origin: int, luck: float) -> int:
        """One of the municipalities that an origin group goes to who leave this one; -1 is not simulated."""
        known = self.world.municipalities
        line = origin if known.destination_chance.shape[1] > 1 else 0
        at = bisect_right(known.destination_chance[municipality, line].tolist(), luck)
        return int(known.destination[municipality, at] if at < known.destination.shape[1] else OUTSIDE)

    def answer(self, municipality: int, kind: int) -> float:
        """How movers answer a municipality's vacant dwellings and those of their kind; 1 outside."""
        if municipality == OUTSIDE:
            return 1.0
        return self.lookups.rules.answer_of_municipality(municipality, kind, self.lookups.state)
