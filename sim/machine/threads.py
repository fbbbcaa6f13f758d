"""Threads that share the work of a phase."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

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

    def share(self, function, bounds, *arguments) -> None:
        """Call function(low, high, *arguments) for each pair of neighbouring bounds."""
        if self.executor is None or len(bounds) == 2:
            function(bounds[0], bounds[-1], *arguments)
            return
        waiting = [
            self.executor.submit(function, low, high, *arguments) for low, high in pairwise(bounds) if high > low
        ]
        for future in waiting:
            future.result()

    def evenly(self, count: int) -> list[int]:
        """Bounds that divide `count` things evenly."""
        return [count * part // self.threads for part in range(self.threads + 1)]

    def by_weight(self, weights: np.ndarray) -> list[int]:
        """Bounds that divide things so that their weights are about equal."""
        reached = np.concatenate(([0], np.cumsum(weights)))
        goals = [reached[-1] * part / self.threads for part in range(self.threads + 1)]
        return [int(np.searchsorted(reached, goal)) for goal in goals[:-1]] + [len(weights)]
