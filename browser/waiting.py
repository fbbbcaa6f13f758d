"""What a visitor waits for before the first month is there: compiling, or residents who settle."""

import threading
from collections.abc import Callable
from typing import Any

from browser.starts import Key, Starts
from scenarios.build_options import BuildOptions
from sim.compiling import seconds_of
from sim.machine.cache_choice import code_folder
from sim.machine.compile_cache import entries

EVERY = 0.5  # seconds between two looks


def compiled_share() -> float:
    """How much of the engine is compiled, by approximate seconds of work; 1 where compiled code cannot be kept."""
    if code_folder() is None:
        return 1.0
    work = {name: seconds_of(name) for name in tuple(entries)}
    done = sum(seconds for name, seconds in work.items() if entries[name].is_kept())
    return done / sum(work.values()) if work else 1.0


class Waiting:
    """Tells a visitor what their start waits for, from a thread of its own, until it is there.

    Parameters
    ----------
    tell : callable
        Sends a word with its values to the page.
    starts : Starts
    key : Key
        Of the start.
    """

    def __init__(self, tell: Callable[..., None], starts: Starts, key: Key) -> None:
        self.tell, self.starts, self.key = tell, starts, key
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.work, name="waiting", daemon=True)

    def __enter__(self) -> "Waiting":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def work(self) -> None:
        """Tell what changed, until the start is there."""
        told: dict[str, Any] = {}
        while not self.done.wait(EVERY):
            now = self.look()
            if now != told:
                told = now
                self.tell("progress", **now)

    def look(self) -> dict[str, Any]:
        """What is being done: the share compiled, or how many months of settling are left, of how many."""
        share = compiled_share()
        if share < 1:
            return {"compiled": round(share, 2)}
        left = self.starts.settling.get(self.key)
        return {} if left is None else {"left": left, "months": BuildOptions.settling_months}
