"""Threads that share the work of a phase."""

import os
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
        """Call function(worker, low, high, *states) for each pair of neighbouring bounds, a thread for each."""
        parts = [part for part in pairwise(bounds) if part[1] > part[0]]
        if self.executor is None:
            parts = [(bounds[0], bounds[-1])]
        waiting = [
            self.executor.submit(function, worker, *part, *states)  # type: ignore[union-attr]
            for worker, part in enumerate(parts[1:], 1)
        ]
        if parts:
            function(0, *parts[0], *states)  # on this thread, which would only wait
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
