"""Which agent represents which row of the table: agents are made on demand, then follow their person."""

from typing import Any

import numpy as np

from agents.neighbourhood import Neighbourhood
from agents.person import GONE
from agents.resident import EstablishedResident, Resident, TransientMigrant
from agents.scalar import scalar_rules
from agents.surroundings import Surroundings
from sim.motives import NO_MOTIVE
from sim.population import EMIGRATE, NOBODY
from sim.rules.people import NEWCOMER_MONTHS


class Register:
    """The agents that exist, by row; updated from the table after every month.

    An agent is one person (one serial) for as long as that person is in the table, wherever they move.

    Parameters
    ----------
    model : Surroundings
    established, transient : type
        Classes of agents, the first of `EstablishedResident`, the second of `TransientMigrant`.
    """

    def __init__(
        self, model: Surroundings, established: type[EstablishedResident], transient: type[TransientMigrant]
    ) -> None:
        kinds: list[tuple[Any, type]] = [(established, EstablishedResident), (transient, TransientMigrant)]
        if not all(isinstance(own, type) and issubclass(own, kind) for own, kind in kinds):
            raise TypeError("established= must be a subclass of EstablishedResident, transient= of TransientMigrant")
        self.model, self.established, self.transient = model, established, transient
        self.by_row: dict[int, Resident] = {}
        self.watched = np.zeros(model.world.areas, bool)
        self.serials = np.empty(0, np.uint64)
        self.newcomers = np.empty(0, bool)
        self.month = model.world.month
        self.making = False
        self.leaving: list[Resident] = []

    @property
    def in_use(self) -> bool:
        """Whether any agents were requested."""
        return bool(self.watched.any())

    def watch(self, areas: np.ndarray | slice | list[int]) -> None:
        """Make agents of all residents of these neighbourhoods, and of those who come to live there."""
        self.synchronise()
        requested = np.zeros_like(self.watched)
        requested[areas] = True
        requested &= ~self.watched
        if requested.any():
            self.watched |= requested
            self.remember()
            lived_in = np.flatnonzero(self.serials)
            fresh = lived_in[requested[self.areas_of(lived_in)]]
            self.make([row for row in fresh.tolist() if row not in self.by_row])

    def remember(self) -> None:
        """Record who lives where, to see later who moved."""
        table = self.model.world.population
        self.month = self.model.world.month
        self.serials = table.serial.copy()
        self.newcomers = (
            (self.serials != NOBODY)
            & (table.motive != NO_MOTIVE)
            & (self.month - table.arrived.astype(np.int32) < NEWCOMER_MONTHS)
        )

    def areas_of(self, rows: np.ndarray | list[int]) -> np.ndarray:
        """Neighbourhoods of rows."""
        return np.searchsorted(self.model.world.neighbourhoods.first, rows, side="right") - 1

    def make(self, rows: list[int]) -> None:
        """Make agents for these occupied rows, which have none."""
        homes = dict(zip(rows, self.areas_of(np.array(rows, np.int64)).tolist(), strict=True))
        for kind, wanted in ((self.established, False), (self.transient, True)):
            mine = [row for row in rows if bool(self.newcomers[row]) is wanted]
            neighbourhoods = [self.model.neighbourhoods[homes[row]] for row in mine]
            if mine:
                for row, neighbourhood in zip(mine, neighbourhoods, strict=True):
                    self.by_row[row] = self.made(kind, row, neighbourhood)

    def made(self, kind: type[Resident], row: int, neighbourhood: Neighbourhood) -> Resident:
        """The agent of the person in a row; agents can be made here alone."""
        self.making = True
        try:
            return kind(self.model, row, neighbourhood)
        finally:
            self.making = False

    def send_away(self) -> None:
        """Let those who were removed within a month leave the country at its end: by themselves, whoever they are."""
        model = self.model
        households = model.world.parameters.households >= 0.5
        for agent in self.leaving:
            if agent._row == GONE:  # removed after the phase of leaving, and gone since
                continue
            if households:
                scalar_rules().remove_from_household(agent.own_row, agent.neighbourhood.index, model.lookups.state)
            agent.intention = EMIGRATE
        self.leaving = []

    def take_out(self, agent: Resident) -> None:
        """Take a person out of the world between two months: their row falls vacant, and partners know."""
        model, row, here = self.model, agent.own_row, agent.neighbourhood.index
        stocks, group = model.world.stocks, agent.origin
        rules, state = scalar_rules(), model.world.state()
        alone = True
        if model.world.parameters.households >= 0.5:
            alone = rules.remove_from_household(row, here, state)
        rules.tell_partners(row, state)
        rules.vacate(row, NOBODY, state)
        model.world.population.moved_in[row] = model.month - 1  # vacant since last month, so to be let in the next
        del self.by_row[row]
        self.serials[row], self.newcomers[row] = NOBODY, False
        agent._row = GONE
        agent.remove()
        stocks.people[here, group] -= 1
        stocks.empty[here] += 1
        stocks.vacant[here] += alone
        model.counted = None

    def synchronise(self) -> None:
        """Update agents: of people who moved, left or arrived, and of those who are no longer newcomers."""
        if not self.in_use or self.month == self.model.world.month:
            return
        before, was_newcomer = self.serials, self.newcomers
        self.remember()
        changed = np.flatnonzero(before != self.serials)
        self.follow(changed)
        switched = np.union1d(changed, np.flatnonzero(was_newcomer != self.newcomers))
        for row in switched.tolist():
            agent = self.by_row.get(row)
            if agent is not None and isinstance(agent, TransientMigrant) != self.newcomers[row]:
                self.change_class(agent, self.transient if self.newcomers[row] else self.established)

    def follow(self, changed: np.ndarray) -> None:
        """Assign agents to the rows whose resident changed."""
        adrift: dict[int, Resident] = {}
        for row in changed.tolist():
            agent = self.by_row.pop(row, None)
            if agent is not None:
                adrift[int(agent.serial)] = agent
        fresh = []
        areas = self.areas_of(changed)
        for row, serial, area in zip(changed.tolist(), self.serials[changed].tolist(), areas.tolist(), strict=True):
            agent = adrift.pop(serial, None)
            if agent is not None:
                agent._row, agent._neighbourhood = row, self.model.neighbourhoods[area]
                self.by_row[row] = agent
            elif serial and self.watched[area]:
                fresh.append(row)
        for agent in adrift.values():
            agent._row = GONE
            agent.remove()
        self.make(fresh)

    def change_class(self, agent: Resident, kind: type[Resident]) -> None:
        """Change the class of an agent, in Mesa's sets by type as well.

        The new class is initialised, so that the attributes which it adds exist; other attributes keep their values.
        """
        kept = dict(vars(agent))
        self.model.deregister_agent(agent)
        agent.__class__ = kind
        self.making = True
        try:
            kind.__init__(agent, self.model, agent.row, agent.neighbourhood)
        finally:
            self.making = False
        agent.__dict__.update(kept)
