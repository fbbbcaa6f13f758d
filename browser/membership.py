"""A visitor's place in a room: what is told of their policy there, and what they are told of the others'."""

from collections.abc import Callable
from typing import Any

from browser.levers import Event
from browser.protocol import EnterRoom, Refused, Start
from browser.rooms import MONTHS, Result, Room, Rooms, numbers_of
from browser.timeline import Timeline

NOTHING_YET = Refused("choose a place first", "kies eerst een plaats")


class Membership:
    """Of one visitor; outside any room until they enter one.

    Parameters
    ----------
    visit : int
    wake : callable
        Called, from any thread, when there is something to tell.
    """

    def __init__(self, rooms: Rooms, visit: int, wake: Callable[[], None]) -> None:
        self.rooms, self.visit, self.wake = rooms, visit, wake
        self.room: Room | None = None
        self.requested: EnterRoom | None = None
        self.news = False

    @property
    def months(self) -> int:
        """Months that are simulated for the room, whatever the page shows."""
        return MONTHS if self.room is not None else 0

    def enter(self, requested: EnterRoom, began: Start | None) -> None:
        """Open a room on the place that is shown, or enter the one with a code.

        Raises
        ------
        Refused
            No such room, no place for another, or nothing is shown yet.
        """
        if not requested.code and began is None:
            raise NOTHING_YET
        self.leave()
        if requested.code:
            room = self.rooms.find(requested.code)
        else:
            assert began is not None
            room = self.rooms.open(began.region, began.seed)
            requested = EnterRoom(room.code, requested.name, requested.member, room.key)
        self.room, self.requested = room, requested
        if requested.key == room.key:
            room.watching[self.visit] = self.call
        self.call()

    def call(self) -> None:
        """There is something to tell."""
        self.news = True
        self.wake()

    def has_news(self) -> bool:
        """Whether something is to be told."""
        return self.news and self.room is not None

    def words(self) -> dict[str, Any]:
        """What is to be told."""
        assert self.room is not None and self.requested is not None
        self.news = False
        return self.room.words(self.requested.key)

    def note(self, runs: list[Timeline | None]) -> None:
        """Tell the room what the policy comes to, as far as it is known; who only watches has no policy in it."""
        if self.room is None or self.requested is None or not self.requested.name:
            return
        today, policy = runs
        events: list[Event] = [] if policy is None else policy.events
        both = [run.totals.get(MONTHS) for run in (today, policy or today) if run is not None]
        known = len(both) == 2 and both[0] is not None and both[1] is not None
        numbers = numbers_of(both[0], both[1]) if known else {}  # type: ignore[arg-type]
        self.rooms.put(self.room, self.requested.member, Result(self.requested.name, events, numbers))

    def leave(self) -> None:
        """Leave the room; the result stays."""
        if self.room is not None:
            self.room.watching.pop(self.visit, None)
        self.room, self.requested, self.news = None, None, False
