"""One policy over the months of one visitor: it passes months, and goes back when a lever is changed in the past."""

from typing import Any

import numpy as np

from browser.levers import Event, first_difference, policy_of, without_element
from browser.months import month_numbers
from browser.movers import Addresses, movers
from browser.people import sample
from browser.protocol import pack_month
from browser.snapshots import Shelf, revive
from browser.starts import Start
from experiments.options.settings import Options, Settings
from experiments.results.record import Recorder
from experiments.simulation.simulate import Simulation
from scenarios.areas import AreaTable
from scenarios.policy import Schedule
from sim.machine.threads import ThreadPool
from sim.world import World

NOT_MOVING = (np.zeros((0, 3), np.int32), 0)


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
    pool : ThreadPool

    Attributes
    ----------
    revision : int
        Grows when months that were sent are no longer true.
    sent : int
        Last month sent; -1 for none.
    rewind : bool
        Whether the world must go back to a kept state before the next month.
    samples : dict
        By month, the residents of the neighbourhood that is watched.
    totals : dict of float64 arrays
        By month, see `browser.months.TOTALS`.
    left_out : int or None
        Element of the agenda that the policy is simulated without.
    start_numbers : list
        Of the start that it began from, see `browser.starts.Start`.
    """

    def __init__(
        self,
        number: int,
        table: AreaTable,
        like: World,
        shelf: Shelf,
        events: list[Event],
        scale: int,
        pool: ThreadPool,
    ) -> None:
        self.number, self.table, self.shelf, self.events = number, table, shelf, events
        self.scale, self.pool = scale, pool
        self.recorder = Recorder(table, scale)
        self.revision, self.sent = 0, -1
        self.world = like
        self.simulation: Simulation | None = None
        self.rewind = True
        self.watched: int | None = None
        self.samples: dict[int, dict[str, Any]] = {}
        self.totals: dict[int, np.ndarray] = {}
        self.left_out: int | None = None
        self.start_numbers: list[tuple[np.ndarray, np.ndarray]] = []

    @classmethod
    def of(cls, start: Start, events: list[Event], pool: ThreadPool, memory: int) -> "Timeline":
        """A first run, from a settled start."""
        shelf = Shelf(memory)
        shelf.by_month[0] = start.snapshot
        run = cls(0, start.table, start.like, shelf, events, start.scale, pool)
        run.start_numbers = start.numbers
        return run

    def branch(self, number: int, events: list[Event]) -> tuple["Timeline", int]:
        """A second run on the same residents, and the last month up to which it is the same as this one."""
        month = first_difference(self.events, events)
        same = self.sent if month is None else min(month, self.sent)
        other = Timeline(number, self.table, self.world, self.shelf.copy(), events, self.scale, self.pool)
        other.shelf.forget_after(max(same, 0))
        other.sent = same
        other.totals = {m: found for m, found in self.totals.items() if m <= same}
        return other, same

    def ready(self) -> Simulation:
        """The engine and policy of `thuis run`, in the last month that still holds and with the levers as they now are.

        Done just before the next month, so that a visitor's click is answered at once.
        """
        if self.rewind:
            self.world = revive(self.shelf.nearest(max(self.sent, 0)), self.world)
            self.rewind, self.simulation = False, None
        if self.simulation is None:
            settings = Settings({}, {}, self.world.parameters, Options(scale=self.scale))
            self.simulation = Simulation(settings, self.table, self.new_schedule(), self.world, self.pool)
        return self.simulation

    def new_schedule(self) -> Schedule:
        """The policy as a schedule."""
        policy = policy_of(self.events, self.table.code)
        return Schedule(without_element(policy, self.left_out), self.table, self.scale)

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
        self.rewind = self.rewind or self.world.month > self.sent
        self.simulation = None
        self.samples = {m: found for m, found in self.samples.items() if m <= self.sent}
        self.totals = {m: found for m, found in self.totals.items() if m <= self.sent}
        return self.sent

    def watch(self, area: int) -> None:
        """Take samples of the residents of a neighbourhood from the next month on."""
        if self.watched != area:
            self.watched, self.samples = area, {}

    def keep_sample(self) -> None:
        """Take the sample of the month just passed."""
        if self.watched is not None:
            self.samples[self.sent] = sample(self.world, self.watched, None)

    def forget_samples_before(self, month: int) -> None:
        """Drop the samples of months that the page has left behind."""
        self.samples = {m: found for m, found in self.samples.items() if m >= month}

    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Totals and columns of the start, and with every further call of the next month; nothing is kept."""
        simulation = self.ready()
        until = 0 if self.sent < 0 else self.world.month + 1
        found = None
        for month in simulation.months(until):
            if month.month == until:
                found = month_numbers(self.recorder, month, self.world)
        assert found is not None
        self.sent = until
        return found

    def step(self) -> bytes | None:
        """Pass a month, or observe the start; the month as bytes when it is new to the page."""
        if self.sent < 0 and self.start_numbers:  # another visitor has looked at it: nothing has to be revived
            return self.pack(0, *self.start_numbers[0], NOT_MOVING)
        simulation = self.ready()
        begin = self.sent < 0 and self.world.month == 0
        until = 0 if begin else self.world.month + 1
        before = Addresses.of(self.world) if until > max(self.sent, 0) else None
        found = None
        for month in simulation.months(until):
            if month.month == until and until > self.sent:
                totals, columns = month_numbers(self.recorder, month, self.world)
                if until == 0:
                    self.start_numbers.append((totals, columns))
                moving = NOT_MOVING if before is None else movers(before, self.world)
                found = self.pack(until, totals, columns, moving)
                self.keep_sample()
        self.shelf.offer(self.world)
        return found

    def pack(self, month: int, totals: np.ndarray, columns: np.ndarray, moving: tuple[np.ndarray, int]) -> bytes:
        """A month as bytes, which is from now on the last that was sent."""
        self.sent, self.totals[month] = month, totals
        return pack_month((self.number, self.revision, month), totals, columns, *moving)
