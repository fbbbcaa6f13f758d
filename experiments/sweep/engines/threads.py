"""Workers as threads of this process: compiled code runs beside compiled code, memory is shared, nothing is started."""

import threading
from pathlib import Path
from typing import Any

from experiments.sweep.engine import worker_count
from experiments.sweep.plan import Plan
from experiments.sweep.worker import work


class Threads:
    """Threads that each work until all is done."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.stop, self.errors = folder, threading.Event(), []  # type: ignore[var-annotated]
        self.threads = [threading.Thread(target=self._work, args=(f"thread-{i}",)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def _work(self, name: str) -> None:
        try:
            work(self.folder, name, self.stop)
        except BaseException as error:
            self.errors.append(error)
            self.stop.set()

    def look(self, done: int) -> list[str]:
        """Raise a worker's error."""
        if self.errors:
            raise self.errors[0]
        return []

    def close(self) -> None:
        """Let every thread finish its current run."""
        self.stop.set()
        for thread in self.threads:
            thread.join()


def start(folder: Path, plan: Plan, options: dict[str, Any]) -> Threads:
    """Start the workers."""
    return Threads(folder, worker_count(options, plan))
