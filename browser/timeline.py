"""A visitor's place in a course: which months of a policy the page has been told, and what changed since."""

from typing import Any

import numpy as np

from browser.course import Course, Courses
from browser.levers import Event, first_difference
from browser.protocol import pack_month
from browser.snapshots import Shelf
from browser.starts import Start
from scenarios.areas import AreaTable
from scenarios.policy import Schedule
from sim.machine.threads import ThreadPool
from sim.world import World


class Timeline:
    """A run in progress.

    Parameters
    ----------
    number : int
        0 for the first policy, 1 for the second.
    course : Course
        What is simulated, perhaps for others too.
    courses : Courses
        Where a changed policy is looked for.

    Attributes
    ----------
    revision : int
        Grows when months that were sent are no longer true.
    sent : int
        Last month sent; -1 for none.
    watched : int or None
        The neighbourhood of whose residents samples are kept.
    """

    def __init__(self, number: int, course: Course, courses: Courses) -> None:
        self.number, self.course, self.courses, self.events = number, course, courses, course.events
        self.revision, self.sent = 0, -1
        self.watched: int | None = None

    @classmethod
    def of(
        cls, start: Start, events: list[Event], pool: ThreadPool, memory: int, courses: Courses | None = None
    ) -> "Timeline":
        """A first run, from a settled start."""
        courses = courses or Courses()
        return cls(0, courses.begin(start, events, pool, memory), courses)

    @property
    def table(self) -> AreaTable:
        """The neighbourhoods."""
        return self.course.start.table

    @property
    def scale(self) -> int:
        """Residents per agent."""
        return self.course.start.scale

    @property
    def world(self) -> World:
        """The world of the last month simulated."""
        return self.course.world

    @property
    def shelf(self) -> Shelf:
        """States to go back to."""
        return self.course.shelf

    @property
    def totals(self) -> dict[int, np.ndarray]:
        """By month that was simulated, see `browser.months.TOTALS`."""
        return self.course.totals

    @property
    def samples(self) -> dict[int, dict[str, Any]]:
        """By month, the residents of the neighbourhood that is watched."""
        return {month: found for (month, area), found in list(self.course.samples.items()) if area == self.watched}

    def branch(self, number: int, events: list[Event]) -> tuple["Timeline", int]:
        """A second run on the same residents, and the last month up to which it is the same as this one."""
        month = first_difference(self.events, events)
        same = self.sent if month is None else min(month, self.sent)
        other = Timeline(number, self.courses.change(self.course, events, same), self.courses)
        other.events, other.sent = events, same
        return other, same

    def new_schedule(self) -> Schedule:
        """The policy as a schedule."""
        return self.course.new_schedule()

    def change(self, events: list[Event]) -> int | None:
        """Take new events; returns the last month that stays as it was, None when nothing changed."""
        month = first_difference(self.events, events)
        self.events = events
        if month is None:
            return None
        self.revision += 1
        self.sent = min(self.sent, month)
        self.course.watch(self, None)
        self.course = self.courses.change(self.course, events, self.sent)
        self.course.watch(self, self.watched)
        return self.sent

    def watch(self, area: int) -> None:
        """Take samples of the residents of a neighbourhood from the next month on."""
        if self.watched != area:
            self.watched = area
            self.course.watch(self, area)

    def step(self, pool: ThreadPool | None = None) -> bytes | None:
        """The next month as bytes; None where the course has passed one on the way to it.

        Parameters
        ----------
        pool : ThreadPool, optional
            Threads to simulate it with; else those of the course.
        """
        month = self.sent + 1
        if month > self.course.last:
            self.course.pass_towards(month, pool)
        found = self.course.passed.get(month)
        if found is None:
            return None
        self.sent = month
        return pack_month((self.number, self.revision, month), *found)
