"""Workers on a Dask cluster: one of this machine, or the one whose scheduler is named (scheduler=tcp://HOST:8786)."""

import os
from pathlib import Path
from typing import Any

from experiments.sweep.engine import worker_count
from experiments.sweep.plan import Plan
from experiments.sweep.worker import CannotWrite, work
from scenarios.errors import InputError, StoppedError

RETRIES = 5


def share(folder: str, name: str) -> int:
    """What a Dask worker runs."""
    return work(folder, name)


class Dask:
    """One task per worker; Dask starts a worker anew that dies, and gives its task to another."""

    def __init__(self, folder: Path, count: int, scheduler: str | None) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise InputError("engine=dask is not installed here: pip install 'thuis[cluster]'") from error
        self.cluster = None
        if scheduler is None:
            self.cluster = LocalCluster(n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None)
        try:
            self.client = Client(self.cluster or scheduler, timeout=20)
        except OSError as error:
            raise InputError(f"scheduler={scheduler} does not answer: {error}") from error
        path = os.path.abspath(folder)
        self.tasks = [self.client.submit(share, path, f"dask-{i}", pure=False, retries=RETRIES) for i in range(count)]

    def look(self, done: int) -> list[str]:
        """Raise an error with which tasks ended."""
        for task in self.tasks:
            if task.status == "error":
                error = task.exception()
                if isinstance(error, CannotWrite):
                    raise error
                raise StoppedError(f"Dask gave up a worker's task: {' '.join(str(error).split())[:200]}")
        return []

    def close(self) -> None:
        """End the cluster of this machine, but no other."""
        self.client.cancel(self.tasks)
        self.client.close()
        if self.cluster is not None:
            self.cluster.close()


def start(folder: Path, plan: Plan, options: dict[str, Any]) -> Dask:
    """Start the workers."""
    return Dask(folder, worker_count(options, plan), options.get("scheduler"))
