"""What a visitor sees of people in a month they choose, while the run is months ahead."""

from collections.abc import Iterator
from typing import Any

from browser.life import LIFE_MONTHS, Life, find, friends, household, portrait
from browser.people import sample
from browser.timeline import Timeline
from sim.machine.threads import ThreadPool
from sim.phases.month import PHASES, Clock, pass_month
from sim.population import NOBODY
from sim.world import World


class Viewer:
    """A world of its own that stands at the month the visitor looks at, while the run goes ahead."""

    def __init__(self, pool: ThreadPool) -> None:
        self.pool = pool
        self.world: World | None = None
        self.about: tuple[Any, ...] = ()
        self.life: Life | None = None

    def look(self, timeline: Timeline, month: int, area: int, person: int | None) -> Iterator[dict[str, Any] | None]:
        """The residents of a neighbourhood in a month, and the life of the one who is followed.

        Yields None after every month passed on the way there, so that other work need not wait, and at last what was
        found. Nothing has to be passed where the run itself took a sample of the neighbourhood when it was there.
        """
        if person is None and timeline.watched == area and month in timeline.samples:
            yield {"people": timeline.samples[month], "person": None, "life": None}
            return
        world = self.stand_before(timeline, month, person)
        schedule = timeline.new_schedule()
        while world.month < month:
            schedule.begin_month(world, self.pool)
            pass_month(world, self.pool, Clock(), PHASES if self.life is None else self.life.phases())
            if self.life is not None:
                self.life.close_month(world)
            yield None
        if self.life is not None:
            self.life.forget_before(month - LIFE_MONTHS)
        row = -1 if person is None or person == int(NOBODY) else find(world, person)
        now = None
        if row >= 0:
            now = {**portrait(world, row), "friends": friends(world, row), "household": household(world, row)}
        lived = None if self.life is None else self.life.months
        yield {"people": sample(world, area, person), "person": now, "life": lived}

    def stand_before(self, timeline: Timeline, month: int, person: int | None) -> World:
        """The world from which the months up to the one asked for have to be passed."""
        about = (timeline.number, timeline.revision, id(timeline), person)
        world = self.world
        if world is None or self.about != about or world.month > month:
            world = timeline.course.world_at(month if person is None else max(month - LIFE_MONTHS, 0))
            self.life = None if person is None else Life(person)
            self.about = about
        elif self.life is None and timeline.shelf.nearest(month).month > world.month:
            world = timeline.course.world_at(month)
        self.world = world
        return world
