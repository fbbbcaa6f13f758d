"""Workers as processes of this machine; one that dies is restarted."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from experiments.sweep.engine import worker_count
from experiments.sweep.plan import Plan
from experiments.sweep.worker import CANNOT_WRITE, NO_MEMORY
from scenarios.errors import InputError, StoppedError

MOST_DEATHS_IN_A_ROW = 4
HOME = Path(__file__).resolve().parents[3]


def environment() -> dict[str, str]:
    """Of a worker: the same source, and no threads of other libraries beside its own."""
    path = os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH")]))
    return os.environ | {
        "PYTHONPATH": path,
        "POLARS_MAX_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


class Processes:
    """Processes that each work until all is done."""

    def __init__(self, folder: Path, plan: Plan, count: int) -> None:
        self.folder, self.plan = folder, plan
        self.deaths, self.done = 0, 0
        self.workers = {f"process-{i}": self._start(f"process-{i}") for i in range(count)}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "experiments.sweep.worker", str(self.folder), name]
        variables = environment() | {"THUIS_PARENT": str(os.getpid())}
        return subprocess.Popen(words, env=variables, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def look(self, done: int) -> list[str]:
        """Restart processes that died."""
        lines = []
        if done > self.done:
            self.done, self.deaths = done, 0
        for name, process in list(self.workers.items()):
            code = process.poll()
            if code is None or code == 0 or done >= self.plan.chunks:
                continue
            said = process.communicate()[1].decode(errors="replace").strip().splitlines()
            if code in (2, CANNOT_WRITE):
                raise InputError(said[-1] if said else f"{name} cannot work in {self.folder}")
            self.deaths += 1
            why = died(code, said)
            if self.deaths >= MOST_DEATHS_IN_A_ROW:
                raise StoppedError(
                    f"workers keep dying ({why}); what is finished is kept: give the same command with "
                    "fewer workers or a larger scale"
                )
            lines.append(f"{name} {why}; its chunk is done again by another")
            self.workers[name] = self._start(name)
        return lines

    def close(self) -> None:
        """End the processes."""
        for process in self.workers.values():
            if process.poll() is None:
                process.terminate()
        for process in self.workers.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stderr:
                process.stderr.close()


def died(code: int, said: list[str]) -> str:
    """Why a worker ended, in a few words."""
    if code == -9:
        return "was killed (most often: no memory left)"
    if code == NO_MEMORY:
        return "had no memory left"
    if code < 0:
        return f"was ended by signal {-code}"
    return f"ended with code {code}{': ' + said[-1] if said else ''}"


def start(folder: Path, plan: Plan, options: dict[str, Any]) -> Processes:
    """Start the workers."""
    return Processes(folder, plan, worker_count(options, plan))
