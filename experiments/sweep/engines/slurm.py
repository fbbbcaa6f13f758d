"""Workers as a job array of Slurm: plain sbatch, so that nothing but Slurm is needed.

`slurm.partition=long slurm.time=2:00:00 slurm.mem=4G` become `sbatch --partition=long ...`. Watched are the shards and
the queue, never the accounting, which many clusters do not have.
"""

import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from experiments.sweep.engine import worker_count
from experiments.sweep.engines.processes import HOME
from experiments.sweep.plan import Plan, written
from scenarios.errors import InputError, StoppedError

SECONDS_BETWEEN_LOOKS = 3.0
MOST_SUBMISSIONS = 5

SCRIPT = """\
#!/bin/sh
export PYTHONPATH={home}${{PYTHONPATH:+:$PYTHONPATH}} POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec {python} -m experiments.sweep.worker {folder} slurm-$SLURM_ARRAY_TASK_ID
"""


def command(words: list[str]) -> str:
    """Output of a command of Slurm.

    Raises
    ------
    InputError
        Slurm is not here, or refuses.
    """
    try:
        return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout
    except FileNotFoundError as error:
        raise InputError(f"engine=slurm: no {words[0]} on this machine") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split()) or f"exit code {error.returncode}"
        raise InputError(f"engine=slurm: {words[0]} says: {said[:200]}") from error
    except subprocess.TimeoutExpired as error:
        raise InputError(f"engine=slurm: {words[0]} does not answer") from error


class Slurm:
    """A job array whose tasks work until all is done; resubmitted when it has ended and chunks are left."""

    def __init__(self, folder: Path, count: int, options: dict[str, Any]) -> None:
        self.folder, self.count, self.options = folder.resolve(), count, options
        self.submissions, self.looked = 0, time.monotonic()
        self.own_folder = self.folder / "slurm"
        self.own_folder.mkdir(exist_ok=True)
        home, python, target = (shlex.quote(str(word)) for word in (HOME, sys.executable, self.folder))
        script = SCRIPT.format(home=home, python=python, folder=target)
        written(self.own_folder / "worker.sh", lambda path: path.write_text(script, encoding="utf-8"))
        self.submit()

    def submit(self) -> None:
        """Submit the array."""
        words = [
            "sbatch",
            "--parsable",
            f"--array=0-{self.count - 1}",
            "--job-name=thuis-sweep",
            f"--output={self.own_folder}/worker-%a.log",
        ]
        words += [f"--{key}={value}" for key, value in self.options.items()]
        self.job = command([*words, str(self.own_folder / "worker.sh")]).strip().split(";")[0]
        self.submissions += 1

    def look(self, done: int) -> list[str]:
        """Resubmit the array when it ended before all is done."""
        if time.monotonic() - self.looked < SECONDS_BETWEEN_LOOKS:
            return []
        self.looked = time.monotonic()
        if self.queued():
            return []
        if self.submissions >= MOST_SUBMISSIONS:
            raise StoppedError(
                f"Slurm ended the workers {self.submissions} times before all was done; see {self.own_folder}/*.log"
            )
        self.submit()
        return [f"the array has ended before all was done; handed in anew as job {self.job}"]

    def queued(self) -> bool:
        """Whether tasks of the job wait or run."""
        try:
            return bool(command(["squeue", "--noheader", "--format=%i", f"--jobs={self.job}"]).strip())
        except InputError as error:
            if "Invalid job id" in str(error):  # what squeue says of a job that ended a while ago
                return False
            raise

    def close(self) -> None:
        """Cancel the job."""
        subprocess.run(["scancel", self.job], check=False, capture_output=True)


def start(folder: Path, plan: Plan, options: dict[str, Any]) -> Slurm:
    """Submit the workers."""
    return Slurm(folder, worker_count(options, plan), options.get("slurm", {}))
