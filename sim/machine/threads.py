"""Threads that share the work of a phase."""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np


class ThreadPool:
    """Threads that share the rows or neighbourhoods of a phase; one thread calls directly.

    Parameters
    ----------
    threads : int
        0 takes one per processor.
    """

    def __init__(self, threads: int = 0) -> None:
        self.threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or 1
        self.executor = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def share(self, function: Any, bounds: Any, *states: Any) -> None:
        """Call function(worker, low, high, *states) for each pair of neighbouring bounds.

        Each thread takes the next pair when it has finished one, so that a busy processor holds up no other.
        """
        parts = deque(part for part in pairwise(bounds) if part[1] > part[0])
        if self.executor is None:
            function(0, bounds[0], bounds[-1], *states)
            return

        def work(worker: int) -> None:
            """Do what is left, part by part."""
            while True:
                try:
                    low, high = parts.popleft()
                except IndexError:  # none is left
                    return
                function(worker, low, high, *states)

        waiting = [self.executor.submit(work, worker) for worker in range(1, min(self.threads, len(parts)))]
        work(0)  # on this thread, which would only wait
        for future in waiting:
            future.result()

    def evenly(self, count: int) -> list[int]:
        """Bounds that divide `count` things evenly."""
        return [count * part // self.threads for part in range(self.threads + 1)]

    def by_weight(self, weights: np.ndarray, pieces: int = 1) -> list[int]:
        """Bounds that divide things so that their weights are about equal, into so many pieces a thread."""
        reached, parts = np.concatenate(([0], np.cumsum(weights))), self.threads * pieces
        goals = [reached[-1] * part / parts for part in range(parts + 1)]
        return [int(np.searchsorted(reached, goal)) for goal in goals[:-1]] + [len(weights)]
