"""Running of a plan: checks existing shards, compiles once, starts an engine, shows progress."""

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from experiments.sweep.engine import start_engine
from experiments.sweep.plan import Plan
from experiments.sweep.shards import remove_faulty
from experiments.sweep.status import Status, Watch, first_errors

SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BETWEEN_LINES = 30.0


class Progress(Protocol):
    """Shows the progress of a sweep."""

    def show(self, status: Status) -> None: ...

    def say(self, line: str) -> None: ...

    def end(self) -> None: ...


class Quiet:
    """Shows only problems."""

    def show(self, status: Status) -> None:
        """Nothing."""

    def say(self, line: str) -> None:
        """A line for what went wrong."""
        print(f"thuis: {line}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Nothing."""


class Lines(Quiet):
    """A line now and then."""

    def __init__(self) -> None:
        self.shown = time.monotonic()

    def show(self, status: Status) -> None:
        """A line when it is time."""
        if time.monotonic() - self.shown >= SECONDS_BETWEEN_LINES:
            self.shown = time.monotonic()
            self.say(status.line())


class Bar(Quiet):
    """A bar with rate, time left and failures."""

    def __init__(self) -> None:
        self.bar: Any = None

    def show(self, status: Status) -> None:
        """Move the bar."""
        from tqdm import tqdm

        if self.bar is None:
            form = "{desc} {bar:24} {n_fmt}/{total_fmt} runs, {elapsed}{postfix}"
            self.bar = tqdm(total=status.runs, desc="sweep", bar_format=form, file=sys.stderr, leave=False)
        left = "" if status.seconds_left is None else f"{60 * status.rate:,.0f} a minute, {span_of(status)} left"
        self.bar.set_postfix_str(f"{left}{f', {status.failed:,} failed' if status.failed else ''}", refresh=False)
        self.bar.n = status.done
        self.bar.refresh()

    def end(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()


def span_of(status: Status) -> str:
    """Time left."""
    from experiments.sweep.status import span

    return span(status.seconds_left)


def progress_of(kind: str) -> Progress:
    """auto is a bar on a terminal, lines elsewhere."""
    if kind == "auto":
        kind = "bar" if sys.stderr.isatty() else "lines"
    return {"bar": Bar, "lines": Lines, "none": Quiet}[kind]()


@dataclass
class Finished:
    """How a sweep ended: runs done, and the rate of those done now."""

    status: Status
    runs_now: int
    seconds: float
    errors: list[str]


def compile_first(plan: Plan) -> None:
    """Compile in one process what all workers use: a run of a month in the smallest region."""
    if plan.model != "thuis":
        return
    from experiments.sweep.whole import ThuisRuns

    fixed = {"region": {"name": "vaals"}, "policy": "libraries", "policy_changes": {}, "parameters": {}}
    runs = ThuisRuns(replace(plan, years=1, scale=200, factors={}, start="shared", building=1.0, fixed=fixed))
    runs.run({"run": 0, "seed": 1}, runs.begin())


def run_plan(folder: Path, plan: Plan, engine: str, options: dict[str, Any], progress: Progress) -> Finished:
    """Run the remaining runs of a plan.

    Raises
    ------
    InputError, StoppedError
        The engine is not here, the folder cannot be written in, or workers keep dying.
    """
    for line in remove_faulty(folder, plan):
        progress.say(line)
    watch = Watch(folder, plan)
    status = watch.look()
    before = status.done
    if status.done < plan.runs:
        compile_first(plan)
    began = time.perf_counter()
    if status.done < plan.runs:
        workers = start_engine(engine, folder, plan, options)
        try:
            while status.done < plan.runs:
                for line in workers.look(len(watch.seen)):
                    progress.say(line)
                time.sleep(SECONDS_BETWEEN_LOOKS)
                status = watch.look()
                progress.show(status)
        finally:
            progress.end()
            workers.close()
    errors = first_errors(folder, plan) if status.failed else []
    return Finished(status, status.done - before, time.perf_counter() - began, errors)
