"""A run from its settings to a result folder and the printed result."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.options.settings import Settings

if TYPE_CHECKING:  # what simulates is imported once a run has been composed
    from experiments.simulation.outcome import Job


def checked(settings: Settings, given: set[str]) -> "Job":
    """Check everything that can be checked before a simulation begins."""
    from experiments.run.checkpoints import resumed_settings
    from experiments.run.job import prepare

    return prepare(settings if settings.options.resume is None else resumed_settings(settings, given))


def run_settings(settings: Settings, given: set[str], began: float | None = None) -> Path | None:
    """Check everything, simulate, write the result folder and print the result.

    Returns
    -------
    Path or None
        The result folder; None where the run stopped on request, so that there is none.

    Parameters
    ----------
    began : float, optional
        Start of the request, by `time.perf_counter`; now when left out.
    """
    began = time.perf_counter() if began is None else began
    from experiments.results.folders import default_folder
    from experiments.run.job import StoppedOnRequest

    job = checked(settings, given)
    out = job.settings.options.out
    folder = default_folder(job.settings.region["name"]) if out is None else Path(out)
    try:
        print(closing_lines(write_result(job, folder, began), folder, job.settings.options.language))
    except StoppedOnRequest as stop:
        print(stop)
        return None
    return folder


def write_result(job: "Job", folder: Path, began: float, page: bool = True) -> dict[str, Any]:
    """Simulate what has been checked, and write its result folder; returns the summary.

    Parameters
    ----------
    began : float
        Start of the request, by `time.perf_counter`.
    page : bool
        Also write figures and a page.

    Raises
    ------
    KeyboardInterrupt, StoppedOnRequest
        There is no result; what there is of it is kept, when checkpoints are asked for or a cluster ends the run.
    """
    from experiments.results.folders import new_result
    from experiments.results.phrases import fill_plain, phrases
    from experiments.run.job import StoppedAndSaved, finish, perform
    from experiments.simulation.caution import warn
    from experiments.simulation.progress import progress_of
    from scenarios.regions.region import region_line

    options = job.settings.options
    checkpoint = folder.with_name(f"{folder.name}.checkpoint")
    try:
        with new_result(folder, options.replace) as hidden:
            if options.progress != "none" and (line := region_line(job.settings.region, options.language)):
                print(line, file=sys.stderr, flush=True)
            warn([*job.table.notes, *job.timing()], options.language)
            shown = progress_of(options.progress, options.language)
            outcome = perform(job, hidden, shown, checkpoint, began, release=True)
            return finish(outcome, hidden, began, page)
    except KeyboardInterrupt as stopped:
        if (options.checkpoint_every or isinstance(stopped, StoppedAndSaved)) and checkpoint.exists():
            words = phrases(options.language)["terminal"]
            print(fill_plain(words["go_on"], options.language, path=str(checkpoint)), file=sys.stderr)
        raise


def closing_lines(summary: dict[str, Any], folder: Path, language: str = "en") -> str:
    """The lines printed at the end of a run."""
    from experiments.results.phrases import fill_plain, phrases

    words, end = phrases(language)["terminal"], summary["end"]
    numbers = {key: summary[key] for key in ("title", "residents", "months", "seconds")}
    if end["belonging"] is None:
        line = fill_plain(words["run_empty"], language, **numbers)
    else:
        about = {"belonging": end["belonging"], "at_home": 100 * end["at_home"]}
        line = fill_plain(words["run"], language, **numbers, **about)
    return f"{line}\n{fill_plain(words['read'], language, path=str(folder / 'page.html'))}"
