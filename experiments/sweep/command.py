"""`thuis sweep`: a whole design in one command, which goes on where it was when given again."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.errors import InputError

HELP = """\
Run a whole design of regions, policies and parameters; killed, the same command goes on where it was.

  thuis sweep [KEY=VALUE ...]              run a design
  thuis sweep status FOLDER                how far it is: rate, time left, failures
  thuis sweep resume FOLDER [KEY=VALUE]    go on (with another engine or number of workers)
  thuis sweep analyse FOLDER outcome=NAME  indices, main effects and figures of one outcome
  thuis sweep search [KEY=VALUE ...]       levers that do well whatever the conditions, by an optimiser
  thuis results query FOLDER "SQL"         the results as a table: views runs, design, outcomes

Examples
  thuis sweep region=vaals factors.policy=[baseline,libraries] replicates=20 out=two
  thuis sweep design=latin_hypercube runs=200 region=vaals scale=5 factors.parameters.effect_diversity=[0.03,0.16] \\
      factors.policy.libraries.funding=[0.5,2] policy=libraries replicates=2 out=lhs
  thuis sweep design=sobol runs=512 region=vaals scale=5 factors.parameters.base=[0.45,0.6] \\
      factors.parameters.effect_ties=[0.02,0.15] engine=processes workers=2 out=indices
  thuis sweep region=vaals factors.seed=range(1,101) engine=slurm workers=20 slurm.partition=short out=cluster

What is varied
  factors.NAME=[A,B,...]   NAME: region, policy, seed, parameters.NAME or policy.MEASURE.LEVER
                           in a factorial design every value is a level; in the others two numbers are a range
  region= policy= policy.MEASURE.LEVER= parameters.NAME=    fixed values, as in thuis run
Design
  design=       {designs}
  runs=         points (latin_hypercube, default 100), base sample (sobol) or trajectories (morris)
  table=FILE    points of your own for design=file, a column per factor
  replicates=   runs of each point with seeds of their own (default 1)
  common=       true: every point has the same seeds, so that differences between points are sharp (default)
  seed=         of the design and the first replicate (default 1)
Runs
  years= (default 5)   scale= (default 1)   yearly=true: results of every year, not the last alone
  start=own     every run settles with its own parameters and seed, as thuis run does (default)
  start=shared  one settled start per region; what a run varies holds from month 0 on; about twice as fast
  model=package.module:function    sweep a function of your own instead of Thuis
Work
  engine=       processes (default), threads, slurm or dask       workers= (default: one per processor)
  out=FOLDER    chunk= runs per file    progress=auto|bar|lines|none    slurm.KEY=VALUE    scheduler=tcp://HOST:8786

Exit codes: 0 done, 2 wrong input, 1 failure (or every run failed), 130 interrupt."""
WORK_KEYS = ("engine", "workers", "progress", "scheduler")


def main(argv: Sequence[str]) -> int:
    """Run `thuis sweep` with these words."""
    words = list(argv)
    if words and words[0] == "search":
        from experiments.analysis.search import main as search

        return search(words[1:])
    if not words or words[0] in ("--help", "-h", "help") or "--help" in words:
        from experiments.sweep.design import DESIGNS

        print(HELP.format(designs=("\n" + " " * 16).join(f"{name}: {text}" for name, text in DESIGNS.items())))
        return 0
    if words[0] == "status":
        return show_status(words[1:])
    if words[0] == "resume":
        return resume(words[1:])
    if words[0] in ("analyse", "analyze"):
        from experiments.analysis.command import main as analyse

        return analyse(words[1:])
    return run(words)


def folder_of(words: Sequence[str], command: str) -> Path:
    """The folder that a sub-command needs."""
    if not words or "=" in words[0]:
        raise InputError(f"thuis sweep {command} needs the folder of a sweep: thuis sweep {command} FOLDER")
    return Path(words[0])


def show_status(words: Sequence[str]) -> int:
    """How far a sweep is."""
    from experiments.sweep.status import sweep_status

    folder = folder_of(words, "status")
    status, errors = sweep_status(folder)
    print(f"{folder}: {status.line()}")
    for error in errors:
        print(f"  {error}")
    return 0


def run(words: Sequence[str]) -> int:
    """Make the plan of the words, and run it."""
    from experiments.sweep.asking import default_out, make_plan, read_words
    from experiments.sweep.plan import create

    asked = read_words(words)
    plan, table = make_plan(asked)
    folder = Path(asked.options["out"]) if "out" in asked.options else default_out(asked)
    create(folder, plan, table)
    return finish(folder, plan, asked.options, asked.slurm)


def resume(words: Sequence[str]) -> int:
    """Go on with the sweep in a folder."""
    from experiments.sweep.asking import read_words
    from experiments.sweep.plan import load_plan, source_digest

    folder = folder_of(words, "resume")
    asked = read_words(words[1:])
    for key in asked.options:
        if key not in WORK_KEYS:
            raise InputError(
                f"{key} cannot be changed of a sweep under way (allowed: {', '.join(WORK_KEYS)}, slurm.KEY)"
            )
    plan = load_plan(folder)
    if plan.code != source_digest():
        raise InputError(
            f"{folder} was made by another version of the program; results of two would be mixed: begin anew"
        )
    return finish(folder, plan, asked.options, asked.slurm)


def finish(folder: Path, plan: Any, options: dict[str, Any], slurm: dict[str, Any]) -> int:
    """Run what is left and say how it ended."""
    from experiments.sweep.running import progress_of, run_plan

    progress = progress_of(options.get("progress", "auto"))
    progress.say(f"{plan.runs:,} runs in {plan.chunks:,} files in {folder}")
    try:
        end = run_plan(folder, plan, options.get("engine", "processes"), options | {"slurm": slurm}, progress)
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
    for error in end.errors:
        print(f"  {error}")
    return 1 if end.status.failed == end.status.done else 0
