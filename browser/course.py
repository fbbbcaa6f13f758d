"""One policy on one start, month by month: simulated once for all visitors who play it."""

import threading
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np

from browser.levers import Event, events_in_order, policy_of, without_element
from browser.months import month_numbers
from browser.movers import Addresses, movers
from browser.people import sample
from browser.snapshots import Shelf, revive
from browser.starts import Start
from experiments.options.settings import Options, Settings
from experiments.results.record import Recorder
from experiments.simulation.simulate import Simulation
from scenarios.policy import Schedule
from sim.machine.threads import ThreadPool
from sim.world import World

MOST_SHARED = 400  # neighbourhoods up to which all months are kept for visitors who come later
MOST_SAMPLES = 160  # months of which samples of residents are kept
NOBODY_MOVED = np.zeros((0, 3), np.int32)


class Passed(NamedTuple):
    """What the page is told of a month, see `browser.months` and `browser.movers`."""

    totals: np.ndarray
    columns: np.ndarray
    movers: np.ndarray = NOBODY_MOVED
    moved: int = 0


class Course:
    """The months of a policy.

    Parameters
    ----------
    start : Start
    events : list of Event
    pool : ThreadPool
    shelf : Shelf
        With the start at least.
    left_out : int or None
        Element of the agenda that the policy is simulated without.

    Attributes
    ----------
    last : int
        Last month passed; -1 for none.
    passed : dict of Passed
        By month; only the last where there are more than `MOST_SHARED` neighbourhoods.
    totals : dict of float64 arrays
        By month, see `browser.months.TOTALS`.
    samples : dict
        By month and neighbourhood that was watched then.
    """

    def __init__(
        self, start: Start, events: list[Event], pool: ThreadPool, shelf: Shelf, left_out: int | None = None
    ) -> None:
        self.start, self.events, self.pool, self.shelf, self.left_out = start, events, pool, shelf, left_out
        self.recorder = Recorder(start.table, start.scale)
        self.lock = threading.Lock()
        self.world, self.last = start.like, -1
        self.simulation: Simulation | None = None
        self.addresses: Addresses | None = None
        self.passed: dict[int, Passed] = {}
        self.totals: dict[int, np.ndarray] = {}
        self.samples: dict[tuple[int, int], dict[str, Any]] = {}
        self.watching: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    @classmethod
    def of(
        cls, start: Start, events: list[Event], pool: ThreadPool, memory: int, left_out: int | None = None
    ) -> "Course":
        """From a settled start, with so many bytes for states to go back to."""
        shelf = Shelf(memory)
        shelf.by_month[0] = start.snapshot
        return cls(start, events, pool, shelf, left_out)

    def copy(self, events: list[Event], month: int) -> "Course":
        """The same up to a month, with other events from then on."""
        shelf = self.shelf.copy()
        shelf.forget_after(max(month, 0))
        other = Course(self.start, events, self.pool, shelf)
        other.last = month
        other.passed = {m: found for m, found in list(self.passed.items()) if m <= month}
        other.totals = {m: found for m, found in list(self.totals.items()) if m <= month}
        other.samples = {at: found for at, found in list(self.samples.items()) if at[0] <= month}
        return other

    @property
    def shared(self) -> bool:
        """Whether its months are kept for others."""
        return len(self.start.table) <= MOST_SHARED

    def new_schedule(self) -> Schedule:
        """The policy as a schedule."""
        policy = policy_of(self.events, self.start.table.code)
        return Schedule(without_element(policy, self.left_out), self.start.table, self.start.scale)

    def ready(self) -> Simulation:
        """The engine and policy of `thuis run`, in the last month passed or, on the way to it, the last one kept."""
        if self.simulation is None:
            self.world = revive(self.shelf.nearest(max(self.last, 0)), self.start.like)
            settings = Settings({}, {}, self.world.parameters, Options(scale=self.start.scale))
            self.simulation = Simulation(settings, self.start.table, self.new_schedule(), self.world, self.pool)
            self.addresses = None
        return self.simulation

    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Totals and columns of the start, and with every further call of the next month; nothing is kept."""
        simulation = self.ready()
        until = 0 if self.last < 0 else self.world.month + 1
        found = None
        for month in simulation.months(until):
            if month.month == until:
                found = month_numbers(self.recorder, month, self.world)
        assert found is not None
        self.last = until
        return found

    def pass_towards(self, month: int, pool: ThreadPool | None = None) -> None:
        """Pass one month on the way to a month, unless it has been passed in the meantime; with threads of its own."""
        with self.lock:
            if pool is not None and self.simulation is not None:
                self.simulation.pool = pool
            if month <= self.last:
                return
            if self.last < 0 and self.start.numbers:  # others have looked at the start: nothing has to be revived
                self.keep(0, Passed(*self.start.numbers[0]))
            else:
                self.pass_month()

    def pass_month(self) -> None:
        """Observe the start, or pass the next month from where the world stands."""
        simulation = self.ready()
        begin = self.last < 0 and self.world.month == 0
        until = 0 if begin else self.world.month + 1
        before = self.addresses_now() if until > max(self.last, 0) else None
        for month in simulation.months(until):
            if month.month == until and until > self.last:
                numbers = month_numbers(self.recorder, month, self.world)
                if until == 0:
                    self.start.numbers.append(numbers)
                self.keep(until, Passed(*numbers, *(() if before is None else movers(before, self.world))))
                self.keep_samples()
        self.shelf.offer(self.world)

    def addresses_now(self) -> Addresses:
        """Who lives where: as the last month left it, or else looked up."""
        if self.addresses is None or self.addresses.month != self.world.month:
            self.addresses = Addresses.of(self.world)
        return self.addresses

    def keep(self, month: int, found: Passed) -> None:
        """Take in what was found of a month."""
        if not self.shared:
            self.passed = {}
        self.passed[month], self.totals[month], self.last = found, found.totals, month

    def keep_samples(self) -> None:
        """Take the samples of the month just passed."""
        for area in set(self.watching.values()):
            self.samples[self.last, area] = sample(self.world, area, None)
        while len(self.samples) > MOST_SAMPLES:
            del self.samples[min(self.samples)]

    def watch(self, whose: object, area: int | None) -> None:
        """Keep samples of the residents of a neighbourhood while it is watched; None for no more."""
        with self.lock:
            if area is None:
                self.watching.pop(whose, None)
            else:
                self.watching[whose] = area

    def world_at(self, month: int) -> World:
        """Another world, in the last state kept up to a month."""
        return revive(self.shelf.nearest(month), self.start.like)


class Courses:
    """Those that are played; two visitors with the same policy on the same start have one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.played: WeakValueDictionary[Any, Course] = WeakValueDictionary()

    def begin(self, start: Start, events: list[Event], pool: ThreadPool, memory: int) -> Course:
        """That of a policy from the start."""
        with self.lock:
            found = self.played.get(self.key(start, events))
            return found or self.add(Course.of(start, events, pool, memory))

    def change(self, course: Course, events: list[Event], month: int) -> Course:
        """That of a policy which is the same as another up to a month."""
        with self.lock:
            found = self.played.get(self.key(course.start, events))
            return found or self.add(course.copy(events, month))

    def add(self, course: Course) -> Course:
        """Let others find it."""
        if course.shared:
            self.played[self.key(course.start, course.events)] = course
        return course

    @staticmethod
    def key(start: Start, events: list[Event]) -> tuple[Any, ...]:
        """The same for what comes to the same; a start stays where it is while one of its courses is played."""
        return (id(start), *events_in_order(events))
