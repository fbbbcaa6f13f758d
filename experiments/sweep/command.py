"""`thuis sweep`: a whole design in one command, which resumes when it is given again."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.options.declaration import choice, options_from
from experiments.options.settings import LANGUAGES
from experiments.options.words import Command, read_words
from experiments.sweep.request import WorkOptions, read_sweep
from scenarios.errors import InputError


@dataclass(frozen=True)
class PageOptions:
    """Options of `thuis sweep page`."""

    language: str = choice("en", LANGUAGES, "language of the page")


PAGE = Command(
    "sweep page", "Write the figures and runs of a sweep as a page, FOLDER/page.html.", PageOptions, operands="FOLDER"
)
RESUME = Command("sweep resume", "Go on with a sweep.", WorkOptions, parts=("slurm",), operands="FOLDER")


def folder_in(words: Sequence[str], command: str) -> Path:
    """The folder of a sweep, the first of the words.

    Raises
    ------
    InputError
        There is none.
    """
    if not words or "=" in words[0]:
        raise InputError(f"thuis sweep {command} needs the folder of a sweep: thuis sweep {command} FOLDER")
    return Path(words[0])


def show_status(words: Sequence[str]) -> int:
    """Print the progress of a sweep."""
    from experiments.sweep.status import sweep_status

    folder = folder_in(words, "status")
    status, errors = sweep_status(folder)
    print(f"{folder}: {status.line()}")
    for error in errors:
        print(f"  {error}")
    return 0


def show_page(words: Sequence[str]) -> int:
    """Write the page of a sweep."""
    from experiments.sweep.page import write_sweep_page
    from experiments.sweep.table import open_sweep

    folder = folder_in(words, "page")
    options = options_from(PageOptions, read_words(PAGE, words[1:]).values, PAGE.name)
    print(f"read {write_sweep_page(open_sweep(folder), options.language)}")
    return 0


def run(words: Sequence[str]) -> int:
    """Make the plan from the arguments, and run it."""
    from experiments.sweep.plan import create
    from experiments.sweep.planning import folder_of, make_plan

    request = read_sweep(words)
    plan, table = make_plan(request)
    folder = folder_of(request)
    create(folder, plan, table)
    return finish(folder, plan, request.options, request.slurm)


def resume(words: Sequence[str]) -> int:
    """Resume the sweep in a folder.

    Raises
    ------
    InputError
        There is none, it is of another version, or an option is given that it cannot take any more.
    """
    from experiments.sweep.inputs import check_inputs
    from experiments.sweep.plan import code_of_sweeps, load_plan

    folder = folder_in(words, "resume")
    request = read_words(RESUME, words[1:])
    plan = load_plan(folder)
    if plan.code != code_of_sweeps():
        raise InputError(
            f"{folder} was made by another version of the program; results of two would be mixed: begin anew"
        )
    check_inputs(folder, plan)
    return finish(folder, plan, options_from(WorkOptions, request.values, RESUME.name), request.slurm)


def finish(folder: Path, plan: Any, options: WorkOptions, slurm: dict[str, Any]) -> int:
    """Run what is left and print how it ended."""
    from experiments.sweep.running import progress_of, run_plan

    progress = progress_of(options.progress)
    progress.say(f"{plan.runs:,} runs in {plan.chunks:,} files in {folder}")
    try:
        end = run_plan(folder, plan, options.engine, asdict(options) | {"slurm": slurm}, progress)
    except KeyboardInterrupt:
        print(f"thuis: what is finished is kept; go on with: thuis sweep resume {folder}", file=sys.stderr)
        raise
    pace = (
        f" in {end.seconds:.1f} s, {60 * end.runs_now / max(end.seconds, 1e-9):,.0f} runs a minute"
        if end.runs_now
        else ""
    )
    failed = f", {end.status.failed:,} failed" if end.status.failed else ""
    print(f'{end.status.done:,} runs done{failed}{pace}; read them: thuis results query {folder} "select * from runs"')
    print(f"figures and single runs: thuis sweep page {folder}")
    for error in end.errors:
        print(f"  {error}")
    return 1 if end.status.failed == end.status.done else 0
