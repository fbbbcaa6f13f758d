"""One comparison from a checked design to a finished result folder."""

import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.compare.design import Design, design_digest, plan
from experiments.compare.outcome import summarise
from experiments.compare.report import write_reports
from experiments.compare.run import Comparison
from experiments.options.imported import behaviour_classes
from experiments.results.folders import check_target, new_result
from experiments.results.version import code_digest
from experiments.run.job import peak_memory
from experiments.simulation.progress import progress_of
from experiments.simulation.simulate import load_table
from scenarios.areas import AreaTable
from scenarios.building import make_neighbourhoods
from scenarios.errors import InputError
from scenarios.start_cache import table_digest
from sim.phases.both_futures import PEOPLE


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.perf_counter() - self.began


@dataclass
class Job:
    """A checked comparison that has not started.

    Attributes
    ----------
    digest : str
        Of all that determines the content of a replicate.
    """

    design: Design
    table: AreaTable
    digest: str
    watch: Stopwatch


def prepare(design: Design) -> Job:
    """Check everything that can be checked before the first replicate.

    Raises
    ------
    InputError
        One clear line.
    """
    watch = Stopwatch()
    if design.options.out is not None:
        check_target(Path(design.options.out), design.options.replace)
    behaviour_classes(design.options.behaviour)  # refuses what cannot be imported
    table = load_table(design.region)
    # Refuses more residents than memory: at least a start and one copy of it are held at a time.
    make_neighbourhoods(table, Comparison(design, table).build_options, design.parameters)
    return Job(design, table, design_digest(design, table_digest(table), code_digest()), watch)


def write_result(job: Job, folder: Path, reports: bool = True) -> dict[str, Any]:
    """Run the replicates, or those that are missing, and write the result folder; returns the summary.

    Parameters
    ----------
    reports : bool
        Also write the reports.

    Raises
    ------
    KeyboardInterrupt
        Finished replicates are kept beside the folder.
    RuntimeError
        No replicate finished.
    InputError
        No adult lives there at the end, in any replicate.
    """
    design = job.design
    check_target(folder, design.options.replace)
    store = folder.with_name(f"{folder.name}.replicates") / job.digest[:16]
    try:
        comparison = Comparison(design, job.table, store, key=job.digest)
        gathered = comparison.gather(plan(design), progress_of(design.options.progress))
    except KeyboardInterrupt:
        print(f"thuis: finished replicates are kept; the same command goes on (out={folder})", file=sys.stderr)
        raise
    if not gathered.finished:
        raise RuntimeError(f"no replicate finished; the first failed with {gathered.failed[0]['reason']}")
    if not any(finished.followed[0].both[-1, ..., PEOPLE].sum() for finished in gathered.finished):
        raise InputError("nobody of 15 or older lives here at the end, and adults are compared: give a larger region")
    with new_result(folder, design.options.replace) as hidden:
        summary = summarise(gathered, design, job.table, hidden, job.watch.seconds, peak_memory())
        if reports:
            write_reports(hidden, summary, job.table, design.options.language)
    if not gathered.failed:
        shutil.rmtree(store.parent, ignore_errors=True)
    return summary
