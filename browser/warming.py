"""What is made ready when the server begins, so that the first visitor need not wait for it."""

import contextlib
import threading

from browser.described import describe
from browser.house import House
from browser.protocol import Start
from browser.timeline import Timeline
from browser.viewer import Viewer
from scenarios.errors import InputError


def warm_up(house: House) -> threading.Thread:
    """Make ready in a thread of its own, while the browser still opens."""

    def work() -> None:
        with contextlib.suppress(InputError):  # it is told to the visitor who asks for it
            make_ready(house)

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    return thread


def make_ready(house: House) -> None:
    """Compile (or load what was compiled), settle the default region, and look at it as a visitor does."""
    house.opening()
    region, table, scale = house.default, house.table(house.default), house.scale(house.default, 0)
    pool = house.pool(int(table.residents.sum()) // scale)
    start = house.starts.get((region, 1, scale, 0), table, pool, lambda world: None, keep=True)
    run = Timeline.of(start, [], pool, 0)
    run.step()
    describe(Start(region, 1, scale, [], None), table, scale)
    run.step()
    someone = int(run.world.population.serial[0])
    for _ in Viewer(house.small).look(run, 1, 0, someone):  # the rules for one life are compiled apart
        pass
