"""One run from checked settings to a finished result folder."""

import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.options.imported import behaviour_classes
from experiments.options.settings import Settings
from experiments.results.folders import check_target, write_json
from experiments.results.record import Recorder
from experiments.results.writing import MonthsFile
from experiments.run.checkpoints import Recorded, load_run, save_run, start_from, stored_settings, write_start
from experiments.simulation.outcome import Job, Outcome
from experiments.simulation.progress import Progress, Quiet
from experiments.simulation.simulate import (
    Simulation,
    build_options,
    check_agents,
    load_table,
    make_schedule,
)
from scenarios.areas import AreaTable
from scenarios.building import make_neighbourhoods
from scenarios.copies import begin_simulating
from scenarios.errors import InputError
from scenarios.regions.region import settled_region
from scenarios.start_cache import Starting, settled_start
from sim.digest import state_digest
from sim.machine.machine_code import release_libraries
from sim.machine.threads import ThreadPool
from sim.world import World

TABLES = ("months", "groups", "municipalities")
SAME_REQUEST = 1.0  # seconds in which a second signal is that of the first


def prepare(settings: Settings, table: AreaTable | None = None) -> Job:
    """Check everything that can be checked before the simulation begins.

    Parameters
    ----------
    table : AreaTable, optional
        Areas already loaded; else those of the region in the settings.

    Raises
    ------
    InputError, CheckpointError
        One clear line.
    """
    o = settings.options
    if behaviour_classes(o.behaviour):
        settings = replace(settings, options=replace(o, driver="agents"))
        o = settings.options
    if o.out is not None:
        check_target(Path(o.out), o.replace)
    if o.stop_after > 12 * o.years:
        raise InputError(f"stop_after={o.stop_after} is beyond the {12 * o.years} months of years={o.years}")
    if o.start is not None and o.resume is not None:
        raise InputError("start and resume are both given; allowed is one of them")
    if o.start is not None and Path(o.start).exists():
        stored_settings(Path(o.start))
    if o.start is not None and not Path(o.start).absolute().parent.is_dir():
        raise InputError(f"start={o.start}: its folder does not exist")
    begin_simulating()
    if table is None:
        table = load_table(settings.region)
        settings = replace(settings, region=settled_region(settings.region))  # the year that was found
    schedule = make_schedule(settings, table)
    options = build_options(settings, schedule)
    neighbourhoods, _ = make_neighbourhoods(table, options, settings.parameters)  # refuses more residents than memory
    if o.driver == "agents":
        check_agents(int(neighbourhoods.residents.sum()))
    return Job(settings, table, schedule, options)


def perform(
    job: Job,
    folder: Path,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
    began: float | None = None,
    release: bool = False,
) -> Outcome:
    """Simulate and write the tables of a result into a folder.

    Parameters
    ----------
    checkpoint : Path, optional
        File for checkpoints, when the settings request them or a cluster ends the run.
    began : float, optional
        Start of the request, by `time.perf_counter`; now when left out.
    release : bool
        Free the memory of the people once the tables about them are written.

    Raises
    ------
    KeyboardInterrupt
        After the month in which the user requested a stop.
    StoppedAndSaved
        The same, and that month is saved: the settings request checkpoints, or a cluster ended the run.
    StoppedOnRequest
        After the month of `stop_after`, which is saved.
    """
    o = job.settings.options
    clock = Stopwatch(began)
    pool, progress = ThreadPool(o.threads), progress or Quiet()
    months = 12 * o.years
    world, before = first_world(job, pool, folder, progress, months)
    clock.lap("start")
    release_libraries()
    files = {name: MonthsFile(folder, name) for name in TABLES}
    for name, path in before.tables.items():
        files[name].take(path)
    simulation = Simulation(job.settings, job.table, job.schedule, world, pool)
    recorder, cohorts = Recorder(job.table, o.scale), before.cohorts
    with stopped_on_request() as stop:
        for month in simulation.months(months):
            for name, file in files.items():
                file.add(getattr(recorder, name)(month, world))
            if month.month:
                cohorts = np.concatenate([cohorts, month.arrived[None]])
                progress.month(world.residents * o.scale, f"{job.settings.region['name']} month")
                if clock.once("to_first_month"):
                    release_libraries()
            due = o.checkpoint_every and (stop.is_set() or month.month % o.checkpoint_every == 0)
            last = month.month == o.stop_after
            saved = month.month > 0 and (due or last or stop.terminated) and checkpoint is not None
            if saved and checkpoint is not None:
                save_run(checkpoint, world, job, files, cohorts, before.earlier)
            if last and month.month:
                progress.end()
                raise StoppedOnRequest(f"stopped after month {o.stop_after}; go on with resume={checkpoint}")
            if stop.is_set():
                progress.end()
                raise StoppedAndSaved if saved else KeyboardInterrupt
    progress.end()
    clock.lap("months")
    seconds = clock.laps | {f"months_{name}": spent for name, spent in simulation.clock.seconds.items()}
    outcome = Outcome(job, world, state_digest(world), cohorts, seconds, earlier=before.earlier)
    if release:
        write_tables(outcome, folder, release)
    for file in files.values():
        file.finish()
    return outcome


