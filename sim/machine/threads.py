"""Threads that share the work of a phase."""

import os
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from sim.machine.struct import State
from sim.machine.team import Team

PIECES = 16  # into which each thread's part of a phase is divided


class ThreadPool:
    """Threads that share the rows or neighbourhoods of a phase; one thread calls directly.

    Parameters
    ----------
    threads : int
        0 takes one per processor.
    """

    def __init__(self, threads: int = 0) -> None:
        self.threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or 1
        self.lock = Lock()

    @cached_property
    def team(self) -> Team:
        """The threads that wait for a phase."""
        team = Team(self.threads)
        weakref.finalize(self, team.end)
        return team

    @cached_property
    def executor(self) -> ThreadPoolExecutor:
        """Threads for functions that are no phases."""
        return ThreadPoolExecutor(self.threads)

    def run(self, phase: Any, units: int, state: State) -> None:
        """Call a phase (`sim.machine.compile_cache.Entry`) for so many units of work of a state, in any order."""
        if self.threads == 1 or units < 2:
            phase(0, 0, units, state)
            return
        with self.lock:
            self.team.do(phase, units, min(units, PIECES * self.threads), state)

    def share(self, function: Callable[..., Any], bounds: Sequence[int], *states: Any) -> None:
        """Call function(worker, low, high, *states) for each pair of neighbouring bounds, a thread each."""
        parts = [(worker, *part, *states) for worker, part in enumerate(pairwise(bounds)) if part[1] > part[0]]
        if len(parts) < 2:
            function(0, bounds[0], bounds[-1], *states)
            return
        for called in [self.executor.submit(function, *part) for part in parts]:
            called.result()

    def evenly(self, count: int) -> list[int]:
        """Bounds that divide `count` things evenly."""
        return [count * part // self.threads for part in range(self.threads + 1)]

    def by_weight(self, weights: np.ndarray) -> list[int]:
        """Bounds that divide things so that their weights are about equal, a part a thread."""
        reached = np.concatenate(([0], np.cumsum(weights)))
        goals = [reached[-1] * part / self.threads for part in range(self.threads)]
        return [int(np.searchsorted(reached, goal)) for goal in goals] + [len(weights)]
