"""A run from its settings to a result folder and the lines that say what came out."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.options.settings import Settings

if TYPE_CHECKING:  # what simulates is imported once a run has been composed
    from experiments.simulation.outcome import Job


def checked(settings: Settings, given: set[str]) -> "Job":
    """Everything checked that can be before a simulation begins."""
    from experiments.run.checkpoints import resumed_settings
    from experiments.run.job import prepare

    return prepare(settings if settings.options.resume is None else resumed_settings(settings, given))


def run_settings(settings: Settings, given: set[str], began: float | None = None) -> None:
    """Check everything, simulate, write the result folder and say what came out.

    Parameters
    ----------
    began : float, optional
        When the user asked for it, by `time.perf_counter`; now when left out.
    """
    began = time.perf_counter() if began is None else began
    from experiments.results.folders import default_folder

    job = checked(settings, given)
    out = job.settings.options.out
    folder = default_folder(job.settings.region["name"]) if out is None else Path(out)
    print(closing_lines(write_result(job, folder, began), folder))


def write_result(job: "Job", folder: Path, began: float, page: bool = True) -> dict[str, Any]:
    """Simulate what has been checked, and write its result folder; returns the summary.

    Parameters
    ----------
    began : float
        When the user asked for it, by `time.perf_counter`.
    page : bool
        Write figures and a page to read, too.
    """
    from experiments.results.folders import new_result
    from experiments.run.job import finish, perform
    from experiments.simulation.caution import warn
    from experiments.simulation.progress import progress_of
    from scenarios.region import region_line

    options = job.settings.options
    checkpoint = folder.with_name(f"{folder.name}.checkpoint")
    with new_result(folder, options.replace) as hidden:
        if options.progress != "none" and (line := region_line(job.settings.region, options.language)):
            print(line, file=sys.stderr, flush=True)
        warn([*job.table.notes, *job.timing()], options.language)
        try:
            outcome = perform(job, hidden, progress_of(options.progress), checkpoint, began, release=True)
        except KeyboardInterrupt:
            if options.checkpoint_every and checkpoint.exists():
                print(f"thuis: go on with resume={checkpoint}", file=sys.stderr)
            raise
        return finish(outcome, hidden, began, page)


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """What is said at the end of a run."""
    end = summary["end"]
    return (
        f"{summary['title']}: {summary['residents']:,} residents, {summary['months']} months in "
        f"{summary['seconds']:.1f} s; belonging {end['belonging']:.3f}, {end['at_home']:.0%} feel at home\n"
        f"read {folder / 'page.html'}"
    )