def first_world(job: Job, pool: ThreadPool, folder: Path, progress: Progress, months: int) -> tuple[World, Recorded]:
    """The world a run begins with: from a checkpoint, from the start cache, or built and settled."""
    o = job.settings.options
    nothing = Recorded()
    if o.resume is not None:
        world, before = load_run(job.settings, job.table, job.options, folder)
        job.schedule.notes[:] = before.held_back
        progress.begin(months - world.month, "resuming")
        return world, before
    if o.start is not None:
        kept = start_from(Path(o.start), job.settings, job.table, job.options)
        if kept is not None:
            progress.begin(months, "start kept")
            return kept, nothing
    how = Starting(
        cache="none" if o.fresh_start or o.start is not None else "use",
        begin=lambda settling: progress.begin(months + settling, "building" if settling else "start kept"),
        month=lambda world: progress.month(world.residents * o.scale, "settling"),
    )
    world = settled_start(job.table, job.settings.parameters, job.options, pool, how)
    if o.start is not None:
        write_start(Path(o.start), world, job.settings, job.table)
    return world, nothing


class StoppedOnRequest(Exception):
    """The month of `stop_after` was reached and saved; there is no result. The text says how to resume."""


class StoppedAndSaved(KeyboardInterrupt):
    """A run was ended from outside, and the month it had reached is saved."""


class Stop(threading.Event):
    """A request to stop; `terminated` where it came from a cluster or `timeout` (SIGTERM), not from the keyboard."""

    terminated = False


class Stopwatch:
    """Seconds between laps, and since it began (now, or at an earlier time of `time.perf_counter`)."""

    def __init__(self, began: float | None = None) -> None:
        self.began = self.last = time.perf_counter() if began is None else began
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Note the time since the last lap under a name."""
        now = time.perf_counter()
        self.laps[name], self.last = now - self.last, now

    def once(self, name: str) -> bool:
        """Note the time since the beginning, the first time this name is met; returns whether it is."""
        first = name not in self.laps
        self.laps.setdefault(name, time.perf_counter() - self.began)
        return first


@contextmanager
def stopped_on_request() -> Iterator[Stop]:
    """An event that Ctrl-C or a cluster's SIGTERM sets, so that the month under way is finished; a second one stops.

    What follows within a second is the same request: `timeout` and clusters signal a process and then its group.
    """
    stop, since = Stop(), time.monotonic()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def note(number: int, frame: Any) -> None:
        nonlocal since
        if not stop.is_set():
            since = time.monotonic()
            stop.terminated = number == signal.SIGTERM
            stop.set()
        elif time.monotonic() - since > SAME_REQUEST:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def peak_memory() -> int:
    """Most memory this process has held so far, in bytes."""
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found if sys.platform == "darwin" else found * 1024


def write_tables(outcome: Outcome, folder: Path, release: bool = False) -> None:
    """The tables that are made at the end: neighbourhoods, who stayed, and on request people.

    Parameters
    ----------
    release : bool
        Free the memory of the people as soon as nothing needs them.
    """
    from experiments.results.outlines import write_outlines
    from experiments.results.people import cohort_table, neighbourhood_table, people_frames
    from experiments.results.writing import write_pieces, write_table

    frames = {"neighbourhoods": neighbourhood_table(outcome), "cohorts": cohort_table(outcome)}
    if outcome.job.settings.options.people:
        write_pieces(people_frames(outcome), folder / "people.parquet")
    if release:
        outcome.world.forget_people()
    for name, frame in frames.items():
        write_table(frame, folder / f"{name}.parquet")
    write_outlines(outcome.job.table, folder)


def finish(
    outcome: Outcome,
    folder: Path,
    began: float,
    page: bool = True,
    complete: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Write what follows the months: tables and summary, and if requested figures and the page.

    Parameters
    ----------
    complete : callable, optional
        Takes the summary and returns the one to write: `thuis verify` inserts the original duration.

    Returns
    -------
    dict
        The summary.
    """
    from experiments.results.summary import summarise

    if len(outcome.world.population.serial):
        write_tables(outcome, folder)
    options = outcome.job.settings.options
    seconds = time.perf_counter() - began
    summary = summarise(outcome, folder, seconds, peak_memory())
    if complete is not None:
        summary = complete(summary)
    write_json(folder / "summary.json", summary)
    if page:
        from experiments.results.figures import write_figures
        from experiments.results.page import write_page

        write_page(summary, write_figures(folder, options.scale, options.language), folder, outcome)
    return summary
