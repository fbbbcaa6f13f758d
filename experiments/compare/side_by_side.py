"""Replicates side by side: each on its share of the threads, so that what one thread must do alone holds up no other.

A replicate gives the same on any number of threads and beside any other, so this changes no result.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any

import psutil

from experiments.compare.design import Replicate
from experiments.simulation.progress import Progress
from sim.population import bytes_per_row

WORLDS = 2.5  # of each replicate in progress: its start, the future it is in, and adults of two futures
PART_OF_MEMORY = 0.8  # of what is free, that replicates side by side may take


class Stopped(BaseException):
    """Another replicate ended the comparison: nothing of this one is kept."""


class SharedProgress:
    """Progress of several replicates; it also tells each of them to stop.

    Parameters
    ----------
    progress : Progress
        Told of every month, by one replicate at a time.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress, self.lock, self.stopping = progress, Lock(), Event()

    def begin(self, total: int, text: str) -> None:
        """Begin with so many months in all."""
        self.progress.begin(total, text)

    def month(self, residents: int, text: str) -> None:
        """Tell of a month, and go on if the comparison does."""
        self.check()
        with self.lock:
            self.progress.month(residents, text)

    def check(self) -> None:
        """Go on if the comparison does.

        Raises
        ------
        Stopped
        """
        if self.stopping.is_set():
            raise Stopped

    def end(self) -> None:
        """End the progress."""
        self.progress.end()


def by_start(replicates: Sequence[Replicate]) -> list[list[Replicate]]:
    """Replicates that share a settled start together, in order."""
    return [list(group) for _, group in groupby(replicates, key=lambda r: (r.draw, r.start))]


def threads_of_each(threads: int, groups: int, rows: int, worlds: float = WORLDS) -> list[int]:
    """Threads of each replicate in progress: as many replicates as fit in memory, none waiting in the last round.

    Parameters
    ----------
    groups : int
        Replicates that settle by themselves and are still to be run.
    rows : int
        Rows of one world.
    worlds : float
        Worlds that a replicate holds at a time.
    """
    needed = worlds * rows * bytes_per_row()
    most = max(min(int(PART_OF_MEMORY * psutil.virtual_memory().available / max(needed, 1)), threads, groups), 1)
    rounds = -(-groups // most)
    side_by_side = max(-(-groups // max(rounds, 1)), 1)
    each, more = divmod(threads, side_by_side)
    return [each + (at < more) for at in range(side_by_side)]


def run_side_by_side[Worker](
    workers: Sequence[Worker],
    groups: Sequence[Sequence[Replicate]],
    attempt: Callable[[Worker, Replicate], Any],
    progress: SharedProgress,
) -> list[Any]:
    """What `attempt` gives for every replicate, in order; each worker does one group after another.

    Raises
    ------
    BaseException
        The first error of an attempt, or an interruption: the others stop within a month.
    """
    if len(workers) == 1:
        return [attempt(workers[0], replicate) for group in groups for replicate in group]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def run_group(group: Sequence[Replicate]) -> list[Any]:
        """The replicates of a group, by whichever worker is free."""
        worker = free.get()
        try:
            return [attempt(worker, replicate) for replicate in group]
        finally:
            free.put(worker)

    with ThreadPoolExecutor(len(workers)) as executor:
        waiting = [executor.submit(run_group, group) for group in groups]
        try:
            return [found for future in waiting for found in future.result()]
        except BaseException:
            progress.stopping.set()
            executor.shutdown(wait=False, cancel_futures=True)
            raise
