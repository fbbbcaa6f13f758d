"""One visitor: their runs pass months in a thread of their own, ahead of what the page shows."""

import itertools
import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from browser.background import Background
from browser.described import describe
from browser.house import House
from browser.levers import HORIZON, lever_steps
from browser.membership import Membership
from browser.protocol import Change, EnterRoom, Message, People, Range, Refused, Start, Want, texts_of
from browser.timeline import Timeline
from browser.viewer import Viewer
from browser.waiting import Waiting
from scenarios.errors import InputError
from sim.world import World

AHEAD, AHEAD_ALONE = 24, 60  # months simulated beyond the one on the page; more where nobody else is on the server
MOST_WAITING = 64  # months on their way to a slow page before the simulation waits
MOST_UNREAD = 300  # messages that a busy simulation has not come round to
NO_MEMORY = Refused("no memory left: choose a smaller region", "geen geheugen over: kies een kleinere plaats")
WENT_WRONG = Refused(
    "something went wrong on the server; load the page again", "er ging iets mis op de server; laad de pagina opnieuw"
)
numbers = itertools.count(1)
log = logging.getLogger("thuis.view")


class Session:
    """The simulation of one visitor.

    Parameters
    ----------
    house : House
    send : callable
        Takes text or bytes for the page; called from the session's thread.
    waiting : callable
        How many messages are still on their way.
    """

    def __init__(self, house: House, send: Callable[[str | bytes], None], waiting: Callable[[], int]) -> None:
        self.house, self.send, self.waiting = house, send, waiting
        self.number = next(numbers)
        house.enter(self.number)
        self.inbox: deque[Message] = deque()
        self.changed = threading.Condition()
        self.closed = False
        self.runs: list[Timeline | None] = [None, None]
        self.want = 0
        self.requested: People | None = None
        self.looking: Iterator[dict[str, Any] | None] | None = None
        self.background = Background(house, self.tell, self.wake)
        self.room = Membership(house.rooms, self.number, self.wake)
        self.viewer, self.turn = Viewer(house.small), False
        self.thread = threading.Thread(target=self.work, name=f"visit-{self.number}", daemon=True)
        self.thread.start()

    def take(self, message: Message) -> None:
        """Hand a checked message to the thread.

        Raises
        ------
        Refused
            Too many at once.
        """
        with self.changed:
            if len(self.inbox) >= MOST_UNREAD:
                raise Refused("too many requests at once: wait a moment", "te veel verzoeken tegelijk: wacht even")
            self.inbox.append(message)
            self.changed.notify()

    def close(self) -> None:
        """Release everything."""
        with self.changed:
            self.closed = True
            self.changed.notify()

    def work(self) -> None:
        """Answer messages and pass months until the visitor leaves."""
        try:
            while not self.closed:
                with self.changed:
                    message = self.inbox.popleft() if self.inbox else None
                    if message is None and not self.busy():
                        self.changed.wait(1.0)
                        continue
                self.attempt(message)
        finally:
            self.runs, self.viewer = [None, None], Viewer(self.house.small)
            self.background.begin(None)
            self.room.leave()
            self.house.leave(self.number)

    def attempt(self, message: Message | None) -> None:
        """One piece of work; what goes wrong is told, not fatal."""
        try:
            if message is not None:
                self.answer(message)
            else:
                self.advance()
        except InputError as error:
            self.tell("error", text=texts_of(error))
            if isinstance(message, Start):
                self.runs = [None, None]
        except MemoryError:
            self.runs = [None, None]
            self.tell("error", text=texts_of(NO_MEMORY))
        except Exception:
            log.exception("visit %d", self.number)
            self.runs, self.requested, self.looking = [None, None], None, None
            self.tell("error", text=texts_of(WENT_WRONG))

    def busy(self) -> bool:
        """Whether there is a month to pass, or people to look at."""
        if self.room.has_news():
            return True
        if self.waiting() >= MOST_WAITING:
            return False
        at_once = self.behind(self.ahead()) is not None or self.can_look()
        return at_once or self.background.can_step() or self.behind(self.most_ahead()) is not None

    def ahead(self) -> int:
        """How many months to simulate beyond the one on the page before anything else."""
        return AHEAD_ALONE if len(self.house.visits) == 1 else AHEAD

    def most_ahead(self) -> int:
        """The same when nothing else is to be done: all of them where nobody else is on the server."""
        return HORIZON if len(self.house.visits) == 1 else AHEAD

    def lagging(self, ahead: int) -> list[Timeline]:
        """The runs that are behind what the page may show soon."""
        goal = min(max(self.want + ahead, self.room.months), HORIZON)
        return [run for run in self.runs if run is not None and run.sent < goal]

    def behind(self, ahead: int) -> Timeline | None:
        """The run that is farthest behind of them."""
        return min(self.lagging(ahead), key=lambda run: run.sent, default=None)

    def can_look(self) -> bool:
        """Whether the people asked for can be shown: their month has been simulated."""
        run = None if self.requested is None else self.runs[self.requested.run]
        return self.requested is not None and run is not None and run.sent >= self.requested.month

    def advance(self) -> None:
        """Pass a month or show people, in turns while the page waits for both; then futures, then far ahead."""
        if self.room.has_news():
            self.tell("room", **self.room.words())
            return
        run, look = self.behind(self.ahead()), self.can_look()
        if run is None and not look:
            if self.background.can_step():
                self.background.step()
            elif (far := self.behind(self.most_ahead())) is not None:
                self.pass_months(far, self.most_ahead())
            return
        self.turn = not self.turn
        if run is None or (look and (self.turn or run.sent > self.want)):
            self.show_people()
        else:
            self.pass_months(run, self.ahead())

    def pass_months(self, run: Timeline, ahead: int) -> None:
        """The next month of a run; at the same time that of the other, where it is behind too and no one else waits."""
        other = next((each for each in self.lagging(ahead) if each is not run), None)
        if other is None or self.house.simulating:
            self.pass_month(run)
            return
        beside = self.house.beside.submit(self.pass_month, other)
        try:
            self.pass_month(run)
        finally:
            beside.result()

    def pass_month(self, run: Timeline) -> None:
        """The next month of a run, for the page and for the room."""
        with self.house.turn(run.course.start.snapshot.agents) as pool:
            found = run.step(pool)
        if found is not None:
            self.send(found)
            self.room.note(self.runs)

    def answer(self, message: Message) -> None:
        """Do what a message asks."""
        if isinstance(message, Start):
            self.begin(message)
        elif isinstance(message, Want):
            self.want = message.month
        elif isinstance(message, Change):
            self.change(message)
        elif isinstance(message, EnterRoom):
            self.room.enter(message, self.background.began)
            self.room.note(self.runs)
        elif isinstance(message, Range):
            self.background.ask(message)
        elif isinstance(message, People):
            first = self.runs[0]
            if first is not None and message.area < len(first.table):
                self.requested, self.looking = message, None

    def begin(self, requested: Start) -> None:
        """A region, settled; what is known of its places goes first, then its months."""
        self.runs, self.want, self.requested, self.looking = [None, None], 0, None, None
        self.background.begin(requested)

        def stop_when_left(world: World) -> None:
            if self.closed:
                raise InputError("the visitor left")

        table, scale = self.house.table(requested.region), self.house.scale(requested.region, requested.scale)
        self.tell("world", **describe(requested, table, scale))
        with Waiting(self.tell, self.house.starts, (requested.region, requested.seed, scale, 0)):
            start = self.house.start(requested.region, requested.seed, requested.scale, self.number, stop_when_left)
        agents = start.snapshot.agents
        self.viewer = Viewer(self.house.small)
        first = Timeline.of(start, requested.a, self.house.pool(agents), self.house.shelf(agents), self.house.courses)
        self.runs[0] = first
        self.tell_levers(0, first)
        if requested.b is not None:
            self.branch(requested.b)

    def branch(self, events: list[Any]) -> None:
        """A second run, on the same residents and draws."""
        first = self.runs[0]
        if first is None:
            return
        other, same = first.branch(1, events)
        before = self.runs[1]
        other.revision = 0 if before is None else before.revision + 1
        self.runs[1] = other
        self.tell("from", run=1, revision=other.revision, month=same, copy=True)
        self.tell_levers(1, other)
        self.tell_emulated()
        self.background.renew(first, other)

    def change(self, requested: Change) -> None:
        """New levers for a run, from the first month in which they differ."""
        run, self.looking = self.runs[requested.run], None
        if requested.events is None:
            self.runs[1] = None
            self.background.end_policy()
            self.room.note(self.runs)
            return
        if run is None:
            self.branch(requested.events)
            return
        same = run.change(requested.events)
        if same is not None:
            self.tell("from", run=requested.run, revision=run.revision, month=same, copy=False)
        self.tell_levers(requested.run, run)
        self.tell_emulated()
        first, second = self.runs
        if first is not None and second is not None:
            self.background.renew(first, second)

    def tell_emulated(self) -> None:
        """Tell what the emulator says, where the server has one, before the months are simulated."""
        (first, second), emulator = self.runs, self.house.emulator
        if emulator is not None and first is not None and second is not None and self.background.began is not None:
            from browser.emulated import emulated

            self.tell("emulated", **emulated(emulator, self.background.began.region, first, second))

    def wake(self) -> None:
        """There may be something to do."""
        with self.changed:
            self.changed.notify()

    def show_people(self) -> None:
        """Send the residents of a neighbourhood, or pass one month on the way to them."""
        requested = self.requested
        run = None if requested is None else self.runs[requested.run]
        if requested is None or run is None:
            return
        if self.looking is None:
            run.watch(requested.area)
            self.looking = self.viewer.look(run, requested.month, requested.area, requested.person)
        found = next(self.looking)
        if found is not None:
            self.requested = self.looking = None
            person = None if requested.person is None else str(requested.person)
            self.tell("people", run=requested.run, area=requested.area, month=requested.month, followed=person, **found)

    def tell_levers(self, number: int, run: Timeline) -> None:
        """Send where the levers of a run stand, month by month."""
        self.tell("levers", run=number, steps=lever_steps(run.new_schedule()))

    def tell(self, kind: str, **values: Any) -> None:
        """Send a small message."""
        self.send(json.dumps({"type": kind, **values}, ensure_ascii=False, allow_nan=False))
