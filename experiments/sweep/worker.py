"""A worker: claims chunks, runs them, writes their shards; started by every engine in the same way.

`python -m experiments.sweep.worker FOLDER NAME` does a share of the sweep in FOLDER, from any machine that sees it.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import polars as pl

from experiments.sweep.claims import Claims
from experiments.sweep.models import Model, model_of
from experiments.sweep.plan import Plan, load_design, load_plan
from experiments.sweep.shards import write_shard
from scenarios.errors import InputError, StoppedError

CANNOT_WRITE, NO_MEMORY = 3, 4  # exit codes


class CannotWrite(InputError):
    """The results cannot be written: nothing to be done about it but by the user."""


class NoMemory(StoppedError):
    """This machine has no memory left for a run; on another, or with fewer workers, it may do."""


def one_line(error: BaseException) -> str:
    """An error as a line of a table."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def run_chunk(
    folder: Path,
    plan: Plan,
    model: Model,
    rows: pl.DataFrame,
    chunk: int,
    worker: str,
    stop: threading.Event | None = None,
) -> int:
    """Run a chunk and write its shard; the number of runs that failed. A chunk that is stopped leaves nothing.

    Raises
    ------
    CannotWrite, NoMemory
    """
    began, gathered, failed = time.perf_counter(), model.begin(), {}
    for row in rows.to_dicts():
        if stop is not None and stop.is_set():
            return 0
        try:
            model.run(row, gathered)
        except MemoryError as error:  # of this machine, now: not noted, so that the run can be done another time
            raise NoMemory(
                "no memory left for a run; what is finished is kept: give the same command with fewer workers, or "
                "begin anew with a larger scale"
            ) from error
        except Exception as error:  # of one run: noted, and the rest go on
            failed[row["run"]] = one_line(error)
    about = {"seconds": f"{time.perf_counter() - began:.3f}", "worker": worker}
    try:
        write_shard(folder, plan, chunk, gathered.columns(), failed, about)
    except OSError as error:
        raise CannotWrite(
            f"out={folder}: {error.strerror or error}; what is finished is kept: make room there and give the same "
            "command again"
        ) from error
    return len(failed)


def work(folder: str | Path, worker: str, stop: threading.Event | None = None) -> int:
    """Do chunks until all are done; the number of chunks this worker did."""
    folder, stop = Path(folder), stop or threading.Event()
    plan, design = load_plan(folder), load_design(folder)
    model, done = model_of(plan), 0
    claims = Claims(folder, plan, worker, stop)
    try:
        while (chunk := claims.next()) is not None:
            runs = plan.runs_of(chunk)
            run_chunk(folder, plan, model, design[runs.start : runs.stop], chunk, worker, stop)
            claims.release()
            done += 1
    except OSError as error:
        raise CannotWrite(f"out={folder}: {error.strerror or error}; what is finished is kept") from error
    finally:
        claims.end()
    return done


def main(argv: list[str]) -> int:
    """Work in a process of its own, until all is done or the parent has gone."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that was asked to stop tells us
    if os.environ.get("THUIS_PARENT"):
        threading.Thread(target=stop_with_parent, args=(int(os.environ["THUIS_PARENT"]), stop), daemon=True).start()
    try:
        work(argv[0], argv[1], stop)
    except NoMemory as error:
        print(error, file=sys.stderr)
        return NO_MEMORY
    except CannotWrite as error:
        print(error, file=sys.stderr)
        return CANNOT_WRITE
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def stop_with_parent(parent: int, stop: threading.Event) -> None:
    """Stop when the process that began the sweep was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    stop.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
