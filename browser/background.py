"""What is simulated for a visitor when nothing else is to be done: other futures, and what each part adds."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from browser.course import Course
from browser.futures import Futures, how_many
from browser.house import House
from browser.levers import Event
from browser.parts import Parts
from browser.protocol import Range, Start
from browser.timeline import Timeline
from scenarios.errors import InputError

log = logging.getLogger("thuis.view")


class Background:
    """The work behind the two runs of one visitor.

    Parameters
    ----------
    house : House
    tell : callable
        Sends a word with its values to the page.
    wake : callable
        Called, from any thread, when a start that was waited for is there.
    """

    def __init__(self, house: House, tell: Callable[..., None], wake: Callable[[], None]) -> None:
        self.house, self.tell, self.wake = house, tell, wake
        self.began: Start | None = None
        self.asked: Range | None = None
        self.futures: Futures | None = None
        self.parts: Parts | None = None
        self.policy: Timeline | None = None

    def begin(self, asked: Start | None) -> None:
        """Another place, or none."""
        self.began, self.futures, self.parts, self.policy = asked, None, None, None

    def end_policy(self) -> None:
        """There is no second policy any more."""
        self.futures = self.parts = self.policy = None

    def renew(self, first: Timeline, second: Timeline) -> None:
        """The two policies as they now are."""
        assert self.began is not None
        self.policy, self.parts = second, None
        policies = [first.events, second.events]
        if self.futures is not None:
            self.futures.change(policies)
            return
        asked, agents = self.began, int(first.table.residents.sum()) // first.scale

        def promise(number: int) -> "Future[Any]":
            found = self.house.start_of_future(asked.region, asked.seed, first.scale, number)
            found.add_done_callback(lambda _: self.wake())
            return found

        count = how_many(agents * len(self.house.visits))
        place = asked.region, asked.seed, first.scale
        self.futures = Futures(count, promise, self.house.pool(agents), policies, self.house.future_runs, place)

    def ask(self, asked: Range) -> None:
        """Tell what is known of a measure in a month, now and whenever more is."""
        self.asked = asked
        if self.futures is not None:
            self.futures.reach(asked.month)
        self.tell_range()
        if self.policy is not None:
            self.parts = self.parts or Parts(self.policy, self.another)
            self.parts.reach(asked.month)
            self.tell_parts()

    def another(self, events: list[Event], left_out: int | None) -> Course:
        """Other events on the same residents and draws, an element of the agenda left out."""
        assert self.policy is not None
        course = self.policy.course
        return Course.of(course.start, events, course.pool, 0, left_out)

    def can_step(self) -> bool:
        """Whether there is something to simulate."""
        if self.parts is not None and self.parts.can_step():
            return True
        return self.futures is not None and self.futures.can_step()

    def step(self) -> None:
        """Pass a month; futures whose start cannot be made are given up."""
        if self.parts is not None and self.parts.can_step():
            if self.parts.step():
                self.tell_parts()
            return
        try:
            if self.futures is not None and self.futures.can_step() and self.futures.step():
                self.tell_range()
        except InputError as error:
            log.warning("no other futures: %s", error)
            self.futures = None

    def tell_range(self) -> None:
        """Send the differences in other futures of what was last asked."""
        if self.asked is not None and self.futures is not None:
            self.tell("range", **self.futures.differences(self.asked.measure, self.asked.month))

    def tell_parts(self) -> None:
        """Send what each part adds in the month that was last asked, as far as it is known."""
        if self.asked is not None and self.parts is not None:
            month = self.asked.month
            self.tell("parts", month=month, names=self.parts.names, effects=self.parts.effects(month))
