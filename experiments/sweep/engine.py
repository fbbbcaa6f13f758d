"""Engines: where workers run. All workers do the same (see `experiments.sweep.worker`), so results are the same.

An engine has `start(folder, plan, options) -> Engine`; the sweep polls it until all shards are complete.
"""

import importlib
from pathlib import Path
from typing import Any, Protocol

from experiments.sweep.plan import Plan


class Engine(Protocol):
    """Running workers."""

    def look(self, done: int) -> list[str]:
        """Supervise the workers: restart those that died; return lines for the user. `done` is the number of shards.

        Raises
        ------
        InputError, StoppedError
            The sweep cannot go on.
        """

    def close(self) -> None:
        """End all workers; unfinished runs are repeated later."""


def start_engine(name: str, folder: Path, plan: Plan, options: dict[str, Any]) -> Engine:
    """Start the workers of an engine by its name."""
    return importlib.import_module(f"experiments.sweep.engines.{name}").start(folder, plan, options)


def worker_count(options: dict[str, Any], plan: Plan) -> int:
    """Requested number of workers, one per processor by default; no more than chunks."""
    import os

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(min(options.get("workers") or processors, plan.chunks), 1)
