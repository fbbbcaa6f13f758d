"""One policy over the months of one visitor: it passes months, and goes back when a lever is changed in the past."""

from browser.levers import Event, first_difference, policy_of
from browser.months import month_numbers
from browser.protocol import pack_month
from browser.snapshots import Shelf, Snapshot, revive
from browser.starts import Start
from experiments.configuration import Options, Settings
from experiments.record import Recorder
from experiments.simulate import Simulation
from scenarios.areas import AreaTable
from scenarios.policy import Schedule
from sim.parameters import Parameters
from sim.world import Crew, World


class Timeline:
    """A run in progress.

    Parameters
    ----------
    number : int
        0 for the first policy, 1 for the second.
    table : AreaTable
    like : World
        A world with the places, parameters and seed of this one; not changed.
    shelf : Shelf
        With the start at least.
    events : list of Event
    scale : int
        Residents per agent.
    crew : Crew

    Attributes
    ----------
    revision : int
        Grows when months that were sent are no longer true.
    sent : int
        Last month sent; -1 for none.
    """

    def __init__(self, number: int, table: AreaTable, like: World, shelf: Shelf, events: list[Event], scale: int,
                 crew: Crew) -> None:  # fmt: skip
        self.number, self.table, self.shelf, self.events = number, table, shelf, events
        self.scale, self.crew = scale, crew
        self.recorder = Recorder(table, scale)
        self.revision, self.sent = 0, -1
        self.world = like
        self.go_to(shelf.nearest(0))

    @classmethod
    def of(cls, start: Start, events: list[Event], crew: Crew, memory: int) -> "Timeline":
        """A first run, from a settled start."""
        shelf = Shelf(memory)
        shelf.by_month[0] = start.snapshot
        return cls(0, start.table, start.like, shelf, events, start.scale, crew)

    def branch(self, number: int, events: list[Event]) -> tuple["Timeline", int]:
        """A second run on the same residents, and the last month up to which it is the same as this one."""
        month = first_difference(self.events, events)
        same = self.sent if month is None else min(month, self.sent)
        other = Timeline(number, self.table, self.world, self.shelf.copy(), events, self.scale, self.crew)
        other.shelf.forget_after(max(same, 0))
        other.sent = same
        other.go_to(other.shelf.nearest(max(same, 0)))
        return other, same

    def go_to(self, snapshot: Snapshot) -> None:
        """Put the world in an earlier state, with the policy as it now is."""
        self.world = revive(snapshot, self.world)
        self.simulation = self.simulate(self.world)

    def simulate(self, world: World) -> Simulation:
        """The engine and policy of `thuis run` over a world."""
        settings = Settings({}, {}, Parameters(), Options(scale=self.scale))
        return Simulation(settings, self.table, self.new_schedule(), world, self.crew)

    def new_schedule(self) -> Schedule:
        """The policy as a schedule."""
        return Schedule(policy_of(self.events), self.table, self.scale)

    def revived(self, month: int) -> World:
        """Another world, in the last state kept up to a month."""
        return revive(self.shelf.nearest(month), self.world)

    def change(self, events: list[Event]) -> int | None:
        """Take new events; returns the last month that stays as it was, None when nothing changed."""
        month = first_difference(self.events, events)
        self.events = events
        if month is None:
            return None
        self.revision += 1
        self.sent = min(self.sent, month)
        self.shelf.forget_after(month)
        if self.world.month > month:
            self.go_to(self.shelf.nearest(month))
        else:
            self.simulation = self.simulate(self.world)
        return self.sent

    def step(self) -> bytes | None:
        """Pass a month, or observe the start; the month as bytes when it is new to the page."""
        begin = self.sent < 0 and self.world.month == 0
        until = 0 if begin else self.world.month + 1
        found = None
        for month in self.simulation.months(until):
            if month.month == until and until > self.sent:
                totals, columns = month_numbers(self.recorder, month, self.world)
                found = pack_month(self.number, self.revision, until, totals, columns)
                self.sent = until
        self.shelf.offer(self.world)
        return found
