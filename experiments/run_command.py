"""`thuis run`: the configuration is composed, everything is checked, and then the run begins."""

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.composing import compose, forget
from experiments.configuration import Settings

if TYPE_CHECKING:
    from experiments.job import Job

HELP = ("--help", "-h", "help")


def main(argv: Sequence[str]) -> int:
    """Run `thuis run` with these words."""
    words = list(argv)
    if any(word in HELP for word in words):
        from experiments.run_help import run_help

        print(run_help())
        return 0
    check_words(words)
    compose_and_run(words)
    return 0


def check_words(words: list[str]) -> None:
    """Refuse words that Hydra would answer with a page of its own.

    Raises
    ------
    InputError
    """
    from experiments.hydra_errors import check_word

    for word in words:
        check_word(word)


def compose_and_run(words: list[str]) -> None:
    """Let Hydra compose what is asked for (several runs with -m), check it all, and then run one after another."""
    began = time.perf_counter()
    if sys.argv[2:] == words:
        began -= seconds_of_process()
    wishes = compose(words)
    if len(wishes) == 1:
        run_settings(wishes[0].settings, wishes[0].given, began)
        return
    try:
        for wish in wishes:
            checked(wish.settings, wish.given)
    except Exception:
        forget([Path(str(wish.settings.options.out)) for wish in wishes])
        raise
    from experiments.several_runs import run_each

    places = [Path(str(wish.settings.options.out)) for wish in wishes]
    run_each(places, [partial(run_settings, wish.settings, wish.given) for wish in wishes])


def checked(settings: Settings, given: set[str]) -> "Job":
    """Everything checked that can be before a simulation begins."""
    from experiments.checkpoints import resumed_settings
    from experiments.job import prepare

    return prepare(settings if settings.options.resume is None else resumed_settings(settings, given))


def run_settings(settings: Settings, given: set[str], began: float | None = None) -> None:
    """Check everything, simulate, write the result folder and say what came out.

    Parameters
    ----------
    began : float, optional
        When the user asked for it, by `time.perf_counter`; now when left out.
    """
    began = time.perf_counter() if began is None else began
    from experiments.job import finish, perform
    from experiments.progress import progress_of
    from experiments.results import default_folder, new_result

    job = checked(settings, given)
    options = job.settings.options
    folder = default_folder(job.settings.region["name"]) if options.out is None else Path(options.out)
    checkpoint = folder.with_name(f"{folder.name}.checkpoint")
    with new_result(folder) as hidden:
        try:
            outcome = perform(job, hidden, progress_of(options.progress), checkpoint, began)
        except KeyboardInterrupt:
            if options.checkpoint_every and checkpoint.exists():
                print(f"thuis: go on with resume={checkpoint}", file=sys.stderr)
            raise
        summary = finish(outcome, hidden, began)
    print(closing_lines(summary, folder))


def seconds_of_process() -> float:
    """Seconds since this process was started: what the user has waited for, Python's own start and all."""
    try:  # Linux: since the machine was started, to a hundredth (psutil knows that moment to a second only)
        begun = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - begun, 0.0)
    except (OSError, AttributeError, ValueError, IndexError):
        import psutil

        return max(time.time() - psutil.Process().create_time(), 0.0)


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """What is said at the end of a run."""
    end = summary["end"]
    return (
        f"{summary['title']}: {summary['residents']:,} residents, {summary['months']} months in "
        f"{summary['seconds']:.1f} s; belonging {end['belonging']:.3f}, {end['at_home']:.0%} feel at home\n"
        f"read {folder / 'page.html'}"
    )
